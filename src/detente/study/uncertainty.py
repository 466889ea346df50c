"""Draws over every parameter that has a range: bands, and which parameters move a figure."""

from __future__ import annotations

import math
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.study.economy import world_of
from detente.study.elasticity_ranges import Ranged, Uncertain, with_drawn
from detente.study.scenarios import Scenarios

if TYPE_CHECKING:
    from detente.case import Case
    from detente.trade import Horizon

Array = NDArray[np.float64]
Transfers = Literal["fixed", "proportional", "zero"]
#: What a draw contributes: named arrays, of the same shapes in every draw.
Collect = Callable[[Scenarios], dict[str, Array]]

_WORTH_PROCESSES = 6
_CHUNK = 2
#: Largest relative violation that a draw's equilibria may show. Against 1e-9 it moves a figure by
#: less than a thousandth of a USD million, and the end of a band by far less than one more draw.
TOLERANCE = 1e-8
_HORIZON = "horizon."


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What was collected over the draws that converged.

    Attributes:
        values: by name, the draws stacked along the first axis.
        parameters: by name, the values drawn, in the same order.
        asked: how many draws were asked for.
        done: how many were run; fewer after a cancellation.
        failed: how many of those did not converge or had no equilibrium; they are in no band.
        seed: of the draws.
    """

    values: dict[str, Array] = field(repr=False)
    parameters: dict[str, Array] = field(repr=False)
    asked: int
    done: int
    failed: int
    seed: int

    def band(self, name: str, level: float = 0.9) -> tuple[Array, Array]:
        """The lower and upper end of the central band of that probability, 5 to 95 % as given."""
        tail = (1 - level) / 2
        low, high = np.quantile(self.values[name], [tail, 1 - tail], axis=0)
        return low, high

    def drivers(self, name: str, at: tuple[int, ...] = ()) -> list[tuple[str, float]]:
        """Which parameters move a figure: Spearman's rank correlation, strongest first.

        Args:
            name: of the collected values.
            at: the position within each draw's array.
        """
        figure = _ranks(np.array([draw[at] for draw in self.values[name]]))
        found = [(k, _correlation(_ranks(v), figure)) for k, v in self.parameters.items()]
        return sorted(found, key=lambda pair: -abs(pair[1]))


def uncertain_of(case: Case, horizon: str | None = None) -> list[Uncertain]:
    """Every parameter with a range, of the case and of the horizons, in a fixed order.

    A number of the horizons is drawn once for all of them, at the same point of each one's range;
    it is listed as it is at this horizon, or where it has no range there, at the first that has.
    """
    out = [
        Uncertain(name, p.value, *p.range)
        for name, p in case.parameters.items()
        if p.range is not None and p.range[0] < p.range[1]
    ]
    return out + uncertain_horizons(horizon or case.horizon)


def uncertain_horizons(horizon: str) -> list[Uncertain]:
    """Every number of the horizons with a range, as it is at one; see `uncertain_of`."""
    return [r.get(horizon) or next(iter(r.values())) for r in _of_horizons().values()]


def _of_horizons() -> dict[str, dict[str, Uncertain]]:
    """Numbers of the horizons that have a range, by number and horizon."""
    from detente.trade import horizon_parameters

    out: dict[str, dict[str, Uncertain]] = {}
    for horizon, entries in horizon_parameters().items():
        for name, entry in entries.items():
            if isinstance(entry, dict) and "range" in entry:
                drawn = Uncertain(f"{_HORIZON}{name}", entry["value"], *entry["range"])
                out.setdefault(drawn.name, {})[horizon] = drawn
    return out


def run_draws(
    case: Case,
    collect: Collect,
    *,
    draws: int,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
    guide: Scenarios | None = None,
    elasticities: Sequence[Ranged] = (),
) -> Ensemble:
    """Answer a case under many draws of its uncertain parameters.

    Each parameter follows a triangular distribution over its range with its value as mode,
    independently of the others. The draws are a scrambled Sobol sequence: the first n of more draws
    are the same n, whatever the number of processes.

    Args:
        case: the case.
        collect: what to keep of a draw; importable from a module if several processes are used.
        draws: how many.
        seed: of the sequence.
        horizon: as in `assess`.
        transfers: as in `assess`.
        processes: how many; as many as there are processors if None and worth it.
        progress: called with the number of draws done so far.
        guide: scenarios at central values that were solved before, on the day, at the horizon and
            under the transfer rule of the draws; those of the arguments if None.
        elasticities: of the world's own goods, drawn too; see `ranged_elasticities`.

    Returns:
        Ensemble: of the draws that converged. A cancellation (Ctrl-C) keeps those that were done.
    """
    if guide is None:
        guide = Scenarios(case, horizon=horizon, transfers=transfers)
    uncertain = [*uncertain_of(case, guide.horizon), *(r.uncertain for r in elasticities)]
    points = sample(len(uncertain), draws, seed)
    job = Job(guide, collect, points, tuple(elasticities))
    count = processes or (os.cpu_count() or 1)
    parts = (
        _serial(job)
        if count == 1 or (processes is None and draws < _WORTH_PROCESSES)
        else _parallel(job, count)
    )
    return gather(parts, uncertain, points, seed=seed, progress=progress)


def gather(
    parts: Iterable[tuple[int, dict[str, Array] | None]],
    uncertain: Sequence[Uncertain],
    points: Array,
    *,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """Draws put together as they come; a cancellation (Ctrl-C) keeps those that were done.

    Args:
        parts: the number of each draw and what it contributes, None where it failed.
        uncertain: what was drawn, D.
        points: at which probabilities, (draws, D).
        seed: of the points.
        progress: called with the number of draws done so far.
    """
    kept: dict[int, dict[str, Array]] = {}
    done = 0
    try:
        for k, found in parts:
            done += 1
            if found is not None:
                kept[k] = found
            if progress is not None:
                progress(done)
    except KeyboardInterrupt:
        pass
    order = sorted(kept)
    names = kept[order[0]] if order else {}
    return Ensemble(
        values={name: np.stack([kept[k][name] for k in order]) for name in names},
        parameters={u.name: u.quantile(points[order, d]) for d, u in enumerate(uncertain)},
        asked=len(points),
        done=done,
        failed=done - len(kept),
        seed=seed,
    )


def sample(parameters: int, draws: int, seed: int) -> Array:
    """Where in its range each parameter lies in each draw, as probabilities (draws, parameters)."""
    from scipy.stats import qmc

    if not parameters:
        return np.zeros((draws, 0))
    power = max(math.ceil(math.log2(max(draws, 1))), 0)
    sobol = qmc.Sobol(parameters, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(sobol.random_base2(power)[:draws])


@dataclass(frozen=True, eq=False)
class Job:
    """What every draw needs, so that it can be run anywhere.

    Attributes:
        guide: the scenarios at central values, which every draw starts from.
        collect: what to keep of a draw.
        points: probabilities of the draws, (draws, parameters), in the order of `uncertain_of`,
            then of the elasticities.
        elasticities: of the world's own goods, drawn too.
    """

    guide: Scenarios
    collect: Collect
    points: Array
    elasticities: tuple[Ranged, ...] = ()

    def draw(self, k: int, *, guided: bool = True) -> dict[str, Array] | None:
        """What one draw contributes; None where it has no equilibrium or did not converge.

        Without the guide the regimes start from the draw's base year.
        """
        from detente.case import CaseError
        from detente.trade import NotConverged, ShockError
        from detente.world import WorldError

        guide = self.guide
        uncertain = uncertain_of(guide.case, guide.horizon)
        of_case, of_world = np.split(self.points[k], [len(uncertain)])
        at = dict(zip((u.name for u in uncertain), of_case, strict=True))
        own = {u.name: float(u.quantile(at[u.name])) for u in uncertain if not _of_time(u)}
        try:
            case = guide.case.with_parameters(own)
            world = with_drawn(world_of(case), self.elasticities, of_world)
            return self.collect(
                Scenarios(
                    case,
                    date=guide.date,
                    horizon=guide.horizon,
                    transfers=guide.transfers,
                    tolerance=max(guide.tolerance, TOLERANCE),
                    world=world,
                    spans=spans_at(at),
                    guide=guide if guided else None,
                )
            )
        except (CaseError, WorldError, ShockError, NotConverged):
            return None


def _of_time(uncertain: Uncertain) -> bool:
    return uncertain.name.startswith(_HORIZON)


def spans_at(at: Mapping[str, float]) -> dict[str, Horizon]:
    """The horizons with their numbers drawn."""
    from detente.trade import horizon_named, horizon_parameters

    drawn: dict[str, dict[str, Any]] = {horizon: {} for horizon in horizon_parameters()}
    for name, ranged in _of_horizons().items():
        for horizon, uncertain in ranged.items():
            value = float(uncertain.quantile(np.asarray(at[name])))
            drawn[horizon][name.removeprefix(_HORIZON)] = value
    return {h: replace(horizon_named(h), **values) for h, values in drawn.items()}


def _serial(job: Job) -> Iterator[tuple[int, dict[str, Array] | None]]:
    for k in range(len(job.points)):
        yield k, job.draw(k)


_local: dict[str, Job] = {}


def _begin(job: Job) -> None:
    from threadpoolctl import threadpool_limits

    # As many processes as processors: threads of the linear algebra would only wait for each other.
    threadpool_limits(1)
    _local["job"] = job


def _some(rows: range) -> list[tuple[int, dict[str, Array] | None]]:
    return [(k, _local["job"].draw(k)) for k in rows]


def _parallel(job: Job, processes: int) -> Iterator[tuple[int, dict[str, Array] | None]]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    total = len(job.points)
    chunks = [range(k, min(k + _CHUNK, total)) for k in range(0, total, _CHUNK)]
    # A fork begins with all that was solved; where there is none, each process solves it again.
    forked = sys.platform == "linux"
    context = get_context("fork" if forked else "spawn")
    if forked:
        job.guide.response()
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(job,)
    ) as pool:
        try:
            with warnings.catch_warnings():
                # Threads of the linear algebra library are idle here, and stay in the parent.
                warnings.simplefilter("ignore", DeprecationWarning)
                parts = pool.map(_some, chunks)
            for part in parts:
                yield from part
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _ranks(values: Array) -> Array:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def _correlation(a: Array, b: Array) -> float:
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
