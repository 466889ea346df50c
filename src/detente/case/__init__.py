"""The file that a user writes: its layout, its reader, the packaged cases.

Names are imported on first use, so that `import detente.case` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.case.case import Case as Case
    from detente.case.errors import CaseError as CaseError
    from detente.case.errors import Fault as Fault
    from detente.case.flows import Flow as Flow
    from detente.case.labels import chosen_countries as chosen_countries
    from detente.case.labels import world_path as world_path
    from detente.case.loader import CaseSummary as CaseSummary
    from detente.case.loader import cases as cases
    from detente.case.loader import load_case as load_case
    from detente.case.measures import Act as Act
    from detente.case.measures import Effect as Effect
    from detente.case.measures import Embargo as Embargo
    from detente.case.measures import ExportTax as ExportTax
    from detente.case.measures import Iceberg as Iceberg
    from detente.case.measures import Measure as Measure
    from detente.case.measures import Period as Period
    from detente.case.measures import Productivity as Productivity
    from detente.case.measures import Setting as Setting
    from detente.case.measures import Tariff as Tariff
    from detente.case.publish import case_schema as case_schema
    from detente.case.schema import Commodity as Commodity
    from detente.case.schema import Elasticity as Elasticity
    from detente.case.schema import Parameter as Parameter
    from detente.case.schema import Party as Party
    from detente.case.selection import Selection as Selection

_HOME = {
    "Act": "measures",
    "Case": "case",
    "CaseError": "errors",
    "CaseSummary": "loader",
    "Commodity": "schema",
    "Effect": "measures",
    "Elasticity": "schema",
    "Embargo": "measures",
    "ExportTax": "measures",
    "Fault": "errors",
    "Flow": "flows",
    "Iceberg": "measures",
    "Measure": "measures",
    "Parameter": "schema",
    "Party": "schema",
    "Period": "measures",
    "Productivity": "measures",
    "Selection": "selection",
    "Setting": "measures",
    "Tariff": "measures",
    "case_schema": "publish",
    "cases": "loader",
    "chosen_countries": "labels",
    "load_case": "loader",
    "world_path": "labels",
}

__all__ = [
    "Act",
    "Case",
    "CaseError",
    "CaseSummary",
    "Commodity",
    "Effect",
    "Elasticity",
    "Embargo",
    "ExportTax",
    "Fault",
    "Flow",
    "Iceberg",
    "Measure",
    "Parameter",
    "Party",
    "Period",
    "Productivity",
    "Selection",
    "Setting",
    "Tariff",
    "case_schema",
    "cases",
    "chosen_countries",
    "load_case",
    "world_path",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
