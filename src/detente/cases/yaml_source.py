"""The source of a case file: YAML as plain data, with the line of every key.

`Marked` is the result and `read_marked` makes it, with every fault of the syntax. `crowd_faults`
refuses files of far too many keys before they are read at length. `lone_surrogate` finds texts that
cannot be written as UTF-8: half a character, as JSON and YAML escapes can spell.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from detente._near import did_you_mean
from detente.cases.case_data import CaseData
from detente.cases.errors import Fault, KeyPath, dotted

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


#: Keys that a file may have. The largest packaged case has 2,100; 12,000 take seconds to read.
MOST_KEYS = 12_000
#: Entries of lists that a file may have, one a dash or a comma, those of its prose included. The
#: largest packaged case has 1,400; 20,000 take a second to read.
MOST_ITEMS = 20_000
#: Unknown keys of the file itself beyond which it is not read for further faults.
MOST_UNKNOWN = 100
#: How many of many unknown keys are named one by one.
NAMED = 10
_ITEM = re.compile(r",|(?<!\S)[-?](?!\S)")
_COLON = r"[ \t]*:(?=[\s,}\]]|$)"
_KEY = re.compile(rf"(?m)(?:^|[{{,\[]|- )[ \t]*[\"']?([\w.-]+)[\"']?{_COLON}")
_OWN_KEY = re.compile(rf"(?m)^[\"']?([\w.-]+)[\"']?{_COLON}")
_TEXT = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
_IN_BRACKETS = re.compile(rf"({_TEXT}|[\w.-]+){_COLON}|{_TEXT}|([\[\]{{}}])")

_Found = list[tuple[int, str]]


def crowd_faults(text: str, file: str) -> list[Fault]:
    """The faults of a text with more keys or entries than a case can have; none of any other.

    A moment's count, where a reader of YAML takes seconds.

    Args:
        text: the file.
        file: its name, for messages.
    """
    if text.count(":") <= MOST_UNKNOWN:
        return _long_lists(text, file)
    known = frozenset(_names(CaseData))
    own = _unknown(_own_keys(text), known)
    if len(own) > MOST_UNKNOWN:
        return _faults(text, file, own, known, f"has {len(own):,} keys that no case has")
    found = [(key.start(1), key[1]) for key in _KEY.finditer(text)]
    if len(found) <= MOST_KEYS:
        return _long_lists(text, file)
    words = _vocabulary(CaseData)
    what = f"has {len(found):,} keys; a case may have {MOST_KEYS:,}"
    return _faults(text, file, _unknown(found, words), words, what)


def _long_lists(text: str, file: str) -> list[Fault]:
    items = [item.start() for item in _ITEM.finditer(text)]
    if len(items) > MOST_ITEMS:
        line = text.count("\n", 0, items[MOST_ITEMS]) + 1
        what = f"has {len(items):,} entries of lists (dashes and commas are counted); a case may"
        remedy = "Shorten its lists; a long table goes into a .csv file beside the case."
        return [Fault(line, "", f"{what} have {MOST_ITEMS:,}.", remedy, file)]
    return []


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
    for name, described in model.model_fields.items():
        yield described.alias or name


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


_TAG = "tag:yaml.org,2002:"
_MOST_NODES = 200_000
_DEEPEST = 64
_DEEP = "is not YAML of a case: nested too deep."


@dataclass
class Marked:
    """The data of a file and where each part of it stands.

    Attributes:
        data: mappings, lists, texts, numbers, days, booleans and None.
        lines: line of each path, from 1; for a key of a mapping, the line of the key.
        faults: faults of the syntax.
        file: the file's name, for messages.
        files: of a document in several files, the one that a key of the case stands in.
    """

    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    file: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """The line of a path, or of the nearest part around it that stands in the file."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1

    def fault(self, path: KeyPath, message: str, remedy: str) -> Fault:
        """A fault at a path, with the file and the line that it stands in."""
        file = self.files.get(str(path[0]), self.file) if path else self.file
        return Fault(self.line(path), dotted(path), message, remedy, file)


def read_marked(text: str, file: str) -> Marked:
    """Read a YAML document; nothing is raised, faults are collected.

    Args:
        text: the YAML.
        file: what messages call it.

    Returns:
        Marked: the data, the line of every key, and the faults.
    """
    marked = Marked(faults=crowd_faults(text, file), file=file)
    if _depth(text) > _DEEPEST:
        # The reader takes time that grows with the square of the depth.
        marked.faults.append(Fault(1, "", _DEEP, _REMEDY, file))
    if marked.faults:
        return marked
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if node is not None:
            builder = _Builder(marked, file)
            marked.data = builder.build(node, ())
            half = lone_surrogate(marked.data)
            if half is not None:
                fault = Fault(marked.line(half), dotted(half), f"{HALF}.", WHOLE, file)
                marked.data, marked.faults = None, [fault]
            if builder.endless:
                # What is left of such data would only be taken for further faults.
                marked.data, marked.faults = None, [builder.endless]
            return marked
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(x) for x in (error.context, error.problem) if x)
        line = mark.line + 1 if mark else 1
        marked.faults.append(Fault(line, "", f"is not YAML: {what}.", _REMEDY, file))
        return marked
    except RecursionError:
        marked.faults.append(Fault(1, "", _DEEP, _REMEDY, file))
        return marked
    except (YAMLError, ValueError) as error:
        message = f"is not YAML: {(str(error).splitlines() or ['it cannot be read'])[0]}."
        marked.faults.append(Fault(1, "", message, _REMEDY, file))
        return marked
    marked.faults.append(Fault(1, "", "is empty.", "Start from a packaged case.", file))
    return marked


def _depth(text: str) -> int:
    """How many brackets are open at once, at most; those in quotes count too."""
    deepest = open_now = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        open_now = open_now + 1 if bracket in "[{" else max(open_now - 1, 0)
        deepest = max(deepest, open_now)
    return deepest


class _Builder:
    """Turns nodes into data, and notes lines, duplicates and cycles on the way."""

    def __init__(self, marked: Marked, file: str) -> None:
        self.marked, self.file = marked, file
        self.open: set[int] = set()
        self.count = 0
        self.endless: Fault | None = None

    def build(self, node: Node, path: KeyPath) -> Any:
        self.count += 1
        self.marked.lines.setdefault(path, node.start_mark.line + 1)
        if self.endless is not None:
            return None
        if id(node) in self.open or self.count > _MOST_NODES:
            message = "refers to itself or grows without end."
            line = node.start_mark.line + 1
            self.endless = Fault(line, dotted(path), message, "Write it out.", self.file)
            return None
        self.open.add(id(node))
        value = self.value(node, path)
        self.open.discard(id(node))
        return value

    def value(self, node: Node, path: KeyPath) -> Any:
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.fault(key_node, path, "has a key that is not a text.", "Write a plain key.")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in out:
                before = self.marked.lines[here]
                self.fault(
                    key_node,
                    here,
                    f"stands twice, first in line {before}.",
                    "Keep one of the two.",
                )
                continue
            self.marked.lines[here] = key_node.start_mark.line + 1
            out[key] = self.build(value_node, here)
        return out

    def fault(self, node: Node, path: KeyPath, message: str, remedy: str) -> None:
        line = node.start_mark.line + 1
        self.marked.faults.append(Fault(line, dotted(path), message, remedy, self.file))


def _scalar(node: Node) -> Any:
    tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
    if tag not in _READ:
        return text
    try:
        return _READ[tag](text)
    except ValueError:
        return text


#: Digits of a whole number: any longer is left as a text, which no number of a case can be.
_DIGITS = 400


def _int(text: str) -> int:
    plain = text.replace("_", "")
    if len(plain) > _DIGITS:
        raise ValueError
    return int(plain, 10 if plain.lstrip("+-").isdigit() else 0)


def _float(given: str) -> float:
    text = given.replace("_", "").lower()
    if text.endswith(".inf"):
        return -math.inf if text.startswith("-") else math.inf
    return math.nan if text == ".nan" else float(text)


_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() in ("true", "yes", "on", "y"),
    "int": _int,
    "float": _float,
    "timestamp": dt.date.fromisoformat,
}
_REMEDY = "Check indentation, quotes and colons around that line."
