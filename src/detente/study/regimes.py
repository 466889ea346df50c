"""The regimes of a case in time: what begins and ends when, and what each regime means for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from detente.study.scenarios import Scenarios, solve_days

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study.assessment import Snapshot
    from detente.world import World


@dataclass(frozen=True, eq=False)
class Regime:
    """The measures in force from one day on, until the next regime.

    Attributes:
        start: the first day.
        measures: ids of the measures in force, in the case's order.
        begun: those that were not in force the day before.
        ended: those that were in force the day before and no longer are.
        snapshot: what the regime means, against the base year without measures.
    """

    start: dt.date
    measures: tuple[str, ...]
    begun: tuple[str, ...]
    ended: tuple[str, ...]
    snapshot: Snapshot = field(repr=False)


@dataclass(frozen=True, eq=False)
class Timeline:
    """All regimes of a case in order of time, on one base year.

    Attributes:
        case: the case.
        world: the base year with the case's commodities.
        horizon: how far the economy adjusts within each regime.
        regimes: the first is the day before any measure.
    """

    case: Case
    world: World
    horizon: str
    regimes: tuple[Regime, ...]


def timeline(
    case: Case | str,
    *,
    horizon: str | None = None,
    transfers: Literal["fixed", "proportional", "zero"] | None = None,
    tolerance: float = 1e-9,
) -> Timeline:
    """Every regime that the measures of a case made, one after the other.

    Each regime is an equilibrium of the same base year before the sanctions, not a step from the
    regime before: in exact changes a flow that an embargo has closed could not grow again.

    Args:
        case: a case, the name of a packaged one, or a path.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.

    Raises:
        CaseError: faults of the case file, all at once.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.
    """
    if isinstance(case, str):
        from detente.case import load_case

        case = load_case(case)
    return regimes_in_time(
        Scenarios(case, horizon=horizon, transfers=transfers, tolerance=tolerance)
    )


def regimes_in_time(scenarios: Scenarios) -> Timeline:
    """Every regime of the case of some scenarios, solved together; see `timeline`."""
    case = scenarios.case
    solve_days(regime_sets(scenarios))
    days = _days(case)
    in_force = [tuple(m.id for m in case.regime(day)) for day in days]
    regimes = [
        Regime(
            start=day,
            measures=now,
            begun=tuple(m for m in now if m not in before),
            ended=tuple(m for m in before if m not in now),
            snapshot=scenarios.on(day).snapshot(now),
        )
        for day, now, before in zip(days, in_force, [(), *in_force], strict=False)
    ]
    return Timeline(case, scenarios.world, scenarios.horizon, tuple(regimes))


def regime_sets(scenarios: Scenarios) -> list[tuple[Scenarios, list[tuple[str, ...]]]]:
    """The sets of measures that a timeline needs solved, each with the scenarios of its day."""
    case = scenarios.case
    return [(scenarios.on(d), [tuple(m.id for m in case.regime(d))]) for d in _days(case)]


def _days(case: Case) -> list[dt.date]:
    """The day before anything changes, and the days of change."""
    days = change_days(case)
    return [days[0] - dt.timedelta(days=1), *days]


def change_days(case: Case) -> list[dt.date]:
    """The days on which a measure begins or ends or a dated parameter changes, in order.

    Changes of parameters before the first measure change nothing that is in force.
    """
    first = min(p.start for m in case.trade_measures for p in m.in_force)
    days = {d for p in case.parameters.values() for d in p.by_date if d > first}
    for measure in case.trade_measures:
        for period in measure.in_force:
            days.add(period.start)
            if period.until is not None:
                days.add(period.until)
    return sorted(days)
