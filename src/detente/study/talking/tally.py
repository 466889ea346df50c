"""How many observed moves the model makes rational: those that values were set on counted apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.study.talking.wording import parameter_words, party_labels, upper_first
from detente.talks.words import listed, number_word

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.study.talking.events import MoveCheck, Verdict

_VERDICTS: tuple[Verdict, ...] = (
    "rational by itself",
    "rational as part of an exchange",
    "not explained",
)
_NAMED = 4


def tally(events: Sequence[MoveCheck], *, in_sample: bool) -> dict[str, int]:
    """How many moves have each verdict, of those in or out of sample."""
    chosen = [e for e in events if e.in_sample is in_sample]
    return {v: sum(e.verdict == v for e in chosen) for v in _VERDICTS}


def tally_data(events: Sequence[MoveCheck]) -> dict[str, dict[str, int]]:
    """The same for both, by `in_sample` and `out_of_sample`."""
    return {
        "in_sample": tally(events, in_sample=True),
        "out_of_sample": tally(events, in_sample=False),
    }


def tally_words(answer: TalksAnswer) -> str:
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
        f"values of the case were set (in sample): {_in_sample(seen)}. "
    )
    if not fresh:
        return f"{text}No move is left out of sample."
    return f"{text}{_of(answer, fresh, 'move', 'out of sample')}{_leaning(fresh)}."


def _in_sample(seen: Sequence[MoveCheck]) -> str:
    """What the model makes of moves that were in view, which can only speak against it."""
    rational = sum(e.verdict != "not explained" for e in seen)
    left = len(seen) - rational
    though = f"though {'it was' if left == 1 else 'they were'} in view"
    said = []
    if rational:
        said.append(
            f"makes {number_word(rational)} rational at central values, which is no test of it"
        )
    if left:
        said.append(f"leaves {number_word(left)} not explained, {though}")
    return f"the model {', and '.join(said)}"


def _of(answer: TalksAnswer, events: Sequence[MoveCheck], noun: str, which: str = "") -> str:
    """'Of the four moves out of sample the model makes … and leaves …'."""
    parts = []
    for verdict in _VERDICTS[:2]:
        count = sum(e.verdict == verdict for e in events)
        said = verdict if count == 1 else verdict.replace("by itself", "by themselves")
        parts += [f"{number_word(count)} {said}"] if count else []
    head = f"Of the {number_word(len(events))}" if which else f"Of {number_word(len(events))}"
    nouns = noun if len(events) == 1 else f"{noun}s"
    text = f"{head} {nouns}{f' {which}' if which else ''} the model "
    text += f"makes {listed(parts)}" if parts else "makes none rational"
    left = [e for e in events if e.verdict == "not explained"]
    labels = party_labels(answer.case)
    named = [f"{labels[e.party]} on {e.date}" for e in left[:_NAMED]]
    named += [f"{len(left) - _NAMED} others"] if len(left) > _NAMED else []
    if not left:
        return text
    return f"{text} and leaves {number_word(len(left))} not explained ({listed(named)})"


def _leaning(fresh: Sequence[MoveCheck]) -> str:
    leaning = [e for e in fresh if e.leans_on]
    if not leaning:
        return ""
    verb = "leans" if len(leaning) == 1 else "lean"
    return (
        f"; {number_word(len(leaning))} of these {verb} on values of the mover that were set in "
        "view of another of its moves"
    )


def sample_words(answer: TalksAnswer, event: MoveCheck) -> str:
    """The values that were set in view of a move, in words; empty if none was."""
    return listed([parameter_words(answer.case, n) for n in event.in_view]) if event.in_view else ""


def verdict_words(answer: TalksAnswer, event: MoveCheck) -> str:
    """The verdict at the head of a sentence, and whether the move is in sample."""
    text = upper_first(event.verdict)
    if not event.in_view:
        return text
    verb = "was" if len(event.in_view) == 1 else "were"
    return f"{text} (in sample: {sample_words(answer, event)} {verb} set in view of it)"
