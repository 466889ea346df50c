"""The last question, *How far can I believe this?*: its sentence, picture and table; a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .tab import number

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
BELIEVE = '#{"case":"belarus","tab":"how-sure"}'
#: Two boxes have a part in common.
_MEET = """([one, other]) => {
  const [a, b] = [one, other].map((n) => n.getBoundingClientRect());
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}"""


def test_the_record_stands_in_its_tab_at_once(opened):
    tab = opened(BELIEVE)
    page = tab.page
    assert page.locator("#full").count() == 1, "nothing more was asked for"
    own = page.locator("#tab-how-sure")
    expect(own.locator(".answer")).to_contain_text("Tested on 2023 and 2024")
    chart = own.locator(".picture #chart-backtest")
    expect(chart.locator("path.mark").first).to_be_visible()
    expect(chart.locator("line.whisker").first).to_be_attached()
    marks = chart.locator("path.mark").count()
    assert marks % 3 == 0
    assert marks >= 3 * 12, "what was seen, the model and no model, in two years"
    canvas = chart.locator(".canvas")
    table = page.locator(f"#{canvas.get_attribute('aria-details')}")
    assert "2023 and 2024" in canvas.get_attribute("aria-label")
    own.locator(".picture button.link").press("Enter")
    expect(table.locator("table")).to_be_in_viewport()
    expect(table.locator("tbody tr:not(.group)").nth(11)).to_be_attached()


def test_a_switch_leaves_the_record_as_it_is(opened):
    tab = opened(BELIEVE)
    page = tab.page
    title = page.locator("#chart-backtest .title")
    before = title.text_content()
    page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    expect(page.locator("#state")).to_contain_text("Your scenario")
    expect(title).to_have_text(before)
    expect(page.locator("#chart-backtest .state")).to_have_count(0)


def test_a_case_without_a_record_shows_what_assumptions_move(opened):
    page = opened('#{"case":"russia-coalition","tab":"how-sure"}').page
    own = page.locator("#tab-how-sure")
    expect(own.locator(".answer")).to_contain_text("No forecast of this case has been scored")
    expect(own.locator(".picture #chart-ranges path.mark").nth(20)).to_be_attached()
    own.locator(".picture button.link").press("Enter")
    expect(page.locator("#table-ranges tbody tr").nth(7)).to_be_attached()


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_last_tab_is_open_to_all(opened, width, scheme):
    tab = opened(BELIEVE, width=width, prepare=lambda page: page.emulate_media(color_scheme=scheme))
    page = tab.page
    page.evaluate("document.querySelectorAll('.details').forEach(d => { d.open = false; })")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    at = page.locator("#to-how-sure").bounding_box()
    assert at["x"] >= 0, "the open tab is in sight"
    assert at["x"] + at["width"] <= width + 1


def test_on_a_phone_progress_stands_at_the_handle_and_covers_nothing(opened):
    tab = opened(width=390)
    page = tab.page
    tab.feed("/api/views")
    tab.open_panel()
    page.locator("[data-measure=us-potash]").press("Space")
    tab.fed("/api/views")
    working, jump = page.locator("#working"), page.locator("#jump")
    expect(working).to_be_visible()
    jump.press("Space")
    page.evaluate("scrollTo(0, 0)")
    expect(working).to_be_in_viewport()
    handle = page.locator(".handle")
    for part in (working, jump):
        low, box = handle.bounding_box(), part.bounding_box()
        assert low["y"] - 1 <= box["y"]
        assert box["y"] + box["height"] <= low["y"] + low["height"] + 1
    for text in page.locator(".bullets li, .strip .chip").all():
        assert not page.evaluate(_MEET, [working.element_handle(), text.element_handle()])
    tabs = page.locator(".tabs")
    tabs.evaluate("n => n.scrollIntoView({block: 'center'})")
    assert not page.evaluate(_MEET, [working.element_handle(), tabs.element_handle()])
    stop = page.locator("#stop").bounding_box()
    assert stop["height"] >= 40
    page.press("#stop", "Space")
    expect(page.locator("#resume")).to_be_in_viewport()
    assert page.locator("#resume").bounding_box()["height"] >= 40


def test_sums_have_the_same_two_digits_everywhere(opened, client):
    tab = opened()
    page = tab.page
    stated = client.post("/api/answer", json={"parts": False}).json()["figures"]
    loss = next(f["value"] for f in stated if f["id"] == "equivalent_variation-BLR")
    short = float(f"{loss:.1e}")
    chip = page.locator("#strip .chip", has_text="Belarus").locator("b")
    assert number(chip.text_content()) == short
    words = f"USD {abs(short):.0f} million"
    expect(page.locator(".bullets li").first).to_contain_text(words)
    expect(page.locator("#chart-map .title")).to_contain_text(words)
    labels = page.locator("#chart-gains svg text").all_text_contents()
    assert chip.text_content() in labels
    page.locator("#table-gains").scroll_into_view_if_needed()
    row = page.locator("#table-gains tbody tr", has_text="Belarus").first
    assert number(row.locator("td.n").first.text_content()) == short


def test_answers_that_were_never_worked_out_say_so(opened):
    tab = opened(
        None,
        allowed=["ERR_CONNECTION_REFUSED"],
        prepare=lambda page: page.route("**/api/views", lambda r: r.abort("connectionrefused")),
    )
    page = tab.page
    page.goto(f"{tab.address}/{BELIEVE}")
    page.reload()
    expect(page.locator("#fault")).to_contain_text("The answers were not worked out.")
    expect(page.locator(".bullets")).to_contain_text("The answers in short are not there.")
    expect(page.locator("#tab-how-sure .answer")).to_have_text("This answer is not there.")
    page.unroute("**/api/views")
    page.press("#again", "Space")
    tab.settled()
    expect(page.locator(".bullets li")).to_have_count(3)


def test_a_broken_file_is_refused_with_its_lines(opened):
    tab = opened(allowed=["422"])
    text = b"schema: 1\nname: broken\ntitle: A broken case\ndate: 2025-13-45\n"
    file = {"name": "broken.yaml", "mimeType": "application/yaml", "buffer": text}
    tab.page.set_input_files("#open", [file])
    fault = tab.page.locator("#fault")
    expect(fault).to_contain_text("broken.yaml was not opened.")
    expect(fault.locator("li", has_text="2025-13-45").locator("b")).to_have_text("Line 4, date: ")
    expect(fault.get_by_role("button", name="Close")).to_be_in_viewport()
    expect(tab.page.locator("#strip .chip").first).to_be_visible()
