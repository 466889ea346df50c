"""The sections of a brief on trade: what measures do, on what that rests, how to get it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.table import Part, Section, refer
from detente.report.views.basis import (
    assumptions_table,
    certificate_table,
    notes_table,
    reproduce_table,
    world_table,
)
from detente.report.views.claims import claims_table
from detente.report.views.commodity_charts import flow_chart, price_chart, shares_chart
from detente.report.views.commodity_paths import path_parts
from detente.report.views.countries import gains_chart, map_chart, options_chart
from detente.report.views.drivers import drivers_table
from detente.report.views.horizons import horizon_parameters_table
from detente.report.views.measures import in_force_table
from detente.report.views.regimes import regimes_chart
from detente.report.views.routes import routes_chart, routes_data

if TYPE_CHECKING:
    from detente.analysis.figures.commodities import Pair
    from detente.report.context import ViewContext
    from detente.report.table import Table


def trade_parts(context: ViewContext, tables: dict[str, Table]) -> list[Part]:
    """Sections of what measures do: the world, each commodity, transport, time, horizons."""
    parts = [
        *_first(context, tables),
        *(_commodity(context, pair, tables) for pair in context.pairs),
    ]
    if context.all_export_routes:
        parts.append(_transport(context, tables))
    timeline = context.answer.timeline
    if timeline is not None:
        chart = regimes_chart(context, timeline, tables["regimes"])
        parts.append(([chart], Section("time", "Regimes in time", refer([chart], "regimes"))))
    if context.runs:
        parts.append(([], _horizons(context)))
    return parts


def tables_beside(context: ViewContext) -> list[Table]:
    """Tables that hold no figure which the draws move, or move in a way of their own."""
    a, answer, bands = context.assessment, context.answer, context.bands
    tables = [in_force_table(a)]
    if context.runs:
        tables.append(horizon_parameters_table(a, context.runs))
    if answer.tested:
        tables.append(claims_table(answer.verdicts))
    if bands is not None:
        tables.append(drivers_table(a, context.figures, bands))
    return [
        *tables,
        assumptions_table(a),
        world_table(a),
        notes_table(a),
        certificate_table(answer),
        reproduce_table(answer),
    ]


def _first(context: ViewContext, tables: dict[str, Table]) -> list[Part]:
    a, figures = context.assessment, context.figures
    lines = [routes_data(export_routes) for export_routes in context.all_export_routes]
    world = [
        map_chart(a, context.lifting, context.imposing, context.pairs, lines),
        gains_chart(a, figures),
    ]
    lift = (
        [options_chart(a, context.lifting, context.places, tables["options"], figures)]
        if context.lifting
        else []
    )
    return [
        ([], Section("force", "The measures", ("table:in-force",))),
        (world, Section("world", "Who gains and who pays", refer(world, "gains", "totals"))),
        (lift, Section("lift", "What lifting would do", refer(lift, "options"))),
        ([], Section("cost", "What each measure costs", ("table:cost", "table:boomerang"))),
    ]


def _commodity(context: ViewContext, pair: Pair, tables: dict[str, Table]) -> Part:
    good, markets = pair.good, context.markets(pair)
    charts = [
        flow_chart(pair, markets, tables[f"{good}-flows"]),
        shares_chart(pair, markets, context.lifting, tables[f"{good}-shares"]),
        price_chart(pair, markets, tables[f"{good}-markets"]),
    ]
    path = path_parts(context, pair)
    if path is not None:
        charts.append(path[0])
        tables[path[1].id] = path[1]
    parts = (
        f"chart:{good}-flows",
        *(() if path is None else (f"chart:{good}-path",)),
        f"table:{good}-flows",
        f"chart:{good}-shares",
        f"table:{good}-shares",
        f"table:{good}-dependence",
        f"chart:{good}-prices",
        f"table:{good}-markets",
        f"table:{good}-producers",
        *(() if path is None else (f"table:{good}-path",)),
    )
    return charts, Section(f"commodity-{good}", pair.before.label, parts)


def _transport(context: ViewContext, tables: dict[str, Table]) -> Part:
    charts, parts = [], []
    for export_routes in context.all_export_routes:
        chart = routes_chart(export_routes, tables[export_routes.id])
        if chart.data["routes"]:
            charts.append(chart)
            parts.append(f"chart:{chart.id}")
        parts.append(f"table:{export_routes.id}")
    return charts, Section("transport", "Routes and transit", (*parts, "table:transit"))


def _horizons(context: ViewContext) -> Section:
    prices = (f"table:{pair.before.good}-horizon-prices" for pair in context.pairs)
    parts = ("table:horizons", *prices, "table:horizon-parameters")
    return Section("horizons", "Short, medium and long run", parts)


def last_parts(tables: dict[str, Table]) -> list[Part]:
    """What the brief rests on, and how to get it again."""
    basis = [k for k in ("drivers", "assumptions", "world", "world-notes") if k in tables]
    return [
        ([], Section("basis", "What this rests on", refer([], *basis))),
        (
            [],
            Section(
                "check", "Certificate and reproduction", ("table:certificate", "table:reproduce")
            ),
        ),
    ]
