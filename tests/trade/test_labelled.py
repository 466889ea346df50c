"""Labelled arrays: reckoning, sums, selections, frames, and how they show themselves."""

import sys

import numpy as np
import pytest

from detente.errors import DetenteError, PackageMissing
from detente.trade.labelled import Labelled, LabelsDiffer, labelled
from detente.world import members

COUNTRIES = ("BLR", "DEU", "FRA", "HUN", "USA")
GOODS = ("OIL", "POTASH")
RNG = np.random.default_rng(5)


def by(letters, name="sales", unit="USD million"):
    size = tuple(2 if c == "j" else 5 for c in letters)
    return labelled(name, unit, letters, RNG.normal(size=size), COUNTRIES, GOODS)


def test_reckoning_with_the_same_labels_and_with_numbers():
    x, y = by("jni"), by("jni", "costs")
    found = 2 * (x - y) / 4 + 1
    assert isinstance(found, Labelled)
    assert (found.axes, found.labels) == (x.axes, x.labels)
    assert np.array_equal(found.values, 2 * (x.values - y.values) / 4 + 1)
    assert np.array_equal((-x).values, -x.values)
    assert np.array_equal(abs(x).values, np.abs(x.values))
    assert np.array_equal((x > y).values, x.values > y.values)
    assert np.array_equal(np.maximum(x, 0.0).values, np.maximum(x.values, 0.0))
    assert np.array_equal((1 - x).values, 1 - x.values)


def test_reckoning_with_plain_arrays():
    x = by("jn")
    plain = RNG.normal(size=(2, 5))
    assert np.array_equal((plain + x).values, plain + x.values)
    assert (x * plain[0]).axes == x.axes
    # What has other axes than the labels is plain again.
    assert isinstance(x + np.ones((3, 2, 5)), np.ndarray)
    assert np.add.reduce(x, axis=0).shape == (5,)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("c", "jn", "one is by country, the other by good × market"),
        ("n", "i", "one is by market, the other by origin"),
    ],
)
def test_other_axes_are_refused(one, other, said):
    with pytest.raises(LabelsDiffer, match=said) as caught:
        by(one) + by(other)
    assert isinstance(caught.value, DetenteError)
    assert "`.values`" in caught.value.remedy


def test_other_labels_are_refused_and_named():
    x = by("c")
    with pytest.raises(LabelsDiffer, match=r"their labels of country differ \(BLR, HUN\)"):
        x[["DEU", "FRA", "USA"]] + x
    with pytest.raises(LabelsDiffer, match="differ in order"):
        x[["DEU", "FRA"]] - x[["FRA", "DEU"]]


def test_units_follow_the_reckoning():
    x, y = by("c"), by("c", "income", "USD million")
    share = by("c", "share", "fraction")
    assert (x + y).unit == "USD million"
    assert (x / y).unit == "fraction"
    assert (x * share).unit == "USD million"
    assert (3 * x).unit == (x / 3).unit == (-x).unit == "USD million"
    assert (x > 0).unit == np.sign(x).unit == ""
    assert (x + share).unit == "USD million and fraction"
    assert (x + y).name == "add of sales and income"
    assert (2 * x).name == "sales"


def test_what_is_labelled_never_changes():
    x = by("c")
    before = x.values.copy()
    y = x
    y += 1
    assert np.array_equal(x.values, before)
    assert np.array_equal(y.values, before + 1)


def test_many_values_have_no_truth():
    x = by("c")
    with pytest.raises(ValueError, match="ambiguous"):
        bool(x == x)
    with pytest.raises(TypeError, match="unhashable"):
        hash(x)


@pytest.mark.parametrize(
    ("asked", "axis", "left"),
    [
        (("good",), 0, ("market", "origin")),
        (("j",), 0, ("market", "origin")),
        (("market", "i"), (1, 2), ("good",)),
        (("ni",), (1, 2), ("good",)),
        ((-1,), 2, ("good", "market")),
    ],
)
def test_sums_by_name_letter_and_place(asked, axis, left):
    x = by("jni")
    found = x.sum(*asked)
    assert found.axes == left
    assert np.allclose(found.values, x.values.sum(axis=axis), rtol=1e-15)
    assert np.array_equal(found.values, x.sum(axis=asked).values)


def test_sums_over_all_and_over_no_axis_there_is():
    x = by("jni")
    assert x.sum() == pytest.approx(x.values.sum(), rel=1e-15)
    assert isinstance(x.sum(), float)
    assert np.sum(x) == x.sum()
    assert np.max(x) == x.values.max()
    with pytest.raises(KeyError, match=r"no axis 'country'; it has good \(j\), market \(n\)"):
        x.sum("country")


def test_selection_by_label_list_and_group():
    x = by("jni")
    assert x["OIL", "USA", "BLR"] == x.values[0, 4, 0]
    assert x["OIL"].axes == ("market", "origin")
    assert np.array_equal(x["OIL"].values, x.values[0])
    two = x["POTASH", ["USA", "DEU"]]
    assert two.labels[0] == ("USA", "DEU")
    assert np.array_equal(two.values, x.values[1, [4, 1]])
    inside = [k for k, c in enumerate(COUNTRIES) if c in members("EU")]
    assert inside == [1, 2, 3]
    group = x["OIL", "EU", "EU"]
    assert group.labels == (("DEU", "FRA", "HUN"),) * 2
    assert np.array_equal(group.values, x.values[0][np.ix_(inside, inside)])
    assert x["OIL", "EU except HUN"].labels[0] == ("DEU", "FRA")
    assert x["OIL", ["EU", "USA"]].labels[0] == ("DEU", "FRA", "HUN", "USA")
    assert np.array_equal(x[:, "USA"].values, x.values[:, 4])
    assert np.array_equal(x[1, 1:3].values, x.values[1, 1:3])
    mask = np.array([True, False, True, False, False])
    assert x["OIL", mask].labels[0] == ("BLR", "FRA")
    assert np.array_equal(x["OIL", mask].values, x.values[0, mask])


def test_selections_that_are_not_there():
    x = by("jni")
    with pytest.raises(KeyError, match=r"sales has no market 'BLT'\. Did you mean BLR"):
        x["OIL", "BLT"]
    with pytest.raises(KeyError, match="no good 'EU'"):
        x["EU"]
    with pytest.raises(KeyError, match="EAEU separately"):
        x["OIL", :, :].sum("n")[["DEU", "USA"]]["EAEU"]
    with pytest.raises(KeyError, match="got 4 labels"):
        x["OIL", "USA", "BLR", "BLR"]


def test_length_iteration_and_plain_numbers():
    x, y = by("c"), by("jn")
    assert len(x) == 5
    assert list(x) == x.values.tolist()
    assert dict(x.items())["HUN"] == x["HUN"]
    assert [row.axes for row in y] == [("market",)] * 2
    assert np.array_equal(np.asarray(y), y.values)
    assert np.asarray(y, dtype=np.float32).dtype == np.float32
    copy = np.array(y)
    copy[:] = 0
    assert y.values.any()


def test_frames_have_a_row_a_cell():
    x = by("jn")
    frame = x.to_polars()
    assert frame.columns == ["good", "market", "value"]
    assert frame.equals(x.to_frame())
    assert frame.row(7) == ("POTASH", "FRA", x["POTASH", "FRA"])


def test_pandas_that_is_missing_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(PackageMissing, match="pandas is not installed") as caught:
        by("c").to_pandas()
    assert isinstance(caught.value, ImportError)
    assert "pip install pandas" in caught.value.remedy


def test_pandas_series_by_label():
    pytest.importorskip("pandas")
    x, y = by("c"), by("jn")
    assert x.to_pandas()["USA"] == x["USA"]
    assert y.to_pandas()["OIL", "BLR"] == y["OIL", "BLR"]
    assert y.to_pandas().index.names == ["good", "market"]


@pytest.mark.parametrize("letters", ["c", "jn", "jni"])
def test_an_array_shows_itself_shortly(letters):
    x = by(letters)
    lines = repr(x).splitlines()
    assert len(lines) < 15
    assert lines[0] == "Labelled"
    assert "sales, USD million" in lines[1]
    k = np.unravel_index(np.abs(x.values).argmax(), x.shape)
    names = [labels[i] for labels, i in zip(x.labels, k, strict=True)]
    number = f"{x.values[k]:.4g}"
    assert any(line.split() == [*names, number] for line in lines)
    assert f">{number}</td>" in x._repr_html_()


def test_labels_are_escaped_in_a_notebook():
    x = Labelled("a < b", "USD", ("good",), (("<b>",),), np.ones(1))
    assert "<b>" not in x._repr_html_()
    assert "&lt;b&gt;" in x._repr_html_()
    assert repr(Labelled("none", "USD", ("good",), ((),), np.ones(0))).count("\n") == 1


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min"])
def test_axes_go_by_name_in_every_reduction(name):
    x = by("jni")
    plain = getattr(x.values, name)
    one = getattr(x, name)("good", "market")
    assert (one.axes, one.labels, one.unit) == (("origin",), (x.labels[2],), x.unit)
    assert np.array_equal(one.values, plain(axis=(0, 1)))
    assert np.array_equal(getattr(x, name)("ni").values, plain(axis=(1, 2)))
    assert getattr(x, name)(axis=0).axes == ("market", "origin")
    assert getattr(np, name)(x) == pytest.approx(plain(), rel=1e-15)
    with pytest.raises(KeyError, match="has no axis 'country'"):
        getattr(x, name)("country")


def test_an_array_is_a_document_with_its_labels():
    part = by("jni")[:, ["DEU", "FRA"], "BLR"]
    assert part.to_dict() == {
        "schema_version": 1,
        "kind": "array",
        "label": "sales",
        "unit": "USD million",
        "axes": [
            {"axis": "good", "labels": list(GOODS)},
            {"axis": "market", "labels": ["DEU", "FRA"]},
        ],
        "values": part.values.tolist(),
    }
