"""Texts that cannot be written as UTF-8: half a character, as JSON and YAML escapes can spell."""

from __future__ import annotations

from typing import Any

#: What is wrong with such a text, and what to do about it.
HALF = "holds half a character (a lone surrogate, such as \\ud800)"
WHOLE = "Write the whole character, or leave it out."


def lone_surrogate(data: Any) -> tuple[str | int, ...] | None:
    """The path of the first text in plain data that is no text; None where all are."""
    left: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while left:
        path, value = left.pop()
        if isinstance(value, str):
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                return path
        elif isinstance(value, dict):
            left += [((*path, str(k)), part) for k, v in value.items() for part in (k, v)]
        elif isinstance(value, list | tuple):
            left += [((*path, k), v) for k, v in enumerate(value)]
    return None
