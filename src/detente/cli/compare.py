"""`detente compare`: several regimes of one case on the same axes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from detente.cli.options import (
    CaseName,
    Date,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    day,
    money,
    percent,
    print_json,
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
        typer.Option("--against", help="Other days whose regimes to set beside it; repeat."),
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="Countries or parties to show; the parties if left out."),
    ] = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    as_json: Json = False,
) -> None:
    """Compare the regime of a day with variants of it, measure by measure.

    Without --lift, --impose and --against: every measure in force lifted alone, and all of them.
    """
    from detente.study import comparison

    result = comparison(
        case,
        day(date),
        lift=[part.split(",") for part in lift or []],
        impose=[part.split(",") for part in impose or []],
        dates=[d for d in map(day, against or []) if d is not None],
        countries=country or [],
        horizon=horizon,
        transfers=transfers,
        tolerance=tolerance,
    )
    if as_json:
        print_json(result)
        return
    scenarios: list[dict[str, Any]] = result["scenarios"]
    rows: list[dict[str, Any]] = result["rows"]
    for title, key, form in (
        ("Equivalent variation, USD million a year", "equivalent_variation", money),
        ("Real income", "real_income_change", percent),
    ):
        table(
            f"{title}, against the base year without measures ({result['date']})",
            ["", *(row["id"] for row in rows)],
            [[s["label"], *(form(row[key][k]) for row in rows)] for k, s in enumerate(scenarios)],
        )
    for s in scenarios:
        typer.echo(f"{s['label']}: {s['certificate']}")
