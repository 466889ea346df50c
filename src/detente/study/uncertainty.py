"""Draws over every parameter that has a range: bands, and which parameters move a figure."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from detente.study.assessing import Scenarios
from detente.study.economy import world_of

if TYPE_CHECKING:
    from detente.case import Case
    from detente.trade import Horizon

Array = NDArray[np.float64]
Transfers = Literal["fixed", "proportional", "zero"]
#: What a draw contributes: named arrays, of the same shapes in every draw.
Collect = Callable[[Scenarios], dict[str, Array]]

_WORTH_PROCESSES = 32
_CHUNK = 8


@dataclass(frozen=True)
class Uncertain:
    """One parameter that is drawn.

    Attributes:
        name: of a parameter of the case, or `horizon.NAME` for one of the horizon's.
        value: the central value, the mode of its distribution.
        low: lowest value thought possible.
        high: highest.
    """

    name: str
    value: float
    low: float
    high: float

    def quantile(self, p: Array) -> Array:
        """Values of the triangular distribution from low over value to high, at probabilities."""
        width = self.high - self.low
        mode = min(max((self.value - self.low) / width, 0.0), 1.0)
        left = np.sqrt(p * mode)
        right = 1 - np.sqrt((1 - p) * (1 - mode))
        return np.asarray(self.low + width * np.where(p < mode, left, right))


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
    """Every parameter with a range, of the case and of the horizon, in a fixed order."""
    from detente.trade import horizon_parameters

    out = [
        Uncertain(name, p.value, *p.range)
        for name, p in case.parameters.items()
        if p.range is not None and p.range[0] < p.range[1]
    ]
    for name, entry in horizon_parameters()[horizon or case.horizon].items():
        if isinstance(entry, dict) and "range" in entry:
            out.append(Uncertain(f"horizon.{name}", entry["value"], *entry["range"]))
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

    Returns:
        Ensemble: of the draws that converged. A cancellation (Ctrl-C) keeps those that were done.
    """
    uncertain = uncertain_of(case, horizon)
    table = sample(uncertain, draws, seed)
    job = Job(case, collect, tuple(u.name for u in uncertain), table, horizon, transfers)
    count = processes or (os.cpu_count() or 1)
    parts = _serial(job) if count == 1 or draws < _WORTH_PROCESSES else _parallel(job, count)
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
        parameters={u.name: table[order, d] for d, u in enumerate(uncertain)},
        asked=draws,
        done=done,
        failed=done - len(kept),
        seed=seed,
    )


def sample(uncertain: list[Uncertain], draws: int, seed: int) -> Array:
    """The values of every draw, (draws, parameters)."""
    from scipy.stats import qmc

    if not uncertain:
        return np.zeros((draws, 0))
    power = max(math.ceil(math.log2(max(draws, 1))), 0)
    sobol = qmc.Sobol(len(uncertain), scramble=True, rng=np.random.default_rng(seed))
    points = sobol.random_base2(power)[:draws]
    return np.column_stack([u.quantile(points[:, d]) for d, u in enumerate(uncertain)])


@dataclass(frozen=True, eq=False)
class Job:
    """What every draw needs, so that it can be run anywhere.

    Attributes:
        case: at its central values.
        collect: what to keep of a draw.
        names: of the parameters drawn.
        table: their values, (draws, parameters).
        horizon: as in `assess`.
        transfers: as in `assess`.
    """

    case: Case
    collect: Collect
    names: tuple[str, ...]
    table: Array
    horizon: str | None
    transfers: Transfers | None

    def guide(self) -> Scenarios:
        """The scenarios at central values, which every draw starts from."""
        return Scenarios(self.case, horizon=self.horizon, transfers=self.transfers)

    def draw(self, k: int, guide: Scenarios | None) -> dict[str, Array] | None:
        """What one draw contributes; None where it has no equilibrium or did not converge.

        Without a guide the regimes start from the draw's base year.
        """
        from detente.case import CaseError
        from detente.trade import NotConverged, ShockError, horizon_named
        from detente.world import WorldError

        values = dict(zip(self.names, self.table[k].tolist(), strict=True))
        own = {n: v for n, v in values.items() if not n.startswith("horizon.")}
        named: Horizon = horizon_named(self.horizon or self.case.horizon)
        span = replace(
            named, **{n.split(".")[1]: v for n, v in values.items() if n.startswith("horizon.")}
        )
        try:
            case = self.case.with_parameters(own)
            return self.collect(
                Scenarios(
                    case,
                    date=self.case.date,
                    horizon=span,
                    transfers=self.transfers,
                    world=world_of(case),
                    guide=guide,
                )
            )
        except (CaseError, WorldError, ShockError, NotConverged):
            return None


def _serial(job: Job) -> Iterator[tuple[int, dict[str, Array] | None]]:
    guide = job.guide()
    for k in range(len(job.table)):
        yield k, job.draw(k, guide)


_local: dict[str, tuple[Job, Scenarios]] = {}


def _begin(job: Job) -> None:
    _local["job"] = (job, job.guide())


def _some(rows: range) -> list[tuple[int, dict[str, Array] | None]]:
    job, guide = _local["job"]
    return [(k, job.draw(k, guide)) for k in rows]


def _parallel(job: Job, processes: int) -> Iterator[tuple[int, dict[str, Array] | None]]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    chunks = [range(k, min(k + _CHUNK, len(job.table))) for k in range(0, len(job.table), _CHUNK)]
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(job,)
    ) as pool:
        try:
            for part in pool.map(_some, chunks):
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
