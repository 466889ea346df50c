"""A base year from published shares: the flows at which markets clear with these shares.

Papers that solve in exact changes publish shares, incomes and deficits rather than flows. With the
shares of spending, of costs and of final use fixed, spending solves the linear system

    X = γ Y + α I,    Y = π X / ((1 + t)(1 + e)),    I = v Y + T + D

of Caliendo & Parro (2015, eqs. 11 to 13) at the base year's prices. One equation follows from the
others (Walras' law), and the world's value added sets the level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente._types import Array
from detente.world.balance import listed
from detente.world.errors import WorldError

#: Published shares are rounded: a sum this far from 1 is scaled to 1.
_ROUNDED = 0.02
#: Deficits that sum to less than this share of the world's income sum to zero.
_EVEN = 1e-6


@dataclass(frozen=True)
class Shares:
    """What a paper publishes of its base year.

    Attributes:
        countries: N codes.
        goods: J names.
        share_jni: π, shares of spending by origin, (J, N, N).
        input_share_nkj: γ, shares of inputs in cost, (N, J, J).
        value_added_share_nj: share of value added in cost; γ and it sum to 1, (N, J).
        final_share_nj: α, shares of final use, (N, J).
        tariff_jni: t, (J, N, N).
        export_tax_jni: e, (J, N, N).
        value_added_n: income of factors, whose sum sets the level, (N,).
        deficit_n: D, (N,).
    """

    countries: tuple[str, ...]
    goods: tuple[str, ...]
    share_jni: Array
    input_share_nkj: Array
    value_added_share_nj: Array
    final_share_nj: Array
    tariff_jni: Array
    export_tax_jni: Array
    value_added_n: Array
    deficit_n: Array


@dataclass(frozen=True)
class Solved:
    """Flows that have the shares.

    Attributes:
        trade_jni: sales net of taxes, (J, N, N).
        intermediate_nkj: inputs, (N, J, J).
        final_nj: final use, (N, J).
        value_added_nj: payments to factors, (N, J).
        notes: how far incomes come out as they were given.
    """

    trade_jni: Array
    intermediate_nkj: Array
    final_nj: Array
    value_added_nj: Array
    notes: tuple[str, ...]


def shares_of(
    labels: tuple[tuple[str, ...], tuple[str, ...]],
    shares: tuple[Array, Array, Array],
    taxes: tuple[Array, Array],
    incomes: tuple[Array, Array | None, Array],
    unmatched: str,
    notes: list[str],
) -> Shares:
    """What is published, checked: shares sum to 1, deficits to zero.

    Args:
        labels: countries and goods.
        shares: π, γ and α.
        taxes: tariffs and export taxes.
        incomes: value added by country, its share in costs or None, and deficits.
        unmatched: the rule for deficits that do not sum to zero.
        notes: to which what was scaled is added.

    Raises:
        WorldError: see `World.from_shares`.
    """
    countries, goods = labels
    share, inputs, final = shares
    value_added, of_cost, deficit = incomes
    if not (np.isfinite(value_added).all() and (value_added > 0).all()):
        bad = [c for c, x in zip(countries, value_added, strict=True) if not x > 0]
        raise WorldError(
            f"value_added_n: {', '.join(bad)} earn(s) nothing.", "Give an income above 0."
        )
    markets = [f"{g} in {c}" for g in goods for c in countries]
    producers = [f"{g} in {c}" for c in countries for g in goods]
    share = summing_to_one("share_jni", share, 2, markets, notes)
    j, n = np.nonzero(share.sum(axis=2) == 0)
    share[j, n, n] = 1.0
    if of_cost is None:
        of_cost = 1 - inputs.sum(axis=1)
        if of_cost.min() < -_ROUNDED:
            at = np.argwhere(of_cost < -_ROUNDED).tolist()
            places = listed((f"{goods[g]} in {countries[c]}" for c, g in at), len(at))
            raise WorldError(
                f"input_share_nkj: inputs cost more than the output: {places}.",
                "Give value_added_share_nj where inputs sum to 1 among themselves.",
            )
        of_cost = np.maximum(of_cost, 0.0)
    else:
        if of_cost.min() < 0 or of_cost.max() > 1 + 1e-9:
            raise WorldError("value_added_share_nj: shares lie between 0 and 1.")
        used = inputs.sum(axis=1)
        without = (used <= 0) & (of_cost < 1 - _ROUNDED)
        if without.any():
            at = np.argwhere(without).tolist()
            places = listed((f"{goods[g]} in {countries[c]}" for c, g in at), len(at))
            raise WorldError(
                f"value_added_share_nj leaves a cost that no input takes: {places}.",
                "Give inputs there, or a value-added share of 1.",
            )
        scale = np.divide(1 - of_cost, used, out=np.zeros_like(used), where=used > 0)
        inputs = inputs * scale[:, None, :]
        of_cost = np.where(used > 0, of_cost, 1.0)
    costs = np.concatenate([inputs, of_cost[:, None, :]], axis=1)
    costs = summing_to_one("input_share_nkj with value added", costs, 1, producers, notes)
    final = summing_to_one("final_share_nj", final, 1, countries, notes)
    return Shares(
        countries,
        goods,
        share,
        costs[:, :-1],
        costs[:, -1],
        final,
        *taxes,
        value_added,
        even_deficits(deficit, value_added, countries, unmatched, notes),
    )


def summing_to_one(
    what: str, share: Array, axis: int, names: Sequence[str], notes: list[str]
) -> Array:
    """Shares scaled to sum to 1 along an axis, where they nearly do; sums of zero stay.

    Args:
        what: for messages.
        share: ≥ 0.
        axis: along which they sum.
        names: of the remaining places, in their order.
        notes: to which what was scaled is added.

    Raises:
        WorldError: a share is negative, or a sum is far from 1.
    """
    total = share.sum(axis=axis)
    flat = total.ravel()
    low = float(share.min())
    if low < -_ROUNDED or not np.isfinite(share).all():
        raise WorldError(
            f"{what}: a share is {low:.4g}.",
            "Shares are numbers of 0 or more; set small negative ones to zero.",
        )
    far = np.flatnonzero((np.abs(flat - 1) > _ROUNDED) & (flat != 0)).tolist()
    if far:
        places = listed((f"{names[at]} ({flat[at]:.4g})" for at in far), len(far))
        raise WorldError(
            f"{what}: shares that sum to 1 are needed, these do not: {places}.",
            "Check the order of the axes, and that they are fractions rather than percent.",
        )
    share = np.maximum(share, 0.0)
    total = share.sum(axis=axis, keepdims=True)
    gap = float(np.abs(total[total > 0] - 1).max(initial=0.0))
    if gap > 1e-9:
        notes.append(f"{what} summed to 1 but for {gap:.1e} at most, and were scaled to 1.")
    return np.asarray(np.divide(share, total, out=np.zeros_like(share), where=total > 0))


def even_deficits(
    deficit_n: Array, income_n: Array, countries: Sequence[str], rule: str, notes: list[str]
) -> Array:
    """Deficits that sum to zero over the world, by a rule.

    Args:
        deficit_n: as published, (N,).
        income_n: by which `income` spreads the rest, (N,).
        countries: N codes.
        rule: `refuse`; `income`, to each country in proportion to its income; `scaled`, deficits
            and surpluses to the mean of their two sums; or the code of the country that takes it.
        notes: to which what was done is added.

    Returns:
        Array: (N,).

    Raises:
        WorldError: the deficits do not sum to zero, or there is no such rule.
    """
    rest = float(deficit_n.sum())
    rules = ("refuse", "income", "scaled")
    if rule not in (*rules, *countries):
        raise WorldError(
            f"There is no rule {rule!r} for the sum of deficits.",
            f"Give {', '.join(rules)}, or the code of the country that takes the rest, as 'ROW'.",
        )
    if abs(rest) <= _EVEN * float(income_n.sum()):
        return np.asarray(deficit_n - rest * income_n / income_n.sum())
    if rule == "refuse":
        raise WorldError(
            f"The deficits sum to {rest:.6g} instead of zero: one country's deficit is another's "
            "surplus.",
            "Give unmatched='ROW' (or another code) to leave the rest to one country, 'income' to "
            "spread it by income, or 'scaled' to scale deficits and surpluses.",
        )
    if rule == "income":
        out = deficit_n - rest * income_n / income_n.sum()
        how = "was spread over all countries by income"
    elif rule == "scaled":
        up, down = np.maximum(deficit_n, 0).sum(), np.maximum(-deficit_n, 0).sum()
        if min(up, down) <= 0:
            raise WorldError(
                "unmatched='scaled' needs both deficits and surpluses.", "Give 'income' instead."
            )
        mean = (up + down) / 2
        out = np.where(deficit_n > 0, deficit_n * (mean / up), deficit_n * (mean / down))
        how = "was met half-way by scaling deficits and surpluses"
    else:
        out = deficit_n.copy()
        out[list(countries).index(rule)] -= rest
        how = f"was left to {rule}"
    notes.append(f"Deficits as given sum to {rest:.6g} instead of zero; the rest {how}.")
    return np.asarray(out)


def solved(given: Shares) -> Solved:
    """The flows at which markets clear with these shares.

    Args:
        given: what is published.

    Raises:
        WorldError: with these deficits some market would have to buy less than nothing.
    """
    J, N = given.share_jni.shape[:2]
    wedge = (1 + given.tariff_jni) * (1 + given.export_tax_jni)
    net_jni = given.share_jni / wedge
    # What a unit of spending of market n on j brings to country i's own purse.
    earned_jni = net_jni * (given.value_added_share_nj.T[:, None, :] + given.export_tax_jni)
    own = np.arange(N)
    earned_jni[:, own, own] += (given.share_jni * given.tariff_jni / (1 + given.tariff_jni)).sum(2)
    inputs = np.einsum("ikj,jni->kijn", given.input_share_nkj, net_jni, optimize=True)
    final = np.einsum("ik,jni->kijn", given.final_share_nj, earned_jni, optimize=True)
    matrix = np.eye(J * N) - (inputs + final).reshape(J * N, J * N)
    right = (given.final_share_nj.T * given.deficit_n[None, :]).ravel()
    level = np.einsum("jni,ij->jn", net_jni, given.value_added_share_nj).ravel()
    # The equations add up to nothing; the world's income takes the place of the last.
    scale = 1 / max(float(level.max()), 1e-300)
    matrix[-1], right[-1] = level * scale, given.value_added_n.sum() * scale
    try:
        spending = np.linalg.solve(matrix, right).reshape(J, N)
    except np.linalg.LinAlgError as error:
        raise WorldError(
            "These shares do not determine a base year: some countries trade with nobody else.",
            "Solve separate parts of the world by themselves.",
        ) from error
    floor = 1e-9 * float(np.abs(spending).sum())
    below = np.argwhere(spending < -floor).tolist()
    if below:
        places = listed((f"{given.goods[j]} in {given.countries[n]}" for j, n in below), len(below))
        raise WorldError(
            f"With these deficits, spending would be negative: {places}.",
            "Check the unit and the sign of the deficits (imports less exports, in the unit of "
            "value_added_n).",
        )
    spending = np.where(spending > floor * 1e-6, spending, 0.0)
    trade = net_jni * spending[:, :, None]
    sales_nj = trade.sum(axis=1).T
    inputs_nkj = given.input_share_nkj * sales_nj[:, None, :]
    value_added = given.value_added_share_nj * sales_nj
    left = spending.T - inputs_nkj.sum(axis=2)
    final_nj = np.where(given.final_share_nj > 0, np.maximum(left, 0.0), 0.0)
    return Solved(trade, inputs_nkj, final_nj, value_added, _incomes(given, value_added))


def _incomes(given: Shares, value_added_nj: Array) -> tuple[str, ...]:
    """How far the incomes that the shares imply are from those given."""
    found = value_added_nj.sum(axis=1)
    gap = found / given.value_added_n - 1
    if np.abs(gap).max() < 1e-6:
        return ()
    n = int(np.abs(gap).argmax())
    return (
        f"Incomes follow from the shares and deficits: they differ from those given by "
        f"{np.median(np.abs(gap)):.2%} in the median and by {gap[n]:+.2%} at most "
        f"({given.countries[n]}). detente.trade.rebased holds the incomes and lets shares move, as "
        "Caliendo & Parro (2015) do.",
    )
