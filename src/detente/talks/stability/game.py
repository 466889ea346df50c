"""A conflict as stability needs it: places of the states, and who can move where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final
from weakref import WeakKeyDictionary

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
        reversible: whether every party sets its bits as it likes, whatever the others do.
        copies: how many conflicts stand one after another in the states.
    """

    rank_is: Places
    movers: tuple[Mover, ...]
    feasible_s: Mask | None
    chained: bool
    reversible: bool
    copies: int = 1


#: Games of conflicts that are still asked about: votes inside blocs take a while to count.
_GAMES: WeakKeyDictionary[Conflict, Game] = WeakKeyDictionary()


def game_of(conflict: Conflict | ListedConflict) -> Game:
    """The game of a conflict at its payoffs."""
    if isinstance(conflict, ListedConflict):
        movers = tuple(map(Arcs, conflict.rank_is, conflict.arcs))
        return Game(conflict.rank_is, movers, None, chained=True, reversible=False)
    if conflict not in _GAMES:
        _GAMES[conflict] = stacked_game([conflict])
    return _GAMES[conflict]


def stacked_game(conflicts: Sequence[Conflict], within: Mask | None = None) -> Game:
    """Conflicts that differ in their payoffs only as one game, their states one after another.

    No party owns the bits that tell the copies apart, so that no move leads from one to another.

    Args:
        conflicts: at least one.
        within: states in which blocs vote, (S,); elsewhere they are taken to stay. All if None.
    """
    first = conflicts[0]
    space, parties = first.space, first.parties
    rank = np.concatenate([c.rank_is for c in conflicts], axis=1)
    blocs = any(p.is_bloc for p in parties)
    feasible = None if space.all_feasible else np.tile(space.feasible_s, len(conflicts))
    return Game(
        rank,
        tuple(_mover(conflicts, i, rank[i], blocs, within) for i in range(len(rank))),
        feasible,
        chained=blocs,
        reversible=feasible is None and not blocs and not space.one_off,
        copies=len(conflicts),
    )


def _mover(
    conflicts: Sequence[Conflict], party: int, rank_s: Places, blocs: bool, within: Mask | None
) -> Mover:
    space = conflicts[0].space
    low, count = space.span(party)
    one_off = (space.one_off & space.own(party)) >> low
    if conflicts[0].parties[party].is_bloc:
        carried = _carried(conflicts, party, low, count, within)
        return Steps(rank_s, low, count, one_off, carried)
    if blocs or one_off:
        return Steps(rank_s, low, count, one_off)
    return Lines(rank_s, low, count)


def _carried(
    conflicts: Sequence[Conflict], party: int, low: int, count: int, within: Mask | None
) -> Mask:
    """Which moves the rules of a bloc carry, by the bits that change, (2^b, S)."""
    first = conflicts[0]
    payoff_ms = np.concatenate([c.payoffs.members(party) for c in conflicts], axis=1)
    members = (first.parties[party], payoff_ms)
    codes = np.arange(payoff_ms.shape[1])
    if within is not None:
        codes = codes[np.tile(within, len(conflicts))]
    one_off = first.space.one_off
    found = np.zeros((1 << count, payoff_ms.shape[1]), dtype=np.bool_)
    for d in range(1, 1 << count):
        able = codes[codes & (d << low) & one_off == 0]
        found[d, able] = bloc_moves(first.space, party, members, able, able ^ (d << low))
    return found
