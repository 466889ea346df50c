"""A package as steps that are taken one after another, and what each party can do instead.

A step is taken at the start of a period; the period then pays what the state after it pays, and
the step its one-off amounts: V_i(S) = u_i(S′) + once_i + δ_i V_i(S′), and u_i/(1 − δ_i) at the end.
Who is to move can withhold; whoever has taken reversible steps can roll them back, at any turn and
after the last step. The others then snap back their own reversible steps a period later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np

from detente._types import Array, Codes, Mask
from detente.negotiation.errors import label_faults, near, no_number, require

LARGEST_PACKAGE = 22


@final
@dataclass(frozen=True)
class Step:
    """One measure that changes.

    Attributes:
        name: its label.
        owner: the party that takes it.
        reversible: whether the owner can take it back; a release cannot be.
        once: one-off gains by party when it is taken, in the unit of the payoffs.
    """

    name: str
    owner: str
    reversible: bool = True
    once: Mapping[str, float] = field(default_factory=dict)


@final
@dataclass(frozen=True)
class Exchange:
    """A package of steps, what every part of it pays, and how patient the parties are.

    Attributes:
        steps: the steps; step j is bit j of a state.
        parties: labels of the parties.
        payoff_sp: payoff a period in every subset of the package, (2^M, P), in one unit.
        patience: what a unit in the next period is worth in this one, by party, below 1.
        snap_back: whether the others take back their reversible part when one deviates.
    """

    steps: tuple[Step, ...]
    parties: tuple[str, ...]
    payoff_sp: Array = field(repr=False)
    patience: tuple[float, ...]
    snap_back: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "parties", tuple(self.parties))
        require(self._no_numbers())
        object.__setattr__(self, "patience", tuple(float(d) for d in self.patience))
        payoff = np.ascontiguousarray(self.payoff_sp, dtype=np.float64)
        object.__setattr__(self, "payoff_sp", payoff)
        require(self._faults())

    @cached_property
    def once_jp(self) -> Array:
        """One-off gains, (M, P)."""
        return np.array([[s.once.get(p, 0.0) for p in self.parties] for s in self.steps])

    @cached_property
    def owner_j(self) -> Codes:
        """Place of the owner of each step, (M,)."""
        return np.array([self.parties.index(s.owner) for s in self.steps], dtype=np.int64)

    @cached_property
    def reversible_p(self) -> tuple[int, ...]:
        """Code of the reversible steps of each party, (P,)."""
        return tuple(
            sum(1 << j for j, s in enumerate(self.steps) if s.reversible and s.owner == party)
            for party in self.parties
        )

    @cached_property
    def delta_p(self) -> Array:
        """Discount factors, (P,)."""
        return np.array(self.patience)

    def alternatives(self, p: int, codes: Codes) -> Alternatives:
        """What one party can have instead of going on, at some states."""
        own = self.reversible_p[p]
        others = sum(self.reversible_p) - own if self.snap_back else 0
        payoff_s = self.payoff_sp[:, p]
        both = payoff_s[codes & ~(own | others)]
        return Alternatives(
            now_withhold=payoff_s[codes],
            then_withhold=np.maximum(payoff_s[codes & ~others], both),
            now_roll_back=payoff_s[codes & ~own],
            then_roll_back=both,
            can_roll_back=codes & own != 0,
        )

    def _no_numbers(self) -> Iterator[str]:
        """What cannot even be read as numbers, before anything is done with it."""
        if (wrong := no_number(self.payoff_sp)) is not None:
            place, value = wrong
            if len(place) == 2 and place[1] < len(self.parties):
                yield (
                    f"The payoff of {self.parties[place[1]]} in state {place[0]} is {value}, not a "
                    "number."
                )
            else:
                yield f"Payoffs hold {value}: a number for each state and party is needed."
        if (wrong := no_number(self.patience)) is not None:
            place, value = wrong
            party = self.parties[place[0]] if place and place[0] < len(self.parties) else "a party"
            yield f"The patience of {party} is {value}: from 0 to below 1 is needed."

    def _faults(self) -> Iterator[str]:
        yield from label_faults([s.name for s in self.steps], "step")
        yield from label_faults(self.parties, "party")
        size, parties = len(self.steps), len(self.parties)
        if size > LARGEST_PACKAGE:
            yield (
                f"{size} steps have 2^{size} subsets: up to {LARGEST_PACKAGE} can be put in order. "
                "Tie steps together that are taken together."
            )
        elif self.payoff_sp.shape != (2**size, parties):
            yield (
                f"Payoffs have shape {self.payoff_sp.shape}; {size} steps and {parties} parties "
                f"need {(2**size, parties)}."
            )
        elif not np.isfinite(self.payoff_sp).all():
            state, party = np.argwhere(~np.isfinite(self.payoff_sp))[0].tolist()
            yield f"The payoff of {self.parties[party]} in state {state} is not a finite number."
        for step in self.steps:
            for what, names in (("belongs to", [step.owner]), ("pays once to", step.once)):
                for name in names:
                    if name not in self.parties:
                        yield f"{step.name} {what} {name!r}. {near(name, self.parties)}"
            for name, amount in step.once.items():
                if no_number([amount]) or not np.isfinite(amount):
                    yield f"What {step.name} pays once to {name} is not a finite number."
        if len(self.patience) != parties:
            yield f"{parties} parties need as many values of patience, not {len(self.patience)}."
        for name, delta in zip(self.parties, self.patience, strict=False):
            if not 0 <= delta < 1:
                yield f"The patience of {name} is {delta}: from 0 to below 1 is needed."


@final
@dataclass(frozen=True)
class Alternatives:
    """Payoffs of one party if it deviates: in this period, and in every later one.

    Attributes:
        now_withhold: nothing is done in this period.
        then_withhold: the others have snapped back; the better with or without its own part.
        now_roll_back: its own reversible part is taken back.
        then_roll_back: all reversible parts are taken back.
        can_roll_back: whether it has anything to take back.
    """

    now_withhold: Array
    then_withhold: Array
    now_roll_back: Array
    then_roll_back: Array
    can_roll_back: Mask

    def withhold(self, delta: float) -> Array:
        """Present value of withholding."""
        return self.now_withhold + delta / (1 - delta) * self.then_withhold

    def roll_back(self, delta: float) -> Array:
        """Present value of rolling back; minus infinity where there is nothing to take back."""
        value = self.now_roll_back + delta / (1 - delta) * self.then_roll_back
        return np.where(self.can_roll_back, value, -np.inf)


def orders_of(exchange: Exchange, orders: Sequence[Sequence[str]]) -> Codes:
    """Orders given by names as places of steps, (N, M).

    Raises:
        NegotiationError: for an order that is not one of all steps.
    """
    names = [s.name for s in exchange.steps]
    faults = []
    for order in orders:
        faults += [f"{n!r} is no step. {near(n, names)}" for n in order if n not in names]
        if not faults and sorted(order) != sorted(names):
            faults.append(
                f"The order {', '.join(order)} has to hold each of {len(names)} steps once."
            )
    require(faults)
    return np.array([[names.index(n) for n in order] for order in orders], dtype=np.int64)
