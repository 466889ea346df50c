"""Draws that fail say which parameter, which value and why; ranges are tried before any draw."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from detente.analysis import Scenarios, run_draws
from detente.analysis.uncertainty.draws import Ensemble, NoDraws, bands_sentence
from detente.analysis.uncertainty.failures import MOST_FAILED
from detente.analysis.uncertainty.range_ends import end_faults
from detente.cases import Case, load_case, read_case, read_files
from detente.trade import NotConverged

DEAR = ("range: [216, 256]", "range: [216, 8000]")
RENT = ("range: [0.2, 0.5]", "range: [0.2, 0.71]")


def changed(*pairs: tuple[str, str]) -> Case:
    """The default case with some texts exchanged."""
    text = read_files("belarus").one_file()[0]
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_case(text)


def price(scenarios: Scenarios) -> dict[str, np.ndarray]:
    """What was drawn; nothing is solved."""
    return {"price": np.array(scenarios.case.value("potash_price"))}


def stalls_where_cheap(scenarios: Scenarios) -> dict[str, np.ndarray]:
    """The same, but for cheap draws, which are taken not to converge."""
    if scenarios.case.value("potash_price") < 222:
        raise NotConverged("Stalled after 9 evaluations.")
    return price(scenarios)


@cache
def dear() -> Ensemble:
    return run_draws(changed(DEAR), price, draws=32, processes=1)


def test_an_impossible_draw_names_parameter_value_and_reason() -> None:
    found = dear()
    assert 0 < found.failed == len(found.failures) < found.done
    drawn = {f.draw: f for f in found.failures}
    first = min(drawn)
    assert {f.kind for f in found.failures} == {"impossible"}
    assert set(drawn[first].values) == {"potash_price"}
    assert drawn[first].values["potash_price"] > found.values["price"].max()
    assert f"{found.failed} impossible (for example draw {first + 1} (potash_price = " in found.why
    assert "POTASH: BLR sells USD million" in found.why
    assert "converge" not in found.why


def test_shares_past_one_name_all_that_make_them_so() -> None:
    found = run_draws(changed(RENT), price, draws=64, processes=1)
    first, second, _ = found.failures
    shares = {"potash_labour_share", "potash_capital_share", "potash_resource_share"}
    # Those without which the sum would stay below 1, with the others at the centre.
    central = {name: load_case("belarus").value(name) for name in shares}
    for one in (first, second):
        assert len(one.values) > 1
        assert set(one.values) < shares
        assert sum({**central, **one.values}.values()) > 1
        assert "sum to 1.0" in one.reason
    text = bands_sentence(found.done, found.asked, found.failed, found.why)
    number = f"draw {first.draw + 1} (potash_"
    assert "3 of them failed and are in no band: 3 impossible (for example " + number in text
    assert "They are bands of 61 draws." in text


def test_more_than_a_small_share_of_failures_refuses_the_bands() -> None:
    assert MOST_FAILED == 0.05
    with pytest.raises(NoDraws) as caught:
        dear().required()
    assert f"{dear().failed} of 32 draws of the parameters failed, more than 5 %" in str(
        caught.value
    )
    assert "potash_price = " in str(caught.value)
    some = run_draws(changed(RENT), price, draws=64, processes=1)
    assert len(some.required()["price"]) == 61


def test_what_stalls_is_told_apart_from_what_cannot_be() -> None:
    found = run_draws(load_case("belarus"), stalls_where_cheap, draws=64, processes=1)
    assert {f.kind for f in found.failures} == {"not converged"}
    assert "not converged" in found.why
    assert "farthest from the centre: " in found.why
    assert "Stalled after 9 evaluations" in found.why


def test_processes_tell_the_same_reasons() -> None:
    two = run_draws(changed(DEAR), price, draws=32, processes=2)
    assert two.failures == dear().failures


@pytest.mark.parametrize("name", ["belarus", "russia-coalition", "elmira"])
def test_packaged_cases_can_be_at_both_ends_of_every_range(name: str) -> None:
    assert end_faults(load_case(name)) == ()


def test_both_ends_are_tried_and_told_with_file_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "dear.yaml"
    path.write_text(read_files("belarus").one_file()[0].replace(*DEAR, 1), encoding="utf-8")
    (fault,) = end_faults(load_case(path))
    lines = path.read_text("utf-8").splitlines()
    assert (fault.file, fault.key) == ("dear.yaml", "parameters.potash_price.range")
    assert DEAR[1] in lines[fault.line - 1]
    assert "its highest value 8000 is impossible with all others at the centre" in fault.message
    assert "of it but only 4650" in fault.message


def test_shares_of_one_whole_are_tried_together() -> None:
    narrow = ("range: [0.2, 0.5]", "range: [0.2, 0.51]")
    (fault,) = end_faults(changed(narrow))
    assert fault.key == "commodities[0].resource_share"
    assert "together the shares reach 1.01" in fault.message


def test_shares_without_a_rest_cannot_be_drawn() -> None:
    loose = ("      C20: rest", "      C20: 0.08")
    value = load_case("belarus").value("potash_farm_share")
    faults = end_faults(changed((loose[0], f"      C20: {1 - value:g}")))
    joint = next(f for f in faults if f.key == "commodities[0].users")
    assert "draws of potash_farm_share change the sum from 0.92 to 1.04" in joint.message
    assert joint.remedy == "Write rest for one of them."
    ends = [f for f in faults if f.key == "parameters.potash_farm_share.range"]
    assert len(ends) == 2
