"""Whether a party would make a change: a government by its payoff, a bloc by its rules.

A bloc makes a change if some member gains and every rule lets it pass: the rule to adopt for what
comes into force and the rule to repeal for what ends. What lapses unless it is renewed also ends
where the rule to renew does not carry its keeping.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.talks.measures import Measure
from detente.talks.parties import Party
from detente.talks.payoffs import Array
from detente.talks.states import Codes, Mask, StateSpace
from detente.talks.voting.rule import Rule

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
    gain_pm = (payoff_ms[:, after] - payoff_ms[:, before]).T
    tolerance = ROUNDING * float(np.abs(payoff_ms).max(initial=0.0))
    votes = _Votes(bloc, gain_pm, tolerance)
    found: Mask = np.asarray((gain_pm > tolerance).any(axis=1))
    low, count = space.span(party)
    measure_of = {b: m for m in space.measures for b in m.bits}
    for b in range(low, low + count):
        changed = (before ^ after) >> b & 1 == 1
        if changed.any():
            up = after >> b & 1 == 1
            measure = measure_of[space.bits[b]]
            ok = np.where(up, votes.adopted(measure), votes.ended(measure))
            found &= ~changed | ok
    return found


class _Votes:
    """The outcome of every rule on the same changes, each counted once."""

    def __init__(self, bloc: Party, gain_pm: Array, tolerance: float) -> None:
        self.bloc = bloc
        self.gain_pm = gain_pm
        self.tolerance = tolerance
        self.known: dict[tuple[Rule, bool], Mask] = {}

    def adopted(self, measure: Measure) -> Mask:
        """Whether it comes into force."""
        return self._carried(measure.adopt, keeping=False)

    def ended(self, measure: Measure) -> Mask:
        """Whether it is repealed, or lapses because its renewal fails."""
        repealed = self._carried(measure.repeal, keeping=False)
        if measure.expiry == "stays":
            return repealed
        return repealed | ~self._carried(measure.renew, keeping=True)

    def _carried(self, own: Rule | None, *, keeping: bool) -> Mask:
        rule = own or self.bloc.rule
        assert rule is not None, "blocs without a rule are refused when they are made"
        if (rule, keeping) not in self.known:
            at = [self.bloc.members.index(m) for m in rule.members]
            gain = self.gain_pm[:, at]
            outcome = rule.accepts(-gain if keeping else gain, tolerance=self.tolerance)
            self.known[rule, keeping] = outcome
        return self.known[rule, keeping]


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
