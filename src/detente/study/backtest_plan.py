"""What a back-test compares: whose exports, which buyers, which years, and what was set in view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.case import CaseError, Fault, observed, observed_ni, observed_prices

if TYPE_CHECKING:
    from detente.case import Case, Parameter
    from detente.study.assessment import Array
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
        buyers: ids of parties, or ISO3 codes.
        price_market: ISO3 code of the market of the price series.
        years: calendar years.
        calibrated_on: the last year that parameters may have been set on; later ones are held out.
    """

    commodity: str
    exporter: str
    rival: str | None
    buyers: tuple[str, ...]
    price_market: str
    years: tuple[int, ...]
    calibrated_on: int

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
        price_y: mean price of each year over that of the base year.
        base_price: mean price of the base year, USD per unit.
        base_year: the year of the world.
    """

    tonnes_yni: Array = field(repr=False)
    price_y: Array
    base_price: float
    base_year: int


def plan_of(case: Case, years: Sequence[int] = (2022, 2023, 2024)) -> Plan:
    """The terms of a back-test of a case, as its block `backtest` has them.

    Raises:
        CaseError: if no commodity of the case has observed flows, or the block is missing.
    """
    commodity = next((c for c in case.commodities if c.observed), None)
    if commodity is None:
        message = "no commodity has observed flows to be tested against."
        remedy = "Name a table of flows under observed."
        raise CaseError([Fault(0, "commodities", message, remedy)], case.name)
    given = case.backtest
    if given is None:
        message = f"nothing says whose exports of {commodity.name} to test, and what was seen."
        remedy = "Write the block `backtest`; see docs/case-file.md."
        raise CaseError([Fault(0, "backtest", message, remedy)], case.name)
    return Plan(
        commodity=commodity.name,
        exporter=given.exporter.country,
        rival=None if given.rival is None else given.rival.country,
        buyers=given.buyers.labels,
        price_market=given.price_market.country,
        years=tuple(sorted(years)),
        calibrated_on=given.calibration.last_year,
    )


def testable(case: Case) -> bool:
    """Whether a case has what a back-test needs: observed flows, and the block `backtest`."""
    return case.backtest is not None and any(c.observed for c in case.commodities)


def values_in_view(case: Case) -> dict[str, str]:
    """Parameters that were set with later trade in view: their value now, and what was seen."""
    given = case.backtest.parameters_in_view if case.backtest else {}
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
    flows = observed(commodity.observed or "", folder)
    missing = sorted(set(plan.years) - {f.year for f in flows})
    if missing:
        message = f"has no flows of {', '.join(map(str, missing))}."
        raise CaseError([Fault(0, "", message, "Leave the year out.", str(commodity.observed))])
    prices: dict[int, float] = {}
    if commodity.observed_prices is not None:
        prices = {
            p.year: p.usd_per_tonne for p in observed_prices(commodity.observed_prices, folder)
        }
    base = prices.get(world.year, float("nan"))
    return Outcome(
        tonnes_yni=np.stack([observed_ni(flows, y, world.countries) / 1e6 for y in plan.years]),
        price_y=np.array([prices.get(y, float("nan")) / base for y in plan.years]),
        base_price=base,
        base_year=world.year,
    )
