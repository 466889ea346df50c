"""Forecasts of a back-test: the model's trade and prices, and two rivals that need no model.

`model_tonnes` and `price_parts` read the model's forecast, each price change divided by measure
into `PricePart`. `naive_tonnes` and `rescaled_tonnes` are the rivals.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente.analysis.record.supply_shortfall import SPLIT, price_split
from detente.analysis.record.variants import regime_without
from detente.analysis.scenarios import Scenarios, Wanted, solve_days, solve_horizons

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from detente._types import Array
    from detente.analysis.record.plan import Plan
    from detente.cases import Case
    from detente.world import World


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

    Measures that close the same route do nothing beside each other and everything alone; the parts
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


MODEL, NO_CHANGE, RESCALED = "model", "no change", "remove and rescale"
#: Not a forecast that anybody makes: what an error in tonnes is worth where little is declared.
NOTHING = "nothing sold"
RECORDED = "as recorded"
#: How two exporters taken as one are recorded.
AS_ONE = "as one"
HORIZONS = ("short", "medium", "long")


def model_tonnes(
    scenarios: Scenarios, plan: Plan, without: tuple[str, ...] = ()
) -> tuple[Array, Array]:
    """What the model says of each year: flows, and the price in the market of the price series.

    Args:
        scenarios: of the case.
        plan: the years.
        without: ids of measures that are not imposed.

    Returns:
        tuple: million tonnes by year, market and origin (Y, N, N), and the mean delivered price
            over that without measures (Y,).
    """
    place = scenarios.world.country(plan.price_market)
    before = scenarios.snapshot(()).commodities[plan.commodity]
    tonnes, prices = [], []
    regimes = _regimes(scenarios, plan, without)
    solve_days([(there, [regime]) for there, regime in regimes])
    for there, regime in regimes:
        now = there.snapshot(regime).commodities[plan.commodity]
        tonnes.append(now.tonnes_ni)
        prices.append(now.price_paid_n[place] / before.price_paid_n[place])
    return np.stack(tonnes), np.array(prices)


def collected_sets(scenarios: Scenarios, plan: Plan) -> list[Wanted]:
    """What `collected` needs solved, at every horizon."""
    wanted: list[Wanted] = [part_sets(scenarios.at("short"), plan, plan.years[0])]
    for there in map(scenarios.at, HORIZONS):
        wanted.append((there, [()]))
        wanted += [(on, [regime]) for on, regime in _regimes(there, plan)]
    return wanted


def _regimes(
    scenarios: Scenarios, plan: Plan, without: tuple[str, ...] = ()
) -> list[tuple[Scenarios, tuple[str, ...]]]:
    """What is in force on the day of each year, with the scenarios of that day."""
    days = map(plan.day, plan.years)
    return [(scenarios.on(d), regime_without(scenarios.case, d, without)) for d in days]


def price_name(horizon: str) -> str:
    """What the price at a horizon is collected as."""
    return f"price_y {horizon}"


def collected(scenarios: Scenarios, plan: Plan) -> dict[str, Array]:
    """What is kept of one draw; see `exports`, `joint` and `supplier_shares` for the shapes.

    The price is kept at every horizon, (Y,) each, the parts in it of the measures of the first
    year, see `part_by_measure`, and what a fall of supply adds, see `price_split`.
    """
    solve_horizons(collected_sets(scenarios, plan))
    world = scenarios.world
    e = world.country(plan.exporter)
    tonnes_yni, price_y = model_tonnes(scenarios, plan)
    out = {
        price_name(h): price_y if h == scenarios.horizon else model_tonnes(scenarios.at(h), plan)[1]
        for h in HORIZONS
    }
    out[PARTS] = part_by_measure(scenarios.at("short"), plan, plan.years[0])
    if plan.shortfall is not None:
        out[SPLIT] = price_split(scenarios.at("short"), plan)
    for record, each_yni in records(tonnes_yni, world, plan).items():
        sold_yn = np.stack([exports(t, e) for t in each_yni])
        out[f"exports_yn {record}"] = sold_yn
        out[f"total_y {record}"] = sold_yn.sum(axis=1)
        out[f"share_ybi {record}"] = np.stack(
            [
                supplier_shares(t, plan.members(scenarios.case, world, y))
                for t, y in zip(each_yni, plan.years, strict=True)
            ]
        )
    return out


def naive_tonnes(
    scenarios: Scenarios, plan: Plan, without: tuple[str, ...] = ()
) -> dict[str, Array]:
    """The forecasts without a model, million tonnes by year, market and origin, (Y, N, N)."""
    case, world = scenarios.case, scenarios.world
    base_ni = scenarios.snapshot(()).commodities[plan.commodity].tonnes_ni
    e = world.country(plan.exporter)
    rescaled = []
    for year in plan.years:
        day = plan.day(year)
        share_n = let_through(case, regime_without(case, day, without), world, plan, day)
        rescaled.append(rescaled_tonnes(base_ni, share_n, e))
    none_ni = rescaled_tonnes(base_ni, np.zeros(len(base_ni)), e)
    return {
        NO_CHANGE: np.stack([base_ni] * len(plan.years)),
        RESCALED: np.stack(rescaled),
        NOTHING: np.stack([none_ni] * len(plan.years)),
    }


def let_through(
    case: Case, measures: Iterable[str], world: World, plan: Plan, day: dt.date
) -> Array:
    """The share of each base flow of the exporter that the measures let through, (N,).

    The leakage of an embargo, nothing where every way is closed, all where neither is so.
    """
    chosen = tuple(measures)
    share_n = np.ones(len(world.countries))
    for setting in (s for m in map(case.measure, chosen) for s in m.sets):
        if setting.embargo is None or plan.commodity not in setting.embargo.goods.goods(
            world.goods
        ):
            continue
        if plan.exporter in case.countries(setting.embargo.origin, world, day):
            leak = case.number(setting.embargo.leakage, day)
            for code in case.countries(setting.embargo.market, world, day):
                share_n[world.country(code)] *= leak
    for terms in case.route_terms(world, chosen, day):
        mine = (terms.commodity, terms.origin) == (plan.commodity, plan.exporter)
        if mine and all(w.closed for w in terms.routes):
            share_n[[world.country(c) for c in terms.markets]] = 0.0
    return share_n


def removed_and_rescaled(base_n: Array, share_n: Array) -> Array:
    """Embargoed flows removed but for their leakage, all others scaled up to the same total.

    Args:
        base_n: the exporter's sales by market before, million tonnes, (N,).
        share_n: what is let through of each, (N,).

    Returns:
        Array: sales by market, (N,); with the same sum, unless nothing is left to scale.
    """
    left = base_n * share_n
    free = share_n >= 1
    rest = left[free].sum()
    if rest > 0:
        left[free] *= (base_n.sum() - left[~free].sum()) / rest
    return np.asarray(left)


def rescaled_tonnes(base_ni: Array, share_n: Array, exporter: int) -> Array:
    """The base with the exporter's sales abroad removed and rescaled, (N, N)."""
    out = base_ni.copy()
    new_n = removed_and_rescaled(exports(base_ni, exporter), share_n)
    new_n[exporter] = base_ni[exporter, exporter]
    out[:, exporter] = new_n
    return out


def exports(tonnes_ni: Array, exporter: int) -> Array:
    """Sales of an exporter by market without its own, million tonnes, (N,)."""
    out = tonnes_ni[:, exporter].copy()
    out[exporter] = 0.0
    return out


def joint(tonnes_ni: Array, exporter: int, rival: int) -> Array:
    """Two exporters as one, in the place of the first, without trade between them, (N, N)."""
    out = tonnes_ni.copy()
    out[:, exporter] += out[:, rival]
    out[:, rival] = 0.0
    out[[exporter, rival]] = 0.0
    return out


def records(tonnes_yni: Array, world: World, plan: Plan) -> dict[str, Array]:
    """Flows as they are recorded, and with the two exporters as one if a rival is named.

    A market that declares nothing is left out of both.
    """
    recorded = tonnes_yni.copy()
    recorded[:, [world.country(c) for c in plan.silent]] = 0.0
    out = {RECORDED: recorded}
    if plan.rival is not None:
        e, r = world.country(plan.exporter), world.country(plan.rival)
        out[f"{plan.exporter} and {plan.rival} {AS_ONE}"] = np.stack(
            [joint(t, e, r) for t in recorded]
        )
    return out


def supplier_shares(tonnes_ni: Array, members: list[list[int]]) -> Array:
    """Each origin's share of the tonnes that each group of buyers imports, (B, N).

    The own supply of every single country is left out; trade within a group counts as imports.
    """
    abroad = tonnes_ni.copy()
    np.fill_diagonal(abroad, 0.0)
    bought = np.stack([abroad[where].sum(axis=0) for where in members])
    total = bought.sum(axis=1, keepdims=True)
    share_bi: Array = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    return share_bi
