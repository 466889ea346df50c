"""Who stands in the way of a proposal: opponents, those who can block alone, minimal sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Codes
from detente.negotiation.errors import require
from detente.negotiation.voting.rules import Indifferent, Rule, gain_faults, stranger_faults
from detente.negotiation.words import listed, plural, some

_MOST_EXAMINED = 2**17


@final
@dataclass(frozen=True)
class BlockingSets:
    """The smallest groups that can stop a proposal.

    Attributes:
        sets: groups that block and of which no smaller part does, smaller groups first.
        complete: whether these are all; otherwise all up to `size` members.
        size: largest size that was examined.
    """

    sets: tuple[tuple[str, ...], ...]
    complete: bool
    size: int


@final
@dataclass(frozen=True)
class Blocking:
    """One vote on a proposal, given what each member gains.

    Attributes:
        rule: how it is decided.
        passes: whether it carries.
        yes: members that count in favour.
        opponents: all other members.
        indifferent: members that neither gain nor lose, on either side.
        alone: opponents each of whom can block alone.
        minimal_sets: minimal blocking sets among the opponents, smaller first.
        complete: whether `minimal_sets` are all.
        pivotal: members in favour whose change of mind alone would sink a proposal that carries;
            opponents whose change alone would carry one that does not.
    """

    rule: Rule
    passes: bool
    yes: tuple[str, ...]
    opponents: tuple[str, ...]
    indifferent: tuple[str, ...]
    alone: tuple[str, ...]
    minimal_sets: tuple[tuple[str, ...], ...]
    complete: bool
    pivotal: tuple[str, ...]

    def sentence(self) -> str:
        """The vote and who can block it."""
        votes = f"{len(self.yes)} of {plural(len(self.rule.members), 'member')} in favour"
        if set(self.indifferent) & set(self.yes):
            votes += " or abstaining"
        if self.passes:
            if not self.opponents:
                return f"{votes}; nobody is opposed."
            text = f"{votes}; {some(self.opponents)} cannot block"
            if self.pivotal:
                text += f"; it would fail without {listed(self.pivotal, 'or')}"
            return f"{text}."
        if self.alone:
            how = "alone blocks" if len(self.alone) == 1 else "can each block alone"
            return f"{votes}; {some(self.alone)} {how}."
        least = len(self.minimal_sets[0])
        first = [s for s in self.minimal_sets if len(s) == least]
        text = f"{votes}; {some(self.opponents)} block together"
        if least < len(self.opponents):
            text += f", {least} of them suffice, such as {listed(first[0])}"
        if self.pivotal:
            text += f"; it would pass if {listed(self.pivotal, 'or')} changed sides"
        return f"{text}."

    def __str__(self) -> str:
        return f"By {self.rule.name}: {self.sentence()}"


def blocking(
    rule: Rule,
    gain: ArrayLike,
    *,
    indifferent: Indifferent = "abstain",
    tolerance: float = 0.0,
    at_most: int = 100,
) -> Blocking:
    """Whether a proposal passes against the reversion point, and who can block it.

    Args:
        rule: how it is decided.
        gain: what each member gains if it passes, (M,).
        indifferent: how members vote whose gain is within the tolerance of zero.
        tolerance: largest gain or loss that leaves a member indifferent.
        at_most: minimal blocking sets to list.

    Returns:
        Blocking: how members vote, whether it passes, and the sets that can block it.

    Raises:
        NegotiationError: for gains that are not finite or do not fit the members.
    """
    gain_m = np.asarray(gain, dtype=np.float64)
    require(gain_faults(np.atleast_1d(gain_m), rule.members))
    votes_m = rule.votes(gain_m, indifferent, tolerance)
    yes = tuple(m for m, v in zip(rule.members, votes_m, strict=True) if v)
    opponents = tuple(m for m, v in zip(rule.members, votes_m, strict=True) if not v)
    passes = bool(rule.passes(votes_m))
    found = minimal_blocking_sets(rule, opponents, at_most=at_most)
    changed = np.array([rule.code(yes) ^ (1 << m) for m in range(len(rule.members))])
    flips = rule.passes(changed) != passes
    return Blocking(
        rule=rule,
        passes=passes,
        yes=yes,
        opponents=opponents,
        indifferent=tuple(
            m for m, g in zip(rule.members, gain_m, strict=True) if abs(g) <= tolerance
        ),
        alone=tuple(s[0] for s in found.sets if len(s) == 1),
        minimal_sets=found.sets,
        complete=found.complete,
        pivotal=tuple(m for m, f in zip(rule.members, flips, strict=True) if f),
    )


def minimal_blocking_sets(
    rule: Rule, among: Sequence[str] | None = None, *, at_most: int = 100
) -> BlockingSets:
    """The smallest groups that can stop a proposal, smaller ones first.

    Args:
        rule: how it is decided.
        among: members to look among, such as the opponents; all if None.
        at_most: sets to list, however many there are.

    Returns:
        BlockingSets: the sets that are listed, and whether these are all.

    Raises:
        NegotiationError: for a label that is no member.
    """
    group = rule.members if among is None else tuple(among)
    require(stranger_faults(group, rule.members))
    bits = [1 << rule.members.index(m) for m in group]
    found: list[int] = []
    examined = 0
    for size in range(1, len(group) + 1):
        if size == 2:
            # Who blocks alone is in no larger minimal set.
            bits = [b for b in bits if b not in found]
        if size > len(bits) or not rule.blocks(sum(bits)):
            break
        examined += comb(len(bits), size)
        if examined > _MOST_EXAMINED or len(found) >= at_most:
            return _sets(rule, found[:at_most], False, size - 1)
        found += _minimal_of_size(rule, bits, size).tolist()
    return _sets(rule, found[:at_most], len(found) <= at_most, len(group))


def _sets(rule: Rule, codes: Sequence[int], complete: bool, size: int) -> BlockingSets:
    return BlockingSets(tuple(rule.named(c) for c in codes), complete, size)


def _minimal_of_size(rule: Rule, bits: Sequence[int], size: int) -> Codes:
    """Codes of the blocking sets of one size of which every proper part fails to block."""
    parts = np.array(list(combinations(bits, size)), dtype=np.int64)
    codes: Codes = parts.sum(axis=1)
    minimal = rule.blocks(codes)
    codes, parts = codes[minimal], parts[minimal]
    # A blocking set's supersets block, so that parts with one member less tell for all.
    smaller = rule.blocks(codes[:, None] - parts).any(axis=1)
    return codes[~smaller]
