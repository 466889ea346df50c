"""Sentences of a negotiation: states, reasons, events, remedies and the main results.

`state_words`, `reason`, `stability_words`, `path_words` and `event_words` each describe one part.
`remedy_words` says what would make states last. `headlines_of` puts first what rests on no
valuation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis.negotiation.explained_moves import (
    NO_FORECAST,
    in_sample_words,
    record_words,
    tally_words,
)
from detente.analysis.negotiation.feasible_packages import feasible_words, points_left_out
from detente.analysis.negotiation.labels import party_labels
from detente.analysis.negotiation.stakes import lock_words, stake_of, with_band
from detente.negotiation import Conflict
from detente.negotiation.words import (
    figure,
    listed,
    number_word,
    percent,
    plural,
    signed,
    some,
    upper_first,
)

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.negotiation.answer_data import NegotiationData
    from detente.analysis.negotiation.deals import Proposal
    from detente.analysis.negotiation.observed_moves import MoveCheck
    from detente.analysis.negotiation.trade_settings import MoveMoney
    from detente.negotiation import BlocRemedy, Path, Remedies


_SMALL = 0.05
#: Names in a list, of which the rest is counted.
_NAMED = 4
_MEANING = {
    "Nash": "if no answer is expected",
    "GMR": "if any answer deters, whatever it costs those who give it",
    "SMR": "if an answer deters only where there is no way out of it",
    "SEQ": "if an answer deters only where those who give it gain",
}


def state_words(answer: NegotiationData, code: int) -> str:
    """A state by what differs from the status quo; a published one by its label."""
    conflict = answer.conflict
    if not isinstance(conflict, Conflict):
        return conflict.label(code)
    if code == conflict.status_quo:
        return "the status quo"
    return conflict.change(conflict.status_quo, code)


def state_ids(answer: NegotiationData, code: int) -> str:
    """A state by the ids of measures: 'end us-potash; start release-2025-12'."""
    conflict = answer.conflict
    if not isinstance(conflict, Conflict) or code == conflict.status_quo:
        return state_words(answer, code)
    bits = [(b, conflict.status_quo >> k & 1) for k, b in enumerate(conflict.space.bits)
            if (code ^ conflict.status_quo) >> k & 1]  # fmt: skip
    ended = ", ".join(b for b, on in bits if on)
    begun = ", ".join(b for b, on in bits if not on)
    parts = [f"{verb} {what}" for verb, what in (("end", ended), ("start", begun)) if what]
    return "; ".join(parts)


def reason(answer: NegotiationData, party: str) -> str:
    """Why a party holds or moved, with what this implies, whatever its valuations."""
    return stake_of(answer, party).sentence


def money_inside(move: MoveMoney) -> str:
    """Which members of a bloc gain or lose most money by a move, whatever they value."""
    gains = sorted(move.members, key=lambda pair: -pair[1])
    up = [f"{m} {figure(g, signed=True)}" for m, g in gains if g >= _SMALL]
    down = [f"{m} {figure(g, signed=True)}" for m, g in reversed(gains) if g <= -_SMALL]
    parts = []
    if up:
        gaining = plural(len(up), "member gains", "members gain")
        parts.append(f"{gaining} ({', '.join(up[:5])}{', …' if len(up) > 5 else ''})")
    if down:
        losing = "loses" if len(down) == 1 else "lose"
        named = f"{', '.join(down[:3])}{', …' if len(down) > 3 else ''}"
        parts.append(f"{number_word(len(down))} {losing} ({named})")
    if not parts:
        return f"{upper_first(move.label)}: in money no member gains or loses."
    return f"{upper_first(move.label)}: in money {listed(parts)}, million USD a year."


def needed_words(answer: NegotiationData, proposal: Proposal) -> Iterator[str]:
    """What would have to be true for those who refuse a package to accept it as a sum."""
    conflict = answer.conflict
    if not isinstance(conflict, Conflict):
        return
    payoffs, here = conflict.payoffs, conflict.status_quo
    for party, gain in zip(proposal.parties, proposal.gain, strict=True):
        if party not in proposal.refused_by or gain >= 0:
            continue
        i = conflict.index(party)
        changed = payoffs.effect_ks[:, proposal.code] - payoffs.effect_ks[:, here]
        best = _nearest(payoffs.value_ik[i], changed, gain)
        label = upper_first(conflict.labels[i])
        text = f"{proposal.label}: {label} loses {figure(-gain)} million USD a year by it"
        if best is not None:
            k, needed = best
            interest = payoffs.interests[k]
            limit = "no more than" if changed[k] < 0 else "no less than"
            text += (
                f". It would accept, as a sum, if {interest.label} were worth {limit} "
                f"{figure(needed)} a unit to it instead of "
                f"{figure(float(payoffs.value_ik[i, k]))}"
            )
        yield f"{text}."


def _nearest(value_k: Array, changed_k: Array, gain: float) -> tuple[int, float] | None:
    """The interest whose value has to change least in proportion, and what it would have to be."""
    found = []
    for k, (value, changed) in enumerate(zip(value_k.tolist(), changed_k.tolist(), strict=True)):
        if changed and value:
            shift = -gain / changed
            found.append((abs(shift / value), k, value + shift))
    if not found:
        return None
    _, k, needed = min(found)
    return k, needed


def stability_words(answer: NegotiationData) -> Iterator[str]:
    """How stable the status quo is in each sense, and how many states are."""
    stability, here = answer.stability, answer.conflict.status_quo
    for concept, held in stability.stable_is.items():
        movers = stability.movers(here, concept)
        status = (
            f"{listed(movers)} would leave the status quo" if movers else "the status quo is stable"
        )
        number = int(held.all(axis=0).sum())
        count = f"{number_word(number)} {'state is' if number == 1 else 'states are'}"
        yield (
            f"{concept}, {_MEANING[concept]}: {status}. {upper_first(count)} stable for all "
            "parties."
        )
    if answer.renewed is not None:
        never = "If no member ever refused a renewal"
        never += ", as observed so far," if renewals_seen(answer) else ","
        sentences: dict[tuple[str, ...], list[str]] = {}
        for c in answer.renewed.stable_is:
            sentences.setdefault(answer.renewed.movers(here, c), []).append(c)
        leaving = [f"by {listed(who)} ({listed(which)})" for who, which in sentences.items() if who]
        yield (
            f"{never} the status quo would be left {listed(leaving)}."
            if leaving
            else f"{never} the status quo would be stable in every sense."
        )


def renewals_seen(answer: NegotiationData) -> bool:
    """Whether what lapses among the moves was renewed, and never let lapse, as the case has it."""
    moves = answer.case.negotiation.moves if answer.case.negotiation is not None else ()
    lapsing = [m for m in answer.case.measures if m.id in moves and m.expiry == "lapses"]
    ended = any(e.move == "lift" and {m.id for m in lapsing} & set(e.measures)
                for e in answer.case.events)  # fmt: skip
    return any(answer.case.renewed_on(m.id) for m in lapsing) and not ended


def lasting_states(answer: NegotiationData) -> list[tuple[int, tuple[bool, ...]]]:
    """The status quo, then states within reach that last in some sense, and in which."""
    conflict = answer.conflict
    here = conflict.status_quo
    table = answer.stability.table()
    rows = {int(str(row[0])): tuple(bool(x) for x in row[2:]) for row in table.rows}
    if isinstance(conflict, Conflict):
        within = {here, *conflict.space.reachable(here).tolist()}
        rows = {code: held for code, held in rows.items() if code in within}

    def order(row: tuple[int, tuple[bool, ...]]) -> tuple[bool, int, int]:
        far = (row[0] ^ here).bit_count() if isinstance(conflict, Conflict) else row[0]
        return row[0] != here, -sum(row[1]), far

    return sorted(rows.items(), key=order)


def path_words(answer: NegotiationData, path: Path, *, theory: bool = True) -> str:
    """A path from the status quo in short, with the concept of stability or without it."""
    together = ", alone or together," if path.joint else ""
    sense = f" ({path.concept})" if theory else ""
    if not path.arrives:
        return (
            f"No sequence of moves by which each mover{together} gains leads from the status quo "
            f"to a state that is stable for all{sense}."
        )
    if not path.steps:
        return f"The status quo is stable for all{sense}: no path leads away."
    moves = ". Then ".join(f"by {listed(s.parties)}, {s.change}" for s in path.steps)
    how = "alone or together" if path.joint else "one at a time"
    return f"Moves {how} that lead to a stable state{sense}: {moves}."


def event_words(answer: NegotiationData, event: MoveCheck) -> str:
    """One observed move and what the model makes of it."""
    label = upper_first(party_labels(answer.case)[event.party])
    text = f"{event.date}, {label}: {event.change}. {upper_first(event.verdict)}"
    if event.verdict == "rational by itself":
        text += f": {_worth(event.gain, event.money)}"
    elif event.with_others:
        text += (
            f": alone {_worth(event.gain, event.money)}. With what others changed in the same days "
            f"it is {_worth(event.gain_exchange, event.money_exchange)}"
        )
    else:
        text += f": {_worth(event.gain, event.money)}"
    if event.in_view:
        text += f". {in_sample_words(answer, event)}"
    if event.opposed:
        named = [
            f"{m} {figure(g, signed=True)} (in money {figure(x, signed=True)})"
            for (m, g), x in zip(event.opposed, event.opposed_money, strict=True)
        ]
        text += (
            ". Some who could have prevented it alone would lose by it, by the valuations of the "
            f"case: {some(named, 3)}"
        )
    if event.contradicted:
        text += f". It was renewed all the same: {NO_FORECAST}"
    elif event.share is not None:
        text += f". Rational in {percent(event.share, 0)} of the draws"
    return f"{text}. {event.bound}"


def _worth(gain: float, money: float) -> str:
    return (
        f"{figure(gain, signed=True)} million USD a year to it, of it "
        f"{figure(money, signed=True)} in money"
    )


_NO_VALUATION = "No change of a single valuation would do."
#: Members whose valuations are told, of those that would have to be paid.
_FEW = 3


def remedy_words(answer: NegotiationData, *, here_only: bool = False) -> Iterator[str]:
    """What would make the status quo and the states of the case's packages last (Nash).

    Args:
        answer: the negotiation.
        here_only: of the status quo alone.
    """
    for remedy in answer.remedies:
        if here_only and remedy.state != answer.conflict.status_quo:
            continue
        where = state_words(answer, remedy.state)
        head = "The status quo" if where == "the status quo" else f"If {where}"
        for label in remedy.movers:
            paid = float(remedy.payment_i[remedy.conflict.labels.index(label)])
            bloc = remedy.bloc(label)
            if bloc is not None:
                yield from _bloc_words(head, remedy, bloc)
                continue
            ways = [
                f"if {r.interest} were worth {figure(r.needed)} a unit to it instead of "
                f"{figure(r.value)}"
                for r in remedy.ways(label)
            ]
            stay = f"{head}: {label} would stay for {figure(paid)} million USD a year"
            yield f"{stay}, or {listed(ways, 'or')}." if ways else f"{stay}. {_NO_VALUATION}"


def _bloc_words(head: str, remedy: Remedies, bloc: BlocRemedy) -> Iterator[str]:
    """Which members would have to get how much for a bloc to stay, or value what otherwise."""
    paid = [f"{m} {figure(p)}" for m, p in zip(bloc.members, bloc.payments, strict=True)]
    who = bloc.members[0] if len(paid) == 1 else f"{number_word(len(paid))} members"
    parts = f" The least for each is {some(paid, _NAMED)}." if len(paid) > 1 else ""
    yield (
        f"{head}: {bloc.party} would stay if {who} got, or valued staying at, no less than "
        f"{figure(bloc.total)} million USD a year{' in all' if parts else ''}.{parts} "
        "With less its rules let a change pass."
    )
    if head != "The status quo":
        return
    found = []
    for member in bloc.members:
        ways = [
            f"{r.interest} were worth {figure(r.needed)} a unit to it instead of {figure(r.value)}"
            for r in remedy.ways(member)
        ]
        found += [f"{member} would stay without payment if {listed(ways, 'or')}."] if ways else []
    if found:
        count = upper_first(number_word(len(found) - _FEW))
        more = f" {count} more are in the data." if len(found) > _FEW else ""
        yield f"{head}: {' '.join(found[:_FEW])}{more}"


_SHOWN = 3


def headlines_of(answer: NegotiationData) -> tuple[str, ...]:
    """What a reader with one minute should know, in the order of how firmly it stands."""
    return (*firm(answer), *on_valuations(answer))


def firm(answer: NegotiationData) -> Iterator[str]:
    """Implied stakes, money and blockers: nothing here rests on a valuation."""
    for party in answer.conflict.names:
        yield reason(answer, party)
    for move in (m for m in answer.moves if len(m.measures) > 1):
        yield _together(move)
    for move in answer.moves:
        if move.members and len(move.measures) == 1 and any(abs(g) >= 1 for g in move.gain):
            yield money_inside(move)
    for votes in (v for v in answer.votes if not v.together):
        yield lock_words(votes)
        yield from record_words(answer, votes)


def _together(move: MoveMoney) -> str:
    """Who gains and who loses most money if all measures of a move change."""
    order = sorted(zip(move.gain, move.parties, strict=True), reverse=True)
    up = [f"{p} {with_band(move, p, signed)}" for g, p in order if g >= 1]
    down = [f"{p} {with_band(move, p, signed)}" for g, p in order[::-1] if g <= -1]
    parts = [
        f"If {move.label} together, these {verb} in money, million USD a year: {some(who, _NAMED)}."
        for verb, who in (("gain", up), ("lose", down))
        if who
    ]
    return " ".join(parts) or f"If {move.label} together, nobody gains or loses noticeably."


def on_valuations(answer: NegotiationData) -> Iterator[str]:
    """What hangs on what parties value, which is estimated."""
    if answer.deals is not None:
        for proposal in answer.deals.proposals:
            if proposal.source:
                yield str(proposal)
                yield from needed_words(answer, proposal)
        yield " ".join(feasible_words(answer))
        for proposal in answer.deals.proposals:
            if not proposal.source and not answer.guessed:
                yield f"{proposal}"
    kept = points_left_out(answer)
    for order in (o for o in answer.orders if o.id not in kept):
        best = order.sequences.best
        yield f"{order.label}: {'it enforces itself' if best else 'no order enforces itself'}."
        if order.proposed_regime is not None:
            yield order.proposed_regime.said_of("the order that the case gives")
    if answer.events:
        yield tally_words(answer)
    for event in (e for e in answer.events if e.verdict == "not explained"):
        yield event_words(answer, event)
    for chance in (c for c in answer.chances if c.of not in kept):
        if chance.question == "accepted" and chance.chance > 0:
            yield f"{chance.label}: accepted by all in {percent(chance.chance, 0)} of the draws."
