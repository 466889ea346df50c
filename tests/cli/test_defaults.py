"""What is left out comes from the case at hand, and countries go by code or name."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.analysis import QuestionError, Scenarios, verdicts
from detente.analysis.figures.frame import Bands
from detente.cases import load_case
from detente.cli import app
from detente.world import UnknownLabel

FOREIGN = ("BLR", "RUS", "USA", "Belarus", "Russia", "United States")


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("sensitivity", "--draws", "0"), "The target is Australia, whom most measures in force"),
        (("coalition",), "Together China, Japan cost Australia"),
        (("design", "--goods", "AGRI_MIN_FOOD"), "the sender is China, the first owner"),
    ],
)
def test_sides_come_from_the_case(
    wine: Callable[..., str], command: tuple[str, ...], said: str
) -> None:
    done = run(command[0], wine(), *command[1:])
    assert done.exit_code == 0, done.output
    assert said in " ".join(done.output.split())
    assert not any(word in done.output for word in FOREIGN)


def test_a_sender_alone_is_asked_about_whom_its_own_measures_hit(wine: Callable[..., str]) -> None:
    case = wine(("market: JPN", "market: CHN"), ("owner: Japan", "owner: China"))
    ask = ("sensitivity", case, "--draws", "0", "--json")
    data = json.loads(run(*ask, "--sender", "China").output)
    assert (data["target"], data["sender"]) == ("Australia", "China")
    assert {m["id"] for m in data["measures"]} == {"duty", "ban"}


@pytest.mark.parametrize("command", ["sensitivity", "coalition", "design"])
def test_a_case_in_which_nobody_acts_asks_for_the_sides(
    wine: Callable[..., str], command: str
) -> None:
    done = run(command, wine(), "--date", "2020-01-01")
    assert isinstance(done.exception, QuestionError)
    assert "0 measures in force on 2020-01-01. Name the sides: --" in str(done.exception)


def test_commands_without_a_case_open_the_same_one() -> None:
    done = run("coalition", "--json")
    assert json.loads(done.output)["target"] == "Belarus"


@pytest.mark.parametrize(
    "command",
    [
        ("sensitivity", "oecd-2020", "--target", "Hungary", "--sender", "China", "--draws", "0"),
        ("coalition", "oecd-2020", "--target", "Hungary", "--members", "China", "--goods", "TRADE"),
        ("design", "oecd-2020", "--target", "hungary", "--sender", "China", "--goods", "TRADE"),
        ("solve", "oecd-2020", "--embargo", "Hungary:China:TRADE"),
        ("compare", "russia-coalition", "--lift", "eu-energy", "--country", "Hungary"),
    ],
)
def test_a_country_may_be_called_by_its_name(command: tuple[str, ...]) -> None:
    by_name, by_code = (
        run(*(part.replace("Hungary", code).replace("hungary", code) for part in command), "--json")
        for code in ("Hungary", "HUN")
    )
    assert by_name.exit_code == by_code.exit_code == 0, by_name.output

    def numbers(text: str) -> list[str]:
        skipped = ('"seconds"', "Hungary", "HUN", "was solved in", "were solved in")
        return [line for line in text.splitlines() if not any(s in line for s in skipped)]

    assert numbers(by_name.output) == numbers(by_code.output)


@pytest.mark.parametrize(
    "command",
    [
        ("sensitivity", "oecd-2020", "--target", "Iran", "--sender", "USA"),
        ("coalition", "oecd-2020", "--target", "IRN", "--members", "USA", "--goods", "TRADE"),
        ("design", "oecd-2020", "--sender", "Iran"),
        ("solve", "oecd-2020", "--embargo", "IRN:EU:*"),
        ("compare", "russia-coalition", "--country", "Iran"),
    ],
)
def test_a_country_without_a_row_is_inside_the_rest_of_the_world(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert isinstance(done.exception, UnknownLabel)
    assert "Iran (IRN) is inside ROW, the rest of the world, in oecd" in str(done.exception)
    assert 'Take it out with split_country("IRN", …), or name ROW.' in str(done.exception)
    assert "Did you mean" not in str(done.exception)


def test_a_group_with_exceptions_is_a_side() -> None:
    ask = ("compare", "russia-coalition", "--lift", "eu-energy", "--json")
    parts = ("EU", "EU except HUN, Slovakia", "HUN", "SVK")
    data = json.loads(run(*ask, *(x for part in parts for x in ("--country", part))).output)
    whole, most, *few = (row["equivalent_variation"][1] for row in data["rows"])
    assert len(data["rows"][1]["countries"]) == 25
    assert whole == pytest.approx(most + sum(few))


def test_claims_have_the_bands_of_the_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """One case, one set of verdicts, whichever command is asked."""
    case = load_case("belarus")
    central = verdicts(case)
    ends = {
        v.claim.id: (np.array([f.value - 1e6 for f in v.findings]),
                     np.array([f.value + 1e6 for f in v.findings]))
        for v in central.verdicts if v.findings
    }  # fmt: skip
    bands = Bands(frames={}, asked=9, draws=9, failed=0, seed=0, drivers=(), tested=ends)
    asked = []

    def packaged(scenarios: Scenarios) -> Bands | None:
        asked.append(scenarios.horizon)
        return bands if scenarios.horizon == case.horizon else None

    monkeypatch.setattr("detente.analysis.precomputed.bands.packaged_bands", packaged)
    found = json.loads(run("claims", "belarus", "--json").output)
    assert asked == [case.horizon]
    assert (found["draws"]["asked"], found["draws"]["done"]) == (9, 9)
    # With bands as wide as that nothing is decided.
    assert found["counts"]["undecided"] == len(ends)
    points = json.loads(run("claims", "belarus", "--draws", "0", "--json").output)
    assert points["counts"] == central.to_dict()["counts"]
    assert points["draws"] is None
    assert "5 to 95 %" in run("claims", "belarus", "--details").output


@pytest.mark.parametrize("command", [("claims",), ("record", "--no-variants")])
def test_without_draws_no_column_of_bands_stands_empty(command: tuple[str, ...]) -> None:
    text = run(*command, "--draws", "0", "--details").output
    assert "model" in text
    assert "5 to 95 %" not in text
    assert "in band" not in text
