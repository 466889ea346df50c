"""Named scenarios: what a reader changed of a case, kept beside it and applied on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, StrictBool

from detente.cases.errors import CaseError, Complaint, Fault, KeyPath, did_you_mean, dotted
from detente.cases.fields import Day, Entry, Name, Number, Text
from detente.cases.measures import Measure, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detente.cases.case import Case


SWITCHED = "Set in a named scenario"


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
    transfers: Literal["fixed", "proportional", "zero"] | None = None
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


def applied(case: Case, scenario: NamedScenario) -> Case:
    """The case as the scenario has it: its date, its measures in force, its parameters.

    Raises:
        CaseError: names that the case does not have, or values that cannot stand together.
    """
    found = named_faults({0: scenario}, (m.id for m in case.measures), case.parameters)
    faults = [Fault(0, dotted(path[2:]), message, remedy) for path, message, remedy in found]
    if faults:
        raise CaseError(faults, f"The scenario ‘{scenario.label}’")
    changed = case.with_parameters(scenario.parameters) if scenario.parameters else case
    day = scenario.date or case.date
    other = changed.model_copy(
        update={
            "date": day,
            "horizon": scenario.horizon or case.horizon,
            "transfers": scenario.transfers or case.transfers,
            "measures": tuple(_measure(m, scenario, day) for m in case.measures),
        }
    )
    other._scenario = scenario
    other._own = case.own
    return other


def _measure(measure: Measure, scenario: NamedScenario, day: dt.date) -> Measure:
    if measure.id in scenario.in_force:
        spans = scenario.in_force[measure.id]
        periods = [_period(span.start, span.until) for span in spans]
        measure = measure.model_copy(update={"in_force": tuple(periods)})
    wanted = scenario.measures.get(measure.id)
    if wanted is None or wanted == measure.in_force_on(day):
        return measure
    return measure.model_copy(update={"in_force": _switched(measure.in_force, day, wanted)})


def _switched(periods: tuple[Period, ...], day: dt.date, on: bool) -> tuple[Period, ...]:
    """The days in force with a measure beginning, or ended, on a day."""
    if not on:
        return tuple(
            p.model_copy(update={"until": day}) if p.covers(day) and p.start < day else p
            for p in periods
            if not (p.covers(day) and p.start == day)
        )
    later = [p.start for p in periods if p.start > day]
    return (*periods, _period(day, min(later, default=None)))


def _period(start: dt.date, until: dt.date | None) -> Period:
    return Period.model_validate({"from": start, "until": until, "document": SWITCHED})
