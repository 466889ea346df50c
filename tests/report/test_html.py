"""The page stands alone, holds what the views hold, and takes hostile text as text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from detente.report import brief_html, views_of, write_brief


class Page(HTMLParser):
    """Elements with their attributes, and the texts of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")

    def handle_data(self, data):
        if self._in_script:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self._in_script = False

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def text(assessment):
    return brief_html(views_of(assessment), annex=True)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_nothing_comes_from_outside(page, text):
    for tag, attrs in page.elements:
        for key in ("src", "srcset", "data", "action", "poster", "background"):
            assert key not in attrs, (tag, attrs)
        if tag == "link":
            assert attrs["href"] == "data:,"
        if tag == "a":
            assert attrs["href"].startswith(("https://", "http://", "#"))
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    assert len(style) > 1000
    assert "url(" not in style
    assert "@import" not in style


def test_policy_allows_only_the_inline_script(page):
    policy = next(a["content"] for a in page.all("meta") if "http-equiv" in a)
    digest = base64.b64encode(hashlib.sha256(page.scripts[-1].encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy


def test_hostile_text_stays_text(page, text):
    data = json.loads(page.scripts[1])
    cells = [cell for t in data["tables"] for row in t["rows"] for cell in row]
    assert any(isinstance(c, str) and "</script>" in c for c in cells)
    assert "Mean </script>" not in text
    assert "Made-up case: an embargo &amp; its neighbours" in text


def test_data_are_those_of_the_views(page, assessment):
    data = json.loads(page.scripts[1])
    plain = views_of(assessment).plain()
    assert data["tables"] == json.loads(json.dumps(plain["tables"]))
    assert data["charts"] == json.loads(json.dumps(plain["charts"]))


def test_it_can_be_read_without_seeing_it(page, assessment):
    views = views_of(assessment)
    images = [a for a in page.all("div") if a.get("role") == "img"]
    assert len(images) == len(views.charts)
    assert all(a["aria-label"] for a in images)
    assert len(page.all("caption")) == len(views.tables)
    assert page.all("html")[0]["lang"] == "en-GB"
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids


def test_acts_are_linked(page, assessment):
    hrefs = {a["href"] for a in page.all("a")}
    for e in assessment.effects:
        assert e.measure.acts[0].href in hrefs


def test_size(belarus, tmp_path):
    path = write_brief(views_of(belarus), tmp_path / "new" / "brief.html", annex=True)
    assert path.stat().st_size < 750_000
