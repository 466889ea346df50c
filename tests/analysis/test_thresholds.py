"""Thresholds of a deal: by hand on the toy talks, and against the deal asked anew.

The brute force sets one valuation, makes the conflict again and asks `deal` and `find_deal`: on
both sides of every threshold, which therefore lies where it is said to, and at drawn values.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import detente
from detente.analysis.negotiation.deal_search import CRITERIA
from detente.analysis.negotiation.full_answer import setting_of
from detente.analysis.negotiation.search_thresholds import finder
from detente.analysis.negotiation.thresholds import (
    at,
    cuts_of,
    thresholds_of,
    valuation_ranges,
    valued,
)
from detente.cases import CaseError, read_case
from detente.cli import app

from ..documents.schema import faults
from .test_toy_talks import TOY, case

ALL_SIGN = ("signatories: [US, BY]", "signatories: [US, BY, EU]")


@pytest.fixture(scope="module")
def three():
    return setting_of(case(ALL_SIGN))[0]


@pytest.fixture(scope="module")
def belarus():
    return setting_of("belarus")[0]


def test_the_swap_by_hand(three) -> None:
    # The swap frees a hundred and ends one measure of pressure.
    found = detente.thresholds(three, ["ban", "release"])
    freed = found.of("valuations.US.freed")
    # Alpha gains 100 v − 30, which is none at 0.3; the range of the case begins at 0.5.
    assert freed.gain["US"] == pytest.approx((-30.0, 100.0))
    assert [s.answer for s in freed.signing["US"]] == [True]
    # Beta: the case states no range, so that it is −0.6 to 0; it gains 40 + 100 v, none at −0.4.
    beta = found.of("valuations.BY.freed")
    assert (beta.valuation.low, beta.valuation.high, beta.valuation.stated) == (-0.6, 0.0, False)
    assert [(s.low, s.high, s.answer) for s in beta.signing["BY"]] == [
        (-0.6, pytest.approx(-0.4), False),
        (pytest.approx(-0.4), 0.0, True),
    ]
    # Germany and Poland lose a third of 6 each, as long as that is above zero: the Union refuses.
    union = found.of("valuations.EU.pressure")
    assert [s.answer for s in union.signing["EU"]] == [False]
    assert found.sentences[1] == (
        "Beta would no longer sign if it put what ‘people set free’ costs it at more than USD 0.4 "
        "million a year for each person; the case says 0.3."
    )
    assert faults(json.loads(json.dumps(found.to_dict()))) == []
    assert found.to_frame()["valuation"].unique().len() == len(found.thresholds)


def test_a_deal_that_changes_nothing_hangs_on_nothing(three) -> None:
    found = detente.thresholds(three, [])
    assert found.thresholds == ()
    assert found.sentences == (
        "Nothing changes, so that nothing hangs on what a side cares about.",
    )


def test_a_deal_at_a_chosen_value(three) -> None:
    dearer = detente.deal(three, ["ban", "release"], valuations={"valuations.BY.freed": -0.5})
    assert dearer.signature("BY").gain == pytest.approx(-10.0)
    assert dearer.refused_by == ("BY", "EU")
    assert "what ‘People set free’ is worth to Beta" in dearer.departure.sentence
    assert detente.deal(three, ["ban", "release"]).signature("BY").gain == pytest.approx(10.0)
    with pytest.raises(CaseError, match=r"Did you mean valuations\.BY\.freed"):
        detente.deal(three, ["ban"], valuations={"valuations.BY.fred": 1.0})


def test_cuts_lie_apart() -> None:
    turns = np.array([0.5, 0.5 + 1e-15, 2.0, -1.0, 1.0, 0.0])
    assert cuts_of(0.0, 1.0, turns).tolist() == [0.0, 0.5, 1.0]
    assert cuts_of(0.0, 1.0, np.array([1 - 1e-15])).tolist() == [0.0, 1.0]
    assert cuts_of(0.0, 1.0, np.zeros(0)).tolist() == [0.0, 1.0]


def random_toy(seed: int):
    """The toy with a ratifier, a member that signs for itself, reserves and drawn numbers."""
    rng = np.random.default_rng(seed)
    rule = ["unanimity", "{kind: weighted, votes: {DEU: 3, LTU: 2, POL: 2}, quota: 5}"][seed % 2]
    text = TOY.replace("rule: unanimity, ", f"rule: {rule}, ")
    number = lambda scale: round(float(rng.normal(0, scale)), 3)  # noqa: E731
    head, values = text.split("valuations:")
    _, rest = values.split("channels:")
    head = head.replace("interests:", (
        "  - {id: Senate, name: The Senate, role: ratifier, rule: sovereign, members: [USA]}\n"
        f"  - {{id: LT, name: Lithuania, members: [LTU], reservation: {abs(number(4))}}}\n"
        "interests:"
    ), 1)  # fmt: skip
    head = head.replace("effects: {pressure: 1}", "effects: {pressure: 1}\n    ratified_by: Senate")
    head += (
        "  - {id: gate, label: The gate, owner: LT, kind: sanction, effects: {pressure: 0.7, "
        "freed: -20}, in_force: [{from: 2022-01-01, document: a}], source: a}\n"
    )
    scale = {"freed": 0.6, "pressure": 25}
    lines = [
        f"  - {{party: {party}, interest: {name}, value: {(v := number(scale[name]))}, range: "
        f"[{v - abs(number(scale[name])) - 0.1}, {v + abs(number(scale[name])) + 0.1}], source: a}}"
        for party in ("US", "BY", "EU", "LT", "Senate")
        for name in scale
    ]
    lines.append(
        f"  - {{party: EU, member: POL, interest: pressure, value: {number(9)}, source: a}}"
    )
    rest = rest.replace("moves: [ban, curb, release]", "moves: [ban, curb, release, gate]")
    rest = rest.replace("signatories: [US, BY]", "signatories: [US, BY, EU, LT]")
    return setting_of(read_case(head + "valuations:\n" + "\n".join(lines) + "\nchannels:" + rest))[
        0
    ]


def probes(found, rng):
    """Values on both sides of every threshold, and drawn ones."""
    v = found.valuation
    apart = 1e-6 * (v.high - v.low)
    sides = [t + s for t in found.turns for s in (-apart, apart)]
    return [x for x in (*sides, *rng.uniform(v.low, v.high, 3)) if v.low <= x <= v.high and x]


def compare(setting, moves, criterion, every, seed):
    """Every answer at every probe, as it is when it is asked anew; how many were compared."""
    code = setting.status_quo ^ setting.code(moves)
    find, rng, count = finder(setting, criterion), np.random.default_rng(seed), 0
    for v in valuation_ranges(setting)[::every]:
        found = thresholds_of(setting, v, code, find)
        for x in probes(found, rng):
            anew = valued(setting, {v.id: float(x)})
            said = detente.deal(anew, moves)
            where = (seed, moves, criterion, v.id, x)
            for s in said.signatures:
                assert at(found.signing[s.party], x) is s.signs, (where, s.party)
                base, slope = found.gain[s.party]
                assert base + slope * x == pytest.approx(s.gain, rel=1e-9, abs=1e-6), where
            assert at(found.lasting, x) is said.durability.holds, where
            if found.finding is not None:
                assert at(found.finding, x) == detente.find_deal(anew, criterion).search.code, where
            count += 1
    return count


@pytest.mark.parametrize("seed", range(10))
def test_random_toys_answer_as_they_do_when_asked_anew(seed) -> None:
    setting = random_toy(seed)
    packages = [["ban", "release"], ["curb", "gate"], ["ban", "curb", "release", "gate"]]
    criterion = list(CRITERIA)[seed % len(CRITERIA)]
    assert compare(setting, packages[seed % 3], criterion, 1, seed) >= 30


@pytest.mark.parametrize(
    ("moves", "criterion"),
    [
        (["us-potash", "release-2025-12"], "fairest"),
        (["eu-potash", "eu-transit", "lt-transit"], "nash"),
        (["us-finance", "eu-nonrecognition", "release-2025-12"], "worst-off"),
        (["eu-nonrecognition", "by-border", "release-2025-12", "release-2026-03"], "largest-gain"),
        (["by-border", "release-2025-12"], "fewest-moves"),
    ],
)
def test_the_packaged_case_answers_as_it_does_when_asked_anew(belarus, moves, criterion) -> None:
    assert compare(belarus, moves, criterion, 5, 1) >= 15


def test_a_criterion_or_a_move_that_is_none_is_refused(three) -> None:
    with pytest.raises(CaseError, match="no criterion"):
        detente.thresholds(three, ["ban"], criterion="best")
    with pytest.raises(CaseError, match="no measure of the negotiation"):
        detente.thresholds(three, ["bann"])
    with pytest.raises(CaseError, match="no valuation"):
        detente.thresholds(three, ["ban"]).of("valuations.US.fred")


def test_the_terminal_says_where_it_flips() -> None:
    def run(*options):
        return CliRunner().invoke(app, ["deals", "belarus", *options])

    found = run("--moves", "us-potash,release-2025-12", "--flips")
    assert found.exit_code == 0, found.output
    said = " ".join(found.stdout.split())
    assert "Belarus would sign if it put what ‘people set free’ costs it" in said
    stated = json.loads(run("--moves", "us-potash,release-2025-12", "--flips", "--json").stdout)
    (turn,) = next(v for v in stated["valuations"] if v["id"] == "valuations.Belarus.freed")[
        "turns"
    ]
    for beyond, signs in ((-0.001, False), (0.001, True)):
        stake = f"Belarus.freed={turn + beyond}"
        said = run("--moves", "us-potash,release-2025-12", "--stake", stake, "--json")
        deal = json.loads(said.stdout)
        assert {s["party"]: s["signs"] for s in deal["signatures"]}["Belarus"] is signs
    searched = run("--criterion", "fairest", "--flips")
    assert "the search finds another deal" in " ".join(searched.stdout.split())
    for wrong, words in (
        (("--flips",), "asked of one deal"),
        (("--stake", "Belarus.freed=1"), "asked of one deal"),
        (("--moves", "us-potash", "--stake", "Belarus.freed"), "is no stake"),
        (("--moves", "us-potash", "--stake", "Belarus.freed=1", "--flips"), "leave --stake out"),
    ):
        refused = run(*wrong)
        assert refused.exit_code == 2
        assert words in " ".join(refused.output.replace("│", " ").split()), refused.output
