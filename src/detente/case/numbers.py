"""Are the numbers of a case possible, once the names of parameters are replaced by their values?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.case.errors import Path, did_you_mean
from detente.case.measures import Iceberg, Setting
from detente.case.schema import Commodity, Parameter
from detente.case.values import REST

if TYPE_CHECKING:
    from detente.case.parts import Parts

Given = float | str
Complaint = tuple[Path, str, str]
SUM_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Bound:
    """What a number may be."""

    words: str
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False

    def admits(self, x: float) -> bool:
        """Whether the number may be x."""
        return (self.low < x if self.low_open else self.low <= x) and x <= self.high


FREE = Bound("any number")
SHARE = Bound("between 0 and 1", 0.0, 1.0)
POSITIVE = Bound("above 0", 0.0, low_open=True)
NOT_NEGATIVE = Bound("0 or more", 0.0)
ABOVE_MINUS_ONE = Bound("above -1", -1.0, low_open=True)

_BOUNDS = {
    "embargo": {"leakage": SHARE},
    "tariff": {"rate": NOT_NEGATIVE, "add": ABOVE_MINUS_ONE},
    "iceberg": {"factor": POSITIVE, "extra_cost": FREE},
    "export_tax": {"rate": ABOVE_MINUS_ONE},
    "productivity": {"factor": POSITIVE},
}
_COMMODITY = {
    "price": POSITIVE,
    "labour_share": SHARE,
    "capital_share": SHARE,
    "resource_share": SHARE,
    "trade_elasticity": POSITIVE,
    "input_substitution": NOT_NEGATIVE,
}


def number_faults(parts: Parts) -> Iterator[Complaint]:
    """Every number that is unknown or impossible: where, what is wrong, what to do."""
    for name, parameter in parts.parameters.items():
        yield from _parameter_faults(("parameters", name), name, parameter)
    yield from value_faults(parts)


def value_faults(parts: Parts) -> Iterator[Complaint]:
    """Every use of a number that is unknown or impossible, whatever the parameters' own ranges."""
    for path, given, bound in _uses(parts):
        yield from _use_faults(path, given, bound, parts.parameters, parts.parameter_names)
    for index, commodity in parts.commodities.items():
        yield from _share_faults(("commodities", index), commodity, parts.parameters)
    for path, iceberg in _icebergs(parts):
        yield from _extra_cost_faults(path, iceberg, parts)


def _uses(parts: Parts) -> Iterator[tuple[Path, Given, Bound]]:
    for index, elasticity in parts.elasticities.items():
        for key, bound in (("trade_elasticity", POSITIVE), ("input_substitution", NOT_NEGATIVE)):
            given: Given | None = getattr(elasticity, key)
            if given is not None:
                yield ("elasticities", index, key), given, bound
    for index, commodity in parts.commodities.items():
        yield from _commodity_uses(("commodities", index), commodity)
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            path = ("measures", index, "sets", place, setting.kind)
            yield from _setting_uses(path, setting)


def _commodity_uses(path: Path, commodity: Commodity) -> Iterator[tuple[Path, Given, Bound]]:
    for key, bound in _COMMODITY.items():
        yield (*path, key), getattr(commodity, key), bound
    for key, bound in (("users", SHARE), ("inputs", NOT_NEGATIVE)):
        for good, given in getattr(commodity, key).items():
            if given != REST:
                yield (*path, key, good), given, bound
    for place, override in enumerate(commodity.overrides):
        yield (*path, "overrides", place, "quantity"), override.quantity, NOT_NEGATIVE


def _setting_uses(path: Path, setting: Setting) -> Iterator[tuple[Path, Given, Bound]]:
    for key, bound in _BOUNDS[setting.kind].items():
        given: Given | None = getattr(setting.effect, key)
        if given is not None:
            yield (*path, key), given, bound


def _icebergs(parts: Parts) -> Iterator[tuple[Path, Iceberg]]:
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            if setting.iceberg is not None:
                yield ("measures", index, "sets", place, "iceberg"), setting.iceberg


def _use_faults(
    path: Path,
    given: Given,
    bound: Bound,
    parameters: dict[str, Parameter],
    known: tuple[str, ...],
) -> Iterator[Complaint]:
    if isinstance(given, str) and given not in known:
        yield path, f"there is no parameter {given!r}.", did_you_mean(given, known)
        return
    if isinstance(given, str) and given not in parameters:
        return  # the parameter itself is faulty, and is reported where it stands
    parameter = parameters[given] if isinstance(given, str) else None
    number = parameter.value if parameter else float(given)
    whose = f"parameter {given} is" if parameter else "is"
    if not bound.admits(number):
        yield path, f"{whose} {number:g}, it must be {bound.words}.", "Correct the number."
        return
    for end in parameter.range or () if parameter else ():
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


def _share_faults(
    path: Path, commodity: Commodity, parameters: dict[str, Parameter]
) -> Iterator[Complaint]:
    factors = {
        k: getattr(commodity, k) for k in ("labour_share", "capital_share", "resource_share")
    }
    users = _sum(commodity.users, parameters)
    costs = _sum(factors, parameters)
    if users is not None:
        yield from _user_faults((*path, "users"), users, commodity.users)
    if costs is not None and costs > 1 + SUM_TOLERANCE:
        yield (
            (*path, "resource_share"),
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


def _sum(shares: dict[str, Given], parameters: dict[str, Parameter]) -> float | None:
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


def _user_faults(path: Path, total: float, shares: dict[str, Given]) -> Iterator[Complaint]:
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


def _extra_cost_faults(path: Path, iceberg: Iceberg, parts: Parts) -> Iterator[Complaint]:
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
