"""Tables, sentences, files and charts of a brief hold the bands of the figures that they show."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis import Extent, answer
from detente.analysis.figures.drawn import bands_of
from detente.negotiation.words import significant
from detente.report import Column, brief_html, make_brief, views_of
from detente.report.html import shown, tone

DRAWS, SEED = 4, 3


@pytest.fixture(scope="module")
def drawn():
    extent = Extent(in_time=False, horizons=("short",), claims=True)
    central = answer("belarus", extent=extent, draws=0)
    return central.with_bands(bands_of(central, DRAWS, seed=SEED, processes=1))


@pytest.fixture(scope="module")
def views(drawn):
    return views_of(drawn)


def test_every_number_that_draws_move_has_a_band(views):
    still = {"assumptions", "world", "certificate", "horizon-parameters", "drivers"}
    for table in views.tables.values():
        numbers = [c for c in table.columns if c.kind == "number"]
        if table.id in still or not numbers:
            continue
        for r, row in enumerate(table.rows):
            for k, column in enumerate(table.columns):
                if column.kind == "number" and row[k] is not None and np.isfinite(row[k]):
                    band = table.band(r, column)
                    if band is None and column.unit == "USD per USD":
                        continue  # In some draws the target loses nothing: no ratio, no band.
                    assert band is not None, (table.id, row, column.key)
                    assert band[0] <= band[1], (table.id, row, column.key)


def test_a_table_shows_the_figures_of_its_rows_in_its_own_order(drawn, views):
    frame, table = drawn.figures["gains"], views.tables["gains"]
    assert table.column("code") != [row[0] for row in frame.rows]
    column = next(c for c in table.columns if c.key == "equivalent_variation")
    for r, code in enumerate(table.column("code")):
        assert table.rows[r][2] == frame.value(code, "equivalent_variation")
        assert table.band(r, column) == frame.band(code, "equivalent_variation")


def test_sentences_files_and_charts_hold_the_bands(views):
    gains = views.tables["gains"]
    worst = gains.column("equivalent_variation").index(min(gains.column("equivalent_variation")))
    column = next(c for c in gains.columns if c.key == "equivalent_variation")
    low, high = gains.band(worst, column)
    ends = [significant(-end) for end in (high, low)]
    assert f"({ends[0]} to {ends[1]})" in gains.sentence
    frame = gains.to_frame()
    assert frame["equivalent_variation_low"][worst] == pytest.approx(low)
    assert frame["equivalent_variation_high"][worst] == pytest.approx(high)
    drawn = views.charts["gains"].data["pay"][0]
    assert [drawn["low"], drawn["high"]] == pytest.approx([low, high], rel=1e-5)
    stated = {"asked": DRAWS, "done": DRAWS, "failed": 0, "why_failed": "", "seed": SEED}
    assert views.plain()["draws"] == stated
    assert "Fewer than 50 draws are few" in views.bands.sentence
    assert f"of {DRAWS} draws" in views.findings[-1]
    assert '<span class="band">' in brief_html(views, annex=True)


def test_drivers_are_named_by_the_figure_that_they_move(views):
    table = views.tables["drivers"]
    assert 5 < len(table.rows) <= len(views.bands.drivers)
    figures = table.column("figure")
    assert "Belarus: effect of the regime" in figures
    assert any(text.startswith("Belarus: lift ‘EU ban on import") for text in figures)
    assert any(text.startswith("Potash, ") and "under the regime" in text for text in figures)


def test_claims_are_ruled_on_their_bands(views):
    rows = {row[1]: row for row in views.tables["claims"].rows}
    assert f"bands of 5 to 95 % over {DRAWS} of {DRAWS} draws" in views.tables["claims"].sentence
    assert any(" to " in str(row[4]) for row in rows.values())
    assert len(views.bands.tested) >= 15


def test_cells_beside_a_band_have_two_digits_and_files_have_all():
    views = make_brief("belarus")
    checked = 0
    for table in views.tables.values():
        for r, row in enumerate(table.rows):
            for column, cell in zip(table.columns, row, strict=True):
                band = table.band(r, column)
                if band is None or band[0] == band[1] or column.decimals < 0 or cell is None:
                    continue
                text = shown(column, cell, band)
                digits = text.lstrip("+−").replace(",", "").replace(".", "").strip("0")
                assert len(digits) <= 2, (table.id, text)
                least = 0.5 * 10.0 ** -max(column.decimals, 1)
                number = float(text.replace("−", "-").replace(",", ""))
                assert number == pytest.approx(cell, rel=0.05, abs=least), (table.id, column.key)
                assert tone(column, cell, band) != "zero" or text == "0"
                checked += 1
    assert checked > 500
    plain = next(t for t in views.plain()["tables"] if t["id"] == "gains")
    at = [c["key"] for c in plain["columns"]].index("equivalent_variation")
    assert plain["rows"][0][at] == views.tables["gains"].column("equivalent_variation")[0]


@pytest.mark.parametrize("value", [0.0, -0.0, -0.004, 0.04])
def test_nothing_is_a_grey_zero_without_a_sign(value):
    column = Column("x", "X", kind="number", decimals=1, signed=True, toned=True)
    for band in (None, (-0.02, 0.03)):
        assert shown(column, value, band) == "0"
        assert tone(column, value, band) == "zero"
