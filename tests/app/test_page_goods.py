"""The page of goods in headless Chromium: who sold how much of a narrow good to whom."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .test_page_start import AXE, found_by_axe

pytestmark = pytest.mark.browser
#: Words in sight, without what is drawn.
_WORDS = """(() => {
  const walk = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT);
  const seen = [];
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (at.checkVisibility() && !at.closest('svg, option')) seen.push(walk.currentNode.data);
  }
  return seen.join(' ').split(/\\s+/).filter(Boolean).length;
})()"""


def rest(tab):
    """Wait until what is asked is answered and drawn."""
    tab.until("document.documentElement.dataset.settled === 'true'")


def panel(page, name):
    """The numbers of one panel of the picture, as its table has them."""
    row = page.locator("#table-goods-partners tr", has=page.locator("th", has_text=name)).first
    return row.locator("td").all_text_contents()


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_opens_with_russian_crude_and_is_asked_by_key(opened, width, client):
    tab = opened(None, width=width)
    page = tab.page
    page.locator("#to-goods").press("Enter")
    expect(page.locator("#goods-answer")).to_contain_text("Crude oil (HS 270900) from Russia")
    rest(tab)
    assert page.evaluate(_WORDS) <= 250
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found_by_axe(page) == []
    expect(page.locator("#chart-goods-partners svg")).to_contain_text("India")
    page.get_by_role("button", name="The numbers of this picture").press("Enter")
    expect(page.locator("#table-goods-partners")).to_be_focused()
    assert panel(page, "India")[2:5] == ["2.4", "37", "89"]
    assert panel(page, "Germany")[2:5] == ["21", "23", "0.12"]
    name, saved = tab.saved(page.locator("#table-goods-partners [data-save=csv]"))
    assert name == "detente-270900-table-goods-partners.csv"
    assert b"India," in saved
    page.locator("#goods-details summary").press("Enter")
    expect(page.locator("#goods-notes")).to_contain_text("Belarus and Russia stopped reporting")
    page.get_by_role("button", name="Remove Russia").press("Enter")
    expect(page.locator("#goods-paragraph")).to_contain_text("then those by the United States")
    field = page.locator("#good")
    field.fill("lng")
    field.press("ArrowDown")
    field.press("Enter")
    page.locator("#buyers").fill("european")
    page.locator("#buyers").press("Enter")
    page.locator("#sellers").focus()
    expect(page.locator("#goods-answer")).to_contain_text("Liquefied natural gas")
    rest(tab)
    assert found_by_axe(page) == []
    assert page.url.endswith("#goods/271111?to=EU&years=2019:2024")
    asked = {"importer": "EU", "years": "2019:2024"}
    words = client.get("/api/goods/271111/page", params=asked).json()["paragraph"]
    expect(page.locator("#goods-paragraph")).to_have_text(words)
    page.reload()
    expect(page.locator("#goods-paragraph")).to_have_text(words)
    expect(page.get_by_role("button", name="Remove European Union")).to_be_visible()


def test_a_fault_says_what_to_do_and_vanishes_when_mended(opened):
    tab = opened(None, allowed=["422"])
    page = tab.page
    page.get_by_role("navigation").get_by_role("link", name="Goods").press("Enter")
    expect(page.locator("#goods-answer")).to_be_visible()
    page.select_option("#year-last", "2010")
    fault = page.locator("#fault")
    expect(fault).to_contain_text("The years 2019 to 2010 are reversed. Exchange the two.")
    expect(page.locator("#goods-answer")).to_have_count(0)
    page.select_option("#year-first", "2005")
    expect(page.locator("#goods-answer")).to_contain_text("in 2005 to 2010")
    expect(fault).to_be_hidden()
    page.fill("#good", "crud oil")
    page.press("#good", "Enter")
    expect(fault).to_contain_text(re.compile("no good 'crud oil'. Did you mean crude oil"))
    page.locator(".brand").press("Enter")
    expect(fault).to_be_hidden()


def test_a_new_case_tells_the_known_gaps_of_a_narrow_good(opened):
    tab = opened(None)
    page = tab.page
    page.press("#blank", "Enter")
    page.get_by_label("Measure 1", exact=True).fill("EU bans imports of crude oil from Russia")
    info = page.get_by_role("button", name="Known gaps of the data on crude oil")
    expect(info).to_be_visible()
    gaps = page.locator(f"#{info.get_attribute('aria-controls')}")
    expect(gaps).to_be_hidden()
    info.press("Enter")
    expect(gaps).to_contain_text("Belarus and Russia stopped reporting")
    rest(tab)
