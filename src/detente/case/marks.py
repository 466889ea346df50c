"""YAML as plain data, with the line of every key and every fault of the syntax."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from detente.case.characters import HALF, WHOLE, lone_surrogate
from detente.case.crowds import crowd_faults
from detente.case.errors import Fault, Path, dotted

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
    """

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest part around it that stands in the file."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read_marked(text: str, file: str) -> Marked:
    """Read a YAML document; nothing is raised, faults are collected."""
    marked = Marked(faults=crowd_faults(text, file))
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

    def build(self, node: Node, path: Path) -> Any:
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

    def value(self, node: Node, path: Path) -> Any:
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
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

    def fault(self, node: Node, path: Path, message: str, remedy: str) -> None:
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
