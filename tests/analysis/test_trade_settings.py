"""Money by setting of trade measures: every setting, sums of pairs, and their error, by hand."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.negotiation.trade_settings import (
    MOST_SOLVED,
    Approximation,
    MoveMoney,
    collected,
    dated_values,
    in_force,
    money_of,
    pair_sums,
)

COUNTRIES = ("A", "B")


def value(on: frozenset[str], triple: float = 0.0) -> np.ndarray:
    """What measures called by numbers are worth: single effects, pairs, and three at once."""
    k = sorted(int(m) for m in on)
    single = sum(1.0 + m for m in k)
    pairs = sum(0.1 * (m + 2 * n) for a, m in enumerate(k) for n in k[a + 1 :])
    threes = triple * len([1 for m in k if m < 3] if {0, 1, 2} <= set(k) else [])
    return np.array([single + pairs + threes, -single])


class Invented:
    """Scenarios whose every set of measures has a known value."""

    def __init__(self, triple: float = 0.0) -> None:
        self.triple = triple
        self.world = SimpleNamespace(countries=COUNTRIES)
        self.solved: list[tuple[str, ...]] = []
        self.day: dt.date | None = None

    @property
    def case(self) -> Any:
        return SimpleNamespace(trade_measures=[SimpleNamespace(id=str(k)) for k in range(20)])

    def on(self, day: dt.date) -> Invented:
        self.day = day
        return self

    def solve_together(self, sets: Any) -> None:
        self.solved += [tuple(s) for s in sets]

    def equilibrium(self, measures: Any) -> Any:
        return SimpleNamespace(
            equivalent_variation=SimpleNamespace(values=value(frozenset(measures), self.triple))
        )


def terms(count: int, on: int, background: tuple[str, ...] = ()) -> Any:
    moves = [SimpleNamespace(id=str(k), in_trade=True) for k in range(count)]
    moves.insert(1, SimpleNamespace(id="release", in_trade=False))
    held = [bool(on >> k & 1) for k in range(count)]
    held.insert(1, True)
    parties = [SimpleNamespace(id="P", members=("A",)), SimpleNamespace(id="Q", members=("B", "X"))]
    parties.append(SimpleNamespace(id="R", members=()))
    return SimpleNamespace(
        moves=moves, status_quo_m=held, background=background, parties=parties
    )  # fmt: skip


def ids(setting: int) -> frozenset[str]:
    return frozenset(str(k) for k in range(20) if setting >> k & 1)


def test_every_setting_is_solved_where_there_are_few() -> None:
    scenarios: Any = Invented(triple=5.0)
    found = money_of(scenarios, terms(3, 0b101, ("10", "embassy")))
    assert found.trade == ("0", "1", "2")
    assert found.here == 0b101
    assert found.approximation is None
    # What is in force besides counts in every setting; what does not touch trade in none.
    expected = [value(ids(q) | {"10"}, 5.0) for q in range(8)]
    np.testing.assert_allclose(found.variation_qn, expected)
    assert scenarios.solved[0] == ("10",)
    assert in_force(terms(3, 0, ("10",)), found.trade, 0b110) == ("10", "1", "2")
    at_most = money_of(Invented(), terms(7, 0))  # type: ignore[arg-type]
    assert len(at_most.variation_qn) == MOST_SOLVED
    assert at_most.approximation is None


@pytest.mark.parametrize("here", [0, 0b1011, 0b11111111])
def test_sums_of_pairs_are_exact_where_no_three_measures_interact(here: int) -> None:
    scenarios: Any = Invented()
    found = money_of(scenarios, terms(8, here))
    expected = [value(ids(q)) for q in range(256)]
    np.testing.assert_allclose(found.variation_qn, expected, atol=1e-9)
    text = found.approximation
    assert text is not None
    assert (text.settings, text.solved, text.tried) == (256, 1 + 8 + 28, 24)
    assert text.largest_error == pytest.approx(0.0, abs=1e-9)
    known = {q: value(ids(q)) for q in range(8)}
    np.testing.assert_allclose(pair_sums(known, 0b010, 3), [value(ids(q)) for q in range(8)])


def test_the_error_of_sums_of_pairs_is_that_of_threes() -> None:
    scenarios: Any = Invented(triple=4.0)
    found = money_of(scenarios, terms(8, 0))
    exact = np.array([value(ids(q), 4.0) for q in range(256)])
    off = np.abs(found.variation_qn - exact)[:, 0]
    three = np.array([(q & 7) == 7 for q in range(256)])
    # Twelve are missed wherever all three are in force, and nothing elsewhere.
    np.testing.assert_allclose(off[three], 12.0)
    np.testing.assert_allclose(off[~three], 0.0, atol=1e-9)
    text = found.approximation
    assert text is not None
    assert text.largest_error == pytest.approx(12.0)
    assert 0 < text.mean_error < 6.0
    tried = set(scenarios.solved[37:])
    assert len(tried) == 24
    assert all(len(s) >= 3 for s in tried)
    assert max(len(s) for s in tried) == 8
    missed = sum({"0", "1", "2"} <= set(s) for s in tried)
    # Of two parties one misses 12 in each of these; the other is a plain sum.
    assert text.mean_error == pytest.approx(12.0 * missed / 48)
    change = np.mean([np.abs(value(frozenset(s), 4.0)) for s in tried])
    assert text.relative_error == pytest.approx(text.mean_error / change)


def test_sets_on_days_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    together: list[Any] = []
    monkeypatch.setattr("detente.analysis.negotiation.trade_settings.solve_days", together.extend)
    scenarios: Any = Invented()
    asked = ((dt.date(2022, 1, 1), frozenset("1")), (dt.date(2023, 1, 1), frozenset(("2", "3"))))
    np.testing.assert_allclose(
        dated_values(scenarios, asked), [value(frozenset("1")), value(frozenset(("2", "3")))]
    )
    assert [sets for _, sets in together] == [[frozenset("1")], [frozenset(("2", "3"))]]
    assert dated_values(scenarios, ()).shape == (0, 2)
    found = collected(scenarios, (("1",), ("2",)), asked)
    np.testing.assert_allclose(found["settings"], [value(frozenset(x)) for x in "12"])
    np.testing.assert_allclose(found["asked"], dated_values(scenarios, asked))


def test_moves_and_errors_in_words() -> None:
    move = MoveMoney(
        ("ban",), "the end of it", ("P",), ("P", "Q", "R"), (12.0, -0.04, -3.0),
        (10.0, -0.04, -3.0), (14.0, -0.04, -3.0),
    )  # fmt: skip
    assert str(move) == ("The end of it; in money, million USD a year: P +12 (10 to 14), R −3.")
    assert move.of("R") == -3.0
    assert move.table().rows[1] == ("Q", -0.04, -0.04, -0.04)
    none = MoveMoney(("ban",), "the end", ("P",), ("P",), (0.049,), (0.0,), (0.0,))
    assert str(none).endswith("a year: nothing for any party.")
    text = Approximation(1024, 56, 24, 1.25, 7.0, 0.012)
    assert str(text) == (
        "1,024 settings of the trade measures are too many to solve. 56 were solved, up to two "
        "changes away from the status quo; the others are sums of single effects and of what pairs "
        "add. Against 24 solved settings with three changes or more the error is 1.25 million USD "
        "a year on average (1.2 % of the changes), 7 at most."
    )
