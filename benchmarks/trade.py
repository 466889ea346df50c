"""Speed of the trade model against other ways to solve it, all timed in one run on one machine.

    python benchmarks/trade.py                             prints the table
    python benchmarks/trade.py --write docs/benchmarks.md  writes it between the page's markers

Nothing is asserted: a goal that is stated for a row is followed by PASS or FAIL.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import detente
import gravity
import stacked
import textbook
import worlds
from detente.trade import Shock, solve
from detente.trade._system import System
from detente.trade.certificate import violations
from detente.world import World
from measure import Row, Timing, clock, machine, one_thread, section, verdict, within, written

TOLERANCE = 1e-9
SLACK = 1.25
_KEPT_WHEN_LARGE = ("also warm starts, best damping", "also loose inner loops")
_OUTER = [10.0 ** (-k / 2) for k in range(18, 27)]
VARIANTS = {
    "as published": textbook.PUBLISHED,
    "spending iterated": textbook.ITERATED,
    "also warm starts, best damping": textbook.WARM,
    "also loose inner loops": textbook.LOOSE,
    "also trade costs raised once": textbook.PRODUCT,
}


def main() -> None:
    """Run every benchmark, print the tables, write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    parser.add_argument("--quick", action="store_true", help="fewer runs, without the dense system")
    given = parser.parse_args()
    one_thread()
    begun = time.perf_counter()
    parts = []
    for title, found in (
        ("Against the nested loop, 31 countries × 40 goods", nested_loop_rows(given.quick)),
        ("Against gegravity, one good", gravity_rows(given.quick)),
        ("A large embargo, 77 countries × 45 goods", large_rows(given.quick)),
        ("Many shocks of one world, 77 countries × 45 goods", stacked.batch_rows(given.quick)),
        ("Gradients, 77 countries × 45 goods", stacked.gradient_rows(given.quick)),
        ("Many scenarios of the default case", stacked_rows(given.quick)),
        ("The bundled world and the default case", bundled_rows(given.quick)),
    ):
        parts.append(section(title, found))
        print(parts[-1] + "\n", flush=True)
    about = machine(["detente", "numpy", "scipy", "gegravity", "pandas"])
    took = f"Taken in one run of {time.perf_counter() - begun:.0f} s on {about}"
    print(took)
    if given.write:
        written(given.write, "\n\n".join([took, *parts]))


def nested_loop_rows(quick: bool) -> Iterator[Row | str]:
    """31 countries × 40 goods against the textbook loop, at equal true residual."""
    problems = {"Tariff union, invented": worlds.invented_union()}
    found = worlds.nafta()
    if found is None:
        yield "NAFTA was left out: the replication data are not at hand."
    else:
        problems = {"NAFTA": found, **problems}
    for name, (world, shock) in problems.items():
        variants = dict(VARIANTS)
        if quick:
            variants.pop("as published")
        yield from against_loop(name, world, shock, variants)


def against_loop(
    name: str,
    world: World,
    shock: Shock,
    variants: dict[str, textbook.Tuning],
    runs: int = 5,
) -> Iterator[Row | str]:
    """One problem against variants of the nested loop, each at the violation asked of both."""
    problem, system = worlds.as_textbook(world, shock)
    result = solve(world, shock, tolerance=TOLERANCE)
    for label, variant in variants.items():
        # The dense system gives the same iterates, so that the search may go without it.
        dense = variant.spending == "solve"
        sought = textbook.ITERATED if dense else variant
        try:
            tuning = textbook.tune(problem, sought) if sought.warm else sought
            tolerance = loosest(problem, system, tuning)
        except ArithmeticError as error:
            yield f"{name}: nested loop, {label}: {error}"
            continue
        tuning = variant if dense else tuning
        answer = textbook.nested_loop(problem, tolerance, tuning)
        gap = np.abs(np.log(answer.wage_n) - result.solution.log_wage_n).max()
        assert gap < 1e-6, f"{name}: the loop and detente differ by {gap:.1e} in wages"
        mine, other = clock(
            lambda: solve(world, shock, tolerance=TOLERANCE),
            lambda t=tuning, o=tolerance: textbook.nested_loop(problem, o, t),
            runs=2 if dense else runs,
            warm_up=0 if dense else 1,
        )
        yield Row(
            f"{name}: nested loop, {label}",
            f"{len(world.countries)}×{len(world.goods)}",
            mine,
            other,
            result.certificate.evaluations,
            f"{result.certificate.largest_violation:.0e}; {worst(system, answer):.0e}",
            verdict("≥ 30", other.least >= 30 * mine.least) if dense else "",
        )


def worst(system: System, answer: textbook.Answer) -> float:
    """The largest violation of the loop's answer, by the certificate that ours must pass."""
    rent = np.zeros_like(system.economy.fixed_nj)
    wage, price = np.log(answer.wage_n), np.log(answer.price_jn)
    found = violations(system, wage, rent, price, answer.spending_jn, np.zeros(0))
    return max(float(v.max()) for v in found.values() if v.size)


def loosest(problem: textbook.Problem, system: System, tuning: textbook.Tuning) -> float:
    """The loosest outer tolerance at which the loop's answer passes the certificate."""
    for tolerance in _OUTER:
        if worst(system, textbook.nested_loop(problem, tolerance, tuning)) <= TOLERANCE:
            return tolerance
    raise ArithmeticError(f"The nested loop does not reach a violation of {TOLERANCE:.0e}.")


def gravity_rows(quick: bool) -> Iterator[Row | str]:
    """gegravity on its own one-sector problem, with equal answers."""
    reason = gravity.available()
    if reason:
        yield f"The comparison with gegravity was left out: {reason}"
        return
    data, shock = gravity.invented(), gravity.agreement(gravity.invented())
    size = f"{len(data.names)}×1"
    runs = 2 if quick else 5
    with gravity.quiet():
        released = gravity.baseline(data)
        released.simulate(ge_tolerance=1e-12)
    world = gravity.world_of(released)
    theirs = gravity.theirs(released)
    held = gravity.ours(gravity.held_incomes(world, shock, theirs.relative_price_n))
    with gravity.quiet(), gravity.feedback():
        full = gravity.baseline(data)
        full.simulate(ge_tolerance=1e-12)
    result = solve(world, shock, tolerance=1e-11)
    ours = gravity.ours(result)
    real = np.abs(held.real_output_n - theirs.real_output_n).max()
    price = np.abs(held.relative_price_n - theirs.relative_price_n).max()
    yield (
        f"gegravity as released: its producer prices and real outputs equal détente's to "
        f"{max(real, price):.0e} when factor supply moves inversely to prices, which is what its "
        f"system implies. Its new trade flows then miss its new outputs by up to "
        f"{gravity.clearing_gap(released):.1e}, and its answers the full equilibrium by up to "
        f"{ours.gap(theirs):.1e}."
    )
    same = ours.gap(gravity.theirs(full))
    yield (
        f"gegravity with feedback: real outputs, relative prices and trade shares equal détente's "
        f"to {same:.0e}. Its new trade flows meet its new outputs to "
        f"{gravity.clearing_gap(full):.0e}."
    )
    for label, context in (("as released", gravity.quiet), ("with feedback", gravity.feedback)):
        mine, other = clock(lambda: solve(world, shock, tolerance=TOLERANCE), runs=20)[0], []
        for _ in range(runs):
            with gravity.quiet():
                model = gravity.baseline(data)
            with gravity.quiet(), context():
                begun = time.perf_counter()
                model.simulate()
                other.append(time.perf_counter() - begun)
        yield Row(
            f"gegravity {label}: `simulate()` against `solve()`",
            size,
            mine,
            Timing(tuple(other)),
            solve(world, shock, tolerance=TOLERANCE).certificate.evaluations,
            f"{solve(world, shock, tolerance=TOLERANCE).certificate.largest_violation:.0e}; "
            f"{gravity.clearing_gap(model):.0e}",
        )
    flows = world.trade_jni[0]

    def whole() -> object:
        fresh = gravity.one_good_world(data.names, flows)
        return solve(fresh, shock, tolerance=TOLERANCE).to_frame("trade")

    def their_whole() -> object:
        with gravity.quiet(), gravity.feedback():
            model = gravity.baseline(data)
            model.simulate()
        return model

    mine, other = clock(whole, their_whole, runs=runs)
    yield Row("gegravity with feedback: from data to tables", size, mine, other)


def large_rows(quick: bool) -> Iterator[Row | str]:
    """77 countries × 45 goods under a large embargo."""
    problems = {"Embargo of 31 on one, invented world": worlds.invented_embargo()}
    found = worlds.estimated_embargo()
    if found is None:
        yield "The estimated world of 77×45 was left out: its file is not at hand."
    else:
        problems["Embargo of G7, EU and others on Russia, estimated world"] = found
    for name, (world, shock) in problems.items():
        result = solve(world, shock, tolerance=TOLERANCE)
        (mine,) = clock(lambda w=world, s=shock: solve(w, s, tolerance=TOLERANCE))
        evaluations = result.certificate.evaluations
        yield Row(
            f"{name}, both ways, all goods",
            f"{len(world.countries)}×{len(world.goods)}",
            mine,
            None,
            evaluations,
            f"{result.certificate.largest_violation:.0e}",
            verdict("≤ 150 evaluations", evaluations <= 150),
        )
    if not quick:
        world, shock = list(problems.values())[-1]
        variants = {k: VARIANTS[k] for k in _KEPT_WHEN_LARGE}
        yield from against_loop("The last embargo", world, shock, variants, runs=3)


def stacked_rows(quick: bool) -> Iterator[Row | str]:
    """Regimes of the default case together against one by one, and draws of its parameters."""
    from detente.analysis import Scenarios
    from detente.cases import load_case, shock_of
    from detente.trade import solve_many

    case = load_case("belarus")
    scenarios = Scenarios(case)
    world = scenarios.world
    regime = {m.id for m in case.regime()}
    measures = case.trade_measures
    sets = [regime, *({m.id} for m in measures), *(regime ^ {m.id} for m in measures)]
    shocks = [
        shock_of(case, [m for m in case.measures if m.id in chosen], world, case.date)
        for chosen in sets
    ]
    runs = 2 if quick else 5
    together, apart = clock(
        lambda: solve_many(world, shocks), lambda: [solve(world, s) for s in shocks], runs=runs
    )
    found = solve_many(world, shocks)
    size = f"{len(world.countries)}×{len(world.goods)}"
    yield Row(
        f"{len(shocks)} regimes together: `solve_many` against `solve` one by one",
        size,
        together,
        apart,
        max(e.certificate.evaluations for e in found),
        f"{max(e.certificate.largest_violation for e in found):.0e}",
    )
    yield from draw_rows(quick)


def draw_rows(quick: bool) -> Iterator[Row | str]:
    """Draws of every figure of the default case: stacked, one regime at a time, and from cold."""
    from dataclasses import replace

    from detente.analysis import Extent, Scenarios, answer
    from detente.analysis.figures.drawn import Collector, bands_of
    from detente.analysis.uncertainty.pool import Job
    from detente.analysis.uncertainty.ranges import sample, uncertain_of

    found = answer("belarus", extent=Extent(in_time=False, horizons=(), claims=False), draws=0)
    collect = Collector(found, found.selection)
    guide = found.scenarios
    assert guide is not None
    points = sample(len(uncertain_of(guide.case)), 4, seed=0)
    job = Job(guide, collect, points)

    def one_by_one(scenarios: Scenarios) -> object:
        scenarios.solve_together = lambda sets: None  # type: ignore[method-assign]
        return collect(scenarios)

    looped = replace(job, collect=one_by_one)
    job.draw(0)

    def draws(of: Job, *, guided: bool = True) -> None:
        for k in range(1, 4):
            of.draw(k, guided=guided)

    size = f"{len(found.assessment.world.countries)}×{len(found.assessment.world.goods)}"
    runs = 2 if quick else 5
    stacked_, alone, cold = clock(
        lambda: draws(job),
        lambda: draws(looped, guided=False),
        lambda: draws(job, guided=False),
        runs=runs,
    )
    yield Row(
        "Three draws of the default case, all figures of its date: regimes stacked against one by "
        "one",
        size,
        stacked_,
        alone,
    )
    yield Row(
        "The same stacked: started from central values against from cold", size, stacked_, cold
    )
    if not quick:
        (many,) = clock(lambda: bands_of(found, 500), runs=1, warm_up=0)
        yield Row(
            f"500 draws of the same, {min(2, os.cpu_count() or 1)} processes",
            size,
            many,
            goal=within(many.least, 20, SLACK),
        )


def bundled_rows(quick: bool) -> Iterator[Row | str]:
    """The bundled world and the default case."""
    runs = 3 if quick else 7
    world = detente.load_world("oecd-2020")
    size = f"{len(world.countries)}×{len(world.goods)}"
    loading = fresh_load(runs)
    yield Row(
        '`load_world("oecd-2020")`, first in a process',
        size,
        loading,
        goal=within(loading.least, 0.1, SLACK),
    )
    block = ["EU", "G7"]
    shock = detente.embargo("RUS", block) + detente.embargo(block, "RUS")
    for horizon in ("long", "medium", "short"):
        result = solve(world, shock, horizon)
        (mine,) = clock(lambda h=horizon: solve(world, shock, h), runs=runs)
        yield Row(
            f"Embargo of G7 and EU on Russia, both ways, {horizon} run",
            size,
            mine,
            evaluations=result.certificate.evaluations,
            violation=f"{result.certificate.largest_violation:.0e}",
        )
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "brief.html")
        yield from command_row("`detente --help`, cold start", ["--help"], 0.2, runs)
        yield from command_row(
            "`detente brief belarus`, cold start", ["brief", "belarus", "--out", out], 3.0, runs
        )


def fresh_load(runs: int) -> Timing:
    """Loading the bundled world in fresh processes, imports of NumPy not counted."""
    script = (
        "import time, numpy, detente; t = time.perf_counter(); "
        "detente.load_world('oecd-2020'); print(time.perf_counter() - t)"
    )
    taken = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        for _ in range(runs)
    ]
    return Timing(tuple(float(t.stdout) for t in taken))


def command_row(what: str, arguments: list[str], goal: float, runs: int) -> Iterator[Row | str]:
    """A command of the package from a cold start, by wall time."""
    command = [str(Path(sys.executable).parent / "detente"), *arguments]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    if first.returncode:
        yield f"{what} was left out: it ended with {first.stderr.strip().splitlines()[-1]}"
        return
    run: Callable[[], object] = lambda: subprocess.run(  # noqa: E731
        command, capture_output=True, check=True
    )
    (mine,) = clock(run, runs=runs, warm_up=0)
    yield Row(what, "", mine, goal=within(mine.least, goal, SLACK))


if __name__ == "__main__":
    main()
