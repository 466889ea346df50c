"""The table between the parties: moves laid, lights, the search, the order of steps."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
TABLE = '#{"case":"belarus","tab":"what-deal"}'


def asked(client, moves):
    return client.post("/api/deal", json={"moves": moves}).json()


def shown(page):
    return {
        n.get_attribute("data-light"): n.get_attribute("data-for") == "true"
        for n in page.locator(".lights > li > .light").all()
    }


def test_moves_are_laid_and_the_lights_say_who_would_sign(opened, client):
    tab = opened(TABLE)
    page = tab.page
    expect(page.locator(".lights")).to_have_count(0)
    for move in ("us-potash", "release-2025-12"):
        page.locator(f".hand [data-move={move}]").press("Enter")
    tab.settled()
    expect(page.locator(".on-table [data-move]")).to_have_count(2)
    stated = asked(client, ["us-potash", "release-2025-12"])
    assert shown(page) == {s["party"]: s["signs"] for s in stated["signatures"]}
    assert set(shown(page).values()) == {True, False}
    vetoes = {v["id"] for v in stated["vetoes"]}
    lights = page.locator(".lights li li .light")
    assert {n.get_attribute("data-light") for n in lights.all()} >= vetoes
    expect(page.locator(".verdict p").nth(1)).to_have_text(stated["sentences"][1])
    steps = stated["stability"]["steps"]
    expect(page.locator(".timeline li")).to_have_count(len(steps))
    for step in steps:
        expect(page.locator(f"[data-step='{step['turn']}']")).to_contain_text(step["step"])
    assert tab.state()["deal"] == ["us-potash", "release-2025-12"]
    page.locator("#undo").press("Enter")
    expect(page.locator(".on-table [data-move]")).to_have_count(1)
    assert tab.state()["deal"] == ["us-potash"]
    page.locator("#clear-deal").press("Enter")
    assert "deal" not in tab.state()
    expect(page.locator(".lights")).to_have_count(0)


def test_a_move_is_dragged_to_the_table_and_back(opened):
    tab = opened('#{"case":"belarus","tab":"what-deal","deal":["us-potash"]}')
    page = tab.page
    expect(page.locator(".on-table [data-move=us-potash]")).to_be_visible()
    page.locator(".hand [data-move=us-embassy]").drag_to(page.locator(".on-table"))
    expect(page.locator(".on-table [data-move=us-embassy]")).to_be_visible()
    page.locator(".on-table [data-move=us-potash]").drag_to(page.locator(".hand").first)
    expect(page.locator(".on-table [data-move=us-potash]")).to_have_count(0)
    assert tab.state()["deal"] == ["us-embassy"]


def test_a_package_that_cannot_be_says_why_until_it_is_mended(opened, client):
    tab = opened(TABLE, allowed=["422"])
    page = tab.page
    # Released in March are those whom December left: without the first there is no second.
    refused = client.post("/api/deal", json={"moves": ["release-2026-03"]})
    assert refused.status_code == 422
    page.locator(".hand [data-move=release-2026-03]").press("Enter")
    expect(page.locator("#deal-refusal")).to_contain_text(refused.json()["message"])
    page.locator("#clear-deal").press("Enter")
    expect(page.locator("#deal-refusal")).to_have_count(0)
    tab.settled()


def test_a_deal_is_found_and_lies_on_the_table(opened, client):
    tab = opened(TABLE)
    page = tab.page
    page.locator("#find-deal").press("Enter")
    found = client.post("/api/deal/find", json={}).json()
    moves = [m["id"] for m in found["deal"]["moves"]]
    expect(page.locator(".on-table [data-move]")).to_have_count(len(moves))
    assert sorted(tab.state()["deal"]) == sorted(moves)
    tab.settled()
    assert all(shown(page).values())
    expect(page.locator(".found p").first).to_have_text(found["sentences"][0])
    page.locator(".find-deal details > summary").press("Enter")
    page.locator(f"[data-choice='out-{moves[0]}']").press("Enter")
    page.locator("[data-choice='sign-EU']").press("Enter")
    page.locator("[data-criterion]").select_option("largest-gain")
    page.locator("#find-deal").press("Enter")
    others = [s["id"] for s in found["deal"]["choices"]["signatories"] if s["id"] != "EU"]
    query = {"criterion": "largest-gain", "without": [moves[0]], "signed_by": others}
    again = client.post("/api/deal/find", json=query).json()
    expect(page.locator(".found p").first).to_have_text(again["sentences"][0])
    laid = [m["id"] for m in again["deal"]["moves"]]
    assert moves[0] not in laid
    assert sorted(tab.state()["deal"]) == sorted(laid)


def test_where_there_is_none_it_says_which_condition_to_drop(opened, client):
    tab = opened(TABLE)
    page = tab.page
    stated = client.post("/api/deal/find", json={"without": ["release-2025-12"]}).json()
    assert stated["deal"] is None
    assert stated["droppable"]
    page.locator(".find-deal details > summary").press("Enter")
    page.locator("[data-choice='out-release-2025-12']").press("Enter")
    page.locator("#find-deal").press("Enter")
    expect(page.locator(".found p").first).to_have_text(stated["sentences"][0])
    expect(page.locator(".droppable li")).to_have_count(len(stated["droppable"]))
    assert "deal" not in tab.state()


def test_a_long_search_says_so_and_can_be_stopped(opened):
    tab = opened(TABLE)
    page, held = tab.page, []

    def hold(route):
        held.append(route)

    page.route("**/api/deal/find", hold)
    page.locator("#find-deal").press("Enter")
    expect(page.locator("#find-deal")).to_have_text("Searching …")
    expect(page.get_by_label("Progress of the search")).to_be_visible()
    with page.expect_event("requestfailed", lambda r: r.url.endswith("/api/deal/find")):
        page.locator("#stop-search").press("Enter")
    expect(page.locator("#stop-search")).to_have_count(0)
    expect(page.locator("#find-deal")).to_have_text("Find me a deal")
    expect(page.locator(".found .wrong")).to_have_count(0)
    assert len(held) == 1


def test_a_slider_for_each_side_shows_where_the_answer_flips(opened, client):
    laid = ["us-potash", "release-2025-12"]
    tab = opened(f'#{{"case":"belarus","tab":"what-deal","deal":{json.dumps(laid)}}}')
    page = tab.page
    stated = client.post("/api/deal/thresholds", json={"moves": laid}).json()
    assert stated["kind"] == "thresholds"
    voices = {v["voice"] for v in stated["valuations"]}
    page.locator(".stakes details > summary").press("Enter")
    expect(page.locator("[data-voice]")).to_have_count(len(voices))
    belarus = page.locator("[data-voice=Belarus]")
    (turn,) = stated["valuations"][0]["turns"]
    expect(belarus.locator("[data-flip]")).to_have_count(1)
    expect(belarus.locator(".flips")).to_have_text(stated["valuations"][0]["sentences"])
    expect(page.locator("[data-voice=US] .note")).to_contain_text("No value in this range")
    slider = belarus.locator("input[type=range]")
    address = tab.state()
    # What costs it is shown as a size: more of it than at the mark, and Belarus refuses. Only what
    # differs from the answer with the case's own value is said.
    refuses = stated["valuations"][0]["value"] < turn
    above, below = "Belarus would refuse.", "Belarus gains"
    if refuses:
        above, below = "Belarus loses", "Belarus would sign."
    for shown, words in ((-turn + 0.01, above), (-turn - 0.01, below)):
        slider.evaluate(
            "(n, v) => { n.value = v; n.dispatchEvent(new Event('input', {bubbles: true})); }",
            shown,
        )
        expect(belarus.locator(".then")).to_contain_text(words)
        expect(belarus.locator(".unit")).to_contain_text("the case says 0.1")
    slider.press("PageUp")
    expect(belarus.locator(".then")).to_contain_text(above)
    belarus.locator(".reset").press("Enter")
    expect(belarus.locator(".then")).to_have_text("")
    assert tab.state() == address, "the case stays as it is"
    lithuania = page.locator("[data-voice=Lithuania]")
    lithuania.locator("select").select_option("valuations.Lithuania.freed")
    expect(lithuania.locator("input[type=range]")).to_have_attribute(
        "data-stake-slider", "valuations.Lithuania.freed"
    )


def test_marks_show_where_the_search_turns(opened, client):
    tab = opened(TABLE)
    page = tab.page
    assert page.locator(".stakes").count() == 0, "nothing is laid"
    page.locator("#find-deal").press("Enter")
    found = client.post("/api/deal/find", json={}).json()["deal"]["moves"]
    asked_for = {"moves": [m["id"] for m in found], "criterion": "fairest"}
    stated = client.post("/api/deal/thresholds", json=asked_for).json()
    first = next(v for v in stated["valuations"] if v["voice"] == "Belarus")
    marks = page.locator("[data-voice=Belarus] [data-flip]")
    expect(marks).to_have_count(len(first["turns"]))
    assert len(first["finding"]) > 2
    gone = next(s for s in first["finding"] if s["state"] is None)
    slider = page.locator("[data-voice=Belarus] input[type=range]")
    slider.evaluate(
        "(n, v) => { n.value = v; n.dispatchEvent(new Event('input', {bubbles: true})); }",
        (gone["low"] + gone["high"]) / 2,
    )
    then = page.locator("[data-voice=Belarus] .then")
    expect(then).to_contain_text("Belarus would refuse.")
    expect(then).to_contain_text("The search finds no deal.")


def test_gains_have_the_bands_of_the_packaged_draws(opened, client):
    tab = opened('#{"case":"belarus","tab":"what-deal","deal":["us-potash"]}')
    page = tab.page
    expect(page.locator("[data-light=US]").first).to_contain_text(
        re.compile(r"USD \d+ million a year \(\d+ to \d+\)")
    )
    expect(page.locator(".verdict")).to_contain_text("In brackets: 90 % of the draws")
    scenario = {"measures": {"eu-potash": False}}
    moved = opened(
        "#" + json.dumps({"case": "belarus", "tab": "what-deal", "deal": ["us-potash"],
                          "now": scenario})
    )  # fmt: skip
    expect(moved.page.locator(".verdict")).to_contain_text("No band is known")
    at_value = client.post(
        "/api/deal", json={"moves": ["us-potash"], "valuations": {"valuations.US.freed": 0.5}}
    ).json()
    assert at_value["signatures"][0]["gain_low"] is None
    assert "is worth to the United States" in at_value["departure"]["sentence"]


def test_a_case_without_talks_has_no_table(opened):
    tab = opened('#{"case":"elmira"}')
    assert tab.page.locator("#deal .hand").count() == 0


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_the_table_is_open_to_all(opened, width, scheme):
    tab = opened(
        '#{"case":"belarus","tab":"what-deal","deal":["us-potash","eu-transit"]}',
        width=width,
        prepare=lambda page: page.emulate_media(color_scheme=scheme),
    )
    page = tab.page
    expect(page.locator(".lights")).to_be_visible()
    expect(page.locator(".stake").first).to_be_visible()
    page.locator("#deal details").evaluate_all("n => n.forEach(d => { d.open = true; })")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run('#deal', {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width < 900:
        low = page.eval_on_selector_all(
            "#deal :is(button, summary, select)",
            "n => n.filter(x => x.checkVisibility() && x.getBoundingClientRect().height < 40)"
            ".map(x => x.outerHTML.slice(0, 90))",
        )
        assert low == []
