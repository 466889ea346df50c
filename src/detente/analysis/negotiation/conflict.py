"""The conflict of a case: moves as bits, parties and blocs, payoffs from trade and from interests.

`Bargaining` is the result and `bargaining` makes it. `engine_rule` turns a decision rule of the
case into one of the negotiation room. `reserves`, `weights` and `bargaining_notes` set what parties
need in order to sign, with what weight they bargain, and say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array
from detente.analysis.negotiation.labels import party_labels
from detente.analysis.negotiation.trade_settings import Money
from detente.cases import CaseError, Fault
from detente.negotiation import (
    Conflict,
    DoubleMajority,
    Interest,
    Measure,
    Party,
    Rule,
    Unanimity,
    Valuation,
    WeightedVotes,
)
from detente.negotiation.words import figure, quoted
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.cases import Case, NegotiationTerms
    from detente.cases import Rule as CaseRule


class NoNegotiation(CaseError):
    """A case lacks what a question about its negotiation needs; the message says what."""

    remedy = "Ask which states are stable: `detente stable` answers for every conflict."

    def __init__(self, case: str, message: str, remedy: str = "") -> None:
        super().__init__([Fault(0, "", message, remedy)], case)
        self.message = " ".join(p for p in (f"{case}: {message}", remedy) if p)

    def __str__(self) -> str:
        return self.message


def engine_rule(
    case: Case, rule: CaseRule, members: Sequence[str], party: str, *, of: str = ""
) -> Rule | None:
    """A rule of the case as the analysis of negotiations has it; None for a government.

    Raises:
        NoNegotiation: if a single measure of a bloc is said to be decided by nobody's vote.
    """
    kind = rule.kind
    if kind == "sovereign":
        if of and members:
            raise NoNegotiation(
                case.name,
                f"{of} belongs to {party}, a bloc, and has the rule `sovereign`.",
                "Write unanimity, double_majority or weighted.",
            )
        return None
    if of and not members:
        raise NoNegotiation(
            case.name,
            f"{of} has the rule {kind}, and its owner {party} decides alone.",
            "Give the party a rule, or leave that of the measure out.",
        )
    if kind == "unanimity":
        return Unanimity(tuple(members))
    if kind == "weighted":
        votes = tuple(int(rule.votes.get(m, 0)) for m in members)
        return WeightedVotes(tuple(members), votes, int(rule.quota or 0))
    return _double_majority(case, rule, tuple(members), party)


def _double_majority(case: Case, rule: CaseRule, members: tuple[str, ...], party: str) -> Rule:
    from detente.negotiation.voting.council import populations

    given = rule.populations or populations()
    missing = [m for m in members if m not in given]
    if missing:
        raise NoNegotiation(
            case.name,
            f"the rule of {party} has no population of {', '.join(missing)}.",
            "Write `populations` in the rule.",
        )
    return DoubleMajority(
        members,
        tuple(int(given[m]) for m in members),
        rule.member_share,
        rule.population_share,
        int(rule.blocking_minority),
    )


#: Money is kept to ten thousand dollars: smaller differences are noise of the solver, and a vote
#: must not hang on them.
GRAIN = 0.01
UNIT = "million USD a year"


@dataclass(frozen=True, eq=False)
class Bargaining:
    """A negotiation as the analysis of negotiations takes it.

    Attributes:
        case: the case.
        terms: the negotiation in plain numbers.
        money: by setting and country; None if no move touches trade.
        size: by ISO3 code, income; what members share a bloc's values by.
        conflict: all moves are free.
        alone: moves that a ratifier would block are out of the owner's hands.
        renewed: the conflict if no member ever refuses a renewal; None if nothing lapses.
        notes: what was assumed.
    """

    case: Case
    terms: NegotiationTerms
    money: Money | None = field(repr=False)
    size: Mapping[str, float] = field(repr=False)
    conflict: Conflict
    alone: Conflict = field(repr=False)
    renewed: Conflict | None = field(repr=False)
    notes: tuple[str, ...]

    @property
    def labels(self) -> dict[str, str]:
        """Names of all parties of the case inside sentences, by id."""
        return party_labels(self.case)

    @property
    def status_quo(self) -> int:
        """The state at the start."""
        return self.conflict.status_quo

    def code(self, measures: Sequence[str]) -> int:
        """The bits of some moves as a code."""
        return sum(1 << self.conflict.space.bits.index(m) for m in measures)

    def owners(self, changed: int) -> tuple[str, ...]:
        """Ids of the parties that own bits of a code."""
        space = self.conflict.space
        return tuple(p for i, p in enumerate(space.parties) if changed & space.own(i))

    @cached_property
    def bundles(self) -> dict[str, tuple[str, ...]]:
        """For each decision that renews several moves, those in force in the status quo.

        All of them where none is in force. A decision with one move alone is no bundle.
        """
        out = {}
        for name in dict.fromkeys(m.renewal for m in self.terms.moves if m.renewal and m.lapses):
            moves = tuple(m.id for m in self.terms.moves if m.renewal == name and m.lapses)
            on = tuple(m for m in moves if self.status_quo & self.code([m]))
            if len(moves) > 1:
                out[name] = on or moves
        return out

    @cached_property
    def ratifiers(self) -> dict[str, int]:
        """The code of the moves that each ratifier can block."""
        out: dict[str, int] = {}
        for move in self.terms.moves:
            for name in move.ratified_by:
                out[name] = out.get(name, 0) | self.code([move.id])
        return out

    def ratifier_gain(self, ratifier: str, value_k: Array | None = None) -> Array:
        """What a ratifier gains in every state over the status quo, (S,).

        Args:
            ratifier: its id.
            value_k: its values of the interests; those of the case if None.
        """
        i = self.terms.place(ratifier)
        worth = self.terms.worth_ik[i] if value_k is None else value_k
        total = worth @ self.conflict.payoffs.effect_ks
        return np.asarray(total - total[self.status_quo])

    def total(self, party: str, conflict: Conflict | None = None) -> Array:
        """What counts as a signatory's own payoff, (S,): members that sign themselves left out."""
        chosen = conflict or self.conflict
        i = chosen.index(party)
        own = self.twins(party)
        if not own:
            return np.asarray(chosen.payoffs.total_is[i])
        members = chosen.parties[i].members
        kept = [k for k, m in enumerate(members) if m not in own]
        return np.asarray(chosen.payoffs.members(i)[kept].sum(axis=0))

    def twins(self, party: str) -> tuple[str, ...]:
        """Members of a bloc that are signatories of their own."""
        voices = {v.id: v for v in self.terms.parties}
        alone = {
            voices[s].members[0]
            for s in self.terms.signatories
            if s != party and len(voices[s].members) == 1
        }
        bloc = self.conflict.parties[self.conflict.index(party)]
        return tuple(m for m in bloc.members if m in alone)


def bargaining(
    case: Case, terms: NegotiationTerms, money: Money | None, size: Mapping[str, float]
) -> Bargaining:
    """The conflict of a case.

    Args:
        case: the case.
        terms: the negotiation.
        money: what trade is worth in each setting.
        size: income by ISO3 code.

    Raises:
        NoNegotiation: for a rule that the analysis cannot apply.
    """
    labels = party_labels(case)
    owners = {m.owner for m in terms.moves}
    voices = [v for v in terms.parties if v.id in owners]
    notes = _notes(case, terms)
    parties = tuple(
        Party(v.id, labels[v.id], engine_rule(case, v.rule, v.members, v.id)) for v in voices
    )
    bloc = {p.name: p.members for p in parties}
    measures = [
        Measure(
            m.id,
            m.owner,
            _label(case, m.id),
            reversible=m.reversible,
            adopt=engine_rule(case, m.adopt, bloc[m.owner], m.owner, of=m.id),
            renew=engine_rule(case, m.renew, bloc[m.owner], m.owner, of=m.id),
            repeal=engine_rule(case, m.repeal, bloc[m.owner], m.owner, of=m.id),
            expiry="lapses" if m.lapses else "stays",
            renewed_with=m.renewal,
        )
        for m in terms.moves
    ]
    ids = [m.id for m in terms.moves]
    on = [m for m, is_on in zip(ids, terms.status_quo_m, strict=True) if is_on]

    def conflict(changed: Sequence[Measure], barred: Sequence[str]) -> Conflict:
        return Conflict.of(
            parties,
            changed,
            status_quo=on,
            money=None if money is None else holders_money(parties, terms, money),
            trade=money.trade if money is not None else (),
            interests=_interests(case, terms),
            valuations=_valuations(case, terms, parties, size),
            forbidden=[
                *({ids[a]: True, ids[b]: True} for a, b in terms.exclusions),
                *({m: True} for m in barred),
            ],
            implies=[({ids[a]: True}, {ids[b]: True}) for a, b in terms.implications],
            unit=UNIT,
        )

    free = conflict(measures, ())
    fixed, barred = _blocked(terms, on)
    alone = free
    held = measures
    if fixed or barred:
        held = [replace(m, reversible=False, expiry="stays") if m.name in fixed else m
                for m in measures]  # fmt: skip
        alone = conflict(held, barred)
    renewed = None
    if any(m.expiry == "lapses" for m in held):
        renewed = conflict([replace(m, expiry="stays") for m in held], barred)
    return Bargaining(case, terms, money, size, free, alone, renewed, notes)


def _label(case: Case, measure: str) -> str:
    return case.measure(measure).label


def _blocked(terms: NegotiationTerms, on: Sequence[str]) -> tuple[list[str], list[str]]:
    """Moves in force that a ratifier would not let end, and moves that it would not let begin."""
    fixed, barred = [], []
    for k, move in enumerate(terms.moves):
        worth = [float(terms.value_im[terms.place(r), k]) for r in move.ratified_by]
        if move.id in on and any(w > 0 for w in worth):
            fixed.append(move.id)
        if move.id not in on and any(w < 0 for w in worth):
            barred.append(move.id)
    return fixed, barred


def _interests(case: Case, terms: NegotiationTerms) -> list[Interest]:
    given = {i.id: i for i in case.interests}
    return [
        Interest(
            name,
            {
                m.id: float(x)
                for m, x in zip(terms.moves, terms.effect_km[k], strict=True)
                if x != 0
            },
            lower_first(given[name].label),
            given[name].unit,
        )
        for k, name in enumerate(terms.interests)
    ]


def holder_worth(
    terms: NegotiationTerms, parties: Sequence[Party], size: Mapping[str, float]
) -> list[tuple[str, Array]]:
    """What each government and member would pay for a unit of each interest, (K,) each."""
    out: list[tuple[str, Array]] = []
    for party in parties:
        i = terms.place(party.name)
        if not party.is_bloc:
            out.append((party.name, terms.worth_ik[i]))
            continue
        shares = dict(size) if size else dict.fromkeys(party.members, 1.0)
        members = terms.parties[i].members
        worth = dict(zip(members, terms.member_worth(party.name, shares), strict=True))
        out += [(m, worth[m]) for m in party.members]
    return out


def _valuations(
    case: Case, terms: NegotiationTerms, parties: Sequence[Party], size: Mapping[str, float]
) -> list[Valuation]:
    """One for each government or member and interest that it values."""
    given = {(v.party, v.interest): v.source for v in case.valuations if v.member is None}
    return [
        Valuation(holder, name, value, source=given.get((holder, name), ""))
        for holder, worth in holder_worth(terms, parties, size)
        for name, value in zip(terms.interests, worth.tolist(), strict=True)
        if value != 0
    ]


def holders_money(
    parties: Sequence[Party], terms: NegotiationTerms, money: Money, value_qn: Array | None = None
) -> dict[str, Array]:
    """Money of each government and member by setting, to the grain, (2^q,) each."""
    value = money.variation_qn if value_qn is None else value_qn
    base = value[money.here]
    place = {c: n for n, c in enumerate(money.countries)}
    out = {}
    for party in parties:
        codes = terms.parties[terms.place(party.name)].members
        for holder, own in (
            [(m, (m,)) for m in party.members] if party.is_bloc else [(party.name, codes)]
        ):
            rows = [place[c] for c in own if c in place]
            change = (value[:, rows] - base[rows]).sum(axis=1)
            out[holder] = base[rows].sum() + np.round(change / GRAIN) * GRAIN
    return out


def _notes(case: Case, terms: NegotiationTerms) -> tuple[str, ...]:
    labels = party_labels(case)
    sentences = [
        f"{quoted(_label(case, move.id))}: {labels[name]} can block a change. In packages it looks "
        "at the whole; alone, the change is blocked where it would lose by it."
        for move in terms.moves
        for name in move.ratified_by
    ]
    return (*sentences, *case.not_computed)


#: Under which names what a party has to gain is drawn.
DRAWN = "reservation."


def reserves(setting: Bargaining, party: str, changed: Mapping[str, float] | None = None) -> Array:
    """What each holder of a party has to gain over the status quo to be for a package, (H,).

    A member of a bloc needs what the party that consists of it alone needs, where that is said;
    else its share of the bloc's by income.

    Args:
        setting: the case.
        party: its id.
        changed: by party, other values than the case's.
    """
    given = {v.id: v.reservation for v in setting.terms.parties} | dict(changed or {})
    who = setting.conflict.parties[setting.conflict.index(party)]
    if not who.is_bloc:
        return np.array([given[party]])
    size = np.array([setting.size.get(m, 0.0) if setting.size else 1.0 for m in who.members])
    twins = {
        v.members[0]: given[v.id]
        for v in setting.terms.parties
        if len(v.members) == 1 and v.id != party and given[v.id]
    }
    share = given[party] * size / size.sum()
    return np.array([twins.get(m, float(s)) for m, s in zip(who.members, share, strict=True)])


def reserve(setting: Bargaining, party: str) -> float:
    """What a signatory has to gain as a sum; members that sign for themselves are left out."""
    who = setting.conflict.parties[setting.conflict.index(party)]
    twins = setting.twins(party) if who.is_bloc else ()
    each = zip(who.holders, reserves(setting, party), strict=True)
    return float(sum(r for holder, r in each if holder not in twins))


def weights(setting: Bargaining) -> dict[str, float]:
    """Bargaining weights by label of the signatories that have a move."""
    voices = {v.id: v for v in setting.terms.parties}
    conflict = setting.conflict
    return {
        conflict.labels[conflict.index(s)]: voices[s].weight
        for s in setting.terms.signatories
        if s in conflict.names
    }


def bargaining_notes(setting: Bargaining) -> tuple[str, ...]:
    """What the case says of reserves and weights, where it says anything."""
    voices = {v.id: v for v in setting.terms.parties}
    named = [(setting.labels[s], voices[s]) for s in setting.terms.signatories]
    sentences = []
    if any(v.reservation for _, v in named):
        needs = ", ".join(f"{n} {figure(v.reservation)}" for n, v in named if v.reservation)
        sentences.append(
            f"To sign has to gain over the status quo, million USD a year: {needs}. Points of "
            "bargaining are measured from there."
        )
    if any(v.weight != 1 for _, v in named):
        stated = ", ".join(f"{n} {figure(v.weight)}" for n, v in named)
        sentences.append(f"Bargaining weights in the Nash and utilitarian points: {stated}.")
    return tuple(sentences)
