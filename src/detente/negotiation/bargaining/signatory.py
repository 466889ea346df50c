"""Who has to sign a package, what it gains and how it decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from detente._types import Array, Mask
from detente.negotiation.errors import no_number, require
from detente.negotiation.voting.blocking import Blocking, blocking
from detente.negotiation.voting.rules import Indifferent, Rule


@final
@dataclass(frozen=True)
class Signatory:
    """A government, or a bloc whose members decide by rules.

    Attributes:
        name: its label.
        payoff_s: its payoff in every state, (S,), in one unit for all parties; of a bloc the sum
            over its members if left out.
        rules: rules that a package has to pass inside a bloc, all of them; none for a government.
        member_payoff_sm: payoff of each member in every state, (S, M), in the rules' order.
        accepts_s: in which states it would sign, (S,), where that was decided elsewhere, such as by
            a rule for each measure; payoffs and rules then only tell gains and blockers.
        reserve: what it has to gain over the status quo to sign, in the unit of the payoffs: what
            it could have without the others. Points of bargaining are measured from there.
        member_reserve_m: the reserve of each member of a bloc, (M,); 0 for all if left out.
    """

    name: str
    payoff_s: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    rules: tuple[Rule, ...] = ()
    member_payoff_sm: Array | None = field(default=None, repr=False)
    accepts_s: Mask | None = field(default=None, repr=False)
    reserve: float = 0.0
    member_reserve_m: Array | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        rules = (self.rules,) if isinstance(self.rules, Rule) else tuple(self.rules)
        object.__setattr__(self, "rules", rules)
        require(self._faults())
        require(self._no_numbers())
        if self.member_payoff_sm is not None:
            by_member = np.asarray(self.member_payoff_sm, dtype=np.float64)
            object.__setattr__(self, "member_payoff_sm", by_member)
            if not np.size(self.payoff_s):
                object.__setattr__(self, "payoff_s", by_member.sum(axis=1))
        object.__setattr__(self, "payoff_s", np.asarray(self.payoff_s, dtype=np.float64))
        require(self._payoff_faults())

    def _faults(self) -> Iterator[str]:
        if not self.name:
            yield "A signatory has no name: give each one."
        if bool(self.rules) != (self.member_payoff_sm is not None):
            yield (
                f"{self.name} has rules without payoffs of its members, or payoffs without rules: "
                "a bloc needs both, a government neither."
            )
        if len({r.members for r in self.rules}) > 1:
            yield f"The rules of {self.name} name different members: all need the same, in order."
        if self.rules and self.member_payoff_sm is not None:
            shape = np.shape(self.member_payoff_sm)
            if len(shape) != 2 or shape[1] != len(self.rules[0].members):
                yield (
                    f"Payoffs of the members of {self.name} have shape {shape}; states by "
                    f"{len(self.rules[0].members)} members are needed."
                )

    def _no_numbers(self) -> Iterator[str]:
        """What cannot even be read as numbers, before anything is done with it."""
        if (wrong := no_number(self.payoff_s)) is not None:
            place, value = wrong
            where = f" in state {place[0]}" if place else ""
            yield f"The payoff of {self.name}{where} is {value}, not a number."
        if self.member_payoff_sm is not None and (wrong := no_number(self.member_payoff_sm)):
            place, value = wrong
            member = f"the member {self.rules[0].members[place[1]]} of " if len(place) == 2 else ""
            where = f" in state {place[0]}" if place else ""
            yield f"The payoff of {member}{self.name}{where} is {value}, not a number."

    def _payoff_faults(self) -> Iterator[str]:
        if self.payoff_s.ndim != 1 or not self.payoff_s.size:
            yield f"{self.name} needs one payoff for each state, not shape {self.payoff_s.shape}."
        elif not np.isfinite(self.payoff_s).all():
            place = int(np.argmin(np.isfinite(self.payoff_s)))
            yield f"The payoff of {self.name} in state {place} is not a finite number."
        if self.accepts_s is not None and np.shape(self.accepts_s) != self.payoff_s.shape:
            yield (
                f"{self.name} signs by {np.shape(self.accepts_s)} states and has payoffs in "
                f"{len(self.payoff_s)}."
            )
        by_member = self.member_payoff_sm
        if not np.isfinite(self.reserve) or not np.isfinite(self.needed_m).all():
            yield f"What {self.name} has to gain to sign is not a finite number."
        if self.needed_m.shape != (len(self.members),):
            yield f"{self.name} needs one reserve for each of {len(self.members)} members."
        if by_member is not None:
            if len(by_member) != len(self.payoff_s):
                yield (
                    f"{self.name} has payoffs in {len(self.payoff_s)} states and its members in "
                    f"{len(by_member)}."
                )
            if not np.isfinite(by_member).all():
                bad = set(np.flatnonzero(~np.isfinite(by_member)) % by_member.shape[1])
                names = [m for k, m in enumerate(self.rules[0].members) if k in bad]
                yield f"Payoffs in {self.name} are not finite numbers: {', '.join(names)}."

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Members of a bloc; none for a government."""
        return self.rules[0].members if self.rules else ()

    @cached_property
    def needed_m(self) -> Array:
        """What each member of a bloc has to gain to be for a package, (M,)."""
        given = self.member_reserve_m
        return np.zeros(len(self.members)) if given is None else np.asarray(given, np.float64)

    def accepts(
        self,
        status_quo: int,
        places_k: NDArray[np.int64],
        indifferent: Indifferent,
        tolerance: float,
    ) -> Mask:
        """The states, of some, in which it would rather be than in the status quo.

        A government refuses what leaves it with less than its reserve; one that neither gains nor
        loses against that does not stand in the way, unless the indifferent vote no.

        Returns:
            Booleans, (K,).
        """
        if self.accepts_s is not None:
            return np.asarray(self.accepts_s, dtype=bool)[places_k]
        by_member = self.member_payoff_sm
        if by_member is None:
            gain_k = self.payoff_s[places_k] - self.payoff_s[status_quo] - self.reserve
            signs: Mask = gain_k > tolerance if indifferent == "no" else gain_k >= -tolerance
            return signs
        gain_km = by_member[places_k] - by_member[status_quo] - self.needed_m
        found = np.ones(len(places_k), dtype=bool)
        for rule in self.rules:
            found &= rule.accepts(gain_km, indifferent, tolerance)
        return found

    def votes(
        self, status_quo: int, place: int, indifferent: Indifferent, tolerance: float
    ) -> tuple[Blocking, ...]:
        """The votes inside a bloc on one state, by rule; none for a government."""
        by_member = self.member_payoff_sm
        if by_member is None:
            return ()
        gain_m = by_member[place] - by_member[status_quo] - self.needed_m
        return tuple(
            blocking(r, gain_m, indifferent=indifferent, tolerance=tolerance) for r in self.rules
        )
