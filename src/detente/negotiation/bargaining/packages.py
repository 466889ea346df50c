"""What comes of a search for packages: those that all accept, and the points among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, final

from detente._types import Array, Codes
from detente.negotiation.bargaining.signatory import Signatory
from detente.negotiation.errors import NegotiationError
from detente.negotiation.voting.blocking import Blocking
from detente.negotiation.voting.rules import Indifferent
from detente.negotiation.words import Cell, Table, figure, listed, percent, plural, some

_P = TypeVar("_P", "Point", "Lottery")


@final
@dataclass(frozen=True)
class Point:
    """One package that a definition of a fair compromise picks.

    Attributes:
        name: `Nash`, `Kalai-Smorodinsky`, `egalitarian` or `utilitarian`.
        package: the package in words.
        code: its state.
        parties: the signatories.
        gain: of each over the status quo.
        tied: states of other packages that attain it equally; which of them stands for the point
            is then of no meaning.
    """

    name: str
    package: str
    code: int
    parties: tuple[str, ...]
    gain: tuple[float, ...]
    tied: tuple[int, ...] = ()

    def __str__(self) -> str:
        text = f"{self.name}: {self.package} ({_gains(self.parties, self.gain)})"
        if self.tied:
            others = plural(len(self.tied), "other package attains", "other packages attain")
            text += f"; {others} it equally"
        return f"{text}."


@final
@dataclass(frozen=True)
class Lottery:
    """A mixture of packages that a definition picks.

    Attributes:
        name: as in `Point`.
        packages: its packages in words, the likeliest first.
        codes: their states.
        chances: of each, adding up to one.
        parties: the signatories.
        gain: expected gain of each over the status quo.
    """

    name: str
    packages: tuple[str, ...]
    codes: tuple[int, ...]
    chances: tuple[float, ...]
    parties: tuple[str, ...]
    gain: tuple[float, ...]

    def __str__(self) -> str:
        parts = [f"{percent(c)} {p}" for c, p in zip(self.chances, self.packages, strict=True)]
        return f"{self.name}, by lottery: {'; '.join(parts)} ({_gains(self.parties, self.gain)})."


@final
@dataclass(frozen=True)
class Refusal:
    """How often a party stands in the way.

    Attributes:
        party: the signatory.
        refused: packages that it refuses.
        alone: packages that all others accept and it refuses.
        best: the one of these with the largest sum of gains, in words; empty if there is none.
        best_code: its state.
        votes: the votes inside a bloc on it, by rule.
    """

    party: str
    refused: int
    alone: int
    best: str
    best_code: int
    votes: tuple[Blocking, ...]

    def __str__(self) -> str:
        text = (
            f"{self.party} refuses {plural(self.refused, 'package')}, {self.alone:,} of them alone"
        )
        if not self.best:
            return f"{text}."
        text += f"; the best that it alone refuses is {self.best}"
        failed = [str(v) for v in self.votes if not v.passes]
        return " ".join([f"{text}.", *failed])


@final
@dataclass(frozen=True)
class Packages:
    """All packages that every signatory accepts from the status quo.

    Attributes:
        signatories: who has to sign.
        measures: labels of the bits of a state.
        status_quo: its state.
        examined: feasible states other than the status quo.
        codes_k: states of the accepted packages, (K,).
        gain_kp: gain of each signatory over the status quo, (K, P).
        front: places in `codes_k` of the Pareto front.
        rational: packages by which every signatory gains what it has to gain to sign, 0 if nothing
            is said; a bloc may accept by its rule with less as a sum. The points are among these.
        points: the points over packages; empty if nobody can gain.
        lotteries: the points over mixtures of packages.
        refusals: who stands in the way, by signatory.
        indifferent: how members voted who neither gain nor lose.
        tolerance: gain or loss that left a member indifferent.
    """

    signatories: tuple[Signatory, ...]
    measures: tuple[str, ...]
    status_quo: int
    examined: int
    codes_k: Codes = field(repr=False)
    gain_kp: Array = field(repr=False)
    front: Codes = field(repr=False)
    rational: int
    points: tuple[Point, ...]
    lotteries: tuple[Lottery, ...]
    refusals: tuple[Refusal, ...]
    indifferent: Indifferent
    tolerance: float

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of the signatories."""
        return tuple(s.name for s in self.signatories)

    def point(self, name: str) -> Point:
        """The package that a definition picks."""
        return _named(self.points, name)

    def lottery(self, name: str) -> Lottery:
        """The mixture that a definition picks."""
        return _named(self.lotteries, name)

    def sentences(self) -> tuple[str, ...]:
        """How many packages all accept, the points among them, and who stands in the way."""
        found = len(self.codes_k)
        head = (
            f"{listed(self.parties)} would all sign {found:,} of "
            f"{plural(self.examined, 'package')}, {len(self.front):,} of them on the Pareto front."
        )
        if found > self.rational:
            head += (
                f" By {plural(found - self.rational, 'package')} of these a bloc loses as a sum "
                "while its rule lets them pass; the points leave them out."
            )
        if not self.points:
            head += " None leaves anybody better off."
        hinders = tuple(str(r) for r in self.refusals if r.alone)
        return (head, *(str(p) for p in self.points), *hinders)

    def __str__(self) -> str:
        return " ".join(self.sentences())

    def table(self) -> Table:
        """The Pareto front: a package a row, its gains, and the points that pick it."""
        rows: list[tuple[Cell, ...]] = []
        for k in self.front.tolist():
            code = int(self.codes_k[k])
            picked = ", ".join(p.name for p in self.points if p.code == code)
            gains = tuple(float(g) for g in self.gain_kp[k])
            rows.append((named(code ^ self.status_quo, self.measures), *gains, picked))
        return Table(("package", *(f"gain of {p}" for p in self.parties), "points"), tuple(rows))


def named(changed: int, measures: tuple[str, ...]) -> str:
    """A package in words: the measures that change."""
    parts = [m for k, m in enumerate(measures) if changed >> k & 1]
    return some(parts, most=8) if parts else "no change"


def _gains(parties: tuple[str, ...], gain: tuple[float, ...]) -> str:
    return ", ".join(f"{p} {figure(g, signed=True)}" for p, g in zip(parties, gain, strict=True))


def _named(among: tuple[_P, ...], name: str) -> _P:
    for item in among:
        if item.name == name:
            return item
    known = ", ".join(i.name for i in among) or "none, because nobody can gain"
    raise NegotiationError(f"There is no point {name!r}.", f"Known: {known}.")
