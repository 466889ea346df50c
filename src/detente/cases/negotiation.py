"""The negotiation of a case file: interests, their worth, channels, moves and packages.

`Negotiation` names the moves and packages, `Valuation` says what an interest is worth to whom, and
`Channel` who can talk to whom. `Conflict` is one as published: states, moves, and who prefers
which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from detente._types import Mask
from detente.cases.economy import ANALYST
from detente.cases.fields import (
    Day,
    Entry,
    Name,
    Names,
    Number,
    NumberOrName,
    Spread,
    SpreadInput,
    Text,
    as_names,
    day_or_none,
    in_time,
    shown,
)

Concept = Literal["nash", "gmr", "smr", "seq"]


def _label(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return value
    raise PydanticCustomError("state", "is {shown}, not a state", shown(value))


def _ranking(value: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list | tuple) or not value:
        raise PydanticCustomError("ranking", "is {shown}, not a list", shown(value))
    tiers = (v if isinstance(v, list | tuple) else (v,) for v in value)
    return tuple(tuple(_label(state) for state in tier) for tier in tiers)


_STATE_SCHEMA = {"type": ["integer", "string"]}
StateLabel = Annotated[str, PlainValidator(_label), WithJsonSchema(_STATE_SCHEMA)]
Ranking = Annotated[
    tuple[tuple[str, ...], ...],
    PlainValidator(_ranking),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"anyOf": [_STATE_SCHEMA, {"type": "array", "items": _STATE_SCHEMA}]},
            "minItems": 1,
            "description": "States from the best to the worst; those in an inner list are equal.",
        }
    ),
]


class Option(Entry):
    """Something that a decision maker can take or not."""

    id: Name
    label: Text
    owner: Name = Field(description="The id of a party.")
    direction: Literal["both", "take", "drop"] = Field(
        default="both",
        description="`take`: once taken it stays; `drop`: once dropped it stays away.",
    )


class State(Entry):
    """A feasible state, by the options taken in it."""

    id: StateLabel
    taken: tuple[Name, ...] = ()
    either: tuple[Name, ...] = Field(
        default=(), description="Options that make no difference in this state."
    )
    label: str = ""


class Conflict(Entry):
    """A conflict in option form, as the graph model for conflict resolution writes it."""

    options: tuple[Option, ...] = Field(min_length=1)
    states: tuple[State, ...] = Field(min_length=2)
    preferences: dict[Name, Ranking] = Field(min_length=1, description="By party.")
    moves: dict[Name, tuple[tuple[StateLabel, StateLabel], ...]] = Field(
        default_factory=dict,
        description="By party, from and to; replaces what the options say where given.",
    )
    status_quo: StateLabel | None = None
    reported: dict[Concept, tuple[StateLabel, ...]] = Field(
        default_factory=dict, description="The stable states that the publication reports."
    )
    source: Text
    note: str = ""

    @property
    def state_ids(self) -> tuple[str, ...]:
        """The states' ids in the order of the file."""
        return tuple(state.id for state in self.states)

    @property
    def players(self) -> tuple[str, ...]:
        """The parties that decide, in the order of their preferences in the file."""
        return tuple(self.preferences)

    def rank_is(self) -> NDArray[np.int64]:
        """How much each party prefers each state, higher is better and equal is equal, (I, S)."""
        place = {state: s for s, state in enumerate(self.state_ids)}
        out = np.zeros((len(self.preferences), len(place)), dtype=np.int64)
        for i, tiers in enumerate(self.preferences.values()):
            for depth, tier in enumerate(tiers):
                out[i, [place[state] for state in tier]] = len(tiers) - depth
        return out

    def reach_iss(self) -> Mask:
        """Whether a party can move alone from one state to another, (I, S from, S to)."""
        place = {state: s for s, state in enumerate(self.state_ids)}
        out = np.zeros((len(self.preferences), len(place), len(place)), dtype=np.bool_)
        for i, party in enumerate(self.preferences):
            if party in self.moves:
                for start, end in self.moves[party]:
                    out[i, place[start], place[end]] = True
                continue
            for s, start_state in enumerate(self.states):
                for t, end_state in enumerate(self.states):
                    out[i, s, t] = s != t and self._can(party, start_state, end_state)
        return out

    def _can(self, party: str, start: State, end: State) -> bool:
        """Whether only options of a party differ, in directions that they allow."""
        moved = False
        for option in self.options:
            if option.id in start.either or option.id in end.either:
                continue
            before, after = option.id in start.taken, option.id in end.taken
            if before == after:
                continue
            if option.owner != party or option.direction == ("drop" if after else "take"):
                return False
            moved = True
        return moved


def unknown_states(conflict: Conflict) -> Mapping[tuple[str | int, ...], tuple[str, ...]]:
    """The states that are named and do not exist, by their place in the block."""
    known = set(conflict.state_ids)
    named: dict[tuple[str | int, ...], tuple[str, ...]] = {}
    for party, tiers in conflict.preferences.items():
        named["preferences", party] = tuple(state for tier in tiers for state in tier)
    for party, pairs in conflict.moves.items():
        for k, pair in enumerate(pairs):
            named["moves", party, k] = pair
    for concept, states in conflict.reported.items():
        named["reported", concept] = states
    if conflict.status_quo is not None:
        named[("status_quo",)] = (conflict.status_quo,)
    wrong = {where: tuple(s for s in states if s not in known) for where, states in named.items()}
    return {where: states for where, states in wrong.items() if states}


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
    fidelity: SpreadInput = Field(
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


class Negotiation(Entry):
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
