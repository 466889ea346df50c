"""The views of the brief as the page needs them: live ones first, all of them after."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from detente._document import document, plain
from detente.analysis.departure import departure_of
from detente.analysis.labels import day
from detente.report.table import Chart, Table, value_of

if TYPE_CHECKING:
    from detente.analysis import Assessment
    from detente.cases import Case
    from detente.report import Views


#: What needs each measure switched, or many equilibria: not part of a live answer.
_LATER = frozenset(
    ("in-force", "options", "cost", "boomerang", "certificate", "reproduce", "assumptions")
) | frozenset(("world", "world-notes"))


def live_parts(a: Assessment) -> list[Table | Chart]:
    """Tables and charts that need no equilibrium but the regime's and the base year's."""
    from detente.report import views_of

    views = views_of(a)
    shown: list[Table | Chart] = [*views.tables.values(), *views.charts.values()]
    return [part for part in shown if part.id not in _LATER]


def plain_table(table: Table) -> dict[str, Any]:
    """A table with all that its page needs: how cells are written, and which stand together."""
    wide = table.spread
    return {
        "id": table.id,
        "title": table.title,
        "sentence": table.sentence,
        "note": table.note,
        "unit": table.unit,
        "lead": table.lead,
        "state": table.state,
        "suffix": table.suffix,
        "columns": [asdict(column) for column in wide.columns],
        "rows": [[value_of(cell) for cell in row] for row in wide.rows],
    }


def plain_parts(parts: list[Table | Chart]) -> dict[str, Any]:
    """Some tables and charts."""
    return {
        "tables": [plain_table(p) for p in parts if isinstance(p, Table)],
        "charts": [p.plain() for p in parts if isinstance(p, Chart)],
    }


def as_json(data: Any) -> str:
    """Data as JSON text; what is infinite or no number is null."""
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(plain(data), ensure_ascii=False, allow_nan=False)


def plain_views(views: Views) -> dict[str, Any]:
    """Everything that a brief shows, in its order."""
    return {
        "title": views.title,
        "subject": views.subject,
        **views.departure.entries(),
        "findings": list(views.findings),
        "sections": [
            {"id": s.id, "title": s.title, "parts": list(s.parts)} for s in views.sections
        ],
        **plain_parts([*views.tables.values(), *views.charts.values()]),
    }


def without_trade(case: Case) -> dict[str, Any]:
    """The answer of a case without trade: nothing is solved, and no figure is shown."""
    return {
        **document("state", {}),
        "sequence": 0,
        "subject": f"{case.title}: status quo of {day(case.date)}",
        **departure_of(case).entries(),
        "measures": [m.id for m in case.in_force()],
        "certificate": {
            "status": "no trade",
            "largest_violation": 0.0,
            "evaluations": 0,
            "sentence": "No measure of this case touches trade, so that no market is solved.",
        },
        "figures": [],
        "tables": [],
        "charts": [],
        "milliseconds": {"prepare": 0.0, "solve": 0.0, "views": 0.0},
    }
