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
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        message = f"{text!r} is not a day; write it as 2022-06-01, or {TODAY}."
        raise typer.BadParameter(message) from None
