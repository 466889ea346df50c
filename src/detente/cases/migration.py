"""From the schema of an earlier version to the present one, of a case in memory or in its files.

Schema 1 had other names for some keys, and `{except: [EU, RUS]}` for the whole world but these. Who
meant 'the Union but these' closed the whole world. The present schema, 2, has one form for each:
`'* except EU, RUS'` and `'EU except HUN'`.

`in_present_schema` reads what a file of schema 1 says as schema 2 would, for `load_case`.
`migrated` rewrites the text of a file where it differs and nowhere else, so that comments stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from detente.cases.errors import Fault, dotted
from detente.cases.yaml_source import Marked, read_marked

if TYPE_CHECKING:
    from detente.cases.errors import KeyPath


#: The layout that is written now, and those that are still read.
PRESENT, READ = 2, (1, 2)

#: A part of a path: a key, or None for any place in a list.
_Pattern = tuple[str | None, ...]
#: The part that a key stands in, empty for the case itself; the name in schema 1 and today's. Keys
#: of the case come first: parts are looked for under them.
_RENAMED: tuple[tuple[_Pattern, str, str], ...] = (
    ((), "backtest", "record"),
    ((), "talks", "negotiation"),
    ((), "routes", "route_choices"),
    (("route_choices", None), "ways", "routes"),
    (("measures", None, "sets", None, "route"), "way", "routes"),
)
#: Names of schema 1 of keys of the case itself, and today's.
RENAMED = {before: now for pattern, before, now in _RENAMED if not pattern}

_FLOW = ("embargo", "tariff", "iceberg", "export_tax")
_CHOICES = ("of", "supplier", "rival", "target")
_TEST = (("claims", None, "tests", None), ("published", None, "compare"))
#: Where labels stand that may be chosen with exceptions.
_LABELS: tuple[_Pattern, ...] = (
    ("route_choices", None, "markets"),
    *(
        ("measures", None, "sets", None, kind, key)
        for kind in _FLOW
        for key in ("origin", "market", "goods")
    ),
    ("measures", None, "sets", None, "productivity", "country"),
    ("measures", None, "sets", None, "productivity", "goods"),
    *((*test, key) for test in _TEST for key in _CHOICES),
)
_EXCEPT = "except"
_WHOLE = "* except "


@dataclass(frozen=True)
class Present:
    """A case as the present schema has it, and how it was written.

    Attributes:
        marked: the data.
        written: of paths of the present schema, the key that the file has there.
        faults: of keys that stand under both names.
        remarks: what to change in the file, by path of the present schema.
    """

    marked: Marked
    written: dict[KeyPath, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    remarks: tuple[tuple[KeyPath, str, str], ...] = ()


def in_present_schema(marked: Marked, title: str = "") -> Present:
    """The data under today's names and forms; those of schema 2 are as they stand.

    Args:
        marked: the data of a file, a mapping.
        title: what messages call it; its name if empty.
    """
    if marked.data.get("schema") != 1:
        return Present(marked)
    data = marked.data
    faults: list[Fault] = []
    written: dict[KeyPath, str] = {}
    remarks: list[tuple[KeyPath, str, str]] = [
        (
            ("schema",),
            f"is 1, and the present schema is {PRESENT}.",
            f"`detente migrate {title or marked.file}` rewrites the file and keeps its comments.",
        )
    ]
    for pattern, before, now in _RENAMED:
        for path in list(_paths(data, pattern, ())):
            part = _at(data, path)
            if not isinstance(part, dict) or before not in part:
                continue
            if now in part:
                data = _with(data, path, {k: value for k, value in part.items() if k != before})
                message = f"is the earlier name of `{now}`, which stands in the case, too."
                remedy = f"Keep `{now}` and remove `{before}`."
                faults.append(marked.fault((*as_written(path, written), before), message, remedy))
                continue
            data = _with(
                data, path, {now if key == before else key: value for key, value in part.items()}
            )
            written[*path, now] = before
            remarks.append(((*path, now), f"is called `{now}` now.", "Rename the key."))
    for pattern in _LABELS:
        for path in list(_paths(data, pattern, ())):
            text = whole_world_but(_at(data, path))
            if text is not None:
                data = _with(data, path, text)
                remarks.append((path, _meant(text), "Check that it is meant."))
    data = _with(data, ("schema",), PRESENT)
    return Present(replace(marked, data=data), written, tuple(faults), tuple(remarks))


def as_written(path: KeyPath, written: Mapping[KeyPath, str | int]) -> KeyPath:
    """A path by the keys that the file has.

    Args:
        path: under today's names.
        written: keys of the file, by path under today's names.
    """
    ends = range(1, len(path) + 1)
    return tuple(written.get(path[:end], path[end - 1]) for end in ends)


def whole_world_but(value: Any) -> str | None:
    """`'* except EU, RUS'` for `{except: [EU, RUS]}`; None for what is no such choice."""
    if not isinstance(value, dict) or set(value) != {_EXCEPT}:
        return None
    given = value[_EXCEPT]
    labels = [given] if isinstance(given, str) else given
    if not isinstance(labels, list) or not labels:
        return None
    plain = all(isinstance(x, str) and x.strip() and f" {_EXCEPT} " not in x for x in labels)
    return f"{_WHOLE}{', '.join(x.strip() for x in labels)}" if plain else None


def as_before(data: dict[str, Any]) -> dict[str, Any]:
    """What a digest is of: the forms of schema 1, so that a case has the digest that it had there.

    Args:
        data: a case of the present schema.
    """
    out: dict[str, Any] = _with(data, ("schema",), 1)
    for pattern in _LABELS:
        for path in list(_paths(out, pattern, ())):
            value = _at(out, path)
            if isinstance(value, str) and value.startswith(_WHOLE):
                labels = [label.strip() for label in value.removeprefix(_WHOLE).split(",")]
                out = _with(out, path, {_EXCEPT: labels if len(labels) > 1 else labels[0]})
    return out


def _meant(text: str) -> str:
    left = text.removeprefix(_WHOLE)
    return (
        f"is the whole world but {left}, {text!r} in the present schema; a group without some is "
        "'EU except HUN'."
    )


def _paths(data: Any, pattern: _Pattern, path: KeyPath) -> Iterator[KeyPath]:
    """Places in the data that a pattern leads to."""
    if not pattern:
        yield path
        return
    step, rest = pattern[0], pattern[1:]
    if step is None and isinstance(data, list):
        for place, item in enumerate(data):
            yield from _paths(item, rest, (*path, place))
    elif step is not None and isinstance(data, dict) and step in data:
        yield from _paths(data[step], rest, (*path, step))


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _with(data: Any, path: KeyPath, part: Any) -> Any:
    """A copy of the data with one part replaced; what surrounds it is copied, too."""
    if not path:
        return part
    out = data.copy()
    out[path[0]] = _with(data[path[0]], path[1:], part)
    return out


@dataclass(frozen=True)
class Migration:
    """A file rewritten for the present schema.

    Attributes:
        file: its name.
        text: what it is to hold.
        done: what was changed, each with its line and key.
        left: what could not be changed, with what to do by hand.
    """

    file: str
    text: str = field(repr=False)
    done: tuple[Fault, ...] = ()
    left: tuple[Fault, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the file is to be replaced."""
        return bool(self.done)


@dataclass(frozen=True)
class _Edit:
    """A stretch of a text, and what is to stand there."""

    start: int
    end: int
    text: str


def migrated(text: str, file: str, *, head: bool = True) -> Migration:
    """The text of a case file, or of one that it includes, in the present schema.

    Only the stretches that differ are replaced; comments, order and layout stay as they are.

    Args:
        text: of a file of schema 1.
        file: its name, for messages.
        head: whether it is the case file itself, which holds `schema`.

    Example:
        >>> from detente.cases.migration import migrated
        >>> migrated("{schema: 1, talks: {moves: []}}", "case.yaml").text
        '{schema: 2, negotiation: {moves: []}}'
    """
    marked = read_marked(text, file)
    node = YAML(typ="safe", pure=True).compose(text) if not marked.faults else None
    if not isinstance(node, MappingNode) or not isinstance(marked.data, dict):
        return Migration(file, text, left=tuple(marked.faults))
    edits: list[_Edit] = []
    done: list[Fault] = []
    left: list[Fault] = []

    def note(found: list[Fault], at: Node, path: KeyPath, message: str, remedy: str = "") -> None:
        found.append(Fault(at.start_mark.line + 1, dotted(path), message, remedy, file))

    now_of: dict[str, str] = {}
    for pattern, before, now in _RENAMED:
        for path, part in _nodes(node, pattern, ()):
            keys = {str(k.value): k for k, _ in part.value} if isinstance(part, MappingNode) else {}
            if before not in keys:
                continue
            key, here = keys[before], (*path, before)
            if now in keys:
                message = f"was not renamed: `{now}` stands there, too."
                note(left, key, here, message, f"Keep `{now}` and remove `{before}`.")
                continue
            edits.append(_Edit(key.start_mark.index, key.end_mark.index, now))
            note(done, key, here, f"renamed to `{now}`.")
            now_of[before] = now
    for pattern in _LABELS:
        for path, value in _nodes(node, pattern, ()):
            _choice(text, value, path, edits, lambda *a: note(done, *a), lambda *a: note(left, *a))
    if head:
        for key, value in node.value:
            if key.value == "schema" and isinstance(value, ScalarNode):
                edits.append(_Edit(value.start_mark.index, value.end_mark.index, str(PRESENT)))
                note(done, value, ("schema",), f"is {PRESENT} now.")
    return Migration(file, _edited(text, edits), tuple(_sorted(done)), tuple(_sorted(left)))


def _sorted(found: list[Fault]) -> list[Fault]:
    return sorted(found, key=lambda f: (f.line, f.key))


def _choice(
    text: str,
    value: Node,
    path: KeyPath,
    edits: list[_Edit],
    done: Any,
    left: Any,
) -> None:
    """Write the whole world without some in the one form that it has now."""
    if not isinstance(value, MappingNode):
        return
    start, end = value.start_mark.index, value.end_mark.index
    # The end of a block is the beginning of what follows it.
    stretch = text[start:end].rstrip()
    data = read_marked(f"x: {stretch}" if stretch.startswith("{") else _shifted(value, stretch), "")
    said = whole_world_but(data.data.get("x")) if isinstance(data.data, dict) else None
    if said is None or "#" in stretch or value.anchor:
        message = "was not rewritten: it holds a comment, an anchor, or more than labels."
        left(value, path, message, "Write '* except EU, RUS', the whole world but these.")
        return
    flow = stretch.startswith("{")
    begin = start if flow else _before_block(text, start)
    edits.append(_Edit(begin, start + len(stretch), f"'{said}'" if flow else f" '{said}'"))
    done(value, path, f"written as '{said}': the whole world but these.")


def _shifted(value: MappingNode, stretch: str) -> str:
    """A block mapping as the value of a key of its own."""
    return f"x:\n{' ' * max(value.start_mark.column, 1)}{stretch}\n"


def _before_block(text: str, start: int) -> int:
    """Where the value of a key begins whose block stands on the next line."""
    return len(text[:start].rstrip())


def _nodes(node: Node, pattern: _Pattern, path: KeyPath) -> Iterator[tuple[KeyPath, Node]]:
    """Nodes that a pattern leads to, with keys under their names of schema 1 or of today."""
    if not pattern:
        yield path, node
        return
    step, rest = pattern[0], pattern[1:]
    if step is None and isinstance(node, SequenceNode):
        for place, item in enumerate(node.value):
            yield from _nodes(item, rest, (*path, place))
    elif step is not None and isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step or _NOW.get(str(key.value)) == step:
                yield from _nodes(value, rest, (*path, str(key.value)))


#: Every earlier name and today's.
_NOW = {before: now for _, before, now in _RENAMED}


def _edited(text: str, edits: list[_Edit]) -> str:
    """The text with stretches replaced; each once, where an anchor leads to it several times."""
    out, at = [], 0
    for one in sorted({(e.start, e.end, e.text) for e in edits}):
        start, end, new = one
        if start < at:
            continue
        out += [text[at:start], new]
        at = end
    return "".join([*out, text[at:]])
