"""From a case or a world to the menu, with bands where draws are asked for."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.study.assessing import NOISE, assessment_of
from detente.study.ground import Ground, QuestionError, ground_of, ground_of_scenarios
from detente.study.scenarios import Scenarios
from detente.study.sensitivities.margins import (
    INSTRUMENTS,
    Cells,
    Index,
    Margins,
    cells_of,
    cells_of_shock,
    margins_of,
)
from detente.study.sensitivities.menu import (
    NO_BAND,
    Entry,
    MeasureEntry,
    Sensitivity,
    ratio_of,
    verdict_of,
)
from detente.study.uncertainty import Ensemble, run_draws

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study.assessment import Array, MeasureEffect
    from detente.study.ground import Transfers
    from detente.study.sensitivities.menu import Band
    from detente.trade import Equilibrium
    from detente.world import World

#: Flows below this many USD million a year are left out of the menu.
_SMALLEST_FLOW = 0.05


def sensitivity(
    where: str | Case | World | Ground,
    target: str,
    sender: str,
    *,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    draws: int = 0,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Sensitivity:
    """What a little more of every barrier between two sides costs each, as a ranked menu.

    Two gradients of one equilibrium, of the target's and of the sender's real income, give the
    margin of every flow between them, in both directions.

    Args:
        where: a case, whose regime of the date is in force, or a world.
        target: a country, a group or a party of the case.
        sender: the same; its countries count as one.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        draws: of the case's parameters, for bands; 0 for none.
        seed: of the draws.
        progress: called with the number of draws done so far.

    Raises:
        QuestionError: a country on both sides, or draws of a world, which has no ranges.
        UnknownLabel: a name that is no country, group or party.

    Example:
        >>> from detente.study import sensitivity
        >>> menu = sensitivity("belarus", "BLR", "USA", date="2025-12-01")
        >>> menu.to_hold()[0].harm > 0
        True
    """
    ground = ground_of(where, date, horizon, transfers)
    target_c, sender_c = ground.pair(target, sender)
    if draws and ground.case is None:
        raise QuestionError(
            f"The world {ground.name} has no parameters with ranges to draw. Ask of a case, or "
            f"leave out the draws."
        )
    question = _Question(target_c, sender_c)
    ensemble, scenarios = None, ground.scenarios()
    found = question.answer(ground, scenarios)
    if draws and ground.case is not None:
        ensemble = run_draws(
            ground.case, question, draws=draws, seed=seed, progress=progress, guide=scenarios
        )
    cells = question.cells(ground)
    kinds = _Lines(ground, cells, found, ensemble)
    together = [(sender, np.ones(len(cells.good), dtype=bool))]
    single = [
        (c, (cells.market == k) | (cells.origin == k))
        for c, k in zip(sender_c, ground.at(sender_c), strict=True)
    ]
    return Sensitivity(
        ground,
        target,
        sender,
        entries=kinds.entries(together),
        pairs=kinds.entries(single) if len(single) > 1 else (),
        measures=_measures(ground, question, found, ensemble),
        draws=0 if ensemble is None else ensemble.done - ensemble.failed,
    )


@dataclass(frozen=True)
class _Question:
    """Who hits whom; called on scenarios it gives what a draw keeps."""

    target: tuple[str, ...]
    sender: tuple[str, ...]

    def cells(self, ground: Ground) -> Cells:
        return cells_of(ground.world, ground.at(self.target), ground.at(self.sender))

    def answer(self, ground: Ground, scenarios: Scenarios | None) -> _Found:
        """The margins of every flow, and what lifting each measure of the sender gives the two."""
        effects: list[MeasureEffect] = []
        if scenarios is not None:
            effects = [
                e
                for e in assessment_of(scenarios, margins_only=True).effects
                if set(e.authors) & set(self.sender) and set(e.targets) & set(self.target)
            ]
        now = (
            ground.solve(ground.shock())
            if scenarios is None
            else scenarios.equilibrium(ground.in_force)
        )
        hit, by = ground.at(self.target), ground.at(self.sender)
        return _Found(
            now,
            margins_of(now, self.cells(ground), hit, by),
            tuple(e.measure.id for e in effects),
            np.array([ground.sum_over(e.margin_n, self.target) for e in effects]),
            np.array([ground.sum_over(e.margin_n, self.sender) for e in effects]),
        )

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        found = self.answer(ground_of_scenarios(scenarios), scenarios)
        return {
            "harm": found.margins.harm,
            "cost": found.margins.cost,
            "lifted_harm": found.lifted_harm,
            "lifted_cost": found.lifted_cost,
        }


@dataclass(frozen=True, eq=False)
class _Found:
    equilibrium: Equilibrium
    margins: Margins
    lifted: tuple[str, ...]
    lifted_harm: Array
    lifted_cost: Array


@dataclass(frozen=True, eq=False)
class _Lines:
    """Flows summed to lines of the menu."""

    ground: Ground
    cells: Cells
    found: _Found
    ensemble: Ensemble | None

    def entries(self, senders: list[tuple[str, Array]]) -> tuple[Entry, ...]:
        world, cells = self.ground.world, self.cells
        base, now = (
            trade[cells.at] for trade in (world.trade_jni, self.found.equilibrium.trade_jni)
        )
        out = []
        for name, mine in senders:
            for imports in (True, False):
                for j, good in enumerate(world.goods):
                    at = np.nonzero(mine & (cells.imports == imports) & (cells.good == j))[0]
                    if base[at].sum() < _SMALLEST_FLOW:
                        continue
                    for k, _ in enumerate(INSTRUMENTS):
                        flows = (float(now[at].sum()), float(base[at].sum()))
                        out.append(self._entry(name, good, imports, k, at, flows))
        return tuple(out)

    def _entry(
        self,
        name: str,
        good: str,
        imports: bool,
        k: int,
        at: Index,
        flows: tuple[float, float],
    ) -> Entry:
        m = self.found.margins
        is_open = at[~m.closed[at]]
        harm, cost = float(m.harm[k, is_open].sum()), float(m.cost[k, is_open].sum())
        harms = costs = ratios = NO_BAND
        if self.ensemble is not None and self.ensemble.values and len(is_open):
            h, c = (self.ensemble.values[x][:, k][:, is_open].sum(axis=1) for x in ("harm", "cost"))
            harms, costs = band(h), band(c)
            ratios = band(h / c) if (c > 0).all() else NO_BAND
        shut = not len(is_open)
        return Entry(
            good,
            "imports" if imports else "exports",
            name,
            INSTRUMENTS[k],
            *flows,
            harm=math.nan if shut else harm,
            cost=math.nan if shut else cost,
            ratio=math.nan if shut else ratio_of(harm, cost),
            verdict="closed" if shut else verdict_of(harm, cost),
            harm_band=harms,
            cost_band=costs,
            ratio_band=ratios,
        )


def band(values: Array) -> Band:
    """5 to 95 % of values."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def _measures(
    ground: Ground, question: _Question, found: _Found, ensemble: Ensemble | None
) -> tuple[MeasureEntry, ...]:
    out = []
    for k, name in enumerate(found.lifted):
        step_harm, step_cost = _step(ground, question, found, name)
        harm, cost = float(found.lifted_harm[k]), float(found.lifted_cost[k])
        harms = costs = NO_BAND
        if ensemble is not None and ensemble.values:
            harms, costs = (
                band(ensemble.values[f"lifted_{what}"][:, k]) for what in ("harm", "cost")
            )
        assert ground.case is not None
        out.append(
            MeasureEntry(
                name,
                ground.case.measure(name).label,
                harm,
                cost,
                ratio_of(harm, cost),
                verdict_of(harm, cost, noise=NOISE),
                step_harm,
                step_cost,
                ratio_of(step_harm, step_cost),
                harms,
                costs,
            )
        )
    return tuple(out)


def _step(ground: Ground, question: _Question, found: _Found, measure: str) -> tuple[float, float]:
    """Harm and cost of one more per cent on all open flows that a measure concerns."""
    from detente.trade import gradients

    world = ground.world
    flows = cells_of_shock(world, ground.shock([measure]))
    losses = []
    for side in (question.target, question.sender):
        (gradient,) = gradients(found.equilibrium, [dict.fromkeys(side, 1.0)])
        by_cost = gradient.iceberg_jni.values.ravel()[flows]
        known = by_cost[np.isfinite(by_cost) & (world.trade_jni.ravel()[flows] > 0)]
        losses.append(-0.01 * float(known.sum()) if len(known) else math.nan)
    return losses[0], losses[1]
