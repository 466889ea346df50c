"""Blockers: who inside a bloc, and which ratifier, can block a measure at each of its moments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from detente.analysis.document_head import banded, banded_by, by
from detente.analysis.negotiation.explained_moves import SHARES, forecast, record_words
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.stakes import lock_words
from detente.negotiation.words import listed, percent

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.negotiation.bands import VoteChances
    from detente.analysis.negotiation.votes import MeasureVotes
    from detente.negotiation import PowerIndices


_WHEN = {"adopt": "be adopted", "renew": "be renewed", "repeal": "be repealed"}
_POWER = ("banzhaf", "banzhaf_absolute", "shapley", "prevent", "initiate")


class BlockersAnswer(NegotiationQuestion, Sequence["MeasureVotes"]):
    """The votes on each measure; a sequence of `MeasureVotes`."""

    kind = "blockers"

    @property
    def votes(self) -> tuple[MeasureVotes, ...]:
        """One for each measure that a bloc decides or a party ratifies."""
        return self.answer.votes

    def __len__(self) -> int:
        return len(self.votes)

    @overload
    def __getitem__(self, at: int) -> MeasureVotes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[MeasureVotes]: ...
    def __getitem__(self, at: int | slice) -> MeasureVotes | Sequence[MeasureVotes]:
        """The votes on one measure by its place."""
        return self.votes[at]

    @property
    def locks(self) -> list[str]:
        """Who could end each measure and who keeps it, by the rules alone."""
        if not self.votes:
            return ["No measure among the moves is decided by a vote or needs a ratifier."]
        return self.said(lock_words(v) for v in self.votes if not v.together)

    def vote_words(self, votes: MeasureVotes) -> list[str]:
        """The three votes on a measure, and what is on record of its renewals."""
        return self.said([*votes.sentences, *record_words(self.answer, votes)])

    def chance_of(self, votes: MeasureVotes) -> list[str]:
        """How often a measure would pass its votes over draws; nothing without draws."""
        found, shown = self._drawn(votes), forecast(self.answer, votes)
        if found is None or self.answer.bands is None or not shown:
            return []
        carried = [f"{_WHEN[m]} in {percent(found.carried[m], 0)}" for m in shown]
        drawn = f"{self.answer.bands.draws:,} draws of values and of trade"
        return self.said([f"If put to the vote it would {listed(carried)} of {drawn}. {SHARES}"])

    def blocking_shares(self, votes: MeasureVotes) -> tuple[list[str], dict[str, list[float]]]:
        """The moments at which somebody would block alone in some draw, and how often each would.

        Returns:
            tuple: the moments; by member that would block at one of these, the shares of the draws,
            the one that blocks most often first. Both are empty without draws.
        """
        found = self._drawn(votes)
        if found is None:
            return [], {}
        moments = [m for m in forecast(self.answer, votes) if any(found.blocks[m])]
        rows = {
            member: [found.blocks[x][k] for x in moments]
            for k, member in enumerate(votes.members)
            if any(found.blocks[x][k] for x in moments)
        }
        return moments, dict(sorted(rows.items(), key=lambda row: -max(row[1])))

    def gain_bands(self, votes: MeasureVotes) -> dict[str, Any]:
        """Bands of what a measure is worth to each member; empty without draws."""
        found = self._drawn(votes)
        return {} if found is None else dict(zip(votes.members, found.gain, strict=True))

    @property
    def power_words(self) -> list[str]:
        """How easily each body decides, and who decides most."""
        bodies = {id(p): p for v in self.votes for p in v.power.values()}
        return self.said(map(str, bodies.values()))

    def to_frame(self) -> pl.DataFrame:
        """One row a measure and member: what it is worth to keep, and where it blocks alone."""
        import polars as pl

        rows = []
        for v in self.votes:
            bands = self.gain_bands(v)
            for k, member in enumerate(self._ids(v.members)):
                gain = banded("gain", v.gain[k], bands.get(v.members[k]))
                alone = v.alone_at(v.members[k])
                row = {"measure": v.measure, "member": member} | gain | {"money": v.money[k]}
                rows.append(row | {f"blocks_{m}": m in alone for m in _WHEN})
        return pl.DataFrame(rows, infer_schema_length=None)

    def _lines(self) -> Sequence[str]:
        return self.locks

    def _words(self) -> Iterator[str]:
        yield from self.locks
        for votes in self.votes:
            yield from self.vote_words(votes)
            yield from self.chance_of(votes)
        yield from self.power_words

    def _drawn(self, votes: MeasureVotes) -> VoteChances | None:
        return None if self.answer.bands is None else self.answer.bands.votes[votes.measure]

    def _entries(self) -> dict[str, Any]:
        return {"votes": list(map(self._votes, self.votes))}

    def _votes(self, v: MeasureVotes) -> dict[str, Any]:
        members = self._ids(v.members)
        found, shown = self._drawn(v), forecast(self.answer, v)
        return {
            "id": v.measure,
            "label": v.label,
            "measures": v.measures,
            "owner": v.owner,
            "in_force": v.in_force,
            "rule": self.said([lock_words(v)])[0],
            "sentences": self.vote_words(v),
            **banded_by("gain", members, v.gain, None if found is None else found.gain),
            "money": by(members, v.money),
            "moments": [
                {
                    "moment": one.moment,
                    "rule": one.blocking.rule.name,
                    "applies": one.applies,
                    "passes": one.blocking.passes,
                    "in_force_after": one.in_force,
                    "in_favour": self._ids(one.blocking.yes),
                    "not_in_favour": self._ids(one.blocking.opponents),
                    "can_block_alone": self._ids(one.blocking.alone),
                    "minimal_blocking_sets": [self._ids(s) for s in one.blocking.minimal_sets],
                    "power": self._power(v.power[one.moment]),
                }
                for one in v.votes.votes
            ],
            "renewed": v.renewed,
            "record": self.said(record_words(self.answer, v)),
            "can_end_alone": self._ids(v.votes.can_end_alone),
            "can_keep_alone": self._ids(v.votes.can_keep_alone),
            "chances": None
            if found is None or self.answer.bands is None
            else {
                "draws": self.answer.bands.draws,
                "carried": {moment: found.carried[moment] for moment in shown},
                "blocks_alone": {moment: by(members, found.blocks[moment]) for moment in shown},
            },
        }

    def _power(self, power: PowerIndices) -> list[dict[str, Any]]:
        return [
            {"member": member}
            | {index: float(getattr(power, index)[k]) for index in _POWER}
            | {"swings": power.swings[k], "pivots": power.pivots[k]}
            | {"blocking_coalitions": power.blocking[k]}
            for k, member in enumerate(self._ids(power.members))
        ]
