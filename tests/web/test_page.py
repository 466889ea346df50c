"""The page in headless Chromium: controls, address, files, phone, keyboard, no request out."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

from detente.case import load_case

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
#: Rounding on the screen: half of the last digit that is shown.
SHOWN = 0.051


class Tab:
    """A page of the app, with what it asked for and complained of."""

    def __init__(self, browser, address, fragment="", width=1280, bands=False):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.asked, self.complaints = [], []
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        choice = "on" if bands else "off"
        self.page.add_init_script(f"localStorage.setItem('bands', '{choice}')")
        self.page.goto(f"{address}/{fragment}")
        self.settled()

    def until(self, condition, seconds=40):
        """Poll a condition: the page's policy forbids what `wait_for_function` evaluates."""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, condition
            self.page.wait_for_timeout(20)

    def settled(self):
        """Wait until figures, charts and tables show the state of the controls."""
        self.until(
            "document.querySelector('#sections').ariaBusy === 'false'"
            " && !document.querySelector('#sections .stale')"
            " && document.querySelector('#working').hidden"
        )

    def painted(self):
        """How many answers have been painted."""
        return self.page.evaluate("performance.getEntriesByName('painted').length")

    def figures(self):
        """The figures on the screen, by id."""
        found = self.page.eval_on_selector_all(
            "[data-figure]", "n => n.map(x => [x.dataset.figure, x.textContent])"
        )
        return {key: number(text) for key, text in found}

    def saved(self, locator):
        with self.page.expect_download(timeout=20_000) as download:
            locator.click()
        with open(download.value.path(), "rb") as file:
            return download.value.suggested_filename, file.read()

    def state(self):
        """What stands in the address."""
        self.page.wait_for_timeout(400)
        return json.loads(unquote(urlsplit(self.page.url).fragment))


def number(text):
    plain = text.replace(",", "").replace("−", "-").replace("+", "")
    return float(plain) if plain != "–" else None


def answer(client, **asked):
    found = client.post("/api/answer", json={"parts": False, **asked}).json()
    return {f["id"]: f["value"] for f in found["figures"]}


@pytest.fixture(scope="module")
def tab(browser, served):
    return Tab(browser, served.address)


def same(tab, client, **asked):
    """The screen comes to show what the API answers."""
    told = answer(client, **asked)
    deadline = time.monotonic() + 15
    while True:
        shown = tab.figures()
        near = {k: 0.51 if k.startswith("price") else SHOWN for k in told}
        wrong = [k for k, v in told.items() if shown.get(k) != pytest.approx(v, abs=near[k])]
        if not wrong and shown.keys() == told.keys():
            return
        assert time.monotonic() < deadline, {k: (shown.get(k), told.get(k)) for k in wrong}
        tab.page.wait_for_timeout(30)


def test_it_opens_on_the_case(tab, client):
    same(tab, client)
    assert tab.page.locator("#differences, .differences li").count() == 0
    tab.page.wait_for_selector("#chart-map path.country[data-code=BLR]")
    parts = tab.page.eval_on_selector_all("[data-part]", "n => n.map(x => x.dataset.part)")
    assert {"chart:map", "chart:gains", "table:options", "table:assumptions"} <= set(parts)


def test_every_measure_switches(tab, client):
    page = tab.page
    day = load_case("belarus").date
    for measure in load_case("belarus").measures:
        box = page.locator(f"[data-measure='{measure.id}']")
        on = measure.in_force_on(day)
        assert box.is_checked() == on
        box.click()
        same(tab, client, scenario={"label": "now", "measures": {measure.id: not on}})
        # Where nothing moves, the figures already stand before the answer comes.
        words = page.locator(".measure", has=box).locator(".moved").first
        expect(words).to_have_text(re.compile("^Moved "), timeout=15_000)
        box.click()
    assert page.locator(".differences li").count() == 0
    same(tab, client)


def test_a_slider_moves_the_world_and_says_what_moved_most(tab, client):
    page = tab.page
    card = page.locator(".measure", has=page.locator("[data-measure=eu-potash]"))
    slider = card.locator("input[type=range]")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    value = tab.state()["now"]["parameters"]["eu_potash_leakage"]
    assert value > 0.002
    scenario = {"label": "now", "parameters": {"eu_potash_leakage": value}}
    same(tab, client, scenario=scenario)
    words = card.locator(".moved").filter(has_text="Moved most").text_content()
    base, now = answer(client), answer(client, scenario=scenario)
    gains = {k: now[k] - base[k] for k in now if k.startswith("gain") and k != "gain-world"}
    most = max(gains, key=lambda k: abs(gains[k]))
    label = page.locator("tr", has=page.locator(f"[data-figure={most}]")).locator("th").first
    assert words.startswith(f"Moved most: {label.text_content()}")
    item = page.locator(".differences li")
    assert "eu potash leakage" in item.text_content()
    assert "share of the base flow" in item.text_content(), "the unit"
    assert "analyst estimate" in item.text_content(), "the source"
    item.get_by_role("button").click()
    same(tab, client)


def test_date_horizon_deficits_days_and_parameters(tab, client):
    page = tab.page
    page.select_option("#horizon", "short")
    page.select_option("#transfers", "proportional")
    page.fill("#date", "2023-05-01")
    page.locator("#all-parameters > summary").click()
    page.fill("#find-parameter", "farm input")
    box = page.locator(".parameters [data-box=farm_input_substitution]")
    box.fill("0.4")
    box.press("Enter")
    page.locator("details.group", has=page.get_by_text("Belarus, overseas")).first.evaluate(
        "n => n.open = true"
    )
    route = page.locator(".way [data-box=lt_transit_fee]").first
    route.fill("7")
    route.press("Enter")
    card = page.locator(".measure", has=page.locator("[data-measure=ua-border]"))
    card.locator("summary", has_text="Days").click()
    page.locator("[data-days=ua-border-until]").fill("2023-01-01")
    expected = {
        "label": "now",
        "date": "2023-05-01",
        "horizon": "short",
        "transfers": "proportional",
        "parameters": {"farm_input_substitution": 0.4, "lt_transit_fee": 7},
        "in_force": {"ua-border": [{"from": "2022-02-28", "until": "2023-01-01"}]},
    }
    assert {"label": "now", **tab.state()["now"]} == expected
    assert not page.locator("[data-measure=ua-border]").is_checked()
    same(tab, client, scenario=expected)
    assert page.locator(".differences li").count() == 6
    assert "short run" in page.locator("#subject").text_content()
    page.click("#reset-all")
    same(tab, client)
    assert "now" not in tab.state()


def test_scenarios_stand_side_by_side_and_come_back_from_the_address(tab, browser, served, client):
    page = tab.page
    page.locator("[data-measure=us-potash]").click()
    page.fill("#scenario-name", "US lifts")
    page.click("#keep")
    page.fill("#scenario-name", "US lifts")
    page.click("#keep")
    assert "is taken" in page.locator("#compare .wrong").text_content()
    page.fill("#other-date", "2022-06-01")
    page.click("#keep-date")
    page.locator("[data-measure=eu-transit]").click()
    page.wait_for_selector("#table-comparison", state="attached")
    tab.settled()
    tab.until("!document.querySelector('#compare .stale')")
    page.locator("#table-comparison").scroll_into_view_if_needed()
    page.wait_for_selector("#table-comparison tbody tr")
    heads = page.locator("#table-comparison thead th").all_text_contents()
    assert heads[2:6] == ["Baseline", "US lifts", "2022-06-01", "On the screen"]
    first = page.locator("#table-comparison tbody tr:not(.group)").first.locator("td").all()
    told = [
        answer(client, scenario=s)["gain-USA"]
        for s in (
            {"label": "a"},
            {"label": "b", "measures": {"us-potash": False}},
            {"label": "c", "date": "2022-06-01", "measures": {"us-potash": False}},
            {"label": "d", "measures": {"us-potash": False, "eu-transit": False}},
        )
    ]
    cells = [number(c.text_content()) for c in first[1:]]
    assert cells[:4] == pytest.approx(told, abs=SHOWN)
    assert cells[4:] == pytest.approx([v - told[0] for v in told[1:]], abs=SHOWN)
    page.locator("#chart-compare-0").scroll_into_view_if_needed()
    page.wait_for_selector("#chart-compare-0 path.mark")
    assert page.locator("#chart-compare-0 path.mark").count() % 4 == 0
    state = tab.state()
    other = Tab(browser, served.address, f"#{urlsplit(page.url).fragment}")
    assert other.state() == state
    assert other.figures() == tab.figures()
    assert other.page.locator(".kept li b").all_text_contents() == ["US lifts", "2022-06-01"]
    assert not other.page.locator("[data-measure=us-potash]").is_checked()
    other.context.close()


def test_a_case_file_brings_everything_back(tab, browser, served, tmp_path):
    name, content = tab.saved(tab.page.locator("#save-case"))
    assert name == "belarus.yaml"
    path = tmp_path / name
    path.write_bytes(content)
    assert [s.label for s in load_case(path).scenarios] == ["now", "US lifts", "2022-06-01"]
    other = Tab(browser, served.address)
    other.page.set_input_files("#open", str(path))
    other.until("document.querySelectorAll('.kept li').length === 2")
    other.settled()
    assert other.figures() == pytest.approx(tab.figures(), abs=SHOWN)
    assert {k: other.state()[k] for k in ("now", "named")} == {
        k: tab.state()[k] for k in ("now", "named")
    }
    again = Tab(browser, served.address, f"#{urlsplit(other.page.url).fragment}")
    assert again.figures() == other.figures(), "an uploaded case comes back from the address"
    path.write_bytes(b"\x00\x01")
    again.page.set_input_files("#open", str(path))
    again.page.wait_for_selector("#fault:not([hidden])")
    assert "is binary, not a text" in again.page.locator("#fault").text_content()
    assert again.figures() == other.figures(), "what was there stays"
    for one in (other, again):
        one.context.close()


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("#nonsense", "no scenario that can be read"),
        ('#{"case":"belarus","evil":1}', "no part of a scenario"),
        ('#{"case":"belarus","now":{"measures":{"us-potsh":false}}}', "Did you mean us-potash"),
        ('#{"case":"belarus","now":{"parameters":{"potash_price":"x"}}}', "not a finite number"),
        ('#{"case":"nowhere"}', "does not hold the case"),
    ],
)
def test_a_wrong_address_says_so_and_shows_the_case(browser, served, client, fragment, words):
    tab = Tab(browser, served.address, fragment)
    fault = tab.page.locator("#fault").text_content()
    assert words in fault
    assert "was not used" in fault
    same(tab, client)
    tab.context.close()


def test_a_measure_is_added_with_faults_at_their_fields(tab, client):
    page = tab.page
    page.click("#reset-all")
    page.click("#add-measure")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("dialog [aria-invalid=true]")
    wrong = page.locator("dialog .wrong:not([hidden])").all_text_contents()
    assert any("is empty" in words for words in wrong)
    assert any("'origin' is missing" in words for words in wrong)
    field = page.get_by_label("Name", exact=True)
    assert "is empty" in page.locator(f"#{field.get_attribute('aria-describedby')}").text_content()
    field.fill("EU ban on potash from Russia")
    page.get_by_label("Whose it is").select_option("EU")
    page.get_by_label("Origins: who sells").select_option(["RUS", "KAZ"])
    page.get_by_label("Markets: who buys").select_option("EU")
    page.locator("dialog").get_by_label("Goods").select_option("POTASH")
    page.get_by_label("Leakage, share of the base flow").fill("3")
    page.click("dialog button[type=submit]")
    page.get_by_text("it must be between 0 and 1").wait_for()
    page.get_by_label("Leakage, share of the base flow").fill("0.1")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("dialog", state="detached")
    (added,) = tab.state()["added"]
    assert added["sets"] == [
        {"embargo": {"origin": ["KAZ", "RUS"], "market": "EU", "goods": "POTASH", "leakage": 0.1}}
    ] or added["sets"][0]["embargo"]["origin"] == ["RUS", "KAZ"]
    same(tab, client, added=[added])
    assert answer(client, added=[added])["gain-RUS"] < answer(client)["gain-RUS"]
    page.locator(".differences li", has_text="Russia").get_by_role("button").click()
    tab.until("!document.querySelector(\"[data-measure^='added']\")")
    same(tab, client)


def test_tables_and_charts_are_saved_as_the_api_has_them(browser, served, client):
    tab = Tab(browser, served.address)
    told = client.post("/api/answer", json={}).json()
    gains = next(t for t in told["tables"] if t["id"] == "gains")
    page = tab.page
    frame = page.locator("#table-gains")
    frame.scroll_into_view_if_needed()
    name, content = tab.saved(frame.locator("[data-save=csv]"))
    assert name == "detente-belarus-table-gains.csv"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [
        f"{c['key']} ({c['unit']})" if c["unit"] else c["key"] for c in gains["columns"]
    ]
    for row, own in zip(rows[1:], gains["rows"], strict=True):
        assert row[:2] == own[:2]
        # Two solutions to 1e-9: what moves a country by less than USD 0.05 million may differ.
        assert [float(x) for x in row[2:]] == pytest.approx(own[2:], rel=1e-5, abs=0.05)
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
    assert content.decode("utf-8-sig").startswith("country,code,")
    name, content = tab.saved(page.locator("#save-brief"))
    assert name == "detente-belarus.html"
    assert b'id="brief-data"' in content
    tab.context.close()


def test_claims_and_reproduction_follow_the_state(tab):
    page = tab.page
    page.click("#ask-claims")
    page.wait_for_selector("#claims tbody tr", timeout=20_000)
    tab.settled()
    assert "can be tested" in page.locator("#claims .sentence").text_content()
    assert "detente brief belarus --date 2025-12-01" in page.locator("#reproduce").text_content()
    page.locator("[data-measure=us-potash]").click()
    tab.settled()
    text = page.locator("#reproduce").text_content()
    assert "detente brief belarus.yaml --scenario now" in text
    assert '.in_scenario("now")' in text
    assert "changed: US sanctions on the Belarusian potash companies" in text
    links = page.locator(".measure a[href^=http]").all()
    assert len(links) >= len(load_case("belarus").measures)
    page.click("#reset-all")


def test_bands_come_after_and_can_be_stopped(browser, served, client):
    tab = Tab(browser, served.address, bands=False)
    page = tab.page
    page.locator("label[for=draw]").click()
    page.wait_for_selector("#working:not([hidden])")
    tab.until("/\\d of 64/.test(document.querySelector('#doing').textContent)")
    before = tab.painted()
    page.locator("[data-measure=us-finance]").click()  # the page stays usable, and draws anew
    tab.until(f"performance.getEntriesByName('painted').length > {before}")
    tab.until("/\\d of 64/.test(document.querySelector('#doing').textContent)")
    scenario = {"label": "now", "measures": {"us-finance": False}}
    same(tab, client, scenario=scenario)
    page.click("#stop")
    page.wait_for_selector("#working", state="hidden")
    assert page.locator("#figures.banded").count() == 0
    page.route(
        "**/api/bands",
        lambda route: route.continue_(
            post_data=json.dumps({**json.loads(route.request.post_data), "draws": 3})
        ),
    )
    page.locator("label[for=draw]").click()
    page.locator("label[for=draw]").click()
    page.wait_for_selector("#figures.banded", timeout=20_000)
    row = page.locator("tr", has=page.locator("[data-figure=gain-BLR]"))
    low, high = row.locator("td.bands").first.text_content().split(" to ")
    assert number(low) < number(high)
    assert [m for m in tab.complaints if "bands" not in m] == []
    tab.context.close()


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(tab, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        (v["id"], [n["html"][:120] for n in v["nodes"][:3]])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    page.click("#add-measure")
    found = page.evaluate("axe.run('dialog', {resultTypes: ['violations']})")
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []
    page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = false; })")


def test_a_phone_needs_no_sideways_scrolling(tab):
    page = tab.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(250)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#strip b").first.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_keyboard_reaches_every_control(tab):
    page = tab.page
    for part in page.locator("[data-part]").all():  # drawn when they come near
        part.evaluate("n => n.scrollIntoView()")
        page.wait_for_timeout(20)
    page.evaluate(
        """window.reached = new Set();
        addEventListener('focusin', (e) => window.reached.add(e.target));
        scrollTo(0, 0); document.querySelector('.skip').focus()"""
    )
    for _ in range(40):
        for _ in range(20):
            page.keyboard.press("Tab")
        if page.evaluate("window.reached.has(document.querySelector('footer a'))"):
            break
    missed = page.evaluate(
        """[...document.querySelectorAll('input, select, button, summary, a[href]')]
        .filter(n => n.checkVisibility() && !n.disabled && !window.reached.has(n))
        .map(n => n.outerHTML.slice(0, 90))"""
    )
    assert missed == []


def test_zz_nothing_left_this_machine_and_nothing_complained(tab, served):
    outside = [
        url for url in tab.asked if not re.match(rf"(blob:)?{re.escape(served.address)}/", url)
    ]
    assert outside == []
    expected = "422 (Unprocessable Entity)"  # what the form of a measure was refused with
    assert [words for words in tab.complaints if expected not in words] == []
