"""The tables of a brief as files: csv, one per table, or one JSON."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from detente._files import NotWritten, write_file

if TYPE_CHECKING:
    from detente.report.contents import Views
    from detente.report.table import Cell, Table


def write_csv(views: Views, folder: str | Path) -> list[Path]:
    """Write every table as `ID.csv`, numbers unrounded, units in the headings.

    Files of a state that is not the case's own are named `ID-your-scenario-1-change.csv`, or by
    what alone is another as `ID-2022-06-01.csv`, and their last column says how it differs.

    Args:
        views: of a case answered.
        folder: where to write; it is made if it does not exist.

    Returns:
        list[Path]: the files written, in the brief's order.

    Raises:
        NotWritten: a file could not be written; the one that was there before is as it was.
    """
    texts = {views.departure.stem(t.id): csv_of(t) for t in views.tables.values()}
    return [write_file(Path(folder) / f"{name}.csv", text) for name, text in texts.items()]


def csv_of(table: Table) -> str:
    """One table as csv text; no cell of it is run by a spreadsheet that opens it."""
    from detente.report.table import flat

    wide = table.spread
    plain = replace(wide, rows=tuple(tuple(_inert(flat(x)) for x in row) for row in wide.rows))
    headings = {
        c.key: str(_inert(f"{c.key} ({c.unit})" if c.unit else c.key)) for c in wide.columns
    }
    try:
        return plain.to_frame().rename(headings).write_csv()
    except UnicodeEncodeError as error:
        raise NotWritten(
            f"The table {table.id!r} cannot be written as csv: a cell holds half a character (a "
            "lone surrogate).",
            "Write the whole character, or leave it out.",
        ) from error


#: What makes a spreadsheet take a text for a formula, and what is a number all the same.
_RUN = ("=", "+", "-", "@", "\t", "\r")
_FIGURE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def _inert(cell: Cell) -> Cell:
    """A cell as spreadsheets leave it alone: a text that looks like a formula begins with '."""
    if isinstance(cell, str) and cell.startswith(_RUN) and not _FIGURE.fullmatch(cell):
        return f"'{cell}"
    return cell


def write_json(views: Views, path: str | Path) -> Path:
    """Write all tables and charts with their sentences as one JSON file.

    Args:
        views: of a case answered.
        path: where to write.

    Returns:
        Path: the file written.

    Raises:
        NotWritten: it could not be written; the file that was there before is as it was.
    """
    return write_file(path, views.to_json() + "\n")
