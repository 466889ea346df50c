"""The form of a new case in headless Chromium: sentences, their answers and faults, the case."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .tab import changed
from .test_page_start import AXE, found_by_axe

pytestmark = pytest.mark.browser
OIL = "EU bans imports of crude oil from Russia, except Hungary, Slovakia, Czechia"


@pytest.fixture
def new(opened):
    """The blank form."""
    tab = opened(None)
    tab.page.press("#blank", "Enter")
    expect(tab.page.locator("[data-party=EU]")).to_be_visible()
    return tab


def rest(tab):
    """Wait until the form is checked."""
    tab.until("document.documentElement.dataset.settled === 'true'")


def test_a_sentence_is_written_by_choosing_and_answered_with_what_it_closes(new, client):
    page = new.page
    field = page.get_by_label("Measure 1", exact=True)
    asks = page.locator("#new-measure-0-asks")
    fits = page.get_by_role("listbox", name="What fits here").get_by_role("option")
    field.focus()
    expect(asks).to_have_text("Who holds the measure?")
    for typed, after in [
        ("european", "EU "),
        ("EU ban", "EU bans imports of "),
        ("EU bans imports of 2709", "EU bans imports of crude oil from "),
    ]:
        field.fill(typed)
        expect(fits.first).to_be_visible()
        field.press("ArrowDown")
        expect(fits.first).to_have_attribute("aria-selected", "true")
        field.press("Enter")
        expect(field).to_have_value(after)
    field.press("Escape")
    expect(fits.first).to_be_hidden()
    field.fill("EU bans imports of crude oil from russ")
    fits.filter(has_text="Russia").click()
    expect(field).to_have_value("EU bans imports of crude oil from Russia")
    expect(fits.first).to_be_hidden()
    (closes,) = client.post("/api/new/closes", json={"measure": OIL}).json()["closes"]
    page.locator("[data-adds=except]").press("Enter")
    expect(field).to_be_focused()
    expect(asks).to_have_text("Which countries are left out? Part them by commas.")
    field.fill(OIL)
    expect(page.locator(".closes strong")).to_have_text(closes["sentence"])
    expect(page.locator(".closes .note")).to_have_text(closes["notes"])
    expect(page.locator("#taking")).to_have_text(
        "Parties of the case: European Union (holds measures), Russia."
    )
    page.get_by_role("button", name="Remove measure 1").press("Enter")
    expect(page.locator(".closes strong")).to_have_count(0)
    expect(page.get_by_label("Measure 1", exact=True)).to_have_value("")


def test_faults_stand_at_their_fields_and_vanish_when_mended(new):
    page = new.page
    page.press("#make", "Enter")
    title = page.get_by_label("Title of the case")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_be_focused()
    wrong = page.locator("#new-title-wrong")
    expect(wrong).to_have_text("The title is empty. Say in a few words what the case is about.")
    sentence = page.locator("#new-measure-0-wrong")
    expect(sentence).to_contain_text("There is no measure. Add a sentence such as")
    expect(page.locator("#said")).to_have_text(
        "The case was not made. 2 faults stand at the fields."
    )
    title.fill("Oil")
    expect(wrong).to_be_empty()
    page.press("#make", "Enter")
    expect(page.get_by_label("Measure 1", exact=True)).to_be_focused()
    expect(page.get_by_role("option").first).to_be_hidden()  # it would cover the fault
    expect(title).not_to_have_attribute("aria-invalid", re.compile(".*"))
    field = page.get_by_label("Measure 1", exact=True)
    field.fill("EU bans imports of crud oil from Russia")
    expect(sentence).to_contain_text("'crud oil' is no good of the world")
    expect(sentence).to_contain_text("Did you mean crude oil")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(OIL)
    expect(sentence).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", re.compile(".*"))
    page.locator("#add-sentence").press("Enter")
    second = page.get_by_label("Measure 2", exact=True)
    expect(second).to_be_focused()
    second.fill("EU taxes imports of wine from Russia")
    expect(page.locator("#new-measure-1-wrong")).to_have_text(
        "The rate is missing. Write it as ‘by 25 %’."
    )
    page.locator(".sentence-of").nth(1).locator("[data-adds=by]").press("Enter")
    expect(page.locator("#new-measure-1-wrong")).to_be_empty()
    page.fill("#new-date", "")
    expect(page.locator("#new-date-wrong")).to_contain_text("The day is empty.")
    page.fill("#new-date", "2023-06-01")
    expect(page.locator("#new-date-wrong")).to_be_empty()


def test_no_fault_stands_at_what_is_being_typed(new):
    page = new.page
    field = page.get_by_label("Measure 1", exact=True)
    field.fill("EU bans imports of crud oil from Russia")
    rest(new)
    wrong = page.locator("#new-measure-0-wrong")
    expect(wrong).to_be_empty()
    field.press("Tab")
    expect(wrong).to_contain_text("'crud oil' is no good")


def test_groups_are_ready_with_their_rules_and_countries_are_searched(new, client):
    page = new.page
    blocs = client.get("/api/new/choices").json()["blocs"]
    expect(page.locator(".group-ready")).to_have_count(len(blocs))
    union = page.locator(".group-ready", has=page.locator("[data-party=EU]"))
    expect(union).to_contain_text("Decides by unanimity.")
    expect(union).to_contain_text(
        "Renews its measures against Russia by 31 January and 31 July. Council Decision 2014/512"
    )
    turn = page.locator("[data-party=EAEU]")
    turn.press("Space")
    expect(turn).to_have_attribute("aria-pressed", "true")
    search = page.get_by_label("Add a country")
    search.fill("kaz")
    search.press("Enter")
    expect(page.locator("[data-chosen=KAZ]")).to_be_visible()
    expect(search).to_have_value("")
    expect(page.locator("#taking")).to_have_text(
        "Parties of the case: Eurasian Economic Union, Kazakhstan."
    )
    page.get_by_role("button", name="Remove Kazakhstan").press("Enter")
    turn.press("Space")
    expect(page.locator("#taking")).to_be_empty()


def test_the_case_opens_and_the_form_is_kept_for_the_way_back(new):
    page = new.page
    page.fill("#new-title", "Oil from Russia")
    page.fill("#new-date", "2023-06-01")
    page.get_by_label("Measure 1", exact=True).fill(OIL)
    name, content = new.saved(page.locator("#save-draft"))
    assert name == "oil-from-russia.yaml"
    assert f"summary: {OIL}." in content.decode().replace('"', "")
    page.press("#make", "Enter")
    expect(page.locator("#title")).to_have_text("Oil from Russia")
    new.settled()
    expect(page.locator("#strip [data-side=RUS] b")).to_have_class("loss")
    assert new.state()["file"], "the address holds the case itself"
    page.go_back()
    expect(page.locator("#new-title")).to_have_value("Oil from Russia")
    page.go_forward()
    expect(page.locator("#title")).to_have_text("Oil from Russia")
    new.settled()


def test_a_case_that_the_server_refuses_says_so(new):
    page = new.page
    new.allowed.append("422")
    refusal = {"code": "invalid_case", "message": "The world has no such flow.", "faults": []}
    page.route("**/api/new/file", lambda route: route.fulfill(status=422, json=refusal))
    page.fill("#new-title", "Oil")
    page.get_by_label("Measure 1", exact=True).fill(OIL)
    page.press("#make", "Enter")
    expect(page.locator("#fault")).to_contain_text("The case was not made.")
    expect(page.locator("#fault")).to_contain_text("The world has no such flow.")


def test_a_fault_of_the_whole_file_stands_above_the_buttons(new):
    page = new.page
    fault = {"key": "world", "message": "it has no year.", "remedy": "Choose another.", "line": 3}
    changed(page, "/api/new/check", lambda found: {**found, "ok": False, "faults": [fault]})
    page.press("#make", "Enter")
    expect(page.locator("#new-wrong")).to_have_text("It has no year. Choose another.")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_an_answer_comes(opened, width):
    tab = opened(None, width=width)
    page = tab.page
    page.press("#blank", "Enter")
    places = """[...document.querySelectorAll('#results :is(input, button, h2)')]
      .filter(n => n.checkVisibility())
      .map(n => Math.round(n.getBoundingClientRect().y + scrollY))"""
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/new/check", hold)
    expect(page.locator("[data-party=EU]")).to_be_visible()
    page.get_by_label("Measure 1", exact=True).fill("EU bans imports of metal from Russia")
    tab.until("document.querySelector('.closes') !== null")
    before = page.evaluate(places)
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    expect(page.locator(".closes .note")).to_have_count(1)
    assert page.evaluate(places) == before
    page.get_by_label("Measure 1", exact=True).fill("EU bans imports of metl from Rusia")
    page.get_by_label("Measure 1", exact=True).press("Tab")
    while not held:
        page.wait_for_timeout(20)
    before = page.evaluate(places)
    held.pop().continue_()
    expect(page.locator("#new-measure-0-wrong p")).to_have_count(2)
    assert page.evaluate(places) == before


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("width", [390, 1280, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_form(opened, width, scheme):
    tab = opened(None, width=width, prepare=lambda p: p.emulate_media(color_scheme=scheme))
    page = tab.page
    page.press("#blank", "Enter")
    expect(page.locator("[data-party=EU]")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_label("Measure 1", exact=True).fill(OIL)
    page.locator("[data-party=G7]").press("Enter")
    page.locator("#add-sentence").press("Enter")
    expect(page.get_by_label("Measure 2", exact=True)).to_be_focused()
    page.press("#make", "Enter")
    expect(page.locator("#new-title-wrong")).not_to_be_empty()
    expect(page.get_by_label("Title of the case")).to_be_focused()
    second = page.get_by_label("Measure 2", exact=True)
    second.fill("EU bans imports of oi")
    second.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    rest(tab)
    assert found_by_axe(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_a_phone_has_room_for_fingers_in_the_form(opened):
    page = opened(None, width=390).page
    page.press("#blank", "Enter")
    expect(page.locator("[data-party=EU]")).to_be_visible()
    page.get_by_label("Measure 1", exact=True).fill("EU bans imports of oil")
    expect(page.get_by_role("option").first).to_be_visible()
    small = page.evaluate(
        """[...document.querySelectorAll('.new-case :is(button, input, [role=option])')]
        .filter(n => n.checkVisibility()).filter(n => n.getBoundingClientRect().height < 39.5)
        .map(n => n.outerHTML.slice(0, 80))"""
    )
    assert small == []
