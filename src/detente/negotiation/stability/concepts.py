"""Concepts of stability: Nash, GMR, SMR and SEQ of every state for every party.

Fang, Hipel & Kilgour (1993), Interactive Decision Making, ch. 3. With R_i(s) the states that party
i can move to, R_i⁺(s) those of them that it would move to, and R_N−i, R⁺_N−i the same for sequences
of moves of the others, s is stable for i

- Nash: if R_i⁺(s) is empty;
- GMR: if every s₁ in R_i⁺(s) has an s₂ in R_N−i(s₁) that i likes no better than s;
- SMR: if i moreover likes no s₃ in R_i(s₂) better than s;
- SEQ: as GMR, with s₂ in R⁺_N−i(s₁).

`stable` answers for all states at once. `least_reached` gives the worst that opponents can bring
about, as the least value over their sequences of moves.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from detente._types import Mask
from detente.negotiation.stability.moves import NONE, Game, Lines, Places


def least_reached(game: Game, value_rs: Places, *, better: bool) -> Places:
    """The least value that sequences of moves of all but one party lead to, (R, S).

    Where moves are not chained the state itself counts too, which no concept minds.

    Args:
        game: the game.
        value_rs: R values of the states in which a sequence may end; in sequences for row r, party
            r modulo n does not move.
        better: count only moves that the movers would make.
    """
    if game.reversible and not better:
        return _anywhere(game, value_rs)
    value_sr = np.ascontiguousarray(value_rs.T)
    if game.feasible_s is not None:
        value_sr[~game.feasible_s] = NONE
    found = _chained if game.chained else _free
    return np.ascontiguousarray(found(game, value_sr, better).T)


def _anywhere(game: Game, value_rs: Places) -> Places:
    """The others can bring about every setting of their bits, so the least over all of these."""
    found = np.empty_like(value_rs)
    for r, (value_s, found_s) in enumerate(zip(value_rs, found, strict=True)):
        pre, own, post = game.movers[r % len(game.movers)].shape
        lines = value_s.reshape(game.copies, pre // game.copies, own, post)
        found_s.reshape(lines.shape)[:] = lines.min(axis=(1, 3), keepdims=True)
    return found


def _free(game: Game, value_sr: Places, better: bool) -> Places:
    """Movers in turn until nothing falls any more.

    What a mover has passed on it passes on no further, so that all is done when the others have
    left everything as it is since it last fell.
    """
    n = len(game.movers)
    quiet = 0
    while True:
        for j, mover in enumerate(game.movers):
            now = mover.lowest(value_sr, better=better)
            np.minimum(now, value_sr, out=now)
            if game.feasible_s is not None:
                now[~game.feasible_s] = NONE
            now[:, j::n] = value_sr[:, j::n]
            quiet = quiet + 1 if np.array_equal(now, value_sr) else 1
            value_sr = now
            if quiet >= n:
                return value_sr


def _chained(game: Game, value_sr: Places, better: bool) -> Places:
    """The lowest value where the last mover matters, by who moves first."""
    n = len(game.movers)
    first_jsr = np.full((n, *value_sr.shape), NONE, dtype=np.int32)
    changed = True
    while changed:
        changed = False
        for j, mover in enumerate(game.movers):
            after = value_sr.copy()
            for k in (k for k in range(n) if k != j):
                np.minimum(after, first_jsr[k], out=after)
            now = mover.lowest(after, better=better)
            now[:, j::n] = NONE
            changed = changed or not np.array_equal(now, first_jsr[j])
            first_jsr[j] = now
    return np.asarray(first_jsr.min(axis=0))


Concept: TypeAlias = Literal["Nash", "GMR", "SMR", "SEQ"]
CONCEPTS: tuple[Concept, ...] = ("Nash", "GMR", "SMR", "SEQ")


def stable(game: Game, concepts: tuple[Concept, ...] = CONCEPTS) -> dict[Concept, Mask]:
    """Which states are stable for each party, (n, S), by concept; none that is infeasible."""
    asked = tuple(c for c in concepts if not game.reversible or c == "SEQ")
    found = _at_will(game) if len(asked) < len(concepts) else {}
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
    `NONE` where the opponents cannot move; those of infeasible states mean nothing.
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
    return answer_is


__all__ = ["CONCEPTS", "NONE", "Concept", "answers", "stable"]
