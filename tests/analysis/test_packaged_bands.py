"""The bands that are packaged with the default case are those that its model draws."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis import Extent, answer, timeline, verdicts
from detente.analysis.figures.drawn import witnessed
from detente.analysis.precomputed.backtest import backtest_with
from detente.analysis.precomputed.bands import (
    _bands_from,
    packaged_bands,
    witness_of,
    write_bands,
)
from detente.cases import load_case
from detente.report import make_brief


@pytest.fixture(scope="module")
def answered():
    return answer("belarus", draws=0)


@pytest.fixture(scope="module")
def bands(answered):
    found = packaged_bands(answered.scenarios)
    assert found is not None, "the case, its base year or the horizons changed: run make bands"
    return found


def test_the_first_draws_come_out_the_same(answered, bands):
    """USD million a year; solutions from other starts agree to a few thousandths."""
    seed, kept = witness_of(answered.scenarios, Extent())
    assert seed == bands.seed
    again = witnessed(answered, len(kept), seed=seed)
    np.testing.assert_allclose(again, kept, rtol=1e-4, atol=0.05)


def test_a_brief_has_them_without_drawing(bands):
    views = make_brief("belarus")
    assert views.bands is not None
    assert views.bands.draws == bands.draws >= 100
    for frame in bands.frames:
        assert views.tables[frame].bands, f"rows of {frame} changed: run make bands"
    assert "to" in views.findings[0]


@pytest.mark.parametrize("other", [{"date": "2024-06-01"}, {"horizon": "short"}])
def test_other_settings_have_none(other):
    assert make_brief("belarus", full=False, **other).bands is None


def test_they_survive_being_written(answered, bands, tmp_path):
    import gzip
    import json

    path = write_bands(answered.scenarios, Extent(), bands, tmp_path, [[1.0]])
    again = _bands_from(json.loads(gzip.decompress(path.read_bytes())))
    assert again.drivers == bands.drivers
    for name, frame in bands.frames.items():
        np.testing.assert_array_equal(again.frames[name].low, frame.low)
        assert again.frames[name].rows == frame.rows


def test_they_are_of_the_rows_that_an_answer_has(answered, bands):
    """Another order of rows, or another set of them, would lose bands without a word."""
    frames = answered.figures.frames
    assert set(bands.frames) == set(frames)
    for name, found in bands.frames.items():
        assert found.rows == frames[name].rows, f"rows of {name} changed: run make bands"
        assert found.columns == tuple(c.key for c in frames[name].columns)


def test_timeline_and_claims_have_the_same_ones(bands):
    found = timeline("belarus", draws=None)
    frame, packaged = found.figures["regimes"], bands.frames["regimes"]
    np.testing.assert_array_equal(frame.low, packaged.low)
    assert found.to_dict()["draws"] == bands.counts
    stated = verdicts("belarus", None)
    first = next(v for v in stated.verdicts if v.findings)
    assert first.findings[0].low == bands.tested[first.claim.id][0][0]
    assert timeline("belarus", horizon="short", draws=None).bands is None


def test_the_back_test_names_the_draws_that_are_packaged(bands):
    found = backtest_with(load_case("belarus"), draws=None, variants=False)
    assert found.to_dict()["draws"] == bands.counts
