"""Forecasts and scores of a back-test on invented prices and flows, by hand."""

from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.record import forecasts, words
from detente.analysis.record.forecasts import (
    PARTS,
    REST,
    PricePart,
    banded_parts,
    part_by_measure,
    part_sets,
    price_parts,
)
from detente.analysis.record.plan import Outcome, Plan
from detente.analysis.record.scores import (
    Errors,
    PriceScore,
    Score,
    errors_of,
    held_out,
    price_scores,
    rank_correlation,
    scores_of,
)
from detente.analysis.record.supply_shortfall import Part, PriceSplit
from detente.analysis.record.targets import Target
from detente.analysis.record.variants import variants_of
from detente.cases import load_case

COUNTRIES = ("EXP", "BUY", "FAR")
PLAN = Plan("POTASH", "EXP", None, (), ("BUY", "FAR"), "FAR", (2022, 2023), 2022)
REGIME = ("a", "b", "c", "d")


def effect(measures: frozenset[str]) -> float:
    """Either of a and b closes the same way, c adds to it and makes it worse, d hardly moves it."""
    closed = bool(measures & {"a", "b"})
    return 0.1 * closed + 0.02 * ("c" in measures) * (1 + closed) + 1e-4 * ("d" in measures)


class Invented:
    """Scenarios whose price is known of every set of measures."""

    def __init__(self, guide: Any = None, scale: float = 1.0) -> None:
        self.world = SimpleNamespace(country=COUNTRIES.index)
        self.case = SimpleNamespace(
            regime=lambda day: [SimpleNamespace(id=m) for m in REGIME], parties=()
        )
        self.guide, self.scale = guide, scale
        self.days: list[dt.date] = []
        self.solved: list[tuple[str, ...]] = []

    def on(self, day: dt.date) -> Invented:
        self.days.append(day)
        return self

    def solve_together(self, sets: Any) -> None:
        self.solved += list(sets)

    def snapshot(self, measures: tuple[str, ...]) -> Any:
        assert measures in self.solved
        price = 250.0 * (1 + self.scale * effect(frozenset(measures)))
        outcome = SimpleNamespace(price_paid_n=np.array([1.0, 2.0, price]))
        return SimpleNamespace(commodities={"POTASH": outcome})


def test_parts_of_a_price_by_hand() -> None:
    found: Any = Invented()
    parts = price_parts(found, PLAN, 2022)
    assert found.days == [dt.date(2022, 7, 1)]
    by = {p.measure: p for p in parts}
    assert list(by) in (["a", "b", "c", REST], ["b", "a", "c", REST])
    total = 0.1 + 0.04 + 1e-4
    for m in "ab":
        assert by[m].alone == pytest.approx(0.1)
        # Beside the other it adds nothing, and what both do is split evenly.
        assert by[m].margin == pytest.approx(0.0, abs=1e-12)
        # Half of the closure, and what it adds to c where c came before and the other did not.
        assert by[m].part == pytest.approx(0.05 + 0.02 / 6)
    assert by["c"].alone == pytest.approx(0.02)
    assert by["c"].margin == pytest.approx(0.04)
    # In a third of the orders c comes first.
    assert by["c"].part == pytest.approx((0.02 + 2 * 0.04) / 3)
    assert by[REST].alone == pytest.approx(1e-4)
    assert by[REST].margin == pytest.approx(1e-4)
    assert by[REST].part == pytest.approx(1e-4)
    assert sum(p.part for p in parts) == pytest.approx(total)


def test_parts_over_draws_are_those_told_apart_at_central_values() -> None:
    # In this draw everything is a tenth, so that c alone would move next to nothing beside 5e-4.
    central, draw = Invented(), Invented(scale=0.02)
    draw.guide = central
    given: Any = draw
    part = dict(zip((*REGIME, REST), part_by_measure(given, PLAN, 2022).tolist(), strict=True))
    assert part["a"] == pytest.approx(0.02 * (0.05 + 0.02 / 6))
    assert part["c"] == pytest.approx(0.02 * 0.1 / 3)
    assert part["d"] == 0.0
    assert part[REST] == pytest.approx(0.02 * 1e-4)
    there, sets = part_sets(given, PLAN, 2022)
    assert there is draw
    assert sets[:2] == [(), REGIME]
    assert set(sets[2:]) == {
        (), ("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")
    }  # fmt: skip


def test_bands_stand_at_their_measures() -> None:
    low, high = np.arange(5.0), np.arange(5.0) + 10
    found: Any = Invented()
    banded = banded_parts(found, PLAN, 2022, {PARTS: (low, high)})
    assert {p.measure: (p.low, p.high) for p in banded} == {
        "a": (0, 10), "b": (1, 11), "c": (2, 12), REST: (4, 14)
    }  # fmt: skip
    plain: Any = Invented()
    assert all(p.low is None for p in banded_parts(plain, PLAN, 2022, {}))


TONNES = np.array(
    [
        [[5.0, 0.0, 0.0], [2.0, 9.0, 1.0], [4.0, 1.0, 9.0]],
        [[5.0, 0.0, 0.0], [1.0, 9.0, 1.0], [3.0, 3.0, 9.0]],
    ]
)


def outcome(tonnes: np.ndarray, **more: Any) -> Outcome:
    given: dict[str, Any] = {"reassigned_yni": None, "most_y": None, "moved": ()}
    given |= {"price_y": np.array([1.5, 1.2]), "base_price": 200.0, "base_year": 2020}
    return Outcome(tonnes, **{**given, **more})


def test_scores_by_year_forecast_and_band() -> None:
    base = np.stack([TONNES[0]] * 2)
    model = TONNES + 0.5
    seen = outcome(TONNES)
    record = forecasts.RECORDED
    sold = np.array([[0, 1.5, 0], [0, 9, 9]]), np.array([[9, 9, 3.0], [9] * 3])
    shares = np.zeros((2, 2, 3)), np.stack([np.full((2, 3), 0.7), np.ones((2, 3))])
    bands = {f"exports_yn {record}": sold, f"share_ybi {record}": shares}
    scenarios: Any = Invented()
    found = scores_of(
        "main", scenarios, PLAN, seen,
        {forecasts.MODEL: model, forecasts.NO_CHANGE: base}, bands,
    )  # fmt: skip
    by = {(s.forecast, s.year): s for s in found}
    assert len(found) == 4
    assert [s.sample for s in found] == ["calibration", "hold-out"] * 2
    first = by[forecasts.MODEL, 2022].errors
    assert first.markets == 2
    assert first.mean_error == pytest.approx(0.5)
    assert (first.total, first.observed_total) == (7.0, 6.0)
    # Of 2 and 4 million tonnes one lies in its band; of the second year none does.
    assert first.coverage == 0.5
    assert by[forecasts.MODEL, 2023].errors.coverage == 0.0
    # Shares of EXP: 2/3 and 4/5 of what the two buy abroad; the rest is the other's.
    assert first.share_coverage == pytest.approx(3 / 4)
    assert by[forecasts.MODEL, 2023].errors.share_coverage == 1.0
    none = by[forecasts.NO_CHANGE, 2022].errors
    assert (none.mean_error, none.pattern_error, none.share_error) == (0.0, 0.0, 0.0)
    assert none.coverage is None
    second = by[forecasts.NO_CHANGE, 2023].errors
    assert second.mean_error == 1.0
    assert second.share_error == pytest.approx((1 / 6 + 1 / 6 + 0.3 + 0.3) / 4)
    pattern = [abs(2 * 4 / 6 - 1), abs(4 * 4 / 6 - 3)]
    assert second.pattern_error == pytest.approx(sum(pattern) / 2)


def test_errors_without_anything_to_count() -> None:
    nothing = errors_of(np.zeros((3, 2)), np.zeros((3, 1, 2)))
    assert nothing.markets == 0
    assert math.isnan(nothing.mean_error)
    assert math.isnan(nothing.share_error)
    assert (nothing.coverage, nothing.share_coverage) == (None, None)
    unsold = errors_of(np.array([[0.0, 0.0], [1.0, 2.0], [1.0, 2.0]]), np.zeros((3, 1, 2)))
    assert math.isnan(unsold.pattern_error)
    assert unsold.mean_error == 1.5
    assert math.isnan(rank_correlation(np.arange(2.0), np.arange(2.0)))
    assert math.isnan(rank_correlation(np.arange(3.0), np.ones(3)))
    assert rank_correlation(np.arange(3.0), -np.arange(3.0)) == pytest.approx(-1.0)
    # Flows and shares count where they are above the least, in the base or as observed.
    edge = errors_of(
        np.array([[9.0, 9.0, 9.0], [0.02, 0.021, 0.0], [0.0, 0.0, 0.021]]),
        np.array([[[0.5, 0.5, 0.5]], [[0.01, 0.02, 0.0]], [[0.0, 0.0, 0.02]]]),
    )
    assert edge.markets == 2
    assert edge.share_error == pytest.approx((0.48 + 0.5) / 2)


def test_prices_at_every_horizon(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def model_tonnes(there: Any, plan: Plan) -> tuple[None, np.ndarray]:
        asked.append(there)
        return None, {"short": np.array([2.0, 3.0]), "medium": np.array([1.4, 1.6])}[there]

    monkeypatch.setattr(forecasts, "model_tonnes", model_tonnes)
    main: Any = SimpleNamespace(horizon="long", at=lambda h: h)
    bands = {forecasts.price_name("medium"): (np.array([1.1, 1.2]), np.array([1.7, 1.8]))}
    found = price_scores(main, PLAN, outcome(TONNES), np.array([1.1, 1.3]), bands)
    assert asked == ["short", "medium"]
    rows = {(p.horizon, p.year): p for p in found}
    assert len(rows) == 6
    assert rows["short", 2022].model == pytest.approx(1.0)
    assert rows["medium", 2023].model == pytest.approx(0.6)
    assert rows["long", 2023].model == pytest.approx(0.3)
    assert rows["medium", 2023].low == pytest.approx(0.2)
    assert rows["medium", 2023].high == pytest.approx(0.8)
    assert rows["long", 2022].low is rows["long", 2022].high is None
    assert rows["long", 2022].observed == pytest.approx(0.5)
    assert [rows["long", y].sample for y in PLAN.years] == ["calibration", "hold-out"]


def test_means_over_the_years_held_out() -> None:
    def score(year: int, sample: str, error: float, coverage: float | None) -> Score:
        errors = Errors(10 + year, error, 2 * error, 0.5, 6.0, 5.0, 0.1, coverage, coverage)
        return Score("main", "as declared", year, sample, "model", errors)

    scores = (
        score(1, "calibration", 9.0, 0.1),
        score(2, "hold-out", 1.0, 0.8),
        score(4, "hold-out", 2.0, 0.6),
    )
    found = held_out(scores, "main", "as declared", "model")
    assert found is not None
    assert (found.markets, found.mean_error, found.pattern_error) == (13, 1.5, 3.0)
    assert found.coverage == pytest.approx(0.7)
    assert found.share_coverage == pytest.approx(0.7)
    assert (found.total, found.observed_total, found.share_error) == (6.0, 5.0, 0.1)
    assert found.rank_correlation == 0.5
    assert held_out(scores, "other", "as declared", "model") is None
    assert held_out(scores, "main", "as declared", "no change") is None
    bare = held_out((*scores, score(3, "hold-out", 1.0, None)), "main", "as declared", "model")
    assert bare is not None
    assert bare.coverage is None


def test_a_part_has_no_band_by_itself() -> None:
    assert PricePart("a", 0.1, 0.2, 0.3).low is None
    assert PLAN.day(2023) == dt.date(2023, 7, 1)
    assert [PLAN.sample(y) for y in (2021, 2022, 2023)] == [
        "calibration", "calibration", "hold-out"
    ]  # fmt: skip


def result(**more: Any) -> Any:
    """A back-test of one exporter over two years, every number of which is made up."""
    seen = outcome(TONNES, price_y=np.array([1.5, 0.9]))
    model, base = TONNES + 0.5, np.stack([TONNES[0]] * 2)
    scores = []
    for forecast, error in ((forecasts.MODEL, 0.1), (forecasts.NO_CHANGE, 0.2),
                            (forecasts.RESCALED, 0.1), (forecasts.NOTHING, 0.05)):  # fmt: skip
        for year, sample in ((2022, "calibration"), (2023, "hold-out")):
            errors = Errors(2, error, 2 * error, 0.5, 7.0, 6.0, error, None, None)
            scores.append(Score("main", "as declared", year, sample, forecast, errors))
    given: dict[str, Any] = {
        "plan": PLAN, "world": SimpleNamespace(country=COUNTRIES.index, countries=COUNTRIES),
        "case": SimpleNamespace(record=None, parties=()), "outcome": seen, "bands": {},
        "forecast_yni": {forecasts.MODEL: model, forecasts.NO_CHANGE: base},
        "scores": tuple(scores), "targets": (Target("as declared", forecasts.RECORDED, TONNES),),
        "headline": "as declared", "draws": 0, "asked": 0, "failed": 0, "why": "", "prices": (),
        "parts": (), "split": None, "set_in_view": {}, "measures_in_view": {}, "informed": {},
    }  # fmt: skip
    return SimpleNamespace(**{**given, **more})


def test_a_back_test_in_words() -> None:
    text = words.sentences(result())
    assert text[0] == (
        "Parameters may have been set on years up to 2022; 2023 is held out. Nothing was fitted to "
        "the flows or prices of any year."
    )
    assert text[1] == (
        "Years held out, as declared: the mean error in exports of EXP by market is 0.100 million "
        "tonnes. It is 0.200 for 'no change', 0.100 for 'remove and rescale' and 0.050 for "
        "'nothing sold'. The model is better than 'no change' and no better than 'remove and "
        "rescale' and 'nothing sold'."
    )
    assert text[3].startswith(
        "Years held out, as declared: the rank correlation of exports over markets is 0.50"
    )
    assert text[3].endswith("no better than 'no change', 'remove and rescale' and 'nothing sold'.")
    assert "the mean error in suppliers' shares is 10.0 points" in text[4]
    assert text[5] == (
        "2022: the model has EXP export 7.0 million tonnes. Importers declared 6.0 (+1.0). The "
        "rank correlation over 2 markets is 0.50."
    )
    assert text[6].startswith("2023: the model has EXP export 7.0 million tonnes. Importers ")
    assert "Importers declared 4.0 (+3.0)" in text[6]
    assert text[7] == ("No draws were made: the figures have no bands, and coverage is not known.")
    assert text[8] == (
        "Observed flows are what importers declared. The table has the largest flows of each year "
        "only (31., 31. million tonnes in all); a flow that is not in it counts as none. Published "
        "prices are in current dollars; those of the model are in units of world factor income."
    )
    assert len(text) == 9


def test_what_can_have_been_sold_at_most_in_words() -> None:
    for most, where in ((8.0, "within these bounds"), (6.5, "0.5 above these bounds")):
        bounded = outcome(TONNES, most_y=np.array([most, np.nan]))
        text = words.sentences(result(outcome=bounded))[5]
        assert f"Mine output less own use leaves {most:.1f} at most" in text
        assert f"The model is {where}. The rank correlation" in text
    bounded = outcome(TONNES, most_y=np.array([9.0, np.nan]))
    high = Errors(2, 0.1, 0.1, math.nan, 5.0, 6.0, 0.1)
    low = result(outcome=bounded, scores=(Score("main", "x", 2022, "calibration", "model", high),),
                 headline="x")  # fmt: skip
    (text,) = [s for s in words.sentences(low) if s.startswith("2022: ")]
    assert (
        "Importers declared 6.0 (−1.0), and 6.0 with implausible origins re-assigned (−1.0)" in text
    )
    assert (
        "The model is 1.0 below these bounds. The rank correlation over 2 markets is not known."
        in text
    )


def test_coverage_prices_and_parts_in_words() -> None:
    errors = Errors(2, 0.1, 0.1, 0.5, 7.0, 6.0, 0.1, 0.5, 0.25)
    scores = (Score("main", "as declared", 2023, "hold-out", "model", errors),)
    covered = result(draws=100, asked=200, scores=scores, failed=2, why="x")
    text = next(s for s in words.sentences(covered) if s.startswith("The bands of 5"))
    assert text == (
        "The bands of 5 to 95 % (100 draws, stopped before 200 were done) would cover 90 % if "
        "they told all that is uncertain. In 2023 they cover 50 % of the observed exports by "
        "market and 25 % of the suppliers' shares. The bands carry the parameters of the case, "
        "not the error of its base flows nor that of the observed ones. Of the draws 2 failed and "
        "are in no band: x."
    )
    prices = (
        PriceScore(2022, "calibration", "short", 0.3, 0.2, 0.45, 0.5),
        PriceScore(2023, "hold-out", "short", 0.3, None, None, -0.1),
        PriceScore(2023, "hold-out", "short", 0.31, None, None, 0.32),
        PriceScore(2022, "calibration", "long", 0.3, None, None, 0.5),
        PriceScore(2022, "calibration", "short", 0.3, None, None, math.nan),
    )
    parts = (PricePart("a", 0.1, 0.1, 0.051, 0.02, 0.08), PricePart(REST, 0.0, 0.0, -0.001))
    more = (*(PricePart(n, 0.1, 0.1, 0.01) for n in "abc"), PricePart(REST, 0.0, 0.0, 0.0))
    assert (
        "a +1.0, b +1.0 and c +1.0. Smaller: the rest 0.0. "
        in words.sentences(result(prices=prices, parts=more))[-2]
    )
    stated = words.sentences(result(prices=prices, parts=parts))
    assert stated[-5:-1] == (
        "2022: the price in FAR changes by +30 % in the short run of the model (+20 % to +45 %). "
        "The published one changes by +50 % on 2020. That is 20 points more, which the model does "
        "not explain: other causes are not in it.",
        "2023: the price in FAR changes by +30 % in the short run of the model. The published one "
        "changes by −10 % on 2020. That is 40 points less: without other causes, the model has "
        "too much.",
        "2023: the price in FAR changes by +31 % in the short run of the model. The published one "
        "changes by +32 % on 2020. That is 1 point more, which the model does not explain: other "
        "causes are not in it.",
        "In the short run of 2022 the measures add these points to the base price: a +5.1 (+2.0 to "
        "+8.0) and the rest −0.1. Measures that close one route share its effect evenly.",
    )


def test_a_fall_of_supply_in_words() -> None:
    split = PriceSplit(
        2022, "the fall", (10.0, 7.0), Part(0.1), Part(0.2), Part(0.4, 0.3, 0.55), Part(0.15),
        Part(0.25), 1.0, Part(0.6),
    )  # fmt: skip
    given = SimpleNamespace(country="RIV", words="A rival sold less.")
    case = SimpleNamespace(
        record=SimpleNamespace(
            shortfall=given, unexplained=SimpleNamespace(words="war and fear"), reassigned=None,
            records=None, base=None, parameters_in_view={},
        ),
        parties=(),
    )  # fmt: skip
    assert words.fallen(result(case=case), split) == (
        "2022, observed and not forecast: A rival sold less. With exports of RIV at 7.0 in place "
        "of 10.0 million tonnes, the short run explains 40 (30 to 55) of the 100 points. That is "
        "less than half (40 %) of the points and less than half (49 %) of the rise in logarithms. "
        "The measures have 15 of them, and 10 alone; the fall has 25, and 20 alone. Not explained "
        "are 60 points: war and fear are not in the model."
    )
    assert [(r.label, r.alone) for r in split.rows] == [
        ("the measures", Part(0.1)), ("the fall, observed", Part(0.2)), ("both", None),
        ("not explained", None), ("published", None),
    ]  # fmt: skip
    assert split.rows[4].part == Part(1.0)
    price = (PriceScore(2022, "calibration", "short", 0.3, None, None, 0.5),)
    both = words.sentences(result(case=case, prices=price, split=split))
    assert any("20 points more, for which see the fall of supply below." in s for s in both)


def test_flows_and_shares_in_rows() -> None:
    ends = np.full((2, 3), 0.1), np.full((2, 3), 9.0)
    found = result(bands={f"exports_yn {forecasts.RECORDED}": ends})
    rows = words.flows(found).to_dicts()
    assert [(r["year"], r["market"]) for r in rows] == [
        (2022, "BUY"), (2022, "FAR"), (2023, "BUY"), (2023, "FAR")
    ]  # fmt: skip
    assert rows[3] == {
        "year": 2023, "sample": "hold-out", "market": "FAR", "observed": 3.0, "declared": 3.0,
        "model": 3.5, "no_change": 4.0, "low": 0.1, "high": 9.0,
    }  # fmt: skip
    shares = words.shares(result()).to_dicts()
    first = shares[0]
    assert (first["year"], first["buyer"], first["supplier"]) == (2022, "BUY", "EXP")
    assert first["observed"] == first["declared"] == pytest.approx(2 / 3)
    assert first["model"] == pytest.approx(2.5 / 4)
    assert first["no_change"] == pytest.approx(2 / 3)
    assert (first["low"], first["high"]) == (None, None)
    assert len(shares) == 8
    table = words.errors(result(), "main", None)
    assert len(table) == 8
    assert len(words.errors(result(), None, "other")) == 0
    assert set(table["forecast"]) == {"model", "no change", "remove and rescale", "nothing sold"}


def test_both_ends_of_a_route_elasticity_are_variants() -> None:
    case = load_case("belarus")
    plan: Any = SimpleNamespace(commodity="POTASH", exporter="BLR")
    names = {
        r.route_elasticity
        for r in case.route_choices
        if (r.commodity, r.origin) == ("POTASH", "BLR")
    }
    (name,) = names
    assert isinstance(name, str)
    low, high = case.parameters[name].range or (0, 0)
    found = {v.name: v for v in variants_of(case, plan, "medium", (), ())}
    assert low < high
    assert [found[f"{name} {end:g}"].case.value(name) for end in (low, high)] == [low, high]
    assert {found[f"{name} {end:g}"].horizon for end in (low, high)} == {"medium"}
    assert {v.horizon for n, v in found.items() if n.endswith(" run")} == {"short", "long"}
    assert not any(n.startswith("without") for n in found)
    # A set in view of trade comes down to next to nothing, a measure in view is left out.
    leak, measure = "eu_potash_leakage", case.trade_measures[0].id
    last = variants_of(case, plan, "medium", (measure, "none such"), (leak, "none such"))
    (without,) = [v for v in last if v.name.startswith("without")]
    assert (without.name, without.without) == (f"without leakages and {measure}", (measure,))
    assert without.case.value(leak) == 0.001
