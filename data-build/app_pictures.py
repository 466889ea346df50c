"""Draw the pictures of docs/app.md and docs/tutorials/app.md from the app; needs Chromium."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import sync_playwright

from detente.app import create_app
from detente.app.server import Server

PICTURES = Path(__file__).parents[1] / "docs" / "assets"
WIDE = {"width": 1280, "height": 860}


#: Nothing is on its way any more: the figures, charts and tables show the state of the controls.
SETTLED = """document.documentElement.dataset.settled === 'true'
 && document.querySelector('#sections').ariaBusy === 'false'
 && !document.querySelector('.stale, .old') && document.querySelector('#working').hidden"""


def settle(page: Any) -> None:
    """Wait until everything shows the state of the controls."""
    for _ in range(1200):
        if page.evaluate(SETTLED):
            break
        page.wait_for_timeout(100)
    else:
        raise SystemExit("The page did not come to rest.")
    page.wait_for_timeout(300)


def press(page: Any, selector: str) -> None:
    """Press what a reader of the page presses, and wait for what follows."""
    page.locator(selector).click()
    settle(page)


def keep(page: Any, name: str, part: str = "") -> None:
    """A picture of what is in sight, or of a part of the page, in 256 colours."""
    path = PICTURES / f"{name}.png"
    if part:
        page.locator(part).screenshot(path=path)
    else:
        page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def below_top(page: Any, selector: str) -> None:
    """Scroll until a part of the page stands below the strip."""
    page.evaluate(
        """(selector) => {
          const node = document.querySelector(selector);
          const top = document.querySelector('#top').offsetHeight;
          scrollTo(0, scrollY + node.getBoundingClientRect().top - top - 16);
        }""",
        selector,
    )
    settle(page)


def klaipeda(page: Any) -> None:
    """The first walk of the tutorial: a scenario, the way back, and who blocks it."""
    press(page, "[data-preset='Reopen Klaipėda']")
    page.evaluate("scrollTo(0, 0)")
    keep(page, "app-klaipeda")
    press(page, "[data-preset='Reopen Klaipėda']")
    press(page, "#to-what-deal")
    for move in ("eu-transit", "lt-transit"):
        press(page, f".hand [data-move={move}]")
    below_top(page, "#deal")
    keep(page, "app-blockers")
    press(page, "#clear-deal")


def deal(page: Any) -> None:
    """The second walk: a deal is found."""
    press(page, "#find-deal")
    below_top(page, ".on-table")
    keep(page, "app-deal")
    press(page, "#clear-deal")
    press(page, "#to-who-pays")


def compare(page: Any) -> None:
    """The third walk: two scenarios on one axis."""
    press(page, "[data-preset='Reopen Klaipėda']")
    page.fill("#scenario-name", "Klaipėda open")
    press(page, "#keep")
    press(page, "[data-preset='Washington alone lifts']")
    page.fill("#scenario-name", "Washington alone")
    press(page, "#keep")
    below_top(page, "#c-compare")
    keep(page, "app-compare")


def draw(address: str) -> None:
    """The page as it opens, the walks of the tutorial, and the form of a measure."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=WIDE)
        page.goto(f'{address}/#{{"case":"belarus"}}')
        page.wait_for_selector("#figures.banded", timeout=120_000, state="attached")
        settle(page)
        keep(page, "app")
        page.evaluate("document.querySelector('#draw').click()")  # no bands from here on
        for walk in (klaipeda, deal, compare):
            walk(page)
        page.click("#add-measure")
        page.get_by_label("Name", exact=True).fill("EU ban on potash from Russia")
        page.get_by_label("Leakage, share of the base flow").fill("3")
        page.click("dialog button[type=submit]")
        page.wait_for_selector("dialog [aria-invalid=true]")
        keep(page, "app-measure", "dialog[open]")
        browser.close()


def main() -> None:
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = Server(create_app())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            time.sleep(1)
            while httpx.get(f"{address}/api/health").json()["status"] != "ready":
                time.sleep(0.2)
            draw(address)
        finally:
            server.should_exit = True
            thread.join(10)


if __name__ == "__main__":
    main()
