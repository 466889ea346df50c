"""Comparison on the page: the figures of every scenario in one order, with bands and differences.

`Figure` is one such number, and `figures_of` and `readings` list them for a case. `Collect` and
`Drawing` keep their bands while draws are made. `comparison_table` and `comparison_charts` set
scenarios side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.analysis.figures.commodities import Pair, main_markets, main_suppliers, paid
from detente.analysis.labels import day, label_of, listing, name_of, number, quoted
from detente.analysis.places import Place, country, parties_of, thirds_of
from detente.analysis.uncertainty.draws import Ensemble
from detente.analysis.uncertainty.ranges import correlated, sample, uncertain_of
from detente.report.departure import departure_of, told_together
from detente.report.table import Cell, Chart, Column, Table
from detente.report.views.countries import source_of

if TYPE_CHECKING:
    from detente.analysis import Assessment, Scenarios, Snapshot
    from detente.cases import Case
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
        pair = Pair(a, before, a.regime.commodities[good])
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


_DRIVERS = 3


class Drawing:
    """Collects the figures of each draw, and says what the draws so far come to.

    Args:
        figures: what is kept of a draw.
        guide: the scenario at central values.
        draws: how many are asked for.
        seed: of the draws.
    """

    def __init__(
        self, figures: tuple[Figure, ...], guide: Scenarios, draws: int, seed: int
    ) -> None:
        self.collect = Collect(figures)
        self.uncertain = uncertain_of(guide.case, guide.horizon)
        free = sample(len(self.uncertain), draws, seed)
        self.points = correlated(free, self.uncertain, guide.case)
        self.draws, self.seed = draws, seed
        self.done = 0
        self.why = ""
        self._kept: dict[int, dict[str, NDArray[np.float64]]] = {}

    def __call__(self, scenarios: Scenarios) -> dict[str, NDArray[np.float64]]:
        """The figures under the draw that comes after those done."""
        found = self._kept[self.done] = self.collect(scenarios)
        return found

    def so_far(self) -> dict[str, Any]:
        """Bands from 5 to 95 % of the draws done, and the parameters that move each figure most."""
        order = sorted(self._kept)
        names = [f.id for f in self.collect.figures] if order else []
        ensemble = Ensemble(
            values={n: np.stack([self._kept[k][n] for k in order]) for n in names},
            parameters={
                u.name: u.quantile(self.points[order, d]) for d, u in enumerate(self.uncertain)
            },
            asked=self.draws,
            done=self.done,
            failed=self.done - len(order),
            seed=self.seed,
        )
        return {
            "asked": ensemble.asked,
            "done": ensemble.done,
            "failed": ensemble.failed,
            "why_failed": self.why,
            "seed": ensemble.seed,
            "bands": {name: _band(ensemble, name) for name in names},
        }


def _band(ensemble: Ensemble, name: str) -> dict[str, Any]:
    low, high = ensemble.band(name)
    return {
        "low": float(low),
        "high": float(high),
        "drivers": [
            {"parameter": p, "label": label_of(p), "correlation": round(rho, 3)}
            for p, rho in ensemble.drivers(name)[:_DRIVERS]
        ],
    }


def comparison_table(
    labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]
) -> Table:
    """A row for each figure; a column for each scenario, then its difference from the first.

    Columns go by the labels of the scenarios, so that files name them too.
    """
    rows: list[tuple[Cell, ...]] = []
    for f in figures:
        values = [f.value(a.regime) for a in answers]
        differences = [v - values[0] for v in values[1:]]
        rows.append((f.group, f.label, f.unit, *values, *differences))
    less = [f"{label}, less {labels[0]}" for label in labels[1:]]
    keys = _unique(["group", "figure", "unit", *labels, *less])[3:]
    state, suffix = _states(labels, answers)
    columns = [
        Column("group", "Group", group=True),
        Column("figure", "Of"),
        Column("unit", "Unit"),
        *(
            Column(key, label, kind="number", decimals=1)
            for key, label in zip(keys, labels, strict=False)
        ),
        *(
            Column(key, label, "", "number", 1, signed=True)
            for key, label in zip(keys[len(labels) :], less, strict=True)
        ),
    ]
    return Table(
        "comparison",
        "Scenarios side by side",
        _sentence(labels, answers, figures),
        tuple(columns),
        tuple(rows),
        note="Gains and losses are equivalent variation against the base year without the case's "
        "measures. Differences are from the first scenario.",
        state=state,
        suffix=suffix,
    )


def _states(labels: list[str], answers: list[Assessment]) -> tuple[str, str]:
    """How the scenarios differ from the case's own state, and what names of files say of it."""
    return told_together(
        (label, departure_of(a.case, a.date, a.horizon, a.transfers))
        for label, a in zip(labels, answers, strict=True)
    )


def _unique(names: list[str]) -> list[str]:
    """Names as they are, those that stand already with a number."""
    out: list[str] = []
    for name in names:
        count, own = 2, name
        while own in out:
            own, count = f"{name} ({count})", count + 1
        out.append(own)
    return out


def _sentence(labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]) -> str:
    if len(answers) < 2:
        return "One scenario; name another to compare."
    gains = [f for f in figures if f.kind == "gain" and f.id != "gain-world"]
    moved = []
    for label, a in zip(labels[1:], answers[1:], strict=True):
        shifts = [(f.value(a.regime) - f.value(answers[0].regime), f.prose) for f in gains]
        shift, whom = max(shifts, key=lambda s: abs(s[0]))
        size = number(shift, signed=True)
        said = f"{whom} most ({size} USD million a year)" if abs(shift) >= 0.5 else "no one"
        moved.append(f"{quoted(label)} moves {said}")
    return f"Against {quoted(labels[0])}: {listing(moved)}."


def comparison_charts(
    labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]
) -> list[Chart]:
    """A chart for each group of figures: one row a country, one mark a scenario, one axis."""
    state, suffix = _states(labels, answers)
    charts = []
    for place, group in enumerate(dict.fromkeys(f.group for f in figures)):
        own = [f for f in figures if f.group == group]
        charts.append(
            Chart(
                f"compare-{place}",
                "compare",
                group,
                own[0].unit,
                source_of(answers[0]),
                f"{group}: one row for each country, one mark for each of the scenarios "
                f"{listing(map(quoted, labels))}. The table ‘Scenarios side by side’ holds the "
                "numbers.",
                "comparison",
                {
                    "scenarios": labels,
                    "decimals": own[0].decimals,
                    "rows": [
                        {
                            "name": f.label,
                            "values": [_plain(f.value(a.regime)) for a in answers],
                        }
                        for f in own
                    ],
                },
                state,
                suffix,
            )
        )
    return charts


def scenario_line(label: str, a: Assessment) -> dict[str, Any]:
    """What a scenario is, in a line."""
    return {
        "label": label,
        **departure_of(a.case, a.date, a.horizon, a.transfers).entries(),
        "date": day(a.date),
        "horizon": a.horizon,
        "transfers": a.transfers,
        "measures": list(a.regime.measures),
    }
