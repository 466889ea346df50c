"""Stakes: what each party's behaviour implies, who holds a veto, and who has no move of its own.

`ImpliedStake` is the result and `stake_of` makes it, from a party's own move or from an exchange.
`keys_of` names those who can block by the rules alone. `ballots_of` and `member_words` speak of
members inside a bloc, ratifiers and onlookers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.negotiation.labels import party_labels
from detente.analysis.negotiation.trade_settings import MoveMoney
from detente.negotiation import Conflict, Unanimity
from detente.negotiation.words import (
    beside,
    figure,
    listed,
    number_word,
    quoted,
    signed,
    times,
    upper_first,
)

if TYPE_CHECKING:
    from detente.analysis.negotiation.answer_data import NegotiationData
    from detente.analysis.negotiation.observed_moves import MoveCheck
    from detente.analysis.negotiation.votes import MeasureVotes
    from detente.negotiation import Why


def lock_words(votes: MeasureVotes) -> str:
    """Who could end a measure, or all that one decision renews, and who keeps it: a sentence."""
    what = quoted(votes.label)
    if len(votes.measures) > 1:
        what += f" ({number_word(len(votes.measures))} measures, one decision)"
    return f"{what}: {_key(votes, 'it', 'it stays')}."


def keys_of(answer: NegotiationData, changed: int) -> str:
    """Who could end the measures that a move changes, without a full stop; empty if no votes.

    Args:
        answer: the negotiation.
        changed: the bits that the move changes.
    """
    conflict = answer.conflict
    if not isinstance(conflict, Conflict):
        return ""
    names = {b for k, b in enumerate(conflict.space.bits) if changed >> k & 1}
    bits = {v.measure: {b for m in v.measures for b in _bits(conflict, m)} for v in answer.votes}
    # What one decision renews and the move ends as a whole is told as one.
    whole = [v for v in answer.votes if len(v.measures) > 1 and bits[v.measure] <= names]
    stated = {m for v in whole for m in v.measures}
    single = [v for v in answer.votes if len(v.measures) == 1 and v.measure not in stated]
    voted = whole + [v for v in single if names & bits[v.measure]]
    one = len(voted) == 1 and len(voted[0].measures) == 1
    text = {_key(v, "it" if one else "them", "it stays" if one else "they stay") for v in voted}
    if len(text) <= 1:
        return next(iter(text), "")
    return ". ".join(f"Of {quoted(v.label)}, {_key(v, 'it', 'it stays')}" for v in voted)


def refusal_words(conflict: Conflict) -> str:
    """Where what lapses unless renewed ends, as the end of a sentence; empty if nothing lapses."""
    owners = {p.name: p for p in conflict.parties}
    lapsing = [m for m in conflict.space.measures if m.expiry == "lapses"]
    rules = [rule for m in lapsing if (rule := m.renew or owners[m.owner].rule) is not None]
    if not lapsing:
        return ""
    if not rules:
        return "where its owner gains by that"
    if all(isinstance(rule, Unanimity) for rule in rules):
        return "where one member that loses by it can refuse the renewal"
    return "where those who lose by it are enough to refuse the renewal by its rule"


def _bits(conflict: Conflict, measure: str) -> tuple[str, ...]:
    return next(m.bits for m in conflict.space.measures if m.name == measure)


def _key(votes: MeasureVotes, it: str, stays: str) -> str:
    moments = votes.votes.moments
    size = len(moments.members)
    if votes.ratifiers:
        return f"a change needs {listed(list(votes.members))}"
    keeps = _alone(votes, "repeal")
    if moments.expiry != "lapses":
        until = "they are" if it == "them" else "it is"
        return f"{stays} until {until} repealed, and at repeal {_any(keeps, size)} keeps {it}"
    ends = _alone(votes, "renew")
    keeper = "any one" if ends == keeps == size else _any(keeps, size)
    when = "at renewal"
    if votes.together:
        when = f"at renewal, one decision over it and {listed(votes.others)},"
    kept = it
    if votes.together or len(votes.measures) > 1:
        it = "all of them" if it == "them" else "all of it"
    return f"{when} {_any(ends, size)} could end {it}; at repeal {keeper} keeps {kept}"


def _alone(votes: MeasureVotes, moment: str) -> int:
    """How many members can block alone by the rule of a moment."""
    rule = getattr(votes.votes.moments, moment)
    return sum(bool(rule.blocks(1 << k)) for k in range(len(rule.members)))


def _any(count: int, size: int) -> str:
    if count == size:
        return f"any one of {size} members"
    return f"any one of {count} among {size} members" if count else "no member alone"


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


def stake_of(answer: NegotiationData, party: str) -> ImpliedStake:
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
        _own_reason(answer, party, why),
    )


def _exchange(answer: NegotiationData, party: str, why: Why) -> MoveCheck | None:
    """The next observed move of a party that moved, if it was paid for by what others did."""
    if why.behaviour != "moves" or why.stake.move is None:
        return None
    for event in answer.events:
        if event.party == party and event.date >= answer.date and event.move != "keep":
            apart = abs(event.money_exchange - why.stake.move.parts[0]) >= _SMALL
            return event if event.with_others and apart else None
    return None


def _exchanged(answer: NegotiationData, event: MoveCheck) -> str:
    label = upper_first(party_labels(answer.case)[event.party])
    others = listed([quoted(answer.case.measure(m).label) for m in event.with_others])
    return f"{label} moved: {event.change}, in the same days as {others}. {event.bound}"


def _own_reason(answer: NegotiationData, party: str, why: Why) -> str:
    """Why a party holds or moved, by its own measures."""
    move = why.stake.move
    if move is not None and abs(move.parts[0]) >= _SMALL:
        keys = keys_of(answer, why.before ^ move.after)
        return f"{why} {upper_first(keys)}." if keys else str(why)
    label = upper_first(party_labels(answer.case)[party])
    if why.behaviour == "moves":
        assert move is not None
        return f"{label} moves: {move.doing} neither brings nor costs it money."
    shared = [m for m in answer.moves if len(m.measures) > 1 and party in m.owners]
    if not shared:
        return f"{label} holds: none of its own moves changes its money."
    both = shared[0]
    return (
        f"{label} holds: by itself it would change nothing in money, as others hold the same trade "
        f"closed. If {both.label} together, it would gain "
        f"{with_band(both, party)} million USD a year."
    )


def with_band(move: MoveMoney, party: str, write: Callable[[float], str] = figure) -> str:
    """The gain of a party by a move, with its central band if there were draws."""
    k = move.parties.index(party)
    return beside(move.gain[k], (move.low[k], move.high[k]), write)


_MOMENTS = {"adopt": "adoption", "renew": "renewal", "repeal": "repeal"}


@dataclass(frozen=True)
class Ballot:
    """What one measure is worth to somebody who votes on it.

    Attributes:
        measure: its id.
        label: for readers.
        money: from the measure in force against not, USD million a year; money alone.
        gain: with what the case says that it values besides.
        blocks_at: the moments at which it would block alone: `adopt`, `renew`, `repeal`.
    """

    measure: str
    label: str
    money: float
    gain: float
    blocks_at: tuple[str, ...]

    def __str__(self) -> str:
        verb = "brings" if self.money > 0 else "costs"
        text = f"{quoted(self.label)} in force brings and costs it nothing"
        if abs(self.money) >= _SMALL:
            size = figure(abs(self.money))
            text = f"{quoted(self.label)} in force {verb} it {size} million USD a year"
        blocks = (
            f"it would block its {listed([_MOMENTS[m] for m in self.blocks_at])} alone"
            if self.blocks_at
            else "it would block nothing alone"
        )
        return (
            f"{text} in money, {figure(self.gain, signed=True)} with what the case says that it "
            f"values: {blocks}."
        )


def ballots_of(answer: NegotiationData, voter: str) -> tuple[Ballot, ...]:
    """The measures that somebody votes on: a member by ISO3 code, a ratifier by its label."""
    return tuple(_ballot(votes, voter) for votes in answer.votes if voter in votes.members)


def _ballot(votes: MeasureVotes, voter: str) -> Ballot:
    k = votes.members.index(voter)
    blocks = tuple(votes.alone_at(voter))
    return Ballot(votes.measure, votes.label, votes.money[k], votes.gain[k], blocks)


def blocs_of(answer: NegotiationData, member: str) -> tuple[str, ...]:
    """Ids of the blocs in which somebody votes, by its ISO3 code."""
    conflict = answer.conflict
    if not isinstance(conflict, Conflict):
        return ()
    return tuple(p.name for p in conflict.parties if member in p.members)


def member_words(answer: NegotiationData, member: str) -> Iterator[str]:
    """What a member of a bloc wins or loses by each measure, and what it can block.

    Args:
        answer: the negotiation.
        member: its ISO3 code.
    """
    labels = party_labels(answer.case)
    inside = listed([labels[p] for p in blocs_of(answer, member)])
    yield f"{member} has no move of its own here: it votes inside {inside}."
    yield from map(str, ballots_of(answer, member))
    yield from _put_on_renewals(answer, member)
    for event in answer.events:
        for name, gain in event.opposed:
            if name == member:
                yield (
                    f"On {event.date} {event.change}. By the valuations of the case that makes a "
                    f"difference of {figure(gain, signed=True)} million USD a year to it. It could "
                    "have prevented it alone."
                )


def _put_on_renewals(answer: NegotiationData, member: str) -> Iterator[str]:
    """What a member put at least on renewals on record that it could have prevented alone."""
    for votes in answer.votes:
        if not votes.renewed or not votes.votes.renew.applies or member not in votes.members:
            continue
        k = votes.members.index(member)
        if votes.money[k] <= -_SMALL and votes.votes.moments.renew.blocks(1 << k):
            yield (
                f"{quoted(votes.label)} was renewed {times(len(votes.renewed))} on record. By "
                f"money alone {member} would gain by its lapse, so it put at least "
                f"{figure(-votes.money[k])} million USD a year on the renewal, or on not being the "
                "one that refuses."
            )


def onlooker_words(answer: NegotiationData, party: str) -> Iterator[str]:
    """What a party without a move wins or loses by each, and what it can block as a ratifier.

    Args:
        answer: the negotiation.
        party: its id.
    """
    label = party_labels(answer.case)[party]
    ballots = ballots_of(answer, label)
    what = "it is a ratifier, without which they do not change" if ballots else "it has no vote"
    yield f"{upper_first(label)} holds none of the moves: {what}."
    yield from map(str, ballots)
    for move in answer.moves:
        if party in move.parties and abs(move.of(party)) >= _SMALL:
            size = with_band(move, party, signed)
            yield f"If {move.label}: {size} million USD a year in money to it."
