"""A world map of figures by country, drawn with matplotlib, which is an extra.

Borders are those of the brief's own map: they follow the United Nations, and lines that it treats
as undetermined are dashed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from detente._plots import colours, new_axes, scale_of
from detente._types import Array
from detente.trade import Labelled, ShockError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Lines: TypeAlias = "list[Array]"
_COAST, _LINE = "#c3cad0", "#8b959e"


def draw_map(
    values: Labelled | Mapping[str, float],
    ax: Axes | None = None,
    *,
    title: str = "",
    unit: str = "",
) -> Axes:
    """Who loses and who gains, on a map of the world.

    Args:
        values: a labelled array by country, or numbers by ISO3 code. Countries without a number,
            as those that the base year does not list apart, are hatched.
        ax: the axes of matplotlib to draw into; None for a new figure.
        title: of the map; the name of the array if empty.
        unit: of the values; that of the array if empty.

    Returns:
        Axes: with the map and a scale around 0.

    Raises:
        PackageMissing: matplotlib is not installed; it is the extra `plot`.
        ShockError: the array is not by country alone.

    Example:
        >>> import detente
        >>> from detente.report import draw_map
        >>> world = detente.load_world("oecd-2020")
        >>> found = detente.solve(world, detente.embargo("RUS", "EU", "AGRI_MIN_FOOD"))
        >>> draw_map(found.equivalent_variation).get_title(loc="left")
        'equivalent variation'
    """
    if isinstance(values, Labelled):
        if values.ndim != 1 or values.axes[0] == "good":
            raise ShockError(
                f"{values.name} is by {', '.join(values.axes)}, and a map shows one number for "
                "each country.",
                "Sum over the other axes, as in `.sum('good')`, or select one label of each.",
            )
        title, unit = title or values.name, unit or values.unit
        values = {code: float(value) for code, value in values.items()}
    ax = new_axes(ax)
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.colors import Normalize

    size = scale_of([v for v in values.values() if np.isfinite(v)])
    shade = ScalarMappable(Normalize(-size, size), colours())
    countries, borders, disputed = _shapes()
    known: Lines = []
    tints: list[Any] = []
    unknown: Lines = []
    for code, rings in countries:
        value = values.get(code, np.nan)
        if np.isfinite(value):
            known += rings
            tints += [shade.to_rgba(np.array([value]))[0]] * len(rings)
        else:
            unknown += rings
    ax.add_collection(PolyCollection(known, facecolors=tints, edgecolors=_COAST, linewidths=0.3))
    ax.add_collection(
        PolyCollection(unknown, facecolors="white", edgecolors=_COAST, hatch="////", linewidths=0.3)
    )
    ax.add_collection(LineCollection(borders, colors=_LINE, linewidths=0.4))
    ax.add_collection(LineCollection(disputed, colors=_LINE, linewidths=0.6, linestyles="dashed"))
    ax.set(xlim=(-180, 180), ylim=(-58, 84), aspect=1.3, xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.set_title(title, loc="left")
    ax.figure.colorbar(shade, ax=ax, label=unit, orientation="horizontal", shrink=0.5, aspect=40)
    return ax


@cache
def _shapes() -> tuple[list[tuple[str, Lines]], Lines, Lines]:
    """Outer rings of every country, borders, and borders that are undetermined; in degrees."""
    text = files("detente.report").joinpath("assets", "map.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    scale, move = (np.array(found["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + move for arc in found["arcs"]]

    def joined(places: list[int]) -> Lines:
        parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in places]
        line = np.concatenate([part if k == 0 else part[1:] for k, part in enumerate(parts)])
        return _on_both_sides(line)

    objects = found["objects"]
    countries = [
        (shape["id"], [ring for polygon in shape["arcs"] for ring in joined(polygon[0])])
        for shape in objects["countries"]["geometries"]
    ]
    borders, disputed = (
        [part for line in objects[key]["arcs"] for part in joined(line)]
        for key in ("borders", "disputed")
    )
    return countries, borders, disputed


def _on_both_sides(line: Array) -> Lines:
    """A line that crosses the antimeridian once at each edge of the map; others as they are."""
    line = np.column_stack([np.unwrap(line[:, 0], period=360), line[:, 1]])
    west, east = line[:, 0].min(), line[:, 0].max()
    if west >= -180 and east <= 180:
        return [line]
    return [line, line + np.array([360 if west < -180 else -360, 0])]
