"""How a state differs from its case: one description, in titles, files and the brief."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from detente.analysis import assess
from detente.analysis.departure import departure_of
from detente.analysis.regimes import regimes_in_time
from detente.analysis.scenarios import Scenarios
from detente.cases import Case, NamedScenario, load_case
from detente.report import brief_html, make_brief, views_of, write_csv
from detente.report.departure import told_in_one
from detente.report.terminal import print_summary

LIFT = NamedScenario(label="US lifts", measures={"us-potash": False})
FILED = "‘US sanctions on the Belarusian potash companies’"


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("belarus")


@pytest.fixture(scope="module")
def lifted(case):
    return views_of(assess(case.in_scenario(LIFT)))


def test_the_case_is_no_departure(case) -> None:
    assert not departure_of(case, case.date, case.horizon, case.transfers)
    assert not departure_of(case.in_scenario(NamedScenario(label="same")))
    same = case.with_parameters({"potash_price": case.value("potash_price")})
    assert not departure_of(same)
    assert departure_of(case).plain() is None


def test_every_kind_of_change_is_named_with_what_it_is_in_the_case(case) -> None:
    scenario = NamedScenario.model_validate(
        {
            "label": "other",
            "date": "2025-12-02",
            "horizon": "short",
            "transfers": "zero",
            "measures": {"us-potash": False, "us-aviation": True},
            "in_force": {"ua-border": [{"from": "2022-02-28", "until": "2027-01-01"}]},
            "parameters": {"eu_potash_leakage": 0.07},
        }
    )
    found = departure_of(case.in_scenario(scenario))
    assert [(c.what, c.name) for c in found.changes] == [
        ("date", ""),
        ("horizon", ""),
        ("transfers", ""),
        ("measure", "us-potash"),
        ("measure", "us-aviation"),
        ("days", "ua-border"),
        ("parameter", "eu_potash_leakage"),
    ]
    words = [c.words for c in found.changes]
    assert words[0] == "assessed on 2 December 2025, not on the case's 1 December 2025"
    assert words[3] == f"{FILED} lifted (in force in the case)"
    assert "imposed (not in force in the case)" in words[4]
    assert "28 February 2022 to 1 January 2027" in words[5]
    assert words[6].startswith("enforcement of ‘EU ")
    assert words[6].endswith(" 93 % (99.8 % in the case)"), "as the app takes it, not as a leakage"
    assert found.hypothetical
    assert found.stem("belarus") == "belarus-your-scenario-other-7-changes"
    assert found.sentence.startswith("Your scenario ‘other’, not the state of the case: ")
    assert "three other changes" in found.line
    assert "three other changes" not in found.sentence


def test_a_state_that_equals_a_scenario_of_the_case_has_its_name(case) -> None:
    offered = case.scenarios[0]
    assert offered.label == "Reopen Klaipėda"
    moves = list(offered.measures)[::-1]
    screen = NamedScenario(label="now", measures=dict.fromkeys(moves, False))
    for state in (case.in_scenario(screen), case.switched(lift=moves), case.in_scenario(offered)):
        found = departure_of(state)
        assert found.scenario == offered.label
        assert found.heading == "Your scenario: Reopen Klaipėda (2 changes)"
        titled = "Your scenario ‘Reopen Klaipėda’: Who pays (2 changes)"
        assert (found.titled("Who pays"), found.titled(titled)) == (titled, titled)
        assert found.untitled(titled) == "Who pays"
        assert found.stem("belarus") == "belarus-your-scenario-reopen-klaipeda-2-changes"
        assert found.line.startswith("Your scenario ‘Reopen Klaipėda’, not the state of the case: ")
        assert found.entries()["departure"]["heading"] == found.heading  # type: ignore[index]


@pytest.mark.parametrize(
    "more",
    [
        {"measures": {"us-potash": False}},
        {"horizon": "short"},
        {"date": "2025-11-01"},
        {"parameters": {"potash_price": 300.0}},
        {"measures": {"eu-transit": True}},
    ],
)
def test_a_state_that_differs_from_every_scenario_has_no_name(case, more) -> None:
    base = {"label": "now", "measures": dict(case.scenarios[0].measures)}
    given = {**base, **more, "measures": {**base["measures"], **more.get("measures", {})}}
    found = departure_of(case.in_scenario(NamedScenario.model_validate(given)))
    assert found.scenario == ""
    assert found.heading.startswith("Your scenario: ‘")


def test_options_of_a_command_are_departures_too(case) -> None:
    found = departure_of(case, dt.date(2022, 6, 1), "short", "zero")
    assert [c.what for c in found.changes] == ["date", "horizon", "transfers"]


@pytest.mark.parametrize(
    ("asked", "sentence", "title", "stem"),
    [
        (
            {"date": dt.date(2022, 6, 1)},
            "Assessed on 1 June 2022, not on the case's 1 December 2025.",
            "1 June 2022: Title",
            "belarus-2022-06-01",
        ),
        (
            {"horizon": "short"},
            "Short run, not the case's long run.",
            "Short run: Title",
            "belarus-short",
        ),
        (
            {"horizon": "medium", "transfers": "zero"},
            "Medium run, not the case's long run; trade deficits zero, not fixed as in the case.",
            "Medium run, trade deficits zero: Title",
            "belarus-medium-zero-deficits",
        ),
    ],
)
def test_another_date_horizon_or_rule_is_no_hypothesis(case, asked, sentence, title, stem) -> None:
    found = departure_of(case, **asked)
    assert found
    assert not found.hypothetical
    assert (found.sentence, found.line) == (sentence, sentence)
    assert (found.titled("Title"), found.titled(title)) == (title, title)
    assert found.untitled(title) == "Title"
    assert found.stem("belarus") == stem
    stated = found.entries()
    assert stated["hypothetical"] is False
    assert stated["departure"]["sentence"] == sentence
    assert "Your scenario" not in found.page + sentence
    scenario = NamedScenario.model_validate({"label": "other", **asked})
    named = departure_of(case.in_scenario(scenario))
    assert named.sentence == f"Scenario ‘other’: {sentence[0].lower()}{sentence[1:]}"
    assert named.stem("belarus") == stem


def test_states_beside_one_another_are_told_apart(case) -> None:
    past, lift = departure_of(case, dt.date(2022, 6, 1)), departure_of(case.in_scenario(LIFT))
    line, suffix = told_in_one([("case", departure_of(case)), ("then", past)])
    assert line.endswith("‘then’: assessed on 1 June 2022, not on the case's 1 December 2025.")
    assert "our scenario" not in line
    assert suffix == "-2022-06-01"
    line, suffix = told_in_one([("then", past), ("lift", lift)])
    assert line.startswith("Your scenarios, not the state of the case: ‘lift’: ")
    assert "‘then’: assessed on 1 June 2022" in line
    assert suffix == "-your-scenarios"
    assert told_in_one([("case", departure_of(case))]) == ("", "")


def test_an_act_keeps_its_days_and_the_lift_has_a_column_of_its_own(case, lifted) -> None:
    own = views_of(assess(case)).tables["in-force"]
    table = lifted.tables["in-force"]
    assert "hypothetical" not in [c.key for c in own.columns]
    for key in ("since", "until"):
        filed = dict(zip(own.column("measure"), own.column(key), strict=True))
        assert dict(zip(table.column("measure"), table.column(key), strict=True)) == filed
    stated = dict(zip(table.column("measure"), table.column("hypothetical"), strict=True))
    label = case.measure("us-potash").label
    assert stated.pop(label) == "lifted"
    assert set(stated.values()) == {None}
    status = dict(zip(table.column("measure"), table.column("status"), strict=True))
    assert status[label] == "not in force"


def test_what_begins_or_ends_by_no_act_is_marked_among_the_regimes(case) -> None:
    from detente.analysis import Answer

    scenarios = Scenarios(case.in_scenario(LIFT))
    views = views_of(Answer(assess(case.in_scenario(LIFT)), timeline=regimes_in_time(scenarios)))
    label = case.measure("us-potash").label
    ended = {
        row[0]: row[2] for row in views.tables["regimes"].rows if row[2] and label in str(row[2])
    }
    assert ended == {"2025-12-01": f"{label} (your scenario)"}
    begun = [row[1] for row in views.tables["regimes"].rows if row[1] and label in str(row[1])]
    assert begun == [label]


def test_every_part_of_a_brief_is_marked(lifted, tmp_path: Path) -> None:
    line = lifted.departure.line
    assert f"{FILED} lifted" in line
    assert lifted.stem == "belarus-your-scenario-us-lifts-1-change"
    assert lifted.findings[0] == lifted.departure.sentence
    for part in (lifted, *lifted.sections, *lifted.tables.values(), *lifted.charts.values()):
        assert part.title.startswith("Your scenario ‘US lifts’: ")
        assert part.title.endswith(" (1 change)")
    assert {p.state for p in (*lifted.tables.values(), *lifted.charts.values())} == {line}
    titles = [view["title"] for view in lifted.charts["map"].data["views"]]
    assert all(title.startswith("Your scenario ‘US lifts’: ") for title in titles)
    plain = json.loads(lifted.to_json())
    assert plain["hypothetical"] is True
    assert plain["departure"]["changes"][0]["id"] == "us-potash"
    assert {t["state"] for t in plain["tables"]} == {line}
    assert {t["suffix"] for t in plain["tables"]} == {"-your-scenario-us-lifts-1-change"}
    for path in write_csv(lifted, tmp_path):
        assert path.stem.endswith("-your-scenario-us-lifts-1-change")
        head, *rows = csv.reader(path.read_text("utf-8").splitlines())
        assert head[-1] == "state"
        assert {row[-1] for row in rows} <= {line}
    page = brief_html(lifted, annex=True)
    assert "@page { @top-left" in page
    assert page.count('<p class="state"') == 2 + len(lifted.tables) + sum(
        part.startswith("chart:") for section in lifted.sections for part in section.parts
    )


def test_a_brief_of_the_case_is_not(case, capsys) -> None:
    from rich.console import Console

    views = make_brief(case, full=False, draws=0)
    assert not views.departure
    assert "Your scenario" not in views.to_json()
    assert 'class="state"' not in brief_html(views, annex=True)
    other = make_brief(case, horizon="short", full=False, draws=0)
    print_summary(other, Console(width=80))
    assert "Short run: " in capsys.readouterr().out
    print_summary(other, Console(width=80), details=True)
    assert "Short run, not the case's long run." in capsys.readouterr().out
    assert other.stem == "belarus-short"
    assert "Your scenario" not in other.to_json() + brief_html(other, annex=True)
    for part in (other, *other.sections, *other.tables.values(), *other.charts.values()):
        assert part.title.startswith("Short run: ")
    assert json.loads(other.to_json())["hypothetical"] is False
    assert json.loads(views.to_json())["departure"] is None
