"""From an equilibrium to what a case asks: welfare by country, and each commodity's market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.study.assessment import CommodityOutcome, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.case import Case, Commodity
    from detente.study.assessment import Array
    from detente.trade import Equilibrium


def snapshot(case: Case, measures: Iterable[str], equilibrium: Equilibrium) -> Snapshot:
    """What an equilibrium means for every country and in every commodity of the case."""
    return Snapshot(
        measures=tuple(measures),
        equivalent_variation_n=equilibrium.equivalent_variation.values,
        real_income_change_n=equilibrium.real_income_change.values,
        commodities={c.name: _commodity(case, c, equilibrium) for c in case.commodities},
        certificate=equilibrium.certificate,
    )


def _commodity(case: Case, commodity: Commodity, equilibrium: Equilibrium) -> CommodityOutcome:
    world = equilibrium.world
    j = world.good(commodity.name)
    price = case.number(commodity.price)
    value = equilibrium.trade_jni[j]
    paid = equilibrium.share_jni[j] * equilibrium.solution.spending_jn[j][:, None]
    tonnes = world.trade_jni[j] / price * (1 + equilibrium.quantity_change.values[j])
    # USD million over USD per tonne is million tonnes; prices are back in USD per tonne.
    gate = price * (1 + equilibrium.cost_change.values[j])
    share = _over(paid, paid.sum(axis=1, keepdims=True))
    bought = tonnes.sum(axis=1)
    sales = value.sum(axis=0)
    return CommodityOutcome(
        good=commodity.name,
        label=commodity.label,
        value_ni=value,
        tonnes_ni=tonnes,
        price_paid_n=np.where(bought > 0, _over(paid.sum(axis=1), bought), np.nan),
        price_received_n=np.where(sales > 0, gate, np.nan),
        sales_n=sales,
        share_ni=share,
        largest_supplier_n=share.argmax(axis=1),
        largest_share_n=share.max(axis=1),
        herfindahl_n=(share**2).sum(axis=1),
    )


def _over(top: Array, bottom: Array) -> Array:
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)
