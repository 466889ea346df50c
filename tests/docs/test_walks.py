"""The walks that CONTRIBUTING tells are those that the package takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import detente

ROOT = Path(__file__).parents[2]
PACKAGE = Path(detente.__file__).parent
TRACE = Path(__file__).with_name("trace.py")
#: By name in `trace.py`, what the page says above the table.
HEADINGS = {
    "embargo": "**`embargo`, `solve`**",
    "assess": "**`assess`**",
    "brief": "**`brief --quick`**",
    "why": "**`why`**",
}


@dataclass(frozen=True)
class Step:
    """A row of a walk: a file, the function whose result it gives, and the files that it asks."""

    file: str
    function: str
    asks: tuple[str, ...]

    @property
    def folder(self) -> str:
        return self.file.rpartition("/")[0]


def walk_of(heading: str) -> list[Step]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split(heading, 1)[1].split("|---|---|---|---|\n", 1)[1].split("\n\n", 1)[0]
    steps = []
    for line in table.splitlines():
        file, function, _, asks = (cell.strip() for cell in line.strip("|").split("|"))
        steps.append(
            Step(file.strip("`"), function.strip("`"), tuple(re.findall(r"`(.*?)`", asks)))
        )
    return steps


def traced(walk: str, folder: Path) -> list[dict[str, object]]:
    """What the package executes on a walk, in a process of its own, which nothing warmed before."""
    done = subprocess.run(
        [sys.executable, str(TRACE), walk, str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1"},
        timeout=600,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("walk", HEADINGS)
def test_a_walk_passes_the_files_that_the_page_lists_in_their_order(walk, tmp_path):
    steps = walk_of(HEADINGS[walk])
    returned, executed = {}, {}
    for one in traced(walk, tmp_path):
        returned[one["file"], one["function"]] = one["returned"]
        executed[one["file"]] = min(executed.get(one["file"], one["called"]), one["called"])
    absent = [s for s in steps if (s.file, s.function) not in returned]
    assert not absent, f"never returned: {absent}"
    moments = [returned[s.file, s.function] for s in steps]
    late = [(a, b) for a, b, x, y in zip(steps, steps[1:], moments, moments[1:]) if x > y]  # noqa: B905
    assert not late, f"in another order: {late}"
    for step, moment in zip(steps, moments, strict=True):
        unasked = [file for file in step.asks if executed.get(file, moment) >= moment]
        assert not unasked, f"{step.file} does not ask {unasked}"


@pytest.mark.parametrize("walk", HEADINGS)
def test_a_walk_enters_each_folder_once(walk):
    steps = walk_of(HEADINGS[walk])
    assert len(steps) > 10
    folders = [s.folder for s in steps]
    entered = [f for f, before in zip(folders, ["", *folders]) if f != before]  # noqa: B905
    assert len(entered) == len(set(entered)), entered


@pytest.mark.parametrize("walk", HEADINGS)
def test_a_step_asks_its_own_folder_or_what_is_below_all_or_one_question_of_a_negotiation(walk):
    askers: dict[str, set[str]] = {}
    for step in walk_of(HEADINGS[walk]):
        for file in step.asks:
            folder = file.rpartition("/")[0]
            if folder.startswith("negotiation/"):
                askers.setdefault(folder, set()).add(step.file)
                continue
            below = folder in {"world", "negotiation"} or f"{folder}/".startswith(f"{step.folder}/")
            assert below or step.folder == "cli", f"{step.file} asks {file}"
    assert all(len(files) == 1 for files in askers.values()), askers


def test_the_walk_of_an_embargo_lists_every_file_of_trade_that_it_passes(tmp_path):
    steps = walk_of(HEADINGS["embargo"])
    listed = {s.file for s in steps} | {file for s in steps for file in s.asks}
    passed = {one["file"] for one in traced("embargo", tmp_path)}
    assert {f for f in passed if f.startswith("trade/")} <= listed
