"""Errors of every forecast, year by year, against everything that there is to be scored against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from detente.study import backtest_forecasts as forecasts
from detente.study.backtest_errors import Errors, errors_of
from detente.study.backtest_targets import targets_of
from detente.study.scenarios import Scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.study.assessment import Array
    from detente.study.backtest_plan import Outcome, Plan
    from detente.study.backtest_variants import Variant

Bands: TypeAlias = "Mapping[str, tuple[Array, Array]]"


@dataclass(frozen=True)
class Score:
    """The errors of one forecast of one year.

    Attributes:
        variant: `main`, or what was changed against it.
        record: what it is scored against; see `backtest_targets.targets_of`.
        year: the year.
        sample: `calibration` or `hold-out`.
        forecast: `model`, `no change`, `remove and rescale` or `nothing sold`.
        errors: how far it is off.
    """

    variant: str
    record: str
    year: int
    sample: str
    forecast: str
    errors: Errors


@dataclass(frozen=True)
class PriceScore:
    """The price in one market over that of the base year, less 1.

    Attributes:
        year: the year.
        sample: `calibration` or `hold-out`.
        horizon: of the model.
        model: change by the measures, a fraction.
        low: 5 % of the draws lie below it; None without draws.
        high: 5 % of the draws lie above it; None without draws.
        observed: change of the published price, a fraction.
    """

    year: int
    sample: str
    horizon: str
    model: float
    low: float | None
    high: float | None
    observed: float


def scores_of(
    variant: str,
    scenarios: Scenarios,
    plan: Plan,
    outcome: Outcome,
    forecast_yni: Mapping[str, Array],
    bands: Bands,
) -> list[Score]:
    """The errors of every forecast against every target and in every year."""
    world = scenarios.world
    e = world.country(plan.exporter)
    base = forecasts.records(forecast_yni[forecasts.NO_CHANGE], world, plan)
    out = []
    for forecast, tonnes_yni in forecast_yni.items():
        every = forecasts.records(tonnes_yni, world, plan)
        for target in targets_of(outcome, world, plan):
            each = every[target.record]
            mine = bands if forecast == forecasts.MODEL else {}
            sold = mine.get(f"exports_yn {target.record}")
            shares = mine.get(f"share_ybi {target.record}")
            for y, year in enumerate(plan.years):
                seen = outcome.tonnes_yni[y]
                members = plan.members(scenarios.case, world, year)
                three = (each[y], target.seen_yni[y], base[target.record][y])
                errors = errors_of(
                    np.stack([forecasts.exports(t, e) for t in three]),
                    np.stack([forecasts.supplier_shares(t, members) for t in three]),
                    band_n=None if sold is None else (sold[0][y], sold[1][y]),
                    band_bi=None if shares is None else (shares[0][y], shares[1][y]),
                    smallest=float(seen[seen > 0].min()),
                )
                out.append(Score(variant, target.name, year, plan.sample(year), forecast, errors))
    return out


def variant_scores(
    variant: Variant,
    plan: Plan,
    outcome: Outcome,
    transfers: Literal["fixed", "proportional", "zero"] | None,
) -> list[Score]:
    """The errors of a case with one thing changed, without bands."""
    scenarios = Scenarios(variant.case, horizon=variant.horizon, transfers=transfers)
    tonnes_yni, _ = forecasts.model_tonnes(scenarios, plan, variant.without)
    every = {forecasts.MODEL: tonnes_yni} | forecasts.naive_tonnes(scenarios, plan, variant.without)
    return scores_of(variant.name, scenarios, plan, outcome, every, {})


def price_scores(
    main: Scenarios,
    plan: Plan,
    outcome: Outcome,
    price_y: Array,
    bands: Bands,
) -> tuple[PriceScore, ...]:
    """The price of every year in the short, medium and long run beside the published one."""
    own = main.horizon
    out = []
    for horizon in forecasts.HORIZONS:
        ratio_y = price_y
        if horizon != own:
            ratio_y = forecasts.model_tonnes(main.at(horizon), plan)[1]
        ends = bands.get(forecasts.price_name(horizon))
        for y, year in enumerate(plan.years):
            out.append(
                PriceScore(
                    year=year,
                    sample=plan.sample(year),
                    horizon=horizon,
                    model=float(ratio_y[y] - 1),
                    low=None if ends is None else float(ends[0][y] - 1),
                    high=None if ends is None else float(ends[1][y] - 1),
                    observed=float(outcome.price_y[y] - 1),
                )
            )
    return tuple(out)


def held_out(scores: tuple[Score, ...], variant: str, record: str, forecast: str) -> Errors | None:
    """The mean of one forecast's errors over the years held out; None if there is none."""
    found = [
        s.errors
        for s in scores
        if (s.variant, s.record, s.forecast, s.sample) == (variant, record, forecast, "hold-out")
    ]
    if not found:
        return None

    def mean(name: str) -> float:
        return float(np.mean([getattr(e, name) for e in found]))

    covered = [e.coverage for e in found]
    return Errors(
        markets=round(mean("markets")),
        mean_error=mean("mean_error"),
        pattern_error=mean("pattern_error"),
        rank_correlation=mean("rank_correlation"),
        total=mean("total"),
        observed_total=mean("observed_total"),
        share_error=mean("share_error"),
        coverage=None if None in covered else mean("coverage"),
        share_coverage=None if None in covered else mean("share_coverage"),
    )
