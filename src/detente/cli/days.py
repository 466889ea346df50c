"""Days on the command line: as 2022-06-01, or `today`."""

from __future__ import annotations

from typing import Annotated

import typer

TODAY = "today"
Date = Annotated[
    str | None,
    typer.Option("--date", help="A day, as 2022-06-01 or today; the case's own if left out."),
]


def day(text: str | None) -> str | None:
    """A day as given, checked; a wrong one ends the command with one message."""
    import datetime as dt

    if text is None:
        return None
    if text.strip().casefold() == TODAY:
        return dt.date.today().isoformat()
    try:
        given = dt.date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a day; write it as 2022-06-01, or {TODAY}."
        raise typer.BadParameter(message) from None
    from detente.case.values import EARLIEST, LATEST

    if not EARLIEST <= given <= LATEST:
        message = f"{text} is not a day of the years {EARLIEST.year} to {LATEST.year}."
        raise typer.BadParameter(message)
    return given.isoformat()
