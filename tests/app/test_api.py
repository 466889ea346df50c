"""What the app answers is what the library says; what is not a request of its page is refused."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import io
import json
import os
import queue
import re
import shutil
import socket
import threading
import time
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from types import SimpleNamespace

import httpx
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import detente
from detente import assess, load_case
from detente.analysis import CommodityOutcome, Extent, Scenarios
from detente.analysis.comparisons import Figure, compared, regime_state
from detente.analysis.departure import departure_of
from detente.analysis.negotiation import negotiate
from detente.analysis.precomputed.cards import packaged_card
from detente.analysis.precomputed.store import key_of
from detente.app import Limits, service
from detente.app import responses as answers
from detente.app.cache import Budget, OverBudget, Superseded
from detente.app.jobs import UNDER_WAY, Job, Workshop
from detente.app.requests import CaseRequest, FileRequest
from detente.app.service import Service
from detente.cases import NamedScenario, cases, read_files
from detente.cases.tables import find_table
from detente.cli import app
from detente.documents.app import AppState
from detente.report import views_of
from detente.report.build import brief_stages
from detente.report.page_figures import asked_for, page_figures
from detente.report.views.comparison import comparison_table

from ..documents.schema import faults
from .conftest import Served
from .tab import PATIENCE

#: Two solutions to a relative 1e-9 of markets of some USD 100 trillion differ by less, USD million.
CLOSE = 0.05

BAN = {
    "id": "added-ban",
    "label": "EU ban on potash from Russia",
    "owner": "EU",
    "kind": "sanction",
    "source": "analyst estimate",
    "in_force": [{"from": "2025-01-01", "document": "made up"}],
    "sets": [{"embargo": {"origin": "RUS", "market": "EU", "goods": "POTASH", "leakage": 0.1}}],
}


def events(client, path, data):
    """All events of a long job, as (kind, content)."""
    found = []
    with client.stream("POST", path, json=data) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        for block in "".join(response.iter_text()).strip().split("\n\n"):
            kind, content = block.split("\n")
            found.append((kind.removeprefix("event: "), json.loads(content.removeprefix("data: "))))
    return found


@pytest.mark.parametrize(
    "scenario",
    [
        {},
        {"measures": {"us-potash": False, "us-aviation": True}},
        {"parameters": {"eu_potash_leakage": 0.011, "potash_price": 228.0}},
        {"date": "2022-06-01"},
        {"horizon": "short", "transfers": "proportional"},
        {"in_force": {"eu-potash": [{"from": "2022-03-03", "until": "2025-06-01"}]}},
    ],
    ids=lambda s: "-".join(s) or "as in the case",
)
def test_an_answer_is_that_of_the_library(client, scenario):
    asked = {"label": "now", **scenario}
    answer = client.post("/api/answer", json={"scenario": asked})
    assert answer.status_code == 200
    found = AppState.model_validate(answer.json())
    case = load_case("belarus").in_scenario(NamedScenario.model_validate(asked))
    scenarios = Scenarios(case)
    expected = scenarios.snapshot(m.id for m in case.regime())
    assert found.measures == list(expected.measures)
    assert found.certificate.status == "converged"
    by_id = {f.id: f for f in found.figures}
    country = scenarios.world.country
    for identifier, codes in (
        ("equivalent_variation-USA", ["USA"]),
        ("equivalent_variation-BLR", ["BLR"]),
        ("equivalent_variation-EU", case.members("EU", scenarios.world)),
    ):
        own = expected.equivalent_variation_n[[country(c) for c in codes]].sum()
        assert by_id[identifier].value == pytest.approx(own, abs=CLOSE)
    market, usa = expected.commodities["POTASH"], country("USA")
    assert by_id["price_paid-POTASH-USA"].value == pytest.approx(market.price_paid_n[usa], rel=1e-6)
    share = by_id["largest_share-POTASH-USA"]
    assert share.value == pytest.approx(market.largest_share_n[usa], rel=1e-6)
    assert share.unit == "fraction"
    assert share.largest_supplier == "Canada"
    (gains,) = (t for t in found.tables if t.id == "gains")
    ev = dict(zip(scenarios.world.countries, expected.equivalent_variation_n, strict=True))
    assert {row[1]: row[2] for row in gains.rows} == pytest.approx(ev, abs=CLOSE)


@pytest.fixture(scope="module")
def answered():
    return assess("belarus", draws=0)


def rows_of(views, name):
    (table,) = (t for t in views["tables"] if t["id"] == name)
    return table["rows"]


def test_later_views_are_those_of_the_brief(client):
    """Trade is shown first, then the negotiation, the path over time, and what belief rests on."""
    # No other test asks about this day, so that nothing of the answer is kept from before.
    day = dt.date(2025, 12, 3)
    asked = {"full": False, "scenario": {"label": "later", "date": day.isoformat()}}
    stated = events(client, "/api/views", asked)
    *before, (kind, views) = stated
    assert kind == "result"
    assert all(p["done"] < p["total"] for k, p in before if k == "progress")
    part, second, third = (p for k, p in before if k == "part")
    assert [s["id"] for s in part["sections"]] == [
        s.id for s in views_of(assess("belarus", date=day, draws=0)).sections
    ]
    late = {c["id"] for c in third["charts"]} - {c["id"] for c in second["charts"]}
    assert late == {"POTASH-path"}
    asked = {"draws": None, "full": False, "paths": True, "record": True}
    *_, made = brief_stages(load_case("belarus"), day, **asked)
    expected = made.views()
    assert [s["id"] for s in views["sections"]] == [s.id for s in expected.sections]
    assert {t["id"] for t in views["tables"]} == set(expected.tables)
    assert {c["id"] for c in views["charts"]} == set(expected.charts)
    shown = {p for s in views["sections"] for p in s["parts"]}
    assert shown == {p for s in expected.sections for p in s.parts}
    options, stated = (
        next(t["rows"] for t in tables if t["id"] == "options")
        for tables in (views["tables"], expected.plain()["tables"])
    )
    for row, own in zip(options, stated, strict=True):
        assert row[0] == own[0]
        assert row[1:] == pytest.approx(own[1:], abs=CLOSE)


LIFTED = {"label": "now", "measures": {"us-potash": False}}


@pytest.mark.parametrize(
    ("kind", "path", "asked"),
    [
        ("state", "/api/answer", {"scenario": LIFTED}),
        ("comparison", "/api/compare", {"scenarios": [{"label": "as filed"}, LIFTED]}),
        ("brief", "/api/views", {"scenario": LIFTED}),
        ("brief", "/api/views", {"case": "elmira"}),
        ("bands", "/api/bands", {"scenario": LIFTED, "draws": 1}),
        ("claims", "/api/claims", {"scenario": LIFTED}),
    ],
)
def test_every_result_is_a_document_of_the_published_schema(client, kind, path, asked):
    """No key more and none less than the schema says; what the page draws stands beside it."""
    if path in ("/api/answer", "/api/compare"):
        found = [client.post(path, json=asked).json()]
    else:
        found = [what for told, what in events(client, path, asked) if told in ("part", "result")]
    assert found
    for one in found:
        stated = one.get("document", one)
        assert stated["kind"] == kind
        assert faults(stated) == []
        if stated is not one:
            assert set(one) == {"document", "views"}
            assert set(one["views"]) == {"tables", "charts"}
        if "scenario" in asked:
            assert stated["hypothetical"] is True


def test_packaged_cases_have_the_keys_of_the_command(client):
    lines = client.get("/api/cases").json()["cases"]
    assert lines == json.loads(CliRunner().invoke(app, ["cases", "--json"]).stdout)["cases"]


@pytest.mark.parametrize("case", [line.name for line in cases()])
def test_a_packaged_card_is_what_is_computed_for_the_case(client, case):
    packaged = client.get("/api/cards").json()["cards"]
    assert case in packaged, "the case or its base year changed: run data-build/cards.py"
    card = packaged[case]
    asked = {"case": case, "scenario": {"label": "now"}}
    *_, (kind, found) = events(client, "/api/card", asked)
    assert kind == "result"
    assert card["sentence"] == found["sentence"], "run data-build/cards.py"
    assert [bar["label"] for bar in card["bars"]] == [bar["label"] for bar in found["bars"]]
    # Cut to six digits, of solutions that agree to some millionths.
    values = [bar["value"] for bar in found["bars"]]
    assert [bar["value"] for bar in card["bars"]] == pytest.approx(values, rel=1e-4)


def test_another_state_of_a_case_has_no_packaged_card():
    case = load_case("belarus")
    assert packaged_card(case) is not None
    assert packaged_card(case.switched(lift=["us-potash"])) is None
    assert packaged_card(case.with_parameters({"potash_trade_elasticity": 4.0})) is None


def test_a_state_that_equals_a_scenario_of_the_case_is_called_so(client):
    offered = load_case("belarus").scenarios[0]
    asked = {"label": "now", "measures": dict.fromkeys(offered.measures, False)}
    found = client.post("/api/answer", json={"scenario": asked}).json()
    assert found["departure"]["heading"] == "Your scenario: Reopen Klaipėda (2 changes)"
    for part in (*found["charts"], *found["tables"]):
        assert part["title"].startswith("Your scenario ‘Reopen Klaipėda’: ")
        assert part["suffix"] == "-your-scenario-reopen-klaipeda-2-changes"
    reply = client.post("/api/file", json={"scenarios": [asked]})
    assert "belarus-your-scenario-reopen-klaipeda-2-changes" in reply.headers["content-disposition"]


def test_claims_are_held_against_the_scenario(client):
    from detente.analysis import verdicts

    changed = {"label": "now", "parameters": {"potash_trade_elasticity": 4.0}}
    *_, (kind, found) = events(client, "/api/claims", {"scenario": changed})
    assert kind == "result"
    own = verdicts(load_case("belarus").in_scenario(NamedScenario.model_validate(changed)))
    assert found["document"]["counts"] == own.to_dict()["counts"]
    assert found["document"]["departure"]["changes"][0]["value"] == "4"
    rows = {row[1]: row[0] for row in rows_of(found["views"], "claims")}
    assert rows == {v.claim.paraphrase: v.ruling for v in own.verdicts}


def test_bands_are_those_of_the_draws(client, answered):

    from detente.analysis import run_draws

    stated = events(client, "/api/bands", {"draws": 2, "seed": 3})
    *progress, (kind, found) = stated
    assert [p["done"] for _, p in progress] == [1, 2]
    assert kind == "result"
    case = load_case("belarus")
    asked = asked_for(page_figures(answered), [regime_state("regime", case, case.date)])
    own = run_draws(case, asked, draws=2, seed=3, processes=1)
    lows, highs = own.band("level")
    for of in (("equivalent_variation", "BLR", None), ("price_paid", "USA", "POTASH")):
        key, side, commodity = of
        name = "-".join(filter(None, (key, commodity, side)))
        low, high = (float(end[asked.place(*of)][0]) for end in (lows, highs))
        band = found["bands"][name]
        # The same draws from the same start: they differ by the order of sums, if at all.
        assert (band["low"], band["high"]) == pytest.approx((low, high), rel=1e-6)
        assert band["low"] < band["high"]


def test_scenarios_side_by_side(client):
    scenarios = [
        {"label": "Baseline"},
        {"label": "US lifts", "measures": {"us-potash": False}},
        {"label": "June 2022-06", "date": "2022-06-01"},
    ]
    response = client.post("/api/compare", json={"scenarios": scenarios})
    shown = answers.ComparisonAnswer.model_validate(response.json())
    found = shown.document
    (table,) = shown.views.tables
    keys = [c.key for c in table.columns]
    less = ["US lifts, less Baseline", "June 2022-06, less Baseline"]
    assert keys == ["group", "figure", "unit", *(s["label"] for s in scenarios), *less]
    each = [
        {f["id"]: f for f in client.post("/api/answer", json={"scenario": s}).json()["figures"]}
        for s in scenarios
    ]
    values = [
        [100 * f["value"] if f["unit"] == "fraction" else f["value"] for f in one.values()]
        for one in each
    ]
    for row, *own in zip(table.rows, *values, strict=True):
        assert row[3:6] == pytest.approx(own)
        assert row[6] == pytest.approx(own[1] - own[0])
    assert {c.kind for c in shown.views.charts} == {"compare"}
    assert re.search(r"‘US lifts’ moves .+ most \([+−][\d,]+ USD", table.sentence)
    assert "‘June 2022-06’" in table.sentence
    assert found.kind == "comparison"
    (blr,) = (row for row in found.rows if row.id == "BLR")
    assert blr.equivalent_variation == pytest.approx(
        [one["equivalent_variation-BLR"]["value"] for one in each]
    )
    assert [s.hypothetical for s in found.scenarios] == [False, True, False]
    twice = client.post("/api/compare", json={"scenarios": scenarios[:1] * 2})
    assert twice.status_code == 422
    assert "stands twice" in twice.json()["faults"][0]["message"]


def test_the_same_scenarios_are_the_same_document_in_the_app_and_the_library(client):
    """The app answers with what `detente.compare` gives of the sides and figures that it shows."""
    lifted = {"label": "US lifts", "measures": {"us-potash": False}}
    dearer = {"label": "dearer", "parameters": {"potash_price": 300.0}}
    stated = client.post("/api/compare", json={"scenarios": [{"label": "regime"}, lifted, dearer]})
    document = stated.json()["document"]
    named = [NamedScenario.model_validate(s) for s in (lifted, dearer)]
    own = detente.compare("belarus", scenarios=named, countries=["USA", "BLR"]).to_dict()
    for mine, theirs in (
        (own["rows"], document["rows"]),
        (own["commodities"][0]["rows"], document["commodities"][0]["rows"]),
    ):
        by_id = {row["id"]: row for row in theirs}
        for row in mine:
            other = by_id[row["id"]]
            shared = [k for k in row if k in other and isinstance(row[k], list)]
            assert len(shared) >= 5
            for key in shared[1:]:
                wanted, has = (np.array(r[key], dtype=float) for r in (row, other))
                np.testing.assert_allclose(has, wanted, rtol=1e-5, atol=CLOSE, err_msg=key)
    lines = document["scenarios"]
    assert [s["measures"] for s in own["scenarios"]] == [s["measures"] for s in lines]
    assert [s["difference"] for s in own["scenarios"]] == [s["difference"] for s in lines]


def test_every_figure_reads_its_own_axis():
    """Sales are of origins; prices and shares are of markets, whose rows come first."""
    tonnes_ni = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0], [64.0, 128.0, 256.0]])
    value_ni = 10 * tonnes_ni
    market = CommodityOutcome(
        good="POTASH",
        label="Potash",
        value_ni=value_ni,
        tonnes_ni=tonnes_ni,
        price_paid_n=np.array([5.0, 6.0, 7.0]),
        price_received_n=np.ones(3),
        sales_n=value_ni.sum(axis=0),
        share_ni=value_ni / value_ni.sum(axis=1, keepdims=True),
        largest_supplier_n=np.full(3, 2),
        largest_share_n=np.full(3, 4 / 7),
        herfindahl_n=np.ones(3),
    )
    now = SimpleNamespace(
        equivalent_variation_n=np.array([-1.0, 2.0, 3.0]),
        transit_revenue_n=np.array([0.0, 20.0, 30.0]),
        commodities={"POTASH": market},
    )
    income_n = np.array([10.0, 20.0, 30.0])

    def read(key, *members, of="POTASH"):
        member_sn = np.isin(np.arange(3), members)[None].astype(float)
        (value,) = Figure(key, "Label", "unit", of).read(now, income_n, member_sn)
        return value

    assert read("sold", 0) == 1 + 8 + 64
    assert read("sold", 0, 1) == 1 + 8 + 64 + 2 + 16 + 128
    assert read("tonnes", 0, 1) == 7 + 56
    assert read("sales", 2) == 10 * (4 + 32 + 256)
    assert read("largest_share", 0) == pytest.approx(4 / 7)
    assert read("largest_share", 1, 2) == pytest.approx(288 / 504)
    assert read("price_paid", 1) == 6
    assert read("price_paid", 0, 1) == pytest.approx((7 * 5 + 56 * 6) / 63)
    assert read("equivalent_variation", 0, 2, of=None) == 2
    assert read("real_income_change", 0, 2, of=None) == pytest.approx(2 / 40)
    assert read("transit_revenue", 1, 2, of=None) == 50


def test_a_comparison_names_countries_as_sentences_do(answered):
    """The one who is moved most has its article; columns stay apart whatever labels say."""
    wanted = ("equivalent_variation-USA", "equivalent_variation-world")
    figures = tuple(f for f in page_figures(answered) if f.id in wanted)
    case = answered.case
    states = [regime_state(label, case, case.date) for label in ("unit", "b")]
    asked, world = asked_for(figures, states), answered.world

    def table(*snapshots):
        return comparison_table(compared(case, asked, [(world, s) for s in snapshots]), figures)

    found = table(answered.regime, answered.base)
    assert "‘b’ moves the United States most (" in found.sentence
    assert [c.key for c in found.columns][3:] == ["unit (2)", "b", "b, less unit"]
    assert [c.label for c in found.columns][3:5] == ["unit", "b"]
    same = table(answered.regime, answered.regime)
    assert same.sentence == "Against ‘unit’: ‘b’ moves no one."


def test_a_case_file_restores_case_and_scenarios(client, tmp_path):
    scenarios = [
        {"label": "now", "measures": {"us-potash": False}, "parameters": {"potash_price": 230.5}},
        {"label": "other", "date": "2024-05-01", "horizon": "short"},
    ]
    asked = {"case": "belarus", "added": [BAN], "scenarios": scenarios}
    text = client.post("/api/file", json=asked).content
    assert b"# Sources and open conflicts" in text, "comments of the file are kept"
    path = tmp_path / "mine.yaml"
    path.write_bytes(text)
    case = load_case(path)
    assert [s.label for s in case.scenarios] == ["now", "other"]
    assert case.measure("added-ban").owner == "EU"
    sheet = answers.Sheet.model_validate(client.post("/api/upload", content=text).json())
    assert [s["label"] for s in sheet.scenarios] == ["now", "other"]
    again = {"case": sheet.id, "scenario": sheet.scenarios[0]}
    before = {"case": "belarus", "added": [BAN], "scenario": scenarios[0]}
    one, two = (client.post("/api/answer", json=a).json() for a in (again, before))
    # Figures stand in the order of the case as filed, in which the ban is not in force.
    parts = [{f["id"]: f["value"] for f in reply["figures"]} for reply in (one, two)]
    assert parts[0] == pytest.approx(parts[1], abs=CLOSE, rel=1e-6)
    kept = {"case": sheet.id, "scenarios": sheet.scenarios}
    twice = client.post("/api/file", json=kept).content
    assert twice == text
    own = case.in_scenario("now")
    ev = Scenarios(own).snapshot(m.id for m in own.regime()).equivalent_variation_n
    found = {f["id"]: f["value"] for f in one["figures"]}
    assert found["equivalent_variation-world"] == pytest.approx(float(ev.sum()), abs=5 * CLOSE)


def test_faults_of_what_is_added_are_those_of_a_file(client):
    bad = {
        **BAN,
        "owner": "EUU",
        "sets": [{"embargo": {**BAN["sets"][0]["embargo"], "leakage": 3}}],
    }
    response = client.post("/api/case", json={"added": [bad]})
    assert response.status_code == 422
    faults = {f["key"]: f for f in response.json()["faults"]}
    place = len(load_case("belarus").measures)
    assert faults[f"measures[{place}].owner"]["remedy"] == "Did you mean EU?"
    assert "between 0 and 1" in faults[f"measures[{place}].sets[0].embargo.leakage"]["message"]


@pytest.mark.parametrize(
    ("scenario", "key"),
    [
        ({"parameters": {"eu_potash_leak": 1}}, "parameters.eu_potash_leak"),
        ({"parameters": {"potash_price": "much"}}, "scenario.parameters.potash_price"),
        ({"measures": {"us-potsh": True}}, "measures.us-potsh"),
        ({"measures": {"us-potash": "yes"}}, "scenario.measures.us-potash"),
        ({"horizon": "lng"}, "scenario.horizon"),
        ({"date": "tomorrow"}, "scenario.date"),
        ({"parameters": {"eu_potash_leakage": 3}}, "measures[4].sets[0].embargo.leakage"),
        ({"colour": "red"}, "scenario.colour"),
    ],
)
def test_a_scenario_is_checked_like_a_file(client, scenario, key):
    for path, data in (
        ("/api/answer", {"scenario": {"label": "now", **scenario}}),
        ("/api/views", {"scenario": {"label": "now", **scenario}}),
    ):
        response = client.post(path, json=data)
        assert response.status_code == 422
        assert key in [f["key"] for f in response.json()["faults"]]


def test_a_workbook_holds_the_numbers_and_no_formula(client):
    data = {
        "title": "A table",
        "columns": [{"key": "who"}, {"key": "v", "label": "Value", "unit": "Mt"}, {"key": "acts"}],
        "rows": [
            ["=1+2", 1 / 3, [{"text": "act", "href": "https://example.org/a"}]],
            ["b", None, []],
        ],
    }
    book = client.post("/api/workbook?name=x", json=data).content
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        texts = "".join(ET.fromstring(archive.read("xl/sharedStrings.xml")).itertext())
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    assert not sheet.findall(".//x:f", space)
    numbers = [c for c in sheet.findall(".//x:c", space) if c.get("t") is None]
    assert [float(c.find("x:v", space).text) for c in numbers] == [pytest.approx(1 / 3, rel=1e-15)]
    assert "=1+2" in texts
    assert "Value (Mt)" in texts
    assert "who" in texts


def test_the_brief_is_one_page(client):
    asked = {"scenario": {"label": "now", "measures": {"us-potash": False}}, "full": False}
    response = client.post("/api/brief", json=asked)
    assert response.headers["content-disposition"].startswith("attachment")
    assert "detente brief belarus-your-scenario-1-change.yaml --scenario now" in response.text
    assert 'id="brief-data"' in response.text
    assert 'id="negotiation-deals"' in response.text
    *before, (kind, page) = events(client, "/api/brief/stream", asked)
    assert kind == "result"
    assert {k for k, _ in before} == {"progress"}
    assert page == response.text


def test_what_is_kept_of_a_case_is_not_taken_for_a_scenario_of_it():
    """A switched measure changes neither the file nor a parameter."""
    case = load_case("belarus")
    switched = case.in_scenario(NamedScenario(label="now", measures={"us-potash": False}))
    asked = [key_of(Scenarios(c), Extent()) for c in (case, switched, load_case("belarus"))]
    assert asked[0] == asked[2] != asked[1]


def test_the_latest_request_of_a_client_wins(client):
    asked = {"client": "one", "sequence": 9, "parts": False}
    assert client.post("/api/answer", json=asked).status_code == 200
    late = client.post("/api/answer", json={**asked, "sequence": 8})
    assert late.status_code == 409
    other = client.post("/api/answer", json={**asked, "client": "two", "sequence": 1})
    assert other.json()["sequence"] == 1


@pytest.fixture(scope="module")
def patient():
    """A client of a server that lets an answer take as long as it takes."""
    with (
        Served(limits=Limits(evaluations=1_000_000)) as running,
        httpx.Client(base_url=running.address, timeout=PATIENCE) as one,
    ):
        yield one


def test_a_later_request_ends_the_search_of_an_earlier_one(patient, monkeypatch):
    """An elasticity without an equilibrium is searched for many seconds if nobody minds."""
    searching = threading.Event()

    class Watched(Budget):
        def __call__(self):
            searching.set()
            super().__call__()

    monkeypatch.setattr(service, "Budget", Watched)
    slow = {
        "scenario": {"label": "now", "parameters": {"potash_trade_elasticity": 1e6}},
        "parts": False,
        "client": "hasty",
    }
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(patient.post, "/api/answer", json={**slow, "sequence": 1})
        assert searching.wait(PATIENCE)
        asked = {"client": "hasty", "sequence": 2, "parts": False}
        assert patient.post("/api/answer", json=asked).status_code == 200
        gone = first.result()
    assert (gone.status_code, gone.json()["code"]) == (409, "superseded")


def test_a_live_answer_has_a_budget(client):
    asked = {"parameters": {"potash_trade_elasticity": 1e6}, "label": "now"}
    response = client.post("/api/answer", json={"scenario": asked, "parts": False})
    assert (response.status_code, response.json()["code"]) == (422, "over_budget")
    assert "evaluations" in response.json()["message"]
    late = []
    budget = Budget(2, lambda: bool(late))
    budget()
    budget()
    with pytest.raises(OverBudget, match="within 2 evaluations"):
        budget()
    late.append(1)
    with pytest.raises(Superseded):
        budget()


@pytest.fixture
def endings(served, monkeypatch):
    """How each job of the workshop ended, in order."""
    workshop, found = served.app.app.state.service.workshop, []
    real = workshop.order

    def order(job, report, client=""):
        def told(kind, what):
            if kind not in UNDER_WAY:
                found.append(kind)
            report(kind, what)

        return real(job, told, client)

    monkeypatch.setattr(workshop, "order", order)
    return found


def worked(process):
    """Seconds that a process has computed."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads what a process computed")
def test_a_job_is_stopped_in_the_midst_of_a_search(client, served, endings):
    """Stages look at the pipe only between them; a signal ends what runs."""
    slow = {"label": "now", "parameters": {"potash_trade_elasticity": 1e6}}
    with client.stream("POST", "/api/views", json={"scenario": slow}) as response:
        lines = response.iter_lines()  # kept: one that is dropped ends the request
        next(lines)
        process = served.app.app.state.service.workshop._process
        before = worked(process)
        while worked(process) < before + 0.5:
            assert endings == [], "the search is over before it could be stopped"
            time.sleep(0.01)
    assert events(client, "/api/bands", {"draws": 1})[-1][0] == "result"
    assert endings == ["stopped", "result"], "the search of the one who left went on"


def test_bands_are_shown_while_draws_are_made(client):
    stated = events(client, "/api/bands", {"draws": 10, "seed": 3})
    ((_, part),) = ((k, p) for k, p in stated if k == "part")
    kind, last = stated[-1]
    assert (kind, part["draws"]["done"], last["draws"]["done"]) == ("result", 8, 10)
    assert faults(part) == faults(last) == []
    assert part.keys() == last.keys()
    assert part["bands"].keys() == last["bands"].keys()
    driver = last["bands"]["equivalent_variation-BLR"]["drivers"][0]
    assert driver["label"] == load_case("belarus").parameter_label(driver["parameter"])


def test_a_saved_file_keeps_what_its_state_departs_from(client, tmp_path):
    """A measure that was added is in force in the scenarios of the file, never in its case."""
    asked = {
        "added": [BAN],
        "scenarios": [{"label": "now"}, {"label": "June", "date": "2025-06-01"}],
    }
    reply = client.post("/api/file", json=asked)
    assert 'filename="belarus-your-scenario-1-change.yaml"' in reply.headers["content-disposition"]
    path = tmp_path / "belarus-your-scenario-1-change.yaml"
    path.write_bytes(reply.content)
    case = load_case(path)
    assert case.regime() == load_case("belarus").regime(), "the case itself is as it was"
    assert not departure_of(case)
    label = f"‘{BAN['label']}’ imposed (not in force in the case)"
    for name in ("now", "June"):
        assert label in departure_of(case.in_scenario(name)).sentence
    # Once all is taken back, the file is the case's own again and can be read.
    sheet = client.post("/api/upload", content=reply.content).json()
    bare = client.post("/api/file", json={"case": sheet["id"], "scenarios": [{"label": "now"}]})
    assert 'filename="belarus.yaml"' in bare.headers["content-disposition"]
    path.write_bytes(bare.content)
    assert not departure_of(load_case(path).in_scenario("now"))


def test_the_digest_of_a_changed_state_is_that_of_its_file(client):
    """And so are switches: the negotiation stands on the state of the controls."""
    now = {"label": "now", "measures": {"us-potash": False}}
    kept = [{"label": "June", "date": "2022-06-01"}]
    text = client.post("/api/file", json={"added": [BAN], "scenarios": [now, *kept]}).content
    asked = {"added": [BAN], "scenario": now, "kept": kept}
    *_, (kind, views) = events(client, "/api/views", asked)
    assert kind == "result"
    digest = dict(map(tuple, rows_of(views, "reproduce")))["Case digest (SHA-256)"]
    assert digest == client.post("/api/upload", content=text).json()["digest"]
    moves = {row[0]: row for row in rows_of(views, "negotiation-moves")}
    own = views_of(negotiation=negotiate(load_case("belarus"))).tables["negotiation-moves"]
    assert set(moves) == set(own.column(own.columns[0].key))
    assert moves != {row[0]: list(row) for row in own.rows}


# Cases without trade, and files of one's own.


def test_a_case_without_trade_has_talks_and_no_figures(client):
    sheet = answers.Sheet.model_validate(client.post("/api/case", json={"case": "elmira"}).json())
    assert (sheet.trade, sheet.negotiation, sheet.days, sheet.base_year) == (False, True, [], "")
    reply = client.post("/api/answer", json={"case": "elmira"})
    found = AppState.model_validate(reply.json())
    assert found.figures == []
    assert "31 December 1991" in found.subject
    *_, (kind, views) = events(client, "/api/views", {"case": "elmira", "full": True})
    assert kind == "result"
    assert [s["id"] for s in views["sections"]] == [
        "negotiation-moves",
        "negotiation-states",
        "check",
    ]
    assert client.post("/api/prepare", json={"case": "elmira"}).status_code == 204
    text = client.post("/api/file", json={"case": "elmira", "scenarios": [{"label": "now"}]})
    assert text.status_code == 200
    again = client.post("/api/upload", content=text.content)
    assert (again.status_code, again.json()["trade"]) == (200, False)
    for path, data in (
        ("/api/bands", {"case": "elmira"}),
        ("/api/claims", {"case": "elmira"}),
        ("/api/compare", {"case": "elmira", "scenarios": [{"label": "a"}]}),
    ):
        refused = client.post(path, json=data)
        assert refused.status_code == 422
        assert "touches trade" in refused.json()["faults"][0]["message"]


def test_the_sheet_says_what_bears_on_talks_alone_and_names_parameters(client):
    sheet = answers.Sheet.model_validate(client.post("/api/case", json={"added": [BAN]}).json())
    assert {m.id: m.trade for m in sheet.measures} == {
        m.id: bool(m.sets) for m in load_case("belarus").measures
    } | {"added-ban": True}
    finance = sheet.parameters["us_belarus_finance_friction"].label
    assert finance == "How much dearer services from Belarus to the United States are without banks"
    assert sheet.parameters["lt_transit_fee"].label == "What Lithuania earns by a tonne in transit"
    (strength,) = sheet.measures[-1].strength
    assert (strength.parameter, strength.value, strength.role) == ("", 0.1, "leakage")
    place = BAN
    for step in strength.at:
        place = place[step]
    assert place == strength.value
    assert (strength.low, strength.high) == (0, 1)
    assert sheet.text is None, "a packaged case is held by every server"


def test_a_file_of_ones_own_can_travel_in_the_address(tmp_path):
    """With its text, which says whether it is all of the case."""
    text = read_files("belarus").one_file()[0]
    flows = find_table("potash-2020", None).read_text("utf-8")
    (tmp_path / "mine.csv").write_text(flows, "utf-8")
    for content, alone in ((text, True), (text.replace("potash-2020", "mine.csv"), False)):
        path = tmp_path / "mine.yaml"
        path.write_text(content, "utf-8")
        service = Service(Limits(), str(path))
        sheet = service.sheet(CaseRequest(case=service.start))
        assert (sheet["text"], sheet["alone"]) == (content, alone)


def test_a_folder_is_opened_and_saved_as_one_file_with_nothing_lost(tmp_path):
    folder = tmp_path / "elmira"
    shutil.copytree(load_case("elmira").path.parent, folder)
    service = Service(Limits(), str(folder))
    sheet = service.sheet(CaseRequest(case=service.start))
    assert (sheet["alone"], sheet["digest"]) == (True, load_case("elmira").digest)
    name, text = service.file(FileRequest(case=service.start))
    assert name == "elmira"
    comments = [p.read_text("utf-8") for p in load_case(folder).files]
    assert all(line in text for t in comments for line in t.splitlines() if line[:6] == "# How ")
    path = tmp_path / "saved.yaml"
    path.write_text(text, "utf-8")
    saved = load_case(path)
    assert (saved.digest, saved.include) == (load_case(folder).digest, ())
    assert saved.conflict == load_case("elmira").conflict


def test_one_file_of_a_folder_cannot_be_uploaded(client):
    content = load_case("elmira").path.read_bytes()
    response = client.post("/api/upload", content=content)
    assert response.status_code == 422
    (fault,) = response.json()["faults"]
    assert fault["key"] == "include"
    assert fault["message"] == "this is one file of a case, which needs negotiation.yaml as well."
    assert "`detente serve FOLDER`" in fault["remedy"]


def test_a_failure_is_answered_in_the_form_of_a_refusal(served, client, monkeypatch, capfd):
    def fails(*_):
        raise KeyError("unforeseen")

    monkeypatch.setattr(served.app.app.state.service, "sheet", fails)
    response = client.post("/api/case", json={})
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert "the page can be used on" in response.json()["message"]
    monkeypatch.undo()
    assert client.post("/api/case", json={}).status_code == 200


def test_names_of_files_and_half_characters(client):
    table = {"columns": [{"key": "a"}], "rows": [["x"]]}
    given = client.post("/api/workbook", params={"name": "тест"}, json=table)
    assert given.status_code == 200
    assert "filename*=UTF-8''%D1%82%D0%B5%D1%81%D1%82.xlsx" in given.headers["content-disposition"]
    for path, body in (
        ("/api/workbook", '{"columns": [{"key": "a"}], "rows": [["\\ud800"]]}'),
        ("/api/answer", '{"scenario": {"label": "\\ud800"}}'),
        ("/api/case", '{"case": "\\ud800"}'),
        ("/api/case", '{"added": [{"\\ud800": 1}]}'),
        ("/api/file", '{"scenarios": [{"label": "\\udfff"}]}'),
    ):
        response = client.post(path, content=body, headers={"content-type": "application/json"})
        assert response.status_code == 422
        assert "half a character" in response.json()["faults"][0]["message"]


def test_a_job_stops_when_nobody_waits(client, endings):
    with client.stream("POST", "/api/bands", json={"draws": 512, "client": "gone"}) as response:
        for line in response.iter_lines():
            if '"done": 1' in line:
                break
    assert client.post("/api/answer", json={"parts": False}).status_code == 200
    stated = events(client, "/api/bands", {"draws": 1, "client": "next"})
    assert stated[-1][0] == "result"
    assert endings == ["stopped", "result"], "the draws of the one who left went on"


def test_a_crash_of_the_workshop_leaves_the_server(served, client):
    kinds = []
    with client.stream("POST", "/api/bands", json={"draws": 512}) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                kinds.append(line.removeprefix("event: "))
            if '"done": 1' in line:
                served.app.app.state.service.workshop._process.kill()
    assert kinds[-1] == "fault"
    assert client.get("/api/health").json()["status"] == "ready"
    assert events(client, "/api/bands", {"draws": 1})[-1][0] == "result"


def test_a_job_whose_process_a_signal_ends_first_is_told_stopped(monkeypatch):
    """A signal to the whole group may reach the other process before the server."""
    stated = queue.Queue()
    workshop = Workshop(4)
    job = Job(kind="bands", case=load_case("belarus"), key="", draws=512)
    workshop.order(job, lambda kind, what: stated.put((kind, what)))
    while stated.get(timeout=PATIENCE)[1]["done"] < 1:
        pass

    def end_then_close():
        threading.Timer(0.1, workshop.close).start()
        raise EOFError

    monkeypatch.setattr(workshop._pipe, "recv", end_then_close)
    workshop._process.kill()
    kinds = [stated.get(timeout=PATIENCE)[0]]
    while kinds[-1] in UNDER_WAY:
        kinds.append(stated.get(timeout=PATIENCE)[0])
    assert kinds[-1] == "stopped"


# Safety.


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": ""}, 421),
        ({"host": "[::1].evil.com"}, 421),
        ({"host": "[::1"}, 421),
        ({"host": "localhost:80:evil.com"}, 421),
        ({"host": "localhost:evil"}, 421),
        ({"host": "evil@localhost"}, 421),
        ({"origin": "http://[::1"}, 400),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_other_sites_are_refused(client, headers, status):
    response = client.post("/api/answer", json={"parts": False}, headers=headers)
    assert response.status_code == status
    if status != 200:
        assert response.json()["message"]
    else:
        assert "default-src 'none'" in response.headers["content-security-policy"]


def test_a_page_of_another_port_is_refused(client, served):
    origin = served.address.rsplit(":", 1)[0] + ":1"
    response = client.post("/api/answer", json={}, headers={"origin": origin})
    assert response.status_code == 403


def deep(levels: int) -> bytes:
    return b"schema: " + b"[" * levels + b"]" * levels


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02" * 50, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (b"title: \xff\xfe", "UTF-8"),
        (b"", "empty"),
        (b"[1, 2", "is not YAML"),
        (b"- just\n- a list\n", "mapping"),
        (deep(2000), "nested too deep"),
        (bomb(), "grows without end"),
        (b'title: "\\ud800"\n', "half a character"),
        (b"a: &a [*a]\n", "refers to itself"),
        (b"a: !!python/object/apply:os.system [id]\n", "'a' is not a key here"),
        (b"x: 1\n" * 60_000, "KiB"),
    ],
    ids=list("abcdefghijkl"),
)
def test_hostile_files_are_refused_with_a_message(client, content, words):
    begun = time.monotonic()
    response = client.post("/api/upload", content=content)
    assert response.status_code == 422
    parts = [f"{f['message']} {f['remedy']}" for f in response.json()["faults"]]
    assert any(words in t for t in parts), parts[:5]
    if "without end" in words or "refers to itself" in words:
        assert len(parts) == 1, "what is left of such data is not judged"
    assert time.monotonic() - begun < PATIENCE
    assert client.get("/api/health").status_code == 200


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../etc/passwd", "flows.csv"])
def test_uploaded_files_read_no_other_file(client, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.csv").write_text("origin,market,tonnes\nBLR,USA,1\n")
    text = read_files("belarus").one_file()[0]
    for key, value in (("flows", "potash-2020"), ("observed", "potash-observed")):
        changed = text.replace(f"{key}: {value}", f"{key}: {name}")
        assert changed != text
        response = client.post("/api/upload", content=changed.encode())
        assert response.status_code == 422
        assert any("there is no table" in f["message"] for f in response.json()["faults"])
    changed = text.replace("world: oecd28-2020", f"world: {name}")
    assert changed != text
    response = client.post("/api/upload", content=changed.encode())
    assert any("no bundled world" in f["message"] for f in response.json()["faults"])


def test_a_hundred_megabytes_are_not_read(served):
    host, port = served.address.removeprefix("http://").split(":")
    for announced in (True, False):
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
            size = "content-length: 104857600" if announced else "transfer-encoding: chunked"
            head = f"POST /api/upload HTTP/1.1\r\nhost: {host}:{port}\r\n{size}\r\n\r\n"
            line.sendall(head.encode())
            chunk = b"x" * 65536
            sent = 0
            try:
                while sent < 104_857_600:
                    part = chunk if announced else b"10000\r\n" + chunk + b"\r\n"
                    line.sendall(part)
                    sent += len(chunk)
            except OSError:
                pass
            try:
                answer = line.recv(4096)
            except OSError:
                answer = b"413"  # the connection was cut while we were still sending
        assert b"413" in answer
        assert b"256 KiB" in answer or not announced
        assert sent < 30_000_000
    assert httpx.get(f"{served.address}/api/health", timeout=PATIENCE).status_code == 200


def test_draws_and_lists_are_limited(client):
    assert client.post("/api/bands", json={"draws": 100_000}).status_code == 422
    many = [{"label": f"s{k}"} for k in range(40)]
    assert client.post("/api/compare", json={"scenarios": many}).status_code == 422
    assert client.post("/api/case", json={"added": [BAN] * 30}).status_code == 422
    unknown = client.post("/api/case", json={"case": "0" * 64})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_case")
    twice = client.post("/api/case", json={"scenarios": [{"label": "a"}, {"label": "a"}]})
    assert twice.json()["faults"][0]["key"] == "scenarios[1].label"
    nested = "[" * 5000 + "]" * 5000
    response = client.post(
        "/api/case",
        content=f'{{"added": [{nested}]}}',
        headers={"content-type": "application/json"},
    )
    assert 400 <= response.status_code < 500


def test_no_file_is_served_by_path(client):
    for path in ("/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/..%2f..%2fapp.py", "/etc"):
        response = client.get(path)
        assert response.status_code == 404
        assert b"import" not in response.content


def test_many_clients_at_once_get_their_own_answers(served, answered):
    """Ten clients at once, each answer held against the library's for that scenario."""
    case = load_case("belarus")
    leaks = np.linspace(0.001, 0.015, 4)
    figures = [f for f in page_figures(answered) if f.figure.key == "equivalent_variation"]
    expected = {}
    for leak in leaks:
        scenario = NamedScenario(label="now", parameters={"eu_potash_leakage": float(leak)})
        changed = case.in_scenario(scenario)
        scenarios = Scenarios(changed, world=answered.world)
        asked = asked_for(figures, [regime_state("now", changed, changed.date)])
        expected[float(leak)] = asked(scenarios)["level"][0, :, 0].tolist()
    asks = 12

    def one(number: int) -> int:
        done = 0
        with httpx.Client(base_url=served.address, timeout=PATIENCE) as own:
            while done < asks:
                leak = float(leaks[(number + done) % len(leaks)])
                asked = {
                    "scenario": {"label": "now", "parameters": {"eu_potash_leakage": leak}},
                    "client": f"client-{number}",
                    "sequence": done,
                    "parts": False,
                }
                response = own.post("/api/answer", json=asked)
                assert response.status_code == 200
                found = response.json()["figures"]
                values = [f["value"] for f in found if f["key"] == "equivalent_variation"]
                assert values == pytest.approx(expected[leak], abs=CLOSE, rel=1e-5)
                done += 1
        return done

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        assert [*pool.map(one, range(10))] == [asks] * 10


def test_a_deal_is_answered_as_the_command_answers_it(client):
    moves = ["us-potash", "release-2025-12"]
    posted = client.post("/api/deal", json={"moves": moves}).json()
    assert faults(posted) == []
    assert client.get(f"/api/deal?case=belarus&moves={','.join(moves)}").json() == posted
    own = CliRunner().invoke(app, ["deals", "belarus", "--moves", ",".join(moves), "--json"])
    assert posted == json.loads(own.stdout)
    nothing = client.post("/api/deal", json={}).json()
    assert nothing["moves"] == []
    assert nothing["change"] == "nothing changes"
    wrong = client.post("/api/deal", json={"moves": ["us-potsh"]})
    assert wrong.status_code == 422
    assert wrong.json()["faults"][0]["key"] == "moves"
    assert "Did you mean us-potash" in wrong.json()["message"]
    assert client.get("/api/deal?case=elmira").status_code == 422


def test_a_deal_is_found_or_it_is_said_why_not(client):
    found = client.post("/api/deal/find", json={"criterion": "fewest-moves"}).json()
    assert faults(found) == []
    assert found["deal"]["signed_by_all"] is True
    assert client.get("/api/deal/find?criterion=fewest-moves").json() == found
    none = client.get("/api/deal/find?without=release-2025-12").json()
    assert none["found"] is False
    assert {c["id"] for c in none["droppable"]} == {"release-2025-12", "EU"}
    assert client.get("/api/deal/find?criterion=best").status_code == 422
    lifted = client.post("/api/deal", json={"scenario": LIFTED}).json()
    assert lifted["hypothetical"] is True
    potash = next(m for m in lifted["choices"]["moves"] if m["id"] == "us-potash")
    assert potash["in_force"] is False, "the table is that of the scenario"


METAL = {
    "title": "The Union bans Russian metal",
    "date": "2023-06-01",
    "measures": ["EU bans imports of metal from Russia, leaving 60 %, since 2022-03-16"],
}


def test_a_new_case_is_checked_and_its_file_opens_in_the_app(client):
    found = client.post("/api/new/check", json={"form": METAL}).json()
    assert answers.NewCaseAnswer.model_validate(found).ok
    (closes,) = found["closes"]
    assert closes["sentence"].startswith("Leaves 60 % of 80 flows worth USD ")
    one = client.post("/api/new/closes", json={"measure": METAL["measures"][0]}).json()
    assert one["closes"][0]["flows"] == closes["flows"]
    reply = client.post("/api/new/file", json={"form": METAL})
    assert reply.headers["content-type"].startswith("application/yaml")
    sheet = client.post("/api/upload", content=reply.content).json()
    assert sheet["title"] == METAL["title"]
    answer = client.post("/api/answer", json={"case": sheet["id"], "parts": False}).json()
    gains = {f["side"]: f["value"] for f in answer["figures"] if f["key"] == "equivalent_variation"}
    assert gains["RUS"] < 0


def test_faults_of_a_new_case_stand_at_their_fields(client):
    form = {"title": "", "date": "June", "measures": ["EU bans imports of crud oil from Rusia"]}
    found = client.post("/api/new/check", json={"form": form}).json()
    assert [f["key"] for f in found["faults"]] == [
        "title",
        "date",
        "measures[0].other",
        "measures[0].goods",
    ]
    refused = client.post("/api/new/file", json={"form": form})
    assert refused.status_code == 422
    assert [f["key"] for f in refused.json()["faults"]] == sorted(f["key"] for f in found["faults"])


def test_goods_and_their_trade_are_the_documents_of_the_library(client):
    listed = client.get("/api/goods").json()
    assert listed == json.loads(json.dumps(detente.goods().to_dict()))
    asked = {"exporter": "RUS", "importer": "IND,EU", "years": "2021:2023"}
    found = client.get("/api/goods/270900", params=asked).json()
    own = detente.commodity("270900", years="2021:2023", exporter="RUS", importer=["IND", "EU"])
    assert found == json.loads(json.dumps(own.to_dict()))
    assert client.get("/api/goods/crude oil", params=asked).json() == found
    assert not [*faults(listed), *faults(found)]
    places = answers.PlacesAnswer.model_validate(client.get("/api/places").json()).places
    assert {p.id for p in places} >= {"EU", "RUS", "IRN", "ABW"}


def test_the_page_of_a_good_says_what_its_flows_say(client):
    asked = {"exporter": "RUS", "years": "2021:2023"}
    reply = client.get("/api/goods/270900/page", params=asked)
    found = answers.GoodPage.model_validate(reply.json())
    own = detente.commodity("270900", years="2021:2023", exporter="RUS")
    assert found.sentence.lower() == own.sentences[0].lower()
    (partners, years, _) = found.views.tables
    assert partners.rows[0][1:] == pytest.approx(
        [
            t / 1e6
            for t in own.flows.group_by("year").agg(pl.col("tonnes").sum()).sort("year")["tonnes"]
        ]
    )
    india = next(row for row in partners.rows if row[0] == "India")
    flow = own.flows.filter(pl.col("importer") == "IND")
    assert india[1:] == pytest.approx([t / 1e6 for t in flow["tonnes"]])
    assert (
        "Sales to India grew most, from 2.4 in 2021 to 89 million tonnes in 2023" in found.paragraph
    )
    (chart,) = found.views.charts
    panels = chart.data["options"]
    assert len(panels) == 8
    drawn = [sum(p["values"][k] or 0.0 for p in panels) for k in range(3)]
    assert drawn == pytest.approx(partners.rows[0][1:])
    assert [row[0] for row in years.rows] == ["2021", "2022", "2023"]
    assert set(own.notes) < set(found.notes)


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("270901", {}, "no good '270901'. Of chapter 27 it has 270900 (crude oil)"),
        ("crud oil", {}, "Did you mean crude oil"),
        (
            "270900",
            {"exporter": "Rusia"},
            "There is no country or group 'Rusia'. Did you mean Russia",
        ),
        ("270900", {"years": "1999"}, "in 1999. Its flows are of 2005 to 2024."),
        ("270900", {"years": "2024:2019"}, "are reversed. Exchange the two."),
        ("270900", {"years": "lately"}, "'lately' is no years. Write 2024, or 2005:2024."),
        ("270900", {"exporter": "LIE", "importer": "SMR"}, "Leave an end out"),
    ],
)
@pytest.mark.parametrize("end", ["", "/page"])
def test_trade_that_cannot_be_shown_is_refused_with_what_to_do(client, path, asked, words, end):
    reply = client.get(f"/api/goods/{path}{end}", params=asked)
    assert reply.status_code == 422
    refusal = answers.Refusal.model_validate(reply.json())
    assert words in refusal.message
    assert refusal.faults == []


def test_choices_of_a_new_case_are_searched(client):
    found = client.get("/api/new/choices?search=oil").json()
    assert answers.NewChoices.model_validate(found)
    assert [g["label"] for g in found["goods"]] == [
        "crude oil and natural gas",
        "coke and refined oil",
        "crude oil",
        "refined oil",
    ]
    crude = next(g for g in found["goods"] if g["label"] == "crude oil")
    assert tuple(crude["notes"]) == detente.goods()["crude oil"].notes
    whole = client.get("/api/new/choices").json()
    union = next(b for b in whole["blocs"] if b["id"] == "EU")
    assert union["rule"] == "unanimity"
    assert {p["id"] for p in whole["places"]} >= {"EU", "G7", "RUS", "USA"}
