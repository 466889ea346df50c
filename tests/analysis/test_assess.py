"""The default case, answered: signs that theory gives, sums that must add up, locks and margins."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest

from detente.analysis import Assessment, Scenarios, assess, compare, idle_measures
from detente.cases import CaseError, load_case

EVE = "2025-12-01"


@cache
def answer() -> Assessment:
    return assess("belarus", EVE)


@cache
def scenarios() -> Scenarios:
    return Scenarios(load_case("belarus"), date=dt.date.fromisoformat(EVE))


def variation(*measures: str) -> dict[str, float]:
    world = scenarios().world
    values = scenarios().snapshot(measures).equivalent_variation_n
    return dict(zip(world.countries, values.tolist(), strict=True))


def test_the_base_is_the_base_year() -> None:
    base = answer().base
    assert np.abs(base.equivalent_variation_n).max() < 1e-3
    np.testing.assert_allclose(
        base.commodities["POTASH"].value_ni, answer().world.trade_jni[-1], rtol=1e-9
    )


def test_the_us_embargo_alone_costs_both_and_helps_the_rival_supplier() -> None:
    ev = variation("us-potash")
    assert ev["BLR"] < 0
    assert ev["USA"] < 0
    assert ev["CAN"] > 0
    # Between a few and a few hundred million: a market of 0.67 Mt at 241 USD is 160 million.
    assert 5 < -ev["BLR"] < 160
    assert 5 < -ev["USA"] < 160


def test_the_us_depends_more_on_canada_under_its_own_embargo() -> None:
    world = answer().world
    usa, can = world.country("USA"), world.country("CAN")
    before = scenarios().snapshot(()).commodities["POTASH"].share_ni[usa, can]
    after = scenarios().snapshot(["us-potash"]).commodities["POTASH"].share_ni[usa, can]
    assert 0.6 < before < after < 0.9


def test_the_target_loses_more_from_a_larger_coalition() -> None:
    assert (
        variation("us-potash", "eu-potash", "lt-transit")["BLR"]
        < variation("us-potash", "eu-potash")["BLR"]
        < variation("us-potash")["BLR"]
        < 0
    )


def test_an_embargo_stops_the_flow() -> None:
    world = answer().world
    usa, blr = world.country("USA"), world.country("BLR")
    market = answer().regime.commodities["POTASH"]
    assert market.value_ni[usa, blr] == 0
    assert market.tonnes_ni[usa, blr] == 0
    assert answer().base.commodities["POTASH"].tonnes_ni[usa, blr] == pytest.approx(0.67, rel=1e-6)


def test_transit_has_a_double_lock() -> None:
    """Neither the EU transit ban nor the Lithuanian stop reopens anything by ending alone."""
    both = variation("eu-transit", "lt-transit")
    one = variation("lt-transit")
    assert both["BLR"] == pytest.approx(min(one["BLR"], variation("eu-transit")["BLR"]), abs=0.05)
    assert dict(idle_measures(load_case("belarus"), EVE)).keys() >= {"eu-transit", "lt-transit"}


def test_what_only_moves_together_is_found() -> None:
    (joint,) = answer().joint
    assert {m.id for m in joint.measures} == {"eu-transit", "lt-transit"}
    assert joint.margin_n[answer().world.country("BLR")] > 10


def test_a_duty_that_nobody_pays_is_told_apart_from_a_lock() -> None:
    # USITC: 0.011 % of Canadian potash outside the USMCA, so that the measure sets 0.001 points.
    effect = next(e for e in answer().effects if e.measure.id == "us-canada-2025")
    assert effect.has_effect
    assert np.abs(effect.margin_n).max() < 0.05
    assert effect.boomerang_margin is None
    why = dict(idle_measures(load_case("belarus"), EVE))["us-canada-2025"]
    assert why.startswith("it moves next to nothing: no country gains or loses as much as")


def test_margins_are_differences_of_regimes() -> None:
    a = answer()
    for effect in a.effects:
        ids = set(a.regime.measures) ^ {effect.measure.id}
        expected = (
            scenarios().snapshot(ids).equivalent_variation_n - a.regime.equivalent_variation_n
        )
        # Two solves of one regime agree to their tolerance times income.
        np.testing.assert_allclose(effect.margin_n, expected, atol=0.05)


def test_commodity_accounts_add_up() -> None:
    for shot in (answer().base, answer().regime):
        m = shot.commodities["POTASH"]
        bought = m.tonnes_ni.sum(axis=1) > 0
        np.testing.assert_allclose(m.share_ni[bought].sum(axis=1), 1.0)
        np.testing.assert_allclose(m.sales_n, m.value_ni.sum(axis=0))
        assert (m.herfindahl_n[bought] <= m.largest_share_n[bought] + 1e-12).all()
        assert np.isfinite(m.price_paid_n[bought]).all()


def test_boomerang_is_the_authors_loss_per_unit_of_the_targets() -> None:
    effect = next(e for e in answer().effects if e.measure.id == "us-potash")
    ev = variation("us-potash")
    assert effect.authors == ("USA",)
    assert effect.targets == ("BLR",)
    assert effect.boomerang_alone == pytest.approx(ev["USA"] / ev["BLR"], rel=1e-3)


def test_every_certificate_is_within_tolerance() -> None:
    a = answer()
    for shot in (a.base, a.regime, *(e.switched for e in a.effects)):
        assert shot.certificate.status == "converged"
        assert shot.certificate.largest_violation <= 1e-9


def test_the_shorter_the_run_the_more_an_embargo_costs_its_author() -> None:
    """Buyers who cannot substitute pay; the target may even pass more of a cost on to them."""
    case = load_case("belarus")
    loss = []
    for horizon in ("long", "medium", "short"):
        shot = Scenarios(case, horizon=horizon).snapshot(["us-potash"])
        loss.append(-shot.equivalent_variation_n[answer().world.country("USA")])
    assert 0 < loss[0] < loss[1] < loss[2]


def test_regimes_change_on_their_days() -> None:
    case = load_case("belarus")
    in_force = {
        day: {m.id for m in case.regime(day)}
        for day in ("2020-12-31", "2021-12-07", "2021-12-08", "2025-12-14", "2025-12-15")
    }
    assert in_force["2020-12-31"] == set()
    assert "us-potash" not in in_force["2021-12-07"]
    assert "us-potash" in in_force["2021-12-08"]
    assert "us-potash" in in_force["2025-12-14"]
    assert "us-potash" not in in_force["2025-12-15"]


def test_comparisons_share_their_axes() -> None:
    result = compare(
        "belarus",
        EVE,
        lift=[["us-potash"], ["us-potash", "eu-potash"]],
        impose=[],
        countries=["US", "LTU"],
    ).to_dict()
    assert [s["label"] for s in result["scenarios"]] == [
        "regime",
        "without us-potash",
        "without us-potash eu-potash",
    ]
    assert [r["id"] for r in result["rows"]] == ["US", "LTU"]
    lifted = result["rows"][0]["equivalent_variation"]
    assert lifted[0] < lifted[1]
    with pytest.raises(CaseError, match="us-potash"):
        compare("belarus", lift=[["us-potahs"]], impose=[], countries=[])


def test_a_commodity_has_prices_where_it_is_bought_and_sold() -> None:
    here = scenarios()
    measures = ("us-potash", "eu-potash")
    found = here.snapshot(measures).commodities["POTASH"]
    solved = here.equilibrium(measures)
    price = here.case.value("potash_price")
    bought, sold = found.tonnes_ni.sum(axis=1) > 0, found.value_ni.sum(axis=0) > 0
    assert 0 < bought.sum() <= len(bought)
    assert 0 < sold.sum() < len(sold)
    index = 1 + solved.price_change.values[here.world.good("POTASH")]
    np.testing.assert_allclose(found.price_paid_n[bought], (price * index)[bought])
    assert np.isnan(found.price_paid_n[~bought]).all()
    gate = 1 + solved.cost_change.values[here.world.good("POTASH")]
    np.testing.assert_allclose(found.price_received_n[sold], (price * gate)[sold])
    assert np.isnan(found.price_received_n[~sold]).all()
    np.testing.assert_allclose(found.sales_n, found.value_ni.sum(axis=0))
    np.testing.assert_allclose(found.share_ni.sum(axis=1)[bought], 1.0)
    np.testing.assert_allclose(found.largest_share_n, found.share_ni.max(axis=1))
    np.testing.assert_allclose(found.herfindahl_n, (found.share_ni**2).sum(axis=1))
    rows = np.arange(len(bought))
    np.testing.assert_allclose(
        found.share_ni[rows, found.largest_supplier_n], found.largest_share_n
    )
