"""Long jobs as server-sent events: progress and parts, then one result, one fault, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from detente.web.live import as_json
from detente.web.workshop import UNDER_WAY

if TYPE_CHECKING:
    from starlette.requests import Request

    from detente.web.jobs import Job
    from detente.web.workshop import Order, Workshop

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
    """The same as `text/event-stream`."""
    async for kind, what in watched.events(request):
        yield f"event: {kind}\ndata: {as_json(what)}\n\n".encode()
