"""Edges of the engine of negotiation: ties, exact thresholds, faults, and long lists."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from detente.negotiation import (
    DoubleMajority,
    Moments,
    NegotiationError,
    Unanimity,
    WeightedVotes,
    blocking,
    chances,
    who_can_block,
)
from detente.negotiation.communication.channels import Channels, Link
from detente.negotiation.communication.worth import (
    _rounded,
    channel_worth,
    coalition_worths,
    myerson,
)
from detente.negotiation.sequencing.gradualism import regime, shrinking_steps, trust_threshold
from detente.negotiation.uncertainty.chances import Range, drawn, ranges_of
from detente.negotiation.voting.blocking import minimal_blocking_sets


def test_trust_at_its_edges() -> None:
    """Kydd (2005): p* = (P − S)/((P − S) + (R − T))."""
    assert trust_threshold(1.0, 3.0, 0.0, -2.0).threshold == 0.5
    # No risk: nothing has to be trusted, unless cheating pays more.
    assert trust_threshold(1.0, 3.0, 0.0, 0.0).threshold == 0.0
    assert trust_threshold(1.0, 1.0, 0.0, 1.0).threshold == 0.0
    assert trust_threshold(3.0, 1.0, 0.0, 1.0).threshold == pytest.approx(1 / 3)
    assert trust_threshold(3.0, 1.0, 0.0, 0.0).threshold == 0.0
    assert trust_threshold(3.0, 2.0, 0.0, 5.0).threshold == pytest.approx(5 / 6)
    # Risk, and no gain or a loss: no trust suffices.
    assert trust_threshold(3.0, 3.0, 0.0, -1.0).threshold == 1.0
    hopeless = trust_threshold(4.0, 3.0, 0.0, -1.0)
    assert hopeless.threshold == 1.0
    assert str(hopeless).startswith("No trust suffices")
    assert str(trust_threshold(3.0, 3.0, 0.0, -1.0)).startswith("No trust suffices")
    assert str(trust_threshold(1.0, 3.0, 0.0, -2.0)).endswith("a chance of at least 50.0 %.")
    assert trust_threshold(1.0, 3.0, 0.0, -2.0).table().rows == ((1.0, 3.0, 0.0, -2.0, 0.5),)
    with pytest.raises(NegotiationError, match="R is not a finite number"):
        trust_threshold(1.0, math.inf, 0.0, 0.0)


def test_shrinking_steps_by_hand() -> None:
    found = shrinking_steps(0.8, 1.0, 1.0, 3)
    # c1 = 0.4, c2 = 0.4 + 0.16/1.6 = 0.5, c3 = 0.4 + 0.25/1.6.
    assert found.level == pytest.approx((0.4, 0.5, 0.55625))
    assert found.limit == 0.8
    assert found.steps == pytest.approx((0.4, 0.1, 0.05625))
    assert [row[0] for row in found.table().rows] == [1, 2, 3]
    assert found.table().rows[1][1:] == pytest.approx((0.1, 0.5))
    assert str(found).endswith(
        "shrink from 0.4 to 0.0563 over 3 periods; cooperation reaches 0.556, never more than 0.8."
    )
    assert len(shrinking_steps(0.5, 1.0, 1.0, 1).level) == 1
    for wrong in ((0.0, 1, 1, 1), (1.0, 1, 1, 1), (0.5, 0, 1, 1), (0.5, 1, 0, 1), (0.5, 1, 1, 0)):
        with pytest.raises(NegotiationError):
            shrinking_steps(*wrong)


@pytest.mark.parametrize(
    ("sizes", "trends", "trend"),
    [
        ([[3, 2, 1]], ("shrinking",), "shrinking"),
        ([[1, 2], [5]], ("growing", "too few steps"), "growing"),
        ([[1, 2], [2, 1]], ("growing", "shrinking"), "mixed"),
        ([[1, 3, 2]], ("mixed",), "mixed"),
        ([[2, 2], [5]], ("level", "too few steps"), "level"),
        ([[5], [4]], ("too few steps", "too few steps"), "too few steps"),
        ([[1, 0], [1, 2]], ("no exchange", "growing"), "no exchange"),
        ([[1, -1]], ("no exchange",), "no exchange"),
        ([[1, 1, 2]], ("growing",), "growing"),
        ([[2, 1, 1]], ("shrinking",), "shrinking"),
        ([[]], ("too few steps",), "too few steps"),
    ],
)
def test_what_sizes_of_steps_show(sizes: Any, trends: Any, trend: str) -> None:
    found = regime([f"P{k}" for k in range(len(sizes))], sizes)
    assert (found.trends, found.trend) == (trends, trend)


def test_a_regime_in_words_and_rows() -> None:
    found = regime(["A", "B"], [[3, 2], [1]])
    assert str(found).endswith("What the steps are worth to the others: A 3 → 2 and B 1.")
    assert found.said_of("this order").startswith("In this order, steps shrink, as patience")
    assert found.table().rows == (("A", 1, 3), ("A", 2, 2), ("B", 1, 1))


def test_rounding_of_worths() -> None:
    assert _rounded(1e-13, 0.0) == 0.0
    assert _rounded(1e-6, 0.0) == 1e-6
    # What is rounding depends on the size of what was summed, and is no smaller than of 1.
    least = next(x for x in np.logspace(-15, -3, 200) if _rounded(x, 1.0))
    assert next(x for x in np.logspace(-15, -3, 200) if _rounded(x, 0.5)) == least
    larger = next(x for x in np.logspace(-15, -1, 400) if _rounded(x, 1000.0))
    assert larger / least == pytest.approx(1000, rel=0.2)
    assert _rounded(-least, 1.0) == -least


def test_what_coalitions_reach() -> None:
    # Two bits, one for each of two parties; the third owns nothing.
    gain = np.array([[0, 0, 0], [-1, 3, 1], [2, -3, 5], [4, -2, 9.0]])
    found = coalition_worths(gain, [0, 1, 2, 3], [1, 2, 0])
    # By {1}, {2}, {1, 2}, {3}, {1, 3}, {2, 3}, everybody.
    assert found.tolist() == [0, 0, 0, 2, 0, 0, 2, 11]
    shut = coalition_worths(gain, [0, 1, 2, 3], [1, 2, 0], [True, True, True, False])
    assert shut.tolist() == [0, 0, 0, 2, 0, 0, 2, 4]
    with pytest.raises(NegotiationError, match="Gains have shape"):
        coalition_worths(gain, [0, 1, 2], [1, 2, 0])
    with pytest.raises(NegotiationError, match="finite"):
        coalition_worths(np.full((4, 3), np.nan), [0, 1, 2, 3], [1, 2, 0])
    with pytest.raises(NegotiationError, match="Feasibility has shape"):
        coalition_worths(gain, [0, 1, 2, 3], [1, 2, 0], [True])


def test_values_and_worths_of_channels() -> None:
    channels = Channels(("A", "B", "C"), (Link("A", "B"),))
    # Everybody is worth 12, each pair 6.
    worth = [0, 0, 0, 6, 0, 6, 6, 12.0]
    assert myerson(channels, worth).value == (3, 3, 0)
    opened = channel_worth(channels, worth, "B", "C", unit="USD")
    # In the line A–B–C the middle gets 3 + 3 + a third of what is left of 12.
    assert opened.having.value == pytest.approx((3, 6, 3))
    assert (opened.exists, opened.total) == (False, pytest.approx(6))
    assert opened.gain == pytest.approx((0, 3, 3))
    assert str(opened) == (
        "Opening the channel B–C adds 6 USD in all; the channel is worth: B +3 and C +3."
    )
    lost = channel_worth(channels, worth, "A", "B")
    assert lost.exists
    assert str(lost) == (
        "Losing the channel A–B costs 6 in all; the channel is worth: A +3 and B +3."
    )
    idle = channel_worth(channels, [0, 0, 0, 6, 0, 0, 0, 6.0], "A", "C")
    assert str(idle).endswith("adds 0 in all; nobody would notice.")
    assert opened.table().rows[1] == ("B", 3.0, pytest.approx(6), pytest.approx(3))
    for wrong, why in (
        ([0.0], "shape"), ([1.0] + [0.0] * 7, "has to be 0"), ([0.0] * 7 + [math.nan], "finite")
    ):  # fmt: skip
        with pytest.raises(NegotiationError, match=why):
            myerson(channels, wrong)


def test_who_blocks_at_exact_ties() -> None:
    rule = WeightedVotes(("A", "B", "C", "D"), (4, 3, 2, 1), 7)
    found = blocking(rule, [1.0, 1.0, -1.0, 0.0])
    assert found.passes
    assert (found.yes, found.opponents) == (("A", "B"), ("C", "D"))
    assert found.indifferent == ("D",)
    assert (found.alone, found.minimal_sets, found.pivotal) == ((), (), ("A", "B"))
    failed = blocking(rule, [1.0, -1.0, 1.0, -2.0])
    assert (failed.passes, failed.yes) == (False, ("A", "C"))
    # B and D have 4 of 10, and 4 of 10 block 7.
    assert failed.minimal_sets == (("B", "D"),)
    assert failed.pivotal == ("B", "D")
    assert failed.sentence() == (
        "2 of 4 members in favour; B and D block together; it would pass if B or D changed sides."
    )
    alone = blocking(rule, [-1.0, 1.0, 1.0, 1.0])
    assert (alone.alone, alone.sentence()) == (
        ("A",), "3 of 4 members in favour; A alone blocks."
    )  # fmt: skip
    within = blocking(rule, [0.5, 1.0, 1.0, 1.0], tolerance=0.5)
    assert within.indifferent == ("A",)
    every = minimal_blocking_sets(rule)
    assert every.sets == (("A",), ("B", "C"), ("B", "D"))
    assert (every.complete, every.size) == (True, 4)
    cut = minimal_blocking_sets(rule, at_most=2)
    assert (cut.sets, cut.complete) == ((("A",), ("B", "C")), False)
    few = minimal_blocking_sets(rule, at_most=1)
    assert (few.sets, few.complete, few.size) == ((("A",),), False, 1)
    # Whether three are all is not known before a fourth is looked for.
    assert [minimal_blocking_sets(rule, at_most=n).complete for n in (3, 4)] == [False, True]
    assert len(minimal_blocking_sets(rule, at_most=3).sets) == 3
    assert minimal_blocking_sets(rule, ["C", "D"]).sets == ()
    with pytest.raises(NegotiationError, match="E"):
        minimal_blocking_sets(rule, ["E"])


def test_a_long_list_of_blocking_sets_is_cut_in_the_table() -> None:
    names = tuple("ABCDEFG")
    most = WeightedVotes(names, (1,) * 7, 6)
    both = Moments(most, most, most)
    found = who_can_block(both, [-1.0] * 7, "it")
    row = found.table().rows[0]
    assert row[-1] == "; ".join("+".join(s) for s in found.adopt.blocking.minimal_sets[:12])
    assert len(str(row[-1]).split("; ")) == 12
    assert len(found.adopt.blocking.minimal_sets) == 21


def test_measures_that_lapse_and_that_stay() -> None:
    every = Unanimity(("A", "B"))
    lapses = who_can_block(Moments(every, every, every), [1.0, -1.0], "the ban")
    assert (lapses.can_end_alone, lapses.can_keep_alone) == (("B",), ())
    assert [v.in_force for v in lapses.votes] == [False, False, True]
    stays = who_can_block(Moments(every, every, every, "stays"), [1.0, -1.0], "the ban")
    assert (stays.can_end_alone, stays.can_keep_alone) == ((), ("A",))
    assert [v.applies for v in stays.votes] == [True, False, True]
    assert str(stays.renew) == "At renewal: the ban stays in force without a renewal."
    assert stays.sentences()[-1] == "Nobody can end the ban alone, and A can keep it alone."
    kept = who_can_block(Moments(every, every, every), [1.0, 2.0], "the ban")
    assert (kept.can_end_alone, kept.can_keep_alone) == ((), ("A", "B"))
    held = who_can_block(
        Moments(every, every, every, "lapses", "the yearly act"), [1.0, -1.0], "it"
    )
    assert (held.can_end_alone, held.can_keep_alone) == ((), ("A",))
    assert held.sentences()[-1] == ("By itself it ends by repeal only, which A can prevent alone.")
    assert "with all that one decision renews: the yearly act." in str(held.renew)
    assert [v.together for v in held.votes] == ["", "the yearly act", ""]
    with pytest.raises(NegotiationError, match="'lapses' or 'stays'"):
        Moments(every, every, every, "ends")  # type: ignore[arg-type]
    with pytest.raises(NegotiationError, match="same members in one order"):
        Moments(every, Unanimity(("B", "A")), every)


def test_draws_of_one_parameter_by_hand() -> None:
    x, y = Range("x", 0.0, -1.0, 1.0), Range("y", 2.0, 1.0, 3.0)

    def answers(values: np.ndarray, index: np.ndarray) -> np.ndarray:
        seen.append((len(values), sorted(set(index.tolist()))))
        return np.stack([values[:, 0] > 0.5, values[:, 1] > 0, index == 1], axis=1)

    seen: list[Any] = []
    found = chances(
        answers, [x, y], draws=100, seed=1, supplied="trade", supplied_draws=3, alone=20, batch=16
    )
    table = drawn([x, y], 100, 1)
    assert found.chance_a.tolist() == [
        np.mean(table[:, 0] > 0.5), 1.0, np.mean(np.arange(100) % 3 == 1)
    ]  # fmt: skip
    assert found.central_a.tolist() == [False, True, False]
    assert found.parameters == ("x", "y", "trade")
    assert found.flip_qa[0].tolist() == [np.mean(table[:20, 0] > 0.5), 0, 0]
    assert found.flip_qa[1].tolist() == [0, 0, 0]
    assert found.flip_qa[2].tolist() == [0, 0, 7 / 20]
    assert found.turned_by(0) == ("x", np.mean(table[:20, 0] > 0.5))
    assert found.turned_by(1) is None
    assert found.turned_by(2) == ("trade", 0.35)
    assert found.turned_too(0) == found.turned_too(1) == ()
    # One question at central values, then draws in batches, then each parameter alone.
    assert seen[0] == (1, [-1])
    assert [n for n, _ in seen[1:8]] == [16] * 6 + [4]
    assert [n for n, _ in seen[8:]] == [16, 4] * 3
    assert seen[8][1] == [-1]
    assert seen[12][1] == [0, 1, 2]
    for wrong in ({"draws": 0}, {"alone": 0}, {"supplied": "t", "supplied_draws": 0}):
        with pytest.raises(NegotiationError, match="no draws"):
            chances(answers, [x, y], **wrong)  # type: ignore[arg-type]


def test_parameters_that_turn_an_answer_as_often() -> None:
    def answers(values: np.ndarray, _: np.ndarray) -> np.ndarray:
        return (np.abs(values - [0.0, 0.0, 0.5]) < 1e-9).all(axis=1)[:, None]

    ranges = [Range(n, v, -1.0, 1.0) for n, v in (("a", 0.0), ("b", 0.0), ("c", 0.5))]
    found = chances(answers, ranges, draws=9, alone=30)
    # Any draw of any of them turns it, and there are no more draws of one than in all.
    assert found.flip_qa[:, 0].tolist() == [1.0, 1.0, 1.0]
    assert found.turned_by(0) == ("a", 1.0)
    assert found.turned_too(0) == ("b", "c")
    assert (found.draws, found.chance_a.tolist()) == (9, [0.0])


def test_ranges_and_their_draws() -> None:
    with pytest.raises(NegotiationError, match="has to hold its value"):
        Range("x", 2.0, 0.0, 1.0)
    with pytest.raises(NegotiationError, match="has to hold its value"):
        Range("x", 1.0, 1.0, 1.0)
    edge = Range("x", 0.0, 0.0, 1.0)
    assert edge.quantile(np.array([0.0, 0.75, 1.0])).tolist() == [0.0, 0.5, 1.0]
    assert Range("x", 0.5, 0.0, 1.0).quantile(np.array([0.125, 0.5])).tolist() == [0.25, 0.5]
    assert drawn([], 3, 0).shape == (3, 0)
    one = drawn([edge], 1, 0)
    assert one.shape == (1, 1)
    np.testing.assert_array_equal(drawn([edge], 9, 0)[:1], one)
    valuation: Any = type("V", (), {"name": "v", "value": 1.0, "low": None, "high": 2.0})()
    plain: Any = type("V", (), {"name": "w", "value": 1.0, "low": None, "high": None})()
    assert ranges_of([plain, valuation]) == ((1, Range("v", 1.0, 1.0, 2.0)),)


def test_shares_of_members_and_of_people() -> None:
    both = DoubleMajority(["A", "B", "C", "D", "E"], [10, 20, 30, 39, 1], 0.55, 0.65, 2)  # type: ignore[arg-type]
    # Kept as they are, so that rules are equal and can be told apart by their hash.
    assert both.population == (10, 20, 30, 39, 1)
    assert hash(both) == hash(DoubleMajority(tuple("ABCDE"), (10, 20, 30, 39, 1), 0.55, 0.65, 2))
    assert (both.members_needed, both.population_needed) == (3, 65)
    assert both.name == "3 of 5 members with 65 % of the population"
    # One member alone cannot block, be it as large as it may.
    assert both.need_s.tolist()[3:] == [65, 0, 0]
    assert both.need_s.tolist()[0] == both.need_s.tolist()[2] > 10**6
    assert both.passes(np.array([True, True, True, False, True]))
    assert not both.passes(np.array([True, True, True, False, False]))
    assert both.passes(np.array([False, False, True, True, False])) is np.False_
    lone = DoubleMajority(("A",), (5,), 1.0, 1.0, 4)
    assert lone.need_s.tolist() == [0, 0] or lone.need_s.tolist()[1] == 0
    assert DoubleMajority(("A", "B"), (1, 2), 0.5, 0.125, 1).name == (
        "1 of 2 members with 25/2 % of the population"
    )
    for wrong, why in (
        ({"member_share": 0.0}, "share 0.0 of members"),
        ({"population_share": 1.01}, "1.01 of the"),
        ({"blocking_members": 0}, "blocking_members is 0"), ({"population": (1,)}, "2 members but"),
        ({"population": (1, -1)}, "population of B is -1"),
    ):  # fmt: skip
        given: Any = {"members": ("A", "B"), "population": (1, 2), **wrong}
        with pytest.raises(NegotiationError, match=why):
            DoubleMajority(**given)


def test_quotas_that_make_no_sense() -> None:
    for weights, quota, why in (
        ((1, 2), 0, "lets every proposal pass"), ((1, 2), 4, "out of reach"),
        ((1, 2), 1.5, "not a whole number"), ((1, -2), 1, "weight of B is -2"),
        ((True, 2), 1, "weight of A is True"), ((1,), 1, "2 members but 1 values of weight"),
    ):  # fmt: skip
        with pytest.raises(NegotiationError, match=why):
            WeightedVotes(("A", "B"), weights, quota)  # type: ignore[arg-type]
    assert WeightedVotes(("A", "B"), (1, 2), 3).name == "3 of 3 votes"
    assert WeightedVotes(["A", "B"], [1000, 500], 1200).name == "1,200 of 1,500 votes"  # type: ignore[arg-type]
