"""One evaluation of the whole system: pure functions of arrays, no labels, no loops over markets.

An evaluation is a handful of batched matrix products and O(JN) exponentials; the N²J powers of
trade costs were taken once (`detente.trade.system.prepare`) and are never taken again. The last
axis `b` is the shock: many shocks of one base year share the products.

Arrays may be of another library that follows the Python array API, as long as no factor is fixed,
no flow has routes and no single cells are added to the products: those scatter by position, which
the API has no function for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.trade.arrays import namespace
from detente.trade.behaviour import (
    by_component,
    factor_bills,
    final_demand,
    input_demand,
    transfers,
    unit_costs,
)
from detente.trade.economy import Array
from detente.trade.network import Network, Routes
from detente.trade.routes import Choice, Choices, arrived_on, choose, fees, relaxed
from detente.trade.system import System

_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Unknowns:
    """What is solved for.

    Attributes:
        log_wage_nb: log ŵ.
        log_rent_kb: log r̂ at `System.fixed_at`.
        log_price_jnb: log P̂.
        spending_jnb: X', USD million.
        log_crowding_qb: log congestion cost of the ways with a capacity.
    """

    log_wage_nb: Array
    log_rent_kb: Array
    log_price_jnb: Array
    spending_jnb: Array
    log_crowding_qb: Array


@dataclass(frozen=True, eq=False)
class Point:
    """What one evaluation meets on the way.

    Attributes:
        log_cost_jnb: log ĉ.
        sales_jnb: Y', USD million.
        income_nb: I', USD million.
        tariff_revenue_nb: T', USD million.
        export_tax_revenue_nb: USD million.
        transit_revenue_nb: ΔR, fee income less the base year's, USD million.
        transfer_nb: D', USD million.
        log_final_price_nb: log of the final price index P̂ᶠ.
        choices: how each group of routes chooses.
    """

    log_cost_jnb: Array
    sales_jnb: Array
    income_nb: Array
    tariff_revenue_nb: Array
    export_tax_revenue_nb: Array
    transit_revenue_nb: Array
    transfer_nb: Array
    log_final_price_nb: Array
    choices: tuple[Choice, ...]


@dataclass(frozen=True, eq=False)
class RouteFlow:
    """The cells of one group of routes during an evaluation, (M, B) each."""

    routes: Routes
    choice: Choice
    carried: Array
    tariff: Array
    export_tax: Array


@dataclass(frozen=True, eq=False)
class RouteFlows:
    """The cells of all groups during an evaluation, (M, B) each.

    Attributes:
        choices: of ways.
        carried: A.
        tariff: t'.
        export_tax: e'.
    """

    choices: Choices
    carried: Array
    tariff: Array
    export_tax: Array

    @cached_property
    def arriving(self) -> Array:
        """The part of what is shipped that arrives."""
        return np.asarray(self.choices.arriving_gb[self.choices.network.group_m])

    @cached_property
    def fee(self) -> Array:
        """Fees beyond the base year's, as a share of the value at the origin's border."""
        return np.asarray(self.choices.fee_gb[self.choices.network.group_m])

    @property
    def groups(self) -> tuple[RouteFlow, ...]:
        """Each group's own."""
        net = self.choices.network
        return tuple(
            RouteFlow(r, choice, self.carried[at], self.tariff[at], self.export_tax[at])
            for r, choice, at in zip(net.routes, self.choices.groups, net.flows, strict=True)
        )


def evaluate(system: System, x: Unknowns) -> tuple[Unknowns, Point]:
    """One pass through prices, trade, incomes and spending.

    The unknowns are scaled to the numeraire: factor income of each trading component stays what it
    was.

    Args:
        system: the base year under the shocks.
        x: the unknowns.

    Returns:
        The updated unknowns and the levels met on the way.
    """
    eco, xp = system.economy, namespace(x.log_wage_nb)
    log_wage, rent = _scaled(system, x.log_wage_nb, x.log_rent_kb)
    log_cost, states = unit_costs(system, log_wage, rent, x.log_price_jnb)
    theta = eco.trade_elasticity_j[:, None, None]
    pull = xp.exp(-theta * log_cost)
    flows = route_flows(system, x.log_crowding_qb) if system.network else None

    access = system.carried.to_markets(pull)
    if flows is not None:
        net = system.network
        np.add.at(access, net.to_market, flows.carried * pull[net.from_origin])
    access = xp.maximum(access, _TINY)
    new_log_price = xp.log(access) / -theta
    bid = x.spending_jnb / access

    sales = system.landed.to_origins(bid)
    if flows is not None:
        got = flows.carried * bid[system.network.to_market]
        got /= (1 + flows.tariff) * (1 + flows.fee) * (1 + flows.export_tax)
        np.add.at(sales, (net.good_g, net.origin_g), net.of_flows(got))
    sales *= pull

    labour_bill, fixed_bill = factor_bills(system, sales, states)
    labour = labour_bill
    fees_paid = None
    if flows is not None and system.base_fee_n.any():
        # What base fees take of the bills is not for labour that could do something else.
        fob = got * (1 + flows.export_tax) * pull[system.network.from_origin]
        fees_paid = fees(system.network, system.network.share_w[:, None], fob, len(labour))
        labour = (labour_bill - fees_paid) / system.waged_n[:, None]
    scale = _numeraire(system, labour + xp.sum(fixed_bill, axis=1))
    labour, labour_bill = labour * scale, labour_bill * scale
    if system.has_fixed:
        fixed_bill = fixed_bill * scale[:, None, :]
    sales, bid = sales * scale, bid * scale

    supply = xp.maximum(system.labour_supply_nb, _TINY)
    new_log_wage = xp.log(xp.maximum(labour, _TINY) / supply)
    new_log_rent = x.log_rent_kb
    if system.has_fixed:
        paid = np.maximum(fixed_bill[system.fixed_at], _TINY)
        new_log_rent = np.log(paid / system.fixed_supply_kb)
    earned = labour_bill + xp.sum(fixed_bill, axis=1)
    tariff, export_tax, transit, new_crowding = _other_income(
        system, flows, bid, pull, x.log_crowding_qb
    )
    transfer = transfers(system, earned)
    income = earned + tariff + export_tax + transit + transfer
    if fees_paid is not None:
        transit = transit + (fees_paid * scale - system.base_fee_n[:, None])
    final_price, final = final_demand(eco, new_log_price, income)
    spending = input_demand(system, sales, states) + final
    point = Point(
        log_cost,
        sales,
        income,
        tariff,
        export_tax,
        transit,
        transfer,
        final_price,
        () if flows is None else flows.choices.groups,
    )
    return Unknowns(new_log_wage, new_log_rent, new_log_price, spending, new_crowding), point


def _scaled(system: System, log_wage_nb: Array, log_rent_kb: Array) -> tuple[Array, Array]:
    """Wages (N, B) and rents (N, J, B) in units of the numeraire, in logs.

    Where nothing is fixed, rents and the bills of fixed factors are zeros with a last axis of one.
    """
    (J, N), xp = system.economy.shape, namespace(log_wage_nb)
    if not system.has_fixed:
        earned = xp.exp(log_wage_nb) * system.labour_supply_nb
        return log_wage_nb + xp.log(_numeraire(system, earned)), xp.zeros((N, J, 1))
    rent = np.zeros((N, J, log_wage_nb.shape[1]))
    rent[system.fixed_at] = np.exp(log_rent_kb) * system.fixed_supply_kb
    earned = np.exp(log_wage_nb) * system.labour_supply_nb + rent.sum(axis=1)
    shift = np.log(_numeraire(system, earned))
    rent[system.fixed_at] = log_rent_kb + shift[system.fixed_at[0]]
    return log_wage_nb + shift, rent


def _numeraire(system: System, factor_income_nb: Array) -> Array:
    """What scales each country's money so that its component's factor income is the base's."""
    ratio = system.factor_income_c[:, None] / by_component(system, factor_income_nb)
    out: Array = namespace(ratio).take(ratio, system.component_n, axis=0)
    return out


def route_flows(system: System, log_crowding_qb: Array) -> RouteFlows:
    """The cells of all groups of routes at a crowding of their ways."""
    carry, taxes = system.route_carry_mb, system.route_taxes
    theta_j = system.economy.trade_elasticity_j
    return flows_on(system.network, carry, taxes, theta_j, log_crowding_qb)


def flows_on(
    network: Network, carry_mb: Array, taxes: Array, theta_j: Array, log_crowding_qb: Array
) -> RouteFlows:
    """The cells of some groups, from A at unchanged route costs and taxes (2, M, B)."""
    choices = choose(network, log_crowding_qb)
    # Where every way is closed the cost is infinite and nothing is carried.
    melt = choices.cost_gb ** -theta_j[network.good_g, None]
    return RouteFlows(choices, carry_mb * melt[network.group_m], *taxes)


def _other_income(
    system: System,
    flows: RouteFlows | None,
    bid_jnb: Array,
    pull_jib: Array,
    log_crowding_qb: Array,
) -> tuple[Array, Array, Array, Array]:
    """Tariff, export-tax and wedges' transit revenue by country (N, B), and the next crowding."""
    (N, B), xp = bid_jnb.shape[1:], namespace(bid_jnb)
    tariff, export_tax, transit = (xp.zeros((N, B)) for _ in range(3))
    if system.tariff_share is not None:
        tariff += xp.sum(bid_jnb * system.tariff_share.to_markets(pull_jib), axis=0)
    if system.export_tax_share is not None:
        export_tax += xp.sum(pull_jib * system.export_tax_share.to_origins(bid_jnb), axis=0)
    if flows is None:
        return tariff, export_tax, transit, xp.zeros_like(log_crowding_qb)
    net, share = system.network, flows.choices.share_wb
    pull = pull_jib[net.from_origin]
    landed = flows.carried * bid_jnb[net.to_market] * pull / (1 + flows.tariff)
    np.add.at(tariff, net.market_m, landed * flows.tariff)
    fob = landed / (1 + flows.fee)
    gate = fob / (1 + flows.export_tax)
    np.add.at(export_tax, net.origin_g, net.of_flows(gate * flows.export_tax))
    transit = fees(net, share - net.share_w[:, None], fob, N)
    if not len(log_crowding_qb):
        return tariff, export_tax, transit, log_crowding_qb
    theta = system.economy.trade_elasticity_j[net.good_g]
    # What takes up room is what arrives, at base prices: value at the origin's gate over the change
    # of its cost, less what melts.
    quantity = gate * pull ** (1 / theta[net.group_m, None]) * flows.arriving
    arrived = arrived_on(net, share, quantity, len(log_crowding_qb))
    falls = float(max(net.elasticity_g.max(), theta.max() + 1))
    return tariff, export_tax, transit, relaxed(system.rooms, log_crowding_qb, arrived, falls)
