"""Whether a party would make a change: a government by its payoff, a bloc by its rules.

A bloc makes a change if some member gains and every rule lets it pass: the rule to adopt for what
comes into force and the rule to repeal for what ends. What lapses unless it is renewed also ends
where the rule to renew does not carry its keeping; where one decision renews several measures, none
of them ends that way unless all of them do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente._types import Array, Codes, Mask
from detente.negotiation.model import Measure, Party, StateSpace, lapsing_together
from detente.negotiation.voting.rules import Rule

#: Payoffs that differ by less than this share of the largest count as equal: sums round.
ROUNDING = 1e-12


def bloc_moves(
    space: StateSpace, party: int, members: tuple[Party, Array], before: Codes, after: Codes
) -> Mask:
    """Which changes the members of a bloc would make, each against the state it starts from.

    Args:
        space: the states.
        party: index of the bloc.
        members: the bloc, and the payoffs of its members in every state, (M, S).
        before: states in which it stands, (P,); what others own may change along.
        after: states to which it would go, (P,).
    """
    bloc, payoff_ms = members
    gain_mp = payoff_ms.take(after, axis=1)
    gain_mp -= payoff_ms.take(before, axis=1)
    tolerance = ROUNDING * float(max(payoff_ms.max(initial=0.0), -payoff_ms.min(initial=0.0)))
    return bloc_carries(space, party, bloc, gain_mp, before, after, tolerance)


def bloc_carries(
    space: StateSpace,
    party: int,
    bloc: Party,
    gain_mp: Array,
    before: Codes,
    after: Codes,
    tolerance: float,
) -> Mask:
    """Which changes pass in a bloc, given what each member gains by each of them.

    Args:
        space: the states.
        party: index of the bloc.
        bloc: its members and rules.
        gain_mp: gain of every member, (M, P).
        before: as in `bloc_moves`.
        after: as in `bloc_moves`.
        tolerance: largest gain or loss that leaves a member indifferent.
    """
    votes = _Votes(bloc, gain_mp > tolerance, gain_mp >= -tolerance)
    found: Mask = np.asarray(votes.gains_mp.any(axis=0))
    low, count = space.span(party)
    measure_of = {b: m for m in space.measures for b in m.bits}
    together = bundle_bits(space)
    for b in range(low, low + count):
        changed = (before ^ after) >> b & 1 == 1
        if changed.any():
            up = after >> b & 1 == 1
            measure = measure_of[space.bits[b]]
            lapses = after & together.get(measure.name, 0) == 0
            ok = np.where(up, votes.adopted(measure), votes.ended(measure, lapses))
            found &= ~changed | ok
    return found


def bundle_bits(space: StateSpace) -> dict[str, int]:
    """For each measure that lapses, the bits of all that one decision renews; 0 where alone.

    A measure that is renewed by itself may lapse by levels, so that nothing else has to end.
    """
    return {
        name: sum(1 << space.bits.index(b) for m in ones for b in m.bits) if len(ones) > 1 else 0
        for name, ones in lapsing_together(space.measures).items()
    }


class _Votes:
    """The outcome of every rule on the same changes, each counted once."""

    def __init__(self, bloc: Party, gains_mp: Mask, bears_mp: Mask) -> None:
        self.bloc = bloc
        self.gains_mp = gains_mp
        self.bears_mp = bears_mp
        self.known: dict[tuple[Rule, bool], Mask] = {}

    def adopted(self, measure: Measure) -> Mask:
        """Whether it comes into force."""
        return self._carried(measure.adopt, keeping=False)

    def ended(self, measure: Measure, lapses: Mask) -> Mask:
        """Whether it is repealed, or lapses because its renewal fails.

        Args:
            measure: what ends.
            lapses: changes by which all ends that is renewed with it, (P,).
        """
        repealed = self._carried(measure.repeal, keeping=False)
        if measure.expiry == "stays":
            return repealed
        return repealed | lapses & ~self._carried(measure.renew, keeping=True)

    def _carried(self, own: Rule | None, *, keeping: bool) -> Mask:
        rule = own or self.bloc.rule
        assert rule is not None, "blocs without a rule are refused when they are made"
        if (rule, keeping) not in self.known:
            # Those who neither gain nor lose abstain, which unanimity counts as a yes. Keeping what
            # a change would end gains where the change loses.
            gains = rule.abstention_prevents != keeping
            yes = self._code(rule, self.gains_mp if gains else self.bears_mp)
            if keeping:
                yes ^= (1 << len(rule.members)) - 1
            self.known[rule, keeping] = rule.passes(yes)
        return self.known[rule, keeping]

    def _code(self, rule: Rule, votes_mp: Mask) -> Codes:
        found = np.zeros(votes_mp.shape[1], dtype=np.int64)
        for bit, member in enumerate(rule.members):
            row = votes_mp[self.bloc.members.index(member)]
            found |= row.astype(np.int64) << bit
        return found


def ranked(payoff_s: Array, feasible_s: Mask | None = None) -> NDArray[np.int32]:
    """Places of the payoffs, 0 the lowest, with one place for equals; −1 where infeasible.

    Args:
        payoff_s: payoffs of a party, (S,).
        feasible_s: which states count; all if None.
    """
    order = np.argsort(payoff_s)
    ascending = payoff_s[order]
    largest = max(abs(float(ascending[0])), abs(float(ascending[-1])))
    place = np.zeros(len(order), dtype=np.int32)
    np.cumsum(np.diff(ascending) > ROUNDING * largest, out=place[1:], dtype=np.int32)
    found = np.empty_like(place)
    found[order] = place
    if feasible_s is not None:
        found[~feasible_s] = -1
    return found
