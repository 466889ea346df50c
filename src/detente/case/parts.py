"""What can be used of a case file that has faults, so that the rest of it can still be checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from detente.case.measures import Entry, Measure
from detente.case.schema import Commodity, Elasticity, Parameter, Party

if TYPE_CHECKING:
    from detente.case.case import Case

_M = TypeVar("_M", bound=Entry)


@dataclass
class Parts:
    """The sound parts, each under its place in the file, and all names whether sound or not.

    Attributes:
        parameters: sound parameters.
        elasticities: sound entries by index.
        commodities: sound entries by index.
        parties: sound entries by index.
        measures: sound entries by index.
        parameter_names: names of all parameters.
        commodity_names: names of all commodities.
        party_ids: ids of all parties.
        world: the world's name.
    """

    parameters: dict[str, Parameter] = field(default_factory=dict)
    elasticities: dict[int, Elasticity] = field(default_factory=dict)
    commodities: dict[int, Commodity] = field(default_factory=dict)
    parties: dict[int, Party] = field(default_factory=dict)
    measures: dict[int, Measure] = field(default_factory=dict)
    parameter_names: tuple[str, ...] = ()
    commodity_names: tuple[str, ...] = ()
    party_ids: tuple[str, ...] = ()
    world: str = "oecd-2020"


def parts_of(case: Case) -> Parts:
    """All of a case that was read without fault."""
    return Parts(
        parameters=dict(case.parameters),
        elasticities=dict(enumerate(case.elasticities)),
        commodities=dict(enumerate(case.commodities)),
        parties=dict(enumerate(case.parties)),
        measures=dict(enumerate(case.measures)),
        parameter_names=tuple(case.parameters),
        commodity_names=tuple(c.name for c in case.commodities),
        party_ids=tuple(p.id for p in case.parties),
        world=case.world,
    )


def sound_parts(data: dict[str, Any]) -> Parts:
    """Validate each entry of a case on its own and keep those that hold."""
    parameters = data.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    world = data.get("world", "oecd-2020")
    return Parts(
        parameters={k: p for k, v in parameters.items() if (p := _sound(Parameter, v)) is not None},
        elasticities=_entries(Elasticity, data.get("elasticities")),
        commodities=_entries(Commodity, data.get("commodities")),
        parties=_entries(Party, data.get("parties")),
        measures=_entries(Measure, data.get("measures")),
        parameter_names=tuple(map(str, parameters)),
        commodity_names=_names(data.get("commodities"), "name"),
        party_ids=_names(data.get("parties"), "id"),
        world=world if isinstance(world, str) else "",
    )


def _sound(model: type[_M], value: Any) -> _M | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _entries(model: type[_M], values: Any) -> dict[int, _M]:
    if not isinstance(values, list):
        return {}
    found = ((i, _sound(model, value)) for i, value in enumerate(values))
    return {i: entry for i, entry in found if entry is not None}


def _names(values: Any, key: str) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    return tuple(v[key] for v in values if isinstance(v, dict) and isinstance(v.get(key), str))
