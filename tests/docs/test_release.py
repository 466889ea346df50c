"""What a release rests on: one version, lines of the changelog of known types, and their place."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import detente

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TOWNCRIER = PROJECT["tool"]["towncrier"]
FRAGMENTS = ROOT / TOWNCRIER["directory"]
TYPES = [kind["directory"] for kind in TOWNCRIER["type"]]


def test_the_version_stands_in_one_place():
    source = (ROOT / PROJECT["tool"]["hatch"]["version"]["path"]).read_text("utf-8")
    assert re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE) == [detente.__version__]
    assert "version" in PROJECT["project"]["dynamic"]
    assert "version" not in PROJECT["project"]
    assert '"version"' not in (ROOT / "frontend" / "package.json").read_text("utf-8")


def test_whoever_else_states_the_version_states_the_same():
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited is not None
    assert cited[1] == detente.__version__, "CITATION.cff names another version"
    installed = importlib.metadata.version("detente")
    assert installed == detente.__version__, "install the package again: make .venv/dev"
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == detente.__version__, "the changelog begins with another version"


def unknown(folder: Path) -> list[str]:
    """Files of a folder that are no lines of the changelog of a known type."""
    types = "|".join(TYPES)
    name = re.compile(rf"[a-z0-9][a-z0-9-]*\.({types})\.md")
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in TOWNCRIER["ignore"]
        and not (name.fullmatch(path.name) and path.read_text("utf-8").strip())
    )


def test_each_line_of_the_changelog_has_a_known_type(tmp_path):
    assert not unknown(FRAGMENTS), f"name them NAME.TYPE.md, as {FRAGMENTS / 'README.md'} says"
    for name, text in {"a.fixed.md": "It.", "b.fixd.md": "It.", "c.added.md": " \n"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert unknown(tmp_path) == ["b.fixd.md", "c.added.md"]


def test_types_are_those_that_the_page_explains():
    page = (FRAGMENTS / "README.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` ", page, re.MULTILINE) == TYPES


def test_lines_are_put_above_those_of_before(tmp_path):
    pytest.importorskip("towncrier", reason="the dev group is not installed")
    before = (ROOT / "CHANGELOG.md").read_text("utf-8")
    shutil.copy(ROOT / "CHANGELOG.md", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / TOWNCRIER["directory"]
    folder.mkdir()
    shutil.copy(FRAGMENTS / "template.md", folder)
    (folder / "ports.added.md").write_text("Ports close one by one.\n", "utf-8")
    (folder / "fee.fixed.md").write_text("The fee is paid once.\n", "utf-8")
    command = [sys.executable, "-m", "towncrier", "build", "--keep"]
    command += ["--version", "9.9.9", "--date", "2030-01-02"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    head, rest = before.split(TOWNCRIER["start_string"])
    after = (tmp_path / "CHANGELOG.md").read_text("utf-8")
    assert after.startswith(head + TOWNCRIER["start_string"])
    assert after.endswith(rest.lstrip("\n"))
    written = after[len(head) + len(TOWNCRIER["start_string"]) : -len(rest.lstrip("\n"))]
    lines = [line for line in written.splitlines() if line]
    assert lines == [
        "## 9.9.9 (2030-01-02)",
        "- Added: Ports close one by one.",
        "- Fixed: The fee is paid once.",
    ]
