"""Solution concepts of bargaining over a finite set of packages, and over lotteries of them.

`POINTS` names the classical points among packages, each by its definition; `LOTTERIES` names those
over the convex hull of their gains. Every package in a lottery is one that all accept by itself.
Only packages on the Pareto front come into question, because every point here gives no party less
where it can be helped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente._types import Array, Mask

Places: TypeAlias = NDArray[np.int64]

#: Relative difference below which two values are one.
_SAME = 1e-12


def utilitarian(gain_kp: Array, weight_p: Array) -> Places:
    """The largest weighted sum of gains; among equals, the better for the worst off first."""
    # As shares of the largest gain, so that what is equal does not hang on the unit.
    return _first(_best(gain_kp / np.abs(gain_kp).max() @ weight_p), gain_kp)


def egalitarian(gain_kp: Array, weight_p: Array) -> Places:
    """The largest least gain (Kalai 1977), then the largest second least, and so on.

    Only parties that can gain at all count; weights do not.
    """
    gains = gain_kp[:, able(gain_kp)]
    return _leximin(np.arange(len(gains)), gains)


def kalai_smorodinsky(gain_kp: Array, weight_p: Array) -> Places:
    """The largest least share of what each could gain at most (Kalai & Smorodinsky 1975).

    In a finite set no package need give equal shares; the shares are then raised from the least
    upwards (Imai 1983).
    """
    gains = gain_kp[:, able(gain_kp)]
    return _leximin(np.arange(len(gains)), gains / gains.max(axis=0, initial=0.0))


def nash(gain_kp: Array, weight_p: Array) -> Places:
    """The largest product of gains, each to the power of its weight (Nash 1950; Kalai 1977b).

    Where no package lets all gain, as many as possible do, and theirs is the product (Caragiannis
    et al. 2019, for indivisible goods).
    """
    gains = gain_kp > 0
    most = np.flatnonzero(gains.sum(axis=1) == gains.sum(axis=1).max())
    ideal = gain_kp.max(axis=0)
    share = np.divide(gain_kp[most], ideal, out=np.ones((len(most), len(ideal))), where=ideal > 0)
    log = np.log(np.where(gains[most], share, 1.0)) @ weight_p
    return _first(most[_best(log)], gain_kp)


#: Each gives the places of all packages that attain it, the one that stands for it first.
POINTS: dict[str, Callable[[Array, Array], Places]] = {
    "Nash": nash,
    "Kalai-Smorodinsky": kalai_smorodinsky,
    "egalitarian": egalitarian,
    "utilitarian": utilitarian,
}


def able(gain_kp: Array) -> Mask:
    """Which parties gain in some package."""
    return np.asarray((gain_kp > 0).any(axis=0))


def _best(value_k: Array) -> Places:
    """Places of the largest values, equal but for rounding."""
    top = float(value_k.max())
    return np.flatnonzero(value_k >= top - _SAME * max(abs(top), 1.0))


def _first(tied: Places, value_kp: Array) -> Places:
    """Places that attain a point equally, those best for the worst off first."""
    best = _leximin(tied, value_kp)
    return np.concatenate([best, tied[~np.isin(tied, best)]])


def _leximin(among: Places, value_kp: Array) -> Places:
    """The places whose least value is largest, then whose second least is, and so on."""
    left = among
    ranked = np.sort(value_kp[left], axis=1)
    for p in range(ranked.shape[1]):
        column = ranked[:, p]
        top = float(column.max())
        keep = column >= top - _SAME * max(abs(top), 1e-300)
        left, ranked = left[keep], ranked[keep]
    return left


_GAP = 1e-10
_STEPS = 100
_COLUMNS = 200


def nash_lottery(gain_kp: Array, weight_p: Array) -> Array:
    """Chances of the lottery with the largest product of gains, (K,).

    Columns are added to a small problem until no package would raise the product: the sum of
    w·g/x over parties is then at most Σw for every package, which bounds the distance from the
    optimum.

    Args:
        gain_kp: gains, not negative, (K, P).
        weight_p: bargaining weights, (P,).

    Raises:
        ArithmeticError: if that bound is not reached.
    """
    some = able(gain_kp)
    gain = gain_kp[:, some] / gain_kp[:, some].max(axis=0)
    weight = weight_p[some] / weight_p[some].sum()
    chosen = sorted({int(k) for k in gain.argmax(axis=0)} | {int(gain.sum(axis=1).argmax())})
    for _ in range(_COLUMNS):
        chance = _log_optimal(gain[chosen].T, weight)
        price = gain @ (weight / (gain[chosen].T @ chance))
        best = int(price.argmax())
        if price[best] <= 1 + _GAP:
            return _spread(len(gain), chosen, chance)
        if best in chosen:
            break
        chosen.append(best)
    raise ArithmeticError(
        f"The Nash lottery was not found: a package would still raise it by {price[best] - 1:.0e}. "
        "Gains of very different size help no one; give them in one unit."
    )


def egalitarian_lottery(gain_kp: Array, weight_p: Array) -> Array:
    """Chances of the lottery with the largest least expected gain, then the next, (K,)."""
    some = able(gain_kp)
    return _raised(gain_kp[:, some], np.ones(int(some.sum())))


def kalai_smorodinsky_lottery(gain_kp: Array, weight_p: Array) -> Array:
    """Chances of the lottery with the largest least share of the ideal gains, (K,).

    With three and more parties equal shares may leave something on the table; it goes to those who
    can have more without loss to others (Imai 1983).
    """
    some = able(gain_kp)
    return _raised(gain_kp[:, some], gain_kp[:, some].max(axis=0))


def utilitarian_lottery(gain_kp: Array, weight_p: Array) -> Array:
    """Chances of the lottery with the largest weighted sum: a package for certain, (K,)."""
    return _spread(len(gain_kp), [int(utilitarian(gain_kp, weight_p)[0])], np.ones(1))


LOTTERIES: dict[str, Callable[[Array, Array], Array]] = {
    "Nash": nash_lottery,
    "Kalai-Smorodinsky": kalai_smorodinsky_lottery,
    "egalitarian": egalitarian_lottery,
    "utilitarian": utilitarian_lottery,
}


def _spread(size: int, chosen: list[int], chance: Array) -> Array:
    found = np.zeros(size)
    found[chosen] = chance
    return found


def _log_optimal(gain_pc: Array, weight_p: Array) -> Array:
    """Chances that maximise Σ w log(gain·chance): Newton steps along the central path.

    Weights sum to one, so that a price of one on the sum of chances makes them sum to one too.
    """
    size = gain_pc.shape[1]
    chance, slack = np.full(size, 1 / size), np.ones(size)
    for _ in range(_STEPS):
        x = gain_pc @ chance
        slope = 1 - gain_pc.T @ (weight_p / x)
        centre = float(chance @ slack) / size
        if centre < 1e-15 and float(np.abs(slope - slack).max()) < 1e-11:
            break
        target = 0.1 * centre
        curve = (gain_pc.T * (weight_p / x**2)) @ gain_pc + np.diag(slack / chance)
        step = np.linalg.solve(curve, target / chance - slope)
        slack_step = target / chance - slack - slack / chance * step
        chance = chance + _length(chance, step) * step
        slack = slack + _length(slack, slack_step) * slack_step
    chance = np.where(chance < 1e-12, 0.0, chance)
    return np.asarray(chance / chance.sum(), dtype=np.float64)


def _length(value: Array, step: Array) -> float:
    """The longest step, at most one, that leaves every value positive."""
    shrinks = step < 0
    return min(1.0, 0.99 * float((-value[shrinks] / step[shrinks]).min(initial=np.inf)))


def _raised(gain_kp: Array, per_p: Array) -> Array:
    """Chances that raise the least of gain/per as far as possible, then the next, and so on.

    Each round is a linear programme; parties whose dual price is positive cannot have more and are
    held at their level. (Levels give way by 1e-10 of the scale, so that rounding does not make the
    next round infeasible.)
    """
    parties = gain_kp.shape[1]
    share_pk = np.ascontiguousarray((gain_kp / per_p).T)
    share_pk /= share_pk.max()
    level_p = np.zeros(parties)
    held = np.zeros(parties, dtype=bool)
    chosen = sorted({*share_pk.argmax(axis=1).tolist(), int(share_pk.min(axis=0).argmax())})
    chance = np.zeros(len(chosen))
    while not held.all():
        chance, level, price_p = _raised_once(share_pk, level_p, held, chosen)
        tight = ~held & (price_p > 1e-9)
        level_p[tight] = level
        held |= tight
    return _spread(len(gain_kp), chosen, chance / chance.sum())


def _raised_once(
    share_pk: Array, level_p: Array, held: Mask, chosen: list[int]
) -> tuple[Array, float, Array]:
    """The highest level for the parties not held, and the price of each party's share.

    Packages are added to `chosen` until none is dearer than the lottery at the dual prices.
    """
    from scipy.optimize import linprog

    for _ in range(_COLUMNS):
        size = len(chosen)
        found = linprog(
            np.append(np.zeros(size), -1.0),
            A_ub=np.hstack([-share_pk[:, chosen], np.where(held, 0.0, 1.0)[:, None]]),
            b_ub=np.where(held, -level_p + 1e-10, 0.0),
            A_eq=np.append(np.ones(size), 0.0)[None, :],
            b_eq=np.ones(1),
            bounds=[(0, None)] * size + [(None, None)],
            method="highs",
        )
        if found.status != 0:
            raise ArithmeticError(f"The linear programme of a lottery failed: {found.message}")
        price_p = -found.ineqlin.marginals
        worth_k = price_p @ share_pk + float(found.eqlin.marginals[0])
        best = int(worth_k.argmax())
        if worth_k[best] <= 1e-10 or best in chosen:
            return np.maximum(found.x[:-1], 0.0), float(found.x[-1]), price_p
        chosen.append(best)
    raise ArithmeticError("The linear programme of a lottery did not settle on its packages.")
