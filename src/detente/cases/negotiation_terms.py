"""The negotiation of a case in plain numbers, as the analysis of negotiations takes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array, Mask
from detente.cases.errors import CaseError, Fault
from detente.cases.overrides import drawn
from detente.cases.rules import Rule

if TYPE_CHECKING:
    from detente.cases.case_data import CaseData
    from detente.cases.economy import Party
    from detente.cases.measures import Measure
    from detente.cases.negotiation import Negotiation


@dataclass(frozen=True)
class Move:
    """One bit of a state: a measure that is in force or not.

    Attributes:
        id: of the measure.
        owner: the party that can put it into force and lift it.
        reversible: whether the owner can lift it again.
        adopt: rule to put it into force.
        renew: rule to keep it at its expiry.
        repeal: rule to lift it before.
        lapses: whether it ends if nobody renews it.
        renewal: id of the decision that renews it with others; empty if there is none.
        ratified_by: other parties that can block a change of it.
        in_trade: whether it sets something in the economy.
    """

    id: str
    owner: str
    reversible: bool
    adopt: Rule
    renew: Rule
    repeal: Rule
    lapses: bool
    renewal: str
    ratified_by: tuple[str, ...]
    in_trade: bool


@dataclass(frozen=True)
class Voice:
    """One party of the negotiation.

    Attributes:
        id: of the party.
        name: for readers.
        role: `negotiating`, `affected` or `ratifier`.
        rule: how it decides.
        members: those who vote in it or make it up, ISO3.
        patience: what a year's delay leaves of a value; None where the case does not say.
        reservation: what it has to gain over the status quo to sign, USD million a year; of a bloc
            what its members need together.
        weight: in bargaining.
    """

    id: str
    name: str
    role: str
    rule: Rule
    members: tuple[str, ...] = field(repr=False)
    patience: float | None
    reservation: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True)
class Link:
    """A channel that is open on the day: its id, its two parties and its fidelity, in (0, 1]."""

    id: str
    between: tuple[str, str]
    fidelity: float


@dataclass(frozen=True, eq=False)
class NegotiationTerms:
    """What a negotiation needs besides the economy: M moves, I parties and K interests.

    Attributes:
        day: on which the status quo, members and dated parameters are read.
        moves: the bits, the first the lowest.
        parties: all parties of the case, in its order.
        signatories: those whose acceptance a package needs.
        interests: ids, in the order of the file.
        status_quo_m: whether each move is in force, (M,).
        background: measures in force on the day that are no moves; they do not change.
        effect_km: units of each interest that a move in force adds, (K, M).
        worth_ik: USD million a year per unit, a bloc's summed over its members, (I, K); 0 where
            nothing is said. A bloc's entries of single members replace shares of it and need
            incomes: see `member_worth`.
        implications: pairs (a, b) of moves: a in force requires b in force.
        exclusions: pairs (a, b) of moves that are never both in force.
        links: the channels open on the day.
        step_years: years between two steps of a sequence.
    """

    day: dt.date
    moves: tuple[Move, ...]
    parties: tuple[Voice, ...]
    signatories: tuple[str, ...]
    interests: tuple[str, ...]
    status_quo_m: Mask
    background: tuple[str, ...]
    effect_km: Array = field(repr=False)
    worth_ik: Array = field(repr=False)
    implications: tuple[tuple[int, int], ...]
    exclusions: tuple[tuple[int, int], ...]
    links: tuple[Link, ...] = field(repr=False)
    step_years: float
    _single: Mapping[tuple[str, str, str], float] = field(repr=False)

    @property
    def status_quo(self) -> int:
        """The state in force, with move m as bit m."""
        return int(sum(1 << m for m, on in enumerate(self.status_quo_m) if on))

    @property
    def value_im(self) -> Array:
        """What each party would pay a year for each move to be in force, trade apart, (I, M).

        USD million. Single members' own values are not in a bloc's row; see `member_worth`.
        """
        return self.worth_ik @ self.effect_km

    def place(self, party: str) -> int:
        """The position of a party; an unknown one raises `KeyError`."""
        return {voice.id: i for i, voice in enumerate(self.parties)}[party]

    def member_worth(self, party: str, income: Mapping[str, float]) -> Array:
        """What each member of a party would pay, USD million a year per unit, (members, K).

        A member holds, in this order: what the party's entry for that member says; what the party
        that consists of that member alone holds; its share, by income, of the bloc's value.

        Args:
            party: its id.
            income: by ISO3 code, any measure of size above 0; a member without one has no share.
        """
        i = self.place(party)
        members = self.parties[i].members
        size = np.array([income.get(code, 0.0) for code in members])
        if size.sum() <= 0:
            raise ValueError(f"no member of {party} has an income above 0.")
        out = np.outer(size / size.sum(), self.worth_ik[i])
        alone = {v.members[0]: v for v in reversed(self.parties) if len(v.members) == 1}
        for row, code in enumerate(members):
            twin = alone.get(code)
            for k, interest in enumerate(self.interests):
                if twin is not None and twin.id != party and self.worth_ik[self.place(twin.id), k]:
                    out[row, k] = self.worth_ik[self.place(twin.id), k]
                out[row, k] = self._single.get((party, code, interest), out[row, k])
        return out


def negotiation_terms(case: CaseData, day: dt.date | str | None = None) -> NegotiationTerms:
    """The negotiation of a case; see `Case.negotiation_terms`.

    Args:
        case: the case.
        day: on which things are read; the day of `status_quo`, else the case's, if None.
    """
    negotiation = case.negotiation
    if negotiation is None:
        remedy = "Write a `negotiation` block with moves and signatories."
        raise CaseError([Fault(0, "negotiation", "is missing.", remedy)], case.name)
    own = negotiation.status_quo if isinstance(negotiation.status_quo, dt.date) else case.date
    on = dt.date.fromisoformat(day) if isinstance(day, str) else day or own
    moves = [case.measure(name) for name in negotiation.moves]
    return NegotiationTerms(
        day=on,
        moves=tuple(_move(case, m) for m in moves),
        parties=tuple(_voice(case, p, on) for p in case.parties),
        signatories=negotiation.signatories,
        interests=tuple(i.id for i in case.interests),
        status_quo_m=np.array(
            [
                m.id in negotiation.status_quo
                if isinstance(negotiation.status_quo, tuple) and day is None
                else m.in_force_on(on)
                for m in moves
            ],
            dtype=np.bool_,
        ),
        background=tuple(m.id for m in case.in_force(on) if m.id not in negotiation.moves),
        effect_km=np.array(
            [[case.number(m.effects.get(i.id, 0.0), on) for m in moves] for i in case.interests]
        ).reshape(len(case.interests), len(moves)),
        worth_ik=_worth(case),
        implications=_implications(negotiation, moves),
        exclusions=_exclusions(negotiation),
        links=tuple(
            Link(c.id, c.between, drawn(case, f"fidelity.{c.id}", c.fidelity.value))
            for c in case.channels
            if c.open_on(on)
        ),
        step_years=case.number(negotiation.step_years, on),
        _single={
            (v.party, v.member, v.interest): drawn(case, v.name, v.value)
            for v in case.valuations
            if v.member is not None
        },
    )


def _move(case: CaseData, measure: Measure) -> Move:
    own = case.party(measure.owner).rule
    rules, renewal = measure.rules, case.renewal_of(measure.id)
    return Move(
        id=measure.id,
        owner=measure.owner,
        reversible=measure.reversible,
        adopt=rules.adopt or own,
        renew=(rules.renew if renewal is None else renewal.rule) or own,
        repeal=rules.repeal or own,
        lapses=measure.expiry == "lapses",
        renewal="" if renewal is None else renewal.id,
        ratified_by=measure.ratified_by,
        in_trade=bool(measure.sets),
    )


def _voice(case: CaseData, party: Party, day: dt.date) -> Voice:
    patience = party.patience
    return Voice(
        id=party.id,
        name=party.name,
        role=party.role,
        rule=party.rule,
        members=case.voters(party.id, day),
        patience=None if patience is None else drawn(case, f"patience.{party.id}", patience.value),
        reservation=drawn(case, f"reservation.{party.id}", party.reservation.value),
        weight=case.number(party.weight, day),
    )


def _worth(case: CaseData) -> Array:
    place = {p.id: i for i, p in enumerate(case.parties)}
    column = {i.id: k for k, i in enumerate(case.interests)}
    out = np.zeros((len(place), len(column)))
    for v in case.valuations:
        if v.member is None:
            out[place[v.party], column[v.interest]] = drawn(case, v.name, v.value)
    return out


def _implications(negotiation: Negotiation, moves: list[Measure]) -> tuple[tuple[int, int], ...]:
    bit = {name: k for k, name in enumerate(negotiation.moves)}
    levels = [(bit[m.id], bit[m.after]) for m in moves if m.after in bit]
    needs = [(bit[c.measure], bit[other]) for c in negotiation.constraints for other in c.requires]
    return tuple(dict.fromkeys([*levels, *needs]))


def _exclusions(negotiation: Negotiation) -> tuple[tuple[int, int], ...]:
    bit = {name: k for k, name in enumerate(negotiation.moves)}
    pairs = [(bit[c.measure], bit[other]) for c in negotiation.constraints for other in c.excludes]
    return tuple(dict.fromkeys(pairs))
