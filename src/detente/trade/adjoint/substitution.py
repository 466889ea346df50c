"""From transposed derivatives to those by the elasticities of substitution of producers and buyers.

With shares s that sum to one and prices x̂, a nest of constant elasticity ε has with q = 1 − ε the
index log ĉ = log(Σ s x̂^q) / q and the new shares s′ = s (x̂/ĉ)^q. With v = q log(x̂/ĉ) both move
with q at unchanged prices as

    ∂ log ĉ / ∂q  = Σ s log(x̂/ĉ)² ψ(v),         ψ(v) = (v eᵛ − eᵛ + 1) / v²
    ∂ log s′ / ∂q = log(x̂/ĉ) − q ∂ log ĉ / ∂q

since Σ s eᵛ = 1. Nothing is divided by q: at ε = 1 the first is half the variance of log prices,
which is the limit from both sides.
"""

from __future__ import annotations

import math

import numpy as np

from detente._types import Array
from detente.trade._specified import scale_of
from detente.trade.adjoint.pullback import Pulled
from detente.trade.adjoint.saved_state import SavedState

#: Below, ψ is taken from its series, whose last term is then of the size of rounding.
_SMALL = 0.3
_TERMS = 14


def by_input_substitution(saved_state: SavedState, pulled: Pulled, k: int) -> Array:
    """By ε of the producers of each good, wherever they are, (J,); of the k-th scalar."""
    eco, point = saved_state.system.economy, saved_state.point
    cost_nj = point.log_cost_jnb[:, :, 0].T + saved_state.system.log_productivity_njb[:, :, 0]
    scale = scale_of(saved_state.system, saved_state.x.log_scale_lb)
    if scale is not None and eco.scale_elasticity_j is not None:
        cost_nj = cost_nj + (eco.scale_elasticity_j[:, None] * scale[:, :, 0]).T
    power_j = 1 - eco.input_substitution_j
    rent_nj = np.zeros(cost_nj.shape)
    rent_nj[saved_state.system.fixed_at] = saved_state.x.log_rent_kb[:, 0]
    wage_nj = np.repeat(saved_state.x.log_wage_nb, len(power_j), axis=1)
    price_nkj = saved_state.x.log_price_jnb.transpose(1, 0, 2)
    nests = (
        _Nest(eco.input_share_nkj, price_nkj - cost_nj[:, None], power_j),
        _Nest(eco.labour_share_nj, wage_nj - cost_nj, power_j),
        _Nest(eco.fixed_share_nj, rent_nj - cost_nj, power_j),
    )
    inputs, labour, fixed = nests
    slope_nj = inputs.slope.sum(axis=1) + labour.slope + fixed.slope
    demand_nk1 = pulled.demand_jnr[:, :, k].T[:, :, None]
    by_bill = (demand_nk1 * inputs.moved(slope_nj[:, None])).sum(axis=1)
    by_bill += pulled.labour_bill_nr[:, k, None] * labour.moved(slope_nj)
    by_bill += pulled.fixed_bill_njr[:, :, k] * fixed.moved(slope_nj)
    spent_nj = saved_state.spent_jnb[:, :, 0].T
    by_power = pulled.log_bundle_jnr[:, :, k].T * slope_nj + by_bill * spent_nj
    return np.asarray(-by_power.sum(axis=0))


def by_final_substitution(saved_state: SavedState, pulled: Pulled, k: int) -> Array:
    """Derivatives by σ of the final buyers of each country, (N,); of the k-th scalar."""
    eco, point = saved_state.system.economy, saved_state.point
    power_n = 1 - eco.final_substitution_n
    price_jn = saved_state.x.log_price_jnb[:, :, 0] - point.log_final_price_nb[:, 0]
    nest = _Nest(eco.final_share_nj.T, price_jn, power_n)
    slope_n = nest.slope.sum(axis=0)
    by_share = (pulled.demand_jnr[:, :, k] * nest.moved(slope_n)).sum(axis=0)
    by_power = pulled.log_final_price_nr[:, k] * slope_n + by_share * point.income_nb[:, 0]
    return np.asarray(-by_power)


class _Nest:
    """Part of a nest: shares, log prices relative to its index, and q.

    Attributes:
        slope: its part of ∂ log ĉ / ∂q.
    """

    def __init__(self, share: Array, log_relative: Array, power: Array) -> None:
        # What has no share may have any price.
        self._log = np.where(share != 0, log_relative, 0.0)
        self._share, self._power = share, power
        self.slope: Array = share * self._log**2 * psi(power * self._log)

    def moved(self, slope: Array) -> Array:
        """∂s′/∂q, with the slope of the whole nest's index."""
        new = self._share * np.exp(self._power * self._log)
        return np.asarray(new * (self._log - self._power * slope))


def psi(v: Array) -> Array:
    """(v eᵛ − eᵛ + 1) / v², which is Σ vᵐ / (m! (m + 2)), ½ at 0."""
    series = np.zeros(np.shape(v))
    for m in range(_TERMS, -1, -1):
        series = series * v + 1 / (math.factorial(m) * (m + 2))
    large = np.abs(v) > _SMALL
    safe = np.where(large, v, 1.0)
    return np.where(large, (safe * np.exp(safe) - np.expm1(safe)) / safe**2, series)
