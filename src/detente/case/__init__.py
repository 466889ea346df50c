"""The file that a user writes: its layout, its reader, the packaged cases.

Names are imported on first use, so that `import detente.case` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.case.backtest import BackTestGiven as BackTestGiven
    from detente.case.case import Case as Case
    from detente.case.claims import UNITS as UNITS
    from detente.case.claims import Claim as Claim
    from detente.case.claims import ClaimTest as ClaimTest
    from detente.case.claims import Comparison as Comparison
    from detente.case.claims import Published as Published
    from detente.case.claims import Quantity as Quantity
    from detente.case.claims import Reading as Reading
    from detente.case.claims import Scenario as Scenario
    from detente.case.conflict import Conflict as Conflict
    from detente.case.conflict import Option as Option
    from detente.case.conflict import State as State
    from detente.case.correlations import Correlation as Correlation
    from detente.case.errors import CaseError as CaseError
    from detente.case.errors import Fault as Fault
    from detente.case.flows import Flow as Flow
    from detente.case.labels import chosen_countries as chosen_countries
    from detente.case.labels import world_path as world_path
    from detente.case.loader import CaseSummary as CaseSummary
    from detente.case.loader import case_of as case_of
    from detente.case.loader import cases as cases
    from detente.case.loader import load_case as load_case
    from detente.case.loader import read_case as read_case
    from detente.case.marks import Marked as Marked
    from detente.case.marks import read_marked as read_marked
    from detente.case.measures import Act as Act
    from detente.case.measures import Effect as Effect
    from detente.case.measures import Embargo as Embargo
    from detente.case.measures import ExportTax as ExportTax
    from detente.case.measures import Iceberg as Iceberg
    from detente.case.measures import Measure as Measure
    from detente.case.measures import Period as Period
    from detente.case.measures import Productivity as Productivity
    from detente.case.measures import RouteChange as RouteChange
    from detente.case.measures import Setting as Setting
    from detente.case.measures import Tariff as Tariff
    from detente.case.named import NamedScenario as NamedScenario
    from detente.case.named import Span as Span
    from detente.case.publish import case_schema as case_schema
    from detente.case.routes import Congestion as Congestion
    from detente.case.routes import Routes as Routes
    from detente.case.routes import Way as Way
    from detente.case.rules import Rule as Rule
    from detente.case.rules import Rules as Rules
    from detente.case.schema import Commodity as Commodity
    from detente.case.schema import Elasticity as Elasticity
    from detente.case.schema import Parameter as Parameter
    from detente.case.schema import Party as Party
    from detente.case.selection import Selection as Selection
    from detente.case.spread import Spread as Spread
    from detente.case.spread import Uncertainty as Uncertainty
    from detente.case.tables import ImplausibleOrigin as ImplausibleOrigin
    from detente.case.tables import Observation as Observation
    from detente.case.tables import YearPrice as YearPrice
    from detente.case.tables import implausible_origins as implausible_origins
    from detente.case.tables import observed as observed
    from detente.case.tables import observed_ni as observed_ni
    from detente.case.tables import observed_prices as observed_prices
    from detente.case.talks import Channel as Channel
    from detente.case.talks import Constraint as Constraint
    from detente.case.talks import Interest as Interest
    from detente.case.talks import ObservedMove as ObservedMove
    from detente.case.talks import Package as Package
    from detente.case.talks import Talks as Talks
    from detente.case.talks import Valuation as Valuation
    from detente.case.talks_terms import Link as Link
    from detente.case.talks_terms import Move as Move
    from detente.case.talks_terms import TalksTerms as TalksTerms
    from detente.case.talks_terms import Voice as Voice
    from detente.case.terms import RouteTerms as RouteTerms
    from detente.case.terms import WayTerms as WayTerms

_HOME = {
    "Act": "measures",
    "BackTestGiven": "backtest",
    "Case": "case",
    "CaseError": "errors",
    "CaseSummary": "loader",
    "Channel": "talks",
    "Claim": "claims",
    "ClaimTest": "claims",
    "Commodity": "schema",
    "Comparison": "claims",
    "Conflict": "conflict",
    "Congestion": "routes",
    "Constraint": "talks",
    "Correlation": "correlations",
    "Effect": "measures",
    "Elasticity": "schema",
    "Embargo": "measures",
    "ExportTax": "measures",
    "Fault": "errors",
    "Flow": "flows",
    "Iceberg": "measures",
    "Interest": "talks",
    "Link": "talks_terms",
    "Measure": "measures",
    "Move": "talks_terms",
    "Marked": "marks",
    "NamedScenario": "named",
    "Observation": "tables",
    "ObservedMove": "talks",
    "Option": "conflict",
    "Package": "talks",
    "Parameter": "schema",
    "Party": "schema",
    "Period": "measures",
    "Productivity": "measures",
    "Published": "claims",
    "Quantity": "claims",
    "Reading": "claims",
    "RouteChange": "measures",
    "RouteTerms": "terms",
    "Routes": "routes",
    "Rule": "rules",
    "Rules": "rules",
    "Scenario": "claims",
    "Selection": "selection",
    "Setting": "measures",
    "Spread": "spread",
    "State": "conflict",
    "Talks": "talks",
    "TalksTerms": "talks_terms",
    "Span": "named",
    "Tariff": "measures",
    "UNITS": "claims",
    "Uncertainty": "spread",
    "Valuation": "talks",
    "Voice": "talks_terms",
    "Way": "routes",
    "WayTerms": "terms",
    "YearPrice": "tables",
    "case_of": "loader",
    "case_schema": "publish",
    "cases": "loader",
    "chosen_countries": "labels",
    "load_case": "loader",
    "read_case": "loader",
    "read_marked": "marks",
    "ImplausibleOrigin": "tables",
    "implausible_origins": "tables",
    "observed": "tables",
    "observed_ni": "tables",
    "observed_prices": "tables",
    "world_path": "labels",
}

__all__ = [
    "UNITS",
    "Act",
    "BackTestGiven",
    "Case",
    "CaseError",
    "CaseSummary",
    "Channel",
    "Claim",
    "ClaimTest",
    "Commodity",
    "Comparison",
    "Conflict",
    "Congestion",
    "Constraint",
    "Correlation",
    "Effect",
    "Elasticity",
    "Embargo",
    "ExportTax",
    "Fault",
    "Flow",
    "Iceberg",
    "Interest",
    "Link",
    "Marked",
    "Measure",
    "Move",
    "NamedScenario",
    "Observation",
    "ObservedMove",
    "Option",
    "Package",
    "Parameter",
    "Party",
    "Period",
    "Productivity",
    "Published",
    "Quantity",
    "Reading",
    "RouteChange",
    "RouteTerms",
    "Routes",
    "Rule",
    "Rules",
    "Scenario",
    "Selection",
    "Setting",
    "Span",
    "Spread",
    "State",
    "Talks",
    "TalksTerms",
    "Tariff",
    "Uncertainty",
    "Valuation",
    "Voice",
    "Way",
    "WayTerms",
    "YearPrice",
    "case_of",
    "case_schema",
    "cases",
    "chosen_countries",
    "implausible_origins",
    "load_case",
    "observed",
    "observed_ni",
    "observed_prices",
    "read_case",
    "read_marked",
    "world_path",
]
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
