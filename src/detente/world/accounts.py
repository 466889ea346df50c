"""From an inter-country input-output table to the accounts of a base year.

One treatment serves the bundled table and every file that is read, so that both are comparable:
purchases stay at basic prices, value added is what is left of sales after inputs (net product
taxes on inputs are in it), taxes on final use stay with the household that pays them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detente._types import Array

#: Value added of a producer whose inputs cost more than it sells, as a share of its sales.
LEAST_VALUE_ADDED = 0.01
#: Cells named one by one in a note; the rest are counted.
SHOWN = 10


@dataclass(frozen=True)
class Accounts:
    """The flows of a base year, with what was mended to obtain them.

    Attributes:
        trade_jni: sales of origin i's good j in market n, (J, N, N).
        intermediate_nkj: purchases of input k by n's producers of j, (N, J, J).
        final_nj: final purchases, (N, J).
        value_added_nj: sales less inputs, (N, J).
        notes: one sentence for each kind of cell that was mended.
    """

    trade_jni: Array
    intermediate_nkj: Array
    final_nj: Array
    value_added_nj: Array
    notes: tuple[str, ...]


def accounts_of(
    use_ijnk: Array,
    final_ijnf: Array,
    countries: Sequence[str],
    goods: Sequence[str],
    final_uses: Sequence[str],
) -> Accounts:
    """The accounts of a base year from who sold what to which producer and which final use.

    Args:
        use_ijnk: sales of good j of origin i to producers of k in market n, (N, J, N, J).
        final_ijnf: the same to final use f of market n, (N, J, N, F).
        countries: N codes.
        goods: J names.
        final_uses: F names.

    Returns:
        Accounts: balanced exactly, but for rounding, with no negative cell.
    """
    notes: list[str] = []

    def cell(i: int, j: int, n: int, kind: str) -> str:
        to = countries[n] if n != i else "itself"
        return f"{goods[j]} of {countries[i]} to {to} ({kind})"

    below = np.argwhere(use_ijnk < 0)
    if len(below):
        cells = (f"{cell(i, j, n, goods[k])} {use_ijnk[i, j, n, k]:.6g}" for i, j, n, k in below)
        notes.append(f"Negative sales to producers were set to zero: {_list(cells, len(below))}.")
        use_ijnk = np.maximum(use_ijnk, 0.0)

    below = np.argwhere(final_ijnf < 0)
    final_ijn = final_ijnf.sum(axis=3)
    if len(below):
        cells = (
            f"{cell(i, j, n, final_uses[f])} {final_ijnf[i, j, n, f]:.6g}" for i, j, n, f in below
        )
        notes.append(
            "Negative final-use cells, as a running down of inventories is, were summed with the "
            f"other final uses of the same flow: {_list(cells, len(below))}."
        )
    below = np.argwhere(final_ijn < 0)
    if len(below):
        cells = (f"{cell(i, j, n, 'all uses')} {final_ijn[i, j, n]:.6g}" for i, j, n in below)
        notes.append(
            "Flows whose final use is negative in total were set to zero, and the producer's "
            f"sales and value added raised by as much: {_list(cells, len(below))}."
        )
        final_ijn = np.maximum(final_ijn, 0.0)

    trade_jni = (use_ijnk.sum(axis=3) + final_ijn).transpose(1, 2, 0)
    intermediate_nkj = use_ijnk.sum(axis=0).transpose(1, 0, 2).copy()
    final_nj = final_ijn.sum(axis=0).T.copy()
    value_added_nj = _value_added(trade_jni, intermediate_nkj, final_nj, countries, goods, notes)
    return Accounts(trade_jni, intermediate_nkj, final_nj, value_added_nj, tuple(notes))


def _value_added(
    trade_jni: Array,
    intermediate_nkj: Array,
    final_nj: Array,
    countries: Sequence[str],
    goods: Sequence[str],
    notes: list[str],
) -> Array:
    """Sales less inputs; where that is not positive, inputs move to final use in place."""
    sales_nj = trade_jni.sum(axis=1).T
    inputs_nj = intermediate_nkj.sum(axis=1)
    most_nj = (1 - LEAST_VALUE_ADDED) * sales_nj
    over = (inputs_nj > most_nj) & (inputs_nj > sales_nj)
    idle = np.argwhere((sales_nj <= 0) & (inputs_nj <= 0))
    if len(idle):
        cells = (f"{goods[j]} in {countries[n]}" for n, j in idle)
        notes.append(f"Producers without sales or inputs: {_list(cells, len(idle))}.")
    if over.any():
        scale = np.where(over, most_nj / np.where(over, inputs_nj, 1.0), 1.0)
        moved = intermediate_nkj * (1 - scale)[:, None, :]
        intermediate_nkj -= moved
        final_nj += moved.sum(axis=2)
        cells = (
            f"{goods[j]} in {countries[n]} ({inputs_nj[n, j] - most_nj[n, j]:.6g} of "
            f"{inputs_nj[n, j]:.6g})"
            for n, j in np.argwhere(over)
        )
        notes.append(
            "Inputs beyond what the producer sells, less "
            f"{LEAST_VALUE_ADDED:.0%} of its sales as value added, were moved to final use of the "
            f"same country: {_list(cells, int(over.sum()))}."
        )
    left: Array = sales_nj - intermediate_nkj.sum(axis=1)
    return left


def _list(cells: Iterable[str], count: int) -> str:
    shown = [text for text, _ in zip(cells, range(SHOWN), strict=False)]
    more = f"; and {count - SHOWN} more" if count > SHOWN else ""
    return "; ".join(shown) + more
