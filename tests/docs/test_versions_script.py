"""The comparison of two versions: what it calls slower or larger, and what memory it sees."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def versions(monkeypatch):
    path = ROOT / "benchmarks" / "versions.py"
    spec = importlib.util.spec_from_file_location("versions", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "versions", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("seconds", "megabytes", "failed"),
    [
        (0.08, 30, []),
        (0.0845, 30, ["≤ 1.05"]),
        (0.08, 41, ["< 40 MB"]),
        (0.11, 30, ["≤ 1.05", "≤ 0.1 s"]),
    ],
)
def test_a_version_may_be_a_twentieth_slower_and_no_larger_than_its_goal(
    versions, seconds, megabytes, failed
):
    name = "`import detente`"
    before, after = (versions.Version(ROOT) for _ in range(2))
    before.seconds[name], before.megabytes[name] = [0.2, 0.08, 0.3], [20.0]
    after.seconds[name], after.megabytes[name] = [1.0, seconds], [float(megabytes)]
    table, fine = versions.rows(before, after)
    assert fine == (not failed)
    assert len(table) == 3
    goals = table[-1].split("|")[-2].split(";")
    assert [g.strip() for g in goals if "FAIL" in g] == [
        next(g.strip() for g in goals if words in g) for words in failed
    ]
    assert f"{seconds / 0.08:.2f}" in table[-1]


def test_memory_is_that_of_a_process_and_all_below_it(versions):
    hold = "import sys; data = bytearray(60_000_000); print('held', flush=True); sys.stdin.read()"
    above = (
        "import subprocess, sys; "
        f"child = subprocess.Popen([sys.executable, '-c', {hold!r}], stdin=subprocess.PIPE); "
        "sys.stdin.read(); child.stdin.close(); child.wait()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", above], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    try:
        assert len(list(versions.tree(process.pid))) == 2
        assert versions.memory(process.pid) > 60
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def test_what_is_asked_of_both_versions_can_be_asked_of_this_one(versions):
    for make in (versions.solve_31_40, versions.stacked):
        assert make()() is not None
    assert versions.named("detente.nowhere:x", "detente.trade:solve") is not None
    with pytest.raises(SystemExit, match="has none of"):
        versions.named("detente.nowhere:x")
