"""NAFTA as Caliendo & Parro (2015) set it up, from the replication data when it is at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np

from detente.trade import rebased
from detente.world import World

FOLDER = Path(
    os.environ.get(
        "DETENTE_REPLICATION", Path(__file__).parents[3] / "shared" / "data" / "replication"
    )
)
DATA = FOLDER / "cp2015_nafta.npz"
TABLE = FOLDER / "cp2015_nafta_replication.csv"


def load() -> dict[str, np.ndarray]:
    """The raw arrays, in USD million and in the axis order of this project."""
    with np.load(DATA) as raw:
        return {
            "countries": raw["regions"],
            "goods": raw["sectors"],
            "trade": np.ascontiguousarray(raw["trade"].transpose(2, 0, 1)) / 1e6,
            "tariff_1993": np.ascontiguousarray(raw["trade_tariff_bln"].transpose(2, 0, 1)),
            "tariff_2005": np.ascontiguousarray(raw["trade_tariff_cfl"].transpose(2, 0, 1)),
            # One cell of −9.5 USD million (Canada, use of Other by Minerals) is rounding of theirs.
            "intermediate": np.maximum(raw["intermediate"], 0) / 1e6,
            "value_added": raw["value_added"] / 1e6,
            "final": raw["final"] / 1e6,
            "deficit": raw["deficit"] / 1e6,
            "theta": raw["theta"],
        }


def base_year(raw: dict[str, np.ndarray], *, deficits: bool) -> World:
    """The base from which they shock: their shares, solved without any shock.

    Their final demand is a residual with negative cells cut off, so that the observed flows are not
    an equilibrium; like them, we first solve for the equilibrium of the shares, with value added
    and deficits as observed.
    """
    paid = raw["trade"] * (1 + raw["tariff_1993"])
    spending = paid.sum(axis=2, keepdims=True)
    # They keep value added's share of output and spread the rest over inputs.
    output = raw["intermediate"].sum(axis=1) + raw["value_added"]
    income = raw["value_added"].sum(axis=1)
    world = World.from_shares(
        raw["countries"],
        raw["goods"],
        np.divide(paid, spending, out=np.zeros_like(paid), where=spending > 0),
        raw["intermediate"] / output[:, None, :],
        raw["final"] / raw["final"].sum(axis=1, keepdims=True),
        income,
        raw["tariff_1993"],
        raw["theta"],
        deficit_n=raw["deficit"] if deficits else 0.0,
        capital_share_nj=0.0,
        year=1993,
        source="Caliendo & Parro (2015), replication files",
        name="nafta-1993",
    )
    return rebased(world, value_added_n=income)


def published() -> dict[tuple[str, str, str], float]:
    """(country, measure, 'zero' or 'deficit') → percent, as the R package cp2015 prints it."""
    out = {}
    with TABLE.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            key = (row["country"], row["measure_pct"])
            out[(*key, "zero")] = float(row["cp2015_R_zero_deficit"])
            out[(*key, "deficit")] = float(row["cp2015_R_with_deficit"])
    return out
