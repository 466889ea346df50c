"""Routes: shares and composite costs in closed form, closing, reopening, fees, capacities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.trade import (
    InfeasibleShock,
    Route,
    RouteChoice,
    Shock,
    ShockError,
    embargo,
    exact,
    iceberg,
    solve,
    solve_many,
    tariff,
)
from detente.world import synthetic

WORLD = synthetic(5, 2, 3, zeros=0.0, tariff=0.05)
GOOD = WORLD.goods[0]
RHO = 6.0
SHORT = Route("short", 0.9, fee=0.05, transit="C002")
LONG = Route("long", 0.1, cost=1.0, fee=0.02, transit="C003")
INF = float("inf")


def route_choices(*routes: Route, elasticity: float = RHO) -> Shock:
    choice = RouteChoice(GOOD, "C001", ("C004", "C005"), routes or (SHORT, LONG), elasticity)
    return Shock(route_choices=(choice,))


def closed(route: Route) -> Route:
    return replace(route, cost=INF)


def test_unchanged_routes_change_nothing() -> None:
    result = solve(WORLD, route_choices())
    assert np.abs(result.real_income_change.values).max() < 1e-9
    assert result.route_share(GOOD, "C001", "C004") == pytest.approx({"short": 0.9, "long": 0.1})
    np.testing.assert_allclose(
        result.transit_revenue.values, result.base_transit_revenue.values, rtol=1e-8
    )


@pytest.mark.parametrize("elasticity", [2.0, 6.0, 20.0])
def test_shares_and_composite_cost_have_a_closed_form(elasticity: float) -> None:
    routes = (replace(SHORT, cost=1.2, fee=0.0), replace(LONG, cost=1.05, fee=0.0))
    result = solve(WORLD, route_choices(*routes, elasticity=elasticity), tolerance=1e-11)
    weight = 0.9 * 1.2**-elasticity, 0.1 * 1.05**-elasticity
    cost = sum(weight) ** (-1 / elasticity)
    assert result.route_share(GOOD, "C001", "C005")["short"] == pytest.approx(
        weight[0] / sum(weight), rel=1e-12
    )
    same = solve(WORLD, iceberg("C001", ["C004", "C005"], GOOD, factor=cost), tolerance=1e-11)
    np.testing.assert_allclose(
        result.real_income_change.values, same.real_income_change.values, atol=1e-9
    )


def test_closing_one_way_leaves_the_other_at_the_power_of_its_share() -> None:
    result = solve(WORLD, route_choices(closed(SHORT), replace(LONG, fee=0.0)), tolerance=1e-11)
    assert result.route_share(GOOD, "C001", "C004") == {"short": 0.0, "long": 1.0}
    # The fee that the closed route no longer pays is a saving of the shipper: net of it, the cost.
    delivered = 0.1 ** (-1 / RHO)
    price = result.quantity_change[GOOD, "C004", "C001"]
    assert np.isfinite(price)
    assert delivered == pytest.approx(result.solution.point.choices[0].cost_b[0])


def test_closing_every_way_is_an_embargo() -> None:
    shut = solve(WORLD, route_choices(closed(SHORT), closed(LONG)))
    ban = solve(WORLD, embargo("C001", ["C004", "C005"], GOOD))
    assert shut.trade_value[GOOD, "C004", "C001"] == 0.0
    # But for the fees, which an embargo on a base without routes does not know of.
    fees = shut.transit_revenue.values
    assert np.abs(fees).max() == 0.0
    free = route_choices(replace(closed(SHORT), fee=0.0), replace(closed(LONG), fee=0.0))
    np.testing.assert_allclose(
        solve(WORLD, free).real_income_change.values, ban.real_income_change.values, atol=1e-8
    )


def test_closing_every_way_to_a_sole_customer_is_found_before_solving() -> None:
    world = synthetic(3, 1, 1, zeros=0.0)
    only = tuple(c for c in world.countries if c != "C001")
    choice = RouteChoice(world.goods[0], "C001", ("*",), (Route("sea", 1.0, cost=INF),), RHO)
    shock = Shock(route_choices=(choice,)) + embargo(only, only) + embargo(only, "C001")
    home = np.ones((1, 3, 3))
    home[0, 1, 1] = INF
    with pytest.raises(InfeasibleShock):
        solve(world, shock + Shock(iceberg_jni=home), transfers="proportional")


def test_reopening_is_identity() -> None:
    case = route_choices(closed(SHORT), LONG), route_choices()
    shut, open_again = solve_many(WORLD, case)
    assert np.abs(shut.real_income_change.values).max() > 1e-6
    assert np.abs(open_again.real_income_change.values).max() < 1e-9


def test_fees_are_income_of_the_transit_country_and_no_loss_to_the_world() -> None:
    routes = replace(SHORT, cost=1.3), replace(LONG, fee=0.3)
    moved = solve(WORLD, route_choices(*routes), tolerance=1e-11)
    p = moved.solution.point
    assert moved.transit_revenue["C003"] > 0
    assert p.transit_revenue_n[2] > 0 > p.transit_revenue_n[1]
    # What the wedges take from spending, the transit countries have: incomes are all spent.
    flow = moved.market(GOOD).fob_ni[3:, 0].sum()
    share = moved.route_share(GOOD, "C001", "C004")
    wedge = flow * sum((share[w.name] - w.share) * w.fee for w in routes)
    bills = (moved.solution.system.economy.labour_share_nj * p.sales_jn.T).sum()
    extra = wedge + p.tariff_revenue_n.sum()
    assert p.income_n.sum() == pytest.approx(bills + extra, rel=1e-9)


def test_a_capacity_holds_the_flow_near_it_and_the_price_up() -> None:
    flow = WORLD.trade_jni[0, 3:, 0].sum()
    # Routes that are close substitutes, so that more takes the long one than before.
    wide = solve(WORLD, route_choices(closed(SHORT), LONG, elasticity=20.0), tolerance=1e-10)
    tight = replace(LONG, capacity=0.2 * flow)
    choice = replace(
        route_choices(closed(SHORT), tight, elasticity=20.0).route_choices[0], level=1.0, power=8.0
    )
    narrow = solve(WORLD, Shock(route_choices=(choice,)), tolerance=1e-10)
    assert narrow.certificate.largest_violation <= 1e-10

    def arrived(r):  # type: ignore[no-untyped-def]
        at = [r.world.country(m) for m in ("C004", "C005")]
        return r.market(GOOD).arrived_ni[at, r.world.country("C001")].sum()

    assert 0.1 * flow < arrived(narrow) < arrived(wide)
    assert arrived(narrow) < 0.3 * flow
    # Crowding is the stated function of what arrives, by a second computation from levels.
    base, now = 0.1 * flow / (0.2 * flow), arrived(narrow) / (0.2 * flow)
    expected = (1 + now**8) / (1 + base**8)
    assert np.exp(narrow.solution.log_congestion_q) == pytest.approx(expected, rel=1e-8)


def test_what_arrives_is_what_is_shipped_less_the_cost_of_delivery() -> None:
    shock = iceberg("C001", "C004", GOOD, factor=1.25) + embargo("C001", "C005", GOOD, leakage=0.1)
    result = solve(WORLD, shock, tolerance=1e-10)
    gate = 1 + result.cost_change[GOOD, "C001"]
    for market, melt in (("C003", 1.0), ("C004", 1.25), ("C005", 1.0)):
        value = result.trade_value[GOOD, market, "C001"]
        n = result.world.country(market)
        arrived = result.market(GOOD).arrived_ni[n, 0]
        assert arrived == pytest.approx(value / gate / melt, rel=1e-12)
        base = result.world.trade_jni[0, n, 0]
        assert result.quantity_change[GOOD, market, "C001"] == pytest.approx(arrived / base - 1)


@pytest.mark.parametrize("capacity", [INF, 0.3])
def test_exact_decomposition_holds_with_routes(capacity: float) -> None:
    flow = WORLD.trade_jni[0, 3:, 0].sum()
    routes = replace(SHORT, cost=1.5), replace(LONG, capacity=capacity * flow)
    result = solve(
        WORLD, route_choices(*routes) + tariff("C001", "C004", GOOD, rate=0.2), tolerance=1e-11
    )
    parts = exact(result)
    np.testing.assert_allclose(parts.total.values, result.real_income_change.values, atol=1e-12)
    assert np.abs(parts.closure.values).max() < 1e-6 * np.abs(parts.total.values).max()


def test_many_together_are_the_same_as_one_by_one() -> None:
    shocks = [
        route_choices(closed(SHORT), LONG) + embargo("C004", "C005"),
        route_choices() + tariff("C002", "C003", rate=0.4),
        route_choices(replace(SHORT, cost=1.1), LONG) + iceberg("C001", "C002", factor=1.3),
        route_choices(SHORT, closed(LONG)),
    ]
    for horizon in ("long", "short"):
        together = solve_many(WORLD, shocks, horizon, tolerance=1e-11)
        for one, shock in zip(together, shocks, strict=True):
            alone = solve(WORLD, shock, horizon, tolerance=1e-11)
            np.testing.assert_allclose(
                one.real_income_change.values, alone.real_income_change.values, atol=1e-9
            )
            assert one.certificate.status == "converged"


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ((Route("a", 0.5), Route("b", 0.4)), "sum to 0.9"),
        ((Route("a", 1.0), Route("a", 0.0)), "different names"),
        ((Route("a", 1.0, cost=0.0),), "cost factor of a"),
        ((Route("a", 1.0, fee=1.5),), "fee on a"),
        ((Route("a", 1.0, capacity=0.0),), "capacity of a"),
        ((Route("a", 1.2), Route("b", -0.2)), "base share of a"),
    ],
)
def test_routes_that_make_no_sense(routes: tuple[Route, ...], words: str) -> None:
    with pytest.raises(ShockError, match=words):
        solve(WORLD, route_choices(*routes))


def test_a_market_named_twice() -> None:
    with pytest.raises(ShockError, match="given twice"):
        solve(WORLD, route_choices() + route_choices())


def test_a_way_without_a_base_share_stays_unused() -> None:
    never = Route("never", 0.0, cost=0.5)
    result = solve(WORLD, route_choices(SHORT, LONG, never))
    assert result.route_share(GOOD, "C001", "C004")["never"] == 0.0
    np.testing.assert_allclose(
        result.real_income_change.values,
        solve(WORLD, route_choices(SHORT, LONG)).real_income_change.values,
    )
    shut = solve(WORLD, route_choices(closed(SHORT), closed(LONG), never))
    assert shut.trade_value[GOOD, "C004", "C001"] == 0.0
