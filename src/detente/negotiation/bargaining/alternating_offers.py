"""How two sides divide a gain when they make offers in turn: Rubinstein (1982)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from detente.negotiation.errors import require
from detente.negotiation.words import Table, percent


@final
@dataclass(frozen=True)
class Split:
    """A division between the side that offers first and the other.

    Attributes:
        first: name of the side that offers first.
        second: name of the other.
        patience: what a unit one round later is worth to each, fractions.
        share: of each in the gain, fractions.
    """

    first: str
    second: str
    patience: tuple[float, float]
    share: tuple[float, float]

    def __str__(self) -> str:
        return (
            f"If {self.first} offers first, it gets {percent(self.share[0])} of the gain and "
            f"{self.second} {percent(self.share[1])}, agreed at once (patience "
            f"{self.patience[0]:g} and {self.patience[1]:g} a round)."
        )

    def table(self) -> Table:
        """One row for each side."""
        return Table(
            ("side", "patience", "share"),
            (
                (self.first, self.patience[0], self.share[0]),
                (self.second, self.patience[1], self.share[1]),
            ),
        )


def rubinstein(
    patience_first: float, patience_second: float, first: str = "A", second: str = "B"
) -> Split:
    """The division when two sides offer in turn and each round costs time.

    Rubinstein (1982): the side that offers first gets (1 − δ₂)/(1 − δ₁δ₂).

    Args:
        patience_first: discount factor δ₁ of one round, from 0 to 1.
        patience_second: δ₂, from 0 to 1; not both 1.
        first: name of the side that offers first.
        second: name of the other.

    Returns:
        Split: the shares of the two sides, which sum to 1.

    Raises:
        NegotiationError: for discount factors outside 0 to 1, or both 1.
    """
    faults = [
        f"The patience {delta} of {side} is not from 0 to 1."
        for side, delta in ((first, patience_first), (second, patience_second))
        if not 0 <= delta <= 1
    ]
    if patience_first == patience_second == 1:
        faults.append("Both sides lose nothing by waiting: every division is then possible.")
    require(faults)
    share = (1 - patience_second) / (1 - patience_first * patience_second)
    return Split(first, second, (patience_first, patience_second), (share, 1 - share))
