"""Tables, charts and parts of a report, and the page on which views choose their rows.

`Table` is labelled columns and `Chart` a drawing with its data; `Part` and `Section` put them in
reading order. `Page` keeps the rows that were chosen once for all draws, with the `Bands` of
figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from detente._shown import Framed
from detente.analysis.uncertainty.draws import bands_sentence

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Link:
    """A text that leads to a page: a legal act, a source."""

    text: str
    href: str = ""

    def __str__(self) -> str:
        return f"{self.text} <{self.href}>" if self.href else self.text


#: In place of a column's decimals: as many digits as a number needs; powers of ten.
GENERAL, SCIENTIFIC = -1, -2

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
        decimals: digits after the point on the screen, or `GENERAL` or `SCIENTIFIC`; files keep
            every digit.
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
        bands: of its numbers, if parameters were drawn.
        state: how its state differs from the case; empty for the case's own.
        suffix: what its file's name ends with in such a state, as '-hypothetical'.
    """

    id: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    note: str = ""
    lead: int = 0
    bands: TableBands | None = field(default=None, repr=False)
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
        return None if self.bands is None else self.bands.of(row, column.key)

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
            "state": self.state,
            "suffix": self.suffix,
            "columns": [
                {"key": c.key, "label": c.label, "unit": c.unit, "kind": c.kind}
                for c in wide.columns
            ],
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
        description: the same in words, for those who cannot see it.
        table: id of the table with its numbers.
        data: plain values for the drawing.
        state: how its state differs from the case; empty for the case's own.
        suffix: what its file's name ends with in such a state, as '-hypothetical'.
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


def as_float(cell: Cell) -> float:
    """The number that a cell holds; not a number where it holds none."""
    return float(cell) if isinstance(cell, (int, float)) else float("nan")


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


Array = NDArray[np.float64]
Band = tuple[float, float]
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class TableBands:
    """The bands of one table's numbers.

    Attributes:
        rows: the text of each row, which names it.
        columns: keys of the columns of numbers.
        low: 5 % of the draws lie below it, (rows, columns); NaN where there is no number.
        high: 5 % of the draws lie above it.
    """

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    low: Array = field(repr=False)
    high: Array = field(repr=False)

    def of(self, row: int, column: str) -> Band | None:
        """The band of one cell; None where it has none."""
        if column not in self.columns or row >= len(self.low):
            return None
        at = (row, self.columns.index(column))
        low, high = float(self.low[at]), float(self.high[at])
        return (low, high) if np.isfinite([low, high]).all() else None


@dataclass(frozen=True)
class Driven:
    """One figure of a table and the parameters that move it.

    Attributes:
        table: its id.
        row: the text of its row.
        column: its key.
        label: the figure for readers.
        unit: of the figure.
        parameters: with their rank correlation with the figure, strongest first.
    """

    table: str
    row: tuple[str, ...]
    column: str
    label: str
    unit: str
    parameters: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands from 5 to 95 % of every number in a brief, by table, and how they came about.

    Attributes:
        tables: by id.
        asked: how many sets of parameters were to be drawn.
        draws: how many were; fewer after a cancellation.
        failed: how many of these have no answer; they are in no band.
        seed: of the draws.
        drivers: of the headline figures.
        tested: lower and upper ends of the numbers that claims are tested on, by claim.
        backtest: lower and upper ends of what the back-test compares, by name.
        why: why some draws have no answer.
    """

    tables: Mapping[str, TableBands] = field(repr=False)
    asked: int
    draws: int
    failed: int
    seed: int
    drivers: tuple[Driven, ...] = field(default=(), repr=False)
    tested: Mapping[str, tuple[Array, Array]] = field(default_factory=dict, repr=False)
    backtest: Mapping[str, tuple[Array, Array]] = field(default_factory=dict, repr=False)
    why: str = ""

    @property
    def sentence(self) -> str:
        """What a band is, and how many draws are behind it."""
        return bands_sentence(self.draws, self.asked, self.failed, self.why)


class Page:
    """What is chosen once, at central values, and what is known of every figure's band.

    Args:
        bands: of the numbers, if parameters were drawn.
    """

    def __init__(self, bands: Bands | None = None) -> None:
        self.bands = bands
        self._kept: dict[str, Any] = {}
        self._replay = False

    def keep(self, key: str, choose: Callable[[], _T]) -> _T:
        """Which rows or columns are shown: chosen at the first call, and the same ever after."""
        if key not in self._kept:
            self._kept[key] = choose()
        chosen: _T = self._kept[key]
        return chosen

    def say(self, sentence: Callable[[], str]) -> str:
        """A sentence, or nothing while the numbers of a draw are read into the same rows."""
        return "" if self._replay else sentence()

    def replay(self) -> Page:
        """The same choices without words, for the numbers of a draw."""
        other = Page()
        other._kept, other._replay = self._kept, True
        return other

    def banded(self, table: Table) -> Table:
        """A table with its bands, if there are any."""
        found = None if self.bands is None else self.bands.tables.get(table.id)
        if found is None or found.rows != texts_of(table):
            return table
        return replace(table, bands=found)

    def band(self, table: str, row: tuple[str, ...] | str, column: str) -> Band | None:
        """The band of the cell in the row that begins with these texts; None without draws."""
        found = None if self.bands is None else self.bands.tables.get(table)
        if found is None:
            return None
        wanted = (row,) if isinstance(row, str) else row
        for k, texts in enumerate(found.rows):
            if texts[: len(wanted)] == wanted:
                return found.of(k, column)
        return None


def numbers_of(table: Table) -> Array:
    """The numbers of a table, (rows, columns of numbers); NaN for an empty cell."""
    at = [k for k, column in enumerate(table.columns) if column.kind == "number"]
    cells = [row[k] for row in table.rows for k in at]
    values = [c if isinstance(c, (int, float)) else np.nan for c in cells]
    return np.array(values, dtype=np.float64).reshape(len(table.rows), len(at))


def texts_of(table: Table) -> tuple[tuple[str, ...], ...]:
    """What names each row: its cells of text."""
    at = [k for k, column in enumerate(table.columns) if column.kind != "number"]
    return tuple(tuple(str(row[k]) for k in at) for row in table.rows)


def banded(table: Table, low: Array, high: Array, columns: Iterable[str]) -> Table:
    """A table with bands of some columns of numbers.

    Args:
        table: the table.
        low: lower ends, (rows, columns); NaN where there is none.
        high: upper ends.
        columns: their keys.
    """
    same = np.asarray(low) == np.asarray(high)
    if same.all():
        return table
    bands = TableBands(texts_of(table), tuple(columns), np.asarray(low), np.asarray(high))
    return replace(table, bands=bands)
