"""README and case page are true: the Python runs, the tables are what the tool prints now."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
REMEDY = "run .venv/bin/python data-build/readme.py --table"
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


def numbers_and_words(text: str) -> tuple[list[str], list[str]]:
    """The numbers of a text and what stands between them."""
    return NUMBER.findall(text), NUMBER.split(text)


def plain(number: str) -> float:
    return float(number.rstrip(",").replace(",", ""))


def test_the_python_of_the_readme_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    assert len([line for line in code.splitlines() if line.strip()]) == 8
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    assert "Converged" in out.getvalue()


def _writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "data-build" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRITER = _writer()


@pytest.mark.parametrize("page", WRITER.PAGES, ids=lambda page: page.name)
def test_the_table_of_a_page_is_what_the_tool_prints(page: Path) -> None:
    stated, words = numbers_and_words(page.read_text("utf-8"))
    now, same_words = numbers_and_words(WRITER.with_table(page))
    assert words == same_words, REMEDY
    for before, after in zip(stated, now, strict=True):
        # Solutions agree to 1e-9 of incomes, so that a number on the edge may round either way.
        unit = 10.0 ** -len(before.partition(".")[2])
        assert abs(plain(before) - plain(after)) < 1.5 * unit, f"{before}, now {after}: {REMEDY}"


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M)
