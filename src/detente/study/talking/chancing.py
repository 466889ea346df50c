"""How likely answers are over draws of valuations, patience and the trade side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.talks.words import percent

Question = Literal["accepted", "carried out", "stable", "holds", "self-enforcing"]


@dataclass(frozen=True)
class AnswerChance:
    """The chance of one answer.

    Attributes:
        question: `accepted` (by all signatories), `carried out` (by those whose measures change),
            `stable` (Nash, for all parties), `holds` (a party would not leave the status quo by
            itself) or `self-enforcing`.
        of: id of a package, `status quo`, or for `holds` the id of a party.
        label: for readers.
        central: the answer at central values.
        chance: share of the draws in which it is yes.
        turned_by: the parameter that alone turns it most often; empty if none does.
        turned: share of the draws of that parameter in which it does.
        draws: how many draws.
    """

    question: Question
    of: str
    label: str
    central: bool
    chance: float
    turned_by: str
    turned: float
    draws: int

    def __str__(self) -> str:
        label = self.label[:1].upper() + self.label[1:]
        text = f"{label}: {self.question} in {percent(self.chance, 0)} of {self.draws:,} draws"
        if not self.turned_by:
            return f"{text}; no parameter alone turns that."
        return f"{text}; {self.turned_by} alone turns it in {percent(self.turned, 0)} of its draws."
