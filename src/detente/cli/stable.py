"""`detente stable`: which states last, the path from the status quo, and what would keep it."""

from __future__ import annotations

import typer

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, notes, printed, say
from detente.cli.options import CaseName, Date, Horizon, Json, rows_left, table

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
    from detente.analysis.negotiation.questions import StableAnswer

    found = StableAnswer(answered(case, "stable", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    say(found.stability_words)
    states = found.states()
    table(
        "The status quo, and states that last: most stable first, then nearest",
        ["", *found.stable_is],
        [[name, *("yes" if x else "" for x in held)] for name, held in states[:_ROWS]],
    )
    left = rows_left(states, _ROWS)
    if left:
        typer.echo(f"{left:,} more are in the data that --json prints.")
    say(found.remedy_words)
    say(found.chance_words())
    details = found.chance_words(details=True)
    if details:
        say([f"Details. {found.caveat}", *details])
    notes(found)
