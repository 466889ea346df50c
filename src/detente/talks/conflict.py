"""A conflict: parties, their measures, the states these make, and what each state is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.talks.deciding import bloc_moves, ranked
from detente.talks.errors import place_of, require
from detente.talks.measures import Measure, measure_faults
from detente.talks.parties import Party, party_faults
from detente.talks.payoffs import Interest, Payoffs, Valuation, payoff_faults
from detente.talks.states import Codes, Mask, Pattern, StateSpace, pattern_faults, size_faults


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
            TalksError: with every fault found.

        Example:
            >>> from detente.talks import Conflict, Measure, Party
            >>> talks = Conflict.of(
            ...     [Party("A"), Party("B")],
            ...     [Measure("ban", "A"), Measure("release", "B", reversible=False)],
            ...     status_quo=["ban"], trade=["ban"], money={"A": [0, -2], "B": [0, -9]},
            ... )
            >>> talks.gain(0, talks.status_quo, talks.space.code([]))
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
            TalksError: if there is none of that name; names the nearest.
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
