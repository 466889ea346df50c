"""Rows of the benchmark on many shocks of one world and on gradients."""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

import worlds
from detente.trade import (
    Equilibrium,
    Gradient,
    Shock,
    gradient,
    gradients,
    productivity,
    solve,
    solve_many,
)
from detente.world import World
from measure import Row, Timing, clock, verdict

SCENARIOS = 64
_SHARE = 0.02
_STEP = 1e-4
_EQUAL = 1e-8


def scenarios(world: World, count: int = SCENARIOS) -> list[Shock]:
    """Invented shocks: each moves up to 2 % of all costs, half of them as embargoes that leak."""
    out = []
    shape = world.trade_jni.shape
    home = np.eye(shape[1], dtype=bool)
    for k in range(count):
        rng = np.random.default_rng(k)
        moved = rng.random(shape) < _SHARE * rng.random()
        factor = np.where(moved, 1 + rng.random(shape), 1.0)
        factor[moved & (rng.random(shape) < 0.5) & ~home] = np.inf
        out.append(Shock(iceberg_jni=factor, leakage_jni=0.01))
    return out


def batch_rows(quick: bool) -> Iterator[Row | str]:
    """64 shocks of one world of 77×45 together and one by one."""
    found = worlds.estimated_embargo()
    world = worlds.invented_embargo()[0] if found is None else found[0]
    shocks = scenarios(world, 16 if quick else SCENARIOS)
    some = shocks[:16]
    together, apart = clock(
        lambda: solve_many(world, shocks),
        lambda: [solve(world, s) for s in some],
        runs=2 if quick else 3,
    )
    apart = Timing(tuple(t * len(shocks) / len(some) for t in apart.seconds))
    answers = solve_many(world, shocks)
    size = f"{len(world.countries)}×{len(world.goods)}"
    yield Row(
        f"{len(shocks)} shocks, up to 2 % of the wedges each: `solve_many` against `solve` one by "
        f"one (16 timed)",
        size,
        together,
        apart,
        max(a.certificate.evaluations for a in answers),
        f"{max(a.certificate.largest_violation for a in answers):.0e}",
        verdict("≥ 2.5", apart.least >= 2.5 * together.least),
    )
    yield _compared(world, shocks, answers)
    yield (
        f"Batches run on as many threads as there are processors, here {_processors()}, each with "
        f"one thread for linear algebra."
    )
    yield _memory(world, shocks)
    yield _products(world, shocks)


def _compared(world: World, shocks: list[Shock], answers: list[Equilibrium]) -> str:
    """Every shock again, alone: how far the two are apart."""
    gaps = dict.fromkeys(("real incomes", "wages", "delivered prices", "spending"), 0.0)
    for together, shock in zip(answers, shocks, strict=True):
        alone = solve(world, shock)
        a, b = together.solution, alone.solution
        spent = world.spending_jn > 0
        pairs = (
            (together.log_welfare_n, alone.log_welfare_n),
            (a.log_wage_n, b.log_wage_n),
            (a.log_price_jn[spent], b.log_price_jn[spent]),
            (np.log(a.spending_jn[spent]), np.log(b.spending_jn[spent])),
        )
        for name, (x, y) in zip(gaps, pairs, strict=True):
            gaps[name] = max(gaps[name], float(np.abs(x - y).max()))
    listed = ", ".join(f"{name} {gap:.0e}" for name, gap in gaps.items())
    equal = verdict("equal to 1e-8", max(gaps.values()) <= _EQUAL)
    return (
        f"Largest relative difference between the two over all {len(shocks)} shocks, countries and "
        f"goods: {listed}. {equal}."
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory(world: World, shocks: list[Shock]) -> str:
    """What a call needs beyond its answers, at one and at four times the number of shocks."""
    # The arrays of the shocks are large; those four times over share them.
    moved = [1 + 1e-3 * k for k in range(4)]
    more = [s + productivity(world.countries[0], factor=f) for f in moved for s in shocks]
    # On one thread, as it is chance how many threads are at their peak at once.
    with _one_processor():
        (kept, few), (all_kept, many) = (_peak(world, some) for some in (more[: len(shocks)], more))
    J, N = world.spending_jn.shape
    return (
        f"Memory on one thread: {few:.0f} MiB while {len(shocks)} shocks are solved beyond the "
        f"{kept:.0f} MiB that their answers keep, {many:.0f} MiB beyond {all_kept:.0f} MiB with "
        f"{len(more)} shocks ({N + 2 * J * N:,} unknowns each). Every further thread holds one "
        f"more batch. {verdict('bounded, at most a tenth more', many <= 1.1 * few)}."
    )


def _peak(world: World, shocks: list[Shock]) -> tuple[float, float]:
    """MiB that the answers keep, and at the peak beyond them."""
    gc.collect()
    tracemalloc.start()
    answers = solve_many(world, shocks)
    gc.collect()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(answers) == len(shocks)
    return kept / 2**20, (peak - kept) / 2**20


@contextmanager
def _one_processor() -> Iterator[bool]:
    """This process on one processor, where the system lets it choose."""
    if not hasattr(os, "sched_setaffinity"):
        yield _processors() == 1
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, before)


def _products(world: World, shocks: list[Shock]) -> str:
    """How much of a batch's time the same products alone would take, both on one thread."""
    answers = solve_many(world, shocks)
    batch = answers[0].solution.together
    economy, width = batch.economy, len(batch.wedges)
    J, N = economy.shape
    x = np.random.default_rng(0).random((J, N, width))
    inputs = np.ascontiguousarray(economy.input_share_nkj.transpose(0, 2, 1))
    by_country = np.ascontiguousarray(x.transpose(1, 0, 2))

    def once() -> None:
        batch.carried.to_markets(x)
        batch.landed.to_origins(x)
        np.matmul(inputs, by_country)
        np.matmul(economy.input_share_nkj, by_country)

    with _one_processor() as alone:
        timing, taken = clock(
            lambda: [once() for _ in range(20)], lambda: solve_many(world, shocks), runs=3
        )
    if not alone:
        return "Matrix products: not timed, as this system offers no way to use one thread only."
    product = timing.least / 20
    rounds = sum(a.certificate.evaluations for a in answers) / width
    flops = 2 * width * (2 * J * N * N + 2 * N * J * J)
    return (
        f"Matrix products: {1e3 * product:.2f} ms an evaluation of {width} shocks "
        f"({flops / product / 1e9:.0f} GFlop/s with the single cells that differ), "
        f"{100 * product * rounds / taken.least:.0f} % of the {taken.least:.2f} s that the "
        f"{len(shocks)} shocks take on one thread. What remains is exponentials, memory traffic of "
        f"the accelerator, and preparing and certifying each shock."
    )


def gradient_rows(quick: bool) -> Iterator[Row | str]:
    """A gradient by every wedge against one solve, and against differences."""
    problems = {"Embargo of 31 on one, invented world": worlds.invented_embargo()}
    found = worlds.estimated_embargo()
    if found is not None:
        problems["Embargo of G7, EU and others on Russia, estimated world"] = found
    for name, (world, shock) in problems.items():
        yield from _gradient(name, world, shock, runs=3 if quick else 7)


def _gradient(name: str, world: World, shock: Shock, runs: int) -> Iterator[Row | str]:
    country = world.countries[int(np.argsort(-world.income_n)[5])]
    result = solve(world, shock)

    def whole() -> object:
        g = gradient(result, country)
        parts = (g.iceberg_jni, g.tariff_jni, g.export_tax_jni, g.productivity_nj)
        return *parts, g.labour_n, g.transfer_n, g.trade_elasticity_j, *_substitution(g)

    adjoint, one = clock(whole, lambda: solve(world, shock), runs=runs)
    g = gradient(result, country)
    cells = int(np.isfinite(g.iceberg_jni.values).sum())
    per_wedge = Timing(tuple(t * cells for t in one.seconds))
    size = f"{len(world.countries)}×{len(world.goods)}"
    yield Row(
        f"{name}: gradient of one country's real income by every wedge, tax, endowment and "
        f"elasticity, against one solve",
        size,
        adjoint,
        one,
        g.products,
        f"{g.residual:.0e}",
        verdict("value and gradient ≤ 3 solves", adjoint.least + one.least <= 3 * one.least),
    )
    yield Row(
        f"{name}: the same against one-sided differences over all {cells:,} open cost wedges "
        f"alone, extrapolated from one solve",
        size,
        adjoint,
        per_wedge,
    )
    few = list(world.countries[:8])
    eight, _ = clock(lambda: gradients(result, few), lambda: None, runs=2)
    yield Row(f"{name}: eight countries' gradients together, as vectors", size, eight)
    yield f"{name}: {_checked(world, shock, g, country)}"


def _substitution(g: Gradient) -> tuple[object, ...]:
    return g.input_substitution_j, g.final_substitution_n, g.route_elasticity_g


def _checked(world: World, shock: Shock, g: Gradient, country: str) -> str:
    """The five largest derivatives by delivered cost against central differences."""
    begun = time.perf_counter()
    value = np.nan_to_num(g.iceberg_jni.values)
    worst = 0.0
    for at in np.argsort(-np.abs(value), axis=None)[:5]:
        j, n, i = np.unravel_index(at, value.shape)
        ends = []
        for step in (-_STEP, _STEP):
            factor = np.ones(value.shape)
            factor[j, n, i] = np.exp(step)
            moved = solve(world, shock + Shock(iceberg_jni=factor), tolerance=1e-12)
            ends.append(moved.equivalent_variation[country])
        difference = (ends[1] - ends[0]) / (2 * _STEP)
        worst = max(worst, abs(difference - value[j, n, i]) / abs(difference))
    return (
        f"the five largest derivatives by delivered cost equal central differences of solves to "
        f"{worst:.0e}, relative (10 solves, {time.perf_counter() - begun:.1f} s)."
    )
