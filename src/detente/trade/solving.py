"""The public entry: a world and a shock in, an equilibrium out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, overload

from detente.trade.batch import REASONS, Batch, Collected
from detente.trade.economy import economy_of
from detente.trade.equilibrium import Equilibrium
from detente.trade.errors import ShockError
from detente.trade.horizon import Horizon, horizon_named
from detente.trade.problem import Problem, check, problem_of, stackable
from detente.trade.rebasing import base_of
from detente.trade.shock import Shock
from detente.trade.solver import Watch, equilibrate, equilibrate_many
from detente.trade.wedges import Places

if TYPE_CHECKING:
    from detente.trade.network import Index
    from detente.trade.solution import Solution
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
        transfers: the rule for trade deficits in the base year and after the shock. They stay
            `fixed` in units of the numeraire (world factor income), stay `proportional` to factor
            income, or are `zero`: then the base year is first solved without deficits, it is
            `world` of the result, and changes are those that the shock makes in it. To end
            deficits as a shock in itself, give `Shock(transfer_n=-world.transfer_n)`.
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
    check(transfers, tolerance)
    world = base_of(world, transfers, horizon_named(horizon), tolerance, watch)
    problem = problem_of(world, shock, horizon, transfers)
    return _solve_alone(world, problem, transfers, tolerance, start, watch)


@overload
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
    progress: Callable[[int, int], None] | None = None,
    keep_going: Literal[False] = False,
) -> list[Equilibrium]: ...


@overload
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
    progress: Callable[[int, int], None] | None = None,
    keep_going: Literal[True],
) -> Batch: ...


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
    progress: Callable[[int, int], None] | None = None,
    keep_going: bool = False,
) -> list[Equilibrium] | Batch:
    """The equilibria of many shocks of one base year, solved together.

    The same as `solve` one by one, sharing the matrix products and the solution of shocks that
    come to the same. What this cannot take together (a shock that splits the world into
    components, routes of another structure, arrays full of changes) or what stalls is solved
    alone. Memory beside the answers does not grow with the number of shocks.

    Args:
        world: the base year.
        shocks: the shocks.
        horizon: as in `solve`.
        transfers: as in `solve`.
        tolerance: as in `solve`.
        start: equilibria to start from, one a shock; they may be of a neighbouring world.
        response: of a neighbouring solution, from `tangent.response`; only the speed depends on it.
        watch: as in `solve`; called from several threads where there are many shocks.
        progress: told from time to time how many shocks are done, and of how many.
        keep_going: return a `Batch` in which a shock without an equilibrium has the reason in its
            place, also when Ctrl-C cuts the work short.

    Returns:
        list[Equilibrium]: one a shock, in their order; a `Batch` where `keep_going`.

    Raises:
        ShockError: as in `solve`, for the first shock concerned, before any is solved.
        InfeasibleShock: likewise.
        NotConverged: likewise; its `finished` has what was solved by then.
        Interrupted: a KeyboardInterrupt, likewise.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> bans = [detente.embargo("RUS", to, "AGRI_MIN_FOOD") for to in ("USA", "JPN")]
        >>> [one.certificate.status for one in detente.solve_many(world, bans)]
        ['converged', 'converged']
    """
    check(transfers, tolerance)
    if start is not None and len(start) != len(shocks):
        raise ShockError(
            f"There are {len(start)} equilibria to start from for {len(shocks)} shocks."
        )
    world = base_of(world, transfers, horizon_named(horizon), tolerance, watch)
    kept = Collected(len(shocks), keep_going, progress)
    try:
        problems = _stated(world, shocks, horizon, transfers, kept)
        first_of = _solve_together(
            world, problems, transfers, tolerance, start, response, watch, kept
        )
        for k, p in problems.items():
            try:
                same = kept.found.get(first_of.get(k, k))
                kept.found[k] = (
                    _solve_alone(world, p, transfers, tolerance, watch=watch)
                    if same is None
                    else replace(same, shock=p.shock)
                )
            except REASONS as error:
                kept.failed(k, error)
            kept.told()
    except KeyboardInterrupt:
        kept.interrupted()
    return kept.batch() if keep_going else [kept.found[k] for k in range(len(shocks))]


def _solve_alone(
    world: World,
    problem: Problem,
    transfers: str,
    tolerance: float,
    start: Equilibrium | None = None,
    watch: Watch | None = None,
) -> Equilibrium:
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


def _stated(
    world: World, shocks: Sequence[Shock], horizon: str | Horizon, transfers: str, kept: Collected
) -> dict[int, Problem]:
    """The shocks that fit the world, checked and as arrays, by position."""
    span = horizon_named(horizon)
    economy, places = economy_of(world, span), Places(world)
    # Shocks of the same labels and routes are one problem, which is stated once.
    stated: dict[object, Problem] = {}
    out = {}
    for k, s in enumerate(shocks):
        try:
            if s.key not in stated:
                stated[s.key] = problem_of(world, s, span, transfers, economy, places)
            out[k] = replace(stated[s.key], shock=s)
        except REASONS as error:
            kept.failed(k, error)
    return out


def _solve_together(
    world: World,
    problems: dict[int, Problem],
    transfers: str,
    tolerance: float,
    start: Sequence[Equilibrium] | None,
    response: Response | None,
    watch: Watch | None,
    kept: Collected,
) -> dict[int, int]:
    """Solve what can share the products of the first problem; what stalls stays in `problems`.

    Returns:
        Of each shock of these, the first that comes to the same.
    """
    # Of shocks that come to the same, as closing a closed way, one is solved.
    alike: dict[bytes, list[int]] = {}
    for k in stackable(problems):
        alike.setdefault(problems[k].wedges.key, []).append(k)
    together = list(alike.values())
    first_of = {k: same[0] for same in together for k in same}
    # One alone gains nothing from company, but what it starts from still helps it.
    if not together or (len(together) == 1 and start is None):
        return first_of

    def done(rows: Index, solutions: list[Solution]) -> None:
        for b, solution in zip(rows, solutions, strict=True):
            if solution.certificate.status == "converged":
                for k in together[b]:
                    p = problems.pop(k)
                    kept.found[k] = Equilibrium(world, p.shock, p.horizon, transfers, solution)

    first = [same[0] for same in together]
    equilibrate_many(
        problems[first[0]].economy,
        [problems[k].wedges for k in first],
        transfer_rule=transfers,
        tolerance=tolerance,
        start=None if start is None else [start[k].solution.unknowns for k in first],
        precondition=response,
        watch=watch,
        done=done,
        told=kept.told,
    )
    return first_of
