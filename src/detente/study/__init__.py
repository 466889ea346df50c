"""One case answered: measures → shocks → equilibria → who gains, who pays.

The only room that joins a case with the trade model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.study.answering import Answer as Answer
    from detente.study.answering import Extent as Extent
    from detente.study.answering import answer as answer
    from detente.study.assessing import assess as assess
    from detente.study.assessment import Assessment as Assessment
    from detente.study.assessment import CommodityOutcome as CommodityOutcome
    from detente.study.assessment import JointLift as JointLift
    from detente.study.assessment import MeasureEffect as MeasureEffect
    from detente.study.assessment import Snapshot as Snapshot
    from detente.study.assessment import WayFlow as WayFlow
    from detente.study.backtesting import BackTest as BackTest
    from detente.study.backtesting import backtest as backtest
    from detente.study.claims import Verdict as Verdict
    from detente.study.claims import Verdicts as Verdicts
    from detente.study.claims import verdicts as verdicts
    from detente.study.coalitions import Coalition as Coalition
    from detente.study.coalitions import coalition as coalition
    from detente.study.comparing import comparison as comparison
    from detente.study.comparing import find_world as find_world
    from detente.study.comparing import idle_measures as idle_measures
    from detente.study.designing import Design as Design
    from detente.study.designing import Nash as Nash
    from detente.study.designing import design as design
    from detente.study.designing import nash_tariffs as nash_tariffs
    from detente.study.designing import optimal_tariffs as optimal_tariffs
    from detente.study.economy import world_of as world_of
    from detente.study.ground import Ground as Ground
    from detente.study.ground import QuestionError as QuestionError
    from detente.study.ground import ground_of as ground_of
    from detente.study.regimes import Regime as Regime
    from detente.study.regimes import Timeline as Timeline
    from detente.study.regimes import timeline as timeline
    from detente.study.scenarios import Scenarios as Scenarios
    from detente.study.sensitivities import Sensitivity as Sensitivity
    from detente.study.sensitivities import sensitivity as sensitivity
    from detente.study.shocks import shock_of as shock_of
    from detente.study.uncertainty import Ensemble as Ensemble
    from detente.study.uncertainty import run_draws as run_draws

_HOME = {
    "Scenarios": "scenarios",
    "Answer": "answering",
    "Extent": "answering",
    "answer": "answering",
    "assess": "assessing",
    "Assessment": "assessment",
    "CommodityOutcome": "assessment",
    "JointLift": "assessment",
    "MeasureEffect": "assessment",
    "Snapshot": "assessment",
    "WayFlow": "assessment",
    "BackTest": "backtesting",
    "backtest": "backtesting",
    "Verdict": "claims",
    "Verdicts": "claims",
    "verdicts": "claims",
    "Coalition": "coalitions",
    "coalition": "coalitions",
    "Design": "designing",
    "Nash": "designing",
    "design": "designing",
    "nash_tariffs": "designing",
    "optimal_tariffs": "designing",
    "Ground": "ground",
    "QuestionError": "ground",
    "ground_of": "ground",
    "Sensitivity": "sensitivities",
    "sensitivity": "sensitivities",
    "comparison": "comparing",
    "find_world": "comparing",
    "idle_measures": "comparing",
    "world_of": "economy",
    "shock_of": "shocks",
    "Ensemble": "uncertainty",
    "run_draws": "uncertainty",
    "Regime": "regimes",
    "Timeline": "regimes",
    "timeline": "regimes",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)
