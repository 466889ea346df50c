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

from detente.case import ClaimTest, load_case
from detente.cli import app
from detente.study import Scenarios, Verdicts, outputs, verdicts
from detente.study.assessment import CommodityOutcome
from detente.study.claims import combined, ruling_of

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
    solved = SimpleNamespace(solution=SimpleNamespace(spending_jn=PAID.sum(axis=1)[None]))
    case = SimpleNamespace(name="made-up", routes=())
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
        ([], "not testable"),
    ],
)
def test_all_tests_of_a_claim_must_hold(rulings: Any, expected: str) -> None:
    assert combined(rulings) == expected


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
