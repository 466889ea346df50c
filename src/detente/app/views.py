"""The views of the brief as the page needs them: live ones first, all of them after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from detente._document import document, plain
from detente.analysis.departure import departure_of
from detente.analysis.labels import day
from detente.report.table import Chart, Table, plain_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detente.analysis import Assessment
    from detente.cases import Case


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


def as_json(data: Any) -> str:
    """Data as JSON text; what is infinite or no number is null."""
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(plain(data), ensure_ascii=False, allow_nan=False)


def beside(found: Mapping[str, Any], parts: Iterable[Table | Chart]) -> dict[str, Any]:
    """A published document, and beside it the tables and charts in which the page shows it."""
    return {"document": found, "views": plain_parts(parts)}


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
