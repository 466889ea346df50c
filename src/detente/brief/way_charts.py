"""The ways of transport as maps: lines on the world map, and a closer look at one exporter."""

from __future__ import annotations

from typing import Any

from detente.brief import wording as w
from detente.brief.commodity_charts import headline
from detente.brief.country_charts import _short, source_of
from detente.brief.table import Chart, Table
from detente.brief.ways import Exit, Lane, Point, apart

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
