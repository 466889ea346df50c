"""`make check`: a line for each step, what to do about what failed, and a status that is right."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def check(monkeypatch):
    spec = importlib.util.spec_from_file_location("check", ROOT / ".ci" / "check.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "check", module)
    spec.loader.exec_module(module)
    return module


def step(check, name, program, **more):
    return check.Step(name, (sys.executable, "-c", program), f"Mend {name}.", **more)


def test_what_failed_is_shown_with_its_output_and_remedy(check, monkeypatch, capfd):
    steps = (
        step(check, "good", "print('quiet words')"),
        step(check, "bad", "import sys; print('line 3 is wrong'); sys.exit(1)"),
        step(check, "last", ""),
    )
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main([]) == 1
    text = capfd.readouterr().out
    assert "quiet words" not in text
    assert text.count("line 3 is wrong") == 1
    summary = text.strip().split("\n\n")[-1].splitlines()
    assert [row.split()[:2] for row in summary] == [["ok", "good"], ["FAIL", "bad"], ["ok", "last"]]
    assert summary[1].endswith("Mend bad.")
    assert check.main(["good", "last"]) == 0


def test_a_step_without_its_tool_is_skipped_in_plain_words(check, monkeypatch, capfd):
    steps = (step(check, "page", "import sys; sys.exit(1)", needs=("no-such-tool", "not needed")),)
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main([]) == 0
    assert "skipped: not needed" in capfd.readouterr().out


def test_what_is_up_to_date_is_not_made_again(check, tmp_path):
    made, source = tmp_path / "made", tmp_path / "source"
    source.write_text("1")
    again = step(check, "make", f"open({str(made)!r}, 'a').write('x')", up_to_date=(made, source))
    assert [check.ran(again)[0] for _ in range(2)] == ["ok", "ok"]
    assert made.read_text() == "x"


def test_unknown_steps_are_named_with_those_there_are(check, capfd):
    assert check.main(["tets"]) == 2
    text = capfd.readouterr().out
    assert "There is no step tets." in text
    assert "tests" in text


def test_every_step_says_what_to_do(check):
    names = [one.name for one in (*check.STEPS, *check.EXTRA)]
    assert len(set(names)) == len(names)
    for one in (*check.STEPS, *check.EXTRA):
        assert one.remedy.endswith(".")
        assert len(one.remedy) > 15


def test_seconds_are_added_up_by_folder_of_tests(clock_and_reports):
    clock, reports = clock_and_reports
    for report in reports:
        clock.pytest_runtest_logreport(report)
    assert clock.spent == {"tests/app": 3.0, "tests": 0.5, "src": 0.25}
    assert clock.tests == {"tests/app": 1, "tests": 1, "src": 1}


@pytest.fixture
def clock_and_reports():
    spec = importlib.util.spec_from_file_location("conftest_of_tests", ROOT / "tests/conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    class Report:
        def __init__(self, nodeid, when, duration):
            self.nodeid, self.when, self.duration = nodeid, when, duration

    return module.Clock(), [
        Report("tests/app/test_api.py::test_a", "setup", 1.0),
        Report("tests/app/test_api.py::test_a", "call", 2.0),
        Report("tests/test_house.py::test_b[a::b]", "call", 0.5),
        Report("src/detente/errors.py::detente.errors", "call", 0.25),
    ]
