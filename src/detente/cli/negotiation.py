"""What the commands on negotiation share: the answer, names, tables, data, and words on draws.

`answered` gives the answer of a case, `data_of` and `figures` write it as data and cells. `banded`,
`vote_chances` and `vote_data` put bands and chances over draws into cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.backtest import counted
from detente.cli.options import day, money, print_state, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detente.analysis.negotiation import AnswerChance, MeasureVotes, TalkBands, TalksAnswer
    from detente.analysis.negotiation.bands import Band
    from detente.negotiation import Table


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
    from detente.analysis.precomputed.talks import talks_of
    from detente.analysis.scenarios import Scenarios
    from detente.cases import load_case
    from detente.report.departure import departure_of_talks

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
    from detente.report.departure import departure_of_talks

    return {
        "case": answer.case.name,
        "date": str(answer.date),
        "horizon": answer.horizon,
        "draws": answer.draws,
        "seed": answer.seed,
        "notes": answer.notes,
        **departure_of_talks(answer).entries(),
    }


def rows_of(table: Table) -> list[dict[str, Any]]:
    """A table of the analysis as a list of rows by column."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def say(answer: TalksAnswer, lines: Sequence[str]) -> None:
    """Sentences, with countries by name instead of by code."""
    from detente.analysis.negotiation.labels import upper_first

    for line in lines:
        typer.echo(upper_first(named(answer, line)))


def named(answer: TalksAnswer, text: str) -> str:
    """A text with members of blocs by name instead of by code."""
    from detente.analysis.labels import spelled
    from detente.negotiation import Conflict

    if not isinstance(answer.conflict, Conflict):
        return text
    return spelled(text, {m for p in answer.conflict.parties for m in p.members})


def chance_lines(answer: TalksAnswer, chances: Iterable[AnswerChance]) -> list[str]:
    """Chances in sentences, with the parameter that turns each in words."""
    from dataclasses import replace

    from detente.analysis.negotiation.labels import parameter_words

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


_WHEN = {"adopt": "be adopted", "renew": "be renewed", "repeal": "be repealed"}


def banded(value: float, band: Band | None) -> str:
    """USD million with its band in brackets, as far as there is one."""
    if band is None or money(band[0]) == money(band[1]):
        return money(value)
    return f"{money(value)} ({money(band[0])} to {money(band[1])})"


def of_gains(bands: TalkBands | None, package: str, count: int) -> tuple[Band | None, ...]:
    """Bands of the gains from a package, by signatory."""
    return (None,) * count if bands is None else bands.proposals[package]


def vote_chances(answer: TalksAnswer, votes: MeasureVotes) -> None:
    """How often a measure would pass its votes over draws, and who would block it how often."""
    if answer.bands is None:
        return
    from detente.analysis.negotiation.explained_moves import SHARES, forecast
    from detente.negotiation.words import fixed, listed

    found = answer.bands.votes[votes.measure]
    shown = forecast(answer, votes)
    carried = [f"{_WHEN[m]} in {100 * found.carried[m]:.0f} %" for m in shown]
    if carried:
        drawn = f"{answer.bands.draws:,} draws of values and of trade"
        say(answer, [f"If put to the vote it would {listed(carried)} of {drawn}. {SHARES}"])
    moments = [m for m in shown if any(found.blocks[m])]
    rows = [(m, k) for k, m in enumerate(votes.members) if any(found.blocks[x][k] for x in moments)]
    rows.sort(key=lambda row: -max(found.blocks[x][row[1]] for x in moments))
    if not rows:
        return
    table(
        f"{votes.label}: share of the draws in which a member alone would block",
        ["", *(_BLOCKS[x] for x in moments), "in all, 5 to 95 %"],
        [
            [
                named(answer, m),
                *(f"{100 * found.blocks[x][k]:.0f} %" for x in moments),
                " to ".join(fixed(end, 1, signed=True) for end in found.gain[k]),
            ]
            for m, k in rows
        ],
    )


_BLOCKS = {"adopt": "not adopt", "renew": "end at renewal", "repeal": "keep at repeal"}


def vote_data(answer: TalksAnswer, votes: MeasureVotes) -> dict[str, Any] | None:
    """The same as data; None without draws. What contradicts the record is left out."""
    if answer.bands is None:
        return None
    from detente.analysis.negotiation.explained_moves import forecast

    found = answer.bands.votes[votes.measure]
    shown = forecast(answer, votes)
    return {
        "draws": answer.bands.draws,
        "carried": {moment: found.carried[moment] for moment in shown},
        "blocks_alone": {
            moment: dict(zip(votes.members, found.blocks[moment], strict=True)) for moment in shown
        },
        "gain": dict(zip(votes.members, found.gain, strict=True)),
    }
