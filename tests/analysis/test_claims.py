"""Claims: the number that each quantity means, and the verdict that a band allows."""

from __future__ import annotations

import datetime as dt
import json
import math
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.analysis import Scenarios, Verdicts, verdicts
from detente.analysis import claims as judged
from detente.analysis import metrics as outputs
from detente.analysis.assessment import CommodityOutcome
from detente.analysis.claims import RULINGS, beside, combined, ruling_of
from detente.cases import ClaimTest, load_case, observed
from detente.cli import app
from detente.report.views.claims import claims_table

COUNTRIES = ("AAA", "BBB", "CCC")
#: Million tonnes, market by origin; every tonne costs its market the price below.
TONNES = np.array([[1.0, 2.0, 1.0], [0.0, 3.0, 1.0], [0.0, 0.0, 0.0]])
PRICE = np.array([100.0, 200.0, np.nan])
PAID = np.nan_to_num(TONNES * PRICE[:, None])


def made_up() -> Any:
    """Scenarios of three countries whose one snapshot is written down."""
    total = PAID.sum(axis=1, keepdims=True)
    share = np.divide(PAID, total, out=np.zeros_like(PAID), where=total > 0)
    outcome = CommodityOutcome(
        good="SALT",
        label="Salt",
        value_ni=PAID,
        tonnes_ni=TONNES,
        price_paid_n=PRICE,
        price_received_n=np.array([50.0, 80.0, 40.0]),
        sales_n=np.array([100.0, 800.0, 300.0]),
        share_ni=share,
        largest_supplier_n=share.argmax(axis=1),
        largest_share_n=share.max(axis=1),
        herfindahl_n=(share**2).sum(axis=1),
    )
    shot = SimpleNamespace(
        equivalent_variation_n=np.array([-10.0, -40.0, 5.0]),
        transit_revenue_n=np.array([0.0, 7.0, 1.0]),
        commodities={"SALT": outcome},
    )
    world = SimpleNamespace(
        country=COUNTRIES.index,
        countries=COUNTRIES,
        income_n=np.array([1000.0, 4000.0, 500.0]),
        good=["SALT"].index,
    )
    # A duty of 25 % on what C sells to A: of 100 paid for its million tonnes, 80 are at the border.
    tariff = np.array([[0.0, 0.0, 0.25], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    solved = SimpleNamespace(
        solution=SimpleNamespace(spending_jn=PAID.sum(axis=1)[None]),
        wedges=SimpleNamespace(good=lambda _: (None, tariff, None)),
    )
    case = SimpleNamespace(name="made-up", route_choices=())
    return SimpleNamespace(
        case=case, world=world, snapshot=lambda _: shot, equilibrium=lambda _: solved
    )


@pytest.mark.parametrize(
    ("quantity", "of", "more", "expected"),
    [
        ("equivalent_variation", "AAA BBB", {}, -50.0),
        ("real_income_change", "AAA BBB", {}, -50 / 5000),
        ("boomerang", "AAA", {"target": ["BBB"]}, 0.25),
        ("boomerang", "AAA", {"target": ["CCC"]}, math.nan),
        ("transit_revenue", "BBB CCC", {}, 8.0),
        # A pays 100, 200, 100 to A, B, C; B pays 600 to itself and 200 to C.
        ("supplier_share", "AAA", {"supplier": ["BBB"]}, 0.5),
        ("supplier_share", "AAA BBB", {"supplier": ["BBB"]}, 800 / 1200),
        ("import_share", "AAA", {"supplier": ["BBB"]}, 200 / 300),
        ("import_share", "AAA BBB", {"supplier": ["CCC"]}, 300 / 500),
        ("largest_share", "AAA BBB", {}, 800 / 1200),
        ("herfindahl", "AAA", {}, 0.25**2 + 0.5**2 + 0.25**2),
        # B sells at 100 in A; C at 80 there before duty, and at 200 in B, so at 280 / 2 in both.
        ("unit_value_ratio", "AAA", {"supplier": ["CCC"], "rival": ["BBB"]}, 80 / 100),
        ("unit_value_ratio", "AAA", {"supplier": ["BBB"]}, 100 / 80),
        ("unit_value_ratio", "AAA BBB", {"supplier": ["CCC"], "rival": ["BBB"]}, 140 / 100),
        ("unit_value_ratio", "AAA", {"supplier": ["AAA"], "rival": ["BBB"]}, math.nan),
        ("price_paid", "AAA BBB", {}, 1200 / 8),
        ("price_paid", "CCC", {}, math.nan),
        ("price_received", "BBB CCC", {}, 1100 / (10 + 7.5)),
        ("sales", "BBB CCC", {}, 1100.0),
        ("tonnes", "AAA BBB", {}, 8.0),
        ("tonnes", "AAA BBB", {"supplier": ["CCC"]}, 2.0),
    ],
)
def test_each_quantity_is_what_its_name_says(
    quantity: Any, of: str, more: dict[str, Any], expected: float
) -> None:
    good = None if quantity in outputs._OF_ECONOMY else "SALT"
    value = outputs.output(made_up(), quantity, (), of.split(), commodity=good, **more)
    assert value == pytest.approx(expected, rel=1e-12, nan_ok=True)


def bound(**bounds: float) -> ClaimTest:
    fields = {"quantity": "equivalent_variation", "of": "US", "scenario": {"none": True}}
    return ClaimTest.model_validate({**fields, "note": "made up", **bounds})


@pytest.mark.parametrize(
    ("bounds", "value", "low", "high", "expected"),
    [
        ({"at_least": 10.0}, 12.0, None, None, "supported"),
        ({"at_least": 10.0}, 9.0, None, None, "contradicted"),
        ({"at_least": 10.0}, 12.0, 10.0, 15.0, "supported"),
        ({"at_least": 10.0}, 12.0, 9.0, 15.0, "undecided"),
        ({"at_least": 10.0}, 5.0, 1.0, 9.9, "contradicted"),
        ({"at_least": 10.0}, 9.5, 1.0, 12.0, "undecided"),
        ({"at_most": 10.0}, 12.0, 11.0, 13.0, "contradicted"),
        ({"at_least": 4.0, "at_most": 8.0}, 5.0, 4.5, 7.0, "supported"),
        ({"at_least": 4.0, "at_most": 8.0}, 9.0, 8.5, 12.0, "contradicted"),
        ({"at_least": 4.0, "at_most": 8.0}, 5.0, 1.0, 12.0, "undecided"),
        # The point lies outside its own band: neither way is safe.
        ({"at_least": 10.0}, 9.0, 11.0, 15.0, "undecided"),
        ({"at_least": 10.0}, math.nan, None, None, "undecided"),
        ({"at_least": 10.0}, 12.0, math.nan, math.nan, "undecided"),
        # What is only necessary cannot support.
        ({"at_least": 10.0, "necessary": True}, 12.0, None, None, "not contradicted"),
        ({"at_least": 10.0, "necessary": True}, 12.0, 10.0, 15.0, "not contradicted"),
        ({"at_least": 10.0, "necessary": True}, 9.0, 8.0, 9.5, "contradicted"),
        ({"at_least": 10.0, "necessary": True}, 12.0, 9.0, 15.0, "undecided"),
    ],
)
def test_a_verdict_needs_the_whole_band(
    bounds: dict[str, float], value: float, low: Any, high: Any, expected: str
) -> None:
    assert ruling_of(bound(**bounds), value, low, high) == expected


@pytest.mark.parametrize(
    ("rulings", "expected"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "undecided"], "undecided"),
        (["undecided", "contradicted", "supported"], "contradicted"),
        (["supported", "not contradicted"], "not contradicted"),
        (["not contradicted", "undecided"], "undecided"),
        (["not contradicted", "contradicted"], "contradicted"),
        ([], "not testable"),
    ],
)
def test_all_tests_of_a_claim_must_hold(rulings: Any, expected: str) -> None:
    assert combined(rulings) == expected


@pytest.mark.parametrize(
    ("ruling", "published", "expected"),
    [
        ("contradicted", (0.44, 0.47), "undecided"),
        ("contradicted", (0.44, 0.90), "contradicted"),
        ("contradicted", (0.90, 1.30), "contradicted"),
        ("supported", (0.90, 1.30), "undecided"),
        ("not contradicted", (0.90, 1.30), "undecided"),
        ("supported", (0.44, 0.90), "supported"),
        ("undecided", (0.44, 0.47), "undecided"),
        ("contradicted", None, "contradicted"),
    ],
)
def test_a_published_figure_on_the_other_side_leaves_a_test_open(
    ruling: Any, published: Any, expected: str
) -> None:
    assert beside(bound(at_least=0.4, at_most=0.7), ruling, published) == expected


@cache
def found() -> Verdicts:
    return verdicts("belarus")


def test_every_claim_has_a_verdict_and_none_without_a_figure() -> None:
    assert len(found().verdicts) == len(found().case.claims)
    for verdict in found().verdicts:
        assert verdict.sentence.startswith(f"{verdict.claim.speaker}: ")
        if verdict.claim.tests is None:
            assert verdict.ruling == "not testable"
            assert verdict.claim.not_testable
        else:
            assert all(math.isfinite(f.value) for f in verdict.findings)
            assert "point estimate only" in verdict.sentence


#: Motives, intentions and statements on more than trade: a number alone cannot bear them out.
MORE_THAN_A_NUMBER = {"C24", "C25", "C29", "C32", "C36", "C42", "C45", "C46", "C51"}


def test_no_motive_is_supported_by_a_gain() -> None:
    by_id = {v.claim.id: v for v in found().verdicts}
    assert by_id["C24"].ruling == "not contradicted"
    assert "Not contradicted: necessary, not sufficient" in by_id["C24"].sentence
    for name in MORE_THAN_A_NUMBER:
        assert all(t.necessary for t in by_id[name].claim.tests)
        assert by_id[name].ruling != "supported"
    assert sum(found().counts.values()) == len(found().verdicts)
    assert found().counts["not contradicted"] >= 3


def test_the_discount_in_brazil_has_a_verdict() -> None:
    (verdict,) = (v for v in found().verdicts if v.claim.id == "brazil-discount")
    (finding,) = verdict.findings
    # The model makes what goes a longer way dearer, customs recorded less than half.
    assert finding.value > 1
    assert finding.published == (0.44, 0.47)
    assert verdict.ruling == "undecided"
    assert "Published: 0.44 to 0.47 times, on the other side" in verdict.sentence


def test_the_published_discount_is_that_of_the_bundled_customs_table() -> None:
    case = load_case("belarus")
    (figure,) = (p for p in case.published if p.id == "brazil-unit-value")
    table = observed("potash-observed")

    def unit_value(year: int, *origins: str) -> float:
        flows = [f for f in table if (f.year, f.market) == (year, "BRA") and f.origin in origins]
        return sum(f.usd for f in flows) / sum(f.tonnes for f in flows)

    ratio = unit_value(2022, "BLR") / unit_value(2022, "CAN", "RUS")
    assert figure.value == pytest.approx(ratio, abs=0.005)
    assert figure.range == pytest.approx(
        [unit_value(2022, "BLR") / unit_value(2022, rival) for rival in ("CAN", "RUS")], abs=0.005
    )


def test_every_verdict_names_what_decides_it_its_unit_and_its_threshold() -> None:
    case = load_case("belarus")
    table = claims_table(judged.verdicts(case))
    rows = {
        row[1]: dict(zip((c.key for c in table.columns), row, strict=True)) for row in table.rows
    }
    done = CliRunner().invoke(app, ["claims", "--draws", "0", "--json"])
    stated = {c["id"]: c for c in json.loads(done.stdout)["claims"]}
    asked = ["claims", "--draws", "0", "--details"]
    printed = " ".join(CliRunner().invoke(app, asked).stdout.split())
    for v in found().verdicts:
        row, plain = rows[v.claim.paraphrase], stated[v.claim.id]
        assert row["verdict"] == plain["verdict"] == v.ruling
        if v.ruling == "not testable":
            assert v.claim.not_testable in v.sentence
            assert row["asked"] == plain["reason"] == v.claim.not_testable
            continue
        assert v.decided_by
        for f in v.decided_by:
            assert f"{f.label}, {f.threshold}" in v.sentence.rpartition("decided by ")[2]
            assert f.label in str(row["number"])
            assert f.threshold in str(row["asked"])
            assert f.unit
            assert f.unit in f.threshold
            assert f.unit in str(row["model"])
        assert v.sentence in printed
        deciding = [t for t in plain["tests"] if t["decides"]]
        assert [t["label"] for t in deciding] == [f.label for f in v.decided_by]
        assert all(t["quantity"] and t["unit"] and t["threshold"] for t in plain["tests"])


def test_what_decides_is_what_is_not_met_or_open_or_all() -> None:
    assert set(RULINGS) >= {v.ruling for v in found().verdicts}
    for v in found().verdicts:
        rulings = {f.ruling for f in v.decided_by}
        if v.ruling in ("contradicted", "undecided"):
            assert rulings == {v.ruling}
        elif v.findings:
            assert v.decided_by == v.findings


def test_changes_are_differences_of_levels_on_their_own_days() -> None:
    case = load_case("belarus")
    scenarios = Scenarios(case)
    fields = {
        "quantity": "tonnes",
        "of": "China",
        "supplier": "Belarus",
        "commodity": "POTASH",
        "scenario": {"regime": "2023-07-01"},
        "against": {"none": True},
        "note": "made up",
        "at_least": 0,
    }
    level = {"change": "level", "against": None}
    read = ClaimTest.model_validate
    now = outputs.test_value(scenarios, read({**fields, **level}))
    before = outputs.test_value(scenarios, read({**fields, **level, "scenario": {"none": True}}))
    absolute = outputs.test_value(scenarios, read({**fields, "change": "absolute"}))
    relative = outputs.test_value(scenarios, read({**fields, "change": "relative"}))
    # Solved apart and together: equal to the tolerance of the certificate.
    assert absolute == pytest.approx(now - before, abs=1e-6)
    assert relative == pytest.approx(now / before - 1, abs=1e-6)
    day = dt.date(2023, 7, 1)
    shot = scenarios.on(day).snapshot(m.id for m in case.regime(day))
    world = scenarios.world
    direct = shot.commodities["POTASH"].tonnes_ni[world.country("CHN"), world.country("BLR")]
    assert now == pytest.approx(direct, abs=1e-6)


def test_the_command_prints_json_and_bands() -> None:
    done = CliRunner().invoke(app, ["claims", "--draws", "2", "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert sum(data["counts"].values()) == len(data["claims"])
    tested = [t for c in data["claims"] for t in c["tests"]]
    assert all(t["low"] <= t["high"] for t in tested)
