"""Who inside a bloc, and which ratifier, can block a measure at each of its moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.talks import MomentVotes, PowerIndices

#: A renewal that carries in fewer of the draws than this, though it was made, contradicts them.
LIKELY = 0.5


@dataclass(frozen=True, eq=False)
class MeasureVotes:
    """The votes on one measure of a bloc, or on all that one decision renews.

    Of a government with ratifiers, the say of these on one of its measures.

    Attributes:
        measure: its id; of what one decision renews, the id of the renewal.
        label: for readers.
        owner: id of its owner.
        in_force: whether it is in force in the status quo.
        members: who votes; ISO3 codes of a bloc, else the owner and the ratifiers.
        gain: of each member from the measure in force against not, USD million a year.
        money: the part of it that is money.
        votes: at adopting, renewing and repealing, with who can block.
        power: exact indices at each of the three moments.
        ratifiers: parties besides the owner that can block a change of it.
        measures: ids of the measures that are voted on together; of one measure its own id.
        others: labels of what else the decision that renews this measure renews.
        renewed: days on which it was renewed, as far as they are on record.
    """

    measure: str
    label: str
    owner: str
    in_force: bool
    members: tuple[str, ...] = field(repr=False)
    gain: tuple[float, ...] = field(repr=False)
    money: tuple[float, ...] = field(repr=False)
    votes: MomentVotes
    power: Mapping[str, PowerIndices] = field(repr=False)
    ratifiers: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    renewed: tuple[dt.date, ...] = ()

    @property
    def together(self) -> bool:
        """Whether this is one measure of several that one decision renews."""
        return bool(self.votes.moments.together)

    def contradicted(self, share: float | None = None) -> bool:
        """Whether it was renewed on record and the model would let it lapse.

        Args:
            share: of the draws in which its renewal carries; None without draws.
        """
        if not self.renewed or not self.votes.renew.applies:
            return False
        return not self.votes.renew.blocking.passes or (share is not None and share < LIKELY)

    def sentences(self) -> tuple[str, ...]:
        """The three votes, then who can end it and who can keep it."""
        return self.votes.sentences()

    def __str__(self) -> str:
        return " ".join(self.sentences())
