"""The ranges of a world's trade elasticities, and a world with them drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.study.uncertain import Uncertain

if TYPE_CHECKING:
    from detente.case import Case
    from detente.world import World


@dataclass(frozen=True)
class Ranged:
    """One trade elasticity on file with a range, and the goods of a world that have it.

    Attributes:
        uncertain: its value and its range.
        goods: names; an estimate or an assumption that serves several is drawn once for all.
    """

    uncertain: Uncertain
    goods: tuple[str, ...]


def ranged_elasticities(world: World, case: Case | None = None) -> tuple[Ranged, ...]:
    """The trade elasticities of a world that are those on file, with the ranges on file.

    Goods whose elasticity a case sets, itself or with a commodity, are the case's to draw. Where a
    world has another value than the file, from its own table or from an aggregation, no range is
    known and nothing is drawn.

    Args:
        world: the base year.
        case: whose elasticities are left out.
    """
    from detente.world.elasticities import default_elasticity, trade_elasticity

    own: set[str] = set()
    if case is not None:
        own = {c.name for c in case.commodities} | {
            e.good for e in case.elasticities if e.trade_elasticity is not None
        }
    found: dict[tuple[float, float, float, str], list[str]] = {}
    for good, theta in zip(world.goods, world.trade_elasticity_j.tolist(), strict=True):
        entry = trade_elasticity(good) or default_elasticity()
        if good in own or entry.low >= entry.high or abs(theta - entry.value) > 1e-9:
            continue
        key = (entry.value, entry.low, entry.high, entry.note)
        found.setdefault(key, []).append(good)
    return tuple(
        Ranged(Uncertain(f"trade_elasticity.{'+'.join(goods)}", *key[:3]), tuple(goods))
        for key, goods in found.items()
    )


def with_drawn(world: World, ranged: Sequence[Ranged], at: Iterable[float]) -> World:
    """A world with its elasticities at points of their ranges, given as probabilities."""
    if not ranged:
        return world
    theta = world.trade_elasticity_j.copy()
    for entry, p in zip(ranged, at, strict=True):
        theta[[world.good(g) for g in entry.goods]] = float(entry.uncertain.quantile(np.asarray(p)))
    return world.with_elasticities(
        trade_elasticity_j=theta, input_substitution_j=world.input_substitution_j
    )
