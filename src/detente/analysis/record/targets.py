"""What forecasts are scored against: flows as declared, as corrected, and within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.record import forecasts

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.record.plan import Outcome, Plan
    from detente.world import World


DECLARED = "as declared"
REASSIGNED = "origins re-assigned"
BOUND = "at mine output less own use"


@dataclass(frozen=True, eq=False)
class Target:
    """Observed flows, and how forecasts are recorded to be set beside them.

    Attributes:
        name: `as declared`, `origins re-assigned`, `at mine output less own use`, or two exporters
            taken as one.
        record: of the forecasts; see `forecasts.records`.
        seen_yni: million tonnes by year, market and origin, (Y, N, N).
    """

    name: str
    record: str
    seen_yni: Array = field(repr=False)


def targets_of(outcome: Outcome, world: World, plan: Plan) -> tuple[Target, ...]:
    """What there is to be scored against; the first is the headline.

    The headline are flows with implausible origins re-assigned, where the case has such, else those
    declared. The flows that the exporter's output allows at most are the headline's, scaled to its
    output less its own use in every year in which that is known and more.
    """
    best_yni = outcome.tonnes_yni if outcome.reassigned_yni is None else outcome.reassigned_yni
    best = forecasts.records(best_yni, world, plan)
    declared_yni = forecasts.records(outcome.tonnes_yni, world, plan)[forecasts.RECORDED]
    recorded = forecasts.RECORDED
    out = []
    if outcome.reassigned_yni is not None:
        out.append(Target(REASSIGNED, recorded, best[recorded]))
    out.append(Target(DECLARED, recorded, declared_yni))
    if outcome.most_y is not None and np.isfinite(outcome.most_y).all():
        scaled = at_most(best[recorded], outcome.most_y, world.country(plan.exporter))
        out.append(Target(BOUND, recorded, scaled))
    out += [Target(name, name, seen) for name, seen in best.items() if name != recorded]
    return tuple(out)


def at_most(seen_yni: Array, most_y: Array, exporter: int) -> Array:
    """The exporter's flows scaled up to what it can have sold, all others as they are."""
    out = seen_yni.copy()
    total_y = np.array([forecasts.exports(seen, exporter).sum() for seen in seen_yni])
    up_y = np.divide(most_y, total_y, out=np.ones_like(most_y), where=total_y > 0)
    out[:, :, exporter] *= np.maximum(up_y, 1.0)[:, None]
    return out
