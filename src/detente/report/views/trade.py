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
from detente.report.views.countries import gains_chart, map_chart, options_chart
from detente.report.views.drivers import drivers_table
from detente.report.views.horizons import horizon_parameters_table
from detente.report.views.measures import in_force_table
from detente.report.views.regimes import regimes_chart
from detente.report.views.routes import ways_chart, ways_data

if TYPE_CHECKING:
    from detente.analysis.figures.commodities import Pair
    from detente.report.context import Scene
    from detente.report.table import Table


def trade_parts(scene: Scene, tables: dict[str, Table]) -> list[Part]:
    """Sections of what measures do: the world, each commodity, transport, time, horizons."""
    parts = [*_first(scene, tables), *(_commodity(scene, pair, tables) for pair in scene.pairs)]
    if scene.exits:
        parts.append(_transport(scene, tables))
    timeline = scene.answer.timeline
    if timeline is not None:
        chart = regimes_chart(scene, timeline, tables["regimes"])
        parts.append(([chart], Section("time", "Regimes in time", refer([chart], "regimes"))))
    if scene.runs:
        parts.append(([], _horizons(scene)))
    return parts


def tables_beside(scene: Scene) -> list[Table]:
    """Tables that hold no figure which the draws move, or move in a way of their own."""
    a, answer, bands = scene.assessment, scene.answer, scene.bands
    tables = [in_force_table(a)]
    if scene.runs:
        tables.append(horizon_parameters_table(a, scene.runs))
    if answer.tested:
        tables.append(claims_table(answer.verdicts))
    if bands is not None:
        tables.append(drivers_table(a, scene.figures, bands))
    return [
        *tables,
        assumptions_table(a),
        world_table(a),
        notes_table(a),
        certificate_table(answer),
        reproduce_table(answer),
    ]


def _first(scene: Scene, tables: dict[str, Table]) -> list[Part]:
    a, figures = scene.assessment, scene.figures
    lines = [ways_data(way_out) for way_out in scene.exits]
    world = [
        map_chart(a, scene.lifting, scene.imposing, scene.pairs, lines),
        gains_chart(a, figures),
    ]
    lift = (
        [options_chart(a, scene.lifting, scene.places, tables["options"], figures)]
        if scene.lifting
        else []
    )
    return [
        ([], Section("force", "The measures", ("table:in-force",))),
        (world, Section("world", "Who gains and who pays", refer(world, "gains", "totals"))),
        (lift, Section("lift", "What lifting would do", refer(lift, "options"))),
        ([], Section("cost", "What each measure costs", ("table:cost", "table:boomerang"))),
    ]


def _commodity(scene: Scene, pair: Pair, tables: dict[str, Table]) -> Part:
    good, markets = pair.good, scene.markets(pair)
    charts = [
        flow_chart(pair, markets, tables[f"{good}-flows"]),
        shares_chart(pair, markets, scene.lifting, tables[f"{good}-shares"]),
        price_chart(pair, markets, tables[f"{good}-markets"]),
    ]
    parts = (
        f"chart:{good}-flows",
        f"table:{good}-flows",
        f"chart:{good}-shares",
        f"table:{good}-shares",
        f"table:{good}-dependence",
        f"chart:{good}-prices",
        f"table:{good}-markets",
        f"table:{good}-producers",
    )
    return charts, Section(f"commodity-{good}", pair.before.label, parts)


def _transport(scene: Scene, tables: dict[str, Table]) -> Part:
    charts, parts = [], []
    for way_out in scene.exits:
        chart = ways_chart(way_out, tables[way_out.id])
        if chart.data["ways"]:
            charts.append(chart)
            parts.append(f"chart:{chart.id}")
        parts.append(f"table:{way_out.id}")
    return charts, Section("transport", "Ways of transport", (*parts, "table:transit"))


def _horizons(scene: Scene) -> Section:
    prices = (f"table:{pair.before.good}-horizon-prices" for pair in scene.pairs)
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
