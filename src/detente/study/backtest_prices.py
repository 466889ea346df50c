"""The price of a commodity after the measures: what the model says, and by which measure."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente.study.scenarios import Scenarios

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from detente.case import Case
    from detente.study.assessment import Array
    from detente.study.backtest_plan import Plan

#: Measures that alone move the price by less than this fraction are taken together.
_SMALL = 5e-4
Changes: TypeAlias = dict[frozenset[str], float]
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
    """The parts by measure of the regime, then the rest; 0 for what is in the rest, (M + 1,).

    In a draw the measures that are told apart are those of the central values.
    """
    scenarios, regime = short.on(plan.day(year)), _regime(short.case, plan, year)
    large = _told_apart(scenarios, plan, regime)
    change = _changes(scenarios, plan, [regime, *_groups(large)])
    part = {m: _shapley(change, large, m) for m in large}
    part[REST] = change[frozenset(regime)] - sum(part.values())
    return np.array([part.get(m, 0.0) for m in (*regime, REST)])


def part_sets(short: Scenarios, plan: Plan, year: int) -> tuple[Scenarios, list[tuple[str, ...]]]:
    """The sets of measures that `part_by_measure` needs solved, with the scenarios of their day."""
    scenarios, regime = short.on(plan.day(year)), _regime(short.case, plan, year)
    return scenarios, [(), regime, *_groups(_told_apart(scenarios, plan, regime))]


def _told_apart(scenarios: Scenarios, plan: Plan, regime: tuple[str, ...]) -> tuple[str, ...]:
    central = scenarios if scenarios.guide is None else scenarios.guide
    return _large(_changes(central, plan, ((m,) for m in regime)), regime)


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
    without = {m: tuple(x for x in regime if x != m) for m in regime}
    change = _changes(scenarios, plan, [regime, *((m,) for m in regime), *without.values()])
    large = _large(change, regime)
    small = tuple(m for m in regime if m not in large)
    change |= _changes(scenarios, plan, [small, *_groups(large)])
    total = change[frozenset(regime)]
    parts = [
        PricePart(
            m,
            change[frozenset((m,))],
            total - change[frozenset(without[m])],
            _shapley(change, large, m),
        )
        for m in large
    ]
    if small:
        rest = total - sum(p.part for p in parts)
        apart = total - change[frozenset(large)]
        parts.append(PricePart(REST, change[frozenset(small)], apart, rest))
    return tuple(sorted(parts, key=lambda p: (p.measure == REST, -abs(p.part))))


def _large(change: Changes, regime: tuple[str, ...]) -> tuple[str, ...]:
    """The measures that move the price alone."""
    return tuple(m for m in regime if abs(change[frozenset((m,))]) >= _SMALL)


def _groups(players: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for k in range(len(players) + 1):
        yield from itertools.combinations(players, k)


def _shapley(change: Changes, players: tuple[str, ...], one: str) -> float:
    n = len(players)
    value = 0.0
    for group in _groups(tuple(p for p in players if p != one)):
        k = len(group)
        weight = math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n)
        value += weight * (change[frozenset((*group, one))] - change[frozenset(group)])
    return value


def _changes(scenarios: Scenarios, plan: Plan, sets: Iterable[tuple[str, ...]]) -> Changes:
    """The change of the price under each set of measures, all solved together."""
    wanted = list(dict.fromkeys([(), *sets]))
    scenarios.solve_together(wanted)
    n = scenarios.world.country(plan.price_market)
    price = [scenarios.snapshot(s).commodities[plan.commodity].price_paid_n[n] for s in wanted]
    return {frozenset(s): float(p / price[0] - 1) for s, p in zip(wanted, price, strict=True)}
