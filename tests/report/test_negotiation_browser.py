"""The sections on the negotiation in headless Chromium: marks, choices, files and a phone."""

from __future__ import annotations

import csv
import io
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from detente.analysis.negotiation import negotiate
from detente.report import views_of, write_brief

MADE_UP = Path(__file__).parent / "data" / "made-up-negotiation.yaml"
MARKS = {
    "components": "rect.bar",
    "pareto": "circle.package, path.point",
    "ladder": "rect.bar",
    "paths": "circle.state",
    "votes": "rect.vote",
    "links": "line.channel",
    "chances": "rect.bar",
}
#: Seconds after which something is held to hang; what is right is seen as soon as it is there.
PATIENCE = 300
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def views():
    return views_of(negotiation=negotiate(str(MADE_UP), draws=8))


@pytest.fixture(scope="module")
def address(views, tmp_path_factory):
    return write_brief(
        views, tmp_path_factory.mktemp("page") / "negotiation.html", annex=True
    ).as_uri()


@pytest.fixture(scope="module")
def complaints():
    return []


@pytest.fixture(scope="module")
def page(browser, address, complaints):
    tab = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    tab.set_default_timeout(1000 * PATIENCE)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(address)
    return tab


def test_every_chart_has_the_marks_of_its_data(page, views):
    assert {c.kind for c in views.charts.values()} == set(MARKS)
    for chart in views.charts.values():
        marks = page.locator(
            f"#chart-{chart.id} {MARKS[chart.kind]}".replace(", ", f", #chart-{chart.id} ")
        )
        assert marks.count() >= 2, chart.id
    paths = views.charts["negotiation-paths"]
    assert page.locator("#chart-negotiation-paths circle.state").count() == len(paths.data["nodes"])
    links = views.charts["negotiation-channels"].data["links"]
    assert page.locator("#chart-negotiation-channels line.channel").count() == len(links)
    bad = page.evaluate(
        "[...document.querySelectorAll('.canvas svg *')].filter(n => [...n.attributes]"
        ".some(a => /NaN|undefined|Infinity/.test(a.value))).length"
    )
    assert bad == 0


def test_votes_and_packages_follow_their_choices(page, views):
    unit = page.locator("#chart-negotiation-votes .unit")
    assert "Votes by money alone" in unit.text_content()
    page.locator("#chart-negotiation-votes select").select_option("all")
    assert "analyst estimates" in unit.text_content()
    alone = sum(
        vote == "alone"
        for panel in views.charts["negotiation-votes"].data["panels"]["all"]
        for moment in panel["moments"]
        for vote in moment["votes"]
    )
    drawn = page.locator("#chart-negotiation-votes rect.vote[aria-label*='can block alone']")
    assert drawn.count() == alone > 0
    sets = views.charts["negotiation-packages"].data["sets"]
    for one in reversed(sets):
        page.locator("#chart-negotiation-packages select").first.select_option(one["id"])
        dots = page.locator("#chart-negotiation-packages circle.package")
        assert dots.count() == len(one["dots"])


def downloaded(page, locator):
    with page.expect_download() as download:
        locator.click()
    return Path(download.value.path()).read_text("utf-8-sig")


def test_charts_download(page, views):
    for key in ("negotiation-components", "negotiation-paths", "negotiation-votes"):
        root = ET.fromstring(downloaded(page, page.locator(f"#chart-{key} [data-save=svg]")))
        assert "Source: détente" in "".join(root.itertext())
    text = downloaded(page, page.locator("#chart-negotiation-packages [data-save=csv]"))
    rows = list(csv.reader(io.StringIO(text)))
    first = views.charts["negotiation-packages"].data["sets"][0]
    assert len(rows) == len(first["dots"]) + 1
    for row, dot in zip(rows[1:], first["dots"], strict=True):
        assert [float(v) for v in row[1:-1]] == pytest.approx(dot["gain"])


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
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    outside = page.evaluate(
        """[...document.querySelectorAll('.canvas text')].filter(t => {
          const r = t.getBoundingClientRect();
          return r.width && (r.right > innerWidth + 1 || r.left < -1);
        }).map(t => t.textContent)"""
    )
    assert outside == []


def test_zz_nothing_complained(complaints):
    assert complaints == []
