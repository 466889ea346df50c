"""How much can be said between parties whose interests differ: Crawford & Sobel (1982)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, isqrt
from typing import final

from detente.negotiation.errors import require
from detente.negotiation.words import Table, figure, plural


@final
@dataclass(frozen=True)
class Messages:
    """The most informative talk between a sender and a receiver whose interests differ.

    Attributes:
        bias: how far the sender wants the receiver to go beyond what is best for the receiver, as
            a share of the range of what may be the case.
        count: how many different messages can be believed.
        borders: where one message gives way to the next, from 0 to 1.
    """

    bias: float
    count: int
    borders: tuple[float, ...]

    def __str__(self) -> str:
        if self.count == 1:
            return f"At a difference of interests of {figure(self.bias)}, nothing said is believed."
        return (
            f"At a difference of interests of {figure(self.bias)}, "
            f"{plural(self.count, 'different message')} can be believed."
        )

    def table(self) -> Table:
        """One row for each message."""
        ends = zip(self.borders[:-1], self.borders[1:], strict=True)
        return Table(("message", "from", "to"), tuple((k, *e) for k, e in enumerate(ends, 1)))


def believable_messages(bias: float) -> Messages:
    """How many different messages can be believed, uniform states and quadratic losses.

    Crawford & Sobel (1982), section 4: the largest N with 2N(N − 1)b < 1.

    Args:
        bias: b, above 0.

    Returns:
        Messages: how many can be believed, and into which parts of the range they divide it.

    Raises:
        NegotiationError: for a bias that is not a finite number above 0; without a difference of
            interests everything can be said.
    """
    require(
        []
        if isfinite(bias) and bias > 0
        else [f"The bias is {bias}: a finite number above 0 is needed; at 0 all can be said."]
    )
    exact = Fraction(str(bias))
    # 2N(N − 1)b < 1 is (2N − 1)² < 1 + 2/b; the root is rounded down in whole numbers.
    root = isqrt(int(1 + 2 / exact))
    count = (root + 1) // 2
    if 2 * count * (count - 1) * exact == 1:
        count -= 1
    borders = (i / count + 2 * i * (i - count) * bias for i in range(count + 1))
    return Messages(bias, count, tuple(borders))
