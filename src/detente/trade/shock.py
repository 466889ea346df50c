"""A shock: what changes against the base year, by label or by array."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.trade.errors import ShockError
from detente.trade.kernels import Wedges, unshocked

if TYPE_CHECKING:
    import datetime as dt

    from detente.trade.economy import Array, Economy
    from detente.world import World

Labels = str | Iterable[str]
Kind = Literal[
    "embargo", "tariff", "iceberg", "export_tax", "productivity", "labour", "capacity", "transfer"
]


@dataclass(frozen=True)
class Change:
    """One labelled change; `Shock` collects them and `wedges` applies them in order."""

    kind: Kind
    origin: tuple[str, ...]
    market: tuple[str, ...]
    goods: tuple[str, ...]
    value: float
    leakage: float = 0.0
    added: bool = False
    date: dt.date | None = None


@dataclass(frozen=True, eq=False)
class Shock:
    """What changes against the base year; everything not named stays as it is.

    Shocks combine with `+`: iceberg factors, productivity and endowments multiply, transfers add,
    and a later tariff or export tax replaces an earlier one in the cells that it names.

    Args:
        tariff_jni: new ad-valorem levels, fractions, (J, N, N) by good, market, origin.
        iceberg_jni: factor changes of delivered cost, ≥ 0; `inf` is an embargo, exactly.
        export_tax_jni: new ad-valorem levels, fractions.
        leakage_jni: share of the base flow at which an embargo in `iceberg_jni` leaks.
        productivity_nj: factor changes by country and good.
        labour_n: factor changes of the mobile factor.
        capacity_nj: factor changes of the fixed factors.
        transfer_n: USD million added to each country's transfer; sums to zero.
        changes: labelled changes, from the named builders.

    Example:
        >>> from detente.trade import embargo, tariff
        >>> shock = embargo("RUS", "USA", "MANUF_EXFOOD") + tariff("CHN", "USA", rate=0.25)
        >>> len(shock.changes)
        2
    """

    tariff_jni: ArrayLike | None = field(default=None, repr=False)
    iceberg_jni: ArrayLike | None = field(default=None, repr=False)
    export_tax_jni: ArrayLike | None = field(default=None, repr=False)
    leakage_jni: ArrayLike = field(default=0.0, repr=False)
    productivity_nj: ArrayLike | None = field(default=None, repr=False)
    labour_n: ArrayLike | None = field(default=None, repr=False)
    capacity_nj: ArrayLike | None = field(default=None, repr=False)
    transfer_n: ArrayLike | None = field(default=None, repr=False)
    changes: tuple[Change, ...] = ()

    def __add__(self, other: Shock) -> Shock:
        if not isinstance(other, Shock):
            return NotImplemented
        merged: dict[str, object] = {"changes": self.changes + other.changes}
        for f in fields(self):
            if f.name in ("changes", "leakage_jni"):
                continue
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if mine is None or theirs is None:
                merged[f.name] = theirs if mine is None else mine
            elif f.name in ("tariff_jni", "export_tax_jni"):
                raise ShockError(
                    f"Both shocks set the whole array {f.name}, so which of the two holds is not "
                    f"defined. Set it once, or use the named builders, which say their cells."
                )
            elif f.name == "transfer_n":
                merged[f.name] = np.add(mine, theirs)
            else:
                merged[f.name] = np.multiply(mine, theirs)
        if self.iceberg_jni is None:
            merged["leakage_jni"] = other.leakage_jni
        elif other.iceberg_jni is None:
            merged["leakage_jni"] = self.leakage_jni
        else:
            raise ShockError(
                "Both shocks set the whole array iceberg_jni, with leakages of their own. "
                "Multiply the arrays before, or use the named builders."
            )
        return Shock(**merged)  # type: ignore[arg-type]

    def __radd__(self, other: object) -> Shock:
        # sum([...]) starts from 0.
        return self if other == 0 else NotImplemented


def _labels(value: Labels) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def embargo(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    leakage: float = 0.0,
    date: dt.date | None = None,
) -> Shock:
    """Nothing of `goods` from `origin` reaches `market`, but for a leakage.

    Args:
        origin: ISO3 codes or groups ('EU', 'G7'), '*' for all. Domestic sales are never embargoed.
        market: the same.
        goods: names of goods, '*' for all.
        leakage: share of the base flow, in [0, 1], that gets through at unchanged prices.
        date: whose members of the groups are meant; None for the world's base year.
    """
    if not 0 <= leakage <= 1:
        raise ShockError(f"The leakage of an embargo is a share between 0 and 1, not {leakage!r}.")
    change = Change(
        "embargo", _labels(origin), _labels(market), _labels(goods), 0.0, leakage, date=date
    )
    return Shock(changes=(change,))


def tariff(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    rate: float,
    added: bool = False,
    date: dt.date | None = None,
) -> Shock:
    """`market` charges `rate` (a fraction, ad valorem) on `goods` from `origin`.

    Args:
        origin: ISO3 codes or groups, '*' for all.
        market: the same.
        goods: names of goods, '*' for all.
        rate: the new level, or what is added to the level so far where `added`.
        added: add to the level so far instead of replacing it.
        date: whose members of the groups are meant.
    """
    return Shock(
        changes=(
            Change(
                "tariff", _labels(origin), _labels(market), _labels(goods), rate, 0.0, added, date
            ),
        )
    )


def iceberg(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    factor: float,
    date: dt.date | None = None,
) -> Shock:
    """Delivered cost from `origin` to `market` is multiplied by `factor` (`inf` is an embargo)."""
    if factor == float("inf"):
        return embargo(origin, market, goods, date=date)
    change = Change(
        "iceberg", _labels(origin), _labels(market), _labels(goods), factor, date=date
    )
    return Shock(changes=(change,))


def export_tax(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    rate: float,
    added: bool = False,
    date: dt.date | None = None,
) -> Shock:
    """`origin` taxes its exports of `goods` to `market` at `rate` (a fraction, ad valorem)."""
    change = Change(
        "export_tax", _labels(origin), _labels(market), _labels(goods), rate, 0.0, added, date
    )
    return Shock(changes=(change,))


def productivity(country: Labels, goods: Labels = "*", *, factor: float) -> Shock:
    """Producers of `goods` in `country` make `factor` times as much from the same inputs."""
    return Shock(changes=(Change("productivity", _labels(country), (), _labels(goods), factor),))


def labour(country: Labels, *, factor: float) -> Shock:
    """The supply of the mobile factor in `country` is multiplied by `factor`."""
    return Shock(changes=(Change("labour", _labels(country), (), (), factor),))


def capacity(country: Labels, goods: Labels = "*", *, factor: float) -> Shock:
    """The fixed factor of `goods` in `country` (a mine, a plant) is multiplied by `factor`."""
    return Shock(changes=(Change("capacity", _labels(country), (), _labels(goods), factor),))


def transfer(origin: str, market: str, *, amount: float) -> Shock:
    """`origin` pays `market` a transfer of `amount` USD million a year."""
    return Shock(changes=(Change("transfer", (origin,), (market,), (), amount),))


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
            else:
                level = t if change.kind == "tariff" else e
                level[cells] = change.value + (level[cells] if change.added else 0.0)
    if leaks:
        melt = melt * leaks["leak"]
    _levels(world, t, e, d)
    return Wedges(melt, t, e, a, supply, v, d)


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
        return base.copy()
    try:
        array = np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), base.shape))
    except ValueError as error:
        raise ShockError(
            f"{name} has shape {np.shape(value)}; this world needs {base.shape}: {len(world.goods)} "
            f"goods, {len(world.countries)} countries."
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
    d = _given(
        world, "iceberg_jni", np.where(closed, 1.0, factor), np.ones((J, N, N)), above=0.0
    )
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


def _cells(world: World, change: Change) -> tuple[Array, Array, Array]:
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
