"""What a negotiation comes to: every question answered, in one result that says itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from detente._shown import Framed, Small
from detente.analysis.negotiation.answer_data import NegotiationData
from detente.analysis.negotiation.questions.bargaining import DealsAnswer
from detente.analysis.negotiation.questions.blocking import BlockersAnswer
from detente.analysis.negotiation.questions.communication import ChannelsAnswer
from detente.analysis.negotiation.questions.motives import WhyAnswer
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.questions.sequencing import StepsAnswer
from detente.analysis.negotiation.questions.stability import StableAnswer
from detente.errors import DetenteError

if TYPE_CHECKING:
    import polars as pl


#: The questions of a negotiation, in the order in which a document has them.
_QUESTIONS: tuple[type[NegotiationQuestion], ...] = (
    WhyAnswer,
    DealsAnswer,
    StepsAnswer,
    BlockersAnswer,
    ChannelsAnswer,
    StableAnswer,
)


@dataclass(frozen=True, eq=False, repr=False)
class NegotiationAnswer(NegotiationData, Framed):
    """A negotiation answered in full; `NegotiationData` says what each field holds."""

    @classmethod
    def of(cls, data: NegotiationData) -> Self:
        """The same answers as a result that says itself."""
        return cls(**{f.name: getattr(data, f.name) for f in fields(data)})

    @property
    def questions(self) -> dict[str, NegotiationQuestion]:
        """The questions that have an answer, by `why`, `deals`, `steps` and so on."""
        return _answered(self)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The main results in words, those that rest on no valuation first."""
        return _All(self).sentences

    def to_frame(self, question: str | None = None) -> pl.DataFrame:
        """The figures of one question as rows and columns.

        Args:
            question: `why`, `deals`, `steps`, `blockers`, `channels` or `stable`; the first of
                them that has an answer if None.

        Returns:
            polars.DataFrame: as `to_frame` of that question gives it.

        Raises:
            NoNegotiation: the question has no answer; says what the case lacks.
            DetenteError: there is no such question.
        """
        found = self.questions
        if question is None:
            return next(iter(found.values())).to_frame()
        self.require(question)
        if question not in found:
            raise DetenteError(
                f"A negotiation has no question {question!r}.", f"Ask for {', '.join(found)}."
            )
        return found[question].to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, a document for each question; see `docs/json.md`."""
        return _All(self).to_dict()

    def _lines(self) -> Sequence[str]:
        return (f"{self.case.title}, {self.date}", *self.sentences[:2])

    def _small(self) -> Small | None:
        found = self.questions
        return found["why"]._small() if "why" in found else None


def _answered(data: NegotiationData) -> dict[str, NegotiationQuestion]:
    return {q.kind: q(data) for q in _QUESTIONS if q.kind not in data.unanswered}


class _All(NegotiationQuestion):
    """The document of all questions: its head, and the document of each."""

    kind = "negotiation"

    def _words(self) -> Iterator[str]:
        yield from self.answer.headlines

    def _entries(self) -> dict[str, Any]:
        found = _answered(self.answer)
        return {
            "unanswered": dict(self.answer.unanswered),
            **{q.kind: found[q.kind].to_dict() if q.kind in found else None for q in _QUESTIONS},
        }
