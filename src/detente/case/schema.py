"""The parts of a case file besides its measures: parties, parameters, elasticities, commodities."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from detente.case.entry import Entry
from detente.case.measures import exactly_one
from detente.case.rules import SOVEREIGN, RuleGiven
from detente.case.spread import Spread, SpreadGiven
from detente.case.values import (
    EARLIEST,
    LATEST,
    Day,
    Members,
    Name,
    Number,
    NumberOrName,
    Text,
    in_time,
    shown,
)

ANALYST = "analyst estimate"


def _dated(value: Any) -> Any:
    """A year, a day or words for a period, as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, dt.date):
        return str(in_time(value))
    year = value
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d+\s*", value) and len(value) < 20:
        year = int(value)
    if isinstance(year, int):
        if not EARLIEST.year <= year <= LATEST.year:
            raise PydanticCustomError("year", "is {shown}, not a year", shown(year))
        return str(value)
    return value


def _code(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and text.isdigit() and len(text) in (2, 4, 6, 8, 10):
        return text
    raise PydanticCustomError("code", "is {shown}, not an HS code", shown(value))


Dated = Annotated[
    Text, BeforeValidator(_dated), WithJsonSchema({"type": ["string", "integer"], "minLength": 1})
]
Code = Annotated[str, BeforeValidator(_code), WithJsonSchema({"type": ["string", "integer"]})]


class Party(Entry):
    """A government or bloc: who can adopt and lift measures, or is touched by them."""

    id: Name
    name: Text
    members: Members = Field(
        default=(),
        description="ISO3 codes of the world, or groups such as EU, or one text such as 'EU except "
        "HUN'; not needed of a ratifier, nor in a published conflict.",
    )
    role: Literal["negotiating", "affected", "ratifier"] = Field(
        default="negotiating",
        description="`affected`: has no vote; `ratifier`: can only block what others agree on.",
    )
    rule: RuleGiven = Field(
        default=SOVEREIGN, description="How it decides: alone, or by a vote of its members."
    )
    patience: SpreadGiven | None = Field(
        default=None,
        description="What one year's delay leaves of a value, a share per year from 0.01 to "
        "below 1: 0.9 is 10 % less for each year. Never per step: see `talks.step_years`.",
    )
    reservation: SpreadGiven = Field(
        default=Spread(0.0),
        description="What it has to gain over the status quo to sign, USD million a year.",
    )
    weight: NumberOrName = Field(
        default=1.0, description="Bargaining weight in the Nash and utilitarian points, above 0."
    )
    note: str = ""
    source: str = ""

    @property
    def is_bloc(self) -> bool:
        """Whether its members vote."""
        return self.rule.kind != "sovereign"


class Parameter(Entry):
    """A number that a reader may dispute: with its range, unit, date and source."""

    value: Number = Field(description="What holds on the case's own date.")
    range: tuple[Number, Number] | None = Field(
        default=None, description="Lowest and highest value that is thought possible."
    )
    by_date: dict[Day, Number] = Field(
        default_factory=dict,
        description="For what changed after the base year: first days of validity, and the values "
        "from then on. Before the first of them, `value` holds; on the case's date, both agree.",
    )
    unit: Text
    date: Dated = Field(description="The year, day or period that the number describes.")
    source: Text = Field(description=f"Publication and address, or the words '{ANALYST}'.")
    note: str = ""

    def on(self, day: dt.date) -> float:
        """The value that holds on a day."""
        begun = [first for first in self.by_date if first <= day]
        return self.by_date[max(begun)] if begun else self.value

    def changed_to(self, value: float) -> Parameter:
        """The same parameter with another value; what holds on other days moves in proportion."""
        scale = value / self.value if self.by_date else 1.0
        dated = {day: given * scale for day, given in self.by_date.items()}
        return self.model_copy(update={"value": value, "by_date": dated})

    @property
    def values(self) -> tuple[float, ...]:
        """Every value that it takes on some day."""
        return (self.value, *self.by_date.values())

    @property
    def is_estimate(self) -> bool:
        """Whether it is marked as an analyst's estimate rather than taken from a publication."""
        return self.source.strip().casefold().startswith(ANALYST)


class Elasticity(Entry):
    """Replaces the world's elasticities of one good."""

    good: Text
    trade_elasticity: NumberOrName | None = Field(
        default=None, description="How strongly trade reacts to trade cost, > 0."
    )
    input_substitution: NumberOrName | None = Field(
        default=None,
        description="Substitution among the inputs of the producers of this good, ≥ 0.",
    )
    source: str = ""
    note: str = ""


class Override(Entry):
    """A flow that replaces the one in the table of flows: its quantity, or a share of imports."""

    origin: Text
    market: Text
    quantity: NumberOrName | None = Field(default=None, description="In the commodity's unit, ≥ 0.")
    share: NumberOrName | None = Field(
        default=None,
        description="Of all that the market imports, 0 to below 1. The total stays; suppliers "
        "without an override of their own give way in proportion.",
    )
    source: Text

    @model_validator(mode="after")
    def _one_of_two(self) -> Override:
        exactly_one({"quantity": self.quantity, "share": self.share})
        return self


class Commodity(Entry):
    """A good that is split out of a good of the world."""

    name: Name = Field(description="The name of the new good, such as POTASH.")
    label: Text
    parent: Text = Field(description="The good of the world that it is taken out of.")
    flows: Text = Field(
        description="A csv beside the case file, or the name of a bundled table: columns origin, "
        "market, tonnes (or quantity), kind (export or own), note."
    )
    unit: Text = Field(description="The unit of the flows, such as t.")
    price: NumberOrName = Field(description="USD per unit at the base year.")
    period: Dated = Field(description="The year or period that the flows describe.")
    hs: Code | None = Field(default=None, description="Code in the Harmonized System.")
    users: dict[str, NumberOrName] = Field(
        min_length=1,
        description="Share of each using good, or of `final` use, in every market's purchases; "
        "they sum to 1; one of them may be `rest`.",
    )
    labour_share: NumberOrName = Field(description="Share of sales paid to labour.")
    capital_share: NumberOrName = Field(description="Share of sales paid to capital.")
    resource_share: NumberOrName = Field(
        description="Share of sales that is the rent of the deposit, a factor that never moves."
    )
    resource_shares: dict[Text, NumberOrName] = Field(
        default_factory=dict,
        description="The same for single countries, by ISO3 code: a lower one makes their supply "
        "more elastic. What it leaves pays for inputs.",
    )
    inputs: dict[str, NumberOrName] = Field(
        default_factory=dict,
        description="Relative weights of the inputs that are paid from what the factors leave of "
        "sales. Left out: the parent's own mix.",
    )
    trade_elasticity: NumberOrName
    input_substitution: NumberOrName
    overrides: tuple[Override, ...] = ()
    observed: Text | None = Field(
        default=None,
        description="A bundled table of what was traded later, year by year, for the back-test.",
    )
    observed_prices: Text | None = Field(
        default=None, description="A bundled table of yearly prices, for the back-test."
    )
    source: Text
    note: str = ""
