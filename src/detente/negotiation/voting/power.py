"""Exact power indices: how often a member decides, in a coalition or in an order of joining.

Coalitions are counted by size with a generating function over (members, weight), whose two halves
are kept as sorted lists of weights: with need_s the weight that s members need, the coalitions of
a half-coalition with b members of the other half that carry are a binary search away. That costs
about M·2^(M/2) steps instead of 2^M, and every count is a whole number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, factorial
from typing import final

import numpy as np

from detente._types import Codes
from detente.negotiation.errors import NegotiationError
from detente.negotiation.voting.decision_stages import Moment, Moments
from detente.negotiation.voting.rules import Rule
from detente.negotiation.words import Table, listed, percent, some

LARGEST_BODY = 36


@final
@dataclass(frozen=True)
class PowerIndices:
    """How much each member of a body can decide, in exact counts.

    Attributes:
        rule: the body.
        winning: coalitions that carry a proposal.
        swings: by member, coalitions that carry with it and not without it.
        pivots: by member, orders of joining (of M! in all) in which it turns the vote.
        blocking: by member, coalitions with it that block.
    """

    rule: Rule
    winning: int
    swings: tuple[int, ...] = field(repr=False)
    pivots: tuple[int, ...] = field(repr=False)
    blocking: tuple[int, ...] = field(repr=False)

    @property
    def members(self) -> tuple[str, ...]:
        """Who votes."""
        return self.rule.members

    @property
    def blocking_coalitions(self) -> int:
        """Coalitions that block: as many as there are coalitions that do not carry."""
        return int(2 ** len(self.members)) - self.winning

    @property
    def banzhaf(self) -> tuple[Fraction, ...]:
        """Normalised Banzhaf index: a member's share of all swings."""
        total = sum(self.swings)
        return tuple(Fraction(s, total) for s in self.swings)

    @property
    def most_decisive(self) -> tuple[str, ...]:
        """The member, or all members with as many swings, that decides most often."""
        top = max(self.swings)
        return tuple(m for m, s in zip(self.members, self.swings, strict=True) if s == top)

    @property
    def banzhaf_absolute(self) -> tuple[Fraction, ...]:
        """Absolute Banzhaf index: share of the others' coalitions that the member decides."""
        return tuple(Fraction(s, 2 ** (len(self.members) - 1)) for s in self.swings)

    @property
    def shapley(self) -> tuple[Fraction, ...]:
        """Shapley-Shubik index: share of the orders of joining in which the member is pivotal."""
        return tuple(Fraction(p, factorial(len(self.members))) for p in self.pivots)

    @property
    def prevent(self) -> tuple[Fraction, ...]:
        """Coleman's power to prevent: share of the winning coalitions that need the member."""
        return tuple(Fraction(s, self.winning) for s in self.swings)

    @property
    def initiate(self) -> tuple[Fraction, ...]:
        """Coleman's power to initiate: share of the losing coalitions that the member carries."""
        return tuple(Fraction(s, self.blocking_coalitions) for s in self.swings)

    def __str__(self) -> str:
        """The body, how easily it decides, and who decides most."""
        share = Fraction(self.winning, 2 ** len(self.members))
        order = sorted(range(len(self.members)), key=lambda m: -self.swings[m])
        named = [f"{self.members[m]} ({percent(float(self.banzhaf[m]))})" for m in order[:3]]
        text = (
            f"By {self.rule.name}, {self.winning:,} of {2 ** len(self.members):,} coalitions "
            f"carry ({percent(float(share), 2)}). "
        )
        each = percent(float(self.banzhaf[order[0]]))
        if len(self.most_decisive) == len(self.members):
            text += f"All members are equally decisive: {each} of all decisive votes (Banzhaf)."
        elif len(self.most_decisive) > 1:
            text += (
                f"Most often decisive, equally: {some(self.most_decisive)}, {each} each of all "
                "decisive votes (Banzhaf)."
            )
        else:
            text += f"Most often decisive: {listed(named)} of all decisive votes (Banzhaf)."
        nobody = [m for m, s in zip(self.members, self.swings, strict=True) if s == 0]
        if nobody:
            text += f" Never decisive: {listed(nobody)}."
        return text

    def table(self) -> Table:
        """One row for each member."""
        return Table(
            (
                "member",
                "Banzhaf",
                "Banzhaf, absolute",
                "Shapley-Shubik",
                "power to prevent",
                "power to initiate",
                "swings",
                "pivots",
                "blocking coalitions",
            ),
            tuple(
                (
                    member,
                    float(self.banzhaf[m]),
                    float(self.banzhaf_absolute[m]),
                    float(self.shapley[m]),
                    float(self.prevent[m]),
                    float(self.initiate[m]),
                    self.swings[m],
                    self.pivots[m],
                    self.blocking[m],
                )
                for m, member in enumerate(self.members)
            ),
        )


def power(rule: Rule) -> PowerIndices:
    """Banzhaf and Shapley-Shubik indices of a body, with the counts behind them.

    Args:
        rule: how the body decides.

    Returns:
        Exact counts; indices are fractions of them.

    Raises:
        NegotiationError: for a body that is too large to count.

    Example:
        >>> from detente.negotiation import WeightedVotes, power
        >>> [str(x) for x in power(WeightedVotes(("A", "B", "C"), (2, 1, 1), 3)).banzhaf]
        ['3/5', '1/5', '1/5']
    """
    size = len(rule.members)
    if size > LARGEST_BODY:
        raise NegotiationError(
            f"{size} members are too many to count exactly: up to {LARGEST_BODY} work.",
            "Put members that always vote together into one.",
        )
    with_ms, all_s = _winning_by_size(rule)
    swings, pivots, blocking = [], [], []
    for m in range(size):
        with_s = with_ms[m]
        without_s = [int(a) - int(w) for a, w in zip(all_s, with_s, strict=True)]
        swings.append(int(sum(with_s)) - sum(without_s))
        # A member that joins as number s turns the vote in (s−1)!(M−s)! orders for each coalition.
        gained = [int(with_s[s]) - without_s[s - 1] for s in range(1, size + 1)]
        pivots.append(sum(g * factorial(s) * factorial(size - 1 - s) for s, g in enumerate(gained)))
        # A coalition with m blocks if the rest, all without m, does not carry.
        blocking.append(2 ** (size - 1) - sum(without_s))
    return PowerIndices(rule, int(sum(all_s)), tuple(swings), tuple(pivots), tuple(blocking))


def power_at(moments: Moments) -> Mapping[Moment, PowerIndices]:
    """The power indices at adopting, renewing and repealing a measure.

    Args:
        moments: the rules of the three.

    Returns:
        Mapping: the indices by moment.
    """
    every: tuple[Moment, ...] = ("adopt", "renew", "repeal")
    return {moment: power(moments.rule(moment)) for moment in every}


def _winning_by_size(rule: Rule) -> tuple[Codes, Codes]:
    """Winning coalitions by size: those with each member, (M, M + 1), and all, (M + 1,)."""
    size = len(rule.members)
    half = size // 2
    first, second = rule.weight_m[:half], rule.weight_m[half:]
    need_s = rule.need_s
    lower = _carried(first, second, need_s)
    upper = _carried(second, first, need_s)
    with_ms = [_with_each(lower, half, size), _with_each(upper, size - half, size)]
    return np.concatenate(with_ms), _by_size(upper, np.arange(len(upper)), size)


def _carried(mine: Codes, other: Codes, need_s: Codes) -> Codes:
    """For each coalition of one half, how many of the other half carry it, by their number.

    Returns:
        Counts, (2^len(mine), len(other) + 1).
    """
    weight, count = _sums(mine)
    other_weight, other_count = _sums(other)
    found = np.empty((len(weight), len(other) + 1), dtype=np.int64)
    for b in range(len(other) + 1):
        ranked = np.sort(other_weight[other_count == b])
        missing = need_s[count + b] - weight
        # Searching for sorted keys walks through memory once.
        order = np.argsort(missing)
        found[order, b] = comb(len(other), b) - np.searchsorted(ranked, missing[order])
    return found


def _sums(weight_m: Codes) -> tuple[Codes, Codes]:
    """Weight and number of members of every coalition of some members, (2^m,) each."""
    weight = np.zeros(1, dtype=np.int64)
    for value in weight_m:
        weight = np.concatenate([weight, weight + value])
    return weight, np.bitwise_count(np.arange(len(weight))).astype(np.int64)


def _with_each(carried: Codes, members: int, size: int) -> Codes:
    codes = np.arange(len(carried))
    return np.array(
        [_by_size(carried, codes[codes >> m & 1 == 1], size) for m in range(members)],
        dtype=np.int64,
    ).reshape(members, size + 1)


def _by_size(carried: Codes, chosen: Codes, size: int) -> Codes:
    """Counts of carried coalitions of chosen halves, by the size of the whole."""
    mine = np.bitwise_count(chosen)
    total = np.zeros(size + 1, dtype=np.int64)
    for a in range(int(mine.max()) + 1 if len(mine) else 0):
        counts = carried[chosen[mine == a]].sum(axis=0)
        total[a : a + len(counts)] += counts
    return total
