"""The gallery: published figures, and the readers of its files on small invented ones."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "gallery"))
import compare
import sources

GALLERY = Path(sources.__file__).parent
TABLES = compare.published()
#: `sources`, `liberation` and `compare` read files, calibrate and lay out; the rest are scripts.
SCRIPTS = sorted({t.script for t in TABLES})


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.id)
def test_every_figure_rounds_to_the_published_one(table: compare.Table) -> None:
    why = compare.missing(table)
    if why:
        pytest.skip(why)
    found = compare.computed(table.script)[table.id]
    assert set(found) == set(table.rows)
    assert compare.misses(table) == []


def test_the_gallery_holds_rows_of_several_papers() -> None:
    assert sum(len(t.rows) for t in TABLES) >= 25
    assert len({t.paper.split(",")[0] for t in TABLES}) >= 4


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_short_and_uses_public_names_only(script: str) -> None:
    text = (GALLERY / f"{script}.py").read_text("utf-8")
    assert len(text.splitlines()) <= 40
    assert "detente.trade._" not in text


def test_a_figure_that_differs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    table = compare.Table("t", "s", "p", "w", "x", ("welfare", "price"), (2, 1), {"A": [1.0, 2.0]})
    monkeypatch.setattr(compare, "computed", lambda script: {"t": {"A": [1.004, 2.06]}})
    assert compare.misses(table) == [("A", "price", 2.0, 2.06)]


def test_the_files_of_liberation_day_are_read(tmp_path: Path) -> None:
    (tmp_path / "trade_cepii.csv").write_text("export_ij1,export_ij2\n,5\n7.5,\n", "utf-8")
    (tmp_path / "gdp.csv").write_text("gdp\n3000\n4000.5\n", "utf-8")
    (tmp_path / "tariffs.csv").write_text("applied_tariff\n.25\n0\n", "utf-8")
    (tmp_path / "country_labels.csv").write_text(
        "iso3,iso_code,CountryName\nAAA,1,A\nUSA,2,U\n", "utf-8"
    )
    found = sources.liberation_day(tmp_path)
    assert found.countries == ("AAA", "USA")
    # The file has exporters in rows; what AAA sells the USA is 5.
    assert found.imports_ni.tolist() == [[0.0, 7.5], [5.0, 0.0]]
    assert found.gdp_n.tolist() == [3.0, 4.0005]
    assert found.tariff_n.tolist() == [0.25, 0.1]


def test_stata_s_table_of_flows_is_read(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas", reason="reads Stata's files; in the group bench")
    pair = [(i, n) for i in ("AAA", "BBB") for n in ("AAA", "BBB")]
    rows = [
        (i, n, year, 10.0 * (i == "AAA") + 1.0 * (n == "AAA") + 0.1 * year, float(year > 2000))
        for i, n in pair
        for year in (2000, 2014)
    ]
    columns = ["exporter", "importer", "year", "trade", "eu_enlargement"]
    path = tmp_path / "flows.dta"
    pd.DataFrame(rows, columns=columns).to_stata(path, write_index=False)
    codes, trade, joined = sources.eu_enlargement(path)
    assert codes == ("AAA", "BBB")
    np.testing.assert_allclose(trade, [[211.0, 201.0], [210.0, 200.0]])
    assert joined.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_what_is_missing_is_said_with_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "FOLDER", tmp_path)
    why = sources.missing("liberation-1")
    assert "liberation-day/gdp.csv" in why
    assert "JoeLoera/liberation-day-replication" in why
    assert sources.missing("acr") == ""
