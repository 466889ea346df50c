"""The brief in headless Chromium, from a file: no request, no error, marks, files, paper, phone."""

from __future__ import annotations

import csv
import io
import time
import xml.etree.ElementTree as ET

import pytest

from detente.analysis import Answer
from detente.report import make_brief, views_of, write_brief

MARKS = {
    "map": "path.country",
    "bars": "rect.bar",
    "multiples": "rect.bar",
    "flows": "path.link",
    "shares": "rect.bar",
    "dots": "circle.dot",
    "routes": "path.route",
    "steps": "path.step",
}
#: Seconds after which something is held to hang; what is right is seen as soon as it is there.
PATIENCE = 300
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(belarus, in_time, runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "brief.html"
    views = views_of(Answer(belarus, timeline=in_time, horizons=runs))
    return write_brief(views, path, annex=True).as_uri()


@pytest.fixture(scope="module")
def seen():
    """What the page asked for and complained of."""
    return {"requests": [], "complaints": []}


@pytest.fixture(scope="module")
def page(browser, address, seen):
    tab = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    tab.set_default_timeout(1000 * PATIENCE)
    tab.on("request", lambda request: seen["requests"].append(request.url))
    tab.on("console", lambda message: seen["complaints"].append(message.text))
    tab.on("pageerror", lambda error: seen["complaints"].append(str(error)))
    tab.goto(address)
    return tab


@pytest.fixture(scope="module")
def views(belarus, in_time, runs):
    return views_of(Answer(belarus, timeline=in_time, horizons=runs))


WORLD, EUROPE = "#chart-map .world", "#chart-map .europe"


def partners(views, code, least=0.02):
    """Countries whose trade with one changes by at least so many Mt, as the map draws it."""
    rows = views.charts["map"].data["flows"][0]["rows"]
    touched = [row for row in rows if code in row[:2] and abs(row[3] - row[2]) >= least]
    return sorted({c for row in touched for c in row[:2]} - {code})


def arcs(page, plate=WORLD):
    """Names of the countries at the ends of the arcs."""
    labels = page.locator(f"{plate} path.arc").evaluate_all(
        "n => n.map(x => x.getAttribute('aria-label').split(',')[0])"
    )
    return [set(label.split(" to ")) for label in labels]


def test_the_map_draws_the_arcs_of_the_country_under_the_pointer_only(page, views):
    chart = page.locator("#chart-map")
    chart.scroll_into_view_if_needed()
    assert arcs(page) == arcs(page, EUROPE) == []
    for code, name in (("BLR", "Belarus"), ("BRA", "Brazil")):
        page.locator(f"{WORLD} path.country[data-code={code}]").hover()
        found = arcs(page)
        assert len(found) >= len(partners(views, code)) > 3
        assert all(name in ends for ends in found)
        assert arcs(page, EUROPE) == found
        assert name in page.locator("#chart-map .on-screen").text_content()
    chart.locator(".title").hover()
    assert arcs(page) == []


def test_a_country_that_is_tapped_stays_and_leaves_with_the_file(page, views):
    _, text = downloaded(page, page.locator("#chart-map [data-save=svg]"))
    assert "Point at a country" not in text
    assert 'class="arc"' not in text
    page.locator(f"{EUROPE} path.country[data-code=POL]").click()
    page.locator("#chart-map .title").hover()
    assert all("Poland" in ends for ends in arcs(page))
    assert arcs(page) != []
    pressed = page.locator("#chart-map [aria-pressed=true]")
    assert pressed.get_attribute("data-code") == "POL"
    _, text = downloaded(page, page.locator("#chart-map [data-save=svg]"))
    assert text.count('class="arc"') == 2 * len(arcs(page))
    assert "Poland: " in text
    page.locator(f"{EUROPE} path.country[data-code=POL]").click(position={"x": 8, "y": 20})
    page.locator("#chart-map .title").hover()
    assert pressed.count() == 0
    assert arcs(page) == []


def test_the_arrow_keys_go_from_country_to_country(page):
    stops = page.locator(f"{WORLD} path.country[tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    page.locator(f"{WORLD} path.country[data-code=LTU]").focus()
    assert "Lithuania" in page.locator("#chart-map .on-screen").text_content()
    page.keyboard.press("ArrowUp")
    focused = "document.activeElement.dataset.code"
    assert page.evaluate(focused) in ("LVA", "EST")
    assert stops.get_attribute("data-code") == page.evaluate(focused)
    page.locator(f"{WORLD} path.country[data-code=USA]").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "CAN"
    assert all("Canada" in ends for ends in arcs(page))
    page.keyboard.press("Enter")
    page.locator("#chart-map [data-save=csv]").focus()
    assert arcs(page) != []
    page.locator(f"{WORLD} path.country[data-code=CAN]").focus()
    page.keyboard.press("Escape")
    page.locator("#chart-map [data-save=csv]").focus()
    assert arcs(page) == []


def test_the_inset_shows_the_small_states_of_europe(page):
    names = page.locator(f"{EUROPE} .names text").all_text_contents()
    assert {"Belarus", "Lithuania", "Latvia", "Poland"} <= set(names)
    boxes = page.locator(f"{EUROPE} .names text").evaluate_all(
        "n => n.map(x => x.getBoundingClientRect()).map(r => [r.left, r.right, r.top, r.bottom])"
    )
    for k, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:k]:
            apart = right <= other[0] or left >= other[1] or bottom <= other[2] + 4
            assert apart or top >= other[3] - 4, "no name covers another"
    for code in ("LTU", "LVA", "EST", "LUX", "MLT", "CYP"):
        found = page.locator(f"{EUROPE} [data-code={code}]").evaluate_all(
            "n => Math.max(...n.map(x => x.getBoundingClientRect().width))"
        )
        assert found >= 10, code
    for lines in ("borders", "disputed"):
        assert page.locator(f"{EUROPE} path.{lines}").count() == 1


def test_map_has_countries(page):
    assert page.locator(f"{WORLD} path.country").count() >= 150
    fills = page.eval_on_selector_all(
        "#chart-map path.country", "nodes => new Set(nodes.map(n => n.getAttribute('fill'))).size"
    )
    assert fills >= 5
    for code in ("BLR", "LTU", "CRI", "USA", "CAN"):
        mark = page.locator(f"{WORLD} path.country[data-code={code}]")
        assert "of real income" in mark.get_attribute("aria-label")


def test_every_chart_has_marks(page, views):
    for chart in views.charts.values():
        marks = page.locator(f"#chart-{chart.id} {MARKS[chart.kind]}")
        assert marks.count() >= 5, chart.id


def test_a_whole_brief_draws_every_chart(browser, tmp_path):
    """With the negotiation, the back-test and sanctions by design, which `make brief` shows."""
    whole = make_brief("belarus")
    assert {"design-curve", "negotiation-votes"} <= whole.charts.keys()
    path = write_brief(whole, tmp_path / "whole.html", annex=True)
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(path.as_uri())
    assert tab.locator("[data-chart]").count() == len(whole.charts)
    empty = tab.evaluate(
        "[...document.querySelectorAll('[data-chart]')]"
        ".filter(n => !n.querySelector('.canvas svg')).map(n => n.id)"
    )
    tab.close()
    assert complaints == []
    assert empty == []


def test_no_mark_is_misplaced(page):
    bad = page.evaluate(
        "[...document.querySelectorAll('.canvas svg *')].filter(n => [...n.attributes]"
        ".some(a => /NaN|undefined|Infinity/.test(a.value))).length"
    )
    assert bad == 0


def test_map_follows_its_choices(page, views):
    title = page.locator("#chart-map .title")
    before = title.text_content()
    option = views.charts["map"].data["views"][1]
    effect, unit, flows = page.locator("#chart-map select").all()
    effect.select_option(option["id"])
    assert title.text_content() == option["title"] != before
    unit.select_option("percent")
    assert page.locator("#chart-map .unit").text_content() == "real income, %"
    belarus = page.locator(f"{WORLD} path.country[data-code=BLR]")
    flows.select_option("none")
    belarus.focus()
    assert arcs(page) == []
    flows.select_option("before")
    belarus.focus()
    assert len(arcs(page)) >= 10
    unit.select_option("money")
    effect.select_option("regime")
    flows.select_option("change")


def test_map_draws_the_ways_of_transport(page, views):
    flows = page.locator("#chart-map select").nth(2)
    routes = views.charts["map"].data["exits"][0]["routes"]
    for state in ("before", "under"):
        flows.select_option(f"routes-{state}")
        assert arcs(page) == []
        shown = [route for route in routes if route["closed"][state] or route[state] >= 0.0005]
        assert page.locator(f"{WORLD} path.route").count() == len(shown)
        assert page.locator(f"{EUROPE} path.route").count() == len(shown)
        closed = sum(route["closed"][state] for route in routes)
        assert page.locator(f"{WORLD} path.route[stroke-dasharray]").count() == closed
    assert "not surveyed lines" in page.locator("#chart-map svg").text_content()
    flows.select_option("change")
    assert page.locator("#chart-map path.route").count() == 0


def test_the_closer_look_is_as_thick_as_what_passes(page, views):
    chart = views.charts["POTASH-routes-BLR-map"]
    lines = page.locator(f"#chart-{chart.id} path.route")
    widths = {}
    for line in lines.all():
        if line.get_attribute("stroke-dasharray") is None:
            widths.setdefault(line.get_attribute("aria-label").split(",")[0], []).append(
                float(line.get_attribute("stroke-width"))
            )
    mt = {route["label"]: (route["before"], route["under"]) for route in chart.data["routes"]}
    assert len(widths["Klaipėda"]) == 1
    before, under = widths["Russian Baltic ports"]
    ports = mt["Russian Baltic ports"]
    assert under / widths["Klaipėda"][0] == pytest.approx(ports[1] / mt["Klaipėda"][0], rel=1e-3)
    assert before < under
    labels = page.locator(f"#chart-{chart.id} svg").text_content()
    amounts = (f"{mt['Klaipėda'][0]:.1f} Mt", f"{ports[1]:.1f} Mt")
    assert all(word in labels for word in ("Murmansk", "closed", "Belarus", *amounts))


@pytest.mark.parametrize("code", ["USA", "CAN", "CHN", "BLR", "BRA", "AUS"])
def test_no_arc_streaks_across_the_map(page, code):
    """Every arc is one piece inside the map, little longer than the way between its ends."""
    page.locator(f"{WORLD} path.country[data-code={code}]").focus()
    drawn = page.evaluate(
        """[...document.querySelectorAll('#chart-map .world path.arc')].map(p => {
          const [a, b] = [p.getPointAtLength(0), p.getPointAtLength(p.getTotalLength())];
          return [p.getAttribute('d').match(/M/g).length, p.getTotalLength(),
            Math.hypot(a.x - b.x, a.y - b.y), p.getBBox().y];
        })"""
    )
    assert drawn != []
    for pieces, length, straight, top in drawn:
        assert pieces == 1
        assert length < 1.3 * straight + 1
        assert top >= 0


def test_tooltips_show_on_hover(page):
    page.locator("#chart-gains rect.bar").first.hover()
    assert "USD million a year" in page.locator(".tip").text_content()


def downloaded(page, locator):
    with page.expect_download() as download:
        locator.click()
    with open(download.value.path(), encoding="utf-8-sig") as file:
        return download.value.suggested_filename, file.read()


def test_charts_download_as_svg(page, views):
    for chart in views.charts.values():
        name, text = downloaded(page, page.locator(f"#chart-{chart.id} [data-save=svg]"))
        assert name == f"detente-belarus-{chart.id}.svg"
        root = ET.fromstring(text)
        words = "".join(root.itertext())
        assert chart.title.split()[0] in words
        assert "Source: détente" in words
        assert len(list(root.iter())) > 20


def test_tables_and_charts_download_as_csv(browser, address, views):
    tab = browser.new_page()  # headless Chromium lets a page save ten files, no more
    tab.set_default_timeout(1000 * PATIENCE)
    tab.goto(address)
    for locator, table in [
        ("#chart-gains", "gains"),
        ("#chart-POTASH-prices", "POTASH-markets"),
        ("#chart-POTASH-routes-BLR-map", "POTASH-routes-BLR"),
        ("#chart-regimes", "regimes"),
        ("#table-transit", "transit"),
        ("#table-options", "options"),
        ("#table-in-force", "in-force"),
    ]:
        _, text = downloaded(tab, tab.locator(f"{locator} [data-save=csv]"))
        rows = list(csv.reader(io.StringIO(text)))
        expected = views.tables[table]
        assert len(rows) == len(expected.rows) + 1
        assert rows[0][0] == expected.columns[0].key
        for k, column in enumerate(expected.columns):
            if column.kind == "number":
                given = [float(row[k]) if row[k] else None for row in rows[1:]]
                assert given == pytest.approx(expected.column(column.key))
    tab.close()


def test_the_map_downloads_every_option(browser, address, views):
    tab = browser.new_page()
    tab.set_default_timeout(1000 * PATIENCE)
    tab.goto(address)
    _, text = downloaded(tab, tab.locator("#chart-map [data-save=csv]"))
    tab.close()
    rows = list(csv.DictReader(io.StringIO(text)))
    data = views.charts["map"].data["views"]
    assert len(rows) == len(data[0]["money"])
    belarus = next(row for row in rows if row["code"] == "BLR")
    for view in data:
        given = float(belarus[f"{view['id']} (USD million a year)"])
        assert given == pytest.approx(view["money"]["BLR"])


def test_long_tables_open(page):
    table = page.locator("#table-gains")
    hidden = table.locator("tr.extra").first
    assert not hidden.is_visible()
    table.locator("[data-more]").click()
    assert hidden.is_visible()
    table.locator("[data-more]").click()


def test_it_prints(page):
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator("nav").is_visible()
    assert not page.locator("#chart-map .controls").is_visible()
    page.emulate_media(media="screen")


def resized(page):
    """Wait until the charts are drawn for the size of the window."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(
        "document.documentElement.dataset.settled === 'true' &&"
        " document.querySelector('.canvas svg').clientWidth <= innerWidth &&"
        " +document.querySelector('.canvas svg').getAttribute('width') <= innerWidth"
    ):
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def test_a_phone_needs_no_sideways_scrolling(page):
    page.set_viewport_size({"width": 360, "height": 740})
    resized(page)
    assert int(page.locator("#chart-map svg").get_attribute("width")) < 360
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    outside = page.evaluate(
        """[...document.querySelectorAll('.canvas text')].filter(t => {
          const r = t.getBoundingClientRect();
          return r.width && (r.right > innerWidth + 1 || r.left < -1);
        }).map(t => t.textContent)"""
    )
    assert outside == []


def test_zz_nothing_was_asked_for_and_nothing_complained(page, address, seen):
    assert [url for url in seen["requests"] if not url.startswith("blob:")] == [address]
    assert seen["complaints"] == []
