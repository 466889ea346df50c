"""One case answered: `detente.analysis` now; this name works for one more release."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module(
    "detente.study",
    "detente.analysis",
    {
        "Ground": "Context",
        "WayFlow": "RouteFlow",
        "backtest": "detente.analysis.record.result.record",
        "comparison": "compare",
        "find_world": "detente.cases.find_world",
        "ground_of": "context_of",
        "shock_of": "detente.cases.shock_of",
        "world_of": "detente.cases.world_of",
    },
)
