"""The figures that a scenario is watched by, in one order for every scenario of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.brief.commodity_tables import Pair, main_markets, main_suppliers, paid
from detente.brief.names import name_of
from detente.brief.page import Page
from detente.brief.places import Place, country, parties_of, thirds_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from detente.case import Case
    from detente.study import Assessment, Scenarios, Snapshot
    from detente.world import World

Kind = Literal["gain", "price", "share", "sales", "transit"]

_UNITS = {
    "gain": "USD million a year",
    "price": "USD per tonne",
    "share": "%",
    "sales": "Mt",
    "transit": "USD million a year",
}
_DECIMALS = {"gain": 1, "price": 0, "share": 1, "sales": 2, "transit": 1}


@dataclass(frozen=True)
class Figure:
    """One number of a scenario.

    Attributes:
        id: its name in files.
        kind: what it is of.
        label: of whom.
        group: the heading above it.
        members: positions of the countries in the world.
        good: the commodity, if it is of one.
        prose: of whom, as it stands inside a sentence.
    """

    id: str
    kind: Kind
    label: str
    group: str
    members: tuple[int, ...] = field(repr=False)
    good: str = ""
    prose: str = ""

    @property
    def unit(self) -> str:
        """Of its value."""
        return _UNITS[self.kind]

    @property
    def decimals(self) -> int:
        """Digits after the point on the screen; files keep all."""
        return _DECIMALS[self.kind]

    def value(self, now: Snapshot) -> float:
        """Its value in a snapshot; not a number where nothing is bought."""
        at = list(self.members)
        if self.kind == "gain":
            return float(now.equivalent_variation_n[at].sum())
        if self.kind == "transit":
            return float(now.transit_revenue_n[at].sum())
        market = now.commodities[self.good]
        if self.kind == "price":
            return paid(market, Place("", "", "", self.members))
        if self.kind == "sales":
            return float(market.tonnes_ni[:, at].sum())
        bought_i = market.value_ni[at].sum(axis=0)
        return float(100 * bought_i.max() / bought_i.sum()) if bought_i.sum() > 0 else float("nan")


def figures_of(a: Assessment, most: int = 6) -> tuple[Figure, ...]:
    """Gains of parties, third countries and the world, prices, dependence, sales, transit.

    Args:
        a: the case at its own values; its figures are those of every scenario.
        most: markets and sellers of a commodity.
    """
    parties = parties_of(a)
    found = [
        _of_place("gain", p, "Who gains and who pays") for p in [*parties, *thirds_of(a, parties)]
    ]
    everyone = Place("world", "World", "the world", tuple(range(len(a.world.countries))))
    found.append(_of_place("gain", everyone, "Who gains and who pays"))
    for good, before in a.base.commodities.items():
        pair = Pair(a, before, a.regime.commodities[good], Page())
        markets = main_markets(a, before, parties)[:most]
        label = before.label
        found += [_of_place("price", p, f"{label}: price paid", good) for p in markets]
        found += [
            _of_place("share", p, f"{label}: share of the largest supplier", good) for p in markets
        ]
        sellers = [country(a, i) for i in main_suppliers(pair, most)]
        found += [_of_place("sales", p, f"{label}: sales, home included", good) for p in sellers]
    found += [
        _of_place("transit", country(a, int(n)), "Net income from transit")
        for n in np.flatnonzero(a.base.transit_revenue_n)
    ]
    return tuple(found)


def _of_place(kind: Kind, place: Place, group: str, good: str = "") -> Figure:
    identifier = "-".join(filter(None, (kind, good, place.key)))
    return Figure(identifier, kind, place.name, group, place.members, good, place.prose)


def readings(
    figures: Iterable[Figure], base: Snapshot, regime: Snapshot, world: World
) -> list[dict[str, Any]]:
    """The figures in a scenario as plain values, with those of the base year beside them."""
    out = []
    for f in figures:
        row: dict[str, Any] = {
            "id": f.id,
            "kind": f.kind,
            "label": f.label,
            "group": f.group,
            "unit": f.unit,
            "decimals": f.decimals,
            "value": _plain(f.value(regime)),
            "before": None if f.kind == "gain" else _plain(f.value(base)),
            "percent": None,
            "largest": None,
        }
        if f.kind == "gain":
            row["percent"] = 100 * f.value(regime) / float(world.income_n[list(f.members)].sum())
        if f.kind == "share":
            bought_i = regime.commodities[f.good].value_ni[list(f.members)].sum(axis=0)
            row["largest"] = name_of(world.countries[int(bought_i.argmax())])
        out.append(row)
    return out


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


@dataclass(frozen=True)
class Collect:
    """What draws keep of every answer: the figures of the regime of the case's date."""

    figures: tuple[Figure, ...]

    def __call__(self, scenarios: Scenarios) -> dict[str, NDArray[np.float64]]:
        """The figures under one draw, by id."""
        case: Case = scenarios.case
        regime = [m.id for m in case.regime(scenarios.date)]
        now = scenarios.snapshot(regime)
        return {f.id: np.array(f.value(now)) for f in self.figures}
