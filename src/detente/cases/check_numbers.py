"""Checks of numbers: whether they are possible once names of parameters are replaced by values.

`number_faults` and `value_faults` look at every number alone. `share_faults` asks whether shares
sum to one, and whether an extra cost leaves a price.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente._near import did_you_mean
from detente.cases.check_negotiation import negotiation_uses, range_faults
from detente.cases.economy import Commodity, Parameter, RouteChoice
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import (
    ABOVE_MINUS_ONE,
    FREE,
    NOT_NEGATIVE,
    ONE_OR_MORE,
    POSITIVE,
    REST,
    SHARE,
    SHARE_IN_USE,
    NumberOrParameter,
    Selection,
    Use,
)
from detente.cases.measures import Iceberg, Setting

if TYPE_CHECKING:
    from detente.cases.partial_case import Parts


SUM_TOLERANCE = 1e-6


def share_faults(parts: Parts) -> Iterator[Complaint]:
    """Every set of shares that cannot be, and every extra cost that a price does not bear."""
    for index, commodity in parts.commodities.items():
        yield from _commodity_faults(("commodities", index), commodity, parts.parameters)
    for index, choice in parts.route_choices.items():
        yield from _each_route_faults(("route_choices", index, "routes"), choice, parts.parameters)
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            if setting.iceberg is not None:
                path: KeyPath = ("measures", index, "sets", place, "iceberg")
                yield from _extra_cost_faults(path, setting.iceberg, parts)
            limited = setting.quota or setting.licence
            if limited is not None and limited.quantity is not None:
                where: KeyPath = ("measures", index, "sets", place, setting.kind, "quantity")
                yield from _quantity_faults(where, limited.goods, parts)


def _quantity_faults(path: KeyPath, goods: Selection, parts: Parts) -> Iterator[Complaint]:
    """A quantity of what has no unit of its own."""
    if len(goods.include) == 1 and not goods.exclude and goods.include[0] in parts.commodity_names:
        return
    near = did_you_mean(goods.include[0], parts.commodity_names)
    message = f"needs one commodity of this case, and its goods are {goods}."
    yield path, message, f"Write `value` in USD million a year, or `share`. {near}".rstrip()


def _each_route_faults(
    path: KeyPath, choice: RouteChoice, parameters: dict[str, Parameter]
) -> Iterator[Complaint]:
    shares = {f"{place} {route.id}": route.base_share for place, route in enumerate(choice.routes)}
    total = _sum(shares, parameters)
    if total is None:
        return
    yield from _sum_faults(path, total, shares)
    if list(shares.values()).count(REST) == 1 and abs(total - 1) <= SUM_TOLERANCE:
        yield (
            path,
            f"the other shares leave nothing for {REST}.",
            "A route without a share in the base year can never be used; give it a small one.",
        )


def _commodity_faults(
    path: KeyPath, commodity: Commodity, parameters: dict[str, Parameter]
) -> Iterator[Complaint]:
    factors = {
        k: getattr(commodity, k) for k in ("labour_share", "capital_share", "resource_share")
    }
    users = _sum(commodity.users, parameters)
    costs = _sum(factors, parameters)
    if users is not None:
        yield from _sum_faults((*path, "users"), users, commodity.users)
    if costs is not None and costs > 1 + SUM_TOLERANCE:
        yield (
            (*path, "resource_share"),
            f"the shares of labour, capital and resource sum to {costs:.6g}, more than 1.",
            "Lower one of them; what they leave pays for inputs.",
        )
    for country, given in commodity.resource_shares.items():
        costs = _sum(factors | {"resource_share": given}, parameters)
        if costs is not None and costs > 1 + SUM_TOLERANCE:
            yield (
                (*path, "resource_shares", country),
                f"the shares of labour, capital and resource sum to {costs:.6g}, more than 1.",
                "Lower one of them; what they leave pays for inputs.",
            )
    weights = _sum(commodity.inputs, parameters)
    if commodity.inputs and (weights == 0 or REST in commodity.inputs.values()):
        yield (
            (*path, "inputs"),
            "holds relative weights, which must be numbers and not all 0.",
            "Write a weight for each input, or leave inputs out.",
        )


def _sum(shares: dict[str, NumberOrParameter], parameters: dict[str, Parameter]) -> float | None:
    total = 0.0
    for given in shares.values():
        if given == REST:
            continue
        if isinstance(given, str):
            if given not in parameters:
                return None
            total += parameters[given].value
        else:
            total += given
    return total


def _sum_faults(
    path: KeyPath, total: float, shares: dict[str, NumberOrParameter]
) -> Iterator[Complaint]:
    rests = sum(given == REST for given in shares.values())
    if rests > 1:
        yield path, f"{rests} of the shares say {REST}.", "Let one of them take what is left."
    elif rests == 1 and total > 1 + SUM_TOLERANCE:
        yield (
            path,
            f"the shares sum to {total:.6g} before {REST}, more than 1.",
            "Lower one of them.",
        )
    elif rests == 0 and abs(total - 1) > SUM_TOLERANCE:
        yield (
            path,
            f"the shares sum to {total:.6g}, not 1.",
            f"Correct one, or write {REST} for it.",
        )


def _extra_cost_faults(path: KeyPath, iceberg: Iceberg, parts: Parts) -> Iterator[Complaint]:
    if iceberg.extra_cost is None:
        return
    path = (*path, "extra_cost")
    chosen = {c.name: c for c in parts.commodities.values()}
    names = parts.commodity_names
    for good in iceberg.goods.include:
        if good not in names or iceberg.goods.exclude:
            yield (
                path,
                f"needs a price, and {good!r} is no commodity of this case.",
                f"Use factor instead. {did_you_mean(good, names)}".rstrip(),
            )
            continue
        if good not in chosen:
            continue
        extra = _sum({"": iceberg.extra_cost}, parts.parameters)
        price = _sum({"": chosen[good].price}, parts.parameters)
        if extra is not None and price is not None and price > 0 and extra <= -price:
            yield path, f"takes {-extra:g} off a price of {price:g}.", "Leave a cost above 0."


_BOUNDS = {
    "embargo": {"leakage": SHARE},
    "tariff": {"rate": ABOVE_MINUS_ONE, "add": ABOVE_MINUS_ONE},
    "iceberg": {"factor": POSITIVE, "extra_cost": FREE},
    "export_tax": {"rate": ABOVE_MINUS_ONE},
    "quota": dict.fromkeys(("value", "quantity", "share", "beyond"), POSITIVE),
    "licence": dict.fromkeys(("value", "quantity", "share"), POSITIVE),
    "price_cap": {"price": POSITIVE},
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
_ROUTE = {"extra_cost": NOT_NEGATIVE, "fee": NOT_NEGATIVE, "capacity": POSITIVE}


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
            given: NumberOrParameter | None = getattr(elasticity, key)
            if given is not None:
                yield Use(("elasticities", index, key), given, bound)
    for index, commodity in parts.commodities.items():
        yield from _commodity_uses(("commodities", index), commodity)
    for index, choice in parts.route_choices.items():
        yield from _routes_uses(("route_choices", index), choice)
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            path = ("measures", index, "sets", place, setting.kind)
            yield from _setting_uses(path, setting)
    for index, published in parts.published.items():
        yield Use(("published", index, "conversion"), published.conversion, POSITIVE)
    if parts.record is not None and parts.record.shortfall is not None:
        yield Use(
            ("record", "shortfall", "left"),
            parts.record.shortfall.left,
            SHARE_IN_USE,
            dated=True,
        )
    yield from negotiation_uses(parts)


def _commodity_uses(path: KeyPath, commodity: Commodity) -> Iterator[Use]:
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


def _routes_uses(path: KeyPath, choice: RouteChoice) -> Iterator[Use]:
    yield Use((*path, "route_elasticity"), choice.route_elasticity, POSITIVE)
    for place, route in enumerate(choice.routes):
        if route.base_share != REST:
            yield Use((*path, "routes", place, "base_share"), route.base_share, SHARE_IN_USE)
        for key, bound in _ROUTE.items():
            given: NumberOrParameter | None = getattr(route, key)
            if given is not None:
                yield Use((*path, "routes", place, key), given, bound, dated=True)
    if choice.congestion is not None:
        yield Use((*path, "congestion", "level"), choice.congestion.level, POSITIVE)
        yield Use((*path, "congestion", "power"), choice.congestion.power, ONE_OR_MORE)


def _setting_uses(path: KeyPath, setting: Setting) -> Iterator[Use]:
    for key, bound in _BOUNDS[setting.kind].items():
        given: NumberOrParameter | None = getattr(setting.effect, key)
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


def _parameter_faults(path: KeyPath, name: str, parameter: Parameter) -> Iterator[Complaint]:
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


def _dated_faults(path: KeyPath, parameter: Parameter, day: dt.date | None) -> Iterator[Complaint]:
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
