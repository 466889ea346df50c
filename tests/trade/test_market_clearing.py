"""Markets on crowded routes settled alone: the same answers in fewer evaluations."""

from __future__ import annotations

import numpy as np
import pytest

from detente.trade import Route, RouteChoice, Shock, embargo, iceberg, solve, solve_many, tariff
from detente.trade._evaluation import evaluate
from detente.trade._linear_response import response
from detente.trade._market import Market, Markets
from detente.trade._solution import layout_of
from detente.world import synthetic

WORLD = synthetic(9, 4, 5, tariff=0.05, resource_share=0.2)


def on_routes(cost: float = 1.0, room: float = 1.0, fee: float = 0.0) -> Shock:
    """Two goods of one origin on two routes, one of which has room for this part of its flow."""
    choices = []
    for good, markets in (("G01", ("C004", "C005", "C006")), ("G02", ("C002", "C003"))):
        j, n = WORLD.good(good), [WORLD.country(m) for m in markets]
        flow = 0.6 * float(WORLD.trade_jni[j, n, 0].sum())
        short = Route("short", 0.4, cost=cost, fee=fee, transit="C007" if fee else "")
        long = Route("long", 0.6, capacity=room * flow)
        choices.append(RouteChoice(good, "C001", markets, (short, long), 5.0, 0.5, 6.0))
    return Shock(route_choices=tuple(choices))


SHOCKS = [
    on_routes(cost=2.0),
    on_routes(cost=float("inf")),
    on_routes(cost=float("inf")) + embargo("C001", "C002", "G01", leakage=0.1),
    on_routes() + tariff("C003", "C001", rate=0.5) + iceberg("C004", "C001", factor=1.2),
]


@pytest.mark.parametrize("horizon", ["long", "short"])
@pytest.mark.parametrize("fee", [0.0, 0.05])
def test_a_solution_has_its_markets_at_rest(horizon: str, fee: float) -> None:
    shock = on_routes(cost=3.0, room=0.8, fee=fee) + tariff("C003", "C001", rate=0.5)
    solution = solve(WORLD, shock, horizon, tolerance=1e-12).solution
    markets = Markets(solution.system, layout_of(solution.system))
    assert len(markets.goods) == 2
    x = solution.unknowns[None, :]
    settled = markets(x, np.arange(1), np.array([1e-9]))
    # Solved to 1e-12, and a price moves about as much as what it is solved from.
    np.testing.assert_allclose(settled, x, rtol=0, atol=1e-10)


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_a_settled_market_is_one_that_the_system_leaves_alone(horizon: str) -> None:
    """Brought to rest far from a solution, rents and crowding stay where the system puts them."""
    solution = solve(WORLD, SHOCKS[2], horizon).solution
    system = solution.system
    layout = layout_of(system)
    markets = Markets(system, layout)
    x = solution.unknowns[None, :].copy()
    congestion = slice(layout.size - layout.crowded, layout.size)
    x[:, congestion] = 0.0
    settled = markets(x, np.arange(1), np.array([1e-8]))
    before, after = (
        np.abs(layout.pack(evaluate(system, layout.unpack(y))[0]) - y).max() for y in (x, settled)
    )
    assert after < 1e-3 * before


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_the_derivative_is_that_of_the_market(horizon: str) -> None:
    solution = solve(WORLD, on_routes(cost=3.0, room=0.8), horizon).solution
    market = Market(solution.system, layout_of(solution.system), WORLD.good("G01"))
    x = solution.unknowns[None, :] + 0.01
    held = (
        market.other_cost(x),
        x[:, market.price_at].T,
        x[:, market.spending_at].T,
        market.productivity(x),
    )
    u = x[:, market.unknown_at].T
    found = market.derivative(market.state(u, *held))[0]
    step = 1e-5
    # The routes of the other good are no unknowns of this one.
    own = np.nonzero(np.append(np.full(len(market.mine_k), fill_value=True), market.filled_q))[0]
    for k in own:
        up, down = u.copy(), u.copy()
        up[k] += step
        down[k] -= step
        moved = (market.state(up, *held).gap_ub - market.state(down, *held).gap_ub)[:, 0]
        # Single precision, of entries of the size of elasticities.
        np.testing.assert_allclose(found[own, k], moved[own] / (2 * step), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_started_from_a_neighbour_the_answers_are_the_same(horizon: str) -> None:
    near = response(solve(WORLD, on_routes(), horizon).solution)
    start = solve_many(WORLD, SHOCKS, horizon)
    shocks = [on_routes(cost=c, room=0.7) for c in (1.5, float("inf"))] + SHOCKS[2:]
    cold = solve_many(WORLD, shocks, horizon, tolerance=1e-11)
    warm = solve_many(WORLD, shocks, horizon, tolerance=1e-11, start=start, response=near)
    for one, other in zip(cold, warm, strict=True):
        # Both are solved to 1e-11; what they differ by is that times the condition of the system.
        np.testing.assert_allclose(
            one.real_income_change.values, other.real_income_change.values, rtol=0, atol=1e-9
        )
        assert other.certificate.evaluations < 0.5 * one.certificate.evaluations


def test_the_response_inverts_the_derivative() -> None:
    solution = solve(WORLD, on_routes(cost=2.0), "short", tolerance=1e-12).solution
    layout = layout_of(solution.system)
    x = solution.unknowns[None, :]
    direction = np.random.default_rng(1).standard_normal(x.shape)
    step = 1e-5 * direction
    image = [layout.pack(evaluate(solution.system, layout.unpack(x + s))[0]) for s in (step, -step)]
    residual = (2 * step - (image[0] - image[1])) / 2e-5
    # Of so small a world the low rank is the whole: what is left is single precision.
    np.testing.assert_allclose(response(solution)(residual), direction, rtol=0, atol=1e-3)


def test_shocks_that_come_to_the_same_are_solved_once() -> None:
    closed = on_routes(cost=float("inf"))
    ban = embargo("C001", "C002", "G01", leakage=0.1)
    one, twice, other = solve_many(WORLD, [closed + ban, closed + ban + ban, closed])
    assert one.solution is twice.solution
    assert one.solution is not other.solution
    assert len(twice.shock.changes) == 2
