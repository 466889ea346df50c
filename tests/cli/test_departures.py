"""Every command that takes a day, a horizon or deficits says when its state is not the case's."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from detente.cases import load_case
from detente.cli import app

DAY = "2022-06-01"
ON = "Assessed on 1 June 2022, not on the case's 1 December 2025"
SHORT = "Short run, not the case's long run."
NEGOTIATION = ("why", "deals", "steps", "blockers", "channels", "stable")
STUDIES = (
    ("sensitivity", "--draws", "0"),
    ("coalition",),
    ("design", "--goods", "AGRI_MIN_FOOD"),
    ("design", "--nash", "CHN,AUS", "--goods", "AGRI_MIN_FOOD"),
)


def run(*arguments: str):
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("command", NEGOTIATION)
def test_talks_of_another_day_are_marked(command: str) -> None:
    lines = run(command, "--date", DAY, "--draws", "0").splitlines()
    marks = [line for line in lines if line.startswith(ON)]
    assert lines[0].startswith(ON)
    assert marks == lines[:1], "the mark stands once, at the head"
    data = json.loads(run(command, "--date", DAY, "--draws", "0", "--json"))
    stated = data["departure"]
    assert data["hypothetical"] is False, "what was in force that day is no hypothesis"
    assert stated["sentence"] == lines[0]
    assert next(c["what"] for c in stated["changes"]) == "date"


@pytest.mark.parametrize("command", NEGOTIATION)
def test_talks_of_the_case_are_not_marked(command: str) -> None:
    own = str(load_case("belarus").negotiation_terms().day)
    text = run(command, "--draws", "0", "--date", own, "--horizon", "long")
    assert "case's" not in text.splitlines()[0]
    assert json.loads(run(command, "--draws", "0", "--json"))["departure"] is None


@pytest.mark.parametrize("command", STUDIES)
def test_studies_of_another_state_are_marked(wine: Callable[..., str], command) -> None:
    ask = (command[0], wine(), *command[1:])
    assert "case's" not in run(*ask).splitlines()[0]
    assert json.loads(run(*ask, "--json"))["departure"] is None
    line = run(*ask, "--date", "2021-06-01", "--horizon", "short", "--transfers", "zero")
    own = load_case(wine())
    first = " ".join(line.split())
    assert first.startswith("Assessed on 1 June 2021, not on the case's ")
    assert f"short run, not the case's {own.horizon} run" in first
    stated = json.loads(run(*ask, "--date", "2021-06-01", "--json"))["departure"]
    assert [c["what"] for c in stated["changes"]] == ["date"]


def test_a_bare_world_is_no_departure() -> None:
    ask = ("sensitivity", "oecd-2020", "--target", "BLR", "--sender", "USA", "--draws", "0")
    assert "the case" not in run(*ask, "--horizon", "short").splitlines()[0]


@pytest.mark.parametrize(
    "command", [("claims",), ("timeline",), ("record", "--no-variants")], ids=lambda c: c[0]
)
def test_numbers_at_another_horizon_are_marked(command: tuple[str, ...]) -> None:
    assert run(*command, "--horizon", "short").splitlines()[0] == SHORT
    stated = json.loads(run(*command, "--transfers", "proportional", "--json"))["departure"]
    assert [c["what"] for c in stated["changes"]] == ["transfers"]
    assert json.loads(run(*command, "--json"))["departure"] is None


def test_a_brief_of_switched_measures_is_your_scenario(wine, tmp_path, monkeypatch) -> None:
    path = wine()
    monkeypatch.chdir(tmp_path)
    run("brief", path, "--quick", "--draws", "0", "--lift", "duty", "--lift", "ban")
    assert (tmp_path / "wine-your-scenario-2-changes.html").is_file()
    data = json.loads(run("brief", path, "--quick", "--lift", "duty,ban", "--json"))
    assert data["title"] == "Your scenario: China, Japan and Australia (2 changes)"
    both = CliRunner().invoke(app, ["brief", path, "--lift", "duty", "--scenario", "x"])
    assert both.exit_code == 2
    assert "--scenario cannot stand beside" in both.output
