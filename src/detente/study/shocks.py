"""From measures of a case to a shock of the trade model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.trade import Shock, embargo, export_tax, iceberg, productivity, tariff

if TYPE_CHECKING:
    from detente.case import Case, Iceberg, Measure, Selection, Setting
    from detente.world import World


def shock_of(case: Case, measures: Iterable[Measure], world: World, date: dt.date) -> Shock:
    """What a set of measures changes against the base year.

    Settings compound, but for icebergs that share a lock: they act on one route, so that on each
    flow the largest factor of those in force applies once.

    Args:
        case: whose parameters give the numbers.
        measures: those in force.
        world: the base year, with the case's commodities.
        date: whose members the groups have.
    """
    shock = Shock()
    locked: dict[str, NDArray[np.float64]] = {}
    for measure in measures:
        for setting in measure.sets:
            effect = setting.iceberg
            if effect is not None and effect.lock is not None:
                _lock(case, effect, effect.lock, world, date, locked)
            else:
                shock += _setting(case, setting, world, date)
    if locked:
        shock += Shock(iceberg_jni=np.prod(list(locked.values()), axis=0))
    return shock


def _lock(
    case: Case,
    effect: Iceberg,
    lock: str,
    world: World,
    date: dt.date,
    locked: dict[str, NDArray[np.float64]],
) -> None:
    shape = (len(world.goods), len(world.countries), len(world.countries))
    factor = locked.setdefault(lock, np.ones(shape))
    markets = [world.country(c) for c in case.countries(effect.market, world, date)]
    origins = [world.country(c) for c in case.countries(effect.origin, world, date)]
    for good in effect.goods.goods(world.goods):
        cells = np.ix_([world.good(good)], markets, origins)
        factor[cells] = np.maximum(factor[cells], case.iceberg_factor(effect, good))
    domestic = np.arange(len(world.countries))
    factor[:, domestic, domestic] = 1.0


def _setting(case: Case, setting: Setting, world: World, date: dt.date) -> Shock:
    if setting.productivity is not None:
        p = setting.productivity
        return productivity(
            case.countries(p.country, world, date),
            p.goods.goods(world.goods),
            factor=case.number(p.factor),
        )
    if setting.embargo is not None:
        e = setting.embargo
        return embargo(
            *_cells(case, e.origin, e.market, e.goods, world, date), leakage=case.number(e.leakage)
        )
    if setting.tariff is not None:
        t = setting.tariff
        given = t.rate if t.rate is not None else t.add
        return tariff(
            *_cells(case, t.origin, t.market, t.goods, world, date),
            rate=case.number(0.0 if given is None else given),
            added=t.rate is None,
        )
    if setting.export_tax is not None:
        x = setting.export_tax
        return export_tax(
            *_cells(case, x.origin, x.market, x.goods, world, date), rate=case.number(x.rate)
        )
    shock = Shock()
    if setting.iceberg is not None:
        i = setting.iceberg
        for good in i.goods.goods(world.goods):
            shock += iceberg(
                case.countries(i.origin, world, date),
                case.countries(i.market, world, date),
                good,
                factor=case.iceberg_factor(i, good),
            )
    return shock


def _cells(
    case: Case,
    origin: Selection,
    market: Selection,
    goods: Selection,
    world: World,
    date: dt.date,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return (
        case.countries(origin, world, date),
        case.countries(market, world, date),
        goods.goods(world.goods),
    )


def targets_of(
    case: Case, measure: Measure, authors: tuple[str, ...], world: World, date: dt.date
) -> tuple[str, ...]:
    """The countries whose sales a measure hits, or, if those are its authors', whose purchases."""
    origins: dict[str, None] = {}
    markets: dict[str, None] = {}
    for setting in measure.sets:
        if setting.productivity is not None:
            origins |= dict.fromkeys(case.countries(setting.productivity.country, world, date))
            continue
        flow = setting.embargo or setting.tariff or setting.iceberg or setting.export_tax
        if flow is not None:
            origins |= dict.fromkeys(case.countries(flow.origin, world, date))
            markets |= dict.fromkeys(case.countries(flow.market, world, date))
    hit = tuple(c for c in origins if c not in authors)
    return hit or tuple(c for c in markets if c not in authors)
