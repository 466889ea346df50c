"""The figures of a brief as plain arrays by name: what draws keep of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from detente.study.scenarios import Scenarios

Array = NDArray[np.float64]


def headlines(scenarios: Scenarios) -> dict[str, Array]:
    """The figures of the regime of the scenarios' date, each over the world's countries.

    Returns:
        By name, (N,) each: `regime` (equivalent variation against no measures, USD million),
        `switch/ID` (of switching one measure, given the rest), `alone/ID` (of one measure alone),
        `everything` (of lifting all), `GOOD/price_paid` (USD per unit), `GOOD/price_received`,
        `GOOD/sales` (USD million), `GOOD/largest_share`, `GOOD/herfindahl`, `GOOD/exports` (million
        units, own sales left out) and `transit_revenue` (USD million), all under the regime.
    """
    case = scenarios.case
    regime = tuple(m.id for m in case.regime(scenarios.date))
    switched = {m.id: tuple(sorted({m.id} ^ set(regime))) for m in case.trade_measures}
    scenarios.solve_together(
        [(), regime, *switched.values(), *((m.id,) for m in case.trade_measures)]
    )
    now = scenarios.snapshot(regime)
    out = {
        "regime": now.equivalent_variation_n,
        "everything": scenarios.snapshot(()).equivalent_variation_n - now.equivalent_variation_n,
        "transit_revenue": now.transit_revenue_n,
    }
    for measure, without in switched.items():
        other = scenarios.snapshot(without).equivalent_variation_n
        out[f"switch/{measure}"] = other - now.equivalent_variation_n
        out[f"alone/{measure}"] = scenarios.snapshot((measure,)).equivalent_variation_n
    for good, market in now.commodities.items():
        out[f"{good}/price_paid"] = market.price_paid_n
        out[f"{good}/price_received"] = market.price_received_n
        out[f"{good}/sales"] = market.sales_n
        out[f"{good}/largest_share"] = market.largest_share_n
        out[f"{good}/herfindahl"] = market.herfindahl_n
        sold = market.tonnes_ni.sum(axis=0)
        out[f"{good}/exports"] = sold - np.diagonal(market.tonnes_ni)
    return out
