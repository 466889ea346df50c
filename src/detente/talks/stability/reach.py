"""The worst that opponents can bring about: least values over their sequences of moves.

Opponents move one after another, in any order and as often as they like, nobody twice in succession
(Fang, Hipel & Kilgour 1993, ch. 3). A sequence has one move at least.
"""

from __future__ import annotations

import numpy as np

from detente.talks.stability.game import Game
from detente.talks.stability.movers import NONE, Places


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
    """The same where the last mover matters: values by who moves first."""
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
