"""Are the numbers of a case possible, once the names of parameters are replaced by their values?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.bounds import (
    ABOVE_MINUS_ONE,
    FREE,
    NOT_NEGATIVE,
    ONE_OR_MORE,
    POSITIVE,
    SHARE,
    SHARE_IN_USE,
    Use,
)
from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.measures import Setting
from detente.case.routes import Routes
from detente.case.schema import Commodity, Parameter
from detente.case.shares import share_faults
from detente.case.talks_numbers import range_faults, talks_uses
from detente.case.values import REST, Given

if TYPE_CHECKING:
    from detente.case.parts import Parts


_BOUNDS = {
    "embargo": {"leakage": SHARE},
    "tariff": {"rate": NOT_NEGATIVE, "add": ABOVE_MINUS_ONE},
    "iceberg": {"factor": POSITIVE, "extra_cost": FREE},
    "export_tax": {"rate": ABOVE_MINUS_ONE},
    "productivity": {"factor": POSITIVE},
    "route": {"extra_cost": NOT_NEGATIVE},
}
_COMMODITY = {
    "price": POSITIVE,
    "labour_share": SHARE,
    "capital_share": SHARE,
    "resource_share": SHARE,
    "trade_elasticity": POSITIVE,
    "input_substitution": NOT_NEGATIVE,
}
_WAY = {"extra_cost": NOT_NEGATIVE, "fee": NOT_NEGATIVE, "capacity": POSITIVE}


def number_faults(parts: Parts) -> Iterator[Complaint]:
    """Every number that is unknown or impossible: where, what is wrong, what to do."""
    for name, parameter in parts.parameters.items():
        yield from _parameter_faults(("parameters", name), name, parameter)
        yield from _dated_faults(("parameters", name), parameter, parts.date)
    yield from range_faults(parts)
    yield from value_faults(parts)


def value_faults(parts: Parts) -> Iterator[Complaint]:
    """Every use of a number that is unknown or impossible, whatever the parameters' own ranges."""
    for use in _uses(parts):
        yield from _use_faults(use, parts.parameters, parts.parameter_names)
    yield from share_faults(parts)


def _uses(parts: Parts) -> Iterator[Use]:
    for index, elasticity in parts.elasticities.items():
        for key, bound in (("trade_elasticity", POSITIVE), ("input_substitution", NOT_NEGATIVE)):
            given: Given | None = getattr(elasticity, key)
            if given is not None:
                yield Use(("elasticities", index, key), given, bound)
    for index, commodity in parts.commodities.items():
        yield from _commodity_uses(("commodities", index), commodity)
    for index, routes in parts.routes.items():
        yield from _routes_uses(("routes", index), routes)
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            path = ("measures", index, "sets", place, setting.kind)
            yield from _setting_uses(path, setting)
    for index, published in parts.published.items():
        yield Use(("published", index, "conversion"), published.conversion, POSITIVE)
    if parts.backtest is not None and parts.backtest.shortfall is not None:
        yield Use(
            ("backtest", "shortfall", "left"),
            parts.backtest.shortfall.left,
            SHARE_IN_USE,
            dated=True,
        )
    yield from talks_uses(parts)


def _commodity_uses(path: Path, commodity: Commodity) -> Iterator[Use]:
    for key, bound in _COMMODITY.items():
        yield Use((*path, key), getattr(commodity, key), bound)
    for key, bound in (("users", SHARE), ("inputs", NOT_NEGATIVE)):
        for good, given in getattr(commodity, key).items():
            if given != REST:
                yield Use((*path, key, good), given, bound)
    for country, given in commodity.resource_shares.items():
        yield Use((*path, "resource_shares", country), given, SHARE)
    for place, override in enumerate(commodity.overrides):
        where = (*path, "overrides", place)
        if override.quantity is not None:
            yield Use((*where, "quantity"), override.quantity, NOT_NEGATIVE)
        if override.share is not None:
            yield Use((*where, "share"), override.share, SHARE)


def _routes_uses(path: Path, routes: Routes) -> Iterator[Use]:
    yield Use((*path, "route_elasticity"), routes.route_elasticity, POSITIVE)
    for place, way in enumerate(routes.ways):
        if way.base_share != REST:
            yield Use((*path, "ways", place, "base_share"), way.base_share, SHARE_IN_USE)
        for key, bound in _WAY.items():
            given: Given | None = getattr(way, key)
            if given is not None:
                yield Use((*path, "ways", place, key), given, bound, dated=True)
    if routes.congestion is not None:
        yield Use((*path, "congestion", "level"), routes.congestion.level, POSITIVE)
        yield Use((*path, "congestion", "power"), routes.congestion.power, ONE_OR_MORE)


def _setting_uses(path: Path, setting: Setting) -> Iterator[Use]:
    for key, bound in _BOUNDS[setting.kind].items():
        given: Given | None = getattr(setting.effect, key)
        if given is not None:
            yield Use((*path, key), given, bound, dated=True)


def _use_faults(
    use: Use, parameters: dict[str, Parameter], known: tuple[str, ...]
) -> Iterator[Complaint]:
    path, given, bound = use.path, use.given, use.bound
    if isinstance(given, str) and given not in known:
        message = f"is {given!r}, which is no number, and there is no parameter {given!r}."
        yield path, message, did_you_mean(given, known)
        return
    if isinstance(given, str) and given not in parameters:
        return  # the parameter itself is faulty, and is reported where it stands
    parameter = parameters[given] if isinstance(given, str) else None
    if parameter is None:
        if not bound.admits(float(given)):
            yield path, f"is {given:g}, it must be {bound.words}.", "Correct the number."
        return
    if parameter.by_date and not use.dated:
        yield (
            path,
            f"parameter {given} changes with the date, and this is a number of the base year.",
            "Name a parameter without by_date.",
        )
    outside = next((v for v in parameter.values if not bound.admits(v)), None)
    if outside is not None:
        message = f"parameter {given} is {outside:g}, it must be {bound.words}."
        yield path, message, "Correct the number."
        return
    for end in parameter.range or ():
        if not bound.admits(end):
            yield (
                path,
                f"the range of parameter {given} reaches {end:g}, it must be {bound.words}.",
                "Narrow the range.",
            )


def _parameter_faults(path: Path, name: str, parameter: Parameter) -> Iterator[Complaint]:
    if name == REST:
        yield path, f"{REST!r} stands for what other shares leave.", "Choose another name."
    if parameter.range is None:
        return
    low, high = parameter.range
    if low > high:
        yield (*path, "range"), f"is reversed: {low:g} to {high:g}.", "Write the lower end first."
    elif not low <= parameter.value <= high:
        yield (
            (*path, "value"),
            f"{parameter.value:g} lies outside its own range, {low:g} to {high:g}.",
            "Widen the range or correct the value.",
        )


def _dated_faults(path: Path, parameter: Parameter, day: dt.date | None) -> Iterator[Complaint]:
    if not parameter.by_date:
        return
    if parameter.value == 0:
        yield (
            (*path, "value"),
            "is 0, so that values of other days cannot be in proportion to it.",
            "Write a small figure, or leave by_date out.",
        )
    if day is not None and not math.isclose(parameter.on(day), parameter.value, rel_tol=1e-9):
        yield (
            (*path, "value"),
            f"is {parameter.value:g}, but by_date says {parameter.on(day):g} on {day}, "
            "the case's date.",
            "Write the same figure for both.",
        )
