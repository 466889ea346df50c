"""The ways of transport of a case, each with what takes it before the measures and under them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import acos, cos, pi, radians, sin
from typing import TYPE_CHECKING

from detente.brief.names import in_sentence

if TYPE_CHECKING:
    from detente.case.terms import WayTerms
    from detente.study.assessment import Assessment, Snapshot, WayFlow

Point = tuple[float, float]

#: Kilometres per radian of the globe.
GLOBE = 6371.0

#: A railway is about this much longer than the line through the points that a case gives.
DETOUR = 1.2


@dataclass(frozen=True)
class Lane:
    """One way in the base year and under the regime.

    Attributes:
        terms: what the case says of it under the regime: label, fee, capacity, points.
        before: what takes it in the base year.
        under: what takes it under the regime.
        income_before: of the transit country by this way, net, USD million a year.
        income_under: the same under the regime.
    """

    terms: WayTerms
    before: WayFlow
    under: WayFlow
    income_before: float
    income_under: float

    @property
    def capacity(self) -> float | None:
        """Million units a year, or None where the case states no limit."""
        return None if self.terms.capacity is None else self.terms.capacity / 1e6

    @property
    def port(self) -> Point | None:
        """The point at which the goods leave the railway, as far as the distance tells."""
        via, distance = self.terms.via, self.terms.distance_km
        if not via or distance is None:
            return via[-1] if via else None
        gone, best = 0.0, (abs(distance), via[0])
        for here, there in pairwise(via):
            gone += DETOUR * apart(here, there)
            best = min(best, (abs(distance - gone), there))
        return best[1]


@dataclass(frozen=True)
class Exit:
    """All ways by which one exporter's commodity gets out.

    Attributes:
        assessment: the case answered.
        good: the commodity's name in the world.
        label: its name for readers.
        origin: the exporter, ISO3.
        lanes: in the case's order.
    """

    assessment: Assessment
    good: str
    label: str
    origin: str
    lanes: tuple[Lane, ...]

    @property
    def id(self) -> str:
        """Its name in files."""
        return f"{self.good}-ways-{self.origin}"

    @property
    def prose(self) -> str:
        """The exporter inside a sentence."""
        return in_sentence(self.origin)

    @property
    def before(self) -> float:
        """All that takes these ways in the base year, million tonnes."""
        return sum(lane.before.tonnes for lane in self.lanes)

    @property
    def under(self) -> float:
        """The same under the regime."""
        return sum(lane.under.tonnes for lane in self.lanes)


def exits_of(a: Assessment) -> list[Exit]:
    """The ways of every exporter and commodity that the case describes."""
    if not a.base.ways:
        return []
    under = _terms(a, a.regime)
    before_income = _incomes(a, a.base, _terms(a, a.base))
    under_income = _incomes(a, a.regime, under)
    regime = {_key(flow): flow for flow in a.regime.ways}
    lanes: dict[tuple[str, str], list[Lane]] = {}
    for flow in a.base.ways:
        key = _key(flow)
        lane = Lane(under[key], flow, regime[key], before_income[key], under_income[key])
        lanes.setdefault(key[:2], []).append(lane)
    return [
        Exit(a, good, a.base.commodities[good].label, origin, tuple(some))
        for (good, origin), some in lanes.items()
    ]


def _key(flow: WayFlow) -> tuple[str, str, str]:
    return flow.commodity, flow.origin, flow.way


def _terms(a: Assessment, state: Snapshot) -> dict[tuple[str, str, str], WayTerms]:
    terms: dict[tuple[str, str, str], WayTerms] = {}
    for routes in a.case.route_terms(a.world, state.measures, a.date):
        for way in routes.ways:
            terms.setdefault((routes.commodity, routes.origin, way.id), way)
    return terms


def _incomes(
    a: Assessment, state: Snapshot, terms: dict[tuple[str, str, str], WayTerms]
) -> dict[tuple[str, str, str], float]:
    """Each way's part of its transit country's net income: in proportion to fee times tonnes."""
    fees = {_key(f): terms[_key(f)].fee * f.tonnes for f in state.ways}
    totals: dict[str | None, float] = {}
    for key, fee in fees.items():
        totals[terms[key].transit] = totals.get(terms[key].transit, 0.0) + fee
    out = dict.fromkeys(fees, 0.0)
    for key, fee in fees.items():
        transit = terms[key].transit
        if transit in a.world.countries and totals[transit] > 0:
            income = float(state.transit_revenue_n[a.world.countries.index(transit)])
            out[key] = income * fee / totals[transit]
    return out


def apart(a: Point, b: Point) -> float:
    """Great-circle distance of two points given as longitude and latitude, km."""
    (x1, y1), (x2, y2) = ((radians(x), radians(y)) for x, y in (a, b))
    inside = sin(y1) * sin(y2) + cos(y1) * cos(y2) * cos(x1 - x2)
    return GLOBE * (0.0 if inside >= 1 else pi if inside <= -1 else acos(inside))
