"""The whole arrays that a shock sets, checked against the world cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Mask
from detente.trade.errors import ShockError

if TYPE_CHECKING:
    from detente._types import Array, Index
    from detente.trade._economy import Economy
    from detente.trade.shocks import Shock
    from detente.world import World


#: Costs to the power of minus their elasticity above this make trade free in all but name.
MOST_CARRY = 1e100


@dataclass(frozen=True, eq=False)
class Arrays:
    """The whole arrays that a shock sets, None where it sets none, and the cells they change."""

    cell: Index
    iceberg: Iceberg
    tariff_jni: Array | None
    export_tax_jni: Array | None

    @classmethod
    def of(cls, world: World, economy: Economy, shock: Shock) -> Arrays:
        """What a shock sets, checked against the world."""
        t0, e0 = economy.tariff_jni, economy.export_tax_jni
        t = given(world, "tariff_jni", shock.tariff_jni, t0, above=-1.0)
        e = given(world, "export_tax_jni", shock.export_tax_jni, e0, above=-1.0)
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


def given(
    world: World,
    name: str,
    value: ArrayLike | None,
    base: Array,
    *,
    above: float | None = None,
) -> Array:
    """A whole array of a shock, checked; that of the base where it sets none."""
    if value is None:
        return base
    array = np.array(_broadcast(world, name, value, base.shape))
    wrong = ~np.isfinite(array)
    if above is not None:
        wrong |= array <= above
    if wrong.any():
        raise _refused(world, name, array, wrong)
    return array


@dataclass(frozen=True, eq=False)
class Iceberg:
    """What a whole array of costs changes: d̂^(−θ) where it is finite, the leakage elsewhere."""

    cell: Index
    melt: Array
    leak: Array


def _iceberg(world: World, theta: Array, shock: Shock) -> Iceberg:
    if shock.iceberg_jni is None:
        return Iceberg(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    J, N = len(world.goods), len(world.countries)
    factor = _broadcast(world, "iceberg_jni", shock.iceberg_jni, (J, N, N))
    cell = np.flatnonzero(factor != 1.0)
    j, n, i = np.unravel_index(cell, (J, N, N))
    d = factor[j, n, i]
    closed = np.isposinf(d)
    if not (closed | (np.isfinite(d) & (d > 0))).all():
        wrong = ~(np.isposinf(factor) | (np.isfinite(factor) & (factor > 0)))
        raise _refused(world, "iceberg_jni", factor, wrong)
    leakage = _broadcast(world, "leakage_jni", shock.leakage_jni, (J, N, N))
    leak = np.where(closed, leakage[j, n, i], 1.0)
    if not ((leak >= 0) & (leak <= 1)).all():
        wrong = np.zeros((J, N, N), dtype=bool)
        wrong[j, n, i] = ~((leak >= 0) & (leak <= 1))
        raise _refused(world, "leakage_jni", leakage, wrong)
    with np.errstate(over="ignore"):
        melt = np.where(closed, 1.0, d) ** -theta[j]
    if not (melt <= MOST_CARRY).all():
        wrong = np.zeros((J, N, N), dtype=bool)
        wrong[j, n, i] = ~(melt <= MOST_CARRY)
        raise _refused(world, "iceberg_jni", factor, wrong)
    return Iceberg(cell, melt, leak)


def _broadcast(world: World, name: str, value: ArrayLike, shape: tuple[int, ...]) -> Array:
    try:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
    except ValueError as error:
        raise ShockError(
            f"{name} has shape {np.shape(value)}; this world needs {shape}: "
            f"{len(world.goods)} goods, {len(world.countries)} countries.",
            "Give an array of that shape, or one that broadcasts to it.",
        ) from error


_RATES = "Give ad-valorem levels {} as fractions (0.25 is 25 %)."
_FACTORS = "Give finite factors above 0 (1 is no change)."
_REMEDY = {
    "tariff_jni": _RATES.format("above -1"),
    "export_tax_jni": _RATES.format("above -1"),
    "iceberg_jni": "Give factors above 0 (1 is no change, inf an embargo), and none so small that "
    f"its power of minus the trade elasticity is above {MOST_CARRY:g}.",
    "leakage_jni": "Give shares between 0 and 1, the part of the base flow that gets through.",
    "productivity_nj": _FACTORS,
    "labour_n": _FACTORS,
    "capacity_nj": _FACTORS,
    "transfer_n": "Give finite amounts in USD million a year that sum to zero.",
}


def _refused(world: World, name: str, array: Array, wrong: Mask) -> ShockError:
    """The first wrong cell of a whole array by its labels, and what to give."""
    value, more = float(array[wrong][0]), int(wrong.sum()) - 1
    others = f" and wrong in {more:,} more cells" if more else ""
    return ShockError(
        f"{name} is {value!r} at {_where(world, name, wrong)}{others}.", _REMEDY[name]
    )


def _where(world: World, name: str, wrong: Mask) -> str:
    labels = {"j": world.goods, "n": world.countries, "i": world.countries}
    role = {"j": "good", "n": "market" if name.endswith("i") else "country", "i": "origin"}
    place = np.argwhere(wrong)[0]
    return ", ".join(
        f"{role[c]} {labels[c][int(p)]}" for c, p in zip(name.rsplit("_", 1)[1], place, strict=True)
    )
