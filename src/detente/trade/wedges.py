"""From a shock to the arrays that the solver takes, checked against the world."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.trade.errors import ShockError
from detente.trade.system import Wedges, unshocked
from detente.trade.ways import routes_of

if TYPE_CHECKING:
    from detente.trade.economy import Array, Economy
    from detente.trade.network import Index
    from detente.trade.shock import Change, Shock
    from detente.world import World


def wedges(world: World, economy: Economy, shock: Shock) -> Wedges:
    """A shock as the arrays that the solver takes, checked against the world.

    Raises:
        ShockError: an array of a wrong shape or sign, with its place.
        UnknownLabel: a country, group or good that the world does not have.
    """
    base = unshocked(economy)
    theta = economy.trade_elasticity_j
    t = _given(world, "tariff_jni", shock.tariff_jni, base.tariff_jni, at_least=0.0)
    e = _given(world, "export_tax_jni", shock.export_tax_jni, base.export_tax_jni, at_least=-1.0)
    melt = _melt(world, theta, shock)
    a = _given(world, "productivity_nj", shock.productivity_nj, base.productivity_nj, above=0.0)
    supply = _given(world, "labour_n", shock.labour_n, base.labour_n, above=0.0)
    v = _given(world, "capacity_nj", shock.capacity_nj, base.capacity_nj, above=0.0)
    d = _given(world, "transfer_n", shock.transfer_n, base.transfer_n)
    # `unshocked` made these anew, so they may be changed in place.
    leaks: dict[str, Array] = {}
    for change in shock.changes:
        if change.kind in ("productivity", "labour", "capacity"):
            n = _countries(world, change.origin, change.date)
            _positive(change)
            if change.kind == "labour":
                supply[n] *= change.value
            else:
                (a if change.kind == "productivity" else v)[np.ix_(n, _goods(world, change))] *= (
                    change.value
                )
        elif change.kind == "transfer":
            d[world.country(change.origin[0])] -= change.value
            d[world.country(change.market[0])] += change.value
        else:
            cells = _cells(world, change)
            if change.kind == "embargo":
                leak = leaks.setdefault("leak", np.ones_like(melt))
                leak[cells] = np.minimum(leak[cells], change.leakage)
            elif change.kind == "iceberg":
                _positive(change)
                melt[cells] *= change.value ** -theta[cells[0]]
            elif change.kind == "tariff":
                t = _rates(t, base.tariff_jni, cells, change)
            else:
                e = _rates(e, base.export_tax_jni, cells, change)
    if leaks:
        melt = melt * leaks["leak"]
    if t is not base.tariff_jni or e is not base.export_tax_jni or d.any():
        _levels(world, t, e, d)
    routes, rooms = routes_of(world, shock)
    return Wedges(melt, t, e, a, supply, v, d, routes, rooms)


def _rates(level: Array, base: Array, cells: tuple[Index, Index, Index], change: Change) -> Array:
    # Rates that nothing changes stay the base year's own array, which costs nothing.
    new = level.copy() if level is base else level
    new[cells] = change.value + (new[cells] if change.added else 0.0)
    return new


def _levels(world: World, t: Array, e: Array, d: Array) -> None:
    for name, level, floor in (("tariff", t, 0.0), ("export tax", e, -1.0)):
        bad = np.argwhere((level < floor) if floor == 0 else (level <= floor))
        if len(bad):
            j, n, i = bad[0]
            raise ShockError(
                f"The {name} on {world.goods[j]} from {world.countries[i]} in "
                f"{world.countries[n]} would be {level[j, n, i]:g}. Give a rate of at least "
                f"{floor:g} as a fraction (0.25 is 25 %)."
            )
    if abs(d.sum()) > 1e-9 * max(float(np.abs(d).sum()), 1.0):
        raise ShockError(
            f"The added transfers sum to {d.sum():g}, not to zero: what one receives another pays."
        )


def _positive(change: Change) -> None:
    if not (np.isfinite(change.value) and change.value > 0):
        raise ShockError(
            f"The factor of {change.kind} for {', '.join(change.origin)} is {change.value!r}. "
            f"Give a finite factor above 0 (1 is no change)."
        )


def _given(
    world: World,
    name: str,
    value: ArrayLike | None,
    base: Array,
    *,
    at_least: float | None = None,
    above: float | None = None,
) -> Array:
    if value is None:
        return base
    try:
        array = np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), base.shape))
    except ValueError as error:
        raise ShockError(
            f"{name} has shape {np.shape(value)}; this world needs {base.shape}: "
            f"{len(world.goods)} goods, {len(world.countries)} countries."
        ) from error
    wrong = ~np.isfinite(array)
    if at_least is not None:
        wrong |= array < at_least
    if above is not None:
        wrong |= array <= above
    if wrong.any():
        raise ShockError(f"{name} is {array[wrong][0]!r} at {_where(world, name, wrong)}.")
    return array


def _melt(world: World, theta: Array, shock: Shock) -> Array:
    J, N = len(world.goods), len(world.countries)
    if shock.iceberg_jni is None:
        return np.ones((J, N, N))
    factor = np.asarray(shock.iceberg_jni, dtype=np.float64)
    closed = np.isposinf(factor)
    d = _given(world, "iceberg_jni", np.where(closed, 1.0, factor), np.ones((J, N, N)), above=0.0)
    leak = _given(world, "leakage_jni", shock.leakage_jni, np.zeros((J, N, N)), at_least=0.0)
    if (leak > 1).any():
        raise ShockError(f"leakage_jni is above 1 at {_where(world, 'leakage_jni', leak > 1)}.")
    melt = np.where(d == 1.0, 1.0, d ** -theta[:, None, None])
    return np.where(np.broadcast_to(closed, melt.shape), leak, melt)


def _where(world: World, name: str, wrong: NDArray[np.bool_]) -> str:
    labels = {"j": world.goods, "n": world.countries, "i": world.countries}
    role = {"j": "good", "n": "country", "i": "origin"}
    place = np.argwhere(wrong)[0]
    return ", ".join(
        f"{role[c]} {labels[c][int(p)]}" for c, p in zip(name.rsplit("_", 1)[1], place, strict=True)
    )


def _countries(world: World, labels: tuple[str, ...], date: dt.date | None) -> list[int]:
    from detente.world import expand

    return [world.country(code) for code in expand(labels, world, date)]


def _goods(world: World, change: Change) -> list[int]:
    if "*" in change.goods:
        return list(range(len(world.goods)))
    return [world.good(g) for g in change.goods]


def _cells(world: World, change: Change) -> tuple[Index, Index, Index]:
    j, n, i = (
        x.ravel()
        for x in np.meshgrid(
            _goods(world, change),
            _countries(world, change.market, change.date),
            _countries(world, change.origin, change.date),
            indexing="ij",
        )
    )
    abroad = n != i
    return j[abroad], n[abroad], i[abroad]
