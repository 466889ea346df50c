"""One case answered: the regime of a date, and each measure alone and at its margin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.assessment import AssessmentData, JointLift, MeasureEffect, Snapshot
from detente.analysis.scenarios import Scenarios
from detente.cases.resolve import shock_of, targets_of

if TYPE_CHECKING:
    from detente._types import Array
    from detente.cases import Case, Measure
    from detente.world import World


#: Losses below this many USD million a year are not divided by.
_SMALLEST_LOSS = 1e-3

#: Differences of two solutions below this many USD million a year are noise of the tolerance.
NOISE = 0.05


def assessment_of(
    scenarios: Scenarios, like: AssessmentData | None = None, *, margins_only: bool = False
) -> AssessmentData:
    """The regime of some scenarios' day, each measure in it, and who gains and who pays.

    Args:
        scenarios: of the case, on the day and horizon asked for.
        like: an assessment of the same case and day with other numbers; which measures have an
            effect and which hold each other in place is taken from it, so that both can be read
            line by line.
        margins_only: leave out measures not in force, and each measure's effect alone (NaN).

    Raises:
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.
    """
    case, world, date = scenarios.case, scenarios.world, scenarios.date
    in_force = [m.id for m in case.regime(date)]
    chosen = [m for m in case.trade_measures if m.id in in_force or not margins_only]
    scenarios.solve_together(sets_of(case, date, like, margins_only=margins_only))
    base = against(scenarios, ())
    regime = against(scenarios, in_force)
    known = None if like is None else {e.measure.id: e.has_effect for e in like.effects}
    effects = tuple(
        _effect(
            scenarios,
            m,
            in_force,
            regime,
            has_effect=touches_trade(scenarios, m) if known is None else known[m.id],
            alone=not margins_only,
        )
        for m in chosen
    )
    return AssessmentData(
        case=case,
        world=world,
        date=date,
        horizon=scenarios.horizon,
        transfers=scenarios.transfers,
        base=base,
        regime=regime,
        effects=effects,
        joint=_joint(scenarios, effects, regime) if like is None else _same(scenarios, like),
        groups={
            p.id: tuple(world.country(c) for c in case.members(p.id, world, date))
            for p in case.parties
        },
    )


def against(scenarios: Scenarios, measures: Iterable[str]) -> Snapshot:
    """A set of measures against the same day without any: the difference of two equilibria.

    Without measures, too, a day may differ from the base year, where routes cost more than then.
    """
    shot = scenarios.snapshot(measures)
    none = scenarios.snapshot(())
    if not none.equivalent_variation_n.any():
        return shot
    return replace(
        shot,
        equivalent_variation_n=shot.equivalent_variation_n - none.equivalent_variation_n,
        real_income_change_n=(1 + shot.real_income_change_n) / (1 + none.real_income_change_n) - 1,
    )


def sets_of(
    case: Case, date: dt.date, like: AssessmentData | None = None, *, margins_only: bool = False
) -> list[tuple[str, ...]]:
    """The sets of measures that an assessment needs solved; see `assessment_of`."""
    in_force = tuple(m.id for m in case.regime(date))
    switched = [m.id for m in case.trade_measures if m.id in in_force or not margins_only]
    sets: list[tuple[str, ...]] = [(), in_force]
    sets += [tuple(sorted({m} ^ set(in_force))) for m in switched]
    sets += [] if margins_only else [(m.id,) for m in case.trade_measures]
    for joint in like.joint if like is not None else ():
        held = {m.id for m in joint.measures}
        sets.append(tuple(m for m in in_force if m not in held))
    return sets


def _effect(
    scenarios: Scenarios,
    measure: Measure,
    in_force: list[str],
    regime: Snapshot,
    *,
    has_effect: bool,
    alone: bool,
) -> MeasureEffect:
    case, world, date = scenarios.case, scenarios.world, scenarios.date
    on = measure.id in in_force
    rest = [m for m in in_force if m != measure.id]
    switched = against(scenarios, rest if on else [*in_force, measure.id])
    margin = switched.equivalent_variation_n - regime.equivalent_variation_n
    single = (
        scenarios.equilibrium([measure.id]).equivalent_variation.values
        - scenarios.equilibrium(()).equivalent_variation.values
        if alone
        else np.full_like(margin, np.nan)
    )
    authors = case.members(measure.owner, world, date)
    targets = targets_of(case, measure, authors, world, date)
    return MeasureEffect(
        measure=measure,
        in_force=on,
        has_effect=has_effect,
        alone_n=single,
        margin_n=margin,
        authors=authors,
        targets=targets,
        boomerang_alone=boomerang(world, single, authors, targets) if alone else None,
        boomerang_margin=None
        if negligible(margin)
        else boomerang(world, -margin if on else margin, authors, targets),
        switched=switched,
    )


def _joint(
    scenarios: Scenarios, effects: tuple[MeasureEffect, ...], regime: Snapshot
) -> tuple[JointLift, ...]:
    """The measures that hold each other in place, if lifting them together moves something.

    A measure that moves nothing with the others either, such as a duty that nobody pays, is not
    one of them.
    """
    idle = [e.measure for e in effects if e.in_force and e.has_effect and negligible(e.margin_n)]
    if len(idle) < 2:
        return ()
    joint = _joint_lift(scenarios, tuple(idle), regime)
    if negligible(joint.margin_n):
        return ()
    for measure in idle:
        without = tuple(m for m in joint.measures if m.id != measure.id)
        fewer = _joint_lift(scenarios, without, regime)
        if negligible(joint.margin_n - fewer.margin_n):
            joint = fewer
    return (joint,) if len(joint.measures) > 1 else ()


def _same(scenarios: Scenarios, like: AssessmentData) -> tuple[JointLift, ...]:
    regime = against(scenarios, like.regime.measures)
    return tuple(_joint_lift(scenarios, joint.measures, regime) for joint in like.joint)


def _joint_lift(scenarios: Scenarios, measures: tuple[Measure, ...], regime: Snapshot) -> JointLift:
    ids = {m.id for m in measures}
    switched = against(scenarios, (m for m in regime.measures if m not in ids))
    margin = switched.equivalent_variation_n - regime.equivalent_variation_n
    return JointLift(measures, margin, switched)


def negligible(variation_n: Array) -> bool:
    """Whether no country gains or loses as much as the noise of two solutions."""
    return float(np.abs(variation_n).max()) < NOISE


def touches_trade(scenarios: Scenarios, measure: Measure) -> bool:
    """Whether a measure changes the terms of any flow that exists in the base year."""
    from detente.trade._economy import economy_of
    from detente.trade._shock_wedges import wedges
    from detente.trade._wedges import carry

    world = scenarios.world
    economy = economy_of(world, scenarios.span)
    shock = shock_of(scenarios.case, [measure], world, scenarios.date)
    if any(change.kind in ("quota", "licence") for change in shock.changes):
        return True  # There is a flow that it limits.
    change = wedges(world, economy, shock)
    flows = world.trade_jni > 0
    moved = bool((np.abs(carry(economy, change)[flows] - 1) > 1e-12).any())
    before = wedges(world, economy, shock_of(scenarios.case, [], world, scenarios.date))
    moved |= any(
        bool((r.cost_rb != old.cost_rb).any())
        for r, old in zip(change.route_groups, before.route_groups, strict=True)
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
