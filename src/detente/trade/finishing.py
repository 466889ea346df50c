"""From where iterations ended to solutions, each with its certificate."""

from __future__ import annotations

import numpy as np

from detente.trade.certificate import all_violations, certify
from detente.trade.fixedpoint import FixedPoints
from detente.trade.kernels import evaluate
from detente.trade.network import Index
from detente.trade.solution import Layout, Solution, levels_of
from detente.trade.system import System


def finished(
    system: System, layout: Layout, found: FixedPoints, tolerance: float, spent: Index
) -> list[Solution]:
    """The solutions, of what did not converge too: their certificates say which are good.

    Args:
        system: the shocks, B.
        layout: of their unknowns.
        found: where their iterations ended.
        tolerance: largest relative violation that a certificate may show.
        spent: evaluations before those of `found`, (B,).
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        new = layout.unpack(found.image)
        _, point = evaluate(system, new)
        B = len(found.image)
        rent = np.zeros((*system.economy.fixed_share_nj.shape, B))
        rent[system.fixed_at] = new.log_rent_kb
        parts = (new.log_wage_nb, rent, new.log_price_jnb, new.spending_jnb, new.log_crowding_qb)
        gaps = {
            k: np.where(np.isfinite(v), v, np.inf)
            for k, v in all_violations(system, *parts, point.log_final_price_nb).items()
        }
    out = []
    for b in range(B):
        certificate = certify(
            {k: v[..., b] for k, v in gaps.items()},
            tolerance=tolerance,
            evaluations=int(spent[b] + found.evaluations[b]) + 1,
            restarts=int(found.restarts[b]),
        )
        levels = levels_of(point, b)
        wage, rents, price, spending, crowded = (p[..., b] for p in parts)
        out.append(
            Solution(
                wage,
                rents,
                price,
                spending,
                crowded,
                levels,
                system,
                b,
                certificate,
                found.image[b],
            )
        )
    return out
