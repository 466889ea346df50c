"""Transport routes inside trade costs: which way a flow takes, what it costs, who earns the fee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.trade.differences import Wedges, carry
from detente.trade.economy import Array, Economy
from detente.trade.network import Rooms, Routes


@dataclass(frozen=True, eq=False)
class Choice:
    """How the flows of one group choose among its ways.

    Attributes:
        cost_mb: d̂, change of delivered cost; inf where every way is closed.
        share_mrb: new shares of the ways; 0 where all are closed.
        fee_mb: fees beyond those of the base year, as a share of the value at the origin's border.
    """

    cost_mb: Array
    share_mrb: Array
    fee_mb: Array


def choose(routes: Routes, log_crowding_rb: Array) -> Choice:
    """Choose among ways: d̂ = (Σ s ĉ^(−ρ))^(−1/ρ), new shares s ĉ^(−ρ)/Σ.

    Args:
        routes: base shares, cost changes and fees.
        log_crowding_rb: log of the congestion cost of each way against the base year.
    """
    crowded = np.exp(-routes.elasticity * log_crowding_rb)
    weight = routes.share_mr[:, :, None] * routes.cost_mrb**-routes.elasticity * crowded
    total = weight.sum(axis=1)
    with np.errstate(divide="ignore"):
        cost = total ** (-1 / routes.elasticity)
    share = np.divide(
        weight, total[:, None, :], out=np.zeros_like(weight), where=total[:, None, :] > 0
    )
    moved = np.where(total[:, None, :] > 0, share - routes.share_mr[:, :, None], 0.0)
    return Choice(cost, share, np.einsum("mrb,mr->mb", moved, routes.fee_mr))


def crowding(rooms: Rooms, flow_qb: Array) -> Array:
    """Log of the congestion cost at a flow against that at the base flow, (Q, B)."""
    level, power = rooms.level_q[:, None], rooms.power_q[:, None]
    full = (flow_qb / rooms.capacity_qb) ** power
    full0 = (rooms.flow_q[:, None] / rooms.capacity_qb) ** power
    return np.asarray(np.log1p(level * full) - np.log1p(level * full0))


def relaxed(rooms: Rooms, log_crowding_qb: Array, flow_qb: Array, falls: float) -> Array:
    """The next log crowding: a Newton step on 'crowding = crowding(flow)' for falling demand.

    A convex cost near capacity overshoots under plain iteration; the step is divided by one plus
    the product of the cost's slope and `falls`, the elasticity of the flow to its cost.
    """
    target = crowding(rooms, flow_qb)
    steep = steepness(rooms, flow_qb)
    return np.asarray(log_crowding_qb + (target - log_crowding_qb) / (1 + steep * falls))


def steepness(rooms: Rooms, flow_qb: Array) -> Array:
    """Elasticity of the congestion cost to the flow, (Q, B)."""
    full = rooms.level_q[:, None] * (flow_qb / rooms.capacity_qb) ** rooms.power_q[:, None]
    return np.asarray(rooms.power_q[:, None] * full / (1 + full))


def crowding_of(routes: Routes, log_crowding_qb: Array) -> Array:
    """Log crowding of every way of a group, (R, B); 0 for those without a capacity."""
    out = np.zeros((len(routes.room_r), log_crowding_qb.shape[1]))
    limited = routes.room_r >= 0
    out[limited] = log_crowding_qb[routes.room_r[limited]]
    return out


def add_flow(routes: Routes, share_mrb: Array, shipped_mb: Array, flow_qb: Array) -> None:
    """Add what a group ships on each way with a capacity to the flows, in place."""
    shipped = (shipped_mb[:, None, :] * share_mrb).sum(axis=0)
    limited = routes.room_r >= 0
    np.add.at(flow_qb, routes.room_r[limited], shipped[limited])


def fees(routes: Routes, share_mrb: Array, value_mb: Array, countries: int) -> Array:
    """Fee income of each country at these shares of the ways, (N, B), USD million.

    Args:
        routes: fees and which country earns them.
        share_mrb: shares of the ways, or differences of shares for differences of income.
        value_mb: value of each flow at the origin's border without fees, USD million.
        countries: N.
    """
    earned = (value_mb[:, None, :] * share_mrb * routes.fee_mr[:, :, None]).sum(axis=0)
    out = np.zeros((countries, value_mb.shape[1]))
    some = routes.transit_r >= 0
    np.add.at(out, routes.transit_r[some], earned[some])
    return out


@dataclass(frozen=True, eq=False)
class Carriage:
    """What one shock does to every flow once its routes are chosen, (J, N, N) each.

    Attributes:
        carry_jni: φ with the routes' part.
        melt_jni: the part of φ that is delivered cost: d̂ to the power −θ.
        fee_jni: fees beyond the base year's, as a share of the value at the origin's border.
    """

    carry_jni: Array
    melt_jni: Array
    fee_jni: Array


def carriage(economy: Economy, wedges: Wedges, choices: tuple[Choice, ...]) -> Carriage:
    """Put the routes' costs and fees in their cells; the choices are those of one shock."""
    phi = carry(economy, wedges)
    if not wedges.routes:
        return Carriage(phi, wedges.melt_jni, np.zeros_like(phi))
    phi, melt, fee = phi.copy(), wedges.melt_jni.copy(), np.zeros_like(phi)
    for r, choice in zip(wedges.routes, choices, strict=True):
        cell = (r.good, r.market_m, r.origin)
        part = choice.cost_mb[:, 0] ** -economy.trade_elasticity_j[r.good]
        phi[cell] *= part
        melt[cell] *= part
        fee[cell] = choice.fee_mb[:, 0]
    return Carriage(phi, melt, fee)


def uncrowded(wedges: Wedges) -> tuple[Choice, ...]:
    """The choices of one shock before any congestion."""
    return tuple(choose(r, np.zeros((len(r.way_r), 1))) for r in wedges.routes)
