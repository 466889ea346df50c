"""The page in headless Chromium: what one sees first, the way back, paper, and a dark room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from detente.cases import cases

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
#: Sums what moved without a person's doing.
_SHIFTS = """window.shifts = 0;
new PerformanceObserver(list => { for (const e of list.getEntries())
  if (!e.hadRecentInput) window.shifts += e.value;
}).observe({ type: 'layout-shift', buffered: true });"""


def found_by_axe(page):
    """What axe finds."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]]


def test_the_start_page_leads_to_every_case(opened):
    tab = opened(None)
    page = tab.page
    for case in cases():
        expect(page.locator(".cards")).to_contain_text(case.title)
    belarus = page.locator(".card", has_text="Belarus").first
    expect(belarus.locator(".answer")).to_have_text(re.compile(r"^The measures cost Belarus USD"))
    expect(belarus.locator(".mini li").first).to_contain_text("Belarus")
    belarus.locator("a").press("Enter")
    expect(page.locator("#title")).to_contain_text("Belarus")
    tab.settled()
    assert tab.state()["case"] == "belarus"
    page.go_back()
    expect(page.locator(".cards")).to_be_visible()
    page.go_forward()
    expect(page.locator("#strip .chip").first).to_be_visible()
    page.locator(".brand").press("Enter")
    expect(page.locator("#last-work")).to_contain_text("Continue with United States, Belarus")
    page.locator("#last-work").press("Enter")
    expect(page.locator("#strip .chip").first).to_be_visible()
    tab.settled()


def test_packaged_answers_are_there_with_the_list_of_cases(opened):
    tab = opened(None)
    for case in cases():
        card = tab.page.locator(".card", has_text=case.title)
        expect(card.locator(".answer")).not_to_be_empty()
    assert [url for url in tab.asked if url.endswith("/api/cards")] != []
    assert [url for url in tab.asked if url.endswith("/api/card")] == []


def test_the_tour_can_be_gone_through_and_skipped(opened):
    page = opened(None).page
    page.press("#tour", "Enter")
    dialog = page.locator("dialog.tour")
    expect(dialog).to_contain_text("1 of 5")
    dialog.get_by_role("button", name="Next").press("Enter")
    expect(dialog).to_contain_text("2 of 5")
    dialog.get_by_role("button", name="Skip the tour").press("Enter")
    expect(dialog).to_be_hidden()
    page.press("#tour", "Enter")
    for _ in range(4):
        dialog.get_by_role("button", name="Next").press("Enter")
    dialog.get_by_role("button", name="Begin").press("Enter")
    expect(dialog).to_be_hidden()


def test_every_step_is_taken_back_and_again_and_survives_a_reload(tab, client):
    page = tab.page
    expect(page.locator("#undo")).to_be_disabled()
    page.locator("[data-measure=us-potash]").press("Space")
    page.select_option("#horizon", "short")
    tab.settled()
    tab.state()
    page.reload()
    tab.settled()
    expect(page.locator("#horizon")).to_have_value("short")
    expect(page.locator("[data-measure=us-potash]")).not_to_be_checked()
    page.press("body", "Control+z")
    expect(page.locator("#horizon")).to_have_value("long")
    page.press("#undo", "Enter")
    expect(page.locator("[data-measure=us-potash]")).to_be_checked()
    expect(page.locator("#undo")).to_be_disabled()
    tab.same(client)
    page.press("#redo", "Enter")
    page.press("body", "Control+Shift+z")
    expect(page.locator("#redo")).to_be_disabled()
    asked = {"label": "now", "horizon": "short", "measures": {"us-potash": False}}
    tab.same(client, scenario=asked)
    assert tab.state()["now"] == {"horizon": "short", "measures": {"us-potash": False}}


def test_the_strip_shows_the_ghost_of_the_case_before(tab):
    page = tab.page
    chip = page.locator("#strip [data-side=BLR]")
    before = chip.locator("b").text_content()
    expect(chip.locator(".was")).to_have_count(0)
    page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    expect(chip.locator(".was")).to_have_text(before)
    words = re.compile(r"^−[\d.]+ → −[\d.]+, \+[\d.]+$")
    expect(chip.locator(".values")).to_have_text(words)
    page.reload()  # a changed state that is opened has its ghost, too
    tab.settled()
    expect(chip.locator(".values")).to_have_text(words)


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_by_day_and_by_night(opened, scheme):
    start = opened(None, prepare=lambda page: page.emulate_media(color_scheme=scheme)).page
    assert found_by_axe(start) == []
    tab = opened(width=1440, prepare=lambda page: page.emulate_media(color_scheme=scheme))
    for question in ("what-deal", "how-sure", "where-goods-go", "who-pays"):
        tab.show(question)
        assert found_by_axe(tab.page) == []


def test_paper_has_all_questions_and_no_control(tab):
    page = tab.page
    page.evaluate("document.querySelectorAll('.details').forEach(d => { d.open = false; })")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    tab.until(
        "document.querySelectorAll('#chart-POTASH-flows svg, #table-assumptions td').length > 1"
    )
    for question in ("who-pays", "where-goods-go", "what-deal", "how-sure"):
        expect(page.locator(f"#tab-{question} .answer")).to_be_visible()
        expect(page.locator(f"#details-{question}")).to_have_attribute("open", "")
    assert page.locator(":is(button, input, select):visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".details[open]").count() == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_little_moves_while_answers_come(opened, width):
    tab = opened(width=width, prepare=lambda page: page.add_init_script(_SHIFTS))
    assert tab.page.evaluate("window.shifts") < 0.1


def test_a_phone_has_room_for_fingers(opened):
    tab = opened(width=390)
    tab.open_panel()
    small = tab.page.evaluate(
        """[...document.querySelectorAll(
          '.tabs button, #jump, #controls :is(select, button:not(.i), summary), #controls .switch')]
        .filter(n => n.checkVisibility()).filter(n => n.getBoundingClientRect().height < 39.5)
        .map(n => n.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_a_term_is_explained_where_it_stands(tab):
    page = tab.page
    tab.show("what-deal")
    page.locator("#table-negotiation-stable").scroll_into_view_if_needed()
    tab.settled()
    info = page.locator(".i:visible").first
    info.scroll_into_view_if_needed()
    meaning = page.locator(f"#{info.get_attribute('aria-controls')}")
    expect(meaning).to_be_hidden()
    info.press("Enter")
    expect(meaning).to_be_visible()
    info.press("Escape")
    expect(meaning).to_be_hidden()
