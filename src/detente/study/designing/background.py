"""Which measures of a sender rates can stand in the place of, and which stay under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.study.sensitivities.margins import cells_of_shock

if TYPE_CHECKING:
    from detente.study.ground import Ground


def replaced_by(
    ground: Ground, sender: Sequence[str], partners: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sender's own measures in force: those that rates replace, and those that stay.

    Rates replace what acts on flows between the sender and the partners and on nothing else. A stop
    of transit, or a measure that hits others too, could not be restored by them and stays.

    Args:
        ground: where.
        sender: ISO3 codes.
        partners: ISO3 codes.

    Returns:
        Ids of both, in the order of the case.
    """
    case = ground.case
    if case is None:
        return (), ()
    own = [
        m
        for m in ground.in_force
        if set(case.members(case.measure(m).owner, ground.world, ground.date)) <= set(sender)
    ]
    mine = tuple(m for m in own if _between(ground, m, ground.at(sender), ground.at(partners)))
    return mine, tuple(m for m in own if m not in mine)


def _between(ground: Ground, measure: str, by: list[int], others: list[int]) -> bool:
    """Whether a measure acts on flows between two sides alone."""
    assert ground.case is not None
    settings = ground.case.measure(measure).sets
    if any(s.route is not None or s.productivity is not None for s in settings):
        return False
    flows, N = cells_of_shock(ground.world, ground.shock([measure])), len(ground.world.countries)
    market, origin = flows // N % N, flows % N
    inward = np.isin(market, by) & np.isin(origin, others)
    outward = np.isin(market, others) & np.isin(origin, by)
    return bool((inward | outward).all())
