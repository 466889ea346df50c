"""A conflict as stability needs it: places of the states, and who can move where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from detente.talks.conflict import Conflict
from detente.talks.deciding import bloc_moves
from detente.talks.listed import ListedConflict
from detente.talks.stability.movers import Arcs, Lines, Mover, Places, Steps
from detente.talks.states import Mask


@final
@dataclass(frozen=True, eq=False)
class Game:
    """What the concepts are computed from.

    Attributes:
        rank_is: place of each state for each party, equals share one; −1 if infeasible, (n, S).
        movers: the moves of each party.
        feasible_s: which states can exist, (S,); None if all.
        chained: whether two moves of one party in a row might lead where one cannot, so that the
            rule that nobody moves twice in succession matters.
        independent: whether what one party can move to never depends on what others have moved.
    """

    rank_is: Places
    movers: tuple[Mover, ...]
    feasible_s: Mask | None
    chained: bool
    independent: bool


def game_of(conflict: Conflict | ListedConflict) -> Game:
    """The game of a conflict at its payoffs."""
    if isinstance(conflict, ListedConflict):
        movers = tuple(map(Arcs, conflict.rank_is, conflict.arcs))
        return Game(conflict.rank_is, movers, None, chained=True, independent=False)
    feasible = None if conflict.space.all_feasible else conflict.space.feasible_s
    rank = conflict.rank_is
    blocs = any(p.is_bloc for p in conflict.parties)
    return Game(
        rank,
        tuple(_mover(conflict, i, rank[i], blocs) for i in range(len(rank))),
        feasible,
        chained=blocs,
        independent=feasible is None and not blocs,
    )


def _mover(conflict: Conflict, party: int, rank_s: Places, blocs: bool) -> Mover:
    space = conflict.space
    low, count = space.span(party)
    one_off = (space.one_off & space.own(party)) >> low
    if conflict.parties[party].is_bloc:
        return Steps(rank_s, low, count, one_off, _carried(conflict, party, low, count))
    if blocs or one_off:
        return Steps(rank_s, low, count, one_off)
    return Lines(rank_s, low, count)


def _carried(conflict: Conflict, party: int, low: int, count: int) -> Mask:
    """Which moves the rules of a bloc carry, by the bits that change, (2^b, S)."""
    space = conflict.space
    members = (conflict.parties[party], conflict.payoffs.members(party))
    found = np.zeros((1 << count, space.size), dtype=np.bool_)
    for d in range(1, 1 << count):
        found[d] = bloc_moves(space, party, members, space.codes, space.codes ^ (d << low))
    return found
