"""Who inside a bloc, and which ratifier, can block a measure at each of its moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.talks import MomentVotes, PowerIndices


@dataclass(frozen=True, eq=False)
class MeasureVotes:
    """The votes on one measure of a bloc, or the say of ratifiers on one of a government.

    Attributes:
        measure: its id.
        label: for readers.
        owner: id of its owner.
        in_force: whether it is in force in the status quo.
        members: who votes; ISO3 codes of a bloc, else the owner and the ratifiers.
        gain: of each member from the measure in force against not, USD million a year.
        money: the part of it that is money.
        votes: at adopting, renewing and repealing, with who can block.
        power: exact indices at each of the three moments.
        ratifiers: parties besides the owner that can block a change of it.
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

    def sentences(self) -> tuple[str, ...]:
        """The three votes, then who can end it and who can keep it."""
        return self.votes.sentences()

    def __str__(self) -> str:
        return " ".join(self.sentences())
