"""States, payoffs, rules of blocs at their moments, stakes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from detente.negotiation import (
    Conflict,
    Interest,
    ListedConflict,
    Measure,
    Party,
    StateSpace,
    TalksError,
    Unanimity,
    Valuation,
    WeightedVotes,
    remedies,
    why,
)

EU = Party("EU", "the EU", Unanimity(("X", "Y", "Z")))
LT = Party("LT", "Lithuania")


def eu_case(expiry: str = "stays", **more: object) -> Conflict:
    """The EU may lift a ban that costs it 310, and stands for non-recognition."""
    return Conflict.of(
        [EU, LT],
        [Measure("ban", "EU", "the ban", expiry=expiry), Measure("stop", "LT", "the transit stop")],
        status_quo=["ban", "stop"],
        money={"X": [200, 0, 150, 0], "Y": [120, 0, 100, 0], "Z": [-10, 0, -9, 0], "LT": [0] * 4},
        trade=["ban", "stop"],
        interests=[Interest("recognition", {"ban": 1.0}, "non-recognition")],
        valuations=[Valuation("EU", "recognition", 30.0, 0.0, 90.0)],
        **more,
    )


def test_states() -> None:
    measures = [
        Measure("ban", "B", levels=("partial", "full")),
        Measure("release", "A", reversible=False),
        Measure("embassy", "A"),
    ]
    space = StateSpace.of(
        ["A", "B"],
        measures,
        forbidden=[{"ban": "full", "embassy": True}],
        implies=[({"embassy": True}, {"release": True})],
    )
    assert space.bits == ("release", "embassy", "ban:partial", "ban:full")
    feasible = [
        {"r": r, "e": e, "b": b}
        for r in (0, 1) for e in (0, 1) for b in (0, 1, 2)
        if not (b == 2 and e) and not (e and not r)
    ]  # fmt: skip
    assert space.feasible_s.sum() == len(feasible)
    code = space.code({"ban": "partial", "release": True})
    assert space.in_force(code) == {"ban": "partial", "release": True}
    assert space.label(code) == "‘release’ and ‘ban’ (partial) in force"
    assert space.change(code, space.code(["release"])) == "‘ban’ ends"
    assert space.doing(code, space.code({"ban": "full"} | dict.fromkeys(("release",), True))) == (
        "bringing ‘ban’ to full"
    )
    nothing = space.code([])
    assert space.change(nothing, code) == "‘release’ comes into force and ‘ban’ comes to partial"
    both = space.code(["release", "embassy"])
    assert space.change(nothing, both) == "‘release’ and ‘embassy’ come into force"
    assert space.doing(both, nothing) == "ending ‘release’ and ‘embassy’"
    assert sorted(space.reachable(code, 0).tolist()) == [
        space.code({"ban": "partial", "release": True, "embassy": True})
    ]
    assert all(space.level(int(t), measures[1]) for t in space.reachable(code))


def test_payoffs_add_up() -> None:
    conflict = eu_case()
    payoffs = conflict.payoffs
    assert payoffs.members(0).sum(axis=0) == pytest.approx(payoffs.total_is[0], rel=1e-15)
    here = payoffs.components(0, np.arange(4))
    assert here.sum(axis=0) == pytest.approx(payoffs.total_is[0], rel=1e-15)
    assert payoffs.total_is[0, conflict.status_quo] == 30.0
    assert conflict.gain(0, conflict.status_quo, conflict.space.code(["stop"])) == 241 - 30


@pytest.mark.parametrize(
    ("expiry", "repeal", "renew", "moves"),
    [
        ("stays", "all", "all", False),  # Z loses and can keep the ban
        ("lapses", "all", "all", True),  # X gains and can end it
        ("lapses", "all", "most", True),  # two of three would not renew
        ("stays", "most", "all", True),
        ("lapses", "all", "one", False),  # one is enough to renew
    ],
)
def test_moments(expiry: str, repeal: str, renew: str, moves: bool) -> None:
    members = ("X", "Y", "Z")
    rules = {
        "all": Unanimity(members),
        "most": WeightedVotes(members, (1, 1, 1), 2),
        "one": WeightedVotes(members, (1, 1, 1), 1),
    }
    ban = Measure("ban", "EU", repeal=rules[repeal], renew=rules[renew], expiry=expiry)
    money = {"X": [9, 0], "Y": [5, 0], "Z": [-1, 0]}
    conflict = Conflict.of([EU], [ban], status_quo=["ban"], money=money, trade=["ban"])
    assert bool(conflict.prefers(0, np.array([1]), np.array([0]))[0]) is moves


@pytest.mark.parametrize(
    ("renewed_with", "first", "both"),
    [
        ("", True, True),  # X refuses the renewal of the first alone
        ("the decision", False, True),  # one decision: all lapse, or all stay
    ],
)
def test_what_one_decision_renews_lapses_as_one(renewed_with: str, first: bool, both: bool) -> None:
    measures = [
        Measure(name, "EU", expiry="lapses", renewed_with=renewed_with)
        for name in ("first", "second")
    ]
    # X gains by the end of either; Y loses, so that nothing is repealed.
    money = {"X": [5, 2, 3, 0], "Y": [-2, -1, -1, 0], "Z": [0, 0, 0, 0]}
    conflict = Conflict.of(
        [EU], measures, status_quo=["first", "second"], money=money, trade=["first", "second"]
    )
    here = conflict.status_quo
    there = np.array([conflict.space.code(["second"]), conflict.space.code([])])
    assert conflict.prefers(0, np.full(2, here), there).tolist() == [first, both]
    # To keep it in place X has to get what the lapse of all, or of either, would bring it.
    paid = remedies(conflict, here).blocs[0]
    assert paid.members == ("X",)
    assert paid.total == pytest.approx(5.0)
    # From where the second is not in force, the first lapses by itself.
    alone = conflict.space.code(["first"])
    assert conflict.prefers(0, np.array([alone]), np.array([conflict.space.code([])]))[0]


def test_one_decision_is_of_one_owner_and_one_rule() -> None:
    members = ("X", "Y", "Z")
    by_majority = WeightedVotes(members, (1, 1, 1), 2)
    measures = [
        Measure("ban", "EU", expiry="lapses", renewed_with="D"),
        Measure("stop", "LT", renewed_with="D"),
        Measure("cap", "EU", renew=by_majority, renewed_with="D"),
    ]
    with pytest.raises(TalksError, match="one decision is of one owner") as caught:
        Conflict.of([EU, LT], measures, status_quo=["ban"])
    assert "by different rules" in str(caught.value)


def test_why_it_holds() -> None:
    draws = np.zeros((3, 4, 4))
    draws[:, 0] = np.outer([120, 310, 540], [1, 0, 1, 0])
    found = why(eu_case(), "EU", interest="recognition", money_dhq=draws, level=1.0)
    assert found.stake.bound == 241
    assert (found.stake.low, found.stake.high) == (120, 540)
    assert str(found) == (
        "The EU holds: ending ‘the ban’ would bring 241 (120 to 540) million a year, so holding "
        "is rational only if non-recognition is worth at least that."
    )
    (move,) = found.moves
    assert move.parts == (241.0, -30.0)
    assert not move.carried
    assert found.table().column("in all") == (211.0,)


def test_why_it_moved() -> None:
    conflict = eu_case()
    there = conflict.space.code(["stop"])
    found = why(conflict, "EU", moved_to=there)
    assert found.stake.bound == 241
    assert (
        "moving is rational only if what it would give up besides money (non-recognition) is worth "
        "at most that" in str(found)
    )
    with pytest.raises(TalksError, match="cannot move"):
        why(conflict, "LT", moved_to=there)


def refused(**more: object) -> list[str]:
    given: dict[str, object] = {
        "parties": [EU, LT],
        "measures": [Measure("ban", "EU"), Measure("stop", "LT")],
        "status_quo": ["ban"],
        **more,
    }
    with pytest.raises(TalksError) as caught:
        Conflict.of(given.pop("parties"), given.pop("measures"), **given)
    return list(caught.value.faults)


def test_all_faults_at_once() -> None:
    stranger = Unanimity(("X", "W"))
    faults = refused(
        parties=[EU, LT, Party("US")],
        measures=[Measure("ban", "EU", repeal=stranger), Measure("stop", "LT")],
        money={"X": [1, float("nan")], "Y": ["a", "b"], "Z": [1], "LT": [0, 0], "US": [0, 0]},
        trade=["bann"],
        interests=[Interest("honour", {"stop": float("inf")})],
        valuations=[Valuation("LV", "honor", 1.0), Valuation("LT", "honour", 5.0, 6.0)],
        forbidden=[{"stopp": True}],
    )
    for part in (
        "US owns no measure",
        "repeal ban names 'W', who is no member of EU",
        "payoff of X in setting 1 is nan, not a number",
        "money of Y has shape (2,) and type <U1",
        "money of Z has shape (1,)",
        "'bann' is said to change trade and is no measure. Did you mean ban?",
        "stop adds inf to honour",
        "'LV' values 'honor'",
        "LV values 'honor', which is no interest. Did you mean honour?",
        "outside its range 6 to 5",
        "'stopp' is no measure. Did you mean stop?",
    ):
        assert any(part in fault for fault in faults), part


def test_too_many_measures() -> None:
    (fault,) = refused(
        measures=[*(Measure(f"m{k}", "EU") for k in range(24)), Measure("stop", "LT")],
        status_quo=[],
    )
    assert "25 measures" in fault
    assert "33,554,432 states" in fault
    assert "20 parts (1,048,576 states) work: leave out 5" in fault


def test_forbidden_status_quo() -> None:
    (fault,) = refused(forbidden=[{"ban": True}])
    assert "cannot exist" in fault
    (fault,) = refused(forbidden=[{"ban": True}, {"ban": False}])
    assert "No state is left" in fault


def test_listed_faults() -> None:
    with pytest.raises(TalksError) as caught:
        ListedConflict.of(["a", "b"], {"P": {"a": ["c"]}, "Q": {}}, {"P": ["a"]})
    text = str(caught.value)
    assert "'c', which is no state" in text
    assert "The preferences of P have to hold every state once; not so for b" in text
    assert "Q has no preferences" in text
