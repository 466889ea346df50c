"""Far from the base year: digits that are kept, limits that are right, points that are refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np
import pytest

from detente.cases import load_case, world_of
from detente.trade import (
    Horizon,
    Route,
    RouteChoice,
    Shock,
    ShockError,
    capacity,
    embargo,
    horizon_named,
    iceberg,
    labour,
    productivity,
    solve,
)
from detente.trade.certificate import violations
from detente.world import World, WorldError, synthetic

#: Nothing is bounded by this horizon.
OPEN = Horizon("open", "", 1.0, 99.0, 0.0)


def world(input_substitution: float, final_substitution: float) -> World:
    return replace(
        synthetic(4, 3, 2, zeros=0.0),
        input_substitution_j=np.full(3, input_substitution),
        final_substitution_n=np.full(4, final_substitution),
    )


def log_index(shares: Iterable[float], logs: Iterable[float], power: float) -> float:
    """log(Σ s p^q) / q, or Σ s log p, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        q = Decimal(power)
        pairs = [(Decimal(float(s)), Decimal(float(p))) for s, p in zip(shares, logs, strict=True)]
        if not power:
            return float(sum(s * p for s, p in pairs))
        return float(sum(s * (q * p).exp() for s, p in pairs).ln() / q)  # type: ignore[union-attr]


@pytest.mark.parametrize("factor", [0.1, 0.02, 50.0])
@pytest.mark.parametrize("final", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("inputs", [1.0, 1.5, 3.0])
def test_price_indices_keep_their_digits(inputs: float, final: float, factor: float) -> None:
    if factor > 1 and inputs > 1:
        # Inputs that replace labour entirely leave nothing that is scarce.
        factor = 1.05
    result = solve(world(inputs, final), productivity("*", factor=factor), OPEN, tolerance=1e-12)
    s = result.solution
    eco = s.system.economy
    for n in range(4):
        expected = log_index(eco.final_share_nj[n], s.log_price_jn[:, n], 1 - final)
        assert s.point.log_final_price_n[n] == pytest.approx(expected, abs=1e-12)
        for j in range(3):
            shares = [*eco.input_share_nkj[n, :, j], eco.labour_share_nj[n, j]]
            logs = [*s.log_price_jn[:, n], s.log_wage_n[n]]
            expected = log_index(shares, logs, 1 - inputs) - np.log(factor)
            assert s.point.log_cost_jn[j, n] == pytest.approx(expected, abs=2e-12)


@pytest.mark.parametrize("final", [1.0, 1 + 1e-6, 5.0])
def test_the_certificate_checks_the_final_price_index(final: float) -> None:
    result = solve(world(1.0, final), productivity("*", factor=0.02), tolerance=1e-12)
    s = result.solution
    parts = (s.log_wage_n, s.log_rent_nj, s.log_price_jn, s.spending_jn, s.log_congestion_q)
    right = violations(s.system, *parts, s.point.log_final_price_n)
    assert right["final prices"].max() < 1e-12
    bent = violations(s.system, *parts, s.point.log_final_price_n + np.array([0, 2e-5, 0, 0]))
    np.testing.assert_allclose(bent["final prices"], [0, 2e-5, 0, 0], rtol=1e-3, atol=1e-12)
    assert "final prices" not in violations(s.system, *parts)


def test_a_good_that_became_a_million_times_dearer_drops_out() -> None:
    base = world(1.0, 5.0)
    result = solve(base, productivity("*", base.goods[0], factor=1e-6), tolerance=1e-12)
    assert result.certificate.status == "converged"
    other = solve(base, productivity("*", base.goods[0], factor=1e-9), horizon_named("long"))
    assert np.isfinite(other.log_welfare_n).all()


def test_a_wage_of_nothing_is_no_equilibrium() -> None:
    """With complements three times the labour earns next to nothing, but not nothing."""
    base = synthetic(3, 2, 0, zeros=0.0)
    rigid = Horizon("rigid", "", 1.0, 0.01, 1.0)
    result = solve(base, labour("C001", factor=3.0), rigid)
    s = result.solution
    assert -120 < s.log_wage_n[0] < -100
    # What is wanted at that wage is what there is, in logs of quantities.
    eco, w = s.system.economy, s.log_wage_n[0]
    share = np.log(eco.labour_share_nj[0]) + 0.99 * (w - s.point.log_cost_jn[:, 0])
    wanted = np.exp(share - w) @ s.point.sales_jn[:, 0]
    assert wanted == pytest.approx(3 * eco.labour_n[0], rel=1e-7)
    rest = (s.log_rent_nj, s.log_price_jn, s.spending_jn, s.log_congestion_q)
    for lower in (-300.0, -700.0, -1e4):
        wage = s.log_wage_n.copy()
        wage[0] = lower
        assert violations(s.system, wage, *rest)["labour"][0] > 0.5
    rent = s.log_rent_nj.copy()
    rent[0, 0] = -1e4
    bent = violations(s.system, s.log_wage_n, rent, *rest[1:])
    assert bent["fixed factors"][0, 0] == np.inf


@pytest.mark.parametrize("seed", [0, 1])
def test_a_final_use_of_nothing_leaves_a_base_year(seed: int) -> None:
    base = synthetic(4, 3, seed, zeros=0.2, resource_share=0.2 * seed)
    base = replace(base, final_substitution_n=np.full(4, 6.0), input_substitution_j=np.ones(3))
    result = solve(base, productivity("*", base.goods[0], factor=1e-4), OPEN, "proportional")
    after = result.as_world()
    assert after.final_nj.min() >= 0
    assert np.abs(solve(after, horizon=OPEN).log_welfare_n).max() < 1e-9
    np.testing.assert_allclose(after.spending_jn, result.solution.spending_jn, rtol=1e-8)


@pytest.mark.filterwarnings("error")
def test_a_base_year_is_made_where_a_good_is_neither_made_nor_bought() -> None:
    world = world_of(load_case("belarus"))
    nothing = (world.spending_jn.T <= 0) & (world.intermediate_nkj.sum(axis=2) <= 0)
    assert nothing.any(), "the world has cells without spending and inputs"
    again = solve(world, transfers="zero").as_world()
    assert np.isfinite(again.intermediate_nkj).all()


@pytest.mark.filterwarnings("error")
def test_extreme_costs_are_their_limit_or_refused() -> None:
    base = synthetic(4, 2, 7, zeros=0.0)
    ban = solve(base, embargo("C001", "C002"), tolerance=1e-11)
    whole = np.ones((2, 4, 4))
    whole[:, 1, 0] = 1e300
    for shock in (iceberg("C001", "C002", factor=1e300), Shock(iceberg_jni=whole)):
        far = solve(base, shock, tolerance=1e-11)
        np.testing.assert_allclose(far.log_welfare_n, ban.log_welfare_n, atol=1e-10)
    with pytest.raises(ShockError, match=r"C001 to C002 .* all but free"):
        solve(base, iceberg("C001", "C002", factor=1e-300))
    whole[0, 1, 0] = 1e-300
    with pytest.raises(ShockError, match=r"iceberg_jni .*1e-300"):
        solve(base, Shock(iceberg_jni=whole))

    def route(cost: float) -> Shock:
        routes = (Route("a", 0.5, cost=cost), Route("b", 0.5))
        return Shock(route_choices=(RouteChoice("G01", "C001", ("C002",), routes, 6.0),))

    dear, shut = (solve(base, route(c), tolerance=1e-11) for c in (1e300, float("inf")))
    np.testing.assert_allclose(dear.log_welfare_n, shut.log_welfare_n, atol=1e-10)
    with pytest.raises(ShockError, match="cost factor of a is 1e-300"):
        solve(base, route(1e-300))


def test_a_country_that_earns_nothing_is_refused() -> None:
    base = synthetic(3, 2, 0, zeros=0.0)
    idle = np.arange(3)[:, None] == 1
    sold = base.sales_jn[:, 1]
    inputs = base.intermediate_nkj.copy()
    # All that C002 sells pays for inputs, which its households did not buy.
    scale = sold / inputs[1].sum(axis=0)
    inputs[1] *= scale
    final = base.final_nj.copy()
    final[1] = base.spending_jn[:, 1] - inputs[1].sum(axis=1)
    with pytest.raises(WorldError) as caught:
        replace(
            base,
            intermediate_nkj=inputs,
            final_nj=np.maximum(final, 0),
            labour_nj=np.where(idle, 0.0, base.labour_nj),
            capital_nj=np.where(idle, 0.0, base.capital_nj),
            resource_nj=np.where(idle, 0.0, base.resource_nj),
        )
    assert "C002 earn(s) nothing" in str(caught.value)
    assert "aggregate_countries" in str(caught.value)


@pytest.mark.parametrize("seed", [57, 63, 98, 107, 108, 119])
def test_complements_and_fixed_factors_reach_the_tolerance(seed: int) -> None:
    """Found among 120 such worlds: rents far from 1, whose last digits were lost in sums."""
    rng = np.random.default_rng(seed)
    countries, goods = int(rng.integers(3, 9)), int(rng.integers(2, 6))
    base = synthetic(
        countries,
        goods,
        seed,
        zeros=float(rng.choice([0, 0.2])),
        resource_share=float(rng.choice([0, 0.3])),
        tariff=float(rng.choice([0, 0.05])),
    )
    base = replace(
        base,
        input_substitution_j=rng.choice([0.05, 0.1, 0.2, 0.5, 1.0], goods),
        final_substitution_n=rng.choice([0.2, 0.5, 1.0, 2.0], countries),
        trade_elasticity_j=rng.uniform(0.5, 5, goods),
    )
    horizon = Horizon("rigid", "", 1.0, 9.0, float(rng.choice([0.3, 1.0])))
    a, b, c = base.countries[:3]
    shock = embargo(a, b, leakage=float(rng.choice([0.01, 0.1])))
    shock += iceberg(b, c, factor=float(rng.uniform(1, 3)))
    shock += capacity(c, factor=float(rng.uniform(0.3, 1.5)))
    shock += productivity(a, factor=float(rng.uniform(0.6, 1.3)))
    result = solve(base, shock, horizon, "proportional")
    assert result.certificate.largest_violation <= 1e-9
    assert result.certificate.evaluations < 500


@pytest.mark.parametrize(
    ("countries", "seed", "substitution", "country", "factor"),
    [(3, 11, 0.5, "C002", 0.05), (4, 54, 0.3, "C003", 0.15)],
)
def test_a_country_that_all_but_dies_out_is_solved_as_far_as_digits_go(
    countries: int, seed: int, substitution: float, country: str, factor: float
) -> None:
    """Gross flows are 10⁴ times its income or more: the search goes on until that budget holds."""
    found = synthetic(countries, 2, seed)
    horizon = Horizon("rigid", "", 1.0, substitution, 0.0)
    shock = productivity(country, "*", factor=factor)
    result = solve(found, shock, horizon, "proportional")
    assert result.certificate.status == "converged"
    n = found.country(country)
    income = result.solution.point.income_n[n]
    assert result.solution.spending_jn[:, n].sum() > 1e4 * income > 0
