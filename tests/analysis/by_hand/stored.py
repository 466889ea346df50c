"""Documents that are kept beside the tests: written, read, and held against those of today."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from detente._document import plain

FOLDER = Path(__file__).parent


def rounded(found: Any) -> Any:
    """A document with numbers to eight digits."""
    if isinstance(found, dict):
        return {k: rounded(v) for k, v in found.items()}
    if isinstance(found, list):
        return [rounded(v) for v in found]
    return float(f"{found:.7e}") if isinstance(found, float) else found


def written(parts: Iterable[tuple[str, Any]]) -> str:
    """A document with one line for each part."""
    lines = [
        f"{json.dumps(k)}: {json.dumps(rounded(plain(v)), ensure_ascii=False)}" for k, v in parts
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def kept(name: str) -> Any:
    """A document as it was kept."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def keep(name: str, text: str) -> None:
    """Keep a document."""
    (FOLDER / f"{name}.json").write_text(text, "utf-8")


def differences(
    now: Any, then: Any, at: str = "", *, relative: float = 1e-6, absolute: float = 1e-9
) -> Iterator[str]:
    """Where two documents differ; numbers by more than rounding."""
    more = {"relative": relative, "absolute": absolute}
    if isinstance(now, dict) and isinstance(then, dict) and now.keys() == then.keys():
        for key in now:
            yield from differences(now[key], then[key], f"{at}.{key}", **more)
    elif isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        for k, (one, other) in enumerate(zip(now, then, strict=True)):
            yield from differences(one, other, f"{at}[{k}]", **more)
    elif type(now) is float and type(then) in (int, float):
        if not math.isclose(now, then, rel_tol=relative, abs_tol=absolute):
            yield f"{at}: {now}, was {then}"
    elif now != then or type(now) is not type(then):
        yield f"{at}: {now!r}, was {then!r}"
