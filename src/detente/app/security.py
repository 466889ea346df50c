"""What is refused before any work: other hosts, other sites' posts, bodies that are too large."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from detente.app.limits import kibibytes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
#: A Host header: a name, an IPv4 or a bracketed IPv6 address, and perhaps a port.
_HOST = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?")
_CODES = {413: "too_large"}
_SAFE = ("GET", "HEAD", "OPTIONS")
#: Where the server notes in a request's state that it closed it, and after how many seconds.
GIVEN_UP = "given_up_after"


class Guard:
    """Wraps an ASGI app; nothing reaches it that does not come from its own page.

    A page of another site cannot read answers of this server, but it could post to it, or, by
    rebinding its name to 127.0.0.1, read them: hence the checks of Host and of Origin.

    Args:
        app: the app.
        hosts: names under which it may be addressed, without port.
        body: most bytes of a request.
        file: most bytes of a case file, which the refusal of a larger request names.
    """

    def __init__(self, app: App, *, hosts: Iterable[str] = LOOPBACK, body: int, file: int) -> None:
        self.app = app
        self.hosts = frozenset(h.lower() for h in hosts)
        self.body = body
        self.file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: dict[str, str] = {}
        for key, value in scope["headers"]:
            name = key.decode("latin-1")
            # A name that stands twice is nobody's: the sum of both fits none that is known.
            before = f"{headers[name]}, " if name in headers else ""
            headers[name] = before + value.decode("latin-1")
        refusal = self._refusal(scope["method"], headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        counted = _Counted(receive, self.body)
        try:
            await self.app(scope, counted, _with_headers(send, counted))
        except Exception as error:
            # It was answered, see `refusals`; the server goes on.
            if not counted.over and not counted.broken:
                _log.error("%s %r", scope["method"], scope["path"], exc_info=error)
        if counted.broken and scope["method"] not in _SAFE:
            waited = scope.get("state", {}).get(GIVEN_UP)
            why = (
                "broken off by the client."
                if waited is None
                else f"closed by the server: it was not there whole after {waited:g} seconds."
            )
            _log.warning("%s %r: %s", scope["method"], scope["path"], why)
        if counted.over:
            await _refuse(send, 413, self._too_large())

    def _refusal(self, method: str, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return 421, f"This server does not answer to the name {host[:80]!r}."
        if method not in _SAFE:
            site = headers.get("sec-fetch-site")
            if site is not None and site not in ("same-origin", "none"):
                return 403, "Requests from pages of other sites are refused."
            origin = headers.get("origin")
            if origin is not None:
                try:
                    address = urlsplit(origin).netloc.lower()
                except ValueError:
                    return 400, f"The header Origin is no address: {origin[:80]!r}."
                if address != host.lower():
                    return 403, "Requests from pages of other sites are refused."
        length = headers.get("content-length")
        if length is not None and (not length.isdigit() or int(length) > self.body):
            return 413, self._too_large()
        return None

    def _too_large(self) -> str:
        return (
            f"What was sent has more than {kibibytes(self.body)} KiB, the most that a request may "
            f"have; a case file may have {kibibytes(self.file)} KiB. Leave out notes or claims of "
            "the case, or keep fewer scenarios."
        )


class _Counted:
    """Counts the bytes of a body whose length was not announced; beyond the most, it has ended.

    Attributes:
        broken: whether the connection ended before all of the body was there.
    """

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.left = receive, most
        self.broken = self._whole = False

    @property
    def over(self) -> bool:
        return self.left < 0

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.left -= len(message.get("body", b""))
            if self.over:
                return {"type": "http.disconnect"}
            self._whole = not message.get("more_body", False)
        elif message["type"] == "http.disconnect" and not self._whole:
            self.broken = True
        return message


def _name(host: str) -> str:
    """The name in a Host header, without its port; empty where it is no such header."""
    found = _HOST.fullmatch(host.lower())
    return found[1] if found else ""


def _with_headers(send: Send, counted: _Counted) -> Send:
    async def sent(message: Message) -> None:
        if counted.over:
            return  # what the app says of a body that broke off is replaced by the refusal
        if message["type"] == "http.response.start":
            given = {k.lower() for k, _ in message["headers"]}
            extra = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
            message["headers"] = [
                *message["headers"],
                *((k, v) for k, v in extra if k not in given),
            ]
        await send(message)

    return sent


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"code": _CODES.get(status, ""), "message": message, "faults": []}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    headers += [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
