"""Who can talk to whom: links, what they let parties sign, and how a signal fares on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from detente._types import Codes, Mask
from detente.negotiation.errors import label_faults, near, require
from detente.negotiation.words import Table, listed, percent

_MOST_PARTIES = 16


@final
@dataclass(frozen=True)
class Link:
    """A channel between two parties, open both ways.

    Attributes:
        one: a party.
        other: the other.
        fidelity: share of what is meant that arrives, above 0, at most 1.
    """

    one: str
    other: str
    fidelity: float = 1.0

    def __str__(self) -> str:
        return f"{self.one}–{self.other}"


@final
@dataclass(frozen=True)
class Channels:
    """Parties and the links between them.

    Attributes:
        parties: labels; party i is bit i of a coalition.
        links: the links.
    """

    parties: tuple[str, ...]
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "parties", tuple(self.parties))
        object.__setattr__(self, "links", tuple(self.links))
        require(self._faults())

    def _faults(self) -> Iterator[str]:
        yield from label_faults(self.parties, "party")
        if len(self.parties) > _MOST_PARTIES:
            yield (
                f"{len(self.parties)} parties have 2^{len(self.parties)} coalitions: up to "
                f"{_MOST_PARTIES} can be looked at. Leave out who neither signs nor carries."
            )
        seen = set()
        for link in self.links:
            for name in (link.one, link.other):
                if name not in self.parties:
                    yield f"The link {link} names {name!r}. {near(name, self.parties)}"
            if link.one == link.other:
                yield f"The link {link} leads back to where it begins."
            if not 0 < link.fidelity <= 1:
                yield f"The fidelity of {link} is {link.fidelity}: above 0, at most 1 is needed."
            ends = frozenset((link.one, link.other))
            if ends in seen:
                yield f"The link {link} stands twice."
            seen.add(ends)

    @cached_property
    def neighbours(self) -> tuple[int, ...]:
        """Code of the neighbours of each party."""
        found = [0] * len(self.parties)
        for link in self.links:
            i, k = self.parties.index(link.one), self.parties.index(link.other)
            found[i] |= 1 << k
            found[k] |= 1 << i
        return tuple(found)

    def code(self, parties: Iterable[str]) -> int:
        """A coalition as a number.

        Raises:
            NegotiationError: for a stranger.
        """
        names = list(parties)
        require(f"{n!r} is no party. {near(n, self.parties)}" for n in names
                if n not in self.parties)  # fmt: skip
        return sum(1 << self.parties.index(n) for n in set(names))

    def with_link(self, link: Link) -> Channels:
        """The channels with one link more, or with another fidelity of it."""
        return Channels(self.parties, (*self.without_link(link.one, link.other).links, link))

    def without_link(self, one: str, other: str) -> Channels:
        """The channels with one link less."""
        ends = {one, other}
        return Channels(self.parties, tuple(x for x in self.links if {x.one, x.other} != ends))

    def connected(self, coalitions: Codes) -> Mask:
        """Which coalitions can talk among themselves, without outsiders.

        Args:
            coalitions: codes, of any shape.
        """
        codes = np.asarray(coalitions, dtype=np.int64)
        return np.asarray(self.first_part(codes) == codes)

    def first_part(self, coalitions: Codes) -> Codes:
        """The members of each coalition that its first member can reach inside it."""
        codes = np.asarray(coalitions, dtype=np.int64)
        reached = codes & -codes
        while True:
            near_by = reached.copy()
            for i, neighbours in enumerate(self.neighbours):
                near_by |= np.where(reached >> i & 1, neighbours, 0)
            near_by &= codes
            if (near_by == reached).all():
                return reached
            reached = near_by

    def can_sign(self, signatories: Sequence[str], through: Sequence[str] = ()) -> Signing:
        """Whether some parties can sign together, directly or through others.

        Args:
            signatories: who has to sign.
            through: who may carry messages without signing.

        Raises:
            NegotiationError: for strangers.
        """
        wanted, carriers = self.code(signatories), self.code(through)
        inside = wanted | carriers
        groups, left = [], wanted
        while left:
            reached = left & -left
            while True:
                grown = reached | inside & _or(
                    n for i, n in enumerate(self.neighbours) if reached >> i & 1
                )
                if grown == reached:
                    break
                reached = grown
            groups.append(self._named(reached & wanted))
            left &= ~reached
        direct = len(groups) <= 1 and bool(self.connected(np.array([wanted]))[0])
        return Signing(tuple(signatories), tuple(through), tuple(groups), direct)

    def path(self, sender: str, receiver: str) -> SignalPath:
        """The path on which a signal fares best, and what arrives.

        Raises:
            NegotiationError: for strangers.
        """
        require(f"{n!r} is no party. {near(n, self.parties)}" for n in (sender, receiver)
                if n not in self.parties)  # fmt: skip
        best: dict[str, tuple[float, tuple[str, ...]]] = {p: (0.0, (p,)) for p in self.parties}
        best[sender] = (1.0, (sender,))
        open_parties = set(self.parties)
        while open_parties:
            at = max(sorted(open_parties), key=lambda p: best[p][0])
            open_parties.remove(at)
            fidelity, line = best[at]
            for link in self.links:
                if at in (link.one, link.other):
                    to = link.other if at == link.one else link.one
                    arriving = fidelity * link.fidelity
                    if to in open_parties and arriving > best[to][0]:
                        best[to] = (arriving, (*line, to))
        fidelity, line = best[receiver]
        return SignalPath(sender, receiver, line if fidelity else (), fidelity)

    def paths(self) -> Table:
        """The best path between every two parties."""
        rows = []
        for i, one in enumerate(self.parties):
            for other in self.parties[i + 1 :]:
                found = self.path(one, other)
                rows.append((one, other, found.fidelity, ", ".join(found.intermediaries)))
        return Table(("from", "to", "fidelity", "through"), tuple(rows))

    def __str__(self) -> str:
        codes = np.array([(1 << len(self.parties)) - 1])
        whole = "All can talk to each other" if self.connected(codes)[0] else "Not all can talk"
        return f"{whole}: {listed([str(link) for link in self.links])}."

    def table(self) -> Table:
        """One row for each link."""
        return Table(
            ("one", "other", "fidelity"), tuple((x.one, x.other, x.fidelity) for x in self.links)
        )

    def _named(self, code: int) -> tuple[str, ...]:
        return tuple(p for i, p in enumerate(self.parties) if code >> i & 1)


@final
@dataclass(frozen=True)
class Signing:
    """Whether parties can sign together.

    Attributes:
        signatories: who has to sign.
        through: who may carry messages.
        groups: signatories that can talk, group by group; one group if all can.
        direct: whether they can without anybody else.
    """

    signatories: tuple[str, ...]
    through: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    direct: bool

    @property
    def possible(self) -> bool:
        """Whether all of them can be brought together."""
        return len(self.groups) <= 1

    def __str__(self) -> str:
        who = listed(self.signatories)
        if self.direct:
            return f"{who} can sign: they talk directly."
        if self.possible:
            return f"{who} can sign only through others, of whom {listed(self.through)} may carry."
        single = all(len(g) == 1 for g in self.groups)
        apart = listed([g[0] for g in self.groups])
        if not single:
            apart = f"these groups: {'; '.join(listed(g) for g in self.groups)}"
        return f"{who} cannot sign: there is no channel between {apart}."

    def table(self) -> Table:
        """One row for each signatory, with the number of its group."""
        return Table(
            ("signatory", "group"),
            tuple((name, k) for k, group in enumerate(self.groups, 1) for name in group),
        )


@final
@dataclass(frozen=True)
class SignalPath:
    """How a signal travels from one party to another.

    Attributes:
        sender: who speaks.
        receiver: who listens.
        line: parties on the way, both ends included; empty if there is no way.
        fidelity: share of what is meant that arrives: the product over the links.
    """

    sender: str
    receiver: str
    line: tuple[str, ...]
    fidelity: float

    @property
    def intermediaries(self) -> tuple[str, ...]:
        """Who passes the signal on."""
        return self.line[1:-1]

    def __str__(self) -> str:
        if not self.line:
            return f"No signal of {self.sender} reaches {self.receiver}."
        way = f"through {listed(self.intermediaries)}" if self.intermediaries else "directly"
        return (
            f"A signal of {self.sender} reaches {self.receiver} {way} with "
            f"{percent(self.fidelity)} of what is meant."
        )

    def table(self) -> Table:
        """One row for each party on the way."""
        return Table(("place", "party"), tuple(enumerate(self.line)))


def _or(codes: Iterable[int]) -> int:
    total = 0
    for code in codes:
        total |= code
    return total
