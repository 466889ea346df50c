"""From transposed derivatives to derivatives by every wedge of one scalar."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente._types import Array, Index
from detente.trade._specified import market_size
from detente.trade.adjoint.pullback import Pulled
from detente.trade.adjoint.routes import ByRoutes, choice_back
from detente.trade.adjoint.saved_state import SavedState


@dataclass(frozen=True, eq=False)
class ByCells:
    """Derivatives of one scalar by the wedges of every flow, (J, N, N); NaN where none flows.

    Attributes:
        log_carry_jni: by log φ, πφ being what buyers choose by; 0 where the flow is closed.
        tariff_jni: by t', through φ and through revenue.
        export_tax_jni: by e', likewise.
        closed_jni: where an embargo holds.
    """

    log_carry_jni: Array
    tariff_jni: Array
    export_tax_jni: Array
    closed_jni: Array


def by_cells(saved_state: SavedState, pulled: Pulled, k: int) -> ByCells:
    """The derivatives of the k-th scalar."""
    eco, w = saved_state.system.economy, saved_state.system.wedges[0]
    theta = eco.trade_elasticity_j[:, None, None]
    share = saved_state.system.carried.shared_jni * saved_state.pull_jib[:, None, :, 0]
    share = share / saved_state.access_jnb
    paid = share * saved_state.x.spending_jnb
    t, e = w.tariff_jni, w.export_tax_jni
    taxed, taxed_abroad = bool(t.any()), bool(e.any())
    tariff, tax = 1 + t, 1 + e
    received = pulled.sales_jnr[:, None, :, k]
    if eco.marketing_share_jn is not None:
        nu = eco.marketing_share_jn[:, :, None]
        at_home = np.broadcast_to(pulled.marketing_jnr, pulled.sales_jnr.shape)[:, :, None, k]
        received = (1 - nu) * received + nu * at_home
    revenue = pulled.tariff_revenue_nr[:, None, k]
    abroad = pulled.export_tax_revenue_nr[:, k]
    landed = (received + abroad * e) / tax if taxed_abroad else received
    worth = (landed + revenue * t) / tariff if taxed else landed
    carry = share * pulled.log_access_jnr[:, :, None, k] + paid * worth
    at_market = paid * (revenue - landed)
    at_origin = paid * (abroad - received)
    if taxed:
        at_market, at_origin = at_market / tariff**2, at_origin / tariff
    if taxed_abroad:
        at_origin = at_origin / tax**2
    for r, (f, on) in enumerate(zip(saved_state.flows, pulled.route_groups, strict=True)):
        cell = (f.route_group.good, f.route_group.market_m, f.route_group.origin)
        routes = choice_back(saved_state, r, on)
        carry[cell] = on.carried_mr[:, k]
        at_market[cell], at_origin[cell] = routes.tariff_mr[:, k], routes.export_tax_mr[:, k]
    found = ByCells(
        log_carry_jni=carry,
        tariff_jni=at_market - theta * carry / tariff,
        export_tax_jni=at_origin - theta * carry / tax,
        closed_jni=_closed(saved_state),
    )
    return found if eco.tariff_pass_through_jn is None else _statutory(saved_state, found)


def _statutory(saved_state: SavedState, cells: ByCells) -> ByCells:
    """By the rates that are set, from those by the rates that buyers and sellers meet."""
    eco, w = saved_state.system.economy, saved_state.system.wedges[0]
    assert eco.tariff_pass_through_jn is not None
    rest = eco.tariff_pass_through_jn[:, :, None] - 1
    tariff, tax = 1 + w.statutory_tariff_jni, 1 + w.statutory_export_tax_jni
    by_tariff, by_tax = cells.tariff_jni, cells.export_tax_jni
    if eco.absorption == "exporter":
        met = 1 + w.export_tax_jni
        by_tariff, by_tax = by_tariff + by_tax * met * rest / tariff, by_tax * met / tax
    elif eco.absorption == "importer":
        by_tariff = by_tariff * (1 + rest) * (1 + w.tariff_jni) / tariff
    else:
        theta = eco.trade_elasticity_j[:, None, None]
        by_tariff = by_tariff - theta * rest * cells.log_carry_jni / tariff
    return replace(cells, tariff_jni=by_tariff, export_tax_jni=by_tax)


def _closed(saved_state: SavedState) -> Array:
    eco, w = saved_state.system.economy, saved_state.system.wedges[0]
    closed = np.zeros(eco.share_jni.shape, dtype=bool)
    closed.ravel()[w.cell[w.carry == 0]] = True
    for f in saved_state.flows:
        if not np.isfinite(f.choice.cost_b[0]):
            closed[f.route_group.good, f.route_group.market_m, f.route_group.origin] = True
    return np.asarray(closed & (eco.share_jni > 0))


def by_elasticity(saved_state: SavedState, pulled: Pulled, cells: ByCells, k: int) -> Array:
    """By θ, (J,): delivered costs and taxes, and the leakage of an embargo, being held."""
    eco, w = saved_state.system.economy, saved_state.system.wedges[0]
    theta = eco.trade_elasticity_j
    out = -(pulled.log_pull_jir[:, :, k] * saved_state.point.log_cost_jnb[:, :, 0]).sum(axis=1)
    # What buyers choose by, −log(access)/θ: prices without what a market's size takes off them.
    offer = saved_state.x.log_price_jnb[:, :, 0]
    if eco.market_size_elasticity_jn is not None:
        size = market_size(eco, saved_state.x.spending_jnb, saved_state.x.log_wage_nb)[:, :, 0]
        offer = offer + eco.market_size_elasticity_jn * size
    out -= (pulled.log_new_price_jnr[:, :, k] * offer).sum(axis=1) / theta
    open_at = np.nonzero(w.carry > 0)[0]
    cell = w.cell[open_at]
    good = cell // eco.shape[1] ** 2
    # log φ = log ℓ − θ log(d̂ (1+t')(1+e') / ((1+t)(1+e))).
    log_cost = np.log(w.carry[open_at] / w.leak[open_at]) / theta[good]
    out += np.bincount(good, cells.log_carry_jni.ravel()[cell] * log_cost, minlength=len(out))
    for f, on in zip(saved_state.flows, pulled.route_groups, strict=True):
        cost = f.choice.cost_b[0]
        if np.isfinite(cost):
            out[f.route_group.good] -= on.carried_mr[:, k].sum() * np.log(cost)
    return np.asarray(out)


def by_routes(saved_state: SavedState, pulled: Pulled) -> tuple[ByRoutes, ...]:
    """Derivatives by costs and fees of the routes of every group, of all scalars."""
    return tuple(choice_back(saved_state, k, on) for k, on in enumerate(pulled.route_groups))


def everywhere(system_at: tuple[Index, Index], values: Array, shape: tuple[int, int]) -> Array:
    """Values at positions (n, j) in an array that is NaN elsewhere, (N, J)."""
    out = np.full(shape, np.nan)
    out[system_at] = values
    return out
