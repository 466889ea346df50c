"""The page in headless Chromium: states without an answer, stops, a server that is gone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
OLD = re.compile("of the state before")


def shows_old(page):
    """Everything says, in words too, that it is of the state before."""
    expect(page.locator("#strip-note")).to_have_text(OLD)
    expect(page.locator("#strip-note")).to_be_visible()
    expect(page.locator("#figures-note")).to_have_text(OLD)
    for part in ("#strip", "#figures"):
        expect(page.locator(part)).to_have_class(re.compile(r"\bold\b"))
    fresh = page.locator("#sections [data-part]:not(.stale)")
    expect(fresh).to_have_count(0)
    expect(page.locator("#findings-section")).to_have_class(re.compile("stale"))


def test_a_state_without_an_answer_shows_its_fault_where_it_is_seen(opened, client):
    tab = opened(allowed=["422"])
    page = tab.page
    tab.tune("potash_price", -5)
    fault = page.locator("#fault")
    expect(fault).to_contain_text("This state cannot be answered.")
    expect(fault.locator("li b")).to_have_text(re.compile("^Price of potash", re.IGNORECASE))
    expect(fault).to_be_in_viewport()
    page.evaluate("scrollTo(0, 6000)")
    expect(fault).to_be_in_viewport()
    shows_old(page)
    at = page.locator(".parameters [data-number=potash_price]")
    expect(at.locator(".wrong")).to_contain_text("it must be above 0")
    box = at.locator("[data-box]")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_attribute("aria-describedby", at.locator(".wrong").get_attribute("id"))
    expect(page.locator(".differences .wrong")).to_contain_text("it must be above 0")
    expect(page.locator("#sections")).to_have_attribute("aria-busy", "false")
    at.get_by_role("button", name="Reset").press("Space")
    tab.settled()
    tab.same(client)
    expect(fault).to_be_hidden()
    expect(page.locator("#strip-note")).to_be_hidden()
    expect(at.locator(".wrong")).to_be_hidden()
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_a_fault_that_names_no_control_stands_at_the_one_that_was_changed(opened):
    tab = opened(allowed=["422"])
    page = tab.page
    refusal = {"message": "No prices were found.", "faults": []}
    page.route("**/api/answer", lambda r: r.fulfill(status=422, json=refusal))
    page.locator("[data-measure=us-potash]").press("Space")
    expect(tab.card("us-potash").locator("> .wrong")).to_have_text("No prices were found.")
    expect(page.locator("#fault")).to_contain_text("No prices were found.")
    shows_old(page)


def test_a_server_that_is_gone_is_said_and_tried_again(opened, client):
    tab = opened(allowed=["ERR_CONNECTION_REFUSED"])
    page = tab.page
    page.route("**/api/**", lambda r: r.abort("connectionrefused"))
    page.locator("[data-measure=us-potash]").press("Space")
    fault = page.locator("#fault")
    expect(fault).to_contain_text("The server does not answer. Start detente serve again")
    expect(fault).to_be_in_viewport()
    shows_old(page)
    page.press("#again", "Space")
    expect(fault).to_be_visible()
    page.unroute("**/api/**")
    page.press("#again", "Space")
    tab.settled()
    tab.same(client, scenario={"label": "now", "measures": {"us-potash": False}})
    expect(fault).to_be_hidden()


def test_a_slow_answer_is_given_up_for_a_newer_one(tab, client):
    page, held = tab.page, []

    def hold(route):
        if "potash_trade_elasticity" in route.request.post_data:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/answer", hold)
    with page.expect_event("requestfailed", lambda r: r.url.endswith("/api/answer")):
        tab.tune("potash_trade_elasticity", 100)
        expect(page.locator("#strip-note")).to_have_text(re.compile("being solved"))
        expect(page.locator("#figures-note")).to_be_visible()
        page.press("#reset-all", "Space")
    tab.settled()
    tab.same(client)
    assert held


def test_tables_of_a_state_that_was_left_are_given_up(tab, client):
    page, held = tab.page, []

    def parts(request):
        return request.url.endswith("/api/answer") and '"parts"' not in (request.post_data or "")

    def hold(route):
        if parts(route.request) and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/answer", hold)
    with page.expect_request(parts):
        page.locator("[data-measure=us-potash]").press("Space")
    with page.expect_event("requestfailed", parts):
        page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    tab.same(client)
    assert len(held) == 1


def test_what_was_stopped_can_be_brought_up_to_date(tab, client):
    page = tab.page
    tab.feed("/api/views")
    page.locator("[data-measure=us-potash]").press("Space")
    tab.fed("/api/views")
    page.evaluate("scrollTo(0, 3000)")
    expect(page.locator("#stop")).to_be_in_viewport()
    page.press("#stop", "Space")
    expect(page.locator("#sections")).to_have_attribute("aria-busy", "false")
    for part in ("#findings-section", "#reproduce-section"):
        expect(page.locator(part)).to_have_class(re.compile("stale"))
    expect(page.locator("#behind")).to_contain_text("Sections are of the state before.")
    page.evaluate("delete window.fed['/api/views']")
    page.press("#resume", "Space")
    tab.fed("/api/views")
    expect(page.locator("#behind")).to_be_hidden()
    page.press("#stop", "Space")
    expect(page.locator("#resume")).to_be_visible()
    page.locator("[data-measure=us-potash]").press("Space")
    expect(page.locator("#behind")).to_be_hidden()


def test_sections_that_break_off_can_be_asked_for_again(tab):
    page = tab.page
    page.route(
        "**/api/views",
        lambda r: r.fulfill(content_type="text/event-stream", body='event: progress\ndata: {"do'),
    )
    page.locator("[data-measure=us-potash]").press("Space")
    fault = page.locator("#fault")
    expect(fault).to_contain_text("The sections were not brought up to date.")
    expect(page.locator("#resume")).to_be_visible()
    page.unroute("**/api/views")
    fault.get_by_role("button", name="Try again").press("Space")
    tab.settled()
    expect(page.locator("#behind")).to_be_hidden()
