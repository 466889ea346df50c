"""What results draw with matplotlib, which is an extra: bars, boxes and shaded tables.

Every function draws into the axes that it is given, or into new ones, and returns them, so that a
script can change what it likes. Losses and gains have the colours of the brief.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Array
from detente.errors import PackageMissing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap


LOSS, GAIN, NEUTRAL = "#a8431a", "#17638a", "#f5f6f7"


def new_axes(ax: Axes | None, height: float = 4.0) -> Axes:
    """The axes that are given, or new ones.

    Args:
        ax: where to draw; None for a new figure.
        height: of a new figure, in inches.

    Returns:
        Axes: where to draw.

    Raises:
        PackageMissing: matplotlib is not installed.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise PackageMissing(
            "matplotlib is not installed, so that nothing can be drawn.",
            'Install it (`pip install "detente[plot]"`), or call `to_polars` for the figures.',
        ) from error
    if ax is not None:
        return ax
    made: Axes = plt.subplots(figsize=(7, height), layout="constrained")[1]
    return made


def bars(
    ax: Axes | None, labels: Sequence[str], values: Sequence[float], title: str, unit: str
) -> Axes:
    """A horizontal bar for each value, the first on top, losses and gains in two colours.

    Args:
        ax: where to draw; None for a new figure.
        labels: of the bars.
        values: their lengths.
        title: what is shown.
        unit: of the values.

    Returns:
        Axes: with the bars.
    """
    ax = new_axes(ax, 1.2 + 0.28 * len(labels))
    place = range(len(labels))
    ax.barh(place, values, color=[LOSS if v < 0 else GAIN for v in values])
    ax.set_yticks(place, labels)
    ax.invert_yaxis()
    ax.axvline(0, color="black", linewidth=0.8)
    _named(ax, title, unit)
    return ax


def boxes(ax: Axes | None, labels: Sequence[str], values: Array, title: str, unit: str) -> Axes:
    """A horizontal box for each label: median, quartiles, and lines from 5 to 95 %.

    Args:
        ax: where to draw; None for a new figure.
        labels: of the boxes, N.
        values: what they summarise, (observations, N).
        title: what is shown.
        unit: of the values.

    Returns:
        Axes: with the boxes.
    """
    ax = new_axes(ax, 1.2 + 0.32 * len(labels))
    place = list(range(len(labels)))
    ax.boxplot(
        values,
        positions=place,
        orientation="horizontal",
        whis=(5, 95),
        showfliers=False,
        medianprops={"color": GAIN, "linewidth": 2},
    )
    ax.set_yticks(place, labels)
    ax.invert_yaxis()
    ax.axvline(0, color="black", linewidth=0.8)
    _named(ax, title, unit)
    return ax


def shaded(
    ax: Axes | None,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Array,
    title: str,
    unit: str,
) -> Axes:
    """A table of cells, coloured by their values on a scale around 0.

    Args:
        ax: where to draw; None for a new figure.
        rows: labels of the rows, R.
        columns: labels of the columns, C.
        values: of the cells, (R, C).
        title: what is shown.
        unit: of the values.

    Returns:
        Axes: with the cells and a scale.
    """
    ax = new_axes(ax, 1.6 + 0.3 * len(rows))
    size = scale_of(values)
    drawn = ax.imshow(values, aspect="auto", cmap=colours(), vmin=-size, vmax=size)
    ax.set_xticks(range(len(columns)), columns, rotation=90)
    ax.set_yticks(range(len(rows)), rows)
    ax.figure.colorbar(drawn, ax=ax, label=unit)
    ax.set_title(title, loc="left")
    return ax


def colours() -> LinearSegmentedColormap:
    """The colours from loss over nothing to gain."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("loss and gain", [LOSS, NEUTRAL, GAIN])


def scale_of(values: Any) -> float:
    """The largest size of the values, or 1 where there is none above 0."""
    sizes = np.abs(np.asarray(values, dtype=float))
    return float(np.nanmax(sizes, initial=0.0)) or 1.0


def _named(ax: Axes, title: str, unit: str) -> None:
    ax.set_title(title, loc="left")
    ax.set_xlabel(unit)
    ax.spines[["top", "right"]].set_visible(False)
