"""What the transposed products need of an equilibrium: levels and shares at the solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.trade.economy import Array
from detente.trade.kernels import (
    Point,
    RouteFlow,
    States,
    Unknowns,
    by_component,
    evaluate,
    factor_bills,
    route_flow,
    unit_costs,
)
from detente.trade.solution import Solution
from detente.trade.system import System, prepare

_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Tape:
    """An equilibrium of one shock, as the transposed products take it; the last axis is one long.

    Attributes:
        system: the base year under this shock alone, with all cells in the common products.
        x: the unknowns.
        point: the levels at them.
        states: what cost shares need, a group of producers.
        pull_jib: ĉ^(−θ).
        access_jnb: P̂^(−θ).
        bid_jnb: X'/P̂^(−θ).
        labour_nb: bills of the mobile factor, USD million.
        fixed_njb: bills of fixed factors, USD million.
        earned_cb: factor income of each trading component.
        final_jnb: final purchases, USD million.
        flows: the flows with routes.
    """

    system: System
    x: Unknowns
    point: Point
    states: States
    pull_jib: Array
    access_jnb: Array
    bid_jnb: Array
    labour_nb: Array
    fixed_njb: Array
    earned_cb: Array
    final_jnb: Array
    flows: tuple[RouteFlow, ...]


def tape_of(solution: Solution) -> Tape:
    """Levels and shares of a solution."""
    shared = solution.together
    system = prepare(
        shared.economy,
        [shared.wedges[solution.row]],
        transfer_rule=shared.transfer_rule,
        component_n=shared.component_n,
    )
    x = Unknowns(
        solution.log_wage_n[:, None],
        solution.log_rent_nj[system.fixed_at][:, None],
        np.ascontiguousarray(solution.log_price_jn[:, :, None]),
        np.ascontiguousarray(solution.spending_jn[:, :, None]),
        solution.log_crowding_q[:, None],
    )
    _, point = evaluate(system, x)
    rent = solution.log_rent_nj[:, :, None]
    _, states = unit_costs(system, x.log_wage_nb, rent, x.log_price_jnb)
    theta = system.economy.trade_elasticity_j[:, None, None]
    access = np.maximum(np.exp(-theta * x.log_price_jnb), _TINY)
    labour, fixed = factor_bills(system, point.sales_jnb, states)
    return Tape(
        system=system,
        x=x,
        point=point,
        states=states,
        pull_jib=np.exp(-theta * point.log_cost_jnb),
        access_jnb=access,
        bid_jnb=x.spending_jnb / access,
        labour_nb=labour,
        fixed_njb=fixed,
        earned_cb=by_component(system, labour + fixed.sum(axis=1)),
        final_jnb=_final(system, x.log_price_jnb, point.income_nb),
        flows=tuple(route_flow(system, k, x.log_crowding_qb) for k in range(len(system.routes))),
    )


def _final(system: System, log_price_jnb: Array, income_nb: Array) -> Array:
    from detente.trade.kernels import final_demand

    return final_demand(system.economy, log_price_jnb, income_nb)[1]
