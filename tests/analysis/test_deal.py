"""The deal as a question, by hand on the toy talks: who signs, what each gives, gets and is paid.

Without money a hundred freed are worth 100 to Alpha and cost Beta 30; a measure of pressure is
worth 30 to Alpha, −40 to Beta, 2 to Germany and Poland and −5 to Lithuania; the curb is two.
"""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

import detente
from detente.analysis.negotiation.deal_search import CRITERIA
from detente.analysis.negotiation.full_answer import setting_of
from detente.analysis.negotiation.questions.agreement import table_of
from detente.analysis.precomputed.negotiation import negotiation_of, packaged_negotiation
from detente.cases import CaseError, read_case
from detente.cli import app
from detente.negotiation.words import significant
from detente.report.overview.deal import deal_of as overview_deal

from ..documents.schema import faults
from .test_toy_talks import TOY, case

ALL_SIGN = ("signatories: [US, BY]", "signatories: [US, BY, EU]")


@pytest.fixture(scope="module")
def three():
    """The table with the Union among those who sign."""
    return setting_of(case(ALL_SIGN))[0]


def test_the_swap_by_hand(three) -> None:
    found = detente.deal(three, ["ban", "release"])
    alpha, beta, union = found.signatures
    assert (alpha.gain, alpha.money, alpha.stake, alpha.signs) == (70.0, 0.0, 70.0, True)
    assert (beta.gain, beta.signs, beta.payment) == (10.0, True, 0.0)
    assert (alpha.gives, alpha.gets) == (("ban",), ("release",))
    assert (beta.gives, beta.gets) == (("release",), ("ban",))
    # The ban is one measure less of pressure: −2 to Germany and Poland, +5 to Lithuania.
    votes = {m.member: (m.gain, m.in_favour, m.can_veto, m.payment) for m in union.members}
    assert votes == {
        "DEU": (-2.0, False, True, 2.0),
        "LTU": (5.0, True, False, 0.0),
        "POL": (-2.0, False, True, 2.0),
    }
    assert (union.gain, union.signs, union.owner) == (pytest.approx(1.0), False, False)
    assert (union.payment, found.payment_total) == (4.0, 4.0)
    assert union.rule == "unanimity of 3"
    assert found.refused_by == ("EU",)
    assert not found.signed_by_all
    assert found.package.accepted_by_owners
    assert [v for s in found.signatures for v in s.vetoes] == [
        ("DEU", "Germany"),
        ("POL", "Poland"),
    ]
    assert found.sentences[:3] == (
        "‘The ban’ ends and ‘The release’ comes into force.",
        "Alpha and Beta would sign; the Union would refuse.",
        "Alpha gains USD 70 million a year, none of it in money.",
    )
    assert "For the Union, Germany and Poland could each refuse alone." in found.sentences
    assert "USD 4 million a year would win the Union over." in found.sentences


def test_whether_the_swap_lasts(three) -> None:
    found = detente.deal(three, ["ban", "release"]).durability
    # The release cannot be undone, so that Alpha would take up the ban again, worth 30 to it.
    assert found.holds is False
    assert {x.party: x.payment for x in found.leavers}["US"] == pytest.approx(30.0)
    assert [step["owner"] for step in found.steps][-1] is None
    assert {step["owner"] for step in found.steps[:-1]} == {"US", "BY"}


def test_a_ratifier_has_a_say() -> None:
    text = (
        TOY.replace("effects: {pressure: 1}", "effects: {pressure: 1}\n    ratified_by: Senate", 1)
        .replace(
            "interests:",
            "  - {id: Senate, name: The Senate, role: ratifier, rule: sovereign, members: [USA]}\n"
            "interests:",
            1,
        )
        .replace(
            "valuations:",
            "valuations:\n  - {party: Senate, interest: pressure, value: 8, source: a}",
            1,
        )
    )
    found = detente.deal(read_case(text), ["ban", "release"])
    alpha = found.signature("US")
    (senate,) = alpha.ratifiers
    assert (senate.gain, senate.blocks, senate.payment) == (-8.0, True, 8.0)
    assert not alpha.signs
    assert alpha.payment == pytest.approx(8.0), "Alpha itself gains"
    assert alpha.vetoes == (("Senate", "the Senate"),)


def test_the_status_quo_is_no_deal(three) -> None:
    found = detente.deal(three)
    assert found.moves == ()
    assert found.sentences == ("Nothing changes: every party keeps what it has.",)
    assert [s.gain for s in found.signatures] == [0.0, 0.0, 0.0]
    assert found.durability.holds is None
    assert faults(json.loads(json.dumps(found.to_dict()))) == []


def test_criteria_by_hand() -> None:
    table = setting_of(case())[0]
    # Accepted: the swap (70, 10), the release for the curb (40, 50), for both (10, 90).
    moves = {name: detente.find_deal(table, name).found.moves for name in CRITERIA}
    assert moves["largest-gain"] == ("ban", "curb", "release")
    assert moves["fairest"] == ("curb", "release")
    assert moves["worst-off"] == ("curb", "release")
    assert moves["nash"] == ("curb", "release")
    assert moves["fewest-moves"] == ("curb", "release"), "of two moves both; 90 is more than 80"
    found = detente.find_deal(table, "largest-gain")
    deals = detente.deals(case())
    assert found.search.accepted == len(deals.everybody.codes_k) == 3
    assert found.search.code == deals.everybody.point("utilitarian").code
    assert found.sentences[0] == (
        "Of seven packages under these conditions three would be signed by Alpha and Beta."
    )


def test_what_stays_out_and_who_signs() -> None:
    table = setting_of(case())[0]
    found = detente.find_deal(table, "largest-gain", without=["curb"])
    assert found.found.moves == ("ban", "release")
    alone = detente.find_deal(table, "largest-gain", signed_by=["BY", "US"])
    assert alone.search.signed_by == ("US", "BY")
    assert alone.found.moves == ("ban", "release"), "the curb is the Union's to end"


def test_where_there_is_none_the_condition_to_drop_is_named() -> None:
    table = setting_of(case())[0]
    found = detente.find_deal(table, without=["release"])
    assert found.found is None
    # Ending the ban and the curb costs Alpha 30 and 60: it refuses whatever is not the release.
    assert found.search.accepted == 0
    assert [(c.kind, c.id, c.accepted) for c in found.search.droppable] == [
        ("without", "release", 3)
    ]
    assert found.sentences[:2] == (
        "None of three packages would be signed by Alpha and Beta.",
        "If ‘The release’ may change, three packages would be signed.",
    )
    assert found.nearest is not None
    assert found.nearest.moves == ("ban", "curb"), (
        "120 to Beta less 90 of Alpha; the curb 80 less 60"
    )
    assert found.nearest.signature("US").payment == pytest.approx(90.0)
    assert faults(json.loads(json.dumps(found.to_dict()))) == []
    nothing = detente.find_deal(table, without=["ban", "curb", "release"])
    assert nothing.sentences[0].startswith("No package meets these conditions")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"moves": ["releas"]}, "'releas' is no measure of the negotiation. Did you mean release"),
        ({"criterion": "fair"}, "there is no criterion 'fair'. Did you mean fairest"),
        ({"signed_by": ["U"]}, "'U' is no signatory with a measure of its own"),
        ({"signed_by": []}, "Name a signatory."),
        ({"without": ["x"]}, "'x' is no measure of the negotiation"),
    ],
)
def test_what_does_not_exist_is_one_message(three, asked, words) -> None:
    ask = detente.deal if "moves" in asked else detente.find_deal
    with pytest.raises(CaseError, match=words):
        ask(three, **asked)


def test_a_package_that_cannot_be_says_which_measures_stand_apart() -> None:
    words = "cannot be in force without ‘Release of 123 people"
    with pytest.raises(CaseError, match=words):
        detente.deal("belarus", ["release-2026-03"])


def test_frames_shows_and_documents(three) -> None:
    found = detente.deal(three, ["ban", "release"])
    assert found.to_frame()["gain"].to_list() == pytest.approx([70.0, 10.0, 1.0])
    assert "would refuse" in repr(found)
    assert "<table" in found._repr_html_()
    data = json.loads(json.dumps(found.to_dict()))
    assert faults(data) == []
    assert [m["begins"] for m in data["moves"]] == [False, True]
    assert [c["id"] for c in data["choices"]["criteria"]] == list(CRITERIA)
    assert {m["id"]: m["in_force"] for m in data["choices"]["moves"]} == {
        "ban": True,
        "curb": True,
        "release": False,
    }


def test_the_command_says_the_same(tmp_path) -> None:
    path = tmp_path / "toy.yaml"
    path.write_text(TOY, encoding="utf-8")
    ask = ["deals", str(path)]
    runner = CliRunner()
    done = runner.invoke(app, [*ask, "--moves", "ban,release", "--json"])
    assert json.loads(done.stdout)["sentences"] == list(
        detente.deal(path, ["ban", "release"]).sentences
    )
    done = runner.invoke(app, [*ask, "--criterion", "largest-gain", "--without", "curb"])
    assert "Largest total gain: ‘The ban’ ends" in done.stdout
    assert "Alpha" in done.stdout.splitlines()[-3]
    both = runner.invoke(app, [*ask, "--moves", "ban", "--criterion", "nash"])
    assert both.exit_code == 2


def test_any_deal_has_the_bands_of_the_packages_that_the_case_names() -> None:
    drawn = packaged_negotiation(detente.load_case("belarus"))
    table, _ = table_of("belarus", None, None)
    for package in table.case.negotiation.packages:
        found = detente.deal(table, package.measures)
        stated = drawn.bands.proposals[package.id]
        # Money is packaged to the hundredth, once for the bands and once for the draws.
        assert found.bands.gain[0] == tuple(pytest.approx(b, abs=0.05) for b in stated)
        assert found.bands.draws == drawn.bands.draws
    (row,) = [s for s in found.to_dict()["signatures"] if s["party"] == "US"]
    assert row["gain_low"] < row["gain_high"]
    assert row["money_low"] <= row["money"] <= row["money_high"]
    assert found.to_dict()["draws"]["failed"] == drawn.failed
    assert "in brackets" in found.rows()[0]
    words = r"The United States gains USD \d+ million \([\d,]+ to [\d,]+\) a year"
    assert re.match(words, found.sentences[2])


def test_where_no_band_is_known_the_table_says_so(three) -> None:
    found = detente.deal(three, ["ban", "release"])
    assert found.bands is None
    assert found.rows()[0].endswith("; no band is known of this state")
    assert found.to_dict()["draws"] is None
    assert found.to_dict()["signatures"][0]["gain_low"] is None
    table, _ = table_of("belarus", None, None)
    moved = detente.deal(table, ["us-potash"], valuations={"valuations.US.freed": 0.3})
    assert moved.bands is None, "draws lie around the values of the case"


def test_packages_that_all_sign_have_bands_of_their_own() -> None:
    answer = negotiation_of(detente.load_case("belarus"), draws=None)
    deals = answer.deals
    assert len(deals.bands_kp) == len(deals.everybody.codes_k) > 1
    nash = deals.proposal("nash")
    at = deals.everybody.codes_k.tolist().index(nash.code)
    for p, party in enumerate(nash.parties):
        if party == "EU":
            continue  # in points its gain is without Lithuania's
        stated = answer.bands.proposals["nash"][p]
        assert deals.bands_kp[at][p] == pytest.approx(stated, abs=0.05)
    terms = {t.party: t.worth for t in overview_deal(answer).terms}
    low = min(b[0][0] for b in deals.bands_kp)
    assert f"({significant(low)} to " in terms["US"]
