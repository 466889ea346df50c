"""A negotiation small enough to reckon by hand, without an economy and with invented money.

Alpha holds a ban, the Union of three members a curb that lapses, and Beta people whom it may free.
A hundred freed are worth 100 to Alpha and cost Beta 30. The ban is one measure of pressure and the
curb two: each is worth 30 to Alpha, −40 to Beta, 2 to Germany and Poland, −5 to Lithuania.
"""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest

from detente.analysis.negotiation import NegotiationAnswer, negotiate, sentences
from detente.analysis.negotiation.conflict import bargaining, weights
from detente.analysis.negotiation.explained_moves import chance_of_renewal, contradicted
from detente.analysis.negotiation.stakes import member_words, stake_of
from detente.analysis.negotiation.trade_settings import Money
from detente.cases import Case, read_case

TOY = """\
schema: 2
name: toy
title: A toy
summary: Three parties without an economy.
date: 2023-01-01
parties:
  - {id: US, name: Alpha, members: [USA], patience: [0.85, 0.95]}
  - {id: BY, name: Beta, members: [BLR], patience: 0.8}
  - {id: EU, name: The Union, members: [DEU, LTU, POL], rule: unanimity, patience: 0.85}
interests:
  - {id: freed, label: People set free, unit: person}
  - {id: pressure, label: Pressure upheld, unit: measure}
measures:
  - id: ban
    label: The ban
    owner: US
    kind: sanction
    effects: {pressure: 1}
    in_force: [{from: 2022-01-01, document: a}]
    source: a
  - id: curb
    label: The curb
    owner: EU
    kind: sanction
    effects: {pressure: 2}
    in_force: [{from: 2022-01-01, document: a}]
    rules: {renew: unanimity, repeal: {kind: weighted, votes: {DEU: 3, LTU: 1, POL: 1}, quota: 3}}
    expiry: lapses
    renewed: [2022-07-01]
    source: a
  - id: release
    label: The release
    owner: BY
    kind: release
    effects: {freed: 100}
    reversible: false
    source: a
valuations:
  - {party: US, interest: freed, value: 1, range: [0.5, 3], source: a}
  - {party: US, interest: pressure, value: 30, source: a}
  - {party: BY, interest: freed, value: -0.3, source: analyst estimate}
  - {party: BY, interest: pressure, value: -40, source: a}
  - {party: EU, interest: pressure, value: 6, source: a}
  - {party: EU, member: LTU, interest: pressure, value: -5, source: a}
channels:
  - {id: direct, name: Direct, between: [US, BY], fidelity: 0.8, from: 2022-01-01, source: a}
events:
  - {date: 2022-07-01, party: EU, move: keep, measures: curb, source: a}
  - {date: 2022-01-01, party: US, move: adopt, measures: ban, source: a}
negotiation:
  moves: [ban, curb, release]
  status_quo: 2023-01-01
  signatories: [US, BY]
  packages:
    - {id: swap, label: A swap, lift: ban, adopt: release, steps: [[ban], [release]]}
    - {id: all, label: All of it, lift: [ban, curb], adopt: release}
  step_years: 0.5
"""
COUNTRIES = ("USA", "BLR", "DEU", "LTU", "POL")
#: Without measures, under the ban, under the curb, under both: USD million against nothing.
VARIATION = np.array(
    [[0, 0, 0, 0, 0], [-10, -50, 0, 0, 0], [0, -100, -40, 4, -8], [-10, -170, -40, 4, -8]], float
)
MONEY = Money(("ban", "curb"), COUNTRIES, VARIATION, 3)


def case(*changes: tuple[str, str]) -> Case:
    text = TOY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_case(text)


def without_events() -> Case:
    start, end = TOY.index("events:"), TOY.index("negotiation:")
    return read_case(TOY[:start] + TOY[end:])


@pytest.fixture(scope="module")
def plain() -> NegotiationAnswer:
    """Nothing but what parties value."""
    return negotiate(case())


def with_money(money: Money, **options: int) -> NegotiationAnswer:
    negotiation = importlib.import_module("detente.analysis.negotiation.full_answer")
    drawing = importlib.import_module("detente.analysis.negotiation.draws")
    size = dict.fromkeys(COUNTRIES, 1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            negotiation, "_setting", lambda case, terms, _: bargaining(case, terms, money, size)
        )
        patch.setattr(drawing, "VALUED", 256)
        patch.setattr(drawing, "_ALONE", 64)
        return negotiate(without_events(), **options)


@pytest.fixture(scope="module")
def paid() -> NegotiationAnswer:
    """With invented money at stake."""
    return with_money(MONEY)


@pytest.fixture(scope="module")
def drawn() -> NegotiationAnswer:
    """With money that two draws halve or raise by a half."""
    both = np.stack([0.5 * VARIATION, 1.5 * VARIATION])
    return with_money(replace(MONEY, drawn_dqn=both), draws=2)


def proposals(answer: NegotiationAnswer) -> dict[str, tuple[float, ...]]:
    assert answer.deals is not None
    return {p.label: p.gain for p in answer.deals.proposals}


def test_what_packages_bring_by_hand(plain: NegotiationAnswer, paid: NegotiationAnswer) -> None:
    # The swap frees 100 and ends one measure: 100 − 30 for Alpha, −30 + 40 for Beta.
    found = proposals(plain)
    assert found["A swap"] == pytest.approx((70, 10))
    # Of ending nothing but the curb: 100 − 60 and −30 + 80; of all: 100 − 90 and −30 + 120.
    for name in ("All of it", "Utilitarian point of all signatories"):
        assert found[name] == pytest.approx((10, 90))
    middle = "Nash, Kalai-Smorodinsky and egalitarian point of all signatories"
    assert found[middle] == pytest.approx((40, 50))
    assert found["Nash point of Alpha and Beta alone"] == pytest.approx((70, 10))
    with_it = proposals(paid)
    # In money the end of the ban brings 10 and 70, of the curb 120 to Beta, of both 10 and 170.
    for name in ("A swap", "Egalitarian point of all signatories"):
        assert with_it[name] == pytest.approx((80, 80))
    nash = with_it["Nash and Kalai-Smorodinsky point of all signatories"]
    assert nash == pytest.approx((40, 170))
    for name in ("All of it", "Utilitarian point of all signatories"):
        assert with_it[name] == pytest.approx((20, 260))


def test_what_hangs_on_values_in_words(plain: NegotiationAnswer) -> None:
    text = plain.headlines
    assert text[:3] == (
        "Alpha holds: none of its own moves changes its money.",
        "Beta holds: none of its own moves changes its money.",
        "The Union holds: none of its own moves changes its money.",
    )
    assert text[3] == (
        "‘The curb’: at renewal any one of 3 members could end it; at repeal any one of 1 "
        "among 3 members keeps it."
    )
    assert text[4] == "‘The curb’ was renewed once on record, 2022-07-01."
    assert text[5] == "By money alone no member would gain by letting it lapse."
    assert "it would lapse at central values: the model contradicts what happened" in text[6]
    assert text[7].startswith(
        "Of seven packages three leave all signatories better off: Alpha and Beta. They share "
        "this: ‘The release’ comes into force. They rest on 4 values of ‘people set free’, one of "
        "them analyst estimates. In money they neither bring nor cost any signatory anything. With "
        "three such packages"
    )
    tally = next(h for h in text if h.startswith("Of two observed moves"))
    assert tally == (
        "Of two observed moves the model makes one rational by itself and leaves one not explained "
        "(the Union on 2022-07-01)."
    )
    assert text[-1].startswith(
        "2022-07-01, The Union: ‘The curb’ is renewed. Not explained: −2 million USD a year to it, "
        "of it 0 in money. Some who could have prevented it alone would lose by it, by the "
        "valuations of the case: LTU −10 (in money 0). It was renewed all the same: the model"
    )


def test_observed_moves_by_hand(plain: NegotiationAnswer) -> None:
    ban, curb = plain.events
    # The ban is worth 30 to Alpha. Kept, the curb is worth 4, −10 and 4 to the members.
    assert (ban.gain, ban.money, ban.carried, ban.renewal) == (30.0, 0.0, True, False)
    assert ban.verdict == "rational by itself"
    assert (curb.gain, curb.carried, curb.renewal) == (pytest.approx(-2.0), False, True)
    assert curb.opposed == (("LTU", pytest.approx(-10.0)),)
    assert curb.contradicted


def test_money_in_words(paid: NegotiationAnswer) -> None:
    assert [str(m) for m in paid.moves] == [
        "‘The ban’ ends; in money, million USD a year: US +10, BY +70.",
        "‘The curb’ ends; in money, million USD a year: BY +120, EU +44.",
    ]
    assert paid.moves[1].members == (("DEU", 40.0), ("LTU", -4.0), ("POL", 8.0))
    assert paid.moves[1].of("EU") == 44.0
    assert paid.moves[0].table().rows[0] == ("US", 10.0, 10.0, 10.0)
    assert paid.headlines[:7] == (
        "Alpha holds: ending ‘The ban’ would bring 10 million USD a year. Holding is rational "
        "only if what it would give up besides money (pressure upheld) is worth at least that.",
        "Beta holds: none of its own moves changes its money.",
        "The Union holds: ending ‘The curb’ would bring 44 million USD a year. Holding is "
        "rational only if what it would give up besides money (pressure upheld) is worth at least "
        "that. At renewal any one of 3 members could end it; at repeal any one of 1 among 3 "
        "members keeps it.",
        "‘The curb’ ends: in money 2 members gain (DEU +40, POL +8) and one loses (LTU −4), "
        "million USD a year.",
        "‘The curb’: at renewal any one of 3 members could end it; at repeal any one of 1 "
        "among 3 members keeps it.",
        "‘The curb’ was renewed once on record, 2022-07-01.",
        "By money alone 2 of 3 members would gain by letting it lapse, and any one of them could. "
        "It was renewed, so each of them put at least what it costs it on the renewal, or on not "
        "being the one that refuses. It costs them 48 million USD a year in all: DEU 40 and POL 8.",
    )
    assert any("In money alone three of them cost no signatory anything." in h
               for h in paid.headlines)  # fmt: skip


def test_votes_and_stakes_by_hand(paid: NegotiationAnswer) -> None:
    (curb,) = paid.votes
    assert curb.members == ("DEU", "LTU", "POL")
    # In force: −40 + 4, 4 − 10 and −8 + 4.
    assert curb.gain == pytest.approx((-36.0, -6.0, -4.0))
    assert curb.money == pytest.approx((-40.0, 4.0, -8.0))
    assert curb.in_force
    assert curb.contradicted()
    assert curb.votes.can_end_alone == ("DEU", "LTU", "POL")
    assert set(curb.power) == {"adopt", "renew", "repeal"}
    alpha, union = stake_of(paid, "US"), stake_of(paid, "EU")
    assert (alpha.bound, alpha.money, union.bound) == (10.0, 10.0, 44.0)
    assert list(member_words(paid, "DEU")) == [
        "DEU has no move of its own here: it votes inside the Union.",
        "‘The curb’ in force costs it 40 million USD a year in money, −36 with what the case says "
        "that it values: it would block its adoption and renewal alone.",
        "‘The curb’ was renewed once on record. By money alone DEU would gain by its lapse, so it "
        "put at least 40 million USD a year on the renewal, or on not being the one that refuses.",
    ]
    assert len(list(member_words(paid, "LTU"))) == 2


def test_stability_paths_and_remedies_in_words(paid: NegotiationAnswer) -> None:
    assert sentences.path_words(paid, paid.path) == (
        "Moves one at a time that lead to a stable state (SEQ): by the Union, ‘The curb’ ends."
    )
    assert sentences.lasting_states(paid) == [
        (5, (False,) * 4), (1, (True,) * 4), (3, (True,) * 4)
    ]  # fmt: skip
    assert [sentences.state_ids(paid, c) for c in (0, 2, 4, 5, 7)] == [
        "end ban, curb", "end ban, curb; start release", "end ban", "the status quo",
        "start release",
    ]  # fmt: skip
    assert sentences.state_words(paid, 5) == "the status quo"
    assert sentences.state_words(paid, 1) == "‘The curb’ ends"
    assert list(sentences.remedy_words(paid))[:2] == [
        "The status quo: the Union would stay if three members got, or valued staying at, no less "
        "than 46 million USD a year in all. The least for each is DEU 36, LTU 6 and POL 4. With "
        "less its rules let a change pass.",
        "The status quo: DEU would stay without payment if pressure upheld were worth 20 a unit to "
        "it instead of 2. LTU would stay without payment if pressure upheld were worth −2 a unit "
        "to it instead of −5. POL would stay without payment if pressure upheld were worth 4 a "
        "unit to it instead of 2.",
    ]
    text = list(sentences.stability_words(paid))
    assert text[0] == (
        "Nash, if no answer is expected: the Union would leave the status quo. Two states are "
        "stable for all parties."
    )
    assert text[-1] == (
        "If no member ever refused a renewal, as observed so far, the status quo would be left by "
        "the Union (Nash, GMR, SMR and SEQ)."
    )
    assert len(text) == 5


def test_channels_by_hand(paid: NegotiationAnswer) -> None:
    found = paid.channels
    assert found is not None
    assert paid.unanswered == {}
    assert str(found.values) == (
        "Given the channels, 160 million USD a year can be reached: Alpha 80 and Beta 80."
    )
    assert [str(w) for w in found.worth] == [
        "Losing the channel Alpha–Beta costs 160 million USD a year in all; the channel is worth: "
        "Alpha +80 and Beta +80."
    ]
    assert found.channels.path("Alpha", "Beta").fidelity == 0.8
    assert {str(s) for s in found.signing} == {"Alpha and Beta can sign: they talk directly."}


def test_chances_over_draws_by_hand(drawn: NegotiationAnswer) -> None:
    """What a hundred freed are worth is drawn between 50 and 300 with 100 the likeliest."""
    chances = {(c.question, c.of): c for c in drawn.chances}
    # All of it: 10 + 100 w − 90 ≥ 0, with the 10 halved or raised by a half.
    below = [(x - 0.5) ** 2 / (2.5 * 0.5) for x in (0.85, 0.75)]
    dear = chances["accepted", "all"]
    assert dear.chance == pytest.approx(1 - np.mean(below), abs=0.01)
    assert dear.central
    assert chances["accepted", "swap"].chance == 1.0
    # The members of the Union gain by the end of the curb in every draw.
    assert chances["stable", "status quo"].chance == 0.0
    lasting = chances["stable (SEQ)", "status quo"]
    assert (lasting.chance, lasting.turned, lasting.turned_by, lasting.alone) == (0.0, 0.0, "", 0)
    assert (lasting.draws, lasting.central, dear.draws, dear.alone) == (64, False, 256, 64)
    assert chances["stable (SEQ)", "nash"].chance == 1.0
    assert chances["stable if renewed", "nash"].central
    assert chances["holds", "US"].chance == 1.0
    assert chances["holds", "EU"].chance == 0.0
    curb = next(v for v in drawn.votes if v.measure == "curb")
    # Lithuania loses by the curb in every draw, and to renew it all three have to agree.
    assert (chance_of_renewal(drawn, curb), contradicted(drawn, curb)) == (0.0, True)
    assert [str(m) for m in drawn.moves] == [
        "‘The ban’ ends; in money, million USD a year: US +10 (5.5 to 14), BY +70 (38 to 100).",
        "‘The curb’ ends; in money, million USD a year: BY +120 (66 to 170), EU +44 (24 to 64).",
    ]
    assert "would bring 10 (5.5 to 14) million USD a year" in drawn.headlines[0]
    assert drawn.drawn is not None
    assert (drawn.draws, drawn.drawn.failed) == (2, 0)
    # Alone, the worth of the freed turns it where it lies below 0.8.
    turned = 0.3**2 / (2.5 * 0.5)
    assert dear.turned == pytest.approx(turned, abs=0.03)
    assert dear.turned_by == "valuations.US.freed"
    nash = chances["accepted", "nash"]
    # 100 w − 60 ≥ 0: nothing in it is money of Alpha.
    assert nash.chance == pytest.approx(1 - 0.1**2 / (2.5 * 0.5), abs=0.004)


def test_a_government_that_values_more_refuses(plain: NegotiationAnswer) -> None:
    proud = negotiate(case(("value: 30, source: a", "value: 120, source: a")))
    assert proposals(proud)["A swap"] == pytest.approx((-20, 10))
    assert proud.deals is not None
    swap = next(p for p in proud.deals.proposals if p.label.startswith("A swap"))
    assert swap.refused_by == ("US",)
    needed = list(sentences.needed_words(proud, swap))
    assert needed == [
        "A swap: Alpha loses 20 million USD a year by it. It would accept, as a sum, if pressure "
        "upheld were worth no more than 100 a unit to it instead of 120."
    ]
    assert plain.deals is not None
    swap_here = next(p for p in plain.deals.proposals if p.label == "A swap")
    assert swap_here.refused_by == ()
    assert list(sentences.needed_words(plain, swap_here)) == []


def test_orders_of_steps_by_hand(plain: NegotiationAnswer) -> None:
    """Beta frees people for good; Alpha may take the ban up again, which is worth 30 a year."""
    orders = {o.label: o for o in plain.orders}
    alone = orders["Nash point of Alpha and Beta alone"].sequences
    assert alone.best is None
    assert (alone.count, alone.tried, alone.exact) == (0, 2, True)
    assert {o.unravelling.party for o in alone.orders if o.unravelling} == {"Alpha"}
    # Half a year of 30, this step and all later ones: 15/(1 − √0.9).
    amounts = [o.unravelling.amount for o in alone.orders if o.unravelling]
    assert amounts == pytest.approx([15 / (1 - 0.9**0.5)] * 2, rel=1e-6)
    every = orders["Nash, Kalai-Smorodinsky and egalitarian point of all signatories"].sequences
    assert every.count == 2
    assert every.best is not None
    # The curb first: Beta has 80 a year from then on and loses 30 a year one step later.
    assert every.best.owners == ("the Union", "Beta")
    delta = 0.8**0.5
    worth = 0.5 * (80 / (1 - delta) - delta * 30 / (1 - delta))
    beta = every.best.parties.index("Beta")
    assert every.best.value[beta] == pytest.approx(worth)
    asked = {p.party: p for p in every.patience}
    assert asked["Beta"].assumed == pytest.approx(delta)
    assert asked["Beta"].least == pytest.approx(30 / 80)


def test_parts_that_are_missing_are_said() -> None:
    mute = negotiate(case(("members: [BLR], patience: 0.8}", "members: [BLR]}")))
    assert "BY has no patience in the case" in mute.unanswered["steps"]
    assert mute.orders == ()
    start, end = TOY.index("channels:"), TOY.index("events:")
    alone = negotiate(read_case(TOY[:start] + TOY[end:]))
    assert alone.unanswered == {"channels": "no channel is open on the day."}
    assert alone.channels is None
    later = negotiate(case(), date="2022-01-01")
    assert later.date.isoformat() == "2022-01-01"


def test_a_ratifier_can_stop_a_release() -> None:
    """A senate values each person at −2, so that it refuses what both signatories want."""
    senate = "  - {id: Senate, name: A senate, role: ratifier}\ninterests:"
    value = "  - {party: Senate, interest: freed, value: -2, source: a}\nchannels:"
    stopped = negotiate(
        case(
            ("interests:\n  - {id: freed", f"{senate}\n  - {{id: freed"),
            ("    reversible: false\n", "    reversible: false\n    ratified_by: Senate\n"),
            ("channels:", value),
        )
    )
    release = next(v for v in stopped.votes if v.measure == "release")
    assert release.members == ("Beta", "A senate")
    assert release.gain == pytest.approx((-30.0, -200.0))
    assert release.money == (0.0, 0.0)
    assert (release.in_force, release.ratifiers, release.owner) == (False, ("Senate",), "BY")
    assert not release.votes.adopt.blocking.passes
    assert release.votes.adopt.blocking.alone == ("Beta", "A senate")
    assert stopped.deals is not None
    swap = next(p for p in stopped.deals.proposals if p.id == "swap")
    assert swap.refused_by == ("BY",)
    # Without the release nothing is left that both would sign.
    assert len(stopped.deals.everybody.codes_k) == 0
    assert not any(label.startswith("Nash point of all") for label in proposals(stopped))


def test_weights_are_those_of_signatories_with_a_move() -> None:
    weighed = case(("patience: 0.8}", "patience: 0.8, weight: 3}"))
    setting = bargaining(weighed, weighed.negotiation_terms(), None, {})
    assert weights(setting) == {"Alpha": 1.0, "Beta": 3.0}
