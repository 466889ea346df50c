"""An array with its labels: read it by country and good, or as plain numbers."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike

from detente.trade._economy import Array

if TYPE_CHECKING:
    import polars as pl


_AXES = {"j": "good", "n": "market", "i": "origin", "c": "country"}


@dataclass(frozen=True, eq=False)
class Labelled:
    """Values along labelled axes.

    `x["CAN"]` or `x["POTASH", "USA", "CAN"]` reads one value or, with fewer labels or a `:`, what
    is left as an array; `np.asarray(x)` and `x.values` give plain numbers.

    Attributes:
        name: what is measured.
        unit: in which unit.
        axes: names of the axes, in order.
        labels: labels of each axis.
        values: the numbers.
    """

    name: str
    unit: str
    axes: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...] = field(repr=False)
    values: Array = field(repr=False)

    def __getitem__(self, key: Any) -> Any:
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) > len(self.axes):
            raise KeyError(
                f"{self.name} has the axes {', '.join(self.axes)}; got {len(keys)} labels"
            )
        where = tuple(self._position(axis, k) for axis, k in enumerate(keys))
        picked = self.values[where]
        return float(picked) if np.ndim(picked) == 0 else picked

    def _position(self, axis: int, key: Any) -> Any:
        if not isinstance(key, str):
            return key
        labels = self.labels[axis]
        if key not in labels:
            near = difflib.get_close_matches(key.upper(), labels, 2)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise KeyError(f"{self.name} has no {self.axes[axis]} {key!r}.{hint}")
        return labels.index(key)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Any:
        return (
            np.array(self.values, dtype=dtype, copy=bool(copy))
            if copy
            else np.asarray(self.values, dtype=dtype)
        )

    def __len__(self) -> int:
        return len(self.values)

    def to_frame(self) -> pl.DataFrame:
        """One row a cell: a column for each axis, and `value`."""
        import polars as pl

        columns: dict[str, Any] = {}
        shape = self.values.shape
        for axis, (name, labels) in enumerate(zip(self.axes, self.labels, strict=True)):
            where = np.broadcast_to(
                np.arange(shape[axis]).reshape([-1 if a == axis else 1 for a in range(len(shape))]),
                shape,
            ).ravel()
            columns[name] = np.array(labels, dtype=object)[where].tolist()
        return pl.DataFrame({**columns, "value": self.values.ravel()})


def labelled(
    name: str,
    unit: str,
    letters: str,
    values: Array,
    countries: tuple[str, ...],
    goods: tuple[str, ...],
) -> Labelled:
    """Label an array by the letters of its axes: `c` country, `j` good, `n` market, `i` origin."""
    return Labelled(
        name,
        unit,
        tuple(_AXES[c] for c in letters),
        tuple(goods if c == "j" else countries for c in letters),
        values,
    )
