"""Commands on the negotiation: sentences and JSON, and one message where a case cannot be asked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from detente.analysis import Scenarios
from detente.analysis import negotiation as talking
from detente.analysis.negotiation import AnswerChance, NegotiationAnswer, negotiate
from detente.analysis.negotiation.questions import BlockersAnswer, StableAnswer
from detente.cases import Case, CaseError, load_case
from detente.cli import app
from detente.cli.blockers import vote_chances


@pytest.fixture(autouse=True)
def each_case_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer serves every command: what is tested here is what they say of it."""
    monkeypatch.setattr(talking, "negotiate", answered)


_KNOWN: dict[tuple[object, ...], NegotiationAnswer] = {}


def answered(case: Case | Scenarios, *arguments: object, **options: object) -> NegotiationAnswer:
    of, horizon = (case.case, case.horizon) if isinstance(case, Scenarios) else (case, "")
    key = (of.name, horizon, *arguments, options["draws"], options["seed"])
    if key not in _KNOWN:
        _KNOWN[key] = negotiate(case, *arguments, **options)
    return _KNOWN[key]


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("command", "words", "keys"),
    [
        ("why", ["The European Union holds", "us-potash"], ["parties", "observed_moves"]),
        (
            "deals",
            ["leave all signatories better off", "Klaipėda", "EU with"],
            ["packages", "points", "front"],
        ),
        ("steps", ["enforces itself", "trust"], ["packages"]),
        ("blockers", ["at renewal any one of 27", "15 more are in --json"], ["votes"]),
        ("channels", ["with side payments", "through Belarus"], ["worth", "signals"]),
        ("stable", ["does not last", "the status quo"], ["states", "path"]),
    ],
)
def test_commands_say_sentences_and_print_json(
    command: str, words: list[str], keys: list[str]
) -> None:
    text = run(command, "belarus")
    assert text.exit_code == 0, text.output
    assert [w for w in words if w not in " ".join(text.output.split())] == []
    data = json.loads(run(command, "belarus", "--json").output)
    assert data["case"] == "belarus"
    assert all(data[k] for k in keys)


def test_who_blocks_alone_is_always_shown() -> None:
    body = run("blockers", "belarus").output.partition("By unanimity of")[0]
    for label, member, moment in (
        ("EU restrictive measures on Belarus", "Hungary", "renewal"),
        ("EU restrictive measures on Belarus", "Cyprus", "renewal"),
        ("EU restrictive measures on Belarus", "Romania", "adoption"),
        ("EU does not recognise the elections", "Hungary", "adoption"),
        ("US embassy in Minsk closed", "the United States Congress", "repeal"),
    ):
        table = re.split(rf"‘{label}[^’]*’:\s+what", body)[1]
        assert moment in next(line for line in table.splitlines() if member in line)


def test_no_ban_is_renewed_alone() -> None:
    data = json.loads(run("blockers", "belarus", "--json").output)
    votes = {v["id"]: v for v in data["votes"]}
    assert votes["eu-belarus"]["measures"] == ["eu-potash", "eu-transit"]
    assert votes["eu-belarus"]["renewed"] == [
        "2023-02-24",
        "2024-02-26",
        "2025-02-28",
        "2026-02-26",
    ]
    assert any(
        "four times on record, 2023-02-24, 2024-02-26, by 2025-02-28 and 2026-02-26" in line
        for line in votes["eu-belarus"]["record"]
    )
    for name in ("eu-potash", "eu-transit"):
        renewing = next(v for v in votes[name]["moments"] if v["moment"] == "renew")
        assert not renewing["applies"]
        assert "together" not in votes[name]["rule"]
        assert "one decision over it and" in votes[name]["rule"]
        assert not votes[name]["can_end_alone"]
    stated = json.loads(run("why", "belarus", "--json").output)
    assert list(stated["renewals"]) == ["eu-belarus"]
    assert set(stated["tally"]["in_sample"]) == {
        "rational_by_itself", "rational_as_part_of_an_exchange", "not_explained"
    }  # fmt: skip
    for command in ("why", "blockers"):
        text = " ".join(run(command, "belarus", "--details").output.split())
        assert "four times on record" in text
        assert "CFSP of 15 October 2012, by unanimity of 27 under Art. 31(1) TEU) renews" in text
        assert "18 May 2006, under Art. 215 TFEU, carries it out" in text


def test_a_renewal_that_was_made_has_no_share_of_draws(capsys: pytest.CaptureFixture[str]) -> None:
    found = answered(load_case("belarus"), None, draws=1, seed=0)
    asked = BlockersAnswer(found)
    votes = next(v for v in asked if v.measure == "eu-belarus")
    vote_chances(asked, votes, True)
    text = " ".join(capsys.readouterr().out.split())
    assert "be repealed in" in text
    assert text.count("it is no forecast of a vote") == 1
    assert "renewed" not in text
    assert "end at renewal" not in text
    data = next(v for v in asked.to_dict()["votes"] if v["id"] == "eu-belarus")["chances"]
    assert data is not None
    assert set(data["carried"]) == set(data["blocks_alone"]) == {"repeal"}
    assert "renew" in found.bands.votes["eu-belarus"].carried


@pytest.mark.parametrize("command", ["deals", "steps"])
def test_points_of_bargaining_are_details_with_their_caveat(command: str) -> None:
    short = run(command, "belarus").output
    assert "points of bargaining" in " ".join(short.split())
    head, _, details = run(command, "belarus", "--details").output.partition("Details. ")
    for name in ("Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian"):
        assert name not in head + short
    assert "Nash" in details
    assert "is no proposal" in " ".join(details.split())


def test_one_stake_is_told_everywhere() -> None:
    data = json.loads(run("why", "belarus", "--json").output)
    stake = next(p for p in data["parties"] if p["id"] == "Belarus")
    event = next(e for e in data["observed_moves"] if e["date"] == "2025-12-13")
    assert stake["bound"] == stake["money"] == event["money_exchange"] > 0
    assert event["bound"] in stake["sentence"]


def test_a_published_conflict_is_stable_as_published() -> None:
    data = json.loads(run("stable", "elmira", "--json").output)
    for concept, expected in (("Nash", "589"), ("SEQ", "589"), ("GMR", "14589"), ("SMR", "14589")):
        held = {row["label"].split()[1] for row in data["states"] if row["stable"][concept.lower()]}
        assert held == set(expected)


def test_a_case_without_trade_is_checked() -> None:
    text = run("check", "elmira")
    assert text.exit_code == 0, text.output
    assert "no faults" in text.output


@pytest.mark.parametrize(
    ("party", "words"),
    [
        ("HUN", ["Hungary has no move of its own", "would block its adoption and renewal alone"]),
        ("hungary", ["it votes inside the European Union", "On 2026-02-26"]),
        (
            "Canada",
            ["Canada holds none of the moves: it has no vote", "EU ban on import of potash"],
        ),
        ("US-Congress", ["The United States Congress", "ratifier", "block its repeal alone"]),
        ("lithuania", ["Lithuania holds"]),
        ("LTU", ["Lithuania holds"]),
    ],
)
def test_who_has_no_move_is_answered_too(party: str, words: list[str]) -> None:
    text = run("why", "belarus", "--party", party)
    assert text.exit_code == 0, text.output
    assert [w for w in words if w not in " ".join(text.output.split())] == []
    data = json.loads(run("why", "belarus", "--party", party, "--json").output)
    assert data["case"] == "belarus"
    if "parties" not in data:
        assert data["kind"] == "why_onlooker"
        assert data["ballots"] or data["moves"]


def test_what_turns_an_answer_is_said_in_words() -> None:
    found = answered(load_case("belarus"), None, draws=0, seed=0)
    chance = AnswerChance(
        "stable", "x", "A swap", True, 0.5, "valuations.EU.HUN.pressure", 0.25, 512, 64
    )
    with_chance = replace(found, drawn=SimpleNamespace(chances=(chance,)))
    (line,) = StableAnswer(with_chance).chance_words()
    assert "Alone, what ‘Pressure on Minsk upheld’ is worth to Hungary turns it in 25 %" in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["why", "--party", "Belaruss"], ["--party", "Belaruss", "Did you mean Belarus"]),
        (["why", "elmira"], ["elmira", "rankings only"]),
        (["steps", "elmira"], ["orders of steps cannot be weighed"]),
        (["blockers", "elmira"], ["nobody votes"]),
        (["compare", "elmira"], ["elmira", "no measure of the case touches trade"]),
        (["timeline", "elmira"], ["elmira", "no measure of the case touches trade"]),
    ],
)
def test_what_cannot_be_asked_gets_one_message(arguments: list[str], words: list[str]) -> None:
    done = run(*arguments)
    assert isinstance(done.exception, CaseError)
    assert [w for w in words if w not in str(done.exception)] == []
