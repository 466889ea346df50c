"""Bands belong to the figures that they stand under, and sentences, files and charts hold them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.analysis import Extent, Scenarios, answer, run_draws
from detente.analysis.answers import answer_of
from detente.analysis.uncertainty.draws import NoDraws
from detente.errors import DetenteError
from detente.report import bands_of, brief_html, views_of
from detente.report.bands import Collector
from detente.report.contents import tables_of
from detente.report.context import scene_of
from detente.report.table import Page, numbers_of, texts_of
from detente.trade import NotConverged

DRAWS, SEED = 6, 3
#: Draws start from other solutions here and there; both hold the tolerance of the certificate.
SAME = {"rtol": 1e-4, "atol": 0.02}


@pytest.fixture(scope="module")
def answered():
    return answer("belarus", extent=Extent(in_time=False, horizons=("short",), claims=True))


@pytest.fixture(scope="module")
def bands(answered):
    return bands_of(answered, DRAWS, seed=SEED, processes=1)


@pytest.fixture(scope="module")
def views(answered, bands):
    return views_of(answered, bands=bands)


def regime_effect(scenarios: Scenarios) -> dict[str, np.ndarray]:
    regime = tuple(m.id for m in scenarios.case.regime())
    scenarios.solve_together([(), regime])
    with_them, without = (scenarios.snapshot(s).equivalent_variation_n for s in (regime, ()))
    return {"ev": with_them - without}


def test_a_band_is_that_of_its_figure(answered, bands, views):
    """Against draws that collect the one figure, without any table."""
    again = run_draws(answered.assessment.case, regime_effect, draws=DRAWS, seed=SEED, processes=1)
    low, high = again.band("ev")
    table = views.tables["gains"]
    column = next(c for c in table.columns if c.key == "equivalent_variation")
    for code in ("BLR", "CAN", "USA", "LTU"):
        row = table.column("code").index(code)
        at = answered.assessment.world.country(code)
        np.testing.assert_allclose(table.band(row, column), (low[at], high[at]), **SAME)
    assert bands.draws == DRAWS
    assert bands.failed == 0


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


def test_rows_of_a_draw_are_those_of_the_central_values(answered):
    page = Page()
    central = tables_of(scene_of(answered, page))
    scenarios = Scenarios(
        answered.assessment.case.with_parameters({"potash_trade_elasticity": 5.0}),
        guide=answered.scenarios,
    )
    other = tables_of(scene_of(answer_of(scenarios, answered.extent, like=answered), page.replay()))
    assert list(other) == list(central)
    for name, table in central.items():
        assert texts_of(other[name]) == texts_of(table)
        assert numbers_of(other[name]).shape == numbers_of(table).shape
        assert not other[name].sentence


def test_sentences_files_and_charts_hold_the_bands(views):
    gains = views.tables["gains"]
    worst = gains.column("equivalent_variation").index(min(gains.column("equivalent_variation")))
    column = next(c for c in gains.columns if c.key == "equivalent_variation")
    low, high = gains.band(worst, column)
    assert f"({-high:.0f} to {-low:.0f})" in gains.sentence
    frame = gains.to_frame()
    assert frame["equivalent_variation_low"][worst] == pytest.approx(low)
    assert frame["equivalent_variation_high"][worst] == pytest.approx(high)
    drawn = views.charts["gains"].data["pay"][0]
    assert drawn["band"] == pytest.approx([low, high], rel=1e-5)
    told = {"asked": DRAWS, "done": DRAWS, "failed": 0, "why_failed": "", "seed": SEED}
    assert views.plain()["draws"] == told
    assert "Fewer than 50 draws are few" in views.bands.sentence
    assert f"of {DRAWS} draws" in views.findings[-1]
    assert '<span class="band">' in brief_html(views)


def test_a_stop_is_said(bands):
    stopped = replace(bands, asked=400)
    assert f"of {DRAWS} draws, stopped before 400 were done, of every" in stopped.sentence
    assert "Fewer" not in replace(bands, asked=400, draws=400).sentence


def test_drivers_name_parameters_and_their_correlation(views, bands):
    table = views.tables["drivers"]
    assert 5 < len(table.rows) <= len(bands.drivers)
    names = {n for d in bands.drivers for n, _ in d.parameters}
    assert {"potash_trade_elasticity", "horizon.trade_elasticity_factor"} <= names
    for driven in bands.drivers:
        sizes = [abs(r) for _, r in driven.parameters]
        assert sizes == sorted(sizes, reverse=True)
        assert max(sizes) <= 1 + 1e-12


def test_claims_are_ruled_on_their_bands(views, bands):
    rows = {row[1]: row for row in views.tables["claims"].rows}
    assert f"bands of 5 to 95 % over {DRAWS} of {DRAWS} draws" in views.tables["claims"].sentence
    assert any(" to " in str(row[4]) for row in rows.values())
    assert len(bands.tested) >= 15


def test_stalled_draws_are_counted_and_enter_no_band(answered, bands, monkeypatch):
    def sometimes(self, scenarios):
        if scenarios.case.value("potash_trade_elasticity") < 7:
            raise NotConverged("Stalled.")
        return collect(self, scenarios)

    collect = Collector.__call__
    monkeypatch.setattr(Collector, "__call__", sometimes)
    with pytest.raises(NoDraws, match=r"more than 5 %: bands of the rest.* not converged \("):
        bands_of(answered, DRAWS, seed=SEED, processes=1)
    monkeypatch.setattr("detente.analysis.uncertainty.draws.MOST_FAILED", 1.0)
    some = bands_of(answered, DRAWS, seed=SEED, processes=1)
    assert 0 < some.failed < DRAWS
    assert f"{some.failed} of them failed and " in some.sentence
    assert f"{some.failed} not converged (" in some.sentence
    assert some.sentence.count("Stalled") == 1
    assert not np.array_equal(some.tables["gains"].low, bands.tables["gains"].low)


def test_a_stop_before_the_first_draw_is_not_blamed_on_the_case(answered):
    def stop(self, scenarios):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Collector, "__call__", stop)
        with pytest.raises(NoDraws, match="stopped before the first of 2"):
            bands_of(answered, 2, processes=1)


def test_no_draw_at_all_is_said(answered, monkeypatch):
    def never(self, scenarios):
        raise NotConverged("Stalled.")

    monkeypatch.setattr(Collector, "__call__", never)
    with pytest.raises(ValueError, match="None of 2 draws") as raised:
        bands_of(answered, 2, processes=1)
    assert isinstance(raised.value, DetenteError), "the command line would show a traceback"


def test_processes_change_nothing(answered, bands):
    again = bands_of(answered, DRAWS, seed=SEED, processes=2)
    for name, table in bands.tables.items():
        np.testing.assert_allclose(again.tables[name].low, table.low, **SAME)
