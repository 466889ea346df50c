"""How likely answers are over draws of valuations, patience and the trade side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.negotiation.words import percent, some, upper_first

Question = Literal[
    "accepted",
    "carried out",
    "stable",
    "stable (SEQ)",
    "stable if renewed",
    "stable if renewed (SEQ)",
    "holds",
    "self-enforcing",
]
#: What stands for all parameters of the trade side.
TRADE = "trade parameters"
#: Questions about which states last.
LASTING: tuple[Question, ...] = (
    "stable", "stable (SEQ)", "stable if renewed", "stable if renewed (SEQ)", "holds",
)  # fmt: skip
_SAID: dict[Question, str] = {
    "accepted": "accepted by all signatories",
    "stable": "stable for all (Nash)",
    "stable (SEQ)": "stable for all (SEQ)",
    "stable if renewed": "stable for all if no member refused a renewal (Nash)",
    "stable if renewed (SEQ)": "stable for all if no member refused a renewal (SEQ)",
    "holds": "would not leave the status quo by itself (Nash)",
}


@dataclass(frozen=True)
class AnswerChance:
    """The chance of one answer.

    Attributes:
        question: `accepted` (by all signatories), `carried out` (by those whose measures change),
            `stable` (Nash, for all parties) or `stable (SEQ)`, each also `if renewed`: if no member
            ever refused a renewal; `holds` (a party would not leave the status quo by itself,
            Nash) or `self-enforcing`.
        of: id of a package, `status quo`, or for `holds` the id of a party.
        label: for readers.
        central: the answer at central values.
        chance: share of the draws in which it is yes.
        turned_by: the parameter that alone turns it most often; empty if none does.
        turned: share of the draws of that parameter in which it does.
        draws: how many draws.
        alone: draws of each parameter alone; 0 where that was not asked.
        turned_too: other parameters that alone turn it exactly as often.
    """

    question: Question
    of: str
    label: str
    central: bool
    chance: float
    turned_by: str
    turned: float
    draws: int
    alone: int = 0
    turned_too: tuple[str, ...] = ()

    def __str__(self) -> str:
        label = upper_first(self.label)
        sentence = _SAID.get(self.question, self.question)
        text = f"{label}: {sentence} in {percent(self.chance, 0)} of {self.draws:,} draws"
        if not self.alone:
            return f"{text}."
        if not self.turned_by:
            return f"{text}. No parameter alone turns that."
        turns = "turn" if self.turned_by.endswith(TRADE) else "turns"
        its = "their" if turns == "turn" else "its"
        part = percent(self.turned, 0)
        text += f". Alone, {self.turned_by} {turns} it in {part} of {its} draws"
        if self.turned_too:
            text += f", and {some(self.turned_too, 2)} as often"
        return f"{text}."
