"""`detente deals`: which packages all who sign accept, and who stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from detente.cli.negotiation import (
    Draws,
    Seed,
    answered,
    banded,
    chance_lines,
    data_of,
    named,
    notes,
    of_gains,
    rows_of,
    say,
)
from detente.cli.options import CaseName, Date, Horizon, Json, print_json, table

if TYPE_CHECKING:
    from detente.analysis.negotiation import Proposal, TalksAnswer


def deals(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """How many packages every signatory accepts, what they share, and who refuses which.

    These answers rest on the valuations of the case. Points of bargaining come last, as details.
    """
    from detente.analysis.negotiation import sentences
    from detente.analysis.negotiation.feasible_packages import (
        caveat,
        feasible_words,
        points_left_out,
    )

    answer = answered(case, "deals", date, horizon, draws, seed, as_json=as_json)
    found = answer.deals
    assert found is not None
    chances = [c for c in answer.chances if c.question in ("accepted", "carried out")]
    if as_json:
        print_json(
            data_of(answer)
            | {
                "sentences": feasible_words(answer),
                "caveat": caveat(answer),
                "accepted": len(found.everybody.codes_k),
                "examined": found.everybody.examined,
                "front": rows_of(found.everybody.table()),
                "points": [
                    vars(p) | {"parties": [found.apart(label) for label in p.parties]}
                    for p in found.everybody.points
                ],
                "proposals": [
                    vars(p)
                    | {"accepted": p.accepted, "carried_out": p.accepted_by_owners}
                    | {"gain_band": of_gains(answer.bands, p.id, len(p.parties))}
                    for p in found.proposals
                ],
                "refusals": [str(r) for r in found.everybody.refusals],
                "chances": [vars(c) for c in chances],
            }
        )
        return
    details = points_left_out(answer)
    named_in_case = [p for p in found.proposals if p.id not in details]
    points = [p for p in found.proposals if p.id in details]
    say(answer, [" ".join(feasible_words(answer))])
    _packages(answer, "Packages", named_in_case)
    for p in named_in_case:
        typer.echo(f"{p.label}: {named(answer, p.change)}.")
        say(answer, [f"  {p}", *(f"  {line}" for line in sentences.needed_words(answer, p))])
    say(answer, chance_lines(answer, [c for c in chances if c.of not in details]))
    if points:
        typer.echo("")
        say(answer, [f"Details. {caveat(answer)}"])
        _packages(answer, "Points of bargaining", points)
        for p in points:
            typer.echo(f"{p.label}: {named(answer, p.change)}.")
        say(answer, chance_lines(answer, [c for c in chances if c.of in details]))
    notes(answer)


def _packages(answer: TalksAnswer, title: str, shown: list[Proposal]) -> None:
    """A table of what some packages bring each signatory, and who would sign."""
    if not shown:
        return
    table(
        f"{title}, gain over the status quo, USD million a year",
        ["", *shown[0].whose, "would sign"],
        [
            [p.label,
             *(banded(g, b) for g, b in zip(
                 p.gain, of_gains(answer.bands, p.id, len(p.parties)), strict=True)),
             ", ".join(i for i, a in zip(p.parties, p.accepts, strict=True) if a) or "nobody"]
            for p in shown
        ],
    )  # fmt: skip
