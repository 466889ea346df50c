"""The file that a user writes: its layout, its reader, the packaged cases.

Names are imported on first use, so that `import detente.cases` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.cases.case import Case as Case
    from detente.cases.case_files import CaseFiles as CaseFiles
    from detente.cases.case_files import read_files as read_files
    from detente.cases.claims import UNITS as UNITS
    from detente.cases.claims import BackTestBlock as BackTestBlock
    from detente.cases.claims import Claim as Claim
    from detente.cases.claims import ClaimTest as ClaimTest
    from detente.cases.claims import Comparison as Comparison
    from detente.cases.claims import Published as Published
    from detente.cases.claims import Quantity as Quantity
    from detente.cases.claims import Reading as Reading
    from detente.cases.claims import Scenario as Scenario
    from detente.cases.economy import Commodity as Commodity
    from detente.cases.economy import Congestion as Congestion
    from detente.cases.economy import Correlation as Correlation
    from detente.cases.economy import Elasticity as Elasticity
    from detente.cases.economy import Parameter as Parameter
    from detente.cases.economy import Party as Party
    from detente.cases.economy import Route as Route
    from detente.cases.economy import RouteChoice as RouteChoice
    from detente.cases.errors import CaseError as CaseError
    from detente.cases.errors import Fault as Fault
    from detente.cases.fields import Selection as Selection
    from detente.cases.fields import Spread as Spread
    from detente.cases.fields import Uncertainty as Uncertainty
    from detente.cases.goods import NamedGood as NamedGood
    from detente.cases.labels import chosen_countries as chosen_countries
    from detente.cases.labels import world_path as world_path
    from detente.cases.load import CaseSummary as CaseSummary
    from detente.cases.load import case_from as case_from
    from detente.cases.load import case_of as case_of
    from detente.cases.load import cases as cases
    from detente.cases.load import episodes as episodes
    from detente.cases.load import is_case as is_case
    from detente.cases.load import load_case as load_case
    from detente.cases.load import read_case as read_case
    from detente.cases.measures import Act as Act
    from detente.cases.measures import Effect as Effect
    from detente.cases.measures import Embargo as Embargo
    from detente.cases.measures import ExportTax as ExportTax
    from detente.cases.measures import Iceberg as Iceberg
    from detente.cases.measures import Measure as Measure
    from detente.cases.measures import Period as Period
    from detente.cases.measures import Productivity as Productivity
    from detente.cases.measures import RouteChange as RouteChange
    from detente.cases.measures import Setting as Setting
    from detente.cases.measures import Tariff as Tariff
    from detente.cases.negotiation import Channel as Channel
    from detente.cases.negotiation import Conflict as Conflict
    from detente.cases.negotiation import Constraint as Constraint
    from detente.cases.negotiation import Interest as Interest
    from detente.cases.negotiation import Negotiation as Negotiation
    from detente.cases.negotiation import ObservedMove as ObservedMove
    from detente.cases.negotiation import Option as Option
    from detente.cases.negotiation import Package as Package
    from detente.cases.negotiation import State as State
    from detente.cases.negotiation import Valuation as Valuation
    from detente.cases.negotiation_terms import Link as Link
    from detente.cases.negotiation_terms import Move as Move
    from detente.cases.negotiation_terms import NegotiationTerms as NegotiationTerms
    from detente.cases.negotiation_terms import Voice as Voice
    from detente.cases.resolve import Shocks as Shocks
    from detente.cases.resolve import base_of as base_of
    from detente.cases.resolve import find_world as find_world
    from detente.cases.resolve import shock_of as shock_of
    from detente.cases.resolve import targets_of as targets_of
    from detente.cases.resolve import world_of as world_of
    from detente.cases.route_terms import RouteChoiceTerms as RouteChoiceTerms
    from detente.cases.route_terms import RouteTerms as RouteTerms
    from detente.cases.rules import Rule as Rule
    from detente.cases.rules import Rules as Rules
    from detente.cases.saved_scenarios import NamedScenario as NamedScenario
    from detente.cases.saved_scenarios import Span as Span
    from detente.cases.schema import case_schema as case_schema
    from detente.cases.tables import Flow as Flow
    from detente.cases.tables import ImplausibleOrigin as ImplausibleOrigin
    from detente.cases.tables import Observation as Observation
    from detente.cases.tables import YearPrice as YearPrice
    from detente.cases.tables import implausible_origins as implausible_origins
    from detente.cases.tables import observed as observed
    from detente.cases.tables import observed_ni as observed_ni
    from detente.cases.tables import observed_prices as observed_prices
    from detente.cases.yaml_source import Marked as Marked
    from detente.cases.yaml_source import read_marked as read_marked


_HOME = {
    "Act": "measures",
    "BackTestBlock": "claims",
    "Case": "case",
    "CaseError": "errors",
    "CaseFiles": "case_files",
    "CaseSummary": "load",
    "Channel": "negotiation",
    "Claim": "claims",
    "ClaimTest": "claims",
    "Commodity": "economy",
    "Comparison": "claims",
    "Conflict": "negotiation",
    "Congestion": "economy",
    "Constraint": "negotiation",
    "Correlation": "economy",
    "Effect": "measures",
    "Elasticity": "economy",
    "Embargo": "measures",
    "ExportTax": "measures",
    "Fault": "errors",
    "Flow": "tables",
    "Iceberg": "measures",
    "Interest": "negotiation",
    "Link": "negotiation_terms",
    "Measure": "measures",
    "Move": "negotiation_terms",
    "Marked": "yaml_source",
    "NamedGood": "goods",
    "NamedScenario": "saved_scenarios",
    "Observation": "tables",
    "ObservedMove": "negotiation",
    "Option": "negotiation",
    "Package": "negotiation",
    "Parameter": "economy",
    "Party": "economy",
    "Period": "measures",
    "Productivity": "measures",
    "Published": "claims",
    "Quantity": "claims",
    "Reading": "claims",
    "RouteChange": "measures",
    "RouteChoiceTerms": "route_terms",
    "RouteChoice": "economy",
    "Rule": "rules",
    "Rules": "rules",
    "Scenario": "claims",
    "Selection": "fields",
    "Shocks": "resolve",
    "Setting": "measures",
    "Spread": "fields",
    "State": "negotiation",
    "Negotiation": "negotiation",
    "NegotiationTerms": "negotiation_terms",
    "Span": "saved_scenarios",
    "Tariff": "measures",
    "UNITS": "claims",
    "Uncertainty": "fields",
    "Valuation": "negotiation",
    "Voice": "negotiation_terms",
    "Route": "economy",
    "RouteTerms": "route_terms",
    "YearPrice": "tables",
    "base_of": "resolve",
    "find_world": "resolve",
    "case_from": "load",
    "case_of": "load",
    "case_schema": "schema",
    "cases": "load",
    "episodes": "load",
    "chosen_countries": "labels",
    "is_case": "load",
    "load_case": "load",
    "read_case": "load",
    "read_files": "case_files",
    "read_marked": "yaml_source",
    "ImplausibleOrigin": "tables",
    "implausible_origins": "tables",
    "observed": "tables",
    "observed_ni": "tables",
    "observed_prices": "tables",
    "shock_of": "resolve",
    "targets_of": "resolve",
    "world_of": "resolve",
    "world_path": "labels",
}

__all__ = [
    "UNITS",
    "Act",
    "BackTestBlock",
    "Case",
    "CaseError",
    "CaseFiles",
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
    "Negotiation",
    "NegotiationTerms",
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
    "Route",
    "RouteChange",
    "RouteChoice",
    "RouteChoiceTerms",
    "RouteTerms",
    "Rule",
    "Rules",
    "Scenario",
    "Selection",
    "Setting",
    "Shocks",
    "Span",
    "Spread",
    "State",
    "Tariff",
    "Uncertainty",
    "Valuation",
    "Voice",
    "YearPrice",
    "base_of",
    "case_from",
    "case_of",
    "case_schema",
    "cases",
    "chosen_countries",
    "episodes",
    "find_world",
    "implausible_origins",
    "is_case",
    "load_case",
    "observed",
    "observed_ni",
    "observed_prices",
    "read_case",
    "read_files",
    "read_marked",
    "shock_of",
    "targets_of",
    "world_of",
    "world_path",
]
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
