"""The built site: it builds strictly, loads nothing from outside, and has every public name."""

import importlib
import importlib.util
import inspect
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site; the build is strict."""
    pytest.importorskip("mkdocs", reason="the docs group is not installed (make .venv/docs)")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


class Loads(HTMLParser):
    """Collects what a page would fetch when it is opened."""

    def __init__(self):
        super().__init__()
        self.urls = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "video"):
            self.urls.append(values.get("src") or "")
        elif tag == "link" and values.get("rel") != "canonical":
            self.urls.append(values.get("href") or "")


def test_site_builds_strictly_and_fetches_nothing_from_outside(site):
    built = list(site.rglob("*.html"))
    assert len(built) > 5
    for page in built:
        loads = Loads()
        loads.feed(page.read_text("utf-8"))
        outside = [u for u in loads.urls if re.match(r"(https?:)?//", u)]
        assert not outside, f"{page.name} would fetch {outside}"


def test_the_site_has_every_public_name_with_its_docstring(site):
    hooks = _hooks()
    asked = 0
    for source in (ROOT / "docs" / "reference").glob("*.md"):
        page = site / "reference" / f"{source.stem}.html"
        built = _entries(page.read_text("utf-8"))
        text = hooks.on_page_markdown(source.read_text("utf-8"))
        for path in re.findall(r"^::: ([\w.]+)$", text, re.MULTILINE):
            asked += 1
            package, _, name = path.rpartition(".")
            thing = getattr(importlib.import_module(package), name)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                first = (inspect.getdoc(thing) or "").split("\n\n")[0]
                words = re.findall(r"[A-Za-z]{3,}", first)
                assert words, f"{path} has no docstring"
                assert set(words) <= set(re.findall(r"[A-Za-z]{3,}", built[path])), path
            assert path in built
    assert asked > 250


def _entries(page):
    """What stands below the heading of each name of a page of the reference."""
    parts = re.split(r'<h[23] id="(detente[\w.]+)"', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _hooks():
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs" / "hooks.py")
    hooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hooks)
    return hooks


@pytest.mark.browser
def test_search_works_in_pages_that_are_opened_as_files(site, browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    query = page.locator("[data-md-component=search-query]")
    query.focus()
    query.press_sequentially("reversion point")
    found = page.locator(".md-search-result__link").first
    found.wait_for(state="visible", timeout=60_000)
    assert "lossary" in page.locator(".md-search-result__list").inner_text()
    context.close()
