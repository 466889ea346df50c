"""A second process for long jobs, so that the page stays quick and a crash stays there."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from detente.web.jobs import Job, Stopped, run

#: Called from the workshop's thread with ("progress" | "result" | "fault", what).
Report = Callable[[str, Any], None]


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

    def order(self, job: Job, report: Report, client: str = "") -> Order:
        """Have a job done.

        Raises:
            Busy: too many wait.
        """
        order = Order(job, report, client)
        with self._lock:
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
            if self._process is None:
                self._begin()

    def close(self) -> None:
        """End the process; waiting jobs are told."""
        with self._lock:
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
                if self._process is None or not self._process.is_alive():
                    self._begin()
            pipe = self._pipe
            assert pipe is not None
            pipe.send(order.job)
            told_to_stop = False
            while True:
                if pipe.poll(0.05):
                    kind, what = pipe.recv()
                    if kind == "progress":
                        order.report(kind, what)
                        continue
                    order.report(kind, what)
                    return
                if order.stopped.is_set() and not told_to_stop:
                    pipe.send(None)
                    told_to_stop = True
        except (EOFError, OSError, BrokenPipeError):
            self._process = None
            order.report("fault", "The computation broke off. Try again, or change less at once.")

    def _begin(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def _serve(pipe: Connection) -> None:
    """The other process: jobs in, progress and results out."""
    import os
    import signal

    if hasattr(os, "nice"):
        os.nice(5)  # what is on the screen goes first
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        if job is None:
            continue  # a stop that came after the end

        def told(done: int, total: int, what: str) -> None:
            if pipe.poll(0):
                pipe.recv()
                raise Stopped
            pipe.send(("progress", {"done": done, "total": total, "what": what}))

        pipe.send(_outcome(job, told))


def _outcome(job: Job, told: Callable[[int, int, str], None]) -> tuple[str, Any]:
    from detente.case import CaseError
    from detente.trade import NotConverged, ShockError
    from detente.world import WorldError

    try:
        return "result", run(job, told)
    except Stopped:
        return "stopped", None
    except (CaseError, ShockError, NotConverged, WorldError, ArithmeticError) as error:
        return "fault", str(error)
    except Exception as error:
        return "fault", f"The computation failed ({type(error).__name__}). Try other values."
