"""What the commands on talks share: the answer, names of members, tables and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.backtest import counted
from detente.cli.days import day
from detente.cli.options import print_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detente.study.talking import AnswerChance, TalksAnswer
    from detente.talks import Table

Draws = Annotated[
    int | None,
    typer.Option("--draws", min=0,
                 help="Draws of the trade side, for bands and chances; 0 for none. Not given: "
                      "those packaged with the case for these settings, if there are any."),
]  # fmt: skip
Seed = Annotated[int, typer.Option("--seed", help="Of the draws.")]


def answered(
    case: str,
    question: str,
    date: str | None,
    horizon: str | None,
    draws: int | None,
    seed: int,
    *,
    as_json: bool,
) -> TalksAnswer:
    """The talks of a case, or one message why a question cannot be asked of it.

    Unless JSON is to be printed, what follows is headed by how the state differs from the case.
    """
    from detente.brief.departure import departure_of_talks
    from detente.brief.kept_talks import talks_of
    from detente.case import load_case
    from detente.study.scenarios import Scenarios

    loaded = load_case(case)
    asked = Scenarios(loaded, horizon=horizon) if loaded.has_trade else loaded
    with counted(draws or 0) as told:
        found = talks_of(asked, day(date), draws=draws, seed=seed, progress=told)
    found.require(question)
    if not as_json:
        print_state(departure_of_talks(found), None)
    return found


def data_of(answer: TalksAnswer) -> dict[str, Any]:
    """What every command's data begin with."""
    from detente.brief.departure import departure_of_talks

    return {
        "case": answer.case.name,
        "date": str(answer.date),
        "horizon": answer.horizon,
        "draws": answer.draws,
        "seed": answer.seed,
        "notes": answer.notes,
        "hypothetical": departure_of_talks(answer).plain(),
    }


def rows_of(table: Table) -> list[dict[str, Any]]:
    """A table of the analysis as a list of rows by column."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def say(answer: TalksAnswer, lines: Sequence[str]) -> None:
    """Sentences, with countries by name instead of by code."""
    from detente.study.talking.wording import upper_first

    for line in lines:
        typer.echo(upper_first(named(answer, line)))


def named(answer: TalksAnswer, text: str) -> str:
    """A text with members of blocs by name instead of by code."""
    from detente.brief.names import spelled
    from detente.talks import Conflict

    if not isinstance(answer.conflict, Conflict):
        return text
    return spelled(text, {m for p in answer.conflict.parties for m in p.members})


def chance_lines(answer: TalksAnswer, chances: Iterable[AnswerChance]) -> list[str]:
    """Chances in sentences, with the parameter that turns each in words."""
    from dataclasses import replace

    from detente.study.talking.wording import parameter_words

    return [
        str(replace(
            c,
            turned_by=parameter_words(answer.case, c.turned_by),
            turned_too=tuple(parameter_words(answer.case, n) for n in c.turned_too),
        )) if c.turned_by else str(c)
        for c in chances
    ]  # fmt: skip


def figures(values: Sequence[float]) -> list[str]:
    """USD million in a table."""
    from detente.cli.options import money

    return [money(v) for v in values]


def notes(answer: TalksAnswer) -> None:
    """What was approximated or assumed, after the answer."""
    if answer.notes:
        typer.echo("")
    for note in answer.notes:
        typer.echo(f"Note. {named(answer, note)}")
