"""The cells of an inter-country table's file, with every unreadable one named by its place."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente.world.errors import WorldFileError
from detente.world.world import Array

#: Faults of one kind named one by one; the rest are counted.
SHOWN = 100
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
        raise WorldFileError(f"{file}:2: there is no row under the header. Download it again.")
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
        reason = str(error).partition("\n")[0]
        raise WorldFileError(f"{file}: not a table of numbers ({reason}). {_AGAIN}") from error
    table = table.filter(pl.any_horizontal(pl.all().is_not_null()))
    if table.height != len(lines):
        raise WorldFileError(
            f"{file}: {len(lines)} lines but {table.height} rows; a quotation mark is not closed. "
            f"{_AGAIN}"
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
        raise WorldFileError(f"{path}: cannot be opened ({error.strerror}).") from error
    if not first.strip():
        raise WorldFileError(f"{file}:1: the file is empty. Download it again.")
    if first.startswith(b"PK"):
        raise WorldFileError(f"{file}: a zip archive. Unpack it and give the .csv file inside.")
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorldFileError(f"{file}:1: not a text file. Give the .csv file.") from error
    if "\r" in text.rstrip("\r\n"):
        raise WorldFileError(
            f"{file}:1: lines end with a carriage return alone. Save it with line feeds (LF)."
        )
    try:
        header = [cell.strip() for cell in next(csv.reader([text]), [])]
    except csv.Error as error:
        raise WorldFileError(f"{file}:1: not a header of a table ({error}). {_AGAIN}") from error
    if len(header) < 3 or "\0" in text:
        hint = " It seems to be separated by ';'." if text.count(";") > 2 else ""
        raise WorldFileError(
            f"{file}:1: not a table separated by commas: {len(header)} column(s).{hint} Give the "
            "OECD's .csv file as it was published."
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
