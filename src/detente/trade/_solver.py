"""From a base year and wedges to equilibria, with fall-backs before giving up."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array, Index
from detente.trade._anderson import FixedPoints, anderson
from detente.trade._economy import Economy
from detente.trade._evaluation import evaluate
from detente.trade._feasibility import unpayable, unpayable_words
from detente.trade._market import Markets
from detente.trade._solution import Layout, Solution, finished, layout_of
from detente.trade._system import System, prepare, shared_by
from detente.trade._wedges import Wedges
from detente.trade.errors import NotConverged

if TYPE_CHECKING:
    from detente.trade._linear_response import Response


#: Called before each evaluation; it may raise to end a search that nobody waits for.
Watch = Callable[[], None]
TRANSFER_RULES = ("fixed", "proportional", "zero")
_FIRST_TRY = 500
#: Shares of the tolerance that an iteration is taken to until the certificate holds; the last ones,
#: for a history in double precision, end at what the digits of a log can tell.
_SHARPER, _SHARPEST = (1.0, 0.1, 0.01, 0.001), (1e-4, 1e-5)
#: The share of a base flow that an embargo may let through to be easier to solve.
_LEAKAGE = 0.001
_MEMORY = 10
#: Of the differences that one batch remembers; a call holds one batch a thread, whatever the number
#: of shocks. Half of it costs a tenth of the speed of two threads, which then meet more often.
_HISTORY_BYTES = 18 * 2**20


def equilibrate(
    economy: Economy,
    wedges: Wedges,
    *,
    transfer_rule: str = "fixed",
    component_n: Index | None = None,
    tolerance: float = 1e-9,
    start: Array | None = None,
    watch: Watch | None = None,
    countries: Sequence[str] = (),
) -> Solution:
    """Solve one shock for all prices, incomes and spending at once.

    Anderson acceleration on the joint fixed point; where it stalls, once more with a history in
    double precision; where that stalls, the shock is brought in by steps, each started from the
    last, and its end is made as exact as digits allow.

    Args:
        economy: shares and levels of the base year.
        wedges: what changes.
        transfer_rule: `fixed`, `proportional` or `zero`.
        component_n: trading components, from `_feasibility.components`.
        tolerance: largest relative violation that the certificate may show.
        start: `unknowns` of a neighbouring solution.
        watch: called before each evaluation; what it raises ends the search.
        countries: their names, for messages.

    Raises:
        NotConverged: with the certificate's sentence, transfers that seem out of reach, and what
            may help.
    """
    system = prepare(economy, [wedges], transfer_rule=transfer_rule, component_n=component_n)
    layout = layout_of(system)
    known = start is not None and start.size == layout.size
    first = start[None, :] if known and start is not None else np.zeros((1, layout.size))
    solution = _refine(system, layout, first, tolerance, watch=watch)[0]
    if solution.certificate.status != "converged":
        solution = _refine(system, layout, first, tolerance, double=True, watch=watch)[0]
    if solution.certificate.status == "converged":
        return solution
    stalled = [solution]
    found, spent = _by_steps(system, layout, tolerance, watch)
    solution = finished(system, layout, found, tolerance, np.array([spent]))[0]
    if solution.certificate.status != "converged" and found.residual[0] <= tolerance:
        solution = _refine(system, layout, found.x, tolerance, double=True, watch=watch)[0]
    if solution.certificate.status == "converged":
        return solution
    stalled.append(solution)
    parts = [solution.certificate.sentence, "No number is returned."]
    broke = next((s for s in stalled if len(unpayable(s))), None)
    if broke is not None:
        parts.append(unpayable_words(broke, transfer_rule, countries))
    if transfer_rule == "fixed" and economy.transfer_n.any():
        other = prepare(economy, [wedges], transfer_rule="proportional", component_n=component_n)
        again = _refine(other, layout, np.zeros_like(first), tolerance, watch=watch)[0]
        if again.certificate.status == "converged":
            parts.append("Under the rule 'proportional' the same shock has an equilibrium.")
    remedy = _remedies(wedges, transfer_rule, broke is not None)
    raise NotConverged(" ".join(parts), remedy)


def _remedies(wedges: Wedges, rule: str, unpaid: bool) -> str:
    """What may help where the search stalled, what fits the shock first."""
    remedies = []
    if rule == "fixed":
        remedies.append("the rule 'proportional' or 'zero' for transfers")
    if unpaid and wedges.transfer_n.any():
        remedies.append("smaller transfers in the shock")
    if not unpaid:
        if len(wedges.route_groups) or wedges.carry.min(initial=1.0) < _LEAKAGE:
            remedies.append(f"a leakage for embargoes ({_LEAKAGE:g} is enough)")
        remedies += ["a longer horizon", "higher elasticities of input substitution"]
    return f"What may help: {', '.join(remedies)}, or a smaller shock."


def equilibrate_many(
    economy: Economy,
    wedges: Sequence[Wedges],
    *,
    transfer_rule: str = "fixed",
    tolerance: float = 1e-9,
    start: Sequence[Array] | None = None,
    precondition: Response | None = None,
    watch: Watch | None = None,
    done: Callable[[Index, list[Solution]], None],
    report_progress: Callable[[], None],
) -> None:
    """Solve many shocks of one base year together; the products are shared.

    What does not converge carries a certificate that says `stalled`; nothing is raised. Shocks are
    taken in batches whose history stays within `_HISTORY_BYTES`, on as many threads as there are
    processors; a batch is prepared when its turn comes, so that beside what all shocks share no
    more than one batch a thread is in memory. Interrupted, the batches that are being solved are
    still finished and passed on; those that wait are not begun.

    Args:
        economy: shares and levels of the base year.
        wedges: the shocks; all leave the countries in one trading component.
        transfer_rule: `fixed`, `proportional` or `zero`.
        tolerance: largest relative violation that a certificate may show.
        start: unknowns to start from, one vector (U,) a shock; ignored in a batch where one has
            other unknowns.
        precondition: of a neighbouring solution, see `tangent`; ignored if of other unknowns.
        watch: as in `equilibrate`, called from any of the threads.
        done: takes the positions of a batch and its solutions, in this thread.
        report_progress: called after that, but not for batches that an interruption left to be
        finished.
    """
    shared = shared_by(economy, wedges)

    def part(rows: Index) -> list[Solution]:
        own = [wedges[b] for b in rows]
        system = prepare(economy, own, transfer_rule=transfer_rule, shared=shared)
        layout = layout_of(system)
        near = precondition if precondition is None or precondition.size == layout.size else None
        begin = _begin(layout, start, rows)
        return _refine(system, layout, begin, tolerance, near, watch=watch)

    unknowns = Layout(economy, len(shared.fixed_at[0]), len(wedges[0].rooms.level_q)).size
    parts = np.array_split(np.arange(len(wedges)), _batches(len(wedges), unknowns))
    if len(parts) == 1:
        done(parts[0], part(parts[0]))
        report_progress()
        return
    # NumPy lets go of the interpreter's lock inside its loops and products.
    with ThreadPoolExecutor(min(len(parts), _processors())) as pool:
        waiting = {pool.submit(part, rows): rows for rows in parts}
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    done(waiting[future], future.result())
                    del waiting[future]
                    report_progress()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            for future, rows in waiting.items():
                if not future.cancelled() and future.exception() is None:
                    done(rows, future.result())
            raise


def _begin(layout: Layout, start: Sequence[Array] | None, rows: Index) -> Array:
    """Where a batch starts from, (B, U)."""
    vectors = [] if start is None else [start[b] for b in rows]
    if not vectors or any(v.size != layout.size for v in vectors):
        return np.zeros((len(rows), layout.size))
    return np.stack(vectors)


def _batches(shocks: int, unknowns: int) -> int:
    """Into how many batches shocks are split, so that each batch's history stays within memory.

    If one is not enough, every processor has as many.
    """
    most = max(1, _HISTORY_BYTES // (2 * _MEMORY * 4 * unknowns))
    least = -(-shocks // most)
    return least if least == 1 else min(-(-least // _processors()) * _processors(), shocks)


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _refine(
    system: System,
    layout: Layout,
    start: Array,
    tolerance: float,
    precondition: Response | None = None,
    *,
    double: bool = False,
    watch: Watch | None = None,
) -> list[Solution]:
    """Iterate until the certificates hold: a small residual may hide a larger relative gap."""
    solutions: dict[int, Solution] = {}
    rows = np.arange(len(start))
    spent = np.zeros(len(start), dtype=np.int64)
    x = start
    for sharper in (*_SHARPER, *_SHARPEST) if double else _SHARPER:
        part = system.some(rows)
        found = _run(
            part,
            layout,
            x,
            sharper * tolerance,
            _FIRST_TRY,
            precondition,
            double=double,
            watch=watch,
        )
        done = finished(part, layout, found, tolerance, spent[rows])
        solutions.update(zip(rows.tolist(), done, strict=True))
        spent[rows] += found.evaluations
        left = np.array(
            [
                s.certificate.status != "converged" and r <= tolerance
                for s, r in zip(done, found.residual, strict=True)
            ],
            dtype=bool,
        )
        rows, x = rows[left], found.x[left]
        if not len(rows):
            break
    return [solutions[b] for b in range(len(start))]


def _run(
    system: System,
    layout: Layout,
    start: Array,
    tolerance: float,
    most: int,
    precondition: Response | None = None,
    *,
    double: bool = False,
    watch: Watch | None = None,
) -> FixedPoints:
    held = system

    def g(x: Array, rows: Index) -> Array:
        nonlocal held
        if watch is not None:
            watch()
        if len(rows) != len(held.wedges):
            # Rows only ever leave, so that equal numbers are equal rows.
            held = system.some(rows)
        return layout.pack(evaluate(held, layout.unpack(x))[0])

    markets = Markets(system, layout) if precondition is not None else None
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # The safeguard of the iteration sees and undoes what overflows.
        return anderson(
            g,
            start,
            tolerance=0.1 * tolerance,
            most_evaluations=most,
            memory=_MEMORY,
            precondition=precondition,
            settle=markets if markets is not None and markets.goods else None,
            double=double,
        )


def _by_steps(
    system: System, layout: Layout, tolerance: float, watch: Watch | None
) -> tuple[FixedPoints, int]:
    """Bring the shock in by steps that shrink where the iteration stalls."""
    whole = system.wedges[0]
    x = np.zeros((1, layout.size))
    reached, step, spent = 0.0, 0.25, 0
    none = np.zeros(1, np.int64)
    found = FixedPoints(x, x, np.array([np.inf]), none, none)
    while reached < 1.0 and step > 1e-3 and spent < 6000:
        goal = min(1.0, reached + step)
        part = system
        if goal < 1.0:
            part = prepare(
                system.economy,
                [whole.partly(goal)],
                transfer_rule=system.transfer_rule,
                component_n=system.component_n,
            )
            if len(part.fixed_at[0]) != layout.rents:
                # A mine that the whole shock shuts is still at work on the way: start from there.
                return found, spent
        aim = tolerance if goal == 1.0 else 1e-6
        found = _run(part, layout, x, aim, _FIRST_TRY, double=True, watch=watch)
        spent += int(found.evaluations[0])
        if found.residual[0] <= aim:
            reached, x, step = goal, found.x, 1.5 * step
        else:
            step *= 0.5
    return found, spent
