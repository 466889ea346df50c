"""What a number may be, and where one stands."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.case.errors import Path
from detente.case.values import Given


@dataclass(frozen=True)
class Bound:
    """What a number may be."""

    words: str
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def admits(self, x: float) -> bool:
        """Whether the number may be x."""
        above = self.low < x if self.low_open else self.low <= x
        return above and (x < self.high if self.high_open else x <= self.high)


FREE = Bound("any number")
SHARE = Bound("between 0 and 1", 0.0, 1.0)
SHARE_IN_USE = Bound("above 0 and at most 1", 0.0, 1.0, low_open=True)
POSITIVE = Bound("above 0", 0.0, low_open=True)
NOT_NEGATIVE = Bound("0 or more", 0.0)
ABOVE_MINUS_ONE = Bound("above -1", -1.0, low_open=True)
#: What a year's delay leaves of a value: who values next year at less than a hundredth of this one
#: does not negotiate about it.
PATIENCE = Bound("from 0.01 to below 1", 0.01, 1.0, high_open=True)
ONE_OR_MORE = Bound("1 or more", 1.0)


@dataclass(frozen=True)
class Use:
    """Where a number or the name of a parameter stands.

    Attributes:
        path: the place.
        given: the number, or the parameter's name.
        bound: what it may be.
        dated: whether it may differ from day to day; numbers of the base year may not.
    """

    path: Path
    given: Given
    bound: Bound
    dated: bool = False
