"""Stability of single states, written from the published definitions, one state at a time.

Fang, Hipel & Kilgour (1993), ch. 3; no shortcut of the package is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Moves = Callable[[int], Iterable[int]]


@dataclass(frozen=True)
class Graph:
    """Moves and improvements of every party, and what it likes."""

    moves: tuple[Moves, ...]
    improves: tuple[Moves, ...]
    payoff: tuple[Callable[[int], float], ...]
    known: dict[tuple[int, int, bool], set[int]] = field(default_factory=dict)

    def reached(self, state: int, party: int, *, improving: bool) -> set[int]:
        """States that legal sequences of the others lead to."""
        if (state, party, improving) in self.known:
            return self.known[state, party, improving]
        arcs = self.improves if improving else self.moves
        others = [j for j in range(len(arcs)) if j != party]
        seen: set[tuple[int, int]] = set()
        ends = [(state, -1)]
        while ends:
            here, last = ends.pop()
            for j in others:
                if j == last:
                    continue
                for to in arcs[j](here):
                    if (to, j) not in seen:
                        seen.add((to, j))
                        ends.append((to, j))
        found = {to for to, _ in seen}
        self.known[state, party, improving] = found
        return found

    def stable(self, state: int, party: int, concept: str) -> bool:
        """Whether a state is stable for a party."""
        u = self.payoff[party]
        for moved in self.improves[party](state):
            if concept == "Nash":
                return False
            answers = self.reached(moved, party, improving=concept == "SEQ")
            feared = [a for a in answers if u(a) <= u(state)]
            if concept == "SMR":
                feared = [a for a in feared if all(u(b) <= u(state) for b in self.moves[party](a))]
            if not feared:
                return False
        return True
