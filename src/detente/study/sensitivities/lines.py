"""Margins summed to lines of the menu, and the measures in force beside them, ranked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.study.assessing import NOISE
from detente.study.sensitivities.margins import INSTRUMENTS, Cells, Index, cells_of_shock
from detente.study.sensitivities.menu import (
    NO_BAND,
    Entry,
    MeasureEntry,
    place_of,
    ratio_of,
    verdict_of,
)

if TYPE_CHECKING:
    from detente.study.assessment import Array
    from detente.study.ground import Ground
    from detente.study.sensitivities.menu import Band
    from detente.study.sensitivities.question import Found, Question
    from detente.study.uncertainty import Ensemble
    from detente.trade import Gradient

#: Flows below this many USD million a year are left out of the menu.
_SMALLEST_FLOW = 0.05


@dataclass(frozen=True, eq=False)
class Side:
    """A sender and a target of one part of the menu, and which flows lie between them, (C,)."""

    sender: str
    target: str
    flows: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lines:
    """Flows summed to lines of the menu."""

    ground: Ground
    cells: Cells
    found: Found
    ensemble: Ensemble | None

    def entries(self, sides: Sequence[Side]) -> tuple[Entry, ...]:
        """A line for each side, direction, good and instrument with a flow in the base year."""
        world, cells = self.ground.world, self.cells
        base = world.trade_jni[cells.at]
        force = self._in_force()
        out = []
        for side in sides:
            for imports in (True, False):
                for j in range(len(world.goods)):
                    at = np.nonzero(side.flows & (cells.imports == imports) & (cells.good == j))[0]
                    if base[at].sum() < _SMALLEST_FLOW:
                        continue
                    measures = tuple(m for m, flows in force.items() if flows[at].any())
                    out += [self._entry(side, k, at, measures) for k in range(len(INSTRUMENTS))]
        return tuple(out)

    def _in_force(self) -> dict[str, NDArray[np.bool_]]:
        """Which flows each of the sender's measures in force concerns, (C,)."""
        flat = np.ravel_multi_index(self.cells.at, self.ground.world.trade_jni.shape)
        return {
            m: np.isin(flat, cells_of_shock(self.ground.world, self.ground.shock([m])))
            for m in self.found.lifted
        }

    def _entry(self, side: Side, k: int, at: Index, measures: tuple[str, ...]) -> Entry:
        m, cells = self.found.margins, self.cells
        base, now = (
            float(trade[tuple(x[at] for x in cells.at)].sum())
            for trade in (self.ground.world.trade_jni, self.found.equilibrium.trade_jni)
        )
        is_open = at[~m.closed[at]]
        harm, cost = float(m.harm[k, is_open].sum()), float(m.cost[k, is_open].sum())
        harms = costs = ratios = NO_BAND
        if self.ensemble is not None and self.ensemble.values and len(is_open):
            h, c = (self.ensemble.values[x][:, k][:, is_open].sum(axis=1) for x in ("harm", "cost"))
            harms, costs, ratios = band(h), band(c), ratio_band(h, c)
        shut = not len(is_open)
        return Entry(
            good=self.ground.world.goods[int(cells.good[at[0]])],
            direction="imports" if cells.imports[at[0]] else "exports",
            sender=side.sender,
            target=side.target,
            instrument=INSTRUMENTS[k],
            flow=now,
            base_flow=base,
            harm=math.nan if shut else harm,
            cost=math.nan if shut else cost,
            ratio=math.nan if shut else ratio_of(harm, cost),
            verdict="closed" if shut else verdict_of(harm, cost),
            measures=measures,
            harm_band=harms,
            cost_band=costs,
            ratio_band=ratios,
        )


def band(values: Array) -> Band:
    """5 to 95 % of values."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def ratio_band(harm: Array, cost: Array) -> Band:
    """The band of a ratio, where the sender pays in every draw."""
    return band(harm / cost) if (cost > 0).all() else NO_BAND


def measures_of(
    ground: Ground, question: Question, found: Found, ensemble: Ensemble | None
) -> tuple[MeasureEntry, ...]:
    """The sender's measures in force that hit the target, the cheapest to hold first."""
    from detente.trade import gradients

    if not found.lifted:
        return ()
    sides = [dict.fromkeys(side, 1.0) for side in (question.target, question.sender)]
    pair = gradients(found.equilibrium, sides)
    out = []
    for k, name in enumerate(found.lifted):
        step_harm, step_cost = _step(ground, pair, name)
        harm, cost = float(found.lifted_harm[k]), float(found.lifted_cost[k])
        harms = costs = ratios = NO_BAND
        if ensemble is not None and ensemble.values:
            h, c = (ensemble.values[f"lifted_{what}"][:, k] for what in ("harm", "cost"))
            harms, costs, ratios = band(h), band(c), ratio_band(h, c)
        assert ground.case is not None
        out.append(
            MeasureEntry(
                id=name,
                label=ground.case.measure(name).label,
                harm=harm,
                cost=cost,
                ratio=ratio_of(harm, cost),
                verdict=verdict_of(harm, cost, noise=NOISE),
                step_harm=step_harm,
                step_cost=step_cost,
                step_ratio=ratio_of(step_harm, step_cost),
                harm_band=harms,
                cost_band=costs,
                ratio_band=ratios,
            )
        )
    return tuple(sorted(out, key=place_of))


def _step(ground: Ground, pair: Sequence[Gradient], measure: str) -> tuple[float, float]:
    """Harm and cost of one more per cent on all open flows that a measure concerns.

    Args:
        ground: whose measure it is.
        pair: the gradients of the target's and of the sender's real income.
        measure: its id.
    """
    world = ground.world
    flows = cells_of_shock(world, ground.shock([measure]))
    losses = []
    for gradient in pair:
        by_cost = gradient.iceberg_jni.values.ravel()[flows]
        known = by_cost[np.isfinite(by_cost) & (world.trade_jni.ravel()[flows] > 0)]
        losses.append(-0.01 * float(known.sum()) if len(known) else math.nan)
    return losses[0], losses[1]
