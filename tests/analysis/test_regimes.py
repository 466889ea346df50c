"""Regimes in time of cases in which nothing, or nothing yet, is in force."""

from __future__ import annotations

import pytest

from detente.analysis import Scenarios
from detente.analysis.regimes import change_days, regimes_in_time
from detente.cases import load_case


@pytest.fixture(scope="module")
def dormant():
    """The default case with all measures kept and none of them ever in force."""
    case = load_case("belarus")
    never = tuple(m.model_copy(update={"in_force": ()}) for m in case.measures)
    return case.model_copy(update={"measures": never})


def test_without_a_measure_in_force_nothing_changes(dormant):
    assert change_days(dormant) == []
    found = regimes_in_time(Scenarios(dormant))
    (only,) = found.regimes
    assert (only.start, only.measures, only.begun, only.ended) == (dormant.date, (), (), ())
    assert found.effect_rp == pytest.approx(0.0, abs=1e-3)


def test_the_first_regime_is_the_day_before_anything_changes():
    case = load_case("belarus")
    first = min(p.start for m in case.trade_measures for p in m.in_force)
    days = change_days(case)
    assert days == sorted(set(days))
    assert days[0] == first
    assert regimes_in_time(Scenarios(case)).regimes[0].measures == ()
