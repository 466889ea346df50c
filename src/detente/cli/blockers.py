"""`detente blockers`: who can block a measure when it is adopted, renewed and repealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import CaseName, Date, Details, Horizon, Json, money, say, table
from detente.negotiation.words import fixed, percent

if TYPE_CHECKING:
    from detente.analysis.negotiation import MeasureVotes
    from detente.analysis.negotiation.questions import BlockersAnswer


_MOMENTS = {"adopt": "adoption", "renew": "renewal", "repeal": "repeal"}
_BLOCKS = {"adopt": "not adopt", "renew": "end at renewal", "repeal": "keep at repeal"}


def blockers(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Who inside a bloc, and which ratifier, can block each measure, at each of three moments.

    What one decision renews is voted on as one. What the rules alone say comes first; who would
    use them rests on the valuations of the case.
    """
    from detente.analysis.negotiation.questions import BlockersAnswer

    found = BlockersAnswer(answered(case, "blockers", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    say(found.locks)
    chances = False
    for votes in found.votes:
        say(["", *found.vote_words(votes), ""])
        chances = chances or bool(found.blocking_shares(votes)[0])
        _members(found, votes)
        vote_chances(found, votes, details)
    if details:
        say(found.power_words)
    power = "how much each vote weighs" if found.votes else ""
    ending(found, details, "how often each member would block" if chances else "", power)


def _members(found: BlockersAnswer, votes: MeasureVotes) -> None:
    """What a measure is worth to those who can block it, or have most at stake."""
    gain = dict(zip(votes.members, zip(votes.money, votes.gain, strict=True), strict=True))
    table(
        f"‘{votes.label}’: what it is worth to keep, USD million a year",
        ["", "in money", "in all", "blocks alone at"],
        [
            [
                found.named(m),
                *map(money, gain[m]),
                ", ".join(_MOMENTS[moment] for moment in votes.alone_at(m)),
            ]
            for m in votes.shown
        ],
    )
    if votes.left_out:
        say([f"{votes.left_out} more are in --json."])


def vote_chances(found: BlockersAnswer, votes: MeasureVotes, details: bool) -> None:
    """How often a measure would pass its votes over draws, and who would block it how often."""
    say(found.chance_of(votes))
    moments, shares = found.blocking_shares(votes)
    if not shares or not details:
        return
    bands = found.gain_bands(votes)
    table(
        f"{votes.label}: share of the draws in which a member alone would block",
        ["", *(_BLOCKS[x] for x in moments), "in all, 5 to 95 %"],
        details=details,
        rows=[
            [
                found.named(m),
                *(percent(share, 0) for share in blocked),
                " to ".join(fixed(end, 1, signed=True) for end in bands[m]),
            ]
            for m, blocked in shares.items()
        ],
    )
