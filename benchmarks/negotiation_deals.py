"""Speed of packages, sequences and power indices, and where other packages answer otherwise.

    python benchmarks/negotiation_deals.py                             prints the tables
    python benchmarks/negotiation_deals.py --write docs/benchmarks.md  writes them into the page

negmas and powerindex are used where they are installed (group `oracles`); both
serve here only, to be timed and compared. Nothing is asserted: a goal that is stated for a row is
followed by PASS or FAIL.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import eu27_enumeration
from detente.negotiation import (
    Exchange,
    Signatory,
    Step,
    WeightedVotes,
    find_packages,
    pareto_front,
    power,
    qualified_majority,
)
from detente.negotiation.bargaining.solution_concepts import POINTS
from detente.negotiation.sequencing.orders import possible, sweep
from measure import Row, Timing, clock, machine, one_thread, section, within, written

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
        parts.append(section(title, found))
        print(parts[-1] + "\n", flush=True)
    about = machine(["detente", "numpy", "scipy", "negmas", "powerindex"])
    took = (
        f"Taken on {dt.date.today()} in one run of {time.perf_counter() - begun:.0f} s on {about}"
    )
    print(took)
    if given.write:
        written(given.write, "\n\n".join([took, *parts]), "deals")


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
        goal = within(took.least, 0.3) if measures == 20 else ""
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
            goal=within(took.least, limit) if limit else "",
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
        goal=within(ours.least, 0.7),
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
    yield from _points(ops)
    yield from _differences(ops)


def _theirs(ops) -> dict[str, object]:
    """The functions of negmas, by the definition that each stands for."""
    return {
        "Nash": ops.nash_points,
        "Kalai-Smorodinsky": ops.ks_points,
        "egalitarian": ops.kalai_points,
        "utilitarian": ops.max_welfare_points,
    }


def _points(ops) -> Iterator[Row | str]:
    """Each of the four points among packages that are all on the front."""
    rng = np.random.default_rng(3)
    for size, parties in ((200, 2), (2000, 3)):
        value = rng.gamma(1.0, 1.0, (size, parties))
        value /= np.linalg.norm(value, axis=1, keepdims=True)
        line = [tuple(map(float, v)) for v in value]
        ranges = [(0.0, float(m)) for m in value.max(axis=0)]
        sides, weight = [_Side(r) for r in ranges], np.ones(parties)
        for name, other in _theirs(ops).items():
            pick = POINTS[name]
            ours, theirs = clock(
                lambda p=pick, v=value, w=weight: p(v, w),
                lambda f=other, s=sides, x=line, r=ranges: f(s, x, r),
                runs=5,
            )
            places = [k for _, k in other(sides, line, ranges)]
            same = "the same" if pick(value, weight) in places else "OTHER"
            yield Row(f"{name} point on a front ({same})", f"{size}×{parties}", ours, theirs)


def _merit(name: str, gain: np.ndarray, ideal: np.ndarray) -> float:
    """What the definition of a point makes as large as possible."""
    return float(
        {
            "Nash": gain.prod(),
            "Kalai-Smorodinsky": (gain / ideal).min(),
            "egalitarian": gain.min(),
            "utilitarian": gain.sum(),
        }[name]
    )


_BY = {
    "Nash": "the largest product of gains (Nash 1950)",
    "Kalai-Smorodinsky": (
        "the largest least share of what each could gain at most (Kalai & Smorodinsky 1975, "
        "carried over to finite sets)"
    ),
    "egalitarian": "the largest least gain (Kalai 1977)",
    "utilitarian": "the largest sum of gains",
}


def _differences(ops) -> Iterator[str]:
    """How often a point of negmas is another, and who is right by the definition.

    On random sets with the status quo at zero.
    """
    rng = np.random.default_rng(7)
    draws = 500
    better: dict[str, list[float]] = {name: [] for name in POINTS}
    for _ in range(draws):
        value = rng.gamma(1.0, 1.0, (30, 3))
        front = value[pareto_front(value)]
        ideal = front.max(axis=0)
        ranges = [(0.0, float(m)) for m in ideal]
        line = [tuple(map(float, f)) for f in front]
        for name, other in _theirs(ops).items():
            mine = POINTS[name](front, np.ones(3))
            theirs = [k for _, k in other([_Side(r) for r in ranges], line, ranges)]
            if mine not in theirs:
                share = _merit(name, front[theirs[0]], ideal) / _merit(name, front[mine], ideal)
                better[name].append(share)
    for name, found in better.items():
        text = f"{name}, {_BY[name]}: "
        if not found:
            yield f"{text}the same package in all {draws} random sets of 30 × 3, both are right."
            continue
        right = sum(share < 1 for share in found)
        who = (
            "Détente is right in all of these"
            if right == len(found)
            else f"Détente is right in {right} of these and negmas in {len(found) - right}"
        )
        yield (
            f"{text}another package in {len(found)} of {draws} random sets of 30 × 3. {who}, and "
            f"negmas reaches {100 * float(np.median(found)):.0f} % of it in their median."
        )
    if better["Kalai-Smorodinsky"]:
        yield (
            "For the Kalai-Smorodinsky point negmas takes the package whose shares of the ideal "
            "gains lie nearest to each other, however small they are."
        )
    yield "What negmas calls the Kalai point is the egalitarian one, as here."


class _Side:
    """What the functions of negmas ask of a utility function."""

    def __init__(self, span: tuple[float, float]) -> None:
        self.reserved_value = 0.0
        self.span = span

    def minmax(self, *_: object, **__: object) -> tuple[float, float]:
        return self.span


if __name__ == "__main__":
    main()
