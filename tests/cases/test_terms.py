"""Ways in plain numbers: shares, costs, fees and room under measures and on a day."""

from __future__ import annotations

import math

import pytest

from detente.cases import CaseError, Selection, load_case
from detente.world import load_world

WORLD = load_world("oecd-2020")


def test_terms_without_measures_are_those_of_the_base_year(write):
    overseas, china = load_case(write()).route_terms(WORLD)
    assert (overseas.commodity, overseas.origin, overseas.price) == ("POTASH", "BLR", 241)
    assert (overseas.route_elasticity, china.route_elasticity) == (6, 4)
    assert (overseas.congestion_level, overseas.congestion_power) == (0.5, 8)
    assert {"USA", "GBR"} <= set(overseas.markets)
    assert not {"BLR", "RUS", "DEU", "CHN"} & set(overseas.markets)
    assert china.markets == ("CHN",)
    port, rail = overseas.routes
    assert [w.base_share for w in overseas.routes] == pytest.approx([0.9, 0.1])
    assert (port.fee, port.transit, port.capacity, port.cost_factor) == (5, "LTU", None, 1)
    assert (rail.fee, rail.transit, rail.capacity, rail.via) == (0, None, 8, ((30, 50),))
    # One way in two entries: capacity and points are written once, cost is each entry's own.
    (same,) = china.routes
    assert (same.id, same.capacity, same.via) == (rail.id, rail.capacity, rail.via)
    assert same.cost_factor == pytest.approx(1 + 2 / 241)
    assert not any(w.closed for w in (port, rail, same))


def test_a_measure_closes_a_way_or_makes_it_dearer(write):
    (port, rail), (same,) = (t.routes for t in load_case(write()).route_terms(WORLD, ["stop"]))
    assert port.closed_by == ("stop",)
    assert math.isinf(port.cost_factor)
    assert rail.cost_factor == pytest.approx(1 + 10 / 241)
    assert same.extra_cost == 12


def test_room_follows_the_day(write):
    case = load_case(write())
    rooms = {
        day: case.route_terms(WORLD, (), day)[0].routes[1].capacity
        for day in ("2021-06-01", "2022-06-01", "2023-06-01")
    }
    assert list(rooms.values()) == [8, 2, 8]
    with pytest.raises(CaseError, match="no measure 'stpo'"):
        case.route_terms(WORLD, ["stpo"])


@pytest.mark.parametrize(
    ("lifted", "closed_by"),
    [
        ((), ("eu-transit", "lt-transit")),
        (("eu-transit",), ("lt-transit",)),
        (("lt-transit",), ("eu-transit",)),
        (("eu-transit", "lt-transit"), ()),
    ],
)
def test_klaipeda_reopens_only_when_both_governments_let_it(lifted, closed_by):
    case = load_case("belarus")
    on = [m.id for m in case.regime() if m.id not in lifted]
    overseas, china, neighbours, ukraine = case.route_terms(WORLD, on)
    for route_choices in (overseas, china):
        routes = {w.id: w for w in route_choices.routes}
        assert routes["klaipeda"].closed_by == closed_by
        assert routes["klaipeda"].transit == "LTU"
        assert sum(w.base_share for w in route_choices.routes) == pytest.approx(1)
        assert not any(w.closed for k, w in routes.items() if k != "klaipeda")
    assert {w.id: w.capacity for w in overseas.routes if w.capacity}.items() <= {
        w.id: w.capacity for w in china.routes
    }.items()
    assert (neighbours.markets, ukraine.markets) == (("KAZ", "RUS"), ("UKR",))
    assert ukraine.routes[0].closed_by == ("ua-border",)
    assert not {*overseas.markets} & {*china.markets, *neighbours.markets, *ukraine.markets}


def test_room_of_the_russian_ways_grows_with_the_years():
    case = load_case("belarus")
    room = [case.value("russian_baltic_capacity", f"{y}-07-01") for y in (2022, 2023, 2024, 2025)]
    assert room == sorted(room)
    assert room[0] < room[-1] == case.value("russian_baltic_capacity")
    assert case.value("eu_potash_leakage", "2022-04-07") > case.value(
        "eu_potash_leakage", "2022-04-08"
    )


def test_shares_that_cannot_stand_together_are_refused(write):
    with pytest.raises(CaseError, match="leave nothing for rest"):
        load_case(write()).with_parameters({"share": 1.0})
    with pytest.raises(CaseError, match="above 0 and at most 1"):
        load_case(write()).with_parameters({"share": 0.0})


def test_a_scenario_is_a_set_of_measures_and_a_day(write):
    case = load_case(write())
    test = case.claims[0].tests[0]
    ids, day = case.scenario(test.scenario)
    assert (ids, day) == (("duty",), case.date)
    assert case.scenario(test.against) == (("ban", "duty"), case.date)
    assert case.scenario(case.published[0].compare.scenario) == ((), case.date)
    assert (test.unit, case.published[0].compare.unit) == ("fraction", "USD million a year")
    assert (test.holds(0), test.holds(1)) == (True, False)
    assert case.published_range("freight") == pytest.approx((68.4, 114))
    with pytest.raises(CaseError, match="no published figure 'fright'"):
        case.published_range("fright")
    assert case.chosen(Selection(("US", "DEU")), WORLD) == ("DEU", "USA")
    assert case.chosen(Selection(("*",), ("EU",)), WORLD, "2020-01-31").count("GBR") == 0


def test_every_claim_of_the_belarus_case_can_be_put_to_the_model():
    case = load_case("belarus")
    tested = [c for c in case.claims if c.tests]
    assert len([c for c in tested if c.id.startswith("C")]) >= 15
    assert {f"C{n:02}" for n in range(1, 52)} <= {c.id for c in case.claims}
    readings = [t for c in tested for t in c.tests]
    readings += [p.compare for p in case.published if p.compare is not None]
    for reading in readings:
        assert case.scenario(reading.scenario)[0] != case.scenario(reading.against)[0] or (
            reading.change == "level"
        )
        for chosen in reading.choices.values():
            assert case.chosen(chosen, WORLD, case.date)
    for claim in case.claims:
        assert claim.speaker
        assert claim.source
