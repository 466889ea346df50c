"""Keys inside the parts of a case that had other names in the release before.

`with_todays_keys_inside` reads them under today's names, and `as_written` leads a path back to the
key that the file has. Keys at the top of a case are renamed where it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.cases.errors import KeyPath
    from detente.cases.yaml_source import Marked


#: The part that a key stands in, with None for any place in a list; the earlier name and today's.
RENAMED_INSIDE: tuple[tuple[tuple[str | None, ...], str, str], ...] = (
    (("route_choices", None), "ways", "routes"),
    (("measures", None, "sets", None, "route"), "way", "routes"),
)


def with_todays_keys_inside(marked: Marked) -> tuple[Marked, dict[KeyPath, str]]:
    """The data under today's names, and by their paths the names that stood there before."""
    data, earlier = marked.data, {}
    for pattern, before, now in RENAMED_INSIDE:
        for path in list(_paths(data, pattern, ())):
            part = _at(data, path)
            if before in part and now not in part:
                changed = {now if key == before else key: value for key, value in part.items()}
                data = _with(data, path, changed)
                earlier[*path, now] = before
    return replace(marked, data=data), earlier


def as_written(path: KeyPath, top: Mapping[str, str], inside: Mapping[KeyPath, str]) -> KeyPath:
    """A path by the keys that the file has.

    Args:
        path: under today's names.
        top: earlier names of keys at the top, by today's.
        inside: earlier names of keys inside parts, by path.
    """
    out = list(path)
    for end in range(1, len(path) + 1):
        if path[:end] in inside:
            out[end - 1] = inside[path[:end]]
    if out:
        out[0] = top.get(str(out[0]), out[0])
    return tuple(out)


def _paths(data: Any, pattern: tuple[str | None, ...], path: KeyPath) -> Iterator[KeyPath]:
    """Places of mappings in the data that a pattern leads to."""
    if not pattern:
        if isinstance(data, dict):
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
