"""Paths of improvement: from the status quo to a state in which the parties stay.

`Path` is the result and `path_to_stability` finds it, one `Step` after another. `JointMoves` are
moves of several parties that leave all who make them better off.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import final

import numpy as np

from detente._types import Codes
from detente.negotiation.conflict import Conflict, ListedConflict
from detente.negotiation.stability.concepts import Concept, stable
from detente.negotiation.stability.moves import game_of
from detente.negotiation.words import Table, listed, plural, upper_first


@final
@dataclass(frozen=True)
class JointMove:
    """A move of several parties together.

    Attributes:
        parties: labels of those who move, and all gain.
        after: the state to which it leads.
        state: the state in words.
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
        state: the state in words.
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

    Returns:
        JointMoves: the coalitions that can gain, with the states that they reach.
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


@final
@dataclass(frozen=True)
class Step:
    """One move on a path.

    Attributes:
        parties: labels of those who move.
        after: the state to which they move.
        state: the state in words.
        change: what the move changes, in words.
    """

    parties: tuple[str, ...]
    after: int
    state: str
    change: str


@final
@dataclass(frozen=True)
class Path:
    """A shortest sequence of improvements to a stable state.

    Attributes:
        before: where it starts.
        state: the state in words.
        steps: the moves.
        concept: the stability that ends it.
        joint: whether parties may move together.
        arrives: False if no sequence of improvements leads to a stable state.
    """

    before: int
    state: str
    steps: tuple[Step, ...]
    concept: Concept
    joint: bool
    arrives: bool

    @property
    def after(self) -> int:
        """The state in which it ends."""
        return self.steps[-1].after if self.steps else self.before

    def __str__(self) -> str:
        together = ", alone or together," if self.joint else ""
        if not self.arrives:
            return (
                f"From {self.state}, no sequence of moves by which each mover{together} gains "
                f"leads to a state that is stable for all ({self.concept})."
            )
        if not self.steps:
            return f"{upper_first(self.state)}: stable for all ({self.concept})."
        moves = "; then ".join(f"by {listed(s.parties)}, {s.change}" for s in self.steps)
        return (
            f"From {self.state}: {moves}. Stable for all ({self.concept}): {self.steps[-1].state}."
        )

    def table(self) -> Table:
        """A row for each step."""
        rows = tuple(
            (k, listed(s.parties), s.change, s.after, s.state) for k, s in enumerate(self.steps, 1)
        )
        return Table(("step", "parties", "change", "code", "state"), rows)


def path_to_stability(
    conflict: Conflict | ListedConflict,
    concept: Concept = "SEQ",
    *,
    start: int | None = None,
    joint: bool = False,
) -> Path:
    """The fewest improvements that lead to a stable state.

    Args:
        conflict: the conflict.
        concept: the stability, for all parties, at which the path ends.
        start: from where; the status quo if None.
        joint: whether parties may also move together where all movers gain; the path then ends
            only where no such move is left.

    Returns:
        Path: the moves and who makes them, and whether they lead to a stable state.
    """
    begin = conflict.status_quo if start is None else start
    ends_s = np.all(stable(game_of(conflict), (concept,))[concept], axis=0)

    def is_end(state: int) -> bool:
        return bool(ends_s[state]) and not (joint and joint_from(conflict, state))

    came: dict[int, tuple[int, tuple[int, ...]]] = {}
    end = begin if is_end(begin) else None
    seen, open_ = {begin}, deque([begin])
    while open_ and end is None:
        here = open_.popleft()
        together = joint_from(conflict, here) if joint else []
        for who, to in (*_alone(conflict, here), *together):
            if to in seen:
                continue
            seen.add(to)
            came[to] = (here, who)
            if is_end(to):
                # States are found in the order in which they would be left: the first is nearest.
                end = to
                break
            open_.append(to)
    steps = () if end is None else _steps(conflict, came, end)
    return Path(begin, conflict.label(begin), steps, concept, joint, end is not None)


def _alone(
    conflict: Conflict | ListedConflict, state: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    for i in range(len(conflict.labels)):
        there = conflict.own_moves(state, i)
        liked = there[conflict.prefers(i, np.full_like(there, state), there)]
        yield from (((i,), to) for to in liked.tolist())


def _steps(
    conflict: Conflict | ListedConflict, came: dict[int, tuple[int, tuple[int, ...]]], end: int
) -> tuple[Step, ...]:
    steps: list[Step] = []
    while end in came:
        before, who = came[end]
        labels = tuple(conflict.labels[i] for i in who)
        steps.append(Step(labels, end, conflict.label(end), conflict.change(before, end)))
        end = before
    return tuple(reversed(steps))
