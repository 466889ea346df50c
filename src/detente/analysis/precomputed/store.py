"""Files of precomputed answers, each for exactly one question and found by a digest of it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._files import write_file
from detente.cases.resolve import base_of

if TYPE_CHECKING:
    from detente.analysis.extent import Extent
    from detente.analysis.scenarios import Scenarios

#: Where the files of packaged cases lie in the source tree.
FOLDER = Path(__file__).parent / "data"


def stored(name: str, key: Callable[[], str]) -> dict[str, Any] | None:
    """What is packaged under a name; None where nothing is, or where it answers something else.

    Args:
        name: of what is asked for, such as `belarus-negotiation`.
        key: digest of the question; asked for only where there is a file.
    """
    path = files("detente.analysis.precomputed").joinpath("data", f"{name}.json.gz")
    content = _content(Path(str(path)))
    return content if content is not None and content["key"] == key() else None


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any] | None:
    """A file as it is packaged, which nobody changes; the app asks for it at every change."""
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content


def store(folder: Path, name: str, key: str, content: Mapping[str, Any]) -> Path:
    """Write what `stored` reads.

    Args:
        folder: where to write.
        name: of the file.
        key: digest of the question that it answers.
        content: plain values, every number finite.
    """
    text = json.dumps(
        {"key": key, **content}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return write_file(folder / f"{name}.json.gz", gzip.compress(text.encode(), mtime=0))


def key_of(scenarios: Scenarios, extent: Extent) -> str:
    """A digest of everything that an answer depends on but the code."""
    from detente.trade import horizon_parameters

    parts = [
        scenarios.case.substance,
        base_of(scenarios.case).digest,
        scenarios.date.isoformat(),
        scenarios.horizon,
        scenarios.transfers,
        repr(sorted(scenarios.case.changes.items())),
        repr(extent),
        json.dumps(horizon_parameters(), sort_keys=True),
    ]
    if scenarios.case.named_scenario is not None:
        # Measures that it switches change neither the file nor a parameter.
        parts.append(scenarios.case.named_scenario.model_dump_json())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


#: Digits that are kept of a number.
DIGITS = 6


def cut(value: Any, digits: int = DIGITS) -> Any:
    """Plain values with numbers of a few digits."""
    if isinstance(value, dict):
        return {k: cut(v, digits) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [cut(v, digits) for v in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def tuples(value: Any) -> Any:
    """Lists within as tuples."""
    return tuple(map(tuples, value)) if isinstance(value, list) else value
