"""`detente timeline`: the regimes of a case in time, and what each means for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from detente.cli.backtest import Draws, Seed, counted
from detente.cli.options import (
    CaseName,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    money,
    print_state,
    table,
)

if TYPE_CHECKING:
    from detente.analysis import Timeline


def timeline(
    case: CaseName = "belarus",
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    draws: Draws = 0,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Every regime of a case: what begins and ends when, and what it costs or brings whom."""
    from detente.analysis import timeline as regimes_of
    from detente.analysis.uncertainty.draws import bands_sentence
    from detente.report.departure import departure_of

    with counted(draws) as told:
        found = regimes_of(
            case,
            horizon=horizon,
            transfers=transfers,
            tolerance=tolerance,
            draws=draws,
            seed=seed,
            progress=told,
        )
    state = departure_of(found.case, None, horizon, transfers)
    if print_state(state, _data(found) if as_json else None):
        return
    banded = "" if found.ensemble is None else ", with 5 to 95 % of the draws"
    table(
        f"{found.case.title}, {found.horizon} run: equivalent variation of each regime, USD "
        f"million a year, against the base year without measures{banded}",
        ["from", *(p.id for p in found.parties)],
        _rows(found),
    )
    for r in found.regimes:
        typer.echo(f"{r.start}  {found.changed(r)}")
    if found.ensemble is not None:
        e = found.ensemble
        typer.echo(bands_sentence(e.done, e.asked, e.failed, e.why))


def _rows(found: Timeline) -> list[list[str]]:
    effect, band = found.effect_rp, found.band
    rows = []
    for r, regime in enumerate(found.regimes):
        cells = []
        for p in range(len(found.parties)):
            cell = money(float(effect[r, p]))
            ends = [] if band is None else [money(float(end[r, p])) for end in band]
            cells.append(f"{cell} {'…'.join(ends)}" if len(set(ends)) > 1 else cell)
        rows.append([regime.start.isoformat(), *cells])
    return rows


def _data(found: Timeline) -> dict[str, Any]:
    low, high = (None, None) if found.band is None else found.band
    e = found.ensemble
    return {
        "case": found.case.name,
        "horizon": found.horizon,
        "draws": None
        if e is None
        else {
            "asked": e.asked,
            "done": e.done,
            "failed": e.failed,
            "why_failed": e.why,
            "seed": e.seed,
        },
        "parties": [p.id for p in found.parties],
        "regimes": [
            {
                "start": r.start.isoformat(),
                "measures": r.measures,
                "begun": r.begun,
                "ended": r.ended,
                "changed": found.changed(r),
                "equivalent_variation": row.tolist(),
                "low": None if low is None else low[k].tolist(),
                "high": None if high is None else high[k].tolist(),
                "certificate": r.snapshot.certificate.sentence,
            }
            for k, (r, row) in enumerate(zip(found.regimes, found.effect_rp, strict=True))
        ],
    }
