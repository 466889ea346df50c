"""What the patience of parties means: its period, and what it comes to from step to step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.case.changing import drawn

if TYPE_CHECKING:
    from detente.case import Case


def patience_words(case: Case) -> list[str]:
    """The patience of a case per year and per step of its talks; nothing where it has none."""
    given = {
        p.name: drawn(case, f"patience.{p.id}", p.patience.value)
        for p in case.parties
        if p.patience is not None
    }
    if not given:
        return []
    yearly = ", ".join(f"{name} {value:g}" for name, value in given.items())
    said = f"Patience is what one year's delay leaves of a value, per year: {yearly}."
    if case.talks is None:
        return [said]
    years = case.number(case.talks.step_years)
    stepwise = ", ".join(f"{name} {value**years:.3g}" for name, value in given.items())
    span = f"{years:g} year{'s' * (years != 1)}"
    return [f"{said} A step of the talks takes {span}, so that per step it is: {stepwise}."]
