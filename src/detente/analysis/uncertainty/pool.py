"""Where draws are run: one after the other, or in processes that an interruption leaves alone."""

from __future__ import annotations

import pickle
import signal
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from detente._types import Array
from detente.analysis.scenarios import Scenarios
from detente.analysis.uncertainty.failures import Failure, failure_of
from detente.analysis.uncertainty.ranges import Ranged, of_time, spans, uncertain_of, with_drawn
from detente.cases.resolve import world_of

#: What a draw contributes: named arrays, of the same shapes in every draw.
Collect = Callable[[Scenarios], dict[str, Array]]
#: Draws by their place, as they are done: what each contributes, or why it contributes nothing.
Drawn = dict[str, Array] | Failure
Done = Generator[tuple[int, Drawn], None, None]

_CHUNK = 2
#: Windows waits for no more processes than this at once.
_MOST = 61 if sys.platform == "win32" else 1024
#: Largest relative violation that a draw's equilibria may show. Against 1e-9 it moves a figure by
#: less than a thousandth of a USD million, and the end of a band by far less than one more draw.
TOLERANCE = 1e-8


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

    def draw(self, k: int, *, guided: bool = True) -> Drawn:
        """What one draw contributes, or why it has no answer.

        Without the guide the regimes start from the draw's base year.
        """
        from detente.cases import CaseError
        from detente.trade import NotConverged, ShockError
        from detente.world import WorldError

        guide = self.guide
        uncertain = uncertain_of(guide.case, guide.horizon)
        of_case, of_world = np.split(self.points[k], [len(uncertain)])
        at = dict(zip((u.name for u in uncertain), of_case, strict=True))
        own = {u.name: float(u.quantile(at[u.name])) for u in uncertain if not of_time(u)}
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
                    spans=spans(at),
                    guide=guide if guided else None,
                )
            )
        except (CaseError, WorldError, ShockError, NotConverged) as error:
            return failure_of(k, error)


def serial(job: Job) -> Done:
    """All draws in this process."""
    for k in range(len(job.points)):
        yield k, job.draw(k)


@contextmanager
def interruptions_held() -> Iterator[None]:
    """Keep Ctrl-C waiting while processes start, which then never see it.

    A terminal sends it to all of them; only the first is to act on it. A signal that is held when
    a process forks stays held in the fork.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_local: dict[str, Job] = {}


def _begin(job: Job) -> None:
    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As many processes as processors: threads of the linear algebra would only wait for each other.
    threadpool_limits(1)
    _local["job"] = job


def _begin_from(file: str) -> None:
    _begin(pickle.loads(Path(file).read_bytes()))


@contextmanager
def _handed(job: Job, forked: bool) -> Iterator[tuple[Callable[..., None], tuple[Job | str]]]:
    """How a process gets the job: a fork has it, another one reads a file that only the user can.

    What is handed over while a process starts has to be small: one that ends before it has read it,
    as where a script is run again, would leave this one waiting.
    """
    if forked:
        yield _begin, (job,)
        return
    with TemporaryDirectory(prefix="detente-") as folder:
        file = Path(folder) / "job.pickle"
        file.write_bytes(pickle.dumps(job))
        yield _begin_from, (str(file),)


def _some(rows: range) -> list[tuple[int, Drawn]]:
    return [(k, _local["job"].draw(k)) for k in rows]


def parallel(job: Job, processes: int) -> Done:
    """All draws in some processes, in their order."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    total = len(job.points)
    chunks = [range(k, min(k + _CHUNK, total)) for k in range(0, total, _CHUNK)]
    # A fork begins with all that was solved; where there is none, each process solves it again.
    forked = sys.platform == "linux"
    context = get_context("fork" if forked else "spawn")
    if forked:
        job.guide.prepare()
    with (
        _handed(job, forked) as (begin, given),
        ProcessPoolExecutor(
            min(processes, _MOST), mp_context=context, initializer=begin, initargs=given
        ) as pool,
    ):
        try:
            with interruptions_held(), warnings.catch_warnings():
                # Threads of the linear algebra library are idle here, and stay in the parent.
                warnings.simplefilter("ignore", DeprecationWarning)
                parts = pool.map(_some, chunks)
            for part in parts:
                yield from part
        finally:
            # Leaving the pool shuts it down again, which would undo a cancellation still under way.
            pool.shutdown(cancel_futures=True)
