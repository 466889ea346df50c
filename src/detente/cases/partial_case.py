"""What can be used of a case file that has faults, so that the rest of it can still be checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from detente.cases.claims import BackTestBlock, Claim, Published
from detente.cases.economy import Commodity, Correlation, Elasticity, Parameter, Party, RouteChoice
from detente.cases.fields import Entry, day_or_none
from detente.cases.measures import Measure
from detente.cases.negotiation import (
    Channel,
    Conflict,
    Interest,
    Negotiation,
    ObservedMove,
    Valuation,
)
from detente.cases.renewals import Renewal
from detente.cases.saved_scenarios import NamedScenario
from detente.world.names import DEFAULT_WORLD

if TYPE_CHECKING:
    from detente.cases.case_data import CaseData


_M = TypeVar("_M", bound=Entry)


@dataclass
class Parts:
    """The sound parts, each under its place in the file, and all names whether sound or not.

    Attributes:
        parameters: sound parameters.
        correlations: sound entries by index.
        elasticities: sound entries by index.
        commodities: sound entries by index.
        parties: sound entries by index.
        route_choices: sound entries by index.
        measures: sound entries by index.
        renewals: sound entries by index.
        claims: sound entries by index.
        published: sound entries by index.
        interests: sound entries by index.
        valuations: sound entries by index.
        channels: sound entries by index.
        events: sound entries by index.
        negotiation: the block, if it is there and sound.
        conflict: the block, if it is there and sound.
        record: the block, if it is there and sound.
        scenarios: sound entries by index.
        parameter_names: names of all parameters.
        commodity_names: names of all commodities.
        party_ids: ids of all parties.
        measure_ids: ids of all measures.
        interest_ids: ids of all interests.
        route_ids: ids of all routes, by commodity and origin.
        moves: what `negotiation.moves` names, whether the block is sound or not.
        world: the world's name.
        date: the case's date, or None where it cannot be read.
    """

    parameters: dict[str, Parameter] = field(default_factory=dict)
    correlations: dict[int, Correlation] = field(default_factory=dict)
    elasticities: dict[int, Elasticity] = field(default_factory=dict)
    commodities: dict[int, Commodity] = field(default_factory=dict)
    parties: dict[int, Party] = field(default_factory=dict)
    route_choices: dict[int, RouteChoice] = field(default_factory=dict)
    measures: dict[int, Measure] = field(default_factory=dict)
    renewals: dict[int, Renewal] = field(default_factory=dict)
    claims: dict[int, Claim] = field(default_factory=dict)
    published: dict[int, Published] = field(default_factory=dict)
    interests: dict[int, Interest] = field(default_factory=dict)
    valuations: dict[int, Valuation] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    events: dict[int, ObservedMove] = field(default_factory=dict)
    negotiation: Negotiation | None = None
    conflict: Conflict | None = None
    record: BackTestBlock | None = None
    scenarios: dict[int, NamedScenario] = field(default_factory=dict)
    parameter_names: tuple[str, ...] = ()
    commodity_names: tuple[str, ...] = ()
    party_ids: tuple[str, ...] = ()
    measure_ids: tuple[str, ...] = ()
    interest_ids: tuple[str, ...] = ()
    route_ids: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    moves: tuple[str, ...] = ()
    world: str = DEFAULT_WORLD
    date: dt.date | None = None


def parts_of(case: CaseData) -> Parts:
    """All of a case that was read without fault."""
    return Parts(
        parameters=dict(case.parameters),
        correlations=dict(enumerate(case.correlations)),
        elasticities=dict(enumerate(case.elasticities)),
        commodities=dict(enumerate(case.commodities)),
        parties=dict(enumerate(case.parties)),
        route_choices=dict(enumerate(case.route_choices)),
        measures=dict(enumerate(case.measures)),
        renewals=dict(enumerate(case.renewals)),
        claims=dict(enumerate(case.claims)),
        published=dict(enumerate(case.published)),
        interests=dict(enumerate(case.interests)),
        valuations=dict(enumerate(case.valuations)),
        channels=dict(enumerate(case.channels)),
        events=dict(enumerate(case.events)),
        negotiation=case.negotiation,
        conflict=case.conflict,
        record=case.record,
        scenarios=dict(enumerate(case.scenarios)),
        parameter_names=tuple(case.parameters),
        commodity_names=tuple(c.name for c in case.commodities),
        party_ids=tuple(p.id for p in case.parties),
        measure_ids=tuple(m.id for m in case.measures),
        interest_ids=tuple(i.id for i in case.interests),
        moves=case.negotiation.moves if case.negotiation else (),
        route_ids=_merged(
            (r.commodity, r.origin, [w.id for w in r.routes]) for r in case.route_choices
        ),
        world=case.world,
        date=case.date,
    )


def sound_parts(data: dict[str, Any]) -> Parts:
    """Validate each entry of a case on its own and keep those that hold."""
    parameters = data.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    return Parts(
        parameters={k: p for k, v in parameters.items() if (p := _sound(Parameter, v)) is not None},
        correlations=_entries(Correlation, data.get("correlations")),
        elasticities=_entries(Elasticity, data.get("elasticities")),
        commodities=_entries(Commodity, data.get("commodities")),
        parties=_entries(Party, data.get("parties")),
        route_choices=_entries(RouteChoice, data.get("route_choices")),
        measures=_entries(Measure, data.get("measures")),
        renewals=_entries(Renewal, data.get("renewals")),
        claims=_entries(Claim, data.get("claims")),
        published=_entries(Published, data.get("published")),
        interests=_entries(Interest, data.get("interests")),
        valuations=_entries(Valuation, data.get("valuations")),
        channels=_entries(Channel, data.get("channels")),
        events=_entries(ObservedMove, data.get("events")),
        negotiation=_sound(Negotiation, data.get("negotiation")),
        conflict=_sound(Conflict, data.get("conflict")),
        record=_sound(BackTestBlock, data.get("record")),
        scenarios=_entries(NamedScenario, data.get("scenarios")),
        parameter_names=tuple(map(str, parameters)),
        commodity_names=tuple(
            dict.fromkeys(
                (*_names(data.get("commodities"), "name"), *_names(data.get("goods"), "id"))
            )
        ),
        party_ids=_names(data.get("parties"), "id"),
        measure_ids=_names(data.get("measures"), "id"),
        interest_ids=_names(data.get("interests"), "id"),
        moves=_texts(data.get("negotiation"), "moves"),
        route_ids=_merged(
            (str(r.get("commodity")), str(r.get("origin")), _names(r.get("routes"), "id"))
            for r in _mappings(data.get("route_choices"))
        ),
        world=world_of_data(data),
        date=day_or_none(data.get("date")),
    )


def world_of_data(data: dict[str, Any]) -> str:
    """The name of a case's world as its file has it; empty where the key itself is at fault."""
    world = data.get("world", DEFAULT_WORLD)
    return world if isinstance(world, str) else ""


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
    return tuple(v[key] for v in _mappings(values) if isinstance(v.get(key), str))


def _texts(value: Any, key: str) -> tuple[str, ...]:
    given = value.get(key) if isinstance(value, dict) else None
    return tuple(x for x in given if isinstance(x, str)) if isinstance(given, list) else ()


def _mappings(values: Any) -> list[dict[str, Any]]:
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []


def _merged(
    entries: Iterable[tuple[str, str, Iterable[str]]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for commodity, origin, routes in entries:
        before = found.get((commodity, origin), ())
        found[commodity, origin] = tuple(dict.fromkeys((*before, *routes)))
    return found
