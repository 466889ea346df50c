"""Each observed move set against what the mover would have had without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.study.talking.bargaining import GRAIN, Bargaining, holder_worth
from detente.study.talking.money import Array
from detente.study.talking.rules import engine_rule
from detente.talks import Rule

if TYPE_CHECKING:
    from detente.case import ObservedMove, TalksTerms
    from detente.study.talking.settings import Asked

#: Moves of different parties within so many days are read as one exchange.
EXCHANGE_DAYS = 7
SMALL = 1e-9


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
    events = setting.case.observed
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


def worth_of(setting: Bargaining, seen: Observed, terms: TalksTerms) -> Array:
    """What each holder of the mover pays for a unit of each interest, (H, K)."""
    i = setting.conflict.index(seen.event.party)
    found = dict(holder_worth(terms, [setting.conflict.parties[i]], setting.size))
    return np.array([found[h] for h in seen.holders])
