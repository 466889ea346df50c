"""What every state is worth to every party: money, and what it would pay for the rest.

u_i(s) = E_i(s) + Σ_k v_ik φ_k(s), summed over the members of a bloc.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array, Codes
from detente.negotiation.errors import near
from detente.negotiation.model import Party, StateSpace


@final
@dataclass(frozen=True, eq=False)
class Interest:
    """Something other than money that states differ in.

    Attributes:
        name: how valuations refer to it.
        effects: how much of it each bit in force adds, by the bit's name; or an amount for every
            state, (S,).
        label: how sentences name it; the name if empty.
        unit: of what is counted.
    """

    name: str
    effects: Mapping[str, float] | Array
    label: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label or self.name)


@final
@dataclass(frozen=True)
class Valuation:
    """What a party would pay for one unit of an interest.

    Attributes:
        party: a government, a member, or a bloc, whose members then share it evenly.
        interest: name of the interest.
        value: in the unit of money.
        low: lowest value thought possible; the value if None.
        high: highest.
        source: where it comes from; an analyst's estimate if empty.
    """

    party: str
    interest: str
    value: float
    low: float | None = None
    high: float | None = None
    source: str = ""

    @property
    def name(self) -> str:
        """Party and interest."""
        return f"{self.party}: {self.interest}"


@final
@dataclass(frozen=True, eq=False)
class Payoffs:
    """Payoffs by holder (a government or a member of a bloc), by component.

    Attributes:
        parties: the parties, n.
        holders: whose payoffs are kept, (H,); the parties' holders in their order.
        party_h: index of each holder's party, (H,).
        money_hq: money by setting of the trade bits, (H, Q), in one unit.
        setting_s: which setting each state has, (S,).
        interests: the K interests.
        effect_ks: how much of each interest a state has, (K, S).
        valuations: the V valuations as stated.
        worth_v: the value of each, (V,); those stated unless drawn.
        unit: of money and valuations.
    """

    parties: tuple[Party, ...]
    holders: tuple[str, ...]
    party_h: Codes = field(repr=False)
    money_hq: Array = field(repr=False)
    setting_s: Codes = field(repr=False)
    interests: tuple[Interest, ...]
    effect_ks: Array = field(repr=False)
    valuations: tuple[Valuation, ...]
    worth_v: Array = field(repr=False)
    unit: str = "million a year"

    @classmethod
    def of(
        cls,
        space: StateSpace,
        parties: Sequence[Party],
        *,
        money: Mapping[str, ArrayLike] | None = None,
        trade: Sequence[str] = (),
        interests: Sequence[Interest] = (),
        valuations: Sequence[Valuation] = (),
        unit: str = "million a year",
    ) -> Payoffs:
        """Payoffs from money by setting and valuations; check with `payoff_faults` first."""
        holders = tuple(h for p in parties for h in p.holders)
        count = 1 << len(trade)
        given = money or {}
        settings = np.zeros(space.size, dtype=np.int64)
        for place, bit in enumerate(trade):
            settings |= (space.codes >> space.bits.index(bit) & 1) << place
        return cls(
            tuple(parties),
            holders,
            np.array([k for k, p in enumerate(parties) for _ in p.holders], dtype=np.int64),
            np.array([np.asarray(given.get(h, np.zeros(count)), dtype=float) for h in holders]),
            settings,
            tuple(interests),
            np.array([_effect(i, space) for i in interests]).reshape(len(interests), space.size),
            tuple(valuations),
            np.array([v.value for v in valuations], dtype=float),
            unit,
        )

    @cached_property
    def value_hk(self) -> Array:
        """What each holder would pay for a unit of each interest, (H, K)."""
        found = np.zeros((len(self.holders), len(self.interests)))
        names = [i.name for i in self.interests]
        for valuation, worth in zip(self.valuations, self.worth_v, strict=True):
            rows = self._rows(valuation.party)
            found[rows, names.index(valuation.interest)] += worth / len(rows)
        return found

    @cached_property
    def value_ik(self) -> Array:
        """What each party values, its members summed, (n, K)."""
        return self._summed(self.value_hk)

    @cached_property
    def money_is(self) -> Array:
        """Money of every party in every state, (n, S)."""
        return np.take(self._summed(self.money_hq), self.setting_s, axis=1)

    @cached_property
    def total_is(self) -> Array:
        """Payoff of every party in every state, (n, S)."""
        return np.asarray(self.money_is + self.value_ik @ self.effect_ks)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The components: money, then the interests."""
        return ("money", *(i.label for i in self.interests))

    def members(self, party: int) -> Array:
        """Payoffs of a bloc's members, or of a government itself, (M, S)."""
        if party not in self._members:
            rows = self.party_h == party
            money = self.money_hq[rows].take(self.setting_s, axis=1)
            self._members[party] = money + self.value_hk[rows] @ self.effect_ks
        return self._members[party]

    @cached_property
    def _members(self) -> dict[int, Array]:
        return {}

    def components(self, party: int, states: ArrayLike) -> Array:
        """Payoff of a party in some states by component, (1 + K, …): money, then interests."""
        at = np.asarray(states, dtype=np.int64)
        money = self._summed(self.money_hq)[party, self.setting_s[at]]
        rest = self.value_ik[party].reshape(-1, *[1] * at.ndim) * self.effect_ks[:, at]
        return np.concatenate([money[None], rest])

    def worth(self, values: ArrayLike) -> Payoffs:
        """The payoffs with other values of the valuations, (V,)."""
        return replace(self, worth_v=np.asarray(values, dtype=float))

    def with_money(self, money_hq: ArrayLike) -> Payoffs:
        """The payoffs with other money by holder and setting, (H, Q)."""
        return replace(self, money_hq=np.asarray(money_hq, dtype=float))

    def _rows(self, name: str) -> list[int]:
        for k, party in enumerate(self.parties):
            if party.name == name:
                return np.flatnonzero(self.party_h == k).tolist()
        return [self.holders.index(name)]

    def _summed(self, of_h: Array) -> Array:
        starts = np.flatnonzero(np.diff(self.party_h, prepend=-1))
        return np.asarray(np.add.reduceat(of_h, starts, axis=0))


def payoff_faults(
    bits: Sequence[str],
    parties: Sequence[Party],
    money: Mapping[str, ArrayLike] | None,
    trade: Sequence[str],
    interests: Sequence[Interest],
    valuations: Sequence[Valuation],
) -> Iterator[str]:
    """Everything that is wrong with what payoffs are made of."""
    holders = [h for p in parties for h in p.holders]
    for bit in trade:
        if bit not in bits:
            yield f"{bit!r} is said to change trade and is no measure. {near(bit, bits)}"
    if money is not None:
        yield from _money_faults(money, holders, 1 << len(trade))
    for interest in interests:
        yield from _interest_faults(interest, bits)
    known = [i.name for i in interests]
    names = list(dict.fromkeys([*(p.name for p in parties), *holders]))
    for v in valuations:
        if v.party not in names:
            yield f"{v.party!r} values {v.interest!r} and is no party. {near(v.party, names)}"
        if v.interest not in known:
            which = near(v.interest, known)
            yield f"{v.party} values {v.interest!r}, which is no interest. {which}"
        yield from _range_faults(v)


def _money_faults(
    money: Mapping[str, ArrayLike], holders: Sequence[str], count: int
) -> Iterator[str]:
    for name in money:
        if name not in holders:
            yield f"{name!r} has money and is neither party nor member. {near(name, holders)}"
    for name in holders:
        if name not in money:
            yield f"{name} has no money: give its payoff in each setting of trade, zeros if none."
            continue
        given = np.asarray(money[name])
        if given.dtype.kind not in "iuf" or given.shape != (count,):
            yield (
                f"The money of {name} has shape {given.shape} and type {given.dtype}: {count} "
                "numbers are needed, one for each setting of the measures that change trade."
            )
        elif not np.isfinite(given).all():
            at = int(np.flatnonzero(~np.isfinite(given))[0])
            yield f"The payoff of {name} in setting {at} is {given[at]}, not a number."


def _interest_faults(interest: Interest, bits: Sequence[str]) -> Iterator[str]:
    if not isinstance(interest.effects, Mapping):
        given = np.asarray(interest.effects)
        if given.shape != (1 << len(bits),):
            yield f"{interest.name} has effects of shape {given.shape}, not ({1 << len(bits)},)."
        elif given.dtype.kind not in "iufb" or not np.isfinite(given).all():
            yield f"The effects on {interest.name} are not all numbers."
        return
    for bit, amount in interest.effects.items():
        if bit not in bits:
            yield f"{bit!r} adds to {interest.name} and is no measure. {near(bit, bits)}"
        if not _is_number(amount):
            yield f"{bit} adds {amount!r} to {interest.name}, which is not a number."


def _range_faults(v: Valuation) -> Iterator[str]:
    low, high = (v.value if x is None else x for x in (v.low, v.high))
    if not all(_is_number(x) for x in (v.value, low, high)):
        yield f"The value of {v.name} is {v.value!r} ({low!r} to {high!r}), which is not a number."
    elif not low <= v.value <= high:
        yield f"The value of {v.name}, {v.value:g}, lies outside its range {low:g} to {high:g}."


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float | np.number)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def _effect(interest: Interest, space: StateSpace) -> Array:
    if not isinstance(interest.effects, Mapping):
        return np.asarray(interest.effects, dtype=float)
    found = np.zeros(space.size)
    for bit, amount in interest.effects.items():
        found += amount * (space.codes >> space.bits.index(bit) & 1)
    return found
