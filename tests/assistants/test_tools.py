"""The tools for assistants, asked by the protocol's own client."""

from __future__ import annotations

import json
import shlex
import sys
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from typer.testing import CliRunner

from detente.assistants import Answers, tool_server
from detente.cli import app
from detente.report.overview.chapter import QUESTIONS

from ..cli.conftest import TEXT
from ..documents.schema import faults

TOOLS = [q.replace("-", "_") for q in QUESTIONS]


class Asked:
    """A server in memory that keeps what it worked out."""

    def __init__(self) -> None:
        self.answers = Answers()

    def call(self, tool: str, **arguments: Any) -> Any:
        async def ask() -> Any:
            async with Client(tool_server(self.answers)) as client:
                return await client.call_tool(tool, arguments)

        return anyio.run(ask)

    def answer(self, tool: str, **arguments: Any) -> dict[str, Any]:
        found = self.call(tool, **arguments)
        assert not found.is_error, found.content
        assert json.loads(json.dumps(found.structured_content)) == found.structured_content
        return dict(found.structured_content)

    def message(self, tool: str, **arguments: Any) -> str:
        found = self.call(tool, **arguments)
        assert found.is_error
        (said,) = found.content
        return str(said.text)


@pytest.fixture(scope="module")
def asked() -> Asked:
    return Asked()


def test_every_tool_reads_only_and_says_what_it_takes() -> None:
    async def listed() -> Any:
        async with Client(tool_server()) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in anyio.run(listed)}
    assert list(tools) == ["list_cases", "list_measures", *TOOLS]
    for tool in tools.values():
        assert tool.description
        assert tool.annotations.read_only_hint
    for name in TOOLS:
        properties = tools[name].input_schema["properties"]
        assert set(properties) == {"case", "date", "lift", "impose", "party", "draws"}
        assert all(p.get("description") for p in properties.values())
        assert tools[name].input_schema["required"] == ["case"]


def test_cases_and_measures_name_what_may_be_asked(asked: Asked) -> None:
    found = asked.answer("list_cases")
    assert faults(found) == []
    assert {"belarus", "elmira"} <= {line["case"] for line in found["cases"]}
    measures = asked.answer("list_measures", case="belarus", date="2026-01-10")
    potash = next(m for m in measures["measures"] if m["id"] == "us-potash")
    assert potash["in_force"] is False, "the licence of December 2025 ended it"
    own = asked.answer("list_measures", case="belarus")
    assert next(m for m in own["measures"] if m["id"] == "us-potash")["in_force"] is True
    assert {"id": "EU", "name": "European Union"} in own["parties"]


@pytest.mark.parametrize("tool", TOOLS)
def test_each_answer_is_that_of_the_brief_with_what_it_rests_on(asked: Asked, tool, brief) -> None:
    found = asked.answer(tool, case="belarus")
    assert faults(found) == []
    chapter = next(c for c in brief["overview"]["chapters"] if c["question"] == found["question"])
    assert found["sentences"] == [chapter["sentence"], chapter["paragraph"]]
    sure = next(c for c in brief["overview"]["chapters"] if c["id"] == "how-sure")
    assert found["verdict"] == sure["sentence"]
    assert found["bands"].startswith("Bands run from 5 to 95 %")
    assert found["draws"] == brief["draws"]
    assert found["hypothetical"] is False
    assert found["sources"], "every answer names what it rests on"
    assert any(source["href"].startswith("http") for source in found["sources"])
    given = dict(next(t for t in brief["tables"] if t["id"] == "reproduce")["rows"])
    assert found["reproduction"]["command"] == given["Command line"]
    assert found["reproduction"]["case_digest"] == given["Case digest (SHA-256)"]
    assert len(found["reproduction"]["case_digest"]) == 64


@pytest.fixture(scope="module")
def brief() -> dict[str, Any]:
    done = CliRunner().invoke(app, ["brief", "belarus", "--json"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def test_a_scenario_says_so_and_its_command_gives_the_same(asked: Asked, tmp_path) -> None:
    path = str(tmp_path / "wine.yaml")
    (tmp_path / "wine.yaml").write_text(TEXT, encoding="utf-8")
    found = asked.answer("who_pays", case=path, lift=["duty"], party="AUS")
    assert found["title"].startswith("Your scenario: ")
    assert found["title"].endswith(" (1 change)")
    assert found["sentences"][0].startswith("Your scenario, not the state of the case: ‘")
    command = shlex.split(found["reproduction"]["command"])
    assert command[:2] == ["detente", "brief"]
    assert "--lift duty" in found["reproduction"]["command"]
    command[2] = path
    done = CliRunner().invoke(app, [*command[1:], "--json"])
    assert done.exit_code == 0, done.output
    again = json.loads(done.stdout)
    assert again["title"] == found["title"]
    assert again["overview"]["effects"] == found["effects"]
    assert again["overview"]["chapters"][0]["sentence"] == found["sentences"][1]


def test_a_party_has_its_own_sentence_with_its_band(asked: Asked) -> None:
    found = asked.answer("who_pays", case="belarus", party="Lithuania")
    party = found["party"]
    assert party["id"] == "Lithuania"
    effect = next(e for e in found["effects"] if e["place"] == "LTU")
    assert (party["value"], party["low"]) == (effect["value"], effect["low"])
    assert party["sentence"] in found["sentences"]
    assert party["sentence"].startswith("The measures cost Lithuania USD 48 million (32 to 82)")


def test_a_case_without_trade_says_what_it_lacks(asked: Asked) -> None:
    found = asked.answer("who_pays", case="elmira")
    assert faults(found) == []
    assert found["answered"] is False
    assert found["sentences"] == ["The case has no trade, so it does not say who pays."]
    assert asked.answer("what_deal", case="elmira")["answered"] is True


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"case": "belarusia"}, "Did you mean belarus?"),
        ({"case": "belarus", "lift": ["us-potsh"]}, "Did you mean us-potash or "),
        ({"case": "belarus", "impose": ["nothing"]}, "there is no measure 'nothing'"),
        ({"case": "belarus", "lift": ["us-potash"], "impose": ["us-potash"]}, "Name it once."),
        ({"case": "belarus", "date": "1 June"}, "Write it as 2025-12-01."),
        ({"case": "belarus", "date": "0001-01-01"}, "Correct the year."),
        ({"case": "belarus", "party": "Lithuana"}, "Did you mean Lithuania?"),
        ({"case": "belarus", "draws": 5000}, "Ask for 0 to 200."),
        ({"case": "/no/such/file.yaml"}, "/no/such/file.yaml"),
    ],
)
def test_a_name_that_leads_nowhere_is_one_clear_message(asked: Asked, arguments, words) -> None:
    said = asked.message("who_pays", **arguments)
    assert words in said
    assert "Traceback" not in said


def test_the_command_serves_over_standard_input_and_output() -> None:
    async def ask() -> Any:
        script = "from detente.cli import main; main()"
        server = StdioServerParameters(command=sys.executable, args=["-c", script, "mcp"])
        async with Client(stdio_client(server)) as client:
            return await client.call_tool("what_deal", {"case": "elmira"})

    found = anyio.run(ask)
    assert not found.is_error
    assert found.structured_content["kind"] == "cited_answer"
    assert found.structured_content["sentences"]


def test_without_the_package_one_message_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    done = CliRunner().invoke(app, ["mcp"])
    assert done.exit_code == 1
    assert "pip install 'detente[mcp]'" in str(done.exception)
