"""Results that a formula gives: autarky, tariff revenue, fixed factors, decomposed gains."""

from __future__ import annotations

import numpy as np
import pytest

from detente.trade import (
    Horizon,
    Shock,
    capacity,
    embargo,
    export_tax,
    iceberg,
    labour,
    productivity,
    solve,
    tariff,
    transfer,
)
from detente.world import World, synthetic


def closed_economy(*, resource: float, sigma: float = 1.0, epsilon: float = 1.0) -> World:
    """One country, two goods, no inputs."""
    value = np.array([[60.0, 40.0]])
    return World.from_flows(
        ["AAA"],
        ["one", "two"],
        value.T[:, :, None],
        np.zeros((1, 2, 2)),
        value,
        value,
        trade_elasticity_j=4.0,
        capital_share_nj=0.0,
        resource_share_nj=np.array([[resource, 0.0]]),
        input_substitution_j=epsilon,
        final_substitution_n=sigma,
    )


def test_productivity_and_labour_in_a_closed_cobb_douglas_economy() -> None:
    world = closed_economy(resource=0.5)
    shock = productivity("AAA", "one", factor=1.2) + labour("AAA", factor=1.1)
    shock += capacity("AAA", "one", factor=0.8)
    # Real income is Π (A L^β V^f) over final shares: β is 0.7 of income, f is 0.3.
    expected = 1.2**0.6 * 1.1**0.7 * 0.8**0.3
    assert 1 + solve(world, shock).real_income_change["AAA"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.5])
def test_final_substitution_in_a_closed_economy(sigma: float) -> None:
    world = closed_economy(resource=0.0, sigma=sigma)
    got = 1 + solve(world, productivity("AAA", "one", factor=2.0)).real_income_change["AAA"]
    expected = 2.0**0.6 if sigma == 1.0 else (0.6 * 2.0 ** (sigma - 1) + 0.4) ** (1 / (sigma - 1))
    assert got == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("epsilon", [0.4, 1.0])
def test_a_scarcer_resource_under_ces(epsilon: float) -> None:
    """One good made of labour and a resource: output is CES of the two endowments."""
    world = World.from_flows(
        ["AAA"],
        ["one"],
        [[[100.0]]],
        [[[0.0]]],
        [[100.0]],
        [[100.0]],
        trade_elasticity_j=4.0,
        capital_share_nj=0.0,
        resource_share_nj=0.3,
        input_substitution_j=epsilon,
    )
    got = 1 + solve(world, capacity("AAA", "one", factor=0.5)).real_income_change["AAA"]
    if epsilon == 1.0:
        expected = 0.5**0.3
    else:
        r = (epsilon - 1) / epsilon
        expected = (0.7 + 0.3 * 0.5**r) ** (1 / r)
    assert got == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_gains_from_trade_with_inputs(seed: int) -> None:
    """Costinot & Rodríguez-Clare (2014, eq. 28): Ŵ = Π Π (π̂_kk)^(−α a_jk/θ_k) into autarky."""
    world = synthetic(4, 3, seed, zeros=0.0)
    # Without deficits in the base year income is factor income on both sides.
    result = solve(world, embargo("*", "*"), transfers="zero", tolerance=1e-11)
    for n in range(4):
        base = result.world
        gamma = base.intermediate_nkj[n] / base.sales_jn[:, n]
        leontief = np.linalg.inv(np.eye(3) - gamma)
        alpha = base.final_nj[n] / base.final_nj[n].sum()
        home = np.diagonal(base.share_jni, axis1=1, axis2=2)[:, n]
        # Producers' prices carry the home share through every round of inputs.
        expected = np.exp((leontief @ alpha) @ (np.log(home) / base.trade_elasticity_j))
        got = np.exp(result.log_welfare_n[n])
        assert got == pytest.approx(expected, rel=1e-8)


def symmetric(theta: float = 4.0, home: float = 0.7) -> World:
    trade = np.array([[home, 1 - home], [1 - home, home]])[None] * 100
    return World.from_flows(
        ["AAA", "BBB"],
        ["one"],
        trade,
        np.zeros((2, 1, 1)),
        np.full((2, 1), 100.0),
        np.full((2, 1), 100.0),
        trade_elasticity_j=theta,
    )


def test_symmetric_iceberg_costs_have_a_closed_form() -> None:
    world = symmetric()
    both = iceberg("AAA", "BBB", factor=1.3) + iceberg("BBB", "AAA", factor=1.3)
    price = (0.7 + 0.3 * 1.3**-4.0) ** (-1 / 4.0)
    assert solve(world, both).real_income_change["AAA"] == pytest.approx(1 / price - 1, rel=1e-9)


def test_symmetric_tariffs_have_a_closed_form() -> None:
    world = symmetric()
    rate = 0.25
    both = tariff("AAA", "BBB", rate=rate) + tariff("BBB", "AAA", rate=rate)
    result = solve(world, both)
    weight = 0.3 * (1 + rate) ** -4.0
    share = weight / (0.7 + weight)
    # Income is wages plus revenue, of which imports net of tariff bear the rate.
    income = 1 / (1 - share * rate / (1 + rate))
    price = (0.7 + weight) ** (-1 / 4.0)
    assert result.share["one", "AAA", "BBB"] == pytest.approx(share, rel=1e-9)
    assert result.real_income_change["AAA"] == pytest.approx(income / price - 1, rel=1e-9)


def test_an_export_tax_is_a_tariff_by_symmetry_of_lerner() -> None:
    """Lerner (1936): a uniform export tax of one country acts as a uniform import tariff."""
    world = synthetic(3, 1, 2, zeros=0.0)
    home, abroad = world.countries[0], world.countries[1:]
    taxed = solve(world, export_tax(home, abroad, rate=0.2), transfers="zero", tolerance=1e-11)
    charged = solve(world, tariff(abroad, home, rate=0.2), transfers="zero", tolerance=1e-11)
    np.testing.assert_allclose(
        taxed.real_income_change.values, charged.real_income_change.values, atol=1e-8
    )


def test_a_transfer_moves_its_amount() -> None:
    world = symmetric()
    result = solve(world, transfer("AAA", "BBB", amount=5.0))
    p = result.solution.point
    np.testing.assert_allclose(p.transfer_n, [-5.0, 5.0])
    assert result.real_income_change["BBB"] > 0 > result.real_income_change["AAA"]


def test_a_mine_without_buyers_earns_nothing() -> None:
    world = synthetic(3, 2, 1, zeros=0.0, resource_share=0.4)
    mine = world.goods[0]
    # Nobody abroad may buy it and the home market cannot reach it.
    J, N = 2, 3
    cost = np.ones((J, N, N))
    cost[0, :, 0] = np.inf
    result = solve(world, Shock(iceberg_jni=cost), transfers="proportional")
    assert result.certificate.status == "converged"
    assert result.trade_value[mine][:, 0].sum() == 0


def test_the_short_run_hurts_a_target_more_than_the_long_run() -> None:
    world = synthetic(6, 4, 11, zeros=0.0)
    shock = embargo("C001", ["C002", "C003"])
    loss = {
        h: -solve(world, shock, h, "proportional").real_income_change["C001"]
        for h in ("short", "medium", "long")
    }
    assert loss["short"] > loss["medium"] > loss["long"]


def test_a_horizon_of_ones_own() -> None:
    world = synthetic(3, 2, 1)
    mine = Horizon("mine", "own", 1.0, 1.0, 0.0)
    a = solve(world, embargo("C001", "C002"), mine).real_income_change.values
    b = solve(world, embargo("C001", "C002"), "long").real_income_change.values
    np.testing.assert_allclose(a, b, atol=1e-10)
