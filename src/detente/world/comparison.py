"""Two base years beside each other: totals, and where they differ most by country and sector.

Both are brought to the economies and sectors that they have in common before figures are compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente._document import document
from detente._types import Array
from detente.world.aggregation import aggregate_countries, aggregate_goods
from detente.world.errors import WorldError
from detente.world.names import good_name, name_of
from detente.world.sectors import overlap
from detente.world.world import World

if TYPE_CHECKING:
    import polars as pl

_ROW = "ROW"


@dataclass(frozen=True)
class Pair:
    """One figure in two worlds, each in its own unit.

    Attributes:
        first: in the first world.
        second: in the second.
    """

    first: float
    second: float

    @property
    def change(self) -> float:
        """The second against the first, a fraction; not a number where the first is zero."""
        return self.second / self.first - 1 if self.first else math.nan


@dataclass(frozen=True)
class Compared:
    """A sector, an economy or the whole in two worlds.

    Attributes:
        label: the code of an economy, or the codes of the sectors, joined by ` + `.
        name: for readers.
        sales: of producers; of an economy, its value added.
        traded: what is sold abroad.
    """

    label: str
    name: str
    sales: Pair
    traded: Pair


@dataclass(frozen=True)
class WorldComparison:
    """Two base years at their common sectors and economies.

    Attributes:
        first: name of the first.
        second: name of the second.
        years: of the two.
        units: of the two.
        whole: sales and trade of all sectors.
        sectors: those in common.
        countries: economies in common, with value added and exports; `ROW` holds the others.
        apart: economies that only one of the two has, as codes; they are inside `ROW` here.
    """

    first: str
    second: str
    years: tuple[int, int]
    units: tuple[str, str]
    whole: Compared
    sectors: tuple[Compared, ...]
    countries: tuple[Compared, ...]
    apart: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Totals, and where the two differ most."""
        whole = self.whole
        said = [
            f"{self.first} ({self.years[0]}) and {self.second} ({self.years[1]}) have "
            f"{len(self.countries)} economies and {len(self.sectors)} sectors in common.",
            f"Sales are {whole.sales.first:,.0f} and {whole.sales.second:,.0f} {self.units[0]} "
            f"({whole.sales.change:+.1%}), of which {whole.traded.first:,.0f} and "
            f"{whole.traded.second:,.0f} ({whole.traded.change:+.1%}) go abroad.",
        ]
        for rows, what, of in (
            (self.sectors, "sectors", "trade"),
            (self.countries, "economies", "exports"),
        ):
            most = ", ".join(
                f"{row.name} ({row.traded.change:+.0%})" for row in largest(rows, 3) if row.name
            )
            said.append(f"The {of} of {what} that differ most, by money: {most}.")
        for name, codes in zip((self.first, self.second), self.apart, strict=True):
            if codes:
                said.append(f"Only {name} has {', '.join(codes)} apart.")
        return tuple(said)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data; `docs/json.md` says what each key means."""
        return document("world_comparison", {**asdict(self), "sentences": self.sentences})

    def to_frame(self, what: Literal["sectors", "countries"] = "sectors") -> pl.DataFrame:
        """The comparison as rows and columns.

        Args:
            what: `sectors`, with sales and trade; or `countries`, with value added and exports.

        Returns:
            polars.DataFrame: a row for each of them.
        """
        import polars as pl

        rows = self.sectors if what == "sectors" else self.countries
        sales, traded = ("sales", "traded") if what == "sectors" else ("value_added", "exports")
        return pl.DataFrame(
            {
                "label": [r.label for r in rows],
                "name": [r.name for r in rows],
                f"{sales}_first": [r.sales.first for r in rows],
                f"{sales}_second": [r.sales.second for r in rows],
                f"{traded}_first": [r.traded.first for r in rows],
                f"{traded}_second": [r.traded.second for r in rows],
            }
        )


def compare_worlds(first: World, second: World) -> WorldComparison:
    """Two base years beside each other at the sectors and economies that they have in common.

    Args:
        first: one of them.
        second: the other.

    Returns:
        WorldComparison: totals, sectors and economies.

    Raises:
        WorldError: a good of one world is in no sector of the other.

    Example:
        >>> import detente
        >>> from detente.world import compare_worlds
        >>> found = compare_worlds(detente.load_world("oecd28-2020"), detente.load_world())
        >>> len(found.countries), len(found.sectors), found.whole.traded.change > 0.2
        (81, 28, True)
    """
    common = _common(first, second)
    both = [
        aggregate_goods(_merged(w, other), mapping)
        for w, other, mapping in zip((first, second), (second, first), common, strict=True)
    ]
    goods = both[0].goods
    at = [[w.goods.index(g) for g in goods] for w in both]
    sales = [w.sales_j[k] for w, k in zip(both, at, strict=True)]
    traded = [w.traded_j[k] for w, k in zip(both, at, strict=True)]
    sectors = tuple(
        Compared(g, _name(g), _pair(sales, j), _pair(traded, j)) for j, g in enumerate(goods)
    )
    countries = both[0].countries
    place = [[w.countries.index(c) for c in countries] for w in both]
    added = [w.value_added_nj.sum(1)[k] for w, k in zip(both, place, strict=True)]
    exports = [_exports(w)[k] for w, k in zip(both, place, strict=True)]
    whole = Compared(
        "",
        "",
        Pair(*(float(s.sum()) for s in sales)),
        Pair(*(float(t.sum()) for t in traded)),
    )
    return WorldComparison(
        first.name or "the first",
        second.name or "the second",
        (first.year, second.year),
        (first.unit, second.unit),
        whole,
        sectors,
        tuple(
            Compared(c, name_of(c), _pair(added, n), _pair(exports, n))
            for n, c in enumerate(countries)
        ),
        _apart(first, second),
    )


def largest(rows: Iterable[Compared], most: int) -> list[Compared]:
    """The rows whose trade differs most, by money."""
    return sorted(rows, key=lambda r: -abs(r.traded.second - r.traded.first))[:most]


def _pair(values: list[Array], place: int) -> Pair:
    return Pair(float(values[0][place]), float(values[1][place]))


def _exports(world: World) -> Array:
    return np.asarray(world.trade_jni.sum((0, 1)) - np.einsum("jnn->n", world.trade_jni))


def _apart(first: World, second: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(c for c in first.countries if c not in second.countries),
        tuple(c for c in second.countries if c not in first.countries),
    )


def _merged(world: World, other: World) -> World:
    """The world with economies that the other lacks inside the rest of the world."""
    return aggregate_countries(
        world, {c: _ROW for c in world.countries if c not in other.countries}
    )


def _common(first: World, second: World) -> tuple[dict[str, str], dict[str, str]]:
    """For each world, the common sector of each good: goods that overlap stand together."""
    groups: list[tuple[set[str], set[str]]] = []
    for good in first.goods:
        there = {g for g in second.goods if g == good or overlap(g, good)}
        joined = [g for g in groups if g[1] & there]
        groups = [g for g in groups if not g[1] & there]
        groups.append(({good}.union(*(g[0] for g in joined)), there.union(*(g[1] for g in joined))))
    covered = set().union(*(g[1] for g in groups))
    lacking = [min(a) for a, b in groups if not b] + [g for g in second.goods if g not in covered]
    if lacking:
        raise WorldError(
            f"{', '.join(lacking)} of {first.name or 'one world'} or {second.name or 'the other'} "
            "is in no sector of the other.",
            "Compare worlds whose goods are sectors of the OECD's tables, or have the same names; "
            "name the world of a case instead of the case, whose commodities are its own.",
        )
    mappings: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for sides in groups:
        coarse = min(sides, key=len)
        world = first if coarse is sides[0] else second
        label = " + ".join(g for g in world.goods if g in coarse)
        for mapping, side in zip(mappings, sides, strict=True):
            mapping.update(dict.fromkeys(side, label))
    return mappings


def _name(label: str) -> str:
    return ", ".join(good_name(part) for part in label.split(" + "))
