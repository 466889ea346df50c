"""How parties get from the status quo to a state in which they stay."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from detente.talks.conflict import Conflict
from detente.talks.listed import ListedConflict
from detente.talks.stability.concepts import Concept, stable
from detente.talks.stability.game import game_of
from detente.talks.stability.joint import joint_from
from detente.talks.table import Table
from detente.talks.words import listed


@final
@dataclass(frozen=True)
class Step:
    """One move on a path.

    Attributes:
        parties: labels of those who move.
        after: the state to which they move.
        state: the same in words.
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
        state: the same in words.
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
            return f"{self.state[:1].upper()}{self.state[1:]}: stable for all ({self.concept})."
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
