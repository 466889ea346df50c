"""Renewals that were made, beside what the model says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.study.talking.bargaining import GRAIN
from detente.talks import Unanimity, who_can_block
from detente.talks.words import figure, listed, quoted, times

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.study.talking.votes import MeasureVotes

_NAMED = 4
#: Why a chance of renewal is left out where the model contradicts the record.
NO_FORECAST = (
    "the model contradicts what happened, as it has no price of refusing alone; the chance of a "
    "renewal is therefore not shown as a forecast"
)


def renewal_of(answer: TalksAnswer, measure: str) -> MeasureVotes | None:
    """The votes on the renewal of a measure: its own, or those on all that is renewed with it."""
    found = [v for v in answer.votes if measure in v.measures and v.votes.renew.applies]
    return found[0] if found else None


def chance_of_renewal(answer: TalksAnswer, votes: MeasureVotes) -> float | None:
    """Share of the draws in which a renewal carries; None without draws or without a renewal."""
    if answer.bands is None:
        return None
    return answer.bands.votes[votes.measure].carried.get("renew")


def contradicted(answer: TalksAnswer, votes: MeasureVotes) -> bool:
    """Whether it was renewed on record and the model would let it lapse."""
    return votes.contradicted(chance_of_renewal(answer, votes))


def forecast(answer: TalksAnswer, votes: MeasureVotes) -> tuple[str, ...]:
    """The moments of which chances over draws are shown.

    Left out is the adoption of what is in force, as it was adopted, and a renewal that contradicts
    the record.
    """
    if answer.bands is None:
        return ()
    left_out = {"adopt"} if votes.in_force else set()
    left_out |= {"renew"} if contradicted(answer, votes) else set()
    return tuple(m for m in answer.bands.votes[votes.measure].carried if m not in left_out)


def record_words(answer: TalksAnswer, votes: MeasureVotes) -> Iterator[str]:
    """How often it was renewed, what that says of members by money alone, and what it contradicts.

    Nothing where no renewal is on record.
    """
    if not votes.renewed or not votes.votes.renew.applies:
        return
    days = listed([str(day) for day in votes.renewed])
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
    named += [f"{len(cost) - _NAMED} others less"] if len(cost) > _NAMED else []
    total = figure(sum(size for size, _ in cost))
    size = f"{listed(named)}; {total} million USD a year in all"
    if alone.passes:
        return (
            f"By money alone {count} would gain by letting it lapse, too few to prevent the "
            f"renewal ({size})."
        )
    if isinstance(votes.votes.moments.renew, Unanimity):
        return (
            f"By money alone {count} would gain by letting it lapse, and any one of them could. It "
            "was renewed, so each of them put at least what it costs it on the renewal, or on not "
            f"being the one that refuses: {size}."
        )
    return (
        f"By money alone {count} would gain by letting it lapse, enough to prevent the renewal. It "
        f"was renewed, so enough of them put at least that on it: {size}."
    )
