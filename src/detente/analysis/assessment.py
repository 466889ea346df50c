"""An assessment: what a case's regime of a date changes against the base, measure by measure.

`AssessmentData` holds the snapshots of base and regime, the effect of every measure, and the joint
lifts. `snapshot` reads one out of an equilibrium: welfare by country, and each commodity's market
and routes.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente._types import Array

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detente.cases import Case, Commodity, Measure
    from detente.cases.route_terms import RouteChoiceTerms
    from detente.trade import Certificate, Equilibrium
    from detente.world import World


@dataclass(frozen=True, eq=False)
class CommodityOutcome:
    """One commodity in one equilibrium: who sells what to whom, at which prices.

    Attributes:
        good: its name in the world.
        label: its name for readers.
        value_ni: sales of origin i in market n net of taxes, USD million, (N, N).
        tonnes_ni: what arrives, million tonnes, (N, N).
        price_paid_n: the base price times the exact index of delivered prices in each market, USD
            per tonne; NaN where none is bought. Not a unit value, which would rise whenever a
            dearer supplier is let in.
        price_received_n: mean price at the producer's gate, USD per tonne; NaN without sales.
        sales_n: producers' sales, USD million.
        share_ni: share of market n's purchases (by value) that comes from origin i.
        largest_supplier_n: index of the largest supplier of each market.
        largest_share_n: its share.
        herfindahl_n: sum of squared supplier shares, 0 to 1.
    """

    good: str
    label: str
    value_ni: Array = field(repr=False)
    tonnes_ni: Array = field(repr=False)
    price_paid_n: Array = field(repr=False)
    price_received_n: Array = field(repr=False)
    sales_n: Array = field(repr=False)
    share_ni: Array = field(repr=False)
    largest_supplier_n: NDArray[np.int64] = field(repr=False)
    largest_share_n: Array = field(repr=False)
    herfindahl_n: Array = field(repr=False)

    @cached_property
    def bought_n(self) -> Array:
        """Purchases of each market net of taxes, USD million."""
        total: Array = self.value_ni.sum(axis=1)
        return total

    def mean_price_paid(self, where: Sequence[int] | NDArray[np.bool_]) -> float:
        """What some markets pay together: the mean by tonnes, USD per tonne; NaN without any."""
        at = np.asarray(where)
        tonnes_n, price_n = self.tonnes_ni[at].sum(axis=1), self.price_paid_n[at]
        bought = (tonnes_n > 0) & np.isfinite(price_n)
        total = tonnes_n[bought].sum()
        return float((tonnes_n * price_n)[bought].sum() / total) if bought.any() else math.nan

    def supplier_share_i(self, where: Sequence[int] | NDArray[np.bool_]) -> Array:
        """Suppliers' shares of what some markets buy together by value, (N,); zeros without any."""
        at = np.asarray(where)
        bought_i = self.bought_n[at] @ self.share_ni[at]
        total = float(bought_i.sum())
        return np.asarray(bought_i / total if total > 0 else bought_i)


@dataclass(frozen=True)
class RouteFlow:
    """What takes one route in one equilibrium, over all markets that it serves.

    Attributes:
        commodity: the good.
        origin: the exporter, ISO3.
        route: its id in the case.
        tonnes: what arrives by it, million tonnes.
        share: of all that the exporter sells by the routes of the case, by tonnes.
        congestion: congestion cost as a factor on delivered cost, 1 where there is none.
        closed_by: ids of the measures in force that close it.
    """

    commodity: str
    origin: str
    route: str
    tonnes: float
    share: float
    congestion: float
    closed_by: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One set of measures solved: what it means for every country, against the base year.

    Attributes:
        measures: ids of the measures in force in it.
        equivalent_variation_n: USD million a year against the base without measures, (N,).
        real_income_change_n: Ŵ − 1, a fraction, (N,).
        commodities: by name of good.
        routes: what takes which route, in the case's order.
        transit_revenue_n: net income of transit countries on the case's routes, USD million, (N,).
        certificate: how exactly every market clears.
    """

    measures: tuple[str, ...]
    equivalent_variation_n: Array = field(repr=False)
    real_income_change_n: Array = field(repr=False)
    commodities: dict[str, CommodityOutcome] = field(repr=False)
    routes: tuple[RouteFlow, ...] = field(repr=False)
    transit_revenue_n: Array = field(repr=False)
    certificate: Certificate


@dataclass(frozen=True, eq=False)
class MeasureEffect:
    """What one measure does: alone, and at the margin of the regime.

    Attributes:
        measure: the measure as written in the case.
        in_force: whether it is in force on the date.
        has_effect: whether it changes any flow of the base year at all.
        alone_n: equivalent variation of imposing it alone on the base, USD million a year, (N,);
            NaN where only margins were asked for.
        margin_n: equivalent variation of *switching* it, given the rest of the regime: of lifting
            it where it is in force, of imposing it where it is not, USD million a year, (N,).
        authors: ISO3 codes of the countries whose measure it is.
        targets: ISO3 codes of the countries whose sales or purchases it hits.
        boomerang_alone: authors' loss per unit of the targets' loss when imposed alone; negative
            when the authors gain; None when the targets lose nothing.
        boomerang_margin: the boomerang at the margin of the regime.
        switched: the equilibrium with this one measure switched.
    """

    measure: Measure
    in_force: bool
    has_effect: bool
    alone_n: Array = field(repr=False)
    margin_n: Array = field(repr=False)
    authors: tuple[str, ...]
    targets: tuple[str, ...]
    boomerang_alone: float | None
    boomerang_margin: float | None
    switched: Snapshot = field(repr=False)


@dataclass(frozen=True, eq=False)
class JointLift:
    """Measures in force of which none moves anything while the others stand, lifted together.

    Attributes:
        measures: in the case's order, two or more.
        margin_n: equivalent variation of lifting them, given the rest, USD million a year, (N,).
        switched: the equilibrium without them.
    """

    measures: tuple[Measure, ...]
    margin_n: Array = field(repr=False)
    switched: Snapshot = field(repr=False)


@dataclass(frozen=True, eq=False, repr=False)
class AssessmentData:
    """An assessment before it says anything: the snapshots, and the effect of each measure.

    Attributes:
        case: the case file as read.
        world: the base year with the case's commodities split out.
        date: the day whose regime is assessed.
        horizon: `short`, `medium` or `long`.
        transfers: how trade deficits behave.
        base: the equilibrium without any measure of the case (the base year itself).
        regime: the equilibrium with all measures in force on the date.
        effects: one per measure of the case (per measure in force where only margins were asked
            for), in the case's order.
        joint: measures that only move something together, such as two bans of one route.
        groups: named groups of countries for totals, as positions in `world.countries`.
    """

    case: Case
    world: World
    date: dt.date
    horizon: str
    transfers: str
    base: Snapshot
    regime: Snapshot
    effects: tuple[MeasureEffect, ...]
    joint: tuple[JointLift, ...]
    groups: dict[str, tuple[int, ...]]


def snapshot(
    case: Case,
    measures: Iterable[str],
    equilibrium: Equilibrium,
    terms: tuple[RouteChoiceTerms, ...],
) -> Snapshot:
    """What an equilibrium means for every country, in every commodity and on every route.

    Args:
        case: the case.
        measures: ids of those in force.
        equilibrium: under them.
        terms: of the routes under them.
    """
    chosen = tuple(measures)
    commodities = {c.name: _commodity(case, c, equilibrium) for c in case.commodities}
    return Snapshot(
        measures=chosen,
        equivalent_variation_n=equilibrium.equivalent_variation.values,
        real_income_change_n=equilibrium.real_income_change.values,
        commodities=commodities,
        routes=_routes(equilibrium, commodities, terms),
        transit_revenue_n=equilibrium.transit_revenue.values,
        certificate=equilibrium.certificate,
    )


def _commodity(case: Case, commodity: Commodity, equilibrium: Equilibrium) -> CommodityOutcome:
    price = case.number(commodity.price)
    market = equilibrium.market(commodity.name)
    value, paid = market.received_ni, market.paid_ni
    # USD million over USD per tonne is million tonnes; prices are back in USD per tonne.
    tonnes = market.arrived_ni / price
    gate = price * market.gate_n
    index = equilibrium.price_change.values[equilibrium.world.good(commodity.name)]
    share = _over(paid, paid.sum(axis=1, keepdims=True))
    bought = tonnes.sum(axis=1)
    sales = value.sum(axis=0)
    return CommodityOutcome(
        good=commodity.name,
        label=commodity.label,
        value_ni=value,
        tonnes_ni=tonnes,
        price_paid_n=np.where(bought > 0, price * (1 + index), np.nan),
        price_received_n=np.where(sales > 0, gate, np.nan),
        sales_n=sales,
        share_ni=share,
        largest_supplier_n=share.argmax(axis=1),
        largest_share_n=share.max(axis=1),
        herfindahl_n=(share**2).sum(axis=1),
    )


def _routes(
    equilibrium: Equilibrium,
    commodities: dict[str, CommodityOutcome],
    terms: tuple[RouteChoiceTerms, ...],
) -> tuple[RouteFlow, ...]:
    world = equilibrium.world
    tonnes: dict[tuple[str, str, str], float] = {}
    congestion: dict[tuple[str, str, str], float] = {}
    solution = equilibrium.solution
    crowded = np.exp(solution.log_congestion_q)
    for r, choice in zip(equilibrium.wedges.route_groups, solution.point.choices, strict=True):
        good, origin = world.goods[r.good], world.countries[r.origin]
        arrived = commodities[good].tonnes_ni[r.market_m, r.origin].sum() * choice.share_rb[:, 0]
        for route, amount, room in zip(r.route_r, arrived, r.room_r, strict=True):
            key = (good, origin, route)
            tonnes[key] = tonnes.get(key, 0.0) + float(amount)
            congestion[key] = float(crowded[room]) if room >= 0 else 1.0
    closed = {(t.commodity, t.origin, w.id): w.closed_by for t in terms for w in t.routes}
    total: dict[tuple[str, str], float] = {}
    for (good, origin, _), amount in tonnes.items():
        total[good, origin] = total.get((good, origin), 0.0) + amount
    return tuple(
        RouteFlow(
            *key,
            tonnes=amount,
            share=amount / total[key[:2]] if total[key[:2]] > 0 else 0.0,
            congestion=congestion[key],
            closed_by=closed.get(key, ()),
        )
        for key, amount in tonnes.items()
    )


def _over(top: Array, bottom: Array) -> Array:
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)
