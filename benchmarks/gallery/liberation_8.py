"""Ignatenko et al. (2025), Table 8: trade wars with some, 10 % both ways with others."""

import numpy as np
from liberation import calibrated, rows_of
from liberation_2 import WELFARE_DEFICIT_EMPLOYMENT_PRICES

from detente.trade import solve

SHOWN = ("USA", "CHN", "EU", "RoW")


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 8."""
    base = calibrated()
    china, union = base.groups["CHN"], base.groups["EU"]
    rates = {name: np.full(len(base.tariff_n), 0.1) for name in ("EU and China", "China")}
    for rate in rates.values():
        rate[china] = base.tariff_n[china]
    rates["EU and China"][union] = base.tariff_n[union]
    rates["China at 108 %"] = np.where(np.isin(np.arange(len(base.tariff_n)), china), 1.08, 0.1)
    rows = {}
    for case, rate in rates.items():
        found = solve(base.world(), base.tariffs(rate, rate))
        shown = rows_of(base, found, SHOWN, WELFARE_DEFICIT_EMPLOYMENT_PRICES)
        rows |= {f"{case}: {name}": row for name, row in shown.items()}
    return {"liberation-8": rows}
