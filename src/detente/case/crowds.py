"""Files of far too many keys: refused by what can be counted, before they are read at length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from detente.case.errors import Fault, did_you_mean

#: Keys that a file may have. The largest packaged case has 2,100; 12,000 take seconds to read.
MOST_KEYS = 12_000
#: Unknown keys of the file itself beyond which it is not read for further faults.
MOST_UNKNOWN = 100
#: How many of many unknown keys are named one by one.
NAMED = 10
_COLON = r"[ \t]*:(?=[\s,}\]]|$)"
_KEY = re.compile(rf"(?m)(?:^|[{{,\[]|- )[ \t]*[\"']?([\w.-]+)[\"']?{_COLON}")
_OWN_KEY = re.compile(rf"(?m)^[\"']?([\w.-]+)[\"']?{_COLON}")
_TEXT = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
_IN_BRACKETS = re.compile(rf"({_TEXT}|[\w.-]+){_COLON}|{_TEXT}|([\[\]{{}}])")

_Found = list[tuple[int, str]]


def crowd_faults(text: str, file: str) -> list[Fault]:
    """The faults of a text with more keys than a case can have; none of any other.

    A moment's count, where a reader of YAML takes seconds.

    Args:
        text: the file.
        file: its name, for messages.
    """
    if text.count(":") <= MOST_UNKNOWN:
        return []
    from detente.case.case import Case

    known = frozenset(_names(Case))
    own = _unknown(_own_keys(text), known)
    if len(own) > MOST_UNKNOWN:
        return _faults(text, file, own, known, f"has {len(own):,} keys that no case has")
    found = [(key.start(1), key[1]) for key in _KEY.finditer(text)]
    if len(found) <= MOST_KEYS:
        return []
    words = _vocabulary(Case)
    what = f"has {len(found):,} keys; a case may have {MOST_KEYS:,}"
    return _faults(text, file, _unknown(found, words), words, what)


def _own_keys(text: str) -> _Found:
    """The keys of the file itself, each with its place."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return [(key.start(1), key[1]) for key in _OWN_KEY.finditer(text)]
    depth = 0
    keys = []
    for part in _IN_BRACKETS.finditer(text):
        if part[2]:
            depth += 1 if part[2] in "[{" else -1
        elif part[1] and depth == 1:
            keys.append((part.start(1), part[1].strip("\"'")))
    return keys


def _unknown(found: _Found, known: frozenset[str]) -> _Found:
    return [(at, key) for at, key in found if key not in known]


def _faults(text: str, file: str, unknown: _Found, known: frozenset[str], what: str) -> list[Fault]:
    named = unknown[:NAMED]
    faults = [
        Fault(
            text.count("\n", 0, at) + 1,
            key[:80],
            f"{key[:80]!r} is not a key of a case.",
            did_you_mean(key[:80], known),
            file,
        )
        for at, key in named
    ]
    first = f"; the first {len(named)} that are unknown are named" if named else ""
    faults.append(Fault(1, "", f"{what}{first}.", "Start from a packaged case.", file))
    return faults


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


@cache
def _vocabulary(model: type[BaseModel]) -> frozenset[str]:
    """Every key that a model or a part of it knows."""
    words: set[str] = set()
    seen: set[Any] = set()
    left: list[Any] = [model]
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        if isinstance(one, type) and issubclass(one, BaseModel):
            words.update(_names(one))
            left += [field.annotation for field in one.model_fields.values()]
        left += [part for part in get_args(one) if isinstance(part, type) or get_args(part)]
    return frozenset(words)
