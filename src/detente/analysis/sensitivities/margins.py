"""Margins: harm to a target and cost to a sender of a little more of every barrier between them.

`Margins` is the result and `margins_of` computes it from gradients. `Question` says who hits whom,
and answers it in one equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente._types import Index, Mask
from detente.analysis.context import Context, context_of_scenarios
from detente.analysis.measure_effects import assessment_of
from detente.analysis.scenarios import Scenarios
from detente.trade import gradients

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.assessment import MeasureEffect
    from detente.trade import Equilibrium, Gradient, Shock
    from detente.world import World


Direction = Literal["imports", "exports"]
Instrument = Literal["barrier", "tax"]
INSTRUMENTS: tuple[Instrument, ...] = ("barrier", "tax")

#: One per cent of delivered cost, or one percentage point of a tax.
_STEP = 0.01


@dataclass(frozen=True, eq=False)
class Cells:
    """The flows between a sender and a target, both ways, one entry a flow, C of them.

    Attributes:
        good: positions of the goods, (C,).
        market: of the buyers.
        origin: of the sellers.
        imports: whether the sender buys.
    """

    good: Index
    market: Index
    origin: Index
    imports: Mask

    @property
    def at(self) -> tuple[Index, Index, Index]:
        """Positions in an array by good, market and origin."""
        return self.good, self.market, self.origin

    def between(self, one: int, other: int) -> Mask:
        """Which flows lie between two countries, (C,)."""
        there, back = (
            (self.market == n) & (self.origin == i) for n, i in ((one, other), (other, one))
        )
        return np.asarray(there | back)


def cells_of(world: World, target: list[int], sender: list[int]) -> Cells:
    """Every flow between the two sides, whether or not there is one in the base year."""
    J = len(world.goods)
    inward = [(j, n, i) for j in range(J) for n in sender for i in target]
    outward = [(j, n, i) for j in range(J) for n in target for i in sender]
    good, market, origin = np.array(inward + outward, dtype=np.intp).T
    return Cells(good, market, origin, np.arange(len(good)) < len(inward))


@dataclass(frozen=True, eq=False)
class Margins:
    """What one step of an instrument on each flow costs, USD million a year.

    A step is one per cent of delivered cost (`barrier`: a ban tightened, a control, red tape) or
    one percentage point of a tax (`tax`: a tariff on the sender's imports, an export tax on its
    exports, the revenue being the sender's).

    Attributes:
        harm: of the target, a loss counting positive, by instrument, (2, C).
        cost: of the sender, likewise.
        closed: where an embargo leaves no flow, so that there is no margin, (C,).
    """

    harm: Array
    cost: Array
    closed: Mask


def margins_of(
    equilibrium: Equilibrium, cells: Cells, target: list[int], sender: list[int]
) -> Margins:
    """The margins of every flow from two gradients of one equilibrium."""
    world = equilibrium.world
    hit, by = gradients(
        equilibrium,
        [{world.countries[n]: 1.0 for n in target}, {world.countries[n]: 1.0 for n in sender}],
    )
    return Margins(
        harm=_losses(hit, cells),
        cost=_losses(by, cells),
        closed=np.asarray(hit.closed_jni.values[cells.at] > 0),
    )


def _losses(gradient: Gradient, cells: Cells) -> Array:
    tax = np.where(
        cells.imports,
        gradient.tariff_jni.values[cells.at],
        gradient.export_tax_jni.values[cells.at],
    )
    return -_STEP * np.stack([gradient.iceberg_jni.values[cells.at], tax])


def cells_of_shock(world: World, shock: Shock) -> Index:
    """Flat positions, by good, market and origin, of the flows whose terms a shock changes."""
    from detente.trade._shock_wedges import Places

    places = Places(world)
    flows = [
        places.cells(c)[0]
        for c in shock.changes
        if c.kind in ("embargo", "tariff", "iceberg", "export_tax")
    ]
    return np.unique(np.concatenate(flows)) if flows else np.zeros(0, dtype=np.intp)


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

    def cells(self, context: Context) -> Cells:
        """Every flow between the two, both ways."""
        return cells_of(context.world, context.at(self.target), context.at(self.sender))

    def answer(self, context: Context, scenarios: Scenarios | None) -> Found:
        """The margins of every flow, and what lifting each measure of the sender gives the two."""
        effects: list[MeasureEffect] = []
        if scenarios is not None:
            effects = [
                e
                for e in assessment_of(scenarios, margins_only=True).effects
                if set(e.authors) & set(self.sender) and set(e.targets) & set(self.target)
            ]
        now = (
            context.solve(context.shock())
            if scenarios is None
            else scenarios.equilibrium(context.in_force)
        )
        hit, by = context.at(self.target), context.at(self.sender)
        return Found(
            now,
            margins_of(now, self.cells(context), hit, by),
            tuple(e.measure.id for e in effects),
            np.array([context.sum_over(e.margin_n, self.target) for e in effects]),
            np.array([context.sum_over(e.margin_n, self.sender) for e in effects]),
        )

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """What a draw of a case keeps."""
        return self.answer(context_of_scenarios(scenarios), scenarios).kept()
