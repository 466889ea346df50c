"""Which states are stable, for whom, and in which sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from detente._shown import Shown
from detente._types import Codes, Mask
from detente.negotiation.conflict import Conflict, ListedConflict
from detente.negotiation.stability.concepts import CONCEPTS, Concept, stable
from detente.negotiation.stability.moves import game_of
from detente.negotiation.words import Table, listed, plural

_MEANING = {
    "Nash": "if no answer is expected",
    "GMR": "if any answer deters, whatever it costs those who give it",
    "SMR": "if an answer deters only where there is no way out of it",
    "SEQ": "if an answer deters only where those who give it gain",
}


@final
@dataclass(frozen=True, eq=False, repr=False)
class Stability(Shown):
    """The stability of every state of a conflict.

    Attributes:
        conflict: what was asked about.
        stable_is: by concept, which states are stable for each party, (n, S).
    """

    conflict: Conflict | ListedConflict
    stable_is: Mapping[Concept, Mask] = field(repr=False)

    def equilibria(self, concept: Concept = "SEQ") -> Codes:
        """The states that are stable for every party."""
        return np.flatnonzero(self.stable_is[concept].all(axis=0))

    def movers(self, state: int, concept: Concept = "SEQ") -> tuple[str, ...]:
        """Labels of the parties for which a state is not stable."""
        held = self.stable_is[concept][:, state]
        return tuple(p for p, h in zip(self.conflict.labels, held, strict=True) if not h)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it says: the status quo under each concept, and how many states are stable."""
        here = self.conflict.status_quo
        phrases = []
        for concept, held in self.stable_is.items():
            count = plural(int(held.all(axis=0).sum()), "state is", "states are")
            movers = self.movers(here, concept)
            status = (
                f"it is not stable, as {listed(movers)} would move away"
                if movers
                else "it is stable for all parties"
            )
            phrases.append(
                f"{concept}, {_MEANING[concept]}: {count} stable for all parties; the status quo "
                f"is {self.conflict.label(here)}, and {status}."
            )
        return tuple(phrases)

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def table(self, *, every: bool = False) -> Table:
        """A row for each state that is stable for all in some sense, the status quo first.

        Args:
            every: a row for every state that can exist.
        """
        all_s = np.stack([held.all(axis=0) for held in self.stable_is.values()])
        here = self.conflict.status_quo
        shown = all_s.any(axis=0) | every & (self.conflict.rank_is >= 0).all(axis=0)
        states = [here, *(int(s) for s in np.flatnonzero(shown) if s != here)]
        return Table(
            ("code", "state", *self.stable_is),
            tuple((s, self.conflict.label(s), *(bool(h) for h in all_s[:, s])) for s in states),
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences


def stable_states(
    conflict: Conflict | ListedConflict, concepts: tuple[Concept, ...] = CONCEPTS
) -> Stability:
    """Which states are stable for which party, under Nash, GMR, SMR and SEQ.

    Args:
        conflict: the conflict.
        concepts: which of the four.

    Returns:
        Stability: for every state and party, and what it means for the status quo.
    """
    return Stability(conflict, stable(game_of(conflict), concepts))
