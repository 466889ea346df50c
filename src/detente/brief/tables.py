"""Every table of numbers that the draws of parameters move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.brief.commodity_tables import flows_table, markets_table, producers_table
from detente.brief.country_tables import gains_table, totals_table
from detente.brief.design_duel import duel_of
from detente.brief.design_tables import measures_table
from detente.brief.horizon_tables import horizon_prices_table, horizons_table
from detente.brief.measure_tables import boomerang_table, cost_table
from detente.brief.option_tables import options_table
from detente.brief.regime_views import regimes_table
from detente.brief.supplier_tables import dependence_table, shares_table
from detente.brief.way_tables import transit_table, ways_table

if TYPE_CHECKING:
    from detente.brief.commodity_tables import Pair
    from detente.brief.scene import Scene
    from detente.brief.table import Table


def tables_of(scene: Scene) -> dict[str, Table]:
    """The tables of what an answer comes to, by id; with bands where the page has them."""
    a, page = scene.assessment, scene.page
    tables = [
        gains_table(a, page),
        totals_table(a, page),
        options_table(a, scene.lifting, scene.places, page),
        cost_table(a, page),
        boomerang_table(a, page),
    ]
    for pair in scene.pairs:
        tables += _commodity(pair, scene)
    tables += [ways_table(way_out, page) for way_out in scene.exits]
    if scene.exits:
        tables.append(transit_table(a, page))
    if scene.answer.timeline is not None:
        tables.append(regimes_table(a, scene.answer.timeline, page))
    if scene.runs:
        tables.append(horizons_table(a, scene.runs, page))
        tables += [
            horizon_prices_table(a, scene.runs, pair.before.good, page) for pair in scene.pairs
        ]
    if scene.sides is not None:
        tables.append(measures_table(duel_of(a, scene.sides), page))
    return {table.id: page.banded(table) for table in tables}


def _commodity(pair: Pair, scene: Scene) -> list[Table]:
    markets = scene.markets[pair.before.good]
    return [
        flows_table(pair),
        producers_table(pair),
        markets_table(pair, markets),
        shares_table(pair, markets, scene.lifting),
        dependence_table(pair, markets),
    ]
