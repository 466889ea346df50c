"""Every damaged negotiation or published conflict is refused with key, words and remedy."""

from __future__ import annotations

import re

import pytest

from detente.cases import CaseError, load_case
from detente.cases.check_negotiation import unrenewed

# What is replaced, by what, key of the fault, words of its message or remedy.
NEGOTIATION = [
    ("rule: unanimity", "rule: unanimty", "parties[1].rule.kind", "Did you mean unanimity?"),
    ("rule: unanimity", "rule: {quorum: 3}", "parties[1].rule.quorum", "not a key here"),
    ("rule: unanimity", "rule: weighted", "parties[1].rule", "needs votes and a quota"),
    ("rule: unanimity", "rule: {kind: unanimity, quota: 3}", "parties[1].rule.quota", "nothing to"),
    (
        "rule: unanimity",
        "rule: {kind: double_majority, member_share: 55}",
        "parties[1].rule.member_share",
        "at most 1",
    ),
    (
        "rule: unanimity",
        "rule: {kind: double_majority, populations: {FRA: 68}}",
        "parties[1].rule.populations",
        "leaves out AUT, BEL, BGR, CYP, CZE, DEU and 20 more",
    ),
    ("members: [BLR]", "members: [BLR], rule: unanimity", "parties[2].rule", "has 1 member"),
    ("members: [BLR]", "members: []", "parties[2].members", "only a ratifier has none"),
    ("role: ratifier", "role: ratfier", "parties[4].role", "Did you mean ratifier?"),
    ("[0.8, 0.9]", "[0.9, 0.8]", "parties[1].patience", "reversed"),
    ("[0.8, 0.9]", "[0.8, 1.2]", "parties[1].patience", "from 0.01 to below 1"),
    ("[0.8, 0.9]", "[0.8]", "parties[1].patience", "[lowest, highest]"),
    ("patience: 0.9", "patience: 1", "parties[2].patience", "from 0.01 to below 1"),
    ("patience: 0.9", "patience: 8e-301", "parties[2].patience", "out of all proportion"),
    ("patience: 0.9", "patience: 0.001", "parties[2].patience", "from 0.01 to below 1"),
    ("patience: 0.9", "patience: leek", "parties[2].patience", "Did you mean leak"),
    ("patience: 0.9", "reservation: [9, 2]", "parties[2].reservation", "reversed"),
    ("patience: 0.9", "reservation: [much]", "parties[2].reservation", "[lowest, highest]"),
    ("patience: 0.9", "weight: 0", "parties[2].weight", "above 0"),
    ("quota: 20", "quota: 30", "measures[0].rules.renew.quota", "of 27 votes"),
    ("{AUT: 1,", "{AUS: 1,", "measures[0].rules.renew.votes", "AUT"),
    ("{AUT: 1,", "{AUT: -1,", "measures[0].rules.renew.votes", "below 0 for AUT"),
    ("expiry: lapses", "expiry: lapse", "measures[0].expiry", "Did you mean lapses?"),
    ("[2023-03-03]", "[2022-03-02]", "measures[0].renewed[0]", "not in force"),
    (
        "effects: {pressure: 1}",
        "effects: {presure: 1}",
        "measures[0].effects.presure",
        "Did you mean pressure?",
    ),
    ("freed: many", "freed: man", "measures[4].effects.freed", "Did you mean many?"),
    ("    effects: {freed: 40}\n", "", "measures[3]", "neither settings nor effects"),
    (
        "2022-07-01, document",
        "2022-07-01, until: 2023-07-01, document",
        "measures[3].in_force[0].until",
        "not reversible",
    ),
    ("second, again]", "second]", "measures[5].in_force", "no move of the negotiation"),
    (
        "after: first\n    ratified",
        "after: fist\n    ratified",
        "measures[4].after",
        "Did you mean first",
    ),
    (
        "after: first\n    ratified",
        "after: second\n    ratified",
        "measures[4].after",
        "no other measure",
    ),
    (
        "after: first\n    ratified",
        "after: duty\n    ratified",
        "measures[4].after",
        "no move of the negotiation",
    ),
    (
        "    reversible: false\n    in_force",
        "    after: second\n    in_force",
        "measures[3].after",
        "circle",
    ),
    ("ratified_by: US", "ratified_by: BY", "measures[4].ratified_by", "the owner"),
    ("ratified_by: US", "ratified_by: UK", "measures[4].ratified_by", "no party 'UK'"),
    ("unit: person}\n  -", "}\n  -", "interests[0].unit", "missing"),
    ("{id: pressure, label", "{id: freed, label", "interests[1].id", "stands already"),
    ("party: US, interest", "party: USA, interest", "valuations[0].party", "Did you mean US?"),
    (
        "interest: freed, value: 0.2",
        "interest: fred, value: 0.2",
        "valuations[0].interest",
        "Did you mean freed?",
    ),
    ("[0.05, 1]", "[1, 0.05]", "valuations[0].range", "reversed"),
    ("[0.05, 1]", "[0.5, 1]", "valuations[0].value", "outside its own range"),
    ("value: worth", "value: worth, range: [1, 2]", "valuations[1].range", "at the parameter"),
    ("value: worth", "value: wort", "valuations[1].value", "Did you mean worth?"),
    ("value: worth, source: a paper", "value: worth", "valuations[1].source", "analyst estimate"),
    ("member: HUN", "member: GBR", "valuations[2].member", "no member of EU 'GBR'"),
    (
        "party: Hungary, interest: freed",
        "party: US, interest: freed",
        "valuations[3]",
        "already at valuations[0]",
    ),
    ("between: [US, BY]", "between: [US, US]", "channels[0].between", "US twice"),
    ("between: [US, BY]", "between: [US, BLR]", "channels[0].between", "no party 'BLR'"),
    ("between: [US, BY]", "between: [US]", "channels[0].between[1]", "missing"),
    ("[0.6, 1]", "[0, 1]", "channels[0].fidelity", "above 0 and at most 1"),
    ("id: old", "id: direct", "channels[1].id", "stands already"),
    ("from: 2022-06-01,", "from: 2022-06-01, until: 2022-06-01,", "channels[0].until", "not after"),
    ("move: keep", "move: renew", "events[0].move", "not one of adopt, keep, lift"),
    ("move: keep, measures: ban", "move: adopt, measures: ban", "events[0].move", "already"),
    ("2022-09-01", "2022-03-01", "events[0].move", "is not in force on the day before"),
    ("measures: ban, source", "measures: duty, source", "events[0].party", "a measure of US"),
    ("measures: [ban]", "measures: [bann]", "events[1].measures", "Did you mean ban?"),
    ("moves: [ban,", "moves: [bann,", "negotiation.moves", "Did you mean ban?"),
    ("moves: [ban,", "moves: [ban, ban,", "negotiation.moves", "twice"),
    ("moves: [ban, first, second, again]", "moves: []", "negotiation.moves", "at least 1"),
    ("status_quo: 2023-01-01", "status_quo: now", "negotiation.status_quo", "Write a day"),
    ("status_quo: 2023-01-01", "status_quo: [bann]", "negotiation.status_quo", "Did you mean ban?"),
    (
        "status_quo: 2023-01-01",
        "status_quo: [second]",
        "negotiation.status_quo",
        "second without first",
    ),
    (
        "status_quo: 2023-01-01",
        "status_quo: [ban, first, again]",
        "negotiation.status_quo",
        "again with ban",
    ),
    (
        "signatories: [BY, EU]",
        "signatories: [BY, UE]",
        "negotiation.signatories",
        "Did you mean EU",
    ),
    ("signatories: [BY, EU]", "signatories: [BY, US]", "negotiation.signatories", "owns none"),
    (
        "moves: [ban, first, second, again]",
        f"moves: [ban, first, second, again, {', '.join(f'm{k}' for k in range(21))}]",
        "negotiation.moves",
        "25 moves make 33,554,432 states; 20 moves (1,048,576 states) are the most that work",
    ),
    (
        "effects: {freed: 40}\n    reversible: false",
        "effects: {freed: 40}\n    reversible: false\n    expiry: lapses",
        "measures[3].expiry",
        "not reversible",
    ),
    ("value: 0.2, range", "value: lots, range", "valuations[0].value", "no number"),
    (
        "rule: unanimity",
        "role: affected, rule: unanimity",
        "negotiation.signatories",
        "has no vote",
    ),
    (
        "measure: again, excludes: ban",
        "measure: again",
        "negotiation.constraints[0]",
        "requires or excludes",
    ),
    (
        "measure: again, excludes: ban",
        "measure: ban, excludes: ban",
        "negotiation.constraints[0]",
        "ban twice",
    ),
    (
        "measure: again, excludes: ban",
        "measure: again, excludes: duty",
        "negotiation.constraints[0]",
        "no move 'duty'",
    ),
    ("lift: ban, adopt", "lift: duty, adopt", "negotiation.packages[0].lift", "no move 'duty'"),
    (
        "lift: ban, adopt: second, steps: [[second], [ban]]",
        "note: x",
        "negotiation.packages[0]",
        "changes nothing",
    ),
    ("[[second], [ban]]", "[[second]]", "negotiation.packages[0].steps", "leave out ban"),
    (
        "[[second], [ban]]",
        "[[second], [ban], [first]]",
        "negotiation.packages[0].steps",
        "no measure of this package",
    ),
    ("step_years: 0.5", "step_years: 0", "negotiation.step_years", "above 0"),
    ("step_years: 0.5", "step_yeers: 0.5", "negotiation.step_yeers", "Did you mean step_years?"),
]
RENEWAL = """\
renewals:
  - id: regime
    label: A regime
    owner: EU
    measures: [ban, stop]
    rule: unanimity
    renewed: [{date: 2025-06-01, until: 2026-06-01, source: a journal}]
    source: a journal
claims:
"""
#: The same with the measures of the renewal as it needs them.
RENEWED = [
    ("- id: regime", "- id: ban", "renewals[0].id", "id of a measure already"),
    ("owner: EU\n    measures: [ban", "owner: UE\n    measures: [ban", "renewals[0].owner", "EU?"),
    ("[ban, stop]", "[bann, stop]", "renewals[0].measures", "Did you mean ban?"),
    ("[ban, stop]", "[ban, duty]", "renewals[0].measures", "duty is a measure of US"),
    ("rule: unanimity\n    renewed", "rule: weighted\n    renewed", "renewals[0].rule", "quota"),
    ("date: 2025-06-01", "date: 2021-06-01", "renewals[0].renewed[0].date", "none of its"),
    ("until: 2026-06-01", "until: 2025-05-01", "renewals[0].renewed[0].until", "not after"),
    ("source: a journal}]", "source: a journal}, {date: 2025-06-01, source: x}]",
     "renewals[0].renewed[1].date", "stands twice"),
    ("    expiry: lapses\n    in_force:\n      - {from: 2024", "    in_force:\n      - {from: 2024",
     "measures[2].expiry", "stop stays, but regime renews it"),
    ("    expiry: lapses\n    in_force:\n      - {from: 2024",
     "    expiry: lapses\n    renewed: [2025-06-01]\n    in_force:\n      - {from: 2024",
     "measures[2].renewed", "Write the days under `renewals`"),
    ("    expiry: lapses\n    in_force:\n      - {from: 2024",
     "    expiry: lapses\n    rules: {renew: unanimity}\n    in_force:\n      - {from: 2024",
     "measures[2].rules.renew", "Write the rule under `renewals`"),
    ("{date: 2022-09-01, party: EU", "{date: 2025-06-01, party: EU", "events[0].date",
     "an observed move already"),
    ("    source: a journal\nclaims",
     "    source: a journal\n  - {id: more, label: More, owner: EU, measures: [ban], source: x}\n"
     "claims", "renewals[1].measures", "stands already at renewals[0]"),
    ("range: [0.05, 1], source", "range: [0.05, 1], set_in_view: [regime-2025-06-02], source",
     "valuations[0].set_in_view", "Did you mean regime-2025-06-01"),
    ("unit: person}", "unit: person, set_in_view: [kept]}", "interests[0].set_in_view",
     "no observed move 'kept'"),
    ("{date: 2022-03-03, party: EU", "{id: kept-once, date: 2022-03-03, party: EU",
     "events[1].id", "stands already"),
]  # fmt: skip
CONFLICT = [
    (
        "label: Confess, owner: A}",
        "label: Confess, owner: C}",
        "conflict.options[0].owner",
        "no party 'C'",
    ),
    ("id: b, label", "id: a, label", "conflict.options[1].id", "twice"),
    ("owner: A}", "owner: A, direction: on}", "conflict.options[0].direction", "both, take, drop"),
    ("taken: [b]}", "taken: [c]}", "conflict.states[2].taken", "no option 'c'"),
    ("taken: [b]}", "taken: [b], either: [b]}", "conflict.states[2].either", "which is taken"),
    ("id: CD", "id: DC", "conflict.states[2].id", "twice"),
    ("A: [DC, CC, DD, CD]", "A: [DC, CC, DD]", "conflict.preferences.A", "leaves out CD"),
    ("A: [DC, CC, DD, CD]", "A: [DC, CC, DD, CD, CC]", "conflict.preferences.A", "CC twice"),
    ("A: [DC, CC, DD, CD]", "A: [DC, CC, DD, CE, CD]", "conflict.preferences.A", "no state 'CE'"),
    ("A: [DC, CC, DD, CD]", "A: DC", "conflict.preferences.A", "from the best to the worst"),
    ("    A: [DC, CC, DD, CD]\n", "", "conflict.preferences", "A has options but no ranking"),
    ("  source: folk", "  status_quo: 1\n  source: folk", "conflict.status_quo", "no state '1'"),
    (
        "  source: folk",
        "  reported: {nash: [DE]}\n  source: folk",
        "conflict.reported.nash",
        "no state 'DE'",
    ),
    (
        "  source: folk",
        "  reported: {nas: [DD]}\n  source: folk",
        "conflict.reported.nas",
        "Did you mean nash?",
    ),
    (
        "  source: folk",
        "  moves: {A: [[CC, XX]]}\n  source: folk",
        "conflict.moves.A[0]",
        "no state 'XX'",
    ),
    ("  source: folklore\n", "", "conflict.source", "missing"),
    ("taken: [b]}", "taken: [a]}", "conflict.states[2]", "the same as state 'DC'"),
    ("{id: DC, taken: [a]}", "{id: DC}", "conflict.states[1]", "the same as state 'CC'"),
]


ONCE = (
    "only a ratifier has none",
    "below 0 for AUT",
    "US twice",
    "leave out ban",
    "a measure of US",
)


def _refused(write, text, old, new, key, words):
    assert text.count(old) >= 1
    damaged = text.replace(old, new, 1)
    with pytest.raises(CaseError) as caught:
        load_case(write(damaged))
    found = [f for f in caught.value.faults if f.key == key and words in str(f)]
    assert found, str(caught.value)
    assert found[0].remedy
    assert 1 <= found[0].line <= damaged.count("\n") + 1


@pytest.mark.parametrize(("old", "new", "key", "words"), NEGOTIATION)
def test_a_damaged_negotiation_is_refused(write, negotiation_text, old, new, key, words):
    _refused(write, negotiation_text, old, new, key, words)


def test_a_typo_in_the_moves_is_one_fault_and_is_offered_nowhere(write, negotiation_text):
    """What names the measure that was meant is right, and no message offers the typo."""
    text = negotiation_text.replace("moves: [ban,", "moves: [bann,", 1)
    text = text.replace("status_quo: 2023-01-01", "status_quo: [ban]", 1)
    with pytest.raises(CaseError) as caught:
        load_case(write(text))
    found = [f for f in caught.value.faults if "there is no" in f.message]
    assert [(f.key, f.remedy) for f in found] == [("negotiation.moves", "Did you mean ban?")]


def with_renewal(text):
    """The small case with one decision over two of its measures."""
    for old, new in (
        ("    expiry: lapses\n    renewed: [2023-03-03]\n", "    expiry: lapses\n"),
        (
            "    in_force:\n      - {from: 2024",
            "    expiry: lapses\n    in_force:\n      - {from: 2024",
        ),
        ("{date: 2022-09-01, party: EU", "{id: kept-once, date: 2022-09-01, party: EU"),
        ("claims:\n", RENEWAL),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return re.sub(r"      renew: \{kind: weighted.*\n", "", text)


@pytest.mark.parametrize(("old", "new", "key", "words"), RENEWED)
def test_a_damaged_renewal_is_refused(write, negotiation_text, old, new, key, words):
    if old.startswith("{date: 2022-09-01"):
        old, new = (f"{{id: kept-once, {x[1:]}" for x in (old, new))
    _refused(write, with_renewal(negotiation_text), old, new, key, words)


def test_one_decision_renews_its_measures_on_its_days(write, negotiation_text):
    case = load_case(write(with_renewal(negotiation_text)))
    assert case.renewal_of("stop").id == "regime"
    assert case.renewal_of("duty") is None
    assert [str(d) for d in case.renewed_on("ban")] == ["2025-06-01"]
    move = next(e for e in case.observed if e.id == "regime-2025-06-01")
    assert (move.move, move.measures, move.party) == ("keep", ("ban", "stop"), "EU")
    assert [e.date for e in case.observed] == sorted(e.date for e in case.observed)
    ban = case.negotiation_terms().moves[0]
    assert (ban.renewal, ban.renew.kind, ban.lapses) == ("regime", "unanimity", True)
    # On a day on which none of it is in force nothing was renewed.
    early = case.measure("ban").model_copy(update={"in_force": ()})
    rest = [m for m in case.measures if m.id not in ("ban", "stop")]
    stop = case.measure("stop").model_copy(update={"in_force": ()})
    bare = case.model_copy(update={"measures": (early, stop, *rest)})
    assert "regime-2025-06-01" not in {e.id for e in bare.observed}


@pytest.mark.parametrize(("old", "new", "key", "words"), CONFLICT)
def test_a_damaged_conflict_is_refused(write, conflict_text, old, new, key, words):
    _refused(write, conflict_text, old, new, key, words)


def test_a_case_needs_measures_or_a_conflict(write, conflict_text):
    head = conflict_text[: conflict_text.index("conflict:")]
    with pytest.raises(CaseError, match="or a published `conflict`"):
        load_case(write(head))


def test_all_faults_of_a_negotiation_come_at_once(write, negotiation_text):
    text = negotiation_text
    wanted = [row for row in NEGOTIATION if row[3] in ONCE]
    assert len(wanted) == len(ONCE)
    for old, new, _, _ in wanted:
        text = text.replace(old, new, 1)
    with pytest.raises(CaseError) as caught:
        load_case(write(text))
    assert {key for _, _, key, _ in wanted} <= {f.key for f in caught.value.faults}


def test_a_word_for_a_number_is_one_fault(write, negotiation_text):
    with pytest.raises(CaseError) as caught:
        load_case(write(negotiation_text.replace("value: 0.2, range", "value: lots, range", 1)))
    assert [f.key for f in caught.value.faults] == ["valuations[0].value"]


def test_a_slip_in_a_name_is_one_fault(write, negotiation_text):
    with pytest.raises(CaseError) as caught:
        load_case(write(negotiation_text.replace("{AUT: 1,", "{AUS: 1,", 1)))
    assert [f.key for f in caught.value.faults] == ["measures[0].rules.renew.votes"]


def test_what_was_kept_without_a_renewal_is_noted(write, negotiation_text):
    assert [m for m, _ in unrenewed(load_case(write(negotiation_text)))] == ["ban"]
    renewed = negotiation_text.replace("[2023-03-03]", "[2022-09-01, 2023-03-03]", 1)
    assert not unrenewed(load_case(write(renewed)))
    assert not unrenewed(load_case("russia-coalition"))
