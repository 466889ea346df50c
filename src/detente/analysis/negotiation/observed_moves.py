"""Observed moves: which of them the model makes rational, and how often over the draws.

`MoveCheck` is the verdict on one move and `checked` gives it. `observed_of` and `judge` set each
move against what its mover would have had without it. `bound_of` says what the move reveals about
its mover, whatever the valuations of the case say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente._types import Array
from detente.analysis.negotiation.conflict import GRAIN, Bargaining, engine_rule, holder_worth
from detente.analysis.negotiation.votes import LIKELY
from detente.negotiation import Party, Rule, Unanimity, blocking
from detente.negotiation.words import beside, listed, plural, quoted

if TYPE_CHECKING:
    from detente.analysis.negotiation.trade_settings import DatedMeasures
    from detente.cases import NegotiationTerms, ObservedMove


Verdict = Literal["rational by itself", "rational as part of an exchange", "not explained"]


@dataclass(frozen=True)
class MoveCheck:
    """One observed move.

    Attributes:
        date: when.
        party: id of who moved.
        move: `adopt`, `keep` or `lift`.
        measures: ids.
        change: what it changed, or did not change, in words.
        gain: of the mover by the move alone against not making it, USD million a year; of a bloc
            the sum over its members.
        money: the part of it that is money.
        with_others: measures that others changed within a few days of it, by id.
        gain_exchange: of the mover by all of these together; the gain alone if there are none.
        money_exchange: the part of it that is money.
        carried: whether it is rational by the mover's rule, alone.
        carried_exchange: whether it is rational with what others changed.
        opposed: members of a bloc that lose by it and could have prevented it, with their gains.
        opposed_money: the part of each of these gains that is money.
        share: of the draws in which it is rational, alone or as an exchange; None without draws.
        share_alone: of the draws in which it is rational alone.
        bound: what it would take: the stake that the move implies, in words.
        low: lower end of the central band of the money, as an exchange if there is one, over draws
            of the trade side; None without draws.
        high: upper end.
        id: under which values name it; empty if it has none.
        renewal: whether the measures would have lapsed on that day.
        in_view: values of the case that were set in view of this move, by name: that the model
            makes it rational is no test of the model then.
        leans_on: values of the mover that enter here and were set in view of other moves.
    """

    date: dt.date
    party: str
    move: Literal["adopt", "keep", "lift"]
    measures: tuple[str, ...]
    change: str
    gain: float
    money: float
    with_others: tuple[str, ...]
    gain_exchange: float
    money_exchange: float
    carried: bool
    carried_exchange: bool
    opposed: tuple[tuple[str, float], ...] = ()
    opposed_money: tuple[float, ...] = ()
    share: float | None = None
    share_alone: float | None = None
    bound: str = ""
    low: float | None = None
    high: float | None = None
    id: str = ""
    renewal: bool = False
    in_view: tuple[str, ...] = ()
    leans_on: tuple[str, ...] = ()

    @property
    def in_sample(self) -> bool:
        """Whether values of the case were set in view of it."""
        return bool(self.in_view)

    @property
    def contradicted(self) -> bool:
        """Whether this renewal was made and the model would not make it, or rarely over draws."""
        rarely = self.share is not None and self.share < LIKELY
        return self.renewal and (self.verdict == "not explained" or rarely)

    @property
    def verdict(self) -> Verdict:
        """What the model makes of it at central values."""
        if self.carried:
            return "rational by itself"
        return "rational as part of an exchange" if self.carried_exchange else "not explained"


#: Moves of different parties within so many days are read as one exchange.
EXCHANGE_DAYS = 7
SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Contrast:
    """What a party had with and without a change, before payoffs are put on it.

    Attributes:
        before: place of the trade measures before, among the sets that were asked for.
        after: their place after it.
        effect_k: units of each interest that the change adds, (K,).
    """

    before: int
    after: int
    effect_k: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class Observed:
    """One observed move, ready to be judged under any values.

    Attributes:
        event: as in the case.
        terms: the negotiation on the eve.
        alone: the move against not making it; for what was kept, keeping against ending it.
        together: with what others changed in the same days; None if there is nothing.
        others: ids of these measures.
        rules: that have to carry; none for a government.
        holders: members that vote, or the party itself.
    """

    event: ObservedMove
    terms: NegotiationTerms
    alone: Contrast
    together: Contrast | None
    others: tuple[str, ...]
    rules: tuple[Rule, ...]
    holders: tuple[str, ...]


def observed_of(setting: Bargaining) -> tuple[tuple[Observed, ...], tuple[DatedMeasures, ...]]:
    """The observed moves, and the sets of trade measures that they need solved."""
    asked: dict[DatedMeasures, int] = {}
    found = tuple(_observed(setting, asked))
    return found, tuple(asked)


def _observed(setting: Bargaining, asked: dict[DatedMeasures, int]) -> Iterator[Observed]:
    events = setting.case.observed
    moves = set(setting.conflict.space.bits)
    for event in events:
        if event.party not in setting.conflict.names or not set(event.measures) <= moves:
            continue
        eve = event.date - dt.timedelta(days=1)
        terms = setting.case.negotiation_terms(eve)
        mover = _mover(setting, event, terms)
        near = _same_days(event, events)
        together = None
        if near and event.move != "keep":
            first = min(e.date for e in (event, *near)) - dt.timedelta(days=1)
            before = setting.case.negotiation_terms(first)
            together = _contrast(setting, asked, before, _changes([event, *near]))
        yield Observed(
            event,
            terms,
            _contrast(setting, asked, terms, _changes([event])),
            together,
            tuple(m for e in near for m in e.measures) if together is not None else (),
            _rules(setting, event, mover),
            mover.holders,
        )


def _mover(setting: Bargaining, event: ObservedMove, terms: NegotiationTerms) -> Party:
    """Who moved, with the members of the eve; on the day of the negotiation they may be others."""
    voice = terms.parties[terms.place(event.party)]
    rule = engine_rule(setting.case, voice.rule, voice.members, voice.id)
    return Party(voice.id, setting.labels[voice.id], rule)


def _same_days(event: ObservedMove, events: Sequence[ObservedMove]) -> list[ObservedMove]:
    return [
        e
        for e in events
        if e.party != event.party
        and e.move != "keep"
        and abs((e.date - event.date).days) <= EXCHANGE_DAYS
    ]


def _changes(events: Sequence[ObservedMove]) -> dict[str, bool]:
    """In force or not after these moves; what was kept is asked the other way round."""
    return {m: e.move == "adopt" for e in events for m in e.measures}


def _contrast(
    setting: Bargaining,
    asked: dict[DatedMeasures, int],
    terms: NegotiationTerms,
    changes: dict[str, bool],
) -> Contrast:
    ids = [m.id for m in terms.moves]
    on = {m for m, is_on in zip(ids, terms.status_quo_m, strict=True) if is_on}
    then = {m for m in ids if changes.get(m, m in on)}
    in_trade = {m.id for m in setting.case.trade_measures}
    places = [
        asked.setdefault(
            (terms.day, frozenset(m for m in (*terms.background, *state) if m in in_trade)),
            len(asked),
        )
        for state in (on, then)
    ]
    shift = np.array([(m in then) - (m in on) for m in ids], dtype=float)
    return Contrast(places[0], places[1], terms.effect_km @ shift)


def _rules(setting: Bargaining, event: ObservedMove, who: Party) -> tuple[Rule, ...]:
    """Which rules have to carry the move: at a renewal that to renew, else to adopt or repeal."""
    if who.rule is None:
        return ()
    found = []
    for name in event.measures:
        measure = setting.case.measure(name)
        rule = None
        if event.move == "keep" and event.date in setting.case.renewed_on(name):
            renewal = setting.case.renewal_of(name)
            rule = measure.rules.renew if renewal is None else renewal.rule
        elif event.move != "keep":
            rule = measure.rules.adopt if event.move == "adopt" else measure.rules.repeal
        else:
            rule = measure.rules.repeal
        own = (
            None
            if rule is None
            else engine_rule(setting.case, rule, who.members, who.name, of=name)
        )
        found.append(own or who.rule)
    return tuple(dict.fromkeys(found))


def at_renewal(setting: Bargaining, event: ObservedMove) -> bool:
    """Whether the measures kept would have lapsed on that day."""
    return event.move == "keep" and all(
        event.date in setting.case.renewed_on(m) for m in event.measures
    )


@dataclass(frozen=True, eq=False)
class Judged:
    """One contrast under some values: gains of those who decide, and whether their rule carries.

    Attributes:
        gain_h: of each holder from the move, USD million a year, (H,).
        money_h: the part of it that is money.
        carried: whether the move is rational by the rule.
    """

    gain_h: Array
    money_h: Array
    carried: bool


def judge(
    setting: Bargaining,
    seen: Observed,
    contrast: Contrast,
    value_an: Array,
    worth_hk: Array,
) -> Judged:
    """What the mover gained by its move.

    Args:
        setting: the case.
        seen: the move.
        contrast: alone or together.
        value_an: equivalent variation by set asked for and country, (A, N).
        worth_hk: what each holder would pay for a unit of each interest, (H, K).
    """
    sign = -1.0 if seen.event.move == "keep" else 1.0
    change_n = value_an[contrast.after] - value_an[contrast.before]
    money_h = sign * _holders(setting, seen, change_n)
    gain_h = money_h + sign * (worth_hk @ contrast.effect_k)
    if not seen.rules:
        return Judged(gain_h, money_h, bool(gain_h.sum() >= -SMALL))
    kept = seen.event.move == "keep" and not at_renewal(setting, seen.event)
    if kept:
        # Not lifting needs no vote: it is explained if ending the measure would not carry.
        ends = all(_passes(r, seen.holders, -gain_h) for r in seen.rules)
        return Judged(gain_h, money_h, not ends or not bool((-gain_h > SMALL).any()))
    carried = all(_passes(r, seen.holders, gain_h) for r in seen.rules)
    return Judged(gain_h, money_h, carried)


def money_drawn(
    setting: Bargaining, seen: Observed, contrast: Contrast, drawn_dan: Array | None
) -> Array | None:
    """Money that a move brought each holder, by draw, (D, H); None without draws."""
    if drawn_dan is None:
        return None
    sign = -1.0 if seen.event.move == "keep" else 1.0
    change_dn = drawn_dan[:, contrast.after] - drawn_dan[:, contrast.before]
    return np.array([sign * _holders(setting, seen, change_n) for change_n in change_dn])


def _passes(rule: Rule, holders: tuple[str, ...], gain_h: Array) -> bool:
    order = [holders.index(m) for m in rule.members]
    return bool(rule.accepts(gain_h[order], tolerance=SMALL))


def _holders(setting: Bargaining, seen: Observed, change_n: Array) -> Array:
    if setting.money is None:
        return np.zeros(len(seen.holders))
    place = {c: n for n, c in enumerate(setting.money.countries)}
    members = seen.terms.parties[seen.terms.place(seen.event.party)].members
    groups = [(h,) for h in seen.holders] if seen.rules else [members]
    each = [sum(float(change_n[place[c]]) for c in g if c in place) for g in groups]
    return np.asarray(np.round(np.array(each) / GRAIN) * GRAIN)


def worth_of(setting: Bargaining, seen: Observed, terms: NegotiationTerms) -> Array:
    """What each holder of the mover pays for a unit of each interest, (H, K).

    Args:
        setting: the case.
        seen: the move.
        terms: the negotiation on its eve, at any values.
    """
    mover = Party(seen.event.party, members=seen.holders if seen.rules else ())
    found = dict(holder_worth(terms, [mover], setting.size))
    return np.array([found[h] for h in seen.holders])


#: Share of the draws between the ends of a band.
LEVEL = 0.9
_NAMED = 4


def band_of(drawn: Array | None) -> tuple[float, float] | None:
    """The central band of some draws; None without any."""
    if drawn is None or not len(drawn):
        return None
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def bound_of(setting: Bargaining, seen: Observed, judged: Judged, drawn_dh: Array | None) -> str:
    """What would have to be true for the move to be rational, in words.

    Args:
        setting: the case.
        seen: the move.
        judged: with what others changed in the same days, if they did.
        drawn_dh: money that the move brings each holder, by draw, (D, H); None without draws.
    """
    if seen.rules and at_renewal(setting, seen.event):
        return _of_renewal(seen, judged.money_h, drawn_dh)
    what = "Keeping" if seen.event.move == "keep" else "The move"
    what = "The exchange" if seen.together is not None else what
    money = float(judged.money_h.sum())
    if abs(money) < GRAIN:
        return f"{what} brings and costs nothing in money."
    verb, limit = ("brings", "at most") if money > 0 else ("costs", "at least")
    side = "is given up by it" if money > 0 else "is kept or won by it"
    sign = 1 if money > 0 else -1
    ends = band_of(None if drawn_dh is None else sign * drawn_dh.sum(axis=1))
    text = (
        f"{what} {verb} {beside(abs(money), ends)} million USD a year in money. "
        f"It is rational if what else {side} is worth {limit} that"
    )
    counted = _counted(setting, seen)
    if counted is not None:
        unit, count = counted
        each = None if ends is None else tuple(x / count for x in ends)
        text += f", {beside(abs(money) / count, each)} million a {unit}"
    return f"{text}."


def _counted(setting: Bargaining, seen: Observed) -> tuple[str, float] | None:
    """What the mover's own measures are counted in, and how much of it: 123 persons, say.

    Only whole numbers above one are a count, and only one such interest can be put a price on.
    """
    found = [
        (setting.case.interests[k].unit, abs(float(x)))
        for k, x in enumerate(seen.alone.effect_k)
        if abs(x) > 1 and float(x).is_integer()
    ]
    return found[0] if len(found) == 1 else None


def _of_renewal(seen: Observed, money_h: Array, drawn_dh: Array | None) -> str:
    """What the members whom the renewal costs money must value, by the rule that has to carry."""
    bands = [band_of(None if drawn_dh is None else -drawn_dh[:, h]) for h in range(len(money_h))]
    losing = sorted(
        (float(m), h, bands[k])
        for k, (h, m) in enumerate(zip(seen.holders, money_h, strict=True))
        if m < 0
    )
    if not losing:
        return "In money, the measures cost no member anything."
    named = [f"{h} {beside(-m, b)}" for m, h, b in losing[:_NAMED]]
    if len(losing) > _NAMED:
        named.append(f"{plural(len(losing) - _NAMED, 'other')} less")
    costs = f"In million USD a year they cost {listed(named)}."
    if all(isinstance(rule, Unanimity) for rule in seen.rules):
        return (
            "By unanimity it is rational only if each member that the measures cost money values "
            f"keeping them at no less than that. {costs}"
        )
    return _by_majority(seen, money_h, costs)


def _by_majority(seen: Observed, money_h: Array, costs: str) -> str:
    failing: list[Rule] = []
    for rule in seen.rules:
        order = [seen.holders.index(m) for m in rule.members]
        if not blocking(rule, money_h[order], tolerance=SMALL).passes:
            failing.append(rule)
    if not failing:
        return (
            f"The measures cost some members money, but by {seen.rules[0].name} these are too few "
            f"to prevent the renewal: money alone explains it. {costs}"
        )
    return (
        f"By {failing[0].name} it is rational only if enough of the members that the measures cost "
        f"money value keeping them at no less than that. {costs}"
    )


def checked(
    setting: Bargaining,
    seen: Observed,
    value_an: Array,
    shares: tuple[float, float] | None,
    drawn_dan: Array | None = None,
) -> MoveCheck:
    """The verdict on one move at central values.

    Args:
        setting: the case.
        seen: the move.
        value_an: as in `judge`.
        shares: of the draws in which it is rational in either way, and alone.
        drawn_dan: `value_an` by draw, for bands of money; None without draws.
    """
    event = seen.event
    worth = worth_of(setting, seen, seen.terms)
    alone = judge(setting, seen, seen.alone, value_an, worth)
    joint = alone
    if seen.together is not None:
        joint = judge(setting, seen, seen.together, value_an, worth)
    drawn_dh = money_drawn(setting, seen, seen.together or seen.alone, drawn_dan)
    band = band_of(None if drawn_dh is None else drawn_dh.sum(axis=1))
    opposed: tuple[tuple[str, float], ...] = ()
    opposed_money: tuple[float, ...] = ()
    if seen.rules and (at_renewal(setting, event) or event.move != "keep"):
        order = [seen.holders.index(m) for m in seen.rules[0].members]
        vote = blocking(seen.rules[0], alone.gain_h[order], tolerance=SMALL)
        by_name = dict(zip(seen.holders, alone.gain_h.tolist(), strict=True))
        opposed = tuple((m, by_name[m]) for m in vote.alone)
        opposed_money = tuple(float(alone.money_h[seen.holders.index(m)]) for m in vote.alone)
    in_view, leans_on = _in_view(setting, seen)
    return MoveCheck(
        event.date,
        event.party,
        event.move,
        event.measures,
        words_of(setting, event),
        float(alone.gain_h.sum()),
        float(alone.money_h.sum()),
        seen.others,
        float(joint.gain_h.sum()),
        float(joint.money_h.sum()),
        alone.carried,
        joint.carried or alone.carried,
        opposed,
        opposed_money,
        None if shares is None else shares[0],
        None if shares is None else shares[1],
        bound_of(setting, seen, joint, drawn_dh),
        None if band is None else band[0],
        None if band is None else band[1],
        id=event.id or "",
        renewal=at_renewal(setting, event),
        in_view=in_view,
        leans_on=leans_on,
    )


def _in_view(setting: Bargaining, seen: Observed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Values that were set in view of a move; values of its mover set in view of others."""
    case, name = setting.case, seen.event.id or ""
    whose = {seen.event.party, *seen.holders}
    voices = {v.id: set(v.members) for v in seen.terms.parties}
    change = seen.alone if seen.together is None else seen.together
    touched = {k for k, x in zip(seen.terms.interests, change.effect_k, strict=True) if x}
    given = [(f"interests.{i.id}", i.id, True, i.set_in_view) for i in case.interests]
    given += [
        (
            v.name,
            v.interest,
            v.party in whose or bool(seen.rules and voices[v.party] & set(seen.holders)),
            v.set_in_view,
        )
        for v in case.valuations
    ]
    here = tuple(n for n, _, _, moves in given if name and name in moves)
    others = tuple(
        n for n, k, own, moves in given if own and k in touched and moves and name not in moves
    )
    return here, others


def words_of(setting: Bargaining, event: ObservedMove) -> str:
    """What the move changed, or did not change."""
    labels = [quoted(setting.case.measure(m).label) for m in event.measures]
    kept = "renewed" if at_renewal(setting, event) else "kept"
    one = {"adopt": "comes into force", "lift": "ends", "keep": f"is {kept}"}[event.move]
    many = {"adopt": "come into force", "lift": "end", "keep": f"are {kept}"}[event.move]
    text = f"{listed(labels)} {many if len(labels) > 1 else one}"
    no_later = setting.case.renewed_no_later
    if event.move == "keep" and any(no_later(m, event.date) for m in event.measures):
        text += " on this day or before"
    return text
