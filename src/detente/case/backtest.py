"""What a back-test compares, and which years were seen when the case was written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.case.entry import Entry
from detente.case.values import Name, Text

Year = Annotated[int, Field(ge=1900, le=2100, strict=True)]


class Seller(Entry):
    """One exporter."""

    country: Text = Field(description="ISO3 code.")
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


class BackTestGiven(Entry):
    """The terms of a back-test: the choices that later trade could have led."""

    exporter: Seller = Field(description="Whose exports are compared.")
    rival: Seller | None = Field(
        default=None,
        description="Under whose name its goods may be recorded; both are compared as one, too.",
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
