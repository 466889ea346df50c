"""The stake that each party's behaviour implies, from its own move or from an exchange."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.study.talking.keys import keys_of
from detente.study.talking.money import MoveMoney
from detente.study.talking.wording import bracketed, party_labels, upper_first
from detente.talks.words import figure, listed, quoted

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.study.talking.events import MoveCheck
    from detente.talks import Why

_SMALL = 0.05


@dataclass(frozen=True)
class ImpliedStake:
    """A bound on what a party values besides money, whatever the valuations of the case say.

    Attributes:
        party: its id.
        behaviour: `holds` or `moves`.
        after: code of the state to which the move leads that sets the bound; None if none does.
        with_others: ids of the measures that others changed in the same days, if money came by
            these.
        money: what the move, or the exchange, brings the party, USD million a year.
        bound: least (if it holds) or most (if it moved) that the rest can be worth; None if no move
            sets one.
        low: lower end of its central band over draws; the bound itself without draws.
        high: upper end.
        sentence: all of this in words.
    """

    party: str
    behaviour: str
    after: int | None
    with_others: tuple[str, ...]
    money: float | None
    bound: float | None
    low: float | None
    high: float | None
    sentence: str


def stake_of(answer: TalksAnswer, party: str) -> ImpliedStake:
    """The stake of one party that has moves.

    A party that moved in the same days as others is bound by what the exchange brought it, where
    that is not what its own move brings.

    Args:
        answer: the negotiation.
        party: its id.
    """
    why = answer.why(party)
    move = why.stake.move
    exchange = _exchange(answer, party, why)
    if exchange is not None:
        low, high = exchange.low, exchange.high
        money = exchange.money_exchange
        return ImpliedStake(
            party,
            why.behaviour,
            None if move is None else move.after,
            exchange.with_others,
            money,
            money,
            money if low is None else low,
            money if high is None else high,
            _exchanged(answer, exchange),
        )
    known = not math.isnan(why.stake.bound)
    return ImpliedStake(
        party,
        why.behaviour,
        None if move is None else move.after,
        (),
        None if move is None else move.parts[0],
        why.stake.bound if known else None,
        why.stake.low if known else None,
        why.stake.high if known else None,
        _alone(answer, party, why),
    )


def _exchange(answer: TalksAnswer, party: str, why: Why) -> MoveCheck | None:
    """The next observed move of a party that moved, if it was paid for by what others did."""
    if why.behaviour != "moves" or why.stake.move is None:
        return None
    for event in answer.events:
        if event.party == party and event.date >= answer.date and event.move != "keep":
            apart = abs(event.money_exchange - why.stake.move.parts[0]) >= _SMALL
            return event if event.with_others and apart else None
    return None


def _exchanged(answer: TalksAnswer, event: MoveCheck) -> str:
    label = upper_first(party_labels(answer.case)[event.party])
    others = listed([quoted(answer.case.measure(m).label) for m in event.with_others])
    return f"{label} moved: {event.change}, in the same days as {others}. {event.bound}"


def _alone(answer: TalksAnswer, party: str, why: Why) -> str:
    """Why a party holds or moved, by its own measures."""
    move = why.stake.move
    if move is not None and abs(move.parts[0]) >= _SMALL:
        keys = keys_of(answer, why.before ^ move.after)
        return f"{str(why).removesuffix('.')}; {keys}." if keys else str(why)
    label = upper_first(party_labels(answer.case)[party])
    if why.behaviour == "moves":
        assert move is not None
        return f"{label} moves: {move.doing} neither brings nor costs it money."
    shared = [m for m in answer.moves if len(m.measures) > 1 and party in m.owners]
    if not shared:
        return f"{label} holds: none of its own moves changes its money."
    both = shared[0]
    return (
        f"{label} holds: by itself it would change nothing in money, as others hold the same way "
        f"closed. If {both.label} together, it would gain {figure(both.of(party))}"
        f"{band(both, party)} million USD a year."
    )


def band(move: MoveMoney, party: str) -> str:
    """The central band of a gain in brackets; nothing without draws."""
    k = move.parties.index(party)
    return bracketed((move.low[k], move.high[k]))
