"""Measures in force against a target, from the cheapest to hold to the most valuable to lift.

`HeldMeasure` is one of them, or several that only move something together; `held_measures` finds
and ranks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.measure_effects import NOISE
from detente.analysis.sensitivities.instruments import rank, ratio_of, verdict_of
from detente.analysis.sides import total

if TYPE_CHECKING:
    from detente.analysis.assessment import Array, Assessment
    from detente.analysis.sensitivities.instruments import Verdict
    from detente.analysis.sides import Sides
    from detente.cases import Measure


@dataclass(frozen=True)
class HeldMeasure:
    """What a measure in force takes from the two sides as long as it is held.

    Attributes:
        sender: id of the party that holds it.
        measures: the measure; or several of which none moves anything while the others stand.
        harm: what the target loses, USD million a year; below 0 where it gains.
        cost: what the sender loses, USD million a year; below 0 where it gains.
    """

    sender: str
    measures: tuple[Measure, ...]
    harm: float
    cost: float

    @property
    def verdict(self) -> Verdict:
        """What the signs of harm and cost mean; both within the noise of a solution is nothing."""
        return verdict_of(self.harm, self.cost, noise=NOISE)

    @property
    def ratio(self) -> float | None:
        """Harm per unit of the sender's own cost; None where that is nothing."""
        return self.harm / self.cost if self.cost > NOISE else None


def held_measures(a: Assessment, sides: Sides) -> tuple[HeldMeasure, ...]:
    """The measures in force by which the senders hit the target, the cheapest to hold first.

    Args:
        a: a case assessed.
        sides: whom they hit, and who holds them.
    """
    locked = {m.id for joint in a.joint for m in joint.measures}
    lifts: list[tuple[tuple[Measure, ...], Array]] = [
        ((e.measure,), e.margin_n)
        for e in a.effects
        if e.in_force and e.has_effect and e.measure.id not in locked
    ]
    lifts += [(joint.measures, joint.margin_n) for joint in a.joint]
    found = [
        HeldMeasure(s.id, measures, total(a, gain, sides.countries), total(a, gain, s.countries))
        for s in sides.senders
        for measures, gain in lifts
        if {m.id for m in measures} <= set(s.measures)
    ]
    return tuple(sorted(found, key=_place))


def _place(held: HeldMeasure) -> tuple[int, float]:
    return rank(held.verdict, held.harm, held.cost, ratio_of(held.harm, held.cost))
