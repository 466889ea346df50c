"""Figures of transport: what takes which route, and what transit countries earn by it.

`ExportRoutes` gathers the routes of an exporter before the measures and under them, and `RouteUse`
is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, cos, pi, radians, sin
from typing import TYPE_CHECKING

from detente.analysis.figures.frame import MONEY, Frame, Quantity, frame_of
from detente.analysis.labels import in_sentence, name_of

if TYPE_CHECKING:
    from detente.analysis.assessment import AssessmentData, RouteFlow, Snapshot
    from detente.cases.claims import Published
    from detente.cases.route_terms import RouteTerms


Point = tuple[float, float]

#: Kilometres per radian of the globe.
GLOBE = 6371.0

#: A railway is about this much longer than the line through the points that a case gives.
DETOUR = 1.2


@dataclass(frozen=True)
class RouteUse:
    """One route in the base year and under the regime.

    Attributes:
        terms: what the case says of it under the regime: label, fee, capacity, points.
        before: what takes it in the base year.
        under: what takes it under the regime.
        income_before: of the transit country by this route, net, USD million a year.
        income_under: the same under the regime.
    """

    terms: RouteTerms
    before: RouteFlow
    under: RouteFlow
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
class ExportRoutes:
    """All routes by which one exporter's commodity gets out.

    Attributes:
        assessment: the case answered.
        good: the commodity's name in the world.
        label: its name for readers.
        origin: the exporter, ISO3.
        route_uses: in the case's order.
    """

    assessment: AssessmentData
    good: str
    label: str
    origin: str
    route_uses: tuple[RouteUse, ...]

    @property
    def id(self) -> str:
        """Its name in files."""
        return f"{self.good}-routes-{self.origin}"

    @property
    def prose(self) -> str:
        """The exporter inside a sentence."""
        return in_sentence(self.origin)

    @property
    def before(self) -> float:
        """All that takes these routes in the base year, million tonnes."""
        return sum(route_use.before.tonnes for route_use in self.route_uses)

    @property
    def under(self) -> float:
        """All that takes these routes under the regime, million tonnes."""
        return sum(route_use.under.tonnes for route_use in self.route_uses)


def export_routes_of(a: AssessmentData) -> list[ExportRoutes]:
    """The routes of every exporter and commodity that the case describes."""
    if not a.base.routes:
        return []
    under = _terms(a, a.regime)
    before_income = _incomes(a, a.base, _terms(a, a.base))
    under_income = _incomes(a, a.regime, under)
    regime = {_key(flow): flow for flow in a.regime.routes}
    route_uses: dict[tuple[str, str], list[RouteUse]] = {}
    for flow in a.base.routes:
        key = _key(flow)
        route_use = RouteUse(under[key], flow, regime[key], before_income[key], under_income[key])
        route_uses.setdefault(key[:2], []).append(route_use)
    return [
        ExportRoutes(a, good, a.base.commodities[good].label, origin, tuple(some))
        for (good, origin), some in route_uses.items()
    ]


def _key(flow: RouteFlow) -> tuple[str, str, str]:
    return flow.commodity, flow.origin, flow.route


def _terms(a: AssessmentData, state: Snapshot) -> dict[tuple[str, str, str], RouteTerms]:
    terms: dict[tuple[str, str, str], RouteTerms] = {}
    for choice in a.case.route_terms(a.world, state.measures, a.date):
        for route in choice.routes:
            terms.setdefault((choice.commodity, choice.origin, route.id), route)
    return terms


def _incomes(
    a: AssessmentData, state: Snapshot, terms: dict[tuple[str, str, str], RouteTerms]
) -> dict[tuple[str, str, str], float]:
    """Each route's part of its transit country's net income: in proportion to fee times tonnes."""
    fees = {_key(f): terms[_key(f)].fee * f.tonnes for f in state.routes}
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


#: The key of the row that stands for all routes of an exporter.
ALL_ROUTES = "all"
#: The key of the rows with the model's own figure, beside published ones.
MODEL = "model"


def routes_frame(export_routes: ExportRoutes) -> Frame:
    """What takes which route before the measures and under the regime, and what that costs."""
    rows: list[tuple[tuple[str, ...], str, list[float | None]]] = [
        (
            (route_use.terms.id,),
            route_use.terms.label,
            [
                route_use.before.tonnes,
                route_use.under.tonnes,
                100 * route_use.before.share,
                100 * route_use.under.share,
                route_use.capacity,
                100 * (route_use.under.congestion - 1) if not route_use.under.closed_by else None,
                route_use.income_before if route_use.terms.transit else None,
                route_use.income_under if route_use.terms.transit else None,
            ],
        )
        for route_use in export_routes.route_uses
    ]
    if len(rows) > 1:
        rows.append(
            (
                (ALL_ROUTES,),
                "All these routes",
                [export_routes.before, export_routes.under, *[None] * 6],
            )
        )
    return frame_of(
        export_routes.id,
        f"{export_routes.label}: routes out of {export_routes.prose}",
        ("route",),
        (
            Quantity("tonnes_before", "Before", "Mt a year"),
            Quantity("tonnes_under", "Under the regime", "Mt a year"),
            Quantity("share_before", "Share before", "%"),
            Quantity("share_under", "Under the regime", "%"),
            Quantity("capacity", "Capacity", "Mt a year"),
            Quantity("congestion", "Extra cost of congestion", "%"),
            Quantity("income_before", "Transit income before", MONEY),
            Quantity("income_under", "Under the regime", MONEY),
        ),
        rows,
    )


def transit_frame(a: AssessmentData, earning: Sequence[int]) -> Frame:
    """What transit countries earn, before and under the regime, beside published figures."""
    before, under = a.base.transit_revenue_n, a.regime.transit_revenue_n
    published = published_income(a)
    rows: list[tuple[tuple[str, ...], str, list[float | None]]] = []
    for n in earning:
        code = a.world.countries[n]
        values = [float(before[n]), float(under[n]), float(under[n] - before[n])]
        rows.append(((code, MODEL), f"{name_of(code)}: net income, this model", [*values]))
        rows += [
            ((code, figure.id), f"{name_of(code)}: {figure.label}", _as_published(a, figure))
            for figure in published.get(code, [])
        ]
    return frame_of(
        "transit",
        "Transit income",
        ("country", "figure"),
        (
            Quantity("before", "Before", MONEY),
            Quantity("under", "Under the regime", MONEY),
            Quantity("change", "Change", MONEY),
        ),
        rows,
    )


def earning_of(a: AssessmentData) -> list[int]:
    """Countries with transit income, or with published figures of it, the largest first."""
    before, under = a.base.transit_revenue_n, a.regime.transit_revenue_n
    published = published_income(a)
    earning = [
        n
        for n, code in enumerate(a.world.countries)
        if max(before[n], under[n]) > 0 or code in published
    ]
    return sorted(earning, key=lambda n: (-float(before[n]), -float(under[n])))


def published_income(a: AssessmentData) -> Mapping[str, list[Published]]:
    """Published figures that stand beside the transit income of one country, by its code."""
    found: dict[str, list[Published]] = {}
    for figure in a.case.published:
        compare = figure.compare
        if compare is None or compare.quantity != "transit_revenue":
            continue
        codes = a.case.chosen(compare.of, a.world, a.date)
        if len(codes) == 1:
            found.setdefault(codes[0], []).append(figure)
    return found


def published_state(a: AssessmentData, figure: Published) -> str:
    """Which state of an answer a published figure belongs to: `before`, `under` or neither."""
    if figure.compare is None:
        return ""
    measures, _ = a.case.scenario(figure.compare.scenario)
    if not measures:
        return "before"
    return "under" if set(measures) == set(a.regime.measures) else ""


def _as_published(a: AssessmentData, figure: Published) -> list[float | None]:
    value = None if figure.value is None else figure.value * a.case.number(figure.conversion)
    state = published_state(a, figure)
    return [value if state == "before" else None, value if state == "under" else None, None]
