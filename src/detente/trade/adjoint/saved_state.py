"""What the transposed products need of an equilibrium: levels and shares at the solution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente._types import Array
from detente.trade._evaluation import (
    Point,
    RouteGroupFlow,
    States,
    Unknowns,
    evaluate,
    factor_bills,
    final_demand,
    route_flows,
    unit_costs,
)
from detente.trade._network import Network
from detente.trade._solution import Solution
from detente.trade._specified import costs_of, labour_supply, market_size, scale_of
from detente.trade._system import System, by_component, prepare
from detente.trade.routes import arrived_on, base_values

_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Shipments:
    """One group's flows with routes at the solution, USD million.

    Attributes:
        paid_mb: what buyers pay.
        fob_mb: what arrives at the origin's border, without fees beyond the base year's.
        received_mb: what producers receive.
        arrived_mb: quantities that arrive, at base prices.
        base_m1: `fob_mb` of the base year.
    """

    paid_mb: Array
    fob_mb: Array
    received_mb: Array
    arrived_mb: Array
    base_m1: Array


@dataclass(frozen=True, eq=False)
class CongestedRoutes:
    """The routes with a capacity at the solution.

    Attributes:
        flow_qb: what is on them, USD million at base prices.
        slope_qb: of log congestion cost in the log of the flow.
        taken_qb: the share of a gap of log congestion cost that one evaluation closes.
    """

    flow_qb: Array
    slope_qb: Array
    taken_qb: Array


@dataclass(frozen=True, eq=False)
class SavedState:
    """An equilibrium of one shock, as the transposed products take it; the last axis is one long.

    Attributes:
        system: the base year under this shock alone, with all cells in the common products.
        x: the unknowns.
        point: the levels at them.
        states: what cost shares need, a group of producers.
        pull_jib: ĉ^(−θ).
        access_jnb: P̂^(−θ), what buyers can choose from, without what a market's size adds.
        bid_jnb: X'/P̂^(−θ).
        spent_jnb: what producers pay for inputs and factors, USD million.
        marketing_jnb: what markets pay their own labour, USD million; None where there is none.
        labour_nb: bills of the mobile factor, USD million.
        endowed_nb: ŵ L̂ L, the mobile factor at its wage, whether or not it earns fees instead.
        fixed_njb: bills of fixed factors, USD million.
        earned_cb: of each trading component, the mobile factor at its wage and fixed factors.
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
    spent_jnb: Array
    marketing_jnb: Array | None
    labour_nb: Array
    endowed_nb: Array
    fixed_njb: Array
    earned_cb: Array
    final_jnb: Array
    flows: tuple[RouteGroupFlow, ...]

    @cached_property
    def shipments(self) -> tuple[Shipments, ...]:
        """What the flows with routes are worth, a group."""
        out = []
        for f in self.flows:
            r = f.route_group
            bid, pull = self.bid_jnb[r.good, r.market_m], self.pull_jib[r.good, r.origin]
            paid = f.carried * bid * pull
            fob = paid / ((1 + f.tariff) * (1 + f.choice.fee_b))
            received = fob / (1 + f.export_tax)
            gate = np.exp(self.point.log_cost_jnb[r.good, r.origin])
            arrived = received / gate * f.choice.arriving_b
            base = base_values(self.system.economy, Network((r,)))[:, None]
            out.append(Shipments(paid, fob, received, arrived, base))
        return tuple(out)

    @cached_property
    def congestion(self) -> CongestedRoutes:
        """How crowded the routes with a capacity are."""
        rooms = self.system.rooms
        flow = np.zeros((len(rooms.level_q), 1))
        falls = 0.0
        for f, goods in zip(self.flows, self.shipments, strict=True):
            one = Network((f.route_group,))
            flow += arrived_on(one, f.choice.share_rb, goods.arrived_mb, len(flow))
            theta = float(self.system.economy.trade_elasticity_j[f.route_group.good])
            falls = max(falls, f.route_group.elasticity, theta + 1)
        full = rooms.level_q[:, None] * (flow / rooms.capacity_qb) ** rooms.power_q[:, None]
        slope = rooms.power_q[:, None] * full / (1 + full)
        return CongestedRoutes(flow, slope, 1 / (1 + slope * falls))


def saved_state_of(solution: Solution) -> SavedState:
    """Levels and shares of a solution."""
    shared = solution.together
    system = prepare(
        shared.economy,
        [solution.wedges],
        transfer_rule=shared.transfer_rule,
        component_n=shared.component_n,
    )
    x = Unknowns(
        solution.log_wage_n[:, None],
        solution.log_rent_nj[system.fixed_at][:, None],
        np.ascontiguousarray(solution.log_price_jn[:, :, None]),
        np.ascontiguousarray(solution.spending_jn[:, :, None]),
        solution.log_congestion_q[:, None],
        solution.log_employment_m[:, None],
        solution.log_scale_l[:, None],
    )
    _, point = evaluate(system, x)
    rent = solution.log_rent_nj[:, :, None]
    scale = scale_of(system, x.log_scale_lb)
    _, states = unit_costs(system, x.log_wage_nb, rent, x.log_price_jnb, scale)
    theta = system.economy.trade_elasticity_j[:, None, None]
    offer = x.log_price_jnb
    if system.economy.market_size_elasticity_jn is not None:
        size = market_size(system.economy, x.spending_jnb, x.log_wage_nb)
        offer = offer + system.economy.market_size_elasticity_jn[:, :, None] * size
    access = np.maximum(np.exp(-theta * offer), _TINY)
    pull, bid = np.exp(-theta * point.log_cost_jnb), x.spending_jnb / access
    spent = costs_of(system.economy, point.sales_jnb)
    labour, fixed = factor_bills(system, spent, states)
    marketing = None
    if system.marketing_share is not None:
        marketing = bid * system.marketing_share.to_markets(pull)
        labour = labour + marketing.sum(axis=0)
    endowed = np.exp(x.log_wage_nb) * labour_supply(system, x.log_employment_mb)
    return SavedState(
        system=system,
        x=x,
        point=point,
        states=states,
        pull_jib=pull,
        access_jnb=access,
        bid_jnb=bid,
        spent_jnb=spent,
        marketing_jnb=marketing,
        labour_nb=labour,
        endowed_nb=endowed,
        fixed_njb=fixed,
        earned_cb=by_component(system, endowed + fixed.sum(axis=1)),
        final_jnb=final_demand(system.economy, x.log_price_jnb, point.income_nb)[1],
        flows=route_flows(system, x.log_crowding_qb).groups if system.network else (),
    )


def over(by_log: Array, level: Array) -> Array:
    """A ratio that is 0 where the level is; derivatives by a level from those by its logarithm."""
    shape = np.broadcast_shapes(by_log.shape, level.shape)
    out: Array = np.divide(by_log, level, out=np.zeros(shape), where=level > 0)
    return out
