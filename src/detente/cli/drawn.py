"""What the commands on talks say of draws: bands in cells, and the chances of votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.cli.options import money, table
from detente.cli.talks import named, say

if TYPE_CHECKING:
    from detente.study.talking import MeasureVotes, TalkBands, TalksAnswer
    from detente.study.talking.bands import Band

_WHEN = {"adopt": "be adopted", "renew": "be renewed", "repeal": "be repealed"}


def banded(value: float, band: Band | None) -> str:
    """USD million with its band in brackets, as far as there is one."""
    if band is None or money(band[0]) == money(band[1]):
        return money(value)
    return f"{money(value)} ({money(band[0])} to {money(band[1])})"


def of_gains(bands: TalkBands | None, package: str, count: int) -> tuple[Band | None, ...]:
    """Bands of the gains from a package, by signatory."""
    return (None,) * count if bands is None else bands.proposals[package]


def vote_chances(answer: TalksAnswer, votes: MeasureVotes) -> None:
    """How often a measure would pass its votes over draws, and who would block it how often."""
    if answer.bands is None:
        return
    from detente.study.talking.record import forecast
    from detente.talks.words import listed

    found = answer.bands.votes[votes.measure]
    shown = forecast(answer, votes)
    carried = [f"{_WHEN[m]} in {100 * found.carried[m]:.0f} %" for m in shown]
    say(answer, [f"If put to the vote it would {listed(carried)} of {answer.bands.draws:,} draws."])
    moments = [m for m in shown if any(found.blocks[m])]
    rows = [(m, k) for k, m in enumerate(votes.members) if any(found.blocks[x][k] for x in moments)]
    rows.sort(key=lambda row: -max(found.blocks[x][row[1]] for x in moments))
    if not rows:
        return
    table(
        f"{votes.label}: share of the draws in which a member alone would block",
        ["", *(_BLOCKS[x] for x in moments), "in all, 5 to 95 %"],
        [
            [
                named(answer, m),
                *(f"{100 * found.blocks[x][k]:.0f} %" for x in moments),
                f"{found.gain[k][0]:+,.1f} to {found.gain[k][1]:+,.1f}",
            ]
            for m, k in rows
        ],
    )


_BLOCKS = {"adopt": "not adopt", "renew": "end at renewal", "repeal": "keep at repeal"}


def vote_data(answer: TalksAnswer, votes: MeasureVotes) -> dict[str, Any] | None:
    """The same as data; None without draws. What contradicts the record is left out."""
    if answer.bands is None:
        return None
    from detente.study.talking.record import forecast

    found = answer.bands.votes[votes.measure]
    shown = forecast(answer, votes)
    return {
        "draws": answer.bands.draws,
        "carried": {moment: found.carried[moment] for moment in shown},
        "blocks_alone": {
            moment: dict(zip(votes.members, found.blocks[moment], strict=True)) for moment in shown
        },
        "gain": dict(zip(votes.members, found.gain, strict=True)),
    }
