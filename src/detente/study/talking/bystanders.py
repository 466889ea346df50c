"""Those without a move of their own: members inside a bloc, ratifiers, parties only affected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.study.talking.stakes import band
from detente.study.talking.wording import party_labels
from detente.talks import Conflict
from detente.talks.words import figure, listed, quoted, times

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.study.talking.votes import MeasureVotes

_SMALL = 0.05
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


def ballots_of(answer: TalksAnswer, voter: str) -> tuple[Ballot, ...]:
    """The measures that somebody votes on: a member by ISO3 code, a ratifier by its label."""
    return tuple(_ballot(votes, voter) for votes in answer.votes if voter in votes.members)


def _ballot(votes: MeasureVotes, voter: str) -> Ballot:
    k = votes.members.index(voter)
    blocks = tuple(v.moment for v in votes.votes.votes if v.applies and voter in v.blocking.alone)
    return Ballot(votes.measure, votes.label, votes.money[k], votes.gain[k], blocks)


def blocs_of(answer: TalksAnswer, member: str) -> tuple[str, ...]:
    """Ids of the blocs in which somebody votes, by its ISO3 code."""
    conflict = answer.conflict
    if not isinstance(conflict, Conflict):
        return ()
    return tuple(p.name for p in conflict.parties if member in p.members)


def member_words(answer: TalksAnswer, member: str) -> Iterator[str]:
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
                    f"On {event.date} {event.change}: by the valuations of the case that makes a "
                    f"difference of {figure(gain, signed=True)} million USD a year to it, and it "
                    "could have prevented it alone."
                )


def _put_on_renewals(answer: TalksAnswer, member: str) -> Iterator[str]:
    """What a member put at least on renewals on record that it could have prevented alone."""
    for votes in answer.votes:
        if not votes.renewed or not votes.votes.renew.applies or member not in votes.members:
            continue
        k = votes.members.index(member)
        if votes.money[k] <= -_SMALL and votes.votes.moments.renew.blocks(1 << k):
            yield (
                f"{quoted(votes.label)} was renewed {times(len(votes.renewed))} on record: by "
                f"money alone {member} would gain by its lapse, so it put at least "
                f"{figure(-votes.money[k])} million USD a year on the renewal, or on not being the "
                "one that refuses."
            )


def onlooker_words(answer: TalksAnswer, party: str) -> Iterator[str]:
    """What a party without a move wins or loses by each, and what it can block as a ratifier.

    Args:
        answer: the negotiation.
        party: its id.
    """
    label = party_labels(answer.case)[party]
    ballots = ballots_of(answer, label)
    what = "it is a ratifier, without which they do not change" if ballots else "it has no vote"
    yield f"{label[:1].upper()}{label[1:]} holds none of the moves: {what}."
    yield from map(str, ballots)
    for move in answer.moves:
        if party in move.parties and abs(move.of(party)) >= _SMALL:
            size = figure(move.of(party), signed=True)
            yield f"If {move.label}: {size}{band(move, party)} million USD a year in money to it."
