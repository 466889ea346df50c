"""Decision rules: alone, together, by weighted votes, by a double majority.

`Sovereign`, `Unanimity`, `WeightedVotes` and `DoubleMajority` are the rules. `Rule` answers for
each which votes carry and which coalitions block. Every rule counts two things, members and weight.
A coalition of s members carries a proposal if its weight reaches `need_s[s]`; a rule is that table
and nothing else, so that votes, blocking sets and power indices need no case distinctions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente._types import Array, Codes, Mask
from detente.negotiation.errors import label_faults, near, require
from detente.negotiation.words import plural

#: A weight that no coalition reaches.
NEVER = 2**62
_CHUNK_BITS = 14
_ROWS = 2**15

#: How members vote who neither gain nor lose: `abstain` counts as a yes where unanimity is asked
#: (an abstention does not prevent it, Art. 238(4) TFEU) and as no yes where votes are counted.
Indifferent: TypeAlias = Literal["abstain", "yes", "no"]


class Rule(ABC):
    """A decision rule over named members; see `detente.negotiation.voting.rules`."""

    members: tuple[str, ...]

    @property
    @abstractmethod
    def name(self) -> str:
        """The rule in words, as a sentence names it."""

    @property
    @abstractmethod
    def weight_m(self) -> Codes:
        """Weight of each member, (M,)."""

    @property
    @abstractmethod
    def need_s(self) -> Codes:
        """Weight that s members together need, s = 0 … M, (M + 1,); `NEVER` if none suffices."""

    @property
    def abstention_prevents(self) -> bool:
        """Whether a member that abstains withholds a yes that is counted."""
        return True

    @cached_property
    def _sums(self) -> tuple[Codes, ...]:
        return _chunk_sums(self.weight_m)

    def index(self, member: str) -> int:
        """Place of a member.

        Raises:
            NegotiationError: if it is no member; names the nearest.
        """
        require(stranger_faults([member], self.members))
        return self.members.index(member)

    def code(self, members: Sequence[str]) -> int:
        """The coalition of some members as a number: bit m stands for member m."""
        require(stranger_faults(members, self.members))
        return sum(1 << self.members.index(m) for m in set(members))

    def named(self, code: int) -> tuple[str, ...]:
        """The members of a coalition that is given as a number."""
        return tuple(m for k, m in enumerate(self.members) if code >> k & 1)

    def passes(self, yes: ArrayLike) -> Mask:
        """Which of many votes carry.

        Args:
            yes: coalitions that vote yes: integers whose bit m stands for member m, of any shape;
                or booleans of shape (…, M).

        Returns:
            Booleans of the shape of `yes`, without the axis of members.

        Raises:
            NegotiationError: if the members of the last axis are not the rule's.
        """
        votes = np.asarray(yes)
        require(self._vote_faults(votes))
        if votes.dtype == np.bool_:
            count, weight = self._counted(votes)
        else:
            count = np.bitwise_count(votes.astype(np.int64)).astype(np.int64)
            weight = self._weighed(votes)
        found: Mask = weight >= self.need_s[count]
        return found

    def blocks(self, no: ArrayLike) -> Mask:
        """Which coalitions block: those without which all the others together do not carry.

        Args:
            no: coalitions as in `passes`.
        """
        votes = np.asarray(no)
        if votes.dtype == np.bool_:
            return ~self.passes(~votes)
        require(self._vote_faults(votes))
        everyone = (1 << len(self.members)) - 1
        return ~self.passes(everyone ^ votes.astype(np.int64))

    def votes(
        self, gain: ArrayLike, indifferent: Indifferent = "abstain", tolerance: float = 0.0
    ) -> Mask:
        """Who counts as voting yes, given what each member gains over the reversion point.

        Args:
            gain: what each member gains if the proposal passes, (…, M), in any one unit.
            indifferent: how members vote whose gain is within the tolerance of zero.
            tolerance: largest gain or loss that leaves a member indifferent.

        Raises:
            NegotiationError: for gains that are not finite or of the wrong shape.
        """
        gain_m = np.asarray(gain, dtype=np.float64)
        require(gain_faults(gain_m, self.members))
        counts = indifferent == "yes" or (indifferent == "abstain" and not self.abstention_prevents)
        found: Mask = gain_m >= -tolerance if counts else gain_m > tolerance
        return found

    def accepts(
        self, gain: ArrayLike, indifferent: Indifferent = "abstain", tolerance: float = 0.0
    ) -> Mask:
        """Which proposals pass against the reversion point; arguments as in `votes`."""
        return self.passes(self.votes(gain, indifferent, tolerance))

    def _vote_faults(self, votes: NDArray[Any]) -> Iterator[str]:
        size = len(self.members)
        if votes.dtype == np.bool_:
            if not votes.ndim or votes.shape[-1] != size:
                yield (
                    f"Votes of shape {votes.shape} do not fit {plural(size, 'member')}: the last "
                    f"axis has to be the members {', '.join(self.members)}."
                )
        elif not np.issubdtype(votes.dtype, np.integer):
            yield f"Votes are booleans or integer codes, not {votes.dtype}."
        elif votes.size and (votes.min() < 0 or int(votes.max()) >> size):
            yield f"A coalition code lies outside 0 … {2**size - 1}: there are {size} members."

    def _counted(self, votes: Mask) -> tuple[Codes, Codes]:
        flat = votes.reshape(-1, votes.shape[-1])
        both = np.stack([np.ones(len(self.members)), self.weight_m.astype(np.float64)], axis=1)
        found = np.empty((len(flat), 2), dtype=np.int64)
        # Sums of integers below 2⁵³ are exact in float64, whose product is the quick one.
        for k in range(0, len(flat), _ROWS):
            found[k : k + _ROWS] = flat[k : k + _ROWS].astype(np.float64) @ both
        shape = votes.shape[:-1]
        return found[:, 0].reshape(shape), found[:, 1].reshape(shape)

    def _weighed(self, codes: NDArray[Any]) -> Codes:
        total = np.zeros(codes.shape, dtype=np.int64)
        for k, sums in enumerate(self._sums):
            total += sums[(codes >> (k * _CHUNK_BITS)) & (len(sums) - 1)]
        return total


def stranger_faults(given: Sequence[str], members: Sequence[str]) -> Iterator[str]:
    """Labels that name no member."""
    for label in given:
        if label not in members:
            yield f"{label!r} is no member. {near(label, members)}"


def gain_faults(gain_m: Array, members: Sequence[str]) -> Iterator[str]:
    """Gains by member (last axis) that are not finite or of the wrong shape."""
    if not gain_m.ndim or gain_m.shape[-1] != len(members):
        yield (
            f"Gains of shape {gain_m.shape} do not fit {plural(len(members), 'member')}: the last "
            f"axis has to be the members {', '.join(members)}."
        )
        return
    bad = ~np.isfinite(gain_m)
    if bad.any():
        bad_m = [bool(bad[..., m].any()) for m in range(len(members))]
        for member, is_bad in zip(members, bad_m, strict=True):
            if is_bad:
                yield f"The gain of {member} is not a finite number."


def _chunk_sums(weight_m: Codes) -> tuple[Codes, ...]:
    """Weight of every coalition of each run of members, so that codes are weighed by look-up."""
    found = []
    for k in range(0, len(weight_m), _CHUNK_BITS):
        sums = np.zeros(1, dtype=np.int64)
        for weight in weight_m[k : k + _CHUNK_BITS]:
            sums = np.concatenate([sums, sums + weight])
        found.append(sums)
    return tuple(found)


__all__ = ["DoubleMajority", "Rule", "Sovereign", "Unanimity", "WeightedVotes"]

_LARGEST_WEIGHT = 2**53  # below it, sums are exact in float64 too
_LARGEST_BODY = 62  # members of a coalition code


@final
@dataclass(frozen=True)
class Sovereign(Rule):
    """A government that decides by itself.

    Attributes:
        party: its label.
    """

    party: str

    def __post_init__(self) -> None:
        require(label_faults(self.members, "member"))

    @property
    def members(self) -> tuple[str, ...]:  # type: ignore[override]
        """The government alone."""
        return (self.party,)

    @property
    def name(self) -> str:
        """The rule in words."""
        return f"{self.party} decides alone"

    @property
    def weight_m(self) -> Codes:
        """No weights count, (1,)."""
        return np.zeros(1, dtype=np.int64)

    @property
    def need_s(self) -> Codes:
        """The one yes is needed, (2,)."""
        return np.array([NEVER, 0])

    @property
    def abstention_prevents(self) -> bool:
        """A government that neither gains nor loses does not stand in the way."""
        return False


@final
@dataclass(frozen=True)
class Unanimity(Rule):
    """All members together; an abstention does not prevent a decision.

    Attributes:
        members: labels of the members.
    """

    members: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))
        require(_body_faults(self.members))

    @property
    def name(self) -> str:
        """The rule in words."""
        return f"unanimity of {len(self.members)}"

    @property
    def weight_m(self) -> Codes:
        """No weights count, (M,)."""
        return np.zeros(len(self.members), dtype=np.int64)

    @property
    def need_s(self) -> Codes:
        """All members are needed, (M + 1,)."""
        return np.array([NEVER] * len(self.members) + [0])

    @property
    def abstention_prevents(self) -> bool:
        """Abstentions do not prevent unanimity (Art. 238(4) TFEU)."""
        return False


@final
@dataclass(frozen=True)
class WeightedVotes(Rule):
    """Votes with weights and a quota.

    Attributes:
        members: labels of the members.
        weights: votes of each, whole numbers.
        quota: votes that carry a proposal.
    """

    members: tuple[str, ...]
    weights: tuple[int, ...]
    quota: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "weights", tuple(self.weights))
        require([*_body_faults(self.members), *self._faults()])

    def _faults(self) -> Iterator[str]:
        yield from _weight_faults(self.members, self.weights, "weight")
        if not _is_whole(self.quota):
            yield f"The quota {self.quota!r} is not a whole number of votes."
        elif self.quota <= 0:
            yield f"The quota {self.quota} lets every proposal pass: it has to be above 0."
        elif all(_is_whole(w) for w in self.weights) and self.quota > sum(self.weights):
            yield (
                f"The quota {self.quota} is out of reach: all votes together are "
                f"{sum(self.weights)}."
            )

    @property
    def name(self) -> str:
        """The rule in words."""
        return f"{self.quota:,} of {sum(self.weights):,} votes"

    @property
    def weight_m(self) -> Codes:
        """Votes of each member, (M,)."""
        return np.array(self.weights, dtype=np.int64)

    @property
    def need_s(self) -> Codes:
        """The quota, whatever the number of members, (M + 1,)."""
        return np.full(len(self.members) + 1, self.quota, dtype=np.int64)


@final
@dataclass(frozen=True)
class DoubleMajority(Rule):
    """A share of members that stand for a share of the population.

    The Council of the European Union by Art. 16(4) TEU: 55 % of members, at least fifteen, with
    65 % of the population; fewer than four members against do not block.

    Attributes:
        members: labels of the members.
        population: persons in each.
        member_share: least share of members, a fraction.
        population_share: least share of population, a fraction.
        blocking_members: least number of members that can block.
    """

    members: tuple[str, ...]
    population: tuple[int, ...]
    member_share: float = 0.55
    population_share: float = 0.65
    blocking_members: int = 4

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "population", tuple(self.population))
        require([*_body_faults(self.members), *self._faults()])

    def _faults(self) -> Iterator[str]:
        yield from _weight_faults(self.members, self.population, "population")
        for share, of in (
            (self.member_share, "members"),
            (self.population_share, "the population"),
        ):
            if not 0 < share <= 1:
                yield f"The share {share} of {of} is out of reach: it has to be above 0, at most 1."
        if not _is_whole(self.blocking_members) or self.blocking_members < 1:
            yield f"blocking_members is {self.blocking_members!r}: a whole number from 1 is needed."

    @property
    def members_needed(self) -> int:
        """Least number of members in favour."""
        return _least(self.member_share, len(self.members))

    @property
    def population_needed(self) -> int:
        """Least number of persons in the members in favour."""
        return _least(self.population_share, sum(self.population))

    @property
    def name(self) -> str:
        """The rule in words."""
        return (
            f"{self.members_needed} of {len(self.members)} members with "
            f"{Fraction(str(self.population_share)) * 100} % of the population"
        ).replace("/1 ", " ")

    @property
    def weight_m(self) -> Codes:
        """Persons in each member, (M,)."""
        return np.array(self.population, dtype=np.int64)

    @property
    def need_s(self) -> Codes:
        """Persons needed by the number of members, (M + 1,)."""
        size = len(self.members)
        need = np.full(size + 1, self.population_needed, dtype=np.int64)
        need[max(size - self.blocking_members + 1, 0) :] = 0
        need[: self.members_needed] = NEVER
        return need


def _body_faults(members: tuple[str, ...]) -> Iterator[str]:
    yield from label_faults(members, "member")
    if len(members) > _LARGEST_BODY:
        yield f"{len(members)} members are too many: a coalition code holds {_LARGEST_BODY}."


def _weight_faults(members: Sequence[str], weights: Sequence[int], what: str) -> Iterator[str]:
    if len(weights) != len(members):
        yield f"{plural(len(members), 'member')} but {len(weights)} values of {what}."
    for label, weight in zip(members, weights, strict=False):
        if not _is_whole(weight) or weight < 0:
            yield (
                f"The {what} of {label} is {weight!r}: a whole number from 0 is needed, so that "
                "counts are exact."
            )
    if all(_is_whole(w) for w in weights) and sum(weights) >= _LARGEST_WEIGHT:
        yield f"The {what} of all is {sum(weights)}: below {_LARGEST_WEIGHT} counts are exact."


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _least(share: float, of: int) -> int:
    """The least whole number that is at least a share of `of`; 0.55 means 55/100 exactly."""
    wanted = Fraction(str(share)) * of
    return -(-wanted.numerator // wanted.denominator)
