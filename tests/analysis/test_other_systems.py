"""What differs where there is no fork and where files in use cannot be replaced."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detente import _files, cli
from detente._files import NotWritten, write_file

#: A user's script, as on macOS and Windows, where the processes that draw begin with nothing.
SCRIPT = """
import sys, types
import numpy as np
from detente.analysis import run_draws
from detente.analysis.uncertainty import pool
from detente.cases import load_case

pool.sys = types.SimpleNamespace(platform="darwin")

def collect(scenarios):
    return {"price": np.array(scenarios.case.value("potash_price"))}

def main():
    one, two = (run_draws(load_case("belarus"), collect, draws=4, processes=n) for n in (1, 2))
    print("same" if (one.values["price"] == two.values["price"]).all() and two.done == 4 else "not")

"""


def run(tmp_path: Path, last: str) -> subprocess.CompletedProcess[str]:
    script = tmp_path / "draws.py"
    script.write_text(SCRIPT + last, "utf-8")
    command = [sys.executable, str(script)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_processes_that_begin_with_nothing_draw_the_same(tmp_path: Path) -> None:
    done = run(tmp_path, 'if __name__ == "__main__":\n    main()\n')
    assert done.stdout.strip() == "same", done.stderr


def test_a_script_that_such_processes_run_again_is_told_what_to_write(tmp_path: Path) -> None:
    done = run(tmp_path, "main()\n")
    assert done.returncode
    assert "put the call under `if __name__ == '__main__':`" in done.stderr


def test_a_file_that_is_open_elsewhere_for_a_moment_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = write_file(tmp_path / "brief.html", "old")
    held = [1, 1]

    def replace(self: Path, other: Path) -> None:
        if held:
            held.pop()
            raise PermissionError(errno.EACCES, "The file is in use")
        os.replace(self, other)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(_files, "_WINDOWS", True)
    monkeypatch.setattr(_files, "_TRIES", (0, 0, 0))
    write_file(target, "new")
    assert target.read_text("utf-8") == "new"
    held += [1] * 9
    with pytest.raises(NotWritten, match="The file is in use") as caught:
        write_file(target, "newer")
    assert "Close what has it open" in caught.value.remedy
    assert len(held) == 9 - 4
    assert [p.name for p in tmp_path.iterdir()] == ["brief.html"]
    assert target.read_text("utf-8") == "new"


def test_elsewhere_a_refused_replacement_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def replace(self: Path, other: Path) -> None:
        tried.append(other)
        raise PermissionError(errno.EACCES, "Not allowed")

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(_files, "_WINDOWS", False)
    with pytest.raises(NotWritten):
        write_file(tmp_path / "brief.html", "new")
    assert len(tried) == 1


@pytest.mark.parametrize("windows", [True, False])
def test_a_reader_that_left_is_known_by_what_each_system_calls_it(
    windows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "WINDOWS", windows)
    assert cli._reader_left(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert cli._reader_left(OSError(errno.EINVAL, "Invalid argument")) is windows
    assert not cli._reader_left(OSError(errno.EINVAL, "Invalid argument", "case.yaml"))
    assert not cli._reader_left(OSError(errno.ENOSPC, "No space left on device"))
