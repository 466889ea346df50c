"""What the app answers with: the models that its OpenAPI description lists."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class FaultAnswer(BaseModel):
    """One thing that is wrong with what was sent."""

    key: str = Field(description="Where, as `measures[11].owner`; empty for the whole.")
    message: str
    remedy: str = ""
    line: int = 0


class Refusal(BaseModel):
    """Why a request was not answered."""

    code: str = Field(
        default="",
        description="`unknown_case`, `superseded`, `over_budget`, `too_large`, `busy` or `failed`; "
        "empty where the message and the faults say all.",
    )
    message: str
    faults: list[FaultAnswer] = []


class CaseLine(BaseModel):
    """A packaged case in a line."""

    name: str
    title: str
    summary: str


class CasesAnswer(BaseModel):
    """The packaged cases, and the one that the app was started with."""

    cases: list[CaseLine]
    start: str


class LinkAnswer(BaseModel):
    """A text that leads to a page; the address may be empty."""

    text: str
    href: str = ""
    note: str = ""


class PeriodAnswer(BaseModel):
    """Days in force: from the first day on, without the day `until`."""

    start: str = Field(alias="from")
    until: str | None
    document: str


class NumberAnswer(BaseModel):
    """A parameter at the place where it stands, or a number of a measure that was added."""

    parameter: str = Field(description="Its name; empty for a number of an added measure.")
    label: str
    role: str = ""
    value: float | None = None
    at: list[str | int] = Field(default=[], description="Where it stands in the added measure.")
    low: float | None = None
    high: float | None = None
    unit: str = ""


class MeasureAnswer(BaseModel):
    """A measure and what about it may be changed."""

    id: str
    label: str
    owner: str
    owner_label: str
    kind: str
    description: str
    note: str
    trade: bool = Field(
        description="Whether it sets anything in trade; else it bears on the negotiation."
    )
    sets: str
    in_force: bool
    periods: list[PeriodAnswer]
    acts: list[LinkAnswer]
    source: list[LinkAnswer]
    strength: list[NumberAnswer]


class RouteAnswer(BaseModel):
    """A route."""

    id: str
    label: str
    transit: str
    closed_by: list[str]
    numbers: list[NumberAnswer]


class RouteChoiceAnswer(BaseModel):
    """The routes of one commodity to a group of markets."""

    label: str
    commodity: str
    origin: str
    routes: list[RouteAnswer]
    numbers: list[NumberAnswer]


class ParameterAnswer(BaseModel):
    """A parameter with its source and what it bears on."""

    name: str
    label: str
    value: float
    low: float | None
    high: float | None
    unit: str
    date: str
    source: list[LinkAnswer]
    estimate: bool
    note: str
    dated: bool
    uses: list[str]


class ChoiceAnswer(BaseModel):
    """Something that may be chosen."""

    id: str
    label: str


class DayAnswer(BaseModel):
    """A day on which something changes."""

    date: str
    label: str


class RouteOption(BaseModel):
    """A route that a measure may close."""

    commodity: str
    origin: str
    id: str
    label: str


class ChoicesAnswer(BaseModel):
    """What a measure that is added may be made of."""

    kinds: list[ChoiceAnswer]
    countries: list[ChoiceAnswer]
    groups: list[ChoiceAnswer]
    goods: list[ChoiceAnswer]
    routes: list[RouteOption]


class Sheet(BaseModel):
    """A case as its controls show it."""

    id: str
    added: int
    trade: bool = Field(description="Whether the case has trade: figures, days and a base year.")
    negotiation: bool = Field(
        description="Whether the case has a negotiation or a published conflict."
    )
    text: str | None = Field(description="The file of a case that is not packaged.")
    alone: bool = Field(description="Whether `text` is all of it, without tables beside the file.")
    name: str
    title: str
    summary: str
    digest: str
    date: str
    horizon: str
    transfers: str
    base_year: str
    first_day: str
    days: list[DayAnswer]
    parties: list[ChoiceAnswer]
    measures: list[MeasureAnswer]
    route_choices: list[RouteChoiceAnswer]
    parameters: dict[str, ParameterAnswer]
    scenarios: list[dict[str, Any]]
    choices: ChoicesAnswer
    idle: dict[str, str] = Field(
        description="Measures and parameters that move nothing in trade as the case stands, by id "
        "or name, each with the reason."
    )


class IdleAnswer(BaseModel):
    """The controls that move nothing in trade in a state."""

    idle: dict[str, str] = Field(description="The reason by id of the measure or parameter.")


class FigureAnswer(BaseModel):
    """One number of the scenario; `before` is that of the base year."""

    id: str
    key: Literal["equivalent_variation", "price_paid", "largest_share", "sold", "transit_revenue"]
    side: str = Field(description="Of whom: a party's id, an ISO3 code, or `world`.")
    commodity: str | None
    label: str
    group: str
    unit: str = Field(description="Of the value; a `fraction` is shown in percent.")
    shown_unit: str = Field(description="Of what is on the screen.")
    decimals: int = Field(description="Digits after the point on the screen.")
    value: float | None
    before: float | None = Field(
        description="Without measures; null for a gain, which is against it."
    )
    real_income_change: float | None = Field(description="Of a gain, as a fraction.")
    largest_supplier: str | None = Field(description="Of a largest share: whose it is.")


class ColumnAnswer(BaseModel):
    """A column of a table, as `detente.report.Column`."""

    key: str
    label: str
    unit: str
    kind: Literal["text", "number", "date", "links", "code"]
    decimals: int
    group: bool
    signed: bool
    toned: bool


class TableAnswer(BaseModel):
    """A table, as `detente.report.Table`."""

    id: str
    title: str
    sentence: str
    note: str
    unit: str
    lead: int
    state: str = Field(description="How its state differs from the case; empty for its own.")
    suffix: str = Field(description="What names of its files end with in such a state.")
    columns: list[ColumnAnswer]
    rows: list[list[Any]]


class ChartAnswer(BaseModel):
    """A chart, as `detente.report.Chart`."""

    id: str
    kind: str
    title: str
    unit: str
    source: str
    description: str
    table: str
    data: dict[str, Any]
    state: str = Field(description="How its state differs from the case; empty for its own.")
    suffix: str = Field(description="What names of its files end with in such a state.")


class ChangeAnswer(BaseModel):
    """One thing of a state that is not as the case has it."""

    what: Literal["date", "horizon", "transfers", "measure", "days", "added", "flows", "parameter"]
    name: str = Field(description="Of the measure or parameter; empty for others.")
    label: str
    value: str
    own: str = Field(description="What it is in the case.")
    unit: str
    words: str


class DepartureAnswer(BaseModel):
    """How a state differs from the case."""

    hypothetical: bool = Field(
        description="False where its date, horizon or rule of deficits alone is another."
    )
    scenario: str
    sentence: str = Field(description="All changes.")
    line: str = Field(description="The same as charts and files carry it.")
    mark: str = Field(description="What stands before titles.")
    suffix: str = Field(description="What names of files end with.")
    changes: list[ChangeAnswer]


class CertificateAnswer(BaseModel):
    """How exactly the markets clear."""

    status: str
    largest_violation: float
    evaluations: int
    sentence: str


class Answer(BaseModel):
    """A scenario answered: figures first, then tables and charts of the same state."""

    schema_version: int
    kind: Literal["state"]
    sequence: int
    subject: str
    hypothetical: bool = Field(description="Whether the state is one that never was.")
    departure: DepartureAnswer | None = Field(
        description="How the state differs from the case; null for the case's own."
    )
    measures: list[str]
    certificate: CertificateAnswer
    figures: list[FigureAnswer]
    tables: list[TableAnswer]
    charts: list[ChartAnswer]
    milliseconds: dict[str, float]


class ScenarioLine(BaseModel):
    """A scenario that was compared."""

    label: str
    date: str
    horizon: str
    transfers: str
    measures: list[str]
    difference: str | None = Field(description="Which scenario less which; null for the first.")
    note: str = Field(description="Why it is no other than the first; empty where it is.")
    certificate: str
    hypothetical: bool = Field(description="Whether it is a state that never was.")
    departure: DepartureAnswer | None = Field(
        description="How it differs from the case; null for the case's own state."
    )


class ComparedCommodity(BaseModel):
    """The figures of one commodity's market."""

    name: str
    label: str
    unit: str
    rows: list[dict[str, Any]] = Field(description="As `rows` of the comparison.")


class ComparisonViews(BaseModel):
    """What the page shows of a comparison."""

    table: TableAnswer
    charts: list[ChartAnswer]


class Comparison(BaseModel):
    """Scenarios on the same axes: the document of `detente compare --json`, and its views."""

    schema_version: int
    kind: Literal["comparison"]
    case: str
    title: str
    date: str
    horizon: str
    transfers: str
    unit: str = Field(description="Of money.")
    draws: dict[str, Any] | None
    scenarios: list[ScenarioLine]
    rows: list[dict[str, Any]] = Field(
        description="One for each side: `id`, `label`, `countries`, and each figure over the "
        "scenarios, as `equivalent_variation` and `equivalent_variation_difference`, "
        "with `_low` and `_high` beside it."
    )
    commodities: list[ComparedCommodity]
    sentences: list[str]
    notes: list[str] = Field(description="Scenarios that are no other than the first, and why.")
    hypothetical: bool
    departure: DepartureAnswer | None
    views: ComparisonViews


class Health(BaseModel):
    """Whether the server answers, and what it is."""

    status: Literal["ready", "warming"]
    version: str
