"""Ignatenko et al. (2025), Table 10: transfers fixed to world GDP, as Dekle et al. (2008) do it."""

import numpy as np
from liberation import ELASTICITY, calibrated, reported, rows_of
from liberation_1 import SHOWN

from detente.trade import solve


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 10, the two cases with fixed transfers; they give others' welfare as a plain mean."""
    base = calibrated()
    rows = {}
    for case, answer in (("no retaliation", 0.0), ("retaliation", 1 / ELASTICITY)):
        found = solve(base.eaton_kortum(), base.tariffs(base.tariff_n, answer))
        shown = rows_of(base, found, SHOWN, (0, 2, 3, 4, 5))
        others = base.groups["non-US (average)"]
        shown["non-US (average)"][0] = float(np.mean(reported(found)[others, 0]))
        rows |= {f"{case}: {name}": row for name, row in shown.items()}
    return {"liberation-10": rows}
