"""Named scenarios of a case: what they change, what is wrong with them, and files of strangers."""

from __future__ import annotations

import datetime as dt

import pytest

from detente.cases import CaseError, NamedScenario, load_case, read_case, read_files
from detente.cases.case_files import without_key

DAY = dt.date(2025, 12, 1)


@pytest.fixture(scope="module")
def case():
    return load_case("belarus")


@pytest.mark.parametrize("on", [True, False])
def test_every_measure_is_switched_on_the_day(case, on):
    wanted = {m.id: on for m in case.measures}
    for day in (DAY, dt.date(2021, 1, 1), dt.date(2022, 3, 3)):
        asked = NamedScenario(label="all", date=day, measures=wanted)
        found = case.in_scenario(asked)
        in_force = {m.id for m in found.in_force()}
        assert in_force == ({m.id for m in case.measures} if on else set())
        for before, after in zip(case.measures, found.measures, strict=True):
            # Days before the one that is assessed stay as they were.
            eve = day - dt.timedelta(days=1)
            assert before.in_force_on(eve) == after.in_force_on(eve)


def test_everything_else_that_a_scenario_holds(case):
    asked = NamedScenario.model_validate(
        {
            "label": "mine",
            "date": "2024-05-01",
            "horizon": "short",
            "transfers": "zero",
            "in_force": {"us-potash": [{"from": "2021-12-08", "until": "2024-01-01"}]},
            "parameters": {"potash_price": 230},
        }
    )
    found = case.in_scenario(asked)
    assert (found.date, found.horizon, found.transfers) == (dt.date(2024, 5, 1), "short", "zero")
    assert not found.measure("us-potash").in_force_on(found.date)
    assert found.value("potash_price") == 230
    assert found.named_scenario is asked
    assert case.named_scenario is None
    assert case.value("potash_price") == 241


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"measures": {"us-potsh": True}}, "measures.us-potsh", "Did you mean us-potash"),
        ({"in_force": {"nobody": []}}, "in_force.nobody", "there is no measure"),
        ({"parameters": {"potash_prise": 1}}, "parameters.potash_prise", "potash_price"),
        (
            {"in_force": {"us-potash": [{"from": "2022-01-01", "until": "2021-01-01"}]}},
            "in_force.us-potash[0].until",
            "is not after",
        ),
        ({"parameters": {"eu_potash_leakage": 2}}, "leakage", "between 0 and 1"),
    ],
)
def test_what_cannot_be_is_said_with_its_key(case, given, key, words):
    with pytest.raises(CaseError) as caught:
        case.in_scenario(NamedScenario.model_validate({"label": "x", **given}))
    assert any(f.key.endswith(key) for f in caught.value.faults)
    assert words in str(caught.value)


def test_scenarios_of_a_file_are_checked_with_it(case):
    block = """
scenarios:
  - label: one
    measures: {us-potsh: false}
  - label: one
    horizon: forever
  - label: three
    parameters: {potash_price: 230}
"""
    text = without_key(read_files("belarus").one_file()[0], "scenarios")
    with pytest.raises(CaseError) as caught:
        read_case(text + block)
    keys = {f.key: f for f in caught.value.faults}
    assert set(keys) == {"scenarios[0].measures.us-potsh", "scenarios[1].horizon"}
    line = (text + block)[: (text + block).index("us-potsh")].count("\n") + 1
    assert keys["scenarios[0].measures.us-potsh"].line == line
    good = read_case(
        text
        + block.replace("us-potsh", "us-potash")
        .replace("forever", "short")
        .replace("one\n    horizon", "two\n    horizon")
    )
    assert good.in_scenario("three").value("potash_price") == 230
    assert good.path is None
    with pytest.raises(CaseError, match="Did you mean three"):
        good.in_scenario("thre")


def test_a_case_from_text_reads_no_other_file(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("origin,market,tonnes\nBLR,USA,1\n")
    text = read_files("belarus").one_file()[0]
    assert read_case(text).digest == case.digest
    for name in ("own.csv", str(tmp_path / "own.csv"), "../own"):
        with pytest.raises(CaseError, match="there is no table"):
            read_case(text.replace("flows: potash-2020", f"flows: {name}"))


def test_scenarios_of_a_file_change_its_digest_and_not_its_substance():
    bare = without_key(read_files("elmira").one_file()[0], "scenarios")
    own, other = (
        read_case(bare),
        read_case(bare + "\nscenarios:\n  - {label: one, date: 1990-01-01}\n"),
    )
    assert own.digest != other.digest
    assert own.digest == own.substance == other.substance


@pytest.mark.parametrize("name", ["belarus", "russia-coalition"])
def test_the_scenarios_that_a_packaged_case_offers_are_what_their_names_say(name):
    case = load_case(name)
    offered = {s.label: {m.id for m in case.in_scenario(s).regime()} for s in case.scenarios}
    assert 3 <= len(offered) <= 5
    on = {m.id for m in case.regime()}
    assert all(regime < on for regime in offered.values())
    alone = offered["Washington alone lifts"]
    assert on - alone == {m.id for m in case.regime() if m.owner == "US" and m.id in on - alone}
    assert all(m.owner != "US" or m.id == "us-canada-2025" for m in case.regime() if m.id in alone)
    lifted = next(regime for label, regime in offered.items() if label.startswith("All trade"))
    assert lifted <= {"us-canada-2025"}


def test_switched_lifts_and_imposes_on_a_day() -> None:
    case = load_case("belarus")
    other = case.switched(lift=["us-potash"], impose=["us-aviation"])
    before, after = ({m.id for m in c.in_force()} for c in (case, other))
    assert before - after == {"us-potash"}
    assert after - before == {"us-aviation"}
    assert case.switched() is case
    later = case.switched(lift=["eu-potash"], date="2026-02-01")
    assert later.date.isoformat() == "2026-02-01"
    assert "eu-potash" not in {m.id for m in later.in_force()}
    assert later.own.digest == case.digest


@pytest.mark.parametrize(
    ("lift", "impose", "words"),
    [
        (["us-potsh"], [], "Did you mean us-potash"),
        ([], ["nothing-like-it"], "there is no measure 'nothing-like-it'"),
        (["us-potash"], ["us-potash"], "is to be lifted and imposed. Name it once."),
    ],
)
def test_switching_what_is_not_there_is_one_message(lift, impose, words) -> None:
    with pytest.raises(CaseError, match=words):
        load_case("belarus").switched(lift, impose)
