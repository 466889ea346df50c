"""Derive the bundled table of EU populations from the raw table; same bytes each run.

    .venv/bin/python data-build/eu27.py [--raw ../shared/data/geo] [--check]

Only codes and persons are kept; names come with the world, shares are computed from the persons.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from pathlib import Path

from detente._files import write_file

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "src/detente/negotiation/data/eu27-population-2024.csv"
RAW = ROOT / "../shared/data/geo"
FILE = "eu27_population_2024.csv"
MEMBERS = 27


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of the raw table")
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    given = parser.parse_args()
    text = derive(given.raw)
    if given.check:
        if OUT.read_bytes() != text.encode():
            raise SystemExit(f"{OUT} is not what {given.raw / FILE} gives: run without --check.")
    else:
        write_file(OUT, text)
    print(f"{OUT.relative_to(ROOT)}: sha256 {hashlib.sha256(text.encode()).hexdigest()}")
    print(f"{FILE}: sha256 {hashlib.sha256((given.raw / FILE).read_bytes()).hexdigest()}")


def derive(raw: Path) -> str:
    """The bundled table as text, largest member first."""
    with (raw / FILE).open(encoding="utf-8", newline="") as file:
        rows = [(r["iso3"], int(r["population_2024"])) for r in csv.DictReader(file)]
    if len({code for code, _ in rows}) != MEMBERS:
        raise SystemExit(f"{raw / FILE} has {len(rows)} rows: {MEMBERS} members are needed.")
    rows.sort(key=lambda r: (-r[1], r[0]))
    return "\n".join(["iso3,population", *(f"{code},{people}" for code, people in rows)]) + "\n"


if __name__ == "__main__":
    main()
