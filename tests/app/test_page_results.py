"""The page in headless Chromium: comparison, bands, claims, files of tables and charts."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest
from playwright.sync_api import expect

from detente.analysis import Scenarios
from detente.analysis.precomputed.bands import packaged_bands
from detente.cases import load_case
from detente.negotiation.words import digits_beside
from detente.report.glossary import terms_for_details

from .tab import answer, changed, events, number

pytestmark = pytest.mark.browser


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def heads_of(book):
    """The headings of a workbook's first sheet."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        texts = ["".join(n.itertext()) for n in ET.fromstring(parts.read("xl/sharedStrings.xml"))]
        first = next(ET.fromstring(parts.read("xl/worksheets/sheet1.xml")).iter(f"{space}row"))
    return [texts[int(c.find(f"{space}v").text)] for c in first]


def test_scenarios_stand_side_by_side_and_come_back_from_the_address(tab, opened, client):
    page = tab.page
    page.locator("[data-measure=us-potash]").press("Space")
    page.fill("#scenario-name", "US lifts")
    page.press("#keep", "Space")
    page.fill("#scenario-name", "US lifts")
    page.press("#keep", "Space")
    expect(page.locator("#compare .wrong")).to_contain_text("is taken")
    page.fill("#other-date", "2022-06-01")
    page.press("#keep-date", "Space")
    page.locator("[data-measure=eu-transit]").press("Space")
    table = page.locator("#table-comparison")
    table.wait_for(state="attached")
    tab.settled()
    table.scroll_into_view_if_needed()
    heads = table.locator("thead th")
    expect(heads.nth(5)).to_have_text("On the screen")
    assert heads.all_text_contents()[2:6] == ["Baseline", "US lifts", "2022-06-01", "On the screen"]
    first = table.locator("tbody tr:not(.group)").first.locator("td").all()
    parts = [
        answer(client, scenario=s)["equivalent_variation-USA"]
        for s in (
            {"label": "a"},
            {"label": "b", "measures": {"us-potash": False}},
            {"label": "c", "date": "2022-06-01", "measures": {"us-potash": False}},
            {"label": "d", "measures": {"us-potash": False, "eu-transit": False}},
        )
    ]
    cells = [number(c.text_content()) for c in first[1:]]
    assert cells[:4] == [number(digits_beside(v)) for v in parts]
    assert cells[4:] == [number(digits_beside(v - parts[0])) for v in parts[1:]]
    _, content = tab.saved(table.locator("[data-save=csv]"))
    names = ["Baseline", "US lifts", "2022-06-01", "On the screen"]
    assert rows_of(content)[0][3:7] == names, "files carry the names of the scenarios"
    _, content = tab.saved(table.locator("[data-save=xlsx]"))
    assert heads_of(content)[3:7] == names
    page.locator("#chart-compare-0").scroll_into_view_if_needed()
    page.wait_for_selector("#chart-compare-0 path.mark")
    tab.settled()
    assert page.locator("#chart-compare-0 path.mark").count() % 4 == 0
    state = tab.state()
    other = opened(tab.fragment())
    assert other.state() == state
    assert other.figures() == tab.figures()
    assert other.page.locator(".kept li b").all_text_contents() == ["US lifts", "2022-06-01"]
    expect(other.page.locator("[data-measure=us-potash]")).not_to_be_checked()


def banded(figures, by=1.0):
    """A reply with bands around figures."""
    bands = {
        key: {
            "low": value - by,
            "high": value + by,
            "drivers": [{"parameter": "potash_price", "correlation": 0.9}],
        }
        for key, value in figures.items()
    }
    draws = {"asked": 64, "done": 64, "failed": 1, "seed": 0, "why_failed": ""}
    return {"draws": draws, "bands": bands}


def test_kept_scenarios_get_bands_on_the_same_axes(tab, client):
    page = tab.page
    page.fill("#other-date", "2022-06-01")
    page.press("#keep-date", "Space")
    asked = []

    def bands(route):
        asked.append(route.request.post_data_json["draws"])
        some = banded(answer(client), 200.0)
        some["draws"] |= {"done": 8, "failed": 0}
        route.fulfill(**events(("part", some), ("result", banded(answer(client), 100.0))))

    page.route("**/api/bands", bands)
    expect(page.locator("#compare-bands")).to_be_visible()
    page.press("#compare-bands", "Space")
    expect(page.locator("#compare-bands")).to_be_hidden()
    page.locator("#chart-compare-0").scroll_into_view_if_needed()
    expect(page.locator("#chart-compare-0 line.whisker").nth(1)).to_be_attached()
    table = page.locator("#table-comparison")
    table.scroll_into_view_if_needed()
    expect(table.locator("thead th").last).to_have_text("2022-06-01, 95 %")
    value, *_, low, high = (
        number(t)
        for t in table.locator("tbody tr:not(.group)").first.locator("td").all_inner_texts()[1:]
    )
    assert (high - value, low - high) == pytest.approx((100, -200), abs=10), "in two digits"
    expect(table).to_contain_text("Bands: 5 to 95 % of 63 draws of every parameter")
    packaged = packaged_bands(Scenarios(load_case("belarus")))
    assert packaged is not None
    assert set(asked) == {packaged.draws}, "a band beside its ghost has the same quality"


def test_tables_and_charts_are_saved_as_the_api_has_them(tab, client):
    stated = client.post("/api/answer", json={}).json()
    gains = next(t for t in stated["tables"] if t["id"] == "gains")
    page = tab.page
    frame = page.locator("#table-gains")
    frame.scroll_into_view_if_needed()
    name, content = tab.saved(frame.locator("[data-save=csv]"))
    assert name == "detente-belarus-table-gains.csv"
    rows = rows_of(content)
    central = [k for k, head in enumerate(rows[0]) if not re.search(r", (5|95) % \(", head)]
    assert len(rows[0]) > len(central), "the bands that are packaged stand beside the figures"
    for head, column in zip([rows[0][k] for k in central], gains["columns"], strict=True):
        assert head.startswith(column["label"])
        assert not column["unit"] or f"({column['unit']})" in head or "[" in head
    assert len(set(rows[0])) == len(rows[0])
    for row, own in zip(rows[1:], gains["rows"], strict=True):
        assert row[:2] == own[:2]
        # Two solutions to 1e-9: what moves a country by less than USD 0.05 million may differ.
        figures = [float(row[k]) for k in central[2:]]
        assert figures == pytest.approx(own[2:], rel=1e-5, abs=0.05)
    name, content = tab.saved(frame.locator("[data-save=xlsx]"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
        numbers = [
            float(c.find(f"{space}v").text) for c in sheet.iter(f"{space}c") if c.get("t") is None
        ]
    assert numbers == [pytest.approx(float(x), rel=1e-14) for row in rows[1:] for x in row[2:]]
    chart = page.locator("#chart-gains")
    chart.scroll_into_view_if_needed()
    _, content = tab.saved(chart.locator("[data-save=svg]"))
    assert "Source: détente" in "".join(ET.fromstring(content).itertext())
    _, content = tab.saved(chart.locator("[data-save=png]"))
    assert content.startswith(b"\x89PNG")
    width = int.from_bytes(content[16:20], "big")
    assert width > 1200, "twice the size of the screen"
    _, content = tab.saved(chart.locator("[data-save=csv]"))
    assert rows_of(content)[0] == rows[0], "of the table beside it"


def test_figures_are_saved_with_their_bands(opened, client):
    def words(sheet):
        sheet["parameters"]["potash_price"]["label"] = "price of potash, EU"
        return sheet

    tab = opened(prepare=lambda page: changed(page, "/api/case", words))
    page = tab.page
    stated = answer(client)
    saves = page.locator("#save-figures")
    _, content = tab.saved(saves.locator("[data-save=csv]"))
    head, *rows = rows_of(content)
    assert "5 %" not in head
    assert len(rows) == len(stated)
    tab.feed("/api/bands")
    page.locator("#draw").press("Space")
    tab.fed("/api/bands")
    tab.send("/api/bands", "result", banded(stated, by=2.0))
    expect(page.locator("#band-note")).to_contain_text("63 draws of every parameter")
    row = page.locator("tr", has=page.locator("[data-figure=equivalent_variation-BLR]"))
    expect(row.locator("td.bands").last).to_have_text("Price of potash, EU")
    name, content = tab.saved(saves.locator("[data-save=csv]"))
    assert name == "detente-belarus-figures.csv"
    head, *rows = rows_of(content)
    assert head[-3:] == ["5 %", "95 %", "Moved most by"]
    assert [float(r[head.index("Value")]) for r in rows] == pytest.approx(
        [v for v in stated.values() if v is not None], rel=1e-5, abs=0.05
    )
    assert float(rows[0][-3]) == pytest.approx(stated["equivalent_variation-USA"] - 2)
    _, content = tab.saved(saves.locator("[data-save=xlsx]"))
    assert heads_of(content) == head


def test_claims_and_reproduction_follow_the_state(tab):
    page = tab.page
    tab.show("how-sure")
    page.press("#ask-claims", "Space")
    page.wait_for_selector("#claims-live tbody tr")
    tab.settled()
    expect(page.locator("#claims-live .sentence")).to_contain_text("can be tested")
    expect(page.locator("#reproduce")).to_contain_text("detente brief belarus --date 2025-12-01")
    page.locator("[data-measure=us-potash]").press("Space")
    expect(page.locator("#reproduce-section")).to_have_class(re.compile("stale"))
    tab.settled()
    text = page.locator("#reproduce").text_content()
    assert "detente brief belarus-your-scenario-1-change.yaml --scenario now" in text
    assert '.in_scenario("now")' in text
    stated = "Your scenario, not the state of the case: ‘US sanctions on the Belarusian potash"
    assert stated in text, "the line to cite says what is hypothetical"
    links = page.locator(".measure a[href^=http]").all()
    assert len(links) >= len(load_case("belarus").measures)


def test_everything_is_added_once(tab):
    page = tab.page
    page.press("#full", "Space")
    expect(page.locator("#full")).to_be_hidden()
    tab.settled()
    heads = page.locator("h2").all_text_contents()
    assert len(heads) == len(set(heads))
    ids = page.eval_on_selector_all("[id]", "n => n.map(x => x.id)")
    assert len(ids) == len(set(ids))
    expect(page.locator("#claims-live tbody tr").first).to_be_attached()
    expect(page.locator("#ask-claims")).to_be_hidden()
    page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    expect(page.locator("#claims-live tbody tr").first).to_be_attached()


def test_bands_come_by_and_by_and_can_be_stopped(tab, client):
    page = tab.page
    tab.feed("/api/bands")
    page.locator("#draw").press("Space")
    tab.fed("/api/bands")
    tab.send("/api/bands", "progress", {"done": 8, "total": 64, "what": "draws"})
    expect(page.locator("#doing")).to_have_text(re.compile("8 of 64$"))
    expect(page.locator("#stop")).to_be_in_viewport()
    why = "2 impossible (for example draw 3: made up)"
    draws = {"asked": 64, "done": 10, "failed": 2, "seed": 0, "why_failed": why}
    part = {**banded(answer(client)), "draws": draws}
    tab.send("/api/bands", "part", part)
    expect(page.locator("#band-note")).to_contain_text("8 draws so far")
    expect(page.locator("#band-note")).to_contain_text(f"; 2 failed: {why}.")
    expect(page.locator("#figures")).to_have_class(re.compile("banded"))
    page.press("#stop", "Space")
    expect(page.locator("#working")).to_be_hidden()
    expect(page.locator("#behind")).to_be_hidden()
    assert page.evaluate("window.fed['/api/bands'].stopped")
    before = tab.painted()
    page.locator("[data-measure=us-finance]").press("Space")  # bands of the state before go
    expect(page.locator("#band-note")).to_be_empty()
    expect(page.locator("#figures")).not_to_have_class(re.compile("banded"))
    tab.until(f"performance.getEntriesByName('painted').length > {before}")
    tab.same(client, scenario={"label": "now", "measures": {"us-finance": False}})


def test_bands_are_drawn_by_the_server(opened):
    def few(route):
        asked = json.loads(route.request.post_data)
        route.continue_(post_data=json.dumps({**asked, "draws": 3}))

    tab = opened(bands=True, prepare=lambda page: page.route("**/api/bands", few))
    page = tab.page
    expect(page.locator("#figures")).to_have_class(re.compile("banded"))
    row = page.locator("tr", has=page.locator("[data-figure=equivalent_variation-BLR]"))
    low, high = row.locator("td.bands").first.text_content().split(" to ")
    assert number(low) < number(high)


def test_bullets_and_pictures_lead_to_what_is_behind_them(tab):
    page = tab.page
    top = "n => n.getBoundingClientRect().top - document.querySelector('#top').offsetHeight"
    for bullet in page.locator(".bullets button").all():
        bullet.press("Enter")
        tab.settled()
        focused = page.locator(".chapter:focus")
        expect(focused).to_have_attribute("data-open", "true")
        words = bullet.text_content().removesuffix(" →")
        expect(page.locator("[role=tab][aria-selected=true]")).to_have_text(words)
        expect(focused.locator(".answer")).to_be_in_viewport()
        assert focused.evaluate(top) > -2
    tab.show("who-pays")
    page.locator("#details-who-pays").evaluate("n => { n.open = false; }")
    page.locator(".picture button.link").first.press("Enter")
    expect(page.locator("#table-gains table")).to_be_in_viewport()


def test_each_tab_is_short_before_its_details(tab):
    page = tab.page
    page.evaluate("document.querySelectorAll('.details').forEach(d => { d.open = false; })")
    for question in page.locator("[role=tab]").evaluate_all("n => n.map(x => x.id.slice(3))"):
        tab.show(question)
        words = page.locator(f"#tab-{question}").evaluate(
            """n => { const c = n.cloneNode(true);
            const apart = 'svg, select, button, .details, details:not([open]) > *';
            c.querySelectorAll(apart).forEach(x => x.remove());
            return c.textContent; }"""
        )
        assert 5 < len(words.split()) <= 250, (question, words)
        assert terms_for_details(words) == (), question
        told = page.locator(f"#tab-{question} :is(.answer, .paragraph)").all_text_contents()
        assert told, question
        for text in (*told, *page.locator(".bullets li").all_text_contents()):
            assert not re.search(r"  |[−-]0(?:\.0+)?\b(?![.,]\d)|one sentence\.", text), text
            assert all(len(s.split()) <= 35 for s in re.split(r"(?<=[.?!])\s+", text)), text
