"""Rates at which nobody gains by changing one of its own: first-order conditions, solved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.trade import Weights, gradients

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.context import Context
    from detente.analysis.designs.levers import Levers
    from detente.trade import Equilibrium
    from detente.trade.adjoint import Target


#: Largest projected slope that counts as zero, per dollar of trade that the rate is charged on.
GOAL = 1e-6
_MEMORY = 8


@dataclass(frozen=True)
class Optimality:
    """How exactly the first-order conditions of a choice hold.

    Attributes:
        status: `converged`, `stalled` or `cancelled`.
        residual: the largest slope of an objective by a rate that could still be moved that way,
            per dollar of the base year's trade on that rate and unit of the objective's largest
            weight: 0 where the conditions hold exactly.
        goal: what was asked for.
        inside: rates strictly between their bounds.
        at_zero: rates held at the lowest, which is 0 unless subsidies were allowed.
        at_highest: rates held at their highest.
        evaluations: equilibria with gradients that it took.
        subsidies: whether the lowest rate was below 0.
    """

    status: Literal["converged", "stalled", "cancelled"]
    residual: float
    goal: float
    inside: int
    at_zero: int
    at_highest: int
    evaluations: int
    subsidies: bool = False

    @property
    def sentence(self) -> str:
        """The certificate in words."""
        verdict = {
            "converged": "First-order conditions hold",
            "stalled": "Not converged: first-order conditions hold only",
            "cancelled": "Cancelled: first-order conditions hold only",
        }[self.status]
        return (
            f"{verdict} to {self.residual:.0e} (asked for {self.goal:.0e}) after "
            f"{self.evaluations} evaluations: {self.inside} rates inside their bounds, "
            f"{self.at_zero} at {'the lowest' if self.subsidies else 'zero'}, "
            f"{self.at_highest} at the highest."
        )

    def to_dict(self) -> dict[str, Any]:
        """The certificate as plain data, with its sentence."""
        known = asdict(self) | {"sentence": self.sentence}
        del known["subsidies"]
        return known


@dataclass(frozen=True, eq=False)
class Slopes:
    """An equilibrium under some rates, what each player makes of it, and its slopes.

    Attributes:
        equilibrium: solved.
        value_p: each player's objective, USD million a year, (P,).
        slope_l: of the owner's objective by each rate, (L,).
        flow_l: trade now on each rate, USD million, (L,).
    """

    equilibrium: Equilibrium = field(repr=False)
    value_p: Array
    slope_l: Array = field(repr=False)
    flow_l: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class Peak:
    """Where a search ended.

    Attributes:
        rate: the best found, (L,).
        slopes: there.
        certificate: of the first-order conditions there.
        cut_short: whether it was cancelled, though the conditions may hold already.
    """

    rate: Array
    slopes: Slopes
    certificate: Optimality
    cut_short: bool


class Objectives:
    """Objectives over rates: evaluates them with their gradients, from the last point on.

    Args:
        context: where.
        background: the equilibrium without the rates.
        levers: what can be chosen.
        weights: of every country's equivalent variation in each player's objective, (P, N).
        extra_nj: what each player's objective counts a dollar of real value added beyond one, by
            country and good, (N, J) each; None where every dollar counts alike.
        progress: called with the number of evaluations so far.
    """

    def __init__(
        self,
        context: Context,
        background: Equilibrium,
        levers: Levers,
        weights: Sequence[Array],
        progress: Callable[[int], None] | None = None,
        extra_nj: Sequence[Array] | None = None,
    ) -> None:
        self.context, self.background, self.levers = context, background, levers
        self.extra_pnj = None if extra_nj is None else np.stack(extra_nj)
        self.weight_pn = np.stack(weights)
        self.progress = progress
        # What a solution to the tolerance leaves open in the objective of the first player.
        income = np.abs(self.weight_pn[0]) @ context.world.income_n
        self.noise = 10 * context.tolerance * float(income)
        self.evaluations = 0
        self._said = 0
        self._last: Equilibrium = background

    def count_evaluation(self, _: int = 0) -> None:
        """One evaluation more, here or in a search that began from here."""
        self._said += 1
        if self.progress is not None:
            self.progress(self._said)

    def at(self, rate: Array) -> Slopes:
        """Objectives and slopes at some rates."""
        levers = self.levers
        now = self.context.solve(levers.shock(self.background, rate), start=self._last)
        self._last = now
        self.evaluations += 1
        self.count_evaluation()
        slopes = np.stack([levers.slope(g) for g in gradients(now, self._targets(now))])
        return Slopes(
            now,
            self.value(now),
            slopes[levers.owner, np.arange(len(levers))],
            levers.sum(now.trade_jni.ravel()[levers.cell]),
        )

    def value(self, now: Equilibrium) -> Array:
        """Each player's objective, USD million a year, (P,)."""
        found = self.weight_pn @ now.equivalent_variation.values
        if self.extra_pnj is None:
            return np.asarray(found)
        real = now.real_value_added.values - self.context.world.value_added_nj
        return np.asarray(found + (self.extra_pnj * real).sum(axis=(1, 2)))

    def _targets(self, now: Equilibrium) -> list[Target]:
        countries = self.context.world.countries
        if self.extra_pnj is None:
            return [{countries[n]: float(w[n]) for n in np.nonzero(w)[0]} for w in self.weight_pn]
        real, sales = now.real_value_added.values, now.solution.point.sales_jn.T
        # Value added is in proportion to sales, so that a dollar of sales has the same share of it.
        per_sale = np.divide(real, sales, out=np.zeros_like(real), where=sales > 0)
        return [
            Weights(
                equivalent_variation_n=w,
                sales_jn=(extra * per_sale).T,
                log_final_price_n=-(extra * real).sum(axis=1),
            )
            for w, extra in zip(self.weight_pn, self.extra_pnj, strict=True)
        ]

    def residual(self, rate: Array, slopes: Slopes) -> Array:
        """Slopes along which a rate can still move, relative, (L,); see `Optimality`."""
        levers = self.levers
        stuck = ((rate <= levers.lowest) & (slopes.slope_l < 0)) | (
            (rate >= levers.highest) & (slopes.slope_l > 0)
        )
        largest = np.abs(self.weight_pn).max(axis=1)[levers.owner]
        return np.asarray(np.where(stuck, 0.0, slopes.slope_l) / (levers.size * largest))

    def certificate(
        self, rate: Array, slopes: Slopes, goal: float, *, cancelled: bool = False
    ) -> Optimality:
        """How exactly the first-order conditions hold at some rates."""
        worst = float(np.abs(self.residual(rate, slopes)).max())
        low, high = rate <= self.levers.lowest, rate >= self.levers.highest
        done: Literal["converged", "stalled"] = "converged" if worst <= goal else "stalled"
        return Optimality(
            "cancelled" if cancelled and worst > goal else done,
            worst,
            goal,
            int((~low & ~high).sum()),
            int(low.sum()),
            int(high.sum()),
            self.evaluations,
            bool((self.levers.lowest < 0).any()),
        )


def climb(objectives: Objectives, start: Array, *, goal: float = GOAL) -> Peak:
    """The rates that maximise one player's objective, from a start: L-BFGS-B, then `settle`.

    Rates are scaled by the square root of trade times elasticity, which makes the second
    derivatives alike: those of welfare by a tariff near its optimum are of that order.

    Args:
        objectives: of one player.
        start: rates, (L,).
        goal: largest residual of the first-order conditions.

    Raises:
        KeyboardInterrupt: it was cancelled before anything was evaluated.
    """
    from scipy.optimize import minimize

    levers = objectives.levers
    whole = float(levers.size.sum() * np.abs(objectives.weight_pn).max())
    scale = np.sqrt(levers.size * levers.elasticity / levers.size.sum())
    best: list[tuple[Array, Slopes]] = []

    def down(y: Array) -> tuple[float, Array]:
        rate = np.clip(y / scale, levers.lowest, levers.highest)
        found = objectives.at(rate)
        if not best or found.value_p[0] > best[0][1].value_p[0]:
            best[:] = [(rate, found)]
        return -float(found.value_p[0]) / whole, -found.slope_l / whole / scale

    try:
        minimize(
            down,
            start * scale,
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(levers.lowest * scale, levers.highest * scale, strict=True)),
            options={"maxiter": 400, "maxcor": 20, "ftol": 1e-14, "gtol": 1e-10},
        )
        return settle(objectives, best[0][0], goal=goal, most=30, ascending=True)
    except KeyboardInterrupt:
        if not best:
            raise
        return Peak(
            *best[0], objectives.certificate(*best[0], goal, cancelled=True), cut_short=True
        )


def settle(
    objectives: Objectives,
    start: Array,
    *,
    goal: float = GOAL,
    most: int = 200,
    ascending: bool = False,
) -> Peak:
    """Rates at which all first-order conditions hold, each player's for its own rates.

    Every player moves at once along its own slopes, each rate t by slope (1 + t)/(θ × trade now):
    welfare near an optimal tariff t* has the slope θ × trade × (t* − t)/(1 + t) if nothing else
    answered. Anderson's acceleration takes care of what does answer. All slopes come from one
    equilibrium and one adjoint system, so that a round of Nash costs what a step of one player
    does.

    Args:
        objectives: of one player or many.
        start: rates, (L,).
        goal: largest residual of the first-order conditions.
        most: rounds.
        ascending: of one player: keep the start unless its objective is as high in the end, up to
            the noise of the solutions.
    """
    levers = objectives.levers
    weight = np.sqrt(levers.size * levers.elasticity)
    largest = np.abs(objectives.weight_pn).max(axis=1)[levers.owner]
    rate = start
    steps: list[Array] = []
    moved: list[Array] = []
    best: tuple[float, Array, Slopes] | None = None
    floor = -np.inf
    cancelled = False
    try:
        for _ in range(most):
            found = objectives.at(rate)
            worst = float(np.abs(objectives.residual(rate, found)).max())
            if best is None:
                floor = float(found.value_p[0]) - objectives.noise
            if best is None or (worst < best[0] and (not ascending or found.value_p[0] >= floor)):
                best = (worst, rate, found)
            if worst <= goal:
                break
            pace = (1 + rate) / (levers.elasticity * np.maximum(found.flow_l, 1e-3 * levers.size))
            stepped = np.clip(rate + found.slope_l / largest * pace, levers.lowest, levers.highest)
            steps, moved = [*steps, stepped][-_MEMORY:], [*moved, stepped - rate][-_MEMORY:]
            rate = np.clip(_mixed(steps, moved, weight), levers.lowest, levers.highest)
    except KeyboardInterrupt:
        cancelled = True
        if best is None:
            raise
    assert best is not None
    proof = objectives.certificate(best[1], best[2], goal, cancelled=cancelled)
    return Peak(best[1], best[2], proof, cancelled)


def _mixed(steps: list[Array], moved: list[Array], weight: Array) -> Array:
    """Anderson's mixture of the last steps (type II), in a norm that weights by trade."""
    if len(moved) < 2:
        return steps[-1]
    change = np.stack([b - a for a, b in pairwise(moved)], axis=1)
    along = np.stack([b - a for a, b in pairwise(steps)], axis=1)
    part = np.linalg.lstsq(change * weight[:, None], moved[-1] * weight, rcond=1e-10)[0]
    return np.asarray(steps[-1] - along @ part)
