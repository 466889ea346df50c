"""States, payoffs, rules of blocs at their moments, stakes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from detente.negotiation import (
    Conflict,
    Interest,
    ListedConflict,
    Measure,
    NegotiationError,
    Party,
    StateSpace,
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
    with pytest.raises(NegotiationError, match="one decision is of one owner") as caught:
        Conflict.of([EU, LT], measures, status_quo=["ban"])
    assert "by different rules" in str(caught.value)


def test_why_it_holds() -> None:
    draws = np.zeros((3, 4, 4))
    draws[:, 0] = np.outer([120, 310, 540], [1, 0, 1, 0])
    found = why(eu_case(), "EU", interest="recognition", money_dhq=draws, level=1.0)
    assert found.stake.bound == 241
    assert (found.stake.low, found.stake.high) == (120, 540)
    assert str(found) == (
        "The EU holds: ending ‘the ban’ would bring 240 (120 to 540) million a year. Holding "
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
        "Moving is rational only if what it would give up besides money (non-recognition) is worth "
        "at most that" in str(found)
    )
    with pytest.raises(NegotiationError, match="cannot move"):
        why(conflict, "LT", moved_to=there)


def refused(**more: object) -> list[str]:
    given: dict[str, object] = {
        "parties": [EU, LT],
        "measures": [Measure("ban", "EU"), Measure("stop", "LT")],
        "status_quo": ["ban"],
        **more,
    }
    with pytest.raises(NegotiationError) as caught:
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
    with pytest.raises(NegotiationError) as caught:
        ListedConflict.of(["a", "b"], {"P": {"a": ["c"]}, "Q": {}}, {"P": ["a"]})
    text = str(caught.value)
    assert "'c', which is no state" in text
    assert "The preferences of P have to hold every state once; not so for b" in text
    assert "Q has no preferences" in text


def test_changes_in_words() -> None:
    measures = [
        Measure("ban", "B", levels=("partial", "full")),
        Measure("release", "A"),
        Measure("embassy", "A"),
    ]
    space = StateSpace.of(["A", "B"], measures)
    nothing, full = space.code([]), space.code(["ban"])
    both = space.code(["release", "embassy"])
    assert space.in_force(full) == {"ban": "full"}
    assert [space.level(c, measures[0]) for c in (nothing, full)] == [0, 2]
    assert space.change(both, both) == "nothing changes"
    assert space.doing(both, both) == "changing nothing"
    assert space.turn(both, both) == "no change"
    assert space.turn(both, full) == ("the end of ‘release’ and ‘embassy’, and ‘ban’ at full")
    assert space.doing(full, both) == "ending ‘ban’, and starting ‘release’ and ‘embassy’"
    one = space.code(["release"])
    assert space.turn(full, one) == "the end of ‘ban’ and the start of ‘release’"
    assert space.change(one, full) == "‘release’ ends and ‘ban’ comes to full"
    assert space.turn(nothing, both) == "the start of ‘release’ and ‘embassy’"
    assert space.change(full, both) == "‘ban’ ends, and ‘release’ and ‘embassy’ come into force"
    assert space.label(nothing) == "nothing in force"
    assert (space.own(0), space.own(1), space.one_off) == (0b0011, 0b1100, 0)
    assert sorted(space.reachable(full).tolist()) == [
        c for c in range(16) if c != full and (c >> 3 <= (c >> 2 & 1))
    ]
    # A level that is only said to be in force is at least the lowest in a pattern.
    assert np.flatnonzero(space.matching({"ban": True})).tolist() == [
        c for c in range(16) if c >> 2 & 1
    ]
    assert np.flatnonzero(space.matching({"ban": False, "release": True})).tolist() == [1, 3, 9, 11]


def test_levels_that_come_one_after_the_other() -> None:
    space = StateSpace.of(["A"], [Measure("ban", "A", levels=("low", "middle", "high"))])
    assert np.flatnonzero(space.feasible_s).tolist() == [0b000, 0b001, 0b011, 0b111]
    assert space.code({"ban": "middle"}) == 0b011
    listed = Measure("ban", "A", levels=["low", "high"])  # type: ignore[arg-type]
    assert (listed.levels, listed.bits, listed.label) == (
        ("low", "high"), ("ban:low", "ban:high"), "ban"
    )  # fmt: skip
    assert space.in_force(0b011) == {"ban": "middle"}
    with pytest.raises(NegotiationError, match="ban has no level 'top': low, middle and high"):
        space.code({"ban": "top"})


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        ([Measure("ban", "A", levels=("full",))], "The levels of ban are full: name two or more"),
        ([Measure("ban", "A", levels=("x", "x"))], "The levels of ban are x, x"),
        ([Measure("ban", "A", expiry="never")], "ban 'never' at expiry"),
        ([Measure("ban", "A", reversible=False, expiry="lapses")], "cannot be undone and lapses"),
        ([Measure("ban", "A"), Measure("ban", "A")], "Each measure may stand once"),
        ([Measure("ban", "A"), Measure("stop", "C")], "stop belongs to 'C', who is no party"),
        ([Measure("ban", "A", repeal=Unanimity(("X",)))], "is for members, and A has none"),
    ],
)
def test_each_fault_of_measures_is_told_alone(measures, told: str) -> None:
    with pytest.raises(NegotiationError) as caught:
        Conflict.of([Party("A")], measures, status_quo=[])
    assert len(caught.value.faults) == 1
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"money": {"X": [0, 0], "Y": [0, 0], "Z": [0, 0], "LT": [0, 0], "US": [0, 0]},
          "trade": ["ban"]}, "'US' has money and is neither party nor member"),
        ({"money": {"X": [0, 0], "Y": [0, 0], "Z": [0, 0]}, "trade": ["ban"]}, "LT has no money"),
        ({"interests": [Interest("honour", {"bann": 1.0})]}, "'bann' adds to honour"),
        ({"interests": [Interest("honour", {"ban": True})]}, "ban adds True to honour"),
        ({"interests": [Interest("honour", np.zeros(3))]}, "has effects of shape (3,), not (4,)"),
        ({"interests": [Interest("honour", np.full(4, np.nan))]}, "are not all numbers"),
        ({"interests": [Interest("honour", {"ban": 1.0})],
          "valuations": [Valuation("LT", "honour", np.nan)]}, "which is not a number"),
        ({"interests": [Interest("honour", {"ban": 1.0})],
          "valuations": [Valuation("LT", "honour", 5.0, 0.0, 4.0)]}, "outside its range 0 to 4"),
        ({"status_quo": ["bann"]}, "'bann' is no measure. Did you mean ban?"),
        ({"parties": [EU, Party("EU2", members=("V",))],
          "measures": [Measure("ban", "EU"), Measure("stop", "EU2")]}, "no rule by which they"),
        ({"parties": [EU, Party("X")],
          "measures": [Measure("ban", "EU"), Measure("stop", "X")]},
         "Each party or member may stand once; more often: X."),
        ({"parties": [Party("EU", rule=Unanimity(("X", "V")), members=("X", "Y")), LT]},
         "The rule of EU names 'V', who is no member of EU"),
    ],
)  # fmt: skip
def test_each_fault_of_a_conflict_is_told_alone(more, told: str) -> None:
    faults = refused(**more)
    assert len(faults) == 1
    assert told in faults[0]


def test_the_ends_of_ranges_are_inside() -> None:
    for value in (0.0, 4.0):
        Conflict.of(
            [EU, LT],
            [Measure("ban", "EU"), Measure("stop", "LT")],
            status_quo=["ban"],
            interests=[Interest("honour", {"ban": 1.0})],
            valuations=[Valuation("LT", "honour", value, 0.0, 4.0)],
        )
    many = [Measure(f"m{k}", "LT") for k in range(19)]
    found = Conflict.of([EU, LT], [Measure("ban", "EU"), *many], status_quo=[])
    assert found.space.size == 2**20


def test_a_bloc_shares_what_it_values_evenly_and_a_member_values_by_itself() -> None:
    conflict = Conflict.of(
        [EU, LT],
        [Measure("ban", "EU"), Measure("stop", "LT")],
        status_quo=["ban"],
        interests=[Interest("honour", {"ban": 2.0, "stop": -1.0}), Interest("calm", np.arange(4))],
        valuations=[
            Valuation("EU", "honour", 30.0),
            Valuation("Y", "honour", 5.0),
            Valuation("LT", "calm", 7.0),
        ],
    )
    payoffs = conflict.payoffs
    assert payoffs.members(0).tolist() == [
        [0, 20, -10, 10],
        [0, 30, -15, 15],
        [0, 20, -10, 10],
    ]
    assert payoffs.total_is.tolist() == [[0, 70, -35, 35], [0, 7, 14, 21]]
    assert payoffs.components(1, [1, 3]).tolist() == [[0, 0], [0, 0], [7, 21]]
    assert payoffs.components(0, 3).tolist() == [0, 35, 0]
    assert payoffs.names == ("money", "honour", "calm")


def test_the_stake_of_a_government_by_hand() -> None:
    """Two measures: one earns 3 by its end, one costs 1; honour is lost by either."""
    conflict = Conflict.of(
        [LT],
        [Measure("ban", "LT", "the ban"), Measure("toll", "LT", "the toll")],
        status_quo=["ban", "toll"],
        money={"LT": [3, 0, 4, 1]},
        trade=["ban", "toll"],
        interests=[
            Interest("honour", {"ban": 2.0, "toll": 1.0}),
            Interest("calm", {"toll": 5.0}),
        ],
        valuations=[Valuation("LT", "honour", 1.0), Valuation("LT", "calm", 0.1)],
    )
    found = why(conflict, "LT", interest="honour")
    # Ending the ban brings 3 for 2 units, ending both 2 less 0.5 for 3, the toll −1 less 0.5.
    assert found.stake.bound == pytest.approx(1.5)
    assert found.stake.units == 2.0
    assert str(found) == (
        "Lithuania holds: ending ‘the ban’ would bring 3 million a year. Holding is rational "
        "only if honour is worth at least 1.5 million a year for each unit."
    )
    assert [m.parts[0] for m in found.moves] == [3.0, 2.0, -1.0]
    assert found.moves[1].touches == ("honour", "calm")
    assert found.moves[0].touches == ("honour",)
    calm = why(conflict, "LT", interest="calm")
    assert (calm.stake.move.doing, calm.stake.units) == ("ending ‘the ban’ and ‘the toll’", 5.0)
    assert calm.stake.bound == pytest.approx((2 - 3) / 5)
    assert "Money and what else is stated explain that it holds" in str(calm)
    everything = why(conflict, "LT")
    assert everything.stake.bound == 3.0
    moved = why(conflict, "LT", moved_to=conflict.space.code(["ban"]))
    assert moved.stake.bound == -1.0
    assert "ending ‘the toll’ costs 1 million a year" in str(moved)
    unmoved = why(conflict, "LT", state=conflict.space.code([]), interest="honour")
    assert unmoved.stake.move is None
    assert str(unmoved) == "Lithuania holds: none of its moves changes honour."
    assert found.table().rows[0] == (2, "‘the ban’ ends", 3.0, -2.0, 0.0, 1.0, True)
    with pytest.raises(NegotiationError, match=r"'honor' is no interest\. Did you mean honour"):
        why(conflict, "LT", interest="honor")


def test_the_band_of_a_stake_are_quantiles_of_the_draws() -> None:
    draws = np.zeros((101, 4, 4))
    draws[:, 0] = np.outer(np.arange(101.0), [1, 0, 1, 0])
    found = why(eu_case(), "EU", interest="recognition", money_dhq=draws, level=0.9)
    assert (found.stake.low, found.stake.high) == pytest.approx((5.0, 95.0))
    assert "(5 to 95)" in str(found)


def test_one_state_stands_once_and_there_is_one() -> None:
    for states in (["a", "a"], []):
        with pytest.raises(
            NegotiationError, match="Each state stands once, and there is one at least"
        ):
            ListedConflict.of(states, {}, {})
    with pytest.raises(NegotiationError) as caught:
        ListedConflict.of(
            ["a", "b"], {"P": {"a": ["a"]}}, {"P": ["a", "a", "b"], "Q": ["a", "b"]},
            status_quo="c",
        )  # fmt: skip
    for part in (
        "Q has preferences and no moves",
        "P moves from 'a' to itself",
        "have to hold every state once; not so for a.",
        "status quo 'c' is no state",
    ):
        assert part in str(caught.value)
    with pytest.raises(NegotiationError, match="'R' is no party"):
        ListedConflict.of(["a"], {"P": {}}, {"P": ["a"]}).index("R")
