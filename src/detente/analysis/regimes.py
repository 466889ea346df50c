"""The regimes of a case in time: what begins and ends when, and what each regime means for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente._shown import Shown, Small
from detente.analysis.scenarios import Scenarios, solve_days

if TYPE_CHECKING:
    from detente.analysis.assessment import Array, Snapshot
    from detente.analysis.uncertainty.draws import Ensemble
    from detente.cases import Case, Party
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


@dataclass(frozen=True, eq=False, repr=False)
class Timeline(Shown):
    """All regimes of a case in order of time, on one base year.

    Attributes:
        case: the case.
        world: the base year with the case's commodities.
        horizon: how far the economy adjusts within each regime.
        regimes: the first is the day before any measure.
        ensemble: of the draws, with `effect` as of `party_effects`; None without.
    """

    case: Case
    world: World
    horizon: str
    regimes: tuple[Regime, ...]
    ensemble: Ensemble | None = field(default=None, repr=False)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties that speak for countries."""
        return tuple(p for p in self.case.parties if p.members)

    @property
    def effect_rp(self) -> Array:
        """What each regime means for each party, USD million a year, (regimes, parties).

        Equivalent variation against the base year without measures; members are those of the
        regime's first day.
        """
        case, world = self.case, self.world
        return np.array(
            [
                [
                    r.snapshot.equivalent_variation_n[
                        [world.country(c) for c in case.members(p.id, world, r.start)]
                    ].sum()
                    for p in self.parties
                ]
                for r in self.regimes
            ]
        ).reshape(len(self.regimes), len(self.parties))

    @property
    def band(self) -> tuple[Array, Array] | None:
        """Lower and upper ends of `effect_rp` over the draws; None without."""
        return None if self.ensemble is None else self.ensemble.band("effect")

    def changed(self, regime: Regime) -> str:
        """What is new in a regime: measures, or dated parameters alone."""
        parts = [*(f"+ {m}" for m in regime.begun), *(f"- {m}" for m in regime.ended)]
        if parts or not regime.measures:
            return "  ".join(parts) or "no measure in force"
        dated = [n for n, p in self.case.parameters.items() if regime.start in p.by_date]
        return f"only dated parameters change: {', '.join(dated)}"

    def _lines(self) -> Sequence[str]:
        return (f"{self.case.title}, {self.horizon} run", f"{len(self.regimes)} regimes")

    def _small(self) -> Small:
        shown = self.regimes[-9:]
        which = "All of them" if len(shown) == len(self.regimes) else f"The last {len(shown)}"
        return which, ("from", "what is new"), [(r.start, self.changed(r)) for r in shown]


def timeline(
    case: Case | str,
    *,
    horizon: str | None = None,
    transfers: Literal["fixed", "proportional", "zero"] | None = None,
    tolerance: float = 1e-9,
    draws: int = 0,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Timeline:
    """Every regime that the measures of a case made, one after the other.

    Each regime is an equilibrium of the same base year before the sanctions, not a step from the
    regime before: in exact changes a flow that an embargo has closed could not grow again.

    Args:
        case: a case, the name of a packaged one, or a path.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.
        draws: how many sets of parameters to draw for bands; 0 for none.
        seed: of the draws.
        processes: how many to draw in; see `run_draws`.
        progress: told how many draws are done.

    Raises:
        CaseError: faults of the case file, all at once.
        NoDraws: no draw was finished, or none converged.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Returns:
        Timeline: regimes with their effects on parties, USD million a year.

    Example:
        >>> import detente
        >>> found = detente.timeline("belarus")
        >>> found.regimes[0].measures, found.effect_rp.shape[0] == len(found.regimes)
        ((), True)
    """
    if isinstance(case, str):
        from detente.cases import load_case

        case = load_case(case)
    scenarios = Scenarios(case, horizon=horizon, transfers=transfers, tolerance=tolerance)
    found = regimes_in_time(scenarios)
    if not draws:
        return found
    from detente.analysis.uncertainty.draws import run_draws

    ensemble = run_draws(
        case,
        party_effects,
        draws=draws,
        seed=seed,
        processes=processes,
        progress=progress,
        guide=scenarios,
    )
    ensemble.required()
    return replace(found, ensemble=ensemble)


def party_effects(scenarios: Scenarios) -> dict[str, Array]:
    """What every regime means for every party: `effect`, as of `Timeline.effect_rp`."""
    return {"effect": regimes_in_time(scenarios).effect_rp}


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
    """The day before anything changes, and the days of change; the case's own if nothing does."""
    days = change_days(case)
    return [days[0] - dt.timedelta(days=1), *days] if days else [case.date]


def change_days(case: Case) -> list[dt.date]:
    """The days on which a measure begins or ends or a dated parameter changes, in order.

    Changes of parameters before the first measure change nothing that is in force, and without any
    measure in force nothing ever changes.
    """
    first = min((p.start for m in case.trade_measures for p in m.in_force), default=dt.date.max)
    days = {d for p in case.parameters.values() for d in p.by_date if d > first}
    for measure in case.trade_measures:
        for period in measure.in_force:
            days.add(period.start)
            if period.until is not None:
                days.add(period.until)
    return sorted(days)
