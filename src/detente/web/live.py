"""The answer that is on the screen while a control moves: what two equilibria hold."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from detente.brief.commodity_charts import flow_chart, price_chart, shares_chart
from detente.brief.commodity_tables import (
    Pair,
    flows_table,
    main_markets,
    markets_table,
    producers_table,
)
from detente.brief.country_charts import gains_chart, map_chart
from detente.brief.country_tables import gains_table
from detente.brief.places import parties_of
from detente.brief.supplier_tables import dependence_table, shares_table
from detente.brief.table import Chart, Table, value_of
from detente.brief.way_charts import ways_chart, ways_data
from detente.brief.way_tables import transit_table, ways_table
from detente.brief.ways import exits_of

if TYPE_CHECKING:
    from detente.brief.views import Section, Views
    from detente.study import Assessment

#: What a part of the page is: `chart:ID` or `table:ID`, as in `brief.views.Section`.
Parts = dict[str, Table | Chart]


def live_parts(a: Assessment) -> Parts:
    """Tables and charts that need no equilibrium but the regime's and the base year's."""
    parties = parties_of(a)
    pairs = [Pair(a, outcome, a.regime.commodities[g]) for g, outcome in a.base.commodities.items()]
    exits = exits_of(a)
    charts: list[Chart] = [
        map_chart(a, [], [], pairs, [ways_data(way_out) for way_out in exits]),
        gains_chart(a),
    ]
    tables: list[Table] = [gains_table(a)]
    for pair in pairs:
        markets = main_markets(a, pair.before, parties)
        flows, prices = flows_table(pair), markets_table(pair, markets)
        shares = shares_table(pair, markets, [])
        tables += [
            flows,
            producers_table(pair),
            prices,
            shares,
            dependence_table(pair, markets),
        ]
        charts += [
            flow_chart(pair, markets, flows),
            shares_chart(pair, markets, [], shares),
            price_chart(pair, markets, prices),
        ]
    lanes = [ways_table(way_out) for way_out in exits]
    tables += [*lanes, *([transit_table(a)] if exits else [])]
    charts += [
        chart
        for chart in (ways_chart(*pair) for pair in zip(exits, lanes, strict=True))
        if chart.data["ways"]
    ]
    found: Parts = {f"table:{t.id}": t for t in tables}
    return found | {f"chart:{c.id}": c for c in charts}


def plain_table(table: Table) -> dict[str, Any]:
    """A table with all that its page needs: how cells are written, and which stand together."""
    return {
        "id": table.id,
        "title": table.title,
        "sentence": table.sentence,
        "note": table.note,
        "unit": table.unit,
        "lead": table.lead,
        "columns": [asdict(column) for column in table.columns],
        "rows": [[value_of(cell) for cell in row] for row in table.rows],
    }


def plain_views(views: Views) -> dict[str, Any]:
    """Everything that a brief shows, in its order."""
    return {
        "title": views.title,
        "subject": views.subject,
        "findings": list(views.findings),
        "sections": [_section(section) for section in views.sections],
        "tables": [plain_table(table) for table in views.tables.values()],
        "charts": [chart.plain() for chart in views.charts.values()],
    }


def plain_parts(parts: Parts) -> dict[str, Any]:
    """Some tables and charts."""
    return {
        "tables": [plain_table(p) for p in parts.values() if isinstance(p, Table)],
        "charts": [p.plain() for p in parts.values() if isinstance(p, Chart)],
    }


def _section(section: Section) -> dict[str, Any]:
    return {"id": section.id, "title": section.title, "parts": list(section.parts)}
