"""Answers of packaged cases that were worked out before, each file for exactly one question."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from detente._files import write_file


def stored(name: str, key: Callable[[], str]) -> dict[str, Any] | None:
    """What is packaged under a name; None where nothing is, or where it answers something else.

    Args:
        name: of what is asked for, such as `belarus-talks`.
        key: digest of the question; asked for only where there is a file.
    """
    path = files("detente.brief").joinpath("kept", f"{name}.json.gz")
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content if content["key"] == key() else None


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
