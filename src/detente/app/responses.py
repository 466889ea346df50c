"""What the app answers with beside the published documents: models of its OpenAPI description.

A result is a document of `detente.documents`. What is here belongs to the page alone: the sheet of
a case with its controls, and refusals.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from detente.documents.answers import Comparison
from detente.documents.cases import Chart, Table


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

    case: str = Field(description="Its name.")
    title: str
    summary: str


class BarAnswer(BaseModel):
    """What the measures of a case bring or cost one party."""

    label: str
    value: float = Field(description="USD million a year against no measures.")


class CardAnswer(BaseModel):
    """A case in a sentence, with a bar for each party that is moved most."""

    sentence: str
    bars: list[BarAnswer]


class CardsAnswer(BaseModel):
    """The cards that are packaged, each for the case as it stands."""

    cards: dict[str, CardAnswer] = Field(description="By name of the case.")


class CasesAnswer(BaseModel):
    """The packaged cases, and the one that the app was started with."""

    cases: list[CaseLine]
    start: str


class TermAnswer(BaseModel):
    """A term of the glossary."""

    words: list[str] = Field(description="The ways in which texts write it.")
    meaning: str


class GlossaryAnswer(BaseModel):
    """Terms that need a word of explanation where they stand."""

    terms: list[TermAnswer]


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
    degrees: list[str] = Field(
        default=[], description="What 0, 50 and 100 % of enforcement mean; only of a leakage."
    )


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
    """A route, what closes it, and its numbers."""

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


class QuestionAnswer(BaseModel):
    """One of the four questions that the page asks of every case."""

    id: str
    question: str


class Sheet(BaseModel):
    """A case as its controls show it."""

    id: str
    added: int
    trade: bool = Field(description="Whether the case has trade: figures, days and a base year.")
    negotiation: bool = Field(
        description="Whether the case has a negotiation or a published conflict."
    )
    payoffs: bool = Field(
        description="Whether the negotiation has payoffs, so that a deal can be laid; a published "
        "conflict has an order of states alone."
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
    questions: list[QuestionAnswer] = Field(
        description="Those of the four questions that the case may have an answer to."
    )


class IdleAnswer(BaseModel):
    """The controls that move nothing in trade in a state."""

    idle: dict[str, str] = Field(description="The reason by id of the measure or parameter.")


class InfluenceLine(BaseModel):
    """The side that a control moves most."""

    names: list[str] = Field(
        description="Id of the measure, of both of a pair, or name of the parameter."
    )
    side: str
    label: str
    change: float = Field(description="What they gain by it, USD million a year.")


class InfluenceAnswer(BaseModel):
    """What the controls of a state move, the strongest first; what moves nothing is left out."""

    measures: list[InfluenceLine] = Field(description="Each switched, alone.")
    pairs: list[InfluenceLine] = Field(
        description="Two that set the same, so that either alone moves nothing, both lifted."
    )
    parameters: list[InfluenceLine] = Field(
        description="Each at that end of its range which moves more; empty unless asked for."
    )


class NewPlace(BaseModel):
    """A country or group that a new case may name."""

    id: str
    label: str
    kind: Literal["country", "group"]


class PlacesAnswer(BaseModel):
    """Groups and countries whose trade in a narrow good may be asked for."""

    places: list[NewPlace]


class NewGood(BaseModel):
    """A good that a new case may name, and the sector of the world that holds it."""

    id: str
    label: str
    hs: str = Field(description="HS codes between commas; empty for a sector.")
    sector: str
    notes: list[str] = Field(description="Known gaps of the data of a narrow good.")


class NewChoices(BaseModel):
    """What a new case may name."""

    world: ChoiceAnswer
    places: list[NewPlace]
    goods: list[NewGood]
    blocs: list[dict[str, Any]] = Field(description="Rule and renewal days, with sources.")
    verbs: list[dict[str, str]]
    directions: list[str]
    form: str = Field(description="How a sentence is written.")


class NewParty(BaseModel):
    """A party of a new case."""

    id: str
    label: str
    owns: bool


class TradeShare(BaseModel):
    """A part of somebody's trade in the goods of a measure."""

    whose: str
    flow: Literal["exports", "imports"]
    share: float


class ClosesAnswer(BaseModel):
    """What a measure of a new case closes or changes."""

    measure: int = Field(description="Its place in the form.")
    id: str
    text: str
    flows: int
    value: float = Field(description="USD million in the base year.")
    shares: list[TradeShare]
    sentence: str
    notes: list[str]


class NewCaseAnswer(BaseModel):
    """A form checked: faults by field, and what its measures close."""

    ok: bool
    name: str
    faults: list[FaultAnswer]
    parties: list[NewParty]
    closes: list[ClosesAnswer]


class AdditionAnswer(BaseModel):
    """A measure that is to be added: its faults, or what it closes."""

    ok: bool
    faults: list[FaultAnswer]
    sentences: list[str]


class PageViews(BaseModel):
    """The tables and charts in which the page shows a document."""

    tables: list[Table]
    charts: list[Chart]


class GoodPage(BaseModel):
    """Trade in a narrow good in a sentence, a picture, a paragraph and tables."""

    hs: str
    name: str
    years: list[int] = Field(min_length=2, max_length=2, description="First and last.")
    sentence: str
    paragraph: str
    notes: list[str] = Field(description="Flows without tonnes, and known gaps.")
    sources: list[str]
    views: PageViews


class ComparisonAnswer(BaseModel):
    """Scenarios on the same axes."""

    document: Comparison = Field(description="As `detente compare --json` prints it.")
    views: PageViews


class Health(BaseModel):
    """Whether the server answers, and what it is."""

    status: Literal["ready", "warming"]
    version: str
