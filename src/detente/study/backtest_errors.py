"""How far forecasts of trade are from what was observed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.study.backtest_plan import SMALLEST_FLOW, SMALLEST_SHARE

if TYPE_CHECKING:
    from detente.study.assessment import Array


@dataclass(frozen=True)
class Errors:
    """One forecast of one year against what was observed.

    Attributes:
        markets: how many markets are counted.
        mean_error: mean absolute error of exports by market, million tonnes.
        pattern_error: the same once every forecast is scaled to the observed total, which leaves
            the error in who buys; NaN for a forecast of nothing.
        rank_correlation: Spearman's, of exports by market; NaN where it has no meaning.
        total: all exports as forecast, million tonnes.
        observed_total: all exports as observed, million tonnes.
        share_error: mean absolute error of suppliers' shares, a fraction.
        coverage: share of the markets whose observed exports lie in the band; None without draws.
        share_coverage: the same of suppliers' shares.
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
    observed: Array, band: tuple[Array, Array], counted: NDArray[np.bool_], smallest: float = 0.0
) -> float:
    most = np.where(observed > 0, observed, smallest)
    inside = (band[0] <= most) & (observed <= band[1])
    return _mean(inside[counted].astype(np.float64))


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else math.nan
