"""Flows of a commodity as a case changes them: quantities, shares of imports, another table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from detente.cases.case_data import CaseData
from detente.cases.economy import Commodity
from detente.cases.errors import CaseError, Fault
from detente.cases.labels import labels_of
from detente.cases.tables import Flow, FlowsFile, flows_file, read_flows

_C = TypeVar("_C", bound=CaseData)

#: By how much of the imports shares may exceed what is left, from rounding.
ROUNDING = 1e-12


def overridden(case: CaseData, commodity: Commodity, table: Iterable[Flow]) -> tuple[Flow, ...]:
    """The flows of a table with the overrides of the case file applied.

    A quantity replaces a flow. A share then sets a flow to so much of what its market imports,
    whose total stays; suppliers without an override of their own give way in proportion.

    Raises:
        CaseError: if the overrides of a market leave less than nothing for its other suppliers, or
            something and no other supplier is there.
    """
    flows = {(f.origin, f.market): f for f in table}
    for o in commodity.overrides:
        if o.quantity is not None:
            kind = "own" if o.origin == o.market else "export"
            quantity = case.number(o.quantity)
            flows[o.origin, o.market] = Flow(o.origin, o.market, quantity, kind, o.source)
    fixed = {(o.origin, o.market) for o in commodity.overrides}
    shares = {(o.origin, o.market): o for o in commodity.overrides if o.share is not None}
    for market in dict.fromkeys(market for _, market in shares):
        bought = {k: f for k, f in flows.items() if k[1] == market and f.kind == "export"}
        total = sum(f.quantity for f in bought.values())
        for key, o in shares.items():
            if key[1] == market and o.share is not None:
                quantity = case.number(o.share) * total
                bought[key] = Flow(o.origin, o.market, quantity, "export", o.source)
        free = [k for k in bought if k not in fixed]
        left = total - sum(f.quantity for k, f in bought.items() if k in fixed)
        before = sum(bought[k].quantity for k in free)
        if left < -ROUNDING * total or (before == 0 and left > ROUNDING * total):
            raise _impossible(case, commodity, market, total, left)
        for key in free:
            scale = max(left, 0.0) / before if before else 0.0
            bought[key] = replace(bought[key], quantity=bought[key].quantity * scale)
        flows |= bought
    return tuple(flows.values())


def with_flows(case: _C, commodity: Commodity, table: str) -> _C:
    """A case with the flows of one commodity read from another table; see `Case.with_flows`."""
    folder = case.path.parent if case.path else None
    found = flows_file((), table, folder)
    if not isinstance(found, FlowsFile):
        _, message, remedy = found
        raise CaseError([Fault(1, "", message, remedy)], case.name)
    countries = labels_of(case.world, folder, case.stand_ins).countries
    flows, faults = read_flows(found.text, found.name, countries)
    if faults:
        raise CaseError(faults, case.name)
    changed = tuple(
        c.model_copy(update={"flows": table}) if c.name == commodity.name else c
        for c in case.commodities
    )
    other = case.model_copy(update={"commodities": changed})
    other._flows = {**case._flows, commodity.name: flows}
    other._own = case.own
    other._digest = hashlib.sha256(case.digest.encode() + found.raw).hexdigest()
    other._substance = hashlib.sha256(case.substance.encode() + found.raw).hexdigest()
    return other


def _impossible(
    case: CaseData, commodity: Commodity, market: str, total: float, left: float
) -> CaseError:
    index = next(k for k, c in enumerate(case.commodities) if c.name == commodity.name)
    text = (
        f"the overrides of {market} take {-left:.6g} {commodity.unit} more than its imports of "
        f"{total:.6g}."
        if left < 0
        else f"the overrides of {market} leave {left:.6g} {commodity.unit} of its imports, and the "
        "table has no other supplier."
    )
    fault = Fault(0, f"commodities[{index}].overrides", text, "Change a share or a quantity.")
    return CaseError([fault], case.name)
