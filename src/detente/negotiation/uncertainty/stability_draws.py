"""How likely each state is to be stable, and to be accepted by all who would have to move to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array, Codes, Mask
from detente.negotiation.conflict import Conflict
from detente.negotiation.errors import NegotiationError
from detente.negotiation.payoffs import Payoffs
from detente.negotiation.stability.concepts import CONCEPTS, Concept, stable
from detente.negotiation.stability.moves import stacked_game
from detente.negotiation.stability.paths import accepted
from detente.negotiation.uncertainty.chances import Chances, chances, ranges_of
from detente.negotiation.words import Table, percent

_STATES_AT_ONCE = 2**13
_SUPPLIED = "money"


@final
@dataclass(frozen=True, eq=False)
class LastingChances:
    """Chances of every state over draws of valuations and money.

    Attributes:
        conflict: at central values.
        concepts: the concepts asked for.
        stable_cs: chance that a state is stable for all parties, (C, S).
        accepted_s: chance that all whose measures would change move there from the status quo,
            (S,); 1 for the status quo.
        chances: the answers behind it, those of `stable_cs` flattened and then those of
            `accepted_s`.
    """

    conflict: Conflict
    concepts: tuple[Concept, ...]
    stable_cs: Array = field(repr=False)
    accepted_s: Array = field(repr=False)
    chances: Chances = field(repr=False)

    def turned_by(self, state: int, concept: Concept | None = None) -> tuple[str, float] | None:
        """The parameter that alone turns an answer most often, and in which share of its draws.

        Args:
            state: the state.
            concept: whether it is stable in that sense; whether it is accepted if None.
        """
        size = self.conflict.space.size
        row = len(self.concepts) if concept is None else self.concepts.index(concept)
        return self.chances.turned_by(row * size + state)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The status quo under each concept, with what turns the answer."""
        here = self.conflict.status_quo
        where = self.conflict.label(here)
        draws = f"{self.chances.draws:,} draws"
        return tuple(
            f"The status quo, {where}, is stable for all ({concept}) in "
            f"{percent(float(self.stable_cs[c, here]))} of {draws}; "
            f"{self._turned(here, concept)}."
            for c, concept in enumerate(self.concepts)
        )

    def _turned(self, state: int, concept: Concept | None) -> str:
        found = self.turned_by(state, concept)
        if found is None:
            return "no parameter alone turns that answer"
        return f"{found[0]} alone turns that answer in {percent(found[1])} of its draws"

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def table(self) -> Table:
        """A row for each state that is stable or accepted in some draw, the status quo first."""
        here = self.conflict.status_quo
        some = (self.stable_cs.max(axis=0) > 0) | (self.accepted_s > 0)
        states = [here, *(int(s) for s in np.flatnonzero(some) if s != here)]
        rows = []
        for s in states:
            turned = [self.turned_by(s, c) for c in (*self.concepts, None)]
            rows.append(
                (
                    s,
                    self.conflict.label(s),
                    *(float(x) for x in self.stable_cs[:, s]),
                    float(self.accepted_s[s]),
                    *(t[0] if t else None for t in turned),
                )
            )
        asked = (*self.concepts, "accepted")
        return Table(("code", "state", *asked, *(f"{a} turned by" for a in asked)), tuple(rows))


def lasting_chances(
    conflict: Conflict,
    *,
    concepts: tuple[Concept, ...] = CONCEPTS,
    draws: int = 1000,
    seed: int = 0,
    money_dhq: ArrayLike | None = None,
    supplied: str = _SUPPLIED,
    alone: int = 64,
) -> LastingChances:
    """How likely every state is to be stable and to be accepted.

    Valuations with a range follow a triangular distribution over it, independently of each other.

    Args:
        conflict: the conflict, with the central values.
        concepts: which senses of stable.
        draws: how many.
        seed: of the draws.
        money_dhq: money by draw, holder and setting of trade, such as from draws of elasticities,
            (D, H, Q); as in the conflict if None.
        supplied: how results name what those draws vary.
        alone: draws of each parameter alone, for what turns an answer.

    Returns:
        LastingChances: shares of draws in which a state is stable and in which it is accepted.

    Raises:
        NegotiationError: if `money_dhq` does not fit the conflict or does not hold numbers.
    """
    payoffs = conflict.payoffs
    money = None if money_dhq is None else _checked(np.asarray(money_dhq, dtype=float), payoffs)
    places = ranges_of(payoffs.valuations)
    there = conflict.space.reachable(conflict.status_quo)

    def conflicts(values_bp: Array, index_b: Codes) -> list[Conflict]:
        found = []
        for values, k in zip(values_bp, index_b.tolist(), strict=True):
            worth = payoffs.worth_v.copy()
            worth[[place for place, _ in places]] = values
            each = payoffs.worth(worth)
            if money is not None and k >= 0:
                each = each.with_money(money[k])
            found.append(conflict.with_payoffs(each))
        return found

    def answers(values_bp: Array, index_b: Codes) -> Mask:
        drawn = conflicts(values_bp, index_b)
        held = stable(stacked_game(drawn), concepts)
        each_cs = [held[c].all(axis=0).reshape(len(drawn), -1) for c in concepts]
        agreed = np.zeros((len(drawn), conflict.space.size), dtype=np.bool_)
        agreed[:, conflict.status_quo] = True
        for row, each in zip(agreed, drawn, strict=True):
            row[there] = accepted(each, conflict.status_quo, there)
        return np.concatenate([*each_cs, agreed], axis=1)

    found = chances(
        answers,
        [r for _, r in places],
        draws=draws,
        seed=seed,
        supplied=supplied if money is not None else "",
        supplied_draws=0 if money is None else len(money),
        alone=alone,
        batch=max(_STATES_AT_ONCE // conflict.space.size, 1),
    )
    rows = found.chance_a.reshape(len(concepts) + 1, -1)
    return LastingChances(conflict, concepts, rows[:-1], rows[-1], found)


def _checked(money_dhq: Array, payoffs: Payoffs) -> Array:
    if money_dhq.ndim != 3 or money_dhq.shape[1:] != payoffs.money_hq.shape:
        raise NegotiationError(
            f"The draws of money have shape {money_dhq.shape}.",
            f"Give them as (draws, {', '.join(map(str, payoffs.money_hq.shape))}), by holder and "
            "setting.",
        )
    if not np.isfinite(money_dhq).all():
        raise NegotiationError(
            "The draws of money hold something that is not a number.",
            "Leave out the draws that have no answer.",
        )
    return money_dhq
