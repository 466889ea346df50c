"""What each control moves, held against the states solved one by one."""

from __future__ import annotations

import pytest

from detente.analysis import Scenarios
from detente.analysis.idle_controls import held_twice, idle_controls
from detente.analysis.influence import (
    influence_of_measures,
    influence_of_pairs,
    influence_of_parameters,
    watched,
)
from detente.cases import load_case


@pytest.fixture(scope="module")
def here():
    return Scenarios(load_case("belarus"))


@pytest.fixture(scope="module")
def sides(here):
    return watched([("BLR", "Belarus", ["BLR"]), ("USA", "United States", ["USA"])], here.world)


def gains(case, measures):
    return Scenarios(case).snapshot(measures).equivalent_variation_n


def test_measures_come_with_whom_they_move_and_the_strongest_first(here, sides):
    case, idle = here.case, idle_controls(here)
    found = influence_of_measures(case, sides, gains, idle)
    names = [one.names[0] for one in found]
    assert not idle.keys() & set(names)
    sizes = [abs(one.change) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    by_name = dict(zip(names, found, strict=True))
    on = [m.id for m in case.regime()]
    lifted = gains(case, [m for m in on if m != "eu-potash"]) - gains(case, on)
    assert by_name["eu-potash"].label == "Belarus"
    assert by_name["eu-potash"].change == pytest.approx(lifted[here.world.country("BLR")])
    assert by_name["eu-potash"].change > 0
    imposed = gains(case, [*on, "us-aviation"]) - gains(case, on)
    assert by_name["us-aviation"].change == pytest.approx(imposed[here.world.country("BLR")])


def test_two_that_hold_the_same_are_a_pair_and_move_together(here, sides):
    held = held_twice(here)
    assert held["lt-transit"] == ("eu-transit",)
    assert held["eu-transit"] == ("lt-transit",)
    pairs = influence_of_pairs(here.case, sides, gains, held)
    pair = next(p for p in pairs if set(p.names) == {"eu-transit", "lt-transit"})
    on = [m.id for m in here.case.regime()]
    both = gains(here.case, [m for m in on if m not in pair.names]) - gains(here.case, on)
    assert pair.change == pytest.approx(both[here.world.country("BLR")])
    one = gains(here.case, [m for m in on if m != "lt-transit"]) - gains(here.case, on)
    assert one[here.world.country("BLR")] == pytest.approx(0, abs=1e-3)


def test_a_parameter_has_the_end_of_its_range_that_moves_more(here, sides):
    case = here.case
    rest = set(case.parameters) - {"potash_price"}
    (found,) = influence_of_parameters(case, sides, gains, rest)
    on = [m.id for m in case.regime()]
    ends = [
        (gains(case.with_parameters({"potash_price": value}), on) - gains(case, on))[
            list(side.members)
        ].sum()
        for value in case.parameters["potash_price"].range
        for side in sides
    ]
    assert found.change == pytest.approx(max(ends, key=abs))
    assert influence_of_parameters(case, sides, gains, case.parameters) == []
