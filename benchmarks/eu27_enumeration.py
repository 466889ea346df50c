"""Every one of the 2²⁷ coalitions of the EU's 27, one by one: the counts that tests compare with.

    python benchmarks/eu27_enumeration.py --write tests/negotiation/eu27-counts.json

Nothing of detente.negotiation.voting.power is used: each block of coalitions is weighed from its
members' populations, held against Art. 16(4) TEU as written, and counted. Takes some seconds.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np

from detente._files import write_file

TABLE = Path(__file__).parents[1] / "src/detente/negotiation/data/eu27-population-2024.csv"
LOW_BITS = 18


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="file for the counts")
    given = parser.parse_args()
    with TABLE.open(encoding="utf-8", newline="") as file:
        people = {r["iso3"]: int(r["population"]) for r in csv.DictReader(file)}
    begun = time.perf_counter()
    counts = enumerate_all(list(people.values()))
    print(f"{counts['winning']:,} winning coalitions in {time.perf_counter() - begun:.0f} s")
    if given.write:
        text = json.dumps({"members": list(people), **counts}, indent=1) + "\n"
        write_file(given.write, text)


def enumerate_all(people: list[int]) -> dict[str, object]:
    """Winning coalitions, and by member and size those that it belongs to.

    Returns:
        `winning`; `winning_by_size`; `with_member_by_size`, by member.
    """
    size, total = len(people), sum(people)
    low = min(LOW_BITS, size)
    codes = np.arange(1 << low)
    bits = [(codes >> m & 1).astype(bool) for m in range(low)]
    low_people = sum(b * p for b, p in zip(bits, people[:low], strict=True))
    low_count = sum(b.astype(np.int64) for b in bits)
    by_size = np.zeros(size + 1, dtype=np.int64)
    with_member = np.zeros((size, size + 1), dtype=np.int64)
    for high in range(1 << (size - low)):
        upper = [m for m in range(size - low) if high >> m & 1]
        count = low_count + len(upper)
        inside = low_people + sum(people[low + m] for m in upper)
        enough_members = 100 * count >= 55 * size
        enough_people = 100 * inside >= 65 * total
        wins = enough_members & (enough_people | (size - count < 4))
        found = np.bincount(count[wins], minlength=size + 1)
        by_size += found
        for m in upper:
            with_member[low + m] += found
        for m in range(low):
            with_member[m] += np.bincount(count[wins & bits[m]], minlength=size + 1)
    return {
        "winning": int(by_size.sum()),
        "winning_by_size": by_size.tolist(),
        "with_member_by_size": with_member.tolist(),
    }


if __name__ == "__main__":
    main()
