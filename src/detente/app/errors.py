"""What is refused, and why: every error as one message and a list of faults, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from detente.app import responses as answers
from detente.app.cache import OverBudget, Superseded
from detente.app.cases import UnknownCase
from detente.app.jobs import Busy
from detente.app.requests import AnswerRequest
from detente.cases import CaseError, Fault
from detente.cases.errors import dotted
from detente.cases.load import complaints
from detente.negotiation import NegotiationError
from detente.trade import NotConverged, ShockError
from detente.world import WorldError

if TYPE_CHECKING:
    Handler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]

FAILED = "The server failed at this request; the page can be used on. Its terminal says more."
REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"model": answers.Refusal, "description": "This server does not hold the case."},
    409: {"model": answers.Refusal, "description": "A later request of the client came in."},
    413: {"model": answers.Refusal, "description": "Too large."},
    422: {"model": answers.Refusal, "description": "Faults of what was sent, or no equilibrium."},
    429: {"model": answers.Refusal, "description": "Too much is asked at once."},
    500: {"model": answers.Refusal, "description": "The server failed; it goes on."},
}
#: Status and code of errors that are expected; a code is for the page, a message for readers.
_EXPECTED: dict[type[Exception], tuple[int, str]] = {
    UnknownCase: (404, "unknown_case"),
    Superseded: (409, "superseded"),
    OverBudget: (422, "over_budget"),
    CaseError: (422, ""),
    ShockError: (422, ""),
    NotConverged: (422, ""),
    WorldError: (422, ""),
    NegotiationError: (422, ""),
    ArithmeticError: (422, ""),
    Busy: (429, "busy"),
}


def refused(
    status: int, message: str, faults: Iterable[Fault] = (), code: str = ""
) -> JSONResponse:
    """A refusal as the page reads it."""
    listed = [
        {"key": f.key, "message": f.message, "remedy": f.remedy, "line": f.line} for f in faults
    ]
    return JSONResponse({"code": code, "message": message, "faults": listed}, status)


def answer_errors(app: FastAPI) -> None:
    """Have every error answered: what is expected with its reason, anything else as a failure."""

    async def nested(_: Request, error: Exception) -> Response:
        del error
        return refused(422, "What was sent is nested too deep.")

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return refused(422, "What was sent has faults.", _translated(error))

    async def other(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refused(error.status_code, str(error.detail))

    async def failed(_: Request, error: Exception) -> Response:
        del error  # the guard tells the terminal
        return refused(500, FAILED, code="failed")

    for kind, (status, code) in _EXPECTED.items():
        app.add_exception_handler(kind, _handler(status, code))
    app.add_exception_handler(RecursionError, nested)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, other)
    app.add_exception_handler(Exception, failed)


def _handler(status: int, code: str) -> Handler:
    async def answered(_: Request, error: Exception) -> Response:
        faults = error.faults if isinstance(error, CaseError) else ()
        return refused(status, str(error), faults, code)

    return answered


class _Errors:
    """What FastAPI found, as `cases.load.complaints` reads it."""

    def __init__(self, error: RequestValidationError) -> None:
        self.found = [
            {**e, "loc": tuple(e["loc"][1:]), "ctx": e.get("ctx", {})} for e in error.errors()
        ]

    def errors(self, *, include_url: bool = False) -> list[dict[str, Any]]:
        del include_url
        return self.found


def _translated(error: RequestValidationError) -> list[Fault]:
    return [
        Fault(0, dotted(path), message, remedy)
        for path, message, remedy in complaints(_Errors(error), AnswerRequest)  # type: ignore[arg-type]
    ]
