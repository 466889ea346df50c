"""From an equilibrium to what a case asks: welfare by country, and each commodity's market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.study.assessment import CommodityOutcome, Snapshot, WayFlow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.case import Case, Commodity
    from detente.case.terms import RouteTerms
    from detente.study.assessment import Array
    from detente.trade import Equilibrium


def snapshot(
    case: Case,
    measures: Iterable[str],
    equilibrium: Equilibrium,
    terms: tuple[RouteTerms, ...],
) -> Snapshot:
    """What an equilibrium means for every country, in every commodity and on every way.

    Args:
        case: the case.
        measures: ids of those in force.
        equilibrium: under them.
        terms: of the ways under them.
    """
    chosen = tuple(measures)
    commodities = {c.name: _commodity(case, c, equilibrium) for c in case.commodities}
    return Snapshot(
        measures=chosen,
        equivalent_variation_n=equilibrium.equivalent_variation.values,
        real_income_change_n=equilibrium.real_income_change.values,
        commodities=commodities,
        ways=_ways(equilibrium, commodities, terms),
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


def _ways(
    equilibrium: Equilibrium,
    commodities: dict[str, CommodityOutcome],
    terms: tuple[RouteTerms, ...],
) -> tuple[WayFlow, ...]:
    world = equilibrium.world
    tonnes: dict[tuple[str, str, str], float] = {}
    crowding: dict[tuple[str, str, str], float] = {}
    solution = equilibrium.solution
    crowded = np.exp(solution.log_crowding_q)
    for r, choice in zip(equilibrium.wedges.routes, solution.point.choices, strict=True):
        good, origin = world.goods[r.good], world.countries[r.origin]
        arrived = commodities[good].tonnes_ni[r.market_m, r.origin].sum() * choice.share_rb[:, 0]
        for way, amount, room in zip(r.way_r, arrived, r.room_r, strict=True):
            key = (good, origin, way)
            tonnes[key] = tonnes.get(key, 0.0) + float(amount)
            crowding[key] = float(crowded[room]) if room >= 0 else 1.0
    closed = {(t.commodity, t.origin, w.id): w.closed_by for t in terms for w in t.ways}
    total: dict[tuple[str, str], float] = {}
    for (good, origin, _), amount in tonnes.items():
        total[good, origin] = total.get((good, origin), 0.0) + amount
    return tuple(
        WayFlow(
            *key,
            tonnes=amount,
            share=amount / total[key[:2]] if total[key[:2]] > 0 else 0.0,
            crowding=crowding[key],
            closed_by=closed.get(key, ()),
        )
        for key, amount in tonnes.items()
    )


def _over(top: Array, bottom: Array) -> Array:
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)
