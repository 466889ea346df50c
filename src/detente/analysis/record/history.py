"""The past of a state: what a reader switches on one day changes nothing of the years behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.scenarios import Scenarios

if TYPE_CHECKING:
    from detente.analysis.record.plan import Plan
    from detente.cases import Case


def history_of(scenarios: Scenarios, plan: Plan) -> Scenarios:
    """The scenarios whose back-test is that of a state: those of the case as its file has it.

    A state with other flows, other values of parameters or other measures in a year of the
    back-test has a past of its own.

    Args:
        scenarios: of the state.
        plan: the years of the back-test.
    """
    case, own = scenarios.case, scenarios.case.own
    filed = case is own and scenarios.date == own.date
    other = case.changes or case.substance != own.substance
    if filed or other or _regimes(case, plan) != _regimes(own, plan):
        return scenarios
    return Scenarios(
        own,
        horizon=scenarios.horizon,
        transfers=scenarios.transfers,
        tolerance=scenarios.tolerance,
        world=scenarios.world,
    )


def _regimes(case: Case, plan: Plan) -> list[list[str]]:
    return [[m.id for m in case.regime(plan.day(year))] for year in plan.years]
