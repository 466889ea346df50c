"""Nash, GMR, SMR and SEQ of every state for every party.

Fang, Hipel & Kilgour (1993), Interactive Decision Making, ch. 3. With R_i(s) the states that party
i can move to, R_i⁺(s) those of them that it would move to, and R_N−i, R⁺_N−i the same for sequences
of moves of the others, s is stable for i

- Nash: if R_i⁺(s) is empty;
- GMR: if every s₁ in R_i⁺(s) has an s₂ in R_N−i(s₁) that i likes no better than s;
- SMR: if i moreover likes no s₃ in R_i(s₂) better than s;
- SEQ: as GMR, with s₂ in R⁺_N−i(s₁).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from detente.talks.stability.game import Game
from detente.talks.stability.movers import NONE, Lines, Places
from detente.talks.stability.reach import least_reached
from detente.talks.states import Mask

Concept: TypeAlias = Literal["Nash", "GMR", "SMR", "SEQ"]
CONCEPTS: tuple[Concept, ...] = ("Nash", "GMR", "SMR", "SEQ")


def stable(game: Game, concepts: tuple[Concept, ...] = CONCEPTS) -> dict[Concept, Mask]:
    """Which states are stable for each party, (n, S), by concept; none that is infeasible."""
    asked = tuple(c for c in concepts if not game.reversible or c == "SEQ")
    found = _at_will(game) if game.reversible and len(asked) < len(concepts) else {}
    feasible = game.rank_is >= 0
    if "Nash" in asked:
        found["Nash"] = np.stack([m.rests() for m in game.movers]) & feasible
    for concept, answer_is in answers(game, asked).items():
        held = np.empty_like(feasible)
        for i, mover in enumerate(game.movers):
            held[i] = mover.highest(answer_is[i], better=True) <= game.rank_is[i]
        found[concept] = held & feasible
    return {c: found[c] for c in concepts}


def _at_will(game: Game) -> dict[Concept, Mask]:
    """Nash, GMR and SMR where all set their bits as they like, by least and greatest places.

    Others can then bring about every setting of theirs, so that a party is held by GMR where it has
    its maximin and by SMR where it has its minimax.
    """
    found: dict[Concept, Mask] = {
        c: np.empty(game.rank_is.shape, dtype=np.bool_) for c in ("Nash", "GMR", "SMR")
    }
    for i, mover in enumerate(game.movers):
        pre, own, post = mover.shape
        rank = game.rank_is[i].reshape(game.copies, pre // game.copies, own, post)
        best = rank.max(axis=2, keepdims=True)
        worst = rank.min(axis=(1, 3), keepdims=True)
        for concept, asked in (
            ("Nash", best),
            ("GMR", worst.max(axis=2, keepdims=True)),
            ("SMR", best.min(axis=(1, 3), keepdims=True)),
        ):
            np.greater_equal(rank, asked, out=found[concept][i].reshape(rank.shape))  # type: ignore[index]
    return found


def answers(game: Game, concepts: tuple[Concept, ...]) -> dict[Concept, Places]:
    """The worst place in which the opponents can leave each party after its move, (n, S).

    A state is stable if no improvement leads to an answer above the place of the state. Answers are
    `NONE` where the opponents cannot move, −1 where the state is infeasible.
    """
    n = len(game.movers)
    value = {}
    if "GMR" in concepts:
        value["GMR"] = game.rank_is
    if "SMR" in concepts:
        value["SMR"] = np.stack(
            [
                np.maximum(rank_s, mover.highest(rank_s, better=False))
                for mover, rank_s in zip(game.movers, game.rank_is, strict=True)
            ]
        )
    found: dict[Concept, Places] = {}
    if value:
        both = np.concatenate(list(value.values()))
        reached = least_reached(game, both, better=False)
        for k, concept in enumerate(value):
            found[concept] = reached[k * n : (k + 1) * n]  # type: ignore[index]
    if "SEQ" in concepts:
        found["SEQ"] = least_reached(game, game.rank_is, better=True)
    return {concept: _as_moved(game, each) for concept, each in found.items()}


def _as_moved(game: Game, answer_is: Places) -> Places:
    """Answers of a whole line count only where the party would go, so no higher than there."""
    for mover, answer_s, rank_s in zip(game.movers, answer_is, game.rank_is, strict=True):
        if isinstance(mover, Lines):
            np.minimum(answer_s, rank_s, out=answer_s)
        elif game.feasible_s is not None:
            answer_s[~game.feasible_s] = -1
    return answer_is


__all__ = ["CONCEPTS", "NONE", "Concept", "answers", "stable"]
