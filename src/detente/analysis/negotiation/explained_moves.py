"""Explained moves: how many observed moves and renewals the model makes rational.

`tally` counts the verdicts, and keeps apart the moves in view of which values were set.
`renewal_of` and `contradicted` set past renewals beside the model, and `forecast` leaves out the
chances that the record has settled. The other functions say this in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from detente.analysis.negotiation.conflict import GRAIN
from detente.analysis.negotiation.labels import parameter_words, party_labels
from detente.negotiation import Unanimity, who_can_block
from detente.negotiation.words import (
    figure,
    listed,
    number_word,
    plural,
    quoted,
    times,
    upper_first,
)

if TYPE_CHECKING:
    from detente.analysis.negotiation.answer_data import NegotiationData
    from detente.analysis.negotiation.observed_moves import MoveCheck, Verdict
    from detente.analysis.negotiation.votes import MeasureVotes


_NAMED = 4
#: Why a chance of renewal is left out where the model contradicts the record.
NO_FORECAST = (
    "the model contradicts what happened, as it has no price of refusing alone. The chance of a "
    "renewal is therefore not shown as a forecast"
)

#: What a share of draws in which a vote carries says, and what it does not.
SHARES = "The share says how far the vote hangs on these estimates; it is no forecast of a vote."


def renewal_of(answer: NegotiationData, measure: str) -> MeasureVotes | None:
    """The votes on the renewal of a measure: its own, or those on all that is renewed with it."""
    found = [v for v in answer.votes if measure in v.measures and v.votes.renew.applies]
    return found[0] if found else None


def chance_of_renewal(answer: NegotiationData, votes: MeasureVotes) -> float | None:
    """Share of the draws in which a renewal carries; None without draws or without a renewal."""
    if answer.bands is None:
        return None
    return answer.bands.votes[votes.measure].carried.get("renew")


def contradicted(answer: NegotiationData, votes: MeasureVotes) -> bool:
    """Whether it was renewed on record and the model would let it lapse."""
    return votes.contradicted(chance_of_renewal(answer, votes))


def forecast(answer: NegotiationData, votes: MeasureVotes) -> tuple[str, ...]:
    """The moments of which chances over draws are shown.

    Left out is the adoption of what is in force, as it was adopted, and a renewal that contradicts
    the record.
    """
    if answer.bands is None:
        return ()
    left_out = {"adopt"} if votes.in_force else set()
    left_out |= {"renew"} if contradicted(answer, votes) else set()
    return tuple(m for m in answer.bands.votes[votes.measure].carried if m not in left_out)


def record_words(answer: NegotiationData, votes: MeasureVotes) -> Iterator[str]:
    """How often it was renewed, what that says of members by money alone, and what it contradicts.

    Nothing where no renewal is on record.
    """
    if not votes.renewed or not votes.votes.renew.applies:
        return
    by = answer.case.renewed_no_later
    days = listed([f"{'by ' * by(votes.measures[0], day)}{day}" for day in votes.renewed])
    yield f"{quoted(votes.label)} was renewed {times(len(votes.renewed))} on record, {days}."
    yield _by_money(votes)
    if contradicted(answer, votes):
        central = "" if votes.votes.renew.blocking.passes else " at central values"
        yield (
            f"With what the case says that members value, it would lapse{central}: {NO_FORECAST}."
        )


def _by_money(votes: MeasureVotes) -> str:
    """What those who would gain by its lapse must have put on the renewal."""
    alone = who_can_block(votes.votes.moments, votes.money, tolerance=GRAIN / 2).renew.blocking
    cost = sorted(
        ((-m, name) for name, m in zip(votes.members, votes.money, strict=True) if m < -GRAIN / 2),
        reverse=True,
    )
    count = f"{len(cost)} of {len(votes.members)} members"
    if not cost:
        return "By money alone no member would gain by letting it lapse."
    named = [f"{name} {figure(size)}" for size, name in cost[:_NAMED]]
    named += [f"{plural(len(cost) - _NAMED, 'other')} less"] if len(cost) > _NAMED else []
    total = figure(sum(size for size, _ in cost))
    size = f"It costs them {total} million USD a year in all: {listed(named)}."
    if alone.passes:
        return (
            f"By money alone {count} would gain by letting it lapse, too few to prevent the "
            f"renewal. {size}"
        )
    if isinstance(votes.votes.moments.renew, Unanimity):
        return (
            f"By money alone {count} would gain by letting it lapse, and any one of them could. It "
            "was renewed, so each of them put at least what it costs it on the renewal, or on not "
            f"being the one that refuses. {size}"
        )
    return (
        f"By money alone {count} would gain by letting it lapse, enough to prevent the renewal. It "
        f"was renewed, so enough of them put at least that on it. {size}"
    )


_VERDICTS: tuple[Verdict, ...] = (
    "rational by itself",
    "rational as part of an exchange",
    "not explained",
)


def tally(events: Sequence[MoveCheck], *, in_sample: bool) -> dict[str, int]:
    """How many moves have each verdict, of those in or out of sample."""
    chosen = [e for e in events if e.in_sample is in_sample]
    return {v: sum(e.verdict == v for e in chosen) for v in _VERDICTS}


def tally_data(events: Sequence[MoveCheck]) -> dict[str, dict[str, int]]:
    """The tallies of moves in sample and out of it, each by verdict."""
    return {
        key: {v.replace(" ", "_"): n for v, n in tally(events, in_sample=seen).items()}
        for key, seen in (("in_sample", True), ("out_of_sample", False))
    }


def tally_words(answer: NegotiationData) -> str:
    """The count in a few sentences; empty without observed moves.

    Only a move in view of which no value was set can test the model.
    """
    events = answer.events
    if not events:
        return ""
    seen = [e for e in events if e.in_sample]
    fresh = [e for e in events if not e.in_sample]
    if not seen:
        return f"{_of(answer, fresh, 'observed move')}."
    was = "was" if len(seen) == 1 else "were"
    text = (
        f"Of {number_word(len(events))} observed moves {number_word(len(seen))} {was} in view when "
        f"values of the case were set (in sample). {_in_sample(seen)}. "
    )
    if not fresh:
        return f"{text}No move is left out of sample."
    return f"{text}{_of(answer, fresh, 'move', 'out of sample')}.{_leaning(fresh)}"


def _in_sample(seen: Sequence[MoveCheck]) -> str:
    """What the model makes of moves that were in view, which can only speak against it."""
    rational = sum(e.verdict != "not explained" for e in seen)
    left = len(seen) - rational
    though = f"though {'it was' if left == 1 else 'they were'} in view"
    sentences = []
    if rational:
        sentences.append(
            f"makes {number_word(rational)} rational at central values, which is no test of it"
        )
    if left:
        sentences.append(f"leaves {number_word(left)} not explained, {though}")
    return f"The model {', and '.join(sentences)}"


def _of(answer: NegotiationData, events: Sequence[MoveCheck], noun: str, which: str = "") -> str:
    """'Of the four moves out of sample the model makes … and leaves …'."""
    parts = []
    for verdict in _VERDICTS[:2]:
        count = sum(e.verdict == verdict for e in events)
        sentence = verdict if count == 1 else verdict.replace("by itself", "by themselves")
        parts += [f"{number_word(count)} {sentence}"] if count else []
    head = f"Of the {number_word(len(events))}" if which else f"Of {number_word(len(events))}"
    nouns = noun if len(events) == 1 else f"{noun}s"
    text = f"{head} {nouns}{f' {which}' if which else ''} the model "
    text += f"makes {listed(parts)}" if parts else "makes none rational"
    left = [e for e in events if e.verdict == "not explained"]
    labels = party_labels(answer.case)
    named = [f"{labels[e.party]} on {e.date}" for e in left[:_NAMED]]
    named += [plural(len(left) - _NAMED, "other")] if len(left) > _NAMED else []
    if not left:
        return text
    return f"{text} and leaves {number_word(len(left))} not explained ({listed(named)})"


def _leaning(fresh: Sequence[MoveCheck]) -> str:
    leaning = [e for e in fresh if e.leans_on]
    if not leaning:
        return ""
    verb = "leans" if len(leaning) == 1 else "lean"
    return (
        f" {upper_first(number_word(len(leaning)))} of these {verb} on values of the mover that "
        "were set in view of another of its moves."
    )


def sample_words(answer: NegotiationData, event: MoveCheck) -> str:
    """The values that were set in view of a move, in words; empty if none was."""
    return listed([parameter_words(answer.case, n) for n in event.in_view]) if event.in_view else ""


def in_sample_words(answer: NegotiationData, event: MoveCheck) -> str:
    """Which values were set in view of a move in sample, without the full stop."""
    verb = "was" if len(event.in_view) == 1 else "were"
    return f"In sample: {sample_words(answer, event)} {verb} set in view of it"
