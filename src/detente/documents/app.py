"""The documents that the app alone makes: a scenario answered, and the bands of its figures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from detente.documents.base import MeasureId, OfCase, Part, Stated
from detente.documents.cases import Chart, Table


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
    tables: list[Table]
    charts: list[Chart]
    milliseconds: dict[str, float]


class FigureDriver(Part):
    """A parameter that moves a figure."""

    parameter: str
    label: str
    correlation: Annotated[float, Field(ge=-1, le=1, description="Of ranks, over the draws.")]


class FigureBand(Part):
    """The band of one figure, in the figure's own unit."""

    low: float | None
    high: float | None
    drivers: Annotated[list[FigureDriver], Field(description="Those that move it most.")]


class PageBands(OfCase):
    """The figures of a scenario over draws of the parameters."""

    kind: Literal["bands"]
    bands: Annotated[dict[str, FigureBand], Field(description="By `id` of the figure in `state`.")]
