"""`detente record`: a case held against what happened."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.draws import PrecomputedDraws, Seed, counted
from detente.cli.options import (
    CaseName,
    Details,
    Horizon,
    Json,
    Transfers,
    left_out,
    print_document,
    say,
    table,
)
from detente.negotiation.words import fixed, points
from detente.negotiation.words import percent as in_percent
from detente.world.names import name_of

if TYPE_CHECKING:
    from detente.analysis import BackTest
    from detente.analysis.record.supply_shortfall import Part


def record(
    case: CaseName = "belarus",
    draws: PrecomputedDraws = None,
    seed: Seed = 0,
    horizon: Horizon = None,
    transfers: Transfers = None,
    variants: Annotated[
        bool, typer.Option(help="Also run what the result may hang on, one change at a time.")
    ] = True,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Compare the model with later years, and with forecasts that need no model.

    From the base year before the sanctions, the regime of 1 July of each year is imposed and set
    beside what importers declared and the prices that were published.
    """
    from detente.analysis.precomputed.backtest import backtest_with
    from detente.cases import load_case

    with counted(draws or 0) as progress:
        found = backtest_with(
            load_case(case),
            draws=draws,
            seed=seed,
            horizon=horizon,
            transfers=transfers,
            variants=variants,
            progress=progress,
        )
    if print_document(found, found.departure, as_json=as_json):
        return
    if details:
        _print(found)
        return
    from detente.report.overview.how_sure import record_words

    _scores(found, found.headline)
    if found.prices:
        _prices(found)
    say(record_words(found))
    left_out(details, "other readings of the trade data", "one change at a time", "every sentence")


def _print(found: BackTest) -> None:
    for record in dict.fromkeys(s.record for s in found.scores):
        _scores(found, record)
    _variants(found)
    if found.prices:
        _prices(found)
        _price_tables(found)
    say(found.sentences)


def _scores(found: BackTest, record: str) -> None:
    """The errors of all forecasts against one reading of what importers declared."""
    table(
        f"Exports of {name_of(found.plan.exporter)} and shares of suppliers, against flows "
        f"{record}, {found.horizon} run, million tonnes and points ({_split(found)})",
        [
            "",
            "error",
            "scaled",
            "rank",
            "total",
            "seen",
            "shares",
            "in band",
        ],
        [
            [
                f"{s.year} {s.forecast}",
                fixed(s.errors.mean_error, 3),
                _number(s.errors.pattern_error, 3),
                _number(s.errors.rank_correlation, 2),
                fixed(s.errors.total, 1),
                fixed(s.errors.observed_total, 1),
                points(s.errors.share_error, signed=False),
                "" if s.errors.coverage is None else in_percent(s.errors.coverage, 0),
            ]
            for s in found.scores
            if (s.variant, s.record) == ("main", record)
        ],
        without_bands=not found.draws,
    )


def _prices(found: BackTest) -> None:
    """The change of the price by year and horizon, beside what was published."""
    base = found.outcome.base_year
    table(
        f"Price in {name_of(found.plan.price_market)}, change on {base}",
        ["", "year", "model", "5 to 95 %", "published"],
        [
            [
                f"{p.horizon} run",
                str(p.year),
                in_percent(p.model, 0, signed=True),
                ""
                if p.low is None or p.high is None
                else " to ".join(points(end, 0) for end in (p.low, p.high)),
                in_percent(p.observed, 0, signed=True)
                if math.isfinite(p.observed)
                else "no figure",
            ]
            for p in found.prices
        ],
        without_bands=not found.draws,
        details=True,
    )


def _price_tables(found: BackTest) -> None:
    """What explains the price of a year, and the parts of the measures."""
    if found.split is not None:
        table(
            f"What explains the price of {found.split.year} in the short run, points of the base "
            "price",
            ["", "alone", "5 to 95 %", "part", "5 to 95 %"],
            [
                [
                    row.label,
                    "" if row.alone is None else points(row.alone.value),
                    "" if row.alone is None else _ends(row.alone),
                    points(row.part.value),
                    _ends(row.part),
                ]
                for row in found.split.rows
            ],
            without_bands=not found.draws,
        )
    table(
        f"Parts in the short-run price of {found.plan.years[0]}, points of the base price",
        ["", "alone", "given the others", "part", "5 to 95 %"],
        [
            [
                p.measure,
                *(points(v) for v in (p.alone, p.margin, p.part)),
                "" if p.low is None or p.high is None else f"{points(p.low)} to {points(p.high)}",
            ]
            for p in found.parts
        ],
        without_bands=not found.draws,
        details=True,
    )


def _ends(part: Part) -> str:
    if part.low is None or part.high is None:
        return ""
    return f"{points(part.low)} to {points(part.high)}"


def _split(found: BackTest) -> str:
    return ", ".join(f"{y} {found.plan.sample(y)}" for y in found.plan.years)


def _variants(found: BackTest) -> None:
    years = [str(y) for y in found.plan.years]
    rows: dict[tuple[str, str], list[str]] = {}
    for s in found.scores:
        if s.record == found.headline and s.forecast in ("model", "remove and rescale"):
            rows.setdefault((s.variant, s.forecast), []).append(fixed(s.errors.mean_error, 3))
    table(
        "Mean error, Mt, with one thing changed",
        ["", "forecast", *years],
        [[variant, forecast, *cells] for (variant, forecast), cells in rows.items()],
    )


def _number(value: float, digits: int) -> str:
    return fixed(value, digits) if math.isfinite(value) else ""
