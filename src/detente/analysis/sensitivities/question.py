"""From a case or a world to the menu, with bands where draws are asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.context import Context, QuestionError, context_of
from detente.analysis.sensitivities.instruments import Lines, Sensitivity, Side, measures_of
from detente.analysis.sensitivities.margins import Question
from detente.analysis.uncertainty.draws import Ensemble, gather, run_draws
from detente.analysis.uncertainty.failures import failure_of
from detente.analysis.uncertainty.pool import TOLERANCE, Drawn
from detente.analysis.uncertainty.ranges import (
    Ranged,
    ranged_elasticities,
    sample,
    spans,
    uncertain_horizons,
    with_drawn,
)
from detente.trade import NotConverged, ShockError
from detente.world import WorldError

if TYPE_CHECKING:
    from detente._types import Array, Transfers
    from detente.analysis.scenarios import Scenarios
    from detente.cases import Case
    from detente.world import World


def sensitivity(
    where: str | Case | World | Context,
    target: str,
    sender: str,
    *,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    draws: int = 0,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Sensitivity:
    """What a little more of every barrier between two sides costs each, as a ranked menu.

    Two gradients of one equilibrium, of the target's and of the sender's real income, give the
    margin of every flow between them, in both directions.

    Args:
        where: a case, whose regime of the date is in force, or a world.
        target: a country, a group or a party of the case.
        sender: a country or a group, whose countries count as one.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        draws: of the case's parameters, of the numbers of the horizon and of the world's trade
            elasticities that no case sets, for bands; 0 for none. A cancellation (Ctrl-C) keeps
            those that were done.
        seed: of the draws.
        progress: called with the number of draws done so far.

    Returns:
        Sensitivity: for each good and direction, what one per cent more of delivered cost, or one
        percentage point of a tax, costs target and sender, in USD million a year; and the same of
        the measures in force.

    Raises:
        QuestionError: a country on both sides, or draws of a world without ranges.
        NoDraws: too many draws failed.
        UnknownLabel: a name that is no country, group or party.

    Example:
        >>> from detente.analysis import sensitivity
        >>> menu = sensitivity("belarus", "BLR", "USA", date="2025-12-01")
        >>> menu.to_hold()[0].harm > 0
        True
    """
    context = context_of(where, date, horizon, transfers)
    target_c, sender_c = context.pair(target, sender)
    ranged = ranged_elasticities(context.world, context.case)
    if draws and context.case is None and not ranged:
        raise QuestionError(
            f"The world {context.name} has trade elasticities of its own, without ranges to draw.",
            "Ask of a case, or leave out the draws.",
        )
    question = Question(target_c, sender_c)
    scenarios = context.scenarios()
    found = question.answer(context, scenarios)
    ensemble = None
    if draws:
        ensemble = _drawn(context, scenarios, question, ranged, draws, seed, progress)
        ensemble.enough()
    cells = question.cells(context)
    lines = Lines(context, cells, found, ensemble)
    single = [
        Side(one, other, cells.between(*context.at([one, other])))
        for one in sender_c
        for other in target_c
    ]
    return Sensitivity(
        context,
        target,
        sender,
        entries=lines.entries([Side(sender, target, np.ones(len(cells.good), dtype=bool))]),
        pairs=lines.entries(single) if len(single) > 1 else (),
        measures=measures_of(context, question, found, ensemble),
        draws=0 if ensemble is None else ensemble.done - ensemble.failed,
        asked=draws,
        failed=0 if ensemble is None else ensemble.failed,
        why="" if ensemble is None else ensemble.why,
        seed=seed,
    )


def _drawn(
    context: Context,
    scenarios: Scenarios | None,
    question: Question,
    ranged: Sequence[Ranged],
    draws: int,
    seed: int,
    progress: Callable[[int], None] | None,
) -> Ensemble:
    """Margins over draws of all that has a range."""
    if context.case is not None:
        return run_draws(
            context.case,
            question,
            draws=draws,
            seed=seed,
            progress=progress,
            guide=scenarios,
            elasticities=ranged,
        )
    uncertain = [*(r.uncertain for r in ranged), *uncertain_horizons(context.span.name)]
    points = sample(len(uncertain), draws, seed)
    parts = ((k, _of_world(k, context, question, ranged, point)) for k, point in enumerate(points))
    return gather(parts, uncertain, points, seed=seed, progress=progress)


def _of_world(
    k: int, context: Context, question: Question, ranged: Sequence[Ranged], point: Array
) -> Drawn:
    """What one draw of a bare world contributes, or why it has no answer."""
    of_world, of_time = np.split(point, [len(ranged)])
    names = (u.name for u in uncertain_horizons(context.span.name))
    drawn = spans(dict(zip(names, of_time, strict=True)))
    try:
        there = replace(
            context,
            world=with_drawn(context.world, ranged, of_world),
            span=drawn.get(context.span.name, context.span),
            tolerance=max(context.tolerance, TOLERANCE),
        )
        return question.answer(there, None).kept()
    except (WorldError, NotConverged, ShockError) as error:
        return failure_of(k, error)
