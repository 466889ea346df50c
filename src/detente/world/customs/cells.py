"""The cells of a customs file as text, and where its heading is.

Files come as tables separated by commas, semicolons or tabs, some with lines of a title above the
heading, or as the list of lists that the programming interface of the US Census answers.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.world.customs.layouts import LAYOUTS, Layout, plain_heading
from detente.world.errors import WorldFileError

if TYPE_CHECKING:
    import polars as pl

#: Lines above the heading that a file may have: titles and choices of USA Trade Online.
_TITLES = 20
#: Longest heading that is looked at, bytes.
_LONGEST = 100_000
_SEPARATORS = ",;\t"
_AGAIN = "Download the file again."


class CustomsFileError(WorldFileError):
    """A customs file that cannot be read: which file, line and column, and what to do."""

    remedy = "Give the file as its publisher gave it; docs/goods.md names the layouts."


@dataclass(frozen=True)
class CustomsCells:
    """A file's cells as text.

    Attributes:
        file: its name, for messages.
        layout: whose file it is.
        frame: a column of text for each heading, and `line`, counted from 1.
        columns: plain headings by which columns are found.
    """

    file: str
    layout: Layout
    frame: pl.DataFrame
    columns: tuple[str, ...]

    def find(self, headings: tuple[str, ...]) -> str | None:
        """The first of these headings that the file has."""
        return next((h for h in headings if h in self.columns), None)


def read_customs_cells(path: Path) -> CustomsCells:
    """Read a customs file as text and tell whose it is.

    Raises:
        CustomsFileError: if it cannot be opened, is no table, or of no known layout.
    """
    first = _first(path)
    if first.lstrip()[:1] == b"[":
        return _from_json(path)
    return _from_table(path, first)


def _first(path: Path) -> bytes:
    file = path.name
    try:
        with path.open("rb") as handle:
            first = handle.read(_LONGEST)
    except OSError as error:
        raise CustomsFileError(
            f"{path}: cannot be opened ({error.strerror}).", "Give a file that can be read."
        ) from error
    packed = {b"PK": "zip", b"7z": "7z", b"\x1f\x8b": "gz", b"PAR1": "Parquet"}
    kind = next((name for mark, name in packed.items() if first.startswith(mark)), None)
    if kind == "Parquet":
        raise CustomsFileError(f"{file}: a Parquet file.", "Give the publisher's own .csv file.")
    if kind:
        raise CustomsFileError(f"{file}: a {kind} archive.", "Unpack it and give the file inside.")
    if not first.strip():
        raise CustomsFileError(f"{file}:1: the file is empty.", _AGAIN)
    if b"\0" in first:
        raise CustomsFileError(f"{file}:1: not a text file.", "Give the .csv file.")
    return first


def _from_table(path: Path, first: bytes) -> CustomsCells:
    import polars as pl

    file = path.name
    try:
        text = first.decode("utf-8-sig")
        encoding = "utf8"
    except UnicodeDecodeError as error:
        # The cut of the first bytes may halve a letter; anything before is another encoding.
        if error.start < len(first) - 4:
            text, encoding = first.decode("latin-1"), "latin1"
        else:
            text, encoding = first[: error.start].decode("utf-8-sig"), "utf8"
    skip, separator, layout = _heading(file, text)
    try:
        frame = pl.read_csv(
            path,
            separator=separator,
            skip_lines=skip,
            infer_schema=False,
            truncate_ragged_lines=True,
            encoding=encoding,
            row_index_name="line",
            row_index_offset=skip + 2,
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise CustomsFileError(
            f"{file}: its lines cannot be read as a table; a quotation mark may not be closed.",
            _AGAIN,
        ) from error
    return _named(file, layout, frame)


def _heading(file: str, text: str) -> tuple[int, str, Layout]:
    """How many lines stand above the heading, what separates its cells, and whose it is."""
    lines = text.splitlines()[: _TITLES + 1]
    for skip, line in enumerate(lines):
        for separator in _SEPARATORS:
            headings = next(csv.reader([line], delimiter=separator), [])
            layout = next((known for known in LAYOUTS if known.fits(headings)), None)
            if layout:
                return skip, separator, layout
    raise CustomsFileError(f"{file}:1: {_lacking(lines[0])}", _known())


def _lacking(line: str) -> str:
    """What the nearest layout would need beside what the first line has."""
    has = {plain_heading(h) for sep in _SEPARATORS for h in next(csv.reader([line], delimiter=sep))}
    lacks = {
        known.name: [c[0] for c in known.needed if not any(h in has for h in c)]
        for known in LAYOUTS
    }
    near, missing = min(lacks.items(), key=lambda item: len(item[1]))
    whole = max(len(known.needed) for known in LAYOUTS if known.name == near)
    if len(missing) < whole - 1:
        named = " and ".join(missing) if len(missing) < 3 else ", ".join(missing)
        plural = "s" if len(missing) > 1 else ""
        return f"the heading is like that of {near}, but lacks the column{plural} {named}."
    return "the heading is of no known customs file."


def _known() -> str:
    return f"Known are files of {', '.join(known.name for known in LAYOUTS)}."


def _from_json(path: Path) -> CustomsCells:
    import polars as pl

    file = path.name
    again = "Save the whole answer of the programming interface."
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CustomsFileError(f"{file}: begins as JSON, but cannot be read.", again) from error
    whole = isinstance(rows, list) and all(isinstance(row, list) for row in rows)
    if not whole or not rows or any(len(row) != len(rows[0]) for row in rows):
        raise CustomsFileError(f"{file}: not a list of rows of one length.", again)
    headings = [str(h) for h in rows[0]]
    layout = next((known for known in LAYOUTS if known.fits(headings)), None)
    if layout is None:
        raise CustomsFileError(f"{file}: {_lacking(','.join(headings))}", _known())
    columns: dict[str, list[str | None]] = {}
    for at, name in enumerate(headings):
        # The interface repeats a column that is asked for and filtered by.
        columns.setdefault(name, [None if r[at] is None else str(r[at]) for r in rows[1:]])
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return _named(file, layout, frame.with_row_index("line", offset=2))


def _named(file: str, layout: Layout, frame: pl.DataFrame) -> CustomsCells:
    """Columns by their plain headings; of two alike, the first counts."""
    named: dict[str, str] = {}
    for name in frame.columns:
        if name != "line":
            named.setdefault(plain_heading(name), name)
    kept = frame.select("line", *[frame[name].alias(plain) for plain, name in named.items()])
    return CustomsCells(file, layout, kept, tuple(named))
