"""`detente goods` as a reader meets it: the list, a table in 80 columns, csv, and refusals."""

from __future__ import annotations

import csv
import io

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.report.lines import width_of
from detente.world.products import commodity, goods


def run(*arguments: str):
    return CliRunner().invoke(app, ["goods", *arguments])


def test_all_goods_are_listed_in_80_columns() -> None:
    text = run().output
    assert all(width_of(line) <= 80 for line in text.splitlines())
    assert all(f"{p.hs}" in text and p.name in text for p in goods())


def test_russian_crude_is_read_off_one_command() -> None:
    text = run("270900", "--from", "RUS", "--years", "2019:2024").output
    assert all(width_of(line) <= 80 for line in text.splitlines())
    lines = text.split("Largest changes")[0].splitlines()
    head = next(line.split() for line in lines if line.startswith("Buyer"))
    rows = {line.split()[0]: line.split() for line in lines if line.startswith(("India", "Ger"))}
    at = {year: head.index(year) for year in ("2021", "2023")}
    assert [rows["India"][at[y]] for y in at] == ["2.4", "88.9"]
    assert [rows["Germany"][at[y]] for y in at] == ["20.7", "0.12"]
    assert "Türkiye" in " ".join(text.split()).split("missing from 2022")[0]


def test_years_that_do_not_fit_are_named_and_printed_in_details() -> None:
    arguments = ("270900", "--years", "2005:2024")
    short, long = run(*arguments).output, run(*arguments, "--details").output
    assert "Left out here, but in `--details`:" in " ".join(short.split())
    assert all(width_of(line) <= 80 for line in (*short.splitlines(), *long.splitlines()))
    heads = [line for line in long.splitlines() if line.startswith("Seller")]
    shown = [year for line in heads for year in line.split()[1:]]
    assert shown == [str(year) for year in range(2005, 2025)]


def test_csv_has_every_flow() -> None:
    rows = list(csv.DictReader(io.StringIO(run("LNG", "--years", "2022", "--csv").output)))
    found = commodity("LNG", year=2022)
    assert len(rows) == len(found.flows)
    assert sum(float(r["usd"]) for r in rows) == pytest.approx(found.usd)


def test_what_is_not_there_is_one_message() -> None:
    for arguments in (("crud oil",), ("crude", "--from", "Rusia"), ("3104", "--years", "2019")):
        done = run(*arguments)
        assert done.exit_code == 1
        assert done.exception is not None
        assert str(done.exception).count("\n") == 0
