"""Which row and column of an inter-country table is what, and what its layout lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.world.icio_file import Cells
from detente.world.world import Array

#: Final uses of the OECD's tables, 2023 and 2025 editions.
FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
#: Parts into which the extended tables split a country, by kind of producer.
PARTS = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}
_OUTPUT = ("OUT", "OUTPUT")
_TAX = ("TLS", "TAXSUB")
_VALUE_ADDED = ("VA", "VALU")
_ACCOUNTS = (*_OUTPUT, *_TAX, *_VALUE_ADDED)
#: Sums that do not come out, of rows and of columns, named before the rest is counted.
_SHOWN = 8
_WHOLE = "Download the file again: it is not the whole table."


@dataclass(frozen=True)
class Layout:
    """Where things stand in the file; positions count rows and columns of `Cells`.

    Attributes:
        countries: codes, parts joined, in the order of the columns.
        goods: names of sectors, in the order of the columns.
        seller_r: rows that are producers.
        seller_to_r: position country * J + good of each, (len(seller_r),).
        buyer_c: columns that are producers.
        buyer_to_c: position country * J + good of each.
        final_c: columns that are final uses.
        final_to_c: position country * 6 + use of each.
        output_c: the column OUT, or None.
        output_r: the row OUT, or None.
        parts: codes that were joined into another.
        ignored: labels that are none of these.
        faults: what is missing or stands twice.
    """

    countries: tuple[str, ...]
    goods: tuple[str, ...]
    seller_r: tuple[int, ...]
    seller_to_r: tuple[int, ...]
    buyer_c: tuple[int, ...]
    buyer_to_c: tuple[int, ...]
    final_c: tuple[int, ...]
    final_to_c: tuple[int, ...]
    output_c: int | None
    output_r: int | None
    parts: tuple[str, ...]
    ignored: tuple[str, ...]
    faults: tuple[str, ...]


def layout_of(cells: Cells) -> Layout:
    """What each row and column is, by its label; their order does not matter."""
    faults = [
        *_twice(cells.columns, [f"{cells.file}:1"] * len(cells.columns), "column"),
        *_twice(cells.rows, [f"{cells.file}:{n}" for n in cells.line_r], "row"),
    ]
    buyers, finals, others = _sorted_out(cells.columns)
    sellers, odd_finals, accounts = _sorted_out(cells.rows)
    countries = tuple(dict.fromkeys(_whole(c) for c, _ in buyers))
    goods = tuple(dict.fromkeys(g for _, g in buyers))
    if not countries:
        faults.append(
            f"{cells.file}:1: no column is called like ARG_A01_02, country and sector. Give the "
            "OECD's inter-country table (…_SML.csv)."
        )
    at = {(c, g): n * len(goods) + j for n, c in enumerate(countries) for j, g in enumerate(goods)}
    use = {
        (c, f): n * len(FINAL_USES) + k
        for n, c in enumerate(countries)
        for k, f in enumerate(FINAL_USES)
    }
    seller = {key: r for key, r in sellers.items() if (_whole(key[0]), key[1]) in at}
    final = {key: c for key, c in finals.items() if (_whole(key[0]), key[1]) in use}
    strays = [cells.rows[r] for key, r in sellers.items() if key not in seller]
    faults += _absent(cells, at, buyers, "column", f"{cells.file}:1")
    faults += _absent(cells, use, final, "column", f"{cells.file}:1")
    faults += _absent(cells, at, sellers, "row", f"{cells.file}:{cells.line_r[-1]}")
    for label in strays:
        r = cells.rows.index(label)
        faults.append(
            f"{cells.place(r)}: the row {label} has no column of that name. Add the column, or "
            "take the row out."
        )
    output_c = next((c for label, c in others.items() if label in _OUTPUT), None)
    output_r = next((r for label, r in accounts.items() if label in _OUTPUT), None)
    if countries and output_c is None:
        faults.append(f"{cells.file}:1: the column OUT is missing. {_WHOLE}")
    for names in (_TAX, _VALUE_ADDED, _OUTPUT):
        if countries and not any(_bare(label) in names for label in accounts):
            faults.append(
                f"{cells.file}:{cells.line_r[-1]}: the row {names[0]} is missing. {_WHOLE}"
            )
    return Layout(
        countries=countries,
        goods=goods,
        seller_r=tuple(seller.values()),
        seller_to_r=tuple(at[_whole(c), g] for c, g in seller),
        buyer_c=tuple(buyers.values()),
        buyer_to_c=tuple(at[_whole(c), g] for c, g in buyers),
        final_c=tuple(final.values()),
        final_to_c=tuple(use[_whole(c), f] for c, f in final),
        output_c=output_c,
        output_r=output_r,
        parts=tuple(dict.fromkeys(c for c, _ in buyers if c in PARTS)),
        ignored=tuple(
            dict.fromkeys(
                [
                    *(x for x in others if _bare(x) not in _ACCOUNTS),
                    *(x for x in accounts if _bare(x) not in _ACCOUNTS),
                    *(f"{c}_{f}" for c, f in odd_finals),
                    *(f"{c}_{f}" for c, f in finals if (c, f) not in final),
                ]
            )
        ),
        faults=tuple(faults),
    )


_Keyed = dict[tuple[str, str], int]


def _sorted_out(labels: Sequence[str]) -> tuple[_Keyed, _Keyed, dict[str, int]]:
    """Positions of country-sector labels, of country-final-use labels, and of all others."""
    sectors: _Keyed = {}
    finals: _Keyed = {}
    others: dict[str, int] = {}
    for position, label in enumerate(labels):
        country, underscore, rest = label.partition("_")
        if not (underscore and country and rest) or rest in _ACCOUNTS:
            others.setdefault(label, position)
        elif rest in FINAL_USES:
            finals.setdefault((country, rest), position)
        else:
            sectors.setdefault((country, rest), position)
    return sectors, finals, others


def _twice(labels: Sequence[str], places: Sequence[str], what: str) -> Iterable[str]:
    many = {label for label, count in Counter(labels).items() if count > 1}
    for label in sorted(many):
        where = [p for p, x in zip(places, labels, strict=True) if x == label]
        number = [str(at + 2) for at, x in enumerate(labels) if x == label]
        detail = f"columns {', '.join(number)}" if what == "column" else "also at " + where[0]
        yield f"{where[-1]}: the {what} {label or '(no label)'} stands twice ({detail}). Keep one."


def _absent(
    cells: Cells, expected: Iterable[tuple[str, str]], found: _Keyed, what: str, where: str
) -> Iterable[str]:
    have = {(_whole(c), g) for c, g in found}
    missing: dict[str, list[str]] = {}
    for country, rest in expected:
        if (country, rest) not in have:
            missing.setdefault(country, []).append(f"{country}_{rest}")
    for labels in missing.values():
        shown = ", ".join(labels[:5]) + (f" and {len(labels) - 5} more" if len(labels) > 5 else "")
        plural = f"{what}s {shown} are" if len(labels) > 1 else f"{what} {shown} is"
        yield f"{where}: the {plural} missing. {_WHOLE}"


def _whole(country: str) -> str:
    return PARTS.get(country, country)


def _bare(label: str) -> str:
    return label.rpartition("_")[2]


def output_faults(cells: Cells, layout: Layout) -> list[str]:
    """Rows and columns whose cells do not add up to the file's own OUT, and idle countries."""
    faults: list[str] = []
    value = cells.value_rc
    taken_c = [*layout.buyer_c, *layout.final_c]
    made_r = value[np.ix_(np.array(layout.seller_r), np.array(taken_c))].sum(axis=1)
    if layout.output_c is not None:
        stated = value[list(layout.seller_r), layout.output_c]
        unlike = _unlike(made_r, stated)
        faults += _uncounted(cells, unlike, "rows")
        for at in unlike[:_SHOWN]:
            row = layout.seller_r[at]
            faults.append(
                f"{cells.place(row, layout.output_c)}: OUT of {cells.rows[row]} is "
                f"{stated[at]:.10g}, but its sales add up to {made_r[at]:.10g}. A cell of this row "
                "was changed: compare it with the published file."
            )
    if layout.output_r is not None:
        rows = [r for r in range(len(cells.rows)) if _bare(cells.rows[r]) not in _OUTPUT]
        cost_c = value[np.ix_(np.array(rows), np.array(layout.buyer_c))].sum(axis=0)
        stated = value[layout.output_r, list(layout.buyer_c)]
        unlike = _unlike(cost_c, stated)
        faults += _uncounted(cells, unlike, "columns")
        for at in unlike[:_SHOWN]:
            column = layout.buyer_c[at]
            faults.append(
                f"{cells.place(layout.output_r, column)}: OUT is {stated[at]:.10g}, but the column "
                f"adds up to {cost_c[at]:.10g}. A cell of this column was changed: compare it with "
                "the published file."
            )
    total_n = np.zeros(len(layout.countries))
    np.add.at(total_n, np.array(layout.seller_to_r, int) // max(len(layout.goods), 1), made_r)
    for n in np.nonzero(total_n <= 0)[0]:
        first = next(
            r
            for r, to in zip(layout.seller_r, layout.seller_to_r, strict=True)
            if to // len(layout.goods) == n
        )
        faults.append(
            f"{cells.place(first)}: {layout.countries[n]} has no output in any sector. Take its "
            "rows and columns out, or compare with the published file."
        )
    return faults


def _uncounted(cells: Cells, unlike: list[int], what: str) -> list[str]:
    if len(unlike) <= _SHOWN:
        return []
    found = f"{len(unlike)} {what} do not add up to OUT; the first {_SHOWN} are named."
    return [f"{cells.file}: {found} {_WHOLE}"]


def _unlike(sum_: Array, stated: Array) -> list[int]:
    gap = np.abs(sum_ - stated)
    return [int(x) for x in np.nonzero(gap > np.maximum(1.0, 1e-3 * np.abs(stated)))[0]]
