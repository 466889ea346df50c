"""Chances: how often answers are yes over draws, and which parameter turns each.

`Chances` is the result and `chances` counts it. `Range` says from where to where one number may
lie, and `drawn` draws from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, final

import numpy as np

from detente._types import Array, Codes, Mask
from detente.negotiation.errors import NegotiationError
from detente.negotiation.payoffs import Valuation


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
            raise NegotiationError(
                f"The range of {self.name}, {self.low:g} to {self.high:g} around {self.value:g}, "
                "has to hold its value and more than that.",
                "Widen it, or leave it out for a value that is known.",
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


#: Yes or no to A questions, (B, A), given B sets of values of the parameters, (B, P), and which of
#: the draws that the caller supplied each belongs to, (B,); −1 for his central arrays.
Answers: TypeAlias = Callable[[Array, Codes], Mask]


@final
@dataclass(frozen=True, eq=False)
class Chances:
    """How likely each of A answers is.

    Attributes:
        chance_a: share of the draws in which the answer is yes, (A,).
        central_a: the answer at central values, (A,).
        parameters: names of the Q parameters that were drawn.
        flip_qa: share of the draws of one parameter, all others at their central values, in which
            the answer differs from the central one, (Q, A).
        draws: how many draws.
        seed: of the sequence.
    """

    chance_a: Array = field(repr=False)
    central_a: Mask = field(repr=False)
    parameters: tuple[str, ...]
    flip_qa: Array = field(repr=False)
    draws: int
    seed: int

    def turned_by(self, answer: int) -> tuple[str, float] | None:
        """The parameter that alone turns an answer most often, and how often; None if none does."""
        share = self.flip_qa[:, answer]
        if not share.size or share.max() <= 0:
            return None
        k = int(share.argmax())
        return self.parameters[k], float(share[k])

    def turned_too(self, answer: int) -> tuple[str, ...]:
        """Other parameters that turn it exactly as often."""
        most = self.turned_by(answer)
        if most is None:
            return ()
        tied = np.flatnonzero(self.flip_qa[:, answer] == self.flip_qa[:, answer].max())
        return tuple(self.parameters[k] for k in tied if self.parameters[k] != most[0])


def chances(
    answers: Answers,
    ranges: Sequence[Range],
    *,
    draws: int = 1000,
    seed: int = 0,
    supplied: str = "",
    supplied_draws: int = 0,
    alone: int = 64,
    batch: int = 16,
) -> Chances:
    """How often answers are yes over draws, and which parameter turns each most often.

    Args:
        answers: the questions; asked for many draws at once.
        ranges: the parameters that are drawn.
        draws: how many.
        seed: of the sequence.
        supplied: name of what the caller drew himself, such as trade elasticities, if anything.
        supplied_draws: how many draws of it there are; draw k uses number k modulo that.
        alone: draws of each parameter alone.
        batch: draws asked about at once.

    Returns:
        Chances: the share of draws with yes for each answer, and the parameters that turn it.

    Raises:
        NegotiationError: if there are no draws.
    """
    if draws < 1 or alone < 1 or (supplied and supplied_draws < 1):
        raise NegotiationError("There are no draws.", "Ask for one at least.")
    table = drawn(ranges, draws, seed)
    central = np.array([r.value for r in ranges])
    none = np.array([-1])
    index = np.arange(draws) % supplied_draws if supplied else np.full(draws, -1)
    at_centre = answers(central[None], none)[0]
    total = np.zeros(at_centre.shape)
    for k in range(0, draws, batch):
        total += answers(table[k : k + batch], index[k : k + batch]).sum(axis=0)
    flips = []
    few = min(alone, draws)
    for q in range(len(ranges) + bool(supplied)):
        values = np.tile(central, (few, 1))
        which = np.full(few, -1)
        if q < len(ranges):
            values[:, q] = table[:few, q]
        else:
            which = index[:few]
        parts = [
            (answers(values[k : k + batch], which[k : k + batch]) != at_centre).sum(axis=0)
            for k in range(0, few, batch)
        ]
        flips.append(np.sum(parts, axis=0) / few)
    names = (*(r.name for r in ranges), *([supplied] if supplied else []))
    flip = np.array(flips).reshape(len(names), len(at_centre))
    return Chances(total / draws, at_centre, names, flip, draws, seed)
