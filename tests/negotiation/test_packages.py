"""Packages and points of bargaining against definitions, brute force and independent optimisers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from detente.negotiation import (
    NegotiationError,
    Packages,
    Signatory,
    Unanimity,
    WeightedVotes,
    find_packages,
    pareto_front,
    rubinstein,
)

POINTS = ("Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian")


def random_payoffs(seed: int, measures: int, parties: int) -> np.ndarray:
    """States by parties; half of the seeds have whole numbers, so that there are ties."""
    rng = np.random.default_rng(seed)
    value = rng.normal(0.4, 1.0, (2**measures, parties))
    return np.round(2 * value) if seed % 2 else value


def search(payoff_sp: np.ndarray, **options) -> Packages:
    measures = [f"m{k}" for k in range(int(np.log2(len(payoff_sp))))]
    return find_packages(
        [Signatory("ABCDEF"[p], v) for p, v in enumerate(payoff_sp.T)], measures, **options
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("parties", [1, 2, 3, 5])
def test_packages_front_and_points_follow_their_definitions(seed: int, parties: int) -> None:
    payoff = random_payoffs(seed, 6, parties)
    start = seed * 7 % 64
    feasible = np.random.default_rng(seed).random(64) < 0.8
    found = search(payoff, status_quo=start, feasible=feasible)
    gain = payoff - payoff[start]
    accepted = [s for s in range(64) if s != start and feasible[s] and (gain[s] >= 0).all()]
    assert found.codes_k.tolist() == accepted
    assert found.examined == feasible.sum() - feasible[start]
    front = [
        s
        for s in accepted
        if not any((gain[t] >= gain[s]).all() and (gain[t] > gain[s]).any() for t in accepted)
    ]
    assert found.codes_k[found.front].tolist() == front
    ideal = np.max([gain[s] for s in accepted], axis=0, initial=0.0)
    if not (ideal > 0).any():
        assert found.points == found.lotteries == ()
        return
    able = ideal > 0

    def nash(s: int) -> tuple[float, float]:
        positive = gain[s] > 0
        return positive.sum(), np.prod(gain[s][positive])

    values = {
        "Nash": nash,
        "Kalai-Smorodinsky": lambda s: sorted(gain[s][able] / ideal[able]),
        "egalitarian": lambda s: sorted(gain[s][able]),
        "utilitarian": lambda s: gain[s].sum(),
    }
    for name, value in values.items():
        best = max(value(s) for s in accepted)
        assert value(found.point(name).code) == pytest.approx(best, rel=1e-12)
        assert found.point(name).code in front


@pytest.mark.parametrize("seed", range(1, 8, 2))
def test_packages_that_attain_a_point_equally_are_named_as_ties(seed: int) -> None:
    payoff = random_payoffs(seed, 5, 2)
    payoff[16:] = payoff[:16]  # the last measure changes nothing for anybody
    found = search(payoff)
    assert found.points
    for point in found.points:
        gain = payoff[point.code] - payoff[0]
        equal = [
            int(c)
            for c in found.codes_k
            if np.array_equal(payoff[c] - payoff[0], gain) and c != point.code
        ]
        assert equal
        assert set(equal) <= set(point.tied)
        assert "equally" in str(point)
        # Whichever of them stands for the point, the set of those that attain it is the same.
        turned = search(payoff[np.arange(32) ^ 16], status_quo=16).point(point.name)
        mirrored = {c ^ 16 for c in (turned.code, *turned.tied)}
        assert mirrored - {0} == {point.code, *point.tied} - {16, 0}


def test_a_point_that_one_package_attains_has_no_tie() -> None:
    rng = np.random.default_rng(4)
    found = search(rng.normal(0.4, 1.0, (64, 3)))
    assert found.points
    assert all(p.tied == () and "equally" not in str(p) for p in found.points)


def test_sums_that_differ_by_rounding_are_equal() -> None:
    payoff = np.array([[0, 0], [0.3, 1.0], [0.1 + 0.2, 1.0], [0.2, 0.5]])
    assert search(payoff).point("Nash").tied


def test_the_textbook_curve() -> None:
    """u = (x, √(1 − x)), on 2¹⁴ points, so that a point is within 2⁻¹⁴ of the true one."""
    x = np.arange(1, 2**14 + 1) / 2**14
    payoff = np.concatenate([[[0.0, 0.0]], np.stack([x, np.sqrt(1 - x)], axis=1)[:-1]])
    names = [f"m{k}" for k in range(14)]
    found = find_packages([Signatory("A", payoff[:, 0]), Signatory("B", payoff[:, 1])], names,
                          lotteries=False)  # fmt: skip
    golden = (np.sqrt(5) - 1) / 2
    for name, share in zip(POINTS, (2 / 3, golden, golden, 0.75), strict=True):
        assert found.point(name).gain[0] == pytest.approx(share, abs=2**-14)
        assert found.point(name).gain[1] == pytest.approx(np.sqrt(1 - share), abs=2**-13)


def expected(chance: np.ndarray, gain: np.ndarray) -> np.ndarray:
    return np.maximum(chance, 0) @ gain / np.maximum(chance, 0).sum()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("parties", [2, 3, 4])
def test_lotteries_against_independent_optimisers(seed: int, parties: int) -> None:
    rng = np.random.default_rng(100 + seed)
    payoff = np.concatenate([np.zeros((1, parties)), rng.gamma(1.0, 1.0, (15, parties))])
    weight = {c: float(w) for c, w in zip("ABCDEF", rng.uniform(0.5, 2.0, parties), strict=False)}
    found = search(payoff, weights=weight)
    gain, size = payoff[1:], 15
    ideal = gain.max(axis=0)
    w = np.array(list(weight.values()))
    for lottery in found.lotteries:
        assert sum(lottery.chances) == pytest.approx(1.0, abs=1e-12)
        mixed = np.array(lottery.chances) @ payoff[list(lottery.codes)]
        np.testing.assert_allclose(mixed, lottery.gain, rtol=1e-12)
    result = minimize(
        lambda c: -w @ np.log(c @ gain),
        np.full(size, 1 / size),
        jac=lambda c: -gain @ (w / (c @ gain)),
        bounds=[(0, 1)] * size,
        constraints={"type": "eq", "fun": lambda c: c.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    # SLSQP stops at about half the digits of a double.
    nash = np.array(found.lottery("Nash").gain)
    np.testing.assert_allclose(nash, expected(result.x, gain), rtol=1e-4)
    assert w @ np.log(nash) >= -result.fun - 1e-9
    for name, per in (("Kalai-Smorodinsky", ideal), ("egalitarian", np.ones(parties))):
        # The dual: prices that make the dearest package as cheap as possible.
        dual = linprog(
            np.append(np.zeros(parties), 1.0),
            A_ub=np.hstack([gain / per, -np.ones((size, 1))]),
            b_ub=np.zeros(size),
            A_eq=np.append(np.ones(parties), 0.0)[None, :],
            b_eq=[1.0],
            bounds=[(0, None)] * parties + [(None, None)],
        )
        share = np.array(found.lottery(name).gain) / per
        assert share.min() == pytest.approx(dual.fun, rel=1e-8)
        # Nobody can have more without loss to another: the lottery is on the hull's front.
        slack = linprog(
            -np.append(np.zeros(size), np.ones(parties)),
            A_eq=np.block(
                [
                    [gain.T, -np.diag(per)],
                    [np.ones((1, size)), np.zeros((1, parties))],
                ]
            ),
            b_eq=np.append(share * per, 1.0),
            bounds=[(0, None)] * (size + parties),
        )
        assert -slack.fun == pytest.approx(0.0, abs=1e-7)
    best = max(gain @ w)
    assert w @ np.array(found.lottery("utilitarian").gain) == pytest.approx(best, rel=1e-12)


def test_lotteries_on_a_known_triangle() -> None:
    """Packages worth (4, 0) and (0, 2), so that the hull is x/4 + y/2 = 1."""
    found = search(np.array([[0, 0], [4, 0], [0, 2], [-1, -1]], float))
    for name, gain in {
        "Nash": (2, 1), "Kalai-Smorodinsky": (2, 1), "egalitarian": (4 / 3, 4 / 3),
        "utilitarian": (4, 0),
    }.items():  # fmt: skip
        assert found.lottery(name).gain == pytest.approx(gain, abs=1e-9)
    weighted = search(np.array([[0, 0], [4, 0], [0, 2], [-1, -1]], float), weights={"A": 3.0})
    assert weighted.lottery("Nash").gain == pytest.approx((3, 0.5), abs=1e-9)
    assert "50.0 % m0" in str(found.lottery("Nash"))


def test_a_large_front_is_exact() -> None:
    value = np.random.default_rng(5).integers(0, 30, (2500, 3)).astype(float)
    beaten = [bool(((value >= v).all(axis=1) & (value > v).any(axis=1)).any()) for v in value]
    assert pareto_front(value).tolist() == np.flatnonzero(~np.array(beaten)).tolist()


def test_a_bloc_signs_by_its_rules_and_its_blockers_are_named() -> None:
    members = ("DEU", "LTU", "POL")
    majority, all_3 = WeightedVotes(members, (1, 1, 1), 2), Unanimity(members)
    #                    nothing  ban ends  release  both
    us = Signatory("USA", np.array([0.0, 1.0, 3.0, 4.0]))
    by_member = np.array([[0, 0, 0], [2, -9, 1], [1, 0, 1], [3, -1, 2]], float)
    measures = ("end of the ban", "release")
    by_majority = find_packages([us, Signatory("EU", (), (majority,), by_member)], measures)
    assert by_majority.codes_k.tolist() == [1, 2, 3]
    assert by_majority.rational == 2  # the end of the ban alone passes, and the sum loses
    assert by_majority.point("utilitarian").code == 3
    assert "loses as a sum" in str(by_majority)
    unanimous = find_packages([us, Signatory("EU", (), (majority, all_3), by_member)], measures)
    assert unanimous.codes_k.tolist() == [2]
    hinders = unanimous.refusals[1]
    assert (hinders.refused, hinders.alone, hinders.best) == (2, 2, "end of the ban and release")
    assert [v.alone for v in hinders.votes] == [(), ("LTU",)]
    assert "LTU alone blocks" in str(hinders)
    assert unanimous.table().column("package") == ("release",)
    decided = Signatory("EU", (), (majority,), by_member, np.array([0, 0, 0, 1], bool))
    assert find_packages([us, decided], measures).codes_k.tolist() == [3]


def test_the_question_may_name_some_states_only() -> None:
    payoff = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 2.0]])
    sides = [Signatory("A", payoff[:, 0]), Signatory("B", payoff[:, 1])]
    found = find_packages(sides, ["x", "y", "z"], codes=[4, 5, 1], status_quo=4)
    assert found.codes_k.tolist() == [5, 1]
    assert {p.package for p in found.points} <= {"x", "x and z"}


@pytest.mark.parametrize(
    ("first", "second", "share"), [(0.9, 0.8, 0.2 / 0.28), (0, 0.5, 0.5), (1, 0.5, 1)]
)
def test_rubinstein(first: float, second: float, share: float) -> None:
    found = rubinstein(first, second, "USA", "BLR")
    assert found.share == pytest.approx((share, 1 - share), rel=1e-12)
    assert "If USA offers first" in str(found)


@pytest.mark.parametrize(
    ("ask", "parts"),
    [
        (lambda: Signatory("A", [0, np.nan]), ["A in state 1"]),
        (lambda: Signatory("EU", [0, 1], (Unanimity(("X", "Y")),)), ["a bloc needs both"]),
        (
            lambda: find_packages(
                [Signatory("A", [0, 1]), Signatory("B", [0, 1, 2])],
                ["m", "n"],
                status_quo=5,
                weights={"C": 1.0, "A": -1.0},
                tolerance=np.inf,
            ),
            [
                "B has payoffs in 3",
                "2 measures make 4",
                "state 5",
                "'C'",
                "of A is -1",
                "tolerance",
            ],
        ),
        (
            lambda: find_packages([Signatory("A", [0, 1])], [f"m{k}" for k in range(30)]),
            ["2^30", "up to 24"],
        ),
        (lambda: search(np.eye(4)[:, :2]).point("Raiffa"), ["'Raiffa'"]),
        (lambda: rubinstein(1, 1), ["lose nothing by waiting"]),
        (lambda: rubinstein(-1, 2, "X", "Y"), ["of X", "of Y"]),
    ],
)
def test_faults_are_told_together(ask, parts) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    for part in parts:
        assert part in str(raised.value)


@pytest.mark.parametrize(
    ("ask", "part"),
    [
        (lambda: Signatory("A", [0, "x"]), "The payoff of A in state 1 is 'x', not a number."),
        (lambda: Signatory("A", [0, [1, 2]]), "The payoff of A is rows of different length"),
        (
            lambda: Signatory("C", (), Unanimity(("a", "b")), [[0, 1], ["x", 2]]),
            "The payoff of the member a of C in state 1 is 'x'",
        ),
    ],
)
def test_payoffs_that_are_no_numbers_are_named(ask, part: str) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    assert part in str(raised.value)


def test_points_are_measured_from_what_each_needs_to_sign() -> None:
    """A unit to be divided: reserves of a and b leave each with its own and half of the rest."""
    share = np.linspace(0, 1, 1001)
    first, second = np.append(0.0, share), np.append(0.0, 1 - share)
    names = [f"m{k}" for k in range(10)]
    codes = np.arange(1002)

    def found(a: float, b: float, **options) -> Packages:
        sides = [Signatory("A", first, reserve=a), Signatory("B", second, reserve=b)]
        return find_packages(sides, names, codes=codes, lotteries=False, **options)

    for a, b in ((0.0, 0.0), (0.2, 0.0), (0.3, 0.1)):
        packages = found(a, b)
        assert packages.gain_kp[:, 0].min() >= a - 1e-12
        assert packages.gain_kp[:, 1].min() >= b - 1e-12
        for name in ("Nash", "egalitarian", "Kalai-Smorodinsky"):
            assert packages.point(name).gain[0] == pytest.approx(a + (1 - a - b) / 2, abs=1e-3)
    weighted = found(0.2, 0.0, weights={"A": 3.0}).point("Nash")
    assert weighted.gain[0] == pytest.approx(0.2 + 0.75 * 0.8, abs=1e-3)
    assert not len(found(0.7, 0.4).codes_k)


def test_members_of_a_bloc_sign_for_what_they_need() -> None:
    rule = Unanimity(("a", "b"))
    payoff = np.array([[0, 0], [3.0, 1.0]])
    other = Signatory("B", [0, 1])

    def signs(needs: tuple[float, float]) -> bool:
        bloc = Signatory("A", (), rule, payoff, member_reserve_m=np.array(needs))
        return bool(len(find_packages([bloc, other], ["m"]).codes_k))

    assert signs((3.0, 1.0))
    assert not signs((0.0, 1.5))
    with pytest.raises(NegotiationError, match="one reserve for each of 2 members"):
        Signatory("A", (), rule, payoff, member_reserve_m=np.zeros(3))


def test_points_do_not_hang_on_the_unit_of_anybody() -> None:
    """Gains in cents or in trillions: the same packages, ties and chances."""
    rng = np.random.default_rng(8)
    payoff = np.concatenate([np.zeros((1, 3)), rng.gamma(1.0, 1.0, (15, 3))])
    plain = search(payoff)
    for scale in (1e-12, 1e9):
        scaled = search(payoff * scale)
        assert [(p.code, p.tied) for p in scaled.points] == [(p.code, p.tied) for p in plain.points]
    # Nash and Kalai-Smorodinsky do not even compare the units of two parties.
    unlike = search(payoff * [1e-6, 1.0, 1e6])
    for name in ("Nash", "Kalai-Smorodinsky"):
        assert unlike.point(name).code == plain.point(name).code
        lottery, other = plain.lottery(name), unlike.lottery(name)
        assert dict(zip(other.codes, other.chances, strict=True)) == pytest.approx(
            dict(zip(lottery.codes, lottery.chances, strict=True)), abs=1e-7
        )


def test_points_refusals_and_rows_in_words() -> None:
    #                     nothing  first  second  both
    a = Signatory("A", [0.0, 2.0, -1.0, 1.0])
    b = Signatory("B", [0.0, 1.5, 3.0, 2.8])
    found = find_packages([a, b], ["first", "second"], lotteries=False)
    assert [str(p) for p in found.points] == [
        "Nash: first (A +2, B +1.5).",
        "Kalai-Smorodinsky: first (A +2, B +1.5).",
        "egalitarian: first (A +2, B +1.5).",
        "utilitarian: first and second (A +1, B +2.8).",
    ]
    assert found.table().rows == (
        ("first", 2.0, 1.5, "Nash, Kalai-Smorodinsky, egalitarian"),
        ("first and second", 1.0, 2.8, "utilitarian"),
    )
    assert str(found.refusals[0]) == (
        "A refuses 1 package, 1 of them alone; the best that it alone refuses is second."
    )
    assert str(found.refusals[1]) == "B refuses 0 packages, 0 of them alone."
    assert found.sentences()[0] == (
        "A and B would all sign 2 of 3 packages, 2 of them on the Pareto front."
    )
    assert found.sentences()[-1] == str(found.refusals[0])
    useless = find_packages([Signatory("A", [0, 0]), Signatory("B", [0, 0])], ["m"])
    assert (useless.codes_k.tolist(), useless.points, useless.lotteries) == ([1], (), ())
    nobody = find_packages([a, Signatory("C", [0.0, -1.0, 3.0, -1.0])], ["first", "second"])
    assert str(nobody).startswith("A and C would all sign 0 of 3 packages")
    assert "None leaves anybody better off." in str(nobody)
    with pytest.raises(NegotiationError, match="none, because nobody can gain"):
        nobody.point("Nash")
    assert rubinstein(0.9, 0.8, "USA", "BLR").table().rows == (
        ("USA", 0.9, pytest.approx(0.2 / 0.28)), ("BLR", 0.8, pytest.approx(0.08 / 0.28))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: Signatory("", [0.0]), "has no name"),
        (lambda: Signatory("A", []), "one payoff for each state, not shape (0,)"),
        (lambda: Signatory("A", [[0.0]]), "one payoff for each state, not shape (1, 1)"),
        (lambda: Signatory("A", [0.0], accepts_s=np.ones(2, bool)), "signs by (2,) states"),
        (lambda: Signatory("A", [0.0], reserve=np.inf), "has to gain to sign is not a finite"),
        (lambda: Signatory("A", [0.0], (), [[0.0]]), "a bloc needs both"),
        (lambda: Signatory("A", [0.0], (Unanimity(("X",)),)), "a bloc needs both"),
        (
            lambda: Signatory("A", (), (Unanimity(("X",)), Unanimity(("Y",))), [[0.0]]),
            "name different members",
        ),
        (lambda: Signatory("A", (), Unanimity(("X", "Y")), [[0.0]]), "have shape (1, 1)"),
        (
            lambda: Signatory("A", [0.0], Unanimity(("X",)), [[0.0], [1.0]]),
            "has payoffs in 1 states and its members in 2",
        ),
        (
            lambda: Signatory("A", [0.0], Unanimity(("X", "Y")), [[0.0, np.nan]]),
            "in A are not finite numbers: Y.",
        ),
        (
            lambda: find_packages([Signatory("A", [0, 1])], ["m"], codes=[0]),
            "1 codes and payoffs in 2 states",
        ),
        (lambda: find_packages([Signatory("A", [0, 1])], ["m"], codes=[0, 2]), "outside 0 … 1"),
        (lambda: find_packages([Signatory("A", [0, 1])], ["m"], codes=[0, -1]), "outside 0 … 1"),
        (lambda: find_packages([Signatory("A", [0, 1])], ["m"], feasible=[1]), "shape (1,)"),
        (lambda: find_packages([Signatory("A", [0, 1])], ["m"], weights={"A": 0.0}), "of A is 0.0"),
        (lambda: find_packages([Signatory("A", [0, 1])], ["m"], tolerance=-1e-9), "tolerance"),
        (
            lambda: find_packages([Signatory("A", [0, 1])] * 2, ["m"]),
            "Each signatory may stand once; more often: A.",
        ),
        (
            lambda: find_packages([Signatory("A", [0, 1, 2, 3])], ["m", "m"]),
            "Each measure may stand once; more often: m.",
        ),
    ],
)
def test_each_fault_is_told_alone(ask, told: str) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    assert len(raised.value.faults) == 1
    assert told in str(raised.value)


def test_the_indifferent_sign_unless_they_vote_no() -> None:
    a, b = Signatory("A", [0.0, 0.0, -0.1, -0.2]), Signatory("B", [0.0, 1.0, 1.0, 1.0])

    def signed(**options) -> list[int]:
        return find_packages([a, b], ["m", "n"], **options).codes_k.tolist()

    assert signed() == [1]
    assert signed(tolerance=0.1) == [1, 2]
    assert signed(indifferent="no") == []
    assert signed(indifferent="no", tolerance=0.1) == []


def test_members_that_need_more_vote_so_on_what_their_bloc_refuses() -> None:
    bloc = Signatory("EU", (), Unanimity(("X", "Y")), [[5.0, 7.0], [8.0, 8.0]],
                     member_reserve_m=np.array([0.0, 2.0]))  # fmt: skip
    (vote,) = bloc.votes(0, 1, "abstain", 0.0)
    assert (vote.yes, vote.opponents) == (("X",), ("Y",))
    assert Signatory("A", [0.0, 1.0]).votes(0, 1, "abstain", 0.0) == ()


def test_a_front_of_many_equal_and_ordered_points() -> None:
    """More points than one block holds, some of them equal, in four dimensions."""
    rng = np.random.default_rng(1)
    value = rng.dirichlet(np.ones(4), 1500)
    value = np.concatenate([value, value[:300], value[:700] - 0.01])
    front = pareto_front(value)
    assert front.tolist() == list(range(1800))
    assert pareto_front(np.zeros((0, 3))).tolist() == []
    assert pareto_front(np.array([[1.0], [2.0], [2.0]])).tolist() == [1, 2]
    line = np.column_stack([np.arange(3000.0), np.arange(3000.0)])
    assert pareto_front(line).tolist() == [2999]


def test_the_least_gain_is_compared_from_the_worst_off_upwards() -> None:
    payoff = np.array([[0, 0, 0], [1, 5, 2], [2, 1, 9], [1, 3, 3]], float)
    found = search(payoff, lotteries=False)
    # Least gains are all 1; then 2, 2 and 3 for the second; so that the third package is fairest.
    assert found.point("egalitarian").code == 3
    # Shares of (2, 5, 9): (1/2, 1, 2/9), (1, 1/5, 1) and (1/2, 3/5, 1/3).
    assert found.point("Kalai-Smorodinsky").code == 3
    assert found.point("utilitarian").code == 2
    assert found.point("Nash").code == 2  # 18 against 10 and 9
    # Nobody lets all gain: most parties first, then the product of those that gain.
    partial = search(np.array([[0, 0, 0], [9, 0, 0], [1, 1, 0], [2, 1, 0]], float), lotteries=False)
    assert partial.point("Nash").code == 3
