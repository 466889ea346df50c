"""The public entry: a world and a shock in, an equilibrium out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente.trade import feasibility
from detente.trade.economy import economy_of
from detente.trade.equilibrium import Equilibrium
from detente.trade.errors import ShockError
from detente.trade.horizon import Horizon, horizon_named
from detente.trade.shock import Shock
from detente.trade.solver import TRANSFER_RULES, Watch, equilibrate, equilibrate_many
from detente.trade.system import common
from detente.trade.wedges import Places, wedges

if TYPE_CHECKING:
    from detente.trade.differences import Wedges
    from detente.trade.economy import Economy
    from detente.trade.network import Index
    from detente.trade.tangent import Response
    from detente.world import World


def solve(
    world: World,
    shock: Shock | None = None,
    horizon: str | Horizon = "long",
    transfers: Literal["fixed", "proportional", "zero"] = "fixed",
    tolerance: float = 1e-9,
    *,
    start: Equilibrium | None = None,
    watch: Watch | None = None,
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
        watch: called before each evaluation; what it raises ends the search.

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
    problem = _problem(world, shock, horizon, transfers, tolerance)
    solution = equilibrate(
        problem.economy,
        problem.wedges,
        transfer_rule=transfers,
        component_n=problem.component_n,
        tolerance=tolerance,
        start=None if start is None else start.solution.unknowns,
        watch=watch,
    )
    return Equilibrium(world, problem.shock, problem.horizon, transfers, solution)


def solve_many(
    world: World,
    shocks: Sequence[Shock],
    horizon: str | Horizon = "long",
    transfers: Literal["fixed", "proportional", "zero"] = "fixed",
    tolerance: float = 1e-9,
    *,
    start: Sequence[Equilibrium] | None = None,
    response: Response | None = None,
    watch: Watch | None = None,
) -> list[Equilibrium]:
    """The equilibria of many shocks of one base year, solved together.

    The same as `solve` one by one, sharing the matrix products and the solution of shocks that come
    to the same; what this cannot take together (a
    shock that splits the world into components, routes of another structure, arrays full of
    changes) or what stalls is solved alone.

    Args:
        world: the base year.
        shocks: the shocks.
        horizon: as in `solve`.
        transfers: as in `solve`.
        tolerance: as in `solve`.
        start: equilibria to start from, one a shock; they may be of a neighbouring world.
        response: of a neighbouring solution, from `tangent.response`; only the speed depends on it.
        watch: as in `solve`; called from several threads where there are many shocks.

    Raises:
        ShockError: as in `solve`, for the first shock concerned.
        InfeasibleShock: likewise.
        NotConverged: likewise.
    """
    economy = economy_of(world, horizon_named(horizon))
    places = Places(world)
    # Shocks of the same labels and routes are one problem, which is stated once.
    stated: dict[object, _Problem] = {}
    for s in shocks:
        if s.key not in stated:
            stated[s.key] = _problem(world, s, horizon, transfers, tolerance, economy, places)
    problems = [replace(stated[s.key], shock=s) for s in shocks]
    together = _stackable(problems) if problems else []
    # Of shocks that come to the same, as closing a closed way, one is solved.
    first_of: dict[tuple[bytes, ...], int] = {}
    twins = {k: first_of.setdefault(problems[k].wedges.key, k) for k in together}
    together = list(first_of.values())
    out: dict[int, Equilibrium] = {}
    # One alone gains nothing from company, but what it starts from still helps it.
    if len(together) > 1 or (together and start is not None):
        first = problems[0]
        begin = None
        if start is not None:
            vectors = [start[k].solution.unknowns for k in together]
            if len({v.size for v in vectors}) == 1:
                begin = np.stack(vectors)
        solutions = equilibrate_many(
            first.economy,
            [problems[k].wedges for k in together],
            transfer_rule=transfers,
            tolerance=tolerance,
            start=begin,
            precondition=response,
            watch=watch,
        )
        for k, solution in zip(together, solutions, strict=True):
            if solution.certificate.status == "converged":
                p = problems[k]
                out[k] = Equilibrium(world, p.shock, p.horizon, transfers, solution)
    for k, p in enumerate(problems):
        twin = out.get(twins.get(k, k))
        if k not in out and twin is not None:
            out[k] = replace(twin, shock=p.shock)
        elif k not in out:
            out[k] = solve(world, p.shock, p.horizon, transfers, tolerance, watch=watch)
    return [out[k] for k in range(len(problems))]


@dataclass(frozen=True, eq=False)
class _Problem:
    shock: Shock
    horizon: Horizon
    economy: Economy
    wedges: Wedges
    component_n: Index


def _problem(
    world: World,
    shock: Shock | None,
    horizon: str | Horizon,
    transfers: str,
    tolerance: float,
    economy: Economy | None = None,
    places: Places | None = None,
) -> _Problem:
    """A shock checked: it fits the world, and finite prices can meet it."""
    if transfers not in TRANSFER_RULES:
        raise ShockError(f"There is no transfer rule {transfers!r}; there are {TRANSFER_RULES}.")
    if not (np.isfinite(tolerance) and 1e-13 <= tolerance < 1):
        raise ShockError(f"The tolerance is {tolerance!r}; give one between 1e-13 and 1, as 1e-9.")
    shock = Shock() if shock is None else shock
    span = horizon_named(horizon)
    economy = economy_of(world, span) if economy is None else economy
    change = wedges(world, economy, shock, places)
    component = feasibility.trading_components(
        economy, change, transfers, world.countries, world.goods
    )
    return _Problem(shock, span, economy, change, component)


#: Above this share of changed cells, sparse additions cost more than a product of one's own.
_SPARSE = 0.05


def _stackable(problems: Sequence[_Problem]) -> list[int]:
    """Which of the problems can share the products of the first."""
    first = problems[0].wedges
    alike = [
        k for k, p in enumerate(problems) if not p.component_n.any() and _same_ways(first, p.wedges)
    ]
    if not alike:
        return []
    most = _SPARSE * problems[0].economy.share_jni.size
    rest = common([problems[k].wedges for k in alike]).rest
    return [k for k, own in zip(alike, rest, strict=True) if len(own) < most]


def _same_ways(a: Wedges, b: Wedges) -> bool:
    return (
        len(a.routes) == len(b.routes)
        and all(x.same_ways(y) for x, y in zip(a.routes, b.routes, strict=True))
        and a.rooms.same_terms(b.rooms)
    )
