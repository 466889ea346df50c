"""Which states last over draws, where more than the next move counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.negotiation.bands import Draws
from detente.analysis.negotiation.chances import AnswerChance, Question
from detente.negotiation import Conflict, Valuation
from detente.negotiation.stability.concepts import Concept, stable
from detente.negotiation.stability.moves import game_of, stacked_game

if TYPE_CHECKING:
    from detente.negotiation import Payoffs


#: Each draw takes a vote in every state within reach: so many states in all, in 8 to 64 draws.
_STATES = 2**19
_FEWEST, _MOST = 8, 64


def lasting_chances(draws: Draws, asked: Sequence[tuple[str, str, int]]) -> Iterator[AnswerChance]:
    """How likely states are to be stable by SEQ, and if no member ever refused a renewal.

    Args:
        draws: payoffs under each draw; as many of the first are taken as the states allow.
        asked: id, label and state of each answer.
    """
    setting = draws.setting
    kinds: list[tuple[Conflict, dict[Concept, Question]]] = [
        (setting.alone, {"SEQ": "stable (SEQ)"})
    ]
    if setting.renewed is not None:
        kinds.append(
            (setting.renewed, {"Nash": "stable if renewed", "SEQ": "stable if renewed (SEQ)"})
        )
    affordable = _STATES // setting.conflict.space.size
    count = min(max(_FEWEST, min(_MOST, affordable)), len(draws.index_d))
    codes = [code for _, _, code in asked]
    for conflict, questions in kinds:
        concepts = tuple(questions)
        central = stable(game_of(conflict), concepts)
        within = np.zeros(conflict.space.size, dtype=np.bool_)
        for code in codes:
            within[[code, *conflict.space.reachable(code).tolist()]] = True
        valued = _valued_one_by_one(conflict.payoffs)
        held = []
        for d in range(count):
            payoffs = valued.worth(draws.worth_dhk[d].ravel())
            payoffs = payoffs.with_money(draws.money_dhq[draws.index_d[d]])
            found = stable(stacked_game([conflict.with_payoffs(payoffs)], within), concepts)
            held.append([found[c][:, codes].all(axis=0) for c in concepts])
        share = np.mean(held, axis=0)
        for row, concept in enumerate(concepts):
            for k, (of, label, code) in enumerate(asked):
                yield AnswerChance(
                    questions[concept],
                    of,
                    label,
                    bool(central[concept][:, code].all()),
                    float(share[row, k]),
                    "",
                    0.0,
                    count,
                )


def _valued_one_by_one(payoffs: Payoffs) -> Payoffs:
    """The payoffs with a value of every interest by every holder, so that each can be drawn."""
    each = tuple(Valuation(h, i.name, 0.0) for h in payoffs.holders for i in payoffs.interests)
    return replace(payoffs, valuations=each, worth_v=np.zeros(len(each)))
