"""The page in headless Chromium: cases, files, the address."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from detente.cases import load_case, read_files

from .tab import SHOWN, changed, events

pytestmark = pytest.mark.browser
TEXT = read_files("belarus").one_file()[0]
#: The scenarios that the case offers to try.
OFFERED = re.compile(r"^scenarios:\n(?:[ -].*\n)+", re.MULTILINE)


def test_a_case_file_brings_everything_back(opened, tmp_path):
    first = opened()
    page = first.page
    page.locator("[data-measure=us-potash]").press("Space")
    page.fill("#scenario-name", "US lifts")
    page.press("#keep", "Space")
    page.fill("#other-date", "2022-06-01")
    page.press("#keep-date", "Space")
    page.locator("[data-measure=eu-transit]").press("Space")
    first.settled()
    name, content = first.saved(page.locator("#save-case"))
    assert name == "belarus-your-scenario-2-changes.yaml"
    path = tmp_path / name
    path.write_bytes(content)
    assert [s.label for s in load_case(path).scenarios] == ["now", "US lifts", "2022-06-01"]
    other = opened()
    other.page.set_input_files("#open", str(path))
    expect(other.page.locator(".kept li")).to_have_count(2)
    other.settled()
    assert other.figures() == pytest.approx(first.figures(), abs=SHOWN)
    assert {k: other.state()[k] for k in ("now", "named")} == {
        k: first.state()[k] for k in ("now", "named")
    }
    again = opened(other.fragment())
    assert again.figures() == other.figures(), "an uploaded case comes back from the address"


def test_only_a_scenario_named_now_goes_on_the_screen(tab, client, tmp_path):
    path = tmp_path / "mine.yaml"
    scenario = {"label": "Lithuania opens", "measures": {"lt-transit": False}}
    path.write_text(re.sub(OFFERED, f"scenarios:\n  - {json.dumps(scenario)}\n", TEXT), "utf-8")
    tab.page.set_input_files("#open", str(path))
    expect(tab.page.locator(".kept li b")).to_have_text(["Lithuania opens"])
    expect(tab.page.locator(".differences li")).to_have_count(0)
    tab.same(client)


def test_what_cannot_be_opened_is_named_and_changes_nothing(opened, tmp_path):
    tab = opened(allowed=["422"])
    page, before = tab.page, tab.figures()
    fault = page.locator("#fault")
    for name, content, words in (
        ("binary.yaml", b"\x00\x01", "is binary, not a text"),
        ("faulty.yaml", TEXT.replace("horizon: long", "horizon: longish").encode(), "longish"),
        ("large.yaml", b"#" * 300_000, "It has 293 KiB; a case file may have 256."),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        page.set_input_files("#open", str(path))
        expect(fault.locator("strong")).to_have_text(f"{name} was not opened.")
        expect(fault).to_contain_text(words)
        expect(fault).to_be_in_viewport()
        expect(fault).not_to_contain_text("This state cannot be answered")
    assert tab.figures() == before
    expect(page.locator("#case")).to_have_value("belarus")
    expect(page.locator(".old, .stale")).to_have_count(0)
    fault.get_by_role("button", name="Close").press("Space")
    expect(fault).to_be_hidden()


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("#nonsense", "no scenario that can be read"),
        ('#{"case":"belarus","evil":1}', "no part of a scenario"),
        ('#{"case":"belarus","now":{"measures":{"us-potsh":false}}}', "Did you mean us-potash"),
        ('#{"case":"belarus","now":{"parameters":{"potash_price":"x"}}}', "not a finite number"),
        ('#{"case":"nowhere"}', "does not hold the case"),
        ('#{"file":"%25%25%25"}', "The case file in the address is damaged."),
        ('#{"file":"AAAA"}', "The case file in the address is damaged."),
        ('#{"named":[{"label":"a"},{"label":"a"}]}', "two scenarios named ‘a’"),
    ],
)
def test_a_wrong_address_says_so_and_shows_the_case(opened, client, fragment, words):
    tab = opened(fragment, allowed=["422", "404"])
    fault = tab.page.locator("#fault")
    tab.same(client)
    expect(fault).to_be_visible()
    expect(fault).to_contain_text(words)
    expect(fault).to_contain_text("was not used")
    expect(fault).not_to_contain_text("Failed to execute")


def test_a_case_that_is_not_opened_leaves_the_list_as_it_was(tab):
    page = tab.page
    tab.allowed += ["500"]
    page.route("**/api/case", lambda r: r.fulfill(status=500, json={"message": "It broke."}))
    page.select_option("#case", "elmira")
    expect(page.locator("#fault")).to_contain_text("The case elmira was not opened.")
    expect(page.locator("#fault")).to_contain_text("It broke.")
    expect(page.locator("#case")).to_have_value("belarus")
    expect(page.locator("#title")).to_contain_text("Belarus")
    page.unroute("**/api/case")
    page.select_option("#case", "russia-coalition")
    expect(page.locator("#title")).to_contain_text("Russia")
    expect(page.locator("#fault")).to_be_hidden()
    tab.settled()


def negotiation(parts):
    """Views of a case with a negotiation only."""
    return {
        "title": "Elmira",
        "subject": "Talks of 2005",
        "sentences": ["Two packages would be agreed."],
        "sections": [{"id": p, "title": f"About {p}", "parts": [f"table:{p}"]} for p in parts],
        "charts": [],
        "tables": [
            {
                "id": p,
                "title": f"Table of {p}",
                "sentence": "A sentence.",
                "note": "",
                "unit": "",
                "lead": 0,
                "columns": [
                    {
                        "key": "who",
                        "label": "Who",
                        "unit": "",
                        "kind": "text",
                        "decimals": 0,
                        "group": False,
                        "signed": False,
                        "toned": False,
                    }
                ],
                "rows": [["The factory"]],
            }
            for p in parts
        ],
    }


def test_a_case_without_trade_shows_its_talks(tab):
    page = tab.page

    def bare(sheet):
        nothing = {
            "measures": [],
            "route_choices": [],
            "parameters": {},
            "days": [],
            "trade": False,
            "payoffs": False,
        }
        return {
            **sheet,
            **nothing,
            "questions": [
                {"id": "what-deal", "question": "What deal would hold?"},
                {"id": "how-sure", "question": "How far can I believe this?"},
            ],
            "id": "elmira",
            "name": "elmira",
            "title": "Elmira, 2005",
            "summary": "",
        }

    def sheet(route):
        route.fulfill(json=bare(sheets))

    sheets = page.request.post(f"{tab.address}/api/case", data={"case": "belarus"}).json()
    page.route("**/api/case", sheet)
    tab.feed("/api/views")
    before = len(tab.asked)
    page.select_option("#case", "elmira")
    expect(page.locator("#title")).to_have_text("Elmira, 2005")
    tab.fed("/api/views")
    tab.send("/api/views", "part", negotiation(["why"]))
    page.press("#to-how-sure", "Enter")  # what no question names stands with the last one
    page.locator("#details-how-sure").evaluate("n => { n.open = true; }")
    expect(page.locator("#table-why")).to_contain_text("The factory")
    expect(page.locator("#sections")).to_have_attribute("aria-busy", "true")
    tab.send("/api/views", "result", negotiation(["why", "deals"]))
    tab.settled()
    page.locator("#table-deals").scroll_into_view_if_needed()
    expect(page.locator("#table-deals")).to_contain_text("The factory")
    expect(page.locator("#findings")).to_contain_text("Two packages")
    expect(page.locator("#subject")).to_have_text("Talks of 2005")
    for gone in ("#strip", "#figures-section", "#compare-section", "#controls", "#full"):
        expect(page.locator(gone).locator("visible=true")).to_have_count(0)
    expect(page.locator("#contents button")).to_have_text(
        ["What deal would hold?", "How far can I believe this?"]
    )
    expect(page.get_by_text("Potash")).to_have_count(0)
    assert not [u for u in tab.asked[before:] if u.endswith(("answer", "bands", "compare"))]
    page.unroute("**/api/case")
    page.select_option("#case", "belarus")
    expect(page.locator("#strip .chip").first).to_be_visible()


def test_talks_come_after_trade_and_keep_their_place(tab):
    page = tab.page
    views = {
        "sections": [],
        "tables": [],
        "charts": [],
        "sentences": [],
        "subject": "",
        "title": "",
    }
    world = {"id": "world", "title": "Who gains and who pays", "parts": ["chart:map"]}
    tab.feed("/api/views")
    page.locator("[data-measure=us-embassy]").evaluate("n => n.click()")
    tab.fed("/api/views")
    more = negotiation(["why"])
    tab.send("/api/views", "part", {**views, "sections": [world]})
    expect(page.locator("#sections .part").nth(12)).to_be_attached()  # of the state before
    more["tables"].append({**more["tables"][0], "id": "reproduce", "rows": [["Python", "x"]]})
    whole = {**more, "sections": [world, *more["sections"]]}
    tab.send("/api/views", "result", whole)
    expect(page.locator("#sections .part > h3.section")).to_have_text(
        ["Who gains and who pays", "About why"]
    )


def test_a_server_that_was_started_anew_is_sent_the_case_again(opened, client):
    digest = "a" * 64

    def own(sheet):
        return {**sheet, "text": TEXT}

    tab = opened(prepare=lambda page: changed(page, "/api/case", own), allowed=["404"])
    page, seen = tab.page, []
    assert tab.state()["file"], "the address holds the case itself"

    def forgotten(route):
        seen.append(route.request.url)
        if len(seen) > 1:
            route.fallback()
        else:
            route.fulfill(
                status=404,
                json={
                    "message": f"It does not hold {digest}.",
                    "faults": [],
                    "code": "unknown_case",
                },
            )

    page.route("**/api/answer", forgotten)
    with page.expect_request("**/api/upload") as sent:
        page.locator("[data-measure=us-potash]").press("Space")
    assert sent.value.post_data == TEXT
    tab.settled()
    tab.same(client, scenario={"label": "now", "measures": {"us-potash": False}})
    expect(page.locator("#fault")).to_be_hidden()


def test_a_brief_is_written_with_progress_and_can_be_stopped(tab):
    page = tab.page
    tab.feed("/api/brief/stream")
    page.press("#save-brief", "Space")
    tab.fed("/api/brief/stream")
    tab.send("/api/brief/stream", "progress", {"done": 3, "total": 9, "what": "negotiation"})
    expect(page.locator("#doing")).to_have_text("Writing the brief, 3 of 9")
    expect(page.locator("#stop")).to_be_in_viewport()
    page.press("#stop", "Space")
    expect(page.locator("#working")).to_be_hidden()
    expect(page.locator("#save-brief")).to_be_enabled()
    expect(page.locator("#fault")).to_be_hidden()
    page.evaluate("delete window.fed['/api/brief/stream']")
    with page.expect_download() as download:
        page.press("#save-brief", "Space")
        tab.fed("/api/brief/stream")
        tab.send("/api/brief/stream", "result", "<!doctype html><p>The brief</p>")
    assert download.value.suggested_filename == "detente-belarus.html"
    assert "The brief" in download.value.path().read_text("utf-8")


def test_the_brief_comes_from_the_server(tab):
    tab.allowed += ["404"]  # a server without the stream writes it in one go
    name, content = tab.saved(tab.page.locator("#save-brief"))
    assert name == "detente-belarus.html"
    assert b'id="brief-data"' in content


def test_a_plain_reply_is_the_brief_too(tab):
    reply = {"content_type": "text/html; charset=utf-8", "body": "<p>Plain</p>"}
    tab.page.route("**/api/brief/stream", lambda r: r.fulfill(**reply))
    assert tab.saved(tab.page.locator("#save-brief"))[1] == b"<p>Plain</p>"


def test_a_brief_that_fails_says_so(tab):
    tab.page.route(
        "**/api/brief/stream", lambda r: r.fulfill(**events(("fault", "No talks, no brief.")))
    )
    tab.page.press("#save-brief", "Space")
    fault = tab.page.locator("#fault")
    expect(fault).to_have_text(re.compile("The brief was not written.*No talks, no brief."))
