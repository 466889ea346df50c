"""`detente brief`: the summary on the terminal and two pages of HTML, with an annex if asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.draws import PrecomputedDraws, Seed, bars
from detente.cli.encoding import json_fitted
from detente.cli.options import (
    CaseName,
    Date,
    Details,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    console,
    day,
    ids_in,
)

if TYPE_CHECKING:
    from detente.cases import Case


def brief(
    case: CaseName = "belarus",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The HTML file; NAME.html if left out, NAME-your-scenario-1-change.html, or one "
            "as NAME-2022-06-01.html, where the state is not the case's own.",
        ),
    ] = None,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="A scenario of the case file, by its label."),
    ] = None,
    lift: Annotated[
        list[str] | None,
        typer.Option("--lift", help="Measures that are not to be in force, as us-potash; repeat."),
    ] = None,
    impose: Annotated[
        list[str] | None,
        typer.Option("--impose", help="Measures that are to be in force, as us-aviation; repeat."),
    ] = None,
    tolerance: Tolerance = 1e-9,
    draws: PrecomputedDraws = None,
    seed: Seed = 0,
    full: Annotated[
        bool,
        typer.Option(
            "--full/--quick",
            help="With the negotiation, regimes in time, other horizons, claims, the back-test and "
            "sanctions by design; or without.",
        ),
    ] = True,
    curve: Annotated[
        bool,
        typer.Option(
            "--curve",
            help="Also the curve of harm against own cost where it is not packaged with the case "
            "for these settings; half a minute or more.",
        ),
    ] = False,
    annex: Annotated[
        bool, typer.Option("--annex", help="Also every table, chart, source and assumption.")
    ] = False,
    party: Annotated[
        str | None,
        typer.Option("--for", help="Write the two pages from the chair of a party, as EU."),
    ] = None,
    docx: Annotated[
        Path | None, typer.Option("--docx", help="Also the two pages as a Word document.")
    ] = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Answer a case: what each measure costs whom, and what lifting it would do."""
    from detente.cases import load_case
    from detente.report import make_brief, print_summary, write_brief, write_docx

    if scenario is not None and (lift or impose):
        raise typer.BadParameter("--scenario cannot stand beside --lift or --impose.")
    chosen: Case | str = case if scenario is None else load_case(case).in_scenario(scenario)
    if lift or impose:
        chosen = load_case(case).switched(ids_in(lift), ids_in(impose), day(date))
    with bars(draws or 0, "draws", "draws of the negotiation") as (progress, negotiation_progress):
        views = make_brief(
            chosen,
            day(date),
            horizon,
            transfers=transfers,
            tolerance=tolerance,
            draws=draws,
            seed=seed,
            full=full,
            curve=curve,
            progress=progress,
            negotiation_progress=negotiation_progress,
        )
    if docx is not None:
        write_docx(views, docx, party)
    path = out or Path(f"{views.stem}.html")
    if as_json:
        typer.echo(json_fitted(views.to_json()))
        if out is not None:
            write_brief(views, path, annex=annex, party=party)
        return
    write_brief(views, path, annex=annex, party=party)
    print_summary(views, console(), path, details=details)
