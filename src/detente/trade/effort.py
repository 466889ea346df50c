"""What work costs those who do it: welfare where the supply of labour is elastic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from detente._types import Array
    from detente.trade._economy import Economy
    from detente.trade._solution import Solution


@dataclass(frozen=True, eq=False)
class Effort:
    """What more work costs those who do it, in incomes of the base year, USD million a year.

    Households have the utility C − v(L) with v isoelastic (Greenwood, Hercowitz & Huffman 1988,
    American Economic Review 78(3)), so that supply is L̂ = (ŵ/P̂ᶠ)^κ of the wage after tax, and
    effort in the base year is worth κ/(1 + κ) of it.

    Attributes:
        cost_n: v' − v.
        by_log_employment_n: its derivative by log L̂, wages held.
        by_log_real_wage_n: its derivative by log ŵ/P̂ᶠ, where a tax on wages makes v of the base.
    """

    cost_n: Array
    by_log_employment_n: Array
    by_log_real_wage_n: Array


def effort_of(economy: Economy, solution: Solution) -> Effort | None:
    """What more work costs at a solution; None where the supply of labour is given."""
    kappa = economy.labour_supply_elasticity_n
    if kappa is None:
        return None
    log_change = solution.log_employment_m
    exponent = np.divide(1 + kappa, kappa, out=np.zeros_like(kappa), where=kappa > 0)
    part = kappa / (1 + kappa) * economy.labour_n
    if economy.tax_revenue_n is None:
        after = np.exp(exponent * log_change)
        return Effort(part * (after - 1), part * exponent * after, np.zeros(len(kappa)))
    # The wage of the base year after tax is ŵ/P̂ᶠ L̂^(−1/κ), as supply says.
    real = solution.log_wage_n - solution.point.log_final_price_n
    root = np.divide(log_change, kappa, out=np.zeros_like(kappa), where=kappa > 0)
    before, after = np.exp(real - root), np.exp(real + log_change)
    slope = np.divide(1, kappa, out=np.zeros_like(kappa), where=kappa > 0)
    by_employment = part * (after + slope * before)
    return Effort(part * (after - before), by_employment, part * (after - before))
