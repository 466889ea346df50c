"""How a commodity gets out: the ways to a group of markets, their shares, costs, fees and room."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from detente.case.entry import Entry
from detente.case.values import REST, Labels, Name, Number, NumberOrName, Text, shown

#: What a way that stands in several entries must have in common, where it is given twice.
SHARED = ("port", "transit", "capacity", "via")


def _point(value: Any) -> tuple[float, float]:
    if isinstance(value, list | tuple) and len(value) == 2:
        numbers = [x for x in value if isinstance(x, int | float) and not isinstance(x, bool)]
        if len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90:
            return float(numbers[0]), float(numbers[1])
    raise PydanticCustomError("point", "is {shown}, not a point", shown(value))


Point = Annotated[
    tuple[float, float],
    PlainValidator(_point),
    WithJsonSchema(
        {
            "type": "array",
            "prefixItems": [
                {"type": "number", "minimum": -180, "maximum": 180},
                {"type": "number", "minimum": -90, "maximum": 90},
            ],
            "minItems": 2,
            "maxItems": 2,
            "description": "Longitude and latitude, degrees.",
        }
    ),
]


class Way(Entry):
    """One way out: a port, a railway, a road, with what it carries in the base year."""

    id: Name
    label: Text
    base_share: NumberOrName = Field(
        description="Share of the exporter's sales to these markets that goes this way in the base "
        f"year, above 0; one way may say `{REST}`."
    )
    extra_cost: NumberOrName = Field(
        default=0.0,
        description="USD per unit by which delivery by this way costs more than in the base year, "
        "whatever the measures in force, ≥ 0.",
    )
    fee: NumberOrName = Field(
        default=0.0,
        description="USD per unit that the transit country earns net of what the service uses up, "
        "≥ 0.",
    )
    transit: Text | None = Field(
        default=None, description="ISO3 code of the country that earns the fee."
    )
    capacity: NumberOrName | None = Field(
        default=None, description="Units a year that the way can carry for this exporter, above 0."
    )
    distance_km: Number | None = Field(
        default=None, description="From the mine to the port or border, km."
    )
    port: Text | None = Field(default=None, description="Name of the port or border station.")
    via: tuple[Point, ...] = Field(default=(), description="Points of the way, for the map.")
    source: Text
    note: str = ""


class Congestion(Entry):
    """What a full way costs: delivered cost times 1 + level × (flow / capacity)^power."""

    level: NumberOrName = Field(description="Rise of delivered cost at capacity, above 0.")
    power: NumberOrName = Field(description="How suddenly it comes, 1 or more.")


class Routes(Entry):
    """The ways by which one exporter's commodity reaches a group of markets."""

    label: Text
    commodity: Name
    origin: Text = Field(description="The exporter, an ISO3 code.")
    markets: Labels
    route_elasticity: NumberOrName = Field(
        description="How strongly the choice among the ways answers to their costs, above 0."
    )
    ways: tuple[Way, ...] = Field(min_length=1)
    congestion: Congestion | None = Field(
        default=None, description="Needed where a way has a capacity."
    )
    source: str = ""
    note: str = ""
