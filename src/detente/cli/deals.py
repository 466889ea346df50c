"""`detente deals`: which packages all who sign accept, and who stands in the way."""

from __future__ import annotations

import typer

from detente.cli.days import Date
from detente.cli.drawn import banded, of_gains
from detente.cli.options import CaseName, Horizon, Json, print_json, table
from detente.cli.talks import (
    Draws,
    Seed,
    answered,
    chance_lines,
    data_of,
    named,
    notes,
    rows_of,
    say,
)


def deals(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Packages that every signatory accepts, fair compromises among them, and who refuses which.

    These answers rest on the valuations of the case.
    """
    from detente.study.talking import sentences
    from detente.talks.words import listed, plural

    answer = answered(case, "deals", date, horizon, draws, seed)
    found = answer.deals
    assert found is not None
    chances = [c for c in answer.chances if c.question in ("accepted", "carried out")]
    if as_json:
        print_json(
            data_of(answer)
            | {
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
    say(
        answer,
        [
            f"{listed(found.everybody.parties)} would all sign {len(found.everybody.codes_k):,} "
            f"of {plural(found.everybody.examined, 'package')}."
        ],
    )
    parties = found.proposals[0].whose if found.proposals else ()
    table(
        "Packages, gain over the status quo, USD million a year",
        ["", *parties, "would sign"],
        [
            [p.label,
             *(banded(g, b) for g, b in zip(
                 p.gain, of_gains(answer.bands, p.id, len(p.parties)), strict=True)),
             ", ".join(i for i, a in zip(p.parties, p.accepts, strict=True) if a) or "nobody"]
            for p in found.proposals
        ],
    )  # fmt: skip
    for p in found.proposals:
        typer.echo(f"{p.label}: {named(answer, p.change)}.")
        say(answer, [f"  {p}", *(f"  {line}" for line in sentences.needed_words(answer, p))])
    say(answer, chance_lines(answer, chances))
    notes(answer)
