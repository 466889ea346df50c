"""Derive the bundled table of gross domestic product from the raw table; same bytes each run.

    .venv/bin/python data-build/gdp.py RAW.csv [--check]

RAW.csv is `data/gdp.csv` of https://github.com/datasets/gdp, which carries the World Bank's series
NY.GDP.MKTP.CD. Economies that the world of 2020 has as a row of their own are left out, for their
size is known there; so are years without a figure.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from pathlib import Path

from detente._files import write_file
from detente.world import load_world
from detente.world.names import all_names

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "src/detente/world/data/gdp.csv"
YEARS = range(2011, 2023)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", type=Path, help="the raw table")
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    given = parser.parse_args()
    text = derive(given.raw)
    if given.check:
        if OUT.read_bytes() != text.encode():
            raise SystemExit(f"{OUT} is not what {given.raw} gives: run without --check.")
    else:
        write_file(OUT, text)
    print(f"{OUT.relative_to(ROOT)}: sha256 {hashlib.sha256(text.encode()).hexdigest()}")
    print(f"{given.raw.name}: sha256 {hashlib.sha256(given.raw.read_bytes()).hexdigest()}")


def derive(raw: Path) -> str:
    """The bundled table as text: country, then a column for each year, USD million."""
    separate = set(load_world("oecd-2020").countries)
    wanted = [code for code in sorted(all_names()) if code not in separate]
    found: dict[tuple[str, int], str] = {}
    with raw.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = float(row["Value"])
            found[row["Country Code"], int(row["Year"])] = f"{value / 1e6:.1f}"
    lines = [",".join(["country", *map(str, YEARS)])]
    for code in wanted:
        cells = [found.get((code, year), "") for year in YEARS]
        if any(cells):
            lines.append(",".join([code, *cells]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
