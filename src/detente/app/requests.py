"""What clients send: a case with what was added to it, and scenarios of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from detente.analysis.negotiation.deal_search import CriterionId
from detente.app.limits import Limits
from detente.cases import NamedScenario
from detente.cases.drafts import DraftForm, MeasureSentence
from detente.cases.errors import dotted
from detente.cases.saved_scenarios import ON_SCREEN
from detente.cases.yaml_source import HALF, lone_surrogate

#: The label of the scenario that is on the screen.
NOW = ON_SCREEN


class RequestBody(BaseModel):
    """Anything that a client sends: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _whole_characters(cls, data: Any) -> Any:
        """Refuse texts that no answer can carry."""
        path = lone_surrogate(data)
        if path is not None:
            where = dotted(path).encode("ascii", "backslashreplace").decode()
            raise PydanticCustomError(
                "surrogate", "{where} {half}", {"where": where or "a key", "half": HALF}
            )
        return data


class CaseRequest(RequestBody):
    """A case: a packaged one by its name, or an uploaded one by its digest."""

    case: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        default="belarus", description="Name of a packaged case, or digest of an uploaded one."
    )
    added: list[dict[str, Any]] = Field(
        default_factory=list,
        max_length=Limits.added,
        description="Measures added to the case, as they would stand in its file.",
    )


class ScenarioRequest(CaseRequest):
    """A case as one scenario has it."""

    scenario: NamedScenario = NamedScenario(label=NOW)
    client: str = Field(
        default="",
        max_length=64,
        description="Who asks: of one client's requests only the latest is answered.",
    )
    sequence: int = Field(default=0, ge=0, description="Counts a client's requests.")


class AnswerRequest(ScenarioRequest):
    """A case as one scenario has it, with its tables and charts or with figures only."""

    parts: bool = Field(default=True, description="With tables and charts, or figures only.")


class InfluenceRequest(ScenarioRequest):
    """A case as one scenario has it, asked what its controls move."""

    parameters: bool = Field(
        default=False, description="Of the parameters, too, over the range of each: seconds."
    )


class NewCaseRequest(RequestBody):
    """The form of a new case."""

    form: DraftForm = DraftForm()


class ClosesRequest(RequestBody):
    """One measure of a new case, as a sentence or in its parts."""

    measure: str | MeasureSentence
    date: str = Field(default="", max_length=20, description="Whose members of groups count.")


class AdditionRequest(CaseRequest):
    """A measure that is added to a case, checked before it is."""

    place: int = Field(ge=0, lt=Limits.added, description="Which of `added` is asked about.")

    @model_validator(mode="after")
    def _there(self) -> AdditionRequest:
        """Refuse a place at which nothing is added."""
        if self.place >= len(self.added):
            raise PydanticCustomError("place", "lies beyond what is added")
        return self


class DealRequest(ScenarioRequest):
    """A package laid on the table of a case as one scenario has it."""

    moves: list[str] = Field(
        default_factory=list,
        max_length=64,
        description="Ids of the measures that change: one in force ends, another begins.",
    )
    valuations: dict[str, float] = Field(
        default_factory=dict,
        max_length=64,
        description="Other values of what somebody would pay a year for one unit of an interest, "
        "by name as `valuations.Lithuania.quiet`.",
    )


class ThresholdsRequest(ScenarioRequest):
    """A package laid on the table, asked where the answer flips; with a search or without."""

    moves: list[str] = Field(
        default_factory=list, max_length=64, description="Ids of the measures that change."
    )
    criterion: CriterionId | None = Field(
        default=None, description="By what a deal was searched for; null where none was."
    )
    without: list[str] = Field(
        default_factory=list, max_length=64, description="Ids of measures that stay as they are."
    )
    signed_by: list[str] | None = Field(
        default=None, max_length=64, description="Ids of those who sign; all if null."
    )


class DealSearchRequest(ScenarioRequest):
    """The search for a deal in a case as one scenario has it."""

    criterion: CriterionId = "fairest"
    without: list[str] = Field(
        default_factory=list, max_length=64, description="Ids of measures that stay as they are."
    )
    signed_by: list[str] | None = Field(
        default=None,
        max_length=64,
        description="Ids of those who sign, whose measures alone may change; all if null.",
    )


class DrawsRequest(ScenarioRequest):
    """A case as one scenario has it, under draws of its parameters."""

    draws: int = Field(default=200, ge=1, le=Limits.draws)
    seed: int = Field(default=0, ge=0, le=2_147_483_647)


class ViewsRequest(ScenarioRequest):
    """A case as one scenario has it, with or without what takes longest."""

    full: bool = Field(
        default=False,
        description="With all regimes in time, other horizons, claims and sanctions by design.",
    )
    kept: list[NamedScenario] = Field(
        default_factory=list,
        max_length=Limits.scenarios,
        description="Other scenarios that stand in the case file, for its digest.",
    )


class BriefRequest(ViewsRequest):
    """The brief of a case as one scenario has it."""

    full: bool = Field(default=True, description="As `detente brief` writes it; else without that.")


class CompareRequest(CaseRequest):
    """Several scenarios of one case on the same axes; the first is what others differ from."""

    scenarios: list[NamedScenario] = Field(min_length=1, max_length=Limits.scenarios)


class FileRequest(CaseRequest):
    """A case with its scenarios, to be written as a case file."""

    scenarios: list[NamedScenario] = Field(default_factory=list, max_length=Limits.scenarios)


class SheetColumn(RequestBody):
    """A column of a table to be written as a workbook."""

    key: str = Field(max_length=200)
    label: str = Field(default="", max_length=400)
    unit: str = Field(default="", max_length=200)
    kind: Literal["text", "number", "date", "links", "code"] = "text"


class WorkbookRequest(RequestBody):
    """A table as it stands on the page, to be written as a workbook."""

    title: str = Field(default="", max_length=400)
    note: str = Field(default="", max_length=4000)
    state: str = Field(
        default="",
        max_length=4000,
        description="How its state differs from the case: a column and a line of their own.",
    )
    columns: list[SheetColumn] = Field(min_length=1, max_length=200)
    rows: list[list[Any]] = Field(max_length=5000)
