"""Blocs that a draft offers: how each decides and when it renews, with source and date."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("blocs.yaml")


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BlocRenewal(_Row):
    """When measures of a bloc against one country come up for renewal.

    Attributes:
        against: ISO3 code.
        days: month and day of the ends of terms, as `01-31`.
        decision: the act that carries the term.
        href: its address.
    """

    against: str
    days: tuple[str, ...]
    decision: str
    href: str


class Bloc(_Row):
    """A group of countries that decides by a rule.

    Attributes:
        id: of the group, as `EU`.
        name: for readers.
        rule: how it decides.
        source: where that stands, or 'analyst estimate'.
        checked: the day or year that the row describes.
        note: what a reader should know of the rule.
        renewals: when its measures end unless renewed.
    """

    id: str
    name: str
    rule: str
    source: str
    checked: str
    note: str
    renewals: tuple[BlocRenewal, ...] = ()

    def renewal(self, country: str) -> BlocRenewal | None:
        """When its measures against a country are renewed; None where that is not on file."""
        return next((r for r in self.renewals if r.against == country), None)


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
