"""Blocs that a draft offers: how each decides and when it renews, with source and date."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from detente.cases.economy import ANALYST

_FILE = Path(__file__).with_name("blocs.yaml")

#: How far a row was held against a public text: the text, a report of it, or neither.
Evidence: TypeAlias = Literal["text", "report", "none"]
_EVIDENCE: dict[Evidence, str] = {
    "text": "",
    "report": "A public report of it was read, not the act.",
    "none": "Neither the act nor a report of it was read: check it.",
}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BlocRenewal(_Row):
    """When measures of a bloc against one country come up for renewal.

    Attributes:
        against: ISO3 code.
        days: month and day of the ends of terms, as `01-31`.
        decision: the act that carries the term.
        date: of the act.
        href: its address; empty where none is on file.
        evidence: how far the row was held against a public text.
        note: what a reader should know of it.
    """

    against: str
    days: tuple[str, ...]
    decision: str
    date: dt.date
    href: str = ""
    evidence: Evidence
    note: str = ""

    @property
    def remark(self) -> str:
        """The note, and what was not read of the act."""
        return _remark(self.note, self.evidence)


class Bloc(_Row):
    """A group of countries that decides by a rule.

    Attributes:
        id: of the group, as `EU`.
        name: for readers.
        rule: how it decides.
        source: where that stands, or 'analyst estimate'.
        href: the address of a public text; empty where none is on file.
        evidence: how far the row was held against a public text.
        checked: the day or year that the row describes.
        note: what a reader should know of the rule.
        renewals: when its measures end unless renewed.
    """

    id: str
    name: str
    rule: str
    source: str
    href: str = ""
    evidence: Evidence
    checked: str
    note: str
    renewals: tuple[BlocRenewal, ...] = ()

    @property
    def cited(self) -> str:
        """Where the rule stands, with its address, or that no address is on file."""
        if self.source == ANALYST:
            return self.source
        return f"{self.source}, {self.href}" if self.href else f"{self.source} (no link on file)"

    @property
    def remark(self) -> str:
        """The note, and what was not read of the source."""
        estimate = self.source == ANALYST
        return self.note if estimate else _remark(self.note, self.evidence)

    def renewal(self, country: str) -> BlocRenewal | None:
        """When its measures against a country are renewed; None where that is not on file."""
        return next((r for r in self.renewals if r.against == country), None)


def _remark(note: str, evidence: Evidence) -> str:
    return " ".join(text for text in (note, _EVIDENCE[evidence]) if text)


@cache
def blocs() -> dict[str, Bloc]:
    """The blocs on file, by id.

    Example:
        >>> from detente.cases.drafts.blocs import blocs
        >>> blocs()["EU"].renewal("RUS").days
        ('01-31', '07-31')
    """
    from ruamel.yaml import YAML

    rows = YAML(typ="safe", pure=True).load(_FILE.read_text(encoding="utf-8"))
    return {row["id"]: Bloc.model_validate(row) for row in rows}
