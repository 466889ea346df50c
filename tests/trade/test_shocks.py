"""Shocks that do not fit, worlds that are cut off, labels that do not exist: one clear message."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.trade import (
    InfeasibleShock,
    NotConverged,
    Shock,
    ShockError,
    capacity,
    embargo,
    export_tax,
    first_order,
    gradient,
    iceberg,
    labour,
    productivity,
    solve,
    solve_many,
    tariff,
    transfer,
)
from detente.trade._anderson import anderson
from detente.trade.certificate import violations
from detente.world import UnknownLabel, World, load_world, synthetic

WORLD = synthetic(4, 2, 7, zeros=0.0)
SHAPE = (2, 4, 4)


def with_a_cell(value: float, odd: float) -> np.ndarray:
    array = np.full(SHAPE, value)
    array[1, 2, 3] = odd
    return array


def importer_of_everything() -> World:
    """BBB makes no `ore` and buys it from AAA alone."""
    trade = np.array([[[50.0, 0.0], [30.0, 0.0]], [[50.0, 20.0], [0.0, 80.0]]])
    inputs = np.zeros((2, 2, 2))
    final = trade.sum(axis=2).T - inputs.sum(axis=2)
    return World.from_flows(
        ["AAA", "BBB"], ["ore", "rest"], trade, inputs, final, trade.sum(axis=1).T
    )


@pytest.mark.parametrize(
    ("shock", "words"),
    [
        (Shock(tariff_jni=np.zeros((2, 3, 3))), ["tariff_jni", "(2, 3, 3)", "(2, 4, 4)"]),
        (
            Shock(tariff_jni=-1.1),
            [
                "tariff_jni is -1.1 at good G01, market C001, origin C001 and wrong in 31 more",
                "Give ad-valorem levels above -1 as fractions (0.25 is 25 %).",
            ],
        ),
        (
            Shock(tariff_jni=with_a_cell(0.0, np.nan)),
            ["tariff_jni is nan at good G02, market C003, origin C004. Give"],
        ),
        (Shock(export_tax_jni=with_a_cell(0.0, -1.0)), ["export_tax_jni is -1.0", "above -1"]),
        (Shock(iceberg_jni=np.full(SHAPE, -1.0)), ["iceberg_jni is -1.0 at", "above 0", "inf"]),
        (
            Shock(iceberg_jni=with_a_cell(1.0, np.nan)),
            ["iceberg_jni is nan at good G02, market C003, origin C004. Give factors above 0"],
        ),
        (Shock(iceberg_jni=np.inf, leakage_jni=1.5), ["leakage_jni is 1.5 at", "between 0 and 1"]),
        (
            Shock(productivity_nj=np.array([[1, 1], [1, 0.0], [1, 1], [1, 1]])),
            ["productivity_nj is 0.0 at country C002, good G02. Give finite factors above 0"],
        ),
        (Shock(labour_n=[1, 1, np.inf, 1]), ["labour_n is inf at country C003. Give finite"]),
        (Shock(transfer_n=[1.0, 0, 0, 0]), ["transfers", "sum to 1"]),
        (Shock(transfer_n=[np.nan, 0, 0, 0]), ["transfer_n is nan at country C001", "sum to zero"]),
        (tariff("C001", "C002", rate=-1.5), ["tariff", "C001", "C002", "-1.5", "above -1"]),
        (export_tax("C001", "C002", rate=-1.0), ["export tax", "would be -1.", "above -1 as"]),
        (iceberg("C001", "C002", factor=0.0), ["factor of iceberg for C001 to C002 is 0.0. Give"]),
        (iceberg("C001", "C002", factor=np.float64(-1)), ["is -1.0. Give a factor above 0", "inf"]),
        (labour("C001", factor=float("nan")), ["factor of labour for C001 is nan", "above 0"]),
        (productivity("C001", factor=float("inf")), ["productivity for C001 is inf", "above 0"]),
        (capacity("C001", factor=-1.0), ["capacity for C001 is -1.0", "above 0"]),
        *(
            (build("C001", ["C002", "C003"], **{name: value}), [f"{of} is {value!r}. {asked}"])
            for value in (float("nan"), float("inf"), float("-inf"))
            for build, name, of, asked in (
                (tariff, "rate", "The rate of tariff for C001 to C002, C003", "Give a finite rate"),
                (export_tax, "rate", "The rate of export_tax for C001 to C002, C003", "Give a fin"),
            )
        ),
        (tariff("C001", "C002", rate=np.nan, added=True), ["rate of tariff", "nan"]),
        (transfer("C001", "C002", amount=np.nan), ["amount of transfer for C001 to C002 is nan."]),
        (transfer("C001", "C002", amount=np.inf), ["is inf. Give a finite amount in USD million"]),
        (iceberg("C001", "C002", factor=np.nan), ["factor of iceberg for C001 to C002 is nan"]),
    ],
)
def test_a_shock_that_makes_no_sense_says_what_and_where(shock: Shock, words: list[str]) -> None:
    with pytest.raises(ShockError) as caught:
        solve(WORLD, shock)
    assert [w for w in words if w not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("shock", "near"),
    [
        (embargo("C0001", "C002"), "C001"),
        (embargo("C001", "C002", "G011"), "G01"),
        (embargo("EUU", "C002"), "EU"),
    ],
)
def test_an_unknown_label_offers_near_ones(shock: Shock, near: str) -> None:
    with pytest.raises(UnknownLabel, match="Did you mean") as caught:
        solve(WORLD, shock)
    assert near in str(caught.value)


def test_losing_the_last_supplier_is_found_before_solving() -> None:
    with pytest.raises(InfeasibleShock, match="ore in BBB") as caught:
        solve(importer_of_everything(), embargo("AAA", "BBB", "ore"))
    assert caught.value.cells == (("BBB", "ore"),)
    assert "leakage" in str(caught.value)
    assert "route" in str(caught.value)


def test_a_leakage_makes_it_solvable_and_dear() -> None:
    result = solve(importer_of_everything(), embargo("AAA", "BBB", "ore", leakage=0.01))
    assert result.certificate.status == "converged"
    # θ is 4: a carry of 1 % is a price of 100^(1/4) at the origin's unchanged cost.
    assert result.price_change["ore", "BBB"] > 1.0


@pytest.mark.parametrize("rule", ["proportional", "zero"])
def test_a_country_cut_off_with_a_deficit_needs_another_rule(rule: str) -> None:
    alone = embargo("C001", "*") + embargo("*", "C001")
    with pytest.raises(InfeasibleShock, match="C001 is cut off") as caught:
        solve(WORLD, alone)
    assert f"transfers='{rule}'" in str(caught.value)
    result = solve(WORLD, alone, transfers=rule)  # type: ignore[arg-type]
    assert result.certificate.status == "converged"
    assert result.solution.point.transfer_n[0] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("rule", ["fixed", "proportional", "zero"])
def test_one_way_trade_needs_a_transfer_that_pays_for_it(rule: str) -> None:
    surplus = WORLD.transfer_n.argmin()
    country = WORLD.countries[int(surplus)]
    with pytest.raises(InfeasibleShock, match=r"can buy .* but not sell") as caught:
        solve(WORLD, embargo(country, "*"), transfers=rule)  # type: ignore[arg-type]
    assert "proportional" not in str(caught.value).split("no equilibrium exists")[1]
    if rule == "zero":
        with pytest.raises(InfeasibleShock, match=r"can sell .* but not buy"):
            solve(WORLD, embargo("*", country), transfers=rule)
    else:
        # A surplus is what selling without buying needs.
        result = solve(WORLD, embargo("*", country), transfers=rule)  # type: ignore[arg-type]
        assert result.certificate.status == "converged"


def test_what_did_not_converge_returns_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.trade._solver._FIRST_TRY", 3)
    with pytest.raises(NotConverged, match=r"Stalled after .* No number is returned"):
        solve(WORLD, embargo("C001", "C002"))


def test_a_stall_offers_what_fits_the_shock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.trade._solver._FIRST_TRY", 3)
    with pytest.raises(NotConverged) as caught:
        solve(WORLD, embargo("C001", "C002"))
    text = str(caught.value).split("What may help: ")[1]
    assert text.startswith("the rule 'proportional' or 'zero' for transfers, a leakage for embargo")
    with pytest.raises(NotConverged) as caught:
        solve(WORLD, productivity("C001", "*", factor=0.5), transfers="proportional")
    text = str(caught.value).split("What may help: ")[1]
    assert text.startswith("a longer horizon")
    assert "owes" not in str(caught.value)


def test_a_fixed_surplus_that_cannot_be_earned_is_told_with_country_and_sum() -> None:
    world = load_world("oecd-2020")
    shock = productivity("LTU", "*", factor=0.02)
    with pytest.raises(NotConverged) as caught:
        solve(world, shock)
    owed = -world.transfer_n[world.country("LTU")]
    text = str(caught.value)
    assert f"LTU owes {owed:,.0f} USD million to other countries (its trade surplus" in text
    earned = float(text.split("and earns ")[1].partition(":")[0].replace(",", ""))
    assert 0 <= earned < owed
    assert "Under the rule 'proportional' the same shock has an equilibrium." in text
    assert "leakage" not in text
    assert solve(world, shock, transfers="proportional").certificate.status == "converged"


@pytest.mark.parametrize("rule", ["fixed", "proportional"])
def test_a_transfer_of_the_shock_that_cannot_be_earned_is_told(rule: str) -> None:
    given = np.zeros(len(WORLD.countries))
    given[0] = -2 * WORLD.income_n[0]
    given[1] = -given[0]
    with pytest.raises(NotConverged) as caught:
        solve(WORLD, Shock(transfer_n=given), transfers=rule)  # type: ignore[arg-type]
    text = str(caught.value)
    assert f"{WORLD.countries[0]} owes " in text
    assert "(a transfer of the shock) and earns " in text
    assert "smaller transfers in the shock" in text


def test_the_fall_back_by_steps_reaches_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    shock = embargo("C001", ["C002", "C003"])
    expected = solve(WORLD, shock).real_income_change.values
    import detente.trade._solver as solver

    real = solver._run
    calls = []

    def first_fail(*args, **settings):  # type: ignore[no-untyped-def]
        calls.append(1)
        found = real(*args, **settings)
        if len(calls) <= 2:  # Of single, then of double precision.
            nothing = np.zeros_like(found.x)
            return replace(found, x=nothing, image=nothing, residual=np.ones_like(found.residual))
        return found

    monkeypatch.setattr(solver, "_run", first_fail)
    np.testing.assert_allclose(solve(WORLD, shock).real_income_change.values, expected, atol=1e-8)
    assert len(calls) > 4


def test_the_certificate_sees_what_is_wrong() -> None:
    s = solve(WORLD, embargo("C001", "C002")).solution
    parts = [s.log_wage_n, s.log_rent_nj, s.log_price_jn, s.spending_jn, s.log_congestion_q]
    for k, wrong in {0: "labour", 2: "prices", 3: "markets"}.items():
        bent = [p.copy() for p in parts]
        bent[k].flat[0] += 0.001 * max(1.0, bent[k].flat[0])
        assert violations(s.system, *bent)[wrong].max() > 1e-4


def test_the_accelerator_survives_a_map_that_overshoots() -> None:
    def g(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.asarray(np.array([1.0, 2.0]) - 6.0 * np.tanh(x - 1))

    found = anderson(g, np.array([[30.0, -30.0]]), tolerance=1e-12, most_evaluations=400)
    assert found.residual[0] < 1e-12


def test_shocks_combine() -> None:
    shock = sum(
        [tariff("C001", "C002", rate=0.1), tariff("C001", "C002", rate=0.2, added=True)], Shock()
    )
    both = iceberg("C001", "C003", factor=1.1) + iceberg("C001", "C003", factor=1.2)
    once = iceberg("C001", "C003", factor=1.32)
    a, b = solve(WORLD, shock + both), solve(WORLD, tariff("C001", "C002", rate=0.3) + once)
    np.testing.assert_allclose(a.real_income_change.values, b.real_income_change.values, atol=1e-9)
    arrays = Shock(iceberg_jni=np.full(SHAPE, 1.1)) + Shock(transfer_n=np.zeros(4))
    assert arrays.iceberg_jni is not None
    with pytest.raises(ShockError, match="Both shocks set"):
        Shock(tariff_jni=0.1) + Shock(tariff_jni=0.2)
    with pytest.raises(ShockError, match="leakage"):
        embargo("C001", "C002", leakage=1.2)


def test_arrays_and_builders_say_the_same() -> None:
    cost = np.ones(SHAPE)
    cost[0, 1, 0] = np.inf
    a = solve(WORLD, Shock(iceberg_jni=cost)).real_income_change
    b = solve(WORLD, embargo("C001", "C002", WORLD.goods[0])).real_income_change
    np.testing.assert_array_equal(a.values, b.values)


def test_results_read_by_label() -> None:
    result = solve(WORLD, embargo("C001", "C002"))
    assert result.trade_value[WORLD.goods[0], "C002", "C001"] == 0.0
    assert result.share[WORLD.goods[0]].shape == (4, 4)
    assert np.asarray(result.wage_change).shape == (4,)
    with pytest.raises(KeyError, match="Did you mean C00"):
        result.real_income_change["C0011"]
    countries = result.to_frame()
    assert countries["country"].to_list() == list(WORLD.countries)
    for name in ("equivalent_variation", "real_income_change", "wage_change"):
        expected = [getattr(result, name)[c] for c in WORLD.countries]
        assert countries[name].to_list() == expected, name
    assert countries["income"].to_list() == pytest.approx(WORLD.income_n)
    assert countries["transfer"].sum() == pytest.approx(0.0, abs=1e-6 * WORLD.income_n.sum())
    # The real wage is the wage over the price of what households buy.
    real = (1 + countries["wage_change"]) / (1 + countries["final_price_change"]) - 1
    assert real.to_list() == pytest.approx(list(result.real_wage_change.values), abs=1e-12)
    goods = result.to_frame("goods")
    assert goods.height == 8
    for row in goods.iter_rows(named=True):
        at = row["good"], row["country"]
        j, n = WORLD.good(at[0]), WORLD.country(at[1])
        assert row["cost_change"] == result.cost_change[at]
        assert row["price_change"] == result.price_change[at]
        assert row["base_sales"] == WORLD.sales_jn[j, n]
        assert row["base_spending"] == WORLD.spending_jn[j, n]
        assert row["sales"] == pytest.approx(result.trade_value.values[j, :, n].sum(), rel=1e-6)
    trade = result.to_frame("trade")
    assert trade.height == 32
    for row in trade.iter_rows(named=True):
        at = row["good"], row["market"], row["origin"]
        place = WORLD.good(at[0]), WORLD.country(at[1]), WORLD.country(at[2])
        assert row["trade_value"] == result.trade_value[at]
        assert row["share"] == result.share[at]
        assert row["base_trade_value"] == WORLD.trade_jni[place]
        assert row["base_share"] == WORLD.share_jni[place]
    with pytest.raises(ValueError, match="countries, goods and trade"):
        result.to_frame("prices")  # type: ignore[arg-type]
    parts = first_order(result)
    assert parts.total.values.shape == (4,)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"horizon": "shrt"}, r"Did you mean short\?"),
        ({"transfers": "some"}, "no transfer rule 'some'"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"transfer": 1}, "unexpected keyword"),
    ],
)
def test_wrong_arguments_are_told_apart(argument: dict[str, object], words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        solve(WORLD, **argument)  # type: ignore[arg-type]


def test_transfer_of_money_needs_two_countries() -> None:
    with pytest.raises(UnknownLabel):
        solve(WORLD, transfer("C001", "C009", amount=1.0))


def test_the_rule_zero_means_effects_in_a_base_year_without_deficits() -> None:
    ban = iceberg("C001", "C002", factor=1.005)
    nothing = solve(WORLD, transfers="zero")
    assert np.abs(nothing.real_income_change.values).max() < 1e-10
    base = nothing.world
    assert np.abs(base.transfer_n).max() < 1e-9 * base.income_n.min()
    result = solve(WORLD, ban, transfers="zero")
    np.testing.assert_allclose(
        result.log_welfare_n, solve(base, ban, transfers="fixed").log_welfare_n, atol=1e-8
    )
    # To end deficits is a shock in itself, which is far larger; after it the ban does the same.
    end = Shock(transfer_n=-WORLD.transfer_n)
    ended, both = solve(WORLD, end), solve(WORLD, end + ban)
    assert np.abs(ended.log_welfare_n).max() > 10 * np.abs(result.log_welfare_n).max()
    np.testing.assert_allclose(
        both.log_welfare_n - ended.log_welfare_n, result.log_welfare_n, atol=1e-8
    )
    (one, two) = solve_many(WORLD, [ban, embargo("C002", "C003")], transfers="zero")
    np.testing.assert_allclose(one.log_welfare_n, result.log_welfare_n, atol=1e-8)
    assert one.world is two.world
    step = solve(WORLD, iceberg("C001", "C002", factor=1.0001), transfers="zero", tolerance=1e-12)
    slope = gradient(solve(WORLD, transfers="zero", tolerance=1e-12), "C002").iceberg_jni
    change = slope.values[:, 1, 0].sum() * np.log(1.0001)
    assert step.equivalent_variation["C002"] == pytest.approx(change, rel=1e-3)


@pytest.mark.parametrize("given", [np.zeros(3), [np.nan] * 4, 0.0, None])
def test_amounts_in_place_of_a_rule_for_transfers(given: object) -> None:
    with pytest.raises(ShockError, match=r"no transfer rule .*; there are .*Shock\(transfer_n="):
        solve(WORLD, transfers=given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "words"),
    [(np.zeros(3), "shape"), ([np.nan] + [0.0] * 3, "nan"), (np.eye(4)[0], "sum to")],
)
def test_amounts_that_are_no_transfers(given: np.ndarray, words: str) -> None:
    with pytest.raises(ShockError, match=words):
        solve(WORLD, Shock(transfer_n=given))
