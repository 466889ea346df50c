"""Sanctions by design in a brief: whom they hit, the menus, the coalition, the curve."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from detente.analysis import answer
from detente.analysis.coalitions import Member
from detente.analysis.context import context_of_scenarios
from detente.analysis.extent import DATE_ONLY
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.precomputed.sanctions import (
    packaged_sanctions,
    sanctions_beside,
    write_sanctions,
)
from detente.analysis.sanctions import Curve, CurvePoint, Joint, Sanctions, banded, sanctions_of
from detente.analysis.sensitivities import Entry
from detente.analysis.sides import sides_of
from detente.analysis.uncertainty.draws import run_draws
from detente.report import make_brief, views_of, write_csv
from detente.report.views.design_section import curve_table
from detente.trade import tariff

PACKAGED = ("belarus", "russia-coalition")


def entry(good, direction, sender, harm, cost, verdict="costs both"):
    ratio = harm / cost if cost > 0 else math.nan
    return Entry(good, direction, sender, "by", "barrier", 120.0, 150.0, harm, cost, ratio, verdict)


def member(name, shapley, leaving, marginal):
    return Member(
        name, name, (), (), 0.9 * shapley, marginal, shapley, 0.0, 20.0, 20.0 - leaving, 0.001,
        leaving, max(leaving, 0.0) / marginal, leaving > 0, max(leaving, 0.0), 3.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made_up():
    """Invented answers for the made-up case: `us` and `eu` against Belarus."""
    menus = {
        "us": (entry("POTASH", "imports", "us", math.nan, math.nan, "closed"),),
        "eu": (
            entry("GOODS", "exports", "eu", 8.0, 4.0),
            entry("POTASH", "imports", "eu", 0.05, 0.1),
            entry("SERVICES", "imports", "eu", 0.025, 0.1),
        ),
    }
    joint = Joint(438.0, 90.0, -1e-5, True, (member("us", 38, 5, 20), member("eu", 400, 90, 300)))
    points = (
        CurvePoint(0.0, 300.0, 120.0, -9.0, (("GOODS", 1.0),), True),
        CurvePoint(1.0, 150.0, -20.0, -4.0, (("GOODS", 0.2),), True),
        CurvePoint(math.inf, 90.0, -40.0, -2.0, (("GOODS", 0.1),), True),
    )
    return Sanctions(menus, joint, (Curve("eu", (310.0, 80.0, -20.0), points),))


@pytest.fixture(scope="module", params=PACKAGED)
def asked(request):
    return answer(request.param, extent=DATE_ONLY)


def test_the_target_is_whom_most_measures_of_others_hit(assessment, asked):
    sides = sides_of(assessment)
    assert (sides.target, sides.countries) == ("by", ("BLR",))
    # Lithuania acts in the union, and the tariff on Canada is not in force.
    assert [s.id for s in sides.senders] == ["us", "eu"]
    assert sides.sender("eu").measures == ("eu-potash", "lt-transit")
    assert not any(s.others for s in sides.senders)
    found = sides_of(asked.assessment)
    expected = {
        "belarus": ("Belarus", ["US", "EU", "Ukraine"]),
        "russia-coalition": ("Russia", ["EU", "US", "UK", "Japan", "Canada"]),
    }
    name = asked.assessment.case.name
    assert (found.target, [s.id for s in found.senders]) == expected[name]
    assert found.senders[0].others == (("us-canada-2025",) if name == "belarus" else ())


def test_measures_are_ranked_by_harm_for_own_cost(assessment):
    table = views_of(assessment).tables["design-measures"]
    rows = {row[1]: row for row in table.rows}
    potash = rows["US sanctions on Belarusian potash"]
    assert potash[2:] == pytest.approx((31.0, 40.0, 31.0 / 40.0))
    ratios = [r for r in table.column("ratio") if r is not None]
    assert ratios == sorted(ratios, reverse=True)
    assert "0.78 dollars for each dollar that the United States loses" in table.sentence
    assert table.sentence in views_of(assessment).findings


def test_a_joint_lock_is_one_line(belarus):
    table = views_of(belarus).tables["design-measures"]
    labels = table.column("measure")
    assert sum("together" in label for label in labels) == 1
    assert not any(label.startswith("Lithuanian") for label in labels)


def test_nobody_hit_and_no_section():
    views = views_of(answer("belarus", "2019-01-01", extent=DATE_ONLY))
    assert "design-measures" not in views.tables
    assert "design" not in {section.id for section in views.sections}
    assert not any("cheapest to hold" in text for text in views.findings)


def test_the_section_holds_menu_coalition_and_curve(assessment, made_up, tmp_path):
    views = views_of(assessment, sanctions=made_up)
    section = next(s for s in views.sections if s.id == "design")
    names = ["design-measures", "design-menu", "design-coalition", "design-curve"]
    assert [p.removeprefix("table:") for p in section.parts if p.startswith("table:")] == names
    assert "chart:design-curve" in section.parts
    assert not section.note
    plain = json.loads(views.to_json())
    assert set(names) <= {table["id"] for table in plain["tables"]}
    written = {path.stem for path in write_csv(views, tmp_path)}
    assert any("design-coalition" in name for name in written)
    chart = views.charts["design-curve"].data
    assert chart["options"][0]["values"] == [-310.0, -80.0, 20.0]
    assert [o["values"][1] for o in chart["options"][1:]] == [-120.0, 20.0, 40.0]


def test_the_menu_leaves_out_small_flows_but_for_the_goods_of_the_case(assessment, made_up):
    views = views_of(assessment, sanctions=made_up)
    rows = [(row[0], row[1]) for row in views.tables["design-menu"].rows]
    assert rows == [
        ("European Union", "Exports of goods"),
        ("European Union", "Imports of potash"),
        ("United States", "Imports of potash"),
    ]
    assert "the European Union's exports of goods" in views.tables["design-menu"].sentence


def test_the_coalition_sums_to_the_whole(assessment, made_up):
    table = views_of(assessment, sanctions=made_up).tables["design-coalition"]
    shapley = table.column("shapley")
    assert shapley[:-1] == [400, 38]
    assert sum(shapley[:-1]) == shapley[-1] == 438.0
    assert "would leave: the United States stays if a dollar of harm is worth 0.25" in (
        table.sentence
    )


def test_one_sender_has_no_coalition(assessment, made_up):
    views = views_of(assessment, sanctions=replace(made_up, joint=None))
    assert "design-coalition" not in views.tables


def test_a_curve_that_is_left_out_says_how_to_have_it(assessment, made_up):
    views = views_of(assessment, sanctions=replace(made_up, curves=(), lacking=("No answer.",)))
    section = next(s for s in views.sections if s.id == "design")
    assert section.note.startswith("No answer. ")
    assert "‘detente brief made-up --curve’" in section.note
    assert "design-curve" not in views.tables


def test_what_is_kept_is_what_the_model_says(asked):
    """Menus and the coalition again, and one point of each curve; figures in USD million."""
    scenarios, sides = asked.scenarios, sides_of(asked.assessment)
    kept = packaged_sanctions(scenarios)
    assert kept is not None, "the case, its base year or the horizons changed: run make sanctions"
    again = sanctions_of(scenarios, sides)
    assert not again.lacking
    assert not kept.lacking
    for sender, entries in again.menus.items():
        before = {(e.good, e.direction): e for e in kept.menus[sender]}
        for e in entries:
            old = before[e.good, e.direction]
            assert (old.verdict, old.sender) == (e.verdict, e.sender)
            np.testing.assert_allclose(
                [old.harm, old.cost], [e.harm, e.cost], rtol=1e-4, atol=1e-5, err_msg=str(e)
            )
    assert kept.joint.loss == pytest.approx(again.joint.loss, rel=1e-4)
    for old, new in zip(kept.joint.members, again.joint.members, strict=True):
        assert old.shapley == pytest.approx(new.shapley, rel=1e-4, abs=0.05)
        assert old.transfer == pytest.approx(new.transfer, rel=1e-3, abs=0.05)
    curve = kept.curves[0]
    assert len(kept.curves) == len(sides.senders)
    _solved_again(scenarios, sides, curve)


def _solved_again(scenarios, sides, curve):
    context, sender = context_of_scenarios(scenarios), sides.sender(curve.sender)
    assert curve.replaced
    assert {*curve.replaced} <= {*sender.measures, *sender.others}
    without = scenarios.equilibrium(m for m in context.in_force if m not in curve.replaced)
    point = next(p for p in curve.points if p.own_weight == 1)
    shock = without.shock
    for good, rate in point.rates:
        shock += tariff(sides.countries, sender.countries, good, rate=rate)
    now = context.solve(shock, start=without)
    gone = without.equivalent_variation.values - now.equivalent_variation.values
    assert context.sum_over(gone, sides.countries) == pytest.approx(point.harm, rel=1e-3)
    assert context.sum_over(gone, sender.countries) == pytest.approx(point.cost, rel=1e-2, abs=0.5)


def test_curves_are_pareto_curves(asked):
    named_sides = named_sides_of(asked.assessment, sides_of(asked.assessment))
    kept = packaged_sanctions(asked.scenarios)
    for curve in kept.curves:
        harm, cost = ([getattr(p, what) for p in curve.points] for what in ("harm", "cost"))
        assert harm == sorted(harm, reverse=True)
        assert cost == sorted(cost, reverse=True)
        assert all(p.converged for p in curve.points)
    assert "First-order conditions hold in every row" in curve_table(named_sides, kept.curves).note


def test_they_survive_being_written(asked, made_up, tmp_path, monkeypatch):
    path = write_sanctions(asked.scenarios, made_up, tmp_path / "data")
    monkeypatch.setattr("detente.analysis.precomputed.store.files", lambda _: tmp_path)
    again = packaged_sanctions(asked.scenarios)
    assert path.parent.name == "data"
    assert again.joint == made_up.joint
    assert again.curves == made_up.curves
    # By text, as NaN is not equal to itself.
    assert repr(again.menus) == repr(made_up.menus)
    other = replace(asked, scenarios=asked.scenarios.at("short"))
    assert packaged_sanctions(other.scenarios) is None


def _joint_and_one(scenarios, sides, of):
    """Of one draw: the target's loss by all, and the slope of one flow."""
    found = sanctions_of(scenarios, sides)
    one = _flow(found, of)
    return {"loss": np.array([found.joint.loss]), "slope": np.array([one.harm, one.cost])}


def _flow(found, of):
    at = (of.good, of.direction)
    return next(e for e in found.menus[of.sender] if (e.good, e.direction) == at)


def test_bands_of_menu_and_coalition_are_those_of_single_draws():
    asked = answer("belarus", extent=DATE_ONLY)
    scenarios, sides = asked.scenarios, sides_of(asked.assessment)
    central = sanctions_of(scenarios, sides)
    found = banded(scenarios, sides, central, 3, seed=7)
    first = next(e for e in central.menus["EU"] if e.verdict == "costs both")
    collect = partial(_joint_and_one, sides=sides, of=first)
    draws = run_draws(scenarios.case, collect, draws=3, seed=7, processes=1, guide=scenarios)
    assert found.joint.band("loss") == pytest.approx(
        tuple(float(end[0]) for end in draws.band("loss")), rel=1e-5
    )
    one = _flow(found, first)
    low, high = draws.band("slope")
    assert one.harm_band == pytest.approx((low[0], high[0]), rel=1e-4)
    assert one.cost_band == pytest.approx((low[1], high[1]), rel=1e-4)
    closed = [e for entries in found.menus.values() for e in entries if e.verdict == "closed"]
    assert all(math.isnan(e.harm_band[0]) for e in closed)
    assert replace(found.joint, bands={}) == central.joint
    assert (found.draws, central.draws) == (3, 0)


def test_packaged_bands_hold_what_they_are_of():
    tables = make_brief("belarus").tables
    menu, joint = tables["design-menu"], tables["design-coalition"]
    for table, columns in ((menu, ("harm", "ratio")), (joint, ("alone", "shapley", "own_loss"))):
        assert "200 draws" in table.note
        inside = []
        for column in (c for c in table.columns if c.key in columns):
            for row, value in enumerate(table.column(column.key)):
                band = table.band(row, column)
                inside += [] if band is None else [band[0] <= value <= band[1]]
        assert len(inside) >= 9
        assert np.mean(inside) > 0.9
    assert "cost Belarus USD 430 million (" in joint.sentence


def test_other_settings_have_all_but_the_curve():
    views = make_brief("russia-coalition", "2022-06-01")
    section = next(s for s in views.sections if s.id == "design")
    assert "--date 2022-06-01 --curve" in section.note
    assert {"design-measures", "design-menu", "design-coalition"} <= set(views.tables)
    assert "design-curve" not in views.tables


def test_the_packaged_brief_waits_for_nothing(asked):
    begun = sanctions_beside(asked, curve=False)
    assert begun().curves
