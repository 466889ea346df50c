"""The back-test: naive forecasts and errors in closed form, and the default case as it stands."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from detente import record
from detente.analysis import BackTest, Scenarios
from detente.analysis.record import forecasts
from detente.analysis.record.forecasts import PARTS, REST, banded_parts, part_by_measure
from detente.analysis.record.plan import outcome_of, plan_of, values_in_view
from detente.analysis.record.plan import testable as can_be_tested
from detente.analysis.record.scores import errors_of, rank_correlation
from detente.analysis.record.supply_shortfall import price_split, split_of
from detente.analysis.record.targets import BOUND, DECLARED, REASSIGNED, at_most, targets_of
from detente.analysis.record.variants import variants_of
from detente.cases import CaseError, implausible_origins, load_case
from detente.cases.resolve import world_of
from detente.cli import app

#: Million tonnes, market by origin; the first country is the exporter.
BASE = np.array(
    [
        [0.5, 0.0, 0.2],
        [1.0, 0.4, 1.0],
        [3.0, 0.0, 0.0],
        [4.0, 0.0, 4.0],
    ]
)
BASE = np.hstack([BASE, np.zeros((4, 1))])


def test_embargoed_flows_are_removed_and_the_rest_scaled_to_the_same_total() -> None:
    base = np.array([0.0, 1.0, 3.0, 4.0])
    got = forecasts.removed_and_rescaled(base, np.array([1.0, 0.1, 1.0, 1.0]))
    # 0.1 leaks; the other 7 become 8 - 0.1.
    np.testing.assert_allclose(got, [0.0, 0.1, 3 * 7.9 / 7, 4 * 7.9 / 7])
    nothing = forecasts.removed_and_rescaled(base, np.zeros(4))
    np.testing.assert_array_equal(nothing, np.zeros(4))


def test_rescaling_leaves_home_sales_and_other_exporters_alone() -> None:
    got = forecasts.rescaled_tonnes(BASE, np.array([1.0, 0.0, 1.0, 1.0]), exporter=0)
    np.testing.assert_allclose(got[:, 0], [0.5, 0.0, 3 * 8 / 7, 4 * 8 / 7])
    np.testing.assert_array_equal(got[:, 1:], BASE[:, 1:])


def test_two_exporters_as_one_keep_their_sales_to_third_countries() -> None:
    one = forecasts.joint(BASE, exporter=0, rival=2)
    np.testing.assert_allclose(forecasts.exports(one, 0), [0.0, 2.0, 0.0, 8.0])
    assert not one[:, 2].any()


def test_supplier_shares_leave_own_supply_out() -> None:
    share = forecasts.supplier_shares(BASE, [[1], [1, 3]])
    np.testing.assert_allclose(share[0], [0.5, 0.0, 0.5, 0.0])
    np.testing.assert_allclose(share[1], [0.5, 0.0, 0.5, 0.0])


def test_errors_in_closed_form() -> None:
    forecast, observed, base = np.array(
        [[2.0, 1.0, 0.3, 0.9], [1.0, 1.5, 0.0, 0.0], [4.0, 1.0, 0.5, 0.01]]
    )
    shares = np.array([[[0.5, 0.5]], [[0.4, 0.6]], [[0.9, 0.1]]])
    band = (np.array([0.5, 0.0, 0.01, 0.0]), np.array([1.5, 1.0, 1.0, 1.0]))
    got = errors_of(np.stack([forecast, observed, base]), shares, band, smallest=0.02)
    assert got.markets == 3  # the last is small in the base and as observed
    assert got.mean_error == pytest.approx((1.0 + 0.5 + 0.3) / 3)
    scale = 2.5 / 4.2
    pattern = abs(2 * scale - 1) + abs(scale - 1.5) + 0.3 * scale
    assert got.pattern_error == pytest.approx(pattern / 3)
    assert got.total == pytest.approx(4.2)
    assert got.observed_total == pytest.approx(2.5)
    assert got.share_error == pytest.approx(0.1)
    assert got.rank_correlation == pytest.approx(0.5)
    # The first lies inside, the second above; the third is not in the table and may be 0.02.
    assert got.coverage == pytest.approx(2 / 3)


def test_rank_correlation_needs_variation() -> None:
    assert math.isnan(rank_correlation(np.ones(5), np.arange(5.0)))
    assert rank_correlation(np.arange(5.0), np.arange(5.0) ** 3) == pytest.approx(1.0)


@cache
def found() -> BackTest:
    return record("belarus", variants=False)


def test_measures_say_which_flows_are_let_through() -> None:
    scenarios = Scenarios(found().case)
    world, plan = scenarios.world, found().plan
    day = plan.day(2023)
    share = forecasts.let_through(
        found().case, [m.id for m in found().case.regime(day)], world, plan, day
    )
    at = {c: share[world.country(c)] for c in ("USA", "DEU", "UKR", "CHN", "BRA")}
    assert at["USA"] == found().case.value("us_potash_leakage", day)
    assert at["DEU"] == found().case.value("eu_potash_leakage", day)
    assert at["UKR"] == 0  # its only way is closed
    assert at["CHN"] == at["BRA"] == 1


def test_naive_forecasts_keep_the_total_of_the_base() -> None:
    blr = found().world.country("BLR")
    for forecast in (forecasts.NO_CHANGE, forecasts.RESCALED):
        for tonnes in found().forecast_yni[forecast]:
            total = forecasts.exports(tonnes, blr).sum()
            before = forecasts.exports(found().forecast_yni[forecasts.NO_CHANGE][0], blr).sum()
            assert total == pytest.approx(before, rel=1e-12)


def test_the_split_between_calibration_and_hold_out_is_visible() -> None:
    samples = {s.year: s.sample for s in found().scores}
    assert samples == {2022: "calibration", 2023: "hold-out", 2024: "hold-out"}
    assert found().sentences[0].count("us_potash_leakage") == 1
    assert set(found().errors()["sample"]) == {"calibration", "hold-out"}


def test_what_was_seen_is_the_case_s_and_its_values_are_those_in_use() -> None:
    changed = found().case.with_parameters({"eu_potash_leakage": 0.01})
    assert values_in_view(changed)["eu_potash_leakage"].startswith("1 %, after the trade")
    assert plan_of(changed) == found().plan
    assert (
        "‘eu_potash_leakage’ was set with later trade in view, the years held out included: 0.2 %, "
        "after the trade of 2022" in found().sentences[0]
    )
    silent = found().case.model_copy(update={"record": None})
    assert not can_be_tested(silent)
    with pytest.raises(CaseError, match="Write the block `record`"):
        plan_of(silent)


def test_other_cases_are_not_told_of_belarus() -> None:
    given = found().case.record
    assert given is not None
    seen = next(iter(given.informed.values())).model_copy(update={"years": (2021,)})
    bare = given.model_copy(
        update={
            "rival": None,
            "parameters_in_view": {"us_potash_leakage": seen},
            "unexplained": None,
            "records": None,
            "base": None,
            "reassigned": None,
            "output": None,
            "shortfall": None,
        }
    )
    case = found().case.model_copy(update={"record": bare})
    plan = plan_of(case)
    other = replace(
        found(),
        case=case,
        plan=plan,
        outcome=outcome_of(case, found().world, plan),
        split=split_of(Scenarios(case).at("short"), plan, found().outcome, {}),
        set_in_view=values_in_view(case),
    )
    text = " ".join(other.sentences)
    assert "held out included" not in text
    assert "other causes are not in it" in text
    for words in ("Russia", "fear", "pattern of later trade"):
        assert words not in text


def test_the_parts_of_the_price_sum_to_its_change() -> None:
    short = next(p for p in found().prices if (p.year, p.horizon) == (2022, "short"))
    # Base and regime are solved once more for the parts: equal to the tolerance of the solver.
    assert sum(p.part for p in found().parts) == pytest.approx(short.model, abs=1e-6)
    by = {p.measure: p for p in found().parts}
    assert by["eu-transit"].part == pytest.approx(by["lt-transit"].part, abs=1e-9)
    assert by["lt-transit"].margin == pytest.approx(0, abs=1e-6)


def test_parts_over_draws_are_those_of_their_measures() -> None:
    case = load_case("belarus")
    plan = plan_of(case)
    short = Scenarios(case).at("short")
    names = [*(m.id for m in case.regime(plan.day(2022))), REST]
    part_m = part_by_measure(short, plan, 2022)
    assert dict(zip(names, part_m, strict=True)) == pytest.approx(
        {m: next((p.part for p in found().parts if p.measure == m), 0.0) for m in names}, abs=1e-6
    )
    banded = banded_parts(short, plan, 2022, {PARTS: (part_m - 1, part_m + 2)})
    assert [p.measure for p in banded] == [p.measure for p in found().parts]
    for p in banded:
        assert (p.low, p.high) == pytest.approx((p.part - 1, p.part + 2))


def test_observed_totals_are_those_of_the_tables() -> None:
    totals: dict[str, dict[int, float]] = {}
    for s in found().scores:
        totals.setdefault(s.record, {})[s.year] = s.errors.observed_total
    # CEPII BACI V202601, sum of the large flows of Belarus.
    declared = {2022: 4.096, 2023: 4.870, 2024: 3.548}
    assert totals[DECLARED] == pytest.approx(declared, abs=1e-3)
    moved = dict.fromkeys(declared, 0.0)
    for m in implausible_origins("potash-origins"):
        moved[m.year] += m.reassigned / 1e6
    assert totals[REASSIGNED] == pytest.approx(
        {y: declared[y] + moved[y] for y in declared}, abs=1e-3
    )
    # World Mining Data, million tonnes K2O, less what Belarus uses itself in the base, 0.70.
    bound = {y: k2o / 0.6 - 0.703 for y, k2o in ((2022, 4.0), (2023, 6.38), (2024, 6.5))}
    assert totals[BOUND] == pytest.approx(bound, abs=1e-3)


def test_the_headline_is_scored_against_plausible_origins_and_told_its_bounds() -> None:
    assert [t.name for t in found().targets] == [REASSIGNED, DECLARED, BOUND, "BLR and RUS as one"]
    assert found().headline == REASSIGNED
    assert set(found().errors()["record"]) == {REASSIGNED}
    assert set(found().errors(None, None)["record"]) == {t.name for t in found().targets}
    text = " ".join(found().sentences)
    given = "these million tonnes were re-assigned: 0.94 of 1.34 in 2023 and 1.18 of 1.62 in 2024."
    assert f"From UZB to BLR {given}" in text
    assert "Of JOR these million tonnes were taken off as errors: 1.59 in 2023." in text
    assert "Importers declared 4.9" in text
    assert "6.1 with implausible origins re-assigned" in text
    assert "Mine output less own use leaves 9.9 at most" in text
    flows = found().flows().filter((pl.col("year") == 2023) & (pl.col("market") == "BRA"))
    assert flows["declared"].item() == pytest.approx(1.05, abs=0.01)
    assert flows["observed"].item() == pytest.approx(1.05 + 0.83, abs=0.01)


def test_without_corrections_the_headline_are_the_flows_declared() -> None:
    given = found().case.record
    assert given is not None
    bare = given.model_copy(update={"reassigned": None, "output": None, "rival": None})
    case = found().case.model_copy(update={"record": bare})
    plan = plan_of(case)
    outcome = outcome_of(case, found().world, plan)
    (only,) = targets_of(outcome, found().world, plan)
    assert (only.name, only.record) == (DECLARED, forecasts.RECORDED)
    other = replace(found(), case=case, plan=plan, outcome=outcome)
    text = " ".join(other.sentences)
    assert "Importers declared 4.9" in text
    assert "re-assigned" not in text
    assert "at most" not in text


def test_flows_are_scaled_up_to_what_was_made_and_never_down() -> None:
    seen = np.stack([BASE, BASE])
    got = at_most(seen, np.array([16.0, 4.0]), exporter=0)
    np.testing.assert_allclose(got[0, :, 0], 2 * BASE[:, 0])
    np.testing.assert_array_equal(got[1], BASE)
    np.testing.assert_array_equal(got[:, :, 1:], seen[:, :, 1:])


def test_the_fall_of_supply_brings_the_exports_to_those_seen_and_its_parts_sum() -> None:
    split = found().split
    assert split is not None
    before, after = split.exports
    assert after / before == pytest.approx(found().case.value("russian_exports_2022"), rel=1e-4)
    # Importers declared 7.44 million tonnes from Russia.
    rus = found().world.country("RUS")
    declared = forecasts.exports(found().outcome.tonnes_yni[0], rus).sum()
    assert after == pytest.approx(declared, abs=0.05)
    short = next(p for p in found().prices if (p.year, p.horizon) == (2022, "short"))
    assert split.measures.value == pytest.approx(short.model, abs=1e-6)
    assert split.measures_part.value + split.shortfall_part.value == pytest.approx(split.both.value)
    assert split.both.value + split.left.value == pytest.approx(split.observed)
    # Both push the price up, and together more than one after the other: supply is steep.
    assert split.both.value > split.measures.value + split.shortfall.value > 0
    text = next(s for s in found().sentences if s.startswith("2022, observed and not forecast"))
    for part in (split.both, split.measures, split.shortfall_part, split.left):
        assert f"{100 * part.value:.0f}" in text
    share = split.both.value / split.observed
    assert (
        f"{'more' if share > 0.5 else 'less'} than half ({100 * share:.0f} %) of the points" in text
    )


def test_a_larger_fall_of_supply_explains_more() -> None:
    case, plan = found().case, found().plan
    both = [
        price_split(
            Scenarios(case.with_parameters({"russian_exports_2022": left})).at("short"), plan
        )
        for left in (0.8, 0.6)
    ]
    assert both[0][2] < both[1][2]
    assert both[0][0] == pytest.approx(both[1][0], abs=1e-6)  # the measures alone
    unhurt = replace(plan, shortfall=None)
    assert split_of(Scenarios(case).at("short"), unhurt, found().outcome, {}) is None


def test_a_fall_that_starts_from_a_guide_is_the_same() -> None:
    case, plan = found().case, found().plan
    changed = case.with_parameters({"russian_exports_2022": 0.7, "potash_trade_elasticity": 6})
    alone = price_split(Scenarios(changed).at("short"), plan)
    guide = Scenarios(case)
    guide.at("short").on(plan.day(2022))
    guided = price_split(Scenarios(changed, guide=guide).at("short"), plan)
    np.testing.assert_allclose(guided, alone, rtol=1e-3)


def test_a_back_test_is_reproducible_and_its_json_is_json() -> None:
    runner = CliRunner()
    arguments = ["record", "--draws", "2", "--no-variants", "--json"]
    first, second = (runner.invoke(app, arguments) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout) == json.loads(second.stdout)
    data = json.loads(first.stdout)
    assert {e["forecast"] for e in data["errors"]} == set(found().forecast_yni)
    assert all(f["model_low"] <= f["model_high"] for f in data["flows"])
    assert {p["horizon"] for p in data["prices"]} == {"short", "medium", "long"}
    assert all(p["model_low"] <= p["model_high"] for p in data["prices"])
    assert all(p["part_low"] <= p["part_high"] for p in data["price_parts"])
    assert data["draws"] == {"asked": 2, "done": 2, "failed": 0, "seed": 0, "why_failed": ""}
    split = data["price_split"]
    for name in ("measures", "shortfall", "both", "measures_part", "shortfall_part", "left"):
        assert split[f"{name}_low"] <= split[f"{name}_high"]
    assert data["headline"] == REASSIGNED


def test_a_market_that_declares_nothing_is_counted_nowhere() -> None:
    case = load_case("belarus")
    assert case.record is not None
    assert case.record.silent is not None
    plan, world = plan_of(case), world_of(case)
    e, silent = world.country("BLR"), world.country("RUS")
    tonnes = np.ones((len(plan.years), len(world.countries), len(world.countries)))
    recorded = forecasts.records(tonnes, world, plan)[forecasts.RECORDED]
    assert not recorded[:, silent].any()
    assert forecasts.exports(recorded[0], e).sum() == len(world.countries) - 2
    heard = forecasts.records(tonnes, world, replace(plan, silent=()))[forecasts.RECORDED]
    assert heard[:, silent].all()


def test_a_test_without_prices_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    from detente.cli.record import _print
    from detente.report.views.backtest import backtest_part

    bare = replace(found(), prices=tuple(replace(p, observed=math.nan) for p in found().prices))
    _print(bare)
    printed = capsys.readouterr().out
    assert "no figure" in printed
    table = next(t for t in backtest_part(bare)[0] if t.id == "backtest-prices")
    assert table.column("observed") == [None] * len(table.rows)
    assert "no published price to set beside it" in table.sentence
    for text in (printed, table.sentence, *bare.sentences):
        assert "nan" not in text.replace("finance", "")


def test_variants_change_one_thing_each() -> None:
    case, plan = found().case, found().plan
    made = {v.name: v for v in variants_of(case, plan, "long", (), values_in_view(case))}
    assert {"short run", "medium run"} <= set(made)
    assert "long run" not in made
    assert made["short run"].horizon == "short"
    names = {
        r.route_elasticity
        for r in case.route_choices
        if (r.commodity, r.origin) == (plan.commodity, plan.exporter)
        and isinstance(r.route_elasticity, str)
    }
    assert names
    for name in names:
        for end in case.parameters[name].range or ():
            one = made[f"{name} {end:g}"]
            assert one.case.value(name) == end
            assert (one.horizon, one.without) == ("long", ())
    leaks = [n for n in made if n.startswith("without leakages")]
    assert len(leaks) == 1
    assert made[leaks[0]].case.value("eu_potash_leakage") < case.value("eu_potash_leakage")
