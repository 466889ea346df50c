"""What every route costs and earns under a set of measures on a day, in plain numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from detente.cases.economy import Route, RouteChoice
from detente.cases.fields import REST, NumberOrParameter
from detente.cases.measures import RouteChange

if TYPE_CHECKING:
    from detente.cases.case_data import CaseData
    from detente.world import World


_T = TypeVar("_T")


@dataclass(frozen=True)
class RouteTerms:
    """One route to a group of markets, with every parameter replaced by its value.

    Attributes:
        id: its name; the same in several groups of markets for one route with one capacity.
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
class RouteChoiceTerms:
    """The routes of one exporter's commodity to a group of markets.

    Attributes:
        label: the group's name for readers.
        commodity: the good.
        origin: the exporter, ISO3.
        markets: the buyers, ISO3, without the exporter itself.
        price: of the commodity in the base year, USD per unit.
        route_elasticity: how strongly the choice answers to cost, above 0.
        routes: in the order of the file.
        congestion_level: rise of delivered cost at capacity; of no matter without capacities.
        congestion_power: how suddenly it comes.
    """

    label: str
    commodity: str
    origin: str
    markets: tuple[str, ...] = field(repr=False)
    price: float
    route_elasticity: float
    routes: tuple[RouteTerms, ...]
    congestion_level: float
    congestion_power: float


def route_terms(
    case: CaseData, world: World, measures: Iterable[str] = (), day: dt.date | str | None = None
) -> tuple[RouteChoiceTerms, ...]:
    """The terms of every entry of `route_choices`, in the order of the file.

    Args:
        case: the case.
        world: whose countries the markets are.
        measures: ids of the measures in force; none if left out.
        day: the day on which dated parameters and groups are read; the case's own if None.
    """
    chosen = tuple(measures)
    return tuple(
        terms_under(case, terms_of(case, choice, world, day), chosen, day)
        for choice in case.route_choices
    )


def terms_of(
    case: CaseData, choice: RouteChoice, world: World, day: dt.date | str | None = None
) -> RouteChoiceTerms:
    """The terms of one route choice without measures; the arguments are `route_terms`'s."""
    given = [w.base_share for w in choice.routes]
    left = 1.0 - sum(case.number(share) for share in given if share != REST)
    markets = case.countries(choice.markets, world, day)
    limits = choice.congestion
    return RouteChoiceTerms(
        label=choice.label,
        commodity=choice.commodity,
        origin=choice.origin,
        markets=tuple(c for c in markets if c != choice.origin),
        price=case.number(case.commodity(choice.commodity).price),
        route_elasticity=case.number(choice.route_elasticity),
        routes=tuple(
            _route(case, choice, route, left if route.base_share == REST else None, day)
            for route in choice.routes
        ),
        congestion_level=case.number(limits.level) if limits else 1.0,
        congestion_power=case.number(limits.power) if limits else 1.0,
    )


def _route(
    case: CaseData, choice: RouteChoice, route: Route, left: float | None, day: dt.date | str | None
) -> RouteTerms:
    twins = [
        other
        for entry in case.route_choices
        if (entry.commodity, entry.origin) == (choice.commodity, choice.origin)
        for other in entry.routes
        if other.id == route.id
    ]
    capacity: NumberOrParameter | None = next(
        (t.capacity for t in (route, *twins) if t.capacity is not None), None
    )
    extra = case.number(route.extra_cost, day)
    price = case.number(case.commodity(choice.commodity).price)
    return RouteTerms(
        id=route.id,
        label=route.label,
        base_share=case.number(route.base_share) if left is None else left,
        extra_cost=extra,
        closed_by=(),
        cost_factor=1.0 + extra / price,
        fee=case.number(route.fee, day),
        transit=_first(route.transit, *(t.transit for t in twins)),
        capacity=None if capacity is None else case.number(capacity, day),
        distance_km=route.distance_km,
        port=_first(route.port, *(t.port for t in twins)),
        via=_first(route.via or None, *(t.via or None for t in twins)) or (),
    )


def terms_under(
    case: CaseData,
    terms: RouteChoiceTerms,
    measures: Iterable[str],
    day: dt.date | str | None = None,
) -> RouteChoiceTerms:
    """The terms of one entry under measures, from those without any."""
    changes = [
        (m.id, setting.route)
        for m in map(case.measure, measures)
        for setting in m.sets
        if setting.route is not None
        and (setting.route.commodity, setting.route.origin) == (terms.commodity, terms.origin)
    ]
    routes = tuple(_changed(case, route, changes, terms.price, day) for route in terms.routes)
    return replace(terms, routes=routes) if changes else terms


def _changed(
    case: CaseData,
    route: RouteTerms,
    changes: list[tuple[str, RouteChange]],
    price: float,
    day: dt.date | str | None,
) -> RouteTerms:
    mine = [(name, c) for name, c in changes if route.id in c.routes]
    if not mine:
        return route
    closed_by = tuple(name for name, c in mine if c.close)
    added = (case.number(c.extra_cost, day) for _, c in mine if c.extra_cost is not None)
    extra = route.extra_cost + sum(added)
    return replace(
        route,
        extra_cost=extra,
        closed_by=tuple(dict.fromkeys(closed_by)),
        cost_factor=math.inf if closed_by else 1.0 + extra / price,
    )


def _first(*given: _T | None) -> _T | None:
    return next((g for g in given if g is not None), None)
