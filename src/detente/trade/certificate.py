"""The certificate of a solution: every market, budget and factor market, recomputed in levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from detente._types import Array, Index
from detente.trade._economy import Economy
from detente.trade._system import Product, System, at_routes, routes_at
from detente.trade.routes import Choices, arrived_on, choose, congestion, fees

#: A market of less than this share of world spending is measured against the floor, not itself.
_FLOOR = 1e-15


@dataclass(frozen=True)
class Certificate:
    """How exactly an equilibrium holds.

    Attributes:
        status: `converged` when the largest violation is within the tolerance, else `stalled`.
        largest_violation: relative, over all prices, markets, budgets and factor markets.
        condition: which condition it is that holds least exactly.
        place: where, as positions along that condition's axes.
        tolerance: what was asked for.
        evaluations: of the whole system.
        restarts: how often the safeguard had to act.
        sentence: all of it in words.
    """

    status: Literal["converged", "stalled"]
    largest_violation: float
    condition: str
    place: tuple[int, ...]
    tolerance: float
    evaluations: int
    restarts: int
    sentence: str


def violations(
    system: System,
    log_wage_n: Array,
    log_rent_nj: Array,
    log_price_jn: Array,
    spending_jn: Array,
    log_congestion_q: Array,
    log_final_price_n: Array | None = None,
    log_employment_m: Array | None = None,
    log_scale_l: Array | None = None,
) -> dict[str, Array]:
    """Relative violation of every equilibrium condition of one shock, from levels alone.

    Args:
        system: the base year under one shock.
        log_wage_n: log ŵ.
        log_rent_nj: log r̂, 0 where nothing is fixed.
        log_price_jn: log P̂.
        spending_jn: X', USD million.
        log_congestion_q: log congestion cost of the routes with a capacity.
        log_final_price_n: log P̂ᶠ; None leaves it unchecked.
        log_employment_m: log of the mobile factor's supply; None where it is given.
        log_scale_l: log of the size of producers; None where it does not count.

    Returns:
        One array a condition: prices (J, N), markets (J, N), labour (N,), fixed factors (N, J),
        budgets (N,), trade balances (N,), the numeraire (C,), congestion (Q,), final prices (N,),
        labour supply (N,) and scale (J, N), the last two where there is such a condition.
    """
    parts = [log_wage_n, log_rent_nj, log_price_jn, spending_jn, log_congestion_q]
    rest = [log_final_price_n, log_employment_m, log_scale_l]
    found = all_violations(
        system,
        *(p[..., None] for p in parts),
        *(None if p is None else p[..., None] for p in rest),
    )
    return {k: v[..., 0] for k, v in found.items()}


def all_violations(
    system: System,
    log_wage_nb: Array,
    log_rent_njb: Array,
    log_price_jnb: Array,
    spending_jnb: Array,
    log_crowding_qb: Array,
    log_final_price_nb: Array | None = None,
    log_employment_mb: Array | None = None,
    log_scale_lb: Array | None = None,
) -> dict[str, Array]:
    """The violations under many shocks at once, the shock as last axis of every array.

    Nothing is taken from the solver but the unknowns: trade follows from the base year's shares and
    the wedges, costs are sums of powers of prices, and taxes, fees and incomes are sums over trade.
    """
    eco = system.economy
    wage, rent, price = np.exp(log_wage_nb), np.exp(log_rent_njb), np.exp(log_price_jnb)
    productivity, log_size = _productivity(system, log_scale_lb)
    cost, shares = _unit_cost(eco, productivity, wage, rent, price)
    on = _on_routes(system, log_crowding_qb) if system.network else None
    trade = _trade(system, on)
    pull = cost ** -eco.trade_elasticity_j[:, None, None]
    offer = _offer(eco, price, spending_jnb, wage)
    bid, share_sum = spending_jnb * offer, trade.paid.to_markets(pull) * offer
    paid = share_sum * spending_jnb
    border = bid * trade.border.to_markets(pull) if trade.border is not trade.paid else paid
    sold = pull * trade.received.to_origins(bid)
    fob = pull * trade.fob.to_origins(bid) if trade.fob is not trade.received else sold
    got = _receipts(system, trade, bid, pull, sold)
    sales, costs, marketing = got.sales_jnb, got.costs_jnb, got.marketing_jnb.sum(axis=0)

    inputs, labour, fixed = shares
    input_bill = inputs(costs)
    labour_bill = (labour * costs.transpose(1, 0, 2)).sum(axis=1) + marketing
    fixed_bill = fixed * costs.transpose(1, 0, 2)
    supply = np.stack([w.labour_n for w in system.wedges], axis=1)
    if log_employment_mb is not None and len(log_employment_mb):
        supply = supply * np.exp(log_employment_mb)
    waged = supply * (eco.labour_n - _base_fees(system))[:, None]
    labour_income = wage * waged
    capacity = _capacity(system)
    fixed_income = rent * capacity
    tariff, export_tax = (paid - border).sum(axis=0), (fob - sold).sum(axis=0)
    fees_paid, wedges, arrived = _transit(system, on, bid, pull, cost)
    factor_income = labour_income + fees_paid + fixed_income.sum(axis=1)
    transfer = _transfer(system, factor_income)
    income = factor_income + tariff + export_tax + wedges + transfer + got.profit_nb
    final = _final_shares(eco, price) * income

    # Domestic sales pay no fee: they are in both sums alike.
    imports, exports = border.sum(axis=0), fob.sum(axis=0) + wedges
    # Marketing stays where the buyer is, and profits may go elsewhere.
    imports, exports = imports - marketing, exports - (sold - sales).sum(axis=0)
    exports = exports + got.profit_nb - got.made_nb
    floor = _FLOOR * spending_jnb.sum(axis=(0, 1))
    spent = eco.spending_jn[:, :, None] > 0
    endowed = wage * supply * eco.labour_n[:, None] + fixed_income.sum(axis=1)
    earned = np.stack([np.bincount(system.component_n, f) for f in endowed.T], axis=1)
    found = {
        "prices": np.where(spent, np.abs(share_sum - 1), 0.0),
        "markets": _gap(spending_jnb, input_bill + final, floor),
        "labour": _factor_gap(waged, wage, labour_bill - fees_paid),
        "fixed factors": np.where(
            sales.transpose(1, 0, 2) > floor,
            _factor_gap(capacity, rent, fixed_bill),
            _gap(fixed_income, fixed_bill * (capacity > 0), floor),
        ),
        "budgets": _gap((spending_jnb - input_bill).sum(axis=0), income, floor),
        "trade balances": np.abs(imports - exports - transfer) / np.maximum(income, floor),
        "numeraire": np.abs(earned / system.factor_income_c[:, None] - 1),
        "congestion": np.abs(np.expm1(congestion(system.rooms, arrived) - log_crowding_qb)),
    }
    if log_final_price_nb is not None:
        found["final prices"] = _final_price_gap(eco, log_price_jnb, log_final_price_nb)
        if log_employment_mb is not None and eco.labour_supply_elasticity_n is not None:
            real = log_wage_nb - log_final_price_nb
            after_tax = _after_tax(eco, tariff + export_tax, labour_income + fees_paid)
            wanted = eco.labour_supply_elasticity_n[:, None] * (real - np.log(after_tax))
            found["labour supply"] = np.abs(np.expm1(wanted - log_employment_mb))
    if eco.scale_elasticity_j is not None:
        found["scale"] = _scale_gap(system, got, cost * productivity.transpose(1, 0, 2), log_size)
    return found


def _productivity(system: System, log_scale_lb: Array | None) -> tuple[Array, Array]:
    """Â with what the size of producers adds, (N, J, B), and the log of that size, (J, N, B)."""
    eco = system.economy
    productivity = np.stack([w.productivity_nj for w in system.wedges], axis=2)
    if log_scale_lb is None or eco.scale_elasticity_j is None:
        return productivity, np.zeros((*eco.shape, 1))
    log_size = log_scale_lb.reshape(*eco.shape, log_scale_lb.shape[1])
    more = np.exp(eco.scale_elasticity_j[:, None, None] * log_size)
    return productivity * more.transpose(1, 0, 2), log_size


def _capacity(system: System) -> Array:
    """V̂ F, 0 where no fixed factor has a buyer, (N, J, B)."""
    eco, at = system.economy, system.fixed_at
    out = np.zeros((*eco.fixed_nj.shape, len(system.wedges)))
    out[at] = np.stack([w.capacity_nj[at] for w in system.wedges], axis=1)
    out[at] *= eco.fixed_nj[at][:, None]
    return out


def _transit(
    system: System, on: _OnRoutes | None, bid_jnb: Array, pull_jib: Array, cost_jnb: Array
) -> tuple[Array, Array, Array]:
    """Fees inside exporters' costs and those that are wedges, (N, B), and what fills each room."""
    N, B, rooms = cost_jnb.shape[1], cost_jnb.shape[2], len(system.rooms.level_q)
    if on is None:
        return np.zeros((N, B)), np.zeros((N, B)), np.zeros((rooms, B))
    net, share = system.network, on.choices.share_wb
    value = on.fob * bid_jnb[net.to_market] * pull_jib[net.from_origin]
    inside = fees(net, net.share_w[:, None], value, N)
    wedges = fees(net, share, value, N) - inside
    # Melt is what is delivered cost but no fee.
    melt = on.choices.cost_gb[net.group_m] / (1 + on.choices.fee_gb[net.group_m])
    gate = value / (1 + on.export_tax) / cost_jnb[net.from_origin] / melt
    return inside, wedges, arrived_on(net, share, gate, rooms)


@dataclass(frozen=True, eq=False)
class _Receipts:
    """What producers receive and spend, what markets pay their own labour, and profits."""

    sales_jnb: Array
    costs_jnb: Array
    marketing_jnb: Array
    made_nb: Array
    profit_nb: Array


def _receipts(
    system: System, trade: _Trade, bid_jnb: Array, pull_jib: Array, sold_jnb: Array
) -> _Receipts:
    eco = system.economy
    sales, marketing = sold_jnb, np.zeros_like(sold_jnb)
    if eco.marketing_share_jn is not None:
        nu = eco.marketing_share_jn[:, :, None]
        marketing = nu * bid_jnb * trade.received.to_markets(pull_jib)
        sales = pull_jib * trade.received.to_origins((1 - nu) * bid_jnb)
    kept = np.zeros(len(sales)) if eco.profit_share_j is None else eco.profit_share_j
    costs = (1 - kept)[:, None, None] * sales
    made = (sales - costs).sum(axis=0)
    profit = made
    if eco.profit_owner_n is not None:
        profit = np.zeros_like(made)
        for c in np.unique(system.component_n):
            inside = system.component_n == c
            owned = eco.profit_owner_n[inside] / max(eco.profit_owner_n[inside].sum(), 1e-300)
            profit[inside] = owned[:, None] * made[inside].sum(axis=0)
    return _Receipts(sales, costs, marketing, made, profit)


def _offer(eco: Economy, price_jnb: Array, spending_jnb: Array, wage_nb: Array) -> Array:
    """P̂^θ by which buyers choose: a market's size lowers its price index, and no offer."""
    offer_jnb = price_jnb ** eco.trade_elasticity_j[:, None, None]
    if eco.market_size_elasticity_jn is None:
        return np.asarray(offer_jnb)
    base = np.broadcast_to(eco.spending_jn[:, :, None], spending_jnb.shape)
    growth = np.divide(spending_jnb, base, out=np.ones_like(spending_jnb), where=base > 0)
    growth = np.where(base > 0, growth / wage_nb, 1.0)
    power = eco.trade_elasticity_j[:, None] * eco.market_size_elasticity_jn
    return np.asarray(offer_jnb * growth ** power[:, :, None])


def _after_tax(eco: Economy, revenue_nb: Array, labour_income_nb: Array) -> Array:
    """What a tax on wages leaves in the base year, where new revenue ends it; 1 for none."""
    left = np.ones_like(labour_income_nb)
    if eco.tax_revenue_n is None:
        return left
    return np.asarray(
        left + (eco.tax_revenue_n / eco.labour_n)[:, None] - revenue_nb / labour_income_nb
    )


def _scale_gap(system: System, got: _Receipts, bundle_jnb: Array, log_size_jnb: Array) -> Array:
    """How far the size of producers is from what they spend at the prices of their inputs."""
    eco, size = system.economy, got.costs_jnb
    floor = _FLOOR * size.sum(axis=(0, 1))
    if eco.marketing_share_jn is not None:
        size = eco.labour_share_nj.T[:, :, None] * size + got.marketing_jnb
    size = size / system.base_size_jn[:, :, None] / bundle_jnb
    here = system.scaled_jn[:, :, None] & (got.costs_jnb > floor)
    log_gap = np.log(np.where(here, size, 1.0)) - np.where(here, log_size_jnb, 0.0)
    return np.where(here, np.abs(np.expm1(log_gap)), 0.0)


def _final_price_gap(eco: Economy, log_price_jnb: Array, log_index_nb: Array) -> Array:
    """How far Σ α (P̂/P̂ᶠ)^(1−σ) is from 1, as a relative change of P̂ᶠ, (N, B).

    The condition is that of the index; the solver has it from a sum. Divided by 1 − σ it has a
    limit at σ = 1, where Σ α log(P̂/P̂ᶠ) = 0.
    """
    share = eco.final_share_nj.T[:, :, None]
    log_relative = np.where(share > 0, log_price_jnb - log_index_nb, 0.0)
    power = 1 - eco.final_substitution_n[:, None]
    plain = power == 0
    moved = np.expm1(power * log_relative) / np.where(plain, 1.0, power)
    gap = (share * np.where(plain, log_relative, moved)).sum(axis=0)
    return np.where(share.sum(axis=0) > 0, np.abs(gap), 0.0)


@dataclass(frozen=True, eq=False)
class _Trade:
    """πφ by where it is measured; times bids and costs, it is what is paid and received."""

    paid: Product
    border: Product
    fob: Product
    received: Product


@dataclass(frozen=True, eq=False)
class _OnRoutes:
    """The cells of all groups of routes, (M, B): πφ as paid, at the border, fob, and taxes."""

    flat: Index
    choices: Choices
    paid: Array
    border: Array
    fob: Array
    export_tax: Array


def _base_fees(system: System) -> Array:
    """What each country earned in the base year on the routes of these shocks, (N,)."""
    eco = system.economy
    out = np.zeros(eco.shape[1])
    for r in system.route_groups:
        paid = eco.share_jni[r.good, r.market_m, r.origin] * eco.spending_jn[r.good, r.market_m]
        value = (paid / (1 + eco.tariff_jni[r.good, r.market_m, r.origin])).sum()
        for share, fee, at in zip(r.share_r, r.fee_r, r.transit_r, strict=True):
            if at >= 0:
                out[at] += value * share * fee
    return out


def _on_routes(system: System, log_crowding_qb: Array) -> _OnRoutes:
    eco, net = system.economy, system.network
    choices = choose(net, log_crowding_qb)
    flat = routes_at(net.route_groups, eco.shape[1])
    carry, tariff, tax = at_routes(system.wedges, flat)
    melt = choices.cost_gb ** -eco.trade_elasticity_j[net.good_g, None]
    paid = eco.share_jni.ravel()[flat][:, None] * carry * melt[net.group_m]
    border = paid / (1 + tariff)
    return _OnRoutes(flat, choices, paid, border, border / (1 + choices.fee_gb[net.group_m]), tax)


def _trade(system: System, on: _OnRoutes | None) -> _Trade:
    """The shares anew: the base year's, and in the cells of wedges and routes the shocked ones."""
    eco, B = system.economy, len(system.wedges)
    share, t0, e0 = eco.share_jni, eco.tariff_jni, eco.export_tax_jni
    changed, phi, t, e = (
        np.concatenate(part)
        for part in zip(
            *((w.cell, w.carry, w.tariff, w.export_tax) for w in system.wedges), strict=True
        )
    )
    at = share.ravel()[changed] > 0
    if on is not None:
        at &= ~np.isin(changed, on.flat)
    value = share.ravel()[changed[at]] * phi[at]
    net = value / (1 + t[at])
    cell = [changed[at]]
    shock = [np.repeat(np.arange(B), [len(w.cell) for w in system.wedges])[at]]
    rows = [np.stack([value, net, net, net / (1 + e[at])])]
    if on is not None:
        cell.append(np.repeat(on.flat, B))
        shock.append(np.tile(np.arange(B), len(on.flat)))
        net = on.fob / (1 + on.export_tax)
        rows.append(np.stack([x.ravel() for x in (on.paid, on.border, on.fob, net)]))
    where, whose = np.concatenate(cell), np.concatenate(shock)
    values = np.concatenate(rows, axis=1)

    def product(base: Array, new: Array) -> Product:
        return Product(base, B, where, whose, new - base.ravel()[where])

    paid = product(share, values[0])
    untaxed = not t0.any() and not any(w.tariff.any() for w in system.wedges)
    at_border = share if untaxed else share / (1 + t0)
    border = paid if untaxed else product(at_border, values[1])
    free = not e0.any() and not any(w.export_tax.any() for w in system.wedges)
    fob = product(at_border, values[2])
    received = fob if free else product(at_border / (1 + e0), values[3])
    return _Trade(paid, border, fob, received)


def certify(
    found: dict[str, Array], *, tolerance: float, evaluations: int, restarts: int
) -> Certificate:
    """The largest violation as a certificate with a sentence."""
    worst = {name: float(v.max()) if v.size else 0.0 for name, v in found.items()}
    condition = max(worst, key=lambda name: worst[name])
    largest = worst[condition]
    place = tuple(
        int(x) for x in np.unravel_index(int(found[condition].argmax()), found[condition].shape)
    )
    good = largest <= tolerance
    return Certificate(
        status="converged" if good else "stalled",
        largest_violation=largest,
        condition=condition,
        place=place,
        tolerance=tolerance,
        evaluations=evaluations,
        restarts=restarts,
        sentence=(
            f"{'Converged' if good else 'Stalled'} after {evaluations} evaluations: the largest "
            f"relative violation over all prices, markets, budgets and factor markets is "
            f"{largest:.1e} ({condition}), asked for {tolerance:.0e}."
        ),
    )


def _factor_gap(supply: Array, price: Array, bill: Array) -> Array:
    """Relative gap of the quantity of a factor that is wanted; infinite where its price is 0.

    In value a market of a factor whose price is nearly nothing would clear whatever is wanted of
    it.
    """
    some = supply > 0
    wanted = np.divide(bill, price, out=np.full_like(price, np.inf), where=some & (price > 0))
    size = np.maximum(np.abs(wanted), supply)
    gap = np.divide(
        np.abs(wanted - supply), size, out=np.full_like(size, np.inf), where=size < np.inf
    )
    return np.where(some, gap, 0.0)


def _gap(left: Array, right: Array, floor: Array) -> Array:
    return np.abs(left - right) / np.maximum(np.maximum(np.abs(left), np.abs(right)), floor)


def _unit_cost(
    eco: Economy, productivity_njb: Array, wage_nb: Array, rent_njb: Array, price_jnb: Array
) -> tuple[Array, tuple[Callable[[Array], Array], Array, Array]]:
    """ĉ (J, N, B), input purchases as a function of sales, shares of labour and fixed factors.

    The last two are (N, J, B).
    """
    cost = np.empty_like(rent_njb)
    labour, fixed = np.empty_like(rent_njb), np.empty_like(rent_njb)
    price, wage = price_jnb.transpose(1, 0, 2), wage_nb[:, None]
    bills: list[Callable[[Array], Array]] = []
    for e in np.unique(eco.input_substitution_j):
        j = np.nonzero(eco.input_substitution_j == e)[0]
        inputs = eco.input_share_nkj[:, :, j]
        work, rest = eco.labour_share_nj[:, j, None], eco.fixed_share_nj[:, j, None]
        rent = rent_njb[:, j]
        if e == 1.0:
            logs = np.matmul(inputs.transpose(0, 2, 1), np.log(price))
            cost[:, j] = np.exp(logs) * wage**work * rent**rest
            labour[:, j], fixed[:, j] = work, rest
            bills.append(partial(_bought, j, inputs, None, None))
            continue
        power = 1 - e
        paid = np.matmul(inputs.transpose(0, 2, 1), price**power)
        total = paid + work * wage**power + rest * rent**power
        if abs(power) <= 0.01:
            # Near Cobb-Douglas a power of 1/(1 − ε) would amplify the rounding of `total`.
            excess = np.matmul(inputs.transpose(0, 2, 1), np.expm1(power * np.log(price)))
            excess = excess + work * np.expm1(power * np.log(wage))
            excess = excess + rest * np.expm1(power * np.log(rent))
            cost[:, j] = np.exp(np.log1p(excess) / power)
        else:
            cost[:, j] = total ** (1 / power)
        labour[:, j] = work * wage**power / total
        fixed[:, j] = rest * rent**power / total
        bills.append(partial(_bought, j, inputs, price**power, total))
    cost = (cost / productivity_njb).transpose(1, 0, 2)
    return cost, (lambda sales: np.asarray(sum(bill(sales) for bill in bills)), labour, fixed)


def _bought(
    j: Index, input_share_nkj: Array, price_nkb: Array | None, total_njb: Array | None, sales: Array
) -> Array:
    """What producers of goods `j` buy at sales (J, N, B), (K, N, B)."""
    sold = sales[j].transpose(1, 0, 2)
    if price_nkb is None or total_njb is None:
        bought = np.matmul(input_share_nkj, sold)
    else:
        bought = price_nkb * np.matmul(input_share_nkj, sold / total_njb)
    return np.asarray(bought.transpose(1, 0, 2))


def _final_shares(eco: Economy, price_jnb: Array) -> Array:
    weighted = eco.final_share_nj.T[:, :, None] * price_jnb ** (
        1 - eco.final_substitution_n[:, None]
    )
    return np.asarray(weighted / weighted.sum(axis=0))


def _transfer(system: System, factor_income_nb: Array) -> Array:
    eco = system.economy
    wanted = np.zeros_like(factor_income_nb)
    if system.transfer_rule == "fixed":
        wanted = wanted + eco.transfer_n[:, None]
    elif system.transfer_rule == "proportional":
        rate = eco.transfer_n / (eco.labour_n + eco.fixed_nj.sum(axis=1))
        wanted = rate[:, None] * factor_income_nb
        for c in np.unique(system.component_n):
            inside = system.component_n == c
            mean = wanted[inside].sum(axis=0) / factor_income_nb[inside].sum(axis=0)
            wanted[inside] -= mean * factor_income_nb[inside]
    return wanted + np.stack([w.transfer_n for w in system.wedges], axis=1)
