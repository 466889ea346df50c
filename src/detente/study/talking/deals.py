"""Which packages all who sign accept, who stands in the way, and what named packages would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.study.talking.money import Array
from detente.talks import Packages, Table
from detente.talks.words import figure, listed, some

if TYPE_CHECKING:
    from detente.talks import Signing


@dataclass(frozen=True, eq=False)
class Proposal:
    """One package: what it would change, what it is worth, and who would sign.

    Attributes:
        id: in the case file; `nash` and the like for points that were found.
        label: for readers.
        code: its state.
        change: what changes, in words.
        owners: ids of the parties whose measures change; only they are needed to carry it out.
        parties: ids of the signatories of the case.
        gain: of each over the status quo, USD million a year.
        money: the part of it that is money.
        accepts: whether each would sign.
        blockers: members and ratifiers who would refuse, by party.
        source: who proposed it.
        whose: what each gain is of, if not of the party's id alone: 'EU with Lithuania' of a bloc
            with a member that signs for itself.
    """

    id: str
    label: str
    code: int
    change: str
    owners: tuple[str, ...]
    parties: tuple[str, ...]
    gain: tuple[float, ...]
    money: tuple[float, ...]
    accepts: tuple[bool, ...]
    blockers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    source: str = ""
    whose: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether all signatories accept."""
        return all(self.accepts)

    @property
    def accepted_by_owners(self) -> bool:
        """Whether all accept whose measures change, be the others for it or not."""
        return all(a for p, a in zip(self.parties, self.accepts, strict=True) if p in self.owners)

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Ids of the signatories that would refuse."""
        return tuple(p for p, a in zip(self.parties, self.accepts, strict=True) if not a)

    def table(self) -> Table:
        """One row for each signatory."""
        rows = zip(self.parties, self.gain, self.money, self.accepts, strict=True)
        return Table(("party", "gain", "of it money", "accepts"), tuple(rows))

    def __str__(self) -> str:
        gains = ", ".join(
            f"{p} {figure(g, signed=True)}"
            for p, g in zip(self.whose or self.parties, self.gain, strict=True)
        )
        return f"{self.label}: {self._who()} ({gains})."

    def _who(self) -> str:
        if self.accepted:
            return "all would sign"
        refuse = listed(self.refused_by)
        inside = [f"in {p} {some(names)}" for p, names in self.blockers if names]
        named = f", blocked {', '.join(inside)}" if inside else ""
        if self.accepted_by_owners:
            return f"{listed(self.owners)} would carry it out; {refuse} would not sign{named}"
        return f"{refuse} would refuse{named}"


@dataclass(frozen=True, eq=False)
class Pair:
    """What two parties could agree on by their own measures alone.

    Attributes:
        parties: ids of the two.
        packages: those that both accept, with the points among them.
        signing: whether they can talk.
    """

    parties: tuple[str, str]
    packages: Packages
    signing: Signing


@dataclass(frozen=True, eq=False)
class Deals:
    """Packages that are accepted, from the status quo.

    Attributes:
        everybody: by all signatories, with Pareto front, the four points and who refuses.
        pairs: by two alone, with their own measures; without pairs that can agree on nothing.
        proposals: the packages of the case, then the points found.
        inside: by label of a bloc, labels of its members that sign for themselves. A proposal's
            gain of the bloc is with them; in points and fronts they count as themselves only.
        money_kp: the part of `everybody.gain_kp` that is money, (K, P).
    """

    everybody: Packages
    pairs: tuple[Pair, ...] = field(repr=False)
    proposals: tuple[Proposal, ...]
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    money_kp: Array | None = field(default=None, repr=False)

    def apart(self, label: str) -> str:
        """Whose gain it is in points and on fronts: 'the European Union without Lithuania'."""
        names = self.inside.get(label, ())
        return f"{label} without {listed(names)}" if names else label

    def proposal(self, identifier: str) -> Proposal:
        """A package by its id."""
        return {p.id: p for p in self.proposals}[identifier]
