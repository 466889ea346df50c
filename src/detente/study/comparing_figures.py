"""The figures on which scenarios are set side by side, at central values and in every draw."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.study.outputs import output
from detente.study.scenarios import Scenarios, solve_days

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study.assessment import Array


@dataclass(frozen=True)
class Figure:
    """What is compared.

    Attributes:
        key: its name in files; of a commodity's figures, one of `output` or `sold`.
        label: for readers.
        unit: of its values.
        commodity: whose figure it is; None for a figure of the whole economy.
        is_share: whether its differences are points of a fraction.
    """

    key: str
    label: str
    unit: str
    commodity: str | None = None
    is_share: bool = False


@dataclass(frozen=True)
class Chosen:
    """One scenario: a set of measures on a day.

    Attributes:
        label: for readers.
        day: whose members of groups and dated parameters hold.
        measures: ids of those in force.
        note: why it is no other than the first, if that is known before solving.
        is_reference: whether the first is held against it, as against the regime of another day;
            differences are then the first less this one, and else this one less the first.
    """

    label: str
    day: dt.date
    measures: tuple[str, ...]
    note: str = ""
    is_reference: bool = False

    def less(self, first: Chosen) -> str:
        """Which state less which a difference is."""
        one, other = (first, self) if self.is_reference else (self, first)
        return f"{one.label} less {other.label}"


@dataclass(frozen=True)
class Side:
    """One party or country: a column of the comparison.

    Attributes:
        id: of the party, or ISO3 code.
        label: for readers.
        countries: ISO3 codes.
    """

    id: str
    label: str
    countries: tuple[str, ...]


ECONOMY = (
    Figure("equivalent_variation", "Equivalent variation", "USD million a year"),
    Figure("real_income_change", "Real income", "fraction", is_share=True),
    Figure("transit_revenue", "Income from transit", "USD million a year"),
)


def figures_of(case: Case) -> tuple[Figure, ...]:
    """The figures of a case: of the economy, and of every commodity's market."""
    found = [f for f in ECONOMY if case.routes or f.key != "transit_revenue"]
    for good in case.commodities:
        found += [
            Figure("price_paid", "price paid", f"USD per {good.unit}", good.name),
            Figure("largest_share", "largest supplier's share", "fraction", good.name, True),
            Figure("tonnes", "bought", f"million {good.unit} a year", good.name),
            Figure("sold", "sold", f"million {good.unit} a year", good.name),
            Figure("sales", "sales", "USD million a year", good.name),
        ]
    return tuple(found)


@dataclass(frozen=True)
class Comparer:
    """Reads the figures of some scenarios; importable, so that draws can be made anywhere.

    Attributes:
        figures: what is read.
        chosen: the scenarios; differences are those of `Chosen.less`.
        sides: whose figures are read.
    """

    figures: tuple[Figure, ...]
    chosen: tuple[Chosen, ...]
    sides: tuple[Side, ...]

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """`level` and `difference`, (figures, sides, scenarios) each; not a number for none."""
        there = [(scenarios.on(c.day), c.measures) for c in self.chosen]
        solve_days([(on, [measures]) for on, measures in there])
        level = np.array(
            [
                [[_value(on, f, measures, side) for on, measures in there] for side in self.sides]
                for f in self.figures
            ]
        )
        sign = np.array([-1.0 if c.is_reference else 1.0 for c in self.chosen])
        return {"level": level, "difference": sign * (level - level[:, :, :1])}


def _value(scenarios: Scenarios, figure: Figure, measures: tuple[str, ...], side: Side) -> float:
    if figure.key != "sold":
        return output(
            scenarios,
            figure.key,  # type: ignore[arg-type]
            measures,
            side.countries,
            commodity=figure.commodity,
        )
    where = [scenarios.world.country(c) for c in side.countries]
    outcome = scenarios.snapshot(measures).commodities[str(figure.commodity)]
    return float(outcome.tonnes_ni[:, where].sum())
