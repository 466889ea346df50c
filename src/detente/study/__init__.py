"""One case answered: measures → shocks → equilibria → who gains, who pays.

The only room that joins a case with the trade model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.study.assess import Scenarios as Scenarios
    from detente.study.assess import assess as assess
    from detente.study.assessment import Assessment as Assessment
    from detente.study.assessment import CommodityOutcome as CommodityOutcome
    from detente.study.assessment import MeasureEffect as MeasureEffect
    from detente.study.assessment import Snapshot as Snapshot
    from detente.study.comparison import comparison as comparison
    from detente.study.comparison import find_world as find_world
    from detente.study.comparison import idle_measures as idle_measures
    from detente.study.economy import world_of as world_of
    from detente.study.shocks import shock_of as shock_of

_HOME = {
    "Scenarios": "assess",
    "assess": "assess",
    "Assessment": "assessment",
    "CommodityOutcome": "assessment",
    "MeasureEffect": "assessment",
    "Snapshot": "assessment",
    "comparison": "comparison",
    "find_world": "comparison",
    "idle_measures": "comparison",
    "world_of": "economy",
    "shock_of": "shocks",
}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'detente.study' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"detente.study.{_HOME[name]}"), name)
    globals()[name] = value
    return value
