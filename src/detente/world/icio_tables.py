"""The file of an inter-country input-output table: its cells, and which of them is what.

`Cells` is what `read_cells` finds, with every unreadable cell named by its place. `Layout` is what
`layout_of` makes of the labels: countries, goods, final uses and taxes, and what is lacking.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente._types import Array
from detente.world.errors import WorldFileError

#: Faults of one kind named one by one; the rest are counted.
SHOWN = 100
#: Columns that a table may have: the OECD's 85 countries and parts of them, by 50 sectors and with
#: six final uses each, are under 5,000.
_MOST_COLUMNS = 20_000
_AGAIN = "Download the file again, or mend the line."


@dataclass(frozen=True)
class Cells:
    """A file's cells as numbers.

    Attributes:
        file: name of the file, for messages.
        columns: labels of the columns but the first, C of them.
        rows: labels of the rows, R of them.
        line_r: the line of each row in the file, counted from 1, (R,).
        value_rc: the numbers; an unreadable cell is NaN and has its fault, (R, C).
        faults: what is wrong with lines and cells.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    line_r: tuple[int, ...]
    value_rc: Array
    faults: tuple[str, ...]

    def place(self, row: int, column: int | None = None) -> str:
        """Where a row or cell is: file:line or file:line:column label."""
        at = f"{self.file}:{self.line_r[row]}"
        return at if column is None else f"{at}:{self.columns[column]}"


def read_cells(path: Path) -> Cells:
    """Read a table of numbers with a header and a first column of labels.

    Args:
        path: the file.

    Raises:
        WorldFileError: if it is not such a table at all; lesser faults are in `Cells.faults`.
    """
    import polars as pl

    file = path.name
    header = _header(path)
    width = len(header)
    lines, faults = _lines(path, width)
    if not lines:
        raise WorldFileError(f"{file}:2: there is no row under the header.", "Download it again.")
    names = [f"c{position}" for position in range(width)]
    try:
        table = pl.read_csv(
            path,
            has_header=False,
            skip_rows=1,
            schema={name: pl.Float64 if at else pl.String for at, name in enumerate(names)},
            ignore_errors=True,
            truncate_ragged_lines=True,
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        # The reader's own words speak of its options; what can be said of the lines is known.
        if faults:
            raise WorldFileError(faults) from error
        other = f"{file}: its rows cannot be read as a label and numbers each."
        raise WorldFileError(other, _AGAIN) from error
    table = table.filter(pl.any_horizontal(pl.all().is_not_null()))
    if table.height != len(lines):
        raise WorldFileError(
            f"{file}: {len(lines)} lines but {table.height} rows; a quotation mark is not closed.",
            _AGAIN,
        )
    rows = tuple(str(label or "").strip() for label in table["c0"].to_list())
    value = table.drop("c0").to_numpy(writable=True)
    whole = np.array([count == width for _, count in lines])
    line_r = tuple(number for number, _ in lines)
    unread = np.argwhere(~np.isfinite(value) & whole[:, None]).tolist()
    cells = Cells(file, tuple(header[1:]), rows, line_r, value, ())
    faults += _unreadable(path, cells, unread)
    return Cells(file, cells.columns, rows, line_r, value, tuple(faults))


def _header(path: Path) -> list[str]:
    file = path.name
    try:
        with path.open("rb") as handle:
            first = handle.readline()
    except OSError as error:
        raise WorldFileError(
            f"{path}: cannot be opened ({error.strerror}).", "Give a file that can be read."
        ) from error
    if not first.strip():
        raise WorldFileError(f"{file}:1: the file is empty.", "Download it again.")
    if first.startswith(b"PK"):
        raise WorldFileError(f"{file}: a zip archive.", "Unpack it and give the .csv file inside.")
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorldFileError(f"{file}:1: not a text file.", "Give the .csv file.") from error
    if "\r" in text.rstrip("\r\n"):
        raise WorldFileError(
            f"{file}:1: lines end with a carriage return alone.", "Save it with line feeds (LF)."
        )
    try:
        header = [cell.strip() for cell in next(csv.reader([text]), [])]
    except csv.Error as error:
        raise WorldFileError(f"{file}:1: not a header of a table ({error}).", _AGAIN) from error
    if len(header) < 3 or "\0" in text:
        hint = " It seems to be separated by ';'." if text.count(";") > 2 else ""
        raise WorldFileError(
            f"{file}:1: not a table separated by commas: {len(header)} column(s).{hint}",
            "Give the OECD's .csv file as it was published.",
        )
    if len(header) > _MOST_COLUMNS:
        raise WorldFileError(
            f"{file}:1: the header has {len(header):,} columns; the OECD's largest table has "
            f"under 5,000.",
            f"Give its .csv file as it was published, or one of at most {_MOST_COLUMNS:,} columns.",
        )
    return header


def _lines(path: Path, width: int) -> tuple[list[tuple[int, int]], list[str]]:
    """Line number and number of cells of each row that is not blank, and the broken ones."""
    lines: list[tuple[int, int]] = []
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if number > 1 and line.strip():
                lines.append((number, line.count(b",") + 1))
    broken = [(number, count) for number, count in lines if count != width]
    faults = []
    for number, count in broken[:SHOWN]:
        last = number == lines[-1][0] and count < width
        cause = "the file is cut short" if last else "the line is broken"
        faults.append(
            f"{path.name}:{number}: {count} cell(s), the header has {width}; {cause}. {_AGAIN}"
        )
    return lines, faults + _more(broken, f"{path.name}: lines of another length than the header")


def _unreadable(path: Path, cells: Cells, unread: list[list[int]]) -> list[str]:
    """Faults for cells that are no numbers; those that only have blanks around them are mended."""
    if not unread:
        return []
    wanted: dict[int, list[tuple[int, int]]] = {}
    for row, column in unread:
        wanted.setdefault(cells.line_r[row], []).append((row, column))
    faults: list[str] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
        for number, line in enumerate(handle, 1):
            for row, column in wanted.get(number, ()):
                text = _cell(line, column + 1)
                try:
                    number_read = float(text)
                except ValueError:
                    number_read = np.nan
                cells.value_rc[row, column] = number_read
                if not np.isfinite(number_read):
                    what = f"{text!r} is not a number" if text else "the cell is empty"
                    faults.append(
                        f"{cells.place(row, column)}: {what} (row {cells.rows[row]}). Write the "
                        "value, or 0 if there is no flow."
                    )
    return faults[:SHOWN] + _more(faults, f"{cells.file}: cells that are not numbers")


def _cell(line: str, position: int) -> str:
    try:
        return next(csv.reader([line]))[position].strip()
    except (csv.Error, IndexError, StopIteration):
        return line.strip()[:20]


def _more(found: Iterable[object], what: str) -> list[str]:
    count = len(list(found))
    return [f"{what}: {count} in all, the first {SHOWN} are named."] if count > SHOWN else []


#: Final uses of the OECD's tables, 2023 and 2025 editions.
FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
#: Parts into which the extended tables split a country, by kind of producer.
PARTS = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}
_OUTPUT = ("OUT", "OUTPUT")
_TAX = ("TLS", "TAXSUB")
_VALUE_ADDED = ("VA", "VALU")
#: Columns of one label that are named before the rest is counted.
_PLACES = 5
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
        more = f" and {len(number) - _PLACES} more" if len(number) > _PLACES else ""
        columns = f"columns {', '.join(number[:_PLACES])}{more}"
        detail = columns if what == "column" else "also at " + where[0]
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
