"""détente: what a sanction does to everyone it touches.

Public names are imported on first use, so that `import detente` and `detente --help` are quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.analysis import answer as answer
    from detente.analysis import assess as assess
    from detente.cases import load_case as load_case
    from detente.trade import Shock as Shock
    from detente.trade import embargo as embargo
    from detente.trade import export_tax as export_tax
    from detente.trade import gradient as gradient
    from detente.trade import iceberg as iceberg
    from detente.trade import solve as solve
    from detente.trade import tariff as tariff
    from detente.world import World as World
    from detente.world import load_world as load_world


__version__ = "0.1.0"

_HOME = {
    "load_case": "cases",
    "answer": "analysis",
    "assess": "analysis",
    "Shock": "trade",
    "embargo": "trade",
    "export_tax": "trade",
    "gradient": "trade",
    "iceberg": "trade",
    "solve": "trade",
    "tariff": "trade",
    "World": "world",
    "load_world": "world",
}
__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604
__getattr__ = lazy(__name__, _HOME)
