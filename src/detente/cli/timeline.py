"""`detente timeline`: the regimes of a case in time, and what each means for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.draws import Draws, Seed, counted
from detente.cli.options import (
    CaseName,
    Details,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    money,
    print_document,
    say,
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
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Every regime of a case: what begins and ends when, and what it costs or brings whom."""
    from detente.analysis import timeline as regimes_of
    from detente.analysis.departure import departure_of

    with counted(draws) as progress:
        found = regimes_of(
            case,
            horizon=horizon,
            transfers=transfers,
            tolerance=tolerance,
            draws=draws,
            seed=seed,
            progress=progress,
        )
    state = departure_of(found.case, None, horizon, transfers)
    if print_document(found, state, as_json=as_json):
        return
    banded = "" if found.bands is None else ", with 5 to 95 % of the draws"
    table(
        f"{found.case.title}, {found.horizon} run: gain by each regime, USD million a year, "
        f"against the base year without measures{banded}",
        ["from", *(p.id for p in found.parties)],
        _rows(found),
        details=details,
    )
    say(f"{r.start}: {found.change_words(r)}" for r in found.regimes)
    if found.bands is not None:
        say([found.bands.sentence])


def _rows(found: Timeline) -> list[list[str]]:
    frame = found.figures["regimes"]
    rows = []
    for regime in found.regimes:
        start = regime.start.isoformat()
        cells = []
        for party in found.parties:
            cell = money(frame.value(start, party.id))
            ends = [money(end) for end in frame.band(start, party.id) or ()]
            cells.append(f"{cell} ({' to '.join(ends)})" if len(set(ends)) > 1 else cell)
        rows.append([start, *cells])
    return rows
