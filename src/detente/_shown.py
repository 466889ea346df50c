"""How a result shows itself: a few lines in a terminal, a small table in a notebook, frames."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.errors import DetenteError, PackageMissing

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import xarray as xr
    from matplotlib.axes import Axes

#: A result shows itself in fewer lines than this.
MOST_LINES = 15
_WIDEST = 110
#: A title, the heads of the columns, and rows of numbers or words.
Small = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


class Shown:
    """A result with a short `repr`; a class says its lines in `_lines`, its table in `_small`."""

    def _lines(self) -> Sequence[str]:
        """What stands below the name of the class, the main answer first."""
        return ()

    def _small(self) -> Small | None:
        """The figures that answer, as a small table; None where lines are enough."""
        return None

    def _wide(self) -> Small | None:
        """The table that a notebook shows, where there is more room."""
        return self._small()

    def __repr__(self) -> str:
        """The name of the class and the main answers, in fewer than 15 lines."""
        return short(type(self).__name__, [*self._lines(), *_columns(self._small())])

    def _repr_html_(self) -> str:
        """HTML that a notebook shows: the lines in short, with the figures as a table."""
        lines = [type(self).__name__, *self._lines()][: MOST_LINES - 1]
        out = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
        found = self._wide()
        return f"<div>{out}{'' if found is None else _table(found)}</div>"

    def plot(self, ax: Axes | None = None) -> Axes:
        """The figures that answer as bars: the first column of numbers that a notebook shows.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.

        Returns:
            Axes: with the bars, for what a script wants to change.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
            DetenteError: the result has no figures to draw.
        """
        from detente._plots import bars

        title, heads, rows = self._small() or ("", (), ())
        for k, head in enumerate(heads):
            if rows and all(isinstance(row[k], float) for row in rows):
                return bars(
                    ax, [str(row[0]) for row in rows], [row[k] for row in rows], title, head
                )
        raise DetenteError(
            f"{type(self).__name__} has no figures to draw.", "Print it for what it says."
        )


class Framed(Shown):
    """A result that is rows and columns as well: it has `to_frame`."""

    def to_polars(self, *args: Any, **options: Any) -> pl.DataFrame:
        """Returns what `to_frame` returns, a polars frame, and takes the same arguments."""
        frame: pl.DataFrame = self.to_frame(*args, **options)  # type: ignore[attr-defined]
        return frame

    def to_pandas(self, *args: Any, **options: Any) -> pd.DataFrame:
        """The rows of `to_frame` as a pandas frame, with the arguments of that.

        Raises:
            PackageMissing: pandas is not installed.
        """
        frame = self.to_polars(*args, **options)
        made: pd.DataFrame = pandas().DataFrame(frame.to_dict(as_series=False))
        return made

    def to_xarray(self, *args: Any, **options: Any) -> xr.Dataset:
        """The rows of `to_frame` as a dataset along `row`, with the arguments of that.

        Cells that are lists become texts, their parts divided by commas.

        Raises:
            PackageMissing: xarray is not installed; it is the extra `xarray`.
        """
        columns = {
            name: [", ".join(map(str, x)) if isinstance(x, list) else x for x in row]
            for name, row in self.to_polars(*args, **options).to_dict(as_series=False).items()
        }
        made: xr.Dataset = xarray().Dataset({name: ("row", row) for name, row in columns.items()})
        return made


def pandas() -> Any:
    """The package pandas, which détente itself does not need.

    Raises:
        PackageMissing: it is not installed.
    """
    try:
        import pandas as found
    except ImportError as error:
        raise PackageMissing(
            "pandas is not installed, so that no pandas frame can be made.",
            "Install it (`pip install pandas`), or call `to_polars`, which needs nothing more.",
        ) from error
    return found


def xarray() -> Any:
    """The package xarray, which détente itself does not need.

    Raises:
        PackageMissing: it is not installed.
    """
    try:
        import xarray as found
    except ImportError as error:
        raise PackageMissing(
            "xarray is not installed, so that no array of it can be made.",
            'Install it (`pip install "detente[xarray]"`), or call `to_polars`, which needs '
            "nothing more.",
        ) from error
    return found


def short(name: str, lines: Sequence[str]) -> str:
    """A name and lines below it, cut to fewer than 15 lines of at most 110 letters."""
    flat = [part for line in lines for part in str(line).splitlines()]
    most = MOST_LINES - 2
    if len(flat) > most:
        flat = [*flat[: most - 1], f"… {len(flat) - most + 1} more lines"]
    cut = [x if len(x) <= _WIDEST else f"{x[: _WIDEST - 1]}…" for x in flat]
    return "\n".join([name, *(f"  {x}" for x in cut)])


def number(value: float) -> str:
    """A number as tables show it, with four figures that count.

    Example:
        >>> from detente._shown import number
        >>> number(12345.6), number(0.0123456), number(-2.0)
        ('12,346', '0.01235', '-2')
    """
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def _cell(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _columns(found: Small | None) -> list[str]:
    """A small table in letters, its columns under each other."""
    if found is None:
        return []
    title, heads, rows = found
    cells = [list(map(_cell, row)) for row in rows]
    wide = [max(len(row[k]) for row in [list(heads), *cells]) for k in range(len(heads))]
    right = [any(isinstance(row[k], float) for row in rows) for k in range(len(heads))]
    out = [title]
    for row in [list(heads), *cells]:
        fitted = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, wide, right, strict=True)]
        out.append("  ".join(fitted).rstrip())
    return out


def _table(found: Small) -> str:
    title, heads, rows = found
    head = "".join(f"<th>{html.escape(h)}</th>" for h in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{"right" if isinstance(v, float) else "left"}">'
            f"{html.escape(_cell(v))}</td>"
            for v in row
        )
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{html.escape(title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def extremes(labels: Sequence[str], values: Sequence[float], most: int) -> list[int]:
    """Places of the lowest and the highest values, the lowest first, at most so many of each."""
    order = sorted(range(len(labels)), key=lambda k: values[k])
    return order if len(order) <= 2 * most else [*order[:most], *order[-most:]]
