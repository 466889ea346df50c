"""Work that goes on in a second process while the first goes on with its own."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")
_work: dict[str, Callable[[], Any]] = {}


def aside(work: Callable[[], _T]) -> Callable[[], _T]:
    """Begin some work beside one's own, and say how to have its result.

    A fork begins with all that was computed so far. Where there is none, or no second processor,
    the work is done when its result is asked for.

    Args:
        work: what to do; its result can be pickled.

    Returns:
        To be called once, for the result or the error of the work.
    """
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2:
        return work
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _work["next"] = work
    pool = ProcessPoolExecutor(1, mp_context=get_context("fork"))
    with warnings.catch_warnings():
        # Threads of the linear algebra library are idle here, and stay in the parent.
        warnings.simplefilter("ignore", DeprecationWarning)
        begun = pool.submit(_do)

    def result() -> _T:
        with pool:
            found: _T = begun.result()
        return found

    return result


def _do() -> Any:
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    return _work["next"]()
