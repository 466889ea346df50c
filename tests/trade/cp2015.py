"""NAFTA as Caliendo & Parro (2015) set it up, from the replication data when it is at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np

from detente.trade._economy import Economy
from detente.trade._solver import equilibrate
from detente.trade._wedges import unshocked
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
    an equilibrium; like them, we first solve for the equilibrium of the shares.
    """
    trade, tariff = raw["trade"], raw["tariff_1993"]
    paid = trade * (1 + tariff)
    spending = paid.sum(axis=2)
    share = np.divide(
        paid, spending[:, :, None], out=np.zeros_like(paid), where=spending[:, :, None] > 0
    )
    j, n = np.nonzero(spending <= 0)
    share[j, n, n] = 1.0
    # They keep value added's share of output and spread the rest over inputs.
    output = raw["intermediate"].sum(axis=1) + raw["value_added"]
    beta = raw["value_added"] / output
    gamma = raw["intermediate"] / output[:, None, :]
    J, N = spending.shape
    economy = Economy(
        share_jni=share,
        tariff_jni=tariff,
        export_tax_jni=np.zeros_like(tariff),
        input_share_nkj=gamma,
        labour_share_nj=beta,
        fixed_share_nj=np.zeros((N, J)),
        final_share_nj=raw["final"] / raw["final"].sum(axis=1, keepdims=True),
        trade_elasticity_j=raw["theta"],
        input_substitution_j=np.ones(J),
        final_substitution_n=np.ones(N),
        labour_n=raw["value_added"].sum(axis=1),
        fixed_nj=np.zeros((N, J)),
        transfer_n=raw["deficit"] if deficits else np.zeros(N),
        spending_jn=np.where(spending > 0, spending, 0.0),
        sales_jn=trade.sum(axis=1),
    )
    s = equilibrate(economy, unshocked(economy), transfer_rule="fixed", tolerance=1e-12)
    pull = np.exp(-raw["theta"][:, None] * s.point.log_cost_jn)
    new_share = share * pull[:, None, :]
    new_share /= new_share.sum(axis=2, keepdims=True)
    flows = new_share * s.spending_jn[:, :, None] / (1 + tariff)
    sales = flows.sum(axis=1)
    inputs = gamma * sales.T[:, None, :]
    return World.from_flows(
        [str(c) for c in raw["countries"]],
        [str(g) for g in raw["goods"]],
        flows,
        inputs,
        np.maximum(s.spending_jn.T - inputs.sum(axis=2), 0),
        beta * sales.T,
        tariff,
        raw["theta"],
        capital_share_nj=0.0,
        year=1993,
        source="Caliendo & Parro (2015), replication files",
        name="nafta-1993",
    )


def published() -> dict[tuple[str, str, str], float]:
    """(country, measure, 'zero' or 'deficit') → percent, as the R package cp2015 prints it."""
    out = {}
    with TABLE.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            key = (row["country"], row["measure_pct"])
            out[(*key, "zero")] = float(row["cp2015_R_zero_deficit"])
            out[(*key, "deficit")] = float(row["cp2015_R_with_deficit"])
    return out
