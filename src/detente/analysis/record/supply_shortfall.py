"""The price under the measures and under a fall of supply elsewhere that was seen, not forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from detente.cases import CaseError, Fault
from detente.trade import productivity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente._types import Array
    from detente.analysis.assessment import Snapshot
    from detente.analysis.record.plan import Outcome, Plan
    from detente.analysis.scenarios import Scenarios
    from detente.cases.claims import Shortfall
    from detente.trade import Equilibrium, Shock


#: What the parts are collected as over draws.
SPLIT = "price_split"
#: How close the exports must come to those seen, and how often they are tried.
_CLOSE, _TRIES = 1e-4, 20


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
    given = short.case.record and short.case.record.shortfall
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
    given = short.case.record and short.case.record.shortfall
    assert given
    day = plan.day(given.year)
    scenarios = short.on(day)
    measures = tuple(m.id for m in scenarios.case.regime(day))
    found = _fallen(scenarios, plan, given, measures)
    market = scenarios.world.country(plan.price_market)
    base, *after = (
        one.commodities[plan.commodity].price_paid_n[market]
        for one in (
            scenarios.snapshot(()),
            scenarios.snapshot(measures),
            found.alone[1],
            found.both[1],
        )
    )
    m, s, b = (float(price / base - 1) for price in after)
    parts = (m + b - s) / 2, (s + b - m) / 2
    return np.array([m, s, b, *parts, *found.exports])


@dataclass(frozen=True)
class _Fallen:
    """A fall that brings the exports to those seen, how exports answer, and what comes of it.

    Attributes:
        log_factor: of productivity.
        slope: change of log exports with it.
        log_left: log of the share of the base's exports that was asked for.
        both: with the measures.
        alone: without.
        exports: in the base, and with the measures and the fall.
    """

    log_factor: float
    slope: float
    log_left: float
    both: tuple[Equilibrium, Snapshot]
    alone: tuple[Equilibrium, Snapshot]
    exports: tuple[float, float]


#: Of scenarios that others of neighbouring parameters start from.
_KNOWN: WeakKeyDictionary[Scenarios, _Fallen] = WeakKeyDictionary()


def _fallen(
    scenarios: Scenarios, plan: Plan, given: Shortfall, measures: tuple[str, ...]
) -> _Fallen:
    if scenarios in _KNOWN:
        return _KNOWN[scenarios]
    near = scenarios.guide and _fallen(scenarios.guide, plan, given, measures)
    scenarios.solve_together([(), measures])
    seller = scenarios.world.country(given.country)
    log_left = math.log(scenarios.case.number(given.left, plan.day(given.year)))

    def exports(seen: Snapshot) -> float:
        sold = seen.commodities[plan.commodity].tonnes_ni[:, seller]
        return float(sold.sum() - sold[seller])

    def mines(log_factor: float) -> Shock:
        return productivity(given.country, plan.commodity, factor=math.exp(log_factor))

    before = exports(scenarios.snapshot(()))

    def gap_of(seen: Snapshot) -> float:
        return math.log(exports(seen) / before) - log_left

    # As far as the guide's, and further by what is asked for besides.
    slope = near.slope if near else 1.0
    at = near.log_factor + (log_left - near.log_left) / slope if near else log_left
    starts = [near.both[0], near.alone[0]] if near else None
    both, alone = scenarios.beside((measures, ()), mines(at), starts)
    gap = gap_of(both[1])
    for _ in range(_TRIES):
        if abs(gap) < _CLOSE:
            break
        step = -gap / slope
        both, alone = scenarios.beside((measures, ()), mines(at + step), starts)
        was, gap = gap, gap_of(both[1])
        at, slope = at + step, (gap - was) / step
    else:
        fault = Fault(0, "record.shortfall.left", _OUT_OF_REACH, "Write a share nearer to 1.")
        raise CaseError([fault], scenarios.case.name)
    _KNOWN[scenarios] = _Fallen(at, slope, log_left, both, alone, (before, exports(both[1])))
    return _KNOWN[scenarios]


_OUT_OF_REACH = "no fall of productivity brings the exports of the seller to those seen."
