"""Monopolistic competition, stated in the terms of a base year's specification.

With many firms of one good in a country, each the only seller of its variety, the model is that of
perfect competition with a mark-up or with returns to scale (Costinot & Rodríguez-Clare 2014,
Handbook of International Economics 4, section 5; Kucheryavyy, Lyn & Rodríguez-Clare 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from detente.world.errors import WorldError

if TYPE_CHECKING:
    from detente._types import Array
    from detente.world.specification import Profits
    from detente.world.world import World

Entry = Literal["free", "restricted"]
W = TypeVar("W", bound="World")


def monopolistic_competition(
    world: W, substitution_j: ArrayLike, *, entry: Entry = "free", profits: Profits = "home"
) -> W:
    """A base year whose goods are sold under monopolistic competition, as in Krugman (1980).

    Firms of a good in a country sell varieties with the elasticity of substitution σ at the mark-up
    σ/(σ − 1). With free entry what they earn above variable cost pays for entry, in the same inputs
    as production, and the number of firms follows the size of the industry: returns to scale with
    the elasticity 1/(σ − 1). With restricted entry the number of firms is given and the share 1/σ
    of sales is profit (Ossa 2014, American Economic Review 104(12)).

    Args:
        world: the base year.
        substitution_j: σ > 1, broadcast to (J,). The trade elasticity stays what it is; where it is
            σ − 1 there is one nest of all varieties, as Krugman has it.
        entry: `free` or `restricted`.
        profits: with restricted entry, whose they are: `home` or `world`.

    Returns:
        World: with that specification.

    Raises:
        WorldError: a σ of at most 1, returns to scale that are too large for several goods, or
            profits that value added cannot hold.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> krugman = detente.monopolistic_competition(world, 9.0)
        >>> krugman.specification.words
        ('scale elasticity',)
    """
    sigma = _above_one(world, substitution_j)
    if entry == "free":
        return world.specified(scale_elasticity=1 / (sigma - 1))
    _check(entry)
    return world.specified(mark_up=sigma / (sigma - 1), profits=profits)


def melitz_pareto(
    world: W, substitution_j: ArrayLike, *, entry: Entry = "free", profits: Profits = "home"
) -> W:
    """A base year of firms that differ in productivity, Pareto-distributed, as in Melitz (2003).

    The trade elasticity θ is the shape of the distribution (Chaney 2008, American Economic Review
    98(4)). Serving a market takes a fixed cost in its labour, the share (θ − σ + 1)/(θσ) of sales.
    More firms enter larger markets, so that prices fall with size by η = 1/(σ − 1) − 1/θ, and a
    tariff, charged on sales, keeps firms out: buyers answer to it with θ (1 + η) (Felbermayr, Jung
    & Larch 2015, Journal of International Economics 97(1)).

    Args:
        world: the base year. Labour income moves from origins to markets by the fixed costs.
        substitution_j: σ > 1 with σ − 1 < θ, broadcast to (J,).
        entry: `free`, which makes returns to scale with the elasticity 1/θ, or `restricted`, which
            leaves the share 1/(θ + 1) of producers' receipts as profit.
        profits: with restricted entry, whose they are: `home` or `world`.

    Returns:
        World: with that specification.

    Raises:
        WorldError: a σ out of bounds, or accounts that cannot hold the fixed costs or profits.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> melitz = detente.melitz_pareto(world, 1 + 0.9 * world.trade_elasticity_j)
        >>> "marketing share" in melitz.specification.words
        True
    """
    theta = world.trade_elasticity_j
    sigma = _above_one(world, substitution_j)
    most = [g for g, s, t in zip(world.goods, sigma, theta, strict=True) if s - 1 >= t]
    if most:
        raise WorldError(
            [
                f"The substitution of {', '.join(most)} less one is not below the trade elasticity"
                f": sales of firms would have no mean."
            ]
        )
    eta = 1 / (sigma - 1) - 1 / theta
    made = world.specified(
        marketing_share=((theta - sigma + 1) / (theta * sigma))[:, None],
        market_size_elasticity=eta[:, None],
        tariff_pass_through=1 + eta[:, None],
        absorption="trade_cost",
    )
    if entry == "free":
        return made.specified(scale_elasticity=1 / theta)
    _check(entry)
    return made.specified(mark_up=(theta + 1) / theta, profits=profits)


def _check(entry: str) -> None:
    if entry != "restricted":
        raise WorldError([f"There is no entry {entry!r}; there are free and restricted."])


def _above_one(world: World, value: ArrayLike) -> Array:
    try:
        full = np.broadcast_to(np.asarray(value, dtype=np.float64), (len(world.goods),))
    except ValueError:
        raise WorldError(
            [f"substitution_j has shape {np.shape(value)}, expected ({len(world.goods)},)."]
        ) from None
    wrong = [g for g, s in zip(world.goods, full, strict=True) if not 1 < s < np.inf]
    if wrong:
        raise WorldError([f"The substitution of {', '.join(wrong)} is no number above 1."])
    return np.array(full)
