"""Why: why each party moves or holds, what that costs or brings, and which stake it implies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from detente._shown import Small
from detente.analysis.document_head import UNIT, banded, banded_by, by
from detente.analysis.negotiation.explained_moves import record_words, tally_data, tally_words
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.sentences import event_words
from detente.analysis.negotiation.stakes import stake_of
from detente.negotiation import Conflict

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.negotiation.observed_moves import MoveCheck
    from detente.analysis.negotiation.stakes import ImpliedStake
    from detente.analysis.negotiation.trade_settings import MoveMoney
    from detente.negotiation import Why


#: Money below this, USD million a year, is no effect on trade.
_SMALL = 0.05


@dataclass(frozen=True, eq=False, repr=False)
class WhyAnswer(NegotiationQuestion, Mapping[str, "Why"]):
    """Why parties move or hold; a mapping of `Why` by the ids of the parties.

    Attributes:
        party: the one party that was asked about; empty for all that have a move.
    """

    kind = "why"

    party: str = ""

    @property
    def parties(self) -> tuple[str, ...]:
        """Ids of the parties that were asked about."""
        return (self.party,) if self.party else tuple(self.answer.conflict.names)

    def __getitem__(self, party: str) -> Why:
        """Why one party holds or moved."""
        if party not in self.parties:
            raise KeyError(party)
        return self.answer.why(party)

    def __iter__(self) -> Iterator[str]:
        return iter(self.parties)

    def __len__(self) -> int:
        return len(self.parties)

    def stake(self, party: str) -> ImpliedStake:
        """The stake that one party's behaviour implies."""
        return stake_of(self.answer, party)

    @property
    def moves(self) -> tuple[MoveMoney, ...]:
        """What each change alone brings in money, as far as it brings anybody anything."""
        return tuple(m for m in self.answer.moves if any(abs(g) >= _SMALL for g in m.gain))

    @property
    def idle(self) -> tuple[MoveMoney, ...]:
        """The changes that by themselves bring nobody any money."""
        return tuple(m for m in self.answer.moves if m not in self.moves)

    @property
    def events(self) -> tuple[MoveCheck, ...]:
        """The observed moves of these parties against the model."""
        return tuple(e for e in self.answer.events if e.party in self.parties)

    @property
    def renewals(self) -> dict[str, list[str]]:
        """What renewals on record say of members by money alone, by measure."""
        found = {
            v.measure: self.said(record_words(self.answer, v))
            for v in self.answer.votes
            if v.owner in self.parties
        }
        return {measure: lines for measure, lines in found.items() if lines}

    @property
    def stake_words(self) -> list[str]:
        """Why each party moves or holds; then what renewals on record say."""
        lines = [self.stake(p).sentence for p in self.parties]
        return [*self.said(lines), *(line for lines in self.renewals.values() for line in lines)]

    @property
    def idle_words(self) -> list[str]:
        """Which changes are by themselves without effect on trade."""
        idle = [self.short(m) for m in self.idle]
        return [f"By itself without effect on trade: {'; '.join(idle)}."] if idle else []

    @property
    def tally_words(self) -> list[str]:
        """How many observed moves the model makes rational; of all parties only."""
        return self.said([tally_words(self.answer)]) if self.events and not self.party else []

    def event_words(self, event: MoveCheck) -> str:
        """One observed move and what the model makes of it."""
        return self.named(event_words(self.answer, event))

    def short(self, move: MoveMoney) -> str:
        """A change by the ids of its measures: 'end us-potash'."""
        conflict = self.answer.conflict
        assert isinstance(conflict, Conflict)
        on = conflict.space.in_force(conflict.status_quo)
        verb = "end" if move.measures[0] in on else "start"
        return f"{verb} {' + '.join(move.measures)}"

    def to_frame(self) -> pl.DataFrame:
        """One row a change and party: the money that it brings, with its band."""
        import polars as pl

        rows = [
            {"change": self.short(m), "party": party}
            | banded("money", m.gain[k], (m.low[k], m.high[k]) if self.answer.draws else None)
            for m in self.answer.moves
            for k, party in enumerate(m.parties)
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def _lines(self) -> Sequence[str]:
        return self.said(self.stake(p).sentence for p in self.parties[:4])

    def _small(self) -> Small | None:
        shown = self.moves[:5]
        if not shown:
            return None
        rows = [[party, *(m.of(party) for m in shown)] for party in shown[0].parties[:8]]
        return f"Money if one thing changes, {UNIT}", ("", *map(self.short, shown)), rows

    def _words(self) -> Iterator[str]:
        yield from self.stake_words
        yield from self.idle_words
        yield from self.tally_words
        yield from (event_words(self.answer, e) for e in self.events)

    def _entries(self) -> dict[str, Any]:
        return {
            "parties": list(map(self._party, self.parties)),
            "moves": list(map(self._move, self.answer.moves)),
            "renewals": self.renewals,
            "tally": tally_data(self.events),
            "observed_moves": list(map(self._event, self.events)),
        }

    def _party(self, party: str) -> dict[str, Any]:
        why, stake = self[party], self.stake(party)
        conflict = self.answer.conflict
        assert isinstance(conflict, Conflict)
        parts = ("money", *(interest.name for interest in conflict.payoffs.interests))
        band = (stake.low, stake.high) if self.answer.draws else None
        return {
            "id": party,
            "behaviour": why.behaviour,
            "sentence": self.said([stake.sentence])[0],
            "money": stake.money,
            **banded("bound", stake.bound, band),
            "with_others": stake.with_others,
            "moves": [
                {
                    "change": m.change,
                    "gain": m.gain,
                    "gain_by_part": by(parts, m.parts),
                    "carried": m.carried,
                }
                for m in why.moves
            ],
        }

    def _move(self, m: MoveMoney) -> dict[str, Any]:
        bands = list(zip(m.low, m.high, strict=True)) if self.answer.draws else None
        return {
            "change": m.label,
            "measures": m.measures,
            "owners": m.owners,
            **banded_by("money", m.parties, m.gain, bands),
            "money_of_members": dict(m.members),
        }

    def _event(self, e: MoveCheck) -> dict[str, Any]:
        entries = asdict(e)
        band = (entries.pop("low"), entries.pop("high"))
        opposed = dict(e.opposed)
        return entries | {
            **banded("money_exchange", e.money_exchange, band),
            "opposed": opposed,
            "opposed_money": by(list(opposed), e.opposed_money),
            "verdict": e.verdict,
            "in_sample": e.in_sample,
            "contradicted": e.contradicted,
            "sentence": self.said([event_words(self.answer, e)])[0],
        }
