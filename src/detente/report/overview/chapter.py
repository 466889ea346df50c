"""The four questions of a report, and the answer to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

ChapterId: TypeAlias = Literal["who-pays", "where-goods-go", "what-deal", "how-sure"]

#: The questions in the order in which everything that is read asks them.
QUESTIONS: dict[ChapterId, str] = {
    "who-pays": "Who pays?",
    "where-goods-go": "Where do the goods go instead?",
    "what-deal": "What deal would hold?",
    "how-sure": "How far can I believe this?",
}


@dataclass(frozen=True)
class Chapter:
    """One question answered.

    Attributes:
        id: which of the `QUESTIONS`.
        sentence: the answer.
        paragraph: what stands behind it, in a few sentences.
        bullet: the answer in at most 30 words, for the top of a page; empty where the sentence has
            nothing that a reader in a hurry needs.
        picture: the chart or table that shows it, `chart:ID` or `table:ID`; empty if there is none.
        sections: ids of the sections of a report that hold its details.
        points: sentence and paragraph in parts, each under a few words; empty where they have none.
    """

    id: ChapterId
    sentence: str
    paragraph: str
    bullet: str = ""
    picture: str = ""
    sections: tuple[str, ...] = ()
    points: tuple[tuple[str, str], ...] = ()

    @property
    def question(self) -> str:
        """The question in words."""
        return QUESTIONS[self.id]

    def plain(self) -> dict[str, Any]:
        """Itself as plain values."""
        return {
            "id": self.id,
            "question": self.question,
            "sentence": self.sentence,
            "paragraph": self.paragraph,
            "bullet": self.bullet,
            "picture": self.picture,
            "sections": list(self.sections),
            "points": [{"label": label, "text": text} for label, text in self.points],
        }
