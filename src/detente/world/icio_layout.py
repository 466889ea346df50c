"""Which row and column of an inter-country table is what, and what its layout lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detente.world.icio_file import Cells

#: Final uses of the OECD's tables, 2023 and 2025 editions.
FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
#: Parts into which the extended tables split a country, by kind of producer.
PARTS = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}
_OUTPUT = ("OUT", "OUTPUT")
_TAX = ("TLS", "TAXSUB")
_VALUE_ADDED = ("VA", "VALU")
_ACCOUNTS = (*_OUTPUT, *_TAX, *_VALUE_ADDED)
#: What to do about a file that lacks something.
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
    if odd_finals and any(_bare(label) in _ACCOUNTS and label not in _OUTPUT for label in others):
        return _transposed(cells)
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


def _transposed(cells: Cells) -> Layout:
    fault = (
        f"{cells.file}:1: the table is transposed: final uses are rows, and value added and taxes "
        "are columns. Exchange rows and columns, so that a row says to whom a producer sells."
    )
    return Layout((), (), (), (), (), (), (), (), None, None, (), (), (fault,))


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


def is_output(label: str) -> bool:
    """Whether a row of that label holds the totals of the columns."""
    return label.rpartition("_")[2] in _OUTPUT


def _bare(label: str) -> str:
    return label.rpartition("_")[2]
