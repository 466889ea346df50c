"""Scores of a back-test: how far forecasts are from what was observed, year by year.

`Errors` is one set of errors and `errors_of` computes it. `Score` and `PriceScore` hold it for one
forecast and year; `scores_of`, `variant_scores` and `price_scores` collect them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente._types import Mask, Transfers
from detente.analysis.record import forecasts
from detente.analysis.record.plan import SMALLEST_FLOW, SMALLEST_SHARE
from detente.analysis.record.targets import targets_of
from detente.analysis.scenarios import Scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente._types import Array
    from detente.analysis.record.plan import Outcome, Plan
    from detente.analysis.record.variants import Variant


@dataclass(frozen=True)
class Errors:
    """One forecast of one year against what was observed.

    Attributes:
        markets: how many markets are counted.
        mean_error: mean absolute error of exports by market, million tonnes.
        pattern_error: the mean error once every forecast is scaled to the observed total. It leaves
            the error in who buys; NaN for a forecast of nothing.
        rank_correlation: Spearman's, of exports by market; NaN where it has no meaning.
        total: all exports as forecast, million tonnes.
        observed_total: all exports as observed, million tonnes.
        share_error: mean absolute error of suppliers' shares, a fraction.
        coverage: share of the markets whose observed exports lie in the band; None without draws.
        share_coverage: the share of suppliers' shares within their bands.
    """

    markets: int
    mean_error: float
    pattern_error: float
    rank_correlation: float
    total: float
    observed_total: float
    share_error: float
    coverage: float | None = None
    share_coverage: float | None = None


def errors_of(
    exports_kn: Array,
    share_kbi: Array,
    band_n: tuple[Array, Array] | None = None,
    band_bi: tuple[Array, Array] | None = None,
    smallest: float = 0.0,
) -> Errors:
    """The errors of one forecast.

    Markets count where the base or the observed flow is above 0.02 million tonnes, suppliers where
    the base or the observed share is above 1 %: the same for every forecast.

    Args:
        exports_kn: exports by market as forecast, as observed and in the base, million tonnes,
            (3, N).
        share_kbi: suppliers' shares by buyer, likewise, (3, B, N).
        band_n: lower and upper end for exports, (N,) each.
        band_bi: lower and upper end for shares, (B, N) each.
        smallest: of the observed flows, million tonnes; one that is not in the table may be as
            large, and lies in a band that reaches below it.
    """
    forecast_n, observed_n, base_n = exports_kn
    share_bi, observed_bi, base_bi = share_kbi
    flows = (base_n > SMALLEST_FLOW) | (observed_n > SMALLEST_FLOW)
    shares = (base_bi > SMALLEST_SHARE) | (observed_bi > SMALLEST_SHARE)
    return Errors(
        markets=int(flows.sum()),
        mean_error=_mean(np.abs(forecast_n - observed_n)[flows]),
        pattern_error=_mean(np.abs(_scaled(forecast_n, observed_n) - observed_n)[flows]),
        rank_correlation=rank_correlation(forecast_n[flows], observed_n[flows]),
        total=float(forecast_n.sum()),
        observed_total=float(observed_n.sum()),
        share_error=_mean(np.abs(share_bi - observed_bi)[shares]),
        coverage=None if band_n is None else _covered(observed_n, band_n, flows, smallest),
        share_coverage=None if band_bi is None else _covered(observed_bi, band_bi, shares),
    )


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's rank correlation; NaN for fewer than three values or no variation."""
    from scipy.stats import spearmanr

    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return math.nan
    return float(spearmanr(a, b).statistic)


def _scaled(forecast_n: Array, observed_n: Array) -> Array:
    total = forecast_n.sum()
    return np.asarray(forecast_n * (observed_n.sum() / total if total > 0 else np.nan))


def _covered(
    observed: Array, band: tuple[Array, Array], counted: Mask, smallest: float = 0.0
) -> float:
    most = np.where(observed > 0, observed, smallest)
    inside = (band[0] <= most) & (observed <= band[1])
    return _mean(inside[counted].astype(np.float64))


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else math.nan


Bands: TypeAlias = "Mapping[str, tuple[Array, Array]]"


@dataclass(frozen=True)
class Score:
    """The errors of one forecast of one year.

    Attributes:
        variant: `main`, or what was changed against it.
        record: what it is scored against; see `targets.targets_of`.
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
    transfers: Transfers | None,
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
