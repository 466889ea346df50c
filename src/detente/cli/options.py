"""Options that several commands share, and how they print.

`Date` reads a day as 2022-06-01 or `today`; `Horizon`, `Transfers` and `Tolerance` are the others.
`print_json`, `print_document` and `table` print answers, states and tables in one form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

import typer

from detente._types import Transfers as Rule
from detente.cli.encoding import json_text
from detente.negotiation import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Sized

    from rich.console import Console

    from detente.analysis.departure import Departure


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
    from detente.cases.fields import EARLIEST, LATEST

    if not EARLIEST <= given <= LATEST:
        message = f"{text} is not a day of the years {EARLIEST.year} to {LATEST.year}."
        raise typer.BadParameter(message)
    return given.isoformat()


def names_in(text: str | None) -> list[str] | None:
    """Names between commas; None where nothing was given. A choice with `except` is one name."""
    if text is not None and " except " in text:
        return [text.strip()]
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def ids_in(given: Sequence[str] | None) -> list[str]:
    """The names in an option that may be repeated and may hold several between commas."""
    return [name for text in given or () for name in names_in(text) or ()]


Details = Annotated[
    bool,
    typer.Option("--details", help="Also the terms of theory, every column and every remark."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def told_of_schema(name: str) -> str:
    """The name of a case as given; of a file of an earlier schema, how to bring it up to date."""
    from pathlib import Path

    path = Path(name)
    try:
        text = (path / "case.yaml" if path.is_dir() else path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return name
    if any(line.split("#")[0].split() == ["schema:", "1"] for line in text.splitlines()):
        said = f"{name} is in schema 1, which is read as it was meant."
        typer.echo(f"{said} `detente migrate {name}` brings it up to date.", err=True)
    return name


CaseName = Annotated[
    str,
    typer.Argument(
        help="A packaged case, or the path of a case file or its folder.", callback=told_of_schema
    ),
]
Horizon = Annotated[
    Literal["short", "medium", "long"] | None,
    typer.Option("--horizon", help="How far the economy can adjust; the case's own if left out."),
]
Transfers = Annotated[
    Rule | None,
    typer.Option(
        "--transfers",
        help="How trade deficits behave, before and after; with zero, the effects are those in a "
        "base year without deficits; the case's own if left out.",
    ),
]
Tolerance = Annotated[
    float, typer.Option("--tolerance", help="Largest relative violation of any market.")
]


class Documented(Protocol):
    """A result that says itself as a document."""

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        ...


def print_json(value: Any) -> None:
    """JSON on stdout; not-a-number becomes null."""
    from detente._document import plain

    print(json_text(plain(value), indent=2))


def print_document(found: Documented, state: Departure, *, as_json: bool) -> bool:
    """Print a result as JSON, or say how its state differs from the case before its text.

    Args:
        found: the result.
        state: what differs; nothing is said of the case's own state.
        as_json: whether JSON was asked for.

    Returns:
        Whether the JSON is printed, so that nothing is left to print.
    """
    if as_json:
        print_json(found.to_dict())
    else:
        print_departure(state)
    return as_json


def print_departure(state: Departure) -> None:
    """Say how a state differs from the case; nothing is said of the case's own."""
    if state:
        say([state.sentence])


def console() -> Console:
    """Where the coloured tables of a brief go."""
    from rich.console import Console

    from detente.report.lines import WIDTH

    return Console(width=WIDTH, highlight=False)


def say(sentences: Iterable[str]) -> None:
    """Sentences, each from the start of a line, broken between words."""
    from detente.report.lines import wrapped

    for sentence in sentences:
        for line in wrapped(sentence):
            typer.echo(line)


#: Headings of columns that have an entry only where parameters were drawn.
_BANDS = ("5 to 95 %", "in band")


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    without_bands: bool = False,
    details: bool = False,
) -> None:
    """Print a table and a blank line; no cell is cut, and columns that do not fit are named.

    Without bands the columns of these are left out. With details all columns are printed, in parts.
    """
    from detente.report.lines import table_lines

    if without_bands:
        kept = [c for c, heading in enumerate(columns) if heading not in _BANDS]
        columns = [columns[c] for c in kept]
        rows = [[row[c] for c in kept] for row in rows]
    for line in (*table_lines(title, columns, rows, details=details), ""):
        typer.echo(line)


def left_out(details: bool, *what: str) -> None:
    """Say what is not printed without `--details`; nothing where it is printed, or nothing is left.

    Args:
        details: whether it is printed.
        what: parts that are left out; empty texts are none.
    """
    from detente.report.lines import left_out_words

    named = [one for one in what if one]
    if named and not details:
        say([left_out_words(named)])


def rows_left(rows: Sized, shown: int) -> int:
    """How many rows a table leaves out."""
    return max(len(rows) - shown, 0)


def more_rows(there: int, shown: int) -> str:
    """What a title says of rows that a table leaves out; nothing where it has them all."""
    return f" ({there - shown:,} more in --json)" if there > shown else ""


#: USD million with a sign and as many digits as it deserves; a fraction as percent, with a sign.
money, percent = words.money, words.percent_change
