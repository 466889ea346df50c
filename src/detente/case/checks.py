"""Does a case hang together: owners, labels, periods, names that stand twice?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from detente.case.backtest_checks import backtest_faults
from detente.case.claim_checks import claim_faults
from detente.case.correlations import correlation_faults
from detente.case.errors import Complaint, Path
from detente.case.label_checks import selection_faults, unknown
from detente.case.labels import Labels
from detente.case.measures import Measure, RouteChange, Setting
from detente.case.named import named_faults
from detente.case.parts import Parts
from detente.case.party_checks import conflict_faults, party_faults
from detente.case.renewal_checks import in_view_faults, renewal_faults
from detente.case.route_checks import route_change_faults, route_faults
from detente.case.schema import Commodity
from detente.case.selection import Selection
from detente.case.talks_checks import talks_faults

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
    yield from talks_faults(parts)
    yield from renewal_faults(parts)
    yield from in_view_faults(parts)
    for index, measure in parts.measures.items():
        path: Path = ("measures", index)
        yield from unknown((*path, "owner"), "party", (measure.owner,), parts.party_ids)
        yield from _period_faults((*path, "in_force"), measure)
        for place, setting in enumerate(measure.sets):
            if setting.route is not None:
                here = (*path, "sets", place, "route")
                yield from route_change_faults(here, setting.route, parts)
    yield from route_faults(parts, labels)
    yield from claim_faults(parts, labels)
    yield from backtest_faults(parts, labels)
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


def _period_faults(path: Path, measure: Measure) -> Iterator[Complaint]:
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


def _commodity_faults(path: Path, commodity: Commodity, labels: Labels) -> Iterator[Complaint]:
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
    path: Path, setting: Setting, countries: tuple[str, ...], goods: tuple[str, ...]
) -> Iterator[Complaint]:
    effect = setting.effect
    if isinstance(effect, RouteChange):
        return  # held against the ways, which are held against the world
    for key in ("origin", "market", "country"):
        chosen = getattr(effect, key, None)
        if isinstance(chosen, Selection):
            yield from selection_faults((*path, key), "country or group", chosen, countries)
    yield from selection_faults((*path, "goods"), "good", effect.goods, goods)
