"""Forecasts and scores of a back-test on invented prices and flows, by hand."""

from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.record import forecasts
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
    Score,
    errors_of,
    held_out,
    price_scores,
    rank_correlation,
    scores_of,
)

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
