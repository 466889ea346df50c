"""Pictures by matplotlib and arrays of xarray, and what is said where these are missing."""

import sys

import numpy as np
import pytest

import detente
from detente._shown import Shown
from detente.analysis.extent import DATE_ONLY
from detente.errors import DetenteError, PackageMissing
from detente.report import draw_map
from detente.report.maps import _on_both_sides, _shapes
from detente.trade import ShockError
from detente.trade.labelled import labelled

WORLD = detente.load_world("oecd-2020")
COUNTRIES, GOODS = ("BLR", "DEU", "FRA", "USA"), ("OIL", "POTASH")


def by(letters):
    size = tuple(2 if c == "j" else 4 for c in letters)
    values = np.random.default_rng(3).normal(size=size)
    return labelled("sales", "USD million", letters, values, COUNTRIES, GOODS)


@pytest.fixture(scope="module")
def batch():
    rates = [detente.tariff("CHN", "USA", rate=r, added=True) for r in (0.1, 0.2, 0.3)]
    nobody = detente.embargo("CHN", "USA", "NO_SUCH_GOOD")
    return detente.solve_many(WORLD, [*rates[:2], nobody, rates[2]], keep_going=True)


@pytest.fixture
def axes():
    plt = pytest.importorskip("matplotlib.pyplot")
    yield plt.subplots()[1]
    plt.close("all")


def lengths(ax):
    return [float(bar.get_width()) for bar in ax.patches]


def ticks(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_an_equilibrium_draws_losers_first_and_gainers_last(batch, axes):
    found = batch.equilibria[1]
    drawn = found.plot(axes, most=3)
    assert drawn is axes
    worth = found.equivalent_variation
    order = sorted(WORLD.countries, key=lambda c: worth[c])
    assert ticks(axes) == [*order[:3], *order[-3:]]
    assert lengths(axes) == [worth[c] for c in ticks(axes)]
    assert axes.get_xlabel() == "equivalent variation, USD million a year"


def test_an_assessment_draws_the_measures_in_force(axes):
    found = detente.assess("belarus", draws=0)
    found.plot(axes, most=2)
    worth = dict(zip(found.world.countries, found.regime.equivalent_variation_n, strict=True))
    order = sorted(worth, key=worth.__getitem__)
    assert ticks(axes) == [*order[:2], *order[-2:]]
    assert lengths(axes) == [worth[c] for c in ticks(axes)]


def test_an_answer_draws_what_its_assessment_draws(axes):
    found = detente.answer("belarus", extent=DATE_ONLY, draws=0)
    found.plot(axes, most=2)
    world, regime = found.assessment.world, found.assessment.regime
    worth = dict(zip(world.countries, regime.equivalent_variation_n, strict=True))
    assert lengths(axes)[0] == min(worth.values())
    assert lengths(axes)[-1] == max(worth.values())


def test_a_frame_draws_the_largest_figures_of_its_first_column(axes):
    frame = detente.assess("belarus", draws=0).figures["gains"]
    frame.plot(axes, most=3)
    worth = frame.column("equivalent_variation")
    largest = sorted(sorted(range(len(worth)), key=lambda k: -abs(worth[k]))[:3])
    assert ticks(axes) == [frame.labels[k] for k in largest]
    assert lengths(axes) == [worth[k] for k in largest]
    assert axes.get_xlabel() == "Effect of the regime, USD million a year"


def test_regimes_in_time_are_shaded_by_party(axes):
    found = detente.timeline("belarus")
    found.plot(axes)
    (image,) = axes.images
    np.testing.assert_array_equal(np.asarray(image.get_array()), found.effect_rp)
    assert ticks(axes) == list(found.frame.labels)


def test_an_array_draws_its_largest_values_in_order(axes):
    x = by("c")
    x.plot(axes, most=2)
    largest = sorted(COUNTRIES, key=lambda c: -abs(x[c]))[:2]
    assert ticks(axes) == [c for c in COUNTRIES if c in largest]
    assert lengths(axes) == [x[c] for c in ticks(axes)]


def test_an_array_of_two_axes_is_shaded_around_zero(axes):
    x = by("jn")
    x.plot(axes, most=2)
    (image,) = axes.images
    chosen = [c.get_text() for c in axes.get_xticklabels()]
    assert ticks(axes) == list(GOODS)
    assert np.array_equal(image.get_array(), x[:, chosen].values)
    low, high = image.get_clim()
    assert (-low, high) == (np.abs(image.get_array()).max(),) * 2


def test_an_array_of_three_axes_is_refused_with_what_to_do(axes):
    with pytest.raises(ShockError, match=r"has the axes good, market, origin") as caught:
        by("jni").plot(axes)
    assert ".sum('good')" in caught.value.remedy


def test_a_batch_draws_and_lists_the_shocks_that_have_an_equilibrium(batch, axes):
    assert list(batch.solved) == [0, 1, 3]
    batch.plot(axes, most=4)
    assert len(ticks(axes)) == 4
    assert ticks(axes)[0] == "CHN"
    frame = batch.to_frame()
    assert frame["shock"].unique().to_list() == [0, 1, 3]
    china = frame.filter(country="CHN")["equivalent_variation"].to_list()
    assert china == [one.equivalent_variation["CHN"] for one in batch.solved.values()]
    assert f"{np.median(china):,.0f}" in repr(batch)
    assert "<table>" in batch._repr_html_()


def test_a_batch_without_equilibria_says_so(axes):
    empty = detente.Batch((None,), {0: ShockError("no supplier")}, False)
    assert empty.to_frame().is_empty()
    assert "<table>" not in empty._repr_html_()
    with pytest.raises(ShockError, match="No shock has an equilibrium"):
        empty.plot(axes)


def test_other_results_draw_the_figures_that_a_notebook_shows(axes):
    class Answer(Shown):
        def _small(self):
            return "Who pays", ("country", "owner", "USD million"), [("BLR", "EU", -2.0)]

    Answer().plot(axes)
    assert (ticks(axes), lengths(axes)) == (["BLR"], [-2.0])
    assert (axes.get_title(loc="left"), axes.get_xlabel()) == ("Who pays", "USD million")
    with pytest.raises(DetenteError, match="Shown has no figures to draw"):
        Shown().plot(axes)


def test_the_map_colours_countries_with_a_number_and_hatches_the_others(axes):
    draw_map({"DEU": 2.0, "BLR": -1.0, "FRA": np.nan}, axes, title="Gains", unit="USD")
    known, unknown = axes.collections[:2]
    rings = {code: len(shape) for code, shape in _shapes()[0]}
    assert len(known.get_paths()) == rings["DEU"] + rings["BLR"]
    assert len(unknown.get_paths()) == sum(rings.values()) - rings["DEU"] - rings["BLR"]
    assert unknown.get_hatch()
    assert len({tuple(c) for c in known.get_facecolors()}) == 2
    assert axes.get_title(loc="left") == "Gains"


def test_the_map_takes_one_number_a_country(axes):
    draw_map(by("c"), axes)
    assert axes.get_title(loc="left") == "sales"
    for wrong in (by("jn"), by("jn").sum("n")):
        with pytest.raises(ShockError, match="a map shows one number for each country"):
            draw_map(wrong, axes)


def test_a_country_across_the_antimeridian_stands_at_both_edges():
    (line, other) = _on_both_sides(np.array([[170.0, 1], [179, 2], [-179, 3], [-170, 4]]))
    assert line[:, 0].tolist() == [170, 179, 181, 190]
    assert other[:, 0].tolist() == [-190, -181, -179, -170]
    assert (other[:, 1] == line[:, 1]).all()
    (alone,) = _on_both_sides(np.array([[10.0, 1], [20, 2]]))
    assert alone.tolist() == [[10, 1], [20, 2]]


@pytest.mark.parametrize("letters", ["c", "jn", "jni"])
def test_an_array_of_xarray_has_the_same_labels(letters):
    pytest.importorskip("xarray")
    x = by(letters)
    made = x.to_xarray()
    assert made.dims == x.axes
    assert [made[a].values.tolist() for a in x.axes] == [list(one) for one in x.labels]
    assert np.array_equal(made.values, x.values)
    assert (made.name, made.attrs["units"]) == ("sales", "USD million")


def test_datasets_of_xarray_hold_what_results_hold(batch):
    pytest.importorskip("xarray")
    found = batch.equilibria[0]
    one, many = found.to_xarray(), batch.to_xarray()
    goods = "MANUF_EXFOOD"
    flow = {"good": goods, "market": "USA", "origin": "CHN"}
    assert float(one.trade_value.sel(flow)) == found.trade_value[goods, "USA", "CHN"]
    assert one.equivalent_variation.attrs["units"] == "USD million a year"
    assert many.equivalent_variation.dims == ("shock", "country")
    assert many.shock.values.tolist() == [0, 1, 3]
    assert (
        float(many.real_income_change.sel(shock=3, country="CHN"))
        == (batch.equilibria[3].real_income_change["CHN"])
    )


def test_packages_that_are_missing_are_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(PackageMissing, match="matplotlib is not installed") as caught:
        by("c").plot()
    assert "detente[plot]" in caught.value.remedy
    with pytest.raises(PackageMissing, match="xarray is not installed") as caught:
        by("c").to_xarray()
    assert "detente[xarray]" in caught.value.remedy
