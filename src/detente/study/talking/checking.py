"""Each observed move set against what the mover would have had without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.study.talking.bargaining import GRAIN, Bargaining, engine_rule, holder_worth
from detente.study.talking.events import MoveCheck
from detente.study.talking.money import Array
from detente.talks import Rule, blocking
from detente.talks.words import figure, is_plural, listed

if TYPE_CHECKING:
    from detente.case import ObservedMove, TalksTerms
    from detente.study.talking.settings import Asked

#: Moves of different parties within so many days are read as one exchange.
EXCHANGE_DAYS = 7
_SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Contrast:
    """What a party had with and without a change, before payoffs are put on it.

    Attributes:
        before: place of the trade measures before, among the sets that were asked for.
        after: the same after.
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
    terms: TalksTerms
    alone: Contrast
    together: Contrast | None
    others: tuple[str, ...]
    rules: tuple[Rule, ...]
    holders: tuple[str, ...]


def observed_of(setting: Bargaining) -> tuple[tuple[Observed, ...], tuple[Asked, ...]]:
    """The observed moves, and the sets of trade measures that they need solved."""
    asked: dict[Asked, int] = {}
    found = tuple(_observed(setting, asked))
    return found, tuple(asked)


def _observed(setting: Bargaining, asked: dict[Asked, int]) -> Iterator[Observed]:
    events = sorted(setting.case.events, key=lambda e: e.date)
    moves = set(setting.conflict.space.bits)
    for event in events:
        if event.party not in setting.conflict.names or not set(event.measures) <= moves:
            continue
        eve = event.date - dt.timedelta(days=1)
        terms = setting.case.talks_terms(eve)
        near = _same_days(event, events)
        together = None
        if near and event.move != "keep":
            first = min(e.date for e in (event, *near)) - dt.timedelta(days=1)
            before = setting.case.talks_terms(first)
            together = _contrast(setting, asked, before, _changes([event, *near]))
        yield Observed(
            event,
            terms,
            _contrast(setting, asked, terms, _changes([event])),
            together,
            tuple(m for e in near for m in e.measures) if together is not None else (),
            _rules(setting, event),
            setting.conflict.parties[setting.conflict.index(event.party)].holders,
        )


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
    setting: Bargaining, asked: dict[Asked, int], terms: TalksTerms, changes: dict[str, bool]
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


def _rules(setting: Bargaining, event: ObservedMove) -> tuple[Rule, ...]:
    """Which rules have to carry the move: at a renewal that to renew, else to adopt or repeal."""
    who = setting.conflict.parties[setting.conflict.index(event.party)]
    if who.rule is None:
        return ()
    found = []
    for name in event.measures:
        measure = setting.case.measure(name)
        rule = None
        if event.move == "keep" and event.date in measure.renewed:
            rule = measure.rules.renew
        elif event.move != "keep":
            rule = measure.rules.adopt if event.move == "adopt" else measure.rules.repeal
        else:
            rule = measure.rules.repeal
        own = None if rule is None else engine_rule(
            setting.case, rule, who.members, who.name, of=name
        )
        found.append(own or who.rule)
    return tuple(dict.fromkeys(found))


def at_renewal(setting: Bargaining, event: ObservedMove) -> bool:
    """Whether the measures kept would have lapsed on that day."""
    return event.move == "keep" and all(
        event.date in setting.case.measure(m).renewed for m in event.measures
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
        return Judged(gain_h, money_h, bool(gain_h.sum() >= -_SMALL))
    kept = seen.event.move == "keep" and not at_renewal(setting, seen.event)
    if kept:
        # Not lifting needs no vote: it is explained if ending the measure would not carry.
        ends = all(_passes(r, seen.holders, -gain_h) for r in seen.rules)
        return Judged(gain_h, money_h, not ends or not bool((-gain_h > _SMALL).any()))
    carried = all(_passes(r, seen.holders, gain_h) for r in seen.rules)
    return Judged(gain_h, money_h, carried)


def _passes(rule: Rule, holders: tuple[str, ...], gain_h: Array) -> bool:
    order = [holders.index(m) for m in rule.members]
    return bool(rule.accepts(gain_h[order], tolerance=_SMALL))


def _holders(setting: Bargaining, seen: Observed, change_n: Array) -> Array:
    if setting.money is None:
        return np.zeros(len(seen.holders))
    place = {c: n for n, c in enumerate(setting.money.countries)}
    members = seen.terms.parties[seen.terms.place(seen.event.party)].members
    groups = [(h,) for h in seen.holders] if seen.rules else [members]
    each = [sum(float(change_n[place[c]]) for c in g if c in place) for g in groups]
    return np.asarray(np.round(np.array(each) / GRAIN) * GRAIN)


def worth_of(setting: Bargaining, seen: Observed, terms: TalksTerms) -> Array:
    """What each holder of the mover pays for a unit of each interest, (H, K)."""
    i = setting.conflict.index(seen.event.party)
    found = dict(holder_worth(terms, [setting.conflict.parties[i]], setting.size))
    return np.array([found[h] for h in seen.holders])


def checked(
    setting: Bargaining, seen: Observed, value_an: Array, shares: tuple[float, float] | None
) -> MoveCheck:
    """The verdict on one move at central values.

    Args:
        setting: the case.
        seen: the move.
        value_an: as in `judge`.
        shares: of the draws in which it is rational in either way, and alone.
    """
    event = seen.event
    worth = worth_of(setting, seen, seen.terms)
    alone = judge(setting, seen, seen.alone, value_an, worth)
    joint = alone
    if seen.together is not None:
        joint = judge(setting, seen, seen.together, value_an, worth)
    opposed: tuple[tuple[str, float], ...] = ()
    opposed_money: tuple[float, ...] = ()
    if seen.rules and (at_renewal(setting, event) or event.move != "keep"):
        order = [seen.holders.index(m) for m in seen.rules[0].members]
        vote = blocking(seen.rules[0], alone.gain_h[order], tolerance=_SMALL)
        by_name = dict(zip(seen.holders, alone.gain_h.tolist(), strict=True))
        opposed = tuple((m, by_name[m]) for m in vote.alone)
        opposed_money = tuple(float(alone.money_h[seen.holders.index(m)]) for m in vote.alone)
    return MoveCheck(
        event.date,
        event.party,
        event.move,
        event.measures,
        _words(setting, event),
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
        _bound(setting, seen, alone, joint),
    )


def _words(setting: Bargaining, event: ObservedMove) -> str:
    labels = [setting.case.measure(m).label for m in event.measures]
    one = {"adopt": "comes into force", "lift": "ends", "keep": "is kept"}[event.move]
    many = {"adopt": "come into force", "lift": "end", "keep": "are kept"}[event.move]
    return f"{listed(labels)} {many if len(labels) > 1 or is_plural(labels[0]) else one}"


def _bound(setting: Bargaining, seen: Observed, alone: Judged, joint: Judged) -> str:
    """What would have to be true for the move to be rational, whatever the valuations say."""
    if seen.rules and at_renewal(setting, seen.event):
        losing = [
            (h, float(m))
            for h, m in zip(seen.holders, alone.money_h, strict=True)
            if m < 0
        ]
        if not losing:
            return "In money, the measures cost no member anything."
        losing.sort(key=lambda pair: pair[1])
        named = [f"{h} at {figure(-m)}" for h, m in losing[:5]]
        more = f" and {len(losing) - 5} others at less" if len(losing) > 5 else ""
        return (
            f"By unanimity it is rational for all only if each member that the measures cost money "
            f"values keeping them at no less than that: {', '.join(named)}{more} million USD a year."
        )
    together = seen.together is not None
    money = float((joint if together else alone).money_h.sum())
    effect = (seen.together or seen.alone).effect_k
    what = "The exchange" if together else "Keeping" if seen.event.move == "keep" else "The move"
    verb = "brings" if money >= 0 else "costs"
    limit = "at most" if money >= 0 else "at least"
    side = "is given up by it" if money >= 0 else "is kept or won by it"
    text = f"{what} {verb} {figure(abs(money))} million USD a year in money"
    if abs(money) < GRAIN:
        return f"{what} brings and costs nothing in money."
    text += f": rational if what else {side} is worth {limit} that"
    units = [
        (setting.case.interests[k], abs(float(x)))
        for k, x in enumerate(effect)
        if abs(x) > 1 and setting.case.interests[k].unit == "person"
    ]
    if units:
        interest, count = units[0]
        text += f", {figure(abs(money) / count)} million a {interest.unit}"
    return f"{text}."
