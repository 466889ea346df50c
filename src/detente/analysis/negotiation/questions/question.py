"""What the results of all questions about a negotiation share: the head of a document and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from detente._document import document
from detente._shown import Framed
from detente.analysis.document_head import data_entry, draws_entry, head
from detente.analysis.negotiation.feasible_packages import caveat, points_left_out
from detente.analysis.negotiation.labels import parameter_words, party_labels
from detente.negotiation import Conflict
from detente.negotiation.words import upper_first
from detente.world.names import spelled

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.departure import Departure
    from detente.analysis.negotiation.answer_data import NegotiationData
    from detente.analysis.negotiation.chances import AnswerChance


@dataclass(frozen=True, eq=False, repr=False)
class NegotiationQuestion(Framed):
    """One question about a negotiation, answered.

    Attributes:
        answer: the negotiation answered in full.
    """

    answer: NegotiationData
    #: What a document of it is called.
    kind: ClassVar[str]
    #: The questions of which chances over draws belong to it.
    asked: ClassVar[tuple[str, ...]] = ()

    @property
    def departure(self) -> Departure:
        """How the state that the negotiation starts from differs from that of the case."""
        return self.answer.departure

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in words, the main result first."""
        return tuple(self.said(self._words()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was approximated or assumed on the way."""
        return tuple(map(self.named, self.answer.notes))

    @property
    def chances(self) -> tuple[AnswerChance, ...]:
        """How likely the answers are over draws; empty without draws."""
        return tuple(c for c in self.answer.chances if c.question in self.asked)

    @property
    def caveat(self) -> str:
        """What has to be said where points of bargaining are shown; empty if none are."""
        return caveat(self.answer)

    @cached_property
    def details(self) -> frozenset[str]:
        """Ids of points of bargaining that are no main result, as estimates pick them."""
        return points_left_out(self.answer)

    def chance_words(self, *, details: bool = False) -> list[str]:
        """Chances in sentences: of the main results, or of the details."""
        found = [c for c in self.chances if (c.of in self.details) is details]
        return self.said(map(self.chance_sentence, found))

    def chance_sentence(self, chance: AnswerChance) -> str:
        """A chance in a sentence, with the parameter that turns it in words."""
        if not chance.turned_by:
            return str(chance)
        case = self.answer.case
        turned_too = tuple(parameter_words(case, name) for name in chance.turned_too)
        return str(
            replace(
                chance,
                turned_by=parameter_words(case, chance.turned_by),
                turned_too=turned_too,
            )
        )

    def named(self, text: str) -> str:
        """A text with members of blocs by name instead of by code."""
        conflict = self.answer.conflict
        if not isinstance(conflict, Conflict):
            return text
        return spelled(text, {m for p in conflict.parties for m in p.members})

    def said(self, lines: Iterable[str]) -> list[str]:
        """Sentences, with countries by name instead of by code."""
        return [upper_first(self.named(line)) for line in lines]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        answer = self.answer
        drawn = answer.drawn
        draws = None
        if drawn is not None:
            made = None if drawn.money_dqn is None else len(drawn.money_dqn) + drawn.failed
            draws = draws_entry(drawn.asked, made or drawn.asked, drawn.failed, drawn.seed)
        about = head(
            answer.case.name,
            self.departure,
            data=data_entry(answer.case),
            date=answer.date,
            horizon=answer.horizon,
            transfers=answer.case.transfers if answer.horizon else "",
            draws=draws,
            sentences=self.sentences,
            notes=self.notes,
        )
        return document(self.kind, about | self._entries())

    def to_frame(self) -> pl.DataFrame:
        """The figures as rows and columns."""
        raise NotImplementedError

    def _words(self) -> Iterable[str]:
        """The sentences before countries are spelled."""
        raise NotImplementedError

    def _entries(self) -> dict[str, Any]:
        """What a document has after its head."""
        raise NotImplementedError

    def _chance_entries(self) -> list[dict[str, Any]]:
        return [
            asdict(c) | {"sentence": self.said([self.chance_sentence(c)])[0]} for c in self.chances
        ]

    def _ids(self, labels: Iterable[str]) -> list[str]:
        """Ids of parties that are known by their labels; others stand for themselves."""
        return [self._parties.get(label, label) for label in labels]

    @cached_property
    def _parties(self) -> dict[str, str]:
        return {label: party for party, label in party_labels(self.answer.case).items()}

    def _lines(self) -> Sequence[str]:
        return self.sentences
