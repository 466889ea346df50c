"""The sanctions of a case by design: every sender's menu, their coalition, and curves.

`Sanctions` is the result, with `Joint` for the coalition and `Curve` for harm against own cost.
`sanctions_of` works it out at central values, and `banded` adds bands over draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from detente.analysis.coalitions import Member, coalition
from detente.analysis.context import Context, QuestionError, context_of_scenarios
from detente.analysis.designs import design
from detente.analysis.sensitivities import Entry
from detente.analysis.sensitivities.instruments import (
    Band,
    band,
    rank,
    ratio_band,
    ratio_of,
    verdict_of,
)
from detente.analysis.sensitivities.margins import cells_of, margins_of
from detente.analysis.uncertainty.draws import run_draws
from detente.trade import InfeasibleShock, NotConverged
from detente.world.sectors import is_service

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.designs import Design
    from detente.analysis.scenarios import Scenarios
    from detente.analysis.sides import Sender, Sides
    from detente.analysis.uncertainty.draws import Ensemble
    from detente.trade import Equilibrium


_T = TypeVar("_T")

#: Equilibria that a coalition may take here: every coalition of seven senders; beyond, samples.
BUDGET = 128
#: Weights of the curve of harm against own cost.
WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, math.inf)
#: The same where nobody prepared it.
FEW_WEIGHTS = (0.0, 0.5, 1.0, math.inf)
#: Flows below this many USD million a year are left out of the menu.
_SMALLEST_FLOW = 0.05

#: Questions that have no answer here; the rest of the brief goes on without it.
_UNANSWERED = (QuestionError, InfeasibleShock, NotConverged)


@dataclass(frozen=True)
class Joint:
    """All senders together; USD million a year.

    Attributes:
        loss: of the target when all act, against none of them acting.
        cost: of the senders together.
        change: of the real income of every sender under transfers that equalise it, a fraction.
        exact: whether the value of every coalition was solved; else orders of joining were sampled.
        members: the senders.
        bands: 5 to 95 % over draws, by member's id, then by attribute; under '' those of `loss` and
            `cost`. Empty without draws.
    """

    loss: float
    cost: float
    change: float
    exact: bool
    members: tuple[Member, ...] = field(repr=False)
    bands: Mapping[str, Mapping[str, Band]] = field(default_factory=dict, repr=False)

    def band(self, name: str, member: str = "") -> Band | None:
        """The band of a figure of a member, or of the whole; None where it has none."""
        ends = self.bands.get(member, {}).get(name)
        return None if ends is None or math.isnan(ends[0]) else ends


@dataclass(frozen=True)
class CurvePoint:
    """The best tariffs of a sender at one weight of its own loss; USD million a year.

    Attributes:
        own_weight: what a dollar of its own loss counts beside a dollar of the target's.
        harm: loss of the target.
        cost: loss of the sender; negative is a gain.
        others: loss of everybody else.
        rates: tariff by good, fractions.
        converged: whether the first-order conditions hold.
    """

    own_weight: float
    harm: float
    cost: float
    others: float
    rates: tuple[tuple[str, float], ...]
    converged: bool


@dataclass(frozen=True)
class Curve:
    """Harm against own cost of a sender's tariffs, in the place of measures of its own.

    Attributes:
        sender: id of the party.
        present: harm, cost and the loss of everybody else by the measures that are replaced.
        points: from the one that asks for most harm on.
        replaced: ids of its measures that the tariffs stand in the place of; others stay in force.
    """

    sender: str
    present: tuple[float, float, float]
    points: tuple[CurvePoint, ...]
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sanctions:
    """What the senders of a case could hold, lift, share and set.

    Attributes:
        menus: of every sender, by id: one entry a good and direction, cheapest to hold first.
        joint: the coalition; None with one sender, or where it was not solved.
        curves: of those senders for whom they were asked.
        lacking: what has no answer, and why.
        draws: behind the bands of menus and coalition; 0 for none.
    """

    menus: dict[str, tuple[Entry, ...]]
    joint: Joint | None
    curves: tuple[Curve, ...] = ()
    lacking: tuple[str, ...] = ()
    draws: int = 0


def sanctions_of(
    scenarios: Scenarios, sides: Sides, *, curve: Sequence[float] = (), every: bool = False
) -> Sanctions:
    """Menus and the coalition of a case's senders, and curves where weights are given.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
        sides: from `detente.analysis.sides.sides_of`.
        curve: weights of the own loss; see `WEIGHTS`. With any it takes half a
            minute or more.
        every: a curve for every sender, not only for the one that does most harm.

    Raises:
        InfeasibleShock: the regime leaves a country without a supplier.
        NotConverged: the regime was not solved.
    """
    context = context_of_scenarios(scenarios)
    now = scenarios.equilibrium(context.in_force)
    hit = context.at(sides.countries)
    menus = {s.id: menu_of(context, now, hit, s, sides.target) for s in sides.senders}
    missing: list[str] = []
    joint = None
    if len(sides.senders) > 1:
        joint = _tried(missing, "The coalition", partial(_joint, context, sides))
    curves = []
    for sender in _drawn(sides, joint, every=every) if curve else ():
        found = _tried(
            missing,
            f"The curve of {context.label(sender.id)}",
            partial(curve_of, scenarios, sides, sender, curve),
        )
        curves += [] if found is None else [found]
    return Sanctions(menus, joint, tuple(curves), tuple(missing))


def menu_of(
    context: Context, now: Equilibrium, hit: list[int], sender: Sender, target: str
) -> tuple[Entry, ...]:
    """What one per cent more on every flow between a sender and the target costs each."""
    world, by = context.world, context.at(sender.countries)
    cells = cells_of(world, hit, by)
    margins = margins_of(now, cells, hit, by)
    trade, base = now.trade_jni[cells.at], world.trade_jni[cells.at]
    out = []
    for imports in (True, False):
        for j, good in enumerate(world.goods):
            at = np.nonzero((cells.good == j) & (cells.imports == imports))[0]
            if base[at].sum() < _SMALLEST_FLOW:
                continue
            is_open = at[~margins.closed[at]]
            shut = not len(is_open)
            harm, cost = (
                math.nan if shut else float(values[0, is_open].sum())
                for values in (margins.harm, margins.cost)
            )
            out.append(
                Entry(
                    good,
                    "imports" if imports else "exports",
                    sender.id,
                    target,
                    "barrier",
                    float(trade[at].sum()),
                    float(base[at].sum()),
                    harm,
                    cost,
                    math.nan if shut else ratio_of(harm, cost),
                    "closed" if shut else verdict_of(harm, cost),
                )
            )
    return tuple(sorted(out, key=_place))


def _place(entry: Entry) -> tuple[int, float]:
    return rank(entry.verdict, entry.harm, entry.cost, entry.ratio)


def _joint(context: Context, sides: Sides) -> Joint:
    names = [s.id for s in sides.senders]
    found = coalition(context, sides.target, members=names, budget=BUDGET)
    return Joint(found.loss, found.cost, found.change, found.game.complete, found.members)


def _drawn(sides: Sides, joint: Joint | None, *, every: bool) -> Sequence[Sender]:
    if every or joint is None:
        return sides.senders
    return [sides.sender(max(joint.members, key=lambda m: m.marginal).id)]


def curve_of(scenarios: Scenarios, sides: Sides, sender: Sender, weights: Sequence[float]) -> Curve:
    """The best tariffs on the target's goods at each weight of the sender's own loss."""
    context = context_of_scenarios(scenarios)
    kept = [good for good in context.world.goods if not is_service(good)]
    found = design(context, sides.target, sender.id, goods=kept or None, curve=weights)
    replaced = () if found.present is None else found.present.replaced
    without = scenarios.equilibrium(m for m in context.in_force if m not in replaced)
    now = scenarios.equilibrium(context.in_force)
    gone = without.equivalent_variation.values - now.equivalent_variation.values
    harm, cost = (context.sum_over(gone, c) for c in (sides.countries, sender.countries))
    present = (harm, cost, float(gone.sum()) - harm - cost)
    return Curve(sender.id, present, _points(found), replaced)


def _points(found: Design) -> tuple[CurvePoint, ...]:
    goods = [lever.good for lever in found.levers.names]
    return tuple(
        CurvePoint(
            p.own_weight,
            p.harm,
            p.cost,
            p.others,
            tuple(zip(goods, map(float, p.rate), strict=True)),
            p.certificate.status == "converged",
        )
        for p in found.curve
    )


def _tried(lacking: list[str], what: str, answer: Callable[[], _T]) -> _T | None:
    try:
        return answer()
    except _UNANSWERED as error:
        lacking.append(f"{what} has no answer here: {error}")
        return None


#: Of a member of the coalition, what is drawn.
DRAWN = (
    "alone",
    "marginal",
    "shapley",
    "loss_in",
    "relative_loss",
    "leaving",
    "implied_rate",
    "keeps",
    "transfer",
)


def banded(
    scenarios: Scenarios,
    sides: Sides,
    found: Sanctions,
    draws: int,
    *,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Sanctions:
    """The same sanctions with bands of menus and coalition; curves have none.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
        sides: as they were asked about.
        found: at central values.
        draws: how many sets of parameters to draw.
        seed: of the draws.
        progress: told how many draws are done.

    Raises:
        NoDraws: no draw converged, or none was finished.
    """
    ensemble = run_draws(
        scenarios.case,
        _Collector(sides, found),
        draws=draws,
        seed=seed,
        progress=progress,
        guide=scenarios,
    )
    values = ensemble.required()
    place = {_key(e): k for k, e in enumerate(_entries(found))}
    menus = {
        s: tuple(_entry_with_bands(e, *values["menu"][:, place[_key(e)]].T) for e in entries)
        for s, entries in found.menus.items()
    }
    return replace(
        found, menus=menus, joint=_joint_with_bands(found, ensemble), draws=ensemble.done
    )


@dataclass(frozen=True, eq=False)
class _Collector:
    """The numbers of one draw, in the order of the answer at central values."""

    sides: Sides
    central: Sanctions

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        found = sanctions_of(scenarios, self.sides)
        drawn = {_key(e): e for e in _entries(found)}
        # A flow too small for a menu in this draw moves nothing.
        menu = [
            (e.harm, e.cost) if e is not None else (0.0, 0.0)
            for e in (drawn.get(_key(e)) for e in _entries(self.central))
        ]
        out = {"menu": np.array(menu)}
        if self.central.joint is not None:
            joint = found.joint
            out["whole"] = np.array([np.nan] * 2 if joint is None else [joint.loss, joint.cost])
            by = {} if joint is None else {m.id: m for m in joint.members}
            out["members"] = np.array(
                [
                    [getattr(by[m.id], name) if m.id in by else np.nan for name in DRAWN]
                    for m in self.central.joint.members
                ]
            )
        return out


def _entries(found: Sanctions) -> Iterator[Entry]:
    for entries in found.menus.values():
        yield from entries


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.sender, entry.direction, entry.good


def _entry_with_bands(entry: Entry, harm: Array, cost: Array) -> Entry:
    # What is closed at central values has no slope there, even where a draw leaks.
    if np.isnan([entry.harm, *harm, *cost]).any():
        return entry
    return replace(
        entry, harm_band=band(harm), cost_band=band(cost), ratio_band=ratio_band(harm, cost)
    )


def _joint_with_bands(found: Sanctions, ensemble: Ensemble) -> Joint | None:
    joint = found.joint
    if joint is None:
        return None
    low, high = (end.tolist() for end in ensemble.band("members"))
    bands = {
        m.id: dict(zip(DRAWN, zip(low[k], high[k], strict=True), strict=True))
        for k, m in enumerate(joint.members)
    }
    low, high = (end.tolist() for end in ensemble.band("whole"))
    bands[""] = dict(zip(("loss", "cost"), zip(low, high, strict=True), strict=True))
    return replace(joint, bands=bands)
