"""What transit countries earn, and what is lost to them and to the world, when flows disappear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.trade import (
    Route,
    RouteChoice,
    Shock,
    ShockError,
    Weights,
    embargo,
    exact,
    gradient,
    iceberg,
    labour,
    solve,
    solve_many,
)
from detente.trade.equilibrium import Equilibrium
from detente.world import World, synthetic

WORLD = synthetic(5, 2, 3, zeros=0.0, tariff=0.05)
GOOD = WORLD.goods[0]
MARKETS = ("C004", "C005")
INF = float("inf")
SHORT = Route("short", 0.9, fee=0.05, transit="C002")
LONG = Route("long", 0.1, fee=0.02, transit="C003")


def route_choices(*routes: Route, elasticity: float = 6.0, world: World = WORLD) -> Shock:
    choice = RouteChoice(world.goods[0], "C001", MARKETS, routes or (SHORT, LONG), elasticity)
    return Shock(route_choices=(choice,))


def closed(route: Route) -> Route:
    return replace(route, cost=INF)


def value(result: Equilibrium) -> float:
    """V', USD million, of the flows with routes."""
    at = [result.world.country(m) for m in MARKETS]
    return float(result.market(GOOD).fob_ni[at, 0].sum())


def test_a_way_closed_while_its_rival_is_ten_times_dearer_costs_both_transit_countries() -> None:
    result = solve(WORLD, route_choices(closed(SHORT), replace(LONG, cost=10.0)), tolerance=1e-11)
    base, now = result.base_transit_revenue, result.transit_revenue
    change = result.solution.point.transit_revenue_n
    assert now["C002"] == 0.0
    assert 0 < now["C003"] < 0.1 * base["C003"]
    assert change[1] == pytest.approx(-base["C002"], rel=1e-9)
    assert change[2] == pytest.approx(now["C003"] - base["C003"], rel=1e-9)
    assert change[2] < 0
    # A fee is paid above what the service uses up: without it they lose less, by about as much.
    free = route_choices(closed(replace(SHORT, fee=0.0)), replace(LONG, fee=0.0, cost=10.0))
    lost = result.equivalent_variation.values - solve(WORLD, free).equivalent_variation.values
    np.testing.assert_allclose(lost[1:3], change[1:3], rtol=0.1)


def test_closing_every_way_loses_the_fee_of_the_base_year() -> None:
    result = solve(WORLD, route_choices(closed(SHORT), closed(LONG)), tolerance=1e-11)
    before = WORLD.trade_jni[0, 3:, 0].sum()
    np.testing.assert_allclose(
        result.solution.point.transit_revenue_n,
        [0, -before * 0.9 * 0.05, -before * 0.1 * 0.02, 0, 0],
        rtol=1e-9,
        atol=1e-9,
    )
    # Its resources lie idle: others in the country are paid for by the rest of its labour.
    system, p = result.solution.system, result.solution.point
    bills = (system.economy.labour_share_nj * p.sales_jn.T).sum(axis=1)
    wage = np.exp(result.solution.log_wage_n)
    idle = -p.transit_revenue_n
    np.testing.assert_allclose(wage * (system.economy.labour_n - idle), bills, rtol=1e-9)
    np.testing.assert_allclose(p.income_n, bills + p.tariff_revenue_n + p.transfer_n, rtol=1e-9)


@pytest.mark.parametrize(
    "routes",
    [
        (replace(SHORT, cost=1.3), replace(LONG, fee=0.3)),
        (closed(SHORT), replace(LONG, cost=10.0)),
        (replace(SHORT, cost=0.7), LONG),
        (closed(SHORT), closed(LONG)),
    ],
)
def test_money_adds_up_over_all_countries(routes: tuple[Route, Route]) -> None:
    result = solve(WORLD, route_choices(*routes), tolerance=1e-11)
    economy, p = result.solution.system.economy, result.solution.point
    share = result.route_share(GOOD, "C001", "C004")
    wedge = sum(value(result) * (share[w.name] - w.share) * w.fee for w in routes)
    bills = (economy.labour_share_nj * p.sales_jn.T).sum()
    incomes = p.income_n.sum()
    assert incomes == pytest.approx(bills + wedge + p.tariff_revenue_n.sum(), rel=1e-10)
    # Buyers pay producers, taxes and what is a fee beyond the costs of exporters.
    spent = result.solution.spending_jn.sum()
    assert spent == pytest.approx(p.sales_jn.sum() + wedge + p.tariff_revenue_n.sum(), rel=1e-10)
    assert result.solution.point.transit_revenue_n.sum() == pytest.approx(
        sum(value(result) * share[w.name] * w.fee for w in routes)
        - sum(WORLD.trade_jni[0, 3:, 0].sum() * w.share * w.fee for w in routes),
        rel=1e-9,
    )


def test_the_world_loses_what_melts_and_the_fee_on_the_volume_that_disappears() -> None:
    """To first order, at base prices; the exporter's own costs are saved with the volume."""
    world = synthetic(5, 2, 3, zeros=0.0)
    base = solve(world, route_choices(world=world), tolerance=1e-12)
    earned = base.base_transit_revenue.values
    everyone = gradient(base, dict.fromkeys(world.countries, 1.0)).iceberg_jni
    fees = gradient(base, Weights(transit_revenue_n=1.0)).iceberg_jni
    wages = gradient(base, Weights(log_wage_n=earned)).iceberg_jni
    for n in (3, 4):
        lost = fees.values[0, n, 0] - wages.values[0, n, 0]
        assert lost < -1e-3 * world.trade_jni[0, n, 0]
        assert everyone.values[0, n, 0] == pytest.approx(-world.trade_jni[0, n, 0] + lost, rel=1e-7)


def test_closing_is_the_limit_of_dearer_ways() -> None:
    shut = solve(WORLD, route_choices(closed(SHORT), closed(LONG)), tolerance=1e-11)
    near = solve(
        WORLD, route_choices(replace(SHORT, cost=1e9), replace(LONG, cost=1e9)), tolerance=1e-11
    )
    np.testing.assert_allclose(
        near.real_income_change.values, shut.real_income_change.values, atol=1e-10
    )


def test_money_in_another_unit_and_twice_the_labour_change_no_share() -> None:
    routes = (replace(SHORT, cost=1.5), LONG)
    result = solve(WORLD, route_choices(*routes), tolerance=1e-11)
    names = (
        "trade_jni",
        "intermediate_nkj",
        "final_nj",
        "labour_nj",
        "capital_nj",
        "resource_nj",
    )
    cents = replace(WORLD, **{name: 100 * getattr(WORLD, name) for name in names})
    other = solve(cents, route_choices(*routes), tolerance=1e-11)
    np.testing.assert_allclose(other.log_welfare_n, result.log_welfare_n, atol=1e-10)
    np.testing.assert_allclose(
        other.transit_revenue.values, 100 * result.transit_revenue.values, rtol=1e-9
    )
    twice = solve(WORLD, route_choices(*routes) + labour("*", factor=2.0), tolerance=1e-11)
    np.testing.assert_allclose(twice.trade_jni, result.trade_jni, rtol=1e-8)


def test_a_second_shock_from_the_new_base_year_is_both_at_once() -> None:
    """What stays employed at the fee is employed at it in the new base year."""
    route = Route("only", 1.0, fee=0.2, transit="C002")
    world = solve(WORLD, transfers="zero").world
    first, second = iceberg("C001", MARKETS, GOOD, factor=1.5), iceberg("C003", "C002", factor=1.4)
    middle = solve(world, route_choices(route) + first, tolerance=1e-11)
    assert middle.transit_revenue["C002"] < 0.9 * middle.base_transit_revenue["C002"]
    again = solve(middle.as_world(), route_choices(route) + second, tolerance=1e-11)
    both = solve(world, route_choices(route) + first + second, tolerance=1e-11)
    np.testing.assert_allclose(
        middle.log_welfare_n + again.log_welfare_n, both.log_welfare_n, atol=1e-9
    )
    np.testing.assert_allclose(
        again.base_transit_revenue.values, middle.transit_revenue.values, rtol=1e-8
    )


@pytest.mark.parametrize(
    ("horizon", "routes"),
    [
        ("long", (closed(SHORT), replace(LONG, cost=10.0))),
        ("short", (replace(SHORT, cost=2.0), replace(LONG, cost=1.5))),
    ],
)
def test_exact_parts_sum_where_volume_disappears(horizon: str, routes: tuple[Route, Route]) -> None:
    shock = route_choices(*routes) + labour("C002", factor=0.9)
    result = solve(WORLD, shock, horizon, tolerance=1e-11)
    parts = exact(result)
    np.testing.assert_allclose(parts.total.values, result.real_income_change.values, atol=1e-12)
    assert np.abs(parts.closure.values).max() < 1e-6 * np.abs(parts.total.values).max()
    assert parts.transit.values[1] < 0
    np.testing.assert_array_equal(parts.transit.values[[0, 3, 4]], 0.0)


def test_many_together_lose_the_same_fees() -> None:
    shocks = [
        route_choices(closed(SHORT), replace(LONG, cost=10.0)),
        route_choices(replace(SHORT, cost=1.2), LONG) + embargo("C001", "C004", GOOD, leakage=0.02),
        route_choices(closed(SHORT), closed(LONG)),
    ]
    for rule in ("fixed", "proportional"):
        together = solve_many(WORLD, shocks, "short", rule, tolerance=1e-11)  # type: ignore[call-overload]
        for one, shock in zip(together, shocks, strict=True):
            alone = solve(WORLD, shock, "short", rule, tolerance=1e-11)  # type: ignore[arg-type]
            np.testing.assert_allclose(
                one.solution.point.transit_revenue_n,
                alone.solution.point.transit_revenue_n,
                rtol=1e-7,
                atol=1e-9,
            )
            np.testing.assert_allclose(one.log_welfare_n, alone.log_welfare_n, atol=1e-9)


def test_fees_above_what_a_country_earns_are_refused() -> None:
    with pytest.raises(ShockError, match="fees on routes through C002 would have earned it"):
        solve(WORLD, route_choices(replace(SHORT, fee=0.9), LONG))


@pytest.mark.parametrize("capacity", [INF, 0.2])
def test_what_is_paid_is_the_price_of_what_arrives(capacity: float) -> None:
    """What is a fee does not melt: of what is shipped, more arrives than 1/d̂."""
    flow = WORLD.trade_jni[0, 3:, 0].sum()
    routes = (replace(SHORT, cost=2.0), replace(LONG, fee=0.3, capacity=capacity * flow))
    (choice,) = route_choices(*routes).route_choices
    shock = Shock(route_choices=(replace(choice, level=0.5, power=3.0),))
    result = solve(WORLD, shock, tolerance=1e-11)
    market = result.market(GOOD)
    congestion = np.exp(result.solution.log_congestion_q).prod()
    cost = (0.9 * 2.0**-6 + 0.1 * congestion**-6) ** (-1 / 6)
    share = result.route_share(GOOD, "C001", "C004")
    wedge = (share["short"] - 0.9) * 0.05 + (share["long"] - 0.1) * 0.3
    assert wedge > 0.1
    for n in (3, 4):
        price = market.gate_n[0] * cost * (1 + WORLD.tariff_jni[0, n, 0])
        assert market.paid_ni[n, 0] / (price * market.arrived_ni[n, 0]) == pytest.approx(
            1, rel=1e-9
        )
        arrived = market.received_ni[n, 0] / market.gate_n[0] / (cost / (1 + wedge))
        assert market.arrived_ni[n, 0] == pytest.approx(arrived, rel=1e-9)
        change = result.quantity_change[GOOD, WORLD.countries[n], "C001"]
        assert change == pytest.approx(arrived / WORLD.trade_jni[0, n, 0] - 1, rel=1e-8)
    if capacity < INF:
        # The route's congestion is that of what arrives on it.
        on_route = market.arrived_ni[[3, 4], 0].sum() * share["long"] / (capacity * flow)
        assert abs(congestion - 1) > 0.01
        assert congestion == pytest.approx(
            (1 + 0.5 * on_route**3) / (1 + 0.5 * (0.1 / capacity) ** 3), rel=1e-8
        )
