"""`detente timeline`: the regimes of a case in time, and what each means for whom."""

from __future__ import annotations

import typer

from detente.cli.options import (
    CaseName,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    money,
    print_json,
    table,
)


def timeline(
    case: CaseName = "belarus",
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    as_json: Json = False,
) -> None:
    """Every regime of a case: what begins and ends when, and what it costs or brings whom."""
    from detente.study import timeline as regimes_of

    found = regimes_of(case, horizon=horizon, transfers=transfers, tolerance=tolerance)
    world = found.world
    parties = [(p.id, p.name) for p in found.case.parties if p.members]
    rows = [
        [
            float(
                regime.snapshot.equivalent_variation_n[
                    [world.country(c) for c in found.case.members(p, world, regime.start)]
                ].sum()
            )
            for p, _ in parties
        ]
        for regime in found.regimes
    ]
    if as_json:
        print_json(
            {
                "case": found.case.name,
                "horizon": found.horizon,
                "parties": [p for p, _ in parties],
                "regimes": [
                    {
                        "start": r.start.isoformat(),
                        "measures": r.measures,
                        "begun": r.begun,
                        "ended": r.ended,
                        "equivalent_variation": row,
                        "certificate": r.snapshot.certificate.sentence,
                    }
                    for r, row in zip(found.regimes, rows, strict=True)
                ],
            }
        )
        return
    table(
        f"{found.case.title}, {found.horizon} run: equivalent variation of each regime, USD "
        f"million a year, against the base year without measures",
        ["from", *(p for p, _ in parties)],
        [
            [r.start.isoformat(), *(money(v) for v in row)]
            for r, row in zip(found.regimes, rows, strict=True)
        ],
    )
    for r in found.regimes:
        changes = [*(f"+ {m}" for m in r.begun), *(f"- {m}" for m in r.ended)]
        typer.echo(f"{r.start}  {'  '.join(changes) or 'no measure in force'}")
