"""Documents of cases: the list of those that are packaged, the check of one, and its brief."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from detente.documents.base import (
    Country,
    Day,
    Document,
    High,
    Low,
    MeasureId,
    Money,
    OfCase,
    Part,
    PartyId,
    Sentences,
)


class PackagedCase(Part):
    """A packaged case in a line."""

    case: Annotated[str, Field(description="Its name.")]
    title: str
    summary: str


class Cases(Document):
    """The packaged cases."""

    kind: Literal["cases"]
    cases: list[PackagedCase]


class Fault(Part):
    """One thing that is wrong with a case file."""

    line: Annotated[int, Field(description="From 1; 0 where it is in no line.")]
    key: str
    message: str
    remedy: str
    file: str


class Outside(Part):
    """Flows that have neither seller nor buyer among the owner's members."""

    flows: int
    base_value: Money
    buyers: list[Country]


class ShareOfTrade(Part):
    """A part of somebody's trade in the goods of a setting."""

    whose: str
    flow: Literal["exports", "imports"]
    share: Annotated[float, Field(description="Of all that they sell or buy abroad, 0 to 1.")]


class Setting(Part):
    """What a setting of a measure concerns."""

    kind: str
    sentence: str
    flows: int
    base_value: Money
    shares: list[ShareOfTrade]
    outside_owner: Outside


class CheckedMeasure(Part):
    """A measure and what it reaches."""

    id: MeasureId
    owner: PartyId
    in_force: bool
    settings: list[Setting]


class Reason(Part):
    """Why a measure or parameter is named."""

    id: str
    why: str


class Check(Document):
    """The check of a case file."""

    kind: Literal["check"]
    case: str
    date: Day | None
    unit: str
    ok: bool
    digest: str | None
    sentences: Sentences
    repairs: Annotated[
        list[str], Field(description="What was changed so that goods fit into their sectors.")
    ]
    assumptions: Annotated[list[str], Field(description="What was assumed of the goods.")]
    remarks: Annotated[list[str], Field(description="On keys of before and files left out.")]
    files: Annotated[list[str], Field(description="Of the case, from its folder.")]
    faults: list[Fault]
    measures: list[CheckedMeasure]
    no_effect: list[Reason]
    not_renewed: list[Reason]


class Section(Part):
    """A section of a brief."""

    id: str
    title: str
    parts: Annotated[list[str], Field(description="Ids of charts and tables, in order.")]
    note: str


class Column(Part):
    """A column of a table, and how its cells are written."""

    key: str
    label: str
    unit: str
    kind: Literal["text", "number", "date", "links", "code"]
    decimals: Annotated[
        int, Field(description="On the screen; -1 or -2: as many as it needs; -3: two digits.")
    ]
    group: Annotated[bool, Field(description="Whether a run of equal cells is one heading.")]
    signed: Annotated[bool, Field(description="Whether numbers are shown with their sign.")]
    toned: Annotated[bool, Field(description="Whether numbers are gains or losses.")]


class Table(Part):
    """A table of a brief or of the page of the app."""

    id: str
    title: str
    sentence: str
    note: str
    unit: Annotated[str, Field(description="Of all its numbers; empty where they differ.")]
    lead: Annotated[int, Field(description="Rows shown at first; 0 for all.")]
    state: Annotated[str, Field(description="How its state differs from the case.")]
    suffix: str
    columns: list[Column]
    rows: list[list[Any]]


class Chart(Part):
    """A chart of a brief; what `data` has depends on its kind."""

    id: str
    kind: str
    title: str
    unit: str
    source: str
    description: str
    table: str
    data: dict[str, Any]
    state: str
    suffix: str


class Labelled(Part):
    """A sentence or two under a few words."""

    label: str
    text: str


class Chapter(Part):
    """One of the four questions, answered."""

    id: Literal["who-pays", "where-goods-go", "what-deal", "how-sure"]
    question: str
    sentence: Annotated[str, Field(description="The answer.")]
    paragraph: Annotated[str, Field(description="What stands behind it.")]
    bullet: Annotated[str, Field(description="The answer in at most 30 words, or nothing.")]
    picture: Annotated[str, Field(description="The part that shows it, such as `chart:gains`.")]
    sections: Annotated[list[str], Field(description="Ids of the sections with its details.")]
    points: Annotated[list[Labelled], Field(description="Sentence and paragraph in parts.")]


class Bullet(Part):
    """A line at the top, and the chapter that it leads to."""

    chapter: str
    text: str


class PartyEffect(Part):
    """What the measures in force do to a country or bloc, USD million a year."""

    place: str
    name: str
    value: float
    low: float | None
    high: float | None
    owns: Annotated[bool, Field(description="Whether it holds one of the measures.")]
    target: Annotated[bool, Field(description="Whether most of the measures hit it.")]


class OptionPlace(Part):
    """A column of the options."""

    key: str
    name: str


class OptionRow(Part):
    """A way of lifting measures: what it brings each place, and whose consent it takes."""

    id: str
    label: str
    gains: Annotated[list[float], Field(description="USD million a year, one a place.")]
    low: list[float | None]
    high: list[float | None]
    needs: str
    measures: list[str]


class OptionsTable(Part):
    """Ways of lifting side by side."""

    places: list[OptionPlace]
    rows: list[OptionRow]
    left_out: Annotated[int, Field(description="Options that move something and are not shown.")]


class DealTerm(Part):
    """What a deal asks of one signatory, and what it is worth to it by the values of the case."""

    party: str
    name: str
    asks: Annotated[list[str], Field(description="What it would do; empty for nothing.")]
    worth: Annotated[str, Field(description="In words.")]
    low: Annotated[float, Field(description="USD million a year, the least of several packages.")]
    high: float
    signs: bool


class Deal(Part):
    """The deal that would hold, or the one that comes nearest."""

    sentences: list[str]
    title: Annotated[str, Field(description="What the terms are of.")]
    holds: Annotated[bool, Field(description="Whether all would sign.")]
    terms: list[DealTerm]


class PartyView(Part):
    """The answer from the chair of one party."""

    party: str
    name: str
    headline: str
    sentences: Annotated[list[str], Field(description="Its effect, its best step, its deal.")]
    asks: Annotated[list[str], Field(description="What a deal asks of it.")]
    blocks: Annotated[list[str], Field(description="What it holds and can block.")]
    options: OptionsTable | None


class Overview(Part):
    """The four questions answered in short, as the first pages of a brief have them."""

    headline: str
    answer: Annotated[list[str], Field(description="The answer in three sentences at most.")]
    chapters: list[Chapter]
    bullets: list[Bullet]
    effects: list[PartyEffect]
    options: OptionsTable | None
    blocking: Annotated[list[str], Field(description="Who can block what.")]
    deal: Deal | None
    sources: list[str]
    parties: list[PartyView]


class AboutParty(Part):
    """What the measures in force do to the party that was asked about."""

    id: PartyId
    name: str
    sentence: str
    value: Annotated[float | None, Field(description="USD million a year; null without trade.")]
    low: Low
    high: High


class Source(Part):
    """A document that an answer rests on."""

    text: str
    href: Annotated[str, Field(description="Empty where there is no address.")]


class Reproduction(Part):
    """What gives the same answer again; empty texts where there is nothing to give."""

    command: str
    python: str
    case_digest: str
    world_digest: str
    versions: str


class CitedAnswer(OfCase):
    """One of the four answers with its bands, its verdict, its sources and its reproduction."""

    kind: Literal["cited_answer"]
    title: str
    question: str
    answered: Annotated[bool, Field(description="Whether the case has an answer to it.")]
    verdict: Annotated[str, Field(description="What the record says of figures like these.")]
    bands: Annotated[str, Field(description="What bands hold, or that there are none.")]
    party: AboutParty | None
    effects: list[PartyEffect]
    options: OptionsTable | None
    sources: list[Source]
    reproduction: Reproduction


class Brief(OfCase):
    """Everything that a brief shows."""

    kind: Literal["brief"]
    title: str
    summary: str
    subject: Annotated[str, Field(description="Date, horizon and base year in one line.")]
    overview: Overview
    sections: list[Section]
    tables: list[Table]
    charts: list[Chart]
