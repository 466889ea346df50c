"""Figures are numbers of an answer with bands over the draws, and every result says them alike."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import detente
from detente._shown import MOST_LINES
from detente.analysis import Bands, Extent, Scenarios, answer, run_draws, timeline, verdicts
from detente.analysis.answer_data import answer_of
from detente.analysis.answers import answered as saying
from detente.analysis.figures.drawn import Collector, bands_of
from detente.analysis.figures.frame import (
    FrameBands,
    Quantity,
    bands_of_frame,
    figures_with,
    frame_of,
)
from detente.analysis.figures.trade import frames_of, runs_of
from detente.analysis.findings import horizons_words
from detente.analysis.uncertainty.draws import NoDraws
from detente.errors import DetenteError
from detente.report import make_brief
from detente.trade import NotConverged

DRAWS, SEED = 6, 3
#: Draws start from other solutions here and there; both hold the tolerance of the certificate.
SAME = {"rtol": 1e-4, "atol": 0.02}
README = Path(__file__).parents[2] / "README.md"
WHOLE = re.compile(r"-?\d+")


@pytest.fixture(scope="module")
def central():
    extent = Extent(in_time=False, horizons=("short",), claims=True)
    return answer("belarus", extent=extent, draws=0)


@pytest.fixture(scope="module")
def bands(central):
    return bands_of(central, DRAWS, seed=SEED, processes=1)


@pytest.fixture(scope="module")
def drawn(central, bands):
    return central.with_bands(bands)


@pytest.fixture(scope="module")
def packaged():
    return detente.assess("belarus")


def regime_effect(scenarios: Scenarios) -> dict[str, np.ndarray]:
    regime = tuple(m.id for m in scenarios.case.regime())
    scenarios.solve_together([(), regime])
    with_them, without = (scenarios.snapshot(s).equivalent_variation_n for s in (regime, ()))
    return {"ev": with_them - without}


# Frames


@pytest.fixture
def made_up():
    columns = (Quantity("money", "Money", "USD million a year"), Quantity("part", "Part", "%"))
    rows = [(("A", "x"), "A: x", [1.5, None]), (("B", "y"), "B: y", [-300.0, 2.0])]
    return frame_of("made-up", "Made up", ("who", "what"), columns, rows)


def test_a_frame_is_read_by_row_and_column(made_up):
    assert made_up.value(("B", "y"), "money") == -300
    assert np.isnan(made_up.value(("A", "x"), "part"))
    assert made_up.band(("B", "y"), "money") is None
    assert made_up.label(("A", "x")) == "A: x"
    with pytest.raises(KeyError, match=r"no row .* with a column 'euros'"):
        made_up.value(("A", "x"), "euros")
    with pytest.raises(KeyError, match="no frame 'gain', but made-up"):
        figures_with([made_up], None)["gain"]


def test_bands_are_found_by_row_and_column_and_not_by_place(made_up):
    low = np.array([[-310.0], [1.0]])
    found = FrameBands((("B", "y"), ("A", "x")), ("money",), low, low + 20)
    frame = made_up.banded(found)
    assert frame.band(("B", "y"), "money") == (-310, -290)
    assert frame.band(("A", "x"), "money") == (1, 21)
    assert frame.band(("B", "y"), "part") is None
    other = made_up.banded(replace(found, rows=(("C", "z"), ("A", "x"))))
    assert other.band(("B", "y"), "money") is None


def test_a_cell_says_the_figure_and_its_band(made_up):
    low, high = made_up.values - 10, made_up.values + 10
    frame = made_up.banded(bands_of_frame(made_up, low, high))
    assert made_up.cell(("B", "y"), "money", 0) == "-300"
    assert frame.cell(("B", "y"), "money", 0) == "-300 (-310 to -290)"
    assert frame.cell(("A", "x"), "money", 0) == "+2 (-8 to 12)"
    assert frame.cell(("A", "x"), "part") == "–"
    nothing = replace(frame, values=0.1 * made_up.values)
    assert replace(nothing, low=None, high=None).cell(("A", "x"), "money", 0) == "0"


def test_a_frame_as_polars_and_json_holds_the_ends_of_bands(made_up):
    frame = made_up.banded(bands_of_frame(made_up, made_up.values - 1, made_up.values + 1))
    table = frame.to_frame()
    assert table.columns == [
        "who", "what", "money", "money_low", "money_high", "part", "part_low", "part_high"
    ]  # fmt: skip
    assert table["money_low"].to_list() == [0.5, -301]
    entry = detente._document.plain(frame.entries())
    assert entry["keys"] == ["who", "what"]
    assert entry["columns"][1] == {"key": "part", "label": "Part", "unit": "%"}
    assert entry["rows"][0] == {
        "key": ["A", "x"], "label": "A: x", "values": [1.5, None],
        "low": [0.5, None], "high": [2.5, None],
    }  # fmt: skip


# Bands over draws


def test_a_band_is_that_of_its_figure(central, drawn):
    """Against draws that collect the one figure, and nothing else."""
    again = run_draws(central.assessment.case, regime_effect, draws=DRAWS, seed=SEED, processes=1)
    low, high = again.band("ev")
    for code in ("BLR", "CAN", "USA", "LTU"):
        at = central.assessment.world.country(code)
        band = drawn.figures.band("gains", code, "equivalent_variation")
        np.testing.assert_allclose(band, (low[at], high[at]), **SAME)
    assert (drawn.bands.draws, drawn.bands.failed) == (DRAWS, 0)


def test_every_figure_has_a_band(drawn):
    for frame in drawn.figures.frames.values():
        for row in frame.rows:
            for column in frame.columns:
                if np.isfinite(frame.value(row, column.key)):
                    band = frame.band(row, column.key)
                    if band is None and column.unit == "USD per USD":
                        continue  # In some draws the target loses nothing: no ratio, no band.
                    assert band is not None, (frame.id, row, column.key)
                    assert band[0] <= band[1], (frame.id, row, column.key)


def test_rows_of_a_draw_are_those_of_the_central_values(central):
    scenarios = Scenarios(
        central.assessment.case.with_parameters({"potash_trade_elasticity": 5.0}),
        guide=central.scenarios,
    )
    other = frames_of(answer_of(scenarios, central.extent, like=central), central.selection)
    own = frames_of(central, central.selection)
    moved = 0
    for frame, there in zip(own, other, strict=True):
        assert (there.id, there.rows, there.columns) == (frame.id, frame.rows, frame.columns)
        moved += not np.allclose(there.values, frame.values, equal_nan=True)
    assert moved > len(own) / 2
    # Chosen by their own numbers, the flows that change most would be others.
    again = saying(answer_of(scenarios, central.extent, like=central))
    assert again.selection.flows != central.selection.flows


def test_a_stop_is_said(bands):
    stopped = replace(bands, asked=400)
    assert f"of {DRAWS} draws, stopped before 400 were done, of every" in stopped.sentence
    assert "Fewer" not in replace(bands, asked=400, draws=400).sentence
    assert "Fewer than 50 draws are few" in bands.sentence


def test_drivers_name_parameters_and_their_correlation(central, bands):
    names = {n for d in bands.drivers for n, _ in d.parameters}
    assert {"potash_trade_elasticity", "horizon.trade_elasticity_factor"} <= names
    for driven in bands.drivers:
        assert central.figures[driven.frame].position(driven.row, driven.column) is not None
        sizes = [abs(r) for _, r in driven.parameters]
        assert all(first >= second for first, second in pairwise(sizes))
        assert max(sizes) <= 1 + 1e-12


def test_stalled_draws_are_counted_and_enter_no_band(central, bands, monkeypatch):
    def sometimes(self, scenarios):
        if scenarios.case.value("potash_trade_elasticity") < 7:
            raise NotConverged("Stalled.")
        return collect(self, scenarios)

    collect = Collector.__call__
    monkeypatch.setattr(Collector, "__call__", sometimes)
    with pytest.raises(NoDraws, match=r"more than 5 %: bands of the rest.* not converged \("):
        bands_of(central, DRAWS, seed=SEED, processes=1)
    monkeypatch.setattr("detente.analysis.uncertainty.draws.MOST_FAILED", 1.0)
    some = bands_of(central, DRAWS, seed=SEED, processes=1)
    assert 0 < some.failed < DRAWS
    assert f"{some.failed} of them failed and " in some.sentence
    assert f"{some.failed} not converged (" in some.sentence
    assert some.sentence.count("Stalled") == 1
    assert not np.array_equal(some.frames["gains"].low, bands.frames["gains"].low)


def test_a_stop_before_the_first_draw_is_not_blamed_on_the_case(central):
    def stop(self, scenarios):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Collector, "__call__", stop)
        with pytest.raises(NoDraws, match="stopped before the first of 2"):
            bands_of(central, 2, processes=1)


def test_no_draw_at_all_is_said(central, monkeypatch):
    def never(self, scenarios):
        raise NotConverged("Stalled.")

    monkeypatch.setattr(Collector, "__call__", never)
    with pytest.raises(ValueError, match="None of 2 draws") as raised:
        bands_of(central, 2, processes=1)
    assert isinstance(raised.value, DetenteError), "the command line would show a traceback"


def test_processes_change_nothing(central, bands):
    again = bands_of(central, DRAWS, seed=SEED, processes=2)
    for name, frame in bands.frames.items():
        np.testing.assert_allclose(again.frames[name].low, frame.low, **SAME)


# Results with their figures


def test_an_assessment_draws_its_own_bands(bands):
    found = detente.assess("belarus", draws=DRAWS, seed=SEED, processes=1)
    # Draws of the date alone are the same draws.
    for name in ("gains", "options", "POTASH-markets"):
        np.testing.assert_allclose(found.figures[name].low, bands.frames[name].low, **SAME)
    assert found.to_dict()["draws"] == bands.counts
    assert detente.assess("belarus", draws=0).bands is None
    assert detente.assess("belarus", horizon="short").bands is None


def test_a_frame_of_an_answer_has_low_and_high(packaged):
    table = packaged.to_frame()
    assert table.columns[:4] == [
        "place", "lift-us-potash", "lift-us-potash_low", "lift-us-potash_high"
    ]  # fmt: skip
    row = table.filter(table["place"] == "CAN").row(0, named=True)
    assert row["lift-us-potash_low"] < row["lift-us-potash"] < row["lift-us-potash_high"] < 0
    gains = packaged.to_frame("gains")
    effect = packaged.regime.equivalent_variation_n
    np.testing.assert_array_equal(gains["equivalent_variation"].to_numpy(), effect)
    assert packaged.to_polars("totals").shape == (3, 4)
    with pytest.raises(KeyError, match="no frame 'welfare', but gains, totals, options"):
        packaged.to_frame("welfare")


def test_where_nothing_can_be_lifted_the_frame_is_who_gains():
    assert detente.assess("belarus", "2019-01-01").to_frame().columns[0] == "country"


def test_readme_shows_what_an_assessment_prints(packaged):
    """The block of the README is the table of `print(assess(…))`, its columns by measure."""
    begun = "<!-- table: begin (data-build/readme.py) -->"
    text = README.read_text("utf-8").split(begun)[1].split("<!-- table: end -->")[0]
    shown = text.strip().removeprefix("```text\n").removesuffix("\n```").splitlines()
    printed = [line.removeprefix("  ") for line in repr(packaged).splitlines()[-len(shown) :]]
    assert len(shown) == 8
    for line, now in zip(shown, printed, strict=True):
        # A number on the edge may round either way on another machine.
        assert WHOLE.sub("#", line).split() == WHOLE.sub("#", now).split()
        assert [float(x) for x in WHOLE.findall(line)] == pytest.approx(
            [float(x) for x in WHOLE.findall(now)], abs=1
        )
    heads = shown[1].split("  ")
    assert {"eu-potash", "eu-transit + lt-transit", "everything"} <= {h.strip() for h in heads}
    options = packaged.figures["options"]
    (lithuania,) = [line for line in printed if line.startswith("Lithuania")]
    for key in ("lift-eu-potash", "lift-everything"):
        assert options.cell("LTU", key, 0) in lithuania


def test_a_brief_says_the_same_sentences():
    views = make_brief("belarus")
    found = answer("belarus")
    negotiation = len(views.findings) - len(found.sentences)
    assert negotiation > 0
    assert views.findings[:-negotiation] == found.sentences
    short = detente.assess("belarus").sentences
    assert set(short) < set(found.sentences)
    assert " (" in short[0]
    assert short[-1].startswith("Bands run from 5 to 95 % of 200 draws")


def results():
    extent = Extent(in_time=True, horizons=("short",), claims=True)
    return {
        "assessment": detente.assess("belarus"),
        "answer": answer("belarus", extent=extent),
        "timeline": timeline("belarus", draws=None),
        "claims": verdicts("belarus", None),
    }


@pytest.fixture(scope="module", params=["assessment", "answer", "timeline", "claims"])
def result(request):
    return request.param, results()[request.param]


def test_every_result_has_one_document(result):
    kind, found = result
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert (plain["schema_version"], plain["kind"]) == (1, kind)
    assert plain["case"] == "belarus"
    assert plain["sentences"] == list(found.sentences)
    assert plain["draws"]["done"] == 200
    assert [f["id"] for f in plain["figures"]] == list(found.figures)
    for figure in plain["figures"]:
        for row in figure["rows"]:
            assert len(row["key"]) == len(figure["keys"])
            sizes = {len(row[part]) for part in ("values", "low", "high")}
            assert sizes == {len(figure["columns"])}


def test_every_result_shows_its_figures_with_bands(result):
    _, found = result
    text = repr(found)
    assert 2 < len(text.splitlines()) < MOST_LINES
    assert all(len(line) <= 120 for line in text.splitlines())
    html = found._repr_html_()
    assert html.count("<tr>") > 3
    assert " to " in html.split("<tbody>")[1]
    assert found.to_frame().width > 2


def test_an_assessment_shows_what_lifting_brings(packaged):
    text = repr(packaged)
    cell = packaged.figures["options"].cell("BLR", "lift-everything", 0)
    row = next(line for line in text.splitlines() if line.strip().startswith("Belarus"))
    assert row.endswith(cell)
    assert "Bands run from 5 to 95 %" in text


def test_bands_of_another_answer_are_not_taken(packaged):
    """Where rows differ no band is shown, rather than one of another row."""
    wrong = FrameBands((("XXX",),), ("lift-everything",), np.zeros((1, 1)), np.ones((1, 1)))
    bands = Bands({"options": wrong}, 9, 9, 0, 0)
    other = replace(packaged, bands=bands)
    assert other.figures.band("options", "BLR", "lift-everything") is None


def test_horizons_of_other_sign_have_a_verb_of_their_own():
    found = answer("belarus", extent=Extent(in_time=False, claims=False), draws=0)
    runs = runs_of(found)
    a, figures = found.assessment, found.figures
    said = horizons_words(a, runs, figures)
    assert said.count("costs") == len(runs)
    assert said.startswith("In the short run the regime costs Belarus USD ")
    long = runs["long"]
    turned = replace(
        long,
        regime=replace(long.regime, equivalent_variation_n=-long.regime.equivalent_variation_n),
    )
    said = horizons_words(a, runs | {"long": turned}, figures)
    assert said.startswith("In the short run the regime costs Belarus USD ")
    assert said.count("costs") == len(runs) - 1
    assert "in the long run it brings USD " in said
