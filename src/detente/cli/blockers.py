"""`detente blockers`: who can block a measure when it is adopted, renewed and repealed."""

from __future__ import annotations

import typer

from detente.cli.days import Date
from detente.cli.options import CaseName, Horizon, Json, print_json, table
from detente.cli.talks import Draws, Seed, answered, data_of, named, notes, rows_of, say


def blockers(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = 0,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Who inside a bloc, and which ratifier, can block each measure, at each of three moments.

    What the rules alone say comes first; who would use them rests on the valuations of the case.
    """
    from detente.study.talking import sentences

    answer = answered(case, "blockers", date, horizon, draws, seed)
    if as_json:
        print_json(
            data_of(answer)
            | {
                "measures": [
                    {
                        "id": v.measure,
                        "owner": v.owner,
                        "in_force": v.in_force,
                        "rule": sentences.lock_words(v),
                        "gain": dict(zip(v.members, v.gain, strict=True)),
                        "money": dict(zip(v.members, v.money, strict=True)),
                        "votes": rows_of(v.votes.table()),
                        "can_end_alone": v.votes.can_end_alone,
                        "can_keep_alone": v.votes.can_keep_alone,
                        "power": {k: rows_of(p.table()) for k, p in v.power.items()},
                    }
                    for v in answer.votes
                ]
            }
        )
        return
    if not answer.votes:
        typer.echo("No measure among the moves is decided by a vote or needs a ratifier.")
    say(answer, [sentences.lock_words(v) for v in answer.votes])
    for votes in answer.votes:
        typer.echo("")
        say(answer, votes.sentences())
        shown = sorted(
            zip(votes.members, votes.money, votes.gain, strict=True), key=lambda row: row[1]
        )
        moved = [r for r in shown if abs(r[1]) >= 0.05] or shown[:5]
        table(
            f"{votes.label}: what it is worth to keep, USD million a year",
            ["", "in money", "in all"],
            [[named(answer, m), f"{x:+,.1f}", f"{g:+,.1f}"] for m, x, g in moved[:12]],
        )
    for power in {id(p): p for v in answer.votes for p in v.power.values()}.values():
        say(answer, [str(power)])
    notes(answer)
