"""Whatever fits the OpenAPI description is answered or refused: the server never fails."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi

from detente.app import jobs
from detente.cases import cases, load_case, read_files

from .tab import PATIENCE

PLAIN = (
    "/api/health",
    "/api/cases",
    "/api/cards",
    "/api/glossary",
    "/api/goods",
    "/api/goods/{hs}",
    "/api/goods/{hs}/page",
    "/api/new/choices",
    "/api/places",
)
ASKED = (
    "/api/case",
    "/api/answer",
    "/api/idle",
    "/api/influence",
    "/api/prepare",
    "/api/compare",
    "/api/deal",
    "/api/added/check",
    "/api/deal/find",
    "/api/deal/thresholds",
    "/api/new/check",
    "/api/new/closes",
    "/api/new/file",
    "/api/workbook",
    "/api/file",
    "/api/views",
    "/api/bands",
    "/api/claims",
    "/api/card",
    "/api/brief",
    "/api/brief/stream",
)
TEXT = ("/api/upload",)
PACKAGED = sorted(c.name for c in cases())
SAYS_WHY = (400, 404, 405, 409, 413, 415, 422, 429)
#: What failed before, or nearly: for every path that takes JSON.
HOSTILE = (
    '{"case": "elmira"}',
    '{"case": "elmira", "scenario": {"label": "now"}, "full": true}',
    '{"case": "elmira", "scenarios": [{"label": "now"}]}',
    '{"case": "\\ud800"}',
    '{"scenario": {"label": "\\ud800"}}',
    '{"scenarios": [{"label": "\\ud800"}, {"label": "a"}, {"label": "a"}]}',
    '{"scenario": {"label": "now", "measures": {"us-potash": "yes"}}}',
    '{"added": [{"id": "\\udfff", "label": NaN}]}',
    '{"columns": [{"key": "\\ud800"}], "rows": [["\\ud800", 1e999, {"a": []}]]}',
    '{"columns": [{"key": "a"}], "rows": [[NaN, "=1", [{"href": 3}]]]}',
    "[" * 3000,
    "",
    "\x00",
)


@pytest.fixture(scope="module")
def schema(served):
    return openapi.from_dict(
        httpx.get(f"{served.address}/api/openapi.json", timeout=PATIENCE).json()
    )


@pytest.fixture(autouse=True)
def _short_work(served, monkeypatch):
    """Long jobs end at once, after one event of every kind; their results are tested elsewhere."""
    workshop = served.app.app.state.service.workshop

    class Order:
        stopped = type("Never", (), {"is_set": staticmethod(lambda: False)})

        def cancel(self):
            pass

    def order(job, report, client=""):
        del client
        assert job.kind in jobs.JOBS
        report("progress", {"done": 0, "total": 1, "what": "all"})
        report("part", {"bands": {}})
        report("result", "text" if job.kind == "brief" else {})
        return Order()

    monkeypatch.setattr(workshop, "order", order)


def test_the_description_is_complete(schema):
    paths = schema.raw_schema["paths"]
    assert set(paths) == {*PLAIN, *ASKED, *TEXT}
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["description"], path
            content = operation["responses"].get("200", {}).get("content")
            assert content or "204" in operation["responses"], path
            assert all(c.get("schema") != {} for c in (content or {}).values()), path


def answered(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    if response.status_code in SAYS_WHY:
        assert response.json()["message"]


@pytest.mark.parametrize(
    ("path", "mode"),
    [(path, GenerationMode.POSITIVE) for path in (*PLAIN, *ASKED, *TEXT)]
    + [(path, GenerationMode.NEGATIVE) for path in (*ASKED, *TEXT)],
)
def test_no_request_breaks_the_server(schema, served, path, mode):
    """Generated requests, fitting and not: none ends in a 5xx, and every refusal says why."""
    operations = [result.ok() for result in schema.get_all_operations()]
    operation = max((o for o in operations if o.path == path), key=lambda o: o.method == "post")

    @seed(1)
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), name=st.sampled_from(PACKAGED))
    def send(case, name):
        if isinstance(case.body, dict) and path != "/api/workbook":
            case.body = {**case.body, "case": name}
        answered(case.call(base_url=served.address))

    send()


@pytest.mark.parametrize("path", ASKED)
def test_what_broke_the_server_before_is_answered(client, path):
    for body in HOSTILE:
        answered(client.post(path, content=body, headers={"content-type": "application/json"}))


@pytest.mark.parametrize("name", ["тест", "", "a/b\\..", "\ud7ff", '"; x="', "x" * 120, "\r\n"])
def test_any_name_of_a_file_will_do(client, name):
    table = {"columns": [{"key": "a"}], "rows": [["x"]]}
    response = client.post("/api/workbook", params={"name": name}, json=table)
    assert response.status_code == 200
    assert response.headers["content-disposition"].isascii()


@pytest.mark.parametrize("name", PACKAGED)
def test_every_packaged_case_can_be_opened_again(client, name):
    """Its sheet, an answer, and its own file, uploaded and written."""
    for path in ("/api/case", "/api/answer", "/api/prepare", "/api/views", "/api/brief"):
        assert client.post(path, json={"case": name}).status_code in (200, 204)
    content = read_files(name).one_file()[0].encode()
    own = client.post("/api/upload", content=content).json()
    assert own["trade"] is load_case(name).has_trade
    written = client.post("/api/file", json={"case": own["id"], "scenarios": [{"label": "now"}]})
    assert written.status_code == 200
