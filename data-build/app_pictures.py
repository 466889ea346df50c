"""Draw the pictures of docs/app.md from the app on the default case; needs Chromium."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from detente.app import create_app
from detente.app.server import Server

PICTURES = Path(__file__).parents[1] / "docs" / "assets"
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 800}


def settle(page: Any) -> None:
    """Wait until everything shows the state of the controls."""
    page.wait_for_timeout(1200)
    busy = "document.querySelector('.stale') || !document.querySelector('#working').hidden"
    for _ in range(300):
        if not page.evaluate(f"Boolean({busy})"):
            break
        page.wait_for_timeout(100)
    else:
        raise SystemExit("The page did not come to rest.")
    page.wait_for_timeout(300)


def draw(address: str) -> None:
    """The page as it opens, a state compared, the form of a measure, and a phone."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=WIDE)
        page.goto(f'{address}/#{{"case":"belarus"}}')
        page.wait_for_selector("#figures.banded", timeout=120_000, state="attached")
        settle(page)
        page.screenshot(path=PICTURES / "app.png")
        page.locator("#details-who-pays > summary").click()
        page.locator("#figures-now").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#figures-now').scrollIntoView(); scrollBy(0, -60)")
        settle(page)
        page.screenshot(path=PICTURES / "app-figures.png")
        page.locator("label[for=draw]").click()
        for name in ("eu-transit", "lt-transit"):
            page.locator(f"[data-measure={name}]").click()
        settle(page)
        page.fill("#scenario-name", "Klaipėda open")
        page.click("#keep")
        page.locator("[data-measure=us-potash]").click()
        settle(page)
        page.locator("#c-compare").evaluate("n => { n.scrollIntoView(); scrollBy(0, -60); }")
        settle(page)
        page.screenshot(path=PICTURES / "app-compare.png")
        page.click("#add-measure")
        page.get_by_label("Name", exact=True).fill("EU ban on potash from Russia")
        page.get_by_label("Leakage, share of the base flow").fill("3")
        page.click("dialog button[type=submit]")
        page.wait_for_selector("dialog [aria-invalid=true]")
        page.locator("dialog").screenshot(path=PICTURES / "app-measure.png")
        page.keyboard.press("Escape")
        page.set_viewport_size(PHONE)
        page.evaluate("scrollTo(0, 0)")
        page.locator("#jump").click()
        settle(page)
        page.screenshot(path=PICTURES / "app-phone.png")
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
