"""From a case to the trade model: its base year, and the shock that its measures make.

`base_of` gives the base year as it is on file; `world_of` splits out the commodities of the case
and sets its elasticities. `shock_of` and `Shocks` turn measures into a shock, and say what each is
aimed at.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from detente.cases import world_path
from detente.cases.route_terms import terms_of, terms_under
from detente.cases.stand_ins import with_stand_ins
from detente.trade import (
    Route,
    RouteChoice,
    Shock,
    embargo,
    export_tax,
    iceberg,
    licence,
    productivity,
    quota,
    tariff,
)
from detente.world import load_world, split_commodity

if TYPE_CHECKING:
    from detente.cases import Case, Commodity, Measure, Selection, Setting
    from detente.cases.route_terms import RouteChoiceTerms
    from detente.world import World


def find_world(name: str) -> World:
    """A base year by what a user may call it: a bundled or saved world, a table, or a case.

    Args:
        name: of a world or of a case, or the path of a table or a case file.

    Returns:
        World: that base year; of a case, with its commodities.
    """
    from pathlib import Path

    from detente.cases import is_case, load_case
    from detente.world import read_icio

    if name.endswith(".csv"):
        return read_icio(Path(name))
    if is_case(name):
        return world_of(load_case(name))
    return load_world(name)


def base_of(case: Case) -> World:
    """The base year that a case names, as it is on file: its digest is the same on every machine.

    What `world_of` derives from it is not, in the last digits of the commodities' split.

    Args:
        case: that names it.

    Returns:
        World: without what the case splits out.
    """
    folder = case.path.parent if case.path else None
    return load_world(world_path(case.world, folder))


def world_of(case: Case) -> World:
    """The base year that a case is about.

    The countries that it takes out of the rest of the world stand by themselves. Commodities are
    valued at their base price: a flow of q units is q × price. The elasticities of the case replace
    those of the world after the split.

    Args:
        case: with the commodities that are split out.

    Returns:
        World: that of the case, with a good for each commodity.

    Raises:
        WorldError: a commodity that cannot be split out, or a world that does not balance.
    """
    world = with_stand_ins(base_of(case), case.stand_ins)
    for commodity in case.commodities:
        price = case.number(commodity.price)
        quantity_ni = case.quantity_ni(commodity.name, world.countries)
        world = split_commodity(
            world,
            commodity.name,
            commodity.parent,
            quantity_ni * price / 1e6,
            users=case.users(commodity.name),
            labour_share=case.number(commodity.labour_share),
            capital_share=case.number(commodity.capital_share),
            resource_share=_resource_share_n(case, commodity, world.countries),
            inputs={k: case.number(v) for k, v in commodity.inputs.items()} or None,
            trade_elasticity=case.number(commodity.trade_elasticity),
            input_substitution=case.number(commodity.input_substitution),
        )
    return _with_elasticities(case, world)


def _resource_share_n(case: Case, commodity: Commodity, countries: tuple[str, ...]) -> list[float]:
    """The deposit's share of sales in each country."""
    given = commodity.resource_shares
    return [case.number(given.get(c, commodity.resource_share)) for c in countries]


def _with_elasticities(case: Case, world: World) -> World:
    theta = world.trade_elasticity_j.copy()
    epsilon = world.input_substitution_j.copy()
    for entry in case.elasticities:
        j = world.good(entry.good)
        if entry.trade_elasticity is not None:
            theta[j] = case.number(entry.trade_elasticity)
        if entry.input_substitution is not None:
            epsilon[j] = case.number(entry.input_substitution)
    return world.with_elasticities(trade_elasticity_j=theta, input_substitution_j=epsilon)


def shock_of(case: Case, measures: Iterable[Measure], world: World, date: dt.date) -> Shock:
    """What a set of measures changes against the base year.

    Settings compound; a route that two measures close is closed once. The routes of the
    case are part of every shock, also without measures: they earn fees and have capacities.

    Args:
        case: whose parameters give the numbers.
        measures: those in force.
        world: the base year, with the case's commodities.
        date: whose members the groups have, and whose values dated parameters.

    Returns:
        Shock: for `solve` on that world.
    """
    return Shocks(case, world, date).of(m.id for m in measures)


class Shocks:
    """Shocks of sets of measures of one case on one day; what a measure sets is read once.

    Args:
        case: whose parameters give the numbers.
        world: the base year, with the case's commodities.
        date: whose members the groups have, and whose values dated parameters.
    """

    def __init__(self, case: Case, world: World, date: dt.date) -> None:
        self.case, self.world, self.date = case, world, date
        # Which measures bear on each entry of the case's routes.
        self._bearing = [
            frozenset(
                m.id
                for m in case.measures
                if any(
                    s.route is not None
                    and (s.route.commodity, s.route.origin) == (entry.commodity, entry.origin)
                    for s in m.sets
                )
            )
            for entry in case.route_choices
        ]
        self._changes: dict[str, Shock] = {}
        self._unchanged = [terms_of(case, entry, world, date) for entry in case.route_choices]
        self._choices: dict[RouteChoice, RouteChoice] = {}
        self._routes: dict[tuple[int, frozenset[str]], tuple[RouteChoiceTerms, RouteChoice]] = {}

    def of(self, measures: Iterable[str]) -> Shock:
        """The shock of these measures, by their ids."""
        wanted = frozenset(measures)
        parts = [self._changes_of(m) for m in self.case.measures if m.id in wanted]
        changes = itertools.chain.from_iterable(part.changes for part in parts)
        return Shock(route_choices=self.route_choices(wanted), changes=tuple(changes))

    def terms(self, measures: Iterable[str]) -> tuple[RouteChoiceTerms, ...]:
        """What every route costs and earns under these measures."""
        wanted = frozenset(measures)
        return tuple(self._entry(k, wanted)[0] for k in range(len(self._bearing)))

    def route_choices(self, measures: Iterable[str]) -> tuple[RouteChoice, ...]:
        """The routes of the case under these measures, in money of the base year.

        A fee in USD per unit becomes a share of the base price; a capacity in units becomes their
        value at the base price, USD million.
        """
        wanted = frozenset(measures)
        return tuple(self._entry(k, wanted)[1] for k in range(len(self._bearing)))

    def _entry(self, k: int, measures: frozenset[str]) -> tuple[RouteChoiceTerms, RouteChoice]:
        """One entry of the case's routes, the same object wherever it comes to the same."""
        key = (k, self._bearing[k] & measures)
        if key not in self._routes:
            ordered = [m.id for m in self.case.measures if m.id in key[1]]
            terms = terms_under(self.case, self._unchanged[k], ordered, self.date)
            choice = _route(terms)
            # A route that two measures close is closed once: one object for what comes to the same.
            self._routes[key] = terms, self._choices.setdefault(choice, choice)
        return self._routes[key]

    def _changes_of(self, measure: Measure) -> Shock:
        if measure.id not in self._changes:
            shock = Shock()
            for setting in measure.sets:
                if setting.route is None:
                    shock += _setting(self.case, setting, self.world, self.date)
            self._changes[measure.id] = shock
        return self._changes[measure.id]


def _route(terms: RouteChoiceTerms) -> RouteChoice:
    routes = tuple(
        Route(
            name=w.id,
            share=w.base_share,
            cost=w.cost_factor,
            fee=w.fee / terms.price,
            transit=w.transit or "",
            capacity=float("inf") if w.capacity is None else w.capacity * terms.price / 1e6,
        )
        for w in terms.routes
    )
    return RouteChoice(
        terms.commodity,
        terms.origin,
        terms.markets,
        routes,
        terms.route_elasticity,
        terms.congestion_level,
        terms.congestion_power,
    )


def _setting(case: Case, setting: Setting, world: World, date: dt.date) -> Shock:
    if setting.productivity is not None:
        p = setting.productivity
        return productivity(
            case.countries(p.country, world, date),
            p.goods.goods(world.goods),
            factor=case.number(p.factor, date),
        )
    if setting.embargo is not None:
        e = setting.embargo
        return embargo(
            *_cells(case, e.origin, e.market, e.goods, world, date),
            leakage=case.number(e.leakage, date),
        )
    if setting.tariff is not None:
        t = setting.tariff
        given = t.rate if t.rate is not None else t.add
        return tariff(
            *_cells(case, t.origin, t.market, t.goods, world, date),
            rate=case.number(0.0 if given is None else given, date),
            added=t.rate is None,
        )
    if setting.export_tax is not None:
        x = setting.export_tax
        return export_tax(
            *_cells(case, x.origin, x.market, x.goods, world, date), rate=case.number(x.rate, date)
        )
    if setting.quota is not None or setting.licence is not None:
        return _limited(case, setting, world, date)
    shock = Shock()
    if setting.iceberg is not None:
        i = setting.iceberg
        for good in i.goods.goods(world.goods):
            shock += iceberg(
                case.countries(i.origin, world, date),
                case.countries(i.market, world, date),
                good,
                factor=case.iceberg_factor(i, good, date),
            )
    return shock


def _limited(case: Case, setting: Setting, world: World, date: dt.date) -> Shock:
    """A quota or a licence; none where there is no flow that it could limit."""
    given = setting.quota or setting.licence
    assert given is not None
    cells = _cells(case, given.origin, given.market, given.goods, world, date)
    if given.share is not None:
        limit = case.number(given.share, date) * _traded(world, *cells)
    elif given.quantity is not None:
        (good,) = cells[2]
        limit = case.number(given.quantity, date) * case.number(case.commodity(good).price) / 1e6
    else:
        limit = case.number(0.0 if given.value is None else given.value, date)
    if not _traded(world, *cells):
        return Shock()
    if setting.quota is None:
        return licence(*cells, limit=limit, rent=given.rent)
    more = setting.quota.beyond
    beyond = float("inf") if more is None else case.number(more, date)
    return quota(*cells, limit=limit, rent=given.rent, beyond=beyond)


def _traded(
    world: World, origin: tuple[str, ...], market: tuple[str, ...], goods: tuple[str, ...]
) -> float:
    """What passed between countries in the base year, USD million."""
    to, of = ([world.country(c) for c in codes] for codes in (market, origin))
    flows = world.trade_jni[np.ix_([world.good(g) for g in goods], to, of)]
    apart = np.array(to)[:, None] != np.array(of)[None, :]
    return float(np.where(apart, flows, 0.0).sum())


def _cells(
    case: Case,
    origin: Selection,
    market: Selection,
    goods: Selection,
    world: World,
    date: dt.date,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return (
        case.countries(origin, world, date),
        case.countries(market, world, date),
        goods.goods(world.goods),
    )


def targets_of(
    case: Case, measure: Measure, authors: tuple[str, ...], world: World, date: dt.date
) -> tuple[str, ...]:
    """The countries whose sales a measure hits, or, if those are its authors', whose purchases.

    Args:
        case: for its groups of countries.
        measure: what it sets.
        authors: ISO3 codes of the countries whose measure it is.
        world: whose countries are meant.
        date: whose members the groups have.

    Returns:
        tuple: ISO3 codes.
    """
    origins: dict[str, None] = {}
    markets: dict[str, None] = {}
    for setting in measure.sets:
        if setting.productivity is not None:
            origins |= dict.fromkeys(case.countries(setting.productivity.country, world, date))
            continue
        if setting.route is not None:
            origins[setting.route.origin] = None
            continue
        flow = setting.flows
        if flow is not None:
            origins |= dict.fromkeys(case.countries(flow.origin, world, date))
            markets |= dict.fromkeys(case.countries(flow.market, world, date))
    hit = tuple(c for c in origins if c not in authors)
    return hit or tuple(c for c in markets if c not in authors)
