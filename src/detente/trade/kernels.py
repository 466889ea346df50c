"""One evaluation of the whole system: pure functions of arrays, no labels, no loops over markets.

An evaluation is a handful of batched matrix-vector products and O(JN) exponentials; the N²J powers
of trade costs were taken once (`detente.trade.system.prepare`) and are never taken again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.trade.economy import Array, Economy
from detente.trade.system import System

_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Point:
    """What one evaluation returns, next to the updated unknowns.

    Attributes:
        log_cost_jn: log ĉ.
        sales_jn: Y', USD million.
        spending_jn: X', USD million.
        income_n: I', USD million.
        tariff_revenue_n: T', USD million.
        export_tax_revenue_n: USD million.
        transfer_n: D', USD million.
        final_price_n: log of the final price index P̂ᶠ.
    """

    log_cost_jn: Array
    sales_jn: Array
    spending_jn: Array
    income_n: Array
    tariff_revenue_n: Array
    export_tax_revenue_n: Array
    transfer_n: Array
    final_price_n: Array


def forward(matrix_jni: Array, vector_ji: Array) -> Array:
    """Σ_i M[j,n,i] v[j,i]: from origins to markets, (J, N)."""
    out: Array = np.matmul(matrix_jni, vector_ji[:, :, None])[:, :, 0]
    return out


def backward(matrix_jni: Array, vector_jn: Array) -> Array:
    """Σ_n M[j,n,i] v[j,n]: from markets to origins, (J, N)."""
    out: Array = np.matmul(vector_jn[:, None, :], matrix_jni)[:, 0, :]
    return out


def evaluate(
    system: System, log_wage_n: Array, log_rent: Array, log_price_jn: Array, spending_jn: Array
) -> tuple[Array, Array, Array, Array, Point]:
    """One pass through prices, trade, incomes and spending.

    Args:
        system: the base year under the shock.
        log_wage_n: log ŵ, (N,).
        log_rent: log r̂ at `system.fixed_at`.
        log_price_jn: log P̂, (J, N).
        spending_jn: X', USD million, (J, N).

    Returns:
        The updated log ŵ, log r̂, log P̂, X', and the levels met on the way. The unknowns are
        scaled to the numeraire: world factor income stays what it was.
    """
    eco = system.economy
    rent_nj = np.zeros(eco.fixed_share_nj.shape)
    rent_nj[system.fixed_at] = np.exp(log_rent) * system.fixed_supply
    earned = np.exp(log_wage_n) * system.labour_supply_n + rent_nj.sum(axis=1)
    shift = np.log(_numeraire(system, earned))
    log_wage_n = log_wage_n + shift
    rent_nj[system.fixed_at] = log_rent + shift[system.fixed_at[0]]

    log_cost, states = unit_costs(system, log_wage_n, rent_nj, log_price_jn)
    theta = eco.trade_elasticity_j[:, None]
    attraction = np.exp(-theta * log_cost)
    access = forward(system.carried_jni, attraction)
    new_log_price = np.log(np.maximum(access, _TINY)) / -theta
    bid = spending_jn / np.maximum(access, _TINY)
    sales = attraction * backward(system.landed_jni, bid)

    labour_bill, fixed_bill = factor_bills(system, sales, states)
    scale = _numeraire(system, labour_bill + fixed_bill.sum(axis=1))
    labour_bill, fixed_bill = labour_bill * scale, fixed_bill * scale[:, None]
    sales, bid = sales * scale, bid * scale

    new_log_wage = np.log(
        np.maximum(labour_bill, _TINY) / np.maximum(system.labour_supply_n, _TINY)
    )
    new_log_rent = np.log(np.maximum(fixed_bill[system.fixed_at], _TINY) / system.fixed_supply)
    factor_income_n = labour_bill + fixed_bill.sum(axis=1)
    tariff = _tariff_revenue(system, bid, attraction)
    export_tax = _export_tax_revenue(system, bid, attraction)
    transfer = transfers(system, factor_income_n)
    income = factor_income_n + tariff + export_tax + transfer
    final_log_price, final_nj = final_demand(eco, new_log_price.T, income)
    new_spending = input_demand(system, sales, states) + final_nj.T
    point = Point(
        log_cost, sales, new_spending, income, tariff, export_tax, transfer, final_log_price
    )
    return new_log_wage, new_log_rent, new_log_price, new_spending, point


def _numeraire(system: System, factor_income_n: Array) -> Array:
    """What scales each country's money so that its component's factor income is the base's."""
    earned = np.bincount(system.component_n, factor_income_n)
    return np.asarray((system.factor_income_c / earned)[system.component_n])


def unit_costs(
    system: System, log_wage_n: Array, log_rent_nj: Array, log_price_jn: Array
) -> tuple[Array, list[tuple[Array, Array, Array, Array]]]:
    """log ĉ[j,n] under nested CES, and per group the relative changes of prices that shares need.

    With shares that sum to one, log Σ s x^(1−ε) / (1−ε) is log1p Σ s expm1((1−ε) log x) / (1−ε),
    which is exact as ε → 1 from both sides; ε = 1 itself is Cobb-Douglas.
    """
    J, N = system.economy.shape
    log_cost = np.empty((J, N))
    states: list[tuple[Array, Array, Array, Array]] = []
    log_price_nk = np.ascontiguousarray(log_price_jn.T)
    for group in system.groups:
        rent = log_rent_nj[:, group.goods]
        if group.elasticity == 1.0:
            cost = np.matmul(log_price_nk[:, None, :], group.input_share_nkj)[:, 0, :]
            cost = cost + group.labour_share_nj * log_wage_n[:, None] + group.fixed_share_nj * rent
            states.append((np.zeros(0),) * 4)
        else:
            power = 1 - group.elasticity
            price = np.expm1(power * log_price_nk)
            wage = np.expm1(power * log_wage_n)[:, None]
            rental = np.expm1(power * rent)
            total = np.matmul(price[:, None, :], group.input_share_nkj)[:, 0, :]
            total = total + group.labour_share_nj * wage + group.fixed_share_nj * rental
            total = np.maximum(total, -1 + 1e-15)
            cost = np.log1p(total) / power
            states.append((1 + price, 1 + wage, 1 + rental, 1 + total))
        log_cost[group.goods] = (cost - system.log_productivity_nj[:, group.goods]).T
    return log_cost, states


def factor_bills(
    system: System, sales_jn: Array, states: list[tuple[Array, Array, Array, Array]]
) -> tuple[Array, Array]:
    """What producers pay to the mobile factor (N,) and to fixed factors (N, J)."""
    labour = np.zeros(system.economy.shape[1])
    fixed = np.zeros(system.economy.fixed_share_nj.shape)
    for group, (_, wage, rental, total) in zip(system.groups, states, strict=True):
        sales = sales_jn[group.goods].T
        if group.elasticity == 1.0:
            labour += (group.labour_share_nj * sales).sum(axis=1)
            fixed[:, group.goods] = group.fixed_share_nj * sales
        else:
            per_cost = sales / total
            labour += (group.labour_share_nj * per_cost * wage).sum(axis=1)
            fixed[:, group.goods] = group.fixed_share_nj * per_cost * rental
    return labour, fixed


def input_demand(
    system: System, sales_jn: Array, states: list[tuple[Array, Array, Array, Array]]
) -> Array:
    """Purchases of inputs by all producers, (J, N), USD million."""
    J, N = system.economy.shape
    demand = np.zeros((N, J))
    for group, (price, _, _, total) in zip(system.groups, states, strict=True):
        sales = sales_jn[group.goods].T
        if group.elasticity == 1.0:
            demand += np.matmul(group.input_share_nkj, sales[:, :, None])[:, :, 0]
        else:
            demand += price * np.matmul(group.input_share_nkj, (sales / total)[:, :, None])[:, :, 0]
    return demand.T


def final_demand(economy: Economy, log_price_nj: Array, income_n: Array) -> tuple[Array, Array]:
    """log P̂ᶠ (N,) and final purchases (N, J) at given prices and incomes."""
    share, sigma = economy.final_share_nj, economy.final_substitution_n
    log_index = (share * log_price_nj).sum(axis=1)
    spent = share * income_n[:, None]
    other = np.nonzero(sigma != 1.0)[0]
    if len(other):
        power = (1 - sigma[other])[:, None]
        change = np.expm1(power * log_price_nj[other])
        total = (share[other] * change).sum(axis=1)
        log_index[other] = np.log1p(total) / power[:, 0]
        spent[other] *= (1 + change) / (1 + total)[:, None]
    return log_index, spent


def transfers(system: System, factor_income_n: Array) -> Array:
    """D' by rule: `fixed` in units of the numeraire, `proportional` to factor income, or `zero`.

    Proportional transfers are closed within each trading component, so that a country that is cut
    off neither lends nor borrows.
    """
    eco, added = system.economy, system.wedges.transfer_n
    if system.transfer_rule == "fixed":
        return eco.transfer_n + added
    if system.transfer_rule == "zero":
        return added
    base = eco.labour_n + eco.fixed_nj.sum(axis=1)
    wanted = eco.transfer_n * factor_income_n / base
    size = int(system.component_n.max()) + 1
    gap = np.bincount(system.component_n, wanted, size)
    weight = np.bincount(system.component_n, factor_income_n, size)
    return np.asarray(wanted - (gap / weight)[system.component_n] * factor_income_n + added)


def _tariff_revenue(system: System, bid_jn: Array, attraction_ji: Array) -> Array:
    if system.tariff_share_jni is None:
        return np.zeros(bid_jn.shape[1])
    return np.asarray((bid_jn * forward(system.tariff_share_jni, attraction_ji)).sum(axis=0))


def _export_tax_revenue(system: System, bid_jn: Array, attraction_ji: Array) -> Array:
    if system.export_tax_share_jni is None:
        return np.zeros(bid_jn.shape[1])
    return np.asarray((attraction_ji * backward(system.export_tax_share_jni, bid_jn)).sum(axis=0))
