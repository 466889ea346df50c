"""What the builders of views share: rows chosen once and kept for draws, and bands of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from detente.study.uncertainty import bands_sentence

if TYPE_CHECKING:
    from detente.brief.table import Table

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
