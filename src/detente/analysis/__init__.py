"""One case answered: measures → shocks → equilibria → who gains, who pays.

The only room that joins a case with the trade model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.analysis.answers import Answer as Answer
    from detente.analysis.answers import Assessment as Assessment
    from detente.analysis.answers import answer as answer
    from detente.analysis.answers import assess as assess
    from detente.analysis.assessment import CommodityOutcome as CommodityOutcome
    from detente.analysis.assessment import JointLift as JointLift
    from detente.analysis.assessment import MeasureEffect as MeasureEffect
    from detente.analysis.assessment import RouteFlow as RouteFlow
    from detente.analysis.assessment import Snapshot as Snapshot
    from detente.analysis.claims import Verdict as Verdict
    from detente.analysis.claims import Verdicts as Verdicts
    from detente.analysis.claims import verdicts as verdicts
    from detente.analysis.coalitions import Coalition as Coalition
    from detente.analysis.coalitions import coalition as coalition
    from detente.analysis.comparisons import Comparison as Comparison
    from detente.analysis.comparisons import compare as compare
    from detente.analysis.context import Context as Context
    from detente.analysis.context import QuestionError as QuestionError
    from detente.analysis.context import context_of as context_of
    from detente.analysis.designs import Design as Design
    from detente.analysis.designs import Nash as Nash
    from detente.analysis.designs import design as design
    from detente.analysis.designs import nash_tariffs as nash_tariffs
    from detente.analysis.designs import optimal_tariffs as optimal_tariffs
    from detente.analysis.extent import Extent as Extent
    from detente.analysis.figures.frame import Bands as Bands
    from detente.analysis.figures.frame import Figures as Figures
    from detente.analysis.figures.frame import Frame as Frame
    from detente.analysis.idle_controls import idle_measures as idle_measures
    from detente.analysis.record.result import BackTest as BackTest
    from detente.analysis.regimes import Regime as Regime
    from detente.analysis.regimes import Timeline as Timeline
    from detente.analysis.regimes import timeline as timeline
    from detente.analysis.scenarios import NoTrade as NoTrade
    from detente.analysis.scenarios import Scenarios as Scenarios
    from detente.analysis.sensitivities import Sensitivity as Sensitivity
    from detente.analysis.sensitivities import sensitivity as sensitivity
    from detente.analysis.uncertainty.draws import Ensemble as Ensemble
    from detente.analysis.uncertainty.draws import NoDraws as NoDraws
    from detente.analysis.uncertainty.draws import run_draws as run_draws
    from detente.cases.resolve import shock_of as shock_of
    from detente.cases.resolve import world_of as world_of


_HOME = {
    "NoDraws": "uncertainty.draws",
    "NoTrade": "scenarios",
    "Scenarios": "scenarios",
    "Answer": "answers",
    "Extent": "extent",
    "answer": "answers",
    "assess": "answers",
    "Assessment": "answers",
    "CommodityOutcome": "assessment",
    "JointLift": "assessment",
    "MeasureEffect": "assessment",
    "Snapshot": "assessment",
    "RouteFlow": "assessment",
    "Bands": "figures.frame",
    "Figures": "figures.frame",
    "Frame": "figures.frame",
    "BackTest": "record.result",
    "Verdict": "claims",
    "Verdicts": "claims",
    "verdicts": "claims",
    "Coalition": "coalitions",
    "coalition": "coalitions",
    "Design": "designs",
    "Nash": "designs",
    "design": "designs",
    "nash_tariffs": "designs",
    "optimal_tariffs": "designs",
    "Context": "context",
    "QuestionError": "context",
    "context_of": "context",
    "Sensitivity": "sensitivities",
    "sensitivity": "sensitivities",
    "Comparison": "comparisons",
    "compare": "comparisons",
    "idle_measures": "idle_controls",
    "Ensemble": "uncertainty.draws",
    "run_draws": "uncertainty.draws",
    "Regime": "regimes",
    "Timeline": "regimes",
    "timeline": "regimes",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME, renamed={"comparison": "compare"})


def __dir__() -> list[str]:
    return sorted(__all__)
