"""Views of transport: what takes which route, and what transit countries earn by it.

`routes_table` and `transit_table` are the tables, with their sentences, and `routes_chart` draws
the routes of an exporter on the map.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.figures.routes import (
    ALL_ROUTES,
    MODEL,
    ExportRoutes,
    Point,
    RouteUse,
    apart,
    published_income,
)
from detente.analysis.findings import transit_words
from detente.analysis.labels import name_of
from detente.report.table import Cell, Chart, Column, Table, figure_column, figure_table
from detente.report.views.basis import linked
from detente.report.views.commodity_charts import headline
from detente.report.views.countries import _short, source_of
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.figures.frame import Frame
    from detente.cases.claims import Published
    from detente.report.context import ViewContext


#: Flows below this many million tonnes are nothing.
TRACE = 0.0005


def routes_table(context: ViewContext, export_routes: ExportRoutes) -> Table:
    """What takes which route before the measures and under the regime, and what that costs."""
    case, frame = context.assessment.case, context.figures[export_routes.id]
    texts: dict[str, tuple[Cell, ...]] = {
        route_use.terms.id: (
            route_use.terms.label,
            name_of(route_use.terms.transit) if route_use.terms.transit else None,
            w.listing(case.measure(m).label for m in route_use.under.closed_by) or None,
        )
        for route_use in export_routes.route_uses
    }
    texts[ALL_ROUTES] = ("All these routes", None, None)
    tonnes, income = (
        [v for state in ("before", "under") for v in frame.column(f"{kind}_{state}")]
        for kind in ("tonnes", "income")
    )
    return figure_table(
        frame,
        routes_sentence(export_routes, frame),
        (
            Column("route", "Route"),
            Column("transit", "Transit country"),
            Column("closed_by", "Closed by"),
            figure_column(frame, "tonnes_before", tonnes),
            figure_column(frame, "tonnes_under", tonnes),
            figure_column(frame, "share_before", decimals=1),
            figure_column(frame, "share_under", decimals=1),
            figure_column(frame, "capacity", decimals=1),
            figure_column(frame, "congestion", decimals=1),
            figure_column(frame, "income_before", income),
            figure_column(frame, "income_under", income),
        ),
        [(row, texts[row[0]]) for row in frame.rows],
        note=_note(export_routes),
    )


def _note(export_routes: ExportRoutes) -> str:
    a = export_routes.assessment
    before = a.base.commodities[export_routes.good].tonnes_ni
    i = a.world.countries.index(export_routes.origin)
    other = float(before[:, i].sum() - before[i, i]) - export_routes.before
    text = "Shares are of what these routes carry. "
    if other > TRACE:
        text += (
            f"Another {w.rounded(other)} Mt of the base year's exports go to markets for which the "
            "case describes no routes. "
        )
    return (
        f"{text}A dash under capacity: the case states no limit. Congestion: what a fuller route "
        f"adds "
        "to delivered cost against the base year. Tonnes are those that arrive. Transit income is "
        "net, a country's income shared among its routes by fee and tonnes."
    )


def routes_sentence(export_routes: ExportRoutes, frame: Frame) -> str:
    """'Klaipėda carried 8.5 of 10.1 Mt in the base year; under the regime nothing passes …'."""
    route_uses = export_routes.route_uses
    first = max(route_uses, key=lambda route_use: route_use.before.tonnes)
    text = (
        f"{first.terms.label} carried {w.rounded(first.before.tonnes)} of "
        f"{w.rounded(export_routes.before)} Mt of {w.possessive(export_routes.prose)} "
        f"{lower_first(export_routes.label)} in the base year; under the regime "
    )
    text += (
        f"{w.rounded(first.under.tonnes)} Mt pass there."
        if first.under.tonnes >= TRACE
        else "nothing passes there."
    )
    open_route_uses = [
        route_use
        for route_use in route_uses
        if route_use is not first and route_use.under.tonnes >= TRACE
    ]
    if not open_route_uses or export_routes.under < TRACE:
        return text
    other = max(
        open_route_uses, key=lambda route_use: route_use.under.tonnes - route_use.before.tonnes
    )
    if abs(other.under.tonnes - other.before.tonnes) < TRACE:
        return text
    band = frame.band(other.terms.id, "tonnes_under")
    crowded = _crowded(other, frame)
    left = w.beside(export_routes.under, frame.band(ALL_ROUTES, "tonnes_under"), w.rounded)
    return (
        f"{text} Of the {left} Mt that still leave by these "
        f"routes, "
        f"{w.beside(other.under.tonnes, band, w.rounded)} Mt go by way of "
        f"{other.terms.label} ({w.rounded(other.before.tonnes)} Mt before{crowded})."
    )


def _crowded(route_use: RouteUse, frame: Frame) -> str:
    extra = route_use.under.congestion - 1
    if extra < 0.005:
        return ""
    cost = w.sized(100 * extra, frame.band(route_use.terms.id, "congestion"), unit=" %")
    return f"; congestion adds {cost} to its cost"


def transit_table(context: ViewContext) -> Table:
    """What transit countries earn, before and under the regime, beside published figures."""
    a, frame = context.assessment, context.figures["transit"]
    published = published_income(a)
    known = {figure.id: figure for some in published.values() for figure in some}

    def cells(code: str, figure: str) -> tuple[Cell, ...]:
        if figure == MODEL:
            return (name_of(code), "Net income, this model", None, None)
        return (name_of(code), *_published(known[figure]))

    values = [*a.base.transit_revenue_n, *a.regime.transit_revenue_n]
    return figure_table(
        frame,
        transit_words(a, context.figures),
        (
            Column("country", "Country", group=True),
            Column("figure", "Figure"),
            figure_column(frame, "before", values),
            figure_column(frame, "under", values),
            figure_column(frame, "change", values, signed=True, toned=True),
            Column("published", "As published"),
            Column("source", "Source", kind="links"),
        ),
        [(row, cells(*row)) for row in frame.rows],
        note=_transit_note(published),
    )


def _published(figure: Published) -> tuple[Cell, ...]:
    text = f"{figure.value:g}" if figure.range is None else "{:g} to {:g}".format(*figure.range)
    return (
        f"Published, gross: {figure.label}",
        f"{text} {figure.unit}, {figure.date}",
        linked(figure.source),
    )


def _transit_note(published: Mapping[str, list[Published]]) -> str:
    text = (
        "The model's figure is net: what is left of the fees once energy, crews and other means "
        "that would earn the same elsewhere are paid. A fee is a share of the value carried, so "
        "it moves with the price."
    )
    if not published:
        return text
    return (
        f"{text} The published figures are gross revenue, of which net income is only a part; the "
        "two need not agree. In US dollars at the case's rate of exchange."
    )


#: Points farther from the exporter than this, km, lie outside the closer look.
NEAR = 2000.0


def routes_chart(export_routes: ExportRoutes, table: Table) -> Chart:
    """The exporter's surroundings twice, before and under the regime, each route by its Mt."""
    return Chart(
        f"{export_routes.id}-map",
        "routes",
        headline(table),
        "Mt a year; the line of a route is as thick as what it carries",
        source_of(export_routes.assessment),
        f"Two maps of the routes out of {export_routes.prose}, before the measures and under "
        f"the regime. {table.sentence} Routes as described in the case, not surveyed lines.",
        table.id,
        {**routes_data(export_routes), "frame": [list(point) for point in _frame(export_routes)]},
    )


def routes_data(export_routes: ExportRoutes) -> dict[str, Any]:
    """The exporter and its routes as plain values for a drawing."""
    return {
        "good": export_routes.good,
        "origin": export_routes.origin,
        "title": f"{export_routes.label} out of {export_routes.prose}",
        "states": [
            {"id": "before", "label": "Before the measures", "total": _short(export_routes.before)},
            {"id": "under", "label": "Under the regime", "total": _short(export_routes.under)},
        ],
        "routes": [
            _route(export_routes, route_use)
            for route_use in export_routes.route_uses
            if len(route_use.terms.via) > 1
        ],
    }


def _route(export_routes: ExportRoutes, route_use: RouteUse) -> dict[str, Any]:
    case = export_routes.assessment.case
    return {
        "id": route_use.terms.id,
        "label": route_use.terms.label,
        "place": route_use.terms.port or "",
        "transit": route_use.terms.transit,
        "via": [list(point) for point in route_use.terms.via],
        "port": list(route_use.port or ()),
        "before": _short(route_use.before.tonnes),
        "under": _short(route_use.under.tonnes),
        "closed": {
            "before": bool(route_use.before.closed_by),
            "under": bool(route_use.under.closed_by),
        },
        "closed_by": w.listing(case.measure(m).label for m in route_use.under.closed_by),
        "capacity": None if route_use.capacity is None else _short(route_use.capacity),
    }


def _frame(export_routes: ExportRoutes) -> list[Point]:
    """The points that the closer look must hold: those of the routes that lie near the exporter."""
    points = [point for route_use in export_routes.route_uses for point in route_use.terms.via]
    near = [point for point in points if apart(points[0], point) <= NEAR]
    return list(dict.fromkeys(near if len(set(near)) > 1 else points))
