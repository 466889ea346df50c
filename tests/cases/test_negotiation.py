"""The negotiation of a case: what it reads, what it comes to in numbers, the packaged ones."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from detente.cases import CaseError, load_case


@pytest.fixture
def negotiation(write, negotiation_text):
    return load_case(write(negotiation_text))


def test_terms_are_the_file_in_plain_numbers(negotiation):
    terms = negotiation.negotiation_terms()
    assert [m.id for m in terms.moves] == ["ban", "first", "second", "again"]
    assert (terms.status_quo, terms.background) == (0b0011, ("duty",))
    assert terms.effect_km.tolist() == [[0, 40, 100, -40], [1, 0, -0.5, 0]]
    us, eu, by, hungary, senate = range(5)
    expected = np.zeros((5, 2))
    expected[us, 0], expected[eu, 1], expected[hungary, 0] = 0.2, 60, 3
    assert terms.worth_ik.tolist() == expected.tolist()
    assert terms.value_im[eu].tolist() == [60, 0, -30, 0]
    assert terms.implications == ((2, 1), (3, 1))
    assert terms.exclusions == ((3, 0),)
    assert [(x.id, x.fidelity) for x in terms.links] == [("direct", 0.8)]
    assert [x.id for x in negotiation.negotiation_terms("2022-05-31").links] == ["old"]
    assert terms.step_years == 0.5
    assert terms.parties[by].patience == 0.9
    assert terms.parties[eu].patience == pytest.approx(0.85)  # the middle of two binary fractions
    assert (terms.parties[senate].role, terms.parties[senate].members) == ("ratifier", ())
    ban, first, second, _ = terms.moves
    assert (ban.adopt.kind, ban.renew.kind, ban.repeal.kind) == (
        "unanimity",
        "weighted",
        "double_majority",
    )
    assert (ban.repeal.member_share, ban.repeal.population_share) == (0.55, 0.65)
    assert (ban.lapses, ban.in_trade, ban.reversible) == (True, True, True)
    assert (first.reversible, first.in_trade, first.adopt.kind) == (False, False, "sovereign")
    assert second.ratified_by == ("US",)
    assert negotiation.regime() == negotiation.trade_measures[:2]
    assert [m.id for m in negotiation.in_force()] == ["ban", "duty", "first"]


def test_a_member_holds_its_own_value_before_its_partys_before_its_share(negotiation):
    terms = negotiation.negotiation_terms()
    income = dict.fromkeys(terms.parties[1].members, 1.0) | {"DEU": 4.0}
    worth = terms.member_worth("EU", income)
    place = terms.parties[1].members.index
    assert worth.shape == (27, 2)
    assert worth[place("DEU")].tolist() == pytest.approx([0, 60 * 4 / 30])  # rounding only
    assert worth[place("FRA")].tolist() == pytest.approx([0, 60 / 30])
    assert worth[place("HUN")].tolist() == [3, -5]
    with pytest.raises(ValueError, match="no member of EU has an income"):
        terms.member_worth("EU", {})


def test_members_vote_as_groups_stood_on_the_day(negotiation):
    assert len(negotiation.voters("EU", "2020-01-31")) == 28
    assert len(negotiation.voters("EU", "2020-02-01")) == 27


def test_ranges_outside_parameters_have_names_that_can_be_changed(negotiation):
    assert [(u.name, u.low, u.high) for u in negotiation.uncertainties] == [
        ("valuations.US.freed", 0.05, 1),
        ("valuations.EU.HUN.pressure", -30, 5),
        ("patience.EU", 0.8, 0.9),
        ("fidelity.direct", 0.6, 1),
    ]
    changed = negotiation.with_parameters(
        {"valuations.US.freed": 0.5, "patience.EU": 0.82, "fidelity.direct": 0.7, "worth": 80}
    )
    terms = changed.negotiation_terms()
    assert (terms.worth_ik[0, 0], terms.worth_ik[1, 1]) == (0.5, 80)
    assert (terms.parties[1].patience, terms.links[0].fidelity) == (0.82, 0.7)
    assert negotiation.negotiation_terms().worth_ik[0, 0] == 0.2
    member = negotiation.with_parameters({"valuations.EU.HUN.pressure": 4}).negotiation_terms()
    assert member.member_worth("EU", {"HUN": 1.0})[member.parties[1].members.index("HUN"), 1] == 4
    with pytest.raises(CaseError, match=r"Did you mean patience\.EU"):
        negotiation.with_parameters({"patience.EUU": 0.5})


def test_what_a_party_needs_to_sign_and_its_weight_are_optional(
    write, negotiation_text, negotiation
):
    plain = negotiation.negotiation_terms()
    assert {(v.reservation, v.weight) for v in plain.parties} == {(0.0, 1.0)}
    text = negotiation_text.replace(
        "patience: 0.9}", "patience: 0.9, reservation: [5, 15], weight: 2}"
    )
    case = load_case(write(text))
    voice = next(v for v in case.negotiation_terms().parties if v.id == "BY")
    assert (voice.reservation, voice.weight) == (10.0, 2.0)
    assert ("reservation.BY", 10.0, 5.0, 15.0) in [
        (u.name, u.value, u.low, u.high) for u in case.uncertainties
    ]
    changed = case.with_parameters({"reservation.BY": 7}).negotiation_terms()
    assert next(v for v in changed.parties if v.id == "BY").reservation == 7


def test_a_status_quo_may_be_a_list(write, negotiation_text):
    text = negotiation_text.replace("status_quo: 2023-01-01", "status_quo: [first]")
    case = load_case(write(text))
    assert case.negotiation_terms().status_quo == 0b0010
    assert case.negotiation_terms("2023-01-01").status_quo == 0b0011


def test_what_the_negotiation_never_uses_is_named(write, negotiation_text):
    text = negotiation_text
    for old, new in (
        ("second, again]", "second]"),
        ("measure: again, excludes: ban", "measure: second, excludes: ban"),
        (
            "{freed: -40}\n    after: first",
            "{freed: -40}\n    in_force: [{from: 2022-08-01, document: a decree}]",
        ),
        ("  - {id: pressure", "  - {id: idle, label: Idle, unit: one}\n  - {id: pressure"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert dict(load_case(write(text)).idle_negotiation()) == {
        "again": "it sets nothing in the economy and is no move of the negotiation.",
        "idle": "no move touches this interest.",
    }
    text = text.replace(
        "  - {party: US, interest: freed, value: 0.2, range: [0.05, 1]",
        "  - {party: US, interest: freed, value: 0",
    )
    text = text.replace("interest: freed, value: 3", "interest: freed, value: 0")
    assert ("first", "nobody values the interests that it touches.") in load_case(
        write(text)
    ).idle_negotiation()


def test_a_case_without_talks_says_what_is_missing(write):
    with pytest.raises(CaseError, match="Write a `negotiation` block"):
        load_case(write()).negotiation_terms()


@pytest.mark.parametrize("name", ["belarus", "russia-coalition"])
def test_packaged_talks_can_be_played(name):
    case = load_case(name)
    terms = case.negotiation_terms()
    assert case.idle_negotiation() == ()
    assert 10 <= len(terms.moves) <= 16
    assert set(terms.signatories) <= {v.id for v in terms.parties}
    assert all(v.is_estimate or "http" in v.source for v in case.valuations)
    assert all(v.range is not None for v in case.valuations)
    assert all(0 < v.patience < 1 for v in terms.parties if v.id in terms.signatories)
    assert all(e.source.startswith("https://") for e in case.events)
    eu = terms.parties[terms.place("EU")]
    assert (eu.rule.kind, len(eu.members)) == ("unanimity", 27)
    income = dict.fromkeys(eu.members, 1.0)
    assert np.isfinite(terms.member_worth("EU", income)).all()


def test_belarus_has_the_renewal_and_releases_that_stay():
    case = load_case("belarus")
    (renewal,) = case.renewals
    assert renewal.measures == ("eu-potash", "eu-transit")
    assert "2012/642/CFSP" in renewal.decision.title
    assert renewal.decision.basis == "Art. 31(1) TEU"
    assert "765/2006" in renewal.regulation.title
    assert renewal.regulation.basis == "Art. 215 TFEU"
    kept = [e for e in case.observed if e.measures == renewal.measures and e.id != "december-eu"]
    assert [e.id for e in kept] == [
        "eu-belarus-2023-02-24",
        "eu-belarus-2024-02-26",
        "eu-belarus-2025-02-28",
        "eu-belarus-2026-02-26",
    ]
    assert [e.date for e in kept] == list(case.renewed_on("eu-transit"))
    # Each term begins where the one before ends; of one renewal only the latest day is known.
    terms = renewal.renewed
    assert all(b.date <= a.until < b.until for a, b in pairwise(terms))
    assert [d for d in terms if d.no_later] == [terms[2]]
    assert [case.renewed_no_later("eu-potash", d.date) for d in terms] == [
        False,
        False,
        True,
        False,
    ]
    assert all(e.source.startswith("https://") for e in kept)
    assert {m.renewal for m in case.negotiation_terms().moves if m.lapses} == {"eu-belarus"}
    releases = [m for m in case.measures if m.kind == "release"]
    assert [m.effects["freed"] for m in releases] == [52, 123, 250, 1100]
    assert not any(m.reversible for m in releases)
    assert {m.id for m in case.in_force("2026-03-20")} >= {m.id for m in releases[:3]}
    assert case.negotiation_terms().place("US-Congress") == 10


def test_the_coalition_pays_russia_loses_most_and_others_gain():
    from detente.analysis import assess

    answer = assess("russia-coalition")
    value = answer.regime.equivalent_variation_n
    gain = {p: float(value[list(ns)].sum()) for p, ns in answer.groups.items() if ns}
    assert answer.regime.certificate.status == "converged"
    assert min(gain, key=lambda p: gain[p]) == "Russia"
    assert all(gain[p] < 0 for p in answer.case.negotiation.signatories)
    assert all(gain[p] > 0 for p in ("China", "India", "Turkey", "Eurasia"))


def stable(rank_is, reach_iss):
    """The states stable for all parties, by concept, written from the definitions.

    Fang, Hipel & Kilgour (1993), chapter 3; several opponents move in turn, none twice in a row.
    """
    parties, states = rank_is.shape

    def better(i, s):
        return [t for t in range(states) if reach_iss[i, s, t] and rank_is[i, t] > rank_is[i, s]]

    def anywhere(i, s):
        return [t for t in range(states) if reach_iss[i, s, t]]

    def countered(i, s, step):
        seen, open_ = set(), [(s, None)]
        while open_:
            here, last = open_.pop()
            for j in range(parties):
                if j not in (i, last):
                    new = {(t, j) for t in step(j, here)} - seen
                    seen |= new
                    open_ += list(new)
        return {t for t, _ in seen}

    def deterred(concept, i, s, t):
        answers = countered(i, t, better if concept == "seq" else anywhere)
        bad = [x for x in answers if rank_is[i, x] <= rank_is[i, s]]
        if concept == "smr":
            bad = [x for x in bad if all(rank_is[i, y] <= rank_is[i, s] for y in anywhere(i, x))]
        return concept != "nash" and bool(bad)

    return {
        concept: {
            s
            for s in range(states)
            if all(deterred(concept, i, s, t) for i in range(parties) for t in better(i, s))
        }
        for concept in ("nash", "gmr", "smr", "seq")
    }


def test_elmira_has_its_published_stable_states():
    case = load_case("elmira")
    conflict = case.conflict
    ids = conflict.state_ids
    found = stable(conflict.rank_is(), conflict.reach_iss())
    assert {k: tuple(ids[s] for s in sorted(v)) for k, v in found.items()} == conflict.reported
    assert conflict.reported["nash"] == ("5", "8", "9")
    assert not case.has_trade
    ministry, uniroyal, _ = conflict.rank_is()
    five, eight = ids.index("5"), ids.index("8")
    assert ministry[eight] > ministry[five]
    assert uniroyal[eight] > uniroyal[five]


def test_a_conflict_reads_ranks_and_moves(write, conflict_text):
    conflict = load_case(write(conflict_text)).conflict
    assert conflict.rank_is().tolist() == [[3, 4, 1, 2], [3, 1, 4, 2]]
    found = stable(conflict.rank_is(), conflict.reach_iss())
    assert found == {"nash": {3}, "gmr": {0, 3}, "smr": {0, 3}, "seq": {0, 3}}
    given = conflict_text.replace("  source: folk", "  moves: {A: [[CC, DD]]}\n  source: folk")
    reach = load_case(write(given)).conflict.reach_iss()
    assert [tuple(map(int, x)) for x in np.argwhere(reach[0])] == [(0, 3)]
    assert reach[1].sum() == 4


@pytest.mark.parametrize(
    ("direction", "pairs"), [("take", {(0, 1), (2, 3)}), ("drop", {(1, 0), (3, 2)})]
)
def test_options_move_in_their_direction(write, conflict_text, direction, pairs):
    text = conflict_text.replace("owner: A}", f"owner: A, direction: {direction}}}")
    reach = load_case(write(text)).conflict.reach_iss()
    assert {(s, t) for s, t in product(range(4), repeat=2) if reach[0, s, t]} == pairs
