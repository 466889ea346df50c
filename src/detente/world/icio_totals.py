"""Do the totals of an inter-country table come out, and is every cell in proportion?

A table can be scrambled so that each row and each column still adds up to its own OUT: with two
rows exchanged, say. Then what a producer sells is no longer what it spends on inputs, taxes and
value added. A cell that is wrong in a table whose totals were made to fit shows by its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente._types import Array
from detente.world.icio_tables import Cells, Layout, is_output

#: A total may be off by this share of itself, or by this much, USD million. The OECD's tables of
#: 2020 and 2022 come out to 4e-8 of a total and to 0.03 USD million: what is off by more is told.
DOUBTED_SHARE, DOUBTED = 1e-6, 0.1
#: What is off by more than this is refused. It is small beside any producer, so that a cell that
#: was changed shows in the total of its row or of its column.
REFUSED_SHARE, REFUSED = 1e-4, 1.0
#: A sum of c rounded cells is off by some sqrt(c / 12) steps; this is four times as much.
_ROUNDING = 1.2
#: A flow may be negative by this share of its producer's output, as stocks are run down. The
#: largest of 2020 is 4 % (manufactures of Lithuania at home).
NEGATIVE_SHARE = 0.1
#: The same for consumption, which has no stocks.
NEGATIVE_CONSUMPTION = 0.01
_CONSUMPTION = ("HFCE", "NPISH", "GGFC")
#: Inputs may cost this multiple of sales. In the tables of 2020 and 2022 the highest is 0.98.
MOST_INPUTS = 1.5
#: No cell or gap below this, USD million, is judged by its share.
_SMALL = 1.0
#: A flow from abroad is doubtful when its user takes this multiple of the share of the good that
#: the other users in the country take from the same origin. Statistical offices spread imports
#: over users, so that shares differ little: of sales of this size between countries, USD million,
#: the highest multiple is 18 in 2020 (11 sectors) and 1.1 in 2022 (50 sectors, producers alone).
DOUBTED_MULTIPLE, DOUBTED_SALE = 30.0, 20_000.0
#: And a smaller multiple for sales as large as nearly none in the two tables: to producers the
#: largest is 130,352 USD million in 2020 and 67,370 in 2022, to final use 205,822 with a multiple
#: of 1.5.
DOUBTED_LARGE_MULTIPLE, DOUBTED_LARGE_SALE = 4.0, 200_000.0
#: The same for shares that differ by this much, where a multiple says little: the largest
#: difference in sales of this size, USD million, is 0.35 in 2020 and 0.41 in 2022.
DOUBTED_GAP, DOUBTED_GAP_SALE = 0.5, 10_000.0
#: Faults of one kind that are named before the rest is counted.
_SHOWN = 8
_CHANGED = "compare it with the published file"
_AGAIN = "Download the file again, or compare these rows and columns with the published ones."


@dataclass(frozen=True)
class _Totals:
    """What each producer sells and spends, in the order country * J + good.

    Attributes:
        sold_p: sum of its row, or of the rows of its country's parts.
        spent_p: sum of its column.
        slack_p: what rounding explains of the gap between the two.
        line_p: a row of the file that belongs to it.
        named_p: its name, as `USA_D`.
    """

    sold_p: Array
    spent_p: Array
    slack_p: Array
    line_p: dict[int, int]
    named_p: tuple[str, ...]


def sum_faults(cells: Cells, layout: Layout) -> tuple[list[str], list[str]]:
    """Rows and columns that do not add up, to the file's OUT or to each other.

    Returns:
        tuple: the sentences that refuse the file, and those that only raise doubts.
    """
    value = cells.value_rc
    step = _step(value)
    seller, buyer = list(layout.seller_r), list(layout.buyer_c)
    sold = value[np.ix_(np.array(seller), np.array([*buyer, *layout.final_c]))]
    spends = [r for r in range(len(cells.rows)) if not is_output(cells.rows[r])]
    spent = value[np.ix_(np.array(spends), np.array(buyer))]
    made_r, cost_c = sold.sum(axis=1), spent.sum(axis=0)
    slack_r = _ROUNDING * step * (1 + np.sqrt(np.count_nonzero(sold, axis=1)))
    slack_c = _ROUNDING * step * (1 + np.sqrt(np.count_nonzero(spent, axis=0)))
    faults: list[str] = []
    doubts: list[str] = []
    off_r = off_c = np.zeros(0)
    if layout.output_c is not None:
        stated = value[seller, layout.output_c]
        off_r = _judged(made_r, stated, slack_r, "rows", "OUT", doubts)
        found = [
            f"{cells.place(seller[at], layout.output_c)}: OUT of {cells.rows[seller[at]]} is "
            f"{stated[at]:.10g}, but its sales add up to {made_r[at]:.10g}. A cell of this row "
            f"was changed: {_CHANGED}."
            for at in np.flatnonzero(off_r).tolist()
        ]
        faults += _first(found, f"{cells.file}: {{}} rows do not add up to OUT")
    if layout.output_r is not None:
        stated = value[layout.output_r, buyer]
        off_c = _judged(cost_c, stated, slack_c, "columns", "OUT", doubts)
        found = [
            f"{cells.place(layout.output_r, buyer[at])}: OUT is {stated[at]:.10g}, but the column "
            f"adds up to {cost_c[at]:.10g}. A cell of this column was changed: {_CHANGED}."
            for at in np.flatnonzero(off_c).tolist()
        ]
        faults += _first(found, f"{cells.file}: {{}} columns do not add up to OUT")
    if off_r.any() and off_c.any():
        faults += _crossings(cells, seller, buyer, off_r, off_c)
    totals = _totals(cells, layout, (made_r, slack_r), (cost_c, slack_c))
    faults += _idle(cells, layout, totals)
    if not faults:
        faults += _unbalanced(cells, totals, doubts)
        bought_c = value[np.ix_(np.array(seller), np.array(buyer))].sum(axis=0)
        faults += _costly(cells, layout, totals, bought_c)
    return faults, doubts


def _step(value: Array) -> float:
    """The size of a cell's last digit; 0 where cells have all digits."""
    flat = value.ravel()
    some = flat[:: max(1, flat.size // 100_000)]
    some = some[some != 0]
    return next((10.0**-d for d in range(5) if np.array_equal(np.round(some, d), some)), 0.0)


def _judged(
    left: Array, right: Array, slack: Array, what: str, other: str, doubts: list[str]
) -> Array:
    """The gaps that refuse a file, 0 elsewhere; smaller ones that rounding leaves are told."""
    gap = left - right
    size = np.maximum(np.abs(left), np.abs(right))
    off = np.abs(gap) > np.maximum(REFUSED, REFUSED_SHARE * size) + slack
    stated = ~off & (np.abs(gap) > np.maximum(DOUBTED, DOUBTED_SHARE * size) + slack)
    if stated.any():
        doubts.append(
            f"{int(stated.sum())} {what} do not add up to {other}, by "
            f"{np.abs(gap[stated]).max():.4g} USD million at most; {_CHANGED}."
        )
    return np.where(off, gap, 0.0)


def _totals(
    cells: Cells, layout: Layout, made: tuple[Array, Array], cost: tuple[Array, Array]
) -> _Totals:
    count = len(layout.countries) * len(layout.goods)
    sold_p, spent_p, slack_p = np.zeros(count), np.zeros(count), np.zeros(count)
    for to, (total, slack), into in (
        (layout.seller_to_r, made, sold_p),
        (layout.buyer_to_c, cost, spent_p),
    ):
        np.add.at(into, np.array(to), total)
        np.add.at(slack_p, np.array(to), slack)
    lines: dict[int, int] = {}
    for position, row in zip(layout.seller_to_r, layout.seller_r, strict=True):
        lines.setdefault(position, row)
    named = tuple(f"{c}_{g}" for c in layout.countries for g in layout.goods)
    return _Totals(sold_p, spent_p, slack_p, lines, named)


def _unbalanced(cells: Cells, totals: _Totals, doubts: list[str]) -> list[str]:
    """Producers whose sales are not what they spend, with what seems to have changed places."""
    off_p = _judged(
        totals.sold_p,
        totals.spent_p,
        totals.slack_p,
        "producers' rows",
        "their columns",
        doubts,
    )
    off = [int(p) for p in np.argsort(-np.abs(off_p), kind="stable") if off_p[p]]
    found = [
        f"{cells.place(totals.line_p[p])}: {totals.named_p[p]} sells {totals.sold_p[p]:,.10g}, but "
        f"its inputs, taxes and value added add up to {totals.spent_p[p]:,.10g}: USD million "
        f"{abs(off_p[p]):,.6g} apart.{_partner(totals, off, p)} {_AGAIN}"
        for p in off
    ]
    return _first(found, f"{cells.file}: {{}} producers do not sell what they spend")


def _partner(totals: _Totals, off: Sequence[int], p: int) -> str:
    for q in off:
        sold, spent = totals.sold_p[[p, q]], totals.spent_p[[q, p]]
        slack = totals.slack_p[[p, q]] + np.maximum(DOUBTED, DOUBTED_SHARE * sold)
        if q != p and bool((np.abs(sold - spent) <= slack).all()):
            return f" Its row or its column seems to have changed places with {totals.named_p[q]}."
    return ""


def _crossings(
    cells: Cells, seller: Sequence[int], buyer: Sequence[int], off_r: Array, off_c: Array
) -> list[str]:
    """Cells that stand where a row and a column are off by the same amount."""
    found = []
    for at in np.flatnonzero(off_r)[:_SHOWN].tolist():
        like = np.flatnonzero(np.abs(off_c - off_r[at]) <= 1e-6 * abs(off_r[at]))
        if len(like) == 1:
            row, column = seller[at], buyer[int(like[0])]
            cell = cells.value_rc[row, column]
            found.append(
                f"{cells.place(row, column)}: the cell {cells.rows[row]} to "
                f"{cells.columns[column]} is {cell:.10g}, and both its row and its column are off "
                f"by {off_r[at]:.6g}; without that it would be {cell - off_r[at]:.6g}. Write the "
                "published value."
            )
    return found


def _idle(cells: Cells, layout: Layout, totals: _Totals) -> list[str]:
    """Countries that sell nothing at all."""
    width = len(layout.goods)
    return [
        f"{cells.place(totals.line_p[n * width])}: {country} has no output in any sector. Take its "
        "rows and columns out, or compare with the published file."
        for n, country in enumerate(layout.countries)
        if totals.sold_p[n * width : (n + 1) * width].sum() <= 0
    ]


def _costly(cells: Cells, layout: Layout, totals: _Totals, bought_c: Array) -> list[str]:
    """Producers whose inputs cost far more than they sell."""
    inputs_p = np.zeros(len(totals.sold_p))
    np.add.at(inputs_p, np.array(layout.buyer_to_c), bought_c)
    over = inputs_p > MOST_INPUTS * totals.sold_p + 100 * _SMALL
    found = [
        f"{cells.place(totals.line_p[p])}: the inputs of {totals.named_p[p]} cost "
        f"{inputs_p[p]:,.6g}, its sales are {totals.sold_p[p]:,.6g}. A cell of its column or of "
        f"its row is out of proportion: {_CHANGED}."
        for p in np.flatnonzero(over).tolist()
    ]
    return _first(found, f"{cells.file}: {{}} producers buy far more than they sell")


def cell_faults(
    file: str,
    use_ijnk: Array,
    final_ijnf: Array,
    countries: Sequence[str],
    goods: Sequence[str],
    final_uses: Sequence[str],
) -> list[str]:
    """Cells that no table has: large negative ones, and final use that comes from elsewhere.

    Args:
        file: its name, for messages.
        use_ijnk: sales of good j of origin i to producers of k in market n, (N, J, N, J).
        final_ijnf: the same to final use f of market n, (N, J, N, F).
        countries: N codes.
        goods: J names.
        final_uses: F names.
    """
    output_ij = use_ijnk.sum(axis=(2, 3)) + final_ijnf.sum(axis=(2, 3))
    final_ijn = final_ijnf.sum(axis=3)
    found: list[tuple[float, str]] = []

    def judge(value: float, share: float, i: int, j: int, column: str) -> None:
        if value < -max(_SMALL, share * abs(float(output_ij[i, j]))):
            found.append(
                (
                    value,
                    f"{file}: {countries[i]}_{goods[j]} sells {value:,.6g} to {column}, of an "
                    f"output of {output_ij[i, j]:,.6g}. So large a sale cannot be negative: "
                    f"{_CHANGED}.",
                )
            )

    for i, j, n, k in np.argwhere(use_ijnk < -_SMALL).tolist():
        column = f"{countries[n]}_{goods[k]}"
        judge(float(use_ijnk[i, j, n, k]), NEGATIVE_SHARE, i, j, column)
    for i, j, n in np.argwhere(final_ijn < -_SMALL).tolist():
        column = f"the final uses of {countries[n]}"
        judge(float(final_ijn[i, j, n]), NEGATIVE_SHARE, i, j, column)
    for f in (f for f, name in enumerate(final_uses) if name in _CONSUMPTION):
        for i, j, n in np.argwhere(final_ijnf[..., f] < -_SMALL).tolist():
            column = f"{countries[n]}_{final_uses[f]}"
            judge(float(final_ijnf[i, j, n, f]), NEGATIVE_CONSUMPTION, i, j, column)
    faults = _first([text for _, text in sorted(found)], f"{file}: {{}} sales are negative")
    return faults + _foreign(file, final_ijn.sum(axis=1), countries)


def cell_doubts(
    use_ijnk: Array,
    final_ijnf: Array,
    countries: Sequence[str],
    goods: Sequence[str],
) -> list[str]:
    """Sales between countries that are out of proportion, though every sum comes out.

    When figures change places within a rectangle of two rows and two columns, no total moves. But
    the user that takes nearly all of a good from one origin stands out among the other users of
    its country. Final uses count as one user.

    Args:
        use_ijnk: as in `cell_faults`.
        final_ijnf: as in `cell_faults`.
        countries: N codes.
        goods: J names.

    Returns:
        A sentence each, the largest sale first.
    """
    users = [*goods, "final use"]
    found: list[tuple[float, str]] = []
    for n, country in enumerate(countries):
        sold_ijk = np.concatenate([use_ijnk[:, :, n], final_ijnf[:, :, n].sum(-1)[..., None]], -1)
        bought_jk = sold_ijk.sum(axis=0)
        left_jk = bought_jk.sum(axis=1)[:, None] - bought_jk
        left_ijk = sold_ijk.sum(axis=2)[..., None] - sold_ijk
        share_ijk = _ratio(sold_ijk, bought_jk)
        others_ijk = _ratio(left_ijk, left_jk)
        odd = (sold_ijk >= DOUBTED_SALE) & (share_ijk >= DOUBTED_MULTIPLE * others_ijk)
        large = sold_ijk >= DOUBTED_LARGE_SALE
        odd |= large & (share_ijk >= DOUBTED_LARGE_MULTIPLE * others_ijk)
        odd |= (sold_ijk >= DOUBTED_GAP_SALE) & (share_ijk - others_ijk >= DOUBTED_GAP)
        odd &= left_jk > 0
        odd[n] = False
        for i, j, k in np.argwhere(odd).tolist():
            sale, seller = float(sold_ijk[i, j, k]), f"{countries[i]}_{goods[j]}"
            found.append(
                (
                    sale,
                    f"{seller} sells {sale:,.6g} to {users[k]} of {country}, which is "
                    f"{share_ijk[i, j, k]:.1%} of what that user buys of {goods[j]}, while the "
                    f"others in {country} take {others_ijk[i, j, k]:.1%} from {countries[i]}; "
                    f"{_CHANGED}.",
                )
            )
    found.sort(key=lambda pair: -pair[0])
    return _first([text for _, text in found], "{} sales between countries are out of proportion")


def _ratio(part_ijk: Array, whole_jk: Array) -> Array:
    """Shares of a whole; 0 where there is none."""
    out = np.zeros_like(part_ijk)
    return np.divide(part_ijk, whole_jk, out=out, where=np.broadcast_to(whole_jk > 0, out.shape))


def _foreign(file: str, final_in: Array, countries: Sequence[str]) -> list[str]:
    """Countries that take more for final use from one other country than from themselves.

    None does: in 2020 the share of the largest other is 22 % of investment (Cambodia) and 9 % of
    consumption, that of the country itself 36 % (investment in Ireland) or more.
    """
    own_n = np.diag(final_in)
    other_in = final_in - np.diag(own_n)
    first_n = other_in.argmax(axis=0).tolist()
    most_n = other_in.max(axis=0, initial=0.0)
    found = [
        f"{file}: of the final uses of {countries[n]}, {countries[first_n[n]]} provides "
        f"{most_n[n]:,.6g} and {countries[n]} itself {own_n[n]:,.6g}. The columns of final use, or "
        "the rows, of the two seem to have changed places: compare them with the published file."
        for n in np.flatnonzero((most_n > own_n) & (most_n > _SMALL)).tolist()
    ]
    return _first(found, f"{file}: {{}} countries take most of their final use from another")


def _first(found: list[str], count: str) -> list[str]:
    """The first of many sentences, after one that counts them."""
    if len(found) <= _SHOWN:
        return found
    return [f"{count.format(len(found))}; the first {_SHOWN} are named.", *found[:_SHOWN]]
