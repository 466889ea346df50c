"""Moves and who holds them, what each is worth in money, and the stakes that behaviour implies."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from detente.brief import wording as w
from detente.brief.page import banded
from detente.brief.table import Cell, Column, Link, Table, day, numbers, short_day, welfare
from detente.brief.talk_published import options_table
from detente.brief.talk_scene import MONEY, TalkScene

if TYPE_CHECKING:
    from detente.case import Measure
    from detente.case.rules import Rule
    from detente.study.talking import MoveMoney
    from detente.study.talking.stakes import ImpliedStake

_RULES = {"unanimity": "unanimity", "sovereign": "alone", "weighted": "weighted votes"}


def moves_table(scene: TalkScene) -> Table:
    """Every move of the talks: who holds it, by which rules, and whether it can be undone."""
    return options_table(scene) if scene.talks.case.conflict is not None else _measures(scene)


def _measures(scene: TalkScene) -> Table:
    case, talks = scene.talks.case, scene.talks
    assert case.talks is not None
    here = _in_force(scene)
    moves = [case.measure(name) for name in case.talks.moves]
    order = {p.id: k for k, p in enumerate(case.parties)}
    rows: list[tuple[Cell, ...]] = [
        (
            scene.party(m.owner),
            m.label,
            "in force" if m.id in here else "not in force",
            _rule(scene, m, "adopt"),
            _renewing(scene, m),
            _rule(scene, m, "repeal") if m.reversible else "cannot be undone",
            "yes" if m.reversible else "no",
            _sources(scene, m),
        )
        for m in sorted(moves, key=lambda m: order[m.owner])
    ]
    held = Counter(m.owner for m in moves)
    shares = w.listing(
        f"{scene.whom(p)} holds {held[p]}" for p in sorted(held, key=lambda p: order[p])
    )
    once = sum(not m.reversible for m in moves)
    return Table(
        "talks-moves",
        "Moves and who holds them",
        f"{w.sentence(w.count(len(moves), 'measure'))} can change in these talks, "
        f"{len(here)} of them in force on {day(talks.date)}: {shares}. "
        f"{w.sentence(w.count(once, 'move'))} cannot be undone.",
        (
            Column("owner", "Owner", group=True),
            Column("move", "Move"),
            Column("status", "Status"),
            Column("adopt", "To adopt"),
            Column("renew", "To renew"),
            Column("repeal", "To repeal"),
            Column("reversible", "Reversible"),
            Column("source", "Source", kind="links"),
        ),
        tuple(rows),
        note="A state of the talks is any combination of these moves that the case allows. "
        "Everything else stays as it is.",
    )


def _in_force(scene: TalkScene) -> set[str]:
    conflict = scene.conflict
    return set() if conflict is None else set(conflict.space.in_force(conflict.status_quo))


def _renewing(scene: TalkScene, measure: Measure) -> str:
    if measure.expiry != "lapses":
        return "not needed"
    renewal = scene.talks.case.renewal_of(measure.id)
    text = _rule(scene, measure, "renew")
    if renewal is None:
        return f"{text}, or it lapses"
    act = "" if renewal.decision is None else f" ({renewal.decision.title})"
    return f"{text}, one decision for {w.quoted(renewal.label)}{act}, or all of it lapses"


def _rule(scene: TalkScene, measure: Measure, moment: str) -> str:
    case = scene.talks.case
    renewal = case.renewal_of(measure.id) if moment == "renew" else None
    own = getattr(measure.rules, moment) if renewal is None else renewal.rule
    rule: Rule = own or case.party(measure.owner).rule
    text = _RULES.get(rule.kind, "")
    if rule.kind == "double_majority":
        members, people = 100 * rule.member_share, 100 * rule.population_share
        text = f"{members:g} % of members with {people:g} % of the people"
    others = scene.parties(measure.ratified_by)
    return f"{text}, with the consent of: {others}" if others else text


def _sources(scene: TalkScene, measure: Measure) -> tuple[Link, ...]:
    renewal = scene.talks.case.renewal_of(measure.id)
    given = [] if renewal is None else [renewal.decision, renewal.regulation]
    every = [*(a for a in given if a is not None), *measure.acts]
    acts = tuple(Link(f"{a.title}, {short_day(a.date)}", a.href) for a in every)
    if acts:
        return acts
    address = measure.source.startswith(("https://", "http://"))
    host = measure.source.split("/")[2] if address else measure.source
    return (Link(host, measure.source if address else ""),)


def money_table(scene: TalkScene) -> Table:
    """What each move alone is worth in money to each party, from the trade model."""
    moves = scene.talks.moves
    parties = moves[0].parties
    value = np.array([m.gain for m in moves])
    order = sorted(range(len(moves)), key=lambda k: -float(np.abs(value[k]).max()))
    rows: list[tuple[Cell, ...]] = [
        (
            w.sentence(scene.switched(moves[k].measures)),
            scene.parties(moves[k].owners),
            *(float(v) for v in value[k]),
        )
        for k in order
    ]
    table = Table(
        "talks-money",
        "What each move is worth in money, taken alone",
        _money_sentence(scene, order),
        (
            Column("move", "Move"),
            Column("owner", "Held by"),
            *(welfare(p, scene.party(p), MONEY, value.ravel()) for p in parties),
        ),
        tuple(rows),
        note="Equivalent variation against the status quo, from the trade model alone: no estimate "
        "of what parties value besides money enters. Measures that hold each other in place "
        f"change together. {_settings(scene)}",
        lead=12,
    )
    low, high = (np.array([getattr(moves[k], end) for k in order]) for end in ("low", "high"))
    return banded(table, low, high, parties)


def _settings(scene: TalkScene) -> str:
    """How many equilibria this comes from."""
    money = scene.talks.money
    if money is None:
        return ""
    if money.approximation is not None:
        return str(money.approximation)
    return (
        f"From {w.number(len(money.variation_qn))} equilibria, one for each setting of the trade "
        "measures among the moves, solved to the same tolerance as the others."
    )


def _banded(move: MoveMoney, party: int) -> str:
    ends = (move.low[party], move.high[party])
    return w.money(move.gain[party], ends if ends[0] != ends[1] else None)


def _money_sentence(scene: TalkScene, order: list[int]) -> str:
    m = scene.talks.moves[order[0]]
    best = max(range(len(m.parties)), key=lambda k: m.gain[k])
    worst = min(range(len(m.parties)), key=lambda k: m.gain[k])
    if max(abs(g) for g in m.gain) < 0.05:
        return "No move alone changes what any party has in money."
    text = f"In money most hangs on this, alone or together: {m.label}"
    parts = []
    if m.gain[best] > 0.05:
        parts.append(f"{scene.whom(m.parties[best])} would gain {_banded(m, best)} a year")
    if m.gain[worst] < -0.05:
        parts.append(f"{scene.whom(m.parties[worst])} would lose {_banded(m, worst)}")
    return f"{text}. {w.sentence(w.listing(parts))}."


def stakes_table(scene: TalkScene) -> Table:
    """Why each party holds or moves, and the bound that this puts on what it values."""
    found = _stakes(scene)
    rows = [_stake(scene, s) for s in found]
    low = np.array([[math.nan if s.low is None else s.low] for s in found])
    high = np.array([[math.nan if s.high is None else s.high] for s in found])
    money: list[float] = [float(r[4]) for r in rows if isinstance(r[4], float)]
    bounds = [float(r[5]) for r in rows if isinstance(r[5], float)]
    table = Table(
        "talks-stakes",
        "Implied stakes: what each party's behaviour says it values",
        " ".join(stakes_sentences(scene)),
        (
            Column("party", "Party"),
            Column("behaviour", "It"),
            Column("move", "The move that tells"),
            Column("sense", "So what is not money is worth"),
            welfare("money", "Money that this brings it", MONEY, money),
            numbers("bound", "Implied stake", MONEY, bounds),
        ),
        tuple(rows),
        note="The stake follows from the trade model and from what a party does, not from any "
        "estimate: for one that holds, the least that what it keeps must be worth to it; for one "
        "that moved, the most that what it gave up can be worth. A bound at or below 0 says that "
        "money alone explains what it does. A party that was paid by what others did in the same "
        "days is bound by what the whole exchange brought it.",
    )
    return banded(table, low, high, ("bound",))


def _stakes(scene: TalkScene) -> list[ImpliedStake]:
    """The stake of every party that has moves."""
    from detente.study.talking.stakes import stake_of

    return [stake_of(scene.talks, party) for party in scene.talks.conflict.names]


def _stake(scene: TalkScene, s: ImpliedStake) -> tuple[Cell, ...]:
    return (
        scene.party(s.party),
        "holds" if s.behaviour == "holds" else "moved",
        _telling(scene, s),
        None if s.after is None else "at least" if s.behaviour == "holds" else "at most",
        s.money,
        s.bound,
    )


def _telling(scene: TalkScene, s: ImpliedStake) -> str | None:
    """The move that sets the bound, with what others did in the same days if that paid for it."""
    if s.after is None:
        return None
    text = w.sentence(scene.change(scene.talks.conflict.status_quo, s.after))
    with_others = "; ".join(scene.measure(m) for m in s.with_others)
    return f"{text} – in exchange: {with_others}" if with_others else text


def stakes_sentences(scene: TalkScene) -> list[str]:
    """Why the party with the largest stake of those that hold does so, and of those that moved."""
    found = _stakes(scene)
    said = []
    for behaviour in ("moves", "holds"):
        known = [
            (abs(s.bound), s) for s in found if s.behaviour == behaviour and s.bound is not None
        ]
        if known:
            said.append(max(known, key=lambda pair: pair[0])[1].sentence)
    return said or [s.sentence for s in found[:1]]
