"""Is there an equilibrium with finite prices? Found from the pattern of zeros, before solving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Index, Mask
from detente.trade._economy import reach_of
from detente.trade.errors import InfeasibleShock
from detente.trade.routes import carriage, uncongested

if TYPE_CHECKING:
    from detente._types import Array
    from detente.trade._economy import Economy
    from detente.trade._solution import Solution
    from detente.trade._wedges import Wedges


_SHOWN = 6


def trading_components(
    economy: Economy,
    wedges: Wedges,
    rule: str,
    countries: tuple[str, ...],
    goods: tuple[str, ...],
) -> Index:
    """Which trading component each country belongs to under a shock that finite prices can meet.

    Raises:
        InfeasibleShock: no equilibrium with finite prices exists.
    """
    if economy.linked and not _cuts(economy, wedges):
        return np.zeros(len(countries), dtype=np.intp)
    carried = economy.share_jni * carriage(economy, wedges, uncongested(wedges)).carry_jni
    check_suppliers(economy, carried, countries, goods)
    component = components(carried, economy.spending_jn)
    check_deficits(economy, carried, wedges, rule, component, countries)
    return component


def _cuts(economy: Economy, wedges: Wedges) -> bool:
    """Whether a shock takes the last supplier of a market or all flows from one country to another.

    Where it does neither, and all countries were linked before, nothing more need be checked.
    """
    N = economy.shape[1]
    shut = [wedges.cell[wedges.carry == 0]]
    shut += [r.flat(N) for r in wedges.route_groups if not r.open_b[0]]
    cell = np.unique(np.concatenate(shut))
    row, i = np.divmod(cell, N)
    lost = (economy.share_jni.ravel()[cell] > 0) & (economy.spending_jn.ravel()[row] > 0)
    row, pair = row[lost], (row % N * N + i)[lost]
    sellers, flows = economy.sellers_jn.ravel(), economy.flows_ni.ravel()
    last = np.bincount(row, minlength=len(sellers)) >= np.maximum(sellers, 1)
    return bool(last.any() or (np.bincount(pair, minlength=N * N)[pair] >= flows[pair]).any())


def check_suppliers(
    economy: Economy,
    carried_jni: Array,
    countries: tuple[str, ...],
    goods: tuple[str, ...],
) -> None:
    """Refuse a shock that leaves a buying country without any supplier of a good.

    A producer without a supplier of an input that it cannot do without falls silent itself, so the
    search goes on until nothing more falls silent.

    Raises:
        InfeasibleShock: naming the countries and goods that were cut off first.
    """
    bought = economy.spending_jn > 0
    open_jni = carried_jni > 0
    needed_nkj = economy.input_share_nkj != 0
    produces = np.ones(bought.shape, dtype=bool)
    first = np.zeros_like(bought)
    while True:
        supplied = (open_jni & produces[:, None, :]).any(axis=2)
        dead = bought & ~supplied
        if dead.any() and not first.any():
            first = dead
        # producer (j, n) falls silent when a market (k, n) that it buys from is dead
        silent = (needed_nkj & dead.T[:, :, None]).any(axis=1).T
        left = produces & ~silent
        if (left == produces).all():
            break
        produces = left
    if not first.any():
        return
    cells = tuple((countries[n], goods[j]) for j, n in np.argwhere(first))
    shown = "; ".join(f"{good} in {country}" for country, good in cells[:_SHOWN])
    more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    raise InfeasibleShock(
        f"The shock leaves no supplier of {shown}{more}: no equilibrium with finite prices exists.",
        cells,
        (
            "Give the embargo a leakage (the share of the base flow that gets through),",
            "or leave a route or another supplier open.",
        ),
    )


def components(carried_jni: Array, spending_jn: Array) -> Index:
    """Which trading component each country belongs to, linked by flows either way, (N,)."""
    links = _links(carried_jni, spending_jn)
    return _classes(reach_of(links | links.T))


def check_deficits(
    economy: Economy,
    carried_jni: Array,
    wedges: Wedges,
    rule: str,
    component_n: Index,
    countries: tuple[str, ...],
) -> None:
    """Refuse transfers that the surviving trade cannot pay for.

    Within a set of countries that buys from nobody outside, the transfers must sum to less than
    zero if it still sells, and to zero if it does not; the other way round likewise.

    Raises:
        InfeasibleShock: naming the countries that are cut off and the transfer rules that work.
    """
    transfer = _base_transfer(economy, rule, component_n) + wedges.transfer_n
    links = _links(carried_jni, economy.spending_jn)
    reach = reach_of(links)
    label = _classes(reach & reach.T)
    if not label.any():
        return
    scale = max(float(economy.labour_n.sum() + economy.fixed_nj.sum()), 1e-300)
    # The smallest set first: it is the one that a reader thinks of as cut off.
    for k in np.argsort(np.bincount(label)):
        inside = label == k
        sells = bool(links[np.ix_(inside, ~inside)].any())
        buys = bool(links[np.ix_(~inside, inside)].any())
        total = float(transfer[inside].sum())
        if sells and buys:
            continue
        balanced = abs(total) <= 1e-12 * scale
        if (
            (not sells and not buys and not balanced)
            or (sells and total > -1e-12 * scale)
            or (buys and total < 1e-12 * scale)
        ):
            names = tuple(c for c, x in zip(countries, inside, strict=True) if x)
            how = (
                "is cut off from all others"
                if not sells and not buys
                else "can sell to the others but not buy from them"
                if sells
                else "can buy from the others but not sell to them"
            )
            raise InfeasibleShock(
                f"{', '.join(names[:_SHOWN])} {how}, but its transfer (trade deficit) is "
                f"{total:,.0f} USD million under the rule '{rule}': no equilibrium exists.",
                tuple((c, "") for c in names),
                (
                    (
                        "Choose transfers='proportional' (a country that is cut off neither lends "
                        "nor borrows) or transfers='zero',"
                        if not sells and not buys
                        else "Close the other direction as well, if that is meant,"
                    ),
                    "or give the embargo a leakage.",
                ),
            )


def unpayable(solution: Solution) -> Index:
    """Countries that hand more to others than they earn where a search stalled.

    No such point is an equilibrium. It proves nothing by itself, but where a country can sell less
    abroad than it owes, this is how the search ends.

    Returns:
        Their positions, the largest shortfall first.
    """
    income_n = solution.point.income_n
    order = np.argsort(income_n, kind="stable")
    return order[(income_n < 0)[order] & (solution.point.transfer_n < 0)[order]]


def unpayable_words(solution: Solution, rule: str, countries: Sequence[str]) -> str:
    """Who hands over more than it earns, how much of either, and why, in a sentence."""
    short = unpayable(solution)
    n = int(short[0])
    name = countries[n] if len(countries) else f"country {n}"
    owed = -float(solution.point.transfer_n[n])
    earned = float(solution.point.income_n[n]) + owed
    base = -float(solution.system.economy.transfer_n[n])
    kept = rule == "fixed" and abs(owed - base) <= 1e-9 * owed
    why = "its trade surplus, which the rule 'fixed' keeps" if kept else "a transfer of the shock"
    more = f" {len(short) - 1} more owe more than they earn." if len(short) > 1 else ""
    return (
        f"Where the search ended, {name} owes {owed:,.0f} USD million to other countries ({why}) "
        f"and earns {earned:,.0f}: it seems that no equilibrium exists in which it can pay.{more}"
    )


def _links(carried_jni: Array, spending_jn: Array) -> Mask:
    """links[i, n]: origin i can sell something to market n."""
    sold: Mask = (carried_jni > 0) & (spending_jn > 0)[:, :, None]
    links = np.array(sold.any(axis=0).T)
    np.fill_diagonal(links, False)
    return links


def _classes(same: Mask) -> Index:
    """Numbers 0, 1, … for the classes of an equivalence relation given as a matrix."""
    return np.asarray(np.unique(same.argmax(axis=1), return_inverse=True)[1], dtype=np.intp)


def _base_transfer(economy: Economy, rule: str, component_n: Index) -> Array:
    """The transfers of a rule at base incomes, (N,); their signs are what feasibility asks for."""
    if rule == "zero":
        return np.zeros_like(economy.transfer_n)
    if rule == "fixed":
        return economy.transfer_n
    income = economy.labour_n + economy.fixed_nj.sum(axis=1)
    gap = np.bincount(component_n, economy.transfer_n) / np.bincount(component_n, income)
    return np.asarray(economy.transfer_n - gap[component_n] * income)
