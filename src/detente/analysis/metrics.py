"""One number of an answered case: what of whom under which measures, as claims and figures ask."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.measure_effects import NOISE, boomerang
from detente.analysis.scenarios import solve_days
from detente.cases import CaseError, Fault

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.assessment import CommodityOutcome, Snapshot
    from detente.analysis.scenarios import Scenarios
    from detente.cases import Case, Quantity, Reading, Scenario


_OF_ECONOMY = ("equivalent_variation", "real_income_change", "boomerang", "transit_revenue")
_OF_SELLERS = ("price_received", "sales")


def output(
    scenarios: Scenarios,
    quantity: Quantity,
    measures: Iterable[str],
    of: Sequence[str],
    *,
    commodity: str | None = None,
    supplier: Sequence[str] = (),
    rival: Sequence[str] = (),
    target: Sequence[str] = (),
) -> float:
    """One number of the equilibrium with exactly these measures, in the unit of `UNITS`.

    Several countries count as one: money and tonnes are summed, shares and prices are those of
    their joint purchases or sales, weighted by quantity. A boomerang here is against the base
    year without measures.

    Args:
        scenarios: solves the measures, on its own day and horizon.
        quantity: which number.
        measures: ids of the measures in force.
        of: ISO3 codes of the countries whose number it is.
        commodity: of quantities of a commodity.
        supplier: ISO3 codes; whose share, tonnes or price among what `of` buys.
        rival: ISO3 codes; over whose price a ratio of unit values is, all other suppliers from
            abroad if none is named.
        target: ISO3 codes; whose loss a boomerang divides by.

    Returns:
        float: not a number where there is none: nothing bought or sold, no loss to divide by.

    Raises:
        CaseError: fees on the routes of one commodity, where several have routes.
        ShockError: the measures leave a country without a supplier.
        NotConverged: the solver did not reach the tolerance.
    """
    measures = tuple(measures)
    shot = scenarios.snapshot(measures)
    where = [scenarios.world.country(c) for c in of]
    if quantity in _OF_ECONOMY:
        if quantity == "boomerang":
            ratio = boomerang(
                scenarios.world, shot.equivalent_variation_n, tuple(of), tuple(target)
            )
            return math.nan if ratio is None else ratio
        _one_commodity(scenarios.case, quantity, commodity)
        return _of_economy(shot, quantity, where, scenarios.world.income_n)
    if commodity is None:
        message, remedy = f"{quantity} needs a commodity.", "Name one of the case's commodities."
        raise CaseError([Fault(0, "", message, remedy)], scenarios.case.name)
    outcome = shot.commodities[commodity]
    if quantity in _OF_SELLERS:
        return _of_sellers(outcome, quantity, where)
    sellers = [scenarios.world.country(c) for c in supplier]
    solved = scenarios.equilibrium(measures)
    good = scenarios.world.good(commodity)
    spent_n = solved.solution.spending_jn[good]
    if quantity == "unit_value_ratio":
        # Customs record what is paid at the border: with freight, without the duty.
        _, tariff_ni, _ = solved.wedges.good(good)
        landed_ni = outcome.share_ni * spent_n[:, None] / (1 + tariff_ni)
        others = [scenarios.world.country(c) for c in rival]
        return _unit_value_ratio(landed_ni, outcome.tonnes_ni, where, sellers, others)
    return _of_buyers(outcome, quantity, where, sellers, spent_n)


def test_value(
    scenarios: Scenarios,
    reading: Reading,
    days: dict[dt.date, Scenarios] | None = None,  # noqa: PT028 (no test)
) -> float:
    """The number that a claim's test or a published figure is held against.

    A level is that of the scenario; an absolute change is the scenario less what it is compared
    with; a relative one that over what it is compared with. Money of less than the noise between
    two solutions counts as nothing.

    Args:
        scenarios: of the case; other days are solved beside it.
        reading: a claim's test, or the comparison of a published figure.
        days: solved before, by day; see `solved_days`.

    Raises:
        ShockError: as in `output`.
        NotConverged: as in `output`.
    """
    found = solved_days(scenarios, [reading]) if days is None else days
    if reading.quantity == "boomerang":
        return _boomerang_between(scenarios, reading, found)
    value = _at(scenarios, reading, reading.scenario, found)
    if reading.change != "level":
        before = _at(scenarios, reading, reading.against, found)
        value -= before
        if reading.change == "relative":
            value = value / before if before else math.nan
    if reading.quantity == "equivalent_variation" and abs(value) < NOISE:
        return 0.0
    return value


def solved_days(scenarios: Scenarios, readings: Iterable[Reading]) -> dict[dt.date, Scenarios]:
    """Everything that some readings need, solved together day by day.

    Returns:
        dict: a `Scenarios` for every day that a reading names, with its sets of measures solved.
    """
    readings = list(readings)
    solve_days(reading_sets(scenarios, readings))
    return {day: scenarios.on(day) for day in _wanted(scenarios.case, readings)}


def reading_sets(
    scenarios: Scenarios, readings: Iterable[Reading]
) -> list[tuple[Scenarios, list[tuple[str, ...]]]]:
    """The sets of measures that some readings need solved, with the scenarios of their day."""
    return [(scenarios.on(d), list(sets)) for d, sets in _wanted(scenarios.case, readings).items()]


def _wanted(case: Case, readings: Iterable[Reading]) -> dict[dt.date, dict[tuple[str, ...], None]]:
    wanted: dict[dt.date, dict[tuple[str, ...], None]] = {}
    for reading in readings:
        pairs = [case.scenario(reading.scenario)]
        if reading.change != "level":
            pairs.append(case.scenario(reading.against))
        for measures, day in pairs:
            wanted.setdefault(day, {})[measures] = None
    return wanted


def _at(
    scenarios: Scenarios,
    reading: Reading,
    scenario: Scenario | None,
    days: dict[dt.date, Scenarios],
) -> float:
    measures, day = scenarios.case.scenario(scenario)
    there = days[day]
    of, supplier, rival, target = _labels(scenarios, reading, day)
    return output(
        there,
        reading.quantity,
        measures,
        of,
        commodity=reading.commodity,
        supplier=supplier,
        rival=rival,
        target=target,
    )


def _boomerang_between(
    scenarios: Scenarios, reading: Reading, days: dict[dt.date, Scenarios]
) -> float:
    measures, day = scenarios.case.scenario(reading.scenario)
    before, other = scenarios.case.scenario(reading.against)
    change = (
        days[day].snapshot(measures).equivalent_variation_n
        - days[other].snapshot(before).equivalent_variation_n
    )
    of, _, _, target = _labels(scenarios, reading, day)
    ratio = boomerang(scenarios.world, change, of, target)
    return math.nan if ratio is None else ratio


def _labels(
    scenarios: Scenarios, reading: Reading, day: dt.date
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    case, world = scenarios.case, scenarios.world
    of, supplier, rival, target = (
        () if choice is None else case.chosen(choice, world, day)
        for choice in (reading.of, reading.supplier, reading.rival, reading.target)
    )
    return of, supplier, rival, target


def _of_economy(shot: Snapshot, quantity: str, where: list[int], income_n: Array) -> float:
    if quantity == "transit_revenue":
        return float(shot.transit_revenue_n[where].sum())
    worth = float(shot.equivalent_variation_n[where].sum())
    return worth if quantity == "equivalent_variation" else worth / float(income_n[where].sum())


def _of_sellers(outcome: CommodityOutcome, quantity: str, where: list[int]) -> float:
    sales = outcome.sales_n[where]
    if quantity == "sales":
        return float(sales.sum())
    sold = sales > 0
    units = (sales[sold] / outcome.price_received_n[where][sold]).sum()
    return _over(sales.sum(), units)


def _of_buyers(
    outcome: CommodityOutcome,
    quantity: str,
    where: list[int],
    supplier: list[int],
    spent_n: Array,
) -> float:
    if quantity == "tonnes":
        bought_ni = outcome.tonnes_ni[where]
        return float((bought_ni[:, supplier] if supplier else bought_ni).sum())
    if quantity == "price_paid":
        here = [n for n in where if outcome.price_paid_n[n] > 0]
        return _over(spent_n[here].sum(), (spent_n[here] / outcome.price_paid_n[here]).sum())
    paid_ni = outcome.share_ni * spent_n[:, None]
    if quantity == "import_share":
        np.fill_diagonal(paid_ni, 0.0)
    paid_i = paid_ni[where].sum(axis=0)
    if quantity in ("supplier_share", "import_share"):
        return _over(paid_i[supplier].sum(), paid_i.sum())
    if paid_i.sum() <= 0:
        return math.nan
    share_i = paid_i / paid_i.sum()
    return float(share_i.max() if quantity == "largest_share" else (share_i**2).sum())


def _unit_value_ratio(
    landed_ni: Array,
    tonnes_ni: Array,
    where: list[int],
    supplier: list[int],
    rival: list[int],
) -> float:
    """Money per tonne of some suppliers over that of others, both as imported into some markets."""
    landed_ni, tonnes_ni = landed_ni.copy(), tonnes_ni.copy()
    for table in (landed_ni, tonnes_ni):
        np.fill_diagonal(table, 0.0)
    others = rival or [i for i in range(len(landed_ni)) if i not in supplier]
    own, theirs = (
        _over(landed_ni[where][:, sellers].sum(), tonnes_ni[where][:, sellers].sum())
        for sellers in (supplier, others)
    )
    return _over(own, theirs)


def _one_commodity(case: Case, quantity: str, commodity: str | None) -> None:
    others = {r.commodity for r in case.route_choices} - {commodity}
    if quantity == "transit_revenue" and commodity is not None and others:
        message = f"fees on {commodity} cannot be told from those on {', '.join(sorted(others))}."
        remedy = "Leave the commodity out: fees on all routes are counted."
        raise CaseError([Fault(0, "", message, remedy)], case.name)


def _over(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else math.nan
