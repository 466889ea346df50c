"""Do the ways of a case hang together: markets, transit countries, ways that stand twice?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.label_checks import selection_faults, unknown
from detente.case.labels import Labels
from detente.case.measures import RouteChange
from detente.case.parts import Parts
from detente.case.routes import SHARED, Routes


def route_faults(parts: Parts, labels: Labels | None) -> Iterator[Complaint]:
    """Every entry of `routes` that leads nowhere, contradicts itself or another."""
    for index, routes in parts.routes.items():
        path: Path = ("routes", index)
        names = parts.commodity_names
        yield from unknown((*path, "commodity"), "commodity", (routes.commodity,), names)
        yield from _way_faults(path, routes)
        if labels is not None:
            yield from _label_faults(path, routes, parts, labels)
    for one, other in combinations(parts.routes, 2):
        pair = parts.routes[one], parts.routes[other]
        if (pair[0].commodity, pair[0].origin) == (pair[1].commodity, pair[1].origin):
            yield from _shared_faults(one, other, *pair)
            if labels is not None:
                yield from _overlap_faults(one, other, parts, labels)


def route_change_faults(path: Path, change: RouteChange, parts: Parts) -> Iterator[Complaint]:
    """Ways of a measure that no entry of `routes` has."""
    origins = [origin for name, origin in parts.way_ids if name == change.commodity]
    if not origins:
        near = did_you_mean(change.commodity, {name for name, _ in parts.way_ids})
        message = f"there are no routes of {change.commodity!r}."
        yield (*path, "commodity"), message, near or "Write its ways under routes."
        return
    what = f"origin with routes of {change.commodity}"
    yield from unknown((*path, "origin"), what, (change.origin,), origins)
    ways = parts.way_ids.get((change.commodity, change.origin))
    if ways is not None:
        yield from unknown((*path, "way"), "way", change.way, ways)


def _way_faults(path: Path, routes: Routes) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for place, way in enumerate(routes.ways):
        here: Path = (*path, "ways", place)
        if way.id in first:
            message = f"{way.id!r} stands already at ways[{first[way.id]}] of this entry."
            yield (*here, "id"), message, "Give one of them another name, or join the two."
        first.setdefault(way.id, place)
        if way.fee != 0 and way.transit is None:
            yield (*here, "fee"), "is earned by nobody.", "Name the country under transit."
        if way.capacity is not None and routes.congestion is None:
            message = "needs to be told what happens near it."
            yield (*here, "capacity"), message, "Add congestion: {level: ..., power: ...} below."


def _label_faults(path: Path, routes: Routes, parts: Parts, labels: Labels) -> Iterator[Complaint]:
    known = (*labels.countries, *labels.groups)
    yield from unknown((*path, "origin"), "country", (routes.origin,), labels.countries)
    wrong = list(selection_faults((*path, "markets"), "country or group", routes.markets, known))
    yield from wrong
    if not wrong and not labels.chosen(routes.markets, parts.date) - {routes.origin}:
        yield (*path, "markets"), "are none but the origin itself.", "Name the markets."
    for place, way in enumerate(routes.ways):
        if way.transit is not None:
            where = (*path, "ways", place, "transit")
            yield from unknown(where, "country", (way.transit,), labels.countries)


def _overlap_faults(one: int, other: int, parts: Parts, labels: Labels) -> Iterator[Complaint]:
    routes = parts.routes[one], parts.routes[other]
    both = labels.chosen(routes[0].markets, parts.date) & labels.chosen(
        routes[1].markets, parts.date
    )
    both -= {routes[0].origin}
    if both:
        shown = ", ".join(sorted(both)[:5]) + (", …" if len(both) > 5 else "")
        yield (
            ("routes", other, "markets"),
            f"{shown} {'have' if len(both) > 1 else 'has'} routes already, at routes[{one}].",
            "Leave them out of one of the two.",
        )


def _shared_faults(one: int, other: int, first: Routes, second: Routes) -> Iterator[Complaint]:
    before = {way.id: (place, way) for place, way in enumerate(first.ways)}
    limited = False
    for place, way in enumerate(second.ways):
        if way.id not in before:
            continue
        at, known = before[way.id]
        limited |= way.capacity is not None or known.capacity is not None
        for key in SHARED:
            was, now = getattr(known, key), getattr(way, key)
            if was not in (None, ()) and now not in (None, ()) and was != now:
                yield (
                    ("routes", other, "ways", place, key),
                    f"is not what routes[{one}].ways[{at}] says of the same way {way.id!r}.",
                    "Write the same, leave it out here, or give the way another id.",
                )
    if limited and first.congestion != second.congestion:
        yield (
            ("routes", other, "congestion"),
            f"is not that of routes[{one}], with which it shares a way of limited capacity.",
            "Write the same in both.",
        )
