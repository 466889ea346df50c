"""`detente stable`: which states last, the path from the status quo, and what would keep it."""

from __future__ import annotations

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import CaseName, Date, Details, Horizon, Json, rows_left, say, table

_ROWS = 10


def stable(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Which states are stable, how parties get to one, and what would make the status quo last.

    These answers rest on the valuations of the case; a published conflict has its rankings.
    """
    from detente.analysis.negotiation.questions import StableAnswer

    found = StableAnswer(answered(case, "stable", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    say([*(found.stability_words if details else found.standing_words), ""])
    states = found.states()
    table(
        "The status quo, and states that last: most stable first, then nearest",
        ["", *(found.stable_is if details else ["lasts"])],
        [[name, *("yes" if x else "" for x in held)] for name, held in states[:_ROWS]]
        if details
        else found.lasting[:_ROWS],
    )
    left = rows_left(states, _ROWS)
    if left:
        say([f"{left:,} more are in the data that --json prints."])
    say(found.remedy_words if details else found.remedies_here)
    if details:
        say(found.chance_words())
        points = found.chance_words(details=True)
        say([f"Details. {found.caveat}", *points] if points else [])
    others = "what would make other states last" if found.answer.remedies else ""
    chances = "chances over draws" if found.chances else ""
    ending(found, details, "the four senses of stability", others, chances)
