"""Keys of a case that had other names in the release before, which are still read.

`with_todays_keys` reads them under today's names, and `as_written` leads a path back to the key
that the file has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.cases.errors import Fault, KeyPath
    from detente.cases.yaml_source import Marked


#: The part that a key stands in, empty for the case itself and with None for any place in a list;
#: the earlier name and today's. Keys of the case come first: parts are looked for under them.
_RENAMED: tuple[tuple[tuple[str | None, ...], str, str], ...] = (
    ((), "backtest", "record"),
    ((), "talks", "negotiation"),
    ((), "routes", "route_choices"),
    (("route_choices", None), "ways", "routes"),
    (("measures", None, "sets", None, "route"), "way", "routes"),
)


#: Earlier names of keys of the case itself, and today's.
RENAMED = {before: now for pattern, before, now in _RENAMED if not pattern}


def with_todays_keys(marked: Marked) -> tuple[Marked, dict[KeyPath, str], list[Fault]]:
    """The data under today's names.

    Returns:
        tuple: the data; the names that stood there before, by path under today's names; and a fault
        for each key that stands under both.
    """
    data, faults = marked.data, []
    earlier: dict[KeyPath, str] = {}
    for pattern, before, now in _RENAMED:
        for path in list(_paths(data, pattern, ())):
            part = _at(data, path)
            if before not in part:
                continue
            if now in part:
                data = _with(data, path, {k: value for k, value in part.items() if k != before})
                message = f"is the earlier name of `{now}`, which stands in the case, too."
                remedy = f"Keep `{now}` and remove `{before}`."
                faults.append(marked.fault((*as_written(path, earlier), before), message, remedy))
            else:
                changed = {now if key == before else key: value for key, value in part.items()}
                data = _with(data, path, changed)
                earlier[*path, now] = before
    return replace(marked, data=data), earlier, faults


def as_written(path: KeyPath, earlier: Mapping[KeyPath, str]) -> KeyPath:
    """A path by the keys that the file has.

    Args:
        path: under today's names.
        earlier: names of before, by path under today's names.
    """
    ends = range(1, len(path) + 1)
    return tuple(earlier.get(path[:end], path[end - 1]) for end in ends)


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
