"""Ranges, draws that fail, and money over draws, from invented parameters."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.negotiation import trade_settings
from detente.analysis.negotiation.trade_settings import Money, drawn_money
from detente.analysis.uncertainty import failures, range_ends
from detente.analysis.uncertainty.failures import Failure, failure_of, with_values
from detente.analysis.uncertainty.ranges import Uncertain
from detente.cases import CaseError, Fault
from detente.trade import NotConverged


def case(**parameters: tuple[float, tuple[float, float] | None]) -> Any:
    return SimpleNamespace(
        parameters={k: SimpleNamespace(value=v, range=r) for k, (v, r) in parameters.items()},
        commodities=(), route_choices=(), path=None,
    )  # fmt: skip


SHARES = case(a=(0.3, (0.2, 0.5)), b=(0.3, (0.2, 0.6)), fixed=(0.1, None), flat=(0.1, (0.1, 0.1)))


def past(*shares: Any, leave: bool = False) -> list[tuple[Any, str, str]]:
    named = {str(k): s for k, s in enumerate(shares)}
    return list(range_ends._past_one(SHARES, ("x",), named, leave=leave))


def test_shares_that_pass_one_together() -> None:
    assert past("fixed", 0.5, "rest") == []
    assert past("flat", "rest") == []
    # 0.5 + 0.6 is more than one, with a rest or without one.
    (found,) = past("a", "b", "rest")
    assert found == (
        ("x",),
        "together the shares reach 1.1 where every range is at its highest (a up to 0.5, b up to "
        "0.6), more than 1: such draws are impossible.",
        "Narrow the ranges, so that their upper ends leave room for each other.",
    )
    assert past("a", "b", leave=True) == [found]
    # One range alone is told of where it stands, and half and a half are no more than one.
    assert past("a", 0.9, "rest") == []
    assert past("a", "a", 0.4, "rest") == []
    assert past("a", "flat", 0.4, "rest") == []
    (free,) = past("a", 0.7)
    assert free[1:] == (
        "the shares must sum to 1, and draws of a change the sum from 0.9 to 1.2.",
        "Write rest for one of them.",
    )
    assert past("a", "b", "fixed", leave=True)[0][1].startswith("together the shares reach 1.2")
    assert range_ends._ends(SHARES, 0.25) == (0.25, 0.25)
    assert range_ends._ends(SHARES, "fixed") == (0.1, 0.1)
    assert range_ends._ends(SHARES, "a") == (0.2, 0.5)


def test_ends_of_ranges_that_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, float]] = []

    def impossible(_: Any, values: dict[str, float]) -> str:
        asked.append(values)
        return "no flow is left." if values in ({"a": 0.5}, {"b": 0.2}) else ""

    monkeypatch.setattr(range_ends, "impossible", impossible)
    told: list[int] = []
    found = range_ends.end_faults(SHARES, told.append)
    assert [(f.key, f.message) for f in found] == [
        ("parameters.a.range",
         "its highest value 0.5 is impossible with all others at the centre: no flow is left."),
        ("parameters.b.range",
         "its lowest value 0.2 is impossible with all others at the centre: no flow is left."),
    ]  # fmt: skip
    # An end that is the central value is not tried.
    assert asked == [{"a": 0.2}, {"a": 0.5}, {"b": 0.2}, {"b": 0.6}]
    assert told == [1, 2, 3, 4]
    monkeypatch.setattr(range_ends, "impossible", lambda *_: "")
    assert range_ends.end_faults(SHARES) == ()


def test_shares_of_commodities_and_of_routes() -> None:
    good = SimpleNamespace(labour_share="a", capital_share="b", resource_share="rest", users={
        "x": "a", "y": 0.5})  # fmt: skip
    way = SimpleNamespace(routes=[SimpleNamespace(id="r", base_share="a"),
                                  SimpleNamespace(id="s", base_share="b")])  # fmt: skip
    given: Any = SimpleNamespace(
        parameters=SHARES.parameters, commodities=(good,), route_choices=(way,)
    )
    found = [path for path, _, _ in range_ends._together(given)]
    assert found == [
        ("commodities", 0, "resource_share"), ("commodities", 0, "users"),
        ("route_choices", 0, "routes"),
    ]  # fmt: skip


NAMES = [Uncertain(name, 1.0, 0.0, 3.0) for name in ("a", "b", "c", "horizon.t")]


def test_what_is_behind_a_draw_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        failures, "impossible", lambda _, values: "no" if values.get("b", 0) > 2 else ""
    )
    here = case(a=(1.0, None), b=(1.0, None), c=(1.0, None))
    kinds = ("impossible", "not converged", "impossible", "impossible", "without equilibrium")
    given = [Failure(k, kind, "why.") for k, kind in enumerate(kinds)]  # type: ignore[arg-type]
    drawn = {0: [0.5, 2.5, 1.0, 0.0], 1: [0.5, 2.5, 1.0, 0.0], 2: [0.0, 1.0, 1.0, 1.0],
             3: [0.0, 2.9, 1.0, 1.0]}  # fmt: skip
    found = with_values(given, here, NAMES, drawn)  # type: ignore[arg-type]
    # Only b is needed for it to be impossible; else those farthest from their centre are named.
    assert (found[0].values, found[0].enough) == ({"b": 2.5}, True)
    # A time and b are farthest: the whole way, and three quarters of it.
    assert (found[1].values, found[1].enough) == ({"horizon.t": 0.0, "b": 2.5}, False)
    assert (found[2].values, found[2].enough) == ({"a": 0.0, "b": 1.0}, False)
    # Two of a kind are named, and none without its values.
    assert found[3:] == tuple(given[3:])
    assert found[0].sentence == "draw 1 (b = 2.5): why"
    assert found[1].sentence == "draw 2 (farthest from the centre: horizon.t = 0, b = 2.5): why"
    assert given[4].sentence == "draw 5 (): why"
    assert failures._distance(NAMES[0], 2.0) == 0.5
    assert failures._distance(NAMES[0], 0.25) == 0.75
    assert failures._distance(Uncertain("x", 0.0, 0.0, 1.0), -1.0) == 0.0
    assert failures._distance(NAMES[0], 1.0) == 0.0


def test_errors_of_draws() -> None:
    fault = CaseError([Fault(0, "users", "is wrong", "Do."), Fault(0, "", "is bad", "Do.")], "x")
    assert failure_of(3, fault) == Failure(3, "impossible", "is bad; users: is wrong")
    assert failure_of(1, NotConverged("Stalled.\nSecond line.")).reason == "Stalled."
    assert failure_of(1, NotConverged("Stalled.")).kind == "not converged"
    with pytest.raises(KeyError):
        failure_of(1, KeyError("x"))


@pytest.mark.parametrize("count", [3, 4])
def test_money_over_draws(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Settings near the status quo are drawn; what sums of pairs miss is as at central values."""
    trade = tuple("abcd"[:count])
    rng = np.random.default_rng(0)
    central = rng.normal(size=(1 << count, 2))
    money = Money(trade, ("X", "Y"), central, 1)
    drawn = {q: rng.normal(size=(2, 2)) for q in range(1 << count)}
    asked: list[Any] = []

    def run(given: str, collect: Any, **options: Any) -> Any:
        assert (given, options["draws"], options["seed"]) == ("case", 2, 5)
        sets = collect.keywords["sets"]
        settings = [sum(1 << trade.index(m) for m in one if m != "rest") for one in sets]
        assert all(one[0] == "rest" for one in sets)
        asked.append(settings)
        values = np.stack([drawn[q] for q in settings], axis=1)
        return SimpleNamespace(
            required=lambda: {"settings": values}, values={"asked": np.zeros((2, 0, 2))}, failed=3
        )

    monkeypatch.setattr("detente.analysis.uncertainty.draws.run_draws", run)
    monkeypatch.setattr(trade_settings, "MOST_SOLVED", 8)
    scenarios: Any = SimpleNamespace(case="case")
    terms: Any = SimpleNamespace(background=("rest",))
    found, events, failed = drawn_money(scenarios, terms, money, (), [14], draws=2, seed=5)
    assert (events.shape, failed) == ((2, 0, 2), 3)
    if count == 3:
        # Most are asked for, so that all are.
        assert asked == [list(range(8))]
        assert found.tolist() == np.stack([drawn[q] for q in range(8)], axis=1).tolist()
        return
    near = [1, 0, 3, 5, 9, 2, 4, 8, 7, 11, 13]
    assert sorted(asked[0]) == sorted([*near, 14])
    assert asked[0][0] == 1
    for q in (*near, 14):
        assert found[:, q].tolist() == drawn[q].tolist()
    # Setting 6 differs from 1 by three changes: single and pair terms, and what these miss.
    pairs = drawn[2] + drawn[4] + drawn[7] - drawn[0] - drawn[3] - drawn[5] + drawn[1]
    missed = central[6] - (
        central[2] + central[4] + central[7] - central[0] - central[3] - central[5] + central[1]
    )
    assert found[:, 6] == pytest.approx(pairs + missed)
