"""The observed moves held against the model: which of them it makes rational, and how often."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from detente.study.talking.votes import LIKELY

Verdict = Literal["rational by itself", "rational as part of an exchange", "not explained"]


@dataclass(frozen=True)
class MoveCheck:
    """One observed move.

    Attributes:
        date: when.
        party: id of who moved.
        move: `adopt`, `keep` or `lift`.
        measures: ids.
        change: what it changed, or did not change, in words.
        gain: of the mover by the move alone against not making it, USD million a year; of a bloc
            the sum over its members.
        money: the part of it that is money.
        with_others: measures that others changed within a few days of it, by id.
        gain_exchange: of the mover by all of these together; the gain alone if there are none.
        money_exchange: the part of it that is money.
        carried: whether it is rational by the mover's rule, alone.
        carried_exchange: the same for all together.
        opposed: members of a bloc that lose by it and could have prevented it, with their gains.
        opposed_money: the part of each of these gains that is money.
        share: of the draws in which it is rational, alone or as an exchange; None without draws.
        share_alone: of the draws in which it is rational alone.
        bound: what it would take: the stake that the move implies, in words.
        low: lower end of the central band of the money, as an exchange if there is one, over draws
            of the trade side; None without draws.
        high: upper end.
        id: under which values name it; empty if it has none.
        renewal: whether the measures would have lapsed on that day.
        in_view: values of the case that were set in view of this move, by name: that the model
            makes it rational is no test of the model then.
        leans_on: values of the mover that enter here and were set in view of other moves.
    """

    date: dt.date
    party: str
    move: Literal["adopt", "keep", "lift"]
    measures: tuple[str, ...]
    change: str
    gain: float
    money: float
    with_others: tuple[str, ...]
    gain_exchange: float
    money_exchange: float
    carried: bool
    carried_exchange: bool
    opposed: tuple[tuple[str, float], ...] = ()
    opposed_money: tuple[float, ...] = ()
    share: float | None = None
    share_alone: float | None = None
    bound: str = ""
    low: float | None = None
    high: float | None = None
    id: str = ""
    renewal: bool = False
    in_view: tuple[str, ...] = ()
    leans_on: tuple[str, ...] = ()

    @property
    def in_sample(self) -> bool:
        """Whether values of the case were set in view of it."""
        return bool(self.in_view)

    @property
    def contradicted(self) -> bool:
        """Whether this renewal was made and the model would not make it, or rarely over draws."""
        rarely = self.share is not None and self.share < LIKELY
        return self.renewal and (self.verdict == "not explained" or rarely)

    @property
    def verdict(self) -> Verdict:
        """What the model makes of it at central values."""
        if self.carried:
            return "rational by itself"
        return "rational as part of an exchange" if self.carried_exchange else "not explained"
