"""`detente new`: a case file from measure sentences."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import say
from detente.negotiation.words import upper_first

if TYPE_CHECKING:
    from detente.cases import Fault
    from detente.cases.drafts import DraftForm


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

    On a terminal it asks for what the options leave out, and again for what is wrong.
    """
    from detente._files import write_file
    from detente.analysis.closings import new_case
    from detente.cases.drafts import DraftForm

    if file.exists() and not force:
        typer.echo(f"{file} is there already. Give another name, or --force.", err=True)
        raise typer.Exit(1)
    if sys.stdin.isatty():
        form = _asked(title, date, tuple(party or ()), tuple(measure or ()))
    else:
        form = DraftForm(
            title=title, date=date, parties=tuple(party or ()), measures=tuple(measure or ())
        )
    found = new_case(form)
    for closing in found.closings:
        if closing.text in (measure or ()) or not sys.stdin.isatty():
            say([f"{closing.text}:", f"  {closing.sentence}", *(f"  {n}" for n in closing.notes)])
    found.require()
    write_file(file, found.text)
    typer.echo(f"Written: {file}. Next: detente check {file}, then detente brief {file}.")


def _asked(title: str, date: str, parties: tuple[str, ...], measures: tuple[str, ...]) -> DraftForm:
    """What the options leave out, from a terminal; a wrong answer is asked for again at once."""
    from detente.cases.drafts import DraftForm

    form = DraftForm(title=title, date=date, parties=parties, measures=measures)
    if not title:
        form = _question(form, "title", "What is the case about?")
    if not date:
        form = _question(form, "date", "Which day is assessed? (as 2025-12-01)")
    return form if measures else form.model_copy(update={"measures": _sentences(form.date)})


def _question(form: DraftForm, key: str, question: str) -> DraftForm:
    """The form with one answer that is without faults."""
    from detente.analysis.closings import new_case

    while True:
        form = form.model_copy(update={key: typer.prompt(question).strip()})
        faults = [f for f in new_case(form).faults if f.key == key]
        if not faults:
            return form
        say(f"  {_words(f)}" for f in faults)


def _sentences(date: str) -> tuple[str, ...]:
    """At least one sentence from a terminal, each answered at once, up to an empty line."""
    from detente.analysis.closings import one_measure

    sentences: list[str] = []
    while True:
        text = typer.prompt("A measure (empty to end)", default="", show_default=False).strip()
        if not text and sentences:
            return tuple(sentences)
        if not text:
            say(["  A case needs a measure, as ‘EU bans imports of coal from Russia’."])
            continue
        found = one_measure(text, date)
        say(f"  {line}" for c in found.closings for line in (c.sentence, *c.notes))
        say(f"  {_words(f)}" for f in found.faults)
        if found.ok:
            sentences.append(text)


def _words(fault: Fault) -> str:
    """A fault without its key: the question that it answers stands above it."""
    return upper_first(f"{fault.message} {fault.remedy}".strip())
