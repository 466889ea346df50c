"""Tables, charts and parts of a report.

`Table` is labelled columns and `Chart` a drawing with its data; `Part` and `Section` put them in
reading order. `figure_table` fills a table with the figures of a frame and their bands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from detente._shown import Framed

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array
    from detente.analysis.figures.frame import Band, Frame, Key


@dataclass(frozen=True)
class Link:
    """A text that leads to a page: a legal act, a source."""

    text: str
    href: str = ""

    def __str__(self) -> str:
        return f"{self.text} <{self.href}>" if self.href else self.text


#: In place of a column's decimals: as many digits as a number needs; powers of ten; two digits.
GENERAL, SCIENTIFIC, TWO_DIGITS = -1, -2, -3

Cell: TypeAlias = str | float | int | tuple[Link, ...] | None
Kind = Literal["text", "number", "date", "links", "code"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        key: its name in files.
        label: its name for readers.
        unit: unit of its numbers, e.g. `USD million a year`.
        kind: how its cells are written.
        decimals: digits after the point on the screen, or `GENERAL`, `SCIENTIFIC` or `TWO_DIGITS`;
            files keep every digit.
        group: a run of equal cells is read as one heading.
        signed: numbers are changes, shown with their sign.
        toned: numbers are gains or losses, coloured as such.
    """

    key: str
    label: str
    unit: str = ""
    kind: Kind = "text"
    decimals: int = 0
    group: bool = False
    signed: bool = False
    toned: bool = False


@dataclass(frozen=True, repr=False)
class Table(Framed):
    """A table that begins with a sentence computed from its own numbers.

    Attributes:
        id: its name in files and anchors.
        title: its heading.
        sentence: what it says, in plain language.
        columns: its columns.
        rows: one tuple of cells a row, in the columns' order.
        note: how to read it, or what limits it.
        lead: how many rows are shown before 'show all'; 0 shows every row.
        bands: the ends of a number's band by row and key of the column, if parameters were drawn.
        state: how its state differs from the case; empty for the case's own.
        suffix: what its file's name ends with in such a state, as '-your-scenario-1-change'.
    """

    id: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    note: str = ""
    lead: int = 0
    bands: Mapping[tuple[int, str], Band] | None = field(default=None, repr=False)
    state: str = ""
    suffix: str = ""

    @property
    def unit(self) -> str:
        """The one unit of all its numbers; empty where they differ."""
        units = {c.unit for c in self.columns if c.kind == "number"}
        return units.pop() if len(units) == 1 and len(self.columns) > 2 else ""

    def column(self, key: str) -> list[Cell]:
        """The cells of one column."""
        at = [column.key for column in self.columns].index(key)
        return [row[at] for row in self.rows]

    def band(self, row: int, column: Column) -> Band | None:
        """The band of a number from 5 to 95 % of the draws; None where it has none."""
        return None if self.bands is None else self.bands.get((row, column.key))

    def renamed(self, keys: Mapping[str, str]) -> Table:
        """Itself with other keys for some of its columns."""
        columns = tuple(replace(c, key=keys.get(c.key, c.key)) for c in self.columns)
        found = self.bands or {}
        bands = {(row, keys.get(key, key)): band for (row, key), band in found.items()}
        return replace(self, columns=columns, bands=None if self.bands is None else bands)

    @property
    def spread(self) -> Table:
        """Itself with the ends of every band in columns beside the numbers, for files."""
        if self.bands is None:
            return self
        columns: list[Column] = []
        cells: list[list[Cell]] = [[] for _ in self.rows]
        for k, column in enumerate(self.columns):
            columns.append(column)
            for row, into in zip(self.rows, cells, strict=True):
                into.append(row[k])
            if column.kind != "number":
                continue
            ends = [self.band(r, column) for r in range(len(self.rows))]
            for at, (end, name) in enumerate((("low", "5 %"), ("high", "95 %"))):
                columns.append(
                    replace(column, key=f"{column.key}_{end}", label=f"{column.label}, {name}")
                )
                for into, band in zip(cells, ends, strict=True):
                    into.append(None if band is None else band[at])
        return replace(self, columns=tuple(columns), rows=tuple(map(tuple, cells)), bands=None)

    def plain(self) -> dict[str, Any]:
        """Itself as plain values; a missing number is null, and bands are columns of their own."""
        wide = self.spread
        return {
            "id": self.id,
            "title": self.title,
            "sentence": self.sentence,
            "note": self.note,
            "unit": self.unit,
            "lead": self.lead,
            "state": self.state,
            "suffix": self.suffix,
            "columns": [asdict(column) for column in wide.columns],
            "rows": [[value_of(cell) for cell in row] for row in wide.rows],
        }

    def _lines(self) -> Sequence[str]:
        return (self.title, self.sentence, f"{len(self.rows)} rows, {len(self.columns)} columns")

    def to_frame(self) -> pl.DataFrame:
        """Itself as a polars table, numbers unrounded, with bands as columns of their own.

        The last column, `state`, is only there where the state is not the case's own.
        """
        import polars as pl

        wide = self.spread
        state = {"state": [self.state] * len(self.rows)} if self.state else {}
        return pl.DataFrame(
            {
                c.key: pl.Series(
                    c.key,
                    [flat(row[k]) for row in wide.rows],
                    dtype=pl.Float64 if c.kind == "number" else pl.String,
                    strict=False,
                )
                for k, c in enumerate(wide.columns)
            }
            | state
        )


@dataclass(frozen=True)
class Chart:
    """A chart: what it says, what it draws, and the table that holds the same numbers.

    Attributes:
        id: its name in files and anchors.
        kind: which drawing shows it.
        title: what it shows, or its finding.
        unit: unit of what it draws.
        source: where the numbers come from.
        description: the chart in words, for those who cannot see it.
        table: id of the table with its numbers.
        data: plain values for the drawing.
        state: how its state differs from the case; empty for the case's own.
        suffix: what its file's name ends with in such a state, as '-your-scenario-1-change'.
    """

    id: str
    kind: str
    title: str
    unit: str
    source: str
    description: str
    table: str
    data: dict[str, Any] = field(repr=False)
    state: str = ""
    suffix: str = ""

    def plain(self) -> dict[str, Any]:
        """Itself as plain values."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def plain_parts(parts: Iterable[Table | Chart]) -> dict[str, Any]:
    """Some tables and charts as plain values."""
    shown = list(parts)
    return {
        "tables": [p.plain() for p in shown if isinstance(p, Table)],
        "charts": [p.plain() for p in shown if isinstance(p, Chart)],
    }


def value_of(cell: Cell) -> Any:
    """A cell as a JSON value."""
    if isinstance(cell, tuple):
        return [{"text": link.text, "href": link.href} for link in cell]
    if isinstance(cell, float):
        return None if math.isnan(cell) else float(cell)
    return cell


def flat(cell: Cell) -> str | float | int | None:
    """A cell as one value of a csv file."""
    if isinstance(cell, tuple):
        return "; ".join(map(str, cell))
    value = value_of(cell)
    return value if value is None or isinstance(value, (str, float, int)) else str(value)


def decimals_for(values: Iterable[Any], digits: int = 3, most: int = 4) -> int:
    """Digits after the point that show the largest of the values with `digits` digits."""
    array = np.array([*values], dtype=np.float64)
    largest = float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
    if largest <= 0:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(largest)), 0), most)


def numbers(
    key: str, label: str, unit: str, values: Iterable[Any], *, signed: bool = False
) -> Column:
    """A column of numbers whose decimals suit the values that it (and its like) hold."""
    return Column(key, label, unit, "number", decimals=decimals_for(values), signed=signed)


def welfare(key: str, label: str, unit: str, values: Iterable[Any]) -> Column:
    """A column of gains and losses, signed and coloured."""
    return replace(numbers(key, label, unit, values, signed=True), toned=True)


#: The charts of a section, and the section.
Part: TypeAlias = "tuple[list[Chart], Section]"


@dataclass(frozen=True)
class Section:
    """A part of the brief: its heading, and ids of its charts and tables in reading order.

    Attributes:
        id: its anchor.
        title: its heading.
        parts: `chart:ID` or `table:ID`.
        note: what all of it rests on, said under the heading.
    """

    id: str
    title: str
    parts: tuple[str, ...]
    note: str = ""


def refer(charts: list[Chart], *tables: str) -> tuple[str, ...]:
    """How a section names its charts and then its tables."""
    return (*(f"chart:{chart.id}" for chart in charts), *(f"table:{table}" for table in tables))


def figure_table(
    frame: Frame,
    sentence: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Key, Sequence[Cell]]],
    *,
    note: str = "",
    lead: int = 0,
) -> Table:
    """A table of a frame's figures: rows as they are chosen and ordered, with their bands.

    Args:
        frame: whose id and title the table has, too.
        sentence: what the table says.
        columns: those of numbers have the key of a column of the frame.
        rows: the key of each row in the frame, and its cells in the other columns, in their order.
        note: as of `Table`.
        lead: as of `Table`.
    """
    cells: list[tuple[Cell, ...]] = []
    bands: dict[tuple[int, str], Band] = {}
    for at, (key, others) in enumerate(rows):
        given = iter(others)
        row: list[Cell] = []
        for column in columns:
            if column.kind != "number":
                row.append(next(given))
                continue
            value = frame.value(key, column.key)
            row.append(None if math.isnan(value) else value)
            band = frame.band(key, column.key)
            if band is not None:
                bands[at, column.key] = band
        cells.append(tuple(row))
    return Table(
        frame.id,
        frame.title,
        sentence,
        tuple(columns),
        tuple(cells),
        note=note,
        lead=lead,
        bands=bands if frame.low is not None else None,
    )


def figure_column(
    frame: Frame,
    key: str,
    like: Iterable[Any] | None = None,
    *,
    decimals: int | None = None,
    signed: bool = False,
    toned: bool = False,
) -> Column:
    """A column of a frame as a table shows it.

    Args:
        frame: the frame.
        key: of the column.
        like: numbers that the decimals suit, where several columns have the same; its own if None.
        decimals: as of `Column`, in place of those that suit the numbers.
        signed: as of `Column`.
        toned: as of `Column`.
    """
    found = next(c for c in frame.columns if c.key == key)
    if decimals is None:
        decimals = decimals_for(frame.column(key) if like is None else like)
    return Column(key, found.label, found.unit, "number", decimals, signed=signed, toned=toned)


def banded(table: Table, low: Array, high: Array, columns: Iterable[str]) -> Table:
    """A table with bands of some columns of numbers.

    Args:
        table: the table.
        low: lower ends, (rows, columns); NaN where there is none.
        high: upper ends.
        columns: their keys.
    """
    low, high = np.asarray(low), np.asarray(high)
    if (low == high).all():
        return table
    bands = {
        (row, key): (float(low[row, k]), float(high[row, k]))
        for row in range(len(low))
        for k, key in enumerate(columns)
        if np.isfinite([low[row, k], high[row, k]]).all()
    }
    return replace(table, bands=bands)
