"""The economy of a case file: parties, parameters, elasticities, commodities and their routes.

`Party`, `Parameter`, `Elasticity` and `Commodity` are the entries, and `RouteChoice` says how a
commodity gets out: the routes to a group of markets, their shares, costs, fees and room.
`Correlation` ties parameters together, and `correlation_faults` says whether all correlations can
hold.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from detente._near import did_you_mean
from detente._types import Array
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import (
    EARLIEST,
    LATEST,
    REST,
    Day,
    Entry,
    Labels,
    Members,
    Name,
    Number,
    NumberOrName,
    Spread,
    SpreadInput,
    Text,
    in_time,
    shown,
)
from detente.cases.measures import exactly_one
from detente.cases.rules import SOVEREIGN, RuleInput

#: What a route that stands in several entries must have in common, where it is given twice.
SHARED = ("port", "transit", "capacity", "via")


def _point(value: Any) -> tuple[float, float]:
    if isinstance(value, list | tuple) and len(value) == 2:
        numbers = [x for x in value if isinstance(x, int | float) and not isinstance(x, bool)]
        if len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90:
            return float(numbers[0]), float(numbers[1])
    raise PydanticCustomError("point", "is {shown}, not a point", shown(value))


Point = Annotated[
    tuple[float, float],
    PlainValidator(_point),
    WithJsonSchema(
        {
            "type": "array",
            "prefixItems": [
                {"type": "number", "minimum": -180, "maximum": 180},
                {"type": "number", "minimum": -90, "maximum": 90},
            ],
            "minItems": 2,
            "maxItems": 2,
            "description": "Longitude and latitude, degrees.",
        }
    ),
]


class Route(Entry):
    """One route out: a port, a railway, a road, with what it carries in the base year."""

    id: Name
    label: Text
    base_share: NumberOrName = Field(
        description="Share of the exporter's sales to these markets that takes this route in the "
        f"base year, above 0; one route may say `{REST}`."
    )
    extra_cost: NumberOrName = Field(
        default=0.0,
        description="USD per unit by which delivery by this route costs more than in the base "
        "year, whatever the measures in force, ≥ 0.",
    )
    fee: NumberOrName = Field(
        default=0.0,
        description="USD per unit that the transit country earns net of what the service uses up, "
        "≥ 0.",
    )
    transit: Text | None = Field(
        default=None, description="ISO3 code of the country that earns the fee."
    )
    capacity: NumberOrName | None = Field(
        default=None,
        description="Units a year that the route can carry for this exporter, above 0.",
    )
    distance_km: Number | None = Field(
        default=None, description="From the mine to the port or border, km."
    )
    port: Text | None = Field(default=None, description="Name of the port or border station.")
    via: tuple[Point, ...] = Field(default=(), description="Points of the route, for the map.")
    source: Text
    note: str = ""


class Congestion(Entry):
    """What a full route costs: delivered cost times 1 + level × (flow / capacity)^power."""

    level: NumberOrName = Field(description="Rise of delivered cost at capacity, above 0.")
    power: NumberOrName = Field(description="How suddenly it comes, 1 or more.")


class RouteChoice(Entry):
    """The routes by which one exporter's commodity reaches a group of markets."""

    label: Text
    commodity: Name
    origin: Text = Field(description="The exporter, an ISO3 code.")
    markets: Labels
    route_elasticity: NumberOrName = Field(
        description="How strongly the choice among the routes answers to their costs, above 0."
    )
    routes: tuple[Route, ...] = Field(min_length=1)
    congestion: Congestion | None = Field(
        default=None, description="Needed where a route has a capacity."
    )
    source: str = ""
    note: str = ""


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
    rule: RuleInput = Field(
        default=SOVEREIGN, description="How it decides: alone, or by a vote of its members."
    )
    patience: SpreadInput | None = Field(
        default=None,
        description="What one year's delay leaves of a value, a share per year from 0.01 to "
        "below 1: 0.9 is 10 % less for each year. Never per step: see `negotiation.step_years`.",
    )
    reservation: SpreadInput = Field(
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
    label: str = Field(
        default="", description="What readers call it inside a sentence; its key if left out."
    )

    def on(self, day: dt.date) -> float:
        """The value that holds on a day."""
        begun = [first for first in self.by_date if first <= day]
        return self.by_date[max(begun)] if begun else self.value

    def changed_to(self, value: float, most: float = math.inf) -> Parameter:
        """The same parameter with another value; what holds on other days moves in proportion.

        Args:
            value: the new value.
            most: what values of other days are cut to, such as 1 for a share.
        """
        scale = value / self.value if self.by_date else 1.0
        dated = {day: min(given * scale, most) for day, given in self.by_date.items()}
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


#: The least that the smallest eigenvalue may be.
_LEAST = 1e-9


class Correlation(Entry):
    """How two parameters of the case are drawn together; all others are independent."""

    between: tuple[Name, Name] = Field(description="Two parameters that have a range.")
    rank: Number = Field(description="Spearman's rank correlation, above -1 and below 1.")
    source: Text
    note: str = ""


def matrix_of(names: Sequence[str], given: Iterable[Correlation]) -> Array:
    """Correlations of the normal scores behind the ranks, 2 sin(π ρ / 6), one row for each name."""
    place = {name: k for k, name in enumerate(names)}
    out = np.eye(len(names))
    for one in given:
        a, b = (place[name] for name in one.between)
        out[a, b] = out[b, a] = 2 * math.sin(math.pi * one.rank / 6)
    return out


def correlation_faults(
    given: Mapping[int, Correlation], parameters: Mapping[str, Parameter], known: Sequence[str]
) -> Iterator[Complaint]:
    """Every pair that cannot be drawn, and correlations that cannot hold together."""
    sound, seen = [], dict[frozenset[str], int]()
    for index, one in given.items():
        path: KeyPath = ("correlations", index)
        faults = list(_faults(path, one, parameters, known))
        pair = frozenset(one.between)
        if pair in seen:
            message = f"the two stand already at correlations[{seen[pair]}]."
            faults.append(((*path, "between"), message, "Remove one of them."))
        seen.setdefault(pair, index)
        yield from faults
        if not faults:
            sound.append(one)
    names = sorted({name for one in sound for name in one.between})
    if names and np.linalg.eigvalsh(matrix_of(names, sound)).min() < _LEAST:
        message = "cannot all hold together: the matrix of them is not positive definite."
        yield ("correlations",), message, "Bring some of them nearer to 0."


def _faults(
    path: KeyPath, one: Correlation, parameters: Mapping[str, Parameter], known: Sequence[str]
) -> Iterator[Complaint]:
    if one.between[0] == one.between[1]:
        yield (*path, "between"), "names one parameter twice.", "Name two."
    for name in one.between:
        if name not in known:
            message = f"there is no parameter {name!r}."
            yield (*path, "between"), message, did_you_mean(name, known)
        elif name in parameters:
            ends = parameters[name].range
            if ends is None or ends[0] == ends[1]:
                message = f"parameter {name} has no range, so that it is not drawn."
                yield (*path, "between"), message, "Give it a range, or take it out."
    if not -1 < one.rank < 1:
        message = f"is {one.rank:g}, it must be above -1 and below 1."
        yield (*path, "rank"), message, "Correct the number."
