"""What an assessment of a case holds: the regime of a date against the base, measure by measure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from detente.case import Case, Measure
    from detente.trade import Certificate
    from detente.world import World

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CommodityOutcome:
    """One commodity in one equilibrium: who sells what to whom, at which prices.

    Attributes:
        good: its name in the world.
        label: its name for readers.
        value_ni: sales of origin i in market n net of taxes, USD million, (N, N).
        tonnes_ni: what arrives, million tonnes, (N, N).
        price_paid_n: the base price times the exact index of delivered prices in each market, USD
            per tonne; NaN where none is bought. Not a unit value, which would rise whenever a
            dearer supplier is let in.
        price_received_n: mean price at the producer's gate, USD per tonne; NaN without sales.
        sales_n: producers' sales, USD million.
        share_ni: share of market n's purchases (by value) that comes from origin i.
        largest_supplier_n: index of the largest supplier of each market.
        largest_share_n: its share.
        herfindahl_n: sum of squared supplier shares, 0 to 1.
    """

    good: str
    label: str
    value_ni: Array = field(repr=False)
    tonnes_ni: Array = field(repr=False)
    price_paid_n: Array = field(repr=False)
    price_received_n: Array = field(repr=False)
    sales_n: Array = field(repr=False)
    share_ni: Array = field(repr=False)
    largest_supplier_n: NDArray[np.int64] = field(repr=False)
    largest_share_n: Array = field(repr=False)
    herfindahl_n: Array = field(repr=False)

    @cached_property
    def bought_n(self) -> Array:
        """Purchases of each market net of taxes, USD million."""
        total: Array = self.value_ni.sum(axis=1)
        return total


@dataclass(frozen=True)
class WayFlow:
    """What takes one way of transport in one equilibrium, over all markets that it serves.

    Attributes:
        commodity: the good.
        origin: the exporter, ISO3.
        way: its id in the case.
        tonnes: what arrives by it, million tonnes.
        share: of all that the exporter sells by the routes of the case, by tonnes.
        crowding: congestion cost as a factor on delivered cost, 1 where there is none.
        closed_by: ids of the measures in force that close it.
    """

    commodity: str
    origin: str
    way: str
    tonnes: float
    share: float
    crowding: float
    closed_by: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One set of measures solved: what it means for every country, against the base year.

    Attributes:
        measures: ids of the measures in force in it.
        equivalent_variation_n: USD million a year against the base without measures, (N,).
        real_income_change_n: Ŵ − 1, a fraction, (N,).
        commodities: by name of good.
        ways: what takes which way, in the case's order.
        transit_revenue_n: net income of transit countries on the case's routes, USD million, (N,).
        certificate: how exactly every market clears.
    """

    measures: tuple[str, ...]
    equivalent_variation_n: Array = field(repr=False)
    real_income_change_n: Array = field(repr=False)
    commodities: dict[str, CommodityOutcome] = field(repr=False)
    ways: tuple[WayFlow, ...] = field(repr=False)
    transit_revenue_n: Array = field(repr=False)
    certificate: Certificate


@dataclass(frozen=True, eq=False)
class MeasureEffect:
    """What one measure does: alone, and at the margin of the regime.

    Attributes:
        measure: the measure as written in the case.
        in_force: whether it is in force on the date.
        has_effect: whether it changes any flow of the base year at all.
        alone_n: equivalent variation of imposing it alone on the base, USD million a year, (N,);
            NaN where only margins were asked for.
        margin_n: equivalent variation of *switching* it, given the rest of the regime: of lifting
            it where it is in force, of imposing it where it is not, USD million a year, (N,).
        authors: ISO3 codes of the countries whose measure it is.
        targets: ISO3 codes of the countries whose sales or purchases it hits.
        boomerang_alone: authors' loss per unit of the targets' loss when imposed alone; negative
            when the authors gain; None when the targets lose nothing.
        boomerang_margin: the same at the margin of the regime.
        switched: the equilibrium with this one measure switched.
    """

    measure: Measure
    in_force: bool
    has_effect: bool
    alone_n: Array = field(repr=False)
    margin_n: Array = field(repr=False)
    authors: tuple[str, ...]
    targets: tuple[str, ...]
    boomerang_alone: float | None
    boomerang_margin: float | None
    switched: Snapshot = field(repr=False)


@dataclass(frozen=True, eq=False)
class JointLift:
    """Measures in force of which none moves anything while the others stand, lifted together.

    Attributes:
        measures: in the case's order, two or more.
        margin_n: equivalent variation of lifting them, given the rest, USD million a year, (N,).
        switched: the equilibrium without them.
    """

    measures: tuple[Measure, ...]
    margin_n: Array = field(repr=False)
    switched: Snapshot = field(repr=False)


@dataclass(frozen=True, eq=False)
class Assessment:
    """A case answered at one date: the regime, each measure in it, and who gains and who pays.

    Attributes:
        case: the case file as read.
        world: the base year with the case's commodities split out.
        date: the day whose regime is assessed.
        horizon: `short`, `medium` or `long`.
        transfers: how trade deficits behave.
        base: the equilibrium without any measure of the case (the base year itself).
        regime: the equilibrium with all measures in force on the date.
        effects: one per measure of the case (per measure in force where only margins were asked
            for), in the case's order.
        joint: measures that only move something together, such as two bans of one route.
        groups: named groups of countries for totals, as positions in `world.countries`.
    """

    case: Case
    world: World
    date: dt.date
    horizon: str
    transfers: str
    base: Snapshot
    regime: Snapshot
    effects: tuple[MeasureEffect, ...]
    joint: tuple[JointLift, ...]
    groups: dict[str, tuple[int, ...]]
