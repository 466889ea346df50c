"""One evaluation of the whole system: pure functions of arrays, without loops over markets.

`evaluate` takes `Unknowns` and returns the `Point` that they lead to. `unit_costs`, `input_demand`,
`final_demand` and `transfers` say what producers, households and transfers do at given prices.

An evaluation is a handful of batched matrix products and O(JN) exponentials; the N²J powers of
trade costs were taken once (`detente.trade._system.prepare`) and are never taken again. The last
axis `b` is the shock: many shocks of one base year share the products.

Arrays may be of another library that follows the Python array API (see `detente.trade._economy`),
as long as no factor is fixed, no flow has routes and no single cells are added to the products:
those scatter by position, which the API has no function for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente._types import Array
from detente.trade._economy import Economy, all_goods, namespace, of_goods, packed
from detente.trade._network import Network, RouteGroup
from detente.trade._specified import (
    costs_of,
    labour_supply,
    market_size,
    next_employment,
    next_scale,
    profits,
    scale_of,
    wage_relief,
)
from detente.trade._system import System, by_component
from detente.trade.routes import Choice, Choices, arrived_on, choose, fees, relaxed

#: Per group of producers: price, wage, rental and total relatives that cost shares need.
States = list[tuple[Array, Array, Array, Array]]
#: A relative change eˣ − 1 below this loses digits of eˣ.
_FAR = -0.5
_TINY = 1e-300


def unit_costs(
    system: System,
    log_wage_nb: Array,
    log_rent_njb: Array,
    log_price_jnb: Array,
    log_scale_jnb: Array | None = None,
) -> tuple[Array, States]:
    """log ĉ[j,n] under nested CES, and per group the relative changes of prices that shares need.

    With shares that sum to one, log Σ s x^(1−ε) / (1−ε) is log1p Σ s expm1((1−ε) log x) / (1−ε),
    which is exact as ε → 1 from both sides; ε = 1 itself is Cobb-Douglas. Where prices moved so far
    that this sum is near −1, digits would cancel: it is then the sum of the powers themselves.
    Where returns to scale increase, productivity rises with the size of producers to the power γ.
    """
    xp = namespace(log_price_jnb)
    states: States = []
    costs = []
    log_price = packed(xp.permute_dims(log_price_jnb, (1, 0, 2)))
    for group in system.groups:
        rent = of_goods(log_rent_njb, group, 1)
        labour, fixed = group.labour_share_nj[:, :, None], group.fixed_share_nj[:, :, None]
        inputs = xp.permute_dims(group.input_share_nkj, (0, 2, 1))
        if group.elasticity == 1.0:
            cost = xp.matmul(inputs, log_price)
            cost = cost + labour * log_wage_nb[:, None, :] + fixed * rent
            states.append((xp.zeros(0),) * 4)
        else:
            power = 1 - group.elasticity
            price = xp.expm1(power * log_price)
            wage = xp.expm1(power * log_wage_nb)[:, None, :]
            rental = xp.expm1(power * rent)
            total = xp.matmul(inputs, price) + labour * wage + fixed * rental
            if min(xp.min(price), xp.min(wage), xp.min(rental)) < _FAR:
                price, rental = xp.exp(power * log_price), xp.exp(power * rent)
                wage = xp.exp(power * log_wage_nb)[:, None, :]
                whole = xp.matmul(inputs, price) + labour * wage + fixed * rental
                log_total, total = _log_sum(total, whole)
            else:
                log_total = xp.log1p(total)
                price, wage, rental, total = 1 + price, 1 + wage, 1 + rental, 1 + total
            cost = log_total / power
            states.append((price, wage, rental, total))
        cost = cost - of_goods(system.log_productivity_njb, group, 1)
        costs.append(xp.permute_dims(cost, (1, 0, 2)))
    log_cost = all_goods(costs, system.groups, 0)
    if log_scale_jnb is not None and system.economy.scale_elasticity_j is not None:
        log_cost = log_cost - system.economy.scale_elasticity_j[:, None, None] * log_scale_jnb
    return log_cost, states


def factor_bills(system: System, sales_jnb: Array, states: States) -> tuple[Array, Array]:
    """What producers pay to the mobile factor (N, B) and to fixed factors (N, J, B)."""
    (J, N), xp = system.economy.shape, namespace(sales_jnb)
    labour, fixed = xp.zeros((N, sales_jnb.shape[2])), []
    for group, (_, wage, rental, total) in zip(system.groups, states, strict=True):
        sales = xp.permute_dims(of_goods(sales_jnb, group, 0), (1, 0, 2))
        if group.elasticity == 1.0:
            labour += xp.sum(group.labour_share_nj[:, :, None] * sales, axis=1)
            if system.has_fixed:
                fixed.append(group.fixed_share_nj[:, :, None] * sales)
        else:
            per_cost = sales / total
            labour += xp.sum(group.labour_share_nj[:, :, None] * per_cost * wage, axis=1)
            if system.has_fixed:
                fixed.append(group.fixed_share_nj[:, :, None] * per_cost * rental)
    if not system.has_fixed:
        return labour, xp.zeros((N, J, 1))
    return labour, all_goods(fixed, system.groups, 1)


def input_demand(system: System, sales_jnb: Array, states: States) -> Array:
    """Purchases of inputs by all producers, (J, N, B), USD million."""
    (J, N), xp = system.economy.shape, namespace(sales_jnb)
    demand = xp.zeros((N, J, sales_jnb.shape[2]))
    for group, (price, _, _, total) in zip(system.groups, states, strict=True):
        sales = xp.permute_dims(of_goods(sales_jnb, group, 0), (1, 0, 2))
        if group.elasticity == 1.0:
            demand += xp.matmul(group.input_share_nkj, packed(sales))
        else:
            demand += price * xp.matmul(group.input_share_nkj, sales / total)
    out: Array = xp.permute_dims(demand, (1, 0, 2))
    return out


def final_demand(economy: Economy, log_price_jnb: Array, income_nb: Array) -> tuple[Array, Array]:
    """log P̂ᶠ (N, B) and final purchases (J, N, B) at given prices and incomes."""
    xp, sigma = namespace(log_price_jnb), economy.final_substitution_n
    share = xp.permute_dims(economy.final_share_nj, (1, 0))[:, :, None]
    log_index = xp.sum(share * log_price_jnb, axis=0)
    spent = share * income_nb
    same = sigma == 1.0
    if not xp.all(same):
        power = xp.where(same, xp.ones_like(sigma), 1 - sigma)[:, None]
        change = xp.expm1(power * log_price_jnb)
        total = xp.sum(share * change, axis=0)
        if xp.min(change) < _FAR:
            log_total, moved = _shifted(share, power * log_price_jnb)
        else:
            log_total, moved = xp.log1p(total), (1 + change) / (1 + total)
        log_index = xp.where(same[:, None], log_index, log_total / power)
        spent = xp.where(same[:, None], spent, spent * moved)
    return log_index, spent


def _log_sum(above: Array, whole: Array) -> tuple[Array, Array]:
    """log Σ s eˣ and the sum, from Σ s (eˣ − 1) and Σ s eˣ: from the one that has the digits."""
    xp = namespace(above)
    near = above > _FAR
    whole = xp.maximum(whole, _TINY)
    log_sum = xp.where(near, xp.log1p(xp.where(near, above, 0.0 * above)), xp.log(whole))
    return log_sum, xp.where(near, 1 + above, whole)


def _shifted(share: Array, power: Array) -> tuple[Array, Array]:
    """log Σ s eˣ over the first axis, and eˣ/Σ, however far x is from 0."""
    xp = namespace(power)
    counts = share > 0
    top = xp.max(xp.where(counts, power, -xp.inf), axis=0)
    top = xp.where(xp.isfinite(top), top, 0.0 * top)
    below = xp.where(counts, power - top, 0.0 * power)
    log_sum, _ = _log_sum(
        xp.sum(share * xp.expm1(below), axis=0), xp.sum(share * xp.exp(below), axis=0)
    )
    return top + log_sum, xp.exp(below - log_sum)


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
    xp = namespace(factor_income_nb)
    base = eco.labour_n + xp.sum(eco.fixed_nj, axis=1)
    wanted = (eco.transfer_n / base)[:, None] * factor_income_nb
    rate = by_component(system, wanted) / by_component(system, factor_income_nb)
    out: Array = wanted - xp.take(rate, system.component_n, axis=0) * factor_income_nb + added
    return out


@dataclass(frozen=True, eq=False)
class Unknowns:
    """What is solved for.

    Attributes:
        log_wage_nb: log ŵ.
        log_rent_kb: log r̂ at `System.fixed_at`.
        log_price_jnb: log P̂.
        spending_jnb: X', USD million.
        log_crowding_qb: log congestion cost of the routes with a capacity.
        log_employment_mb: log of what the mobile factor supplies beyond its endowment, by country
            where its supply is elastic, else empty.
        log_scale_lb: log of the size of producers, by good and country in one axis where returns to
            scale increase, else empty.
    """

    log_wage_nb: Array
    log_rent_kb: Array
    log_price_jnb: Array
    spending_jnb: Array
    log_crowding_qb: Array
    log_employment_mb: Array
    log_scale_lb: Array


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
        profit_nb: what each country has of profits, USD million; None where there are none.
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
    profit_nb: Array | None = None


@dataclass(frozen=True, eq=False)
class RouteGroupFlow:
    """The cells of one group of routes during an evaluation, (M, B) each."""

    route_group: RouteGroup
    choice: Choice
    carried: Array
    tariff: Array
    export_tax: Array


@dataclass(frozen=True, eq=False)
class RouteGroupFlows:
    """The cells of all groups during an evaluation, (M, B) each.

    Attributes:
        choices: of routes.
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
    def groups(self) -> tuple[RouteGroupFlow, ...]:
        """Each group's own."""
        net = self.choices.network
        return tuple(
            RouteGroupFlow(r, choice, self.carried[at], self.tariff[at], self.export_tax[at])
            for r, choice, at in zip(net.route_groups, self.choices.groups, net.flows, strict=True)
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
    offered = labour_supply(system, x.log_employment_mb)
    log_wage, rent = _scaled(system, x.log_wage_nb, x.log_rent_kb, offered)
    scale_jnb = scale_of(system, x.log_scale_lb)
    log_cost, states = unit_costs(system, log_wage, rent, x.log_price_jnb, scale_jnb)
    theta = eco.trade_elasticity_j[:, None, None]
    pull = xp.exp(-theta * log_cost)
    flows = route_flows(system, x.log_crowding_qb) if system.network else None

    new_log_price, bid = _offers(system, x, log_wage, pull, flows)
    sales, got = _sold(system, bid, flows)
    sales *= pull

    spent = costs_of(eco, sales)
    labour_bill, fixed_bill = factor_bills(system, spent, states)
    marketing = None
    if system.marketing_share is not None:
        marketing = bid * system.marketing_share.to_markets(pull)
        labour_bill = labour_bill + xp.sum(marketing, axis=0)
    labour = labour_bill
    fees_paid = None
    if flows is not None and system.base_fee_n.any():
        # What base fees take of the bills is not for labour that could do something else.
        assert got is not None
        fob = got * (1 + flows.export_tax) * pull[system.network.from_origin]
        fees_paid = fees(system.network, system.network.share_w[:, None], fob, len(labour))
        labour = (labour_bill - fees_paid) / system.waged_n[:, None]
    scale = _numeraire(system, labour + xp.sum(fixed_bill, axis=1))
    labour, labour_bill = labour * scale, labour_bill * scale
    if system.has_fixed:
        fixed_bill = fixed_bill * scale[:, None, :]
    sales, bid = sales * scale, bid * scale
    spent = costs_of(eco, sales)

    new_log_wage = xp.log(xp.maximum(labour, _TINY) / xp.maximum(offered, _TINY))
    new_log_rent = _rents(system, x.log_rent_kb, fixed_bill)
    earned = labour_bill + xp.sum(fixed_bill, axis=1)
    tariff, export_tax, transit, new_crowding = _other_income(
        system, flows, bid, pull, x.log_crowding_qb
    )
    transfer = transfers(system, earned)
    income = earned + tariff + export_tax + transit + transfer
    profit = None if eco.profit_share_j is None else profits(system, sales)
    income = income if profit is None else income + profit
    if fees_paid is not None:
        transit = transit + (fees_paid * scale - system.base_fee_n[:, None])
    final_price, final = final_demand(eco, new_log_price, income)
    spending = input_demand(system, spent, states) + final
    relief = wage_relief(eco, tariff + export_tax, labour_bill)
    employment = next_employment(eco, x.log_employment_mb, new_log_wage - final_price, relief)
    sold = None if marketing is None else marketing * scale
    new_scale = next_scale(system, x.log_scale_lb, log_cost, spent, sold)
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
        profit,
    )
    return (
        Unknowns(
            new_log_wage,
            new_log_rent,
            new_log_price,
            spending,
            new_crowding,
            employment,
            new_scale,
        ),
        point,
    )


def _rents(system: System, log_rent_kb: Array, fixed_bill_njb: Array) -> Array:
    """log r̂ at what producers pay; as it was where nothing is fixed."""
    if not system.has_fixed:
        return log_rent_kb
    paid = np.maximum(fixed_bill_njb[system.fixed_at], _TINY)
    return np.asarray(np.log(paid / system.fixed_supply_kb))


def _offers(
    system: System, x: Unknowns, log_wage_nb: Array, pull_jib: Array, flows: RouteGroupFlows | None
) -> tuple[Array, Array]:
    """log P̂ that comes out, and X' over what buyers can choose from, (J, N, B)."""
    eco, xp = system.economy, namespace(pull_jib)
    access = system.carried.to_markets(pull_jib)
    if flows is not None:
        net = system.network
        np.add.at(access, net.to_market, flows.carried * pull_jib[net.from_origin])
    access = xp.maximum(access, _TINY)
    log_price = xp.log(access) / -eco.trade_elasticity_j[:, None, None]
    if eco.market_size_elasticity_jn is not None:
        size = market_size(eco, x.spending_jnb, log_wage_nb)
        log_price = log_price - eco.market_size_elasticity_jn[:, :, None] * size
    return log_price, x.spending_jnb / access


def _sold(
    system: System, bid_jnb: Array, flows: RouteGroupFlows | None
) -> tuple[Array, Array | None]:
    """What each origin sells over its pull, (J, N, B), and each flow with routes, (M, B)."""
    sales = system.landed.to_origins(bid_jnb)
    if flows is None:
        return sales, None
    net = system.network
    got = flows.carried * bid_jnb[net.to_market]
    got /= (1 + flows.tariff) * (1 + flows.fee) * (1 + flows.export_tax)
    np.add.at(sales, (net.good_g, net.origin_g), net.of_flows(got))
    return sales, got


def _scaled(
    system: System, log_wage_nb: Array, log_rent_kb: Array, offered_nb: Array
) -> tuple[Array, Array]:
    """Wages (N, B) and rents (N, J, B) in units of the numeraire, in logs.

    Where nothing is fixed, rents and the bills of fixed factors are zeros with a last axis of one.
    """
    (J, N), xp = system.economy.shape, namespace(log_wage_nb)
    if not system.has_fixed:
        earned = xp.exp(log_wage_nb) * offered_nb
        return log_wage_nb + xp.log(_numeraire(system, earned)), xp.zeros((N, J, 1))
    rent = np.zeros((N, J, log_wage_nb.shape[1]))
    rent[system.fixed_at] = np.exp(log_rent_kb) * system.fixed_supply_kb
    earned = np.exp(log_wage_nb) * offered_nb + rent.sum(axis=1)
    shift = np.log(_numeraire(system, earned))
    rent[system.fixed_at] = log_rent_kb + shift[system.fixed_at[0]]
    return log_wage_nb + shift, rent


def _numeraire(system: System, factor_income_nb: Array) -> Array:
    """What scales each country's money so that its component's factor income is the base's."""
    ratio = system.factor_income_c[:, None] / by_component(system, factor_income_nb)
    out: Array = namespace(ratio).take(ratio, system.component_n, axis=0)
    return out


def route_flows(system: System, log_crowding_qb: Array) -> RouteGroupFlows:
    """The cells of all groups of routes at the congestion of their routes."""
    carry, taxes = system.route_carry_mb, system.route_taxes
    theta_j = system.economy.trade_elasticity_j
    return flows_on(system.network, carry, taxes, theta_j, log_crowding_qb)


def flows_on(
    network: Network, carry_mb: Array, taxes: Array, theta_j: Array, log_crowding_qb: Array
) -> RouteGroupFlows:
    """The cells of some groups, from A at unchanged route costs and taxes (2, M, B)."""
    choices = choose(network, log_crowding_qb)
    # Where every route is closed the cost is infinite and nothing is carried.
    melt = choices.cost_gb ** -theta_j[network.good_g, None]
    return RouteGroupFlows(choices, carry_mb * melt[network.group_m], *taxes)


def _other_income(
    system: System,
    flows: RouteGroupFlows | None,
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
