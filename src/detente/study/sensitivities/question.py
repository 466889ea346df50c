"""Who hits whom, and the margins between the two in one equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.study.assessing import assessment_of
from detente.study.ground import Ground, ground_of_scenarios
from detente.study.scenarios import Scenarios
from detente.study.sensitivities.margins import Cells, Margins, cells_of, margins_of

if TYPE_CHECKING:
    from detente.study.assessment import Array, MeasureEffect
    from detente.trade import Equilibrium


@dataclass(frozen=True, eq=False)
class Found:
    """The equilibrium, the margins of every flow in it, and each measure lifted as a whole."""

    equilibrium: Equilibrium
    margins: Margins
    lifted: tuple[str, ...]
    lifted_harm: Array
    lifted_cost: Array

    def kept(self) -> dict[str, Array]:
        """What a draw keeps."""
        return {
            "harm": self.margins.harm,
            "cost": self.margins.cost,
            "lifted_harm": self.lifted_harm,
            "lifted_cost": self.lifted_cost,
        }


@dataclass(frozen=True)
class Question:
    """Who hits whom; called on scenarios it gives what a draw keeps."""

    target: tuple[str, ...]
    sender: tuple[str, ...]

    def cells(self, ground: Ground) -> Cells:
        """Every flow between the two, both ways."""
        return cells_of(ground.world, ground.at(self.target), ground.at(self.sender))

    def answer(self, ground: Ground, scenarios: Scenarios | None) -> Found:
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
        return Found(
            now,
            margins_of(now, self.cells(ground), hit, by),
            tuple(e.measure.id for e in effects),
            np.array([ground.sum_over(e.margin_n, self.target) for e in effects]),
            np.array([ground.sum_over(e.margin_n, self.sender) for e in effects]),
        )

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """What a draw of a case keeps."""
        return self.answer(ground_of_scenarios(scenarios), scenarios).kept()
