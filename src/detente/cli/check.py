"""`detente check`: every fault of a case, what its measures close, and both ends of ranges."""

from __future__ import annotations

import typer

from detente.cli.options import CaseName, Date, Json, day, print_json, say


def check(case: CaseName = "belarus", date: Date = None, as_json: Json = False) -> None:
    """Check a case: all faults of its files, what each measure closes, and what has no effect.

    Both ends of every range are tried, each with all other parameters at the centre.
    """
    from detente.report.case_check import check_case

    found = check_case(case, day(date))
    if as_json:
        print_json(found.to_dict())
    elif found.ok:
        say(found.sentences)
    else:
        typer.echo(found.refusal, err=True)
    if not found.ok:
        raise typer.Exit(1)
