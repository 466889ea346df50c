"""Sanctions by design on the command line: what is printed, and one message for bad questions."""

from __future__ import annotations

from typer.testing import CliRunner

from detente.cli import app


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_a_menu_has_the_measures_of_any_packaged_case() -> None:
    said = run("sensitivity", "russia-coalition", "--target", "RUS", "--sender", "EU", "--top", "3")
    assert said.exit_code == 0, said.output
    rows = {w[0]: w for w in map(str.split, said.output.splitlines()) if w}
    # Lifted as a whole, and one per cent more on the flows of the measure, from whole menus.
    for measure, whole, step in (("eu-energy", "0.94", "0.97"), ("eu-exports", "1.23", "1.14")):
        assert rows[measure][-2:] == [whole, step]
