"""What the commands on talks share: the answer, names of members, tables and data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.backtest import counted
from detente.cli.days import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.study.talking import TalksAnswer
    from detente.talks import Table

Draws = Annotated[
    int,
    typer.Option("--draws", help="Draws of the trade side, for bands and chances; 0 for none.",
                 min=0),
]  # fmt: skip
Seed = Annotated[int, typer.Option("--seed", help="Of the draws.")]


def answered(
    case: str, question: str, date: str | None, horizon: str | None, draws: int, seed: int
) -> TalksAnswer:
    """The talks of a case, or one message why a question cannot be asked of it."""
    from detente.study.talking import talk

    with counted(draws) as told:
        found = talk(case, day(date), horizon, draws=draws, seed=seed, progress=told)
    found.require(question)
    return found


def data_of(answer: TalksAnswer) -> dict[str, Any]:
    """What every command's data begin with."""
    return {
        "case": answer.case.name,
        "date": str(answer.date),
        "horizon": answer.horizon,
        "draws": answer.draws,
        "seed": answer.seed,
        "notes": answer.notes,
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
    from detente.brief.names import in_sentence
    from detente.talks import Conflict

    if not isinstance(answer.conflict, Conflict):
        return text
    codes = {m for p in answer.conflict.parties for m in p.members}
    return re.sub(r"\b[A-Z]{3}\b", lambda m: in_sentence(m[0]) if m[0] in codes else m[0], text)


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
