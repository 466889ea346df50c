"""The document of a back-test: a case held against later years."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from detente.documents.base import Country, Fraction, High, Low, OfCase, Part


class Errors(Part):
    """How far a forecast of a year is off."""

    variant: str
    record: str
    year: int
    sample: str
    forecast: str
    markets: int
    mean_error: Annotated[float, Field(description="Million tonnes.")]
    pattern_error: float | None
    rank_correlation: float | None
    total: float
    observed_total: float
    share_error: Fraction
    coverage: float | None
    share_coverage: float | None


class Forecasts(Part):
    """What was observed, declared and forecast."""

    year: int
    sample: str
    observed: float
    declared: float
    model: float
    model_low: Low
    model_high: High
    no_change: float
    rescaled: float
    nothing_sold: float


class Flow(Forecasts):
    """Exports to one market, million tonnes."""

    market: Country


class SupplierShare(Forecasts):
    """The share of a supplier in what a buyer imports."""

    buyer: str
    supplier: Country


class Price(Part):
    """The change of a price on the base year, a fraction."""

    year: int
    sample: str
    horizon: str
    model: Fraction
    model_low: Low
    model_high: High
    observed: float | None


class PricePart(Part):
    """What one measure does to the price."""

    measure: Annotated[str, Field(description="Its id, or `the rest`.")]
    alone: Fraction
    margin: Fraction
    part: Fraction
    part_low: Low
    part_high: High


class PriceSplit(Part):
    """What explains the price of a year in the short run."""

    year: int
    label: str
    exports: list[float]
    measures: Fraction
    measures_low: Low
    measures_high: High
    shortfall: Fraction
    shortfall_low: Low
    shortfall_high: High
    both: Fraction
    both_low: Low
    both_high: High
    measures_part: Fraction
    measures_part_low: Low
    measures_part_high: High
    shortfall_part: Fraction
    shortfall_part_low: Low
    shortfall_part_high: High
    observed: float | None
    left: float | None
    left_low: Low
    left_high: High


class Reassigned(Part):
    """Tonnes that were declared with an origin that cannot be."""

    year: int
    origin: Country
    declared: float
    mined: float
    imported: float
    errors: float
    reassigned: float
    to: Country


class BackTest(OfCase):
    """The model against what happened; tonnes in million, changes and shares as fractions."""

    kind: Literal["record"]
    exporter: Country
    years: list[int]
    calibrated_on: int | None
    headline: str
    errors: list[Errors]
    flows: list[Flow]
    shares: list[SupplierShare]
    prices: list[Price]
    price_parts: list[PricePart]
    price_split: PriceSplit | None
    reassigned: list[Reassigned]
    set_in_view: dict[str, str]
    measures_in_view: dict[str, str]
    informed: dict[str, str]
