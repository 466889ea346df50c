"""The command line as a user meets it: in a process of its own, tables and JSON, no traceback."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from detente.trade import embargo, solve
from detente.world import load_world, save_world, synthetic


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "from detente.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "140", "PYTHONUTF8": "1"},
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], ["brief", "solve", "compare", "check", "world", "cases"]),
        (["--version"], ["0."]),
        (["cases"], ["belarus"]),
        (["check"], ["belarus: no faults", "eu-transit has no effect"]),
        (["world", "show"], ["oecd-2022", "81 countries", "USD million of 2022", "BLR"]),
        (["world", "show", "belarus"], ["POTASH"]),
        (["world", "check"], ["ok", "producers", "markets"]),
        (["solve", "--embargo", "RUS:EU:C24A"], ["RUS", "Real income", "how exactly"]),
        (["solve", "--tariff", "CHN:USA=0.25", "--horizon", "short"], ["CHN", "Gain"]),
        (["sensitivity", "--draws", "0"], ["Cheapest to hold", "us-potash", "Closed by embargo"]),
        (["coalition", "russia-coalition"], ["fair share", "Japan", "coalitions was solved"]),
        (
            [
                "design",
                "russia-coalition",
                "--target",
                "RUS",
                "--sender",
                "EU",
                "--goods",
                "MANUF_EXFOOD",
            ],
            ["tariff on manufacturing other than food (RUS)", "how exactly"],
        ),
        (
            ["design", "oecd-2020", "--nash", "USA,EU", "--goods", "MANUF_EXFOOD"],
            ["Tariff war", "how exactly"],
        ),
        (["compare", "--lift", "us-potash", "--date", "2025-12-01"], ["without us-potash"]),
    ],
)
def test_commands_answer(arguments: list[str], words: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert [w for w in words if w not in done.stdout] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["cases"],
        ["check"],
        ["world", "show"],
        ["world", "check"],
        ["solve", "--embargo", "BLR:USA:C20=0.02"],
        ["compare", "--impose", "us-aviation"],
        ["sensitivity", "oecd-2020", "--target", "BLR", "--sender", "EU"],
        ["coalition", "russia-coalition", "--members", "US,Japan"],
        [
            "design",
            "russia-coalition",
            "--target",
            "RUS",
            "--sender",
            "US",
            "--goods",
            "MANUF_EXFOOD",
        ],
        ["brief", "--date", "2022-06-01"],
    ],
)
def test_json_of_every_command_is_json(arguments: list[str]) -> None:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["brief", "belorus"], ["belorus", "Did you mean", "belarus"]),
        (["brief", "--date", "2022-13-01"], ["2022-13-01", "2022-06-01"]),
        (["brief", "--date", "0001-01-01"], ["0001-01-01", "years 1800 to 2200"]),
        (["solve", "--embargo", "RUZ:EU"], ["RUZ", "Did you mean RUS"]),
        (["solve", "--embargo", "RUS"], ["ORIGIN:MARKET:GOODS"]),
        (["solve", "--tariff", "CHN:USA=much"], ["much", "not a number"]),
        (["solve", "nowhere"], ["nowhere"]),
        (["solve", "--embargo", "*:RUS", "--embargo", "RUS:*"], ["cut off", "proportional"]),
        (["compare", "--lift", "us-potas"], ["us-potas", "us-potash"]),
        (["compare", "--country", "BLX"], ["BLX", "BLR"]),
        (["world", "show", "no-such.csv"], ["no-such.csv"]),
        (["serve", "belorus"], ["belorus", "Did you mean", "belarus"]),
        (["serve", "no-such.yaml"], ["no packaged case and no file", "no-such.yaml"]),
    ],
)
def test_mistakes_get_one_message_and_no_traceback(arguments: list[str], words: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert [w for w in words if w not in done.stderr] == []


def test_a_port_that_is_taken_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("serve", "elmira", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_case_is_reported_with_line_and_key(tmp_path: Path) -> None:
    case = tmp_path / "bad.yaml"
    case.write_text("schema: 2\nname: bad\ntitel: x\nmeasures: []\n", encoding="utf-8")
    for command in (["check", str(case)], ["brief", str(case)]):
        done = run(*command)
        assert done.returncode == 1
        assert "bad.yaml:3" in done.stderr
        assert "title" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_saved_world_is_a_world(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    save_world(synthetic(4, 2, 1), path)
    done = run("solve", str(path), "--embargo", "C001:C002")
    assert done.returncode == 0, done.stderr
    assert "Left out here, but in `--details`: how exactly the state is" in done.stdout
    assert "Converged" in run("solve", str(path), "--embargo", "C001:C002", "--details").stdout


@pytest.mark.parametrize("rule", ["fixed", "proportional", "zero"])
def test_the_command_and_python_mean_the_same_by_a_rule_for_transfers(rule: str) -> None:
    done = run("solve", "--embargo", "RUS:EU:C24A", "--transfers", rule, "--json")
    assert done.returncode == 0, done.stderr
    stated = {c["country"]: c["equivalent_variation"] for c in json.loads(done.stdout)["countries"]}
    ban = embargo("RUS", "EU", "C24A")
    result = solve(load_world(), ban, transfers=rule)  # type: ignore[arg-type]
    variation = result.equivalent_variation
    assert stated == pytest.approx({c: float(variation[c]) for c in stated}, abs=1e-3)
    assert stated["RUS"] < 0


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nimport detente.cli\n"
        "heavy = {'numpy', 'polars', 'pydantic', 'scipy', 'jinja2', 'rich.table'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_brief_of_a_named_scenario(tmp_path: Path) -> None:
    from detente.cases import read_files

    own, _ = read_files("belarus").one_file()
    file = tmp_path / "belarus.yaml"
    block = "\nscenarios:\n  - label: US lifts\n    measures: {us-potash: false}\n"
    file.write_text(own.replace("\nscenarios:\n", block), "utf-8")
    page = tmp_path / "page.html"
    done = run("brief", str(file), "--scenario", "US lifts", "--out", str(page))
    assert done.returncode == 0, done.stderr
    assert "detente brief belarus.yaml --scenario &#39;US lifts&#39;" in page.read_text("utf-8")
    wrong = run("brief", str(file), "--scenario", "US lift")
    assert wrong.returncode == 1
    assert "Did you mean US lifts?" in wrong.stderr


@pytest.mark.parametrize("width", ["30", "60", "80"])
def test_no_cell_is_cut_whatever_the_width(
    width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from detente.cli.options import table

    monkeypatch.setenv("COLUMNS", width)
    long = "one-cell-that-is-wider-than-most-terminals-" + "0123456789" * 6
    table("A title", ["", "first", "second"], [["a row", long, "12.5"], ["another", "1", "7"]])
    printed = capsys.readouterr().out
    assert "\N{HORIZONTAL ELLIPSIS}" not in printed
    assert max(map(len, printed.splitlines())) <= 80
    pieces = re.findall(r"[a-z0-9-]{12,}", printed)
    assert "".join(pieces).startswith(long)
    assert "12.5" in printed
