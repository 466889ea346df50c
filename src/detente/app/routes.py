"""The HTTP face of the app: what may be asked, and what it is answered with."""

from __future__ import annotations

import gzip
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp

from detente import __version__
from detente.analysis.closings import new_case, new_choices, one_measure
from detente.analysis.negotiation.deal_search import CriterionId
from detente.app import responses as answers
from detente.app.errors import REFUSALS, answer_errors, refused
from detente.app.export import workbook
from detente.app.jobs import Busy, Watched, as_events
from detente.app.limits import Limits
from detente.app.requests import (
    AdditionRequest,
    AnswerRequest,
    BriefRequest,
    ClosesRequest,
    CompareRequest,
    DealRequest,
    DealSearchRequest,
    DrawsRequest,
    FileRequest,
    InfluenceRequest,
    NewCaseRequest,
    ScenarioRequest,
    ThresholdsRequest,
    ViewsRequest,
    WorkbookRequest,
)
from detente.app.security import LOOPBACK, Guard
from detente.app.service import Service
from detente.app.views import as_json
from detente.cases import cases
from detente.cases.drafts.draft import known_places
from detente.documents.app import AppState
from detente.documents.goods import Commodity, Goods
from detente.documents.negotiation import Deal, DealSearch, DealThresholds
from detente.report.glossary import glossary
from detente.report.product_page import product_page
from detente.world.names import all_names
from detente.world.products import ProductTrade, commodity, goods

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `progress` (done, total, what) and `part` (what there "
        "is so far, in the form of the result) any number of times, then one `result`, `fault` or "
        "`stopped`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **REFUSALS,
}
#: A text in an address.
ShortText = Annotated[str, Query(max_length=2000)]
#: A name in the path of an address.
ShortName = Annotated[str, Path(max_length=200)]
_PAGE = {
    "app.js": "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    "THIRD-PARTY.txt": "text/plain; charset=utf-8",
}
#: Files of other rooms that the page draws with, by the package that holds them.
_SHARED = {"map.json": ("detente.report", "assets"), "names.json": ("detente.world", "data")}


def create_app(
    case: str = "belarus", *, hosts: Iterable[str] = LOOPBACK, limits: Limits | None = None
) -> ASGIApp:
    """The app, ready for a server.

    Args:
        case: what it opens with: a packaged case's name, or the path of a file.
        hosts: names under which it may be addressed, without port.
        limits: what a client may ask for.

    Returns:
        ASGIApp: for an ASGI server such as uvicorn.

    Raises:
        CaseError: faults of the case.
    """
    bounds = limits or Limits()
    service = Service(bounds, case)
    service.cases.open(service.start)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.workshop.start()
        threading.Thread(target=service.warm, daemon=True).start()
        yield
        service.workshop.close()

    app = FastAPI(
        title="détente",
        version=__version__,
        description="What a sanction does to everyone it touches: the local app.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    app.state.service = service
    answer_errors(app)
    _page(app)
    _quick(app, service, CapacityLimiter(bounds.solves))
    _long(app, service)
    _files(app, service, CapacityLimiter(1))
    return Guard(app, hosts=hosts, body=bounds.body, file=bounds.file)


def _page(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def page(request: Request) -> Response:
        return _packed(request, "detente.app", "assets", "index.html", "text/html; charset=utf-8")

    @app.get("/assets/{name}", include_in_schema=False)
    def asset(request: Request, name: str) -> Response:
        if name in _PAGE:
            return _packed(request, "detente.app", "assets", name, _PAGE[name])
        if name in _SHARED:
            return _packed(request, *_SHARED[name], name, "application/json")
        return refused(404, f"There is no file {name[:80]!r}.")


def _packed(request: Request, package: str, folder: str, name: str, media: str) -> Response:
    """A file of the page, compressed for clients that take it so."""
    file = files(package).joinpath(folder, name)
    headers = {"vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.read_bytes(), media_type=media, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(_gzip(file.read_bytes()), media_type=media, headers=headers)


@lru_cache(maxsize=16)
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _quick(app: FastAPI, service: Service, solves: CapacityLimiter) -> None:
    """What is answered at once."""
    waiting = 0

    async def solved(work: Any, *given: Any) -> Any:
        nonlocal waiting
        if waiting >= service.limits.waiting:
            raise Busy("Too many answers are waited for.", "Try again in a moment.")
        waiting += 1
        try:
            return await to_thread.run_sync(work, *given, limiter=solves)
        finally:
            waiting -= 1

    @app.get("/api/health")
    async def health() -> answers.Health:
        """Whether the server answers."""
        ready = service.ready.is_set()
        return answers.Health(status="ready" if ready else "warming", version=__version__)

    @app.get("/api/cases")
    def packaged() -> answers.CasesAnswer:
        """The packaged cases."""
        lines = [answers.CaseLine(case=c.name, title=c.title, summary=c.summary) for c in cases()]
        return answers.CasesAnswer(cases=lines, start=service.start)

    @app.get("/api/cards")
    def cards() -> answers.CardsAnswer:
        """What each packaged case answers, where that is packaged; else ask `/api/card`."""
        return answers.CardsAnswer.model_validate({"cards": service.cards()})

    @app.get("/api/glossary")
    def terms() -> answers.GlossaryAnswer:
        """The terms that stand in details only, each explained in two sentences at most."""
        found = [t for t in glossary() if not t.front]
        return answers.GlossaryAnswer(
            terms=[answers.TermAnswer(words=list(t.words), meaning=t.meaning) for t in found]
        )

    @app.post("/api/case", responses={200: {"model": answers.Sheet}, **REFUSALS})
    async def case(query: FileRequest) -> Response:
        """A case as its controls show it; scenarios sent along are checked against it."""
        sheet = await solved(service.checked, query)
        return JSONResponse(sheet)

    @app.post("/api/added/check", responses={200: {"model": answers.AdditionAnswer}, **REFUSALS})
    async def addition(query: AdditionRequest) -> Response:
        """A measure before it is added: every fault at its field, or what it closes."""
        return JSONResponse(await solved(service.addition, query))

    @app.post(
        "/api/upload",
        responses={200: {"model": answers.Sheet}, **REFUSALS},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/yaml": {"schema": {"type": "string"}}},
            }
        },
    )
    async def upload(request: Request) -> Response:
        """A case file opened; it is data only, and reads no other file."""
        content = await request.body()
        sheet = await solved(service.upload, content)
        return JSONResponse(sheet)

    @app.post("/api/answer", responses={200: {"model": AppState}, **REFUSALS})
    async def answer(query: AnswerRequest) -> Response:
        """Who gains and who pays, prices, shares and flows of a scenario."""
        service.expect(query.client, query.sequence)
        return Response(await solved(service.answer, query), media_type="application/json")

    @app.post("/api/prepare", status_code=204, responses=REFUSALS)
    async def prepare(query: ScenarioRequest) -> None:
        """Make the answers of a horizon quick, before they are asked for."""
        await solved(service.prepare, query)

    @app.post("/api/idle", responses={200: {"model": answers.IdleAnswer}, **REFUSALS})
    async def idle(query: ScenarioRequest) -> answers.IdleAnswer:
        """The controls that move nothing in trade in a scenario, each with the reason."""
        return answers.IdleAnswer(idle=await solved(service.idle, query))

    @app.post("/api/influence", responses={200: {"model": answers.InfluenceAnswer}, **REFUSALS})
    async def influence(query: InfluenceRequest) -> answers.InfluenceAnswer:
        """Whom each control of a scenario moves most, and by how much."""
        found = await solved(service.influence, query)
        return answers.InfluenceAnswer.model_validate(found, from_attributes=True)

    @app.post("/api/compare", responses={200: {"model": answers.ComparisonAnswer}, **REFUSALS})
    async def compare(query: CompareRequest) -> Response:
        """The document `comparison` of some scenarios, and tables and charts that show it."""
        return Response(await solved(service.compare, query), media_type="application/json")

    _deals(app, service, solved)
    _new(app, solved)
    _goods(app, solved)


def _new(app: FastAPI, solved: Callable[..., Awaitable[Any]]) -> None:
    """A new case from sentences."""

    @app.get("/api/new/choices", responses={200: {"model": answers.NewChoices}, **REFUSALS})
    async def choices(search: ShortText = "") -> Response:
        """What a new case may name: places, goods, blocs, and how a sentence is written."""
        return JSONResponse(await solved(new_choices, search))

    @app.post("/api/new/check", responses={200: {"model": answers.NewCaseAnswer}, **REFUSALS})
    async def check(query: NewCaseRequest) -> Response:
        """Every fault of a form at its field, and what each sound measure closes."""
        return JSONResponse((await solved(new_case, query.form)).to_dict())

    @app.post("/api/new/closes", responses={200: {"model": answers.NewCaseAnswer}, **REFUSALS})
    async def closes(query: ClosesRequest) -> Response:
        """The same of one measure alone."""
        found = await solved(one_measure, query.measure, query.date)
        return JSONResponse(found.to_dict())

    @app.post(
        "/api/new/file",
        response_class=Response,
        responses={200: {"content": {"application/yaml": {}}}, **REFUSALS},
    )
    async def written(query: NewCaseRequest) -> Response:
        """The case file of a form without faults."""
        found = (await solved(new_case, query.form)).require()
        return _attached(found.text, "application/yaml; charset=utf-8", f"{found.draft.name}.yaml")


def _goods(app: FastAPI, solved: Callable[..., Awaitable[Any]]) -> None:
    """The narrow goods of the product layer, to be read only."""

    def traded(hs: str, exporter: str, importer: str, years: str) -> ProductTrade:
        return commodity(
            hs, years=years.strip() or None, exporter=_names(exporter), importer=_names(importer)
        )

    @app.get("/api/places", responses={200: {"model": answers.PlacesAnswer}})
    def places() -> answers.PlacesAnswer:
        """The groups and countries whose trade may be asked for."""
        codes = (code for code in all_names() if code != "ROW")
        return answers.PlacesAnswer.model_validate({"places": known_places(codes)})

    @app.get("/api/goods", responses={200: {"model": Goods}})
    def listed() -> Response:
        """The document `goods`: all goods of the product layer."""
        return Response(as_json(goods().to_dict()), media_type="application/json")

    @app.get("/api/goods/{hs}", responses={200: {"model": Commodity}, **REFUSALS})
    async def trade(
        hs: ShortName, exporter: ShortText = "", importer: ShortText = "", years: ShortText = ""
    ) -> Response:
        """The document `commodity`: the flows of a good, named by its code or name.

        Sellers and buyers are codes, names and groups between commas, `years` a year or
        `2019:2024`. What is left out is all of them.
        """

        def work() -> str:
            return as_json(traded(hs, exporter, importer, years).to_dict())

        return Response(await solved(work), media_type="application/json")

    @app.get("/api/goods/{hs}/page", responses={200: {"model": answers.GoodPage}, **REFUSALS})
    async def shown(
        hs: ShortName, exporter: ShortText = "", importer: ShortText = "", years: ShortText = ""
    ) -> Response:
        """The same in a sentence, a picture, a paragraph and tables, as the page shows it."""

        def work() -> str:
            return as_json(product_page(traded(hs, exporter, importer, years)).to_dict())

        return Response(await solved(work), media_type="application/json")


def _deals(app: FastAPI, service: Service, solved: Callable[..., Awaitable[Any]]) -> None:
    """The deal as a question: by a body with a scenario, or by an address."""
    of_deal: dict[int | str, dict[str, Any]] = {200: {"model": Deal}, **REFUSALS}
    of_search: dict[int | str, dict[str, Any]] = {200: {"model": DealSearch}, **REFUSALS}

    @app.post("/api/deal", responses=of_deal)
    async def deal(query: DealRequest) -> Response:
        """The document `deal`: who signs a package, what each gives and gets, whether it lasts."""
        return Response(await solved(service.deal, query), media_type="application/json")

    @app.get("/api/deal", responses=of_deal)
    async def deal_at(case: ShortText = "belarus", moves: ShortText = "") -> Response:
        """The same of a case as its file has it; ids of moves between commas."""
        query = DealRequest(case=case, moves=_names(moves))
        return Response(await solved(service.deal, query), media_type="application/json")

    @app.post("/api/deal/thresholds", responses={200: {"model": DealThresholds}, **REFUSALS})
    async def flips(query: ThresholdsRequest) -> Response:
        """The document `thresholds`: at which value of what a side cares about the answer flips."""
        return Response(await solved(service.thresholds, query), media_type="application/json")

    @app.post("/api/deal/find", responses=of_search)
    async def find(query: DealSearchRequest) -> Response:
        """The document `deal_search`: a deal by a criterion, or which condition to drop."""
        return Response(await solved(service.find_deal, query), media_type="application/json")

    @app.get("/api/deal/find", responses=of_search)
    async def find_at(
        case: ShortText = "belarus",
        criterion: CriterionId = "fairest",
        without: ShortText = "",
        signed_by: ShortText = "",
    ) -> Response:
        """The same of a case as its file has it; names between commas."""
        query = DealSearchRequest(
            case=case,
            criterion=criterion,
            without=_names(without),
            signed_by=_names(signed_by) or None,
        )
        return Response(await solved(service.find_deal, query), media_type="application/json")


def _names(text: str) -> list[str]:
    """Names between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _long(app: FastAPI, service: Service) -> None:
    """What takes seconds, as events."""

    async def streamed(
        request: Request, kind: str, query: ScenarioRequest, **more: Any
    ) -> Response:
        job = await to_thread.run_sync(lambda: service.job(kind, query, **more))
        watched = Watched(service.workshop, job, query.client)
        return StreamingResponse(as_events(watched, request), media_type="text/event-stream")

    @app.post("/api/views", response_class=StreamingResponse, responses=_EVENTS)
    async def views(request: Request, query: ViewsRequest) -> Response:
        """The document `brief` of a scenario: trade first, then the negotiation."""
        return await streamed(request, "views", query, kept=query.kept, full=query.full)

    @app.post("/api/bands", response_class=StreamingResponse, responses=_EVENTS)
    async def bands(request: Request, query: DrawsRequest) -> Response:
        """The document `bands` of a scenario: its figures over draws of the parameters."""
        return await streamed(request, "bands", query, draws=query.draws, seed=query.seed)

    @app.post("/api/claims", response_class=StreamingResponse, responses=_EVENTS)
    async def claims(request: Request, query: ScenarioRequest) -> Response:
        """The document `claims` of a scenario, and beside it the table that shows it."""
        return await streamed(request, "claims", query)

    @app.post("/api/card", response_class=StreamingResponse, responses=_EVENTS)
    async def card(request: Request, query: ScenarioRequest) -> Response:
        """A case in a sentence, with what it brings or costs its parties: `sentence`, `bars`."""
        return await streamed(request, "card", query)

    @app.post("/api/brief/stream", response_class=StreamingResponse, responses=_EVENTS)
    async def brief(request: Request, query: BriefRequest) -> Response:
        """The brief of a scenario as one HTML file, which is the result, with progress."""
        return await streamed(request, "brief", query, kept=query.kept, full=query.full)


def _attached(content: bytes | str, media: str, name: str) -> Response:
    """A file to keep, under its name; old browsers get the part of it that is ASCII."""
    stem, _, kind = name.rpartition(".")
    safe = "".join(c for c in stem if c.isalnum() or c in "-_.") or "detente"
    ascii_only = safe.encode("ascii", "ignore").decode() or "detente"
    headers = {
        "content-disposition": f'attachment; filename="{ascii_only}.{kind}"; '
        f"filename*=UTF-8''{quote(f'{safe}.{kind}', safe='')}"
    }
    return Response(content, media_type=media, headers=headers)


def _files(app: FastAPI, service: Service, one: CapacityLimiter) -> None:
    """What is kept."""

    @app.post(
        "/api/file",
        response_class=Response,
        responses={200: {"content": {"application/yaml": {}}}, **REFUSALS},
    )
    async def file(query: FileRequest) -> Response:
        """The case file with what was added and with its scenarios."""
        name, text = await to_thread.run_sync(service.file, query, limiter=one)
        return _attached(text, "application/yaml; charset=utf-8", f"{name}.yaml")

    @app.post(
        "/api/brief",
        response_class=Response,
        responses={200: {"content": {"text/html": {}}}, **REFUSALS},
    )
    async def download(request: Request, query: BriefRequest) -> Response:
        """The brief of a scenario as one HTML file."""
        job = await to_thread.run_sync(
            lambda: service.job("brief", query, kept=query.kept, full=query.full)
        )
        watched = Watched(service.workshop, job, query.client)
        async for kind, what in watched.events(request):
            if kind == "result":
                name = f"detente-{job.stem}.html"
                return _attached(what, "text/html; charset=utf-8", name)
            if kind == "fault":
                return refused(422, what)
        return refused(409, "A later request is being answered.", code="superseded")

    @app.post(
        "/api/workbook",
        response_class=Response,
        responses={
            200: {
                "content": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {}}
            },
            **REFUSALS,
        },
    )
    async def book(
        query: WorkbookRequest, name: Annotated[str, Query(max_length=120)] = "table"
    ) -> Response:
        """A table of the page as a workbook."""
        content = await to_thread.run_sync(workbook, query, limiter=one)
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _attached(content, media, f"{name}.xlsx")
