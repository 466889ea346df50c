"""The same case with other values of parameters and ranges, or as a named scenario has it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import TypeVar

from detente.cases.case_data import CaseData
from detente.cases.check_numbers import value_faults
from detente.cases.errors import CaseError, Fault, dotted
from detente.cases.fields import NumberOrParameter, Spread, Uncertainty
from detente.cases.measures import Measure, Period
from detente.cases.partial_case import parts_of
from detente.cases.saved_scenarios import SWITCHES, NamedScenario, named_faults

_C = TypeVar("_C", bound=CaseData)

SWITCHED = "Set in a named scenario"


def with_values(case: _C, values: Mapping[str, float]) -> _C:
    """A case with other values; see `Case.with_parameters`."""
    known = {u.name for u in uncertainties(case)} | {v.name for v in case.valuations}
    for name, value in values.items():
        if name not in case.parameters and name not in known:
            near = known if "." in name else case.parameters
            raise case.unknown("parameter", name, near)
        if not math.isfinite(value):
            path = tuple(name.split(".")) if "." in name else ("parameters", name)
            fault = Fault(0, dotted(path), f"is {value}.", "Give a finite number.")
            raise CaseError([fault], case.name)
    # No more can leak than the whole of a flow, on whichever day.
    leaking = {getattr(s.effect, "leakage", None) for m in case.measures for s in m.sets}
    parameters = {
        name: case.own.parameters[name].changed_to(
            float(values[name]), 1.0 if name in leaking else math.inf
        )
        if name in values
        else p
        for name, p in case.parameters.items()
    }
    other = case.model_copy(update={"parameters": parameters})
    other._changes = {**case._changes, **{n: float(v) for n, v in values.items()}}
    other._own = case.own
    faults = [
        Fault(0, dotted(path), message, remedy)
        for path, message, remedy in value_faults(parts_of(other))
    ]
    if faults:
        raise CaseError(faults, case.name)
    return other


def applied(case: _C, scenario: NamedScenario) -> _C:
    """The case as the scenario has it: its date, its measures in force, its parameters.

    Raises:
        CaseError: names that the case does not have, or values that cannot stand together.
    """
    found = named_faults({0: scenario}, (m.id for m in case.measures), case.parameters)
    faults = [Fault(0, dotted(path[2:]), message, remedy) for path, message, remedy in found]
    if faults:
        raise CaseError(faults, f"The scenario ‘{scenario.label}’")
    changed = with_values(case, scenario.parameters) if scenario.parameters else case
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


def switched(
    case: _C,
    lift: Iterable[str],
    impose: Iterable[str],
    date: dt.date | str | None = None,
) -> _C:
    """A case with measures lifted and imposed on a day; see `Case.switched`."""
    off, on = dict.fromkeys(lift), dict.fromkeys(impose)
    both = [name for name in off if name in on]
    if both:
        message = f"{both[0]!r} is to be lifted and imposed."
        raise CaseError([Fault(0, "", message, "Name it once.")], case.name)
    for name in (*off, *on):
        case.measure(name)
    if not off and not on and date is None:
        return case
    measures = dict.fromkeys(off, False) | dict.fromkeys(on, True)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    return applied(case, NamedScenario(label=SWITCHES, date=day, measures=measures))


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


def uncertainties(case: CaseData) -> tuple[Uncertainty, ...]:
    """Every range of a case that is not a parameter's, in the order of the file."""
    spreads = [(v.name, Spread(v.value, v.range)) for v in case.valuations]
    spreads += [(f"patience.{p.id}", p.patience) for p in case.parties if p.patience is not None]
    spreads += [(f"reservation.{p.id}", p.reservation) for p in case.parties]
    spreads += [(f"fidelity.{c.id}", c.fidelity) for c in case.channels]
    return tuple(_uncertainty(name, s) for name, s in spreads if s.range is not None)


def drawn(case: CaseData, name: str, given: NumberOrParameter) -> float:
    """The value in a negotiation: as changed under its name, else as the file has it."""
    changed = case.changes.get(name)
    return case.number(given) if changed is None else changed


def _uncertainty(name: str, spread: Spread) -> Uncertainty:
    if isinstance(spread.value, str) or spread.range is None:
        raise TypeError(f"{name} has no range of its own.")
    return Uncertainty(name, spread.value, *spread.range)
