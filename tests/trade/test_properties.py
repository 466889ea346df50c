"""What must hold in every world: homogeneity, Walras, relabelling, limits, embargo and lifting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.trade import (
    Horizon,
    Shock,
    capacity,
    embargo,
    exact,
    export_tax,
    iceberg,
    labour,
    productivity,
    solve,
    tariff,
    transfer,
)
from detente.trade.certificate import violations
from detente.world import World, synthetic

quick = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
HORIZONS = st.sampled_from(["long", "medium", "short"])
SEEDS = st.integers(0, 10_000)
# Two solves to a tolerance of 1e-11 differ by that times the condition of the system.
SAME = 1e-8


def world_of(seed: int, countries: int = 5, goods: int = 3) -> World:
    return synthetic(
        countries, goods, seed, tariff=0.08 * (seed % 2), zeros=0.05, resource_share=0.2
    )


def some_shock(world: World, seed: int) -> Shock:
    """A bit of everything, as a seed decides."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.choice(world.countries, 3, replace=False).tolist()
    good = str(rng.choice(world.goods))
    shock = embargo(a, b, good, leakage=0.01) + iceberg(b, c, factor=float(rng.uniform(1, 1.5)))
    shock += tariff(c, a, good, rate=float(rng.uniform(0, 0.5)))
    shock += export_tax(b, a, good, rate=float(rng.uniform(-0.1, 0.3)))
    shock += productivity(c, good, factor=float(rng.uniform(0.8, 1.2)))
    shock += labour(a, factor=1.05) + capacity(b, factor=0.9)
    return shock + transfer(a, c, amount=float(1e-3 * world.income_n.min()))


def solved(world: World, shock: Shock, horizon: str = "long", transfers: str = "fixed"):  # type: ignore[no-untyped-def]
    return solve(world, shock, horizon, transfers, 1e-11)  # type: ignore[arg-type]


@quick
@given(SEEDS, HORIZONS, st.sampled_from(["fixed", "proportional"]))
def test_no_shock_is_no_change(seed: int, horizon: str, transfers: str) -> None:
    result = solved(world_of(seed), Shock(), horizon, transfers)
    assert np.abs(result.real_income_change.values).max() < 1e-10
    assert np.abs(result.price_change.values).max() < 1e-9


@quick
@given(SEEDS, HORIZONS)
def test_every_market_budget_and_balance_holds(seed: int, horizon: str) -> None:
    """Walras' law: the conditions that the solver never looks at hold with the others."""
    world = world_of(seed)
    s = solved(world, some_shock(world, seed), horizon).solution
    gaps = violations(
        s.system,
        s.log_wage_n,
        s.log_rent_nj,
        s.log_price_jn,
        s.spending_jn,
        s.log_congestion_q,
    )
    assert {name: v.max() for name, v in gaps.items() if v.max(initial=0) > 1e-10} == {}


@quick
@given(SEEDS, st.floats(1e-3, 1e3))
def test_units_of_money_do_not_matter(seed: int, unit: float) -> None:
    world = world_of(seed)
    # Without the transfer, whose amount is money.
    shock = replace(some_shock(world, seed), changes=some_shock(world, seed).changes[:-1])
    money = ("trade_jni", "intermediate_nkj", "final_nj", "labour_nj", "capital_nj", "resource_nj")
    scaled = replace(world, **{k: unit * getattr(world, k) for k in money})
    a, b = solved(world, shock), solved(scaled, shock)
    np.testing.assert_allclose(b.real_income_change.values, a.real_income_change.values, atol=SAME)
    np.testing.assert_allclose(
        b.equivalent_variation.values,
        unit * a.equivalent_variation.values,
        rtol=1e-6,
        atol=SAME * unit * world.income_n.max(),
    )


@quick
@given(SEEDS, HORIZONS)
def test_relabelling_permutes(seed: int, horizon: str) -> None:
    world = world_of(seed)
    n = np.random.default_rng(seed).permutation(len(world.countries))
    j = np.random.default_rng(seed + 1).permutation(len(world.goods))
    moved = replace(
        world,
        countries=tuple(world.countries[k] for k in n),
        goods=tuple(world.goods[k] for k in j),
        trade_jni=world.trade_jni[np.ix_(j, n, n)],
        tariff_jni=world.tariff_jni[np.ix_(j, n, n)],
        export_tax_jni=world.export_tax_jni[np.ix_(j, n, n)],
        intermediate_nkj=world.intermediate_nkj[np.ix_(n, j, j)],
        final_nj=world.final_nj[np.ix_(n, j)],
        labour_nj=world.labour_nj[np.ix_(n, j)],
        capital_nj=world.capital_nj[np.ix_(n, j)],
        resource_nj=world.resource_nj[np.ix_(n, j)],
        trade_elasticity_j=world.trade_elasticity_j[j],
        input_substitution_j=world.input_substitution_j[j],
        final_substitution_n=world.final_substitution_n[n],
    )
    shock = some_shock(world, seed)
    a, b = solved(world, shock, horizon), solved(moved, shock, horizon)
    np.testing.assert_allclose(
        b.real_income_change.values, a.real_income_change.values[n], atol=SAME
    )


@quick
@given(SEEDS, HORIZONS)
def test_two_halves_of_a_country_fare_as_the_whole(seed: int, horizon: str) -> None:
    world = world_of(seed)
    N = len(world.countries)
    # The first country becomes two equal ones: each flow to, from and within it is shared evenly.
    of = np.array([0, *range(N)])
    part = np.where(of == 0, 0.5, 1.0)
    # A half has half the resource and labour, and its own market power: only size is split.
    halves = replace(
        world,
        countries=("X01", *world.countries),
        trade_jni=world.trade_jni[:, of][:, :, of] * part[:, None] * part,
        tariff_jni=world.tariff_jni[:, of][:, :, of],
        export_tax_jni=world.export_tax_jni[:, of][:, :, of],
        intermediate_nkj=world.intermediate_nkj[of] * part[:, None, None],
        final_nj=world.final_nj[of] * part[:, None],
        labour_nj=world.labour_nj[of] * part[:, None],
        capital_nj=world.capital_nj[of] * part[:, None],
        resource_nj=world.resource_nj[of] * part[:, None],
        final_substitution_n=world.final_substitution_n[of],
    )
    others = world.countries[1:4]
    shock = tariff(others[0], others[1], rate=0.3) + embargo(others[2], others[1], world.goods[0])
    a, b = solved(world, shock, horizon), solved(halves, shock, horizon)
    np.testing.assert_allclose(
        b.real_income_change.values, a.real_income_change.values[of], atol=SAME
    )


@quick
@given(SEEDS, HORIZONS)
def test_an_embargo_is_the_limit_of_growing_iceberg_costs(seed: int, horizon: str) -> None:
    world = world_of(seed)
    a, b = world.countries[0], world.countries[1]
    goal = solved(world, embargo(a, b), horizon).real_income_change.values
    gap = [
        np.abs(
            solved(world, iceberg(a, b, factor=f), horizon).real_income_change.values - goal
        ).max()
        for f in (10.0, 1e3, 1e9)
    ]
    assert gap[0] >= gap[1] >= gap[2] - SAME
    assert gap[2] < 1e-6


@quick
@given(SEEDS)
def test_embargo_then_lifting_it_is_identity(seed: int) -> None:
    """With a leakage there is a flow left to grow from; lifting is the inverse factor."""
    world = world_of(seed)
    a, b = world.countries[1], world.countries[2]
    leakage = 0.05
    closed = solved(world, embargo(a, b, world.goods[0], leakage=leakage)).as_world()
    theta = closed.trade_elasticity_j[0]
    lifted = solved(closed, iceberg(a, b, world.goods[0], factor=leakage ** (1 / theta)))
    np.testing.assert_allclose(lifted.trade_value.values, world.trade_jni, rtol=1e-6, atol=1e-3)


@quick
@given(SEEDS, st.sampled_from([1e-3, 1e-6, -1e-3, -1e-6]))
def test_cobb_douglas_is_the_limit_from_both_sides(seed: int, off: float) -> None:
    world = world_of(seed)
    shock = some_shock(world, seed)
    near = replace(
        world,
        input_substitution_j=np.full(3, 1 + off),
        final_substitution_n=np.full(5, 1 + off),
    )
    loose = Horizon("long", "", 1.0, 2.0, 0.3)
    exactly = solve(world, shock, loose, "fixed", 1e-11).real_income_change.values
    almost = solve(near, shock, loose, "fixed", 1e-11).real_income_change.values
    # The difference vanishes in proportion to ε − 1; nothing blows up on the way.
    assert np.abs(almost - exactly).max() < 2 * abs(off) + SAME


@quick
@given(SEEDS, HORIZONS)
def test_exact_decomposition_sums_to_the_exact_change(seed: int, horizon: str) -> None:
    world = world_of(seed, countries=4, goods=2)
    result = solve(world, some_shock(world, seed), horizon, "fixed", 1e-11)
    parts = exact(result, tolerance=1e-6)
    np.testing.assert_allclose(
        parts.total.values, result.real_income_change.values, rtol=0, atol=1e-12
    )
    scale = np.abs(result.real_income_change.values).max()
    assert np.abs(parts.closure.values).max() <= 2e-6 * scale


@quick
@given(SEEDS)
def test_leakage_of_one_is_no_embargo(seed: int) -> None:
    world = world_of(seed)
    result = solved(world, embargo("C001", "*", leakage=1.0))
    assert np.abs(result.real_income_change.values).max() < SAME


def test_a_third_country_gains_and_the_loss_grows_with_the_coalition() -> None:
    world = replace(synthetic(8, 2, 5, zeros=0.0), trade_elasticity_j=np.full(2, 5.0))
    target = "C001"
    losses = []
    members: list[str] = []
    for member in world.countries[1:6]:
        members.append(member)
        result = solved(world, embargo(target, members))
        losses.append(-result.real_income_change[target])
    assert np.all(np.diff([0.0, *losses]) > 0)
    outside = [c for c in world.countries if c != target and c not in members]
    assert max(result.real_income_change[c] for c in outside) > 0


@pytest.mark.parametrize("horizon", ["long", "medium", "short"])
def test_a_start_from_a_neighbour_changes_nothing_but_the_speed(horizon: str) -> None:
    world = world_of(3, 12, 6)
    near = solve(world, embargo("C001", "C002"), horizon, tolerance=1e-11)
    shock = embargo("C001", ["C002", "C003"])
    cold = solve(world, shock, horizon, tolerance=1e-11)
    warm = solve(world, shock, horizon, tolerance=1e-11, start=near)
    np.testing.assert_allclose(
        warm.real_income_change.values, cold.real_income_change.values, atol=SAME
    )
