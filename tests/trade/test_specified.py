"""Labour supply, returns to scale, mark-ups and pass-through: closed forms and limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detente.trade import (
    Equilibrium,
    Route,
    RouteChoice,
    Shock,
    ShockError,
    capacity,
    embargo,
    exact,
    export_tax,
    gradients,
    iceberg,
    labour,
    productivity,
    solve,
    solve_many,
    tariff,
)
from detente.trade._linear_response import response
from detente.trade.certificate import violations
from detente.world import (
    World,
    WorldError,
    load_world,
    melitz_pareto,
    monopolistic_competition,
    save_world,
    synthetic,
)

#: Every part alone, and most of them together.
PARTS: dict[str, dict[str, Any]] = {
    "labour supply": {"labour_supply_elasticity": 0.5},
    "labour supply of some": {"labour_supply_elasticity": {"C001": 1.0, "C003": 0.2}},
    "income tax": {"labour_supply_elasticity": 0.5, "revenue": "income_tax"},
    "scale": {"scale_elasticity": 0.1},
    "scale of one good": {"scale_elasticity": {"G01": 0.07}},
    "mark-up": {"mark_up": 1.1},
    "profits of all": {"mark_up": {"G01": 1.3}, "profits": "world"},
    "marketing": {"marketing_share": 0.1},
    "market size": {"market_size_elasticity": 0.1},
    "exporters absorb": {"tariff_pass_through": 0.6},
    "importers absorb": {"tariff_pass_through": 0.6, "absorption": "importer"},
    "nobody absorbs": {"tariff_pass_through": {"G01": 1.3}, "absorption": "trade_cost"},
    "all": {
        "labour_supply_elasticity": 0.5,
        "scale_elasticity": 0.1,
        "mark_up": 1.1,
        "profits": "world",
        "marketing_share": 0.1,
        "market_size_elasticity": 0.1,
        "tariff_pass_through": 1.1,
        "absorption": "trade_cost",
        "revenue": "income_tax",
    },
}
parts = pytest.mark.parametrize("part", PARTS)
SHOCK = tariff("C001", "C002", rate=0.3) + embargo("C003", "C004", leakage=0.1)


def world(seed: int = 1, **more: float) -> World:
    return synthetic(6, 3, seed, zeros=0.0, tariff=0.05, **more)  # type: ignore[arg-type]


def closed(goods: int = 1, **more: Any) -> World:
    """One country without inputs, its income spread evenly over goods."""
    value = np.full((1, goods), 100.0 / goods)
    names = [f"G{k}" for k in range(goods)]
    return World.from_flows(
        ["AAA"], names, value.T[:, :, None], np.zeros((1, goods, goods)), value, value, **more
    )


def change(found: Equilibrium) -> float:
    return float(1 + found.real_income_change["AAA"])


@pytest.mark.parametrize("kappa", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("gamma", [0.0, 0.15])
def test_a_closed_economy_with_labour_supply_and_scale(kappa: float, gamma: float) -> None:
    """L̂ = (ŵ/P̂)^κ and ŵ/P̂ = Â L̂^γ, so that L̂ = Â^(κ/(1 − κγ)); v is κ/(1 + κ) of the wage."""
    base = closed().specified(labour_supply_elasticity=kappa, scale_elasticity=gamma)
    found = solve(base, productivity("AAA", factor=1.2), tolerance=1e-12)
    work = 1.2 ** (kappa / (1 - kappa * gamma))
    real = 1.2 * work**gamma
    assert 1 + found.employment_change["AAA"] == pytest.approx(work, rel=1e-9)
    expected = real * work - kappa / (1 + kappa) * (real * work - 1)
    assert change(found) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("kappa", [0.25, 1.0])
def test_gains_from_trade_with_labour_supply(kappa: float) -> None:
    """One good: Ŵ = 1 + (λ̂^(−(1+κ)/θ) − 1)/(1 + κ), which at κ = 0 is that of Arkolakis et al."""
    base = synthetic(4, 1, 2, zeros=0.0)
    flows = base.trade_jni
    base = World.from_flows(
        base.countries,
        base.goods,
        flows,
        np.zeros((4, 1, 1)),
        flows.sum(axis=2).T,
        flows.sum(axis=1).T,
        trade_elasticity_j=5.0,
    ).specified(labour_supply_elasticity=kappa)
    found = solve(base, iceberg("*", "*", factor=1.4), transfers="zero", tolerance=1e-12)
    own = np.arange(4)
    home = found.share_jni[0, own, own] / found.world.share_jni[0, own, own]
    expected = 1 + (home ** (-(1 + kappa) / 5.0) - 1) / (1 + kappa)
    np.testing.assert_allclose(1 + found.real_income_change.values, expected, rtol=1e-9)


@pytest.mark.parametrize("gamma", [0.05, 0.2])
def test_scale_in_gains_from_trade(gamma: float) -> None:
    """Without inputs ŵ/P̂ = Π (λ̂^(−1/θ) L̂_j^γ)^α (Kucheryavyy, Lyn & Rodríguez-Clare 2023)."""
    base = world()
    flows = base.trade_jni
    base = World.from_flows(
        base.countries,
        base.goods,
        flows,
        np.zeros((6, 3, 3)),
        flows.sum(axis=2).T,
        flows.sum(axis=1).T,
        trade_elasticity_j=[3.0, 4.0, 5.0],
    ).specified(scale_elasticity=gamma)
    found = solve(base, iceberg("C001", "*", factor=1.5), transfers="zero", tolerance=1e-12)
    start, own = found.world, np.arange(6)
    home = found.share_jni[:, own, own] / start.share_jni[:, own, own]
    work = found.solution.point.sales_jn / start.sales_jn / (1 + found.wage_change.values)
    share = (start.final_nj / start.income_n[:, None]).T
    log_real = share * (-np.log(home) / start.trade_elasticity_j[:, None] + gamma * np.log(work))
    np.testing.assert_allclose(
        np.log1p(found.real_wage_change.values), log_real.sum(axis=0), atol=1e-9
    )
    assert np.ptp(work) > 0.01


@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.0])
def test_profits_in_a_closed_economy(sigma: float) -> None:
    """A country spends x on the good with profits s of sales: income is wages over 1 − s x."""
    mark_up, s = 1.25, 0.2
    base = closed(2, final_substitution_n=sigma).specified(mark_up={"G0": mark_up})
    found = solve(base, productivity("AAA", "G0", factor=1.5), tolerance=1e-12)
    price = np.array([1 / 1.5, 1.0])
    weight = 0.5 * price ** (1 - sigma)
    spent = weight[0] / weight.sum()
    index = np.exp(0.5 * np.log(price).sum())
    index = index if sigma == 1 else weight.sum() ** (1 / (1 - sigma))
    assert change(found) == pytest.approx((1 - 0.5 * s) / (1 - s * spent) / index, rel=1e-9)
    income = 100 * (1 - 0.5 * s) / (1 - s * spent)
    assert found.profits["AAA"] == pytest.approx(s * spent * income, rel=1e-9)


def test_profits_of_all_go_to_their_owners() -> None:
    base = world().specified(mark_up={"G01": 1.2}, profits="world")
    found = solve(base, SHOCK, tolerance=1e-11)
    owned = solve(base, tolerance=1e-11).profits.values
    made = found.solution.point.sales_jn[0].sum() * (1 - 1 / 1.2)
    np.testing.assert_allclose(found.profits.values, owned / owned.sum() * made, rtol=1e-8)
    home = solve(base.specified(profits="home"), SHOCK, tolerance=1e-11)
    assert np.abs(home.real_income_change.values - found.real_income_change.values).max() > 1e-5


@parts
def test_a_neutral_value_is_the_plain_model_bit_for_bit(part: str) -> None:
    plain = {
        "labour_supply_elasticity": 0.0,
        "scale_elasticity": 0.0,
        "mark_up": 1.0,
        "marketing_share": 0.0,
        "market_size_elasticity": 0.0,
        "tariff_pass_through": 1.0,
    }
    given = PARTS[part] | {k: v for k, v in plain.items() if k in PARTS[part]}
    base, neutral = world(), world().specified(**given)
    assert neutral.digest == base.digest
    one, other = solve(base, SHOCK), solve(neutral, SHOCK)
    assert np.array_equal(one.solution.unknowns, other.solution.unknowns)
    assert np.array_equal(one.equivalent_variation.values, other.equivalent_variation.values)


@pytest.mark.parametrize(
    ("name", "neutral"),
    [
        ("labour_supply_elasticity", 0.0),
        ("scale_elasticity", 0.0),
        ("mark_up", 1.0),
        ("marketing_share", 0.0),
        ("market_size_elasticity", 0.0),
        ("tariff_pass_through", 1.0),
    ],
)
def test_the_plain_model_is_the_limit(name: str, neutral: float) -> None:
    base = world()
    expected = solve(base, SHOCK, tolerance=1e-12).real_income_change.values
    gap = []
    for step in (1e-4, 1e-5):
        found = solve(base.specified(**{name: neutral + step}), SHOCK, tolerance=1e-12)
        gap.append(np.abs(found.real_income_change.values - expected).max())
    # Ten times nearer in the argument is ten times nearer in welfare.
    assert gap[1] == pytest.approx(gap[0] / 10, rel=0.05)


@parts
@pytest.mark.parametrize("horizon", ["long", "short"])
def test_without_a_shock_nothing_moves_and_every_condition_holds(part: str, horizon: str) -> None:
    base = world(resource_share=0.1).specified(**PARTS[part])
    still = solve(base, None, horizon, tolerance=1e-11)
    assert np.abs(still.real_income_change.values).max() < 1e-12
    moved = solve(base, SHOCK, horizon, tolerance=1e-11)
    s = moved.solution
    where = (s.log_wage_n, s.log_rent_nj, s.log_price_jn, s.spending_jn, s.log_congestion_q)
    gaps = violations(
        s.system, *where, s.point.log_final_price_n, s.log_employment_m, s.log_scale_l
    )
    assert {k: v.max() for k, v in gaps.items() if v.max(initial=0) > 1e-11} == {}
    # Bent unknowns are noticed.
    for name, bent in (("labour supply", s.log_employment_m), ("scale", s.log_scale_l)):
        if len(bent):
            away = [s.log_employment_m, s.log_scale_l]
            away[0 if name == "labour supply" else 1] = bent + 1e-3
            found = violations(s.system, *where, s.point.log_final_price_n, *away)
            assert found[name].max() > 1e-4


@parts
@pytest.mark.parametrize("horizon", ["long", "short"])
def test_gradients_are_differences_of_whole_solves(part: str, horizon: str) -> None:
    base = world().specified(**PARTS[part])
    at = base.country

    def moved(x: float) -> Equilibrium:
        shock = SHOCK + tariff("C005", "C001", rate=0.1 + x)
        shock += iceberg("C002", "C004", factor=np.exp(2 * x)) + export_tax("C004", "C002", rate=x)
        shock += productivity("C003", factor=np.exp(x)) + labour("C001", factor=np.exp(x))
        shock += capacity("C006", factor=np.exp(x))
        return solve(base, shock, horizon, tolerance=1e-12)

    step = 1e-4
    high, low = (moved(x).equivalent_variation.values for x in (step, -step))
    for k, g in enumerate(gradients(moved(0.0), list(base.countries))):
        along = (
            np.nansum(g.tariff_jni.values[:, at("C001"), at("C005")])
            + 2 * g.iceberg_jni.values[:, at("C004"), at("C002")].sum()
            + g.export_tax_jni.values[:, at("C002"), at("C004")].sum()
            + g.productivity_nj.values[at("C003")].sum()
            + g.labour_n.values[at("C001")]
            + np.nansum(g.capacity_nj.values[at("C006")])
        )
        # A central difference errs by its step squared.
        expected = (high[k] - low[k]) / (2 * step)
        assert along == pytest.approx(
            expected, rel=1e-5, abs=1e-5 * np.abs(high - low).max() / step
        )


@parts
def test_many_shocks_are_solved_as_one_by_one(part: str) -> None:
    base = world().specified(**PARTS[part])
    shocks = [tariff("C001", "C002", rate=r) for r in (0.0, 0.2, 0.6)]
    shocks.append(embargo("C003", "C004") + productivity("C001", factor=0.9))
    many = solve_many(base, shocks, "short", tolerance=1e-11)
    near = response(many[0].solution)
    start = [many[0]] * len(shocks)
    warm = solve_many(base, shocks, "short", tolerance=1e-11, start=start, response=near)
    for shock, *found in zip(shocks, many, warm, strict=True):
        alone = solve(base, shock, "short", tolerance=1e-11).real_income_change.values
        for one in found:
            np.testing.assert_allclose(one.real_income_change.values, alone, atol=1e-9)


@parts
def test_an_equilibrium_is_a_base_year(part: str) -> None:
    base = world(resource_share=0.1).specified(**PARTS[part])
    for horizon in ("long", "short"):
        after = solve(base, SHOCK, horizon, tolerance=1e-12).as_world()
        assert np.abs(solve(after, None, horizon).real_income_change.values).max() < 1e-9
        back = solve(after, Shock(tariff_jni=base.tariff_jni), horizon, tolerance=1e-11)
        assert back.certificate.status == "converged"


def equal(one: Equilibrium, other: Equilibrium) -> None:
    np.testing.assert_allclose(
        one.real_income_change.values, other.real_income_change.values, atol=1e-10
    )
    np.testing.assert_allclose(one.share_jni, other.share_jni, atol=1e-9)


@pytest.mark.parametrize("rate", [0.3, -0.2])
@pytest.mark.parametrize("passed", [0.5, 1.2])
def test_pass_through_is_a_tax_or_a_cost(passed: float, rate: float) -> None:
    """Who bears the rest makes it a subsidy of exporters, a rebate of importers, or a cost."""
    base = synthetic(4, 2, 3, zeros=0.0)
    rest = (1 + rate) ** (passed - 1)

    def under(absorption: Any) -> Equilibrium:
        partial = base.specified(tariff_pass_through=passed, absorption=absorption)
        return solve(partial, tariff("C001", "C002", rate=rate), tolerance=1e-12)

    def plainly(shock: Shock) -> Equilibrium:
        return solve(base, shock, tolerance=1e-12)

    whole = tariff("C001", "C002", rate=rate)
    equal(under("exporter"), plainly(whole + export_tax("C001", "C002", rate=rest - 1)))
    equal(under("importer"), plainly(tariff("C001", "C002", rate=(1 + rate) * rest - 1)))
    equal(under("trade_cost"), plainly(whole + iceberg("C001", "C002", factor=rest)))
    assert under("importer").wedges.statutory_tariff_jni[0, 1, 0] == pytest.approx(rate)


def test_krugman_is_scale_and_ossa_is_a_mark_up() -> None:
    base = replace(world(), trade_elasticity_j=np.array([4.0, 5.0, 6.0]))
    krugman = monopolistic_competition(base, 9.0)
    np.testing.assert_allclose(krugman.specification.scale_elasticity_j, 1 / 8)
    ossa = monopolistic_competition(base, 9.0, entry="restricted", profits="world")
    np.testing.assert_allclose(ossa.specification.mark_up_j, 9 / 8)
    # Profits are the share 1/σ of sales.
    made = solve(ossa).profits.values.sum()
    assert made == pytest.approx(base.sales_jn.sum() / 9)


@pytest.mark.parametrize("entry", ["free", "restricted"])
def test_melitz_with_one_good_has_the_gains_of_eaton_and_kortum(entry: Any) -> None:
    """Arkolakis, Costinot & Rodríguez-Clare (2012): shares and θ tell the gains, whatever firms do.

    It holds where trade is balanced, fixed costs are a share of sales, and no tariff is charged.
    """
    flows = synthetic(4, 1, 2, zeros=0.0).trade_jni
    even = 0.5 * (flows + flows.transpose(0, 2, 1))
    base = World.from_flows(
        [f"C00{k}" for k in range(4)],
        ["G"],
        even,
        np.zeros((4, 1, 1)),
        even.sum(axis=2).T,
        even.sum(axis=1).T,
        trade_elasticity_j=4.0,
    )
    melitz = melitz_pareto(base, 3.5, entry=entry)
    found = solve(melitz, iceberg("*", "*", factor=1.3), tolerance=1e-12)
    own = np.arange(4)
    home = found.share_jni[0, own, own] / base.share_jni[0, own, own]
    np.testing.assert_allclose(1 + found.real_income_change.values, home ** (-1 / 4.0), rtol=1e-8)


def test_buyers_answer_tariffs_in_melitz_by_more_than_theta() -> None:
    """Felbermayr, Jung & Larch (2015): the elasticity to a tariff is σθ/(σ − 1) − 1."""
    base = replace(synthetic(3, 1, 5, zeros=0.0), trade_elasticity_j=np.array([5.0]))
    sigma, rate = 3.0, 0.2
    found = solve(melitz_pareto(base, sigma), tariff("C001", "C002", rate=rate), tolerance=1e-12)
    cost = 1 + found.cost_change.values[0]
    share = found.share_jni[0, 1] / base.share_jni[0, 1]
    ratio = (share[0] / share[2]) / (cost[0] / cost[2]) ** -5.0
    assert np.log(ratio) / -np.log1p(rate) == pytest.approx(sigma * 5 / (sigma - 1) - 1, rel=1e-8)


@parts
def test_a_saved_world_keeps_what_is_specified(part: str, tmp_path: Any) -> None:
    base = world().specified(**PARTS[part])
    again = load_world(save_world(base, tmp_path / "w"))
    assert again.digest == base.digest != world().digest
    assert again.specification.parts.keys() == base.specification.parts.keys()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"labour_supply_elasticity": -0.1}, ["labour_supply_elasticity is -0.1"]),
        ({"labour_supply_elasticity": {"XXX": 1.0}}, ["XXX", "no country"]),
        ({"scale_elasticity": {"ALL": 1.0}}, ["ALL", "no good"]),
        ({"scale_elasticity": 0.9}, ["scale elasticity times trade elasticity", "G01"]),
        ({"scale_elasticity": [0.1, 0.2]}, ["(2,)", "(3,)"]),
        ({"mark_up": 0.9}, ["mark_up is 0.9", "from 1"]),
        ({"mark_up": 50.0}, ["profits", "exceed", "lower mark-ups"]),
        ({"marketing_share": 1.0}, ["marketing_share is 1.0", "below 1"]),
        ({"tariff_pass_through": float("nan")}, ["tariff_pass_through is nan"]),
        ({"profits": "abroad"}, ["profits is 'abroad'", "home, world"]),
        ({"absorption": "nobody"}, ["exporter, importer, trade_cost"]),
        ({"revenue": "waste"}, ["lump_sum, income_tax"]),
    ],
)
def test_what_cannot_be_specified_says_why(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(WorldError) as caught:
        world().specified(**given)
    for word in words:
        assert word in str(caught.value)


def test_firms_that_cannot_be_are_refused() -> None:
    with pytest.raises(WorldError, match="no number above 1"):
        monopolistic_competition(world(), 1.0)
    with pytest.raises(WorldError, match="not below the trade"):
        melitz_pareto(world(), 50.0)
    with pytest.raises(WorldError, match="free and restricted"):
        monopolistic_competition(world(), 9.0, entry="closed")  # type: ignore[arg-type]
    with pytest.raises(WorldError, match="shape"):
        melitz_pareto(world(), [2.0, 3.0])


def test_what_is_not_defined_with_a_specification_is_refused() -> None:
    base = world().specified(labour_supply_elasticity=0.5)
    with pytest.raises(ShockError, match="labour supply elasticity"):
        exact(solve(base, SHOCK))
    sea = (Route("a", 0.5), Route("b", 0.5))
    routed = Shock(route_choices=(RouteChoice("G01", "C001", ("C002",), sea, 4.0),))
    with pytest.raises(ShockError, match="choose among routes"):
        solve(world().specified(marketing_share=0.1), routed)


def test_routes_with_a_capacity_are_solved_with_labour_supply_scale_and_profits() -> None:
    base = synthetic(6, 3, 3, zeros=0.0, resource_share=0.3)
    base = base.specified(labour_supply_elasticity=0.4, scale_elasticity=0.05, mark_up=1.05)
    flow = sum(base.trade_jni[0, n, 0] for n in (1, 2))
    ways = (Route("near", 0.6, capacity=0.7 * flow), Route("far", 0.4, capacity=0.6 * flow))
    routes = Shock(route_choices=(RouteChoice("G01", "C001", ("C002", "C003"), ways, 5.0),))
    shocks = [routes + tariff("C004", "C001", rate=r) for r in (0.0, 0.3)]
    start = solve_many(base, shocks, "short", tolerance=1e-11)
    near = response(start[0].solution)
    warm = solve_many(base, shocks, "short", tolerance=1e-11, start=start, response=near)
    for one, other in zip(start, warm, strict=True):
        np.testing.assert_allclose(
            one.real_income_change.values, other.real_income_change.values, atol=1e-9
        )


@pytest.mark.parametrize("rate", [-0.1, -0.4])
def test_subsidies_are_tariffs_below_zero(rate: float) -> None:
    base = synthetic(4, 2, 3, zeros=0.0)
    found = solve(base, tariff("C001", "C002", rate=rate), tolerance=1e-11)
    assert found.tariff_revenue["C002"] < 0
    assert found.real_income_change["C002"] < 0 < found.real_income_change["C001"]
    kept = found.as_world()
    assert kept.tariff_jni.min() == pytest.approx(rate)
    back = solve(kept, tariff("C001", "C002", rate=0.0), tolerance=1e-11)
    np.testing.assert_allclose(
        (1 + back.real_income_change.values) * (1 + found.real_income_change.values), 1, atol=1e-9
    )


def test_more_elastic_labour_works_more_where_real_wages_rise() -> None:
    found = [solve(world().specified(labour_supply_elasticity=k), SHOCK) for k in (0.2, 0.4)]
    for low, high in zip(*(f.employment_change.values for f in found), strict=True):
        assert abs(high) > abs(low) or abs(high) < 1e-6
    assert solve(world(), SHOCK).employment_change.values.tolist() == [0.0] * 6
