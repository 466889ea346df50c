"""The classical points of bargaining over a finite set of packages, each by its definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

#: Relative difference below which two values are one.
_SAME = 1e-12


def utilitarian(gain_kp: Array, weight_p: Array) -> Places:
    """The largest weighted sum of gains; among equals, the better for the worst off first."""
    return _first(_best(gain_kp @ weight_p), gain_kp)


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


def able(gain_kp: Array) -> NDArray[np.bool_]:
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
