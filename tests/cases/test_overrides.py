"""Flows that a case file changes, and a supply curve of one country's own."""

from __future__ import annotations

import numpy as np
import pytest

from detente.cases import CaseError, load_case
from detente.cases.flow_overrides import overridden
from detente.cases.resolve import world_of
from detente.cases.tables import Flow

TABLE = (
    Flow("CAN", "USA", 60.0, "export"),
    Flow("RUS", "USA", 30.0, "export"),
    Flow("DEU", "USA", 10.0, "export"),
    Flow("USA", "USA", 7.0, "own"),
    Flow("CAN", "BRA", 5.0, "export"),
)


def changed(*overrides: dict[str, object]) -> dict[tuple[str, str], float]:
    case = load_case("belarus")
    commodity = case.commodity("POTASH")
    kind = type(commodity.overrides[0])
    given = tuple(kind.model_validate({"source": "an example"} | o) for o in overrides)
    flows = overridden(case, commodity.model_copy(update={"overrides": given}), TABLE)
    return {(f.origin, f.market): f.quantity for f in flows}


def test_a_share_moves_the_other_suppliers_in_proportion_and_keeps_the_total() -> None:
    got = changed({"origin": "CAN", "market": "USA", "share": 0.8})
    assert got == pytest.approx(
        {
            ("CAN", "USA"): 80.0,
            ("RUS", "USA"): 15.0,
            ("DEU", "USA"): 5.0,
            ("USA", "USA"): 7.0,
            ("CAN", "BRA"): 5.0,
        }
    )


def test_a_flow_with_an_override_of_its_own_does_not_give_way() -> None:
    got = changed(
        {"origin": "DEU", "market": "USA", "quantity": 20.0},
        {"origin": "CAN", "market": "USA", "share": 0.7},
    )
    # 110 in all: 77 from Canada, 20 as given, and 13 are left.
    assert got["CAN", "USA"] == pytest.approx(77.0)
    assert got["DEU", "USA"] == 20.0
    assert got["RUS", "USA"] == pytest.approx(13.0)


def test_shares_that_leave_too_little_are_refused() -> None:
    with pytest.raises(CaseError, match="the overrides of USA take 8 t more than its imports of 1"):
        changed(
            {"origin": "RUS", "market": "USA", "quantity": 30.0},
            {"origin": "DEU", "market": "USA", "quantity": 10.0},
            {"origin": "CAN", "market": "USA", "share": 0.68},
        )
    with pytest.raises(CaseError, match="leave 2 t of its imports, and the table has no other"):
        changed(
            {"origin": "RUS", "market": "USA", "quantity": 30.0},
            {"origin": "DEU", "market": "USA", "quantity": 10.0},
            {"origin": "CAN", "market": "USA", "share": 0.58},
        )


def test_an_override_is_a_quantity_or_a_share() -> None:
    kind = type(load_case("belarus").commodity("POTASH").overrides[0])
    for given in ({}, {"quantity": 1, "share": 0.5}):
        with pytest.raises(ValueError, match="exactly one of quantity, share"):
            kind.model_validate({"origin": "CAN", "market": "USA", "source": "an example"} | given)


def test_one_country_has_a_supply_curve_of_its_own() -> None:
    case = load_case("belarus")
    world = world_of(case)
    j, at = world.good("POTASH"), {c: n for n, c in enumerate(world.countries)}
    share_n = world.resource_nj[:, j] / np.maximum(world.trade_jni[j].sum(axis=0), 1e-12)
    assert share_n[at["CAN"]] == pytest.approx(case.value("canada_potash_resource_share"), rel=1e-6)
    for country in ("BLR", "RUS", "DEU"):
        assert share_n[at[country]] == pytest.approx(case.value("potash_resource_share"), rel=1e-6)


def test_a_share_that_leaves_no_room_for_costs_is_refused(small_text, write) -> None:
    line = "resource_share: 0.3\n"
    assert small_text.count(line) == 1
    indent = small_text.split(line)[0].rsplit("\n", 1)[1]
    for given, words in (("{BLR: 0.9}", "more than 1"), ("{BLX: 0.2}", "no country 'BLX'")):
        text = small_text.replace(line, f"{line}{indent}resource_shares: {given}\n")
        with pytest.raises(CaseError) as caught:
            load_case(write(text))
        found = [str(f) for f in caught.value.faults if "resource_shares" in f.key]
        assert words in " ".join(found), str(caught.value)
