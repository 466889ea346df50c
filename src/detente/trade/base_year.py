"""A base year with other incomes or deficits, solved as the codes of published papers do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from detente.trade.equilibria import solve
from detente.trade.errors import ShockError
from detente.trade.shocks import Shock

if TYPE_CHECKING:
    from detente.world import World


def rebased(
    world: World,
    *,
    value_added_n: ArrayLike | None = None,
    transfer_n: ArrayLike | None = None,
    name: str = "",
    tolerance: float = 1e-12,
) -> World:
    """The base year in which countries have these endowments and deficits.

    Wages and prices move until markets clear, and shares of trade move with them; that is how
    Caliendo & Parro (2015, Review of Economic Studies 82(1)) solve their base year, with value
    added and deficits as observed.

    Args:
        world: the base year, as from `World.from_shares`.
        value_added_n: what the factors of each country earn at the old wages, scaled to the sum
            that the world has, (N,); None leaves endowments as they are.
        transfer_n: deficits in that unit, which sum to zero, (N,); None leaves them.
        name: of the new base year; the old one's if empty.
        tolerance: of the solution.

    Returns:
        World: whose notes say what was held.

    Raises:
        ShockError: incomes that are not above 0, or arrays of another size.
        NotConverged: no equilibrium was found to the tolerance.

    Example:
        >>> from detente.trade import rebased
        >>> from detente.world import synthetic
        >>> world = synthetic(4, 2, seed=1)
        >>> bool(abs(rebased(world, transfer_n=[0, 0, 0, 0]).transfer_n).max() < 1e-3)
        True
    """
    earned = world.value_added_nj.sum(axis=1)
    held: list[str] = []
    labour_n = capacity_nj = added_n = None
    if value_added_n is not None:
        given = np.asarray(value_added_n, dtype=np.float64)
        if given.shape != earned.shape or not (np.isfinite(given) & (given > 0)).all():
            raise ShockError(
                f"value_added_n needs {len(earned)} incomes above 0, one for each country.",
                "Give them in the order of world.countries.",
            )
        # The solver keeps the world's factor income, so that only relative incomes matter.
        labour_n = given / given.sum() * earned.sum() / earned
        capacity_nj = np.repeat(labour_n[:, None], len(world.goods), axis=1)
        held.append("value added")
    if transfer_n is not None:
        added_n = np.asarray(transfer_n, dtype=np.float64) - world.transfer_n
        held.append("deficits")
    shock = Shock(labour_n=labour_n, capacity_nj=capacity_nj, transfer_n=added_n)
    out = solve(world, shock, tolerance=tolerance).as_world(name or world.name)
    return replace(
        out,
        notes=(
            *world.notes,
            f"Solved anew as a base year with {' and '.join(held) or 'everything'} as given; "
            "shares of trade moved with wages.",
        ),
    )
