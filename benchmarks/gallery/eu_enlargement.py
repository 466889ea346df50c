"""Zylkin's example for ge_gravity: what joining the EU between 2000 and 2014 was worth."""

import numpy as np
import sources

from detente.trade import Shock, solve
from detente.world import World

ELASTICITY = 4.0
#: Estimated by ppmlhdfe in the example; the results hold it as eu_effect.
PARTIAL_EFFECT = 0.22424901


def tables() -> dict[str, dict[str, list[float]]]:
    """Welfare of 44 countries, percent, with deficits fixed and in proportion to income."""
    codes, trade, joined = sources.eu_enlargement()
    world = World.from_flows(
        codes,
        ["ALL"],
        trade[None],
        np.zeros((len(codes), 1, 1)),
        trade.sum(axis=1)[:, None],
        trade.sum(axis=0)[:, None],
        trade_elasticity_j=ELASTICITY,
    )
    shock = Shock(iceberg_jni=np.exp(-PARTIAL_EFFECT * joined / ELASTICITY)[None])
    fixed = solve(world, shock, tolerance=1e-12).real_income_change
    # With its option `multiplicative` welfare is the real wage.
    moving = solve(world, shock, transfers="proportional", tolerance=1e-12).real_wage_change
    return {"eu": {c: [100 * float(x[c]) for x in (fixed, moving)] for c in codes}}
