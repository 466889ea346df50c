"""The document that the app answers a scenario with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from detente.documents.base import MeasureId, Part, Stated
from detente.documents.cases import Chart


class ShownColumn(Part):
    """A column of a table, and how its cells are written."""

    key: str
    label: str
    unit: str
    kind: Literal["text", "number", "date", "links", "code"]
    decimals: int
    group: bool
    signed: bool
    toned: bool


class ShownTable(Part):
    """A table on the page."""

    id: str
    title: str
    sentence: str
    note: str
    unit: str
    lead: int
    state: str
    suffix: str
    columns: list[ShownColumn]
    rows: list[list[Any]]


class PageFigure(Part):
    """One number of the scenario."""

    id: str
    key: Literal["equivalent_variation", "price_paid", "largest_share", "sold", "transit_revenue"]
    side: Annotated[str, Field(description="A party's id, an ISO3 code, or `world`.")]
    commodity: str | None
    label: str
    group: str
    unit: Annotated[str, Field(description="Of the value; a `fraction` is shown in percent.")]
    shown_unit: str
    decimals: Annotated[int, Field(description="On the screen.")]
    value: float | None
    before: Annotated[float | None, Field(description="Without measures; null for a gain.")]
    real_income_change: float | None
    largest_supplier: str | None


class Solved(Part):
    """How exactly the markets clear."""

    status: Literal["converged", "stalled", "no trade"]
    largest_violation: float
    evaluations: int
    sentence: str


class AppState(Stated):
    """A scenario of the app: figures first, then tables and charts of the same state."""

    kind: Literal["state"]
    sequence: Annotated[int, Field(description="Of the question, as the page counts them.")]
    subject: str
    measures: Annotated[list[MeasureId], Field(description="In force.")]
    certificate: Solved
    figures: list[PageFigure]
    tables: list[ShownTable]
    charts: list[Chart]
    milliseconds: dict[str, float]
