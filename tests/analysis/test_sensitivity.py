"""The menu of margins: against whole solves, its order, its signs, and questions that make none."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from detente.analysis import QuestionError, Sensitivity, sensitivity
from detente.analysis.context import context_of
from detente.analysis.uncertainty.ranges import ranged_elasticities, with_drawn
from detente.trade import export_tax, iceberg, solve, tariff
from detente.world import UnknownLabel, World, synthetic

WORLD = synthetic(6, 4, seed=3, tariff=0.05)


@cache
def belarus() -> Sensitivity:
    return sensitivity("belarus", "BLR", "USA", date="2025-12-01", draws=3)


@cache
def european() -> Sensitivity:
    return sensitivity("belarus", "BLR", "EU")


@cache
def invented() -> Sensitivity:
    return sensitivity(WORLD, "C002", "C004")


@pytest.mark.parametrize("instrument", ["barrier", "tax"])
@pytest.mark.parametrize("direction", ["imports", "exports"])
@pytest.mark.parametrize("good", ["G01", "G03"])
def test_margins_are_those_of_whole_solves(instrument: str, direction: str, good: str) -> None:
    found = [
        e
        for e in invented().entries
        if (e.instrument, e.direction, e.good) == (instrument, direction, good)
    ]
    origin, market = ("C002", "C004") if direction == "imports" else ("C004", "C002")
    flow = WORLD.trade_jni[WORLD.good(good), WORLD.country(market), WORLD.country(origin)]
    if flow == 0:
        assert not found
        return
    (entry,) = found
    step, sides = 2e-4, []
    for s in (step, -step):
        if instrument == "barrier":
            shock = iceberg(origin, market, good, factor=math.exp(s))
        elif direction == "imports":
            # Around its own level, since no tariff is below zero.
            shock = tariff(origin, market, good, rate=s, added=True)
        else:
            shock = export_tax(origin, market, good, rate=s)
        sides.append(solve(WORLD, shock, tolerance=1e-12).equivalent_variation)
    for country, value in (("C002", entry.harm), ("C004", entry.cost)):
        difference = -0.01 * (sides[0][country] - sides[1][country]) / (2 * step)
        # The third derivative leaves (θ step)²/6, 1e-6 or so of each of two effects that nearly
        # cancel; the noise of solutions to 1e-12 of a world of 8e7 is a little larger.
        assert value == pytest.approx(difference, rel=1e-4)


def test_the_menu_is_ranked_and_says_what_the_signs_mean() -> None:
    hold = invented().to_hold()
    assert [e.ratio for e in hold] == sorted((e.ratio for e in hold), reverse=True)
    lift = [e for e in invented().to_lift() if e.verdict == "costs both"]
    assert lift
    assert [e.ratio for e in lift] == sorted(e.ratio for e in lift)
    # The first dollar of an export tax always pays a country whose goods are its own; so does
    # that of a tariff from zero on, but this world has tariffs already.
    taxed = [e for e in invented().entries if (e.instrument, e.direction) == ("tax", "exports")]
    assert {e.verdict for e in taxed} == {"pays the sender"}
    assert all(e.cost < 0 and math.isnan(e.ratio) and "better prices" in e.sentence for e in taxed)


def test_a_sender_of_many_countries_is_the_sum_of_its_pairs() -> None:
    found = sensitivity("oecd-2020", "BLR", "EU")
    assert {(e.sender, e.target) for e in found.entries} == {("EU", "BLR")}
    whole = {(e.good, e.direction): e for e in found.entries if e.instrument == "barrier"}
    for (good, direction), entry in whole.items():
        parts = [
            e
            for e in found.pairs
            if (e.good, e.direction, e.instrument) == (good, direction, "barrier")
        ]
        # Flows of single countries below the smallest that is shown are in the whole only.
        shown = sum(e.flow for e in parts) / entry.flow
        assert sum(e.harm for e in parts) / entry.harm == pytest.approx(shown, abs=0.02)
        assert shown > 0.9


def test_a_target_of_many_countries_is_given_by_pair_too() -> None:
    found = sensitivity("oecd-2020", "EAEU", "USA")
    assert {e.target for e in found.entries} == {"EAEU"}
    assert {(e.sender, e.target) for e in found.pairs} == {
        ("USA", c) for c in ("BLR", "KAZ", "RUS")
    }
    for entry in found.entries:
        parts = [
            e
            for e in found.pairs
            if (e.good, e.direction, e.instrument)
            == (entry.good, entry.direction, entry.instrument)
        ]
        shown = sum(e.flow for e in parts) / entry.flow
        assert shown > 0.9
        assert sum(e.harm for e in parts) == pytest.approx(shown * entry.harm, rel=0.05)
    text = found.said("tax", each=True)
    assert "each country of USA and each of EAEU" in text[0]
    assert "percentage point" in text[0]
    assert "1 % of delivered cost" not in " ".join(text)


def test_measures_lead_and_are_ranked_and_only_what_is_in_force_is_lifted() -> None:
    found = european()
    assert found.measures[0].id == "eu-potash"
    assert found.sentences[0].startswith("Of the measures of EU in force")
    assert "would move nothing" in found.sentences[1]
    assert [(e.good, e.measures) for e in found.to_lift()] == [("POTASH", ("eu-potash",))]
    plain = found.to_dict("tax", top=2)
    assert plain["instrument"] == "tax"
    assert {e["instrument"] for e in plain["entries"]} == {"tax"}
    assert [e["good"] for e in plain["to_hold"]] == [e.good for e in found.to_hold("tax")[:2]]
    assert len(plain["to_hold"]) == 2


def test_measures_in_force_stand_beside_their_margins() -> None:
    found = {m.id: m for m in belarus().measures}
    assert set(found) == {"us-potash", "us-finance"}
    potash = found["us-potash"]
    assert potash.harm > 0
    assert potash.cost > 0
    assert potash.ratio == pytest.approx(potash.harm / potash.cost)
    assert potash.harm_band[0] <= potash.harm_band[1]
    # An embargo without leakage has no neighbour, so no margin; the one on finance leaks.
    assert math.isnan(potash.step_harm)
    assert math.isnan(potash.step_cost)
    assert potash.step_verdict is None
    assert found["us-finance"].step_ratio > 0
    assert [(e.good, e.direction) for e in belarus().closed()] == [("POTASH", "imports")]
    assert any("Closed by embargo" in s for s in belarus().sentences)


def test_a_little_more_of_a_measure_is_the_sum_of_its_flows_on_the_menu() -> None:
    """The step of a measure on every open flow it concerns, and on no other."""
    potash = {m.id: m for m in european().measures}["eu-potash"]
    (line,) = [
        e
        for e in european().entries
        if (e.good, e.direction, e.instrument) == ("POTASH", "imports", "barrier")
    ]
    # The same cells of the same gradients, summed in another order.
    assert potash.step_harm == pytest.approx(line.harm, rel=1e-9)
    assert potash.step_cost == pytest.approx(line.cost, rel=1e-9)
    assert potash.step_ratio == pytest.approx(line.ratio, rel=1e-9)
    finance = {m.id: m for m in belarus().measures}["us-finance"]
    assert finance.step_cost == pytest.approx(3.52, abs=0.01)
    assert finance.step_ratio == pytest.approx(1.94, abs=0.01)


def test_bands_are_of_the_draws_and_frames_hold_them() -> None:
    found = belarus()
    assert found.draws == 3
    frame = found.to_frame()
    shown = frame.filter(frame["harm_low"].is_finite())
    assert len(shown) == len(frame) - 2  # Potash is closed, for both instruments.
    assert (shown["harm_low"] <= shown["harm_high"]).all()


def test_a_world_has_bands_of_its_elasticities_on_file() -> None:
    found = sensitivity("oecd-2020", "BLR", "USA", draws=4)
    assert found.draws == 4
    lines = [e for e in found.entries if e.instrument == "barrier"]
    assert all(e.harm_band[0] < e.harm_band[1] for e in lines)
    assert "the world's trade elasticities" in found.sentences[-1]


def test_elasticities_of_a_case_are_not_drawn_twice() -> None:
    context = context_of("belarus")
    assert context.case is not None
    drawn = {g for r in ranged_elasticities(context.world, context.case) for g in r.goods}
    assert {"A01", "C19", "C20", "SERVICES"} <= drawn
    own = {e.good for e in context.case.elasticities if e.trade_elasticity is not None}
    assert not drawn & ({"POTASH"} | own)
    # An invented world has elasticities that are on no file.
    assert ranged_elasticities(WORLD) == ()
    ranged = ranged_elasticities(context.world, context.case)
    low, high = (with_drawn(context.world, ranged, [p] * len(ranged)) for p in (0.0, 1.0))
    j = context.world.good("C20")
    assert low.trade_elasticity_j[j] == pytest.approx(1.28)
    assert high.trade_elasticity_j[j] == pytest.approx(8.22)
    k = context.world.good("POTASH")
    assert low.trade_elasticity_j[k] == high.trade_elasticity_j[k]


def test_cancelled_draws_are_told() -> None:
    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    found = sensitivity("oecd-2020", "BLR", "USA", draws=5, progress=stop)
    assert (found.draws, found.asked) == (2, 5)
    assert "over 2 draws; 3 of the 5 draws asked for were cancelled" in found.sentences[-1]


def test_a_double_lock_moves_nothing() -> None:
    found = {m.id: m.verdict for m in european().measures}
    assert found["eu-transit"] == "moves nothing"


@pytest.mark.parametrize(
    ("where", "target", "sender", "draws", "error", "words"),
    [
        ("oecd-2020", "BLR", "EAEU", 0, QuestionError, "BLR would be both target and sender"),
        ("oecd-2020", "BLX", "USA", 0, UnknownLabel, "Did you mean"),
        (WORLD, "C002", "C004", 2, QuestionError, "without ranges to draw"),
        ("elmira", "BLR", "USA", 0, QuestionError, "sets anything in an economy"),
    ],
)
def test_questions_that_make_no_sense_say_so(
    where: str | World, target: str, sender: str, draws: int, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        sensitivity(where, target, sender, draws=draws)


def test_everyone_is_everyone_but_the_target() -> None:
    target, sender = context_of(WORLD).pair("C002", "*")
    assert target == ("C002",)
    assert np.array_equal(sorted(sender), [c for c in WORLD.countries if c != "C002"])
