"""Claims and back-tests in a case file: what others said, and which number it is held against.

`Claim` and `Published` are statements and figures of others, each with the `Reading` of an answered
case that tests it. `BackTestBlock` says what a back-test compares, and which years were known when
the case was written.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from detente.cases.economy import Dated
from detente.cases.fields import (
    Day,
    Entry,
    Labels,
    Name,
    Names,
    Number,
    NumberOrName,
    Selection,
    Text,
)
from detente.cases.measures import exactly_one

Quantity = Literal[
    "equivalent_variation",
    "real_income_change",
    "boomerang",
    "supplier_share",
    "import_share",
    "largest_share",
    "herfindahl",
    "unit_value_ratio",
    "price_paid",
    "price_received",
    "sales",
    "tonnes",
    "transit_revenue",
]
"""What a claim can be about; each stands in `UNITS` with its unit."""

UNITS: dict[str, str] = {
    "equivalent_variation": "USD million a year",
    "real_income_change": "fraction",
    "boomerang": "USD of own loss per USD of the target's",
    "supplier_share": "fraction of purchases by value",
    "import_share": "fraction of purchases from abroad by value",
    "largest_share": "fraction of purchases by value",
    "herfindahl": "0 to 1",
    "unit_value_ratio": "USD per unit over USD per unit",
    "price_paid": "USD per unit",
    "price_received": "USD per unit",
    "sales": "USD million a year",
    "tonnes": "million units a year",
    "transit_revenue": "USD million a year",
}
"""The unit in which a claim states each quantity."""

#: Quantities that are no matter of one commodity.
WHOLE_ECONOMY = ("equivalent_variation", "real_income_change", "boomerang", "transit_revenue")


class Scenario(Entry):
    """A set of measures: those of a day with some lifted or imposed, only some, or none."""

    regime: Day | None = Field(
        default=None, description="The day whose measures are meant; the case's date if left out."
    )
    lift: Names = Field(default=(), description="Measures in force on that day, taken away.")
    impose: Names = Field(default=(), description="Measures not in force on that day, added.")
    only: Names = Field(default=(), description="Exactly these measures; stands alone.")
    none: Literal[True] | None = Field(
        default=None, description="`true`: no measure at all; stands alone."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Scenario:
        kinds = {
            "regime, lift or impose": self.regime or self.lift or self.impose or None,
            "only": self.only or None,
            "none": self.none,
        }
        exactly_one(kinds)
        return self


class Reading(Entry):
    """One number of an answered case: what, of whom, in which scenario, against which."""

    quantity: Quantity
    of: Labels = Field(description="Parties, countries or groups: whose number it is.")
    supplier: Labels | None = Field(
        default=None, description="Whose share, tonnes or price among what `of` buys."
    )
    rival: Labels | None = Field(
        default=None,
        description="For a unit_value_ratio: over whose price; all other suppliers from abroad if "
        "left out.",
    )
    target: Labels | None = Field(
        default=None, description="For a boomerang: whose loss the own loss is divided by."
    )
    commodity: Name | None = None
    scenario: Scenario
    against: Scenario | None = Field(
        default=None, description="Compared with; the measures of the case's date if left out."
    )
    change: Literal["absolute", "relative", "level"] = Field(
        default="absolute",
        description="`absolute`: scenario less against; `relative`: that over against; `level`: "
        "the scenario alone.",
    )

    @property
    def unit(self) -> str:
        """The unit of the number."""
        return "fraction" if self.change == "relative" else UNITS[self.quantity]

    @property
    def choices(self) -> dict[str, Selection]:
        """Whom it names, by key."""
        given = {
            "of": self.of,
            "supplier": self.supplier,
            "rival": self.rival,
            "target": self.target,
        }
        return {key: chosen for key, chosen in given.items() if chosen is not None}


class Comparison(Reading):
    """The number of the model that a published figure is put beside."""


class ClaimTest(Reading):
    """A claim as a bound on a number of the model."""

    at_least: Number | None = None
    at_most: Number | None = None
    necessary: bool = Field(
        default=False,
        description="Whether the statement needs the bound without following from it, as a motive "
        "needs a gain: the test can contradict a claim, and cannot support it.",
    )
    published: Name | None = Field(
        default=None,
        description="A published figure of the same number: where it lies on the other side of "
        "the bounds than the model's, the test is undecided.",
    )
    note: Text = Field(description="Why this number and this bound are a fair reading.")

    def holds(self, value: float) -> bool:
        """Whether a value lies within the bounds."""
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)


class Claim(Entry):
    """Something that somebody said about the case, with a test, or why there is none."""

    id: Name
    paraphrase: Text
    speaker: Text
    role: str = ""
    date: Dated = Field(description="When it was said; `undated` where that is not known.")
    source: Text
    tests: tuple[ClaimTest, ...] | None = Field(
        default=None,
        min_length=1,
        description="All must hold for the claim to be supported, and one of them that is only "
        "necessary leaves it at not contradicted.",
    )
    not_testable: Text | None = Field(
        default=None, description="Why no number of this model can speak to it."
    )
    note: str = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> Claim:
        exactly_one({"tests": self.tests, "not_testable": self.not_testable})
        return self


class Published(Entry):
    """A figure that others publish, to stand beside the model's."""

    id: Name
    label: Text
    value: Number | None = None
    range: tuple[Number, Number] | None = Field(
        default=None, description="Lowest and highest figure published."
    )
    unit: Text
    date: Dated
    source: Text
    compare: Comparison | None = None
    conversion: NumberOrName = Field(
        default=1.0, description="Units of the compared number per published unit, not 0."
    )
    note: str = ""


Year = Annotated[int, Field(ge=1900, le=2100, strict=True)]
#: A year as a key, which is text in a file.
YearKey = Annotated[int, Field(ge=1900, le=2100)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Seller(Entry):
    """One exporter."""

    country: Text = Field(description="ISO3 code.")
    source: Text


class Silent(Entry):
    """Markets that declare no imports."""

    countries: tuple[Text, ...] = Field(min_length=1, description="ISO3 codes.")
    source: Text


class Buyers(Entry):
    """Whose suppliers are compared."""

    labels: tuple[Text, ...] = Field(min_length=1, description="Parties, or ISO3 codes.")
    source: Text


class PriceMarket(Entry):
    """Where the published price is paid."""

    country: Text = Field(description="ISO3 code of the market whose price is set beside it.")
    source: Text


class Calibration(Entry):
    """Where calibration ends."""

    last_year: Year = Field(
        description="Parameters may have been set on years up to this; later ones are held out."
    )
    source: Text


class Told(Entry):
    """A remark that is part of a sentence."""

    words: Text
    source: Text


class InView(Entry):
    """What was seen when a parameter was set or a measure taken up."""

    seen: Text = Field(description="In words that continue its value: 'after customs had none'.")
    years: tuple[Year, ...] = Field(min_length=1, description="The years that were seen.")
    source: Text


class Reassigned(Entry):
    """The observed flows with implausible origins re-assigned by a stated rule."""

    flows: Text = Field(description="A bundled table, or a csv beside the file, as `observed`.")
    origins: Text = Field(
        description="A table of what the rule did: year, origin, declared, mined, imported, "
        "errors, reassigned, to; tonnes of product."
    )
    words: Text = Field(description="The rule, as a sentence.")
    source: Text


class Output(Entry):
    """What the exporter's mines made, year by year: with its own use, a bound on its exports."""

    contained: dict[YearKey, Positive] = Field(
        min_length=1, description="By year, in the unit of the flows, of what the product contains."
    )
    content: Positive = Field(
        le=1, description="How much of it a unit of product holds: 0.6 for K2O in muriate."
    )
    source: Text


class Shortfall(Entry):
    """A fall of another seller's exports in a year that was seen and not forecast."""

    label: Text
    country: Text = Field(description="ISO3 code of the seller.")
    year: Year
    left: NumberOrName = Field(
        description="Exports of the year as a share of those of the base, 0 to below 1."
    )
    words: Text = Field(description="What was seen, by whom, as a sentence.")
    source: Text


class BackTestBlock(Entry):
    """The terms of a back-test: the choices that later trade could have led."""

    exporter: Seller = Field(description="Whose exports are compared.")
    rival: Seller | None = Field(
        default=None,
        description="Under whose name its goods may be recorded; both are compared as one, too.",
    )
    silent: Silent | None = Field(
        default=None,
        description="Markets that declare no imports, so that what they buy cannot be tested.",
    )
    reassigned: Reassigned | None = Field(
        default=None, description="The observed flows with implausible origins re-assigned."
    )
    output: Output | None = Field(
        default=None, description="The exporter's output, which bounds what it can have sold."
    )
    shortfall: Shortfall | None = Field(
        default=None, description="A fall of supply that was seen, for the test of the price."
    )
    buyers: Buyers
    price_market: PriceMarket
    calibration: Calibration
    parameters_in_view: dict[Name, InView] = Field(
        default_factory=dict, description="Parameters set with later trade in view."
    )
    informed: dict[Name, InView] = Field(
        default_factory=dict,
        description="Parameters that lean on years of the test, though not on the flows tested.",
    )
    measures_in_view: dict[Name, InView] = Field(
        default_factory=dict, description="Measures that are in the case because of later trade."
    )
    unexplained: Told | None = Field(
        default=None, description="What moves prices and is not in the model: 'demand and fear'."
    )
    records: Told | None = Field(
        default=None, description="How the observed flows are distorted, as a clause."
    )
    base: Told | None = Field(
        default=None, description="What of later trade is in the flows of the base, as a sentence."
    )
