"""`detente stable`: which states last, the path from the status quo, and what would keep it."""

from __future__ import annotations

import typer

from detente.cli.negotiation import (
    Draws,
    Seed,
    answered,
    chance_lines,
    data_of,
    notes,
    rows_of,
    say,
)
from detente.cli.options import CaseName, Date, Horizon, Json, print_json, table

_ROWS = 10


def stable(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Which states are stable, how parties get to one, and what would make the status quo last.

    These answers rest on the valuations of the case; a published conflict has its rankings.
    """
    from detente.analysis.negotiation import sentences
    from detente.analysis.negotiation.chances import LASTING
    from detente.analysis.negotiation.feasible_packages import caveat, points_left_out
    from detente.analysis.negotiation.published_conflict import reported_words
    from detente.analysis.negotiation.sentences import remedy_words

    answer = answered(case, "stable", date, horizon, draws, seed, as_json=as_json)
    chances = [c for c in answer.chances if c.question in LASTING]
    held = answer.stability.table()
    if as_json:
        print_json(
            data_of(answer)
            | {
                "status_quo": answer.conflict.status_quo,
                "sentences": list(sentences.stability_words(answer)),
                "path": rows_of(answer.path.table()),
                "joint_moves": len(answer.joint.moves),
                "states": rows_of(held),
                "reported": [vars(r) | {"agrees": r.agrees} for r in answer.reported],
                "remedies": [line for r in answer.remedies for line in r.sentences],
                "remedy_tables": [
                    {"state": r.state, "would_leave": r.movers, "rows": rows_of(r.table())}
                    for r in answer.remedies
                ],
                "chances": [vars(c) for c in chances],
            }
        )
        return
    say(answer, [*sentences.stability_words(answer), *reported_words(answer.reported)])
    listed = not answer.horizon and answer.money is None
    paths = (answer.path, answer.joint_path) if listed else (answer.path,)
    say(answer, [sentences.path_words(answer, p) for p in paths])
    rows = sentences.lasting_states(answer)
    table(
        "The status quo, and states that last: most stable first, then nearest",
        ["", *answer.stability.stable_is],
        [
            [sentences.state_ids(answer, code), *("yes" if x else "" for x in in_which)]
            for code, in_which in rows[:_ROWS]
        ],
    )
    if len(rows) > _ROWS:
        typer.echo(f"{len(rows) - _ROWS:,} more are in the data that --json prints.")
    say(answer, list(remedy_words(answer)))
    details = points_left_out(answer)
    say(answer, chance_lines(answer, [c for c in chances if c.of not in details]))
    if any(c.of in details for c in chances):
        say(answer, [f"Details. {caveat(answer)}"])
        say(answer, chance_lines(answer, [c for c in chances if c.of in details]))
    notes(answer)
