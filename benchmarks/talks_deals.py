"""Speed of packages, sequences and power indices, and where other packages answer otherwise.

    python benchmarks/talks_deals.py                              prints the tables
    python benchmarks/talks_deals.py --write docs/talks-deals.md  writes them between the markers

negmas and powerindex are used where they are installed (group `oracles`); both
serve here only, to be timed and compared. Nothing is asserted: a goal that is stated for a row is
followed by PASS or FAIL.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import eu27_enumeration
from detente.talks import (
    Exchange,
    Signatory,
    Step,
    WeightedVotes,
    find_packages,
    pareto_front,
    power,
    qualified_majority,
)
from detente.talks.packages.points import POINTS
from detente.talks.sequences.lattice import possible, sweep
from measure import Row, Timing, clock, machine, one_thread, table, verdict, written

PARTIES = "ABCDE"


def main() -> None:
    """Run every benchmark, print the tables, write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    given = parser.parse_args()
    one_thread()
    begun = time.perf_counter()
    parts = []
    for title, found in (
        ("Packages with all points", package_rows()),
        ("Orders of steps", sequence_rows()),
        ("Power indices", power_rows()),
        ("Points of bargaining against negmas", negmas_rows()),
    ):
        items = list(found)
        rows = [i for i in items if isinstance(i, Row)]
        notes = "\n".join(f"- {i}" for i in items if isinstance(i, str))
        parts.append("\n\n".join(x for x in (f"### {title}", table(rows), notes) if x))
        print(parts[-1] + "\n", flush=True)
    took = f"Taken in one run of {time.perf_counter() - begun:.0f} s on " + machine(
        ["detente", "numpy", "scipy", "negmas", "powerindex"]
    )
    print(took)
    if given.write:
        written(given.write, "\n\n".join([took, *parts]))


def payoffs(measures: int, parties: int, noise: float, shift: float = 0.0) -> np.ndarray:
    """Payoffs that add up over measures, with interactions of size `noise`, (S, P)."""
    rng = np.random.default_rng(0)
    value = np.zeros((1, parties))
    for worth in rng.normal(shift, 1.0, (measures, parties)):
        value = np.concatenate([value, value + worth])
    return value + noise * rng.normal(size=value.shape)


def package_rows() -> Iterator[Row | str]:
    for measures, parties, noise, shift in (
        (12, 3, 1.0, 0.0),
        (16, 5, 1.0, 0.0),
        (20, 5, 1.0, 0.0),
        (20, 5, 0.0, 0.15),
    ):
        value = payoffs(measures, parties, noise, shift)
        sides = [Signatory(p, v) for p, v in zip(PARTIES, value.T, strict=False)]
        names = [f"m{k}" for k in range(measures)]
        found = find_packages(sides, names)
        (took,) = clock(lambda s=sides, n=names: find_packages(s, n), runs=5)
        kind = "interactions" if noise else "payoffs add up"
        goal = verdict("≤ 0.3 s", took.least <= 0.3) if measures == 20 else ""
        yield Row(
            f"{parties} parties, {kind}: {len(found.codes_k):,} accepted, "
            f"{len(found.front):,} on the front",
            f"2^{measures}",
            took,
            goal=goal,
        )


def exchange(size: int, patience: float) -> Exchange:
    """Steps that cost their owner and serve the other, with small interactions."""
    rng = np.random.default_rng(1)
    owner = rng.integers(0, 2, size)
    own = owner[:, None] == np.arange(2)
    worth = np.where(own, -rng.random((size, 2)), 1.5 * rng.random((size, 2)))
    value = np.zeros((1, 2))
    for w in worth:
        value = np.concatenate([value, value + w])
    value = value + 0.02 * rng.normal(size=value.shape)
    steps = tuple(Step(f"s{j}", "AB"[o], bool(j % 5)) for j, o in enumerate(owner))
    return Exchange(steps, ("A", "B"), value, (patience, patience))


def sequence_rows() -> Iterator[Row | str]:
    for size, limit in ((12, None), (16, 0.08), (20, 1.7)):
        case = exchange(size, 0.98)
        found = sweep(case, np.ones(2))
        took, bound = clock(lambda c=case: sweep(c, np.ones(2)), lambda c=case: possible(c), runs=5)
        share = f"{100 * found.found.mean():.0f} % of subsets go on"
        yield Row(
            f"Sweep, {share}",
            f"2^{size}",
            took,
            goal=verdict(f"≤ {limit} s", took.least <= limit) if limit else "",
        )
        yield Row("Proof that there is none", f"2^{size}", bound)


def power_rows() -> Iterator[Row | str]:
    rule = qualified_majority()
    begun = time.perf_counter()
    counted = eu27_enumeration.enumerate_all(list(rule.population))
    naive = Timing((time.perf_counter() - begun,))
    same = "the same" if counted["winning"] == power(rule).winning else "OTHER"
    (ours,) = clock(lambda: power(rule))
    yield Row(
        f"EU, double majority, against all 2^27 coalitions in blocks ({same} counts)",
        "27",
        ours,
        naive,
        goal=verdict("≤ 0.7 s", ours.least <= 0.7),
    )
    try:
        import powerindex
    except ImportError:
        yield "powerindex is not installed and was left out."
        return
    weights = [p // 100_000 for p in rule.population]
    quota = -(-sum(weights) * 65 // 100)
    votes = WeightedVotes(rule.members, tuple(weights), quota)

    def other() -> powerindex.Game:
        game = powerindex.Game(quota, weights)
        game.calc_banzhaf()
        game.calc_shapley_shubik()
        return game

    game = other()
    exact = power(votes)
    gap = max(
        abs(float(a) - b)
        for mine, theirs in ((exact.banzhaf, game.banzhaf), (exact.shapley, game.shapley_shubik))
        for a, b in zip(mine, theirs, strict=True)
    )
    ours, theirs = clock(lambda: power(votes), other, runs=3)
    yield Row(
        f"Weighted votes of 100,000 persons, against powerindex (differs by {gap:.0e})",
        "27",
        ours,
        theirs,
    )
    yield "powerindex counts weights alone; it has no double majority."


def negmas_rows() -> Iterator[Row | str]:
    try:
        from negmas.preferences import ops
    except ImportError:
        yield "negmas is not installed and was left out."
        return
    for size, parties in ((300, 2), (3000, 3)):
        rng = np.random.default_rng(size)
        value = rng.random((size, parties))
        ours, theirs = clock(
            lambda v=value: pareto_front(v),
            lambda v=value: ops.pareto_frontier_numpy(v),
            runs=5,
        )
        same = set(pareto_front(value).tolist()) == set(ops.pareto_frontier_numpy(value).tolist())
        yield Row(
            f"Pareto front ({'the same' if same else 'OTHER'})", f"{size}×{parties}", ours, theirs
        )
    yield from _differences(ops)


def _differences(ops) -> Iterator[str]:
    """How often a point of negmas is another, on random sets with the status quo at zero."""
    rng = np.random.default_rng(7)
    draws, other = 500, dict.fromkeys(POINTS, 0)
    worse = []
    for _ in range(draws):
        value = rng.gamma(1.0, 1.0, (30, 3))
        front = value[pareto_front(value)]
        ranges = [(0.0, float(m)) for m in front.max(axis=0)]
        sides = [_Side(r) for r in ranges]
        line = [tuple(map(float, f)) for f in front]
        theirs = {
            "Nash": ops.nash_points(sides, line, ranges),
            "Kalai-Smorodinsky": ops.ks_points(sides, line, ranges),
            "egalitarian": ops.kalai_points(sides, line, ranges),
            "utilitarian": ops.max_welfare_points(sides, line, ranges),
        }
        for name, pick in POINTS.items():
            mine = pick(front, np.ones(3))
            if mine not in [k for _, k in theirs[name]]:
                other[name] += 1
                if name == "Kalai-Smorodinsky":
                    share = front / front.max(axis=0)
                    worse.append(share[theirs[name][0][1]].min() / share[mine].min())
    told = ", ".join(f"{n} {k}" for n, k in other.items())
    yield f"Points that are not the same package, of {draws} random sets of 30 × 3: {told}."
    if worse:
        yield (
            "negmas takes for the Kalai-Smorodinsky point the package whose shares of the ideal "
            "gains lie nearest to each other, however small they are. By the definition carried "
            "over to finite sets, the least share is to be as large as possible; there negmas "
            f"reaches {100 * float(np.median(worse)):.0f} % of it in the median of the sets in "
            "which the two differ."
        )


class _Side:
    """What the functions of negmas ask of a utility function."""

    def __init__(self, span: tuple[float, float]) -> None:
        self.reserved_value = 0.0
        self.span = span

    def minmax(self, *_: object, **__: object) -> tuple[float, float]:
        return self.span


if __name__ == "__main__":
    main()
