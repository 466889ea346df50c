"""Who can block at the three moments of a measure: adopting, renewing and repealing it.

The three may have different rules, and that decides who holds the key. Under unanimous renewal one
member can end a measure; under unanimous repeal one member can keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike

from detente.negotiation.errors import require
from detente.negotiation.voting.blocking import Blocking, blocking
from detente.negotiation.voting.rules import Indifferent, Rule, gain_faults
from detente.negotiation.words import Table, listed, some, upper_first

Moment: TypeAlias = Literal["adopt", "renew", "repeal"]
Expiry: TypeAlias = Literal["lapses", "stays"]

_WHEN = {"adopt": "At adoption", "renew": "At renewal", "repeal": "At repeal"}
_IF_NOT = {
    "adopt": "does not enter into force",
    "renew": "ends",
    "repeal": "stays in force",
}
_IF_PASSED = {"adopt": "enters into force", "renew": "stays in force", "repeal": "ends"}


@final
@dataclass(frozen=True)
class Moments:
    """The rules of one measure.

    Attributes:
        adopt: rule to put it in force; without it, it is not in force.
        renew: rule to keep it when its term ends.
        repeal: rule to end it before; without it, it stays.
        expiry: whether it `lapses` at the end of its term unless renewed, or `stays`.
        together: name of the decision that renews it with others; it has no renewal of its own.
    """

    adopt: Rule
    renew: Rule
    repeal: Rule
    expiry: Expiry = "lapses"
    together: str = ""

    def __post_init__(self) -> None:
        faults = [
            f"The rule to {moment} is among {listed(self.rule(moment).members)}, the rule to adopt "
            f"among {listed(self.adopt.members)}: all three need the same members in one order."
            for moment in ("renew", "repeal")
            if self.rule(moment).members != self.adopt.members
        ]
        if self.expiry not in ("lapses", "stays"):
            faults.append(f"At expiry the measure {self.expiry!r}: it 'lapses' or 'stays'.")
        require(faults)

    @property
    def members(self) -> tuple[str, ...]:
        """Who decides."""
        return self.adopt.members

    def rule(self, moment: Moment) -> Rule:
        """The rule of one moment."""
        found: Rule = getattr(self, moment)
        return found


@final
@dataclass(frozen=True)
class MomentVote:
    """One vote on a measure and who can block it.

    Attributes:
        moment: `adopt`, `renew` or `repeal`.
        measure: name of the measure.
        applies: False for the renewal of a measure that stays without one, or that one decision
            renews with others.
        blocking: votes, outcome and blockers.
        together: name of the decision that renews it with others; empty if there is none.
    """

    moment: Moment
    measure: str
    applies: bool
    blocking: Blocking
    together: str = ""

    @property
    def in_force(self) -> bool:
        """Whether the measure is in force after the vote."""
        return self.blocking.passes != (self.moment == "repeal")

    def __str__(self) -> str:
        """The vote in sentences."""
        if self.together:
            return (
                f"{_WHEN['renew']}: {self.measure} is renewed, or lapses, with all that one "
                f"decision renews: {self.together}."
            )
        if not self.applies:
            return f"{_WHEN['renew']}: {self.measure} stays in force without a renewal."
        ends = (_IF_PASSED if self.blocking.passes else _IF_NOT)[self.moment]
        return (
            f"{_WHEN[self.moment]} ({self.blocking.rule.name}): {self.blocking.sentence()} "
            f"{upper_first(self.measure)} {ends}."
        )


@final
@dataclass(frozen=True)
class MomentVotes:
    """Who can block a measure at each of the three moments.

    Attributes:
        measure: name of the measure.
        moments: its rules.
        adopt: the vote to put it in force.
        renew: the vote to keep it at the end of its term.
        repeal: the vote to end it.
    """

    measure: str
    moments: Moments
    adopt: MomentVote
    renew: MomentVote
    repeal: MomentVote

    @property
    def votes(self) -> tuple[MomentVote, ...]:
        """The three votes in the order of a measure's life."""
        return self.adopt, self.renew, self.repeal

    @property
    def can_end_alone(self) -> tuple[str, ...]:
        """Members that lose by the measure and can end it alone, by blocking its renewal."""
        return self.renew.blocking.alone if self.renew.applies else ()

    @property
    def can_keep_alone(self) -> tuple[str, ...]:
        """Members that gain by the measure and can keep it alone, by blocking its repeal.

        Nobody can if it lapses at the end of its term and is not renewed.
        """
        lapses = self.renew.applies and not self.renew.blocking.passes
        return () if lapses else self.repeal.blocking.alone

    def sentences(self) -> tuple[str, ...]:
        """One sentence or two for each moment, then who can end the measure and who can keep it."""
        ends = self.can_end_alone
        keeps = self.can_keep_alone
        if self.moments.together:
            return (
                *(str(v) for v in self.votes),
                f"By itself {self.measure} ends by repeal only, which {some(keeps, last='or')} can "
                "prevent alone.",
            )
        return (
            *(str(v) for v in self.votes),
            f"{some(ends, last='or') if ends else 'Nobody'} can end {self.measure} alone, and "
            f"{some(keeps, last='or')} can keep it alone.",
        )

    def __str__(self) -> str:
        return " ".join(self.sentences())

    def table(self) -> Table:
        """One row for each moment."""
        return Table(
            ("moment", "rule", "applies", "passes", "in force after", *_BLOCKING_COLUMNS),
            tuple(
                (
                    v.moment,
                    v.blocking.rule.name,
                    v.applies,
                    v.blocking.passes,
                    v.in_force,
                    ", ".join(v.blocking.yes),
                    ", ".join(v.blocking.opponents),
                    ", ".join(v.blocking.alone),
                    "; ".join("+".join(s) for s in v.blocking.minimal_sets[:_SHOWN]),
                )
                for v in self.votes
            ),
        )


_SHOWN = 12
_BLOCKING_COLUMNS = ("in favour", "not in favour", "can block alone", "minimal blocking sets")


def who_can_block(
    moments: Moments,
    gain: ArrayLike,
    measure: str = "the measure",
    *,
    indifferent: Indifferent = "abstain",
    tolerance: float = 0.0,
) -> MomentVotes:
    """Who can block a measure when it is adopted, renewed and repealed.

    Args:
        moments: its three rules and what happens at expiry.
        gain: what each member gains from the measure in force against not in force, (M,).
        measure: its name in sentences.
        indifferent: how members vote whose gain is within the tolerance of zero; by default they
            abstain, which does not prevent unanimity and is no yes where votes are counted.
        tolerance: largest gain or loss that leaves a member indifferent.

    Returns:
        MomentVotes: the votes at each moment, with who can block.

    Raises:
        NegotiationError: for gains that are not finite or do not fit the members.

    Example:
        >>> from detente.negotiation import Moments, Unanimity, who_can_block
        >>> all_of = Unanimity(("A", "B", "C"))
        >>> who_can_block(Moments(all_of, all_of, all_of), [2.0, 1.0, -1.0]).can_end_alone
        ('C',)
    """
    gain_m = np.asarray(gain, dtype=np.float64)
    require(gain_faults(gain_m, moments.members))

    def vote(moment: Moment) -> MomentVote:
        wanted = -gain_m if moment == "repeal" else gain_m
        return MomentVote(
            moment,
            measure,
            moment != "renew" or (moments.expiry == "lapses" and not moments.together),
            blocking(moments.rule(moment), wanted, indifferent=indifferent, tolerance=tolerance),
            moments.together if moment == "renew" else "",
        )

    return MomentVotes(measure, moments, vote("adopt"), vote("renew"), vote("repeal"))
