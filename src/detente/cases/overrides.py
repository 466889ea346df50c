"""The same case with other values: of parameters, and of the ranges that talks carry themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.cases.errors import CaseError, Fault, dotted
from detente.cases.fields import Given, Spread, Uncertainty

if TYPE_CHECKING:
    from detente.cases.case import Case


def with_values(case: Case, values: Mapping[str, float]) -> Case:
    """A case with other values; see `Case.with_parameters`."""
    known = {u.name for u in uncertainties(case)}
    for name, value in values.items():
        if name not in case.parameters and name not in known:
            near = known if "." in name else case.parameters
            raise case.unknown("parameter", name, near)
        if not math.isfinite(value):
            path = tuple(name.split(".")) if "." in name else ("parameters", name)
            raise CaseError([Fault(0, dotted(path), f"is {value}.")], case.name)
    parameters = {
        name: p.changed_to(float(values[name])) if name in values else p
        for name, p in case.parameters.items()
    }
    other = case.model_copy(update={"parameters": parameters})
    other._changes = {**case._changes, **{n: float(v) for n, v in values.items()}}
    other._own = case.own
    from detente.cases.check_numbers import value_faults
    from detente.cases.partial_case import parts_of

    faults = [
        Fault(0, dotted(path), message, remedy)
        for path, message, remedy in value_faults(parts_of(other))
    ]
    if faults:
        raise CaseError(faults, case.name)
    return other


def uncertainties(case: Case) -> tuple[Uncertainty, ...]:
    """Every range of a case that is not a parameter's, in the order of the file."""
    spreads = [(v.name, Spread(v.value, v.range)) for v in case.valuations]
    spreads += [(f"patience.{p.id}", p.patience) for p in case.parties if p.patience is not None]
    spreads += [(f"reservation.{p.id}", p.reservation) for p in case.parties]
    spreads += [(f"fidelity.{c.id}", c.fidelity) for c in case.channels]
    return tuple(_uncertainty(name, s) for name, s in spreads if s.range is not None)


def drawn(case: Case, name: str, given: Given) -> float:
    """What a value of the talks comes to: as changed under its name, else as the file has it."""
    changed = case.changes.get(name)
    return case.number(given) if changed is None else changed


def _uncertainty(name: str, spread: Spread) -> Uncertainty:
    if isinstance(spread.value, str) or spread.range is None:
        raise TypeError(f"{name} has no range of its own.")
    return Uncertainty(name, spread.value, *spread.range)
