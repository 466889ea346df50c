"""The price under the measures and under a fall of supply elsewhere that was seen, not forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.case import CaseError, Fault
from detente.trade import productivity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.study.assessment import Array, Snapshot
    from detente.study.backtest_plan import Outcome, Plan
    from detente.study.scenarios import Scenarios

#: What the parts are collected as over draws.
SPLIT = "price_split"
#: How close the exports must come to those seen, and how often they are tried.
_CLOSE, _TRIES = 1e-5, 20


@dataclass(frozen=True)
class Part:
    """A change of the price, a fraction of the base, with its central band over draws.

    Attributes:
        value: at the central values.
        low: lower end of the band; None without draws.
        high: upper end.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of what explains a price.

    Attributes:
        label: what it is.
        alone: change by it alone; None where that has no meaning.
        part: its part.
    """

    label: str
    alone: Part | None
    part: Part


@dataclass(frozen=True)
class PriceSplit:
    """What explains the price of a year in the short run.

    Attributes:
        year: the year.
        label: of the fall of supply.
        exports: of the seller in the base and in the year, million tonnes.
        measures: change by the measures alone.
        shortfall: change by the fall of supply alone.
        both: change by both.
        measures_part: part of the measures in it: the mean of what they add before and after the
            fall of supply (Shapley value).
        shortfall_part: part of the fall of supply; the two sum to `both`.
        observed: change of the published price.
        left: what neither explains.
    """

    year: int
    label: str
    exports: tuple[float, float]
    measures: Part
    shortfall: Part
    both: Part
    measures_part: Part
    shortfall_part: Part
    observed: float
    left: Part

    @property
    def rows(self) -> tuple[Row, ...]:
        """The measures, the fall of supply, both, what is left, and the published change."""
        return (
            Row("the measures", self.measures, self.measures_part),
            Row(f"{self.label}, observed", self.shortfall, self.shortfall_part),
            Row("both", None, self.both),
            Row("not explained", None, self.left),
            Row("published", None, Part(self.observed)),
        )


def split_of(
    short: Scenarios, plan: Plan, outcome: Outcome, bands: Mapping[str, tuple[Array, Array]]
) -> PriceSplit | None:
    """The parts of the measures and of the fall of supply; None if the case names no fall."""
    given = short.case.backtest and short.case.backtest.shortfall
    if not given or plan.shortfall is None:
        return None
    low, high = bands.get(SPLIT, (None, None))

    def part(k: int, value: float) -> Part:
        if low is None or high is None:
            return Part(value)
        return Part(value, float(low[k]), float(high[k]))

    values = price_split(short, plan)
    measures, shortfall, both, own, its = (part(k, float(v)) for k, v in enumerate(values[:5]))
    observed = float(outcome.price_y[plan.years.index(given.year)] - 1)
    ends = (None, None) if both.low is None else (observed - (both.high or 0), observed - both.low)
    return PriceSplit(
        given.year,
        given.label,
        (float(values[5]), float(values[6])),
        measures,
        shortfall,
        both,
        own,
        its,
        observed,
        Part(observed - both.value, *ends),
    )


def price_split(short: Scenarios, plan: Plan) -> Array:
    """Changes by the measures, by the fall, by both, and the two parts; then the exports, (7,).

    The fall is one of productivity of the seller's mines, so large that its exports, with the
    measures in force, are those that were seen. What the seller sells abroad pins the price at
    which others buy it, so that it matters little what kept the rest at home.

    Raises:
        CaseError: if no fall of productivity brings the exports to those seen.
    """
    given = short.case.backtest and short.case.backtest.shortfall
    assert given
    scenarios = short.on(plan.day(given.year))
    regime = tuple(m.id for m in scenarios.case.regime(plan.day(given.year)))
    scenarios.solve_together([(), regime])
    left = scenarios.case.number(given.left, plan.day(given.year))
    seller, market = map(scenarios.world.country, (given.country, plan.price_market))

    def exports(found: Snapshot) -> float:
        sold = found.commodities[plan.commodity].tonnes_ni[:, seller]
        return float(sold.sum() - sold[seller])

    def price(found: Snapshot) -> float:
        return float(found.commodities[plan.commodity].price_paid_n[market])

    def fallen(measures: tuple[str, ...], log_factor: float) -> Snapshot:
        factor = math.exp(log_factor)
        return scenarios.beside(
            measures, productivity(given.country, plan.commodity, factor=factor)
        )

    before, measures = scenarios.snapshot(()), scenarios.snapshot(regime)
    target = left * exports(before)
    at, gap, slope = 0.0, math.log(exports(measures) / target), 1.0
    both = measures
    for _ in range(_TRIES):
        if abs(gap) < _CLOSE:
            break
        step = -gap / slope
        both = fallen(regime, at + step)
        was, gap = gap, math.log(exports(both) / target)
        at, slope = at + step, (gap - was) / step
    else:
        raise CaseError([Fault(0, "backtest.shortfall.left", _OUT_OF_REACH)], scenarios.case.name)
    base, alone = price(before), fallen((), at)
    m, s, b = (price(one) / base - 1 for one in (measures, alone, both))
    parts = (m + b - s) / 2, (s + b - m) / 2
    return np.array([m, s, b, *parts, exports(before), exports(both)])


_OUT_OF_REACH = "no fall of productivity brings the exports of the seller to those seen."
