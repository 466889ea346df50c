"""One case answered: the regime of a date, and each measure alone and at its margin."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente.study.assessment import Assessment, JointLift, MeasureEffect, Snapshot
from detente.study.scenarios import Scenarios
from detente.study.shocks import shock_of, targets_of

if TYPE_CHECKING:
    from detente.case import Case, Measure
    from detente.study.assessment import Array
    from detente.world import World

#: Losses below this many USD million a year are not divided by.
_SMALLEST_LOSS = 1e-3

#: Differences of two solutions below this many USD million a year are noise of the tolerance.
NOISE = 0.05


def assess(
    case: Case | str,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    transfers: Literal["fixed", "proportional", "zero"] | None = None,
    tolerance: float = 1e-9,
) -> Assessment:
    """What the measures of a case do on a date, each alone and given the rest.

    All welfare figures are equivalent variations in base-year USD million a year, so that they add
    up: a measure's effect at the margin is the difference of two of them.

    Args:
        case: a case, the name of a packaged one, or a path.
        date: the day whose regime is assessed; the case's own if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.

    Raises:
        CaseError: faults of the case file, all at once.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Example:
        >>> import detente
        >>> answer = detente.assess("belarus")
        >>> answer.regime.certificate.status
        'converged'
    """
    if isinstance(case, str):
        from detente.case import load_case

        case = load_case(case)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    scenarios = Scenarios(case, date=day, horizon=horizon, transfers=transfers, tolerance=tolerance)
    world = scenarios.world
    in_force = [m.id for m in case.regime(day)]
    scenarios.solve_together(
        [(), in_force]
        + [[m.id] for m in case.measures]
        + [sorted({m.id} ^ set(in_force)) for m in case.measures]
    )
    base = scenarios.snapshot(())
    regime = scenarios.snapshot(in_force)
    effects = tuple(_effect(scenarios, m, in_force, regime) for m in case.measures)
    return Assessment(
        case=case,
        world=world,
        date=day,
        horizon=horizon or case.horizon,
        transfers=scenarios.transfers,
        base=base,
        regime=regime,
        effects=effects,
        joint=_joint(scenarios, effects, regime),
        groups={
            p.id: tuple(world.country(c) for c in case.members(p.id, world, day))
            for p in case.parties
        },
    )


def _effect(
    scenarios: Scenarios, measure: Measure, in_force: list[str], regime: Snapshot
) -> MeasureEffect:
    case, world, date = scenarios.case, scenarios.world, scenarios.date
    on = measure.id in in_force
    alone = scenarios.snapshot([measure.id])
    rest = [m for m in in_force if m != measure.id]
    switched = scenarios.snapshot(rest if on else [*in_force, measure.id])
    margin = switched.equivalent_variation_n - regime.equivalent_variation_n
    authors = case.members(measure.owner, world, date)
    targets = targets_of(case, measure, authors, world, date)
    return MeasureEffect(
        measure=measure,
        in_force=on,
        has_effect=touches_trade(scenarios, measure),
        alone_n=alone.equivalent_variation_n,
        margin_n=margin,
        authors=authors,
        targets=targets,
        boomerang_alone=boomerang(world, alone.equivalent_variation_n, authors, targets),
        boomerang_margin=boomerang(world, -margin if on else margin, authors, targets),
        switched=switched,
    )


def _joint(
    scenarios: Scenarios, effects: tuple[MeasureEffect, ...], regime: Snapshot
) -> tuple[JointLift, ...]:
    """The measures that hold each other in place, if lifting them together moves something."""
    idle = [e.measure for e in effects if e.in_force and e.has_effect and negligible(e.margin_n)]
    if len(idle) < 2:
        return ()
    ids = {m.id for m in idle}
    switched = scenarios.snapshot(m for m in regime.measures if m not in ids)
    margin = switched.equivalent_variation_n - regime.equivalent_variation_n
    return () if negligible(margin) else (JointLift(tuple(idle), margin, switched),)


def negligible(variation_n: Array) -> bool:
    """Whether no country gains or loses as much as the noise of two solutions."""
    return float(np.abs(variation_n).max()) < NOISE


def touches_trade(scenarios: Scenarios, measure: Measure) -> bool:
    """Whether a measure changes the terms of any flow that exists in the base year."""
    from detente.trade.economy import economy_of
    from detente.trade.system import carry
    from detente.trade.wedges import wedges

    world = scenarios.world
    economy = economy_of(world, scenarios.span)
    change = wedges(world, economy, shock_of(scenarios.case, [measure], world, scenarios.date))
    flows = world.trade_jni > 0
    moved = bool((np.abs(carry(economy, change)[flows] - 1) > 1e-12).any())
    before = wedges(world, economy, shock_of(scenarios.case, [], world, scenarios.date))
    moved |= any(
        bool((r.cost_mrb != old.cost_mrb).any())
        for r, old in zip(change.routes, before.routes, strict=True)
    )
    return moved or bool((change.productivity_nj.T != 1)[world.sales_jn > 0].any())


def boomerang(
    world: World, variation_n: Array, authors: tuple[str, ...], targets: tuple[str, ...]
) -> float | None:
    """The authors' loss per unit of the targets' loss; None where the targets lose nothing."""
    lost = -sum(float(variation_n[world.country(c)]) for c in targets)
    if lost < _SMALLEST_LOSS:
        return None
    return -sum(float(variation_n[world.country(c)]) for c in authors) / lost
