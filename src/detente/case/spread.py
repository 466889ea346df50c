"""A number with its range in one field: a figure, a parameter's name, or a lowest and a highest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from detente.case.values import NAME, Given, finite, in_proportion, shown


@dataclass(frozen=True)
class Spread:
    """What a field with a range holds.

    Attributes:
        value: the central value, or the name of a parameter.
        range: lowest and highest value thought possible; None where there is none here.
    """

    value: Given
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Uncertainty:
    """A number with a range that is not among the parameters, under its own dotted name.

    Attributes:
        name: `valuations.EU.pressure`, `patience.US`, `reservation.US` or `fidelity.CHANNEL`;
            `Case.with_parameters` takes it.
        value: the central value.
        low: lowest value thought possible.
        high: highest.
    """

    name: str
    value: float
    low: float
    high: float


def _spread(value: Any) -> Spread:
    if isinstance(value, Spread):
        return value
    if isinstance(value, str) and NAME.fullmatch(value):
        return Spread(value)
    number = finite(value)
    if number is not None:
        return Spread(in_proportion(number))
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = map(finite, value)
        if low is not None and high is not None:
            low, high = in_proportion(low), in_proportion(high)
            return Spread((low + high) / 2, (low, high))
    raise PydanticCustomError("spread", "is {shown}, no number or range", shown(value))


SpreadGiven = Annotated[
    Spread,
    PlainValidator(_spread),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "pattern": f"^{NAME.pattern}$"},
                {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            ],
            "description": "A number, the name of a parameter, or [lowest, highest].",
        }
    ),
]
