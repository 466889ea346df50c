"""What a back-test compares, and which years were seen when the case was written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.case.entry import Entry
from detente.case.values import Name, NumberOrName, Text

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


class BackTestGiven(Entry):
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
