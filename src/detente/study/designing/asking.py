"""From a case or a world to the rates of one sender: harm at least cost, or its own gain."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.study.designing.designs import Design, Point
from detente.study.designing.levers import Side, levers_of
from detente.study.designing.optimality import GOAL, Terrain, climb
from detente.study.ground import Ground, QuestionError, ground_of
from detente.trade import Shock

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study.assessment import Array
    from detente.study.ground import Transfers
    from detente.trade import Equilibrium
    from detente.world import World

#: Slopes of objectives need equilibria closer than figures do.
TOLERANCE = 1e-11
#: Weights of the curve of harm against own cost.
CURVE = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, math.inf)


def design(
    where: str | Case | World | Ground,
    target: str,
    sender: str,
    *,
    own_weight: float = 1.0,
    goods: Sequence[str] | None = None,
    exempt: Sequence[str] = (),
    instruments: Sequence[str] = ("tariff",),
    bound: float = 1.0,
    caps: Mapping[str, float] | None = None,
    curve: Sequence[float] = (),
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    goal: float = GOAL,
    progress: Callable[[int], None] | None = None,
) -> Design:
    """The rates that maximise a target's loss minus λ times the sender's own.

    They stand in the place of the sender's own measures of the case; measures of others stay.

    Args:
        where: a case or a world.
        target: a country, a group or a party of the case.
        sender: the same; its countries set rates together.
        own_weight: λ ≥ 0; infinity asks for the sender's own gain alone.
        goods: that rates may be set on; all if None.
        exempt: goods that they may not be set on, such as food and medicine.
        instruments: of `tariff`, `export_tax` and `barrier`.
        bound: highest rate, a fraction; for a barrier its cost as a fraction of value.
        caps: lower bounds for single goods, such as those that a treaty sets.
        curve: weights at which the best rates are found too, as `CURVE`.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        goal: largest residual of the first-order conditions.
        progress: called with the number of equilibria so far.

    Raises:
        QuestionError: a country on both sides, no goods, a weight below 0, an unknown instrument.
        UnknownLabel: a name that is no country, group, party or good.
    """
    ground = ground_of(where, date, horizon, transfers)
    hit, by = ground.pair(target, sender)
    _weight(own_weight)
    for weight in curve:
        _weight(weight)
    side = Side(0, sender, by, ((target, hit),))
    task = _Task(ground, hit, by, (side,), ground.goods(goods, exempt))
    return task.answer(target, sender, own_weight, instruments, bound, caps, curve, goal, progress)


def optimal_tariffs(
    where: str | Case | World | Ground,
    sender: str,
    *,
    partners: Sequence[str] | None = None,
    goods: Sequence[str] | None = None,
    exempt: Sequence[str] = (),
    bound: float = 1.0,
    caps: Mapping[str, float] | None = None,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    goal: float = GOAL,
    progress: Callable[[int], None] | None = None,
) -> Design:
    """The tariffs on each partner and good that serve one country or bloc best, nobody answering.

    Args:
        where: a case or a world.
        sender: a country, a group or a party of the case.
        partners: whom tariffs may be set on, each by itself; everybody if None.
        goods: as in `design`.
        exempt: as in `design`.
        bound: as in `design`.
        caps: as in `design`.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        goal: as in `design`.
        progress: as in `design`.

    Raises:
        QuestionError: a partner inside the sender, no goods.
        UnknownLabel: a name that is no country, group, party or good.
    """
    ground = ground_of(where, date, horizon, transfers)
    by = ground.countries(sender)
    names = partners or [c for c in ground.world.countries if c not in by]
    parts = tuple((p, ground.pair(p, sender)[0]) for p in names)
    side = Side(0, sender, by, parts)
    task = _Task(ground, (), by, (side,), ground.goods(goods, exempt))
    return task.answer("", sender, math.inf, ("tariff",), bound, caps, (), goal, progress)


def _weight(value: float) -> None:
    if math.isnan(value) or value < 0:
        raise QuestionError(
            f"The weight on the sender's own loss is {value!r}. Give λ = 0 to count the target's "
            f"loss alone, 1 to count a dollar of each alike, or more."
        )


@dataclass(frozen=True, eq=False)
class _Task:
    ground: Ground
    hit: tuple[str, ...]
    by: tuple[str, ...]
    sides: tuple[Side, ...]
    goods: tuple[str, ...]

    def answer(
        self,
        target: str,
        sender: str,
        own_weight: float,
        instruments: Sequence[str],
        bound: float,
        caps: Mapping[str, float] | None,
        curve: Sequence[float],
        goal: float,
        progress: Callable[[int], None] | None,
    ) -> Design:
        ground = replace(self.ground, tolerance=min(self.ground.tolerance, TOLERANCE))
        levers = levers_of(ground, self.sides, instruments, self.goods, bound, caps)
        background, present = self._background(ground)
        points: dict[float, Point] = {}
        rate = 0.1 * levers.highest
        cut_short = False
        spent = 0
        # The point asked for comes first, so that a cancellation leaves it.
        for weight in dict.fromkeys([own_weight, *sorted(curve)]):
            near = min(points, key=lambda w: abs(_rank(w) - _rank(weight)), default=None)
            terrain = Terrain(
                ground,
                background,
                levers,
                [self.weights(weight)],
                None if progress is None else lambda k, done=spent: progress(done + k),  # type: ignore[misc]
            )
            start = rate if near is None else points[near].rate
            points[weight] = self._point(terrain, weight, start, goal)
            spent += terrain.evaluations
            if points[weight].certificate.status == "cancelled":
                cut_short = True
                break
        chosen = tuple(points[w] for w in sorted(set(curve)) if w in points)
        return Design(
            self.ground, target, sender, levers, points[own_weight], chosen, present, cut_short
        )

    def weights(self, own_weight: float) -> Array:
        """Of every country's equivalent variation in the objective, (N,)."""
        out = np.zeros(len(self.ground.world.countries))
        if math.isinf(own_weight):
            out[self.ground.at(self.by)] = 1.0
        else:
            out[self.ground.at(self.by)] = own_weight
            out[self.ground.at(self.hit)] = -1.0
        return out

    def _background(self, ground: Ground) -> tuple[Equilibrium, tuple[float, float] | None]:
        """What holds without the sender's own measures, and what those do."""
        case = ground.case
        if case is None:
            return ground.solve(Shock()), None
        mine = [
            m
            for m in ground.in_force
            if set(case.members(case.measure(m).owner, ground.world, ground.date)) <= set(self.by)
        ]
        rest = ground.solve(ground.shock(m for m in ground.in_force if m not in mine))
        if not mine:
            return rest, None
        now = ground.solve(ground.shock(), start=rest)
        gone = rest.equivalent_variation.values - now.equivalent_variation.values
        return rest, (ground.sum_over(gone, self.hit), ground.sum_over(gone, self.by))

    def _point(self, terrain: Terrain, weight: float, start: Array, goal: float) -> Point:
        rate, certificate = climb(terrain, start, goal=goal)
        with_rates = terrain.ground.solve(
            terrain.levers.shock(terrain.background, rate), start=terrain.background
        )
        lost = (
            terrain.background.equivalent_variation.values - with_rates.equivalent_variation.values
        )
        harm = self.ground.sum_over(lost, self.hit)
        cost = self.ground.sum_over(lost, self.by)
        size = terrain.levers.size
        return Point(
            weight,
            harm,
            cost,
            float(lost.sum()) - harm - cost,
            float((rate * size).sum() / size.sum()),
            rate,
            certificate,
        )


def _rank(weight: float) -> float:
    """Weights on an even scale, so that neighbours on the curve start each other."""
    return math.atan(weight)
