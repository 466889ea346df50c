"""The base year without trade deficits, which shocks under the rule `zero` start from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from detente.trade.equilibrium import Equilibrium
from detente.trade.errors import NotConverged
from detente.trade.problem import problem_of
from detente.trade.shock import Shock
from detente.trade.solver import equilibrate

if TYPE_CHECKING:
    from detente.trade.horizon import Horizon
    from detente.trade.solver import Watch
    from detente.world import World

#: Deficits below this share of every country's income are none.
_NONE = 1e-8
#: What a base year is solved to where that can be reached: its errors are in every shock's effect.
_FINE = 1e-12

_Key = tuple["Horizon", float]
_known: WeakKeyDictionary[World, dict[_Key, World]] = WeakKeyDictionary()


def base_of(
    world: World, transfers: str, horizon: Horizon, tolerance: float, watch: Watch | None = None
) -> World:
    """The base year that a rule for transfers starts from.

    Under `zero` it is the equilibrium in which every country spends what it earns; otherwise it is
    the world itself.

    Args:
        world: the base year as it was.
        transfers: the rule.
        horizon: how much adjusts while deficits end.
        tolerance: of the solution, if a finer one is not reached.
        watch: as in `solve`.
    """
    if transfers != "zero" or (np.abs(world.transfer_n) <= _NONE * world.income_n).all():
        return world
    found = _known.setdefault(world, {})
    key = (horizon, tolerance)
    if key not in found:
        found[key] = _balanced(world, horizon, tolerance, watch)
    return found[key]


def _balanced(world: World, horizon: Horizon, tolerance: float, watch: Watch | None) -> World:
    problem = problem_of(world, Shock(), horizon, "zero")

    def ended(to: float) -> World:
        solution = equilibrate(
            problem.economy,
            problem.wedges,
            transfer_rule="zero",
            component_n=problem.component_n,
            tolerance=to,
            watch=watch,
        )
        result = Equilibrium(world, problem.shock, horizon, "zero", solution)
        return result.as_world(f"{world.name}, trade balanced")

    try:
        return ended(min(tolerance, _FINE))
    except NotConverged:
        return ended(tolerance)
