"""What a government controls: a measure, what it sets, the acts behind it and its days in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from detente.cases.fields import (
    NAME,
    Address,
    Day,
    Entry,
    Labels,
    Name,
    Names,
    NumberOrName,
    Selection,
    Text,
    shown,
)
from detente.cases.rules import Rules

Kind = Literal[
    "sanction",
    "transit",
    "tariff",
    "aviation",
    "finance",
    "export_control",
    "licence",
    "release",
    "detention",
    "diplomacy",
    "border",
    "other",
]
EVERYWHERE = Selection(("*",))


class Embargo(Entry):
    """No trade in the goods from the origin to the market, but for a leakage."""

    origin: Labels
    market: Labels
    goods: Labels
    leakage: NumberOrName = Field(
        default=0.0, description="Share of the base flow that leaks, 0 to 1."
    )


class Tariff(Entry):
    """A new ad-valorem tariff, or points added to the tariff of the base year."""

    origin: Labels
    market: Labels
    goods: Labels
    rate: NumberOrName | None = Field(
        default=None, description="The new ad-valorem tariff, a fraction (0.25 is 25 %)."
    )
    add: NumberOrName | None = Field(
        default=None, description="Points added to the base tariff, a fraction (0.1 is 10 points)."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Tariff:
        return _exactly_one(self, ("rate", "add"))


class Iceberg(Entry):
    """A change of delivered cost that uses up goods on the way: freight, delay, risk, friction."""

    origin: Labels
    market: Labels
    goods: Labels
    factor: NumberOrName | None = Field(
        default=None, description="Delivered cost as a multiple of the base year's (1.1 is +10 %)."
    )
    extra_cost: NumberOrName | None = Field(
        default=None,
        description="For a commodity of this case: USD per unit added to its price; the factor is "
        "1 + extra_cost / price.",
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Iceberg:
        return _exactly_one(self, ("factor", "extra_cost"))


class ExportTax(Entry):
    """An ad-valorem tax on exports; negative for a subsidy."""

    origin: Labels
    market: Labels = EVERYWHERE
    goods: Labels
    rate: NumberOrName = Field(description="A fraction above -1 (0.1 is 10 %).")


_AMOUNTS = ("value", "quantity", "share")


class _Limited(Entry):
    """Flows of which only so much may pass, all of them together."""

    origin: Labels
    market: Labels
    goods: Labels
    value: NumberOrName | None = Field(
        default=None, description="What may pass in all, USD million a year at base-year prices."
    )
    quantity: NumberOrName | None = Field(
        default=None,
        description="The same for one commodity of this case, in its unit, a year.",
    )
    share: NumberOrName | None = Field(
        default=None, description="The same as a share of what passed in the base year."
    )
    rent: Literal["market", "origin"] = Field(
        default="market",
        description="Who earns what a licence is worth: the government of the market, or that of "
        "the origin.",
    )

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        return _exactly_one(self, _AMOUNTS)


class Quota(_Limited):
    """No more of the goods from the origin to the market than an amount, all flows together.

    With `beyond` it is a tariff-rate quota: what passes beyond the amount pays that duty.
    """

    beyond: NumberOrName | None = Field(
        default=None,
        description="Tariff on what passes beyond the amount, points added to the base tariff as a "
        "fraction; left out, nothing passes beyond.",
    )

    @model_validator(mode="after")
    def _rent_of_the_market(self) -> Self:
        if self.beyond is not None and self.rent == "origin":
            raise PydanticCustomError(
                "rent", "has a duty beyond the amount, whose rent is the market's, not the origin's"
            )
        return self


class Licence(_Limited):
    """An amount of the goods that passes although an embargo closes their flows."""


class PriceCap(Entry):
    """The highest price at which a market lets its services carry or insure the goods.

    It is checked and shown, and no result has its effect yet: every answer says so.
    """

    origin: Labels
    market: Labels = EVERYWHERE
    goods: Labels
    price: NumberOrName = Field(description="The highest price, in `unit`.")
    unit: Text = Field(description="Such as USD per barrel.")


class Productivity(Entry):
    """A change of what producers make from the same inputs."""

    country: Labels
    goods: Labels
    factor: NumberOrName = Field(description="Output per input as a multiple of the base year's.")


class RouteChange(Entry):
    """Routes of a commodity closed, or made dearer; closing twice is closing once."""

    commodity: Name
    origin: Text = Field(description="The exporter whose routes these are, an ISO3 code.")
    routes: Names = Field(
        description="The id of a route, or a list of them, as under `route_choices`."
    )
    close: Literal[True] | None = Field(
        default=None, description="`true`: nothing passes while the measure is in force."
    )
    extra_cost: NumberOrName | None = Field(
        default=None, description="USD per unit added to what delivery by this route costs, ≥ 0."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> RouteChange:
        return _exactly_one(self, ("close", "extra_cost"))


FlowEffect = Embargo | Tariff | Iceberg | ExportTax | Quota | Licence | PriceCap
"""What a measure can do to flows between an origin and a market."""
Effect = FlowEffect | Productivity | RouteChange
"""What a measure can do to trade: one of nine kinds."""


class Setting(Entry):
    """One thing that a measure sets: exactly one of the nine keys."""

    embargo: Embargo | None = None
    tariff: Tariff | None = None
    iceberg: Iceberg | None = None
    export_tax: ExportTax | None = None
    quota: Quota | None = None
    licence: Licence | None = None
    price_cap: PriceCap | None = None
    productivity: Productivity | None = None
    route: RouteChange | None = None

    @model_validator(mode="after")
    def _one_of_nine(self) -> Setting:
        return _exactly_one(self, tuple(type(self).model_fields))

    @property
    def computed(self) -> bool:
        """Whether results have its effect; those of a price cap are not computed yet."""
        return self.price_cap is None

    @property
    def flows(self) -> FlowEffect | None:
        """What it sets for flows between an origin and a market; None for the other two kinds."""
        effect = self.effect
        return None if isinstance(effect, Productivity | RouteChange) else effect

    @property
    def kind(self) -> str:
        """Which of the nine it is."""
        return next(k for k in type(self).model_fields if getattr(self, k) is not None)

    @property
    def goods_effect(self) -> FlowEffect | Productivity:
        """What it sets, for the eight kinds that name goods; a `route` setting has none."""
        effect = self.effect
        if isinstance(effect, RouteChange):
            raise TypeError("A route setting changes routes, not goods.")
        return effect

    @property
    def effect(self) -> Effect:
        """What it sets."""
        effect: Effect = getattr(self, self.kind)
        return effect


class Act(Entry):
    """A legal act or official document behind a measure."""

    title: Text
    date: Day
    basis: str = Field(default="", description="Article of a treaty or law that it rests on.")
    href: Address | None = Field(
        default=None,
        description="Address of the act or of a report of it; left out, `note` says why.",
    )
    note: str = ""

    @model_validator(mode="after")
    def _linked_or_said(self) -> Act:
        if self.href is None and not self.note.strip():
            raise PydanticCustomError("no_link", "has neither `href` nor a `note`")
        return self


class Period(Entry):
    """Days in force: from the first day on, up to and without the day `until`."""

    start: Day = Field(alias="from", description="First day in force.")
    until: Day | None = Field(
        default=None, description="First day no longer in force; open if left."
    )
    document: Text = Field(description="What puts it into force and what ends it.")

    def covers(self, day: dt.date) -> bool:
        """Whether the measure is in force on the day."""
        return self.start <= day and (self.until is None or day < self.until)


def _one_owner(value: object) -> object:
    if isinstance(value, list | tuple):
        raise PydanticCustomError("owner", "is {shown}, not one or several parties", shown(value))
    return value


#: The owner of a measure: of several that a file names, each has a measure of its own.
OwnerName = Annotated[
    Name,
    BeforeValidator(_one_owner),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{NAME.pattern}$"},
                {
                    "type": "array",
                    "items": {"type": "string", "pattern": f"^{NAME.pattern}$"},
                    "minItems": 1,
                    "uniqueItems": True,
                },
            ],
            "description": "The id of a party: who can adopt and lift it. Of several, each holds a "
            "measure of its own, `ID-OWNER`.",
        }
    ),
]


class Measure(Entry):
    """Something that one party can put into force or lift, and what follows from it.

    A measure that has been carried out and cannot be taken back, such as a release, is in force
    from that day on and not `reversible`.
    """

    id: Name
    label: Text
    owner: OwnerName
    kind: Kind
    sets: tuple[Setting, ...] = Field(default=(), description="What it sets in the economy.")
    effects: dict[Name, NumberOrName] = Field(
        default_factory=dict,
        description="Units of each interest that it adds while in force; negative: that it takes.",
    )
    reversible: bool = Field(
        default=True, description="`false`: once in force it stays; only another measure undoes it."
    )
    after: Name | None = Field(
        default=None, description="A measure without which it cannot be in force: the level below."
    )
    rules: Rules = Field(
        default_factory=Rules, description="To adopt, renew and repeal it, where not the owner's."
    )
    expiry: Literal["lapses", "stays"] = Field(
        default="stays", description="What becomes of it if nobody renews it."
    )
    renewed: tuple[Day, ...] = Field(
        default=(),
        description="Days on which it was renewed; what one decision renews with others stands "
        "under `renewals`.",
    )
    ratified_by: Names = Field(
        default=(), description="Parties besides the owner that can block a change of it."
    )
    acts: tuple[Act, ...] = ()
    in_force: tuple[Period, ...] = Field(
        default=(),
        description="Needed, but for a move of the negotiation that nobody has made yet. "
        "An empty list says that it was never in force, so that only scenarios impose it.",
    )
    source: Text
    description: str = ""
    note: str = ""

    def in_force_on(self, day: dt.date) -> bool:
        """Whether one of its periods covers the day."""
        return any(period.covers(day) for period in self.in_force)

    @property
    def not_computed(self) -> str:
        """What of it no result has yet, a clause; empty where results have all of it."""
        caps = [s.price_cap for s in self.sets if s.price_cap is not None]
        if not caps:
            return ""
        return "its price cap is not yet computed, and no result has its effect."


_E = TypeVar("_E", bound=Entry)


def _exactly_one(entry: _E, keys: tuple[str, ...]) -> _E:
    exactly_one({key: getattr(entry, key) for key in keys})
    return entry


def exactly_one(values: Mapping[str, object]) -> None:
    """Refuse an entry unless exactly one of these keys is given (is not None).

    Raises:
        PydanticCustomError: naming those that stand, and those that may.
    """
    given = [key for key, value in values.items() if value is not None]
    if len(given) != 1:
        raise PydanticCustomError(
            "exactly_one",
            "{found}, but exactly one of {keys} must stand here",
            {
                "found": f"has {' and '.join(given)}" if given else "has none of them",
                "keys": ", ".join(values),
            },
        )
