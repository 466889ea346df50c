"""What one decision renews: the measures of a regime of sanctions that stand and lapse together."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from detente.cases.fields import Day, Entry, Name, Names, Text
from detente.cases.measures import Act
from detente.cases.rules import RuleInput


class Renewed(Entry):
    """A day on which the decision was renewed."""

    date: Day
    no_later: bool = Field(
        default=False,
        description="The day is not known: it was renewed on `date` or some days before.",
    )
    until: Day | None = Field(default=None, description="Day on which the new term ends.")
    act: str = Field(default="", description="Title of the act that renews it.")
    source: Text
    note: str = ""


class Renewal(Entry):
    """A decision with a term that carries several measures of one owner.

    They are renewed by one vote over all of them, or all lapse. One of them alone can only be
    repealed.
    """

    id: Name
    label: Text
    owner: Name = Field(description="The id of a party: the owner of the measures.")
    measures: Names = Field(description="What it renews; each of them has `expiry: lapses`.")
    rule: RuleInput | None = Field(
        default=None, description="To renew it; the owner's where it is left out."
    )
    decision: Act | None = Field(default=None, description="The act that carries the expiry.")
    regulation: Act | None = Field(
        default=None, description="The act that carries it out and has no expiry of its own."
    )
    renewed: tuple[Renewed, ...] = Field(default=(), description="Days on which it was renewed.")
    source: Text
    note: str = ""

    def move_id(self, day: dt.date) -> str:
        """The id under which its renewal on a day stands among the observed moves."""
        return f"{self.id}-{day}"
