"""Every document that a command prints is as the published schema says, down to the last key."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

import detente
from detente.analysis import negotiation as talking
from detente.analysis.negotiation import negotiate
from detente.cli import COMMANDS, app
from detente.cli.negotiation import answered
from detente.documents.published import FILE, KINDS, SHOWN, document_schema, kind_of, schema_text
from detente.world.customs import read_customs

from .schema import faults

ROOT = Path(__file__).parents[2]
GOODS = ("--goods", "AGRI_MIN_FOOD")
#: By kind, commands that print a document of it.
ASKED: dict[str, tuple[tuple[str, ...], ...]] = {
    "brief": (("brief", "elmira", "--draws", "0"),),
    "cases": (("cases",),),
    "check": (("check", "belarus"), ("check", "elmira")),
    "equilibrium": (("solve", "--embargo", "RUS:EU:C24A"),),
    "world": (("world", "show"),),
    "world_check": (("world", "check"),),
    "world_comparison": (("world", "compare", "oecd-2020", "oecd28-2021"),),
    "worlds": (("world", "list"),),
    "goods": (("goods",),),
    "datasets": (("data", "list"),),
    "commodity": (
        ("goods", "270900", "--from", "RUS", "--years", "2019:2024"),
        ("goods", "lignite briquettes", "--to", "EU", "--years", "2024"),
    ),
    "sensitivity": (
        ("sensitivity", "belarus", "--draws", "0", "--each"),
        ("sensitivity", "oecd-2020", "--target", "RUS", "--sender", "USA", "--draws", "2"),
    ),
    "coalition": (
        ("coalition", "belarus"),
        ("coalition", "oecd-2020", "--target", "RUS", "--members", "USA,GBR", *GOODS),
    ),
    "design": (
        ("design", "oecd-2020", "--sender", "USA", "--partners", "CAN", *GOODS),
        ("design", "oecd-2020", "--target", "RUS", "--sender", "USA", *GOODS,
         "--instruments", "tariff,import_ban", "--leakage", "0.02"),
    ),
    "tariff_war": (("design", "oecd-2020", "--nash", "USA,CAN", *GOODS),),
    "why": (("why", "belarus"), ("why", "belarus", "--draws", "0", "--party", "US")),
    "why_onlooker": (
        ("why", "belarus", "--party", "HUN"),
        ("why", "belarus", "--party", "Canada"),
    ),
    "deals": (("deals", "belarus"), ("deals", "belarus", "--draws", "0")),
    "deal": (("deals", "belarus", "--moves", "us-potash,release-2025-12"),),
    "thresholds": (
        ("deals", "belarus", "--moves", "us-potash,release-2025-12", "--flips"),
        ("deals", "russia-coalition", "--criterion", "nash", "--signed-by", "US,UK", "--flips"),
    ),
    "deal_search": (
        ("deals", "belarus", "--criterion", "nash", "--signed-by", "US,Belarus"),
        ("deals", "belarus", "--without", "release-2025-12"),
    ),
    "steps": (("steps", "belarus"),),
    "blockers": (("blockers", "belarus"), ("blockers", "belarus", "--draws", "0")),
    "channels": (("channels", "belarus"), ("channels", "belarus", "--draws", "0")),
    "stable": (("stable", "belarus"), ("stable", "elmira")),
    "record": (("record", "belarus"), ("record", "--no-variants", "--draws", "0")),
    "claims": (("claims", "russia-coalition"),),
    "timeline": (("timeline", "russia-coalition"),),
    "comparison": (("compare", "russia-coalition", "--lift", "eu-energy"),),
}  # fmt: skip
#: Kinds that results have and no command prints.
IN_PYTHON = {"batch", "gradient", "assessment", "answer", "array", "negotiation"}
#: Kinds of the app, of assistants and of customs files: `tests/app` and `tests/assistants` hold the
#: first two against it.
BESIDE = {"state", "bands", "cited_answer", "customs_records"}
ASKS = [(kind, ask) for kind, asks in ASKED.items() for ask in asks]


@pytest.fixture(autouse=True)
def each_case_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer serves every command: what is tested here is what they print of it."""
    monkeypatch.setattr(talking, "negotiate", _answered)


_KNOWN: dict[tuple[object, ...], object] = {}


def _answered(case, *arguments, **options):
    of = getattr(case, "case", case)
    key = (of.name, *arguments, options.get("draws"), options.get("drawn") is None)
    if key not in _KNOWN:
        _KNOWN[key] = negotiate(case, *arguments, **options)
    return _KNOWN[key]


def printed(ask: tuple[str, ...]):
    done = CliRunner().invoke(app, [*ask, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize(("kind", "ask"), ASKS, ids=lambda x: x if isinstance(x, str) else None)
def test_what_a_command_prints_is_as_the_schema_says(kind, ask):
    found = printed(ask)
    assert list(found)[:2] == ["schema_version", "kind"]
    assert found["kind"] == kind
    assert faults(found) == []


def test_an_undocumented_key_is_a_fault():
    found = printed(("cases",))
    assert faults(found) == []
    found["cases"][0]["colour"] = "red"
    assert "colour" in faults(found)[0]
    del found["cases"][0]["colour"], found["cases"][0]["title"]
    assert "title" in faults(found)[0]


def test_documents_of_python_are_as_the_schema_says():
    world = detente.load_world("oecd-2020")
    ban = detente.embargo("RUS", "EU", "MANUF_EXFOOD")
    nobody = detente.embargo("*", "*", "*")
    batch = detente.solve_many(world, [ban, nobody], keep_going=True)
    gradient = detente.gradient(batch.equilibria[0], "RUS")
    assessed = detente.assess("russia-coalition", draws=2)
    parts = [batch.to_dict(), gradient.to_dict(), assessed.to_dict()]
    parts.append(detente.answer("russia-coalition", draws=0).to_dict())
    parts.append(gradient.iceberg_jni[:, "EU", "RUS"].to_dict())
    parts += [negotiate(name).to_dict() for name in ("russia-coalition", "elmira")]
    assert {one["kind"] for one in parts} == IN_PYTHON
    assert [faults(one) for one in parts] == [[]] * len(parts)
    assert parts[0]["equilibria"][1] is None
    assert list(parts[0]["reasons"]) == ["1"]
    assert set(batch.to_frame()["shock"]) == {0}
    assert len(gradient.to_dict(top=3)["flows"]) == 3
    assert any(flow["closed"] for flow in gradient.to_frame("flows").to_dicts())


@pytest.mark.parametrize(
    ("kind", "rows", "key"),
    [("deals", "packages", "gain"), ("blockers", "votes", "gain"), ("why", "moves", "money")],
)
def test_frames_have_the_numbers_and_bands_of_documents(kind, rows, key):
    found = getattr(detente, kind)(answered("belarus", kind, None, None, None, 0))
    stated, frame = found.to_dict(), found.to_frame()
    assert stated["draws"]["done"] == stated["draws"]["asked"] > 0
    for end in ("", "_low", "_high"):
        numbers = [x for row in stated[rows] for x in row[f"{key}{end}"].values()]
        assert numbers == frame[f"{key}{end}"].to_list()
    assert all(low <= high for low, high in frame.select(f"{key}_low", f"{key}_high").rows())


def test_every_kind_is_printed_by_some_command_or_made_in_python():
    assert {kind_of(model) for model in KINDS} - BESIDE == ASKED.keys() | IN_PYTHON


def test_every_command_with_json_is_asked():
    asked = {ask[0] for _, ask in ASKS}
    assert asked == COMMANDS.keys() - {"serve", "schema", "mcp", "migrate", "new"}


def test_the_published_schema_is_that_of_the_models():
    assert FILE.read_text("utf-8") == schema_text(), "run python -m detente.documents"
    assert SHOWN.read_bytes() == FILE.read_bytes()
    Draft202012Validator.check_schema(json.loads(schema_text()))


def test_the_schema_is_printed():
    assert CliRunner().invoke(app, ["schema"]).stdout == FILE.read_text("utf-8")
    of_case = json.loads(CliRunner().invoke(app, ["schema", "case"]).stdout)
    assert "measures" in of_case["properties"]


def test_keys_are_written_one_way():
    found = document_schema()["$defs"].values()
    written = {key for one in found for key in one.get("properties", {})}
    assert [key for key in written if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", key)] == []
    assert [key for key in written if key.endswith("_band") or key in ("findings", "code")] == []
    for one in found:
        names = set(one.get("properties", {}))
        alone = {k for k in names if k.endswith("_low")} - {f"{k[:-5]}_low" for k in names
                                                            if k.endswith("_high")}  # fmt: skip
        assert not alone, "both ends of a band stand beside each other"


def test_every_kind_is_on_the_page():
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    assert [kind_of(m) for m in KINDS if f"`{kind_of(m)}`" not in page] == []


def test_customs_records_are_as_the_schema_says(tmp_path):
    file = tmp_path / "BACI_HS92_Y2021_V202501.csv"
    file.write_text("t,i,j,k,v,q\n2021,643,699,270900,1000.5,NA\n2021,76,842,10110,7,1.5\n")
    assert faults(read_customs(file).to_dict()) == []
