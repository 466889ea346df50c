"""Views of moves: who holds them, what each is worth, and the stakes that behaviour implies.

`moves_table`, `money_table` and `stakes_table` are the tables; `components_table` and
`components_chart` divide payoffs into money and interests. `options_table` and `rankings_table`
show a published conflict.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.labels import day
from detente.report.table import (
    Cell,
    Chart,
    Column,
    Link,
    Table,
    banded,
    numbers,
    welfare,
)
from detente.report.views.measures import act_link
from detente.report.views.negotiation_context import MONEY, NegotiationViewContext

if TYPE_CHECKING:
    from detente.analysis.negotiation import MoveMoney
    from detente.analysis.negotiation.stakes import ImpliedStake
    from detente.cases import Measure
    from detente.cases.rules import Rule
    from detente.negotiation import Why
    from detente.negotiation.reasons import OwnMove


def options_table(context: NegotiationViewContext) -> Table:
    """The options of a published conflict, who holds them and whether they can be undone."""
    conflict = context.negotiation.case.conflict
    assert conflict is not None
    here = next((s for s in conflict.states if s.id == conflict.status_quo), conflict.states[0])
    ways = {"both": "yes", "take": "no: once taken it stays", "drop": "no: once dropped it is gone"}
    rows: list[tuple[Cell, ...]] = [
        (
            context.party(o.owner),
            o.label,
            "taken" if o.id in here.taken else "not taken",
            ways[o.direction],
        )
        for o in conflict.options
    ]
    return Table(
        "negotiation-moves",
        "Options and who holds them",
        f"{w.sentence(w.count(len(rows), 'option'))} of "
        f"{w.count(len(conflict.players), 'party', 'parties')} make "
        f"{w.count(len(conflict.states), 'feasible state')}; the status quo is "
        f"{context.negotiation.conflict.label(context.negotiation.conflict.status_quo)}.",
        (
            Column("owner", "Owner", group=True),
            Column("move", "Option"),
            Column("status", "In the status quo"),
            Column("reversible", "Reversible"),
        ),
        tuple(rows),
        note=conflict.note,
    )


def rankings_table(context: NegotiationViewContext) -> Table:
    """How each party ranks the states, from the best to the worst."""
    conflict = context.negotiation.case.conflict
    assert conflict is not None
    rows: list[tuple[Cell, ...]] = [
        (context.party(p), " > ".join(" = ".join(tier) for tier in tiers))
        for p, tiers in conflict.preferences.items()
    ]
    best = {tiers[0] for tiers in conflict.preferences.values()}
    worst = {tiers[-1] for tiers in conflict.preferences.values()}
    agreed = [
        f"on the {what} state"
        for what, ends in (("best", best), ("worst", worst))
        if len(ends) == 1
    ]
    text = f"They agree {w.listing(agreed)}" if agreed else "They agree on no end of it"
    return Table(
        "negotiation-rankings",
        "How each party ranks the states",
        f"{w.sentence(w.count(len(rows), 'party ranks', 'parties rank'))} "
        f"{w.count(len(conflict.states), 'state')}. {text}.",
        (Column("party", "Party"), Column("ranking", "From the best to the worst")),
        tuple(rows),
        note=f"Source: {conflict.source}",
    )


_RULES = {"unanimity": "unanimity", "sovereign": "alone", "weighted": "weighted votes"}


def moves_table(context: NegotiationViewContext) -> Table:
    """Every move of the negotiation: who holds it, by which rules, and whether it can be undone."""
    return (
        options_table(context)
        if context.negotiation.case.conflict is not None
        else _measures(context)
    )


def _measures(context: NegotiationViewContext) -> Table:
    case, negotiation = context.negotiation.case, context.negotiation
    assert case.negotiation is not None
    here = _in_force(context)
    moves = [case.measure(name) for name in case.negotiation.moves]
    order = {p.id: k for k, p in enumerate(case.parties)}
    rows: list[tuple[Cell, ...]] = [
        (
            context.party(m.owner),
            m.label,
            "in force" if m.id in here else "not in force",
            _rule(context, m, "adopt"),
            _renewing(context, m),
            _rule(context, m, "repeal") if m.reversible else "cannot be undone",
            "yes" if m.reversible else "no",
            _sources(context, m),
        )
        for m in sorted(moves, key=lambda m: order[m.owner])
    ]
    held = Counter(m.owner for m in moves)
    shares = w.listing(
        f"{context.whom(p)} holds {held[p]}" for p in sorted(held, key=lambda p: order[p])
    )
    once = sum(not m.reversible for m in moves)
    return Table(
        "negotiation-moves",
        "Moves and who holds them",
        f"{w.sentence(w.count(len(moves), 'measure'))} can change in this negotiation, "
        f"{len(here)} of them in force on {day(negotiation.date)}: {shares}. "
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
        note="A state of the negotiation is any combination of these moves that the case allows. "
        "Everything else stays as it is.",
    )


def _in_force(context: NegotiationViewContext) -> set[str]:
    conflict = context.conflict
    return set() if conflict is None else set(conflict.space.in_force(conflict.status_quo))


def _renewing(context: NegotiationViewContext, measure: Measure) -> str:
    if measure.expiry != "lapses":
        return "not needed"
    renewal = context.negotiation.case.renewal_of(measure.id)
    text = _rule(context, measure, "renew")
    if renewal is None:
        return f"{text}, or it lapses"
    act = "" if renewal.decision is None else f" ({renewal.decision.title})"
    return f"{text}, one decision for {w.quoted(renewal.label)}{act}, or all of it lapses"


def _rule(context: NegotiationViewContext, measure: Measure, moment: str) -> str:
    case = context.negotiation.case
    renewal = case.renewal_of(measure.id) if moment == "renew" else None
    own = getattr(measure.rules, moment) if renewal is None else renewal.rule
    rule: Rule = own or case.party(measure.owner).rule
    text = _RULES.get(rule.kind, "")
    if rule.kind == "double_majority":
        members, people = 100 * rule.member_share, 100 * rule.population_share
        text = f"{members:g} % of members with {people:g} % of the people"
    others = context.parties(measure.ratified_by)
    return f"{text}, with the consent of: {others}" if others else text


def _sources(context: NegotiationViewContext, measure: Measure) -> tuple[Link, ...]:
    renewal = context.negotiation.case.renewal_of(measure.id)
    given = [] if renewal is None else [renewal.decision, renewal.regulation]
    every = [*(a for a in given if a is not None), *measure.acts]
    acts = tuple(map(act_link, every))
    if acts:
        return acts
    address = measure.source.startswith(("https://", "http://"))
    host = measure.source.split("/")[2] if address else measure.source
    return (Link(host, measure.source if address else ""),)


def money_table(context: NegotiationViewContext) -> Table:
    """What each move alone is worth in money to each party, from the trade model."""
    moves = context.negotiation.moves
    parties = moves[0].parties
    value = np.array([m.gain for m in moves])
    order = sorted(range(len(moves)), key=lambda k: -float(np.abs(value[k]).max()))
    rows: list[tuple[Cell, ...]] = [
        (
            w.sentence(context.switched(moves[k].measures)),
            context.parties(moves[k].owners),
            *(float(v) for v in value[k]),
        )
        for k in order
    ]
    table = Table(
        "negotiation-money",
        "What each move is worth in money, taken alone",
        _money_sentence(context, order),
        (
            Column("move", "Move"),
            Column("owner", "Held by"),
            *(welfare(p, context.party(p), MONEY, value.ravel()) for p in parties),
        ),
        tuple(rows),
        note="Equivalent variation against the status quo, from the trade model alone: no estimate "
        "of what parties value besides money enters. Measures that hold each other in place "
        f"change together. {_settings(context)}",
        lead=12,
    )
    low, high = (np.array([getattr(moves[k], end) for k in order]) for end in ("low", "high"))
    return banded(table, low, high, parties)


def _settings(context: NegotiationViewContext) -> str:
    """How many equilibria this comes from."""
    money = context.negotiation.money
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


def _money_sentence(context: NegotiationViewContext, order: list[int]) -> str:
    m = context.negotiation.moves[order[0]]
    best = max(range(len(m.parties)), key=lambda k: m.gain[k])
    worst = min(range(len(m.parties)), key=lambda k: m.gain[k])
    if max(abs(g) for g in m.gain) < 0.05:
        return "No move alone changes what any party has in money."
    text = f"In money most hangs on this, alone or together: {m.label}"
    parts = []
    if m.gain[best] > 0.05:
        parts.append(f"{context.whom(m.parties[best])} would gain {_banded(m, best)} a year")
    if m.gain[worst] < -0.05:
        parts.append(f"{context.whom(m.parties[worst])} would lose {_banded(m, worst)}")
    return f"{text}. {w.sentence(w.listing(parts))}."


def stakes_table(context: NegotiationViewContext) -> Table:
    """Why each party holds or moves, and the bound that this puts on what it values."""
    found = _stakes(context)
    rows = [_stake(context, s) for s in found]
    low = np.array([[math.nan if s.low is None else s.low] for s in found])
    high = np.array([[math.nan if s.high is None else s.high] for s in found])
    money: list[float] = [float(r[4]) for r in rows if isinstance(r[4], float)]
    bounds = [float(r[5]) for r in rows if isinstance(r[5], float)]
    table = Table(
        "negotiation-stakes",
        "Implied stakes: what each party's behaviour says it values",
        " ".join(stakes_sentences(context)),
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


def _stakes(context: NegotiationViewContext) -> list[ImpliedStake]:
    """The stake of every party that has moves."""
    from detente.analysis.negotiation.stakes import stake_of

    return [stake_of(context.negotiation, party) for party in context.negotiation.conflict.names]


def _stake(context: NegotiationViewContext, s: ImpliedStake) -> tuple[Cell, ...]:
    return (
        context.party(s.party),
        "holds" if s.behaviour == "holds" else "moved",
        _telling(context, s),
        None if s.after is None else "at least" if s.behaviour == "holds" else "at most",
        s.money,
        s.bound,
    )


def _telling(context: NegotiationViewContext, s: ImpliedStake) -> str | None:
    """The move that sets the bound, with what others did in the same days if that paid for it."""
    if s.after is None:
        return None
    text = w.sentence(context.change(context.negotiation.conflict.status_quo, s.after))
    with_others = "; ".join(context.measure(m) for m in s.with_others)
    return f"{text} – in exchange: {with_others}" if with_others else text


def stakes_sentences(context: NegotiationViewContext) -> list[str]:
    """Why the party with the largest stake of those that hold does so, and of those that moved."""
    found = _stakes(context)
    sentences = []
    for behaviour in ("moves", "holds"):
        known = [
            (abs(s.bound), s) for s in found if s.behaviour == behaviour and s.bound is not None
        ]
        if known:
            sentences.append(max(known, key=lambda pair: pair[0])[1].sentence)
    return sentences or [s.sentence for s in found[:1]]


_MOST = 6


def _chosen(why: Why) -> list[OwnMove]:
    """Moves of one measure, the one that the stake is read from, and the best of all."""
    single = [m for m in why.moves if (m.after ^ why.before).bit_count() == 1]
    found = sorted(single, key=lambda m: -abs(m.gain))[:_MOST]
    extra = [why.stake.move] if why.stake.move is not None else []
    extra += [max(why.moves, key=lambda m: m.gain)] if why.moves else []
    for move in extra:
        if move.after not in {m.after for m in found}:
            found.append(move)
    return sorted(found, key=lambda m: -m.gain)


def _moves(context: NegotiationViewContext) -> list[tuple[Why, OwnMove]]:
    return [(why, move) for why in context.negotiation.whys for move in _chosen(why)]


def components_table(context: NegotiationViewContext) -> Table:
    """What each party's own moves would change for it, by component."""
    chosen = _moves(context)
    names = context.negotiation.whys[0].components
    shown = [k for k in range(len(names)) if k == 0 or any(m.parts[k] for _, m in chosen)]
    rows: list[tuple[Cell, ...]] = [
        (
            context.party(why.party),
            w.sentence(context.change(why.before, move.after)),
            *(float(move.parts[k]) for k in shown),
            float(move.gain),
            "yes" if move.carried else "no",
        )
        for why, move in chosen
    ]
    every = [float(p) for _, m in chosen for p in (*m.parts, m.gain)]
    return Table(
        "negotiation-components",
        "What each party's own moves would change for it, by component",
        _sentence(context, chosen),
        (
            Column("party", "Party", group=True),
            Column("move", "Move"),
            *(welfare(f"part-{k}", w.sentence(names[k]), MONEY, every) for k in shown),
            welfare("total", "In all", MONEY, every),
            Column("carried", "Would be made"),
        ),
        tuple(rows),
        note="Moves of one measure, the move that the implied stake is read from, and the best "
        "that the party could do by itself. Money is the trade model's; the rest is an amount "
        "times what the case says that a unit is worth to the party. Whether a bloc makes a move "
        f"hangs on its rules and not on the sum{_lapsing(context)}.",
        lead=14,
    )


def _lapsing(context: NegotiationViewContext) -> str:
    """The sentence that says by whose refusal a measure lapses."""
    from detente.analysis.negotiation.stakes import refusal_words

    where = "" if context.conflict is None else refusal_words(context.conflict)
    return f": what lapses unless renewed ends {where}" if where else ""


def _sentence(context: NegotiationViewContext, chosen: list[tuple[Why, OwnMove]]) -> str:
    own: dict[str, int] = {}
    for why, move in chosen:
        own[why.party] = own.get(why.party, 0) + bool(move.carried)
    idle = [p for p, n in own.items() if not n]
    busy = [p for p, n in own.items() if n]
    parts = []
    for some, what in ((idle, "no move"), (busy, "a move")):
        if some:
            verb, pronoun = ("has", "it") if len(some) == 1 else ("have", "they")
            parts.append(
                f"{w.sentence(context.whom(*some))} {verb} {what} that {pronoun} would make "
                "unanswered, at central estimates."
            )
    return " ".join(parts)


def components_chart(context: NegotiationViewContext, table: Table) -> Chart:
    """The parts of each stake as stacked bars, with the stake under each party's name."""
    names = context.negotiation.whys[0].components
    groups = []
    for why in context.negotiation.whys:
        moves = _chosen(why)
        if not moves:
            continue
        groups.append(
            {
                "label": f"{context.party(why.party)} {_does(why)}",
                "note": _reason(context, why),
                "rows": [
                    {
                        "label": w.sentence(context.change(why.before, m.after)),
                        "parts": [float(p) for p in m.parts],
                        "total": float(m.gain),
                        "unit": MONEY,
                        "said": "",
                    }
                    for m in moves
                ],
            }
        )
    return Chart(
        "negotiation-components",
        "components",
        "What each party's own moves would change for it",
        f"{MONEY}; money by the trade model, interests at analyst estimates; ◇ in all",
        context.source,
        f"Stacked bars, one for each move, with a mark at the sum. {table.sentence}",
        table.id,
        {"components": list(names), "groups": groups},
    )


def _reason(context: NegotiationViewContext, why: Why) -> str:
    from detente.analysis.negotiation.sentences import reason

    conflict = context.negotiation.conflict
    return reason(context.negotiation, conflict.names[conflict.labels.index(why.party)])


def _does(why: Why) -> str:
    return "holds" if why.behaviour == "holds" else "moved"
