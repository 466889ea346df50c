"""`detente new`: a case file from measure sentences."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def new(
    file: Annotated[Path, typer.Argument(help="The case file to write.")],
    title: Annotated[str, typer.Option("--title", help="What the case is about.")] = "",
    date: Annotated[str, typer.Option("--date", help="The day assessed, as 2025-12-01.")] = "",
    party: Annotated[
        list[str] | None,
        typer.Option("--party", help="A country or group besides those of the measures; repeat."),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="A sentence, as 'EU bans imports of coal from Russia, except Hungary'; repeat.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = (
        False
    ),
) -> None:
    """Write a case file from measure sentences, each answered with what it closes.

    On a terminal it asks for what the options leave out.
    """
    from detente._files import write_file
    from detente.analysis.closings import new_case
    from detente.cases.drafts import DraftForm

    if file.exists() and not force:
        typer.echo(f"{file} is there already. Give another name, or --force.", err=True)
        raise typer.Exit(1)
    measures = list(measure or ())
    if sys.stdin.isatty():
        title = title or typer.prompt("What is the case about?")
        date = date or typer.prompt("Which day is assessed? (as 2025-12-01)")
        measures = measures or _asked()
    form = DraftForm(title=title, date=date, parties=tuple(party or ()), measures=tuple(measures))
    found = new_case(form)
    for closing in found.closings:
        typer.echo(f"{closing.text}:\n  {closing.sentence}")
        for note in closing.notes:
            typer.echo(f"  {note}")
    found.require()
    write_file(file, found.text)
    typer.echo(f"Written: {file}. Next: detente check {file}, then detente brief {file}.")


def _asked() -> list[str]:
    """Sentences from a terminal, each answered at once, up to an empty line."""
    from detente.analysis.closings import one_measure

    sentences: list[str] = []
    while text := typer.prompt("A measure (empty to end)", default="", show_default=False).strip():
        found = one_measure(text)
        for line in found.sentences:
            typer.echo(f"  {line}")
        if found.ok:
            sentences.append(text)
    return sentences
