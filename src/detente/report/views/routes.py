"""Views of transport: what takes which route, and what transit countries earn by it.

`ways_table` and `transit_table` are the tables, with their sentences, and `ways_chart` draws the
routes of an exporter on the map.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.figures.routes import (
    ALL_WAYS,
    MODEL,
    Exit,
    Lane,
    Point,
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
    from detente.report.context import Scene


#: Flows below this many million tonnes are nothing.
TRACE = 0.0005


def ways_table(scene: Scene, way_out: Exit) -> Table:
    """What takes which way before the measures and under the regime, and what that costs."""
    case, frame = scene.assessment.case, scene.figures[way_out.id]
    texts: dict[str, tuple[Cell, ...]] = {
        lane.terms.id: (
            lane.terms.label,
            name_of(lane.terms.transit) if lane.terms.transit else None,
            w.listing(case.measure(m).label for m in lane.under.closed_by) or None,
        )
        for lane in way_out.lanes
    }
    texts[ALL_WAYS] = ("All these ways", None, None)
    tonnes, income = (
        [v for state in ("before", "under") for v in frame.column(f"{kind}_{state}")]
        for kind in ("tonnes", "income")
    )
    return figure_table(
        frame,
        ways_sentence(way_out, frame),
        (
            Column("way", "Way"),
            Column("transit", "Transit country"),
            Column("closed_by", "Closed by"),
            figure_column(frame, "tonnes_before", tonnes),
            figure_column(frame, "tonnes_under", tonnes),
            figure_column(frame, "share_before", decimals=1),
            figure_column(frame, "share_under", decimals=1),
            figure_column(frame, "capacity", decimals=1),
            figure_column(frame, "crowding", decimals=1),
            figure_column(frame, "income_before", income),
            figure_column(frame, "income_under", income),
        ),
        [(row, texts[row[0]]) for row in frame.rows],
        note=_note(way_out),
    )


def _note(way_out: Exit) -> str:
    a = way_out.assessment
    before = a.base.commodities[way_out.good].tonnes_ni
    i = a.world.countries.index(way_out.origin)
    other = float(before[:, i].sum() - before[i, i]) - way_out.before
    text = "Shares are of what these ways carry. "
    if other > TRACE:
        text += (
            f"Another {w.rounded(other)} Mt of the base year's exports go to markets for which the "
            "case describes no ways. "
        )
    return (
        f"{text}A dash under capacity: the case states no limit. Crowding: what a fuller way adds "
        "to delivered cost against the base year. Tonnes are those that arrive. Transit income is "
        "net, a country's income shared among its ways by fee and tonnes."
    )


def ways_sentence(way_out: Exit, frame: Frame) -> str:
    """'Klaipėda carried 8.5 of 10.1 Mt in the base year; under the regime nothing passes …'."""
    lanes = way_out.lanes
    first = max(lanes, key=lambda lane: lane.before.tonnes)
    text = (
        f"{first.terms.label} carried {w.rounded(first.before.tonnes)} of "
        f"{w.rounded(way_out.before)} Mt of {w.possessive(way_out.prose)} "
        f"{lower_first(way_out.label)} in the base year; under the regime "
    )
    text += (
        f"{w.rounded(first.under.tonnes)} Mt pass there."
        if first.under.tonnes >= TRACE
        else "nothing passes there."
    )
    open_lanes = [lane for lane in lanes if lane is not first and lane.under.tonnes >= TRACE]
    if not open_lanes or way_out.under < TRACE:
        return text
    other = max(open_lanes, key=lambda lane: lane.under.tonnes - lane.before.tonnes)
    if abs(other.under.tonnes - other.before.tonnes) < TRACE:
        return text
    band = frame.band(other.terms.id, "tonnes_under")
    crowded = _crowded(other, frame)
    left = w.within(frame.band(ALL_WAYS, "tonnes_under"), w.rounded)
    return (
        f"{text} Of the {w.rounded(way_out.under)}{left} Mt that still leave by these ways, "
        f"{w.rounded(other.under.tonnes)}{w.within(band, w.rounded)} Mt go by way of "
        f"{other.terms.label} ({w.rounded(other.before.tonnes)} Mt before{crowded})."
    )


def _crowded(lane: Lane, frame: Frame) -> str:
    extra = lane.under.crowding - 1
    if extra < 0.005:
        return ""
    band = w.sizes(frame.band(lane.terms.id, "crowding"))
    return f"; crowding adds {w.percent(extra)}{band} to its cost"


def transit_table(scene: Scene) -> Table:
    """What transit countries earn, before and under the regime, beside published figures."""
    a, frame = scene.assessment, scene.figures["transit"]
    published = published_income(a)
    known = {figure.id: figure for some in published.values() for figure in some}

    def cells(code: str, figure: str) -> tuple[Cell, ...]:
        if figure == MODEL:
            return (name_of(code), "Net income, this model", None, None)
        return (name_of(code), *_published(known[figure]))

    values = [*a.base.transit_revenue_n, *a.regime.transit_revenue_n]
    return figure_table(
        frame,
        transit_words(a, scene.figures),
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
    said = f"{figure.value:g}" if figure.range is None else "{:g} to {:g}".format(*figure.range)
    return (
        f"Published, gross: {figure.label}",
        f"{said} {figure.unit}, {figure.date}",
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


def ways_chart(way_out: Exit, table: Table) -> Chart:
    """The exporter's surroundings twice, before and under the regime, with every way by its Mt."""
    return Chart(
        f"{way_out.id}-map",
        "ways",
        headline(table),
        "Mt a year; the line of a way is as thick as what it carries",
        source_of(way_out.assessment),
        f"Two maps of the ways of transport out of {way_out.prose}, before the measures and under "
        f"the regime. {table.sentence} Ways as described in the case, not surveyed lines.",
        table.id,
        {**ways_data(way_out), "frame": [list(point) for point in _frame(way_out)]},
    )


def ways_data(way_out: Exit) -> dict[str, Any]:
    """The exporter and its ways as plain values for a drawing."""
    return {
        "good": way_out.good,
        "origin": way_out.origin,
        "title": f"{way_out.label} out of {way_out.prose}",
        "states": [
            {"id": "before", "label": "Before the measures", "total": _short(way_out.before)},
            {"id": "under", "label": "Under the regime", "total": _short(way_out.under)},
        ],
        "ways": [_way(way_out, lane) for lane in way_out.lanes if len(lane.terms.via) > 1],
    }


def _way(way_out: Exit, lane: Lane) -> dict[str, Any]:
    case = way_out.assessment.case
    return {
        "id": lane.terms.id,
        "label": lane.terms.label,
        "place": lane.terms.port or "",
        "transit": lane.terms.transit,
        "via": [list(point) for point in lane.terms.via],
        "port": list(lane.port or ()),
        "before": _short(lane.before.tonnes),
        "under": _short(lane.under.tonnes),
        "closed": {
            "before": bool(lane.before.closed_by),
            "under": bool(lane.under.closed_by),
        },
        "closed_by": w.listing(case.measure(m).label for m in lane.under.closed_by),
        "capacity": None if lane.capacity is None else _short(lane.capacity),
    }


def _frame(way_out: Exit) -> list[Point]:
    """The points that the closer look must hold: those of the ways that lie near the exporter."""
    points = [point for lane in way_out.lanes for point in lane.terms.via]
    near = [point for point in points if apart(points[0], point) <= NEAR]
    return list(dict.fromkeys(near if len(set(near)) > 1 else points))
