"""The price of a commodity after the measures: what the model says, and by which measure."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.study.scenarios import Scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.case import Case
    from detente.study.assessment import Array
    from detente.study.backtest_plan import Plan

#: Measures that alone move the price by less than this fraction are taken together.
_SMALL = 5e-4
#: What these are called, and what the parts are collected as over draws.
REST, PARTS = "the rest", "price_parts"


@dataclass(frozen=True)
class PricePart:
    """What one measure does to the price.

    Attributes:
        measure: its id; `the rest` for all that move next to nothing.
        alone: change of the price if it alone is imposed, a fraction of the base.
        margin: change of the price that it adds to the others, a fraction of the base.
        part: its part of the change by all measures (Shapley value: the mean of what it adds over
            all orders), a fraction of the base; the parts sum to the change.
        low: lower end of the part's central band over draws; None without draws.
        high: upper end.
    """

    measure: str
    alone: float
    margin: float
    part: float
    low: float | None = None
    high: float | None = None


def banded_parts(
    short: Scenarios, plan: Plan, year: int, bands: Mapping[str, tuple[Array, Array]]
) -> tuple[PricePart, ...]:
    """`price_parts` with the bands that were drawn of what `part_by_measure` keeps, if any."""
    found = price_parts(short, plan, year)
    if PARTS not in bands:
        return found
    names = (*_regime(short.case, plan, year), REST)
    low, high = (dict(zip(names, end.tolist(), strict=True)) for end in bands[PARTS])
    return tuple(replace(p, low=low[p.measure], high=high[p.measure]) for p in found)


def part_by_measure(short: Scenarios, plan: Plan, year: int) -> Array:
    """The parts by measure of the regime, then the rest; 0 for what is in the rest, (M + 1,)."""
    part = {p.measure: p.part for p in price_parts(short, plan, year)}
    return np.array([part.get(m, 0.0) for m in (*_regime(short.case, plan, year), REST)])


def _regime(case: Case, plan: Plan, year: int) -> tuple[str, ...]:
    return tuple(m.id for m in case.regime(plan.day(year)))


def price_parts(short: Scenarios, plan: Plan, year: int) -> tuple[PricePart, ...]:
    """The parts of the measures of a year in the short-run change of the price.

    Measures that close the same way do nothing beside each other and everything alone; the parts
    split such an effect evenly.

    Args:
        short: scenarios of the short run.
        plan: of the back-test.
        year: whose regime is taken apart.
    """
    scenarios, regime = short.on(plan.day(year)), _regime(short.case, plan, year)
    scenarios.solve_together([(), regime, *((m,) for m in regime)])
    alone = {m: _change(scenarios, plan, (m,)) for m in regime}
    large = tuple(m for m in regime if abs(alone[m]) >= _SMALL)
    scenarios.solve_together(
        s for k in range(len(large) + 1) for s in itertools.combinations(large, k)
    )
    scenarios.solve_together([tuple(x for x in regime if x != m) for m in large])
    total = _change(scenarios, plan, regime)
    parts = [
        PricePart(
            m,
            alone[m],
            total - _change(scenarios, plan, tuple(x for x in regime if x != m)),
            _shapley(scenarios, plan, large, m),
        )
        for m in large
    ]
    if len(large) < len(regime):
        small = tuple(m for m in regime if m not in large)
        rest = total - sum(p.part for p in parts)
        parts.append(
            PricePart(
                REST,
                _change(scenarios, plan, small),
                total - _change(scenarios, plan, large),
                rest,
            )
        )
    return tuple(sorted(parts, key=lambda p: (p.measure == REST, -abs(p.part))))


def _shapley(scenarios: Scenarios, plan: Plan, players: tuple[str, ...], one: str) -> float:
    others = [p for p in players if p != one]
    n = len(players)
    value = 0.0
    for k in range(n):
        weight = math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n)
        for group in itertools.combinations(others, k):
            added = _change(scenarios, plan, (*group, one)) - _change(scenarios, plan, group)
            value += weight * added
    return value


def _change(scenarios: Scenarios, plan: Plan, measures: Sequence[str]) -> float:
    n = scenarios.world.country(plan.price_market)
    now, before = (
        scenarios.snapshot(s).commodities[plan.commodity].price_paid_n[n] for s in (measures, ())
    )
    return float(now / before - 1)
