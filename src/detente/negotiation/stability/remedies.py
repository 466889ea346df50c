"""The inverse question: what would make a state stable.

Two answers for each government, under each of the four concepts:

- a side payment that it gets while the state lasts. No other government's stability of that state
  changes by it, as others cannot bring the state about after the party has left it;
- a change of one of its valuations. Its own stability changes as stated; under SEQ others may fear
  it less or more afterwards, so that `Remedies.holds` asks again about all of them.

A bloc moves where its rules let a change pass: it stays if members are paid by whose votes it would
not, or value staying that much more. The cheapest such payments are stated for Nash; see
`bloc_remedies`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from detente._types import Array
from detente.negotiation.conflict import Conflict
from detente.negotiation.errors import NegotiationError
from detente.negotiation.stability.bloc_remedies import (
    EVERYTHING,
    BlocRemedy,
    Intervals,
    bloc_remedy,
    common,
    nearest_zero,
    union,
)
from detente.negotiation.stability.concepts import Concept, answers, stable
from detente.negotiation.stability.moves import Game, game_of
from detente.negotiation.stability.revaluation import Revaluation, members_revaluations, revalued
from detente.negotiation.words import Table, figure, listed, upper_first


@final
@dataclass(frozen=True, eq=False)
class Remedies:
    """What would make a state stable for the parties that would leave it.

    Attributes:
        conflict: the conflict.
        state: code of the state.
        concept: in which sense of stable.
        movers: labels of those for which it is not stable.
        payment_i: what each party would have to get while the state lasts, 0 where it is stable
            already, (n,). Of a bloc the sum over its members under Nash, NaN under other concepts.
        revaluations: single changes of valuations, of governments that would move; under Nash also
            of the members of blocs that would have to be paid.
        blocs: what members of blocs that would move would have to get.
    """

    conflict: Conflict
    state: int
    concept: Concept
    movers: tuple[str, ...]
    payment_i: Array
    revaluations: tuple[Revaluation, ...]
    blocs: tuple[BlocRemedy, ...] = ()

    @property
    def total(self) -> float:
        """All side payments together; NaN where that of a bloc is not known."""
        return float(self.payment_i.sum())

    def holds(self, revaluation: Revaluation) -> bool:
        """Whether the state is stable for all parties after one change of a valuation."""
        found = stable(game_of(revalued(self.conflict, revaluation)), (self.concept,))
        return bool(found[self.concept][:, self.state].all())

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each party would need."""
        where, unit = self.conflict.label(self.state), self.conflict.payoffs.unit
        if not self.movers:
            return (f"{upper_first(where)}: stable for all ({self.concept}) as it is.",)
        return tuple(self._said(label, where, unit) for label in self.movers)

    def bloc(self, label: str) -> BlocRemedy | None:
        """What members of a bloc would have to get; None for a government."""
        return next((b for b in self.blocs if b.party == label), None)

    def ways(self, label: str) -> tuple[Revaluation, ...]:
        """Changes of one valuation by each of which a party would stay."""
        return tuple(r for r in self.revaluations if r.party == label and not math.isnan(r.change))

    def _said(self, label: str, where: str, unit: str) -> str:
        paid = self.payment_i[self.conflict.labels.index(label)]
        if math.isnan(paid):
            return (
                f"With {where}, {label} would move by its rules, as enough of its members gain: no "
                "single payment is stated; see who of them could block it."
            )
        bloc = self.bloc(label)
        if bloc is not None:
            shares = [f"{m} {figure(p)}" for m, p in zip(bloc.members, bloc.payments, strict=True)]
            return (
                f"With {where}, {label} would stay ({self.concept}) if these members got, or "
                f"valued staying at, no less than: {listed(shares)} {unit}, "
                f"{figure(bloc.total)} together; nothing cheaper keeps its rules from letting a "
                "change pass."
            )
        ways = [
            f"valued {r.interest} at {figure(r.needed)} instead of {figure(r.value)}"
            for r in self.ways(label)
        ]
        other = (
            f", or if it {listed(ways, 'or')}" if ways else "; no other single valuation would do"
        )
        return (
            f"With {where}, {label} would stay ({self.concept}) for {figure(float(paid))} {unit}"
            f"{other}."
        )

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def table(self) -> Table:
        """A row for each payment and each change of a valuation."""
        labels = self.conflict.labels
        rows = [
            (label, "payment", None, 0.0, float(p))
            for label, p in zip(labels, self.payment_i, strict=True)
            if label in self.movers
        ]
        rows += [
            (member, "payment", None, 0.0, paid)
            for bloc in self.blocs
            for member, paid in zip(bloc.members, bloc.payments, strict=True)
        ]
        changes = [(r.party, "valuation", r.interest, r.value, r.change) for r in self.revaluations]
        return Table(("party", "what", "interest", "value", "change"), (*rows, *changes))


def remedies(conflict: Conflict, state: int, concept: Concept = "Nash") -> Remedies:
    """The smallest side payments or changes of one valuation that make a state stable.

    Args:
        conflict: the conflict.
        state: the state that is to last.
        concept: the stability asked for.

    Returns:
        Remedies: for each party that would leave the state, what keeps it there.

    Raises:
        NegotiationError: for a state that cannot exist.
    """
    if not conflict.space.feasible_s[state]:
        raise NegotiationError(
            f"The state '{conflict.label(state)}' cannot exist: a pattern forbids it.",
            "Ask about another state, or drop the pattern.",
        )
    game = game_of(conflict)
    held = stable(game, (concept,))[concept][:, state]
    answer_is = answers(game, (concept,)).get(concept)
    moving = [i for i in range(len(conflict.parties)) if not held[i]]
    payment = np.zeros(len(conflict.parties))
    changes: list[Revaluation] = []
    blocs: list[BlocRemedy] = []
    for i in moving:
        if conflict.parties[i].is_bloc:
            payment[i] = math.nan
            if concept == "Nash":
                blocs.append(bloc_remedy(conflict, i, state))
                payment[i] = blocs[-1].total
                changes += members_revaluations(conflict, blocs[-1], state)
            continue
        payment[i] = _payment(conflict, game, i, state, answer_is)
        changes += _revaluations(conflict, i, state, concept)
    labels = tuple(conflict.labels[i] for i in moving)
    return Remedies(conflict, state, concept, labels, payment, tuple(changes), tuple(blocs))


def _payment(
    conflict: Conflict, game: Game, party: int, state: int, answer_is: np.ndarray | None
) -> float:
    """What the party lacks at the state against the most that a move would leave it with."""
    there = conflict.space.reachable(state, party)
    rank = game.rank_is[party]
    left = rank[there] if answer_is is None else np.minimum(rank[there], answer_is[party, there])
    total = conflict.payoffs.total_is[party]
    return float(total[np.flatnonzero(rank == left.max())[0]] - total[state])


def _revaluations(
    conflict: Conflict, party: int, state: int, concept: Concept
) -> list[Revaluation]:
    payoffs = conflict.payoffs
    names = [i.name for i in payoffs.interests]
    found = []
    fears = _Fears(conflict, party, state, concept)
    for v, worth in zip(payoffs.valuations, payoffs.worth_v, strict=True):
        if v.party == conflict.parties[party].name:
            k = names.index(v.interest)
            numbers = fears.stable_for(payoffs.effect_ks[k])
            label = payoffs.interests[k].label
            change = nearest_zero(numbers)
            found.append(Revaluation(conflict.labels[party], label, float(worth), change, numbers))
    return found


class _Fears:
    """The states that opponents can answer a party's moves with, and what each rules out."""

    def __init__(self, conflict: Conflict, party: int, state: int, concept: Concept) -> None:
        self.conflict, self.party, self.state = conflict, party, state
        self.smr = concept == "SMR"
        self.moves: dict[tuple[int, int], list[int]] = {}
        there = conflict.own_moves(state, party).tolist()
        improving = concept == "SEQ"
        self.answers = {
            t: [] if concept == "Nash" else sorted(self._reached(t, improving)) for t in there
        }

    def stable_for(self, effect_s: Array) -> Intervals:
        """Changes of a valuation for which every move is unwelcome or answered."""
        found = EVERYTHING
        for moved, answers_ in self.answers.items():
            feared = [self._no_better([moved], effect_s)]
            for a in answers_:
                out = self.conflict.own_moves(a, self.party).tolist() if self.smr else []
                feared.append(self._no_better([a, *out], effect_s))
            found = common(found, union(feared))
        return found

    def _no_better(self, states: list[int], effect_s: Array) -> tuple[float, float]:
        """Changes for which none of some states is better than the one asked about."""
        total = self.conflict.payoffs.total_is[self.party]
        gain = total[states] - total[self.state]
        slope = effect_s[states] - effect_s[self.state]
        flat = slope == 0
        if (
            self.conflict.rank_is[self.party, np.array(states)[flat]]
            > self.conflict.rank_is[self.party, self.state]
        ).any():
            return math.inf, -math.inf
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = -gain / slope
        low = float(ends[slope < 0].max(initial=-math.inf))
        high = float(ends[slope > 0].min(initial=math.inf))
        return low, high

    def _reached(self, state: int, improving: bool) -> set[int]:
        others = [j for j in range(len(self.conflict.parties)) if j != self.party]
        seen: set[tuple[int, int]] = set()
        ends = [(state, -1)]
        while ends:
            here, last = ends.pop()
            for j in (j for j in others if j != last):
                for to in self._moves(here, j, improving):
                    if (to, j) not in seen:
                        seen.add((to, j))
                        ends.append((to, j))
        return {to for to, _ in seen}

    def _moves(self, state: int, party: int, improving: bool) -> list[int]:
        if (state, party) not in self.moves:
            there = self.conflict.own_moves(state, party)
            if improving:
                there = there[self.conflict.prefers(party, np.full_like(there, state), there)]
            self.moves[state, party] = there.tolist()
        return self.moves[state, party]
