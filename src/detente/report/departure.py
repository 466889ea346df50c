"""How what leaves a report carries that its state differs from the case: tables, charts, titles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from detente.analysis.departure import MARK, STEM, Departure
from detente.negotiation.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.report.table import Chart, Section, Table


def marked_section(state: Departure, section: Section) -> Section:
    """A section as it stands in a state."""
    return replace(section, title=state.titled(section.title))


def marked_table(state: Departure, table: Table) -> Table:
    """A table as it stands in a state: marked in what leaves with it."""
    return replace(table, title=state.titled(table.title), state=state.line, suffix=state.suffix)


def marked_chart(state: Departure, chart: Chart) -> Chart:
    """A chart as it stands in a state: marked in what leaves with it."""
    title, data = state.titled(chart.title), _drawn(state, chart)
    return replace(chart, title=title, data=data, state=state.line, suffix=state.suffix)


def _drawn(state: Departure, chart: Chart) -> dict[str, Any]:
    """What a chart draws: of one with several views each has its own title."""
    views = chart.data.get("views")
    if not isinstance(views, list):
        return chart.data
    titled = [
        {**view, "title": state.titled(view["title"])} if "title" in view else view
        for view in views
    ]
    return {**chart.data, "views": titled}


_OTHER = "Not of the case's own date, horizon or rule of deficits"


def told_in_one(found: Iterable[tuple[str, Departure]]) -> tuple[str, str]:
    """How several states beside one another differ from the case, and what their files end with.

    Args:
        found: each state's label, and how it differs.
    """
    differing = [(label, d) for label, d in found if d]
    lines = []
    for hypothetical, head in ((True, f"{MARK}s, not the state of the case"), (False, _OTHER)):
        parts = [
            f"{quoted(label)}: {d.named}"
            for label, d in differing
            if d.hypothetical is hypothetical
        ]
        if parts:
            lines.append(f"{head}: {'; '.join(parts)}.")
    suffixes = dict.fromkeys(d.suffix for _, d in differing)
    imagined = any(d.hypothetical for _, d in differing)
    return " ".join(lines), f"-{STEM}s" if imagined else "".join(suffixes)
