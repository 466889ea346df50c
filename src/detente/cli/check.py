"""`detente check`: every fault of a case file, and measures that have no effect."""

from __future__ import annotations

import typer

from detente.cli.days import Date, day
from detente.cli.options import CaseName, Json, print_json


def check(case: CaseName = "belarus", date: Date = None, as_json: Json = False) -> None:
    """Check a case file: all faults at once, then measures that change nothing."""
    from detente.case import CaseError, load_case
    from detente.case.talks_checks import unrenewed

    try:
        read = load_case(case)
    except CaseError as error:
        if as_json:
            print_json({"case": case, "ok": False, "faults": [vars_of(f) for f in error.faults]})
        else:
            typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    from detente.study import idle_measures

    idle = idle_measures(read, date=day(date))
    if as_json:
        print_json(
            {
                "case": read.name,
                "ok": True,
                "faults": [],
                "digest": read.digest,
                "measures": len(read.measures),
                "no_effect": [{"measure": m, "why": why} for m, why in idle],
                "not_renewed": [{"measure": m, "why": why} for m, why in unrenewed(read)],
            }
        )
        return
    typer.echo(
        f"{read.name}: no faults. {len(read.measures)} measures, {len(read.parties)} parties, "
        f"{len(read.parameters)} parameters, {len(read.commodities)} commodities."
    )
    for measure, why in idle:
        typer.echo(f"- {measure} has no effect: {why}")
    for measure, why in unrenewed(read):
        typer.echo(f"- {measure} lapses unless renewed: {why}")


def vars_of(fault: object) -> dict[str, object]:
    """A fault as plain keys and values."""
    from dataclasses import asdict

    return asdict(fault)  # type: ignore[call-overload,no-any-return]
