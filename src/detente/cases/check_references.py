"""Checks of references: owners, labels, periods and routes that must exist and stand once.

`reference_faults` looks at the whole case; `route_faults` and `route_change_faults` look at its
routes: markets, transit countries, and routes that stand twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from detente._near import did_you_mean
from detente.cases.check_claims import claim_faults, record_faults
from detente.cases.check_negotiation import (
    conflict_faults,
    in_view_faults,
    negotiation_faults,
    party_faults,
    renewal_faults,
)
from detente.cases.economy import SHARED, Commodity, RouteChoice, correlation_faults
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import Selection
from detente.cases.labels import Labels, selection_faults, unknown
from detente.cases.measures import Measure, RouteChange, Setting
from detente.cases.partial_case import Parts
from detente.cases.saved_scenarios import named_faults


def route_faults(parts: Parts, labels: Labels | None) -> Iterator[Complaint]:
    """Every entry of `route_choices` that leads nowhere, contradicts itself or another."""
    for index, choice in parts.route_choices.items():
        path: KeyPath = ("route_choices", index)
        names = parts.commodity_names
        yield from unknown((*path, "commodity"), "commodity", (choice.commodity,), names)
        yield from _each_route_faults(path, choice)
        if labels is not None:
            yield from _route_label_faults(path, choice, parts, labels)
    for one, other in combinations(parts.route_choices, 2):
        pair = parts.route_choices[one], parts.route_choices[other]
        if (pair[0].commodity, pair[0].origin) == (pair[1].commodity, pair[1].origin):
            yield from _shared_faults(one, other, *pair)
            if labels is not None:
                yield from _overlap_faults(one, other, parts, labels)


def route_change_faults(path: KeyPath, change: RouteChange, parts: Parts) -> Iterator[Complaint]:
    """Routes of a measure that no entry of `route_choices` has."""
    origins = [origin for name, origin in parts.route_ids if name == change.commodity]
    if not origins:
        near = did_you_mean(change.commodity, {name for name, _ in parts.route_ids})
        message = f"there are no routes of {change.commodity!r}."
        yield (*path, "commodity"), message, near or "Write its routes under route_choices."
        return
    what = f"origin with routes of {change.commodity}"
    yield from unknown((*path, "origin"), what, (change.origin,), origins)
    routes = parts.route_ids.get((change.commodity, change.origin))
    if routes is not None:
        yield from unknown((*path, "routes"), "route", change.routes, routes)


def _each_route_faults(path: KeyPath, choice: RouteChoice) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for place, route in enumerate(choice.routes):
        here: KeyPath = (*path, "routes", place)
        if route.id in first:
            message = f"{route.id!r} stands already at routes[{first[route.id]}] of this entry."
            yield (*here, "id"), message, "Give one of them another name, or join the two."
        first.setdefault(route.id, place)
        if route.fee != 0 and route.transit is None:
            yield (*here, "fee"), "is earned by nobody.", "Name the country under transit."
        if route.capacity is not None and choice.congestion is None:
            message = "needs to be told what happens near it."
            yield (*here, "capacity"), message, "Add congestion: {level: ..., power: ...} below."


def _route_label_faults(
    path: KeyPath, choice: RouteChoice, parts: Parts, labels: Labels
) -> Iterator[Complaint]:
    known = (*labels.countries, *labels.groups)
    yield from unknown((*path, "origin"), "country", (choice.origin,), labels.countries)
    wrong = list(selection_faults((*path, "markets"), "country or group", choice.markets, known))
    yield from wrong
    if not wrong and not labels.chosen(choice.markets, parts.date) - {choice.origin}:
        yield (*path, "markets"), "are none but the origin itself.", "Name the markets."
    for place, route in enumerate(choice.routes):
        if route.transit is not None:
            where = (*path, "routes", place, "transit")
            yield from unknown(where, "country", (route.transit,), labels.countries)


def _overlap_faults(one: int, other: int, parts: Parts, labels: Labels) -> Iterator[Complaint]:
    choice = parts.route_choices[one], parts.route_choices[other]
    both = labels.chosen(choice[0].markets, parts.date) & labels.chosen(
        choice[1].markets, parts.date
    )
    both -= {choice[0].origin}
    if both:
        shown = ", ".join(sorted(both)[:5]) + (", …" if len(both) > 5 else "")
        yield (
            ("route_choices", other, "markets"),
            f"{shown} {'have' if len(both) > 1 else 'has'} routes already, at "
            f"route_choices[{one}].",
            "Leave them out of one of the two.",
        )


def _shared_faults(
    one: int, other: int, first: RouteChoice, second: RouteChoice
) -> Iterator[Complaint]:
    before = {route.id: (place, route) for place, route in enumerate(first.routes)}
    limited = False
    for place, route in enumerate(second.routes):
        if route.id not in before:
            continue
        at, known = before[route.id]
        limited |= route.capacity is not None or known.capacity is not None
        for key in SHARED:
            was, now = getattr(known, key), getattr(route, key)
            if was not in (None, ()) and now not in (None, ()) and was != now:
                yield (
                    ("route_choices", other, "routes", place, key),
                    f"is not what route_choices[{one}].routes[{at}] says of the same route "
                    f"{route.id!r}.",
                    "Write the same, leave it out here, or give the route another id.",
                )
    if limited and first.congestion != second.congestion:
        yield (
            ("route_choices", other, "congestion"),
            f"is not that of route_choices[{one}], with which it shares a route of limited "
            f"capacity.",
            "Write the same in both.",
        )


FINAL = "final"


def reference_faults(parts: Parts, labels: Labels | None) -> Iterator[Complaint]:
    """Every reference that leads nowhere, and every period that cannot be.

    Args:
        parts: the sound parts of the file.
        labels: the world's labels, or None when the world is not known.
    """
    yield from _twice("parties", {i: p.id for i, p in parts.parties.items()}, "id")
    yield from _twice("commodities", {i: c.name for i, c in parts.commodities.items()}, "name")
    yield from _twice("measures", {i: m.id for i, m in parts.measures.items()}, "id")
    yield from _twice("renewals", {i: r.id for i, r in parts.renewals.items()}, "id")
    yield from _twice("events", {i: e.id for i, e in parts.events.items() if e.id}, "id")
    yield from _twice("elasticities", {i: e.good for i, e in parts.elasticities.items()}, "good")
    yield from _twice("claims", {i: c.id for i, c in parts.claims.items()}, "id")
    yield from _twice("published", {i: p.id for i, p in parts.published.items()}, "id")
    yield from _twice("interests", {i: p.id for i, p in parts.interests.items()}, "id")
    yield from _twice("channels", {i: c.id for i, c in parts.channels.items()}, "id")
    yield from party_faults(parts)
    yield from conflict_faults(parts)
    yield from negotiation_faults(parts)
    yield from renewal_faults(parts)
    yield from in_view_faults(parts)
    for index, measure in parts.measures.items():
        path: KeyPath = ("measures", index)
        yield from unknown((*path, "owner"), "party", (measure.owner,), parts.party_ids)
        yield from _period_faults((*path, "in_force"), measure)
        for place, setting in enumerate(measure.sets):
            if setting.route is not None:
                here = (*path, "sets", place, "route")
                yield from route_change_faults(here, setting.route, parts)
    yield from route_faults(parts, labels)
    yield from claim_faults(parts, labels)
    yield from record_faults(parts, labels)
    yield from correlation_faults(parts.correlations, parts.parameters, parts.parameter_names)
    yield from named_faults(parts.scenarios, parts.measure_ids, parts.parameter_names)
    if labels is not None:
        yield from _label_faults(parts, labels)


def _twice(section: str, names: dict[int, str], key: str) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for index, name in names.items():
        if name in first:
            yield (
                (section, index, key),
                f"{name!r} stands already at {section}[{first[name]}].",
                "Give one of them another name, or join the two.",
            )
        first.setdefault(name, index)


def _period_faults(path: KeyPath, measure: Measure) -> Iterator[Complaint]:
    sound = []
    for place, period in enumerate(measure.in_force):
        if period.until is not None and period.until <= period.start:
            yield (
                (*path, place, "until"),
                f"{period.until} is not after {period.start}.",
                "`until` is the first day no longer in force; exchange the two days?",
            )
        else:
            sound.append((period.start, place, period))
    for (_, _, before), (start, place, _) in pairwise(sorted(sound, key=lambda s: s[:2])):
        if before.until is None or before.until > start:
            end = f"until {before.until}" if before.until else "without end"
            yield (
                (*path, place, "from"),
                f"{start} falls into the period from {before.start} {end}.",
                "End the earlier period first, or join the two.",
            )


def _label_faults(parts: Parts, labels: Labels) -> Iterator[Complaint]:
    countries = (*labels.countries, *labels.groups)
    goods = (*labels.goods, *parts.commodity_names)
    for index, party in parts.parties.items():
        yield from unknown(
            ("parties", index, "members"), "country or group", party.members, countries
        )
    for index, elasticity in parts.elasticities.items():
        yield from unknown(
            ("elasticities", index, "good"), "good", (elasticity.good,), labels.goods
        )
    for index, commodity in parts.commodities.items():
        yield from _commodity_faults(("commodities", index), commodity, labels)
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            path = ("measures", index, "sets", place, setting.kind)
            yield from _setting_faults(path, setting, countries, goods)


def _commodity_faults(path: KeyPath, commodity: Commodity, labels: Labels) -> Iterator[Complaint]:
    if commodity.name in labels.goods:
        message = f"{commodity.name!r} is a good of the world already."
        yield (*path, "name"), message, "Choose another name."
    yield from unknown((*path, "parent"), "good", (commodity.parent,), labels.goods)
    for good in commodity.users:
        yield from unknown((*path, "users", good), "good", (good,), (*labels.goods, FINAL))
    for good in commodity.inputs:
        yield from unknown((*path, "inputs", good), "good", (good,), labels.goods)
    for country in commodity.resource_shares:
        where = (*path, "resource_shares", country)
        yield from unknown(where, "country", (country,), labels.countries)
    for place, override in enumerate(commodity.overrides):
        for key in ("origin", "market"):
            where = (*path, "overrides", place, key)
            yield from unknown(where, "country", (getattr(override, key),), labels.countries)
        if override.share is not None and override.origin == override.market:
            yield (
                (*path, "overrides", place, "share"),
                f"is a share of imports, but {override.origin} does not import from itself.",
                "Write a quantity.",
            )


def _setting_faults(
    path: KeyPath, setting: Setting, countries: tuple[str, ...], goods: tuple[str, ...]
) -> Iterator[Complaint]:
    effect = setting.effect
    if isinstance(effect, RouteChange):
        return  # held against the routes, which are held against the world
    for key in ("origin", "market", "country"):
        chosen = getattr(effect, key, None)
        if isinstance(chosen, Selection):
            yield from selection_faults((*path, key), "country or group", chosen, countries)
    yield from selection_faults((*path, "goods"), "good", effect.goods, goods)
