"""What a back-test compares: whose exports, which buyers, which years, and what was set in view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.cases import (
    CaseError,
    Fault,
    implausible_origins,
    observed,
    observed_ni,
    observed_prices,
)

if TYPE_CHECKING:
    from pathlib import Path

    from detente._types import Array
    from detente.cases import Case, ImplausibleOrigin, Parameter
    from detente.world import World


#: Flows of at most this many million tonnes, in the base and as observed, are not counted.
SMALLEST_FLOW = 0.02
#: Suppliers of at most this share of a buyer, in the base and as observed, are not counted.
SMALLEST_SHARE = 0.01


@dataclass(frozen=True)
class Plan:
    """The terms of a back-test; names only, so that it travels to other processes.

    Attributes:
        commodity: the good.
        exporter: ISO3 code of the exporter under sanctions.
        rival: ISO3 code of the exporter under whose name its goods may be recorded, or None.
        silent: ISO3 codes of markets that declare nothing; what they buy is counted nowhere.
        buyers: ids of parties, or ISO3 codes.
        price_market: ISO3 code of the market of the price series.
        years: calendar years.
        calibrated_on: the last year that parameters may have been set on; later ones are held out.
        shortfall: the year of the fall of supply that the price is tested with; None for none.
    """

    commodity: str
    exporter: str
    rival: str | None
    silent: tuple[str, ...]
    buyers: tuple[str, ...]
    price_market: str
    years: tuple[int, ...]
    calibrated_on: int
    shortfall: int | None = None

    def day(self, year: int) -> dt.date:
        """The day whose regime stands for a year, 1 July."""
        return dt.date(year, 7, 1)

    def sample(self, year: int) -> str:
        """Whether a year may have been looked at when parameters were set."""
        return "calibration" if year <= self.calibrated_on else "hold-out"

    def members(self, case: Case, world: World, year: int) -> list[list[int]]:
        """The positions of the countries of every buyer."""
        parties = {p.id for p in case.parties}
        return [
            [
                world.country(c)
                for c in (case.members(b, world, self.day(year)) if b in parties else (b,))
            ]
            for b in self.buyers
        ]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was observed.

    Attributes:
        tonnes_yni: as declared to customs, million tonnes, by year, market and origin; 0 where
            nothing was declared or the flow is not among those of the table.
        reassigned_yni: the same with implausible origins re-assigned; None if the case has none.
        most_y: what the exporter can have sold abroad at most, its output less its own use, million
            tonnes; NaN where its output is not known, None if the case has none.
        moved: what was re-assigned.
        price_y: mean price of each year over that of the base year.
        base_price: mean price of the base year, USD per unit.
        base_year: the year of the world.
    """

    tonnes_yni: Array = field(repr=False)
    reassigned_yni: Array | None = field(repr=False)
    most_y: Array | None
    moved: tuple[ImplausibleOrigin, ...]
    price_y: Array
    base_price: float
    base_year: int


def plan_of(case: Case, years: Sequence[int] = (2022, 2023, 2024)) -> Plan:
    """The terms of a back-test of a case, as its block `record` has them.

    Raises:
        CaseError: if no commodity of the case has observed flows, or the block is missing.
    """
    commodity = next((c for c in case.commodities if c.observed), None)
    if commodity is None:
        message = "no commodity has observed flows to be tested against."
        remedy = "Name a table of flows under observed."
        raise CaseError([Fault(0, "commodities", message, remedy)], case.name)
    given = case.record
    if given is None:
        message = f"nothing says whose exports of {commodity.name} to test, and what was seen."
        remedy = "Write the block `record`; see docs/case-file.md."
        raise CaseError([Fault(0, "record", message, remedy)], case.name)
    fallen = given.shortfall.year if given.shortfall else None
    return Plan(
        commodity=commodity.name,
        exporter=given.exporter.country,
        rival=None if given.rival is None else given.rival.country,
        silent=() if given.silent is None else given.silent.countries,
        buyers=given.buyers.labels,
        price_market=given.price_market.country,
        years=tuple(sorted(years)),
        calibrated_on=given.calibration.last_year,
        shortfall=fallen if fallen in years else None,
    )


def testable(case: Case) -> bool:
    """Whether a case has what a back-test needs: observed flows, and the block `record`."""
    return case.record is not None and any(c.observed for c in case.commodities)


def values_in_view(case: Case) -> dict[str, str]:
    """Parameters that were set with later trade in view: their value now, and what was seen."""
    given = case.record.parameters_in_view if case.record else {}
    return {name: f"{_value(case.parameters[name])}, {g.seen}" for name, g in given.items()}


def _value(parameter: Parameter) -> str:
    """A parameter's value for readers: shares in per cent."""
    if not parameter.unit.startswith(("share", "fraction")):
        return f"{parameter.value:g} {parameter.unit}"
    return f"{100 * parameter.value:g} %" if parameter.value else "0"


def outcome_of(case: Case, world: World, plan: Plan) -> Outcome:
    """The observed flows and prices of the years of a plan.

    Raises:
        CaseError: if a table is missing, or has no row of a year.
    """
    commodity = case.commodity(plan.commodity)
    folder = case.path.parent if case.path else None
    given = case.record.reassigned if case.record else None
    moved = implausible_origins(given.origins, folder) if given else ()
    prices: dict[int, float] = {}
    if commodity.observed_prices is not None:
        prices = {
            p.year: p.usd_per_tonne for p in observed_prices(commodity.observed_prices, folder)
        }
    base = prices.get(world.year, float("nan"))
    return Outcome(
        tonnes_yni=_observed_yni(commodity.observed or "", folder, world, plan),
        reassigned_yni=_observed_yni(given.flows, folder, world, plan) if given else None,
        most_y=_most_y(case, world, plan),
        moved=tuple(m for m in moved if m.year in plan.years),
        price_y=np.array([prices.get(y, float("nan")) / base for y in plan.years]),
        base_price=base,
        base_year=world.year,
    )


def _observed_yni(name: str, folder: Path | None, world: World, plan: Plan) -> Array:
    """The flows of a table, million tonnes."""
    flows = observed(name, folder)
    missing = sorted(set(plan.years) - {f.year for f in flows})
    if missing:
        message = f"has no flows of {', '.join(map(str, missing))}."
        raise CaseError([Fault(0, "", message, "Leave the year out.", name)])
    return np.stack([observed_ni(flows, y, world.countries) / 1e6 for y in plan.years])


def _most_y(case: Case, world: World, plan: Plan) -> Array | None:
    """The exporter's output less what it uses itself in the base, million tonnes."""
    given = case.record.output if case.record else None
    if given is None:
        return None
    e = world.country(plan.exporter)
    own = case.quantity_ni(plan.commodity, world.countries)[e, e]
    made = [given.contained.get(y, float("nan")) / given.content for y in plan.years]
    return np.asarray((np.array(made) - own) / 1e6)
