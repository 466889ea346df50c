"""Transposed derivatives of the flows that choose among routes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente._types import Array
from detente.trade.adjoint.saved_state import SavedState, over


@dataclass(frozen=True, eq=False)
class OnRoutes:
    """How R scalars depend on one group of routes, by where its flows count.

    The first seven are derivatives by the log of the flow of each market, (M, R); W is the number
    of routes.

    Attributes:
        tariff_mr: through tariff revenue.
        export_tax_mr: through export-tax revenue.
        transit_mr: through the fees that are wedges.
        base_fee_mr: through the fees that are inside exporters' costs.
        crowding_mr: through the quantities that crowd the routes.
        received_mr: through what producers receive.
        access_mr: through what buyers can choose from, by the log of πφ.
        by_tariff_nr: by tariff revenue of the markets, (M, R).
        by_export_tax_r: by export-tax revenue of the origin, (R,).
        by_transit_wr: by the income from wedges of the country that each route passes.
        by_fees_paid_wr: by what exporters' costs hold of its fees.
        by_base_fee_wr: by what it earned from fees in the base year.
        by_quantity_wr: by the quantity on each route.
    """

    tariff_mr: Array
    export_tax_mr: Array
    transit_mr: Array
    base_fee_mr: Array
    crowding_mr: Array
    received_mr: Array
    access_mr: Array
    by_tariff_nr: Array
    by_export_tax_r: Array
    by_transit_wr: Array
    by_fees_paid_wr: Array
    by_base_fee_wr: Array
    by_quantity_wr: Array

    @property
    def revenue_mr(self) -> Array:
        """Derivatives by the log of a bid, through all revenues and crowding."""
        return self.tariff_mr + self.export_tax_mr + self.transit_mr + self.crowding_mr

    @property
    def behind_border_mr(self) -> Array:
        """Derivatives by the log of what is left after tariff, without tariff revenue."""
        return self.behind_fees_mr + self.crowding_mr

    @property
    def behind_fees_mr(self) -> Array:
        """By the log of the value at the origin's border; a fee leaves quantities as they are."""
        return self.export_tax_mr + self.transit_mr + self.base_fee_mr + self.received_mr

    @property
    def carried_mr(self) -> Array:
        """Derivatives by the log of πφ."""
        return self.revenue_mr + self.base_fee_mr + self.received_mr + self.access_mr


def revenues_back(
    saved_state: SavedState,
    by_crowding_qr: Array,
    by_tariff_nr: Array,
    by_export_tax_nr: Array,
    by_transit_nr: Array,
) -> list[OnRoutes]:
    """Derivatives by the flows of every group, through revenues and crowding."""
    if not saved_state.flows:
        return []
    by_flow_qr = over(
        saved_state.congestion.slope_qb * saved_state.congestion.taken_qb * by_crowding_qr,
        saved_state.congestion.flow_qb,
    )
    out = []
    for f, v in zip(saved_state.flows, saved_state.shipments, strict=True):
        r = f.route_group
        share = f.choice.share_rb
        by_transit, by_quantity = (
            np.where((at >= 0)[:, None], by[np.maximum(at, 0)] if len(by) else 0.0, 0.0)
            * np.ones((1, by_tariff_nr.shape[1]))
            for at, by in ((r.transit_r, by_transit_nr), (r.room_r, by_flow_qr))
        )
        moved = (share - r.share_r[:, None]) * r.fee_r[:, None]
        by_tariff, by_tax = by_tariff_nr[r.market_m], by_export_tax_nr[r.origin]
        out.append(
            OnRoutes(
                tariff_mr=v.paid_mb * f.tariff / (1 + f.tariff) * by_tariff,
                export_tax_mr=v.received_mb * f.export_tax * by_tax,
                transit_mr=v.fob_mb * (moved * by_transit).sum(axis=0),
                base_fee_mr=np.zeros_like(by_tariff),
                crowding_mr=v.arrived_mb * (share * by_quantity).sum(axis=0),
                received_mr=np.zeros_like(by_tariff),
                access_mr=np.zeros_like(by_tariff),
                by_tariff_nr=by_tariff,
                by_export_tax_r=by_tax,
                by_transit_wr=by_transit,
                by_fees_paid_wr=np.zeros_like(by_transit),
                by_base_fee_wr=np.zeros_like(by_transit),
                by_quantity_wr=by_quantity,
            )
        )
    return out


def fees_paid_back(
    saved_state: SavedState, k: int, on: OnRoutes, by_fees_paid_nr: Array, by_base_fee_nr: Array
) -> OnRoutes:
    """The same with what the k-th group does through fees inside exporters' costs."""
    r = saved_state.flows[k].route_group
    paid, base = (
        np.where((r.transit_r >= 0)[:, None], by[r.transit_r], 0.0)
        for by in (by_fees_paid_nr, by_base_fee_nr)
    )
    earned = (r.share_r * r.fee_r) @ paid
    return replace(
        on,
        base_fee_mr=saved_state.shipments[k].fob_mb * earned,
        by_fees_paid_wr=paid,
        by_base_fee_wr=base,
    )


@dataclass(frozen=True, eq=False)
class ByRoutes:
    """Derivatives of R scalars by what one group of routes is given, (M, W, R) and (M, R).

    Attributes:
        log_cost_mwr: by the log cost of each route.
        fee_mwr: by the fee on each route.
        tariff_mr: by t', at unchanged πφ.
        export_tax_mr: by e', at unchanged πφ.
    """

    log_cost_mwr: Array
    fee_mwr: Array
    tariff_mr: Array
    export_tax_mr: Array


def choice_back(saved_state: SavedState, k: int, on: OnRoutes) -> ByRoutes:
    """Through the choice among routes of the k-th group, to their costs, fees and taxes."""
    f, v = saved_state.flows[k], saved_state.shipments[k]
    r = f.route_group
    share = f.choice.share_rb
    by_fee = -on.behind_fees_mr / (1 + f.choice.fee_b)
    by_share = _by_share(saved_state, k, on, by_fee)
    mean = (share * by_share).sum(axis=1, keepdims=True)
    theta = float(saved_state.system.economy.trade_elasticity_j[r.good])
    # What melts on a dearer route does not arrive: the quantities fall by one to one.
    by_cost = theta * on.carried_mr + on.crowding_mr
    log_cost = -share * (by_cost[:, None] + r.elasticity * (by_share - mean))
    moved = share - r.share_r[:, None]
    tariff, tax = 1 + f.tariff, 1 + f.export_tax
    inside = v.fob_mb[:, None] * on.by_fees_paid_wr + v.base_m1[:, None] * on.by_base_fee_wr
    wedge = by_fee[:, None] + v.fob_mb[:, None] * on.by_transit_wr
    return ByRoutes(
        log_cost_mwr=log_cost,
        fee_mwr=moved * wedge + r.share_r[:, None] * inside,
        tariff_mr=v.paid_mb / tariff**2 * on.by_tariff_nr - on.behind_border_mr / tariff,
        export_tax_mr=v.fob_mb / tax**2 * on.by_export_tax_r
        - (on.received_mr + on.crowding_mr) / tax,
    )


def elasticity_back(saved_state: SavedState, k: int, on: OnRoutes) -> Array:
    """By ρ of the k-th group, the costs of its routes and their crowding being held, (R,).

    With new shares s and l = log ĉ of the routes, ∂ log d̂ / ∂ρ = (Σ s l − log d̂) / ρ and
    ∂s / ∂ρ = −s (l − Σ s l).
    """
    f = saved_state.flows[k]
    r, share = f.route_group, f.choice.share_rb
    used = share[:, 0] > 0
    if not used.any():
        return np.zeros(on.carried_mr.shape[1])
    log_cost = np.zeros(len(used))
    log_cost[used] = np.log(r.cost_rb[used, 0])
    crowded = used & (r.room_r >= 0)
    log_cost[crowded] += saved_state.x.log_crowding_qb[r.room_r[crowded], 0]
    mean = float(share[:, 0] @ log_cost)
    theta = float(saved_state.system.economy.trade_elasticity_j[r.good])
    by_cost = (mean - np.log(f.choice.cost_b[0])) / r.elasticity
    by_share = _by_share(saved_state, k, on, -on.behind_fees_mr / (1 + f.choice.fee_b))
    moved = -(share[:, 0] * (log_cost - mean))[:, None]
    through_cost = theta * on.carried_mr + on.crowding_mr
    by_market = -by_cost * through_cost + (moved * by_share).sum(axis=1)
    return np.asarray(by_market.sum(axis=0))


def _by_share(saved_state: SavedState, k: int, on: OnRoutes, by_fee_mr: Array) -> Array:
    """By the share of each route of the k-th group, (M, W, R), from derivatives by its fee."""
    r, v = saved_state.flows[k].route_group, saved_state.shipments[k]
    return np.asarray(
        r.fee_r[:, None] * (by_fee_mr[:, None] + v.fob_mb[:, None] * on.by_transit_wr)
        + v.arrived_mb[:, None] * on.by_quantity_wr
    )
