"""`detente compare`: several regimes of one case on the same axes."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.draws import Draws, Seed, counted
from detente.cli.options import (
    CaseName,
    Date,
    Details,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    day,
    left_out,
    names_in,
    print_document,
    say,
    table,
)


def compare(
    case: CaseName = "belarus",
    date: Date = None,
    lift: Annotated[
        list[str] | None,
        typer.Option(
            "--lift", help="Measures to lift, as us-potash or us-potash,eu-potash; repeat."
        ),
    ] = None,
    impose: Annotated[
        list[str] | None,
        typer.Option("--impose", help="Measures to impose on top; repeat."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            help="Other days: differences are the regime of --date less that of the other day; "
            "repeat.",
        ),
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(
            "--country",
            help="Countries (by code or name), groups or parties to show, as Hungary,Poland; "
            "repeat. The parties if left out.",
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", help="Scenarios of the case file, by their labels; repeat."),
    ] = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    draws: Draws = 0,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Compare the regime of a day with variants of it, or with the regimes of other days.

    Without --lift, --impose, --against and --scenario: every measure in force lifted alone, and
    all of them. Each row of differences says which state less which it is.
    """
    from detente import analysis
    from detente.analysis.departure import MARK
    from detente.analysis.uncertainty.draws import bands_sentence
    from detente.negotiation.words import some
    from detente.report.views.comparison import printed

    with counted(draws) as progress:
        found = analysis.compare(
            case,
            day(date),
            lift=[part.split(",") for part in lift or []],
            impose=[part.split(",") for part in impose or []],
            dates=[d for d in map(day, against or []) if d is not None],
            scenarios=scenario or [],
            countries=[name for text in country or [] for name in names_in(text) or ()],
            horizon=horizon,
            transfers=transfers,
            tolerance=tolerance,
            draws=draws,
            seed=seed,
            progress=progress,
        )
    state = found.states[0].departure
    if print_document(found, state, as_json=as_json):
        return
    imagined = [s.label for s in found.states if s.departure.hypothetical]
    if imagined:
        head = MARK if len(imagined) == 1 else f"{MARK}s"
        say([f"{head}, not what the acts of the case say: {some(imagined, 4)}."])
    for title, heads, rows in printed(found, details=details):
        table(title, heads, rows, details=details)
    say(found.notes)
    if details:
        solved = zip(found.states, found.solved, strict=True)
        say(f"{s.label}: {shot.certificate.sentence}" for s, (_, shot) in solved)
    if found.ensemble is not None:
        e = found.ensemble
        say([bands_sentence(e.done, e.asked, e.failed, e.why)])
    left_out(details, "other figures than the gain", "how exactly each state is solved")
