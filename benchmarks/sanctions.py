"""Menus, coalitions and designed tariffs: what they take, and whether starts agree.

python benchmarks/sanctions.py [--write docs/design.md]
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from detente.analysis import nash_tariffs, optimal_tariffs, sensitivity
from detente.analysis.coalitions.senders import senders_of
from detente.analysis.context import Context, context_of
from detente.trade import NotConverged, iceberg
from detente.world import synthetic
from measure import Row, Timing, clock, machine, one_thread, section, verdict, written

SEVEN = [f"C{k:03d}" for k in range(1, 8)]


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    given = parser.parse_args()
    one_thread()
    context = context_of("oecd-2020")
    parts = [
        section("Menus: every margin between two sides", menus(context)),
        section("Coalitions: an embargo of manufactures on Russia", coalitions(context)),
        section("Tariffs", tariffs()),
    ]
    text = "\n\n".join(["Taken on " + machine(["detente", "numpy", "scipy"]), *parts])
    print(text)
    if given.write:
        written(given.write, text)


def menus(context: Context) -> Iterator[Row | str]:
    """Two gradients against one solve a margin, by central differences."""
    world = context.world
    found = sensitivity(context, "BLR", "EU")
    margins = len(found.pairs)

    def menu() -> None:
        sensitivity(context, "BLR", "EU")

    def four() -> None:
        for step in (1e-3, -1e-3):
            for pair in (("BLR", "DEU"), ("DEU", "BLR")):
                context.solve(iceberg(*pair, "MANUF_EXFOOD", factor=float(np.exp(step))))

    ours, some = clock(menu, four, runs=5)
    other = Timing(tuple(s / 2 * margins for s in some.seconds))
    size = f"{len(world.countries)}×{len(world.goods)}"
    yield Row(f"{margins} margins of 27 countries with one, both instruments", size, ours, other)
    yield "The other is two solves a margin, timed on two margins and multiplied."


def coalitions(context: Context) -> Iterator[Row | str]:
    """Stacked solves against one by one."""
    names = ["EU", "USA", "GBR", "JPN", "CAN", "KOR", "AUS", "CHE", "NOR", "NZL"]
    senders = senders_of(context, "RUS", names, ["MANUF_EXFOOD"], 0.0)
    everyone = range(2 ** len(names))
    begun = time.monotonic()
    for k in range(0, len(everyone), 32):
        senders.variations(everyone[k : k + 32])
    whole = time.monotonic() - begun
    some = list(everyone[992:1024])

    def one_by_one() -> None:
        for number in some:
            context.solve(senders.shock(number))

    ours, other = clock(lambda: senders.variations(some), one_by_one, runs=3)
    size = f"{len(context.world.countries)}×{len(context.world.goods)}"
    yield Row("32 coalitions of ten senders, stacked", size, ours, other)
    yield f"All {len(everyone):,} coalitions of ten senders took {whole:.1f} s."


def tariffs() -> Iterator[Row | str]:
    """One country's optimal tariffs, and a war from several starts."""
    taken = []
    for _ in range(2):
        begun = time.monotonic()
        best = optimal_tariffs("oecd-2020", "USA")
        taken.append(time.monotonic() - begun)
    proof = best.best.certificate
    what = f"Optimal tariffs of the United States, {len(best.levers)} rates"
    yield Row(
        what,
        "77×11",
        Timing(tuple(taken)),
        evaluations=proof.evaluations,
        violation=f"{proof.residual:.0e}",
        goal=verdict("first-order conditions to 1e-6", proof.residual <= 1e-6),
    )
    for seed in (1, 2, 3):
        yield from _war(seed)
    yield (
        "Largest violation is here the residual of the first-order conditions; wars are solved to "
        "1e-8, from zero, from 50 %, and from rates drawn between 0 and 100 %."
    )


def _war(seed: int) -> Iterator[Row | str]:
    world = synthetic(7, 33, seed=seed)
    rng = np.random.default_rng(seed)
    first = nash_tariffs(world, SEVEN, goal=1e-8)
    starts = [0.0, 0.5, rng.uniform(0, 1, len(first.rate))]
    rates, taken, proofs = [], [], []
    try:
        for start in starts:
            begun = time.monotonic()
            war = nash_tariffs(world, SEVEN, goal=1e-8, start=start, check=False)
            taken.append(time.monotonic() - begun)
            rates.append(war.rate)
            proofs.append(war.certificate)
    except NotConverged as error:
        yield f"Seed {seed}: {error}"
        return
    apart = max(float(np.abs(a - b).max()) for a, b in itertools.combinations(rates, 2))
    worst = max(p.residual for p in proofs)
    yield Row(
        f"Nash tariffs of seven countries, seed {seed}, {len(first.rate)} rates",
        "7×33",
        Timing(tuple(taken)),
        evaluations=max(p.evaluations for p in proofs),
        violation=f"{worst:.0e}",
        goal=verdict(
            f"starts agree to 1e-6 ({apart:.0e}), best answers gain below USD 100 a year "
            f"({1e6 * max(first.departing.max(), 0):.0f})",
            apart < 1e-6 and first.departing.max() < 1e-4,
        ),
    )


if __name__ == "__main__":
    main()
