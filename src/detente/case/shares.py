"""Do shares sum to one, and does an extra cost leave a price, once parameters are replaced?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.measures import Iceberg
from detente.case.routes import Routes
from detente.case.schema import Commodity, Parameter
from detente.case.values import REST, Given

if TYPE_CHECKING:
    from detente.case.parts import Parts

SUM_TOLERANCE = 1e-6


def share_faults(parts: Parts) -> Iterator[Complaint]:
    """Every set of shares that cannot be, and every extra cost that a price does not bear."""
    for index, commodity in parts.commodities.items():
        yield from _commodity_faults(("commodities", index), commodity, parts.parameters)
    for index, routes in parts.routes.items():
        yield from _way_faults(("routes", index, "ways"), routes, parts.parameters)
    for index, measure in parts.measures.items():
        for place, setting in enumerate(measure.sets):
            if setting.iceberg is not None:
                path: Path = ("measures", index, "sets", place, "iceberg")
                yield from _extra_cost_faults(path, setting.iceberg, parts)


def _way_faults(
    path: Path, routes: Routes, parameters: dict[str, Parameter]
) -> Iterator[Complaint]:
    shares = {f"{place} {way.id}": way.base_share for place, way in enumerate(routes.ways)}
    total = _sum(shares, parameters)
    if total is None:
        return
    yield from _sum_faults(path, total, shares)
    if list(shares.values()).count(REST) == 1 and abs(total - 1) <= SUM_TOLERANCE:
        yield (
            path,
            f"the other shares leave nothing for {REST}.",
            "A way without a share in the base year can never be used; give it a small one.",
        )


def _commodity_faults(
    path: Path, commodity: Commodity, parameters: dict[str, Parameter]
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


def _sum_faults(path: Path, total: float, shares: dict[str, Given]) -> Iterator[Complaint]:
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
