"""The left side of the page: scenarios to try, measures by their strength, pairs, assumptions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from detente.cases import load_case

from .tab import answer

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
PAIR = "[data-pair='eu-transit lt-transit']"


def influence(client, **asked):
    return client.post("/api/influence", json=asked).json()


def test_a_scenario_to_try_is_one_change_and_the_way_back(tab, client):
    page = tab.page
    offered = load_case("belarus").scenarios
    buttons = page.locator("[data-preset]")
    expect(buttons).to_have_text([s.label for s in offered])
    for scenario in offered:
        button = page.locator(f"[data-preset='{scenario.label}']")
        button.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        wanted = {"label": "now", "measures": scenario.measures}
        assert tab.state()["now"]["measures"] == scenario.measures
        tab.same(client, scenario=wanted)
        expect(page.locator("[data-preset][aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".presets .moved")).to_contain_text("oved most")
    page.locator("#undo").press("Enter")
    assert tab.state()["now"]["measures"] == offered[-2].measures
    page.locator(f"[data-preset='{offered[-2].label}']").press("Enter")
    assert "now" not in tab.state()
    tab.same(client)
    assert "named" not in tab.state(), "they are kept beside the case only when a reader keeps one"


def test_a_scenario_is_called_by_its_name_wherever_it_is_named(tab):
    page = tab.page
    for measure in ("lt-transit", "eu-transit"):  # by its switches, not by its button
        page.locator(f"[data-measure={measure}]").press("Space")
    tab.settled()
    named = "Your scenario: Reopen Klaipėda (2 changes)"
    expect(page.locator("#title .scenario")).to_have_text(f"{named}:")
    expect(page).to_have_title(re.compile(f"^{re.escape(named)}: "))
    expect(page.locator("[data-preset='Reopen Klaipėda']")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("#strip-state")).to_have_text("Your scenario ‘Reopen Klaipėda’")
    for part in ("#chart-map .title", "#chart-gains .title"):
        expect(page.locator(part)).to_contain_text("Your scenario ‘Reopen Klaipėda’: ")
    name, content = tab.saved(page.locator("#chart-gains [data-save=svg]"))
    assert name == "detente-belarus-your-scenario-reopen-klaipeda-2-changes-gains.svg"
    assert "‘Reopen Klaipėda’" in content.decode()
    page.locator("[data-measure=us-potash]").press("Space")
    tab.settled()
    expect(page.locator("#title .scenario")).not_to_contain_text("Reopen Klaipėda")
    expect(page.locator("#title .scenario")).to_contain_text("(3 changes)")


def test_measures_stand_by_what_they_move_and_say_it(tab, client):
    page = tab.page
    found = influence(client)
    strong = {one["names"][0]: one for one in found["measures"]}
    cards = page.locator(".measures > div > :is(.measure, .linked-pair)").all()
    sizes = []
    for card in cards:
        ids = [n.get_attribute("data-measure") for n in card.locator("[data-measure]").all()]
        if len(ids) == 2:
            pair = next(p for p in found["pairs"] if set(p["names"]) == set(ids))
            sizes.append(abs(pair["change"]))
            continue
        one = strong[ids[0]]
        sizes.append(abs(one["change"]))
        words = card.locator(".moves").first.text_content()
        said = re.fullmatch(rf"moves {one['label']} by ±([\d,.]+)", words)
        assert float(said[1].replace(",", "")) == pytest.approx(abs(one["change"]), rel=0.051)
    assert len(sizes) >= 4
    assert sizes == sorted(sizes, reverse=True)


def test_what_moves_nothing_stands_in_a_closed_list_with_the_reason(tab, client):
    page = tab.page
    idle = client.post("/api/idle", json={}).json()["idle"]
    still = page.locator("#still-measures")
    assert still.evaluate("n => n.open") is False
    still.locator("> summary").press("Enter")
    listed = {n.get_attribute("data-measure") for n in still.locator("[data-measure]").all()}
    case = load_case("belarus")
    without = {m.id for m in case.measures if not m.sets}
    paired = {"eu-transit", "lt-transit"}
    assert listed == without | {m.id for m in case.measures if m.id in idle} - paired
    for measure in listed - without:
        expect(still.locator(f"[data-idle='{measure}']")).to_have_text(idle[measure])
    shown = page.locator(".measures > div input[type=range]").all()
    assert shown
    assert not {n.get_attribute("data-parameter") for n in shown} & idle.keys()


def test_a_pair_that_holds_the_same_is_lifted_together(tab, client):
    page = tab.page
    pair = page.locator(".linked-pair", has=page.locator(PAIR))
    words = pair.locator(".link-words p").first
    expect(words).to_have_text(re.compile("^Klaipėda stays shut .* Lift both\\?$"))
    page.locator("[data-measure=lt-transit]").press("Space")
    expect(words).to_have_text(
        "Klaipėda stays shut: ‘EU ban on transit of potash’ closes it too. Lift it as well?"
    )
    tab.settled()
    page.locator(PAIR).press("Enter")
    both = {"eu-transit": False, "lt-transit": False}
    assert tab.state()["now"]["measures"] == both
    scenario = {"label": "now", "measures": both}
    tab.same(client, scenario=scenario)
    together = influence(client)["pairs"][0]
    gain = f"equivalent_variation-{together['side']}"
    moved = answer(client, scenario=scenario)[gain] - answer(client)[gain]
    assert moved == pytest.approx(together["change"])
    assert moved > 100
    expect(words).to_have_text("Klaipėda is open: both measures are lifted.")
    tab.settled()
    page.locator(PAIR).press("Enter")
    assert "now" not in tab.state()
    page.locator("#undo").press("Enter")
    assert tab.state()["now"]["measures"] == both


def test_assumptions_come_by_what_they_move(tab, client):
    page = tab.page
    page.locator("#all-parameters > summary").press("Enter")
    first = page.locator(".parameters > div").first
    expect(first).to_be_visible()
    found = influence(client, parameters=True)["parameters"]
    names = page.eval_on_selector_all(
        ".parameters [data-number]", "n => n.map(x => x.dataset.number)"
    )
    assert names[: len(found)] == [one["names"][0] for one in found]
    assert sorted(names) == sorted(load_case("belarus").parameters)
    expect(first.locator(".moves")).to_contain_text(f"moves {found[0]['label']} by ±")


def test_a_case_without_trade_has_its_measures_in_the_open(opened):
    page = opened('#{"case":"elmira"}').page
    expect(page.locator("[data-preset]")).to_have_count(0)
    expect(page.locator("#still-measures")).to_have_count(0)
    assert page.locator(".moves").count() == 0


@pytest.mark.skipif(not AXE.is_file(), reason="needs frontend/node_modules (npm ci)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_the_panel_is_open_to_all(opened, width, scheme):
    tab = opened(width=width, prepare=lambda page: page.emulate_media(color_scheme=scheme))
    page = tab.page
    if width < 900:
        page.locator("#jump").press("Enter")
    page.locator("#still-measures").evaluate("n => { n.open = true; }")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run('#controls', {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width < 900:
        low = page.eval_on_selector_all(
            "#controls :is(button, summary, .switch, input[type=range])",
            "n => n.filter(x => x.checkVisibility() && x.getBoundingClientRect().height < 40)"
            ".map(x => x.outerHTML.slice(0, 90))",
        )
        assert low == []


def test_a_slider_says_in_the_words_of_its_measure_what_it_means(tab):
    page = tab.page
    control = tab.card("eu-potash").locator("[data-number=eu_potash_leakage]")
    control.scroll_into_view_if_needed()
    expect(control.locator(".degrees li")).to_have_text(
        [
            "0 % as if the ban were lifted",
            "50 % half of the imports that it covers stay closed",
            "100 % ban fully in force",
        ]
    )
    slider = control.locator("[data-parameter=eu_potash_leakage]")
    box = control.locator("[data-box=eu_potash_leakage]")
    for value, words in (("50", "half of the imports"), ("0", "as if the ban were lifted")):
        box.fill(value)
        box.press("Enter")
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{value} %: {words}"))
    box.fill("40")
    box.press("Enter")
    expect(slider).to_have_attribute("aria-valuetext", "40 %")
    tab.settled()
    finance = tab.card("us-finance").locator(".number > label")
    expect(finance.first).to_have_text(re.compile("^How much dearer "))
    assert page.locator(".measures label", has_text=re.compile("^Factor$")).count() == 0
