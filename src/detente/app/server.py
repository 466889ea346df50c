"""The server under the app: it ends when it is told to, and waits for no half request."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from detente.app.security import GIVEN_UP

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from detente.app.jobs import Workshop


#: Seconds from the first moment of a connection, or the first byte of a later request on it, in
#: which a request has to be there whole. A case file of 256 KiB takes less on any line.
WHOLE_WITHIN = 20.0
#: Seconds for answers under way once the server is told to end, and then for all the rest.
_ANSWERS, _ALL = 1, 1.7
_INCOMPLETE = (h11.IDLE, h11.SEND_BODY)


class _Impatient(H11Protocol):
    """Closes connections on which a request is begun and not ended."""

    within = WHOLE_WITHIN
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on only if the request has an end to come."""
        super().data_received(data)
        if self.conn.their_state in _INCOMPLETE:
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.within, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.conn.their_state in _INCOMPLETE and not self.transport.is_closing():
            if self.scope is not None:
                self.scope["state"][GIVEN_UP] = self.within
            self.transport.close()


class Server(uvicorn.Server):
    """Ends within two seconds of SIGINT or SIGTERM, whatever is under way.

    Args:
        app: the app, from `create_app`.
        within: seconds in which a request has to be there whole.
    """

    def __init__(self, app: ASGIApp, within: float = WHOLE_WITHIN) -> None:
        protocol = type("Impatient", (_Impatient,), {"within": within})
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=_ANSWERS,
            )
        )
        inner: Any = app
        self._workshop: Workshop = inner.app.state.service.workshop
        self._told = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End jobs and their streams first: the server waits for connections to close."""
        if not self._told:
            self._told = True
            # Not here: a signal comes in the midst of whatever holds the workshop's lock.
            threading.Thread(target=self._workshop.close, daemon=True).start()
            last = threading.Timer(_ALL, _leave)
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def _leave() -> None:
    """Threads that solve cannot be stopped: leave without them, and end the other process."""
    for process in multiprocessing.active_children():
        process.kill()
    os._exit(0)
