"""The worst that opponents can bring about: least values over their sequences of moves.

Opponents move one after another, in any order and as often as they like, nobody twice in succession
(Fang, Hipel & Kilgour 1993, ch. 3). A sequence has one move at least.
"""

from __future__ import annotations

import numpy as np

from detente.talks.stability.game import Game
from detente.talks.stability.movers import NONE, Places
from detente.talks.states import Codes


def least_reached(game: Game, value_rs: Places, focal_r: Codes, *, better: bool) -> Places:
    """The least value that sequences of moves of all but one party lead to, (R, S).

    Where moves are not chained the state itself counts too, which no concept minds.

    Args:
        game: the game.
        value_rs: R values of the states in which a sequence may end.
        focal_r: the party of each that does not move, (R,).
        better: count only moves that improve the mover's own place.
    """
    value = value_rs.copy()
    if game.feasible_s is not None:
        value[:, ~game.feasible_s] = NONE
    if game.chained:
        return _chained(game, value, focal_r, better)
    return _free(game, value, focal_r, better)


def _free(game: Game, value_rs: Places, focal_r: Codes, better: bool) -> Places:
    """Sweeps over the movers until nothing falls any more."""
    open_r = np.arange(len(value_rs))
    once = game.independent and not better
    while len(open_r):
        before = value_rs[open_r]
        for j, mover in enumerate(game.movers):
            rows = open_r[focal_r[open_r] != j]
            if len(rows):
                now = value_rs[rows]
                np.minimum(now, mover.lowest(now, better=better), out=now)
                if game.feasible_s is not None:
                    now[:, ~game.feasible_s] = NONE
                value_rs[rows] = now
        if once:
            break
        open_r = open_r[(value_rs[open_r] != before).any(axis=1)]
    return value_rs


def _chained(game: Game, value_rs: Places, focal_r: Codes, better: bool) -> Places:
    """The same where the last mover matters: values by who moves first."""
    n = len(game.movers)
    first_jrs = np.full((n, *value_rs.shape), NONE, dtype=np.int32)
    changed = True
    while changed:
        changed = False
        for j, mover in enumerate(game.movers):
            rows = np.flatnonzero(focal_r != j)
            if not len(rows):
                continue
            others = [k for k in range(n) if k != j]
            after = value_rs[rows]
            for k in others:
                np.minimum(after, first_jrs[k][rows], out=after)
            now = mover.lowest(after, better=better)
            if not changed:
                changed = bool((now < first_jrs[j][rows]).any())
            first_jrs[j][rows] = now
    return np.asarray(first_jrs.min(axis=0))
