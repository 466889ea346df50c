"""Ctrl-C as a terminal sends it, to every process of a command: what is done is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from detente.analysis.background import run_in_background
from detente.analysis.uncertainty import draws as uncertainty
from detente.cases import load_case
from detente.report import build as making

#: Draws that wait rather than solve, and processes that are slow to begin.
PROGRAM = """
import sys, time
import numpy as np
from detente.cases import load_case
from detente.analysis import run_draws
from detente.analysis.background import run_in_background
from detente.analysis.uncertainty import pool

begin = pool._begin

def line(text):
    # Two processes write at once: where nothing is buffered print would write its newline alone.
    sys.stdout.write(text + "\\n")
    sys.stdout.flush()

def slowly(job):
    line("starting")
    time.sleep(float(sys.argv[1]))
    begin(job)

def collect(scenarios):
    with open(sys.argv[2], "a") as made:
        made.write("one\\n")
    time.sleep(0.1)
    return {"one": np.ones(1)}

def beside():
    time.sleep(3)
    return "kept"

def told(done):
    if done in (2, 3):
        line("drawn")

pool._begin = slowly
other = run_in_background(beside)
got = run_draws(load_case("belarus"), collect, draws=200, processes=2, progress=told)
print("counts", got.asked, got.done, len(got.values.get("one", ())), other(), flush=True)
"""


@pytest.mark.parametrize(("slowness", "said", "least"), [(0.0, "drawn", 2), (2.0, "starting", 0)])
def test_every_process_is_told_and_what_is_done_is_kept(
    tmp_path: Path, slowness: float, said: str, least: int
) -> None:
    """While draws are made, and while the processes that make them are starting."""
    program, made = tmp_path / "program.py", tmp_path / "made"
    program.write_text(PROGRAM, "utf-8")
    made.touch()
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(program), str(slowness), str(made)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stdout as out, process.stderr as complaints:
        heard = list(takewhile(lambda line: line.strip() != said, out))
        os.killpg(process.pid, signal.SIGINT)
        *_, counts = [*heard, *out.read().splitlines()]
        errors = complaints.read()
    assert (process.returncode, errors) == (0, "")
    assert counts.startswith("counts"), heard
    asked, done, kept, beside = counts.split()[1:]
    assert (int(asked), beside) == (200, "kept")
    assert least <= int(done) == int(kept)
    # Those that were being made are made to their end; no others are begun.
    assert len(made.read_text("utf-8").splitlines()) <= int(done) + 12


def test_talks_without_a_finished_draw_go_on_without_chances(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(job: object) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(uncertainty, "serial", stopped)
    answer, missing = making._negotiation(load_case("belarus"), 2, 0, None)
    assert answer.chances == ()
    assert answer.draws == 0
    assert "stopped before the first of 2" in missing


def test_an_error_beside_is_seen_here() -> None:
    def fails() -> None:
        raise ArithmeticError("here")

    with pytest.raises(ArithmeticError, match="here"):
        run_in_background(fails)()
