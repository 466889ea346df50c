"""The rules by which parties decide: alone, together, by weighted votes, by a double majority."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from detente.talks.errors import label_faults, require
from detente.talks.voting.rule import NEVER, Codes, Rule
from detente.talks.words import plural

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
