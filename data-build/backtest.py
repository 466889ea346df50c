"""Derive the bundled tables of what was traded and paid after 2021; same bytes each run.

    .venv/bin/python data-build/backtest.py [--raw ../shared/data/potash] [--check]

1. `potash-observed.csv`: HS 3104 by year, exporter and importer, 2022 to 2024, tonnes and USD,
   from CEPII BACI (the 200 largest flows of each year by value, about 95 % of the tonnes). Flows
   without a quantity are left out. Countries without a row in the inter-country table are summed
   into ROW; flows inside ROW are left out.
2. `potash-prices.csv`: yearly means of the monthly price of potassium chloride, World Bank.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from detente.world import load_world

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src/detente/case/data"
RAW = ROOT / "../shared/data/potash"
BACI = "baci_hs3104_bilateral_2022_2024_top200.csv"
PRICES = "worldbank_fertilizer_crop_prices_monthly.csv"
SERIES = "Potassium chloride ** ($/mt)"
FIRST_YEAR = 2015
BREAK = 2020  # the first year of cost and freight in Brazil

COUNTRIES = load_world("oecd-2020").countries


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
            out.write_bytes(text.encode())
            print(f"{out.relative_to(ROOT)}: sha256 {digest}")
    for name in (BACI, PRICES):
        print(f"{name}: sha256 {hashlib.sha256((arguments.raw / name).read_bytes()).hexdigest()}")


def derive(raw: Path) -> dict[str, str]:
    """The bundled tables as text, by file name."""
    return {
        "potash-observed.csv": observed(raw / BACI),
        "potash-prices.csv": prices(raw / PRICES),
    }


def observed(path: Path) -> str:
    sums: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    place = {c: n for n, c in enumerate(COUNTRIES)}
    row = place["ROW"]
    for cells in _rows(path):
        origin, market = (place.get(cells[k], row) for k in ("exporter", "importer"))
        if origin == market == row or float(cells["tonnes"]) == 0:
            continue
        flow = sums[int(cells["year"]), origin, market]
        flow[0] += float(cells["tonnes"])
        flow[1] += float(cells["value_usd"])
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
