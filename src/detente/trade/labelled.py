"""An array with its labels: read it by country and good, reckon with it, or take plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import DTypeLike

from detente._document import document
from detente._near import did_you_mean
from detente._shown import Framed, Small, pandas, xarray
from detente._types import Array
from detente.trade.errors import ShockError
from detente.world.errors import UnknownLabel

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import xarray as xr
    from matplotlib.axes import Axes


_AXES = {"j": "good", "n": "market", "i": "origin", "c": "country"}
_LETTERS = {name: letter for letter, name in _AXES.items()}
#: Axes whose labels are countries, which groups such as EU stand for.
_COUNTRIES = ("market", "origin", "country")
_SUMS = ("add", "subtract", "maximum", "minimum", "fmax", "fmin")
_KEEP = ("negative", "positive", "absolute", "fabs")
#: Rows that a labelled array shows of itself.
_ROWS = 8


class LabelsDiffer(ShockError):
    """Two labelled arrays that do not stand on the same axes with the same labels."""


@dataclass(frozen=True, eq=False, repr=False)
class Labelled(NDArrayOperatorsMixin, Framed):
    """Values along labelled axes.

    `x["CAN"]` or `x["POTASH", "USA", "CAN"]` reads one value. With fewer labels, a `:`, a list of
    labels or a group of countries (`x["POTASH", "EU"]`, members of today on file), what is left is
    labelled too. Arithmetic with numbers and with arrays of the same labels gives labelled arrays;
    `np.asarray(x)` and `x.values` give plain numbers.

    Attributes:
        name: what is measured.
        unit: in which unit.
        axes: names of the axes, in order.
        labels: labels of each axis.
        values: the numbers.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> found = detente.solve(world, detente.tariff("CHN", "USA", rate=0.1, added=True))
        >>> loss = -found.equivalent_variation
        >>> loss.unit, bool(loss["CHN"] > 0), loss[["CHN", "USA"]].labels
        ('USD million a year', True, (('CHN', 'USA'),))
        >>> found.trade_value["MANUF_EXFOOD", "EU"].axes
        ('market', 'origin')
        >>> found.trade_value.sum("good", "market").axes
        ('origin',)
    """

    name: str
    unit: str
    axes: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    values: Array

    # Values are compared one by one, as numpy does, so that an array has no hash.
    __hash__ = None  # type: ignore[assignment]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many labels each axis has."""
        return self.values.shape

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return self.values.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values."""
        return self.values.dtype

    def __getitem__(self, key: Any) -> Any:
        keys = key if isinstance(key, tuple) else (key,)
        if any(k is Ellipsis or k is None for k in keys):
            return self.values[key]
        if len(keys) > len(self.axes):
            raise KeyError(
                f"{self.name} has the axes {', '.join(self.axes)}; got {len(keys)} labels"
            )
        if any(isinstance(k, np.ndarray) and k.ndim > 1 for k in keys):
            return self.values[key]
        where = [self._position(axis, k) for axis, k in enumerate(keys)]
        picked: Any = self.values
        axes: list[str] = []
        labels: list[tuple[str, ...]] = []
        for axis, (name, known) in enumerate(zip(self.axes, self.labels, strict=True)):
            at = where[axis] if axis < len(where) else slice(None)
            picked = picked[(slice(None),) * len(axes) + (at,)]
            if not isinstance(at, (int, np.integer)):
                axes.append(name)
                labels.append(tuple(np.array(known, dtype=object)[at].tolist()))
        if not axes:
            return picked.item()
        return Labelled(self.name, self.unit, tuple(axes), tuple(labels), picked)

    def _position(self, axis: int, key: Any) -> Any:
        """A place, a slice or places of one axis, from labels or as numpy takes them."""
        if isinstance(key, str):
            known = self.labels[axis]
            return known.index(key) if key in known else self._group(axis, key)
        if isinstance(key, (list, tuple)):
            found = [self._position(axis, k) for k in key]
            if all(isinstance(k, (bool, np.bool_)) for k in key):
                return np.array(key, dtype=bool)
            each = [at if isinstance(at, list) else [at] for at in found]
            return list(dict.fromkeys(k for at in each for k in at))
        return key

    def _group(self, axis: int, key: str) -> list[int]:
        """Places of the countries of the axis that a group or a choice means."""
        from detente.world.groups import available_groups, expand_among, parted

        known = self.labels[axis]
        included, _ = parted(key)
        if self.axes[axis] in _COUNTRIES and set(included) <= {*available_groups(), *known, "*"}:
            return [known.index(c) for c in expand_among(key, known, self.name)]
        text = f"{self.name} has no {self.axes[axis]} {key!r}."
        raise UnknownLabel(text, did_you_mean(key, known, ""))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Any:
        return (
            np.array(self.values, dtype=dtype, copy=bool(copy))
            if copy
            else np.asarray(self.values, dtype=dtype)
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """What numpy's functions of single values do with it.

        Raises:
            LabelsDiffer: two labelled arrays that differ in axes or labels.
        """
        labelled = [x for x in inputs if isinstance(x, Labelled)]
        plain = [x.values if isinstance(x, Labelled) else x for x in inputs]
        if any(isinstance(x, Labelled) for x in options.get("out") or ()):
            del options["out"]  # `x += 1` makes a new array: what is labelled never changes
        if method == "__call__" and len(labelled) > 1:
            _same(labelled[0], labelled[1], ufunc.__name__)
        found = getattr(ufunc, method)(*plain, **options)
        if method != "__call__" or not isinstance(found, np.ndarray) or not labelled:
            return found
        first = labelled[0]
        if found.shape != first.shape:
            return found
        return Labelled(
            _name_of(ufunc, labelled), _unit_of(ufunc, inputs), first.axes, first.labels, found
        )

    def sum(self, *over: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Any:
        """The sum over some axes, or over all.

        Args:
            over: axes by name (`good`, `market`, `origin`, `country`), by letter (`j`, `n`, `i`,
                `c`) or by place; several letters may stand together, as in `ni`.
            axis: the axes as numpy calls them: one axis or several; all if neither is given.
            dtype: as numpy has it.
            out: as numpy has it; only None.

        Returns:
            float: if no axis is left; otherwise a `Labelled` with those that are left.

        Raises:
            KeyError: for an axis that is not there; names those that are.
        """
        del out
        return self._reduced(lambda x, gone: x.sum(axis=gone, dtype=dtype), over, axis)

    def mean(self, *over: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Any:
        """The mean over some axes, or over all, each value counting the same.

        Args:
            over: axes, as in `sum`.
            axis: as in `sum`.
            dtype: as numpy has it.
            out: as numpy has it; only None.

        Returns:
            float: if no axis is left; otherwise a `Labelled` with those that are left.

        Raises:
            KeyError: for an axis that is not there; names those that are.
        """
        del out
        return self._reduced(lambda x, gone: x.mean(axis=gone, dtype=dtype), over, axis)

    def max(self, *over: Any, axis: Any = None, out: None = None) -> Any:
        """The largest value over some axes, or over all.

        Args:
            over: axes, as in `sum`.
            axis: as in `sum`.
            out: as numpy has it; only None.

        Returns:
            float: if no axis is left; otherwise a `Labelled` with those that are left.

        Raises:
            KeyError: for an axis that is not there; names those that are.
        """
        del out
        return self._reduced(lambda x, gone: x.max(axis=gone), over, axis)

    def min(self, *over: Any, axis: Any = None, out: None = None) -> Any:
        """The smallest value over some axes, or over all.

        Args:
            over: axes, as in `sum`.
            axis: as in `sum`.
            out: as numpy has it; only None.

        Returns:
            float: if no axis is left; otherwise a `Labelled` with those that are left.

        Raises:
            KeyError: for an axis that is not there; names those that are.
        """
        del out
        return self._reduced(lambda x, gone: x.min(axis=gone), over, axis)

    def _reduced(
        self, reduce: Callable[[Array, tuple[int, ...]], Any], over: tuple[Any, ...], axis: Any
    ) -> Any:
        """What is left of the values once some axes are gone."""
        asked = over or (() if axis is None else axis if isinstance(axis, tuple) else (axis,))
        gone = {k for one in asked for k in self._axes_of(one)} or set(range(self.ndim))
        found = reduce(self.values, tuple(sorted(gone)))
        left = [k for k in range(self.ndim) if k not in gone]
        if not left:
            return found.item()
        return Labelled(
            self.name,
            self.unit,
            tuple(self.axes[k] for k in left),
            tuple(self.labels[k] for k in left),
            found,
        )

    def _axes_of(self, asked: Any) -> list[int]:
        if isinstance(asked, (int, np.integer)):
            return [range(self.ndim)[asked]]
        if asked in self.axes:
            return [self.axes.index(asked)]
        if asked and all(_AXES.get(letter) in self.axes for letter in str(asked)):
            return [self.axes.index(_AXES[letter]) for letter in asked]
        there = ", ".join(f"{a} ({_LETTERS[a]})" if a in _LETTERS else a for a in self.axes)
        raise KeyError(f"{self.name} has no axis {asked!r}; it has {there}.")

    def tolist(self) -> list[Any]:
        """The values as nested lists.

        Returns:
            list: nested as deep as there are axes.
        """
        return self.values.tolist()  # type: ignore[no-any-return]

    def items(self) -> Iterator[tuple[str, Any]]:
        """Each label of the first axis with what stands there, as of a dictionary.

        Returns:
            Iterator: a label, and a number or what is labelled by the other axes.
        """
        return zip(self.labels[0], self, strict=True)

    def __iter__(self) -> Iterator[Any]:
        """What stands at each label of the first axis, in order."""
        return (self[k] for k in range(len(self)))

    def __len__(self) -> int:
        return len(self.values)

    def __bool__(self) -> bool:
        """Whether its one value is true; many values have no truth, as numpy has it."""
        return bool(self.values)

    def to_dict(self) -> dict[str, Any]:
        """The values with their labels as plain data; `docs/json.md` says what each key means.

        Returns:
            dict: a document with `schema_version`.
        """
        return document(
            "array",
            {
                "label": self.name,
                "unit": self.unit,
                "axes": [
                    {"axis": axis, "labels": labels}
                    for axis, labels in zip(self.axes, self.labels, strict=True)
                ],
                "values": self.values,
            },
        )

    def to_frame(self) -> pl.DataFrame:
        """One row a cell: a column for each axis, and `value`.

        Returns:
            polars.DataFrame: with as many rows as there are values.
        """
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

    def to_pandas(self) -> pd.Series[Any]:  # type: ignore[override]
        """A pandas series by label; with several axes, by all labels together.

        Returns:
            pandas.Series: with the labels as its index.

        Raises:
            PackageMissing: pandas is not installed.
        """
        pd = pandas()
        if self.ndim == 1:
            index = pd.Index(self.labels[0], name=self.axes[0])
        else:
            index = pd.MultiIndex.from_product(self.labels, names=self.axes)
        return pd.Series(self.values.ravel(), index=index, name=self.name)  # type: ignore[no-any-return]

    def to_xarray(self) -> xr.DataArray:  # type: ignore[override]
        """The values as an array of xarray, with labels as coordinates and the unit in `attrs`.

        Returns:
            xarray.DataArray: with an axis of the same name for each axis.

        Raises:
            PackageMissing: xarray is not installed; it is the extra `xarray`.
        """
        coords = {name: list(labels) for name, labels in zip(self.axes, self.labels, strict=True)}
        made: xr.DataArray = xarray().DataArray(
            self.values, coords, self.axes, self.name, {"units": self.unit}
        )
        return made

    def plot(self, ax: Axes | None = None, most: int = 12) -> Axes:
        """Bars of the values along one axis, or a shaded table along two.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.
            most: how many labels an axis shows: those with the largest values in size, in the
                order of the array.

        Returns:
            Axes: with what is drawn.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
            ShockError: there are three axes or more; sum over some, or select.
        """
        from detente._plots import bars, shaded

        if self.ndim not in (1, 2):
            raise ShockError(
                f"{self.name} has the axes {', '.join(self.axes)}, and a picture has two.",
                "Sum over an axis, as in `.sum('good')`, or select one label of it.",
            )
        shown: Labelled = self
        for axis in range(self.ndim):
            size = np.abs(np.nan_to_num(self.values.astype(float)))
            size = size if self.ndim == 1 else size.max(axis=1 - axis)
            largest = np.sort(np.argsort(-size, kind="stable")[:most]).tolist()
            shown = shown[(slice(None),) * axis + (largest,)]
        values = np.asarray(shown.values, dtype=float)
        unit = self.unit or "value"
        if self.ndim == 1:
            return bars(ax, shown.labels[0], values.tolist(), self.name, unit)
        rows, columns = shown.labels
        return shaded(ax, rows, columns, values, self.name, unit)

    def _lines(self) -> Sequence[str]:
        shape = " × ".join(f"{len(x)} {a}" for a, x in zip(self.axes, self.labels, strict=True))
        return (f"{self.name}, {self.unit or 'no unit'}; by {shape}",)

    def _small(self) -> Small | None:
        if not self.values.size:
            return None
        size = np.abs(np.nan_to_num(self.values.astype(float))).ravel()
        shown = np.sort(np.argsort(-size, kind="stable")[:_ROWS])
        rows = []
        for k in shown:
            at = np.unravel_index(k, self.shape)
            names = [labels[a] for labels, a in zip(self.labels, at, strict=True)]
            value = self.values[at]
            rows.append([*names, value.item() if value.dtype == bool else float(value)])
        which = "all values" if self.values.size <= _ROWS else f"the {_ROWS} largest in size"
        return which, [*self.axes, self.unit or "value"], rows


def _same(one: Labelled, other: Labelled, what: str) -> None:
    """Raise unless both stand on the same axes with the same labels."""
    if one.axes == other.axes and one.labels == other.labels:
        return
    text = f"{one.name} and {other.name} cannot be joined by {what}: "
    if one.axes != other.axes:
        detail = f"one is by {' × '.join(one.axes)}, the other by {' × '.join(other.axes)}."
    else:
        pairs = zip(one.axes, one.labels, other.labels, strict=True)
        axis, mine, theirs = next(p for p in pairs if p[1] != p[2])
        odd = sorted(set(mine) ^ set(theirs))
        which = f" ({', '.join(odd[:6])}{', …' if len(odd) > 6 else ''})" if odd else ""
        detail = f"their labels of {axis} differ{which or ' in order'}."
    raise LabelsDiffer(
        text + detail,
        "Select the same labels of both, sum over an axis, or take plain numbers by `.values`.",
    )


def _name_of(ufunc: np.ufunc, labelled: Sequence[Labelled]) -> str:
    names = list(dict.fromkeys(x.name for x in labelled))
    return names[0] if len(names) == 1 else f"{ufunc.__name__} of {' and '.join(names)}"


def _unit_of(ufunc: np.ufunc, inputs: Sequence[Any]) -> str:
    """The unit of a result; empty where it has none or none that can be named."""
    units = [x.unit if isinstance(x, Labelled) else "" for x in inputs]
    both = all(isinstance(x, Labelled) for x in inputs) and len(inputs) > 1
    if ufunc.__name__ in _KEEP:
        return units[0]
    if ufunc.__name__ in _SUMS:
        known = list(dict.fromkeys(u for u in units if u))
        return known[0] if len(known) == 1 else " and ".join(known)
    if ufunc.__name__ == "multiply":
        return " × ".join(u for u in units if u and not (both and u == "fraction"))
    if ufunc.__name__ in ("divide", "true_divide"):
        if both and units[0] == units[1]:
            return "fraction"
        top = units[0] or "1"
        return top if units[1] in ("", "fraction") else f"{top} / {units[1]}"
    return ""


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
