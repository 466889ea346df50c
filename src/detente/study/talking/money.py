"""What trade is worth to every country in each setting of the trade measures among the moves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.study.talking.wording import upper_first
from detente.talks import Table
from detente.talks.words import figure

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Approximation:
    """How money was approximated where there are too many settings to solve.

    Attributes:
        settings: how many there are.
        solved: how many were solved: none, one and two measures away from the status quo.
        tried: settings with three or more changes that were solved to measure the error.
        mean_error: mean absolute error over these and all parties, USD million a year.
        largest_error: the largest.
        relative_error: mean absolute error over the mean absolute change from the status quo.
    """

    settings: int
    solved: int
    tried: int
    mean_error: float
    largest_error: float
    relative_error: float

    def __str__(self) -> str:
        return (
            f"{self.settings:,} settings of the trade measures are too many to solve. "
            f"{self.solved:,} were solved, up to two changes away from the status quo; the others "
            "are sums of single effects and of what pairs add. Against "
            f"{self.tried} solved settings with three changes or more the error is "
            f"{figure(self.mean_error)} million USD a year on average "
            f"({100 * self.relative_error:.1f} % of the changes), {figure(self.largest_error)} at "
            "most."
        )


@dataclass(frozen=True, eq=False)
class Money:
    """Equivalent variations by setting of the trade measures among the moves.

    Attributes:
        trade: ids of those measures; measure k in force is bit k of a setting, q.
        countries: ISO3 codes, N.
        variation_qn: against the base year without measures, USD million a year, (2^q, N).
        here: the setting of the status quo.
        drawn_dqn: the same over draws of the trade side, (D, 2^q, N); None without.
        failed: draws that did not converge.
        approximation: what was approximated; None if every setting was solved.
    """

    trade: tuple[str, ...]
    countries: tuple[str, ...]
    variation_qn: Array = field(repr=False)
    here: int
    drawn_dqn: Array | None = field(default=None, repr=False)
    failed: int = 0
    approximation: Approximation | None = None


@dataclass(frozen=True)
class MoveMoney:
    """What switching some measures at the status quo is worth in money.

    Attributes:
        measures: ids of the measures that change; several where they hold each other in place.
        label: the change in words, such as 'A ends'.
        owners: ids of their owners.
        parties: ids of the parties of the case that have an economy, affected ones included.
        gain: of each, USD million a year.
        low: lower end of the central 90 % of the draws; the gain itself without draws.
        high: upper end.
        members: gain by member of the first owner that is a bloc, by ISO3 code.
    """

    measures: tuple[str, ...]
    label: str
    owners: tuple[str, ...]
    parties: tuple[str, ...]
    gain: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    members: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    def of(self, party: str) -> float:
        """The gain of one party."""
        return self.gain[self.parties.index(party)]

    def __str__(self) -> str:
        parts = [
            f"{p} {figure(g, signed=True)}"
            + (f" ({figure(lo)} to {figure(hi)})" if lo != hi else "")
            for p, g, lo, hi in zip(self.parties, self.gain, self.low, self.high, strict=True)
            if abs(g) >= 0.05
        ]
        text = ", ".join(parts) or "nothing for any party"
        return f"{upper_first(self.label)}; in money, million USD a year: {text}."

    def table(self) -> Table:
        """One row for each party."""
        rows = zip(self.parties, self.gain, self.low, self.high, strict=True)
        return Table(("party", "gain", "low", "high"), tuple(rows))
