"""One evaluation of the whole system: pure functions of arrays, no labels, no loops over markets.

An evaluation is a handful of batched matrix products and O(JN) exponentials; the N²J powers of
trade costs were taken once (`detente.trade.system.prepare`) and are never taken again. The last
axis `b` is the shock: many shocks of one base year share the products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.trade.economy import Array, Economy
from detente.trade.network import Network, Routes
from detente.trade.routes import Choice, Choices, arrived_on, choose, fees, relaxed
from detente.trade.system import System

_TINY = 1e-300
#: Per group of producers: price, wage, rental and total relatives that cost shares need.
States = list[tuple[Array, Array, Array, Array]]


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
        transit_revenue_nb: fee income beyond the base year's, USD million.
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
    def cost(self) -> Array:
        """Change of delivered cost by the ways, as a factor."""
        return np.asarray(self.choices.cost_gb[self.choices.network.group_m])

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
    eco = system.economy
    log_wage, rent = _scaled(system, x.log_wage_nb, x.log_rent_kb)
    log_cost, states = unit_costs(system, log_wage, rent, x.log_price_jnb)
    theta = eco.trade_elasticity_j[:, None, None]
    pull = np.exp(-theta * log_cost)
    flows = route_flows(system, x.log_crowding_qb) if system.network else None

    access = system.carried.to_markets(pull)
    if flows is not None:
        net = system.network
        np.add.at(access, net.to_market, flows.carried * pull[net.from_origin])
    access = np.maximum(access, _TINY)
    new_log_price = np.log(access) / -theta
    bid = x.spending_jnb / access

    sales = system.landed.to_origins(bid)
    if flows is not None:
        got = flows.carried * bid[system.network.to_market]
        got /= (1 + flows.tariff) * (1 + flows.fee) * (1 + flows.export_tax)
        np.add.at(sales, (net.good_g, net.origin_g), net.of_flows(got))
    sales *= pull

    labour_bill, fixed_bill = factor_bills(system, sales, states)
    scale = _numeraire(system, labour_bill + fixed_bill.sum(axis=1))
    labour_bill = labour_bill * scale
    if system.has_fixed:
        fixed_bill = fixed_bill * scale[:, None]
    sales, bid = sales * scale, bid * scale

    supply = np.maximum(system.labour_supply_nb, _TINY)
    new_log_wage = np.log(np.maximum(labour_bill, _TINY) / supply)
    new_log_rent = np.log(np.maximum(fixed_bill[system.fixed_at], _TINY) / system.fixed_supply_kb)
    earned = labour_bill + fixed_bill.sum(axis=1)
    tariff, export_tax, transit, new_crowding = _other_income(
        system, flows, bid, pull, x.log_crowding_qb
    )
    transfer = transfers(system, earned)
    income = earned + tariff + export_tax + transit + transfer
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
    J, N = system.economy.shape
    if not system.has_fixed:
        earned = np.exp(log_wage_nb) * system.labour_supply_nb
        return log_wage_nb + np.log(_numeraire(system, earned)), np.zeros((N, J, 1))
    rent = np.zeros((N, J, log_wage_nb.shape[1]))
    rent[system.fixed_at] = np.exp(log_rent_kb) * system.fixed_supply_kb
    earned = np.exp(log_wage_nb) * system.labour_supply_nb + rent.sum(axis=1)
    shift = np.log(_numeraire(system, earned))
    rent[system.fixed_at] = log_rent_kb + shift[system.fixed_at[0]]
    return log_wage_nb + shift, rent


def by_component(system: System, value_nb: Array) -> Array:
    """Sums over each trading component, (C, B)."""
    if len(system.factor_income_c) == 1:
        return np.asarray(value_nb.sum(axis=0, keepdims=True))
    out = np.zeros((len(system.factor_income_c), value_nb.shape[1]))
    np.add.at(out, system.component_n, value_nb)
    return out


def _numeraire(system: System, factor_income_nb: Array) -> Array:
    """What scales each country's money so that its component's factor income is the base's."""
    ratio = system.factor_income_c[:, None] / by_component(system, factor_income_nb)
    return np.asarray(ratio[system.component_n])


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
    """Tariff, export-tax and extra transit revenue by country (N, B), and the next crowding."""
    N, B = bid_jnb.shape[1:]
    tariff, export_tax, transit = (np.zeros((N, B)) for _ in range(3))
    if system.tariff_share is not None:
        tariff += (bid_jnb * system.tariff_share.to_markets(pull_jib)).sum(axis=0)
    if system.export_tax_share is not None:
        export_tax += (pull_jib * system.export_tax_share.to_origins(bid_jnb)).sum(axis=0)
    if flows is None:
        return tariff, export_tax, transit, np.zeros_like(log_crowding_qb)
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
    # of its cost and of delivery's.
    quantity = gate * pull ** (1 / theta[net.group_m, None]) / flows.cost
    arrived = arrived_on(net, share, quantity, len(log_crowding_qb))
    falls = float(max(net.elasticity_g.max(), theta.max() + 1))
    return tariff, export_tax, transit, relaxed(system.rooms, log_crowding_qb, arrived, falls)


def unit_costs(
    system: System, log_wage_nb: Array, log_rent_njb: Array, log_price_jnb: Array
) -> tuple[Array, States]:
    """log ĉ[j,n] under nested CES, and per group the relative changes of prices that shares need.

    With shares that sum to one, log Σ s x^(1−ε) / (1−ε) is log1p Σ s expm1((1−ε) log x) / (1−ε),
    which is exact as ε → 1 from both sides; ε = 1 itself is Cobb-Douglas.
    """
    log_cost = np.empty_like(log_price_jnb)
    states: States = []
    log_price = np.ascontiguousarray(log_price_jnb.transpose(1, 0, 2))
    for group in system.groups:
        g = group.goods
        rent = log_rent_njb[:, g]
        labour, fixed = group.labour_share_nj[:, :, None], group.fixed_share_nj[:, :, None]
        inputs = group.input_share_nkj.transpose(0, 2, 1)
        if group.elasticity == 1.0:
            cost = np.matmul(inputs, log_price)
            cost = cost + labour * log_wage_nb[:, None] + fixed * rent
            states.append((np.zeros(0),) * 4)
        else:
            power = 1 - group.elasticity
            price = np.expm1(power * log_price)
            wage = np.expm1(power * log_wage_nb)[:, None]
            rental = np.expm1(power * rent)
            total = np.matmul(inputs, price) + labour * wage + fixed * rental
            total = np.maximum(total, -1 + 1e-15)
            cost = np.log1p(total) / power
            states.append((1 + price, 1 + wage, 1 + rental, 1 + total))
        log_cost[g] = (cost - system.log_productivity_njb[:, g]).transpose(1, 0, 2)
    return log_cost, states


def factor_bills(system: System, sales_jnb: Array, states: States) -> tuple[Array, Array]:
    """What producers pay to the mobile factor (N, B) and to fixed factors (N, J, B)."""
    J, N = system.economy.shape
    B = sales_jnb.shape[2]
    labour, fixed = np.zeros((N, B)), np.zeros((N, J, B if system.has_fixed else 1))
    for group, (_, wage, rental, total) in zip(system.groups, states, strict=True):
        g = group.goods
        sales = sales_jnb[g].transpose(1, 0, 2)
        if group.elasticity == 1.0:
            labour += (group.labour_share_nj[:, :, None] * sales).sum(axis=1)
            if system.has_fixed:
                fixed[:, g] = group.fixed_share_nj[:, :, None] * sales
        else:
            per_cost = sales / total
            labour += (group.labour_share_nj[:, :, None] * per_cost * wage).sum(axis=1)
            if system.has_fixed:
                fixed[:, g] = group.fixed_share_nj[:, :, None] * per_cost * rental
    return labour, fixed


def input_demand(system: System, sales_jnb: Array, states: States) -> Array:
    """Purchases of inputs by all producers, (J, N, B), USD million."""
    J, N = system.economy.shape
    demand = np.zeros((N, J, sales_jnb.shape[2]))
    for group, (price, _, _, total) in zip(system.groups, states, strict=True):
        sales = sales_jnb[group.goods].transpose(1, 0, 2)
        if group.elasticity == 1.0:
            demand += np.matmul(group.input_share_nkj, np.ascontiguousarray(sales))
        else:
            demand += price * np.matmul(group.input_share_nkj, sales / total)
    return demand.transpose(1, 0, 2)


def final_demand(economy: Economy, log_price_jnb: Array, income_nb: Array) -> tuple[Array, Array]:
    """log P̂ᶠ (N, B) and final purchases (J, N, B) at given prices and incomes."""
    share, sigma = economy.final_share_nj.T[:, :, None], economy.final_substitution_n
    log_index = (share * log_price_jnb).sum(axis=0)
    spent = share * income_nb
    other = np.nonzero(sigma != 1.0)[0]
    if len(other):
        power = (1 - sigma[other])[:, None]
        change = np.expm1(power * log_price_jnb[:, other])
        total = (share[:, other] * change).sum(axis=0)
        log_index[other] = np.log1p(total) / power
        spent[:, other] *= (1 + change) / (1 + total)
    return log_index, spent


def transfers(system: System, factor_income_nb: Array) -> Array:
    """D' by rule: `fixed` in units of the numeraire, `proportional` to factor income, or `zero`.

    Proportional transfers are closed within each trading component, so that a country that is cut
    off neither lends nor borrows.
    """
    eco, added = system.economy, system.added_transfer_nb
    if system.transfer_rule == "fixed":
        return eco.transfer_n[:, None] + added
    if system.transfer_rule == "zero":
        return added
    base = eco.labour_n + eco.fixed_nj.sum(axis=1)
    wanted = (eco.transfer_n / base)[:, None] * factor_income_nb
    rate = by_component(system, wanted) / by_component(system, factor_income_nb)
    return np.asarray(wanted - rate[system.component_n] * factor_income_nb + added)
