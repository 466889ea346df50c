"""The public entry to the trade model: a world and shocks in, equilibria out.

`solve` answers one shock and `solve_many` many, as a `Batch` of the equilibria that exist and the
reasons why others do not. `base_of` gives the base year without trade deficits, from which shocks
under the rule `zero` start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, overload
from weakref import WeakKeyDictionary

import numpy as np

from detente._document import document
from detente._shown import Framed, Small, extremes, xarray
from detente._types import Transfers
from detente.trade._economy import economy_of
from detente.trade._problem import Problem, check, problem_of, stackable
from detente.trade._shock_wedges import Places
from detente.trade._solver import Watch, equilibrate, equilibrate_many
from detente.trade.equilibrium import Equilibrium
from detente.trade.errors import Interrupted, NotConverged, ShockError
from detente.trade.horizons import Horizon, horizon_named
from detente.trade.quotas import within_limits
from detente.trade.shocks import Shock
from detente.world import UnknownLabel

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr
    from matplotlib.axes import Axes

    from detente._types import Index
    from detente.trade._linear_response import Response
    from detente.trade._solution import Solution
    from detente.trade._wedges import Wedges
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


#: What one shock of many may fail with.
Reason = ShockError | UnknownLabel | NotConverged | Interrupted
REASONS = (ShockError, UnknownLabel, NotConverged)


@dataclass(frozen=True, eq=False, repr=False)
class Batch(Framed):
    """What `solve_many` has when it is told to keep going: equilibria, and reasons for gaps.

    Attributes:
        equilibria: one a shock, in their order; None where there is none.
        reasons: why there is none, by position of the shock.
        interrupted: whether Ctrl-C ended the work before every shock had its turn.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> rates = [detente.tariff("CHN", "USA", rate=r, added=True) for r in (0.1, 0.2)]
        >>> batch = detente.solve_many(world, rates, keep_going=True)
        >>> batch.sentence
        '2 of 2 shocks have an equilibrium.'
        >>> batch.to_frame().columns[:3]
        ['shock', 'country', 'income']
    """

    equilibria: tuple[Equilibrium | None, ...]
    reasons: Mapping[int, Reason]
    interrupted: bool

    @property
    def sentence(self) -> str:
        """How many shocks have an equilibrium, and the first reason why others have none."""
        total = len(self.equilibria)
        text = f"{total - len(self.reasons)} of {total} shocks have an equilibrium."
        left = sum(isinstance(r, Interrupted) for r in self.reasons.values())
        failed = {k: r for k, r in self.reasons.items() if not isinstance(r, Interrupted)}
        if failed:
            first = min(failed)
            text += f" {len(failed)} have none; shock {first}: {failed[first]}"
        if left:
            text += f" {left} had no turn before the interruption."
        return text

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many shocks have an equilibrium, then why each of the others has none."""
        return (self.sentence, *(f"Shock {k}: {why}" for k, why in self.reasons.items()))

    @property
    def solved(self) -> dict[int, Equilibrium]:
        """The equilibria that there are, by position of the shock."""
        return {k: one for k, one in enumerate(self.equilibria) if one is not None}

    def to_frame(self, what: Literal["countries", "goods", "trade"] = "countries") -> pl.DataFrame:
        """The results of all shocks as one polars frame.

        Args:
            what: as in `Equilibrium.to_frame`.

        Returns:
            polars.DataFrame: `shock`, the position of the shock, and the columns of
            `Equilibrium.to_frame`; a shock without an equilibrium has no rows.
        """
        import polars as pl

        frames = [
            found.to_frame(what).select(pl.lit(k, pl.Int64).alias("shock"), pl.all())
            for k, found in self.solved.items()
        ]
        return pl.concat(frames) if frames else pl.DataFrame(schema={"shock": pl.Int64})

    def to_xarray(self) -> xr.Dataset:
        """The results by shock and country as a dataset of xarray.

        Returns:
            xarray.Dataset: the equivalent variation in USD million a year, and the changes of real
            income and of wages as fractions, (shock, country); a shock without an equilibrium has
            none of them.

        Raises:
            PackageMissing: xarray is not installed; it is the extra `xarray`.
        """
        return xarray().concat(  # type: ignore[no-any-return]
            [
                found.to_xarray()[["equivalent_variation", "real_income_change", "wage_change"]]
                for found in self.solved.values()
            ],
            xarray().Variable("shock", list(self.solved)),
        )

    def plot(self, ax: Axes | None = None, most: int = 10) -> Axes:
        """How the equivalent variation varies over the shocks, for the countries most concerned.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.
            most: how many countries are shown: those whose median is largest in size.

        Returns:
            Axes: a box for each country, with median, quartiles, and lines from 5 to 95 %.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
            ShockError: no shock has an equilibrium.
        """
        from detente._plots import boxes

        found = list(self.solved.values())
        if not found:
            raise ShockError(
                "No shock has an equilibrium, so that there is nothing to draw.",
                "Read `reasons`, which says for each shock what would make it solvable.",
            )
        codes = found[0].world.countries
        worth = np.array([one.equivalent_variation.values for one in found])
        middle = np.median(worth, axis=0)
        largest = np.argsort(-np.abs(middle), kind="stable")[:most]
        shown = sorted(largest.tolist(), key=lambda k: float(middle[k]))
        return boxes(
            ax,
            [codes[k] for k in shown],
            worth[:, shown],
            f"Over {len(found)} shocks: median, quartiles, 5 to 95 %",
            f"equivalent variation, {found[0].equivalent_variation.unit}",
        )

    def to_dict(self) -> dict[str, Any]:
        """Every equilibrium as plain data, None where there is none, and the reasons.

        Returns:
            dict: a document with `schema_version`, as `--json` prints it.
        """
        return document(
            "batch",
            {
                "sentences": self.sentences,
                "interrupted": self.interrupted,
                "equilibria": [None if e is None else e.to_dict() for e in self.equilibria],
                "reasons": {k: str(why) for k, why in self.reasons.items()},
            },
        )

    def _lines(self) -> Sequence[str]:
        return (self.sentence,)

    def _small(self) -> Small | None:
        found = list(self.solved.values())
        if not found:
            return None
        codes = found[0].world.countries
        worth = np.array([one.equivalent_variation.values for one in found])
        low, middle, high = np.quantile(worth, (0.05, 0.5, 0.95), axis=0)
        rows = [
            (codes[k], float(middle[k]), float(low[k]), float(high[k]))
            for k in extremes(codes, middle.tolist(), 4)
        ]
        unit = found[0].equivalent_variation.unit
        return (
            f"Equivalent variation over the shocks, {unit}",
            ("country", "median", "5 %", "95 %"),
            rows,
        )


class Collected:
    """Equilibria and reasons as they come in; told which of the two an exception makes.

    Args:
        total: how many shocks there are.
        keep_going: keep the reason of a failure instead of raising it.
        progress: told how many shocks are done, and of how many.
    """

    def __init__(
        self, total: int, keep_going: bool, progress: Callable[[int, int], None] | None
    ) -> None:
        self.total, self.keep_going, self.progress = total, keep_going, progress
        self.found: dict[int, Equilibrium] = {}
        self.reasons: dict[int, Reason] = {}

    def failed(self, k: int, error: ShockError | UnknownLabel | NotConverged) -> None:
        """Keep why the k-th shock has no equilibrium, or raise it with what is finished."""
        if self.keep_going:
            self.reasons[k] = error
            return
        if not isinstance(error, UnknownLabel):
            error.finished = dict(self.found)
        error.add_note(f"This is shock {k} of {self.total}, counted from 0.")
        raise error

    def report_progress(self) -> None:
        """Report how far the work has come."""
        if self.progress is not None:
            self.progress(len(self.found) + len(self.reasons), self.total)

    def interrupted(self) -> None:
        """Keep what is finished when Ctrl-C ends the work, or raise it on with that."""
        error = Interrupted(
            f"Interrupted: {len(self.found)} of {self.total} shocks are solved; `finished` has "
            f"them."
        )
        if not self.keep_going:
            error.finished = dict(self.found)
            raise error from None
        for k in range(self.total):
            if k not in self.found and k not in self.reasons:
                self.reasons[k] = error

    def batch(self) -> Batch:
        """What there is."""
        cut = any(isinstance(r, Interrupted) for r in self.reasons.values())
        equilibria = tuple(self.found.get(k) for k in range(self.total))
        return Batch(equilibria, dict(sorted(self.reasons.items())), cut)


def solve(
    world: World,
    shock: Shock | None = None,
    horizon: str | Horizon = "long",
    transfers: Transfers = "fixed",
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
    transfers: Transfers = "fixed",
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
    transfers: Transfers = "fixed",
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
    transfers: Transfers = "fixed",
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
        response: of a neighbouring solution, from `_linear_response.response`; only the speed
            depends on it.
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
            f"There are {len(start)} equilibria to start from for {len(shocks)} shocks.",
            "Give one for each shock, or none.",
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
            kept.report_progress()
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
    def at(wedges: Wedges, near: Equilibrium | None) -> Equilibrium:
        solution = equilibrate(
            problem.economy,
            wedges,
            transfer_rule=transfers,
            component_n=problem.component_n,
            tolerance=tolerance,
            start=None if near is None else near.solution.unknowns,
            watch=watch,
            countries=world.countries,
        )
        return Equilibrium(world, problem.shock, problem.horizon, transfers, solution)

    if problem.wedges.limits:
        return within_limits(
            lambda wedges, near: at(wedges, near or start),
            lambda found: np.array([quota.quantity for quota in found.quotas]),
            problem.wedges,
        )
    return at(problem.wedges, start)


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
    # Of shocks that come to the same, as closing a closed route, one is solved.
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
        report_progress=kept.report_progress,
    )
    return first_of
