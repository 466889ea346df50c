"""Flows that do not add up, mended by a stated rule: what is rounding, what moves, and by how much.

`mended` is what `World.from_flows` does before it checks the accounts. Three rules may apply, in
this order: what is rounding is forgiven; negative final use is taken out by the rule asked for; the
whole is balanced by RAS or least squares. Each says in a sentence what it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente._types import Array, Mask
from detente.world.checks import BALANCE_TOLERANCE
from detente.world.errors import WorldError
from detente.world.nearest import Distance, nearest

Method = Literal["refuse", "ras", "least_squares"]
NegativeFinal = Literal["refuse", "sales", "inputs"]

_DISTANCES: dict[str, Distance] = {"ras": "entropy", "least_squares": "squares"}
_CALLED = {"ras": "RAS", "least_squares": "least squares"}
#: Places that a sentence names; the rest are counted.
SHOWN = 8
#: Share of all flows that balancing may move unless the caller says otherwise.
MOST_MOVED = 0.05
#: A market or producer below this share of the world's sales is none.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Flows:
    """The flows of a base year before its accounts are checked.

    Attributes:
        countries: N codes.
        goods: J names.
        trade_jni: sales net of taxes, (J, N, N).
        wedge_jni: purchaser value of a unit of them, (J, N, N).
        intermediate_nkj: inputs at purchaser values, (N, J, J).
        final_nj: final use at purchaser values, (N, J).
        value_added_nj: payments to factors, (N, J).
    """

    countries: tuple[str, ...]
    goods: tuple[str, ...]
    trade_jni: Array
    wedge_jni: Array
    intermediate_nkj: Array
    final_nj: Array
    value_added_nj: Array

    @property
    def bought_nj(self) -> Array:
        """What each market buys at purchaser values, (N, J)."""
        return np.asarray((self.trade_jni * self.wedge_jni).sum(axis=2).T)

    @property
    def sold_nj(self) -> Array:
        """What each producer sells net of taxes, (N, J)."""
        return np.asarray(self.trade_jni.sum(axis=1).T)

    def _with(self, blocks: Sequence[Array]) -> Flows:
        trade, intermediate, final, value_added = blocks
        return Flows(
            self.countries,
            self.goods,
            trade,
            self.wedge_jni,
            intermediate,
            final,
            value_added,
        )

    @property
    def _blocks(self) -> tuple[Array, Array, Array, Array]:
        return self.trade_jni, self.intermediate_nkj, self.final_nj, self.value_added_nj

    def place(self, block: int, cell: Sequence[int]) -> str:
        """A cell of one of the four blocks in words."""
        c, g = self.countries, self.goods
        if block == 0:
            j, n, i = cell
            return f"{g[j]} of {c[i]} to {c[n]}" if i != n else f"{g[j]} of {c[i]} at home"
        if block == 1:
            n, k, j = cell
            return f"{g[k]} bought by producers of {g[j]} in {c[n]}"
        n, j = cell
        return f"{('final use of', 'value added in')[block - 2]} {g[j]} in {c[n]}"


@dataclass(frozen=True)
class Mended:
    """Flows after mending, with a sentence for each thing that was done.

    Attributes:
        flows: as they now stand.
        notes: what was done, where and by how much.
    """

    flows: Flows
    notes: tuple[str, ...]


def mended(
    flows: Flows,
    *,
    negative_final: NegativeFinal = "refuse",
    method: Method = "refuse",
    most_moved: float = MOST_MOVED,
) -> Mended:
    """The flows without rounding, negative final use and imbalances, as far as the rules allow.

    Args:
        flows: as they were given.
        negative_final: what to do about final use below zero; see `World.from_flows`.
        method: how to balance; `refuse` leaves imbalances to the checks.
        most_moved: share of all flows that balancing may move.

    Raises:
        WorldError: an unknown rule, or accounts that cannot be balanced within `most_moved`.
    """
    _known("negative_final", negative_final, ("refuse", "sales", "inputs"))
    _known("balance", method, ("refuse", *_DISTANCES))
    if any(not np.isfinite(block).all() for block in (*flows._blocks, flows.wedge_jni)):
        return Mended(flows, ())  # the checks name the place
    flows, notes = _without_rounding(flows)
    if negative_final != "refuse":
        flows, said = _without_negative_final(flows, negative_final)
        notes += said
    if method != "refuse":
        flows, said = _balanced(flows, method, most_moved)
        notes += said
    return Mended(flows, tuple(notes))


def _known(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise WorldError(f"There is no {what} {given!r}; there are {', '.join(known)}.")


def listed(places: Sequence[str] | Iterator[str], count: int) -> str:
    """The first places by name and how many more there are."""
    shown = [text for text, _ in zip(places, range(SHOWN), strict=False)]
    more = f"; and {count - SHOWN} more" if count > SHOWN else ""
    return "; ".join(shown) + more


def _without_rounding(flows: Flows) -> tuple[Flows, list[str]]:
    """Cells below zero by less than a balanced account may be off are zero."""
    bought, sold = flows.bought_nj, flows.sold_nj
    least = _NOTHING * max(float(np.abs(sold).sum()), 1e-300)
    rows = (
        np.abs(sold).T[:, None, :],
        np.abs(bought)[:, :, None],
        np.abs(bought),
        np.abs(sold),
    )
    blocks, places, lowest = [], list[str](), 0.0
    for number, (block, row) in enumerate(zip(flows._blocks, rows, strict=True)):
        rounding = (block < 0) & (block >= -BALANCE_TOLERANCE * np.maximum(row, least))
        blocks.append(np.where(rounding, 0.0, block))
        places += [flows.place(number, cell) for cell in np.argwhere(rounding).tolist()]
        lowest = min(lowest, float(block[rounding].min(initial=0.0)))
    if not places:
        return flows, []
    return flows._with(blocks), [
        f"{len(places)} cell(s) below zero by no more than rounding, the lowest {lowest:.1e}, were "
        f"set to zero: {listed(places, len(places))}."
    ]


def _without_negative_final(flows: Flows, rule: str) -> tuple[Flows, list[str]]:
    """Final use below zero becomes zero: more sales, or fewer inputs of the good."""
    below = flows.final_nj < 0
    if not below.any():
        return flows, []
    bought, used = flows.bought_nj, flows.intermediate_nkj.sum(axis=2)
    short = np.where(below, -flows.final_nj, 0.0)
    cells = np.argwhere(below)
    cells = cells[np.argsort(flows.final_nj[tuple(cells.T)], kind="stable")].tolist()
    shown = listed(
        (f"{flows.place(2, at)} {flows.final_nj[tuple(at)]:.6g}" for at in cells), len(cells)
    )
    final = np.where(below, 0.0, flows.final_nj)
    trade, intermediate = flows.trade_jni, flows.intermediate_nkj.copy()
    value_added = flows.value_added_nj.copy()
    stuck = below & ((bought if rule == "sales" else used) <= 0)
    if stuck.any():
        places = [flows.place(2, at) for at in np.argwhere(stuck).tolist()]
        raise WorldError(
            f"negative_final={rule!r} has nothing to change for {listed(places, len(places))}: the "
            "market does not buy the good.",
            "Correct these cells, or set them to zero with the use of the good.",
        )
    if rule == "sales":
        grown = 1 + np.divide(short, bought, out=np.zeros_like(short), where=below)
        trade = trade * grown.T[:, :, None]
        value_added += trade.sum(axis=1).T - flows.sold_nj
        how = "its origins sell as much more, as if what was drawn from stocks had been made anew"
    else:
        scale = 1 - np.divide(short, used, out=np.zeros_like(short), where=below)
        if (scale < 0).any():
            raise WorldError(
                "negative_final='inputs' would make inputs negative.", "Use 'sales' instead."
            )
        intermediate *= scale[:, :, None]
        value_added += (flows.intermediate_nkj - intermediate).sum(axis=1)
        how = "its producers use as much less of it, and their value added is as much higher"
    return flows._with((trade, intermediate, final, value_added)), [
        f"Final use below zero became zero in {len(cells)} place(s), {short.sum():.6g} in all; "
        f"{how}: {shown}."
    ]


def _balanced(flows: Flows, method: str, most_moved: float) -> tuple[Flows, list[str]]:
    """The nearest flows whose markets and producers balance, and what that took."""
    before = [np.maximum(block, 0.0) for block in flows._blocks]
    cut = flows._with(before)
    _refuse_one_sided(cut)
    given_c, accounts_ac, live = _accounts(cut)
    found = nearest(given_c, accounts_ac, np.zeros(accounts_ac.shape[0]), _DISTANCES[method])
    N, J = flows.final_nj.shape
    worst = int(np.abs(found.gap_a).argmax())
    if np.abs(found.gap_a[worst]) > BALANCE_TOLERANCE / 10:
        side, (n, j) = divmod(worst, N * J)[0], divmod(worst % (N * J), J)
        what = ("market", "producer")[side]
        raise WorldError(
            f"balance={method!r} did not come out: the {what} of {flows.goods[j]} in "
            f"{flows.countries[n]} is off by {np.abs(found.gap_a[worst]):.1e} of its turnover.",
            "Look at its cells: zeros stay zero, so that an account may have nothing left to move.",
        )
    blocks = _spread(found.value_c, live, before)
    after = flows._with(blocks)
    if min(float(block.min()) for block in blocks) < 0:
        number, cell = next(
            (b, at) for b, x in enumerate(blocks) for at in np.argwhere(x < 0).tolist()
        )
        raise WorldError(
            f"balance='least_squares' makes {after.place(number, cell)} negative.",
            "Use balance='ras', which keeps every cell positive.",
        )
    return after, _report(flows, after, method, most_moved)


def _refuse_one_sided(flows: Flows) -> None:
    """Accounts with one side only: no factor makes the other out of nothing."""
    used = flows.intermediate_nkj.sum(axis=2) + flows.final_nj
    cost = flows.intermediate_nkj.sum(axis=1) + flows.value_added_nj
    faults = []
    for has, lacks, text in (
        (flows.bought_nj, used, "is bought and has no use; give it final use"),
        (used, flows.bought_nj, "is used and nobody sells it; give it a supplier"),
        (flows.sold_nj, cost, "is sold and costs nothing; give its producers value added"),
        (cost, flows.sold_nj, "has costs and no sales; set its inputs and value added to zero"),
    ):
        bad = np.argwhere((has > 0) & (lacks <= 0)).tolist()
        if bad:
            places = listed((f"{flows.goods[j]} in {flows.countries[n]}" for n, j in bad), len(bad))
            faults.append(f"Balancing cannot add what is missing: {places} {text}.")
    if faults:
        raise WorldError(faults)


def _accounts(flows: Flows):  # type: ignore[no-untyped-def]
    """Cells above zero, what each adds to markets and producers, and which they are."""
    from scipy.sparse import coo_array

    N, J = flows.final_nj.shape
    live = [block > 0 for block in flows._blocks]
    j, n, i = np.nonzero(live[0])
    m, k, p = np.nonzero(live[1])
    f, g = np.nonzero(live[2])
    v, h = np.nonzero(live[3])
    sizes = [len(j), len(m), len(f), len(v)]
    start = np.cumsum([0, *sizes])
    at = [start[b] + np.arange(size) for b, size in enumerate(sizes)]
    made = N * J
    rows = [n * J + j, made + i * J + j, m * J + k, made + m * J + p, f * J + g, made + v * J + h]
    columns = [at[0], at[0], at[1], at[1], at[2], at[3]]
    values = [
        flows.wedge_jni[j, n, i],
        np.ones(sizes[0]),
        *(-np.ones(size) for size in (sizes[1], sizes[1], sizes[2], sizes[3])),
    ]
    shape = (2 * made, int(start[-1]))
    matrix = coo_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape
    )
    given = np.concatenate([block[on] for block, on in zip(flows._blocks, live, strict=True)])
    return given, matrix.tocsr(), live


def _spread(value_c: Array, live: list[Mask], like: list[Array]) -> list[Array]:
    """The cells back in their blocks."""
    out, start = [], 0
    for on, block in zip(live, like, strict=True):
        stop = start + int(on.sum())
        new = np.zeros_like(block)
        new[on] = value_c[start:stop]
        out.append(new)
        start = stop
    return out


def _report(before: Flows, after: Flows, method: str, most_moved: float) -> list[str]:
    """What balancing moved, or a refusal where that is too much."""
    pairs = list(zip(before._blocks, after._blocks, strict=True))
    moved = [np.abs(new - old) for old, new in pairs]
    total = sum(float(np.abs(old).sum()) for old, _ in pairs)
    share = sum(float(m.sum()) for m in moved) / max(total, 1e-300)
    abroad = ~np.eye(len(before.countries), dtype=bool)
    traded = float(np.abs(before.trade_jni[:, abroad]).sum())
    of_trade = float(moved[0][:, abroad].sum()) / max(traded, 1e-300)
    relative = np.concatenate(
        [m[old != 0] / np.abs(old[old != 0]) for (old, _), m in zip(pairs, moved, strict=True)]
    )
    order = [(float(m[at]), b, at) for b, m in enumerate(moved) for at in _largest(m)]
    order.sort(key=lambda entry: -entry[0])
    shown = "; ".join(
        f"{before.place(b, at)} {pairs[b][0][at]:.6g} to {pairs[b][1][at]:.6g}"
        for size, b, at in order[:SHOWN]
        if size > 0
    )
    found = (
        f"{share:.2%} of all flows and {of_trade:.2%} of trade between countries moved; a cell by "
        f"{np.median(relative):.2%} of itself in the median and {relative.max():.3g} times itself "
        f"at most. The largest moves: {shown}."
    )
    by = _CALLED[method]
    if share > most_moved:
        raise WorldError(
            f"Balancing by {by} moves more than {most_moved:.0%} of all flows: {found}",
            "Check the units and the year of each array; give most_moved to allow more.",
        )
    return [f"Balanced by {by}: {found}"]


def _largest(moved: Array) -> list[tuple[int, ...]]:
    count = min(SHOWN, moved.size)
    flat = np.argpartition(-moved.ravel(), count - 1)[:count]
    return [tuple(map(int, at)) for at in zip(*np.unravel_index(flat, moved.shape), strict=True)]
