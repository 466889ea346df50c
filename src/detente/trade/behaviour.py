"""What producers, households and transfers do at given prices: pure functions of arrays.

They take their array library from their arguments; see `detente.trade.arrays`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.trade.arrays import all_goods, namespace, of_goods, packed
from detente.trade.economy import Array, Economy

if TYPE_CHECKING:
    from detente.trade.system import System

#: Per group of producers: price, wage, rental and total relatives that cost shares need.
States = list[tuple[Array, Array, Array, Array]]
#: A relative change eˣ − 1 below this loses digits of eˣ.
_FAR = -0.5
_TINY = 1e-300


def unit_costs(
    system: System, log_wage_nb: Array, log_rent_njb: Array, log_price_jnb: Array
) -> tuple[Array, States]:
    """log ĉ[j,n] under nested CES, and per group the relative changes of prices that shares need.

    With shares that sum to one, log Σ s x^(1−ε) / (1−ε) is log1p Σ s expm1((1−ε) log x) / (1−ε),
    which is exact as ε → 1 from both sides; ε = 1 itself is Cobb-Douglas. Where prices moved so far
    that this sum is near −1, digits would cancel: it is then the sum of the powers themselves.
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
    return all_goods(costs, system.groups, 0), states


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


def by_component(system: System, value_nb: Array) -> Array:
    """Sums over each trading component, (C, B)."""
    xp, components = namespace(value_nb), system.factor_income_c.shape[0]
    if components == 1:
        out: Array = xp.sum(value_nb, axis=0, keepdims=True)
        return out
    inside = xp.arange(components)[:, None] == system.component_n[None, :]
    sums: Array = xp.matmul(xp.asarray(inside, dtype=value_nb.dtype), value_nb)
    return sums
