"""Joint moves that leave all who make them better off."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import final

import numpy as np

from detente.talks.conflict import Conflict
from detente.talks.listed import ListedConflict
from detente.talks.states import Codes
from detente.talks.table import Table
from detente.talks.words import listed, plural


@final
@dataclass(frozen=True)
class JointMove:
    """A move of several parties together.

    Attributes:
        parties: labels of those who move, and all gain.
        after: the state to which it leads.
        state: the same in words.
    """

    parties: tuple[str, ...]
    after: int
    state: str


@final
@dataclass(frozen=True, eq=False)
class JointMoves:
    """All joint improvements from a state.

    Attributes:
        before: the state.
        state: the same in words.
        moves: the improvements, those of fewest parties first.
    """

    before: int
    state: str
    moves: tuple[JointMove, ...] = field(repr=False)

    def __str__(self) -> str:
        if not self.moves:
            return f"From {self.state}, no parties gain by moving together."
        first = self.moves[0]
        return (
            f"From {self.state}, {plural(len(self.moves), 'joint move')} would leave all who make "
            f"it better off, among them that of {listed(first.parties)} to {first.state}."
        )

    def table(self) -> Table:
        """A row for each joint move."""
        rows = tuple((listed(m.parties), m.after, m.state) for m in self.moves)
        return Table(("parties", "code", "state"), rows)


def joint_improvements(conflict: Conflict | ListedConflict, state: int | None = None) -> JointMoves:
    """Which joint moves make every mover better off.

    Parties with measures move at once, each changing measures of its own; a bloc joins if its rules
    carry the change as a whole. In a listed conflict they move in turn (Kilgour, Hipel, Fang & Peng
    2001), and a coalition is named only if no part of it could do the same alone.

    Args:
        conflict: the conflict.
        state: from where; the status quo if None.
    """
    here = conflict.status_quo if state is None else state
    found = joint_from(conflict, here)
    found = sorted(found, key=lambda m: (len(m[0]), m[1]))
    moves = (
        JointMove(tuple(conflict.labels[i] for i in who), to, conflict.label(to))
        for who, to in found
    )
    return JointMoves(here, conflict.label(here), tuple(moves))


def joint_from(
    conflict: Conflict | ListedConflict, state: int
) -> list[tuple[tuple[int, ...], int]]:
    """The coalitions of two parties or more and the states to which they would move together."""
    if isinstance(conflict, ListedConflict):
        return _in_turn(conflict, state)
    there = conflict.space.reachable(state)
    moves_ip = _changes(conflict, state, there)
    kept = accepted(conflict, state, there) & (moves_ip.sum(axis=0) > 1)
    return [
        (tuple(np.flatnonzero(moves_ip[:, p]).tolist()), int(there[p]))
        for p in np.flatnonzero(kept)
    ]


def accepted(
    conflict: Conflict, state: int, there: Codes
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which changes from a state every party would make whose measures change, (P,)."""
    moves_ip = _changes(conflict, state, there)
    found = np.ones(len(there), dtype=np.bool_)
    for i, moves in enumerate(moves_ip):
        asked = np.flatnonzero(moves & found)
        before = np.full(len(asked), state)
        found[asked] = conflict.prefers(i, before, there[asked])
    return found


def _changes(
    conflict: Conflict, state: int, there: Codes
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    own = np.array([conflict.space.own(i) for i in range(len(conflict.parties))])
    return np.asarray((there ^ state) & own[:, None] != 0)


def _in_turn(conflict: ListedConflict, state: int) -> list[tuple[tuple[int, ...], int]]:
    n = len(conflict.names)
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for size in range(1, n + 1):
        for who in combinations(range(n), size):
            for to in _sequences(conflict, state, who):
                smaller = any(set(h) <= set(who) for h in found[to])
                liked = all(conflict.rank_is[i, to] > conflict.rank_is[i, state] for i in who)
                if liked and not smaller:
                    found[to].append(who)
    return [(who, to) for to, all_ in found.items() for who in all_ if len(who) > 1]


def _sequences(conflict: ListedConflict, state: int, who: tuple[int, ...]) -> set[int]:
    """States that moves of some parties in turn lead to, nobody moving twice in succession."""
    seen: set[tuple[int, int]] = set()
    ends = [(state, -1)]
    while ends:
        here, last = ends.pop()
        for j in (j for j in who if j != last):
            for to in conflict.own_moves(here, j).tolist():
                if (to, j) not in seen:
                    seen.add((to, j))
                    ends.append((to, j))
    return {to for to, _ in seen}
