"""Terminals that do not speak UTF-8, disks that are full: plain letters and one message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detente.cli import COMMANDS as NAMES
from detente.cli.encoding import fitted
from detente.report.overview.chapter import QUESTIONS

MAIN = "from detente.cli import main; main()"
# Many commands in one process, each with what it returned.
ALL = """
import json, sys
from detente.cli import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["detente", *arguments]
    try:
        main()
    except SystemExit as error:
        print("returned", error.code or 0, flush=True)
"""
FULL = Path("/dev/full")
# Nothing here is solved at length: what a command prints is what is looked at.
COMMANDS = [
    ["--help"],
    # The help of `world` has a question mark of its own in the midst of a line.
    *([name, "--help"] for name in NAMES if name != "world"),
    ["world", "show", "belarus"],
    ["world", "check"],
    ["cases"],
    ["check"],
    ["check", "nö-such-case"],
    ["blockers", "--draws", "0"],
    ["why", "--draws", "0"],
    ["stable", "elmira"],
    ["solve", "--tariff", "CHN:USA=0.25"],
    ["brief", "--quick", "--draws", "0", "--out", os.devnull],
]


def run(
    *arguments: str, script: str = MAIN, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        capture_output=True,
        check=False,
        timeout=300,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "140", **environment},
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_no_command_fails_for_a_letter(encoding: str) -> None:
    done = run(json.dumps(COMMANDS), script=ALL, PYTHONIOENCODING=encoding)
    text = done.stdout.decode(encoding) + done.stderr.decode(encoding)
    assert "Traceback" not in text
    codes = [line.split()[-1] for line in text.splitlines() if line.startswith("returned ")]
    assert codes == ["1" if "nö-such-case" in c else "0" for c in COMMANDS], text
    for question in QUESTIONS.values():
        text = text.replace(question, "")
    questions = ("?", "?.")
    unknown = [x for x in text.splitlines() if "?" in x and not x.rstrip().endswith(questions)]
    assert unknown == [], "a letter had no other way to be written"


@pytest.mark.parametrize("arguments", [["cases"], ["blockers", "--draws", "0"]], ids=" ".join)
def test_the_plain_locale_is_enough(arguments: list[str]) -> None:
    done = run(*arguments, LC_ALL="C")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


def test_letters_are_written_by_others() -> None:
    assert fitted("−1.5 → détente … 10⁻¹⁰ ‘x’ 5 × 2", "ascii") == (
        "-1.5 -> detente ... 10^-10 'x' 5 x 2"
    )
    assert fitted("−1.5 → détente … 10⁻¹⁰", "cp1252") == "-1.5 -> détente … 10^-10"
    assert fitted("half \ud800", "utf-8") == "half ?"
    assert fitted("Беларусь", "ascii") == "????????"


def test_json_loses_nothing_in_a_narrow_encoding() -> None:
    wide = run("cases", "--json", PYTHONIOENCODING="utf-8").stdout
    narrow = run("cases", "--json", PYTHONIOENCODING="ascii").stdout
    assert json.loads(narrow.decode("ascii")) == json.loads(wide.decode("utf-8"))
    brief = ["brief", "elmira", "--json", "--draws", "0"]
    narrow = run(*brief, PYTHONIOENCODING="ascii").stdout
    assert "é" in json.dumps(json.loads(narrow.decode("ascii")), ensure_ascii=False)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["cases"], ["cases", "--json"], ["world", "show"]])
def test_a_full_disk_is_one_message(arguments: list[str]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "The output cannot be written: No space left on device."
    ]


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_brief_that_finds_no_room_is_one_message() -> None:
    done = run("brief", "elmira", "--draws", "0", "--out", str(FULL))
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("/dev/full cannot be written: No space left on device.")
