import importlib.util
import re
import sys
from pathlib import Path

import pytest

from detente.cli import COMMANDS, command

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("pages", Path(__file__).with_name("pages.py"))
pages = importlib.util.module_from_spec(_spec)
sys.modules["pages"] = pages
_spec.loader.exec_module(pages)

RENEW = "Run: python tests/docs/pages.py --write"


WITH_PYTHON = [p for p in pages.PAGES if "```python" in p.read_text("utf-8")]
PRINTED = [
    (page, k)
    for page in pages.PAGES
    for k, block in enumerate(pages.blocks(page.read_text("utf-8")))
    if block.language == "console" and block.output is not None
]


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda p: p.name)
def test_python_examples_print_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text("utf-8")
    pages.write_files(text, tmp_path)
    names = {"__name__": "__main__"}
    for block in pages.blocks(text):
        if block.language == "python":
            printed = pages.run_python(block.source, names)
            if block.output is not None:
                assert pages.same(block.output, printed), f"{RENEW}\n{printed}"


@pytest.mark.parametrize(("page", "k"), PRINTED, ids=[f"{p.name}-{k}" for p, k in PRINTED])
def test_commands_print_what_the_page_says(page, k, tmp_path):
    block = pages.blocks(page.read_text("utf-8"))[k]
    printed = pages.run_console(block.source, tmp_path)
    assert pages.same(block.output, printed), f"{RENEW}\n{printed}"


@pytest.mark.parametrize("page", [pages.README, *pages.PAGES], ids=lambda p: p.name)
def test_commands_of_a_page_have_the_options_that_it_names(page):
    for words in pages.commands(page.read_text("utf-8")):
        name = words[1].strip("[]")
        assert name in COMMANDS, " ".join(words)
        found = command(name)
        arguments = [w for w in words[2:] if w != "[CASE]"]
        if getattr(found, "commands", None):
            found, arguments = found.commands[arguments[0]], arguments[1:]
        found.make_context(name, arguments)  # raises for an option that is not there


@pytest.mark.parametrize("path", pages.NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_shows_what_it_gives_now(path, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    stated = nbformat.read(path, 4)
    now = pages.run_notebook(path, tmp_path)
    assert pages.same_outputs(stated, now), f"{RENEW}\n{pages.shown(now)}"
    kinds = {kind for one in pages.shown(now) for kind in one}
    assert "text/html" in kinds
    assert len(pages.NOTEBOOKS) == 3


def test_outputs_of_a_notebook_that_differ_are_seen():
    v4 = pytest.importorskip("nbformat").v4

    def one(text):
        output = v4.new_output("execute_result", {"text/plain": text})
        return v4.new_notebook(cells=[v4.new_code_cell("1", outputs=[output])])

    assert pages.same_outputs(one("0.50 USD"), one("0.50 USD"))
    assert not pages.same_outputs(one("0.50 USD"), one("0.70 USD"))
    assert not pages.same_outputs(one("0.50 USD"), v4.new_notebook())


def test_what_the_shell_does_with_an_output_is_no_part_of_a_command():
    text = "```console\n$ detente\n$ detente why elmira | head -3\n$ detente cases > list\n```\n"
    assert pages.commands(text) == [["detente", "why", "elmira"], ["detente", "cases"]]


def test_options_that_a_command_does_not_have_are_seen():
    (words,) = pages.commands("```sh\ndetente why belarus --colour red  # a comment\n```\n")
    assert words == ["detente", "why", "belarus", "--colour", "red"]
    with pytest.raises(Exception, match="No such option"):
        command("why").make_context("why", words[2:])


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
