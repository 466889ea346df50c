"""Documents of a case answered: assessment, answer, timeline, claims and comparison."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from detente._types import Transfers
from detente.documents.base import (
    Country,
    Day,
    Departure,
    Horizon,
    MeasureId,
    OfCase,
    Part,
    PartyId,
)

Values: TypeAlias = Annotated[
    list[float | None], Field(description="One a scenario, in their order.")
]
Ends: TypeAlias = Annotated[
    list[float | None] | None, Field(description="An end of the bands; null without draws.")
]


class OfAnswer(OfCase):
    """The head of what a case comes to."""

    title: Annotated[str, Field(description="Of the case.")]


class FigureColumn(Part):
    """A column of a frame of figures."""

    key: str
    label: str
    unit: str


class FigureRow(Part):
    """A row of a frame of figures; a value of each column, with the ends of its band."""

    key: list[str]
    label: str
    values: list[float | None]
    low: Ends
    high: Ends


class Figures(Part):
    """A frame of figures: rows by what `keys` name, one column a figure."""

    id: str
    title: str
    keys: list[str]
    columns: list[FigureColumn]
    rows: list[FigureRow]


class Scenario(Part):
    """What was changed in a case before it was answered."""

    scenario: str | None
    parameters: dict[str, Any]


class Assessment(OfAnswer):
    """What the measures of a date do."""

    kind: Literal["assessment"]
    state: Scenario
    measures: Annotated[list[MeasureId], Field(description="In force.")]
    certificate: str
    figures: list[Figures]


class Regime(Part):
    """A regime in time."""

    start: Day
    measures: list[MeasureId]
    begun: list[MeasureId]
    ended: list[MeasureId]
    changed: str
    certificate: str


class Test(Part):
    """One number that a claim is tested on."""

    quantity: str
    label: str
    unit: str
    value: float
    low: float | None
    high: float | None
    at_least: float | None
    at_most: float | None
    threshold: str
    necessary: bool
    published: Any
    verdict: str
    decides: bool
    note: str


class Claim(Part):
    """A statement of somebody, held against the numbers of a case."""

    id: str
    speaker: str
    date: str
    paraphrase: str
    source: str
    verdict: str
    reason: str | None
    sentence: str
    tests: list[Test]


class Answer(OfAnswer):
    """An assessment, with regimes in time and claims."""

    kind: Literal["answer"]
    state: Scenario
    measures: list[MeasureId]
    certificate: str
    figures: list[Figures]
    horizons: list[Horizon]
    regimes: list[Regime]
    claims: list[Claim]


class Timeline(OfAnswer):
    """Every regime of a case in time."""

    kind: Literal["timeline"]
    figures: list[Figures]
    parties: list[PartyId]
    regimes: list[Regime]


class Counts(Part):
    """How many claims have which verdict."""

    supported: int
    not_contradicted: int
    contradicted: int
    undecided: int
    not_testable: int


class Claims(OfAnswer):
    """The claims of a case and their verdicts."""

    kind: Literal["claims"]
    figures: list[Figures]
    counts: Annotated[Counts, Field(description="How many claims have which verdict.")]
    claims: list[Claim]


class ComparedScenario(Part):
    """A scenario that was compared."""

    label: str
    date: Day
    horizon: Horizon
    transfers: Transfers
    measures: list[MeasureId]
    difference: Annotated[str | None, Field(description="'A less B'; null for the first.")]
    note: str
    certificate: str
    hypothetical: Annotated[bool, Field(description="Whether the state never was.")]
    departure: Annotated[
        Departure | None, Field(description="How it differs from the case; null for its own.")
    ]


class SideRow(Part):
    """Figures of one side over all scenarios."""

    id: str
    label: str
    countries: list[Country]


class EconomyRow(SideRow):
    """Gains and incomes of one side; transit only where the case has routes."""

    equivalent_variation: Values
    equivalent_variation_low: Ends
    equivalent_variation_high: Ends
    equivalent_variation_difference: Values
    equivalent_variation_difference_low: Ends
    equivalent_variation_difference_high: Ends
    real_income_change: Values
    real_income_change_low: Ends
    real_income_change_high: Ends
    real_income_change_difference: Values
    real_income_change_difference_low: Ends
    real_income_change_difference_high: Ends
    transit_revenue: Ends = None
    transit_revenue_low: Ends = None
    transit_revenue_high: Ends = None
    transit_revenue_difference: Ends = None
    transit_revenue_difference_low: Ends = None
    transit_revenue_difference_high: Ends = None


class CommodityRow(SideRow):
    """Prices, shares and quantities of a commodity of one side."""

    price_paid: Values
    price_paid_low: Ends
    price_paid_high: Ends
    price_paid_difference: Values
    price_paid_difference_low: Ends
    price_paid_difference_high: Ends
    largest_share: Values
    largest_share_low: Ends
    largest_share_high: Ends
    largest_share_difference: Values
    largest_share_difference_low: Ends
    largest_share_difference_high: Ends
    tonnes: Values
    tonnes_low: Ends
    tonnes_high: Ends
    tonnes_difference: Values
    tonnes_difference_low: Ends
    tonnes_difference_high: Ends
    sold: Values
    sold_low: Ends
    sold_high: Ends
    sold_difference: Values
    sold_difference_low: Ends
    sold_difference_high: Ends
    sales: Values
    sales_low: Ends
    sales_high: Ends
    sales_difference: Values
    sales_difference_low: Ends
    sales_difference_high: Ends


class ComparedCommodity(Part):
    """A commodity in all scenarios."""

    id: str
    label: str
    unit: str
    rows: list[CommodityRow]


class Comparison(OfAnswer):
    """Scenarios side by side; the head is that of the first."""

    kind: Literal["comparison"]
    scenarios: list[ComparedScenario]
    rows: list[EconomyRow]
    commodities: list[ComparedCommodity]
