"""Thresholds: at which value of a valuation an answer about a deal changes, solved exactly.

Payoffs are linear in every valuation, so that each gain is a line in it and each vote turns where a
line crosses zero. `thresholds_of` finds all crossings of one valuation; between two of them no
answer changes, and one look at the middle tells it. `ValuationRange` is what is varied, `Span` a
part of its range with one answer, and `Thresholds` the result. Nothing is solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from detente._types import Array, Codes, Mask
from detente.analysis.negotiation.conflict import Bargaining, bargaining, holder_worth, reserves
from detente.analysis.negotiation.deals import tolerance
from detente.negotiation.acceptance import bloc_carries

if TYPE_CHECKING:
    from detente.cases import NegotiationTerms
    from detente.negotiation import Conflict
    from detente.negotiation.voting.rules import Rule

T = TypeVar("T")
#: Crossings that lie closer than this share of the range are one.
_SAME = 1e-12


@dataclass(frozen=True)
class ValuationRange:
    """What one party would pay a year for one unit of an interest, and between which ends it lies.

    Attributes:
        id: the valuation's own name, as `valuations.Lithuania.quiet`.
        party: id of the party.
        member: ISO3 code of the member whose own value it is; empty for a party's.
        interest: id of the interest.
        value: in the state that is asked about, USD million a year for one unit.
        low: lower end; that of the case, or 0 and twice the value where it states none.
        high: upper end, above the lower.
        stated: whether the case states the range.
    """

    id: str
    party: str
    member: str
    interest: str
    value: float
    low: float
    high: float
    stated: bool


@dataclass(frozen=True)
class Span(Generic[T]):
    """A part of a range over which an answer stays the same, from `low` to `high`."""

    low: float
    high: float
    answer: T


@dataclass(frozen=True, eq=False)
class Thresholds:
    """How the answers about one deal change with one valuation.

    At a threshold itself somebody is indifferent; the spans meet there.

    Attributes:
        valuation: what is varied.
        signing: by signatory, spans in which it signs and in which it refuses.
        lasting: spans in which nobody would leave the deal by itself and in which somebody would;
            None where no question of it arises (see `Durability.holds`).
        gain: by signatory, its gain at a valuation of zero and the change of it per unit, so that
            a gain at any value is `gain[p][0] + gain[p][1] * value`; of a bloc all members'.
        finding: spans of the deal that a search picks, as its state; None where nothing was
            searched, or where more than one signatory's gain hangs on the valuation.
    """

    valuation: ValuationRange
    signing: dict[str, tuple[Span[bool], ...]]
    lasting: tuple[Span[bool | None], ...]
    gain: dict[str, tuple[float, float]] = field(repr=False)
    finding: tuple[Span[int | None], ...] | None = None

    @property
    def turns(self) -> tuple[float, ...]:
        """Every value at which any answer changes, ascending."""
        every: list[Sequence[Span[Any]]] = [*self.signing.values(), self.lasting]
        every.append(self.finding or ())
        return tuple(sorted({s.low for spans in every for s in spans[1:]}))


def at(spans: Sequence[Span[T]], value: float) -> T:
    """The answer at a value; at a threshold that of the span below."""
    return next((s.answer for s in spans if value <= s.high), spans[-1].answer)


def valuation_ranges(setting: Bargaining) -> tuple[ValuationRange, ...]:
    """The valuations of all who sign or can veto, in the order of the case.

    Those of interests that no move touches are left out, as they bear on no deal.

    Args:
        setting: the conflict of a case.
    """
    terms, case = setting.terms, setting.case
    touched = {i for i, row in zip(terms.interests, terms.effect_km, strict=True) if row.any()}
    asked = {*terms.signatories, *setting.ratifiers}
    stated = {u.name: (u.low, u.high) for u in case.uncertainties}
    found = []
    for v in case.valuations:
        if v.party not in asked or v.interest not in touched:
            continue
        own = case.number(v.value, terms.day)
        value = case.changes.get(v.name, own)
        low, high = stated.get(v.name, (min(0.0, 2 * own), max(0.0, 2 * own)))
        low, high = min(low, value), max(high, value)
        if low < high:
            found.append(
                ValuationRange(
                    v.name,
                    v.party,
                    v.member or "",
                    v.interest,
                    value,
                    low,
                    high,
                    v.name in stated,
                )
            )
    return tuple(found)


def valued(setting: Bargaining, values: Mapping[str, float]) -> Bargaining:
    """The same conflict with other valuations, without bands; trade is not solved again.

    Args:
        setting: the conflict of a case.
        values: by name of the valuation, USD million a year for one unit.

    Raises:
        CaseError: a name that the case does not have, or a value that is no finite number.
    """
    case = setting.case.with_parameters(values)
    money = setting.money
    if money is not None:
        # Draws lie around the values of the case.
        money = replace(money, drawn_dqn=None)
    return bargaining(case, _terms(setting, values), money, setting.size)


def _terms(setting: Bargaining, values: Mapping[str, float]) -> NegotiationTerms:
    terms = setting.case.with_parameters(values).negotiation_terms(setting.terms.day)
    return replace(terms, status_quo_m=setting.terms.status_quo_m)


@dataclass(frozen=True, eq=False)
class Slope:
    """What holders and ratifiers pay for a unit of one interest, as lines in a valuation.

    A member with a value of its own holds that instead of its share of the bloc's, so that a value
    of exactly 0 of a party inside a bloc would make it hold its share; the line leaves that single
    point out.

    Attributes:
        setting: the conflict.
        valuation: what is varied.
        interest: place of the interest.
        base_h: of each holder at a valuation of 0, (H,).
        slope_h: change of it per unit, (H,).
        ratifier: by ratifier, both.
    """

    setting: Bargaining
    valuation: ValuationRange
    interest: int
    base_h: Array
    slope_h: Array
    ratifier: dict[str, tuple[float, float]]

    @classmethod
    def of(cls, setting: Bargaining, valuation: ValuationRange) -> Slope:
        """The lines through two values that are not 0."""
        k = setting.terms.interests.index(valuation.interest)
        one, two = (_terms(setting, {valuation.id: x}) for x in (1.0, 2.0))
        parties, size = setting.conflict.parties, setting.size
        first, second = (
            np.array([w[k] for _, w in holder_worth(t, parties, size)]) for t in (one, two)
        )
        slope = second - first
        rows = {r: setting.terms.place(r) for r in setting.ratifiers}
        ratifier = {
            r: (float(2 * one.worth_ik[i, k] - two.worth_ik[i, k]),
                float(two.worth_ik[i, k] - one.worth_ik[i, k]))
            for r, i in rows.items()
        }  # fmt: skip
        return cls(setting, valuation, k, first - slope, slope, ratifier)

    @cached_property
    def rows(self) -> list[Codes]:
        """Rows of each party's holders."""
        payoffs = self.setting.conflict.payoffs
        return [np.flatnonzero(payoffs.party_h == i) for i in range(len(payoffs.parties))]

    def gains(self, party: int, before: int, after: Codes) -> tuple[Array, Array]:
        """Gain of each holder of a party between states: at a valuation of 0, and slope, (M, S)."""
        payoffs, rows = self.setting.conflict.payoffs, self.rows[party]
        now = payoffs.members(party)
        moved = payoffs.effect_ks[self.interest, after] - payoffs.effect_ks[self.interest, before]
        shift = self.base_h[rows] - payoffs.value_hk[rows, self.interest]
        base = now[:, after] - now[:, [before]] + np.outer(shift, moved)
        return base, np.outer(self.slope_h[rows], moved)

    def consent(self, name: str, after: Codes) -> tuple[Array, Array]:
        """Gain of a ratifier over the status quo, as `gains` has it, (S,)."""
        effect = self.setting.conflict.payoffs.effect_ks[self.interest]
        moved = effect[after] - effect[self.setting.status_quo]
        worth = self.setting.terms.worth_ik[self.setting.terms.place(name), self.interest]
        base, slope = self.ratifier[name]
        return self.setting.ratifier_gain(name)[after] + (base - worth) * moved, slope * moved


@dataclass(frozen=True, eq=False)
class Side:
    """What one signatory gains by some packages, and how it decides, as lines in a valuation.

    Attributes:
        rule: of a bloc, over its members in the rows' order; None for a government.
        base_mk: what is gained beyond the reserve at a valuation of 0, (M, K): by members, or by a
            government and then by each ratifier, far above zero where that has no say.
        slope_mk: change per unit, (M, K).
        total_k: gain that counts as its own in points of bargaining, at 0, (K,).
        total_slope_k: change per unit, (K,).
        reserve: what it has to gain.
        small: gains below it count as none.
    """

    rule: Rule | None
    base_mk: Array
    slope_mk: Array
    total_k: Array
    total_slope_k: Array
    reserve: float
    small: float

    @classmethod
    def of(cls, slope: Slope, party: str, codes: Codes) -> Side:
        """One signatory over some states."""
        setting = slope.setting
        conflict, here = setting.conflict, setting.status_quo
        i, small = conflict.index(party), tolerance(conflict)
        who = conflict.parties[i]
        base, step = slope.gains(i, here, codes)
        need = reserves(setting, party)
        twins = setting.twins(party) if who.is_bloc else ()
        kept = [m for m, h in enumerate(who.holders) if h not in twins]
        totals = base[kept].sum(axis=0), step[kept].sum(axis=0), float(need[kept].sum())
        if who.rule is not None:
            order = [who.members.index(m) for m in who.rule.members]
            return cls(who.rule, (base - need[:, None])[order], step[order], *totals, small)
        base_rows, slope_rows = [totals[0] - totals[2]], [totals[1]]
        changed = (codes ^ here) & conflict.space.own(i)
        for name, bits in setting.ratifiers.items():
            asked = changed & bits != 0
            if asked.any():
                own, turn = slope.consent(name, codes)
                base_rows.append(np.where(asked, own, np.inf))
                slope_rows.append(np.where(asked, turn, 0.0))
        return cls(None, np.array(base_rows), np.array(slope_rows), *totals, small)

    def only(self, places: Codes) -> Side:
        """The same over some of the packages."""
        return replace(
            self,
            base_mk=self.base_mk[:, places],
            slope_mk=self.slope_mk[:, places],
            total_k=self.total_k[places],
            total_slope_k=self.total_slope_k[places],
        )

    def accepts(self, value: Array) -> Mask:
        """Whether it signs, at values of the shape (…, K)."""
        gain = self.base_mk.T + self.slope_mk.T * value[..., None]
        if self.rule is None:
            return np.asarray((gain >= -self.small).all(axis=-1))
        return self.rule.accepts(gain, tolerance=self.small)


def crossings(base: Array, slope: Array) -> Array:
    """Where lines cross zero; none for those that are level."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(slope != 0, -base / slope, np.nan).ravel()
    return np.asarray(found[np.isfinite(found)])


def spans_of(
    low: float, high: float, turns: Array, answer: Callable[[float], T]
) -> tuple[Span[T], ...]:
    """The answers over a range, given every value at which they can change."""
    cuts = cuts_of(low, high, turns)
    found: list[Span[T]] = []
    for start, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        said = answer((start + end) / 2)
        if found and found[-1].answer == said:
            found[-1] = replace(found[-1], high=end)
        else:
            found.append(Span(start, end, said))
    return tuple(found)


def cuts_of(low: float, high: float, turns: Array) -> Array:
    """The ends of a range and what lies between them, ascending, each once."""
    inside = np.sort(turns[(turns > low) & (turns < high)])
    cuts = np.concatenate([[low], inside, [high]])
    apart = np.diff(cuts) > _SAME * (high - low)
    kept = np.concatenate([[True], apart])
    if not apart[-1]:
        kept[-2], kept[-1] = len(cuts) == 2, True
    return np.asarray(cuts[kept])


def thresholds_of(
    setting: Bargaining,
    valuation: ValuationRange,
    code: int,
    finding: Callable[[Slope], tuple[Span[int | None], ...] | None] | None = None,
) -> Thresholds:
    """At which values of a valuation the answers about one deal change.

    Args:
        setting: the conflict of a case.
        valuation: what is varied, over its range.
        code: the state that the deal leads to.
        finding: what says which deal a search picks; nothing is searched if None.
    """
    slope = Slope.of(setting, valuation)
    low, high = valuation.low, valuation.high
    codes = np.array([code], dtype=np.int64)
    signing, gain = {}, {}
    for party in setting.terms.signatories:
        if party not in setting.conflict.names:
            continue
        side = Side.of(slope, party, codes)
        turns = crossings(side.base_mk, side.slope_mk)
        signing[party] = spans_of(low, high, turns, _signer(side))
        base, step = slope.gains(setting.conflict.index(party), setting.status_quo, codes)
        gain[party] = float(base.sum()), float(step.sum())
    lasting = _lasting(slope, code)
    return Thresholds(
        valuation, signing, lasting, gain, None if finding is None else finding(slope)
    )


def _signer(side: Side) -> Callable[[float], bool]:
    """Whether a signatory signs the one package of its side, at a value."""
    return lambda value: bool(side.accepts(np.array([value]))[0])


def _lasting(slope: Slope, code: int) -> tuple[Span[bool | None], ...]:
    """Where nobody would leave a state by itself (Nash)."""
    setting, valuation = slope.setting, slope.valuation
    low, high = valuation.low, valuation.high
    if code == setting.status_quo:
        return (Span(low, high, None),)
    found: list[Span[bool | None]] = []
    # A ratifier bars single moves by the sign of what they are worth to it.
    cuts = cuts_of(low, high, _barring(slope))
    for start, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        there = setting
        if len(cuts) > 2:
            there = valued(setting, {valuation.id: (start + end) / 2})
        for span in _staying(slope, there.alone, code, start, end):
            if found and found[-1].answer == span.answer:
                found[-1] = replace(found[-1], high=span.high)
            else:
                found.append(span)
    return tuple(found)


def _barring(slope: Slope) -> Array:
    """Values at which a ratifier comes to bar a move, or no longer does."""
    terms, turns = slope.setting.terms, [np.zeros(0)]
    for name in slope.setting.ratifiers:
        base, step = slope.ratifier[name]
        i = terms.place(name)
        effect = terms.effect_km[slope.interest]
        own = terms.value_im[i] + (base - terms.worth_ik[i, slope.interest]) * effect
        asked = np.array([name in m.ratified_by for m in terms.moves])
        turns.append(crossings(own[asked], step * effect[asked]))
    return np.concatenate(turns)


def _staying(
    slope: Slope, alone: Conflict, code: int, low: float, high: float
) -> tuple[Span[bool | None], ...]:
    """`_lasting` over values between which ratifiers bar the same moves."""
    if not alone.space.feasible_s[code]:
        return (Span(low, high, None),)
    turns: list[Array] = [np.zeros(0)]
    stays: list[Callable[[float], bool]] = []
    for i, who in enumerate(alone.parties):
        there = alone.space.reachable(code, i)
        if not len(there):
            continue
        base, step = slope.gains(i, code, there)
        if who.rule is None:
            base, step = base.sum(axis=0, keepdims=True), step.sum(axis=0, keepdims=True)
        turns.append(crossings(base, step))
        stays.append(_stayer(slope, alone, i, code, there, base, step))
    return spans_of(low, high, np.concatenate(turns), lambda x: all(s(x) for s in stays))


def _stayer(
    slope: Slope, alone: Conflict, party: int, code: int, there: Codes, base: Array, step: Array
) -> Callable[[float], bool]:
    """Whether a party stays in a state at a value; known once where nothing hangs on it."""
    who, small = alone.parties[party], tolerance(slope.setting.conflict)

    def stays(value: float) -> bool:
        gain = base + step * value
        if who.rule is None:
            return not bool((gain > small).any())
        before = np.full_like(there, code)
        return not bool(bloc_carries(alone.space, party, who, gain, before, there, small).any())

    if step.any():
        return stays
    always = stays(0.0)
    return lambda value: always
