"""How commands write numbers, goods and counts, and what they take and say of what is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from detente.analysis.context import context_of
from detente.cli import app
from detente.cli.options import money, percent
from detente.cli.sensitivity import _band, _small
from detente.negotiation.words import fixed
from detente.negotiation.words import percent as in_percent

#: A minus sign of ASCII before a number; days and names of files have theirs inside a word.
ASCII_MINUS = re.compile(r"(?<![\w-])-[\d.]")
EXPONENT = re.compile(r"\d[eE][+]\d")
COMMANDS = (
    ("compare",),
    ("timeline",),
    ("sensitivity", "--draws", "2"),
    ("coalition", "--target", "Australia"),
    ("design", "--target", "Australia", "--sender", "China", "--curve"),
    ("design", "--nash", "CHN,AUS"),
)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_minus_signs_and_goods_are_written_for_readers(wine: Callable[..., str], command) -> None:
    limit = ("--goods", "AGRI_MIN_FOOD") if command[0] == "design" else ()
    text = run(command[0], wine(), *command[1:], *limit)
    assert not ASCII_MINUS.search(text), ASCII_MINUS.search(text)
    assert not EXPONENT.search(text)
    assert "AGRI_MIN_FOOD" not in text
    if command[0] in ("sensitivity", "design"):
        assert "agriculture, mining and food" in text


@pytest.mark.parametrize("command", [("claims",), ("record", "--no-variants")], ids=" ".join)
def test_numbers_held_against_others_have_one_minus_sign(command: tuple[str, ...]) -> None:
    text = run(*command, "--details")
    assert "\u2212" in text
    assert not ASCII_MINUS.search(text), ASCII_MINUS.search(text)


def test_one_way_to_write_a_number() -> None:
    assert _band((862.0, 1312.0)) == "862 to 1,312"
    assert _small(-1130.4) == "\u22121,130"
    assert percent(-3.2e-5) == "\u22120.003 %"
    assert money(-1234.5) == "\u22121,234"
    assert fixed(-0.0004, 2, signed=True) == "0.00", "what reads as nothing has no sign"
    assert fixed(12.5, 1, signed=True) == "+12.5"
    assert in_percent(-0.125, 1) == "\u221212.5 %"


def test_one_measure_is_one_measure(wine: Callable[..., str]) -> None:
    path = wine()
    assert "2 measures in force on 2022-01-01" in context_of(path).sentence
    assert "1 measure in force on 2021-04-01" in context_of(path, "2021-04-01").sentence


def test_a_case_without_claims_says_so(wine: Callable[..., str]) -> None:
    stated = "The case lists no claims, so that none is held against its numbers."
    text = " ".join(run("claims", wine()).split())
    assert text == f"China, Japan and Australia: {stated[0].lower()}{stated[1:]}"
    assert json.loads(run("claims", wine(), "--json"))["sentences"][0] == stated


def test_countries_may_be_joined_by_commas(wine: Callable[..., str]) -> None:
    ask = ("compare", wine(), "--json")
    joined = json.loads(run(*ask, "--country", "Hungary,Poland", "--country", "CHN"))
    apart = json.loads(run(*ask, *(x for c in ("HUN", "POL", "CHN") for x in ("--country", c))))
    countries = [[row["countries"] for row in found["rows"]] for found in (joined, apart)]
    assert countries[0] == countries[1] == [["HUN"], ["POL"], ["CHN"]]
