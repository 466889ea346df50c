"""Deals: which packages all who sign accept, what they share, and who refuses which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente._shown import Small
from detente.analysis.document_head import UNIT, banded, banded_by, by
from detente.analysis.negotiation.feasible_packages import feasible_words
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.sentences import needed_words
from detente.negotiation import Conflict
from detente.negotiation.bargaining.packages import named

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array
    from detente.analysis.negotiation.bands import Band
    from detente.analysis.negotiation.deals import Deals, Pair, Proposal
    from detente.negotiation import Packages


class DealsAnswer(NegotiationQuestion):
    """Packages that are accepted, from the status quo; bands over draws, as far as there are any.

    It has what `Deals` has, and says it.
    """

    kind = "deals"
    asked = ("accepted", "carried out")

    @property
    def found(self) -> Deals:
        """The packages as numbers."""
        assert self.answer.deals is not None
        return self.answer.deals

    @property
    def everybody(self) -> Packages:
        """Packages that all signatories accept."""
        return self.found.everybody

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What two parties could agree on alone."""
        return self.found.pairs

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The packages of the case, then the points found."""
        return self.found.proposals

    @property
    def inside(self) -> Mapping[str, tuple[str, ...]]:
        """The members of each bloc that sign for themselves, by label of the bloc."""
        return self.found.inside

    @property
    def money_kp(self) -> Array | None:
        """The part of `everybody.gain_kp` that is money, (K, P)."""
        return self.found.money_kp

    def proposal(self, identifier: str) -> Proposal:
        """A package by its id."""
        return self.found.proposal(identifier)

    def apart(self, label: str) -> str:
        """Whose gain it is in points and on fronts."""
        return self.found.apart(label)

    def packages(self, *, details: bool = False) -> list[Proposal]:
        """The packages that are main results, or the points of bargaining that are details."""
        return [p for p in self.proposals if (p.id in self.details) is details]

    @property
    def headline(self) -> str:
        """How many packages leave all better off, what they share, on what they rest."""
        return self.said([" ".join(feasible_words(self.answer))])[0]

    def change_words(self, package: Proposal) -> str:
        """What a package changes."""
        return f"{package.label}: {self.named(package.change)}."

    def step_words(self, package: Proposal) -> list[str]:
        """What a package ends, what it begins, and what it brings to a level, a sentence each."""
        conflict = self.answer.conflict
        assert isinstance(conflict, Conflict)
        found = conflict.space.changes(conflict.status_quo, package.code)
        return self.said(f"{sentence}." for sentence in found)

    def package_words(self, package: Proposal) -> list[str]:
        """Who would sign a package, and what the others would have to value for it."""
        return self.said([str(package), *needed_words(self.answer, package)])

    def gain_bands(self, package: Proposal) -> tuple[Band, ...] | None:
        """Bands of the gains from a package, by signatory; None without draws."""
        return None if self.answer.bands is None else self.answer.bands.proposals[package.id]

    def signing(self, package: Proposal) -> list[str]:
        """Ids of the parties that would sign."""
        return [p for p, a in zip(package.parties, package.accepts, strict=True) if a]

    def to_frame(self) -> pl.DataFrame:
        """One row a package and signatory: its gain with its band, its money, whether it signs."""
        import polars as pl

        rows = []
        for p in self.proposals:
            bands = self.gain_bands(p)
            for k, party in enumerate(p.parties):
                gain = banded("gain", p.gain[k], None if bands is None else bands[k])
                rest = {"money": p.money[k], "accepts": p.accepts[k]}
                rows.append({"package": p.id, "party": party} | gain | rest)
        return pl.DataFrame(rows, infer_schema_length=None)

    def _lines(self) -> Sequence[str]:
        return (self.headline,)

    def _small(self) -> Small:
        shown = self.packages() or self.packages(details=True)
        parties = shown[0].whose or shown[0].parties if shown else ()
        rows = [[p.label, *p.gain, ", ".join(self.signing(p)) or "nobody"] for p in shown[:8]]
        return f"Gain over the status quo, {UNIT}", ("", *parties, "would sign"), rows

    def _words(self) -> Iterator[str]:
        yield self.headline
        for p in self.packages():
            yield self.change_words(p)
            yield from self.package_words(p)
        yield from self.chance_words()
        points = self.packages(details=True)
        if points:
            yield f"Details. {self.caveat}"
            yield from map(self.change_words, points)
            yield from self.chance_words(details=True)

    def _entries(self) -> dict[str, Any]:
        return {
            "accepted": len(self.everybody.codes_k),
            "examined": self.everybody.examined,
            "caveat": self.caveat,
            "packages": list(map(self._package, self.proposals)),
            "points": self._points(),
            "front": self._front(),
            "refusals": [
                {
                    "party": self._ids([r.party])[0],
                    "refused": r.refused,
                    "refused_alone": r.alone,
                    "best_refused_alone": r.best,
                    "sentence": self.said([str(r)])[0],
                }
                for r in self.everybody.refusals
            ],
            "chances": self._chance_entries(),
        }

    def _package(self, p: Proposal) -> dict[str, Any]:
        bands = self.gain_bands(p)
        return {
            "id": p.id,
            "label": p.label,
            "state": p.code,
            "change": self.named(p.change),
            "source": p.source,
            "detail": p.id in self.details,
            "owners": p.owners,
            **banded_by("gain", p.parties, p.gain, bands),
            "gain_of": by(p.parties, p.whose or p.parties),
            "money": by(p.parties, p.money),
            "accepts": by(p.parties, p.accepts),
            "blockers": {party: self._ids(names) for party, names in p.blockers},
            "accepted_by_all": p.accepted,
            "carried_out": p.accepted_by_owners,
        }

    def _points(self) -> list[dict[str, Any]]:
        return [
            {
                "id": _point_id(p.name),
                "label": p.name,
                "change": p.package,
                "state": p.code,
                "gain": by(self._ids(p.parties), p.gain),
                "gain_of": by(self._ids(p.parties), [self.apart(label) for label in p.parties]),
                "tied_states": p.tied,
            }
            for p in self.everybody.points
        ]

    def _front(self) -> list[dict[str, Any]]:
        found, parties = self.everybody, self._ids(self.everybody.parties)
        codes = [(int(k), int(found.codes_k[k])) for k in found.front]
        return [
            {
                "change": named(code ^ found.status_quo, found.measures),
                "state": code,
                "gain": by(parties, found.gain_kp[k].tolist()),
                "points": [_point_id(p.name) for p in found.points if p.code == code],
            }
            for k, code in codes
        ]


def _point_id(name: str) -> str:
    """A point of bargaining as documents name it: `kalai_smorodinsky`."""
    return name.lower().replace("-", "_").replace(" ", "_")
