"""The results of a back-test as tables, one row for each number that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.study import backtest_forecasts as forecasts
from detente.study.backtest_plan import SMALLEST_FLOW, SMALLEST_SHARE

if TYPE_CHECKING:
    import polars as pl

    from detente.study.assessment import Array
    from detente.study.backtesting import BackTest

_NAMES = {
    forecasts.MODEL: "model",
    forecasts.NO_CHANGE: "no_change",
    forecasts.RESCALED: "rescaled",
    forecasts.NOTHING: "nothing_sold",
}


def errors(result: BackTest, variant: str | None, record: str | None) -> pl.DataFrame:
    """A row for each year and forecast of a variant and a record; of all if None."""
    import polars as pl

    rows = [
        {
            "variant": s.variant,
            "record": s.record,
            "year": s.year,
            "sample": s.sample,
            "forecast": s.forecast,
            **vars(s.errors),
        }
        for s in result.scores
        if variant in (None, s.variant) and record in (None, s.record)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def flows(result: BackTest) -> pl.DataFrame:
    """A row for each year and counted market: exports in million tonnes.

    `observed` is what the headline is scored against, `declared` what importers declared.
    """
    import polars as pl

    world, plan = result.world, result.plan
    e = world.country(plan.exporter)
    seen_yni = result.targets[0].seen_yni
    declared_yni, *told = (
        forecasts.records(t, world, plan)[forecasts.RECORDED]
        for t in (result.outcome.tonnes_yni, *result.forecast_yni.values())
    )
    recorded = dict(zip(result.forecast_yni, told, strict=True))
    rows: list[dict[str, Any]] = []
    for y, year in enumerate(plan.years):
        seen, declared = (forecasts.exports(t[y], e) for t in (seen_yni, declared_yni))
        each = {k: forecasts.exports(v[y], e) for k, v in recorded.items()}
        ends = result.bands.get(f"exports_yn {forecasts.RECORDED}")
        base = each[forecasts.NO_CHANGE]
        here = None if ends is None else (ends[0][y], ends[1][y])
        rows += [
            {
                "year": year,
                "sample": plan.sample(year),
                "market": world.countries[n],
                "observed": float(seen[n]),
                "declared": float(declared[n]),
                **_row(each, n, here),
            }
            for n in np.flatnonzero((base > SMALLEST_FLOW) | (seen > SMALLEST_FLOW))
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def shares(result: BackTest) -> pl.DataFrame:
    """A row for each year, buyer and counted supplier: shares of tonnes imported, fractions."""
    import polars as pl

    world, plan = result.world, result.plan
    rows: list[dict[str, Any]] = []
    for y, year in enumerate(plan.years):
        members = plan.members(result.case, world, year)
        seen, declared = (
            forecasts.supplier_shares(t[y], members)
            for t in (result.targets[0].seen_yni, result.outcome.tonnes_yni)
        )
        each = {k: forecasts.supplier_shares(v[y], members) for k, v in result.forecast_yni.items()}
        ends = result.bands.get(f"share_ybi {forecasts.RECORDED}")
        counted = (each[forecasts.NO_CHANGE] > SMALLEST_SHARE) | (seen > SMALLEST_SHARE)
        here = None if ends is None else (ends[0][y], ends[1][y])
        rows += [
            {
                "year": year,
                "sample": plan.sample(year),
                "buyer": plan.buyers[b],
                "supplier": world.countries[i],
                "observed": float(seen[b, i]),
                "declared": float(declared[b, i]),
                **_row(each, (b, i), here),
            }
            for b, i in np.argwhere(counted)
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(
    each: dict[str, Array], at: Any, ends: tuple[Array, Array] | None
) -> dict[str, float | None]:
    out: dict[str, float | None] = {_NAMES[k]: float(v[at]) for k, v in each.items()}
    out["low"] = None if ends is None else float(ends[0][at])
    out["high"] = None if ends is None else float(ends[1][at])
    return out
