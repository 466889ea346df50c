"""Rates of one sender: harm to a target at least cost, or the sender's own gain."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.study.designing.levers import Levers, Side, levers_of
from detente.study.designing.optimality import GOAL, Optimality, Terrain, climb
from detente.study.ground import Ground, QuestionError, ground_of
from detente.trade import Shock

if TYPE_CHECKING:
    import polars as pl

    from detente.case import Case
    from detente.study.assessment import Array
    from detente.study.ground import Transfers
    from detente.trade import Equilibrium
    from detente.world import World

#: Slopes of objectives need equilibria closer than figures do.
_TOLERANCE = 1e-11
#: Weights of the curve of harm against own cost.
CURVE = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, math.inf)


@dataclass(frozen=True, eq=False)
class Point:
    """The best rates at one weight of the sender's own loss; USD million a year.

    Attributes:
        own_weight: λ; infinity asks for the sender's own gain alone.
        harm: the target's loss from the rates, given what else is in force; 0 without a target.
        cost: the sender's loss; negative is a gain.
        others: loss of everybody else.
        mean_rate: of the rates, weighted by the base year's trade.
        rate: chosen, in the order of the levers, (L,).
        certificate: of the first-order conditions.
    """

    own_weight: float
    harm: float
    cost: float
    others: float
    mean_rate: float
    rate: Array = field(repr=False)
    certificate: Optimality

    def to_dict(self) -> dict[str, Any]:
        """The point as plain data, without the rates."""
        plain = {k: getattr(self, k) for k in ("harm", "cost", "others", "mean_rate")}
        weight = "inf" if math.isinf(self.own_weight) else self.own_weight
        return {"own_weight": weight} | plain | {"certificate": asdict(self.certificate)}


@dataclass(frozen=True, eq=False)
class Design:
    """The rates that serve an aim best, and what they do.

    Attributes:
        ground: where it was asked.
        target: as asked for; empty where only the sender's own gain counts.
        sender: as asked for.
        levers: what could be chosen.
        best: the point asked for.
        curve: points at other weights, from the one that asks for most harm on; may be empty.
        present: harm and cost of the sender's measures in force, which the rates replace; None
            where there are none.
        cut_short: whether it was cancelled before the curve was done.
    """

    ground: Ground
    target: str
    sender: str
    levers: Levers = field(repr=False)
    best: Point
    curve: tuple[Point, ...] = field(repr=False)
    present: tuple[float, float] | None
    cut_short: bool = False

    @property
    def sentences(self) -> list[str]:
        """The main answers in words."""
        p, whom = self.best, f"{self.target} " if self.target else ""
        gain = f"cost {p.cost:,.1f}" if p.cost > 0 else f"gain {-p.cost:,.1f}"
        out = []
        if self.target:
            out.append(
                f"The best rates at a weight of {p.own_weight:g} on its own loss cost "
                f"{whom}{p.harm:,.1f} USD million a year and {self.sender} would {gain}; everybody "
                f"else loses {p.others:,.1f} ({self.ground.sentence})."
            )
        else:
            out.append(
                f"With the rates that serve it best {self.sender} would {gain} USD million a year; "
                f"everybody else loses {p.others:,.1f} ({self.ground.sentence})."
            )
        out.append(p.certificate.sentence)
        if self.present is not None:
            out.append(
                f"The measures of {self.sender} in force cost {whom}{self.present[0]:,.1f} and "
                f"itself {self.present[1]:,.1f}; the rates stand in their place."
            )
        unsure = [q for q in self.curve if q.certificate.status != "converged"]
        if unsure:
            weights = ", ".join(f"{q.own_weight:g}" for q in unsure)
            out.append(f"On the curve the conditions hold only roughly at weights of {weights}.")
        if self.cut_short:
            out.append("Cancelled: the curve holds the points that were done.")
        return out

    def to_frame(self) -> pl.DataFrame:
        """One row a rate: instrument, partner, good, the rate (a fraction) and its bound."""
        import polars as pl

        kinds = [lever.kind for lever in self.levers.names]
        # The rate of a barrier is shown as the fraction of value that it costs.
        shown = [
            math.expm1(r) if k == "barrier" else r
            for k, r in zip(kinds, self.best.rate.tolist(), strict=True)
        ]
        caps = [
            math.expm1(r) if k == "barrier" else r
            for k, r in zip(kinds, self.levers.highest.tolist(), strict=True)
        ]
        return pl.DataFrame(
            {
                "instrument": kinds,
                "partner": [lever.partner for lever in self.levers.names],
                "good": [lever.good for lever in self.levers.names],
                "rate": shown,
                "highest": caps,
                "base_trade": self.levers.size.tolist(),
            }
        )

    def curve_frame(self) -> pl.DataFrame:
        """One row a point of the curve."""
        import polars as pl

        return pl.DataFrame(
            [
                {k: v for k, v in p.to_dict().items() if k not in ("certificate", "own_weight")}
                | {
                    "own_weight": p.own_weight,
                    "residual": p.certificate.residual,
                    "status": p.certificate.status,
                }
                for p in self.curve
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "ground": self.ground.sentence,
            "target": self.target,
            "sender": self.sender,
            "sentences": self.sentences,
            "best": self.best.to_dict(),
            "rates": self.to_frame().to_dicts(),
            "present": self.present,
            "curve": [p.to_dict() for p in self.curve],
        }


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
        ground = replace(self.ground, tolerance=min(self.ground.tolerance, _TOLERANCE))
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
