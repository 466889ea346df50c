"""Who has no move of its own: members of blocs, ratifiers and parties that are only affected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis.negotiation.labels import party_labels
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.stakes import (
    ballots_of,
    blocs_of,
    member_words,
    onlooker_words,
)

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.negotiation.stakes import Ballot


@dataclass(frozen=True, eq=False, repr=False)
class OnlookerAnswer(NegotiationQuestion):
    """What there is to say of one that has no move: a member of a bloc, or a party affected.

    Attributes:
        party: its id, or the ISO3 code of a member.
    """

    kind = "why_onlooker"

    party: str = ""

    @property
    def ballots(self) -> tuple[Ballot, ...]:
        """What the measures that it votes on are worth to it."""
        return ballots_of(self.answer, party_labels(self.answer.case).get(self.party, self.party))

    def to_frame(self) -> pl.DataFrame:
        """One row a measure that it votes on."""
        import polars as pl

        rows = [
            {"measure": b.measure, "money": b.money, "gain": b.gain}
            | {"blocks_at": " ".join(b.blocks_at)}
            for b in self.ballots
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def _words(self) -> Iterator[str]:
        if self.party in party_labels(self.answer.case):
            yield from onlooker_words(self.answer, self.party)
        else:
            yield from member_words(self.answer, self.party)

    def _entries(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "inside": blocs_of(self.answer, self.party),
            "ballots": list(map(asdict, self.ballots)),
            "moves": [
                {"change": m.label, "measures": m.measures, "money": m.of(self.party)}
                for m in self.answer.moves
                if self.party in m.parties
            ],
        }
