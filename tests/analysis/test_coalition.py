"""Coalitions: Shapley's value by brute force, transfers that equalise, reasons to leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import pytest

from detente.analysis import Coalition, QuestionError, coalition
from detente.analysis.coalitions import shapley
from detente.analysis.coalitions.game import play, prefixes, sampled_shapley
from detente.analysis.coalitions.senders import Senders
from detente.analysis.context import Ground
from detente.trade import (
    InfeasibleShock,
    NotConverged,
    Shock,
    ShockError,
    embargo,
    horizon_named,
    solve,
    tariff,
    transfer,
)
from detente.world import UnknownLabel, World, synthetic


@cache
def world() -> World:
    return synthetic(8, 3, seed=5, zeros=0.0)


@cache
def found() -> Coalition:
    return coalition(world(), "C001", members=["C002", "C003", "C004"], goods=["G01", "G02"])


@cache
def russia() -> Coalition:
    return coalition("russia-coalition", "RUS", rate=1.0)


def brute_force(members: int, value: dict[int, float]) -> list[float]:
    out = np.zeros(members)
    orders = list(permutations(range(members)))
    for order in orders:
        along = prefixes(order)
        for m, before, after in zip(order, along, along[1:], strict=False):
            out[m] += value[after] - value[before]
    return (out / len(orders)).tolist()


@pytest.mark.parametrize("members", [1, 2, 3, 5])
def test_shapley_is_the_mean_over_all_orders(members: int) -> None:
    rng = np.random.default_rng(members)
    value = {c: float(v) for c, v in enumerate(rng.normal(size=2**members))}
    # Sums of at most 120 terms of order one.
    assert shapley(members, value).tolist() == pytest.approx(brute_force(members, value), abs=1e-12)
    assert shapley(members, value).sum() == pytest.approx(value[2**members - 1] - value[0])


def test_sampled_contributions_sum_exactly_and_err_as_they_say() -> None:
    members, orders = 7, 400
    rng = np.random.default_rng(0)
    value = {c: float(c.bit_count() ** 1.5 + rng.normal()) for c in range(2**members)}

    def solved(chunk: list[int]) -> list[np.ndarray]:
        return [np.array([-value[c]]) for c in chunk]

    game = play(members, solved, permutations=orders, seed=1)
    mean, error = sampled_shapley(members, value, game.orders)
    exact = shapley(members, value)
    assert mean.sum() == pytest.approx(exact.sum())
    # Seven normal errors: beyond four standard errors once in two thousand such tests.
    assert (np.abs(mean - exact) < 4 * error).all()
    assert (error > 0).all()


def test_contributions_sum_to_what_all_do_and_values_are_those_of_whole_solves() -> None:
    f = found()
    assert sum(m.shapley for m in f.members) == pytest.approx(f.loss, rel=1e-9)
    two = ["C002", "C004"]
    shock = embargo("C001", two, ["G01", "G02"]) + embargo(two, "C001", ["G01", "G02"])
    ev = solve(world(), shock).equivalent_variation
    # Two solutions to 1e-9 of a world of 8e7.
    assert f.value(*two) == pytest.approx(-ev["C001"], abs=0.1)
    assert f.value() == 0
    for m in f.members:
        income = sum(float(world().income_n[world().country(c)]) for c in m.countries)
        assert m.relative_loss == pytest.approx(m.loss_in / income, rel=1e-9)
    frame = f.values_frame()
    assert len(frame) == f.equilibria == 8
    assert frame["target_loss"].max() == pytest.approx(f.loss)


def test_transfers_sum_to_zero_and_equalise_relative_losses_in_the_equilibrium() -> None:
    f = found()
    paid = {m.id: m.transfer for m in f.members}
    assert sum(paid.values()) == pytest.approx(0, abs=1e-6)
    assert max(paid.values()) > 1
    three = list(paid)
    shock = embargo("C001", three, ["G01", "G02"]) + embargo(three, "C001", ["G01", "G02"])
    # Paid pairwise, by the builder of the trade model instead of its array.
    shock += transfer("C002", "C003", amount=paid["C003"])
    shock += transfer("C002", "C004", amount=paid["C004"])
    change = solve(world(), shock).real_income_change
    # What is equalised to 1e-9 of income, solved to 1e-9.
    assert [change[c] for c in three] == pytest.approx([f.change] * 3, abs=1e-8)


class Taxed(Ground):
    """A bare world in which others have set a tariff."""

    def shock(self, measures: Iterable[str] | None = None) -> Shock:
        return tariff("C005", "C002", rate=0.4) + tariff("C002", "C004", rate=0.3)


def test_equal_losses_are_against_nobody_acting() -> None:
    """Measures of others move incomes also where no member acts."""
    members, goods = ["C002", "C003", "C004"], ["G01"]
    ground = Taxed("taxed", world(), horizon_named("long"), "zero", 1e-9)
    f = coalition(ground, "C001", members=members, goods=goods)
    paid = {m.id: m.transfer for m in f.members}
    trade = ground.shock() + embargo("C001", members, goods) + embargo(members, "C001", goods)
    trade += transfer("C002", "C003", amount=paid["C003"])
    trade += transfer("C002", "C004", amount=paid["C004"])
    nobody = solve(world(), ground.shock(), transfers="zero").real_income_change
    change = solve(world(), trade, transfers="zero").real_income_change
    against = [(1 + change[c]) / (1 + nobody[c]) - 1 for c in members]
    assert np.ptp([nobody[c] for c in members]) > 1e-3
    # What is equalised to 1e-9 of income, solved to 1e-9.
    assert against == pytest.approx([f.change] * 3, abs=1e-8)
    whole = sum(m.loss_in / m.relative_loss for m in f.members)
    assert f.cost / whole == pytest.approx(-f.change, abs=1e-3)


@pytest.mark.parametrize("error", [InfeasibleShock("Here.", [], ()), NotConverged("Here.")])
def test_a_coalition_without_an_equilibrium_leaves_the_others(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = Senders.variations

    def but_one(senders: Senders, coalitions: list[int]) -> list[np.ndarray]:
        if 0b011 in coalitions:
            raise error
        return solved(senders, coalitions)

    monkeypatch.setattr(Senders, "variations", but_one)
    f = coalition(world(), "C001", members=["C002", "C003", "C004"], goods=["G01"])
    assert set(f.game.failed) == {0b011}
    assert f.equilibria == 7
    assert not f.game.complete
    by = {m.id: m for m in f.members}
    assert np.isnan(by["C004"].marginal)
    assert np.isfinite(by["C002"].marginal)
    assert all(np.isnan(m.shapley) and np.isfinite(m.transfer) for m in f.members)
    said = " ".join(f.sentences)
    assert "C002 + C003: Here." in said
    assert "gain by leaving is not known" in said
    assert "nan" not in said
    assert f.to_dict()["unsolved"][0]["members"] == ["C002", "C003"]


def test_transfers_that_are_not_found_leave_the_game(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.analysis.coalitions.transfers._ROUNDS", 1)
    f = coalition(world(), "C001", members=["C002", "C003"], goods=["G01"])
    assert f.game.complete
    assert all(np.isnan(m.transfer) and np.isfinite(m.shapley) for m in f.members)
    assert "no transfers that equalise losses" in f.sentences[-1]


def test_one_member_costs_the_target_and_itself() -> None:
    f = coalition(world(), "C001", members=["C002"], goods=["G01"])
    assert f.sentences[0].startswith("C002 costs C001")
    assert "and itself" in f.sentences[0]
    small = replace(f.members[0], leaving=0.6)
    assert "C002 would gain 1 by leaving" in small.sentence
    small = replace(f.members[0], leaving=-0.6)
    assert small.sentence == "C002 stays for money alone: leaving would cost it 1."


def test_who_would_leave_follows_from_its_losses_in_and_out() -> None:
    f = russia()
    assert [m.id for m in f.members] == ["EU", "US", "UK", "Japan", "Canada"]
    ids = [m.id for m in f.members]
    for m in f.members:
        rest = [x for x in ids if x != m.id]
        assert m.marginal == pytest.approx(f.loss - f.value(*rest))
        assert m.leaving == pytest.approx(m.loss_in - m.loss_out)
        assert m.would_leave == (m.leaving > f.rate * m.marginal)
        assert m.would_leave == (m.implied_rate > f.rate)
        assert m.keeps == pytest.approx(max(m.leaving - m.marginal, 0.0))
    assert f.stable == (not any(m.would_leave for m in f.members))
    # Whom measures of all hit more than those of any part: losses grow with the coalition.
    assert f.loss > max(f.value(*[x for x in ids if x != m]) for m in ids)


def test_a_cancelled_game_keeps_what_it_solved_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    members = [f"C00{k}" for k in range(2, 9)]
    seen: list[int] = []

    def stop(done: int) -> None:
        seen.append(done)
        raise KeyboardInterrupt

    f = coalition(world(), "C001", members=members, goods=["G01"], progress=stop)
    assert f.game.cut_short
    assert f.equilibria == seen[0] < 2**7
    assert all(np.isfinite(m.marginal) and np.isnan(m.shapley) for m in f.members)
    assert "cancelled" in " ".join(f.sentences)


def test_beyond_the_budget_orders_are_sampled() -> None:
    members = ["C002", "C003", "C004", "C005", "C006"]
    exact = coalition(world(), "C001", members=members, goods=["G01"])
    rough = coalition(world(), "C001", members=members, goods=["G01"], budget=31)
    assert exact.game.complete
    assert not rough.game.complete
    assert rough.equilibria <= 31
    # What members add hardly depends on who came before: embargoes of one target add up.
    true = [m.shapley for m in exact.members]
    assert [m.shapley for m in rough.members] == pytest.approx(true, rel=0.02)


FORTY = [f"C{k:03d}" for k in range(2, 42)]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"members": ["C001", "C002"]}, QuestionError, "target C001 is inside the coalition"),
        ({"members": ["C002"], "goods": []}, QuestionError, "set of goods is empty"),
        ({"members": ["C002"], "rate": -1.0}, QuestionError, "cannot be negative"),
        ({"members": FORTY}, QuestionError, r"40 members .* up to 12 members .* sample orders"),
        ({"members": ["C002", "C0O3"]}, UnknownLabel, "Did you mean"),
        ({"members": ["C002"], "goods": ["G9"]}, UnknownLabel, "no good 'G9'"),
        ({"members": []}, QuestionError, "Nobody acts"),
        ({"members": ["*"]}, QuestionError, "'[*]' is everybody, the target C001 among them"),
        ({"members": None}, QuestionError, "no senders of its own"),
        ({"members": ["C002"], "leakage": 2.0}, ShockError, "between 0 and 1"),
        ({"members": ["C002", "C003"], "permutations": 1}, QuestionError, "4 or more"),
    ],
)
def test_bad_questions_say_what_to_ask_instead(
    options: dict[str, object], error: type[Exception], words: str
) -> None:
    where = synthetic(42, 1, seed=1) if options["members"] is FORTY else world()
    with pytest.raises(error, match=words):
        coalition(where, "C001", **options)


@pytest.mark.parametrize(
    ("members", "words"),
    [(["EU", "DEU"], "DEU belongs to two members"), (["China"], "no measure in force")],
)
def test_members_of_a_case_are_checked(members: list[str], words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        coalition("russia-coalition", "RUS", members=members)


def test_a_member_state_acts_in_its_union() -> None:
    f = coalition("belarus", "BLR", date="2025-12-01")
    found = {m.id: m.measures for m in f.members}
    assert list(found) == ["US", "EU", "Ukraine"]
    assert "lt-transit" in found["EU"]
    # The Canadian tariff of the United States hits somebody else, but is of the same owner.
    assert f.loss > 0


def test_a_gain_under_transfers_is_told_as_one() -> None:
    one = found()
    assert one.sharing is not None
    lost, won = (
        next(s for s in replace(one, change=change).sentences if s.startswith("Under transfers"))
        for change in (-2.5e-5, 2.5e-5)
    )
    assert "loses the same 0.003 % of its" in lost
    assert "gains the same 0.003 % of its" in won
