"""`detente brief`: the summary on the terminal and the self-contained HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import (
    CaseName,
    Date,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    console,
    day,
)

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study import Assessment

HORIZONS = ("short", "medium", "long")


def brief(
    case: CaseName = "belarus",
    out: Annotated[
        Path | None, typer.Option("--out", help="The HTML file; NAME.html if left out.")
    ] = None,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="A scenario of the case file, by its label."),
    ] = None,
    tolerance: Tolerance = 1e-9,
    full: Annotated[
        bool,
        typer.Option(
            "--full/--quick",
            help="With all regimes in time and the other horizons, which takes longer.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer a case: what each measure costs whom, and what lifting it would do."""
    from detente.brief import print_summary, views_of, write_brief
    from detente.case import load_case
    from detente.study import assess, timeline

    chosen: Case | str = case if scenario is None else load_case(case).in_scenario(scenario)
    answer = assess(chosen, day(date), horizon, transfers=transfers, tolerance=tolerance)
    regimes, horizons = None, dict[str, "Assessment"]()
    if full:
        regimes = timeline(
            answer.case, horizon=answer.horizon, transfers=transfers, tolerance=tolerance
        )
        horizons = {
            h: assess(answer.case, answer.date, h, transfers=transfers, tolerance=tolerance)
            for h in HORIZONS
            if h != answer.horizon
        }
    path = out or Path(f"{answer.case.name}.html")
    if as_json:
        typer.echo(views_of(answer, regimes, horizons).to_json())
        if out is not None:
            write_brief(answer, path, regimes, horizons)
        return
    write_brief(answer, path, regimes, horizons)
    print_summary(answer, console(), path, horizons)
