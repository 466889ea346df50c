"""`detente blockers`: who can block a measure when it is adopted, renewed and repealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from detente.cli.negotiation import (
    Draws,
    Seed,
    answered,
    data_of,
    named,
    notes,
    rows_of,
    say,
    vote_chances,
    vote_data,
)
from detente.cli.options import CaseName, Date, Horizon, Json, money, print_json, table

if TYPE_CHECKING:
    from detente.analysis.negotiation import MeasureVotes


_ROWS = 12
_MOMENTS = {"adopt": "adoption", "renew": "renewal", "repeal": "repeal"}


def blockers(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Who inside a bloc, and which ratifier, can block each measure, at each of three moments.

    What one decision renews is voted on as one. What the rules alone say comes first; who would
    use them rests on the valuations of the case.
    """
    from detente.analysis.negotiation.explained_moves import record_words
    from detente.analysis.negotiation.stakes import lock_words

    answer = answered(case, "blockers", date, horizon, draws, seed, as_json=as_json)
    if as_json:
        print_json(
            data_of(answer)
            | {
                "measures": [
                    {
                        "id": v.measure,
                        "label": v.label,
                        "measures": v.measures,
                        "owner": v.owner,
                        "in_force": v.in_force,
                        "rule": lock_words(v),
                        "gain": dict(zip(v.members, v.gain, strict=True)),
                        "money": dict(zip(v.members, v.money, strict=True)),
                        "votes": rows_of(v.votes.table()),
                        "renewed": [str(day) for day in v.renewed],
                        "record": list(record_words(answer, v)),
                        "can_end_alone": v.votes.can_end_alone,
                        "can_keep_alone": v.votes.can_keep_alone,
                        "power": {k: rows_of(p.table()) for k, p in v.power.items()},
                        "chances": vote_data(answer, v),
                    }
                    for v in answer.votes
                ]
            }
        )
        return
    if not answer.votes:
        typer.echo("No measure among the moves is decided by a vote or needs a ratifier.")
    say(answer, [lock_words(v) for v in answer.votes if not v.together])
    for votes in answer.votes:
        typer.echo("")
        say(answer, [*votes.sentences(), *record_words(answer, votes)])
        shown = _ordered(votes)
        gain = dict(zip(votes.members, zip(votes.money, votes.gain, strict=True), strict=True))
        table(
            f"‘{votes.label}’: what it is worth to keep, USD million a year",
            ["", "in money", "in all", "blocks alone at"],
            [[named(answer, m), *map(money, gain[m]), _alone_at(votes, m)] for m in shown],
        )
        if len(shown) < len(votes.members):
            typer.echo(f"{len(votes.members) - len(shown)} more in --json.")
        vote_chances(answer, votes)
    for power in {id(p): p for v in answer.votes for p in v.power.values()}.values():
        say(answer, [str(power)])
    notes(answer)


def _ordered(votes: MeasureVotes) -> list[str]:
    """The members to show: the fewest that block some vote alone, then those with most at stake."""
    alone = [v.blocking.alone for v in votes.votes.votes if v.applies and v.blocking.alone]
    first = min(alone, key=len, default=())
    at_stake = dict(zip(votes.members, map(abs, votes.gain), strict=True))
    ranked = sorted(votes.members, key=lambda m: (m not in first, -at_stake[m]))
    return ranked[: max(_ROWS, len(first))]


def _alone_at(votes: MeasureVotes, member: str) -> str:
    """The moments at which a member would block alone."""
    at = [v for v in votes.votes.votes if v.applies and member in v.blocking.alone]
    return ", ".join(_MOMENTS[v.moment] for v in at)
