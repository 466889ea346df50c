"""Which states last, in words that need no theory.

`standing_words` says whether the status quo lasts and how parties would leave it, and `lasts` in
which sense a state does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.negotiation.sentences import path_words
from detente.negotiation.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.analysis.negotiation.answer_data import NegotiationData
    from detente.negotiation import Stability


def standing_sentence(stability: Stability) -> str:
    """Whether the status quo lasts, where answers deter only if those who give them gain."""
    here = stability.conflict.status_quo
    movers = stability.movers(here)
    if movers:
        verb = "gains" if len(movers) == 1 else "gain"
        return f"The present state does not last: {listed(movers)} {verb} by leaving it."
    if stability.movers(here, "Nash"):
        return "Nobody would leave the present state, as the answers of others deter them."
    return "The present state lasts: nobody would gain by leaving it."


def standing_words(answer: NegotiationData) -> list[str]:
    """Whether the status quo lasts, and the moves that lead from it to a state that does."""
    found = [standing_sentence(answer.stability)]
    if answer.stability.movers(answer.conflict.status_quo):
        found.append(path_words(answer, answer.path, theory=False))
    return found


def lasts(held: Mapping[str, bool]) -> str:
    """Whether a state lasts.

    Args:
        held: whether it is stable for all parties, by concept.
    """
    if held["Nash"]:
        return "yes"
    if held["SEQ"]:
        return "as answers deter"
    return "if any answer deters" if any(held.values()) else "no"
