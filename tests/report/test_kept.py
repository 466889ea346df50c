"""The bands that are packaged with the default case are those that its model draws."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis import Extent, answer
from detente.report import make_brief
from detente.report.bands import witnessed
from detente.report.precomputed import _bands_from, kept_bands, witness_of, write_bands


@pytest.fixture(scope="module")
def answered():
    return answer("belarus")


@pytest.fixture(scope="module")
def bands(answered):
    found = kept_bands(answered.scenarios, Extent())
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
    for table in bands.tables:
        assert views.tables[table].bands is not None, f"rows of {table} changed: run make bands"
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
    for name, table in bands.tables.items():
        np.testing.assert_array_equal(again.tables[name].low, table.low)
        assert again.tables[name].rows == table.rows
