"""What others have said or published, and which number of an answered case it is held against."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from detente.case.entry import Entry
from detente.case.measures import exactly_one
from detente.case.schema import Dated
from detente.case.selection import Selection
from detente.case.values import Day, Labels, Name, Names, Number, NumberOrName, Text

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
#: The unit of each quantity.
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
