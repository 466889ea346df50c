"""Transposed derivatives of what producers and households do, at an equilibrium."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente._types import Array
from detente.trade._system import by_component
from detente.trade.adjoint.saved_state import SavedState, over


@dataclass(frozen=True, eq=False)
class ByPrices:
    """Derivatives of R scalars by the prices that producers meet."""

    log_wage_nr: Array
    log_rent_njr: Array
    log_price_jnr: Array


def input_demand_back(
    saved_state: SavedState, by_demand_jnr: Array
) -> tuple[Array, Array, list[Array]]:
    """By costs, by log prices and, a group of producers, by the log of Σ s x^(1−ε) (N, G, R)."""
    demand = np.ascontiguousarray(by_demand_jnr.transpose(1, 0, 2))
    by_sales, by_price = np.zeros_like(by_demand_jnr), np.zeros_like(demand)
    by_total = []
    for group, (price, _, _, total) in zip(
        saved_state.system.groups, saved_state.states, strict=True
    ):
        g = group.goods
        back = group.input_share_nkj.transpose(0, 2, 1)
        if group.elasticity == 1.0:
            by_sales[g] = np.matmul(back, demand).transpose(1, 0, 2)
            by_total.append(np.zeros((*back.shape[:2], demand.shape[2])))
            continue
        per_cost = saved_state.spent_jnb[g].transpose(1, 0, 2) / total
        by_per_cost = np.matmul(back, price * demand)
        by_sales[g] = (by_per_cost / total).transpose(1, 0, 2)
        by_total.append(-by_per_cost * per_cost)
        bought = price * np.matmul(group.input_share_nkj, per_cost)
        by_price += (1 - group.elasticity) * bought * demand
    return by_sales, by_price.transpose(1, 0, 2), by_total


def factor_bills_back(
    saved_state: SavedState, by_labour_nr: Array, by_fixed_njr: Array, by_total: list[Array]
) -> tuple[Array, Array, Array]:
    """By costs (J, N, R), by log wages (N, R) and rents (N, J, R); adds to `by_total`."""
    J, N = saved_state.system.economy.shape
    R = by_labour_nr.shape[1]
    by_sales, by_wage = np.zeros((J, N, R)), np.zeros((N, R))
    by_rent = np.zeros((N, J, R))
    groups = zip(saved_state.system.groups, saved_state.states, strict=True)
    for k, (group, (_, wage, rental, total)) in enumerate(groups):
        g = group.goods
        labour, fixed = group.labour_share_nj[:, :, None], group.fixed_share_nj[:, :, None]
        if group.elasticity == 1.0:
            both = labour * by_labour_nr[:, None] + fixed * by_fixed_njr[:, g]
            by_sales[g] = both.transpose(1, 0, 2)
            continue
        power = 1 - group.elasticity
        per_cost = saved_state.spent_jnb[g].transpose(1, 0, 2) / total
        to_labour = labour * wage * by_labour_nr[:, None]
        to_fixed = fixed * rental * by_fixed_njr[:, g]
        by_sales[g] = ((to_labour + to_fixed) / total).transpose(1, 0, 2)
        by_total[k] -= (to_labour + to_fixed) * per_cost
        by_wage += power * (to_labour * per_cost).sum(axis=1)
        by_rent[:, g] = power * to_fixed * per_cost
    return by_sales, by_wage, by_rent


def unit_costs_back(saved_state: SavedState, by_cost_jnr: Array, by_total: list[Array]) -> ByPrices:
    """By wages, rents and prices, from derivatives by log ĉ and by the log of Σ s x^(1−ε)."""
    J, N = saved_state.system.economy.shape
    R = by_cost_jnr.shape[2]
    by_wage, by_rent, by_price = np.zeros((N, R)), np.zeros((N, J, R)), np.zeros((N, J, R))
    groups = zip(saved_state.system.groups, saved_state.states, by_total, strict=True)
    for group, (price, wage, rental, total), by_log_total in groups:
        g = group.goods
        labour, fixed = group.labour_share_nj[:, :, None], group.fixed_share_nj[:, :, None]
        cost = by_cost_jnr[g].transpose(1, 0, 2)
        if group.elasticity == 1.0:
            by_price += np.matmul(group.input_share_nkj, cost)
            by_wage += (labour * cost).sum(axis=1)
            by_rent[:, g] = fixed * cost
            continue
        # Both ways to the prices: through ĉ, and through the shares that bills are paid in.
        both = (cost + (1 - group.elasticity) * by_log_total) / total
        by_price += price * np.matmul(group.input_share_nkj, both)
        by_wage += (labour * wage * both).sum(axis=1)
        by_rent[:, g] = fixed * rental * both
    return ByPrices(by_wage, by_rent, by_price.transpose(1, 0, 2))


def final_demand_back(
    saved_state: SavedState, by_demand_jnr: Array, by_log_index_nr: Array
) -> tuple[Array, Array]:
    """Derivatives by income (N, R) and by the log prices that households meet (J, N, R)."""
    share = over(saved_state.final_jnb, saved_state.point.income_nb)
    mean = (share * by_demand_jnr).sum(axis=0)
    power = (1 - saved_state.system.economy.final_substitution_n)[:, None]
    by_price = power * saved_state.final_jnb * (by_demand_jnr - mean)
    return mean, by_price + share * by_log_index_nr


def transfers_back(saved_state: SavedState, by_transfer_nr: Array) -> Array:
    """Derivatives by factor income, (N, R)."""
    system = saved_state.system
    if system.transfer_rule != "proportional":
        return np.zeros_like(by_transfer_nr)
    eco, component = system.economy, system.component_n
    rate = (eco.transfer_n / (eco.labour_n + eco.fixed_nj.sum(axis=1)))[:, None]
    earned = saved_state.labour_nb + saved_state.fixed_njb.sum(axis=1)
    total = by_component(system, earned)
    mean_rate = (by_component(system, rate * earned) / total)[component]
    mean = (by_component(system, by_transfer_nr * earned) / total)[component]
    return np.asarray((rate - mean_rate) * (by_transfer_nr - mean))


def costs_back(saved_state: SavedState, by_costs_jnr: Array, by_income_nr: Array) -> Array:
    """Derivatives by sales, from those by what producers spend and by income with profits."""
    eco = saved_state.system.economy
    if eco.profit_share_j is None:
        return by_costs_jnr
    share = eco.profit_share_j[:, None, None]
    by_profit = by_income_nr
    system = saved_state.system
    if system.profit_owner_n is not None:
        owned = by_component(system, system.profit_owner_n[:, None] * by_income_nr)
        by_profit = owned[system.component_n]
    return np.asarray((1 - share) * by_costs_jnr + share * by_profit)


@dataclass(frozen=True, eq=False)
class BySupply:
    """Derivatives of R scalars through the supply of the mobile factor, (N, R) each."""

    log_wage_nr: Array
    log_final_price_nr: Array
    revenue_nr: Array
    labour_bill_nr: Array


def labour_supply_back(saved_state: SavedState, by_employment_mr: Array) -> BySupply:
    """Through employment to wages, final prices, tax revenue and bills; none where it is given."""
    eco, point = saved_state.system.economy, saved_state.point
    if eco.labour_supply_elasticity_n is None:
        none = np.zeros((eco.shape[1], by_employment_mr.shape[1]))
        return BySupply(none, none, none, none)
    by_real = eco.labour_supply_elasticity_n[:, None] * by_employment_mr
    by_revenue, by_bill = np.zeros_like(by_real), np.zeros_like(by_real)
    if eco.tax_revenue_n is not None:
        revenue = point.tariff_revenue_nb + point.export_tax_revenue_nb
        left = 1 + (eco.tax_revenue_n / eco.labour_n)[:, None] - revenue / saved_state.labour_nb
        by_revenue = by_real / left / saved_state.labour_nb
        by_bill = -by_revenue * revenue / saved_state.labour_nb
    return BySupply(by_real, -by_real, by_revenue, by_bill)


@dataclass(frozen=True, eq=False)
class ByScale:
    """Derivatives of R scalars through the size of producers, (J, N, R) each."""

    costs_jnr: Array
    marketing_jnr: Array
    log_bundle_jnr: Array


def scale_back(saved_state: SavedState, by_scale_lr: Array) -> ByScale | None:
    """Through size to costs, marketing and the price of inputs; None where it does not count."""
    system, eco = saved_state.system, saved_state.system.economy
    if eco.scale_elasticity_j is None:
        return None
    by_size = by_scale_lr.reshape(*eco.shape, by_scale_lr.shape[1])
    by_size = np.where(system.scaled_jn[:, :, None], by_size, 0.0)
    weight: Array = np.ones((*eco.shape, 1))
    size = saved_state.spent_jnb
    if saved_state.marketing_jnb is not None:
        weight = eco.labour_share_nj.T[:, :, None]
        size = weight * size + saved_state.marketing_jnb
    per_size = over(by_size, size)
    return ByScale(weight * per_size, per_size, -by_size)
