"""From a shock to the arrays that the solver takes, checked against the world."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.trade.differences import Wedges, unshocked
from detente.trade.errors import ShockError
from detente.trade.ways import routes_of

if TYPE_CHECKING:
    from detente.trade.economy import Array, Economy
    from detente.trade.network import Index, Rooms, Routes
    from detente.trade.shock import Change, Shock
    from detente.world import World


class Places:
    """Where labels lie in a world; what was looked up once for one shock serves the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._countries: dict[tuple[tuple[str, ...], dt.date | None], Index] = {}
        self._cells: dict[tuple[object, ...], tuple[Index, Index]] = {}
        # By identity, as comparing labels takes longer; what is kept here keeps its identity.
        self._routes: dict[tuple[int, ...], tuple[Shock, tuple[tuple[Routes, ...], Rooms]]] = {}

    def countries(self, labels: tuple[str, ...], date: dt.date | None = None) -> Index:
        """Positions of countries and of the members of groups."""
        key = (labels, date)
        if key not in self._countries:
            from detente.world import expand

            found = [self.world.country(code) for code in expand(labels, self.world, date)]
            self._countries[key] = np.array(found, dtype=np.intp)
        return self._countries[key]

    def goods(self, labels: tuple[str, ...]) -> Index:
        """Positions of goods; '*' is all."""
        if "*" in labels:
            return np.arange(len(self.world.goods))
        return np.array([self.world.good(g) for g in labels], dtype=np.intp)

    def cells(self, change: Change) -> tuple[Index, Index]:
        """Flat positions in (J, N, N) of the flows that a change concerns, and their goods.

        Domestic sales are never among them.
        """
        key = (change.goods, change.market, change.origin, change.date)
        if key not in self._cells:
            N = len(self.world.countries)
            n = self.countries(change.market, change.date)
            i = self.countries(change.origin, change.date)
            pair = (n[:, None] * N + i)[n[:, None] != i]
            goods = self.goods(change.goods)
            cells = (goods[:, None] * (N * N) + pair).ravel()
            self._cells[key] = cells, np.repeat(goods, len(pair))
        return self._cells[key]

    def routes(self, shock: Shock) -> tuple[tuple[Routes, ...], Rooms]:
        """The routes of a shock and the capacities of their ways."""
        key = tuple(map(id, shock.routes))
        if key not in self._routes:
            self._routes[key] = shock, routes_of(self.world, shock, self.countries)
        return self._routes[key][1]


def wedges(world: World, economy: Economy, shock: Shock, places: Places | None = None) -> Wedges:
    """A shock as the arrays that the solver takes, checked against the world.

    Args:
        world: the base year.
        economy: the same as the solver sees it.
        shock: what changes.
        places: of an earlier shock of this world, to look up labels once.

    Raises:
        ShockError: an array of a wrong shape or sign, with its place.
        UnknownLabel: a country, group or good that the world does not have.
    """
    base = unshocked(economy)
    places = Places(world) if places is None else places
    a = _given(world, "productivity_nj", shock.productivity_nj, base.productivity_nj, above=0.0)
    supply = _given(world, "labour_n", shock.labour_n, base.labour_n, above=0.0)
    v = _given(world, "capacity_nj", shock.capacity_nj, base.capacity_nj, above=0.0)
    d = _given(world, "transfer_n", shock.transfer_n, base.transfer_n)
    # `unshocked` made these anew, so they may be changed in place.
    flows: list[tuple[Change, Index, Index]] = []
    for change in shock.changes:
        if change.kind in ("productivity", "labour", "capacity"):
            n = places.countries(change.origin, change.date)
            _positive(change)
            if change.kind == "labour":
                supply[n] *= change.value
            else:
                (a if change.kind == "productivity" else v)[
                    np.ix_(n, places.goods(change.goods))
                ] *= change.value
        elif change.kind == "transfer":
            d[world.country(change.origin[0])] -= change.value
            d[world.country(change.market[0])] += change.value
        else:
            flows.append((change, *places.cells(change)))
    _balanced(d)
    given = _Arrays.of(world, economy, shock)
    cell = np.unique(np.concatenate([given.cell, *(c for _, c, _ in flows)]))
    melt, t, e, leak = given.at(economy, cell)
    for change, cells, _ in flows:
        if change.kind == "iceberg":
            continue
        at = np.searchsorted(cell, cells)
        if change.kind == "embargo":
            leak[at] = np.minimum(leak[at], change.leakage)
        else:
            rate = t if change.kind == "tariff" else e
            rate[at] = change.value + (rate[at] if change.added else 0.0)
    _melt(melt, cell, [flow for flow in flows if flow[0].kind == "iceberg"], economy)
    _levels(world, cell, t, e)
    routes, rooms = places.routes(shock)
    return Wedges(economy, cell, melt * leak, t, e, leak, a, supply, v, d, routes, rooms)


def _melt(
    melt: Array, cell: Index, flows: list[tuple[Change, Index, Index]], economy: Economy
) -> None:
    """Multiply d̂^(−θ) at flat positions by what changes of delivered cost come to, in place."""
    if not flows:
        return
    for change, _, _ in flows:
        _positive(change)
    factor = np.repeat([c.value for c, _, _ in flows], [len(cells) for _, cells, _ in flows])
    theta = economy.trade_elasticity_j[np.concatenate([goods for _, _, goods in flows])]
    at = np.searchsorted(cell, np.concatenate([cells for _, cells, _ in flows]))
    np.multiply.at(melt, at, factor**-theta)


@dataclass(frozen=True, eq=False)
class _Arrays:
    """The whole arrays that a shock sets, None where it sets none, and the cells they change."""

    cell: Index
    iceberg: _Iceberg
    tariff_jni: Array | None
    export_tax_jni: Array | None

    @classmethod
    def of(cls, world: World, economy: Economy, shock: Shock) -> _Arrays:
        t0, e0 = economy.tariff_jni, economy.export_tax_jni
        t = _given(world, "tariff_jni", shock.tariff_jni, t0, at_least=0.0)
        e = _given(world, "export_tax_jni", shock.export_tax_jni, e0, at_least=-1.0)
        iceberg = _iceberg(world, economy.trade_elasticity_j, shock)
        moved = [np.flatnonzero(x != y) for x, y in ((t, t0), (e, e0)) if x is not y]
        cell = np.unique(np.concatenate([*moved, iceberg.cell])) if moved else iceberg.cell
        return cls(cell, iceberg, None if t is t0 else t, None if e is e0 else e)

    def at(self, economy: Economy, cell: Index) -> tuple[Array, Array, Array, Array]:
        """d̂^(−θ), t', e' and leakage at flat positions, which hold the cells of the arrays."""
        t = economy.tariff_jni if self.tariff_jni is None else self.tariff_jni
        e = economy.export_tax_jni if self.export_tax_jni is None else self.export_tax_jni
        melt, leak = np.ones(len(cell)), np.ones(len(cell))
        at = np.searchsorted(cell, self.iceberg.cell)
        melt[at], leak[at] = self.iceberg.melt, self.iceberg.leak
        return melt, t.ravel()[cell], e.ravel()[cell], leak


def _levels(world: World, cell: Index, t: Array, e: Array) -> None:
    for name, level, floor in (("tariff", t, 0.0), ("export tax", e, -1.0)):
        bad = np.nonzero((level < floor) if floor == 0 else (level <= floor))[0]
        if len(bad):
            row, i = divmod(int(cell[bad[0]]), len(world.countries))
            j, n = divmod(row, len(world.countries))
            raise ShockError(
                f"The {name} on {world.goods[j]} from {world.countries[i]} in "
                f"{world.countries[n]} would be {level[bad[0]]:g}. Give a rate of at least "
                f"{floor:g} as a fraction (0.25 is 25 %)."
            )


def _balanced(d: Array) -> None:
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
    array = np.array(_whole(world, name, value, base.shape))
    wrong = ~np.isfinite(array)
    if at_least is not None:
        wrong |= array < at_least
    if above is not None:
        wrong |= array <= above
    if wrong.any():
        raise ShockError(f"{name} is {array[wrong][0]!r} at {_where(world, name, wrong)}.")
    return array


@dataclass(frozen=True, eq=False)
class _Iceberg:
    """What a whole array of costs changes: d̂^(−θ) where it is finite, the leakage elsewhere."""

    cell: Index
    melt: Array
    leak: Array


def _iceberg(world: World, theta: Array, shock: Shock) -> _Iceberg:
    if shock.iceberg_jni is None:
        return _Iceberg(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    J, N = len(world.goods), len(world.countries)
    factor = _whole(world, "iceberg_jni", shock.iceberg_jni, (J, N, N))
    cell = np.flatnonzero(factor != 1.0)
    j, n, i = np.unravel_index(cell, (J, N, N))
    d = factor[j, n, i]
    closed = np.isposinf(d)
    if not (closed | (np.isfinite(d) & (d > 0))).all():
        wrong = ~(np.isposinf(factor) | (np.isfinite(factor) & (factor > 0)))
        where = _where(world, "iceberg_jni", wrong)
        raise ShockError(f"iceberg_jni is {factor[wrong][0]!r} at {where}.")
    leakage = _whole(world, "leakage_jni", shock.leakage_jni, (J, N, N))
    leak = np.where(closed, leakage[j, n, i], 1.0)
    if not ((leak >= 0) & (leak <= 1)).all():
        wrong = np.zeros((J, N, N), dtype=bool)
        wrong[j, n, i] = ~((leak >= 0) & (leak <= 1))
        value = float(leakage[wrong][0])
        how = f"above 1 ({value:g})" if value > 1 else f"{value!r}"
        raise ShockError(f"leakage_jni is {how} at {_where(world, 'leakage_jni', wrong)}.")
    return _Iceberg(cell, np.where(closed, 1.0, d) ** -theta[j], leak)


def _whole(world: World, name: str, value: ArrayLike, shape: tuple[int, ...]) -> Array:
    try:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
    except ValueError as error:
        raise ShockError(
            f"{name} has shape {np.shape(value)}; this world needs {shape}: "
            f"{len(world.goods)} goods, {len(world.countries)} countries."
        ) from error


def _where(world: World, name: str, wrong: NDArray[np.bool_]) -> str:
    labels = {"j": world.goods, "n": world.countries, "i": world.countries}
    role = {"j": "good", "n": "country", "i": "origin"}
    place = np.argwhere(wrong)[0]
    return ", ".join(
        f"{role[c]} {labels[c][int(p)]}" for c, p in zip(name.rsplit("_", 1)[1], place, strict=True)
    )
