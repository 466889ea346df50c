"""Ranges of what is not known, and draws from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from detente.talks.errors import TalksError
from detente.talks.payoffs import Array, Valuation


@final
@dataclass(frozen=True)
class Range:
    """A parameter that is drawn: a triangular distribution over its range.

    Attributes:
        name: of the parameter.
        value: the central value, the mode of the distribution.
        low: lowest value thought possible.
        high: highest, above the lowest.
    """

    name: str
    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.low <= self.value <= self.high and self.low < self.high):
            raise TalksError(
                f"The range of {self.name}, {self.low:g} to {self.high:g} around {self.value:g}, "
                "has to hold its value and more than that."
            )

    def quantile(self, probability: Array) -> Array:
        """The value that a draw stays below with some probability."""
        width = self.high - self.low
        mode = (self.value - self.low) / width
        left = np.sqrt(probability * mode)
        right = 1 - np.sqrt((1 - probability) * (1 - mode))
        return np.asarray(self.low + width * np.where(probability < mode, left, right))


def ranges_of(valuations: Sequence[Valuation]) -> tuple[tuple[int, Range], ...]:
    """Places and ranges of the valuations that have one."""
    found = []
    for k, v in enumerate(valuations):
        low, high = (v.value if x is None else x for x in (v.low, v.high))
        if low < high:
            found.append((k, Range(v.name, v.value, low, high)))
    return tuple(found)


def drawn(ranges: Sequence[Range], draws: int, seed: int) -> Array:
    """Values of a scrambled Sobol sequence, (D, P); the first of more draws are the same."""
    from scipy.stats import qmc

    if not ranges:
        return np.zeros((draws, 0))
    sobol = qmc.Sobol(len(ranges), scramble=True, rng=np.random.default_rng(seed))
    points = sobol.random_base2(max(math.ceil(math.log2(max(draws, 1))), 0))[:draws]
    return np.column_stack([r.quantile(points[:, k]) for k, r in enumerate(ranges)])
