"""The main results in sentences: first what rests on no valuation, then the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.study.talking import sentences as words
from detente.study.talking.feasible import feasible_words, points_left_out
from detente.study.talking.keys import lock_words
from detente.study.talking.record import record_words
from detente.study.talking.stakes import band
from detente.study.talking.tally import tally_words
from detente.talks.words import figure, percent

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.study.talking.money import MoveMoney

_SHOWN = 3


def headlines_of(answer: TalksAnswer) -> tuple[str, ...]:
    """What a reader with one minute should know, in the order of how firmly it stands."""
    return (*firm(answer), *on_valuations(answer))


def firm(answer: TalksAnswer) -> Iterator[str]:
    """Implied stakes, money and blockers: nothing here rests on a valuation."""
    for party in answer.conflict.names:
        yield words.reason(answer, party)
    for move in (m for m in answer.moves if len(m.measures) > 1):
        yield _together(move)
    for move in answer.moves:
        if move.members and len(move.measures) == 1 and any(abs(g) >= 1 for g in move.gain):
            yield words.money_inside(move)
    for votes in (v for v in answer.votes if not v.together):
        yield lock_words(votes)
        yield from record_words(answer, votes)


def _together(move: MoveMoney) -> str:
    up = sorted(zip(move.gain, move.parties, strict=True), reverse=True)
    said = [f"{p} {figure(g, signed=True)}{band(move, p)}" for g, p in up if abs(g) >= 1]
    return f"If {move.label} together, in money, million USD a year: {', '.join(said)}."


def on_valuations(answer: TalksAnswer) -> Iterator[str]:
    """What hangs on what parties value, which is estimated."""
    if answer.deals is not None:
        for proposal in answer.deals.proposals:
            if proposal.source:
                yield str(proposal)
                yield from words.needed_words(answer, proposal)
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
        yield words.event_words(answer, event)
    for chance in (c for c in answer.chances if c.of not in kept):
        if chance.question == "accepted" and chance.chance > 0:
            yield f"{chance.label}: accepted by all in {percent(chance.chance, 0)} of the draws."
