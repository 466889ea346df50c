"""The cheapest payments by which a proposal carries, against every set of votes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from detente.negotiation import DoubleMajority, Unanimity, WeightedVotes
from detente.negotiation.voting.payments import cheapest_payments

ABC = ("A", "B", "C")


def test_under_unanimity_every_opponent_is_paid_its_loss() -> None:
    assert cheapest_payments(Unanimity(ABC), [5.0, -2.0, -7.0]).tolist() == [0, 2, 7]
    assert cheapest_payments(Unanimity(ABC), [5.0, 0.0, 1.0]).tolist() == [0, 0, 0]


def test_under_a_quota_the_cheapest_group_is_paid() -> None:
    rule = WeightedVotes(ABC, (2, 2, 1), 3)
    assert cheapest_payments(rule, [4.0, -5.0, -3.0]).tolist() == [0, 0, 3]
    assert cheapest_payments(rule, [-1.0, -5.0, -3.0]).tolist() == [1, 0, 3]
    assert cheapest_payments(rule, [-9.0, -5.0, -3.0]).tolist() == [0, 5, 3]


def test_one_dear_vote_may_be_cheaper_than_two_cheap_ones() -> None:
    rule = WeightedVotes(("A", "B", "C", "D"), (3, 3, 2, 2), 6)
    assert cheapest_payments(rule, [1.0, -5.0, -3.0, -3.0]).tolist() == [0, 5, 0, 0]
    assert cheapest_payments(rule, [1.0, -7.0, -3.0, -3.0]).tolist() == [0, 0, 3, 3]


def test_nobody_can_be_paid_where_the_quota_is_out_of_reach() -> None:
    class Never(Unanimity):
        @property
        def need_s(self):
            from detente.negotiation.voting.rules import NEVER

            return np.full(len(self.members) + 1, NEVER)

    assert cheapest_payments(Never(ABC), [1.0, -1.0, 1.0]) is None


@pytest.mark.parametrize("seed", range(12))
def test_no_other_set_of_votes_is_cheaper(seed: int) -> None:
    draw = np.random.default_rng(seed)
    names = tuple("ABCDEFG")
    people = tuple(int(p) for p in draw.integers(1, 90, len(names)))
    rules = (
        DoubleMajority(names, people, 0.55, 0.65, 1),
        WeightedVotes(names, people, int(0.7 * sum(people))),
    )
    gain = draw.normal(-1.0, 3.0, len(names)).round(2)
    for rule in rules:
        paid = cheapest_payments(rule, gain)
        assert paid is not None
        yes = rule.votes(gain)
        assert rule.passes(yes | (paid > 0))
        against = [int(m) for m in np.flatnonzero(~yes)]
        costs = [
            sum(-gain[m] for m in some)
            for size in range(len(against) + 1)
            for some in combinations(against, size)
            if rule.passes(yes | np.isin(np.arange(len(names)), some))
        ]
        assert paid.sum() == pytest.approx(min(costs))
