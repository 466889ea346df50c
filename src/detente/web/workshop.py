"""A second process for long jobs, so that the page stays quick and a crash stays there."""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from detente.web.jobs import Job, Stopped, run

#: Called from the workshop's thread with ("progress" | "part" | "result" | "fault" | "stopped",
#: what).
Report = Callable[[str, Any], None]
#: Kinds of reports after which more come.
UNDER_WAY = ("progress", "part")
#: What ends a search in the other process; None where there are no such signals.
STOP = getattr(signal, "SIGUSR1", None)
#: What the other process says when it can be signalled.
_BEGUN = "begun"
_log = logging.getLogger(__name__)


class Busy(RuntimeError):
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
        self._closed = False

    def order(self, job: Job, report: Report, client: str = "") -> Order:
        """Have a job done.

        Raises:
            Busy: too many wait, or the server ends.
        """
        order = Order(job, report, client)
        with self._lock:
            if self._closed:
                raise Busy("The server ends. Start it again.")
            for other in self._waiting:
                if client and other.client == client and other.job.kind == job.kind:
                    other.cancel()
            self._waiting = [o for o in self._waiting if not o.stopped.is_set()]
            if len(self._waiting) >= self.most:
                raise Busy("Too many long computations wait. Try again in a moment.")
            self._waiting.append(order)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
        self._orders.put(order)
        return order

    def start(self) -> None:
        """Have the process ready before the first job."""
        with self._lock:
            if self._process is None and not self._closed:
                self._begin()

    def close(self) -> None:
        """End the process; waiting jobs are told."""
        with self._lock:
            self._closed = True
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
                if self._closed:
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
            if self._closed:
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

    from detente.brief import brief_html
    from detente.brief.claim_views import claims_table
    from detente.study.talking import talk

    del scipy, brief_html, claims_table, talk


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
        from detente.case import CaseError
        from detente.study.uncertainty import NoDraws
        from detente.talks import TalksError
        from detente.trade import NotConverged, ShockError
        from detente.world import WorldError

        expected = (CaseError, ShockError, NotConverged, WorldError, TalksError, NoDraws)
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
