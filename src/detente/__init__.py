"""détente: what a sanction does to everyone it touches.

Public names are imported on first use, so that `import detente` and `detente --help` are quick.

Example:
    >>> import detente
    >>> world = detente.load_world("oecd-2020")
    >>> ban = detente.embargo("RUS", "EU", "AGRI_MIN_FOOD")
    >>> detente.solve(world, ban).real_income_change["RUS"] < 0
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente._files import NotWritten as NotWritten
    from detente.analysis import Assessment as Assessment
    from detente.analysis import NoDraws as NoDraws
    from detente.analysis import NoTrade as NoTrade
    from detente.analysis import QuestionError as QuestionError
    from detente.analysis import answer as answer
    from detente.analysis import assess as assess
    from detente.analysis import coalition as coalition
    from detente.analysis import compare as compare
    from detente.analysis import design as design
    from detente.analysis import nash_tariffs as nash_tariffs
    from detente.analysis import optimal_tariffs as optimal_tariffs
    from detente.analysis import sensitivity as sensitivity
    from detente.analysis import timeline as timeline
    from detente.analysis.negotiation import NoNegotiation as NoNegotiation
    from detente.analysis.negotiation import negotiate as negotiate
    from detente.analysis.negotiation.questions import blockers as blockers
    from detente.analysis.negotiation.questions import channels as channels
    from detente.analysis.negotiation.questions import deal as deal
    from detente.analysis.negotiation.questions import deals as deals
    from detente.analysis.negotiation.questions import find_deal as find_deal
    from detente.analysis.negotiation.questions import stable as stable
    from detente.analysis.negotiation.questions import steps as steps
    from detente.analysis.negotiation.questions import thresholds as thresholds
    from detente.analysis.negotiation.questions import why as why
    from detente.analysis.record.result import record as record
    from detente.cases import Case as Case
    from detente.cases import CaseError as CaseError
    from detente.cases import load_case as load_case
    from detente.errors import DetenteError as DetenteError
    from detente.errors import PackageMissing as PackageMissing
    from detente.negotiation import NegotiationError as NegotiationError
    from detente.trade import Batch as Batch
    from detente.trade import Equilibrium as Equilibrium
    from detente.trade import Gradient as Gradient
    from detente.trade import Horizon as Horizon
    from detente.trade import InfeasibleShock as InfeasibleShock
    from detente.trade import Labelled as Labelled
    from detente.trade import NotConverged as NotConverged
    from detente.trade import Route as Route
    from detente.trade import RouteChoice as RouteChoice
    from detente.trade import Shock as Shock
    from detente.trade import ShockError as ShockError
    from detente.trade import capacity as capacity
    from detente.trade import embargo as embargo
    from detente.trade import export_tax as export_tax
    from detente.trade import gradient as gradient
    from detente.trade import iceberg as iceberg
    from detente.trade import labour as labour
    from detente.trade import licence as licence
    from detente.trade import productivity as productivity
    from detente.trade import quota as quota
    from detente.trade import solve as solve
    from detente.trade import solve_many as solve_many
    from detente.trade import tariff as tariff
    from detente.trade import transfer as transfer
    from detente.world import Specification as Specification
    from detente.world import UnknownLabel as UnknownLabel
    from detente.world import World as World
    from detente.world import WorldError as WorldError
    from detente.world import load_world as load_world
    from detente.world import melitz_pareto as melitz_pareto
    from detente.world import monopolistic_competition as monopolistic_competition
    from detente.world import worlds as worlds
    from detente.world.products import commodity as commodity
    from detente.world.products import goods as goods


__version__ = "0.1.0"

_HOME = {
    "Assessment": "analysis",
    "Batch": "trade",
    "Case": "cases",
    "CaseError": "cases",
    "DetenteError": "errors",
    "Equilibrium": "trade",
    "Gradient": "trade",
    "Horizon": "trade",
    "InfeasibleShock": "trade",
    "Labelled": "trade",
    "NoDraws": "analysis",
    "NoNegotiation": "analysis.negotiation",
    "NoTrade": "analysis",
    "NotConverged": "trade",
    "NotWritten": "_files",
    "PackageMissing": "errors",
    "QuestionError": "analysis",
    "RouteChoice": "trade",
    "Shock": "trade",
    "ShockError": "trade",
    "NegotiationError": "negotiation",
    "UnknownLabel": "world",
    "Route": "trade",
    "World": "world",
    "WorldError": "world",
    "answer": "analysis",
    "assess": "analysis",
    "blockers": "analysis.negotiation.questions",
    "capacity": "trade",
    "channels": "analysis.negotiation.questions",
    "coalition": "analysis",
    "commodity": "world.products",
    "compare": "analysis",
    "deal": "analysis.negotiation.questions",
    "deals": "analysis.negotiation.questions",
    "design": "analysis",
    "embargo": "trade",
    "export_tax": "trade",
    "goods": "world.products",
    "gradient": "trade",
    "find_deal": "analysis.negotiation.questions",
    "iceberg": "trade",
    "labour": "trade",
    "licence": "trade",
    "load_case": "cases",
    "Specification": "world",
    "load_world": "world",
    "melitz_pareto": "world",
    "monopolistic_competition": "world",
    "nash_tariffs": "analysis",
    "optimal_tariffs": "analysis",
    "productivity": "trade",
    "quota": "trade",
    "record": "analysis.record.result",
    "sensitivity": "analysis",
    "solve": "trade",
    "solve_many": "trade",
    "stable": "analysis.negotiation.questions",
    "steps": "analysis.negotiation.questions",
    "negotiate": "analysis.negotiation",
    "tariff": "trade",
    "thresholds": "analysis.negotiation.questions",
    "timeline": "analysis",
    "transfer": "trade",
    "why": "analysis.negotiation.questions",
    "worlds": "world",
}
__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604
__getattr__ = lazy(
    __name__,
    _HOME,
    renamed={
        "NoTalks": "NoNegotiation",
        "TalksError": "NegotiationError",
        "backtest": "record",
        "Way": "Route",
        "talk": "negotiate",
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)
