"""Sanctions by design on the command line: what is printed, and one message for bad questions."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from detente.analysis import QuestionError
from detente.cli import app
from detente.trade import ShockError
from detente.world import WorldError


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_a_menu_has_the_measures_of_any_packaged_case() -> None:
    text = run(
        "sensitivity", "russia-coalition", "--target", "RUS", "--sender", "EU", "--draws", "0"
    )
    assert text.exit_code == 0, text.output
    rows = {w[0]: w for w in map(str.split, text.output.splitlines()) if w}
    # The cheapest to hold comes first. Lifted as a whole, and one per cent more on the flows of the
    # measure, from whole menus.
    for measure, whole, step in (("eu-energy", "0.94", "0.97"), ("eu-exports", "1.23", "1.14")):
        assert rows[measure][-2:] == [whole, step]
    assert list(rows).index("eu-exports") < list(rows).index("eu-energy")
    assert "the cheapest to hold is eu-exports" in text.output


def test_the_json_of_a_menu_is_ranked_and_honours_its_options() -> None:
    given = ("--target", "EAEU", "--sender", "USA", "--instrument", "tax", "--each", "--top", "4")
    data = json.loads(run("sensitivity", "oecd-2020", *given, "--draws", "2", "--json").output)
    assert (data["instrument"], data["each"], data["draws"]["done"]) == ("tax", True, 2)
    assert len(data["to_hold"]) == 4
    assert {e["instrument"] for e in data["entries"] + data["pairs"]} == {"tax"}
    assert {e["target"] for e in data["to_hold"]} <= {"BLR", "KAZ", "RUS"}
    harms = [e["harm"] for e in data["to_hold"]]
    assert harms == sorted(harms, reverse=True)
    assert all(e["harm_low"] <= e["harm_high"] for e in data["to_hold"])


def refused(*arguments: str) -> str:
    """The message of a question that is refused."""
    done = run(*arguments)
    assert done.exit_code != 0
    if isinstance(done.exception, SystemExit):
        return " ".join(done.output.replace("│", " ").split())
    assert isinstance(done.exception, QuestionError | WorldError | ShockError), done.exception
    return str(done.exception)


WAR = ("design", "oecd-2020", "--nash", "USA,CHN")
OWN = ("design", "oecd-2020", "--sender", "USA")
AIM = ("design", "oecd-2020", "--target", "BLR", "--sender", "USA")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("design", "oecd-2020"), "Name them: --sender"),
        (("sensitivity", "oecd-2020"), "Name them: --target and --sender"),
        (("coalition", "oecd-2020"), "Name them: --target and --members"),
        ((*AIM, "--own-weight", "-1"), "Give λ = 0"),
        ((*OWN, "--own-weight", "-1"), "Give λ = 0"),
        ((*WAR, "--own-weight", "-1"), "Give λ = 0"),
        ((*OWN, "--own-weight", "2"), "Without a --target there is no --own-weight"),
        ((*OWN, "--instruments", "barrier", "--curve"), "there is no --instruments, --curve"),
        ((*OWN, "--partners", "USA"), "The partner USA holds USA, which belongs to the sender USA"),
        (("design", "oecd-2020", "--sender", "*"), "nobody is left to set tariffs on"),
        ((*WAR, "--instruments", "tariff"), "A tariff war (--nash) takes no --instruments"),
        ((*WAR, "--target", "BLR", "--curve"), "takes no --target, --curve"),
        (("design", "oecd-2020", "--nash", "USA"), "two players or more"),
        (("design", "oecd-2020", "--nash", ""), "two players or more"),
        ((*AIM, "--exempt", "*"), "Everything is exempt"),
        ((*AIM, "--goods", ""), "set of goods is empty"),
        ((*AIM, "--cap", "MANUF_EXFOOD"), "is no cap"),
        ((*AIM, "--bound", "inf", "--instruments", "barrier"), "instrument ban"),
        (("design", "oecd-2020", "--target", "BLR", "--sender", "EAEU"), "both target and sender"),
        (
            ("coalition", "oecd-2020", "--target", "BLR", "--members", "EAEU", "--goods", "TRADE"),
            "target BLR is inside the coalition",
        ),
        (("coalition", "--members", "*"), "'*' is everybody, the target Belarus among them"),
        (("coalition", "--goods", ""), "set of goods is empty"),
        (("coalition", "--rate", "-1"), "cannot be negative"),
        (("coalition", "--leakage", "2"), "between 0 and 1"),
        (("sensitivity", "oecd-2020", "--target", "BLR", "--sender", "EAEU"), "both target and"),
        (("sensitivity", "oecd-2020", "--target", "BLX", "--sender", "USA"), "Did you mean"),
        (("sensitivity", "elmira"), "sets anything in an economy"),
    ],
)
def test_bad_questions_get_one_message(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(*arguments)


def test_a_coalition_of_forty_is_told_what_to_ask() -> None:
    from detente.world import load_world

    forty = [c for c in load_world("oecd-2020").countries if c != "RUS"][:40]
    text = refused(
        "coalition",
        "oecd-2020",
        "--target",
        "RUS",
        "--members",
        ",".join(forty),
        "--goods",
        "TRADE",
    )
    assert "40 members" in text
    assert "sample orders" in text


def test_a_design_prints_bans_and_what_they_replace() -> None:
    text = run(
        *("design", "belarus", "--target", "BLR", "--sender", "EU", "--goods", "POTASH"),
        *("--instruments", "import_ban", "--leakage", "0.02"),
    )
    assert text.exit_code == 0, text.output
    assert "Bans: import ban on potash." in text.output
    assert "Under the bans stay eu-transit, lt-transit" in text.output
