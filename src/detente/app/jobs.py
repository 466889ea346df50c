"""Long jobs of the app: what they do, the process that they run in, and how they are watched.

`JOBS` names the jobs and `run` does one; each says how far it is, and can be stopped. `Workshop`
runs them in a second process, so that the page stays quick and a crash stays there. `Watched` sends
progress, parts and one result or fault as server-sent events.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import queue
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from detente._types import Transfers
from detente.analysis.answers import answer
from detente.analysis.comparisons import regime_state
from detente.analysis.departure import departure_of
from detente.analysis.extent import Extent
from detente.app.export import digest_of, draft_of
from detente.app.views import as_json, beside
from detente.errors import DetenteError
from detente.report.build import brief_stages, card_of
from detente.report.page_figures import asked_for, figure_bands

if TYPE_CHECKING:
    from starlette.requests import Request

    from detente.app.cases import Held
    from detente.app.export import Draft
    from detente.cases import Case, NamedScenario
    from detente.report import Views
    from detente.report.build import PartialBrief
    from detente.report.page_figures import PageFigure


#: Called with what is done, of how much, and what is next.
OnStage = Callable[[int, int, str], None]
#: Called with what there is before the end, in the form of the result.
Shown = Callable[[Any], None]
_CLAIMS = Extent(in_time=False, horizons=(), claims=True)
_DIGEST = "Case digest (SHA-256)"


class Stopped(Exception):
    """Nobody waits for the job any more."""


@dataclass(frozen=True)
class Job:
    """A long job.

    Attributes:
        kind: which of `JOBS`.
        case: as the scenario has it.
        key: of case and scenario; equal keys have equal answers.
        date: another day than the case's own; None for that.
        horizon: another than the case's own; None for that.
        transfers: another rule than the case's own; None for that.
        draft: the file that holds the scenario, if the case as it stands does not.
        full: with all regimes in time, the other horizons, claims and sanctions by design.
        draws: of the parameters.
        seed: of the draws.
        figures: what draws keep.
    """

    kind: str
    case: Case
    key: str
    date: dt.date | None = None
    horizon: str | None = None
    transfers: Transfers | None = None
    draft: Draft | None = field(default=None, repr=False)
    full: bool = False
    draws: int = 0
    seed: int = 0
    figures: tuple[PageFigure, ...] = ()

    @property
    def stem(self) -> str:
        """What files made of it are called: marked where the state is not the case's own."""
        state = departure_of(self.case, self.date, self.horizon, self.transfers)
        return state.stem(self.case.name)


def job_of(held: Held, case: Case, scenarios: Sequence[NamedScenario], **more: Any) -> Job:
    """The job on a case in a scenario.

    Args:
        held: the case as the app holds it.
        case: the case in the first scenario.
        scenarios: that one, and others that stand beside it in the case file.
        more: other attributes of the job.
    """
    first = scenarios[0]
    changed = first.measures or first.in_force or first.parameters or held.added
    if changed or held.case.path is None:
        return Job(case=case, draft=draft_of(held, scenarios), **more)
    # The case's own file answers it, with options of the command line.
    return Job(
        case=held.case,
        date=first.date,
        horizon=first.horizon,
        transfers=first.transfers,
        **more,
    )


def run(job: Job, on_stage: OnStage, shown: Shown) -> Any:
    """Do a job; plain values, or text for a brief."""
    return JOBS[job.kind](job, on_stage, shown)


def views(job: Job, on_stage: OnStage, shown: Shown) -> dict[str, Any]:
    """The document `brief` of the scenario; trade is shown before the negotiation."""
    name = f"{job.key}/{job.full}"
    digest = _digest(job)
    if name not in _cache:
        for made in _stages(job, on_stage):
            if made.complete:
                _keep(name, made)
            else:
                shown(_views(made, digest).plain())
    return _views(_cache[name], digest).plain()


def brief(job: Job, on_stage: OnStage, shown: Shown) -> str:
    """The brief as one HTML file: what `detente brief` writes.

    Without `full`, the negotiation and the back-test are in it all the same.
    """
    from detente.report import brief_html

    del shown
    *_, last = _stages(job, on_stage)
    return brief_html(_views(last, _digest(job)), annex=True)


def bands(job: Job, on_stage: OnStage, shown: Shown) -> dict[str, Any]:
    """The figures of the scenario over draws of the parameters, 5 to 95 %, and what moves them."""
    from detente.analysis import Scenarios, run_draws

    guide = Scenarios(job.case, date=job.date, horizon=job.horizon, transfers=job.transfers)
    span = {"horizon": guide.horizon, "transfers": guide.transfers}
    asked = asked_for(job.figures, [regime_state("regime", job.case, guide.date, **span)])
    ensemble = run_draws(
        job.case,
        asked,
        draws=job.draws,
        seed=job.seed,
        processes=1,
        progress=lambda done: on_stage(done, job.draws, "draws of the parameters"),
        so_far=lambda some: shown(figure_bands(job.figures, asked, some)),
        guide=guide,
    )
    ensemble.enough()
    return figure_bands(job.figures, asked, ensemble)


def claims(job: Job, on_stage: OnStage, shown: Shown) -> dict[str, Any]:
    """What others have said, held against the numbers of the case."""
    from detente.report.views.claims import claims_table

    del shown
    on_stage(0, 1, "claims")
    name = f"{job.key}/claims"
    found = _cache.get(name)
    if found is None:
        asked = partial(answer, job.case, job.date, job.horizon, transfers=job.transfers)
        found = _keep(name, asked(extent=_CLAIMS, draws=0))
    return beside(found.verdicts.to_dict(), [claims_table(found.verdicts)])


def card(job: Job, on_stage: OnStage, shown: Shown) -> dict[str, Any]:
    """A case in a sentence, with what it brings or costs its parties, of its first stage."""
    del shown
    name = f"{job.key}/card"
    found: dict[str, Any] | None = _cache.get(name)
    if found is None:
        asked = partial(card_of, job.case, job.date, job.horizon, transfers=job.transfers)
        found = _keep(name, asked(on_stage=on_stage))
    return found


JOBS: dict[str, Callable[[Job, OnStage, Shown], Any]] = {
    "views": views,
    "brief": brief,
    "bands": bands,
    "claims": claims,
    "card": card,
}


def _stages(job: Job, on_stage: OnStage) -> Iterator[PartialBrief]:
    """A brief, stage by stage, with the bands that are packaged and with the back-test."""
    return brief_stages(
        job.case,
        job.date,
        job.horizon,
        transfers=job.transfers,
        full=job.full,
        record=True,
        paths=True,
        processes=1,
        on_stage=on_stage,
    )


def _digest(job: Job) -> str | None:
    """The digest of the file that holds the scenario; None for the case's own."""
    return None if job.draft is None else digest_of(job.draft)


def _views(made: PartialBrief, digest: str | None) -> Views:
    """The views, with that digest in place of the one of the file that the case came from."""
    found = made.views()
    if digest is None:
        return found
    table = found.tables["reproduce"]
    rows = tuple((_DIGEST, digest) if row[0] == _DIGEST else row for row in table.rows)
    return replace(found, tables={**found.tables, "reproduce": replace(table, rows=rows)})


_cache: dict[str, Any] = {}
_MOST = 12


def _keep(name: str, value: Any) -> Any:
    """A value kept for the next job; the one kept longest is forgotten."""
    while len(_cache) >= _MOST:
        _cache.pop(next(iter(_cache)))
    _cache[name] = value
    return value


#: Called from the workshop's thread with ("progress" | "part" | "result" | "fault" | "stopped",
#: what).
Report = Callable[[str, Any], None]
#: Kinds of reports after which more come.
UNDER_WAY = ("progress", "part")
#: What ends a search in the other process; None where there are no such signals.
STOP = getattr(signal, "SIGUSR1", None)
#: Seconds in which a signal that ended the other process is known here as well.
_SIGNAL_ARRIVES = 0.5
#: What the other process says when it can be signalled.
_BEGUN = "begun"
_log = logging.getLogger(__name__)


class Busy(DetenteError, RuntimeError):
    """More jobs wait than the workshop takes."""


@dataclass(eq=False)
class Order:
    """A job that waits or runs.

    Attributes:
        job: what to do.
        report: told how it goes.
        client: whose it is; empty where it is nobody's.
        stopped: set when nobody waits for it any more.
    """

    job: Job
    report: Report
    client: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self.stopped.set()


class Workshop:
    """Does one job at a time in a process of its own, started when it is first needed.

    Of one client's jobs of a kind only the latest is done.

    Args:
        most: jobs that may wait.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._orders: queue.Queue[Order | None] = queue.Queue()
        self._waiting: list[Order] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closed = threading.Event()

    def order(self, job: Job, report: Report, client: str = "") -> Order:
        """Have a job done.

        Raises:
            Busy: too many wait, or the server ends.
        """
        order = Order(job, report, client)
        with self._lock:
            if self._closed.is_set():
                raise Busy("The server ends.", "Start it again.")
            for other in self._waiting:
                if client and other.client == client and other.job.kind == job.kind:
                    other.cancel()
            self._waiting = [o for o in self._waiting if not o.stopped.is_set()]
            if len(self._waiting) >= self.most:
                raise Busy("Too many long computations wait.", "Try again in a moment.")
            self._waiting.append(order)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
        self._orders.put(order)
        return order

    def start(self) -> None:
        """Have the process ready before the first job."""
        with self._lock:
            if self._process is None and not self._closed.is_set():
                self._begin()

    def close(self) -> None:
        """End the process; waiting jobs are told."""
        with self._lock:
            self._closed.set()
            for order in self._waiting:
                order.cancel()
            thread, process = self._thread, self._process
        self._orders.put(None)
        if process is not None:
            process.terminate()
            process.join(2)
        if thread is not None:
            thread.join(2)

    def _work(self) -> None:
        while True:
            order = self._orders.get()
            if order is None:
                return
            try:
                if not order.stopped.is_set():
                    self._do(order)
            finally:
                with self._lock:
                    if order in self._waiting:
                        self._waiting.remove(order)

    def _do(self, order: Order) -> None:
        try:
            with self._lock:
                if self._closed.is_set():
                    order.report("stopped", None)
                    return
                if self._process is None or not self._process.is_alive():
                    self._begin()
            pipe = self._pipe
            assert pipe is not None
            pipe.send(order.job)
            begun = told_to_stop = False
            while True:
                if pipe.poll(0.05):
                    kind, what = pipe.recv()
                    if kind == _BEGUN:
                        begun = True
                        continue
                    order.report(kind, what)
                    if kind not in UNDER_WAY:
                        return
                if order.stopped.is_set():
                    if not told_to_stop:
                        pipe.send(None)
                    told_to_stop = True
                    if begun:
                        self._interrupt()
        except (EOFError, OSError, BrokenPipeError):
            self._process = None
            # A signal to the whole group may end the other process before the server knows of it.
            if self._closed.wait(_SIGNAL_ARRIVES):
                order.report("stopped", None)
                return
            order.report("fault", "The computation broke off. Try again, or change less at once.")

    def _interrupt(self) -> None:
        """End the search that runs; one that sends just then is asked again."""
        process = self._process
        if STOP is not None and process is not None and process.pid and process.is_alive():
            os.kill(process.pid, STOP)

    def _begin(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def _serve(pipe: Connection) -> None:
    """The other process: jobs in, progress, parts and results out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this one
    if hasattr(os, "nice"):
        os.nice(5)  # what is on the screen goes first
    _load()
    bench = _Bench(pipe)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        if job is not None:  # None is a stop that came after the end
            bench.do(job)


def _load() -> None:
    """Import what jobs import late: a stop in the midst of that would leave half a module."""
    import scipy.stats

    from detente.analysis.negotiation import negotiate
    from detente.report import brief_html
    from detente.report.views.claims import claims_table

    del scipy, brief_html, claims_table, negotiate


class _Bench:
    """Where one job after the other is done.

    A stop comes by the pipe, which is looked at between parts of the work, and where there are
    signals by one, which also ends a search in its midst.
    """

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.interruptible = False
        if STOP is not None:
            signal.signal(STOP, self._stop)

    def do(self, job: Job) -> None:
        """Do a job and send what comes of it."""
        self.pipe.send((_BEGUN, None))
        self.pipe.send(self._outcome(job))

    def _stop(self, *_: object) -> None:
        if self.interruptible:
            self.interruptible = False
            raise Stopped

    def _told(self, done: int, total: int, what: str) -> None:
        self._send("progress", {"done": done, "total": total, "what": what})

    def _shown(self, part: Any) -> None:
        self._send("part", part)

    def _send(self, kind: str, what: Any) -> None:
        self.interruptible = False  # half a message would be the end of the pipe
        if self.pipe.poll(0):
            self.pipe.recv()
            raise Stopped
        self.pipe.send((kind, what))
        self.interruptible = True

    def _outcome(self, job: Job) -> tuple[str, Any]:
        from detente.analysis.uncertainty.draws import NoDraws
        from detente.cases import CaseError
        from detente.negotiation import NegotiationError
        from detente.trade import NotConverged, ShockError
        from detente.world import WorldError

        expected = (CaseError, ShockError, NotConverged, WorldError, NegotiationError, NoDraws)
        try:
            self.interruptible = True
            found = run(job, self._told, self._shown)
            self.interruptible = False
        except Stopped:
            return "stopped", None
        except (*expected, ArithmeticError) as error:
            self.interruptible = False
            return "fault", str(error)
        except Exception as error:
            self.interruptible = False
            _log.exception("The job %s failed.", job.kind)
            name = type(error).__name__
            return "fault", f"The computation failed ({name}). Try other values."
        return "result", found


_HEARTBEAT = 0.25


class Watched:
    """A job that was ordered, seen from the event loop.

    Raises:
        Busy: too many jobs wait.
    """

    def __init__(self, workshop: Workshop, job: Job, client: str) -> None:
        loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

        def report(kind: str, what: Any) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._told.put_nowait, (kind, what))

        self.order: Order = workshop.order(job, report, client)

    async def events(self, request: Request) -> AsyncIterator[tuple[str, Any]]:
        """What is told, until the end; the job is stopped when the client goes away."""
        try:
            while True:
                try:
                    kind, what = await asyncio.wait_for(self._told.get(), _HEARTBEAT)
                except TimeoutError:
                    if self.order.stopped.is_set():
                        yield "stopped", None
                        return
                    if await request.is_disconnected():
                        return
                    continue
                yield kind, what
                if kind not in UNDER_WAY:
                    return
        finally:
            self.order.cancel()


async def as_events(watched: Watched, request: Request) -> AsyncIterator[bytes]:
    """The events of a job as `text/event-stream`."""
    async for kind, what in watched.events(request):
        yield f"event: {kind}\ndata: {as_json(what)}\n\n".encode()
