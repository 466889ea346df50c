"""Figures: named frames of numbers with units and, where parameters were drawn, their bands.

`Frame` is one table of numbers, `Figures` all frames of an answer. `Bands` is what the draws say of
them, `FrameBands` of one frame, and `Driven` which parameters move a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from detente._shown import Framed, Shown, Small
from detente._types import Array
from detente.analysis.document_head import draws_entry
from detente.analysis.uncertainty.draws import bands_sentence
from detente.negotiation.words import two_digits

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

    from detente.analysis.uncertainty.draws import Ensemble


#: What names a row: one text for each of the frame's keys.
Key: TypeAlias = tuple[str, ...]
Band: TypeAlias = tuple[float, float]
#: The unit of gains and losses.
MONEY = "USD million a year"


@dataclass(frozen=True)
class Quantity:
    """What one column of a frame holds.

    Attributes:
        key: its name in files.
        label: its name for readers.
        unit: of its numbers, e.g. `USD million a year`.
        short: the head of its column in a terminal; the label if empty.
    """

    key: str
    label: str
    unit: str
    short: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Frame(Framed):
    """Figures of one kind, a row for each thing and a column for each quantity.

    Attributes:
        id: its name in files.
        title: its heading.
        keys: what the texts of a row's key are, e.g. `measure` and `place`.
        rows: the key of each row: ISO3 codes, and ids of the case.
        labels: each row's name for readers.
        columns: what each column holds.
        values: (rows, columns); NaN where there is no number.
        low: 5 % of the draws lie below it, of the same shape; None without draws.
        high: 5 % of the draws lie above it.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    rows: tuple[Key, ...] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)
    columns: tuple[Quantity, ...]
    values: Array = field(repr=False)
    low: Array | None = field(default=None, repr=False)
    high: Array | None = field(default=None, repr=False)

    @cached_property
    def _row(self) -> dict[Key, int]:
        return {key: k for k, key in enumerate(self.rows)}

    @cached_property
    def _column(self) -> dict[str, int]:
        return {column.key: k for k, column in enumerate(self.columns)}

    def position(self, row: Key | str, column: str) -> tuple[int, int] | None:
        """Where a figure stands in `values`; None where the frame has none such."""
        r, c = self._row.get(_key(row)), self._column.get(column)
        return None if r is None or c is None else (r, c)

    def value(self, row: Key | str, column: str) -> float:
        """One figure; NaN where there is none.

        Args:
            row: its key; a text for a frame of one key.
            column: key of the column.

        Raises:
            KeyError: the frame has no such row or column.
        """
        at = self.position(row, column)
        if at is None:
            raise KeyError(f"{self.id} has no row {row!r} with a column {column!r}.")
        return float(self.values[at])

    def band(self, row: Key | str, column: str) -> Band | None:
        """The ends of a figure's band, from 5 to 95 % of the draws; None where it has none."""
        at = self.position(row, column)
        if self.low is None or self.high is None or at is None:
            return None
        low, high = float(self.low[at]), float(self.high[at])
        return (low, high) if np.isfinite([low, high]).all() else None

    def column(self, key: str) -> Array:
        """The numbers of one column, (rows,)."""
        return np.asarray(self.values[:, self._column[key]])

    def label(self, row: Key | str) -> str:
        """A row's name for readers."""
        return self.labels[self._row[_key(row)]]

    def banded(self, found: FrameBands | None) -> Frame:
        """Itself with the bands of the same rows and columns; others have none."""
        if found is None:
            return self
        rows = [found.rows.index(r) if r in found.rows else -1 for r in self.rows]
        columns = [
            found.columns.index(c.key) if c.key in found.columns else -1 for c in self.columns
        ]
        gap = np.full((len(found.rows) + 1, len(found.columns) + 1), np.nan)
        low, high = gap.copy(), gap.copy()
        low[:-1, :-1], high[:-1, :-1] = found.low, found.high
        at = np.ix_(rows, columns)
        return replace(self, low=low[at], high=high[at])

    def plot(self, ax: Axes | None = None, most: int = 12) -> Axes:
        """The first column as bars: its largest figures, in the order of the rows.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.
            most: how many rows are shown at most.

        Returns:
            Axes: with the bars.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
        """
        from detente._plots import bars

        column, values = self.columns[0], self.values[:, 0]
        known = np.flatnonzero(np.isfinite(values))
        largest = known[np.argsort(-np.abs(values[known]), kind="stable")[:most]]
        shown = sorted(largest.tolist())
        return bars(
            ax,
            [self.labels[k] for k in shown],
            [float(values[k]) for k in shown],
            self.title,
            f"{column.label}, {column.unit}",
        )

    def to_frame(self) -> pl.DataFrame:
        """Itself as a polars table: the keys, then each column with the ends of its band."""
        import polars as pl

        out: dict[str, Any] = {
            name: pl.Series(name, [row[k] for row in self.rows], dtype=pl.String)
            for k, name in enumerate(self.keys)
        }
        for k, column in enumerate(self.columns):
            out[column.key] = self.values[:, k]
            if self.low is not None and self.high is not None:
                out[f"{column.key}_low"] = self.low[:, k]
                out[f"{column.key}_high"] = self.high[:, k]
        return pl.DataFrame(out)

    def entries(self) -> dict[str, Any]:
        """Itself as an entry of an answer's `figures`."""
        return {
            "id": self.id,
            "title": self.title,
            "keys": self.keys,
            "columns": [{"key": c.key, "label": c.label, "unit": c.unit} for c in self.columns],
            "rows": [
                {
                    "key": row,
                    "label": self.labels[k],
                    "values": self.values[k],
                    "low": None if self.low is None else self.low[k],
                    "high": None if self.high is None else self.high[k],
                }
                for k, row in enumerate(self.rows)
            ],
        }

    def _lines(self) -> Sequence[str]:
        units = dict.fromkeys(c.unit for c in self.columns)
        size = f"{len(self.rows)} rows by {', '.join(self.keys)}, {len(self.columns)} columns"
        return (f"{self.id}: {size}, in {', '.join(units)}",)

    def _small(self) -> Small:
        shown = min(len(self.rows), 8)
        heads = ("", *(c.label for c in self.columns[:4]))
        rows = [
            (self.labels[k], *(self.cell(self.rows[k], c.key) for c in self.columns[:4]))
            for k in range(shown)
        ]
        return self.title, heads, rows

    def cell(self, row: Key | str, column: str, decimals: int | None = None) -> str:
        """A figure as a cell of a small table, with its band in brackets: '+110 (75 to 160)'.

        Beside a band all numbers have two digits.
        """
        value, band = self.value(row, column), self.band(row, column)
        if band is not None:
            value, band = two_digits(value), (two_digits(band[0]), two_digits(band[1]))
        if decimals is None:
            reach = max((abs(v) for v in (value, *(band or ())) if np.isfinite(v)), default=0.0)
            decimals = 0 if reach >= 100 else 1 if reach >= 1 else 3
        if not np.isfinite(value):
            return "–"
        text = _signed(f"{value:+.{decimals}f}")
        if band is None or max(abs(value), *map(abs, band)) < 0.5 * 10**-decimals:
            return text
        low, high = (_signed(f"{end:.{decimals}f}") for end in band)
        return f"{text} ({low} to {high})"


def _signed(text: str) -> str:
    """A number without the sign of a nought."""
    return text.lstrip("+-") if not text.strip("+-0.") else text


def _key(row: Key | str) -> Key:
    return (row,) if isinstance(row, str) else row


def frame_of(
    identifier: str,
    title: str,
    keys: Sequence[str],
    columns: Sequence[Quantity],
    rows: Iterable[tuple[Key, str, Sequence[float | None]]],
) -> Frame:
    """A frame from its rows: the key of each, its label and its numbers."""
    found = list(rows)
    values = [[np.nan if v is None else v for v in numbers] for _, _, numbers in found]
    return Frame(
        identifier,
        title,
        tuple(keys),
        tuple(key for key, _, _ in found),
        tuple(label for _, label, _ in found),
        tuple(columns),
        np.array(values, dtype=np.float64).reshape(len(found), len(columns)),
    )


@dataclass(frozen=True, eq=False)
class FrameBands:
    """The bands of one frame's numbers.

    Attributes:
        rows: the key of each row.
        columns: keys of the columns.
        low: 5 % of the draws lie below it, (rows, columns); NaN where there is no number.
        high: 5 % of the draws lie above it.
    """

    rows: tuple[Key, ...]
    columns: tuple[str, ...]
    low: Array = field(repr=False)
    high: Array = field(repr=False)


def bands_of_frame(frame: Frame, low: Array, high: Array) -> FrameBands:
    """The bands of a frame whose ends are known."""
    return FrameBands(frame.rows, tuple(c.key for c in frame.columns), low, high)


@dataclass(frozen=True)
class Driven:
    """One figure and the parameters that move it.

    Attributes:
        frame: id of its frame.
        row: the key of its row.
        column: the key of its column.
        parameters: with their rank correlation with the figure, strongest first.
    """

    frame: str
    row: Key
    column: str
    parameters: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands from 5 to 95 % of every figure of an answer, and how they came about.

    Attributes:
        frames: by id.
        asked: how many sets of parameters were to be drawn.
        draws: how many were; fewer after a cancellation.
        failed: how many of these have no answer; they are in no band.
        seed: of the draws.
        drivers: of the headline figures.
        tested: lower and upper ends of the numbers that claims are tested on, by claim.
        backtest: lower and upper ends of what the back-test compares, by name.
        why: why some draws have no answer.
    """

    frames: Mapping[str, FrameBands] = field(repr=False)
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

    @property
    def counts(self) -> dict[str, Any] | None:
        """How many draws there are, as the entry `draws` of an answer."""
        return draws_entry(self.asked, self.draws, self.failed, self.seed, self.why)


def bands_with(
    frames: Mapping[str, FrameBands],
    ensemble: Ensemble,
    *,
    drivers: Iterable[Driven] = (),
    tested: Mapping[str, tuple[Array, Array]] | None = None,
    backtest: Mapping[str, tuple[Array, Array]] | None = None,
) -> Bands:
    """Bands of some frames, with the counts of the draws that they are of."""
    return Bands(
        frames=frames,
        asked=ensemble.asked,
        draws=ensemble.done,
        failed=ensemble.failed,
        seed=ensemble.seed,
        drivers=tuple(drivers),
        tested=tested or {},
        backtest=backtest or {},
        why=ensemble.why,
    )


@dataclass(frozen=True, eq=False, repr=False)
class Figures(Shown):
    """All frames of an answer, with their bands if parameters were drawn.

    Attributes:
        frames: by id.
        bands: what the draws say, if parameters were drawn.
    """

    frames: Mapping[str, Frame]
    bands: Bands | None = None

    def __getitem__(self, frame: str) -> Frame:
        """The frame of that id.

        Raises:
            KeyError: there is none; it lists those that are.
        """
        if frame not in self.frames:
            raise KeyError(f"There is no frame {frame!r}, but {', '.join(self.frames)}.")
        return self.frames[frame]

    def __iter__(self) -> Iterator[str]:
        """The ids of the frames."""
        return iter(self.frames)

    def __contains__(self, frame: object) -> bool:
        """Whether there is a frame of that id."""
        return frame in self.frames

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.frames)

    def band(self, frame: str, row: Key | str, column: str) -> Band | None:
        """The ends of a figure's band; None where it has none."""
        found = self.frames.get(frame)
        return None if found is None else found.band(row, column)

    @property
    def draws(self) -> dict[str, Any] | None:
        """The entry `draws` of an answer; None where no parameter was drawn."""
        return None if self.bands is None else self.bands.counts

    def entries(self) -> list[dict[str, Any]]:
        """The entry `figures` of an answer."""
        return [frame.entries() for frame in self.frames.values()]

    def _lines(self) -> Sequence[str]:
        sentences = [] if self.bands is None else [self.bands.sentence]
        return (f"{len(self)} frames: {', '.join(self.frames)}", *sentences)


def figures_with(frames: Iterable[Frame], bands: Bands | None) -> Figures:
    """Frames with the bands that are known of them."""
    found = {} if bands is None else bands.frames
    return Figures({f.id: f.banded(found.get(f.id)) for f in frames}, bands)
