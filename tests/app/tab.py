"""A tab of the app for tests: what it shows, what it asked for, what it complained of."""

from __future__ import annotations

import json
import re
import time
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

#: Seconds after which something is held to hang. Machines that build many things at once are slow;
#: what is right is seen as soon as it is there, so that this costs nothing.
PATIENCE = 300
expect.set_options(timeout=1000 * PATIENCE)
#: The address of the case that most tests open; without one the page shows the cases.
BELARUS = '#{"case":"belarus"}'
#: Rounding on the screen: half of the last digit that is shown.
SHOWN = 0.051
#: Replies of one path that the test gives by and by: `fed[path].send(kind, what)`.
_FEED = """(path) => {
  window.fed ??= {};
  const real = window.fetch;
  window.fetch = (asked, given) => {
    if (asked !== path) return real(asked, given);
    const text = new TextEncoder();
    const one = window.fed[path] = { asked: JSON.parse(given.body), stopped: false };
    const body = new ReadableStream({ start(flow) {
      one.send = (kind, what) => flow.enqueue(
        text.encode(`event: ${kind}\\ndata: ${JSON.stringify(what)}\\n\\n`));
      given.signal?.addEventListener('abort', () => {
        one.stopped = true;
        flow.error(new DOMException('', 'AbortError'));
      });
    } });
    return Promise.resolve(
      new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };
}"""

#: What a page that does not come to rest is at.
_SEEN = """[...document.querySelectorAll('.stale, .old, .fault:not([hidden])')]
  .map(n => n.id || n.className).concat(document.querySelector('#sections').ariaBusy,
  ...[...document.querySelectorAll('#doing, .wrong, .fault')].map(n => n.textContent)).join()"""


class Tab:
    """A page of the app, on a case, with the details behind its answers open.

    Args:
        fragment: the address; the start page where it is None.
        allowed: patterns of complaints that the test provokes.
        prepare: called with the page before it is opened.
    """

    def __init__(
        self, browser, served, fragment=BELARUS, width=1280, bands=False, allowed=(), prepare=None
    ):
        self.address = served.address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True
        )
        self.context.set_default_timeout(1000 * PATIENCE)
        self.page = self.context.new_page()
        self.asked, self.complaints, self.allowed = [], [], list(allowed)
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        choice = "on" if bands else "off"
        self.page.add_init_script(f"localStorage.setItem('bands', '{choice}')")
        if prepare:
            prepare(self.page)
        self.page.goto(f"{self.address}/{fragment or ''}")
        if fragment:
            self.settled()
            self.page.evaluate(
                "document.querySelectorAll('#results .details').forEach(d => { d.open = true; })"
            )
            self.settled()

    def close(self):
        """Close it; nothing may have left this machine, and nothing complained."""
        self.context.close()
        here = re.compile(rf"(blob:)?{re.escape(self.address)}/")
        assert [url for url in self.asked if not here.match(url)] == []
        others = [w for w in self.complaints if not any(re.search(a, w) for a in self.allowed)]
        assert others == [], others

    def until(self, condition):
        """Poll a condition: the page's policy forbids what `wait_for_function` evaluates."""
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(condition):
            if time.monotonic() > deadline:
                raise AssertionError(f"{condition}: {self.page.evaluate(_SEEN)}")
            self.page.wait_for_timeout(20)

    def settled(self):
        """Wait until figures, charts and tables show the state of the controls, and are drawn."""
        self.until(
            "document.documentElement.dataset.settled === 'true'"
            " && document.querySelector('#sections').ariaBusy === 'false'"
            " && !document.querySelector('.stale, .old')"
            " && document.querySelector('#working').hidden"
        )

    def click(self, locator):
        """Click with the mouse, once nothing is drawn any more that could move what is clicked."""
        locator.scroll_into_view_if_needed()
        self.until("document.documentElement.dataset.settled === 'true'")
        locator.click()

    def show(self, question):
        """Open the tab of one of the four questions."""
        self.page.locator(f"#to-{question}").press("Enter")
        expect(self.page.locator(f"#tab-{question}")).to_be_visible()
        self.settled()

    def painted(self):
        """How many answers have been painted."""
        return self.page.evaluate("performance.getEntriesByName('painted').length")

    def figures(self):
        """The figures on the screen, by id."""
        found = self.page.eval_on_selector_all(
            "[data-figure]", "n => n.map(x => [x.dataset.figure, x.textContent])"
        )
        return {key: number(text) for key, text in found}

    def same(self, client, **asked):
        """The screen comes to show what the API answers."""
        stated = answer(client, **asked)
        deadline = time.monotonic() + PATIENCE
        while True:
            shown = self.figures()
            near = {k: 0.51 if k.startswith("price") else SHOWN for k in stated}
            wrong = [k for k, v in stated.items() if shown.get(k) != pytest.approx(v, abs=near[k])]
            if not wrong and shown.keys() == stated.keys():
                return
            assert time.monotonic() < deadline, {k: (shown.get(k), stated.get(k)) for k in wrong}
            self.page.wait_for_timeout(30)

    def saved(self, locator):
        """Name and content of the file that a button makes."""
        with self.page.expect_download() as download:
            self.click(locator)
        with open(download.value.path(), "rb") as file:
            return download.value.suggested_filename, file.read()

    def state(self):
        """What stands in the address."""
        return json.loads(unquote(self.fragment()[1:]))

    def fragment(self):
        """The same as it is passed on."""
        self.until("!document.querySelector('#link').ariaBusy")
        return f"#{urlsplit(self.page.url).fragment}"

    def open_panel(self):
        """Open the sheet of the controls on a narrow screen; on a wide one they stand there."""
        jump = self.page.locator("#jump")
        if jump.is_visible() and jump.get_attribute("aria-expanded") == "false":
            jump.press("Space")

    def card(self, measure):
        """The controls of a measure."""
        box = self.page.locator(f"[data-measure='{measure}']")
        return self.page.locator(".measure", has=box)

    def tune(self, name, value):
        """Type a parameter's value into the list of all of them."""
        self.page.locator("#all-parameters").evaluate("n => { n.open = true; }")
        box = self.page.locator(f".parameters [data-box={name}]")
        box.fill(str(value))
        box.press("Enter")

    def feed(self, path):
        """From now on the test replies to what is asked of a path; see `send`."""
        self.page.evaluate(_FEED, path)

    def fed(self, path):
        """Wait until the path is asked for; what was asked."""
        self.until(f"Boolean(window.fed['{path}'])")
        return self.page.evaluate(f"window.fed['{path}'].asked")

    def send(self, path, kind, what):
        """An event in the running reply of a path."""
        self.page.evaluate(
            "([path, kind, what]) => window.fed[path].send(kind, what)", [path, kind, what]
        )


def number(text):
    """A number as it stands on the screen."""
    plain = text.replace(",", "").replace("−", "-").replace("+", "")
    return float(plain) if plain not in ("–", "") else None


def answer(client, **asked):
    """The figures of a scenario, by id, as the API answers them, shares in percent."""
    found = client.post("/api/answer", json={"parts": False, **asked}).json()
    return {
        f["id"]: 100 * f["value"] if f["unit"] == "fraction" and f["value"] else f["value"]
        for f in found["figures"]
    }


def changed(page, path, change):
    """Have the replies of a path changed on their way to the page."""

    def handle(route):
        reply = route.fetch()
        route.fulfill(response=reply, json=change(reply.json()))

    page.route(f"**{path}", handle)


def events(*said):
    """A reply of server-sent events."""
    body = "".join(f"event: {kind}\ndata: {json.dumps(what)}\n\n" for kind, what in said)
    return {"content_type": "text/event-stream", "body": body}
