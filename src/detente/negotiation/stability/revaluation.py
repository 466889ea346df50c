"""Changes of one valuation: what they are, a conflict after one, and those of a bloc's members."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import final

import numpy as np

from detente.negotiation.conflict import Conflict
from detente.negotiation.stability.bloc_remedies import BlocRemedy, Intervals, nearest_zero


@final
@dataclass(frozen=True)
class Revaluation:
    """The smallest change of one valuation that makes a state stable for its party.

    Attributes:
        party: label of the party; the name of a member of a bloc, whose votes it turns.
        interest: label of the interest.
        value: as stated.
        change: to be added; NaN if no value of this interest alone would do.
        stable_for: every change that would do, as closed intervals.
    """

    party: str
    interest: str
    value: float
    change: float
    stable_for: Intervals = field(repr=False)

    @property
    def needed(self) -> float:
        """The value after the change; zero where the two cancel but for rounding."""
        value = self.value + self.change
        return 0.0 if abs(value) < 1e-9 * abs(self.value) else value


def revalued(conflict: Conflict, revaluation: Revaluation) -> Conflict:
    """The conflict after a change of one valuation."""
    payoffs = conflict.payoffs
    labels = {p.name: p.label for p in conflict.parties}
    interests = {i.name: i.label for i in payoffs.interests}
    worth = payoffs.worth_v.copy()
    for k, v in enumerate(payoffs.valuations):
        if (labels.get(v.party, v.party), interests[v.interest]) == (
            revaluation.party,
            revaluation.interest,
        ):
            worth[k] += revaluation.change
            break
    return conflict.with_payoffs(payoffs.worth(worth))


def members_revaluations(conflict: Conflict, bloc: BlocRemedy, state: int) -> list[Revaluation]:
    """For each member that would have to be paid, changes of one valuation that do the same."""
    payoffs = conflict.payoffs
    names = [i.name for i in payoffs.interests]
    found = []
    for member, gain_t, turned_t in zip(bloc.members, bloc.gain_mt, bloc.turned_mt, strict=True):
        for v, worth in zip(payoffs.valuations, payoffs.worth_v, strict=True):
            if v.party != member:
                continue
            effect_s = payoffs.effect_ks[names.index(v.interest)]
            slope_t = effect_s[bloc.moves[turned_t]] - effect_s[state]
            gain = gain_t[turned_t]
            fixed = bool((gain[slope_t == 0] > 0).any())
            with np.errstate(divide="ignore", invalid="ignore"):
                end_t = -gain / slope_t
            low = float(end_t[slope_t < 0].max(initial=-math.inf))
            high = float(end_t[slope_t > 0].min(initial=math.inf))
            numbers: Intervals = () if fixed or low > high else ((low, high),)
            label = payoffs.interests[names.index(v.interest)].label
            found.append(Revaluation(member, label, float(worth), nearest_zero(numbers), numbers))
    return found
