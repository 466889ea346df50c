"""Derive the bundled tables of what was traded and paid after 2021; same bytes each run.

    .venv/bin/python data-build/backtest.py [--raw ../shared/data/potash] [--check]

1. `potash-observed.csv`: HS 3104 by year, exporter and importer, 2022 to 2024, tonnes and USD,
   from CEPII BACI (the 200 largest flows of each year by value, about 95 % of the tonnes). Flows
   without a quantity are left out. Countries without a row in the inter-country table are summed
   into ROW; flows inside ROW are left out.
2. `potash-reassigned.csv`: the same with implausible origins re-assigned to Belarus, and
   `potash-origins.csv`, what the rule did. No origin can sell more than it mines and imports.
   Where declared exports exceed mine output (World Mining Data, tonnes K2O / 0.60) and declared
   imports by more than a tenth and by 0.1 Mt, which is what flows outside the table and other
   grades may come to, then
   a. flows with a unit value below a quarter of the year's median are taken for errors of quantity,
      and get the quantity that their value buys at the median;
   b. what is still above output and imports is Belarusian, the same share of each of its flows, up
      to what Belarus can have sold: mine output less own use (FAOSTAT, last year known) less what
      is declared as its own. Belarus, which does not report and whose sales are under embargo, is
      the one seller with such a surplus.
   The rule knows no country but Belarus, and was written before the forecasts were scored on it.
3. `potash-prices.csv`: yearly means of the monthly price of potassium chloride, World Bank.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from detente._files import write_file
from detente.world import load_world

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src/detente/cases/packaged/belarus/data"
RAW = ROOT / "../shared/data/potash"
BACI = "baci_hs3104_bilateral_2022_2024_top200.csv"
PRICES = "worldbank_fertilizer_crop_prices_monthly.csv"
MINED = "../commodity/world_mining_data_production_2018_2024.csv.gz"
FAOSTAT = "faostat_potash_k2o_2000_2023.csv"
SERIES = "Potassium chloride ** ($/mt)"
FIRST_YEAR = 2015
BREAK = 2020  # the first year of cost and freight in Brazil

K2O_PER_TONNE = 0.60
SELLER = "BLR"  # to whom surplus exports of other origins are given
SLACK, SLACK_TONNES = 0.10, 100_000.0
CHEAP = 0.25  # of the median unit value; below it a quantity is taken for an error

COUNTRIES = load_world("oecd28-2020").countries


@dataclass(frozen=True)
class Flow:
    """One flow of the raw table."""

    year: int
    origin: str
    market: str
    tonnes: float
    usd: float


@dataclass(frozen=True)
class Correction:
    """What the rule did to an origin in a year, tonnes of product."""

    year: int
    origin: str
    declared: float
    mined: float
    imported: float
    errors: float
    reassigned: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, default=RAW)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    for name, text in derive(arguments.raw).items():
        out = DATA / name
        digest = hashlib.sha256(text.encode()).hexdigest()
        if arguments.check and out.read_bytes() != text.encode():
            raise SystemExit(f"{out} differs from what the raw tables give ({digest})")
        if not arguments.check:
            write_file(out, text)
            print(f"{out.relative_to(ROOT)}: sha256 {digest}")
    for name in (BACI, MINED, FAOSTAT, PRICES):
        print(f"{name}: sha256 {hashlib.sha256((arguments.raw / name).read_bytes()).hexdigest()}")


def derive(raw: Path) -> dict[str, str]:
    """The bundled tables as text, by file name."""
    flows = declared(raw / BACI)
    corrected, corrections = reassigned(flows, mined(raw / MINED), own_use(raw / FAOSTAT))
    return {
        "potash-observed.csv": observed(flows),
        "potash-reassigned.csv": observed(corrected),
        "potash-origins.csv": origins(corrections),
        "potash-prices.csv": prices(raw / PRICES),
    }


def declared(path: Path) -> list[Flow]:
    """The raw flows that have a quantity."""
    return [
        Flow(
            int(cells["year"]),
            cells["exporter"],
            cells["importer"],
            float(cells["tonnes"]),
            float(cells["value_usd"]),
        )
        for cells in _rows(path)
        if float(cells["tonnes"]) > 0
    ]


def mined(path: Path) -> dict[tuple[str, int], float]:
    """Mine output by country and year, tonnes of product."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {
            (cells["Country_ISO"], int(cells["year"])): float(cells["production"] or 0.0)
            / K2O_PER_TONNE
            for cells in csv.DictReader(file)
            if cells["mineral"] == "Potash (K2O)"
        }


def own_use(path: Path) -> dict[int, float]:
    """Belarus's use by year, tonnes of product."""
    return {
        int(cells["year"]): float(cells["use_k2o_t"] or 0.0) / K2O_PER_TONNE
        for cells in _rows(path)
        if cells["iso3"] == SELLER
    }


def reassigned(
    flows: list[Flow], mined: dict[tuple[str, int], float], own: dict[int, float]
) -> tuple[list[Flow], list[Correction]]:
    """The flows after the rule, and what it did."""
    out: list[Flow] = []
    done: list[Correction] = []
    for year in sorted({f.year for f in flows}):
        now = [f for f in flows if f.year == year]
        median = statistics.median(f.usd / f.tonnes for f in now)
        sold, bought = defaultdict[str, float](float), defaultdict[str, float](float)
        for f in now:
            sold[f.origin] += f.tonnes
            bought[f.market] += f.tonnes
        used = own.get(year, own[max(own)])
        room = mined[SELLER, year] - used - sold[SELLER]
        for origin in sorted(sold):
            able = mined.get((origin, year), 0.0) + bought[origin]
            excess = sold[origin] - able
            if origin == SELLER or excess <= max(SLACK * able, SLACK_TONNES):
                continue
            mine = [f for f in now if f.origin == origin]
            fixed = [
                replace(f, tonnes=f.usd / median) if f.usd / f.tonnes < CHEAP * median else f
                for f in mine
            ]
            left = sum(f.tonnes for f in fixed)
            moved = min(max(0.0, left - able), room)
            room -= moved
            share = moved / left
            kept = [
                replace(f, tonnes=(1 - share) * f.tonnes, usd=(1 - share) * f.usd) for f in fixed
            ]
            given = [
                Flow(year, SELLER, f.market, share * f.tonnes, share * f.usd)
                for f in fixed
                if moved
            ]
            now = [f for f in now if f.origin != origin] + [f for f in kept if f.tonnes > 0] + given
            done.append(
                Correction(
                    year,
                    origin,
                    sold[origin],
                    mined.get((origin, year), 0.0),
                    bought[origin],
                    sold[origin] - left,
                    moved,
                )
            )
        out += now
    return out, done


def origins(corrections: Iterable[Correction]) -> str:
    return _table(
        ("year", "origin", "declared", "mined", "imported", "errors", "reassigned", "to"),
        (
            (
                c.year,
                c.origin,
                *map(round, (c.declared, c.mined, c.imported, c.errors, c.reassigned)),
                SELLER if c.reassigned else "",
            )
            for c in corrections
        ),
    )


def observed(flows: Iterable[Flow]) -> str:
    sums: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    place = {c: n for n, c in enumerate(COUNTRIES)}
    row = place["ROW"]
    for f in flows:
        origin, market = (place.get(c, row) for c in (f.origin, f.market))
        if origin == market == row:
            continue
        flow = sums[f.year, origin, market]
        flow[0] += f.tonnes
        flow[1] += f.usd
    return _table(
        ("year", "origin", "market", "tonnes", "usd"),
        (
            (year, COUNTRIES[i], COUNTRIES[n], round(tonnes), round(usd))
            for (year, i, n), (tonnes, usd) in sorted(sums.items())
        ),
    )


def prices(path: Path) -> str:
    months: dict[int, list[float]] = defaultdict(list)
    for cells in _rows(path):
        year = int(cells["month"][:4])
        if year >= FIRST_YEAR:
            months[year].append(float(cells[SERIES]))
    return _table(
        ("year", "usd_per_tonne", "months", "note"),
        (
            (
                year,
                f"{sum(paid) / len(paid):.1f}",
                len(paid),
                "cost and freight in Brazil" if year >= BREAK else "f.o.b. Vancouver",
            )
            for year, paid in sorted(months.items())
        ),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    main()
