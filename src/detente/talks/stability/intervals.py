"""Sets of numbers as unions of closed intervals: what a change of one valuation has to lie in."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

#: Closed intervals in ascending order, none touching the next.
Intervals: TypeAlias = tuple[tuple[float, float], ...]

EVERYTHING: Intervals = ((-math.inf, math.inf),)


def union(parts: Iterable[tuple[float, float]]) -> Intervals:
    """The numbers in any of some intervals; those whose ends are out of order are empty."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(p for p in parts if p[0] <= p[1]):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def common(one: Intervals, other: Intervals) -> Intervals:
    """The numbers in both."""
    return union((max(a, c), min(b, d)) for a, b in one for c, d in other)


def nearest_zero(numbers: Intervals) -> float:
    """The number of least size; NaN if there is none."""
    ends = [min(max(0.0, low), high) for low, high in numbers]
    return min(ends, key=abs, default=math.nan)
