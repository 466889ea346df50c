"""What documents have in common: their version and kind, the head of a case, draws, certificates.

A document is what `to_dict` gives and `--json` prints. These models describe it and are not needed
to make it: `python -m detente.documents` writes them as JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from detente._types import Transfers

Day: TypeAlias = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day.")]
Country: TypeAlias = Annotated[str, Field(description="An ISO3 code, or ROW.")]
PartyId: TypeAlias = Annotated[
    str, Field(description="The id of a party of the case, or the ISO3 code of a member.")
]
MeasureId: TypeAlias = Annotated[str, Field(description="The id of a measure of the case.")]
Fraction: TypeAlias = Annotated[float, Field(description="0.01 is one per cent.")]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, description="A share, 0 to 1.")]
Money: TypeAlias = Annotated[float, Field(description="In the document's `unit`.")]
Low: TypeAlias = Annotated[
    float | None, Field(description="5 % of the draws lie below it; null without draws.")
]
High: TypeAlias = Annotated[
    float | None, Field(description="5 % of the draws lie above it; null without draws.")
]
MoneyBy: TypeAlias = dict[PartyId, Money]
LowBy: TypeAlias = Annotated[
    dict[PartyId, float | None] | None,
    Field(description="5 % of the draws lie below it; null without draws."),
]
HighBy: TypeAlias = Annotated[
    dict[PartyId, float | None] | None,
    Field(description="5 % of the draws lie above it; null without draws."),
]
Horizon: TypeAlias = Literal["short", "medium", "long"]
Sentences: TypeAlias = Annotated[list[str], Field(description="The answer in words.")]
State: TypeAlias = Annotated[int, Field(description="The code of a state of the negotiation.")]


class Part(BaseModel):
    """A part of a document: it has these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class Document(Part):
    """What every document begins with."""

    schema_version: Annotated[
        Literal[1],
        Field(description="A key that goes, or changes its meaning, raises it."),
    ]


class Change(Part):
    """One thing of a state that is not as the case has it."""

    what: Literal["date", "horizon", "transfers", "measure", "days", "added", "flows", "parameter"]
    id: Annotated[str, Field(description="Of the measure or parameter; empty for others.")]
    label: str
    value: str
    own: Annotated[str, Field(description="What it is in the case.")]
    unit: str
    words: str


class Departure(Part):
    """How a state differs from the case as its file has it."""

    hypothetical: bool
    scenario: Annotated[
        str,
        Field(
            description="The label of the scenario that it is, or of the one of the case which it "
            "equals; empty without one."
        ),
    ]
    heading: Annotated[
        str, Field(description="The state in one line, `Your scenario: Klaipėda open (2 changes)`.")
    ]
    sentence: str
    line: Annotated[str, Field(description="The sentence, cut to what a chart can carry.")]
    mark: Annotated[str, Field(description="What stands before titles.")]
    suffix: Annotated[str, Field(description="What names of files end with.")]
    changes: list[Change]


class Draws(Part):
    """The draws behind bands and chances."""

    asked: Annotated[int, Field(description="How many were to be made.")]
    done: Annotated[int, Field(description="How many were made, those that failed among them.")]
    failed: Annotated[int, Field(description="How many of these have no answer.")]
    seed: int | None
    why_failed: str


class Stated(Document):
    """A document about one state of a case."""

    hypothetical: Annotated[bool, Field(description="Whether the state never was.")]
    departure: Annotated[
        Departure | None, Field(description="How it differs from the case; null for its own.")
    ]


class Data(Part):
    """The version of the data that an answer rests on; null for what it does not use."""

    case_schema: Annotated[int | None, Field(description="The schema of case files.")]
    case_digest: Annotated[str | None, Field(description="SHA-256 of what the case says.")]
    world: Annotated[str | None, Field(description="The name of the base year.")]
    world_digest: Annotated[str | None, Field(description="SHA-256 of the base year on file.")]
    products: Annotated[str | None, Field(description="SHA-256 of the product layer.")]


class OfCase(Stated):
    """The head of an answer; `document_head.head` makes it."""

    case: Annotated[str | None, Field(description="Its name; null for a bare base year.")]
    date: Annotated[Day | None, Field(description="The day assessed.")]
    horizon: Annotated[Horizon | None, Field(description="Null without trade.")]
    transfers: Annotated[Transfers | None, Field(description="Null without trade.")]
    data: Data
    unit: Annotated[str, Field(description="Of all its money.")]
    draws: Annotated[Draws | None, Field(description="Null where none were asked for.")]
    sentences: Sentences
    notes: Annotated[list[str], Field(description="What was approximated or assumed.")]


class Certificate(Part):
    """How exactly an equilibrium holds."""

    status: Literal["converged", "stalled"]
    largest_violation: float
    condition: str
    place: list[int]
    tolerance: float
    evaluations: int
    restarts: int
    sentence: str


class Optimality(Part):
    """How exactly the first-order conditions of a choice hold."""

    status: Literal["converged", "stalled", "cancelled"]
    residual: float
    goal: float
    inside: Annotated[int, Field(description="Rates strictly between their bounds.")]
    at_zero: int
    at_highest: int
    evaluations: int
    sentence: str
