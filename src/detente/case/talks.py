"""What a negotiation is about: interests, what they are worth, channels, moves and packages."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from detente.case.entry import Entry
from detente.case.schema import ANALYST
from detente.case.spread import Spread, SpreadGiven
from detente.case.values import (
    Day,
    Name,
    Names,
    Number,
    NumberOrName,
    Text,
    as_names,
    day_or_none,
    in_time,
    shown,
)

#: Twenty moves make a million states; each more doubles them.
MOST_MOVES = 20
_IN_VIEW = (
    "Ids of the observed moves that its value, range or weight was set in view of; a renewal's is "
    "the id of its entry, a hyphen and the day."
)


class Interest(Entry):
    """Something that parties care about and that trade does not carry."""

    id: Name
    label: Text
    unit: Text = Field(description="What one unit of it is, such as person.")
    set_in_view: Names = Field(default=(), description=_IN_VIEW)
    source: str = ""
    note: str = ""


class Valuation(Entry):
    """What a party would pay, a year, for one unit of an interest; negative for what it avoids.

    That of a bloc is what all its members hold together, each in proportion to its income; an entry
    with `member` replaces the share of that member.
    """

    party: Name
    interest: Name
    member: Text | None = Field(
        default=None, description="ISO3 code of a member of the bloc, whose own value this is."
    )
    value: NumberOrName = Field(description="USD million a year per unit.")
    range: tuple[Number, Number] | None = Field(
        default=None, description="Lowest and highest value that is thought possible."
    )
    set_in_view: Names = Field(default=(), description=_IN_VIEW)
    source: Text = Field(description=f"Publication and address, or the words '{ANALYST}'.")
    note: str = ""

    @property
    def name(self) -> str:
        """The name under which its own range is drawn."""
        whose = self.party if self.member is None else f"{self.party}.{self.member}"
        return f"valuations.{whose}.{self.interest}"

    @property
    def is_estimate(self) -> bool:
        """Whether it is marked as an analyst's estimate rather than taken from a publication."""
        return self.source.strip().casefold().startswith(ANALYST)


class Channel(Entry):
    """A link over which two parties talk, directly and in both directions."""

    id: Name
    name: Text
    between: tuple[Name, Name]
    fidelity: SpreadGiven = Field(
        default=Spread(1.0),
        description="Chance that a message arrives as it was meant, above 0 and at most 1.",
    )
    start: Day | None = Field(default=None, alias="from", description="First day; always if left.")
    until: Day | None = Field(default=None, description="First day no longer; open if left.")
    source: Text
    note: str = ""

    def open_on(self, day: dt.date) -> bool:
        """Whether it carries messages on the day."""
        begun = self.start is None or self.start <= day
        return begun and (self.until is None or day < self.until)


class ObservedMove(Entry):
    """Something that a party did on a day with measures of its own, to hold the model against."""

    id: Name | None = Field(default=None, description="For `set_in_view`; may be left out.")
    date: Day
    party: Name
    move: Literal["adopt", "keep", "lift"]
    measures: Names
    source: Text
    note: str = ""


class Constraint(Entry):
    """A rule between moves: what must be in force with a measure, or must not."""

    measure: Name
    requires: Names = Field(default=(), description="In force whenever `measure` is.")
    excludes: Names = Field(default=(), description="Never in force together with `measure`.")
    note: str = ""


class Package(Entry):
    """Measures that somebody proposes to change together, and if wanted in which steps."""

    id: Name
    label: Text
    lift: Names = ()
    adopt: Names = ()
    steps: tuple[Names, ...] = Field(
        default=(), description="Which of them change at each step; all at once if left out."
    )
    source: str = ""
    note: str = ""

    @property
    def measures(self) -> tuple[str, ...]:
        """All that it changes."""
        return (*self.lift, *self.adopt)


def _day_or_names(value: Any) -> dt.date | tuple[str, ...]:
    day = day_or_none(value)
    if day is not None:
        return in_time(day)
    if isinstance(value, list) and not value:
        return ()
    if isinstance(value, list | tuple):
        return as_names(value)
    raise PydanticCustomError("day_or_names", "is {shown}, no day or list", shown(value))


StatusQuo = Annotated[
    dt.date | tuple[str, ...],
    PlainValidator(_day_or_names),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "array", "items": {"type": "string"}},
            ]
        }
    ),
]


class Talks(Entry):
    """The state space of a negotiation: which measures may change, and what ties them together."""

    moves: tuple[Name, ...] = Field(
        min_length=1,
        json_schema_extra={"maxItems": MOST_MOVES},
        description="Measures that are bits of a state, the first the lowest.",
    )
    status_quo: StatusQuo | None = Field(
        default=None,
        description="A day, or the list of the moves in force; the case's date if left out.",
    )
    signatories: Names = Field(description="Parties whose acceptance a package needs.")
    constraints: tuple[Constraint, ...] = ()
    packages: tuple[Package, ...] = ()
    step_years: NumberOrName = Field(
        default=1.0, description="Years between two steps of a sequence; patience is per year."
    )
    note: str = ""
