"""`detente new`: a case file from measure sentences."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import ids_in, say
from detente.negotiation.words import upper_first

if TYPE_CHECKING:
    from detente.cases import Fault
    from detente.cases.drafts import DraftForm


def new(
    file: Annotated[
        Path, typer.Argument(help="The case file to write; a name without an end gets .yaml.")
    ],
    title: Annotated[str, typer.Option("--title", help="What the case is about.")] = "",
    date: Annotated[str, typer.Option("--date", help="The day assessed, as 2025-12-01.")] = "",
    party: Annotated[
        list[str] | None,
        typer.Option(
            "--party",
            "--parties",
            help="Countries and groups, as EU,US,RUS; groups come with their rules and renewals. "
            "Without a measure, one is written that is not in force.",
        ),
    ] = None,
    world: Annotated[
        str, typer.Option("--world", help="The base year, as oecd28-2021; see `detente world`.")
    ] = "",
    goods: Annotated[
        list[str] | None,
        typer.Option(
            "--goods",
            help="Narrow goods that are split out, as 270900; see `detente goods`; repeat.",
        ),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="A sentence, as 'EU bans imports of coal from Russia, except Hungary', or "
            "'G7 and EU cap the price of crude oil from Russia at 60 USD per barrel'; repeat.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = (
        False
    ),
) -> None:
    """Write a case file from measure sentences, each answered with what it closes.

    On a terminal it asks for what the options leave out, and again for what is wrong. With goods
    or two parties it needs no measure: the title is then the file's name, and the day the first
    after the base year.
    """
    from detente._files import write_file
    from detente.analysis.closings import new_case
    from detente.cases.drafts import DraftForm, day_after

    file = file if file.suffix else file.with_suffix(".yaml")
    if file.exists() and not force:
        typer.echo(f"{file} is there already. Give another name, or --force.", err=True)
        raise typer.Exit(1)
    form = DraftForm(
        title=title,
        date=date,
        parties=tuple(ids_in(party)),
        measures=tuple(measure or ()),
        world=world,
        goods=tuple(ids_in(goods)),
    )
    if form.goods or (len(form.parties) > 1 and not form.measures):
        first = {"title": title or file.stem, "date": date or day_after(world)}
        form = form.model_copy(update=first)
    elif sys.stdin.isatty():
        form = _asked(form)
    found = new_case(form)
    for closing in found.closings:
        if closing.text in (measure or ()) or not sys.stdin.isatty():
            say([f"{closing.text}:", f"  {closing.sentence}", *(f"  {n}" for n in closing.notes)])
    found.require()
    write_file(file, found.text)
    typer.echo(f"Written: {file}. Next: detente check {file}, then detente brief {file}.")


def _asked(form: DraftForm) -> DraftForm:
    """What the options leave out, from a terminal; a wrong answer is asked for again at once."""
    if not form.title:
        form = _question(form, "title", "What is the case about?")
    if not form.date:
        form = _question(form, "date", "Which day is assessed? (as 2025-12-01)")
    if form.measures:
        return form
    return form.model_copy(update={"measures": _sentences(form)})


def _question(form: DraftForm, key: str, question: str) -> DraftForm:
    """The form with one answer that is without faults."""
    from detente.analysis.closings import new_case

    while True:
        form = form.model_copy(update={key: typer.prompt(question).strip()})
        faults = [f for f in new_case(form).faults if f.key == key]
        if not faults:
            return form
        say(f"  {_words(f)}" for f in faults)


def _sentences(form: DraftForm) -> tuple[str, ...]:
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
        found = one_measure(text, form.date, form.world)
        say(f"  {line}" for c in found.closings for line in (c.sentence, *c.notes))
        say(f"  {_words(f)}" for f in found.faults)
        if found.ok:
            sentences.append(text)


def _words(fault: Fault) -> str:
    """A fault without its key: the question that it answers stands above it."""
    return upper_first(f"{fault.message} {fault.remedy}".strip())
