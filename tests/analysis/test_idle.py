"""Controls that move nothing, held against the model: what is said of them is true."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis import Scenarios
from detente.analysis.idle_controls import idle_controls
from detente.analysis.measure_effects import NOISE
from detente.cases import CaseError, NamedScenario, load_case
from detente.trade import ShockError


def most(why: str) -> float:
    """What a control may move by what is said of it, USD million a year."""
    return NOISE if "next to nothing" in why else 1e-3


def moved(scenarios: Scenarios, other: Scenarios) -> float:
    """The largest difference of two states for any country, USD million a year."""
    one, two = (
        s.snapshot(m.id for m in s.case.regime(s.date)).equivalent_variation_n
        for s in (scenarios, other)
    )
    return float(np.abs(one - two).max())


@pytest.mark.parametrize(
    "measures", [{}, {"lt-transit": False, "us-potash": False}, {"us-aviation": True}]
)
def test_what_is_said_to_move_nothing_moves_nothing_and_all_else_does(measures) -> None:
    case = load_case("belarus")
    state = NamedScenario(label="state", measures=measures)
    here = Scenarios(case.in_scenario(state))
    idle = idle_controls(here)
    on = {m.id for m in here.case.regime()}
    for m in case.trade_measures:
        switched = NamedScenario(label="x", measures={**measures, m.id: m.id not in on})
        other = Scenarios(case.in_scenario(switched), world=here.world)
        if m.id in idle:
            assert moved(here, other) < most(idle[m.id]), m.id
        else:
            assert moved(here, other) >= NOISE, m.id
    for name in idle.keys() & case.parameters.keys():
        p = case.parameters[name]
        for value in p.range or (0.5 * p.value, 2 * p.value):
            try:
                changed = case.with_parameters({name: value}).in_scenario(state)
                assert moved(here, Scenarios(changed)) < most(idle[name]), name
            except (CaseError, ShockError):
                continue


def test_the_reason_names_what_holds_it() -> None:
    case = load_case("belarus")
    idle = idle_controls(Scenarios(case))
    assert "‘Lithuanian stop of potash transit to Klaipėda’ is in force" in idle["eu-transit"]
    assert "‘EU ban on transit of potash’ is in force" in idle["lt-transit"]
    assert "‘US restrictions on Belavia’ is not in force" in idle["us_belarus_air_friction"]
    assert "us_potash_leakage" not in idle
    held = "lifting it alone moves nothing while"
    assert idle["eu-transit"].startswith(f"Held twice: {held}")
    in_force = {m.id for m in case.regime()}
    for m in case.trade_measures:
        if m.id in idle and "next to nothing" in idle[m.id]:
            assert idle[m.id].startswith("Lifting" if m.id in in_force else "Imposing")
    for name in ("us-canada-2025", "us_canada_potash_rate"):
        assert "oves next to nothing" in idle[name]
        assert "less than USD 50 thousand a year" in idle[name]
    assert idle["russian_exports_2022"] == "Bears on the back-test; moves nothing in trade."
    assert "claims are held against" in idle["usd_per_eur"]
    opened = Scenarios(case.in_scenario(NamedScenario(label="x", measures={"lt-transit": False})))
    assert not {"eu-transit", "us-potash"} & idle_controls(opened).keys()


def test_a_tariff_that_is_felt_is_not_told_as_next_to_nothing() -> None:
    """The same measure at a hundred times its rate."""
    case = load_case("belarus")
    felt = case.with_parameters({"us_canada_potash_rate": 1e-3})
    assert not {"us-canada-2025", "us_canada_potash_rate"} & idle_controls(Scenarios(felt)).keys()
