"""What draws of a negotiation gave, to be put beside its answer at central values."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.study.talking.bands import TalkBands
from detente.study.talking.chancing import AnswerChance
from detente.study.talking.money import Array


@dataclass(frozen=True, eq=False)
class DrawnTalks:
    """Draws of the trade side, of valuations, patience and reservations, and what came of them.

    Attributes:
        asked: draws of the trade side that were asked for; valuations are drawn more often.
        seed: of the draws.
        failed: draws of the trade side that did not converge; they enter nothing.
        money_dqn: as `Money.drawn_dqn`; None without trade measures among the moves.
        events_dan: money of the sets that observed moves need, (D, A, N); None as before.
        chances: how likely answers are.
        events: by observed move, share of the draws in which it is rational in either way, alone.
        bands: of gains, votes and channels.
    """

    asked: int
    seed: int
    failed: int
    money_dqn: Array | None = field(repr=False)
    events_dan: Array | None = field(repr=False)
    chances: tuple[AnswerChance, ...] = field(repr=False)
    events: tuple[tuple[float, float], ...] = field(repr=False)
    bands: TalkBands = field(repr=False)
