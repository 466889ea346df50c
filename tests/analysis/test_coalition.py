"""Coalitions: Shapley's value by brute force, transfers that equalise, reasons to leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import Coalition, QuestionError, coalition
from detente.analysis.coalitions import shapley
from detente.analysis.coalitions.game import Game, cost_of, play, prefixes, sampled_shapley
from detente.analysis.coalitions.question import _members, equilibria_of
from detente.analysis.coalitions.senders import Senders
from detente.analysis.context import Context
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


class Taxed(Context):
    """A bare world in which others have set a tariff."""

    def shock(self, measures: Iterable[str] | None = None) -> Shock:
        return tariff("C005", "C002", rate=0.4) + tariff("C002", "C004", rate=0.3)


def test_equal_losses_are_against_nobody_acting() -> None:
    """Measures of others move incomes also where no member acts."""
    members, goods = ["C002", "C003", "C004"], ["G01"]
    context = Taxed("taxed", world(), horizon_named("long"), "zero", 1e-9)
    f = coalition(context, "C001", members=members, goods=goods)
    paid = {m.id: m.transfer for m in f.members}
    trade = context.shock() + embargo("C001", members, goods) + embargo(members, "C001", goods)
    trade += transfer("C002", "C003", amount=paid["C003"])
    trade += transfer("C002", "C004", amount=paid["C004"])
    nobody = solve(world(), context.shock(), transfers="zero").real_income_change
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
    text = " ".join(f.sentences)
    assert "C002 + C003: Here." in text
    assert "gain by leaving is not known" in text
    assert "nan" not in text
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


def toy(rate: float, variation: dict[int, list[float]] | None = None, **more: object) -> Coalition:
    """A game of two without any world: the target stands first, then A and B; all by hand."""
    given = variation or {0: [0, 0, 0], 1: [-4, 1, 0], 2: [-3, 0, -1], 3: [-10, -2, -3]}
    place = {"T": 0, "A": 1, "B": 2}
    context: Any = SimpleNamespace(
        world=SimpleNamespace(income_n=np.array([50.0, 100.0, 200.0]), country=place.__getitem__),
        at=lambda names: [place[c] for c in names],
        countries=lambda name: (name,),
        label=lambda name: f"land {name}",
        sentence="a made-up world",
        head=lambda said, drawn=None: {"sentences": said},
    )
    senders: Any = SimpleNamespace(
        ids=("A", "B"), countries=(("A",), ("B",)), measures=(("m",), ()), goods=("G",)
    )
    game = Game(2, {c: np.array(v, float) for c, v in given.items()}, **more)  # type: ignore[arg-type]
    found = _members(context, senders, game, None, rate, [0])
    return Coalition(
        context=context, target="T", members=found, goods=("G",), rate=rate,
        loss=game.loss(3, [0]), cost=game.loss(3, [1, 2]), change=np.nan, game=game, sharing=None,
        unshared="", equilibria=len(given), seconds=0.25,
    )  # fmt: skip


def test_a_game_of_two_by_hand() -> None:
    f = toy(0.4)
    a, b = f.members
    assert (a.alone, a.marginal, a.shapley, a.shapley_error) == (4.0, 7.0, 5.5, 0.0)
    assert (b.alone, b.marginal, b.shapley, b.shapley_error) == (3.0, 6.0, 4.5, 0.0)
    assert (a.loss_in, a.loss_out, a.leaving, a.relative_loss) == (2.0, 0.0, 2.0, 0.02)
    assert (b.loss_in, b.loss_out, b.leaving, b.relative_loss) == (3.0, 0.0, 3.0, 0.015)
    assert (a.implied_rate, a.would_leave, a.keeps) == (2 / 7, False, 0.0)
    assert (b.implied_rate, b.would_leave) == (0.5, True)
    # B gains 3 by leaving and values the target's loss at 0.4 · 6; A has 0.8 to spare.
    assert b.keeps == pytest.approx(0.6)
    assert not f.stable
    assert f.affordable
    assert (f.value(), f.value("A"), f.value("B", "A")) == (0.0, 4.0, 10.0)
    assert list(f.sentences) == [
        "Together land A, land B cost T 10 USD million a year and themselves 5 (a made-up world).",
        "Every one of the 4 coalitions was solved in 0.2 s.",
        "land B would leave, where a dollar of the target's loss is worth 0.4 to each member; 1 a "
        "year keeps it, and those who stay could pay for it.",
        "land A would gain 2 by leaving; it stays if a dollar of the target's loss is worth 0.29 "
        "dollars to it.",
        "land B would gain 3 by leaving; it stays if a dollar of the target's loss is worth 0.50 "
        "dollars to it, or for a transfer of 1.",
    ]
    assert f.values_frame().to_dicts() == [
        {"members": "", "size": 0, "target_loss": 0.0, "loss_A": 0.0, "loss_B": 0.0},
        {"members": "A", "size": 1, "target_loss": 4.0, "loss_A": -1.0, "loss_B": 0.0},
        {"members": "B", "size": 1, "target_loss": 3.0, "loss_A": 0.0, "loss_B": 1.0},
        {"members": "A B", "size": 2, "target_loss": 10.0, "loss_A": 2.0, "loss_B": 3.0},
    ]
    row = f.to_frame().row(0, named=True)
    assert (row["id"], row["countries"], row["measures"], row["shapley"]) == ("A", "A", "m", 5.5)
    stated = f.to_dict()
    assert (stated["exact"], stated["orders"], stated["equilibria"], stated["cut_short"]) == (
        True, 0, 4, False
    )  # fmt: skip
    assert (stated["harm"], stated["cost"], stated["stable"], stated["affordable"]) == (
        10.0, 5.0, False, True
    )  # fmt: skip
    with pytest.raises(QuestionError, match=r"C is no member .* It has A, B"):
        f.value("C")


def test_who_leaves_for_money_alone() -> None:
    f = toy(0.0)
    assert all(m.would_leave for m in f.members)
    assert [m.keeps for m in f.members] == [2.0, 3.0]
    assert not f.affordable
    assert f.sentences[2] == (
        "land A, land B would leave, in money alone; 5 a year keeps them, and nobody stays to pay "
        "for it."
    )
    loyal = toy(1.0)
    assert loyal.stable
    assert loyal.affordable
    assert loyal.sentences[2] == (
        "No member would leave, where a dollar of the target's loss is worth 1 to each member."
    )
    # A gains by acting: it stays for money, and leaving does not even need a rate.
    happy = toy(0.0, {0: [0, 0, 0], 1: [-4, 1, 0], 2: [-3, 0, -1], 3: [-3, 2, -3]})
    a, b = happy.members
    assert (a.leaving, a.implied_rate, a.would_leave) == (-2.0, 0.0, False)
    assert a.sentence == "land A stays for money alone: leaving would cost it 2."
    # B's leaving raises the target's loss, so that no rate keeps it; and A has 2 for its 3.
    assert np.isnan(b.implied_rate)
    assert b.sentence == "land B would gain 3 by leaving, or for a transfer of 3."
    assert not happy.affordable
    assert "those who stay do not gain enough to pay for it" in happy.sentences[2]
    won = toy(0.0, {0: [0, 0, 0], 1: [-4, 1, 0], 2: [-3, 0, -1], 3: [-3, 2, 0]})
    assert won.sentences[0].endswith("cost T 3 USD million a year and gain 2 (a made-up world).")


def test_what_others_did_before_is_no_loss_of_the_coalition() -> None:
    """Losses and incomes are against nobody acting, who may have lost already."""
    f = toy(0.0, {0: [-1, 10, 0], 1: [-5, 11, 0], 2: [-4, 10, -1], 3: [-11, 8, -3]})
    a, b = f.members
    assert (f.loss, f.cost) == (10.0, 5.0)
    assert (a.loss_in, a.marginal, b.loss_in, b.marginal) == (2.0, 7.0, 3.0, 6.0)
    assert a.relative_loss == pytest.approx(2 / 110)


def test_games_that_are_not_whole_say_so() -> None:
    half = {0: [0, 0, 0], 1: [-4, 1, 0], 3: [-10, -2, -3]}
    f = toy(0.5, half, failed={2: "No supplier."}, cut_short=True)
    a, b = f.members
    assert np.isnan(a.leaving)
    assert np.isnan(a.marginal)
    assert np.isnan(b.alone)
    assert b.marginal == 6.0
    assert not a.would_leave
    assert f.sentences[1] == (
        "3 coalitions were solved, too few for Shapley's contributions in 0.2 s; cancelled before "
        "the rest."
    )
    assert f.sentences[2] == (
        "1 coalitions have no value and are in no mean, first B: No supplier."
    )
    assert "No member of whom it is known would leave" in f.sentences[3]
    assert f.stable
    assert f.affordable
    with pytest.raises(QuestionError, match="not among those sampled or solved"):
        f.value("B")
    sampled = toy(0.5, half, orders=((0, 1), (0, 1), (0, 1), (0, 1)))
    assert [m.shapley for m in sampled.members] == [4.0, 6.0]
    assert [m.shapley_error for m in sampled.members] == [0.0, 0.0]
    assert sampled.sentences[1] == (
        "Contributions are means over 4 orders of joining, with their standard errors; 3 "
        "coalitions were solved in 0.2 s."
    )


def test_errors_of_sampled_orders_are_those_of_pairs() -> None:
    value = {0: 0.0, 1: 1.0, 2: 3.0, 3: 10.0}
    mean, error = sampled_shapley(2, value, [(0, 1), (1, 0), (0, 1), (0, 1), (1, 0)])
    # Gains of the first: 1, 7, 1, 1, 7; pairs are 4 and 1, and the last stands alone.
    assert mean.tolist() == pytest.approx([17 / 5, 10 - 17 / 5])
    assert error.tolist() == pytest.approx([1.5, 1.5])
    assert np.isnan(sampled_shapley(2, value, [(0, 1), (1, 0), (0, 1)])[1]).all()


def test_a_game_is_played_from_what_matters_most() -> None:
    seen: list[list[int]] = []
    parts: list[int] = []

    def solve_some(chunk: list[int]) -> list[np.ndarray]:
        seen.append(list(chunk))
        return [np.array([float(c)]) for c in chunk]

    game = play(3, solve_some, progress=parts.append)
    assert seen == [[0, 7, 6, 5, 3, 1, 2, 4]]
    assert parts == [8]
    assert game.complete
    assert game.orders == ()
    assert (game.grand, game.loss(5, [0])) == (7, -5.0)
    seen.clear()
    large = play(6, solve_some, progress=parts.append)
    assert [len(c) for c in seen] == [32, 32]
    assert parts[1:] == [32, 64]
    assert sorted(large.variation) == list(range(64))
    seen.clear()
    sampled = play(6, solve_some, permutations=5, seed=2)
    assert len(sampled.orders) == 5
    assert sampled.orders[1] == sampled.orders[0][::-1]
    assert sampled.orders[3] == sampled.orders[2][::-1]
    assert set(sampled.variation) == {0, 63, *(1 << m for m in range(6))} | {
        63 ^ (1 << m) for m in range(6)
    } | {c for o in sampled.orders for c in prefixes(o)}
    assert not sampled.complete
    assert prefixes((2, 0, 1)) == [0, 4, 5, 7]
    assert (cost_of(3), cost_of(6, 5)) == (8, 2 + 12 + 25)


@pytest.mark.parametrize(
    ("members", "budget", "orders"),
    [(5, 32, 0), (5, 31, 4), (5, 28, 4), (20, 2**20, 0), (6, 63, 9), (1, 2, 0)],
)
def test_a_budget_is_spent_on_all_coalitions_or_on_orders(
    members: int, budget: int, orders: int
) -> None:
    taken = equilibria_of(members, budget)
    assert taken == (2**members if not orders else 2 + 2 * members + orders * (members - 1))
    assert taken <= budget
    assert equilibria_of(members, budget, 7) == 2 + 2 * members + 7 * (members - 1)


def test_budgets_that_are_too_small_are_refused() -> None:
    with pytest.raises(QuestionError, match=r"up to 4 members within the budget of 27 equilibria"):
        equilibria_of(5, 27)
    with pytest.raises(QuestionError, match="up to 20 members within the budget"):
        equilibria_of(21, 2**22)
    with pytest.raises(QuestionError, match="3 orders of joining give no standard error"):
        equilibria_of(5, 32, 3)
    assert equilibria_of(5, 32, 4) == 28
