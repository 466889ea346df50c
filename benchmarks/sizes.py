"""What a larger world costs: one regime solved cold on each bundled size, in one run.

.venv/bin/python benchmarks/sizes.py --write docs/benchmarks.md

Each solve is of a world that was not seen before, so that nothing of it is kept. The smallest is
the base year of the first cases: 77 economies by 11 sectors and a commodity with a fixed resource.
Memory is what Python allocates while it solves, at most, beside the world itself.
"""

from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

import detente
from detente.trade import Shock, embargo, solve
from detente.world import World, split_commodity
from measure import Row, clock, machine, one_thread, section, verdict, written

#: How many times as long as the smallest world the largest may take.
MOST = 3.0
RUNS = 15


def main() -> None:
    """Time the sizes, print the table, write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="a page with markers to write the table into")
    given = parser.parse_args()
    one_thread()
    text = section("One regime on worlds of three sizes", rows())
    about = machine(["detente", "numpy", "scipy"])
    print(f"{text}\n\nTaken on {about}")
    if given.write:
        written(given.write, f"Taken on {about}\n\n{text}", "sizes")


def rows() -> Iterator[Row | str]:
    """A row for each horizon and size, the smallest beside it."""
    block = ["EU", "G7"]
    shock = embargo("RUS", block) + embargo(block, "RUS")
    worlds = [with_ore(), detente.load_world("oecd28-2020"), detente.load_world("oecd-2022")]
    for horizon in ("long", "short"):
        timings = clock(*(cold(w, shock, horizon) for w in worlds), runs=RUNS)
        for world, timing in zip(worlds, timings, strict=True):
            found = solve(world, shock, horizon)  # type: ignore[arg-type]
            largest = world is worlds[-1]
            times = timing.least / timings[0].least
            yield Row(
                f"Embargo of G7 and EU on Russia, both ways, {horizon} run; world "
                f"{held(world):.1f} MB, solve {peak(world, shock, horizon):.1f} MB more",
                f"{len(world.countries)}×{len(world.goods)}",
                timing,
                evaluations=found.certificate.evaluations,
                violation=f"{found.certificate.largest_violation:.0e}",
                goal=verdict(f"{times:.1f} of ≤ {MOST:g} times the smallest", times <= MOST)
                if largest
                else "",
            )


def with_ore() -> World:
    """The world of 77 economies by 11 sectors, and 1 % of its manufactures as an ore."""
    world = detente.load_world("oecd-2020")
    return split_commodity(
        world,
        "ORE",
        "MANUF_EXFOOD",
        0.01 * world.trade_jni[world.good("MANUF_EXFOOD")],
        users={"AGRI_MIN_FOOD": 0.9, "MANUF_EXFOOD": 0.1},
        labour_share=0.15,
        capital_share=0.25,
        resource_share=0.35,
        trade_elasticity=8.0,
        input_substitution=0.7,
    )


def cold(world: World, shock: Shock, horizon: str) -> Callable[[], object]:
    """Solve a world that is new each time; making it is not part of the regime, but is counted."""
    return lambda: solve(replace(world), shock, horizon)  # type: ignore[arg-type]


def held(world: World) -> float:
    """Megabytes of the arrays of a world."""
    arrays = (getattr(world, f.name) for f in fields(world))
    return float(sum(a.nbytes for a in arrays if isinstance(a, np.ndarray))) / 1e6


def peak(world: World, shock: Shock, horizon: str) -> float:
    """Megabytes that a cold solve allocates at most."""
    fresh = replace(world)
    tracemalloc.start()
    try:
        solve(fresh, shock, horizon)  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()
