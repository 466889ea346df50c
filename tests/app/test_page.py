"""The page in headless Chromium: controls, phone, keyboard."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from detente.cases import load_case

from .tab import answer, changed, number

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
NO_EFFECT = "No trade effect; bears on the negotiation."


def test_it_opens_on_the_case(tab, client):
    tab.same(client)
    assert tab.page.locator(".differences li").count() == 0
    tab.page.wait_for_selector("#chart-map path.country[data-code=BLR]")
    parts = tab.page.eval_on_selector_all("[data-part]", "n => n.map(x => x.dataset.part)")
    assert {"chart:map", "chart:gains", "table:options", "table:assumptions"} <= set(parts)
    ids = tab.page.eval_on_selector_all("[id]", "n => n.map(x => x.id)")
    assert len(ids) == len(set(ids))


def test_every_measure_switches(tab, client):
    page = tab.page
    page.locator("#still-measures > summary").press("Enter")
    day = load_case("belarus").date
    for measure in load_case("belarus").measures:
        box = page.locator(f"[data-measure='{measure.id}']")
        on = measure.in_force_on(day)
        assert box.is_checked() == on
        box.press("Space")
        tab.same(client, scenario={"label": "now", "measures": {measure.id: not on}})
        card = tab.card(measure.id)
        if measure.sets:
            # Where nothing moves, the figures already stand before the answer comes.
            words = re.compile("^(With the change before: moved|Moved) ")
            expect(card.locator(".moved").first).to_have_text(words)
        else:
            expect(card.get_by_text(NO_EFFECT)).to_be_visible()
            expect(card.locator(".moved").first).to_be_empty()
            expect(card.get_by_text("Sets:")).to_have_count(0)
        box.press("Space")
    expect(page.locator(".differences li")).to_have_count(0)
    tab.same(client)


def test_a_slider_moves_the_world_and_says_what_moved_most(tab, client):
    page = tab.page
    card = tab.card("eu-potash")
    slider = card.locator("input[type=range]")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    value = tab.state()["now"]["parameters"]["eu_potash_leakage"]
    assert value > 0.002
    scenario = {"label": "now", "parameters": {"eu_potash_leakage": value}}
    tab.same(client, scenario=scenario)
    base, now = answer(client), answer(client, scenario=scenario)
    world = "equivalent_variation-world"
    gains = {k: now[k] - base[k] for k in now if k.startswith("equivalent") and k != world}
    most = max(gains, key=lambda k: abs(gains[k]))
    label = page.locator("tr", has=page.locator(f"[data-figure={most}]")).locator("th").first
    words = card.locator(".moved").filter(has_text="Moved most")
    expect(words).to_have_text(re.compile(f"^Moved most, against the case: {label.text_content()}"))
    item = page.locator(".differences li")
    expect(item).to_contain_text("Enforcement of ‘EU ban on import of potash’")
    expect(item).to_contain_text("% (99.8 % in the case)")
    expect(item).to_contain_text("analyst estimate")
    item.get_by_role("button").press("Space")
    tab.same(client)


def test_two_quick_changes_are_told_apart_or_together(tab, client):
    page = tab.page
    page.evaluate(
        """for (const id of ['us-potash', 'us-finance'])
        document.querySelector(`[data-measure=${id}]`).click()"""
    )
    tab.settled()
    one = answer(client, scenario={"label": "now", "measures": {"us-potash": False}})
    two = answer(
        client, scenario={"label": "now", "measures": {"us-potash": False, "us-finance": False}}
    )
    words = tab.card("us-finance").locator(".moved").first.text_content()
    base = answer(client) if words.startswith("With the change before") else one
    found = re.search(r"oved most, against [^:]+: ([^+−]+) ([+−][\d.,]+)", words)
    figure = page.locator("tr", has=page.get_by_role("rowheader", name=found[1], exact=True))
    key = figure.locator("[data-figure^=equivalent]").first.get_attribute("data-figure")
    assert number(found[2]) == pytest.approx(two[key] - base[key], abs=0.51)


def test_a_change_before_the_answer_to_another_is_told_with_it(tab):
    page, held = tab.page, []

    def hold(route):
        if held or "us-finance" in route.request.post_data:
            route.continue_()
        else:
            held.append(route)  # never answered: given up for what is newer

    page.route("**/api/answer", hold)
    page.locator("[data-measure=us-potash]").press("Space")
    page.locator("[data-measure=us-finance]").press("Space")
    words = tab.card("us-finance").locator(".moved").first
    expect(words).to_have_text(re.compile("^With the change before: moved "))
    assert held


def test_date_horizon_deficits_days_and_parameters(tab, client):
    page = tab.page
    page.select_option("#horizon", "short")
    page.select_option("#transfers", "proportional")
    page.fill("#date", "2023-05-01")
    page.locator("#all-parameters > summary").press("Space")
    page.fill("#find-parameter", "farm input")
    box = page.locator(".parameters [data-box=farm_input_substitution]")
    box.fill("0.4")
    box.press("Enter")
    page.locator("details.group", has=page.get_by_text("Belarus, overseas")).first.evaluate(
        "n => n.open = true"
    )
    route = page.locator(".route [data-box=lt_transit_fee]").first
    route.fill("7")
    route.press("Enter")
    tab.card("ua-border").locator("summary", has_text="Days").press("Space")
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
    expect(page.locator("[data-measure=ua-border]")).not_to_be_checked()
    tab.same(client, scenario=expected)
    expect(page.locator(".differences li")).to_have_count(6)
    expect(page.locator("#subject")).to_contain_text("short run")
    page.press("#reset-all", "Space")
    tab.same(client)
    assert "now" not in tab.state()


def test_a_measure_is_added_with_faults_at_their_fields(tab, client):
    page = tab.page
    tab.allowed += ["422"]
    page.press("#add-measure", "Space")
    page.press("dialog button[type=submit]", "Space")
    field = page.get_by_label("Name", exact=True)

    def fault(name):
        return page.locator(f"dialog [id$='-{name}-wrong']")

    for name, words in (
        ("label", "Give it a name."),
        ("origin", "Choose who sells."),
        ("market", "Choose who buys."),
        ("goods", "Choose the goods."),
    ):
        expect(fault(name)).to_have_text(words)
    expect(field).to_be_focused()
    assert field.get_attribute("aria-describedby") == fault("label").get_attribute("id")
    field.fill("EU ban on potash from Russia")
    expect(fault("label")).to_be_hidden()
    page.get_by_label("Whose it is").select_option("EU")
    assert page.locator("dialog select[multiple]").count() == 0
    chosen = (("Origins: who sells", "russ"), ("Origins: who sells", "KAZ"),
              ("Markets: who buys", "EU"), ("Goods", "potash"))  # fmt: skip
    for label, words in chosen:
        box = page.locator("dialog").get_by_role("combobox", name=label)
        box.fill(words)
        box.press("Enter")
        expect(box).to_have_value("")
    for name in ("origin", "market", "goods"):
        expect(fault(name)).to_be_hidden()
    closes = page.locator("#addition-closes")
    expect(closes).to_contain_text(re.compile(r"^Closes \d+ flows worth USD \d+ million .*exports"))
    leakage = page.get_by_label("Leakage, share of the base flow")
    leakage.fill("3")
    expect(fault("amount")).to_contain_text("it must be between 0 and 1")
    expect(closes).to_have_text("")
    page.press("dialog button[type=submit]", "Space")
    expect(leakage).to_be_focused()
    leakage.fill("0.1")
    expect(fault("amount")).to_be_hidden()
    page.locator("dialog [data-chosen=KAZ]").press("Enter")
    expect(page.locator("dialog [data-chosen=KAZ]")).to_have_count(0)
    page.press("dialog button[type=submit]", "Space")
    page.wait_for_selector("dialog", state="detached")
    (added,) = tab.state()["added"]
    assert added["sets"] == [
        {"embargo": {"origin": "RUS", "market": "EU", "goods": "POTASH", "leakage": 0.1}}
    ]
    tab.same(client, added=[added])
    banned, before = answer(client, added=[added]), answer(client)
    assert banned["equivalent_variation-RUS"] < before["equivalent_variation-RUS"]
    words = tab.card(added["id"]).locator(".moved").first
    expect(words).to_have_text(re.compile("^Moved most, against the case: "))
    item = page.locator(".differences li", has_text="Russia")
    expect(item).to_have_text(re.compile(r"^EU ban on potash from Russia: added Remove$"))
    item.get_by_role("button").press("Space")
    expect(page.locator("[data-measure^='added']")).to_have_count(0)
    tab.same(client)


def test_a_fault_waits_until_its_field_is_left_and_escape_closes_the_list_alone(opened):
    tab = opened(allowed=["422"])
    page = tab.page
    page.press("#add-measure", "Space")
    page.get_by_label("Name", exact=True).fill("A ban")
    for label, words in (("Markets: who buys", "EU"), ("Goods", "potash"), ("Origins", "RUS")):
        box = page.locator("dialog").get_by_role("combobox", name=label)
        box.fill(words)
        box.press("Enter")
    amount = page.get_by_label("Leakage, share of the base flow")
    amount.fill("7")
    tab.settled()
    wrong = page.locator("dialog [id$='-amount-wrong']")
    expect(wrong).to_be_hidden()
    amount.press("Tab")
    expect(wrong).to_contain_text("it must be between 0 and 1")
    box = page.get_by_label("Origins: who sells")
    box.fill("bel")
    expect(page.locator("dialog [role=listbox]:not([hidden])")).to_be_visible()
    box.press("Escape")
    expect(page.locator("dialog [role=listbox]:not([hidden])")).to_have_count(0)
    expect(page.locator("dialog")).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("dialog [data-chosen]")).to_have_count(4)
    box.press("Escape")  # the list that stays open for another choice
    box.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_a_number_of_an_added_measure_has_its_slider(opened, client):
    embargo = {"origin": "RUS", "market": "EU", "goods": "POTASH", "leakage": 0.1}
    measure = {
        "id": "added-ban",
        "label": "EU ban on potash from Russia",
        "owner": "EU",
        "kind": "sanction",
        "sets": [{"embargo": embargo}],
        "in_force": [{"from": "2022-03-01", "document": "Added in the app"}],
        "source": "analyst estimate",
    }
    number = {
        "parameter": "",
        "label": "leakage",
        "role": "leakage",
        "value": 0.1,
        "at": ["sets", 0, "embargo", "leakage"],
        "low": 0.0,
        "high": 1.0,
        "unit": "share",
    }

    def strong(sheet):
        next(m for m in sheet["measures"] if m["id"] == "added-ban")["strength"] = [number]
        return sheet

    fragment = f"#{json.dumps({'case': 'belarus', 'added': [measure]})}"
    tab = opened(fragment, prepare=lambda page: changed(page, "/api/case", strong))
    slider = tab.card("added-ban").get_by_label(re.compile("^Enforcement")).first
    slider.focus()
    tab.page.keyboard.press("ArrowLeft")
    added = tab.state()["added"]
    assert added[0]["sets"][0]["embargo"]["leakage"] == pytest.approx(0.11)
    tab.same(client, added=added)
    words = tab.card("added-ban").locator(".strength .moved")
    expect(words).to_have_text(re.compile("^Moved "))


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_axe_finds_nothing(opened, width):
    tab = opened(width=width)
    page = tab.page
    tab.allowed += ["422"]
    tab.open_panel()
    tab.tune("potash_price", -5)  # with a message, at its place and in sight
    expect(page.locator("#fault")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    said = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]]
    assert said == []
    page.press("#add-measure", "Space")
    found = page.evaluate("axe.run('dialog', {resultTypes: ['violations']})")
    assert [v["id"] for v in found["violations"]] == []


def test_a_phone_needs_no_sideways_scrolling_and_has_the_controls_in_a_sheet(opened):
    tab = opened(width=360)
    page = tab.page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    jump = page.locator("#jump")
    expect(jump).to_be_in_viewport()
    expect(jump).to_have_text("↑ Try: change the measures")
    expect(page.locator("#c-measures")).not_to_be_visible()
    jump.press("Space")
    expect(page.locator("#c-measures")).to_be_in_viewport()
    expect(page.locator("#strip")).to_be_in_viewport()
    expect(jump).to_have_text("↓ Close")
    jump.press("Space")
    expect(page.locator("#c-measures")).not_to_be_visible()
    expect(page.locator("#contents")).to_be_visible()
    one, two = (page.locator(f"#{k}").bounding_box() for k in ("save-case", "save-brief"))
    assert two["y"] - one["y"] - one["height"] >= 6 or two["x"] - one["x"] - one["width"] >= 6
    page.evaluate("dispatchEvent(new WheelEvent('wheel'))")  # the reader moves on
    table = page.locator("#table-in-force")
    table.scroll_into_view_if_needed()
    expect(table.locator(".cue")).to_have_text(re.compile("scroll it sideways"))


@pytest.mark.parametrize(("case", "width"), [("russia-coalition", 1280), ("belarus", 390)])
def test_the_strip_is_seen_whole(opened, case, width):
    page = opened(f'#{{"case":"{case}"}}', width=width).page
    chips = [c.bounding_box() for c in page.locator("#strip .chip").all()]
    assert len(chips) >= 6
    assert all(c["x"] >= 0 and c["x"] + c["width"] <= width for c in chips)
    assert page.locator("#top").bounding_box()["height"] < 110


def test_the_keyboard_reaches_every_control(tab):
    page = tab.page
    questions = page.locator("[role=tab]").evaluate_all("n => n.map(x => x.id.slice(3))")
    assert len(questions) == 4
    for question in questions:
        tab.show(question)
        for part in page.locator(f"#tab-{question} [data-part]").all():  # drawn when they come near
            part.evaluate("n => n.scrollIntoView()")
            expect(part).not_to_be_empty()
        tab.settled()
        page.evaluate(
            """window.reached = new Set();
            addEventListener('focusin', (e) => window.reached.add(e.target));
            scrollTo(0, 0); document.querySelector('.skip').focus()"""
        )
        for _ in range(60):
            for _ in range(20):
                page.keyboard.press("Tab")
            if page.evaluate("window.reached.has(document.querySelector('footer a'))"):
                break
        missed = page.evaluate(
            """[...document.querySelectorAll('input, select, button, summary, a[href]')]
            .filter(n => n.checkVisibility() && !n.disabled && n.tabIndex >= 0)
            .filter(n => !window.reached.has(n)).map(n => n.outerHTML.slice(0, 90))"""
        )
        assert missed == []


# What is a reader's scenario, and controls that say what they do.

LIFTED = {"label": "now", "measures": {"us-potash": False}}
STATE = (
    "Your scenario, not the state of the case: ‘US sanctions on the Belarusian potash companies’"
)


def test_a_changed_state_is_marked_wherever_it_can_be_cited(tab, client):
    page = tab.page
    expect(page.locator("#state")).to_have_text("The state of the case.")
    expect(page.locator("#strip-state")).to_be_hidden()
    assert page.locator("#results .state").count() == 0
    page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    stated = client.post("/api/answer", json={"scenario": LIFTED, "parts": False}).json()
    line = stated["departure"]["line"]
    assert line.startswith(STATE)
    for place in ("#subject", "#state", "#figures-now", "#chart-map .title"):
        expect(page.locator(place)).to_have_text(re.compile("^Your scenario"))
    named = "Your scenario: ‘US sanctions on the Belarusian potash companies’ lifted (1 change): "
    expect(page.locator("#title")).to_have_text(re.compile(f"^{re.escape(named)}"))
    assert page.title().startswith(named)
    expect(page.locator("#strip-state")).to_be_visible()
    for part in ("#table-in-force", "#chart-gains", "#chart-map"):  # drawn when they come near
        page.locator(part).scroll_into_view_if_needed()
        tab.settled()
    drawn = page.locator("#tab-who-pays :is(figure, .table):has(h3)").all()
    assert len(drawn) >= 2
    for part in drawn:
        expect(part.locator("> div > .state")).to_have_text(line)
        expect(part.locator("h3").first).to_have_text(re.compile("^Your scenario: "))
    chart = page.locator("#chart-map")
    name, content = tab.saved(chart.locator("[data-save=svg]"))
    assert name == "detente-belarus-your-scenario-1-change-map.svg"
    words = "".join(ET.fromstring(content).itertext())
    assert "Your scenario: " in words
    # A long line is broken where the picture ends.
    assert STATE.replace(" ", "") in words.replace(" ", "")
    name, content = tab.saved(chart.locator("[data-save=png]"))
    assert name == "detente-belarus-your-scenario-1-change-map.png"
    name, content = tab.saved(page.locator("#save-figures [data-save=csv]"))
    assert name == "detente-belarus-your-scenario-1-change-figures.csv"
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[-1] == "state"
    assert {row[-1] for row in rows} == {line}
    name, content = tab.saved(page.locator("#save-figures [data-save=xlsx]"))
    assert name == "detente-belarus-your-scenario-1-change-figures.xlsx"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = ET.fromstring(book.read("xl/sharedStrings.xml"))
        assert {"state", line} <= {"".join(n.itertext()) for n in texts}
    name, content = tab.saved(page.locator("#save-brief"))
    assert name == "detente-belarus-your-scenario-1-change.html"
    assert STATE in content.decode()
    page.locator("#reset-all").press("Space")
    tab.settled()
    expect(page.locator("#state")).to_have_text("The state of the case.")
    assert page.locator("#results .state").count() == 0


def test_another_day_is_marked_and_is_no_hypothesis(opened, client):
    tab = opened('#{"case":"belarus","now":{"date":"2022-06-01"}}', width=390)
    page = tab.page
    stated = "Assessed on 1 June 2022, not on the case's 1 December 2025."
    expect(page.locator("#state")).to_have_text(stated)
    expect(page.locator("#title")).to_have_text(re.compile("^1 June 2022: "))
    expect(page.locator("#strip-state")).to_have_text("1 June 2022")
    page.locator("#chart-map").scroll_into_view_if_needed()
    tab.settled()
    expect(page.locator("#chart-map .state")).to_have_text(stated)
    expect(page.locator("#sections h3.section").first).not_to_contain_text("2022: ")
    assert "Your scenario" not in page.locator("body").inner_text()
    name, _ = tab.saved(page.locator("#chart-map [data-save=svg]"))
    assert name == "detente-belarus-2022-06-01-map.svg"
    name, _ = tab.saved(page.locator("#save-case"))
    assert name == "belarus-2022-06-01.yaml"
    name, _ = tab.saved(page.locator("#save-brief"))
    assert name == "detente-belarus-2022-06-01.html"


def test_the_line_of_the_state_is_read_whole_on_a_phone(opened):
    tab = opened('#{"case":"belarus","now":{"measures":{"us-potash":false}}}', width=390)
    line = tab.page.locator("#state")
    expect(line).to_contain_text(STATE)
    assert line.evaluate("n => n.scrollWidth <= n.clientWidth"), "nothing of it is cut"


def test_a_change_is_told_against_a_state_by_its_name(tab):
    page = tab.page
    page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    page.locator("[data-measure=us-finance]").press("Space")
    words = tab.card("us-finance").locator(".moved").first
    named = "the state with ‘US sanctions on the Belarusian potash companies’ lifted"
    expect(words).to_contain_text(f"against {named}")


def test_enforcement_is_typed_as_the_percentage_that_it_says(tab, client):
    number = tab.card("us-potash").locator(".number").first
    expect(number.locator("label")).to_have_text(re.compile("^Enforcement: how much "))
    expect(number.locator(".degrees")).to_contain_text("0 % as if the sanctions were lifted")
    expect(number.locator(".unit")).to_contain_text("% in the case")
    box = number.locator("[data-box]")
    expect(box).to_have_value("100")
    box.fill("7")
    box.press("Enter")
    tab.settled()
    assert tab.state()["now"]["parameters"] == {"us_potash_leakage": 0.93}
    scenario = {"label": "now", "parameters": {"us_potash_leakage": 0.93}}
    tab.same(client, scenario=scenario)
    typed = "nforcement of ‘US sanctions on the Belarusian potash companies’"
    expect(tab.page.locator("#state")).to_contain_text(f"e{typed} 7 % (100 % in the case)")
    expect(tab.page.locator(".differences")).to_contain_text(f"E{typed}: 7 % (100 % in the case)")
    for wrong in ("107", "-6"):
        box.fill(wrong)
        box.press("Enter")
        expect(number.locator(".wrong")).to_contain_text(f"{wrong} is not a percentage from 0")
        expect(box).to_have_attribute("aria-invalid", "true")
    assert tab.state()["now"]["parameters"] == {"us_potash_leakage": 0.93}
    box.fill("93.5")
    box.press("Enter")
    expect(number.locator(".wrong")).to_be_hidden()
    tab.settled()
    assert tab.state()["now"]["parameters"] == {"us_potash_leakage": 0.065}


@pytest.mark.parametrize("case", ["belarus", "russia-coalition"])
def test_the_first_slider_moves_something(opened, case):
    tab = opened(f'#{{"case":"{case}"}}')
    before = tab.figures()
    slider = tab.page.locator("#controls input[type=range]:visible").first
    slider.press("ArrowLeft")
    tab.settled()
    now = tab.figures()
    assert any(now[k] != before[k] for k in now if k.startswith("equivalent_variation"))


def test_a_control_that_moves_nothing_says_why(tab, client):
    page = tab.page
    pair = page.locator(".linked-pair", has=page.locator("[data-measure=eu-transit]"))
    lock = pair.locator(".link-words p").first
    expect(lock).to_contain_text("stays shut if only one is lifted: the other closes it too")
    page.locator("#all-parameters").evaluate("n => { n.open = true; }")
    friction = page.locator(".parameters [data-idle=us_belarus_air_friction]")
    expect(friction).to_contain_text("‘US restrictions on Belavia’ is not in force")
    expect(tab.card("us-potash").locator("> .idle")).to_be_hidden()
    page.locator("[data-measure=lt-transit]").press("Space")
    tab.settled()
    expect(lock).to_contain_text("‘EU ban on transit of potash’ closes it too")
    page.locator("[data-measure=us-aviation]").press("Space")
    tab.settled()
    expect(friction).to_be_hidden()


def test_nothing_has_the_colour_of_a_gain_or_a_loss_where_nothing_moves(opened):
    lifted = {m.id: False for m in load_case("belarus").regime()}
    tab = opened(f"#{json.dumps({'case': 'belarus', 'now': {'measures': lifted}})}")
    page = tab.page
    fills = page.eval_on_selector_all(
        "#chart-map path.country", "n => [...new Set(n.map(x => x.getAttribute('fill')))]"
    )
    assert set(fills) == {"#f0eee8", "url(#rest)"}
    assert page.locator("#chart-map rect.none").get_attribute("fill") == "#f0eee8"
    assert "no noticeable change" in page.locator("#chart-map svg").text_content()
    assert page.locator("#strip .chip :is(.gain, .loss), #figures :is(.gain, .loss)").count() == 0


def test_no_click_is_lost_as_answers_come(tab):
    """Between press and release nothing moves, whatever is answered meanwhile."""
    page = tab.page
    page.locator("[data-measure=us-potash]").press("Space")
    box = page.locator("[data-measure=ua-border]")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    page.mouse.move(place["x"] + 4, place["y"] + 4)
    page.mouse.down()
    before = tab.painted()
    page.evaluate("document.querySelector('[data-measure=us-finance]').click()")
    tab.until(f"performance.getEntriesByName('painted').length > {before}")
    assert box.bounding_box() == pytest.approx(place, abs=0.5)
    page.mouse.up()
    tab.settled()
    off = {"us-potash": False, "us-finance": False, "ua-border": False}
    assert tab.state()["now"]["measures"] == off


def test_a_changed_state_takes_no_more_room_than_the_case(tab):
    page = tab.page
    where = "n => n.map(x => x.getBoundingClientRect().top)"
    before = page.eval_on_selector_all(".measure", where)[0]
    page.locator("[data-measure=us-embassy]").evaluate("n => n.click()")
    tab.settled()
    assert page.eval_on_selector_all(".measure", where)[0] == before


def test_the_path_over_time_comes_first_in_the_details_of_where_goods_go(tab):
    tab.show("where-goods-go")
    drawn = tab.page.locator("#tab-where-goods-go .pictures [data-part]")
    expect(drawn).to_have_attribute("data-part", "chart:POTASH-flows")
    first = tab.page.locator("#details-where-goods-go [data-part]").first
    expect(first).to_have_attribute("data-part", "chart:POTASH-path")
    first.scroll_into_view_if_needed()
    expect(first.locator("path.step").first).to_be_visible()
    expect(first.locator(".title")).to_contain_text("before the first measure")
