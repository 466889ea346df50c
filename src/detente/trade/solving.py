"""The public entry: a world and a shock in, an equilibrium out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from detente.trade import feasibility
from detente.trade.economy import economy_of
from detente.trade.equilibrium import Equilibrium
from detente.trade.errors import ShockError
from detente.trade.horizon import Horizon, horizon_named
from detente.trade.shock import Shock
from detente.trade.solver import TRANSFER_RULES, equilibrate
from detente.trade.system import carry
from detente.trade.wedges import wedges

if TYPE_CHECKING:
    from detente.world import World


def solve(
    world: World,
    shock: Shock | None = None,
    horizon: str | Horizon = "long",
    transfers: Literal["fixed", "proportional", "zero"] = "fixed",
    tolerance: float = 1e-9,
    *,
    start: Equilibrium | None = None,
) -> Equilibrium:
    """Prices, trade and incomes at which every market clears after a shock.

    Caliendo & Parro (2015, Review of Economic Studies 82(1)), the system in changes of section 2,
    with nested CES production (Baqaee & Farhi 2024, Econometrica 92(2)) and fixed factors.

    Args:
        world: the base year.
        shock: changes of tariffs, trade costs, endowments; None for none.
        horizon: `long`, `medium`, `short` or a `Horizon`.
        transfers: trade deficits stay `fixed` in units of the numeraire (world factor income), stay
            `proportional` to factor income, or become `zero`.
        tolerance: largest relative violation of any price, market, budget or factor market.
        start: a neighbouring equilibrium of the same world to start from; only the speed depends
            on it.

    Returns:
        Equilibrium: changes and levels by country and good, and the certificate.

    Raises:
        ShockError: the shock does not fit the world.
        InfeasibleShock: a country loses its last supplier, or is cut off with a deficit.
        NotConverged: no equilibrium was found to the tolerance; no number is returned.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> ban = detente.embargo("RUS", "USA", "AGRI_MIN_FOOD")
        >>> result = detente.solve(world, ban)
        >>> result.certificate.status
        'converged'
    """
    if transfers not in TRANSFER_RULES:
        raise ShockError(f"There is no transfer rule {transfers!r}; there are {TRANSFER_RULES}.")
    if not (np.isfinite(tolerance) and 1e-13 <= tolerance < 1):
        raise ShockError(f"The tolerance is {tolerance!r}; give one between 1e-13 and 1, as 1e-9.")
    shock = Shock() if shock is None else shock
    span = horizon_named(horizon)
    economy = economy_of(world, span)
    change = wedges(world, economy, shock)
    carried = economy.share_jni * carry(economy, change)
    feasibility.check_suppliers(economy, carried, world.countries, world.goods)
    component = feasibility.components(carried, economy.spending_jn)
    feasibility.check_deficits(economy, carried, change, transfers, component, world.countries)
    solution = equilibrate(
        economy,
        change,
        transfer_rule=transfers,
        component_n=component,
        tolerance=tolerance,
        start=None if start is None else start.solution.unknowns,
    )
    return Equilibrium(world, shock, span, transfers, solution)
