"""What every way costs and earns under a set of measures on a day, in plain numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from detente.cases.economy import Routes, Way
from detente.cases.fields import REST, Given
from detente.cases.measures import RouteChange

if TYPE_CHECKING:
    from detente.cases.case_data import CaseData
    from detente.world import World


_T = TypeVar("_T")


@dataclass(frozen=True)
class WayTerms:
    """One way to a group of markets, with every parameter replaced by its value.

    Attributes:
        id: its name; the same in several groups of markets for one way with one capacity.
        label: its name for readers.
        base_share: of the exporter's sales to these markets in the base year, above 0.
        extra_cost: USD per unit above the base year's, its own and that of the measures.
        closed_by: ids of the measures that close it; open where there is none.
        cost_factor: delivered cost as a multiple of the base year's; infinite where closed.
        fee: USD per unit that the transit country earns.
        transit: ISO3 code of the transit country, or None.
        capacity: units a year over all markets, or None where there is no limit.
        distance_km: to the port or border, or None.
        port: name of the port or border station, or None.
        via: longitude and latitude of points for the map.
    """

    id: str
    label: str
    base_share: float
    extra_cost: float
    closed_by: tuple[str, ...]
    cost_factor: float
    fee: float
    transit: str | None
    capacity: float | None
    distance_km: float | None
    port: str | None
    via: tuple[tuple[float, float], ...] = field(repr=False)

    @property
    def closed(self) -> bool:
        """Whether any measure closes it."""
        return bool(self.closed_by)


@dataclass(frozen=True)
class RouteTerms:
    """The ways of one exporter's commodity to a group of markets.

    Attributes:
        label: the group's name for readers.
        commodity: the good.
        origin: the exporter, ISO3.
        markets: the buyers, ISO3, without the exporter itself.
        price: of the commodity in the base year, USD per unit.
        route_elasticity: how strongly the choice answers to cost, above 0.
        ways: in the order of the file.
        congestion_level: rise of delivered cost at capacity; of no matter without capacities.
        congestion_power: how suddenly it comes.
    """

    label: str
    commodity: str
    origin: str
    markets: tuple[str, ...] = field(repr=False)
    price: float
    route_elasticity: float
    ways: tuple[WayTerms, ...]
    congestion_level: float
    congestion_power: float


def route_terms(
    case: CaseData, world: World, measures: Iterable[str] = (), day: dt.date | str | None = None
) -> tuple[RouteTerms, ...]:
    """The terms of every entry of `routes`, in the order of the file.

    Args:
        case: the case.
        world: whose countries the markets are.
        measures: ids of the measures in force; none if left out.
        day: the day on which dated parameters and groups are read; the case's own if None.
    """
    chosen = tuple(measures)
    return tuple(
        terms_under(case, terms_of(case, routes, world, day), chosen, day) for routes in case.routes
    )


def terms_of(
    case: CaseData, routes: Routes, world: World, day: dt.date | str | None = None
) -> RouteTerms:
    """The terms of one entry of `routes` without measures; the arguments are `route_terms`'s."""
    given = [w.base_share for w in routes.ways]
    left = 1.0 - sum(case.number(share) for share in given if share != REST)
    markets = case.countries(routes.markets, world, day)
    limits = routes.congestion
    return RouteTerms(
        label=routes.label,
        commodity=routes.commodity,
        origin=routes.origin,
        markets=tuple(c for c in markets if c != routes.origin),
        price=case.number(case.commodity(routes.commodity).price),
        route_elasticity=case.number(routes.route_elasticity),
        ways=tuple(
            _way(case, routes, way, left if way.base_share == REST else None, day)
            for way in routes.ways
        ),
        congestion_level=case.number(limits.level) if limits else 1.0,
        congestion_power=case.number(limits.power) if limits else 1.0,
    )


def _way(
    case: CaseData, routes: Routes, way: Way, left: float | None, day: dt.date | str | None
) -> WayTerms:
    twins = [
        other
        for entry in case.routes
        if (entry.commodity, entry.origin) == (routes.commodity, routes.origin)
        for other in entry.ways
        if other.id == way.id
    ]
    capacity: Given | None = next(
        (t.capacity for t in (way, *twins) if t.capacity is not None), None
    )
    extra = case.number(way.extra_cost, day)
    price = case.number(case.commodity(routes.commodity).price)
    return WayTerms(
        id=way.id,
        label=way.label,
        base_share=case.number(way.base_share) if left is None else left,
        extra_cost=extra,
        closed_by=(),
        cost_factor=1.0 + extra / price,
        fee=case.number(way.fee, day),
        transit=_first(way.transit, *(t.transit for t in twins)),
        capacity=None if capacity is None else case.number(capacity, day),
        distance_km=way.distance_km,
        port=_first(way.port, *(t.port for t in twins)),
        via=_first(way.via or None, *(t.via or None for t in twins)) or (),
    )


def terms_under(
    case: CaseData, terms: RouteTerms, measures: Iterable[str], day: dt.date | str | None = None
) -> RouteTerms:
    """The terms of one entry under measures, from those without any."""
    changes = [
        (m.id, setting.route)
        for m in map(case.measure, measures)
        for setting in m.sets
        if setting.route is not None
        and (setting.route.commodity, setting.route.origin) == (terms.commodity, terms.origin)
    ]
    ways = tuple(_changed(case, way, changes, terms.price, day) for way in terms.ways)
    return replace(terms, ways=ways) if changes else terms


def _changed(
    case: CaseData,
    way: WayTerms,
    changes: list[tuple[str, RouteChange]],
    price: float,
    day: dt.date | str | None,
) -> WayTerms:
    mine = [(name, c) for name, c in changes if way.id in c.way]
    if not mine:
        return way
    closed_by = tuple(name for name, c in mine if c.close)
    added = (case.number(c.extra_cost, day) for _, c in mine if c.extra_cost is not None)
    extra = way.extra_cost + sum(added)
    return replace(
        way,
        extra_cost=extra,
        closed_by=tuple(dict.fromkeys(closed_by)),
        cost_factor=math.inf if closed_by else 1.0 + extra / price,
    )


def _first(*given: _T | None) -> _T | None:
    return next((g for g in given if g is not None), None)
