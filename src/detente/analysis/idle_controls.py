"""Which controls of a state move nothing or next to it, and why, told without solving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from detente.analysis.measure_effects import NOISE, negligible, touches_trade
from detente.analysis.scenarios import Scenarios
from detente.cases import CaseError
from detente.cases.fields import REST
from detente.cases.measures import RouteChange
from detente.cases.resolve import Shocks
from detente.negotiation.words import listed, quoted, upper_first
from detente.trade import ShockError
from detente.trade._economy import economy_of
from detente.trade._shock_wedges import Places, wedges

if TYPE_CHECKING:
    from detente._types import Array
    from detente.cases import Case, Measure, Parameter


_NEXT = (
    f"changes the cost of the base year's flows by less than USD {1e3 * NOISE:.0f} thousand a year"
)
#: Parts of a case that set what the trade model solves, whatever measures are in force.
_MODEL = ("commodities", "elasticities", "route_choices")


def names_in(data: Any) -> set[str]:
    """Every text in some data: among them the names of parameters."""
    if isinstance(data, BaseModel):
        return names_in(vars(data))
    if isinstance(data, str):
        return {data}
    if isinstance(data, dict):
        return set().union(*map(names_in, data.values())) if data else set()
    if isinstance(data, list | tuple):
        return set().union(*map(names_in, data)) if data else set()
    return set()


def idle_measures(case: Case, date: dt.date | str | None = None) -> list[tuple[str, str]]:
    """Measures that change nothing, each with the reason: (id, why).

    A measure is idle when no flow of the base year meets what it sets, when it moves next to
    nothing even alone, or when, on the date, all that it sets is already set by others (a lock that
    another measure keeps closed).

    Args:
        case: whose measures are looked at.
        date: the day; the case's own if None.

    Returns:
        list: the id of each idle measure, and why it is idle.
    """
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    if not case.has_trade:
        return list(case.idle_negotiation())
    scenarios = Scenarios(case, date=day)
    in_force = [m.id for m in case.regime(day)]
    idle = []
    for measure in case.trade_measures:
        if measure.not_computed and not touches_trade(scenarios, measure):
            idle.append((measure.id, measure.not_computed))
            continue
        if not touches_trade(scenarios, measure):
            idle.append(
                (
                    measure.id,
                    "no flow of the base year changes its terms: none meets what it sets, or that "
                    "holds already.",
                )
            )
            continue
        rest = [m for m in in_force if m != measure.id]
        other = rest if measure.id in in_force else [*in_force, measure.id]
        margin = (
            scenarios.equilibrium(in_force).equivalent_variation.values
            - scenarios.equilibrium(other).equivalent_variation.values
        )
        if not negligible(margin):
            continue
        alone = (
            scenarios.equilibrium([measure.id]).equivalent_variation.values
            - scenarios.equilibrium(()).equivalent_variation.values
        )
        if negligible(alone):
            why = (
                "it moves next to nothing: no country gains or loses as much as "
                f"USD {1e3 * NOISE:.0f} thousand a year by it, with the others or alone."
            )
        else:
            verb = "lifting" if measure.id in in_force else "imposing"
            why = (
                f"{verb} it alone on {day} changes nothing, since other measures in force set "
                "the same (it does have an effect without them)."
            )
        idle.append((measure.id, why))
    return [*idle, *case.idle_negotiation()]


def idle_controls(scenarios: Scenarios) -> dict[str, str]:
    """The measures and parameters that move nothing in trade in a state, each with the reason.

    Two states that set the same terms for every flow that exists have the same equilibrium, so
    that this answer is exact and needs none. Next to nothing is what changes the cost of all flows
    of the base year by less than what a gain or loss is told from.

    Args:
        scenarios: of the case in that state, on its day.

    Returns:
        dict[str, str]: a sentence by the id of a measure or the name of a parameter.
    """
    terms = _Terms(scenarios)
    return {**dict(_measures(terms)), **dict(_parameters(terms))}


def held_twice(scenarios: Scenarios) -> dict[str, tuple[str, ...]]:
    """The measures whose switch moves nothing because another one in force sets as much.

    Args:
        scenarios: of the case in that state, on its day.

    Returns:
        dict[str, tuple[str, ...]]: ids of the measures in force without any one of which it would
        move something, by its own id. One that only several hold together is left out.
    """
    terms = _Terms(scenarios)
    none, found = terms.of(()), {}
    for m in terms.case.trade_measures:
        switched = terms.of({m.id} ^ set(terms.in_force))
        if switched == terms.now and terms.of([m.id]) != none:
            holders = _single_holders(terms, m)
            if holders:
                found[m.id] = tuple(holder.id for holder in holders)
    return found


class _Terms:
    """What a set of measures sets for the flows that exist, as a value that can be compared."""

    def __init__(self, scenarios: Scenarios) -> None:
        self.case, self.world, self.date = scenarios.case, scenarios.world, scenarios.date
        self.in_force = [m.id for m in self.case.regime(self.date)]
        self._economy = economy_of(self.world, scenarios.span)
        self._flows = self.world.trade_jni > 0
        self._sales = self.world.sales_jn > 0
        self._trade = self.world.trade_jni[self._flows]
        self._made = self.world.sales_jn[self._sales]
        self._shocks = Shocks(self.case, self.world, self.date)
        self._places = Places(self.world)
        self.now = self.of(self.in_force)

    def of(self, measures: Iterable[str], shocks: Shocks | None = None) -> _Set:
        """The terms under some measures."""
        shock = (shocks or self._shocks).of(measures)
        change = wedges(self.world, self._economy, shock, self._places)
        parts = [
            change.melt_jni[self._flows],
            change.tariff_jni[self._flows],
            change.export_tax_jni[self._flows],
            change.productivity_nj.T[self._sales],
            *(r.cost_rb for r in change.route_groups),
            *(r.fee_r for r in change.route_groups),
            np.concatenate(
                [np.zeros(0), *(np.append(one.at, (one.limit, one.most)) for one in change.limits)]
            ),
        ]
        return _Set(tuple(np.round(part, 12) for part in parts))

    def with_value(self, name: str, value: float) -> _Set:
        """The terms of the state with another value of a parameter that only measures use."""
        case = self.case.with_parameters({name: value})
        return self.of(self.in_force, Shocks(case, self.world, self.date))

    def small(self, other: _Set) -> bool:
        """Whether other terms change the cost of the base year's flows by next to nothing.

        USD million a year over all flows and sales, each by the change of what it bears; a route
        that is closed or costs more is never small, nor is another limit on a quantity.
        """
        bases = (self._trade, self._trade, self._trade, self._made)
        moved = 0.0
        for k, (now, then) in enumerate(zip(self.now.parts, other.parts, strict=True)):
            if np.array_equal(now, then):
                continue
            if k >= len(bases):
                return False
            differ = now != then
            moved += float((bases[k][differ] * np.abs(then[differ] - now[differ])).sum())
        return moved < NOISE


@dataclass(frozen=True, eq=False)
class _Set:
    """What a set of measures sets: costs of flows, taxes, productivities, routes, then limits."""

    parts: tuple[Array, ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Set) or len(self.parts) != len(other.parts):
            return False
        return all(map(np.array_equal, self.parts, other.parts))

    __hash__ = None  # type: ignore[assignment]


def _measures(terms: _Terms) -> Iterator[tuple[str, str]]:
    none = terms.of(())
    for m in terms.case.trade_measures:
        on = m.id in terms.in_force
        switched = terms.of({m.id} ^ set(terms.in_force))
        if m.not_computed and switched == terms.now:
            yield m.id, upper_first(m.not_computed)
            continue
        if switched != terms.now:
            if terms.small(switched):
                verb = "Lifting" if on else "Imposing"
                yield m.id, f"{verb} it moves next to nothing: what it sets {_NEXT}."
            continue
        if terms.of([m.id]) == none:
            yield (
                m.id,
                "No flow of the base year meets what it sets, so switching it moves nothing.",
            )
            continue
        held = _quoted(_holders(terms, m))
        if on:
            yield m.id, f"Held twice: lifting it alone moves nothing while {held} in force."
        else:
            yield m.id, f"Imposing it moves nothing while {held} in force, setting as much already."


def _holders(terms: _Terms, measure: Measure) -> list[Measure]:
    """The measures in force that already set what one sets: without them it would move."""
    # Where no single one would do, all that touch trade hold it together.
    return _single_holders(terms, measure) or [
        terms.case.measure(m) for m in terms.in_force if m != measure.id
    ]


def _single_holders(terms: _Terms, measure: Measure) -> list[Measure]:
    """The measures in force without any one of which that measure would move something."""
    others = [m for m in terms.in_force if m != measure.id]
    out = []
    for other in others:
        rest = [m for m in others if m != other]
        if terms.of([*rest, measure.id]) != terms.of(rest):
            out.append(terms.case.measure(other))
    return out


def _quoted(measures: list[Measure]) -> str:
    return f"{listed([quoted(m.label) for m in measures])} {'is' if len(measures) == 1 else 'are'}"


def _parameters(terms: _Terms) -> Iterator[tuple[str, str]]:
    case = terms.case
    model = set().union(*(names_in(getattr(case, part)) for part in _MODEL))
    users = {m.id: names_in(m.sets) for m in case.trade_measures}
    closed = dict(_closed(terms))
    for name, p in case.parameters.items():
        if name in closed:
            yield name, closed[name]
        if name in model:
            continue
        using = [case.measure(m) for m, names in users.items() if name in names]
        active = [m for m in using if m.id in terms.in_force]
        if not using:
            yield name, _elsewhere(case, name)
        elif not active:
            yield name, f"Moves nothing in trade while {_quoted(using)} not in force."
        elif all(_same(terms, name, end) for end in _ends(p, active, name)):
            reasons = dict(_measures(terms))
            why = next((reasons[m.id] for m in active if m.id in reasons), "")
            yield name, why or "What it sets is set as hard by other measures in force."
        elif all(_small(terms, name, end) for end in _ends(p, active, name)):
            yield name, f"Moves next to nothing over its range: what it sets {_NEXT}."


def _ends(p: Parameter, using: list[Measure], name: str) -> tuple[float, ...]:
    """The values that a control goes to: the range thought possible; all of a leakage."""
    ends = p.range or (0.5 * p.value, 2.0 * p.value)
    leaks = any(getattr(s.effect, "leakage", None) == name for m in using for s in m.sets)
    return (0.0, 1.0, *ends) if leaks else tuple(ends)


def _same(terms: _Terms, name: str, value: float) -> bool:
    try:
        return terms.with_value(name, value) == terms.now
    except (CaseError, ShockError):
        return False


def _small(terms: _Terms, name: str, value: float) -> bool:
    try:
        return terms.small(terms.with_value(name, value))
    except (CaseError, ShockError):
        return False


def _closed(terms: _Terms) -> Iterator[tuple[str, str]]:
    """Capacities and extra costs of routes that are closed: nothing passes that they could bear on.

    Fees are not among them: what a closed route no longer earns depends on its fee.
    """
    case = terms.case
    for choice in case.route_choices:
        elsewhere = names_in([r for r in case.route_choices if r is not choice])
        for route in choice.routes:
            closing = [
                m
                for m in case.trade_measures
                if m.id in terms.in_force
                and any(
                    isinstance(s.effect, RouteChange)
                    and s.effect.close
                    and (s.effect.commodity, s.effect.origin) == (choice.commodity, choice.origin)
                    and route.id in s.effect.routes
                    for s in m.sets
                )
            ]
            if not closing:
                continue
            used = elsewhere | names_in([w for w in choice.routes if w is not route])
            for given in (route.capacity, route.extra_cost):
                if isinstance(given, str) and given != REST and given not in used:
                    yield (
                        given,
                        f"Moves nothing: no tonne passes here while {_quoted(closing)} in force.",
                    )


def _elsewhere(case: Case, name: str) -> str:
    """What a parameter bears on that no part of the trade model uses."""
    negotiation = (case.interests, case.valuations, case.channels, case.negotiation, case.parties)
    if name in names_in(list(negotiation)) or any(
        name in names_in(m.effects) for m in case.measures
    ):
        return "Bears on the negotiation; moves nothing in trade."
    if name in names_in(case.record):
        return "Bears on the back-test; moves nothing in trade."
    return "Bears on published figures that claims are held against; moves nothing in trade."
