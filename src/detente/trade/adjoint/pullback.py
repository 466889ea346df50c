"""The transposed derivative of one evaluation of the system, at an equilibrium.

Every function takes cotangents, the derivatives of scalars by outputs, and returns those by inputs;
the last axis `r` of a cotangent is the scalar. An evaluation is
`detente.trade._evaluation.evaluate`, and what it multiplies by A, by its transpose or by γ is
multiplied by the transpose here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente._types import Array
from detente.trade._solution import layout_of
from detente.trade._system import System, by_component
from detente.trade.adjoint.blocks import (
    costs_back,
    factor_bills_back,
    final_demand_back,
    input_demand_back,
    labour_supply_back,
    scale_back,
    transfers_back,
    unit_costs_back,
)
from detente.trade.adjoint.routes import OnRoutes, choice_back, fees_paid_back, revenues_back
from detente.trade.adjoint.saved_state import SavedState, over


@dataclass(frozen=True, eq=False)
class Seeds:
    """Derivatives of R scalars by what an evaluation returns.

    Attributes:
        log_wage_nr: by log ŵ.
        log_rent_kr: by log r̂ at `System.fixed_at`.
        log_price_jnr: by log P̂.
        log_spending_jnr: by log X'.
        log_crowding_qr: by log congestion cost.
        log_employment_mr: by log employment.
        log_scale_lr: by log size of producers.
        log_cost_jnr: by log ĉ.
        sales_jnr: by Y', per USD million.
        income_nr: by I', per USD million.
        tariff_revenue_nr: by T', per USD million.
        export_tax_revenue_nr: per USD million.
        transit_revenue_nr: by ΔR, per USD million.
        transfer_nr: by D', per USD million.
        log_final_price_nr: by log P̂ᶠ.
    """

    log_wage_nr: Array
    log_rent_kr: Array
    log_price_jnr: Array
    log_spending_jnr: Array
    log_crowding_qr: Array
    log_employment_mr: Array
    log_scale_lr: Array
    log_cost_jnr: Array
    sales_jnr: Array
    income_nr: Array
    tariff_revenue_nr: Array
    export_tax_revenue_nr: Array
    transit_revenue_nr: Array
    transfer_nr: Array
    log_final_price_nr: Array


def no_seeds(system: System, scalars: int) -> Seeds:
    """Derivatives that are all zero."""
    J, N = system.economy.shape
    n, jn = np.zeros((N, scalars)), np.zeros((J, N, scalars))
    k = np.zeros((len(system.fixed_at[0]), scalars))
    q = np.zeros((len(system.rooms.level_q), scalars))
    layout = layout_of(system)
    m, scale = np.zeros((layout.employed, scalars)), np.zeros((layout.scaled, scalars))
    return Seeds(n, k, jn, jn, q, m, scale, jn, jn, n, n, n, n, n, n)


@dataclass(frozen=True, eq=False)
class Pulled:
    """Derivatives of R scalars by what goes into an evaluation.

    Attributes:
        log_wage_nr: by log ŵ before the numeraire scales it.
        log_rent_kr: likewise by log r̂.
        log_price_jnr: by log P̂ that producers pay.
        log_spending_jnr: by log X'.
        log_crowding_qr: by log congestion cost.
        log_employment_mr: by log employment.
        log_scale_lr: by log size of producers.
        log_employed_mr: by log employment that comes out.
        log_new_price_jnr: by log P̂ that comes out.
        log_access_jnr: by log of P̂^(−θ) that comes out, but for the price.
        log_pull_jir: by log ĉ^(−θ).
        log_cost_jnr: by log ĉ.
        log_bundle_jnr: by log of the price of a producer's inputs and factors together.
        sales_jnr: by Y'.
        tariff_revenue_nr: by T'.
        export_tax_revenue_nr: by export-tax revenue.
        transfer_nr: by D'.
        log_supply_nr: by log of the supply of the mobile factor.
        log_capacity_kr: by log of the supply of fixed factors.
        demand_jnr: by purchases.
        labour_bill_nr: by what producers pay the mobile factor.
        fixed_bill_njr: by what they pay fixed factors.
        marketing_jnr: by what markets pay their own labour, or would.
        log_final_price_nr: by log P̂ᶠ.
        routes: by what the routes' cells hold.
    """

    log_wage_nr: Array
    log_rent_kr: Array
    log_price_jnr: Array
    log_spending_jnr: Array
    log_crowding_qr: Array
    log_employment_mr: Array
    log_scale_lr: Array
    log_employed_mr: Array
    log_new_price_jnr: Array
    log_access_jnr: Array
    log_pull_jir: Array
    log_cost_jnr: Array
    log_bundle_jnr: Array
    sales_jnr: Array
    tariff_revenue_nr: Array
    export_tax_revenue_nr: Array
    transfer_nr: Array
    log_supply_nr: Array
    log_capacity_kr: Array
    demand_jnr: Array
    labour_bill_nr: Array
    fixed_bill_njr: Array
    marketing_jnr: Array
    log_final_price_nr: Array
    route_groups: tuple[OnRoutes, ...]


def pullback(saved_state: SavedState, seeds: Seeds) -> Pulled:
    """Derivatives by what goes into an evaluation, from those by what comes out."""
    system, eco = saved_state.system, saved_state.system.economy
    through = labour_supply_back(saved_state, seeds.log_employment_mr)
    by_final_price = seeds.log_final_price_nr + through.log_final_price_nr
    seeds = replace(seeds, log_wage_nr=seeds.log_wage_nr + through.log_wage_nr)
    by_demand = over(seeds.log_spending_jnr, saved_state.x.spending_jnb)
    costs, log_price, by_total = input_demand_back(saved_state, by_demand)
    income, new_price = final_demand_back(saved_state, by_demand, by_final_price)
    income = income + seeds.income_nr
    log_new_price = new_price + seeds.log_price_jnr
    tariff = income + seeds.tariff_revenue_nr + through.revenue_nr
    export_tax = income + seeds.export_tax_revenue_nr + through.revenue_nr
    transit = income + seeds.transit_revenue_nr
    earned = income + transfers_back(saved_state, income + seeds.transfer_nr)
    size = scale_back(saved_state, seeds.log_scale_lr)
    costs = costs if size is None else costs + size.costs_jnr
    sales = costs_back(saved_state, costs, income) + seeds.sales_jnr

    bid, pull, route_groups = _revenues_back(saved_state, seeds, tariff, export_tax, transit)
    if size is not None:
        _marketing_back(saved_state, size.marketing_jnr, bid, pull)
    labour, fixed, fees_paid, base_fee = _bills_back(
        saved_state, seeds, earned, through.labour_bill_nr, sales, bid
    )
    more, by_wage, by_rent = factor_bills_back(saved_state, labour, fixed, by_total)
    # Profits come of what is sold in the end, and so do not belong to these costs.
    sales = sales + costs_back(saved_state, more, np.zeros_like(income))
    _marketing_back(saved_state, labour, bid, pull)

    log_pull = pull * saved_state.pull_jib + sales * saved_state.point.sales_jnb
    bid += system.landed.to_markets(saved_state.pull_jib * sales)
    _received_back(saved_state, route_groups, sales, bid, (fees_paid, base_fee))
    log_spending = bid * saved_state.bid_jnb
    theta = system.economy.trade_elasticity_j[:, None, None]
    log_access = -log_spending - log_new_price / theta
    access = log_access / saved_state.access_jnb
    log_pull += saved_state.pull_jib * system.carried.to_origins(access)
    log_spending, wage_of_size = _market_size_back(saved_state, log_spending, log_new_price)
    log_cost = seeds.log_cost_jnr.copy()
    congestion = (1 - saved_state.congestion.taken_qb) * seeds.log_crowding_qr
    _bought_back(saved_state, route_groups, access, (log_pull, log_cost, congestion))
    log_cost -= theta * log_pull
    log_bundle, log_scale = log_cost, seeds.log_scale_lr
    if size is not None and eco.scale_elasticity_j is not None:
        log_bundle = log_cost + size.log_bundle_jnr
        log_scale = (-eco.scale_elasticity_j[:, None, None] * log_cost).reshape(log_scale.shape)
    prices = unit_costs_back(saved_state, log_bundle, by_total)
    scaled_wage = prices.log_wage_nr + by_wage + wage_of_size
    scaled_rent = (prices.log_rent_njr + by_rent)[system.fixed_at]
    wage, rent, supply, capacity = _scaled_back(saved_state, scaled_wage, scaled_rent)
    return Pulled(
        log_wage_nr=wage,
        log_rent_kr=rent,
        log_price_jnr=prices.log_price_jnr + log_price,
        log_spending_jnr=log_spending,
        log_crowding_qr=congestion,
        log_employment_mr=(supply - seeds.log_wage_nr)[: len(seeds.log_employment_mr)],
        log_scale_lr=log_scale,
        log_employed_mr=seeds.log_employment_mr,
        log_new_price_jnr=log_new_price,
        log_access_jnr=log_access,
        log_pull_jir=log_pull,
        log_cost_jnr=log_cost,
        log_bundle_jnr=log_bundle,
        sales_jnr=sales,
        tariff_revenue_nr=tariff,
        export_tax_revenue_nr=export_tax,
        transfer_nr=income + seeds.transfer_nr,
        log_supply_nr=supply - seeds.log_wage_nr,
        log_capacity_kr=capacity - seeds.log_rent_kr,
        demand_jnr=by_demand,
        labour_bill_nr=labour,
        fixed_bill_njr=fixed,
        marketing_jnr=labour + (0.0 if size is None else size.marketing_jnr),
        log_final_price_nr=by_final_price,
        route_groups=tuple(route_groups),
    )


def _marketing_back(saved_state: SavedState, by_marketing: Array, bid: Array, pull: Array) -> None:
    """Add to derivatives by bids and by ĉ^(−θ) what marketing adds; in place."""
    marketing = saved_state.system.marketing_share
    if marketing is not None:
        bid += by_marketing * marketing.to_markets(saved_state.pull_jib)
        pull += marketing.to_origins(saved_state.bid_jnb * by_marketing)


def _market_size_back(
    saved_state: SavedState, by_log_spending: Array, by_log_price: Array
) -> tuple[Array, Array]:
    """By log X' and by log ŵ, with what both do to prices through the size of markets."""
    eco = saved_state.system.economy
    if eco.market_size_elasticity_jn is None:
        return by_log_spending, np.zeros(by_log_spending.shape[1:])
    counts = np.where(eco.spending_jn > 0, eco.market_size_elasticity_jn, 0.0)[:, :, None]
    through = counts * by_log_price
    return by_log_spending - through, np.asarray(through.sum(axis=0))


def _received_back(
    saved_state: SavedState,
    route_groups: list[OnRoutes],
    sales: Array,
    bid: Array,
    by_fees: tuple[Array, Array],
) -> None:
    """What producers and transit countries receive of flows with routes; in place."""
    for k, f in enumerate(saved_state.flows):
        r = f.route_group
        received = saved_state.shipments[k].received_mb * sales[r.good, r.origin]
        on = replace(route_groups[k], received_mr=received)
        on = route_groups[k] = fees_paid_back(saved_state, k, on, *by_fees)
        raw = received + on.base_fee_mr
        bid[r.good, r.market_m] += over(raw, saved_state.bid_jnb[r.good, r.market_m])


def _bought_back(
    saved_state: SavedState,
    route_groups: list[OnRoutes],
    access: Array,
    by: tuple[Array, Array, Array],
) -> None:
    """What buyers choose of flows with routes, into pull, costs and congestion; in place."""
    log_pull, log_cost, congestion = by
    for k, f in enumerate(saved_state.flows):
        r = f.route_group
        bought = f.carried * saved_state.pull_jib[r.good, r.origin] * access[r.good, r.market_m]
        on = route_groups[k] = replace(route_groups[k], access_mr=bought)
        log_pull[r.good, r.origin] += (on.carried_mr - on.received_mr).sum(axis=0)
        log_cost[r.good, r.origin] -= on.crowding_mr.sum(axis=0)
        limited = r.room_r >= 0
        by_route = choice_back(saved_state, k, on).log_cost_mwr.sum(axis=0)
        np.add.at(congestion, r.room_r[limited], by_route[limited])


def _revenues_back(
    saved_state: SavedState,
    seeds: Seeds,
    by_tariff_nr: Array,
    by_export_tax_nr: Array,
    by_transit_nr: Array,
) -> tuple[Array, Array, list[OnRoutes]]:
    """By bids (J, N, R), by ĉ^(−θ) of what has no routes (J, N, R), and by the routes' flows."""
    system = saved_state.system
    bid, pull = np.zeros_like(seeds.sales_jnr), np.zeros_like(seeds.sales_jnr)
    if system.tariff_share is not None:
        bid += by_tariff_nr * system.tariff_share.to_markets(saved_state.pull_jib)
        pull += system.tariff_share.to_origins(saved_state.bid_jnb * by_tariff_nr)
    if system.export_tax_share is not None:
        pull += by_export_tax_nr * system.export_tax_share.to_origins(saved_state.bid_jnb)
        bid += system.export_tax_share.to_markets(saved_state.pull_jib * by_export_tax_nr)
    route_groups = revenues_back(
        saved_state, seeds.log_crowding_qr, by_tariff_nr, by_export_tax_nr, by_transit_nr
    )
    for f, on in zip(saved_state.flows, route_groups, strict=True):
        r = f.route_group
        bid[r.good, r.market_m] += over(on.revenue_mr, saved_state.bid_jnb[r.good, r.market_m])
    return bid, pull, route_groups


def _bills_back(
    saved_state: SavedState,
    seeds: Seeds,
    earned: Array,
    by_labour: Array,
    sales: Array,
    bid: Array,
) -> tuple[Array, Array, Array, Array]:
    """By bills of the mobile and of fixed factors, and by fees, before the numeraire scales them.

    The fees are those inside exporters' costs, which the mobile factor's bills hold too, and those
    of the base year.

    Args:
        saved_state: the equilibrium.
        seeds: by what an evaluation returns.
        earned: by factor income, (N, R).
        by_labour: by what the mobile factor earns, on top of that, (N, R).
        sales: by sales after scaling, (J, N, R).
        bid: by bids after scaling, (J, N, R).
    """
    system, waged = saved_state.system, saved_state.system.waged_n[:, None]
    by_endowed = over(seeds.log_wage_nr, saved_state.endowed_nb)
    labour = earned + by_labour + by_endowed / waged
    fees_paid = seeds.transit_revenue_nr - by_endowed / waged
    fixed = np.repeat(earned[:, None], len(bid), axis=1)
    fixed[system.fixed_at] += over(seeds.log_rent_kr, saved_state.fixed_njb[system.fixed_at])

    # What the bills lose because all money is scaled by the factor income they sum to.
    paid = saved_state.labour_nb - waged * saved_state.endowed_nb
    scaled = (
        labour * saved_state.labour_nb
        + fees_paid * paid
        + (fixed * saved_state.fixed_njb).sum(axis=1)
    )
    scaled += (sales * saved_state.point.sales_jnb + bid * saved_state.bid_jnb).sum(axis=0)
    shift = (by_component(system, scaled) / saved_state.earned_cb)[system.component_n]

    # Of the mobile factor, less earns the wage where fees earn more in the base year.
    supply = waged * system.economy.labour_n[:, None]
    base_fee = (
        over((by_endowed - shift) * saved_state.endowed_nb, supply) - seeds.transit_revenue_nr
    )
    labour, fees_paid = labour - shift / waged, fees_paid + shift / waged
    return labour, fixed - shift[:, None], fees_paid, base_fee


def _scaled_back(
    saved_state: SavedState, by_wage_nr: Array, by_rent_kr: Array
) -> tuple[Array, Array, Array, Array]:
    """By wages and rents before they are scaled, and by the logs of the supplies of factors."""
    system = saved_state.system
    at_n = system.fixed_at[0]
    total = by_wage_nr.copy()
    np.add.at(total, at_n, by_rent_kr)
    shift = (by_component(system, total) / saved_state.earned_cb)[system.component_n]
    labour = shift * saved_state.endowed_nb
    fixed = shift[at_n] * saved_state.fixed_njb[system.fixed_at]
    return by_wage_nr - labour, by_rent_kr - fixed, -labour, -fixed
