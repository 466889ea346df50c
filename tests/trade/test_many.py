"""Many shocks of one world: the same answers as one by one, however they are split and stored."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detente.trade import (
    Equilibrium,
    InfeasibleShock,
    Shock,
    embargo,
    export_tax,
    feasibility,
    iceberg,
    solve,
    solve_many,
    solver,
    tariff,
)
from detente.trade.economy import economy_of
from detente.trade.feasibility import check_deficits, check_suppliers, components
from detente.trade.horizon import horizon_named
from detente.trade.routes import carriage, uncrowded
from detente.trade.wedges import wedges
from detente.world import World, synthetic

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
        carried = economy.share_jni * carriage(economy, change, uncrowded(change)).carry_jni
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
