"""What a measure reaches: which flows of the base year, worth how much, and whose they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Mask
from detente.cases import RouteChange, Selection

if TYPE_CHECKING:
    from detente.cases import Case, Measure, Setting
    from detente.world import World


#: Flows below this many USD million a year count as none.
_SMALLEST_FLOW = 1e-6


@dataclass(frozen=True)
class Reach:
    """One setting of a measure, and the flows of the base year that it concerns.

    Attributes:
        setting: of the measure.
        flows: how many: one for each good, seller and buyer, sales at home apart.
        value: what they are worth in the base year, USD million; of a route what passes
            there, of productivity the sales of the producers.
        outside: how many of them have neither seller nor buyer among the owner's members.
        outside_value: what those are worth.
        outsiders: the buyers in those, ISO3 codes, the largest first.
        idle: labels of an exception that take nobody out.
    """

    setting: Setting
    flows: int
    value: float
    outside: int = 0
    outside_value: float = 0.0
    outsiders: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


def reach_of(case: Case, measure: Measure, world: World, day: dt.date) -> tuple[Reach, ...]:
    """What each setting of a measure reaches on a day, whether or not it is in force.

    Args:
        case: whose measure it is.
        measure: one that sets something in the economy.
        world: the base year with the case's commodities.
        day: whose members of groups count.
    """
    own = np.isin(world.countries, case.members(measure.owner, world, day))
    return tuple(_reach(case, s, world, day, own) for s in measure.sets)


def _reach(case: Case, setting: Setting, world: World, day: dt.date, own_n: Mask) -> Reach:
    effect = setting.effect
    if isinstance(effect, RouteChange):
        return _by_route(case, setting, effect, world, day)
    goods = [world.good(g) for g in setting.goods_effect.goods.goods(world.goods)]
    if setting.productivity is not None:
        return _at_home(case, setting, world, day, goods)
    origin, market = getattr(effect, "origin", None), getattr(effect, "market", None)
    assert origin is not None
    assert market is not None
    from_n, to_n = (_chosen(case, s, world, day) for s in (origin, market))
    there = to_n[:, None] & from_n[None, :] & ~np.eye(len(world.countries), dtype=bool)
    trade = np.where(there, world.trade_jni[goods], 0.0)
    found = trade > _SMALLEST_FLOW
    apart = found & ~(own_n[:, None] | own_n[None, :])
    bought_n = np.where(apart, trade, 0.0).sum(axis=(0, 2))
    return Reach(
        setting,
        int(found.sum()),
        float(trade[found].sum()),
        int(apart.sum()),
        float(trade[apart].sum()),
        tuple(world.countries[n] for n in np.argsort(-bought_n, kind="stable") if bought_n[n] > 0),
        _idle(case, (origin, market), world, day),
    )


def flows_of(case: Case, setting: Setting, world: World, day: dt.date) -> Mask:
    """Which flows of the base year a setting for flows concerns, (J, N, N)."""
    effect = setting.flows
    assert effect is not None
    to_n, from_n = (_chosen(case, s, world, day) for s in (effect.market, effect.origin))
    goods_j = np.isin(world.goods, effect.goods.goods(world.goods))
    there = to_n[:, None] & from_n[None, :] & ~np.eye(len(to_n), dtype=bool)
    found: Mask = goods_j[:, None, None] & there & (world.trade_jni > _SMALLEST_FLOW)
    return found


def _at_home(case: Case, setting: Setting, world: World, day: dt.date, goods: list[int]) -> Reach:
    assert setting.productivity is not None
    country = setting.productivity.country
    sales = np.where(_chosen(case, country, world, day), world.sales_jn[goods], 0.0)
    flows = int((sales > _SMALLEST_FLOW).sum())
    return Reach(setting, flows, float(sales.sum()), idle=_idle(case, (country,), world, day))


def _by_route(
    case: Case, setting: Setting, change: RouteChange, world: World, day: dt.date
) -> Reach:
    j, i = world.good(change.commodity), world.country(change.origin)
    flows, value = 0, 0.0
    for entry in case.route_terms(world, (), day):
        if (entry.commodity, entry.origin) != (change.commodity, change.origin):
            continue
        share = sum(w.base_share for w in entry.routes if w.id in change.routes)
        sold = world.trade_jni[j, [world.country(c) for c in entry.markets], i]
        if share:
            flows += int((sold > _SMALLEST_FLOW).sum())
            value += share * float(sold.sum())
    return Reach(setting, flows, value)


def _chosen(case: Case, choice: Selection, world: World, day: dt.date) -> Mask:
    return np.isin(world.countries, case.countries(choice, world, day))


def _idle(case: Case, choices: Iterable[Selection], world: World, day: dt.date) -> tuple[str, ...]:
    """Labels of exceptions none of which is in what they are taken out of."""
    out = []
    for choice in choices:
        whole = set(case.countries(Selection(choice.include), world, day))
        out += [
            label
            for label in choice.exclude
            if not whole & set(case.countries(Selection((label,)), world, day))
        ]
    return tuple(out)
