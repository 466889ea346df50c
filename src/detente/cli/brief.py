"""`detente brief`: the summary on the terminal and the self-contained HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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


def brief(
    case: CaseName = "belarus",
    out: Annotated[
        Path | None, typer.Option("--out", help="The HTML file; NAME.html if left out.")
    ] = None,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    as_json: Json = False,
) -> None:
    """Answer a case: what each measure costs whom, and what lifting it would do."""
    from detente.brief import print_summary, views_of, write_brief
    from detente.study import assess

    answer = assess(case, day(date), horizon, transfers=transfers, tolerance=tolerance)
    if as_json:
        typer.echo(views_of(answer).to_json())
        if out is not None:
            write_brief(answer, out)
        return
    path = out or Path(f"{answer.case.name}.html")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_brief(answer, path)
    print_summary(answer, console(), path)
