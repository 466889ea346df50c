"""What a member gains by the right to propose: Baron & Ferejohn (1989), closed rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from detente.negotiation.errors import require
from detente.negotiation.words import Table, percent


@final
@dataclass(frozen=True)
class ProposerShare:
    """How a body divides one unit when a member drawn at random proposes.

    Attributes:
        members: number of members.
        votes_needed: yes votes that carry, the proposer's included.
        patience: what a unit in the next session is worth in this one.
        proposer: share of the proposer.
        partner: share of each member that is paid for its vote.
    """

    members: int
    votes_needed: int
    patience: Fraction
    proposer: Fraction
    partner: Fraction

    def __str__(self) -> str:
        return (
            f"With {self.votes_needed} of {self.members} votes needed, the proposer keeps "
            f"{percent(float(self.proposer))} ({self.proposer}) and pays "
            f"{percent(float(self.partner))} to each of {self.votes_needed - 1} others."
        )

    def table(self) -> Table:
        """Who gets what."""
        left_out = self.members - self.votes_needed
        return Table(
            ("role", "members", "share"),
            (
                ("proposer", 1, float(self.proposer)),
                ("partner", self.votes_needed - 1, float(self.partner)),
                ("left out", left_out, 0.0),
            ),
        )


def proposer_share(
    members: int, votes_needed: int, patience: float | Fraction = 1
) -> ProposerShare:
    """The stationary equilibrium of legislative bargaining among equals.

    Baron & Ferejohn (1989), proposition 3: the proposer buys the cheapest votes, each at the
    discounted value δ/n of going on.

    Args:
        members: number of members n, each proposing with the same chance.
        votes_needed: yes votes that carry a division, the proposer's included.
        patience: discount factor δ from one session to the next, above 0, at most 1.

    Returns:
        ProposerShare: what the proposer keeps and what others can expect, as shares of the whole.

    Raises:
        NegotiationError: for a body, a quota or a patience that makes no sense.
    """
    require(
        [
            *([f"{members} members: at least 1 is needed."] if members < 1 else []),
            *(
                [f"{votes_needed} votes are out of reach: there are {members} members."]
                if not 1 <= votes_needed <= max(members, 1)
                else []
            ),
            *(
                [f"The patience {patience} is not above 0 and at most 1."]
                if not (math.isfinite(patience) and 0 < patience <= 1)
                else []
            ),
        ]
    )
    delta = patience if isinstance(patience, Fraction) else Fraction(str(patience))
    partner = delta / members
    return ProposerShare(members, votes_needed, delta, 1 - (votes_needed - 1) * partner, partner)
