"""Whatever fits the OpenAPI description is answered or refused: the server never fails."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, openapi

QUICK = ("/api/health", "/api/cases", "/api/case", "/api/answer", "/api/compare", "/api/workbook")
LONG = ("/api/views", "/api/bands", "/api/claims", "/api/brief", "/api/prepare")
FILES = ("/api/file", "/api/upload")


@pytest.fixture(scope="module")
def schema(served):
    return openapi.from_dict(httpx.get(f"{served.address}/api/openapi.json").json())


def test_the_description_is_complete(schema):
    paths = schema.raw_schema["paths"]
    assert set(paths) == {*QUICK, *LONG, *FILES}
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["description"], path
            content = operation["responses"].get("200", {}).get("content")
            assert content or "204" in operation["responses"], path
            assert all(c.get("schema") != {} for c in (content or {}).values()), path


@pytest.mark.parametrize(
    ("path", "mode"),
    [(path, GenerationMode.POSITIVE) for path in (*QUICK, "/api/file")]
    + [(path, GenerationMode.NEGATIVE) for path in (*QUICK[2:], "/api/file")],
)
def test_no_request_breaks_the_server(schema, served, path, mode):
    """Generated requests, fitting and not: none ends in a 5xx, and every refusal says why."""
    operations = [result.ok() for result in schema.get_all_operations()]
    (operation,) = (o for o in operations if o.path == path)

    @seed(1)
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        if isinstance(case.body, dict) and "case" in case.body:
            case.body = {**case.body, "case": "belarus"}
        response = case.call(base_url=served.address)
        assert response.status_code < 500
        if response.status_code in (404, 409, 413, 422, 429):
            assert response.json()["message"]

    send()
