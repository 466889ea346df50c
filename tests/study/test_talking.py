"""Talks on payoffs of the trade model: the two sides must agree and say what is not exact."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from detente.case import CaseError, load_case
from detente.study import Assessment, Scenarios, assess
from detente.study.talking import MoveCheck, NoTalks, TalksAnswer, sentences, talk
from detente.study.talking.banding import Draws, bands_of
from detente.study.talking.bargaining import GRAIN, bargaining, holder_worth
from detente.study.talking.checking import Judged, observed_of
from detente.study.talking.implied import bound_of
from detente.study.talking.lasting import lasting_chances
from detente.study.talking.settings import asked_values, in_force, pair_sums, solved
from detente.study.talking.stakes import stake_of
from detente.study.talking.verdicts import checked
from detente.study.talking.worths import worth_of_draws
from detente.talks import WeightedVotes
from detente.talks.words import figure

#: Two solutions of one regime differ by the tolerance of the solver, USD million.
SOLVER = 0.02


@cache
def answer(name: str = "belarus") -> TalksAnswer:
    return talk(scenarios() if name == "belarus" else name)


@cache
def scenarios() -> Scenarios:
    case = load_case("belarus")
    return Scenarios(case, date=case.talks_terms().day)


@cache
def assessed() -> Assessment:
    return assess("belarus")


@cache
def drawn() -> TalksAnswer:
    with pytest.MonkeyPatch.context() as patch:
        drawing = importlib.import_module("detente.study.talking.drawing")
        patch.setattr(drawing, "VALUED", 16)
        patch.setattr(drawing, "_ALONE", 2)
        return talk(scenarios(), draws=2, seed=3)


def test_money_of_the_status_quo_is_that_of_the_assessment() -> None:
    money = answer().money
    here = money.variation_qn[money.here]
    np.testing.assert_allclose(here, assessed().regime.equivalent_variation_n, atol=SOLVER)


@pytest.mark.parametrize("measure", ["us-potash", "us-aviation", "us-finance", "eu-potash"])
def test_a_move_is_worth_what_the_assessment_says_of_its_margin(measure: str) -> None:
    effect = next(e for e in assessed().effects if e.measure.id == measure)
    move = next(m for m in answer().moves if m.measures == (measure,))
    for party, gain in zip(move.parties, move.gain, strict=True):
        expected = effect.margin_n[list(assessed().groups[party])].sum()
        assert gain == pytest.approx(expected, abs=SOLVER)
    conflict = answer().conflict
    after = conflict.status_quo ^ conflict.space.code([measure])
    for party in conflict.names:
        i = conflict.index(party)
        parts = conflict.payoffs.components(i, [conflict.status_quo, after])
        # Every holder's money is kept to the grain.
        width = GRAIN * max(1, len(conflict.parties[i].members))
        assert parts[0, 1] - parts[0, 0] == pytest.approx(move.of(party), abs=width)


def test_a_bloc_is_the_sum_of_its_members() -> None:
    conflict = answer().conflict
    i = conflict.index("EU")
    members = conflict.payoffs.members(i)
    assert members.shape[0] == 27
    np.testing.assert_allclose(members.sum(axis=0), conflict.payoffs.total_is[i], rtol=1e-9)
    for votes in (v for v in answer().votes if v.owner == "EU"):
        bit = conflict.space.code([votes.measure])
        off = conflict.status_quo & ~bit
        assert sum(votes.gain) == pytest.approx(conflict.gain(i, off, off | bit))


def test_measures_on_one_way_move_trade_only_together() -> None:
    both = next(m for m in answer().moves if len(m.measures) > 1)
    assert set(both.measures) == {"eu-transit", "lt-transit"}
    assert both.of("Lithuania") > 10
    assert "would gain" in sentences.reason(answer(), "Lithuania")


def test_pair_sums_are_exact_for_effects_of_pairs() -> None:
    rng = np.random.default_rng(0)
    alone, pair = rng.normal(size=5), rng.normal(size=(5, 5))
    here = 0b01101

    def value(setting: int) -> np.ndarray:
        on = [k for k in range(5) if (setting ^ here) >> k & 1]
        return np.array([sum(alone[on]) + sum(pair[a, b] for a, b in combinations(on, 2))], float)

    known = {s: value(s) for s in range(32) if (s ^ here).bit_count() <= 2}
    expected = np.array([value(s) for s in range(32)])
    np.testing.assert_allclose(pair_sums(known, here, 5), expected, atol=1e-12)


def test_too_many_settings_are_approximated_and_the_error_is_measured() -> None:
    found = answer("russia-coalition")
    money = found.money
    assert money.approximation is not None
    assert money.approximation.settings == 4096
    assert any("too many to solve" in note for note in found.notes)
    terms = found.case.talks_terms()
    at = [money.here ^ 0b111, money.here ^ 0b100110, money.here ^ 0b110000001000]
    exact = solved(
        Scenarios(found.case, date=terms.day), [in_force(terms, money.trade, q) for q in at]
    )
    error = np.abs(money.variation_qn[at] - exact).sum(axis=1)
    change = np.abs(exact - money.variation_qn[money.here]).sum(axis=1)
    # Three measures of one coalition on one country: what pairs leave out is small beside them.
    assert (error < 0.05 * change).all()
    assert money.approximation.relative_error < 0.05


def test_worth_is_linear_in_every_value_that_is_drawn() -> None:
    case = load_case("belarus")
    setting = bargaining(case, case.talks_terms(), answer().money, _income())
    worth = worth_of_draws(setting, observed_of(setting)[0])
    ranges = worth.ranges[: worth.valued]
    values = np.array([r.low + 0.3 * (r.high - r.low) for r in ranges])
    moved = case.with_parameters(dict(zip([r.name for r in ranges], values, strict=True)))
    terms = moved.talks_terms(setting.terms.day)
    expected = np.concatenate(
        [w for _, w in holder_worth(terms, setting.conflict.parties, setting.size)]
    )
    shift = values - np.array([r.value for r in ranges])
    np.testing.assert_allclose(worth.base_v + worth.slope_vp @ shift, expected, atol=1e-9)


def events_with(values: dict[str, float]) -> dict[tuple[str, str], MoveCheck]:
    """The observed moves at other values of the talks, by day and party."""
    case = load_case("belarus").with_parameters(values)
    setting = bargaining(case, case.talks_terms(), answer().money, _income())
    seen, asked = observed_of(setting)
    value_an = asked_values(scenarios(), asked)
    found = [checked(setting, s, value_an, None) for s in seen]
    return {(str(e.date), e.party): e for e in found}


def _income() -> dict[str, float]:
    world = assessed().world
    return dict(zip(world.countries, world.income_n.tolist(), strict=True))


def test_draws_are_reproducible_and_answer_as_the_case_does_at_its_values() -> None:
    with pytest.MonkeyPatch.context() as patch:
        drawing = importlib.import_module("detente.study.talking.drawing")
        patch.setattr(drawing, "VALUED", 16)
        patch.setattr(drawing, "_ALONE", 2)
        fewer = talk(scenarios(), draws=1, seed=3)
    first = fewer.money.drawn_dqn[0] - drawn().money.drawn_dqn[0]
    assert np.abs(first).max() < SOLVER
    found = {(c.question, c.of): c.central for c in drawn().chances}
    nash = answer().stability.stable_is["Nash"]
    names = list(answer().conflict.names)
    for p in answer().deals.proposals:
        assert found["accepted", p.id] == p.accepted
        assert found["carried out", p.id] == p.accepted_by_owners
        assert found["stable", p.id] == bool(nash[:, p.code].all())
    for i, party in enumerate(names):
        assert found["holds", party] == bool(nash[i, answer().conflict.status_quo])
    for order in answer().orders:
        assert found["self-enforcing", order.id] == (order.sequences.best is not None)
    for event in drawn().events:
        assert 0 <= event.share_alone <= event.share <= 1


def test_bands_hold_what_they_are_bands_of() -> None:
    why = drawn().why("EU").stake
    assert why.low < why.high
    assert 0.3 * why.bound < why.low
    assert why.high < 3 * why.bound
    money = drawn().money
    for k in range(len(money.drawn_dqn)):
        single = money.drawn_dqn[k][money.here] - money.drawn_dqn[k][0]
        assert np.isfinite(single).all()


def test_the_renewal_is_explained_exactly_where_no_member_loses() -> None:
    event = next(e for e in answer().events if str(e.date) == "2026-02-26")
    assert event.verdict == "not explained"
    assert {"HUN", "SVK"} <= {m for m, _ in event.opposed}
    assert all(gain < 0 for _, gain in event.opposed)
    own = [
        u.name for u in answer().case.uncertainties if ".pressure" in u.name and ".EU." in u.name
    ]
    firm = events_with(dict.fromkeys(own, 100.0) | {"valuations.EU.pressure": 2e4})
    renewed = firm["2026-02-26", "EU"]
    assert renewed.verdict == "rational by itself"
    assert not renewed.opposed


def test_a_release_is_rational_only_if_the_exchange_pays_for_it() -> None:
    events = events_with({})
    assert tuple(events.values()) == answer().events
    release = events["2025-12-13", "Belarus"]
    assert release.with_others == ("us-potash",)
    assert release.money == 0
    assert release.money_exchange > 0
    assert not release.carried
    again = events_with({"valuations.Belarus.freed": -0.01})
    assert again["2025-12-13", "Belarus"].verdict == "rational as part of an exchange"
    assert events["2025-12-15", "EU"].with_others == ()


def test_orders_keep_to_what_can_come_first() -> None:
    winter = next(o for o in answer().orders if o.id == "winter")
    assert winter.sequences.tried == 12
    assert winter.as_proposed is not None
    assert winter.shown is winter.as_proposed
    assert winter.regime.trend == "growing"
    assert winter.sequences.regime.trend == "mixed"
    assert any("Watson" in line and winter.label not in line for line in winter.sentences())
    assert any("the case gives, steps grow" in line for line in answer().headlines)
    for order in winter.sequences.orders:
        steps = " ".join(order.steps)
        assert steps.index("December 2025") < steps.index("March 2026")


def test_steps_that_cost_the_others_are_no_exchange() -> None:
    alone = next(o for o in answer("russia-coalition").orders if "UK" in o.id)
    assert all(size <= 0 for sizes in alone.regime.sizes for size in sizes)
    assert alone.regime.trend == "no exchange"
    assert "Watson" not in str(alone)


def test_the_sentence_of_a_bloc_joins_stake_and_votes() -> None:
    said = sentences.reason(drawn(), "EU")
    stake = drawn().why("EU").stake
    band = f"({figure(stake.low)} to {figure(stake.high)})"
    assert said == (
        f"The European Union holds: ending ‘EU ban on import of potash’ would bring "
        f"{figure(stake.bound)} {band} million USD a year, so holding is rational only if what it "
        "would give up besides money (pressure on Minsk upheld) is worth at least that; at renewal "
        "any one of 27 members could end it, at repeal any one keeps it."
    )


def test_a_party_that_was_paid_by_others_is_bound_by_the_exchange() -> None:
    event = next(e for e in drawn().events if str(e.date) == "2025-12-13")
    stake = stake_of(drawn(), "Belarus")
    assert stake.bound == stake.money == event.money_exchange > 0
    assert (stake.low, stake.high) == (event.low, event.high)
    assert event.low < event.high
    assert event.bound in stake.sentence
    assert f"{figure(event.low)} to {figure(event.high)}" in event.bound
    assert stake_of(drawn(), "US").bound == drawn().why("US").stake.bound


def test_only_who_gives_up_people_is_told_a_price_of_each() -> None:
    counted = {e.party for e in answer().events if "a person" in e.bound}
    assert counted == {"Belarus"}


def test_what_a_renewal_takes_follows_the_rule() -> None:
    case = load_case("belarus")
    setting = bargaining(case, case.talks_terms(), answer().money, _income())
    seen = next(s for s in observed_of(setting)[0] if str(s.event.date) == "2026-02-26")
    money = np.zeros(27)
    money[:3] = -1.5, -2.5, 9.0
    judged = Judged(money, money, False)
    assert "By unanimity" in bound_of(setting, seen, judged, None)
    for quota, words in ((2, "money alone explains it"), (26, "only if enough of the members")):
        rule = WeightedVotes(seen.holders, (1,) * 27, quota)
        money[3:] = 1.0
        said = bound_of(setting, replace(seen, rules=(rule,)), judged, None)
        assert f"{seen.holders[1]} at 2.5 and {seen.holders[0]} at 1.5, million USD" in said
        assert words in said
        assert "unanimity" not in said


def test_renewals_are_said_to_be_observed_only_if_they_were() -> None:
    assert any("as observed so far" in line for line in sentences.stability_words(answer()))
    bare = load_case("belarus").model_copy(update={"events": ()})
    never = [m.model_copy(update={"renewed": ()}) for m in bare.measures]
    unseen = replace(answer(), case=bare.model_copy(update={"measures": tuple(never)}))
    said = list(sentences.stability_words(unseen))
    assert any("ever refused a renewal" in line for line in said)
    assert not any("observed" in line for line in said)


def test_a_member_that_signs_for_itself_counts_once() -> None:
    assert answer().deals.apart("the European Union") == "the European Union without Lithuania"
    assert "EU with Lithuania" in answer().deals.proposals[0].whose
    found = answer().deals.everybody
    conflict = answer().conflict
    for point in found.points:
        by_party = dict(zip(point.parties, point.gain, strict=True))
        whole = conflict.gain(conflict.index("EU"), conflict.status_quo, point.code)
        lithuania = conflict.gain(conflict.index("Lithuania"), conflict.status_quo, point.code)
        assert by_party["the European Union"] + lithuania == pytest.approx(whole, abs=2 * GRAIN)


def test_the_day_moves_the_status_quo() -> None:
    later = talk("belarus", "2026-01-15")
    assert "us-potash" not in later.conflict.space.in_force(later.conflict.status_quo)
    assert later.why("US").behaviour == "moves"


def test_a_published_conflict_answers_what_it_can() -> None:
    found = answer("elmira")
    for concept, states in found.case.conflict.reported.items():
        at = found.stability.equilibria(concept.upper().replace("NASH", "Nash"))
        assert [found.case.conflict.state_ids[s] for s in at] == list(states)
    for question in ("why", "deals", "steps", "blockers", "channels"):
        with pytest.raises(NoTalks, match="elmira"):
            found.require(question)


def test_unknown_parties_and_cases_without_talks_get_one_message() -> None:
    with pytest.raises(CaseError, match="Did you mean Belarus"):
        answer().why("Belaruss")
    bare = load_case("belarus").model_copy(update={"talks": None})
    with pytest.raises(NoTalks, match="no talks"):
        talk(bare)


def test_headlines_begin_with_what_no_valuation_moves() -> None:
    case = load_case("belarus")
    other = talk(case.with_parameters({"valuations.EU.freed": 0.4, "valuations.US.supply": 50}))
    from detente.study.talking.headlining import firm

    count = len(list(firm(answer())))
    assert count > 5
    assert other.headlines[:count] == answer().headlines[:count]
    assert other.headlines != answer().headlines


def test_votes_and_channels_over_draws_are_what_each_draw_says() -> None:
    found, bands = drawn(), drawn().bands
    assert bands is not None
    assert bands.draws == 16
    for votes in found.votes:
        chances = bands.votes[votes.measure]
        assert ("renew" in chances.carried) == votes.votes.renew.applies
        for moment, share in chances.blocks.items():
            rule = getattr(votes.votes.moments, moment)
            assert 0 <= chances.carried[moment] <= 1
            # Where one member can block, a vote carries only where none of them does.
            if rule.blocks(1):
                assert chances.carried[moment] <= 1 - max(share) + 1e-12
        assert all(low <= high for low, high in chances.gain)
    for proposal in found.deals.proposals:
        assert len(bands.proposals[proposal.id]) == len(proposal.parties)
        assert all(low <= high for low, high in bands.proposals[proposal.id])
    assert len(bands.channels.total) == len(found.channels.worth)
    assert all(high >= -1e-9 for low, high in bands.channels.total)


def test_bands_of_one_draw_at_central_values_are_the_central_answers() -> None:
    case = load_case("belarus")
    setting = bargaining(case, case.talks_terms(), answer().money, _income())
    worth = worth_of_draws(setting, ())
    values = np.array([[r.value for r in worth.ranges]])
    draws = Draws.of(setting, worth, values, None)
    bands = bands_of(draws, answer().deals, answer().votes, answer().channels)
    for proposal in answer().deals.proposals:
        low = [band[0] for band in bands.proposals[proposal.id]]
        np.testing.assert_allclose(low, proposal.gain, atol=1e-6)
    for votes in answer().votes:
        chances = bands.votes[votes.measure]
        np.testing.assert_allclose([b[0] for b in chances.gain], votes.gain, atol=1e-6)
        for vote in (v for v in votes.votes.votes if v.applies):
            assert chances.carried[vote.moment] == float(vote.blocking.passes)
            alone = [
                m for m, x in zip(votes.members, chances.blocks[vote.moment], strict=True) if x
            ]
            assert alone == [m for m in votes.members if m in vote.blocking.alone]
    values = [low for low, _ in bands.channels.values]
    np.testing.assert_allclose(values, answer().channels.values.value, atol=1e-6)
    np.testing.assert_allclose(
        [low for low, _ in bands.channels.total], [w.total for w in answer().channels.worth],
        atol=1e-6,
    )  # fmt: skip
    here = [("status quo", "The status quo", setting.status_quo)]
    for chance in lasting_chances(draws, here):
        assert chance.chance == float(chance.central)
        assert chance.draws == 1
    concepts = answer().stability.stable_is
    seq = next(c for c in lasting_chances(draws, here) if c.question == "stable (SEQ)")
    assert seq.central == bool(concepts["SEQ"][:, setting.status_quo].all())
