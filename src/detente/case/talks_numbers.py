"""The numbers of a negotiation: where they stand, and whether their own ranges can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.bounds import FREE, PATIENCE, POSITIVE, SHARE_IN_USE, Bound, Use
from detente.case.errors import Complaint, Path
from detente.case.spread import Spread

if TYPE_CHECKING:
    from detente.case.parts import Parts


def talks_uses(parts: Parts) -> Iterator[Use]:
    """Every number of effects, valuations, parties, channels and steps."""
    for index, measure in parts.measures.items():
        for interest, amount in measure.effects.items():
            yield Use(("measures", index, "effects", interest), amount, FREE, dated=True)
    for index, valuation in parts.valuations.items():
        yield Use(("valuations", index, "value"), valuation.value, FREE, dated=True)
    for path, spread, bound in _spreads(parts):
        yield Use(path, spread.value, bound)
    for index, party in parts.parties.items():
        yield Use(("parties", index, "weight"), party.weight, POSITIVE)
    if parts.talks is not None:
        yield Use(("talks", "step_years"), parts.talks.step_years, POSITIVE)


def range_faults(parts: Parts) -> Iterator[Complaint]:
    """Every range of its own that is reversed, misses its value or reaches the impossible."""
    for index, valuation in parts.valuations.items():
        path: Path = ("valuations", index)
        if valuation.range is not None and isinstance(valuation.value, str):
            if valuation.value not in parts.parameter_names:
                continue  # it names no parameter, and is reported where it stands
            message = f"stands beside the name of a parameter, {valuation.value}."
            yield (*path, "range"), message, "Write the range at the parameter."
        elif valuation.range is not None and not isinstance(valuation.value, str):
            low, high = valuation.range
            if low > high:
                message = f"is reversed: {low:g} to {high:g}."
                yield (*path, "range"), message, "Write the lower end first."
            elif not low <= valuation.value <= high:
                message = f"{valuation.value:g} lies outside its own range, {low:g} to {high:g}."
                yield (*path, "value"), message, "Widen the range or correct the value."
    for path, spread, bound in _spreads(parts):
        if spread.range is None:
            continue
        low, high = spread.range
        if low > high:
            yield path, f"is reversed: {low:g} to {high:g}.", "Write the lower end first."
            continue
        for end in (e for e in spread.range if not bound.admits(e)):
            yield path, f"reaches {end:g}, it must be {bound.words}.", "Narrow the range."


def _spreads(parts: Parts) -> Iterator[tuple[Path, Spread, Bound]]:
    for index, party in parts.parties.items():
        if party.patience is not None:
            yield ("parties", index, "patience"), party.patience, PATIENCE
        yield ("parties", index, "reservation"), party.reservation, FREE
    for index, channel in parts.channels.items():
        yield ("channels", index, "fidelity"), channel.fidelity, SHARE_IN_USE
