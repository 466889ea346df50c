"""Named scenarios: what a reader changed of a case, kept beside it and applied on demand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, StrictBool

from detente._near import did_you_mean
from detente._types import Transfers
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import Day, Entry, Name, Number, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


#: Labels of what a reader changed and gave no name: the state on the screen of the app, which its
#: case file holds, and the measures that were switched by a command or in Python.
ON_SCREEN, SWITCHES = "now", "switches"


class Span(Entry):
    """Days in force as a scenario sets them: from the first day on, without the day `until`."""

    start: Day = Field(alias="from", description="First day in force.")
    until: Day | None = Field(
        default=None, description="First day no longer in force; open if left."
    )


class NamedScenario(Entry):
    """Changes of a case under a name; what is left out stays as the case has it."""

    label: Text
    date: Day | None = Field(default=None, description="The day whose regime is assessed.")
    horizon: Literal["long", "medium", "short"] | None = None
    transfers: Transfers | None = None
    measures: dict[Name, StrictBool] = Field(
        default_factory=dict,
        description="Measures in force (`true`) or not (`false`) on the date, whatever their days.",
    )
    in_force: dict[Name, tuple[Span, ...]] = Field(
        default_factory=dict, description="Other days in force of some measures."
    )
    parameters: dict[Name, Number] = Field(
        default_factory=dict, description="Other values of some parameters."
    )


def named_faults(
    scenarios: Mapping[int, NamedScenario],
    measures: Iterable[str],
    parameters: Iterable[str],
) -> Iterator[Complaint]:
    """Every name that leads nowhere, every label that stands twice, every period that cannot be.

    Args:
        scenarios: by their place in the file.
        measures: ids of the case's measures.
        parameters: names of its parameters.
    """
    ids, names = tuple(measures), tuple(parameters)
    first: dict[str, int] = {}
    for index, scenario in scenarios.items():
        path: KeyPath = ("scenarios", index)
        if scenario.label in first:
            message = f"{scenario.label!r} stands already at scenarios[{first[scenario.label]}]."
            yield (*path, "label"), message, "Give one of them another name."
        first.setdefault(scenario.label, index)
        for key, chosen, known, what in (
            ("measures", scenario.measures, ids, "measure"),
            ("in_force", scenario.in_force, ids, "measure"),
            ("parameters", scenario.parameters, names, "parameter"),
        ):
            for name in chosen:
                if name not in known:
                    message = f"there is no {what} {name!r}."
                    yield (*path, key, name), message, did_you_mean(name, known)
        for name, spans in scenario.in_force.items():
            for place, span in enumerate(spans):
                if span.until is not None and span.until <= span.start:
                    yield (
                        (*path, "in_force", name, place, "until"),
                        f"{span.until} is not after {span.start}.",
                        "`until` is the first day no longer in force; exchange the two days?",
                    )
