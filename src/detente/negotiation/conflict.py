"""A conflict: parties, their measures, the states these make, and what each state is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente._types import Codes, Mask
from detente.negotiation.acceptance import bloc_moves, ranked
from detente.negotiation.errors import near, place_of, require
from detente.negotiation.model import (
    Measure,
    Party,
    Pattern,
    StateSpace,
    measure_faults,
    party_faults,
    pattern_faults,
    size_faults,
)
from detente.negotiation.payoffs import Interest, Payoffs, Valuation, payoff_faults


@final
@dataclass(frozen=True, eq=False)
class Conflict:
    """Parties that each decide some measures, and value every combination of all.

    Attributes:
        parties: the parties, n.
        space: the states.
        payoffs: what each state is worth to each.
        status_quo: code of the state in which they stand.
    """

    parties: tuple[Party, ...]
    space: StateSpace
    payoffs: Payoffs
    status_quo: int

    @classmethod
    def of(
        cls,
        parties: Sequence[Party],
        measures: Sequence[Measure],
        *,
        status_quo: Pattern | Iterable[str],
        money: Mapping[str, ArrayLike] | None = None,
        trade: Sequence[str] = (),
        interests: Sequence[Interest] = (),
        valuations: Sequence[Valuation] = (),
        forbidden: Iterable[Pattern] = (),
        implies: Iterable[tuple[Pattern, Pattern]] = (),
        unit: str = "million a year",
    ) -> Conflict:
        """A conflict from its parts.

        Args:
            parties: governments and blocs.
            measures: what they can do; each party owns one at least.
            status_quo: the measures in force now, by name or as a pattern with levels.
            money: payoff of each government and member in every setting of `trade`, (2^q,) each;
                bit k of a setting stands for `trade[k]`. Nobody has money at stake if None.
            trade: bits (measures, or `measure:level`) that change trade, q.
            interests: what else matters.
            valuations: what parties or members would pay for a unit of each interest.
            forbidden: patterns in which no state may be.
            implies: pairs of patterns; a state in the first has to be in the second.
            unit: of money and valuations, as sentences name it.

        Raises:
            NegotiationError: with every fault found.

        Example:
            >>> from detente.negotiation import Conflict, Measure, Party
            >>> negotiation = Conflict.of(
            ...     [Party("A"), Party("B")],
            ...     [Measure("ban", "A"), Measure("release", "B", reversible=False)],
            ...     status_quo=["ban"], trade=["ban"], money={"A": [0, -2], "B": [0, -9]},
            ... )
            >>> negotiation.gain(0, negotiation.status_quo, negotiation.space.code([]))
            2.0
        """
        forbidden, implies = tuple(forbidden), tuple(implies)
        bits = [b for p in parties for m in measures if m.owner == p.name for b in m.bits]
        asked = [*forbidden, *(p for pair in implies for p in pair)]
        require(
            [
                *party_faults(parties),
                *measure_faults(measures, parties),
                *size_faults(measures),
                *(f for p in asked for f in pattern_faults(p, measures)),
                *payoff_faults(bits, parties, money, trade, interests, valuations),
            ]
        )
        space = StateSpace.of(
            [p.name for p in parties], measures, forbidden=forbidden, implies=implies
        )
        payoffs = Payoffs.of(
            space,
            parties,
            money=money,
            trade=trade,
            interests=interests,
            valuations=valuations,
            unit=unit,
        )
        return cls(tuple(parties), space, payoffs, space.code(status_quo))

    def index(self, party: str) -> int:
        """Place of a party.

        Raises:
            NegotiationError: if there is none of that name; names the nearest.
        """
        return place_of(party, self.names)

    def gain(self, party: int, before: int, after: int) -> float:
        """What a party gains from one state to another, members summed."""
        total = self.payoffs.total_is[party]
        return float(total[after] - total[before])

    def prefers(self, party: int, before: Codes, after: Codes) -> Mask:
        """Which changes a party would make: a government that gains, a bloc whose rules carry."""
        who = self.parties[party]
        if who.is_bloc:
            members = (who, self.payoffs.members(party))
            return bloc_moves(self.space, party, members, before, after)
        found: Mask = self.rank_is[party, after] > self.rank_is[party, before]
        return found

    @cached_property
    def rank_is(self) -> NDArray[np.int32]:
        """Place of each state for each party, equals share one; −1 if infeasible, (n, S)."""
        feasible = None if self.space.all_feasible else self.space.feasible_s
        return np.stack([ranked(total_s, feasible) for total_s in self.payoffs.total_is])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parties."""
        return tuple(p.name for p in self.parties)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the parties."""
        return tuple(p.label for p in self.parties)

    def label(self, state: int) -> str:
        """A state in words."""
        return self.space.label(state)

    def change(self, before: int, after: int) -> str:
        """What differs between two states, in words."""
        return self.space.change(before, after)

    def own_moves(self, state: int, party: int) -> Codes:
        """States that a party can move to; for a bloc, that its rules let it move to."""
        there = self.space.reachable(state, party)
        if self.parties[party].is_bloc:
            return there[self.prefers(party, np.full_like(there, state), there)]
        return there

    def with_payoffs(self, payoffs: Payoffs) -> Conflict:
        """The same parties and measures with other payoffs."""
        return replace(self, payoffs=payoffs)


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
            NegotiationError: with every fault found.
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
            NegotiationError: if there is none of that name; names the nearest.
        """
        return place_of(party, self.names)

    def own_moves(self, state: int, party: int) -> NDArray[np.int64]:
        """States that a party can move to at once."""
        arcs = self.arcs[party]
        return np.asarray(arcs[arcs[:, 0] == state, 1])

    def prefers(self, party: int, before: NDArray[np.int64], after: NDArray[np.int64]) -> Mask:
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
