"""The files that the gallery reads: where they come from, where they are put, what they hold.

None of them is part of the repository. `FOLDER` is where they lie, the environment variable
DETENTE_REPLICATION or `../shared/data/replication`; `MISSING` says of each where to get it.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROOT = Path(__file__).parents[2]
FOLDER = Path(
    os.environ.get("DETENTE_REPLICATION", ROOT.parent / "shared" / "data" / "replication")
)
NAFTA = "cp2015_nafta.npz"
WORLD_TARIFFS = "cp2015/tariffs2005.txt"
LIBERATION = ("trade_cepii.csv", "gdp.csv", "tariffs.csv", "country_labels.csv")
EU_ENLARGEMENT = "gravity/GE_gravity_example_data.dta"
#: What a table needs, by the first letters of its id, and where to get it.
MISSING = {
    "cp2015": (
        (NAFTA, WORLD_TARIFFS),
        "Caliendo's page (Data_and_Codes_CP.zip) has tariffs2005.txt; the R package cp2015 has the "
        "rest as cp2015_nafta.rda, which is kept here as arrays of NumPy.",
    ),
    "liberation": (
        tuple(f"liberation-day/{name}" for name in LIBERATION),
        "The authors' replication package (data/base_data); a copy is in the GitHub repository "
        "JoeLoera/liberation-day-replication.",
    ),
    "eu": (
        (EU_ENLARGEMENT,),
        "Zylkin's example for ge_gravity: the GitHub repository VKudlay/GEGravity, folder Stata.",
    ),
}


def missing(table: str) -> str:
    """Why a table cannot be computed here: the files that are not at hand; '' if all are."""
    for start, (names, remedy) in MISSING.items():
        if table.startswith(start):
            absent = [name for name in names if not (FOLDER / name).exists()]
            if absent:
                return f"{', '.join(absent)} not in {FOLDER}. {remedy}"
            if names == (EU_ENLARGEMENT,) and find_spec("pandas") is None:
                return "pandas is not installed, which reads Stata's files: make .venv/bench."
    return ""


def world_tariffs() -> Array:
    """Tariffs of 2005 by good, market and origin as fractions, (40, 31, 31); services have none."""
    table = np.loadtxt(FOLDER / WORLD_TARIFFS).reshape(20, 31, 31)
    return np.concatenate([table / 100, np.zeros((20, 31, 31))])


@dataclass(frozen=True, eq=False)
class LiberationDay:
    """Trade of 2023, GDP and the tariffs announced on 2 April 2025; USD thousand.

    Attributes:
        countries: ISO3 codes, 194.
        imports_ni: by market and origin, without domestic sales.
        gdp_n: of each.
        tariff_n: of the United States on each, fractions, at least the baseline of 10 %.
    """

    countries: tuple[str, ...]
    imports_ni: Array
    gdp_n: Array
    tariff_n: Array


def liberation_day(folder: Path | None = None) -> LiberationDay:
    """The files of the replication package of Ignatenko et al. (2025)."""
    folder = FOLDER / "liberation-day" if folder is None else folder
    trade, gdp, tariffs, labels = (_numbers(folder / name) for name in LIBERATION)
    return LiberationDay(
        tuple(row[0] for row in labels),
        np.array([[_number(x) for x in row] for row in trade]).T,
        np.array([_number(row[0]) for row in gdp]) / 1000,
        np.maximum([_number(row[0]) for row in tariffs], 0.1),
    )


def _numbers(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def _number(text: str) -> float:
    return float(text) if text.strip() not in ("", "NA", "NaN", ".") else 0.0


def eu_enlargement(path: Path | None = None) -> tuple[tuple[str, ...], Array, Array]:
    """Countries, trade of 2000 by market and origin, and which pairs joined the EU by 2014."""
    import pandas as pd

    table: Any = pd.read_stata(FOLDER / EU_ENLARGEMENT if path is None else path)
    by_year = {y: _square(table[table["year"] == y], "eu_enlargement") for y in (2000, 2014)}
    codes, trade = _square(table[table["year"] == 2000], "trade")
    return codes, trade, by_year[2014][1] - by_year[2000][1]


def _square(table: Any, column: str) -> tuple[tuple[str, ...], Array]:
    wide = table.pivot(index="importer", columns="exporter", values=column)
    return tuple(map(str, wide.index)), wide.to_numpy(dtype=np.float64)
