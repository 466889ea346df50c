"""Effects of measures, locks and regimes in time, from invented values of every set of measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import measure_effects as module
from detente.analysis.assessment import AssessmentData, Snapshot
from detente.analysis.measure_effects import (
    NOISE,
    against,
    assessment_of,
    boomerang,
    negligible,
    sets_of,
)
from detente.analysis.regimes import Timeline, change_days, party_effects, regimes_in_time

COUNTRIES = ("T", "S", "O")
DAY = dt.date(2023, 1, 1)
WORLD: Any = SimpleNamespace(countries=COUNTRIES, country=COUNTRIES.index, unit="USD million")


def worth(on: frozenset[str]) -> np.ndarray:
    """A and b hold each other in place, c costs both sides, the gift its sender, idle nobody."""
    locked = bool(on & {"a", "b"})
    target = -10.0 * locked - 4.0 * ("c" in on)
    sender = -3.0 * locked - 2.0 * ("c" in on) - 1.0 * ("gift" in on)
    return np.array([target, sender, 5.0 * locked])


def period(start: str, until: str | None = None) -> Any:
    return SimpleNamespace(
        start=dt.date.fromisoformat(start),
        until=None if until is None else dt.date.fromisoformat(until),
    )


def measure(name: str, *periods: Any) -> Any:
    return SimpleNamespace(id=name, owner="S", in_force=periods)


MEASURES = (
    measure("a", period("2022-01-01")),
    measure("b", period("2022-06-01")),
    measure("c", period("2022-01-01")),
    measure("gift", period("2022-01-01", "2022-09-01")),
    measure("idle", period("2022-01-01")),
)


class Case:
    """Three countries, and parties that speak for two of them."""

    title = "Invented"
    date = DAY
    trade_measures = MEASURES
    parameters: dict[str, Any] = {  # noqa: RUF012
        "early": SimpleNamespace(by_date={dt.date(2021, 1, 1): 1.0}),
        "late": SimpleNamespace(by_date={dt.date(2022, 12, 1): 1.0}),
    }
    parties = (
        SimpleNamespace(id="S", members=("S",)),
        SimpleNamespace(id="T", members=("T", "O")),
        SimpleNamespace(id="R", members=()),
    )

    def regime(self, day: dt.date) -> list[Any]:
        return [
            m
            for m in self.trade_measures
            if any(p.start <= day and (p.until is None or day < p.until) for p in m.in_force)
        ]

    def members(self, owner: str, *_: Any) -> tuple[str, ...]:
        return next(p.members for p in self.parties if p.id == owner)


class Invented:
    """Scenarios of that case; without measures a day may differ from the base year."""

    horizon, transfers = "long", "fixed"

    def __init__(self, none: float = 0.0) -> None:
        self.case, self.world, self.date, self.none = Case(), WORLD, DAY, none
        self.asked: list[tuple[str, ...]] = []

    def on(self, day: dt.date) -> Invented:
        return self

    def solve_together(self, sets: Iterable[tuple[str, ...]]) -> None:
        self.asked += list(sets)

    def snapshot(self, measures: Iterable[str]) -> Snapshot:
        chosen = tuple(measures)
        value = worth(frozenset(chosen)) + self.none
        zero = np.zeros(3)
        certificate: Any = SimpleNamespace(sentence="Converged.")
        return Snapshot(chosen, value, value / 100, {}, (), zero, certificate)

    def equilibrium(self, measures: Iterable[str]) -> Any:
        value = worth(frozenset(measures)) + self.none
        return SimpleNamespace(equivalent_variation=SimpleNamespace(values=value))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> AssessmentData:
    monkeypatch.setattr(module, "targets_of", lambda *_: ("T",))
    monkeypatch.setattr(module, "touches_trade", lambda _, m: m.id != "idle")
    scenarios: Any = Invented()
    return assessment_of(scenarios)


def test_effects_alone_at_the_margin_and_per_dollar(made: AssessmentData) -> None:
    assert made.regime.measures == ("a", "b", "c", "idle")
    assert made.regime.equivalent_variation_n.tolist() == [-14, -5, 5]
    by = {e.measure.id: e for e in made.effects}
    assert list(by) == ["a", "b", "c", "gift", "idle"]
    assert by["a"].alone_n.tolist() == [-10, -3, 5]
    assert by["a"].margin_n.tolist() == [0, 0, 0]
    assert by["a"].boomerang_alone == pytest.approx(0.3)
    # Where the margin is noise nothing is divided by it.
    assert by["a"].boomerang_margin is None
    assert by["c"].margin_n.tolist() == [4, 2, 0]
    assert by["c"].boomerang_margin == pytest.approx(0.5)
    assert by["c"].switched.measures == ("a", "b", "idle")
    # The gift is not in force: its margin is that of imposing it.
    assert not by["gift"].in_force
    assert by["gift"].margin_n.tolist() == [0, -1, 0]
    assert by["gift"].switched.measures == ("a", "b", "c", "idle", "gift")
    assert by["gift"].boomerang_margin is None
    assert [e.has_effect for e in made.effects] == [True, True, True, True, False]
    assert made.groups == {"S": (1,), "T": (0, 2), "R": ()}
    assert by["a"].authors == ("S",)


def test_measures_that_hold_each_other_in_place(made: AssessmentData) -> None:
    (joint,) = made.joint
    assert [m.id for m in joint.measures] == ["a", "b"]
    assert joint.margin_n.tolist() == [10, 3, -5]
    assert joint.switched.measures == ("c", "idle")


def test_an_assessment_like_another_has_only_margins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "targets_of", lambda *_: ("T",))
    monkeypatch.setattr(module, "touches_trade", lambda *_: True)
    scenarios: Any = Invented()
    first = assessment_of(scenarios)
    monkeypatch.setattr(module, "touches_trade", lambda *_: pytest.fail("known from the first"))
    like = assessment_of(scenarios, first, margins_only=True)
    assert [e.measure.id for e in like.effects] == ["a", "b", "c", "idle"]
    assert all(np.isnan(e.alone_n).all() and e.boomerang_alone is None for e in like.effects)
    assert [[m.id for m in j.measures] for j in like.joint] == [["a", "b"]]
    assert like.effects[2].margin_n.tolist() == [4, 2, 0]
    sets = set(sets_of(scenarios.case, DAY, first, margins_only=True))
    assert sets == {
        (), ("a", "b", "c", "idle"), ("b", "c", "idle"), ("a", "c", "idle"), ("a", "b", "idle"),
        ("a", "b", "c"), ("c", "idle"),
    }  # fmt: skip
    every = set(sets_of(scenarios.case, DAY))
    assert {("a",), ("gift",), ("a", "b", "c", "gift", "idle")} <= every
    assert ("c", "idle") not in every


def test_a_day_is_held_against_itself_without_measures() -> None:
    scenarios: Any = Invented(none=2.0)
    found = against(scenarios, ("a",))
    assert found.equivalent_variation_n.tolist() == [-10, -3, 5]
    assert found.real_income_change_n.tolist() == pytest.approx(
        [(1 + (x + 2) / 100) / 1.02 - 1 for x in (-10, -3, 5)]
    )
    plain: Any = Invented()
    assert against(plain, ("a",)).equivalent_variation_n.tolist() == [-10, -3, 5]


def test_losses_per_dollar_lost() -> None:
    values = np.array([-8.0, -2.0, 3.0])
    assert boomerang(WORLD, values, ("S",), ("T",)) == 0.25
    assert boomerang(WORLD, values, ("S", "O"), ("T",)) == -0.125
    assert boomerang(WORLD, values, ("S",), ("T", "O")) == 0.4
    assert boomerang(WORLD, values, ("S",), ("O",)) is None
    tiny = np.array([-1e-3, 1.0, 0.0])
    assert boomerang(WORLD, tiny, ("S",), ("T",)) == pytest.approx(-1000)
    assert boomerang(WORLD, 0.9 * tiny, ("S",), ("T",)) is None
    assert negligible(np.array([0.0, -0.99 * NOISE]))
    assert not negligible(np.array([0.0, -NOISE]))


def test_regimes_one_after_the_other() -> None:
    scenarios: Any = Invented()
    with pytest.MonkeyPatch.context() as patch:
        solved: list[Any] = []
        patch.setattr("detente.analysis.regimes.solve_days", solved.extend)
        found = regimes_in_time(scenarios)
        effects = party_effects(scenarios)["effect"]
    assert [r.start.isoformat() for r in found.regimes] == [
        "2021-12-31", "2022-01-01", "2022-06-01", "2022-09-01", "2022-12-01"
    ]  # fmt: skip
    assert [sets for _, sets in solved[:5]] == [[r.measures] for r in found.regimes]
    assert [(r.begun, r.ended) for r in found.regimes] == [
        ((), ()), (("a", "c", "gift", "idle"), ()), (("b",), ()), ((), ("gift",)), ((), ())
    ]  # fmt: skip
    assert [found.changed(r) for r in found.regimes] == [
        "no measure in force", "+ a  + c  + gift  + idle", "+ b", "- gift",
        "only dated parameters change: late",
    ]  # fmt: skip
    # By party: the sender, and the target with the other.
    expected = [[0, 0], [-6, -9], [-6, -9], [-5, -9], [-5, -9]]
    assert found.effect_rp.tolist() == expected
    assert effects.tolist() == expected
    assert [p.id for p in found.parties] == ["S", "T"]
    assert found.bands is None
    assert found._lines()[0] == "Invented, long run: 5 regimes"
    assert isinstance(found, Timeline)


def test_days_of_change() -> None:
    case: Any = Case()
    assert [d.isoformat() for d in change_days(case)] == [
        "2022-01-01", "2022-06-01", "2022-09-01", "2022-12-01"
    ]  # fmt: skip
    case.trade_measures = ()
    assert change_days(case) == []
