"""Forecasts of who sells how much to whom: the model's, and two that need no model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from detente.study.backtest_prices import PARTS, part_by_measure, part_sets
from detente.study.backtest_shortfall import SPLIT, price_split
from detente.study.backtest_variants import regime_without
from detente.study.scenarios import Scenarios, Wanted, solve_days, solve_horizons

if TYPE_CHECKING:
    import datetime as dt

    from detente.case import Case
    from detente.study.assessment import Array
    from detente.study.backtest_plan import Plan
    from detente.world import World

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
        if mine and all(w.closed for w in terms.ways):
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
