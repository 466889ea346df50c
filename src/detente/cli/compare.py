"""`detente compare`: several regimes of one case on the same axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from detente.cli.backtest import Draws, Seed, counted
from detente.cli.options import (
    CaseName,
    Date,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    day,
    money,
    percent,
    print_state,
    table,
)
from detente.cli.sensitivity import listed
from detente.negotiation.words import fixed

if TYPE_CHECKING:
    from detente.analysis.comparisons import Comparison, Figure


def compare(
    case: CaseName = "belarus",
    date: Date = None,
    lift: Annotated[
        list[str] | None,
        typer.Option(
            "--lift", help="Measures to lift, as us-potash or us-potash,eu-potash; repeat."
        ),
    ] = None,
    impose: Annotated[
        list[str] | None,
        typer.Option("--impose", help="Measures to impose on top; repeat."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            help="Other days: differences are the regime of --date less that of the other day; "
            "repeat.",
        ),
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(
            "--country",
            help="Countries (by code or name), groups or parties to show, as Hungary,Poland; "
            "repeat. The parties if left out.",
        ),
    ] = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    draws: Draws = 0,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Compare the regime of a day with variants of it, or with the regimes of other days.

    Without --lift, --impose and --against: every measure in force lifted alone, and all of them.
    Each row of differences says which state less which it is.
    """
    from detente import analysis
    from detente.report.departure import MARK, departure_of

    with counted(draws) as told:
        found = analysis.compare(
            case,
            day(date),
            lift=[part.split(",") for part in lift or []],
            impose=[part.split(",") for part in impose or []],
            dates=[d for d in map(day, against or []) if d is not None],
            countries=[name for text in country or [] for name in listed(text) or ()],
            horizon=horizon,
            transfers=transfers,
            tolerance=tolerance,
            draws=draws,
            seed=seed,
            progress=told,
        )
    s = found.scenarios
    state = departure_of(s.case, s.date, s.horizon, s.transfers)
    if print_state(state, found.plain() if as_json else None):
        return
    imagined = [c.label for c in found.hypothetical]
    if imagined:
        typer.echo(f"{MARK}, not what the acts of the case say: {', '.join(imagined)}.")
    _print(found)


def _print(found: Comparison) -> None:
    from detente.analysis.uncertainty.draws import bands_sentence

    for f, figure in enumerate(found.figures):
        if figure.key == "transit_revenue" and not found.level[f].any():
            continue
        if figure.commodity is None and figure.key != "transit_revenue":
            title = f"{figure.label}{_unit(figure)}, against the base year without measures"
            rows = [*_rows(found, f, "level"), *_rows(found, f, "difference")]
        else:
            good = "" if figure.commodity is None else _label(found, figure.commodity)
            title = f"{good}{figure.label}{_unit(figure)}; then differences"
            rows = [*_rows(found, f, "level")[:1], *_rows(found, f, "difference")]
        title += f" ({found.scenarios.date})"
        if found.ensemble is not None:
            title += ", with 5 to 95 % of the draws"
        table(title, ["", *(side.id for side in found.sides)], rows)
    for note in found.notes:
        typer.echo(note)
    for chosen in found.plain()["scenarios"]:
        typer.echo(f"{chosen['label']}: {chosen['certificate']}")
    if found.ensemble is not None:
        e = found.ensemble
        typer.echo(bands_sentence(e.done, e.asked, e.failed, e.why))


def _rows(found: Comparison, f: int, which: Literal["level", "difference"]) -> list[list[str]]:
    """A row for each scenario; of differences, for each but the first."""
    values = found.level if which == "level" else found.difference
    band = found.band(which)
    first = found.chosen[0]
    rows = []
    for k, chosen in enumerate(found.chosen):
        if which == "difference" and k == 0:
            continue
        label = chosen.label if which == "level" else chosen.less(first)
        cells = []
        for r in range(len(found.sides)):
            cell = _cell(found.figures[f], float(values[f, r, k]), which)
            if band is not None and cell:
                ends = [_cell(found.figures[f], float(end[f, r, k]), which) for end in band]
                cell += f" {ends[0]}…{ends[1]}" if all(ends) and ends[0] != ends[1] else ""
            cells.append(cell)
        rows.append([label, *cells])
    return rows


def _cell(figure: Figure, value: float, which: str) -> str:
    """A number as its figure asks; nothing where there is none."""
    if not math.isfinite(value):
        return ""
    if figure.key == "real_income_change":
        return percent(value)
    if figure.key == "equivalent_variation":
        return money(value)
    signed = which == "difference"
    if figure.is_share:
        text = fixed(100 * value, 1, signed=signed)
    elif figure.key == "price_paid":
        text = fixed(value, 1, signed=signed)
    else:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        text = fixed(value, digits, signed=signed)
    return text if text.strip("0.") else "0"


def _unit(figure: Figure) -> str:
    if figure.key == "real_income_change":
        return ""
    return f", {'% (points)' if figure.is_share else figure.unit}"


def _label(found: Comparison, commodity: str) -> str:
    return f"{found.scenarios.case.commodity(commodity).label}, "
