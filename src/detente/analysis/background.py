"""Work that goes on in a second process while the first goes on with its own."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


_T = TypeVar("_T")


def run_in_background(work: Callable[[], _T]) -> Callable[[], _T]:
    """Begin some work beside one's own, and say how to have its result.

    A fork begins with all that was computed so far. Where there is none, or no second processor, or
    where this process is one that may have no children, the work is done when its result is asked
    for.

    Args:
        work: what to do; its result can be pickled.

    Returns:
        To be called once, for the result or the error of the work.
    """
    from multiprocessing import current_process, get_context

    childless = current_process().daemon
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2 or childless:
        return work

    from detente.analysis.uncertainty.pool import interruptions_held

    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    # A daemon ends with this process, whatever it is doing.
    process = context.Process(target=_do, args=(work, there), daemon=True)
    with interruptions_held(), warnings.catch_warnings():
        # Threads of the linear algebra library are idle here, and stay in the parent.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    there.close()

    def result() -> _T:
        try:
            found: _T = here.recv()
        except EOFError:
            return work()  # it failed there, or was ended: here its error is seen
        process.join()
        return found

    return result


def _do(work: Callable[[], Any], there: Connection) -> None:
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    with suppress(Exception):
        there.send(work())
