import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("pages", Path(__file__).with_name("pages.py"))
pages = importlib.util.module_from_spec(_spec)
sys.modules["pages"] = pages
_spec.loader.exec_module(pages)

RENEW = "Run: python tests/docs/pages.py --write"


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda p: p.name)
def test_python_examples_print_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    for block in pages.blocks(page.read_text("utf-8")):
        if block.language == "python":
            printed = pages.run_python(block.source, names)
            if block.output is not None:
                assert pages.same(block.output, printed), f"{RENEW}\n{printed}"


def test_commands_of_getting_started_run(tmp_path):
    page = ROOT / "docs" / "getting-started.md"
    commands = [b for b in pages.blocks(page.read_text("utf-8")) if b.language == "console"]
    assert commands
    for block in commands:
        assert pages.run_console(block.source, tmp_path).strip()


def test_horizons_of_the_page_are_those_of_the_package():
    text = (ROOT / "docs" / "model.md").read_text("utf-8")
    assert pages.with_horizons(text) == text, RENEW


def test_examples_that_differ_are_seen():
    text = "```python\nprint(0.5)\n```\n\n```text\n0.7\n```\n"
    (block,) = pages.blocks(text)
    assert not pages.same(block.output, pages.run_python(block.source, {}))
    assert "0.5" in pages.renewed(text)


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda p: p.name)
def test_no_row_of_a_table_is_cut_off(page):
    lines = ["", *page.read_text("utf-8").splitlines(), ""]
    for before, row, after in zip(lines, lines[1:], lines[2:], strict=False):
        if row.startswith("|") and not before.strip():
            assert re.match(r"\|[-:| ]+\|$", after), f"{row[:60]} stands below no heading"
