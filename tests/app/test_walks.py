"""What people come for, done in a browser in at most eight actions each.

`DETENTE_PICTURES=FOLDER pytest tests/app/test_walks.py` keeps a picture of every step.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from detente.negotiation.words import digits_beside

from .tab import answer

pytestmark = pytest.mark.browser
MOST = 8


class Walk:
    """Counts what a person does, and keeps pictures where a folder is named."""

    def __init__(self, tab, name):
        self.tab, self.page, self.name, self.actions = tab, tab.page, name, 0
        self.keep()

    def press(self, selector):
        """Press what a person sees, once it is in sight."""
        self.actions += 1
        assert self.actions <= MOST
        self.tab.click(self.page.locator(selector))
        self.rest()

    def type(self, label, text):
        """Type a text into the field of a label."""
        self.actions += 1
        assert self.actions <= MOST
        self.page.get_by_label(label, exact=True).fill(text)
        self.rest()

    def rest(self):
        """Wait for what the action brings, and keep a picture of it."""
        self.tab.until("document.documentElement.dataset.settled === 'true'")
        if self.page.locator("#sections").count():
            self.tab.settled()
        self.keep()

    def keep(self):
        """A picture of what is on the screen."""
        folder = os.environ.get("DETENTE_PICTURES")
        if folder:
            path = Path(folder) / f"{self.name}-{self.actions}.png"
            self.page.screenshot(path=path)


@pytest.mark.parametrize("width", [1280, 390])
def test_what_would_reopening_klaipeda_do_and_who_blocks_it(opened, client, width):
    tab = opened('#{"case":"belarus"}', width=width)
    page = tab.page
    walk = Walk(tab, f"klaipeda-{width}")
    if width < 900:
        walk.press("#jump")
    walk.press("[data-preset='Reopen Klaipėda']")
    lifted = {"eu-transit": False, "lt-transit": False}
    stated = answer(client, scenario={"label": "now", "measures": lifted})
    gain = stated["equivalent_variation-BLR"] - answer(client)["equivalent_variation-BLR"]
    assert gain > 100
    expect(page.locator(".presets .moved")).to_contain_text(
        f"Belarus {digits_beside(gain, signed=True)}"
    )
    walk.press("[data-preset='Reopen Klaipėda']")  # the deal is asked of the case as it stands
    if width < 900:
        walk.press("#jump")
    walk.press("#to-what-deal")
    walk.press(".hand [data-move=eu-transit]")
    walk.press(".hand [data-move=lt-transit]")
    found = client.post("/api/deal", json={"moves": ["eu-transit", "lt-transit"]}).json()
    expect(page.locator(".verdict p").nth(1)).to_have_text(found["sentences"][1])
    for party in found["signatures"]:
        light = page.locator(f".lights > li > [data-light='{party['party']}']")
        expect(light).to_have_attribute("data-for", str(party["signs"]).lower())
    assert found["refused_by"], "somebody blocks it"
    shown = page.locator(".lights li li .light").all()
    vetoes = {v["id"] for v in found["vetoes"]}
    assert {n.get_attribute("data-light") for n in shown} >= vetoes


@pytest.mark.parametrize("width", [1280, 390])
def test_find_a_deal_that_lithuania_signs(opened, client, width):
    tab = opened('#{"case":"belarus"}', width=width)
    page = tab.page
    walk = Walk(tab, f"lithuania-{width}")
    walk.press("#to-what-deal")
    walk.press("#find-deal")
    lithuania = page.locator(".lights > li > [data-light='Lithuania']")
    expect(lithuania).to_have_attribute("data-for", "true")
    expect(lithuania).to_contain_text("Lithuania Signs: it gains what is worth USD ")
    found = client.post("/api/deal/find", json={}).json()["deal"]
    assert next(s for s in found["signatures"] if s["party"] == "Lithuania")["signs"]
    expect(page.locator(".on-table [data-move]")).to_have_count(len(found["moves"]))


@pytest.mark.parametrize("width", [1280, 390])
def test_build_a_case_of_the_union_banning_russian_metal(opened, client, width):
    tab = opened(None, width=width)
    page = tab.page
    walk = Walk(tab, f"metal-{width}")
    title, day = "The Union bans Russian metal", "2023-06-01"
    sentence = "EU bans imports of metal from Russia, leaving 60 %, since 2022-03-16"
    walk.press("#blank")
    walk.type("Title of the case", title)
    walk.type("Day that is assessed", day)
    walk.type("Measure 1", sentence)
    form = {"title": title, "date": day, "measures": [sentence]}
    (closes,) = client.post("/api/new/check", json={"form": form}).json()["closes"]
    expect(page.locator(".closes strong")).to_have_text(closes["sentence"])
    walk.press("#make")
    expect(page.locator("#title")).to_have_text(title)
    tab.settled()
    walk.keep()
    made = client.post("/api/new/file", json={"form": form}).content
    sheet = client.post("/api/upload", content=made).json()
    stated = answer(client, case=sheet["id"])
    assert stated["equivalent_variation-RUS"] < 0
    tab.same(client, case=sheet["id"])
