"""How much of a case is answered: the date alone, or regimes in time, horizons and claims too."""

from __future__ import annotations

from dataclasses import dataclass

HORIZONS = ("short", "medium", "long")


@dataclass(frozen=True)
class Extent:
    """How much of a case is answered besides the regime of its date.

    Attributes:
        in_time: every regime that the measures of the case made.
        horizons: names of the horizons that stand beside the case's own.
        claims: the numbers that its claims are tested on.
    """

    in_time: bool = True
    horizons: tuple[str, ...] = HORIZONS
    claims: bool = True


#: The regime of the date and nothing besides.
DATE_ONLY = Extent(in_time=False, horizons=(), claims=False)
