"""A conflict given by its states, the moves of each party between them, and ordinal preferences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from detente.talks.errors import near, place_of, require

#: States from the best to the worst; those in one group are equally good.
Preference: TypeAlias = Sequence[str | Sequence[str]]


@final
@dataclass(frozen=True, eq=False)
class ListedConflict:
    """A graph model as the literature prints them: a list of states, arcs and orders.

    Attributes:
        names: of the parties, n.
        states: labels of the states, S.
        arcs: for each party its moves, sorted pairs of state indices, (A, 2) each.
        rank_is: place of each state in each party's order, 0 the worst, (n, S).
        status_quo: index of the state in which they stand.
    """

    names: tuple[str, ...]
    states: tuple[str, ...]
    arcs: tuple[NDArray[np.int64], ...] = field(repr=False)
    rank_is: NDArray[np.int32] = field(repr=False)
    status_quo: int = 0

    @classmethod
    def of(
        cls,
        states: Sequence[str],
        moves: Mapping[str, Mapping[str, Sequence[str]]],
        preferences: Mapping[str, Preference],
        *,
        status_quo: str = "",
    ) -> ListedConflict:
        """A conflict from labels.

        Args:
            states: labels of the states.
            moves: by party, from each state the states that it can move to at once.
            preferences: by party, all states from the best to the worst.
            status_quo: where they stand; the first state if empty.

        Raises:
            TalksError: with every fault found.
        """
        require(_faults(states, moves, preferences, status_quo))
        place = {s: k for k, s in enumerate(states)}
        rank = np.zeros((len(moves), len(states)), dtype=np.int32)
        arcs = []
        for i, name in enumerate(moves):
            pairs = sorted((place[a], place[b]) for a, to in moves[name].items() for b in to)
            arcs.append(np.array(pairs, dtype=np.int64).reshape(-1, 2))
            groups = [[g] if isinstance(g, str) else list(g) for g in preferences[name]]
            for height, group in enumerate(reversed(groups)):
                rank[i, [place[s] for s in group]] = height
        start = place[status_quo] if status_quo else 0
        return cls(tuple(moves), tuple(states), tuple(arcs), rank, start)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the parties."""
        return self.names

    def label(self, state: int) -> str:
        """A state in words."""
        return self.states[state]

    def change(self, before: int, after: int) -> str:
        """A move in words: where it leads."""
        return f"to {self.states[after]}"

    def index(self, party: str) -> int:
        """Place of a party.

        Raises:
            TalksError: if there is none of that name; names the nearest.
        """
        return place_of(party, self.names)

    def own_moves(self, state: int, party: int) -> NDArray[np.int64]:
        """States that a party can move to at once."""
        arcs = self.arcs[party]
        return np.asarray(arcs[arcs[:, 0] == state, 1])

    def prefers(
        self, party: int, before: NDArray[np.int64], after: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which changes a party likes."""
        return np.asarray(self.rank_is[party, after] > self.rank_is[party, before])


def _faults(
    states: Sequence[str],
    moves: Mapping[str, Mapping[str, Sequence[str]]],
    preferences: Mapping[str, Preference],
    status_quo: str,
) -> Iterator[str]:
    if len(set(states)) != len(states) or not states:
        yield "Each state stands once, and there is one at least."
    if status_quo and status_quo not in states:
        yield f"The status quo {status_quo!r} is no state. {near(status_quo, states)}"
    for name in (n for n in preferences if n not in moves):
        yield f"{name} has preferences and no moves: give it an empty mapping if it cannot move."
    for name, own in moves.items():
        for state in (*own, *(b for to in own.values() for b in to)):
            if state not in states:
                yield f"{name} moves from or to {state!r}, which is no state. {near(state, states)}"
        for state in (a for a, to in own.items() if a in to):
            yield f"{name} moves from {state!r} to itself: leave that out."
        if name not in preferences:
            yield f"{name} has no preferences: order all states from the best to the worst."
            continue
        given = [s for g in preferences[name] for s in ([g] if isinstance(g, str) else g)]
        wrong = sorted(set(given) ^ set(states)) or sorted({s for s in given if given.count(s) > 1})
        if wrong:
            yield (
                f"The preferences of {name} have to hold every state once; not so for "
                f"{', '.join(wrong)}."
            )
