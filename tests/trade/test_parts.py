"""Parts of the engine by hand: products, linear systems, what can be supplied and paid, sums."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.trade import (
    Horizon,
    InfeasibleShock,
    NotConverged,
    Route,
    RouteChoice,
    Shock,
    ShockError,
    embargo,
    exact,
    export_tax,
    first_order,
    iceberg,
    solve,
    tariff,
)
from detente.trade import _feasibility as feasibility
from detente.trade._economy import economy_of, reach_of
from detente.trade._evaluation import evaluate
from detente.trade._solution import layout_of
from detente.trade._solver import _remedies
from detente.trade._system import Product
from detente.trade.adjoint.linear import solve_transposed
from detente.trade.certificate import certify
from detente.world import synthetic

Array = np.ndarray
J, N, B = 3, 4, 5


def product(seed: int = 0) -> tuple[Product, Array]:
    """A product, and the matrices that it stands for, (B, J, N, N); cells may repeat."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(J, N, N))
    shock = np.sort(np.array([0, 0, 1, 1, 1, 3, 4, 4]))
    cell = rng.integers(0, J * N * N, len(shock))
    cell[1] = cell[0]
    added = rng.normal(size=len(shock))
    whole = np.stack([shared] * B)
    for b, c, a in zip(shock, cell, added, strict=True):
        whole[b].ravel()[c] += a
    return Product(shared, B, cell, shock, added), whole


def test_products_are_those_of_whole_matrices() -> None:
    found, whole = product()
    x = np.random.default_rng(1).normal(size=(J, N, B))
    np.testing.assert_allclose(found.to_markets(x), np.einsum("bjni,jib->jnb", whole, x))
    np.testing.assert_allclose(found.to_origins(x), np.einsum("bjni,jnb->jib", whole, x))
    rows = np.array([0, 1, 3, 4])
    some = found.some(rows)
    np.testing.assert_allclose(
        some.to_markets(x[:, :, rows]), np.einsum("bjni,jib->jnb", whole, x)[:, :, rows]
    )
    one = found.some(np.array([4]))
    np.testing.assert_allclose(
        one.to_origins(x[:, :, [4]]), np.einsum("bjni,jnb->jib", whole, x)[:, :, [4]]
    )
    for j in range(J):
        of = found.of_good(j)
        y = x[[j]]
        np.testing.assert_allclose(of.to_markets(y)[0], np.einsum("bni,ib->nb", whole[:, j], x[j]))
        np.testing.assert_allclose(of.to_origins(y)[0], np.einsum("bni,nb->ib", whole[:, j], x[j]))
    bare = Product(found.shared_jni, B, found.cell[:0], found.shock[:0], found.added[:0])
    np.testing.assert_allclose(
        bare.some(rows).to_markets(x[:, :, rows]),
        np.einsum("jni,jib->jnb", found.shared_jni, x[:, :, rows]),
    )


@pytest.mark.parametrize("unknowns", [20, 200])
def test_transposed_systems_against_a_direct_solution(unknowns: int) -> None:
    """Few unknowns are written out, many are solved in Krylov spaces, each right side apart."""
    rng = np.random.default_rng(unknowns)
    matrix = 0.5 * rng.normal(size=(unknowns, unknowns)) / np.sqrt(unknowns)
    right = rng.normal(size=(2, unknowns)) * [[1e-6], [1e6]]
    right = np.vstack([right, np.zeros(unknowns)])
    used = []

    def transposed(rows: Array) -> Array:
        used.append(len(rows))
        return rows @ matrix

    found = solve_transposed(transposed, right, tolerance=1e-10)
    expected = np.linalg.solve(np.eye(unknowns) - matrix.T, right.T).T
    np.testing.assert_allclose(found.rows[:2], expected[:2], rtol=1e-7, atol=1e-9 * 1e-6)
    assert not found.rows[2].any()
    assert found.residual <= 1e-10
    assert found.products == len(used) < 60
    np.testing.assert_allclose(
        found.rows[0] - found.rows[0] @ matrix, right[0], rtol=1e-8, atol=1e-15
    )
    stopped = solve_transposed(transposed, right, tolerance=1e-300, most=3)
    assert stopped.products < 300


def test_a_krylov_space_of_a_few_dimensions_is_found_in_as_many_products() -> None:
    """T has rank two, so that the solution lies in a space of three dimensions."""
    rng = np.random.default_rng(3)
    left, right = rng.normal(size=(2, 300, 2)) / 20
    b = rng.normal(size=(1, 300))
    found = solve_transposed(lambda rows: (rows @ left) @ right.T, b, tolerance=1e-9)
    expected = np.linalg.solve(np.eye(300) - right @ left.T, b[0])
    np.testing.assert_allclose(found.rows[0], expected, atol=1e-8)
    assert found.products <= 5


def test_reach_follows_chains_of_links() -> None:
    links = np.zeros((5, 5), dtype=bool)
    links[0, 1] = links[1, 2] = links[2, 3] = True
    expected = np.triu(np.ones((5, 5), dtype=bool))
    expected[:, 4] = False
    expected[4, 4] = True
    assert reach_of(links).tolist() == expected.tolist()


WORLD = synthetic(4, 2, 7, zeros=0.0)
LABELS = WORLD.countries, WORLD.goods
LONG = Horizon("long", "", 1.0, 99.0, 0.0)


def test_a_chain_of_producers_falls_silent_together() -> None:
    """G01 needs G02 and G02 needs nothing: without G02 in one market its G01 is not made either."""
    eco = economy_of(WORLD, LONG)
    need = np.zeros_like(eco.input_share_nkj)
    need[:, 1, 0] = 0.5
    eco = replace(eco, input_share_nkj=need)
    carried = np.ones((2, 4, 4))
    feasibility.check_suppliers(eco, carried, *LABELS)
    # C004 buys G01 from itself alone, and nobody sells G02 to it: G01 is not to be had there.
    carried[1, 3] = 0.0
    carried[0, 3, :3] = 0.0
    with pytest.raises(InfeasibleShock) as raised:
        feasibility.check_suppliers(eco, carried, *LABELS)
    assert raised.value.cells == (("C004", "G02"),)
    assert "The shock leaves no supplier of G02 in C004: no equilibrium" in str(raised.value)
    # Where nobody spends on a good nobody has to supply it.
    spent = eco.spending_jn.copy()
    spent[:, 3] = 0.0
    feasibility.check_suppliers(replace(eco, spending_jn=spent), carried, *LABELS)
    every = np.zeros((2, 4, 4))
    with pytest.raises(InfeasibleShock, match="and 2 more: no equilibrium") as raised:
        feasibility.check_suppliers(eco, every, *LABELS)
    assert len(raised.value.cells) == 8


def test_trading_components() -> None:
    carried = np.zeros((2, 4, 4))
    carried[:] = np.eye(4)
    carried[0, 1, 0] = carried[1, 2, 3] = 1.0
    found = feasibility.components(carried, np.ones((2, 4)))
    assert found.tolist() == [0, 0, 1, 1]
    unspent = np.ones((2, 4))
    unspent[1, 2] = 0.0
    assert feasibility.components(carried, unspent).tolist() == [0, 0, 1, 2]


def deficits(transfer: list[float], rule: str, links: list[tuple[int, int]], **more: Any) -> None:
    """Checks four countries that sell to each other as the links say, with these transfers."""
    eco = replace(economy_of(WORLD, LONG), transfer_n=np.array(transfer))
    carried = np.zeros((2, 4, 4))
    carried[:] = np.eye(4)
    for origin, market in links:
        carried[0, market, origin] = 1.0
    component = feasibility.components(carried, eco.spending_jn)
    wedges: Any = SimpleNamespace(transfer_n=np.array(more.get("added", [0.0] * 4)))
    feasibility.check_deficits(eco, carried, wedges, rule, component, WORLD.countries)


PAIRS = [(0, 1), (1, 0), (2, 3), (3, 2)]


def test_who_is_cut_off_has_to_balance() -> None:
    unit = 1e-3 * float(WORLD.income_n.sum())
    deficits([unit, -unit, 2 * unit, -2 * unit], "fixed", PAIRS)
    with pytest.raises(InfeasibleShock) as raised:
        deficits([unit, 0, 0, -unit], "fixed", PAIRS)
    text = str(raised.value)
    assert "C001, C002 is cut off from all others" in text
    assert f"{unit:,.0f} USD million under the rule 'fixed'" in text
    assert raised.value.cells == (("C001", ""), ("C002", ""))
    assert "Choose transfers='proportional'" in " ".join(raised.value.remedies)
    # Whoever is cut off balances under the other rules, unless the shock adds a transfer.
    deficits([unit, 0, 0, -unit], "proportional", PAIRS)
    deficits([unit, 0, 0, -unit], "zero", PAIRS)
    with pytest.raises(InfeasibleShock):
        deficits([0, 0, 0, 0], "zero", PAIRS, added=[unit, 0, 0, -unit])
    deficits([0, 0, 0, 0], "zero", PAIRS, added=[unit, -unit, 0, 0])


def test_who_sells_without_buying_has_to_hand_over() -> None:
    unit = 1e-3 * float(WORLD.income_n.sum())
    one_way = [*PAIRS, (0, 2)]
    # C001 and C002 sell to the others and buy nothing of them: a surplus, and it has to be one.
    deficits([-unit, 0, 0, unit], "fixed", one_way)
    with pytest.raises(InfeasibleShock, match="can sell to the others but not buy") as raised:
        deficits([0, 0, 0, 0], "fixed", one_way)
    assert "Close the other direction as well" in " ".join(raised.value.remedies)
    with pytest.raises(InfeasibleShock, match="C001, C002 can sell"):
        deficits([unit, 0, 0, -unit], "fixed", one_way)
    # Smaller sets are told first: here C004 alone buys without selling.
    only_buys = [(0, 1), (1, 2), (2, 0), (0, 3)]
    with pytest.raises(InfeasibleShock, match="C004 can buy from the others but not sell"):
        deficits([0, 0, 0, 0], "fixed", only_buys)
    deficits([-unit, 0, 0, unit], "fixed", only_buys)


def test_who_owes_more_than_it_earns_is_named() -> None:
    def stalled(income: list[float], transfer: list[float]) -> Any:
        return SimpleNamespace(
            point=SimpleNamespace(income_n=np.array(income), transfer_n=np.array(transfer)),
            system=SimpleNamespace(economy=SimpleNamespace(transfer_n=np.array([-50.0, 0, 0, 0]))),
        )

    found = stalled([-20.0, 5.0, -1.0, -9.0], [-50.0, -1.0, 2.0, -12.0])
    assert feasibility.unpayable(found).tolist() == [0, 3]
    text = feasibility.unpayable_words(found, "fixed", WORLD.countries)
    assert text == (
        "Where the search ended, C001 owes 50 USD million to other countries (its trade surplus, "
        "which the rule 'fixed' keeps) and earns 30: it seems that no equilibrium exists in which "
        "it can pay. 1 more owe more than they earn."
    )
    assert "(a transfer of the shock)" in feasibility.unpayable_words(found, "zero", ())
    other = stalled([-20.0, 5.0, 1.0, 9.0], [-51.0, -1.0, 2.0, -12.0])
    text = feasibility.unpayable_words(other, "fixed", ())
    assert "country 0 owes 51 USD million to other countries (a transfer of the shock)" in text
    assert "more owe" not in text


def test_a_market_from_the_gate_to_the_buyer() -> None:
    """What producers receive, with export tax, with tariff, and what arrives, cell by cell."""
    a, b, c, _ = WORLD.countries
    good = WORLD.goods[0]
    shock = tariff(a, b, good, rate=0.25) + export_tax(a, c, good, rate=0.1)
    shock += iceberg(a, b, good, factor=1.3)
    result = solve(WORLD, shock, tolerance=1e-12)
    market = result.market(good)
    i, n, m = (WORLD.country(x) for x in (a, b, c))
    np.testing.assert_allclose(market.received_ni, result.trade_jni[0], rtol=1e-9)
    assert market.paid_ni[n, i] == pytest.approx(1.25 * market.fob_ni[n, i])
    assert market.fob_ni[n, i] == pytest.approx(market.received_ni[n, i])
    assert market.fob_ni[m, i] == pytest.approx(1.1 * market.received_ni[m, i])
    assert market.paid_ni[m, i] == pytest.approx(market.fob_ni[m, i])
    np.testing.assert_allclose(market.paid_ni.sum(axis=1), result.solution.spending_jn[0])
    np.testing.assert_allclose(market.gate_n, 1 + result.cost_change.values[0])
    lost = np.ones((4, 4))
    lost[n, i] = 1.3
    np.testing.assert_allclose(market.arrived_ni, market.received_ni / market.gate_n / lost)
    quantity = result.quantity_change.values[0]
    np.testing.assert_allclose(
        quantity, market.arrived_ni / WORLD.trade_jni[0] - 1, rtol=1e-7, atol=1e-9
    )
    assert result.market(good) is market
    frame = result.to_frame("goods")
    sold = frame.filter((frame["good"] == good) & (frame["country"] == a))
    assert sold["sales"].item() == pytest.approx(market.received_ni[:, i].sum())
    assert sold["spending"].item() == pytest.approx(market.paid_ni[i].sum())
    assert sold["base_sales"].item() == pytest.approx(WORLD.sales_jn[0, i])
    trade = result.to_frame("trade").row(n * 4 + i, named=True)
    assert (trade["good"], trade["market"], trade["origin"]) == (good, b, a)
    assert trade["trade_value"] == pytest.approx(market.received_ni[n, i])
    assert trade["base_trade_value"] == pytest.approx(WORLD.trade_jni[0, n, i])
    assert trade["share"] == pytest.approx(market.paid_ni[n, i] / market.paid_ni[n].sum())
    assert trade["base_share"] == pytest.approx(WORLD.share_jni[0, n, i])
    with pytest.raises(ValueError, match="no frame 'prices'"):
        result.to_frame("prices")  # type: ignore[arg-type]


def test_changes_by_country_in_closed_form() -> None:
    a, b = WORLD.countries[:2]
    result = solve(WORLD, iceberg(a, b, factor=1.4), tolerance=1e-12)
    s = result.solution
    price = np.exp(s.point.log_final_price_n)
    np.testing.assert_allclose(result.wage_change.values, np.exp(s.log_wage_n) - 1)
    np.testing.assert_allclose(result.real_wage_change.values, np.exp(s.log_wage_n) / price - 1)
    real = s.point.income_n / WORLD.income_n / price
    np.testing.assert_allclose(result.real_income_change.values, real - 1)
    np.testing.assert_allclose(result.equivalent_variation.values, WORLD.income_n * (real - 1))
    rows = result.to_frame()
    np.testing.assert_allclose(rows["final_price_change"], price - 1)
    np.testing.assert_allclose(rows["wage_change"], result.wage_change.values)
    np.testing.assert_allclose(rows["income"], WORLD.income_n)
    np.testing.assert_allclose(rows["equivalent_variation"], result.equivalent_variation.values)
    assert rows["country"].to_list() == list(WORLD.countries)
    assert result.route_share(WORLD.goods[0], a, b) == {}


def test_shocks_of_whole_arrays_combine_as_they_say() -> None:
    ones = np.ones((2, 4, 4))
    productivity, labour = np.full((4, 2), 1.2), np.full(4, 0.9)
    both = Shock(productivity_nj=productivity, labour_n=labour) + Shock(
        productivity_nj=productivity, transfer_n=np.arange(4.0)
    )
    np.testing.assert_allclose(both.productivity_nj, 1.44)  # type: ignore[arg-type]
    np.testing.assert_allclose(both.labour_n, 0.9)  # type: ignore[arg-type]
    np.testing.assert_allclose(both.transfer_n, np.arange(4.0))  # type: ignore[arg-type]
    twice = both + Shock(transfer_n=np.ones(4))
    np.testing.assert_allclose(twice.transfer_n, np.arange(4.0) + 1)  # type: ignore[arg-type]
    leaky = Shock(iceberg_jni=2 * ones, leakage_jni=0.1)
    for sum_ in (leaky + both, both + leaky):
        assert sum_.leakage_jni == 0.1
        np.testing.assert_allclose(sum_.iceberg_jni, 2.0)  # type: ignore[arg-type]
    with pytest.raises(ShockError, match="iceberg_jni, with leakages of their own"):
        leaky + leaky
    with pytest.raises(ShockError, match="whole array tariff_jni") as raised:
        Shock(tariff_jni=ones) + Shock(tariff_jni=ones)
    assert "named builders" in raised.value.remedy
    named = embargo("C001", "C002") + leaky
    assert len(named.changes) == 1
    assert sum([embargo("C001", "C002"), embargo("C002", "C001")], start=Shock()).key == (
        sum([embargo("C001", "C002"), embargo("C002", "C001")]).key  # type: ignore[union-attr]
    )
    with pytest.raises(TypeError):
        embargo("C001", "C002") + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        1 + embargo("C001", "C002")  # type: ignore[operator]


def test_the_exact_decomposition_says_how_far_it_came() -> None:
    result = solve(WORLD, iceberg("C001", "C002", factor=2.0), tolerance=1e-11)
    with pytest.raises(NotConverged, match=r"with 2 steps, asked for .* most_nodes"):
        exact(result, tolerance=1e-14, most_nodes=3)
    with pytest.raises(NotConverged, match="with 4 steps"):
        exact(result, tolerance=1e-14, most_nodes=5)


def test_a_certificate_names_the_condition_that_holds_least() -> None:
    found = {
        "prices": np.array([[1e-12, 0.0], [0.0, 0.0]]),
        "markets": np.array([[0.0, 0.0], [3e-10, 0.0]]),
        "congestion": np.zeros(0),
    }
    good = certify(found, tolerance=3e-10, evaluations=12, restarts=1)
    assert (good.status, good.condition, good.place) == ("converged", "markets", (1, 0))
    assert (good.largest_violation, good.evaluations, good.restarts) == (3e-10, 12, 1)
    assert good.sentence == (
        "Converged after 12 evaluations: the largest relative violation over all prices, markets, "
        "budgets and factor markets is 3.0e-10 (markets), asked for 3e-10."
    )
    bad = certify(found, tolerance=1e-10, evaluations=12, restarts=1)
    assert bad.status == "stalled"
    assert bad.sentence.startswith("Stalled after 12 evaluations")


@pytest.mark.parametrize("horizon", ["long", "short"])
@pytest.mark.parametrize("rule", ["fixed", "proportional"])
def test_an_evaluation_does_not_hang_on_the_unit_of_money(horizon: str, rule: str) -> None:
    """Wages and rents times one factor, and spending times another, lead to the same image."""
    world = synthetic(4, 3, 5, zeros=0.1, tariff=0.05, resource_share=0.2)
    shock = tariff("C001", "C002", rate=0.3) + iceberg("C003", "C001", factor=1.2)
    system = solve(world, shock, horizon, rule).solution.system
    layout = layout_of(system)
    rng = np.random.default_rng(0)
    x = 0.1 * rng.normal(size=(1, layout.size))
    image = layout.pack(evaluate(system, layout.unpack(x))[0])
    goods = len(world.goods) * len(world.countries)
    earned = np.arange(layout.size) < len(world.countries) + layout.rents
    spent = np.arange(layout.size) >= layout.size - goods
    for factor, other in ((2.0, 1.0), (1e-3, 1.0), (1.0, 5.0), (0.2, 0.1)):
        unit = earned * np.log(factor) + spent * np.log(other)
        moved = layout.pack(evaluate(system, layout.unpack(x + unit))[0])
        np.testing.assert_allclose(moved, image, atol=1e-9)


def test_evaluations_lead_to_a_solution_without_acceleration() -> None:
    """Each brings the unknowns nearer: damped and plain, they end where the solver ends."""
    world = synthetic(4, 3, 5, zeros=0.1, resource_share=0.2)
    found = solve(world, iceberg("C003", "C001", factor=1.5), "short", tolerance=1e-12).solution
    layout = layout_of(found.system)
    x = np.zeros((1, layout.size))
    gaps = []
    for _ in range(60):
        image = layout.pack(evaluate(found.system, layout.unpack(x))[0])
        gaps.append(np.abs(image - x).max())
        x = 0.5 * x + 0.5 * image
    assert gaps[-1] < 1e-2 * gaps[0]
    solution = found.unknowns[None, :]
    np.testing.assert_allclose(
        layout.pack(evaluate(found.system, layout.unpack(solution))[0]), solution, atol=1e-10
    )


def test_flows_that_are_small_have_ways_as_well() -> None:
    """A market of a few dollars chooses as the others do; one that buys nothing has no choice."""
    base = synthetic(4, 2, 3, zeros=0.0)
    world = replace(
        base,
        trade_jni=base.trade_jni * 1e-6, intermediate_nkj=base.intermediate_nkj * 1e-6,
        final_nj=base.final_nj * 1e-6, labour_nj=base.labour_nj * 1e-6,
        capital_nj=base.capital_nj * 1e-6, resource_nj=base.resource_nj * 1e-6,
    )  # fmt: skip
    routes = (Route("a", 0.7, cost=1.5), Route("b", 0.3))
    shock = Shock(
        route_choices=(RouteChoice(world.goods[0], "C001", ("C002", "C001"), routes, 4.0),)
    )
    share = solve(world, shock).route_share(world.goods[0], "C001", "C002")
    weight = 0.7 * 1.5**-4.0
    assert share["a"] == pytest.approx(weight / (weight + 0.3))
    assert solve(world, shock).route_share(world.goods[0], "C001", "C001") == {}
    assert solve(world, shock).route_share(world.goods[1], "C001", "C002") == {}


def test_the_printed_first_order_formula_cell_by_cell() -> None:
    """Terms and volume of trade at the flows of the base year, own sales left out."""
    world = synthetic(4, 3, 5, zeros=0.1, tariff=0.05)
    a, b, c, _ = world.countries
    result = solve(world, tariff(a, b, rate=0.3) + iceberg(c, a, factor=1.1), tolerance=1e-11)
    cost = np.exp(result.solution.point.log_cost_jn) - 1
    found = first_order(result)
    for n in range(4):
        terms = volume = 0.0
        for j in range(3):
            for i in range(4):
                if i == n:
                    continue
                sold, flow = world.trade_jni[j, i, n], world.trade_jni[j, n, i]
                terms += sold * cost[j, n] - flow * cost[j, i]
                if flow > 0:
                    quantity = result.trade_jni[j, n, i] / flow - 1 - cost[j, i]
                    volume += world.tariff_jni[j, n, i] * flow * quantity
        income = world.income_n[n]
        assert found.terms_of_trade.values[n] == pytest.approx(terms / income, abs=1e-12)
        assert found.volume_of_trade.values[n] == pytest.approx(volume / income, abs=1e-12)
        assert found.total.values[n] == pytest.approx((terms + volume) / income, abs=1e-12)
    # For a small shock it is near the exact change.
    small = solve(world, tariff(a, b, rate=1e-4, added=True), tolerance=1e-12)
    near = first_order(small).total.values
    exact_change = small.real_income_change.values
    assert np.abs(near - exact_change).max() < 1e-2 * np.abs(exact_change).max()


@pytest.mark.parametrize(
    ("transfer", "routes", "carry", "rule", "unpaid", "said"),
    [
        (0, 0, 1.0, "fixed", False, "the rule 'proportional' or 'zero' for transfers, a longer"),
        (0, 0, 1.0, "zero", False, "What may help: a longer horizon, higher elasticities of input"),
        (0, 0, 0.0009, "zero", False, "a leakage for embargoes (0.001 is enough), a longer"),
        (0, 0, 0.001, "zero", False, "What may help: a longer horizon"),
        (0, 1, 1.0, "zero", False, "a leakage for embargoes (0.001 is enough), a longer"),
        (1, 0, 0.0, "zero", True, "What may help: smaller transfers in the shock, or a smaller"),
        (0, 1, 0.0, "fixed", True, "What may help: the rule 'proportional' or 'zero' for transfers"
         ", or a smaller shock."),
    ],
)  # fmt: skip
def test_what_may_help_fits_the_shock(
    transfer: int, routes: int, carry: float, rule: str, unpaid: bool, said: str
) -> None:
    wedges: Any = SimpleNamespace(
        transfer_n=np.array([transfer, -transfer]),
        route_groups=(None,) * routes,
        carry=np.array([carry]),
    )
    assert said in _remedies(wedges, rule, unpaid)
    bare: Any = SimpleNamespace(transfer_n=np.zeros(2), route_groups=(), carry=np.zeros(0))
    assert "leakage" not in _remedies(bare, "zero", False)


def test_exact_parts_sum_where_the_base_year_has_tariffs_and_export_taxes() -> None:
    base = synthetic(4, 2, 3, zeros=0.0, tariff=0.1)
    taxed = solve(base, export_tax("C002", "*", rate=0.15), tolerance=1e-12).as_world()
    assert taxed.tariff_jni.any()
    assert taxed.export_tax_jni.any()
    shock = tariff("C002", "C001", rate=0.3) + export_tax("C002", "C003", rate=0.05)
    found = exact(solve(taxed, shock, tolerance=1e-12), tolerance=1e-7)
    change = np.abs(found.total.values).max()
    assert np.abs(found.closure.values).max() <= 1e-7 * 1.1 * change
    assert np.abs(found.volume_of_trade.values).max() > 1e-2 * change


def test_results_carry_their_names_and_units() -> None:
    result = solve(WORLD, iceberg("C001", "C002", factor=1.2))
    money = WORLD.unit
    for name, unit in {
        "real_income_change": "fraction", "equivalent_variation": f"{money} a year",
        "wage_change": "fraction", "real_wage_change": "fraction", "price_change": "fraction",
        "cost_change": "fraction", "share": "fraction", "trade_value": money,
        "quantity_change": "fraction",
    }.items():  # fmt: skip
        found = getattr(result, name)
        assert (found.name, found.unit) == (name.replace("_", " "), unit)
    assert result.equivalent_variation.axes == ("country",)
    assert result.cost_change.axes == ("good", "country")
    assert result.transit_revenue.name == "transit revenue"


@pytest.mark.parametrize("tolerance", [1e-9, 1e-12])
def test_every_round_of_a_search_is_counted(tolerance: float) -> None:
    """A certificate that asks for more than a small residual takes further rounds."""
    rng = np.random.default_rng(63)
    countries, goods = int(rng.integers(3, 9)), int(rng.integers(2, 6))
    base = synthetic(countries, goods, 63, zeros=0.2, resource_share=0.3)
    base = replace(base, input_substitution_j=np.full(goods, 0.05))
    horizon = Horizon("rigid", "", 1.0, 9.0, 1.0)
    shock = embargo("C001", "C002", leakage=0.01) + iceberg("C002", "C003", factor=3.0)
    seen: list[float] = []
    result = solve(
        base, shock, horizon, "proportional", tolerance, watch=lambda: seen.append(tolerance)
    )
    assert 0 < result.certificate.evaluations - len(seen) <= 2
