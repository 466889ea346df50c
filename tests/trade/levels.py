"""The equilibrium conditions written out in levels, for complex numbers: a second account of them.

Nothing is shared with the engine but the base year: all trade is a full (J, N, N) array, a shock is
what it says in its own arrays, and every function is analytic, so that a complex step
differentiates it to machine precision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.trade import RouteChoice
from detente.trade._economy import Economy

Pair = tuple[np.ndarray, np.ndarray]


@dataclass
class Setting:
    """A base year and what a shock changes, all as arrays that may be complex."""

    economy: Economy
    rule: str
    component: np.ndarray
    log_iceberg: np.ndarray
    leak: np.ndarray
    tariff: np.ndarray
    export_tax: np.ndarray
    log_productivity: np.ndarray
    log_labour: np.ndarray
    log_capacity: np.ndarray
    transfer: np.ndarray
    theta: np.ndarray
    input_substitution: np.ndarray
    final_substitution: np.ndarray
    route_choices: list[Route] = field(default_factory=list)


@dataclass
class Route:
    """One group of flows with routes: positions, and arrays by way that may be complex."""

    good: int
    origin: int
    markets: list[int]
    choice: RouteChoice
    base_flow: float
    elasticity: Any
    log_cost: np.ndarray
    fee: np.ndarray
    transit: list[int]


@dataclass
class Unknowns:
    """What is solved for, as logs (levels for rents where nothing is fixed)."""

    wage: np.ndarray
    rent: np.ndarray
    price: np.ndarray
    spending: np.ndarray
    congestion: list[np.ndarray]


def conditions(s: Setting, x: Unknowns) -> tuple[dict[str, Pair], dict[str, np.ndarray]]:
    """Both sides of every condition, and the levels that scalars are made of."""
    eco = s.economy
    J, N = eco.shape
    wage, rent, price, spending = (np.exp(v) for v in (x.wage, x.rent, x.price, x.spending))
    cost, inputs, labour, fixed = _production(s, wage, rent, price)

    open_cells = s.leak > 0
    wedge = s.log_iceberg + np.log(
        (1 + s.tariff) * (1 + s.export_tax) / ((1 + eco.tariff_jni) * (1 + eco.export_tax_jni))
    )
    theta = s.theta[:, None, None]
    phi = np.where(open_cells, np.where(open_cells, s.leak, 1) * np.exp(-theta * wedge), 0j)
    fee = np.zeros((J, N, N), dtype=phi.dtype)
    routes = []
    for r, q in zip(s.route_choices, x.congestion, strict=True):
        share0 = np.array([w.share for w in r.choice.routes])
        rho = r.elasticity
        used = np.isfinite(r.log_cost.real)
        weight = np.where(used, share0 * np.exp(-rho * (np.where(used, r.log_cost, 0) + q)), 0)
        new = weight / weight.sum()
        routes.append((new, weight.sum() ** (-1 / rho)))
        for m in r.markets:
            phi[r.good, m, r.origin] *= weight.sum() ** (s.theta[r.good] / rho)
            fee[r.good, m, r.origin] = ((new - share0) * r.fee).sum()

    share = eco.share_jni * phi * (cost ** -s.theta[:, None])[:, None, :]
    share = share * (price ** s.theta[:, None])[:, :, None]
    paid = share * spending[:, :, None]
    border = paid / (1 + s.tariff)
    fob = border / (1 + fee)
    received = fob / (1 + s.export_tax)
    sales = received.sum(axis=1)

    endowed = wage * np.exp(s.log_labour) * eco.labour_n
    fixed_income = rent * np.exp(s.log_capacity) * eco.fixed_nj
    tariffs = (paid - border).sum(axis=(0, 2))
    export_taxes = (fob - received).sum(axis=(0, 1))
    fees_before, fees_inside, fees_all = (np.zeros(N, dtype=phi.dtype) for _ in range(3))
    crowded: list[Pair] = []
    for r, (new, delivered), q in zip(s.route_choices, routes, x.congestion, strict=True):
        share0 = np.array([w.share for w in r.choice.routes])
        value = fob[r.good, r.markets, r.origin].sum()
        worth = eco.share_jni[r.good, r.markets, r.origin] * eco.spending_jn[r.good, r.markets]
        worth = (worth / (1 + eco.tariff_jni[r.good, r.markets, r.origin])).sum()
        melted = delivered / (1 + ((new - share0) * r.fee).sum())
        gate = received[r.good, r.markets, r.origin].sum() / cost[r.good, r.origin] / melted
        for k, route in enumerate(r.choice.routes):
            if r.transit[k] >= 0:
                fees_before[r.transit[k]] += worth * share0[k] * r.fee[k]
                fees_inside[r.transit[k]] += value * share0[k] * r.fee[k]
                fees_all[r.transit[k]] += value * new[k] * r.fee[k]
            level = np.array(0.0 * gate)
            if np.isfinite(route.capacity):
                a, b = r.choice.level, r.choice.power
                now = a * (gate * new[k] / route.capacity) ** b
                before = a * (r.base_flow * share0[k] / route.capacity) ** b
                level = np.log((1 + now) / (1 + before))
            crowded.append((np.exp(np.atleast_1d(level)), np.exp(q[k : k + 1])))
    # What earned fees in the base year earns fees, the rest of the factor the wage.
    waged = wage * np.exp(s.log_labour) * (eco.labour_n - fees_before)
    earned = waged + fees_inside + fixed_income.sum(axis=1)
    transfer = _transfer(s, earned)
    income = waged + fees_all + fixed_income.sum(axis=1) + tariffs + export_taxes + transfer
    nests = [nest(eco.final_share_nj[n], x.price[:, n], s.final_substitution[n]) for n in range(N)]
    index, final = np.array([i for i, _ in nests]), np.stack([f for _, f in nests], axis=1)
    bought = np.einsum("nkj,jn->kn", inputs, sales) + final * income
    base = eco.labour_n + eco.fixed_nj.sum(axis=1)
    sums = [
        np.array([v[s.component == c].sum() for c in np.unique(s.component)])
        for v in (endowed + fixed_income.sum(axis=1), base)
    ]
    pairs = {
        "prices": (share.sum(axis=2), np.ones((J, N))),
        "markets": (spending, bought),
        "labour": (waged, (labour * sales.T).sum(axis=1) - fees_inside),
        "fixed factors": (fixed_income, fixed * sales.T),
        "numeraire": (sums[0], sums[1]),
        "congestion": tuple(np.concatenate([p[k] for p in crowded]) for k in (0, 1))
        if crowded
        else (np.zeros(0), np.zeros(0)),
    }
    levels = {
        "income_n": income,
        "tariff_revenue_n": tariffs,
        "export_tax_revenue_n": export_taxes,
        "transit_revenue_n": fees_all - fees_before,
        "sales_jn": sales,
        "spending_jn": spending,
        "log_wage_n": x.wage,
        "log_price_jn": x.price,
        "log_cost_jn": np.log(cost),
        "log_final_price_n": index,
    }
    return pairs, levels


def nest(share: np.ndarray, log_price: np.ndarray, substitution: Any) -> tuple[Any, np.ndarray]:
    """The log of the price index of one nest, and its new shares.

    Next to Cobb-Douglas the index is its cumulants, whose next term is of the fourth power of
    1 − substitution: log(Σ s p^q) / q loses digits there and has no value at q = 0.
    """
    q = 1 - substitution
    if abs(q) < 1e-3:
        mean = (share * log_price).sum()
        second, third, fourth = ((share * (log_price - mean) ** m).sum() for m in (2, 3, 4))
        cumulants = (mean, second, third, fourth - 3 * second**2)
        index = sum(
            c * q**m / f for m, (c, f) in enumerate(zip(cumulants, (1, 2, 6, 24), strict=True))
        )
    else:
        index = np.log((share * np.exp(q * log_price)).sum()) / q
    return index, share * np.exp(q * (log_price - index))


def _production(s: Setting, wage: Any, rent: Any, price: Any) -> tuple[Any, Any, Any, Any]:
    eco = s.economy
    J, N = eco.shape
    kind = np.result_type(wage, rent, price, s.log_productivity, s.input_substitution)
    cost = np.zeros((J, N), dtype=kind)
    inputs = np.zeros((N, J, J), dtype=kind)
    labour, fixed = np.zeros((N, J), dtype=kind), np.zeros((N, J), dtype=kind)
    for j in range(J):
        for n in range(N):
            before = (*eco.input_share_nkj[n, :, j], eco.labour_share_nj[n, j])
            share = np.array([*before, eco.fixed_share_nj[n, j]])
            paid = np.log(np.array([*price[:, n], wage[n], rent[n, j]]))
            index, new = nest(share, paid, s.input_substitution[j])
            cost[j, n] = np.exp(index)
            inputs[n, :, j], labour[n, j], fixed[n, j] = new[:J], new[J], new[J + 1]
    return cost / np.exp(s.log_productivity.T), inputs, labour, fixed


def _transfer(s: Setting, earned: Any) -> Any:
    eco = s.economy
    if s.rule == "fixed":
        return eco.transfer_n + s.transfer
    if s.rule == "zero":
        return s.transfer
    wanted = eco.transfer_n / (eco.labour_n + eco.fixed_nj.sum(axis=1)) * earned
    out = wanted + s.transfer
    for c in np.unique(s.component):
        inside = s.component == c
        out[inside] -= wanted[inside].sum() / earned[inside].sum() * earned[inside]
    return out
