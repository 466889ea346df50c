"""Many shocks of one world: the same answers as one by one, however they are split and stored."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from detente.trade import (
    Equilibrium,
    InfeasibleShock,
    Interrupted,
    NotConverged,
    Shock,
    ShockError,
    embargo,
    export_tax,
    iceberg,
    solve,
    solve_many,
    tariff,
)
from detente.trade import _feasibility as feasibility
from detente.trade import _solver as solver
from detente.trade import equilibria as solving
from detente.trade._economy import economy_of
from detente.trade._feasibility import check_deficits, check_suppliers, components
from detente.trade._shock_wedges import wedges
from detente.trade._solution import Solution
from detente.trade.horizons import horizon_named
from detente.trade.routes import carriage, uncongested
from detente.world import UnknownLabel, World, synthetic

# Both are solved to 1e-11; what they differ by is that times the condition of the system.
SAME = 1e-8


def shocks_of(world: World, count: int, seed: int) -> list[Shock]:
    """Regimes that share a large part and differ in a few flows, labelled or as arrays."""
    rng = np.random.default_rng(seed)
    a, b, c = world.countries[:3]
    shared = tariff(a, "*", rate=0.2) + embargo(b, c, leakage=0.05)
    out = []
    for k in range(count):
        i, n = rng.choice(world.countries, 2, replace=False).tolist()
        good = str(rng.choice(world.goods))
        own = (
            iceberg(i, n, good, factor=float(rng.uniform(0.9, 1.5)))
            + tariff(n, i, good, rate=float(rng.uniform(0, 0.4)))
            + export_tax(i, n, good, rate=float(rng.uniform(-0.1, 0.2)))
        )
        if k % 3 == 1:
            cost = np.ones(world.trade_jni.shape)
            cost[world.good(good), world.country(n), world.country(i)] = np.inf
            own += Shock(iceberg_jni=cost)
        out.append(shared + own if k % 4 else own)
    return out


@pytest.mark.parametrize(("horizon", "transfers"), [("long", "fixed"), ("short", "proportional")])
@pytest.mark.parametrize("history", [1, 40_000, solver._HISTORY_BYTES])
def test_together_is_one_by_one(
    horizon: str, transfers: str, history: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one batch, in several on threads, and each on its own."""
    monkeypatch.setattr(solver, "_HISTORY_BYTES", history)
    world = synthetic(6, 4, 11, tariff=0.05, resource_share=0.1)
    shocks = shocks_of(world, 9, 3)
    together = solve_many(world, shocks, horizon, transfers, 1e-11)  # type: ignore[arg-type]
    for one, shock in zip(together, shocks, strict=True):
        alone = solve(world, shock, horizon, transfers, 1e-11)  # type: ignore[arg-type]
        for name in ("real_income_change", "price_change", "share"):
            found, expected = (getattr(x, name).values for x in (one, alone))
            np.testing.assert_allclose(found, expected, rtol=0, atol=SAME)
        assert one.certificate.largest_violation <= 1e-11


def test_the_quick_check_lets_nothing_pass_that_the_full_one_refuses() -> None:
    found = {"quick": 0, "full": 0, "refused": 0}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        world = synthetic(4, 2, seed, zeros=0.5)
        economy = economy_of(world, horizon_named("long"))
        shock = Shock()
        for _ in range(int(rng.integers(1, 7))):
            i, n = rng.choice(world.countries, 2, replace=False).tolist()
            shock += embargo(i, n, str(rng.choice([*world.goods, "*"])))
        change = wedges(world, economy, shock)
        carried = economy.share_jni * carriage(economy, change, uncongested(change)).carry_jni
        labels = (world.countries, world.goods)
        try:
            check_suppliers(economy, carried, *labels)
            expected = components(carried, economy.spending_jn)
            check_deficits(economy, carried, change, "fixed", expected, world.countries)
        except InfeasibleShock:
            found["refused"] += 1
            with pytest.raises(InfeasibleShock):
                feasibility.trading_components(economy, change, "fixed", *labels)
            continue
        now = feasibility.trading_components(economy, change, "fixed", *labels)
        np.testing.assert_array_equal(now, expected)
        quick = economy.linked and not feasibility._cuts(economy, change)
        found["quick" if quick else "full"] += 1
    assert min(found.values()) >= 3


def test_what_one_shock_states_and_another_leaves_alone_is_no_difference() -> None:
    """A factor of 1 is no change: its cell may be missing in the others."""
    world = synthetic(4, 2, 7, zeros=0.0)
    a, b, c, d = world.countries
    first, second = world.goods
    for stated in (iceberg(d, b, second, factor=1.0), iceberg(a, b, first, factor=1.0)):
        shocks = [stated + iceberg(c, d, second, factor=1.3), iceberg(a, b, second, factor=2.0)]
        for one, shock in zip(solve_many(world, shocks), shocks, strict=True):
            alone = solve(world, shock).real_income_change.values
            np.testing.assert_allclose(one.real_income_change.values, alone, rtol=0, atol=SAME)


def _extra(world: World, shocks: list[Shock]) -> int:
    """Bytes at the peak of a call beyond those that its answers keep."""
    gc.collect()
    tracemalloc.start()
    try:
        answers = solve_many(world, shocks)
        gc.collect()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(answers) == len(shocks)
    return peak - kept


def test_memory_beside_the_answers_does_not_grow_with_the_number_of_shocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "_HISTORY_BYTES", 100_000)
    monkeypatch.setattr(solver, "_processors", lambda: 1)
    world = synthetic(10, 4, 3)
    shocks = [
        iceberg("C001", world.countries[1 + k % 9], factor=1.1 + 0.001 * k) for k in range(96)
    ]
    few, many = _extra(world, shocks[:24]), _extra(world, shocks)
    # Four times as many batches of 12; only a few numbers about each shock may come on top.
    assert many <= 1.25 * few


def test_shocks_without_an_equilibrium_leave_the_others_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = synthetic(5, 2, 7, zeros=0.0)
    a, b = world.countries[:2]
    good = [tariff(a, b, rate=0.1 * k) for k in range(1, 4)]
    alone = embargo(a, "*") + embargo("*", a)
    shocks = [good[0], alone, good[1], tariff(a, "C0O1", rate=0.1), good[2]]
    parts: list[tuple[int, int]] = []
    batch = solve_many(
        world, shocks, keep_going=True, progress=lambda done, of: parts.append((done, of))
    )
    assert sorted(batch.reasons) == [1, 3]
    assert isinstance(batch.reasons[1], InfeasibleShock)
    assert isinstance(batch.reasons[3], UnknownLabel)
    assert [e is None for e in batch.equilibria] == [False, True, False, True, False]
    assert not batch.interrupted
    assert "3 of 5 shocks have an equilibrium. 2 have none; shock 1: " in batch.sentence
    assert parts[-1] == (5, 5)
    with pytest.raises(InfeasibleShock, match="cut off") as caught:
        solve_many(world, shocks)
    assert caught.value.finished == {}
    assert caught.value.__notes__ == ["This is shock 1 of 5, counted from 0."]

    def stalls(*_: object, **__: object) -> None:
        raise NotConverged("Stalled.")

    # Arrays full of changes are solved alone.
    full = Shock(iceberg_jni=np.where(np.eye(5, dtype=bool), 1.0, 1.1))
    monkeypatch.setattr(solving, "equilibrate", stalls)
    with pytest.raises(NotConverged) as stalled:
        solve_many(world, [good[0], full, good[1]])
    assert sorted(stalled.value.finished) == [0, 2]
    kept = solve_many(world, [good[0], full, good[1]], keep_going=True)
    assert list(kept.reasons) == [1]


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_keeps_what_is_solved(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_HISTORY_BYTES", 1)
    monkeypatch.setattr(solver, "_processors", lambda: threads)
    world = synthetic(4, 2, 7, zeros=0.0)
    shocks = [tariff("C001", "C002", rate=0.01 * k) for k in range(1, 41)]

    def stop(done: int, of: int) -> None:
        assert of == 40
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="Interrupted: ") as caught:
        solve_many(world, shocks, progress=stop)
    finished = caught.value.finished
    assert 3 <= len(finished) < 40
    expected = solve(world, shocks[0]).real_income_change.values
    np.testing.assert_allclose(finished[0].real_income_change.values, expected, atol=SAME)
    batch = solve_many(world, shocks, progress=stop, keep_going=True)
    assert batch.interrupted
    assert 3 <= sum(e is not None for e in batch.equilibria) < 40
    assert "had no turn before the interruption" in batch.sentence


def test_starts_are_one_a_shock() -> None:
    world = synthetic(4, 2, 7, zeros=0.0)
    shocks = [tariff("C001", "C002", rate=r) for r in (0.1, 0.2)]
    with pytest.raises(ShockError, match="1 equilibria to start from for 2 shocks"):
        solve_many(world, shocks, start=[solve(world)])


@pytest.mark.parametrize("together", [True, False])
def test_a_watch_is_asked_before_each_evaluation_and_ends_the_search(together: bool) -> None:
    world = synthetic(6, 4, 11, tariff=0.05)
    shocks = shocks_of(world, 3, 2)[1:2]
    seen: list[int] = []

    class Enough(Exception):
        pass

    def search(watch: Callable[[], None]) -> Equilibrium:
        if together:
            start = [solve(world)]
            return solve_many(world, shocks, start=start, watch=watch)[0]
        return solve(world, shocks[0], watch=watch)

    found = search(lambda: seen.append(1))
    # The certificate takes one more evaluation, after the search.
    assert len(seen) == found.certificate.evaluations - 1

    def enough() -> None:
        seen.append(1)
        if len(seen) == 3:
            raise Enough

    seen.clear()
    with pytest.raises(Enough):
        search(enough)
    assert len(seen) == 3


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interruption_passes_on_what_is_being_solved_and_no_more(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "_HISTORY_BYTES", 1)
    monkeypatch.setattr(solver, "_processors", lambda: threads)
    world = synthetic(4, 2, 7, zeros=0.0)
    economy = economy_of(world, horizon_named("long"))
    changes = [wedges(world, economy, tariff("C001", "C002", rate=0.01 * k)) for k in range(30)]
    found: dict[int, Solution] = {}
    told: list[int] = []

    def stop() -> None:
        told.append(len(found))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solver.equilibrate_many(
            economy,
            changes,
            done=lambda rows, solutions: found.update(zip(rows.tolist(), solutions, strict=True)),
            report_progress=stop,
        )
    assert told == [1, 2]
    # Those under way are finished, one a thread at most besides those that were done in between.
    assert 2 <= len(found) < 30
    assert all(s.certificate.status == "converged" for s in found.values())
    every: dict[int, Solution] = {}
    solver.equilibrate_many(
        economy,
        changes,
        done=lambda rows, solutions: every.update(zip(rows.tolist(), solutions, strict=True)),
        report_progress=lambda: None,
    )
    assert sorted(every) == list(range(30))
    for k, one in found.items():
        np.testing.assert_allclose(one.log_wage_n, every[k].log_wage_n, atol=SAME)


def test_batches_hold_as_much_history_as_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One batch if all fit; else as many for each processor, and never more than shocks."""
    monkeypatch.setattr(solver, "_processors", lambda: 2)
    monkeypatch.setattr(solver, "_HISTORY_BYTES", 10 * 2 * solver._MEMORY * 4 * 50)
    assert [solver._batches(n, 50) for n in (1, 10, 11, 20, 21, 40, 41)] == [1, 1, 2, 2, 4, 4, 6]
    assert solver._batches(3, 10**9) == 3
    assert solver._batches(1, 10**9) == 1
