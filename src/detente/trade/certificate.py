"""The certificate of a solution: every market, budget and factor market, recomputed in levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.trade.economy import Array, Economy
from detente.trade.routes import add_flow, carriage, choose, crowding, crowding_of, fees
from detente.trade.system import System

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
    log_crowding_q: Array,
) -> dict[str, Array]:
    """Relative violation of every equilibrium condition, from levels alone.

    Nothing is taken from the solver but the unknowns: costs are sums of powers of prices, trade is
    a full (J, N, N) array, and taxes, fees and incomes are sums over it.

    Args:
        system: the base year under one shock.
        log_wage_n: log ŵ.
        log_rent_nj: log r̂, 0 where nothing is fixed.
        log_price_jn: log P̂.
        spending_jn: X', USD million.
        log_crowding_q: log congestion cost of the ways with a capacity.

    Returns:
        One array a condition: prices (J, N), markets (J, N), labour (N,), fixed factors (N, J),
        budgets (N,), trade balances (N,), the numeraire (C,) and congestion (Q,).
    """
    eco, w = system.economy, system.wedges[0]
    wage_n, rent_nj, price_jn = np.exp(log_wage_n), np.exp(log_rent_nj), np.exp(log_price_jn)
    theta = eco.trade_elasticity_j[:, None]
    cost, shares = _unit_cost(eco, w.productivity_nj, wage_n, rent_nj, price_jn)
    crowded = log_crowding_q[:, None]
    choices = tuple(choose(r, crowding_of(r, crowded)) for r in system.routes)
    way = carriage(eco, w, choices)
    share = (
        eco.share_jni * way.carry_jni * (cost**-theta)[:, None, :] * (price_jn**theta)[:, :, None]
    )
    paid = share * spending_jn[:, :, None]
    border = paid / (1 + w.tariff_jni)
    fob = border / (1 + way.fee_jni)
    received = fob / (1 + w.export_tax_jni)
    sales = received.sum(axis=1)

    inputs, labour, fixed = shares
    input_bill = (inputs * sales.T[:, None, :]).sum(axis=2).T
    labour_bill = (labour * sales.T).sum(axis=1)
    fixed_bill = fixed * sales.T
    labour_income = wage_n * w.labour_n * eco.labour_n
    fixed_income = np.zeros_like(rent_nj)
    at = system.fixed_at
    fixed_income[at] = (rent_nj * w.capacity_nj * eco.fixed_nj)[at]
    factor_income = labour_income + fixed_income.sum(axis=1)
    tariff = (paid - border).sum(axis=(0, 2))
    export_tax = (fob - received).sum(axis=(0, 1))
    transit = np.zeros(len(wage_n))
    shipped = np.zeros_like(crowded)
    for r, choice in zip(system.routes, choices, strict=True):
        value = fob[r.good, r.market_m, r.origin]
        moved = choice.share_mrb - r.share_mr[:, :, None]
        transit = transit + fees(r, moved, value[:, None], len(wage_n))[:, 0]
        gate = received[r.good, r.market_m, r.origin] / cost[r.good, r.origin]
        add_flow(r, choice.share_mrb, gate[:, None], shipped)
    transfer = _transfer(system, factor_income)
    income = factor_income + tariff + export_tax + transit + transfer
    final = _final_shares(eco, price_jn) * income

    abroad = ~np.eye(eco.shape[1], dtype=bool)
    imports = (border * abroad).sum(axis=(0, 2))
    exports = (fob * abroad).sum(axis=(0, 1)) + transit
    floor = _FLOOR * float(spending_jn.sum())
    spent = spending_jn > 0
    earned = np.bincount(system.component_n, factor_income)
    return {
        "prices": np.where(spent, np.abs(share.sum(axis=2) - 1), 0.0),
        "markets": _gap(spending_jn, input_bill + final, floor),
        "labour": _gap(labour_income, labour_bill, floor),
        "fixed factors": np.where(fixed_income > 0, _gap(fixed_income, fixed_bill, floor), 0.0),
        "budgets": _gap((spending_jn - input_bill).sum(axis=0), income, floor),
        "trade balances": np.abs(imports - exports - transfer) / np.maximum(income, floor),
        "numeraire": np.abs(earned / system.factor_income_c - 1),
        "congestion": np.abs(np.expm1(crowding(system.rooms, shipped) - crowded)),
    }


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


def _gap(left: Array, right: Array, floor: float) -> Array:
    return np.abs(left - right) / np.maximum(np.maximum(np.abs(left), np.abs(right)), floor)


def _unit_cost(
    eco: Economy, productivity_nj: Array, wage_n: Array, rent_nj: Array, price_jn: Array
) -> tuple[Array, tuple[Array, Array, Array]]:
    """ĉ (J, N) and the new cost shares of inputs (N, K, J), labour and fixed factors (N, J)."""
    J, N = eco.shape
    cost = np.empty((N, J))
    inputs = eco.input_share_nkj.copy()
    labour, fixed = eco.labour_share_nj.copy(), eco.fixed_share_nj.copy()
    price_nk = price_jn.T
    for j in range(J):
        e = eco.input_substitution_j[j]
        if e == 1.0:
            cost[:, j] = (
                np.prod(price_nk ** inputs[:, :, j], axis=1)
                * wage_n ** labour[:, j]
                * rent_nj[:, j] ** fixed[:, j]
            )
            continue
        parts = inputs[:, :, j] * price_nk ** (1 - e)
        work = labour[:, j] * wage_n ** (1 - e)
        rent = fixed[:, j] * rent_nj[:, j] ** (1 - e)
        total = parts.sum(axis=1) + work + rent
        # Near Cobb-Douglas a power of 1/(1 − ε) would amplify the rounding of `total`.
        excess = total - 1 if abs(1 - e) > 0.01 else _excess(eco, j, wage_n, rent_nj, price_nk)
        cost[:, j] = np.exp(np.log1p(excess) / (1 - e))
        inputs[:, :, j] = parts / total[:, None]
        labour[:, j] = work / total
        fixed[:, j] = rent / total
    return (cost / productivity_nj).T, (inputs, labour, fixed)


def _excess(eco: Economy, j: int, wage_n: Array, rent_nj: Array, price_nk: Array) -> Array:
    """Σ s (x^(1−ε) − 1) over the inputs and factors of producers of j, without cancellation."""
    power = 1 - eco.input_substitution_j[j]
    total = (eco.input_share_nkj[:, :, j] * np.expm1(power * np.log(price_nk))).sum(axis=1)
    total += eco.labour_share_nj[:, j] * np.expm1(power * np.log(wage_n))
    total += eco.fixed_share_nj[:, j] * np.expm1(power * np.log(rent_nj[:, j]))
    return np.asarray(total)


def _final_shares(eco: Economy, price_jn: Array) -> Array:
    sigma = eco.final_substitution_n
    weighted = eco.final_share_nj.T * price_jn ** (1 - sigma)
    return np.asarray(weighted / weighted.sum(axis=0))


def _transfer(system: System, factor_income_n: Array) -> Array:
    eco = system.economy
    if system.transfer_rule == "fixed":
        wanted = eco.transfer_n
    elif system.transfer_rule == "zero":
        wanted = np.zeros_like(eco.transfer_n)
    else:
        rate = eco.transfer_n / (eco.labour_n + eco.fixed_nj.sum(axis=1))
        wanted = rate * factor_income_n
        for c in np.unique(system.component_n):
            inside = system.component_n == c
            mean = wanted[inside].sum() / factor_income_n[inside].sum()
            wanted = np.where(inside, wanted - mean * factor_income_n, wanted)
    return wanted + system.wedges[0].transfer_n
