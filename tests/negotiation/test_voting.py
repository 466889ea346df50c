"""Rules, blocking sets, the three moments and power indices, against definitions."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from detente.negotiation import (
    DoubleMajority,
    Moments,
    NegotiationError,
    Sovereign,
    Unanimity,
    WeightedVotes,
    blocking,
    minimal_blocking_sets,
    power,
    power_at,
    proposer_share,
    qualified_majority,
    unanimity,
    who_can_block,
)

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/detente/negotiation/data"
EEC = WeightedVotes(("DEU", "FRA", "ITA", "NLD", "BEL", "LUX"), (4, 4, 4, 2, 2, 1), 12)


def random_rules(seed: int) -> list:
    rng = np.random.default_rng(seed)
    names = tuple("ABCDEFG")
    weights = tuple(int(w) for w in rng.integers(0, 9, 7))
    return [
        Sovereign("A"),
        Unanimity(names),
        WeightedVotes(names, weights, int(rng.integers(1, sum(weights) + 1))),
        DoubleMajority(
            names,
            tuple(int(w) for w in rng.integers(1, 99, 7)),
            float(rng.choice([0.5, 0.55, 0.7])),
            float(rng.choice([0.5, 0.65, 0.9])),
            int(rng.integers(1, 5)),
        ),
    ]


def carries(rule, inside: set[str]) -> bool:
    """The rule as its text has it, without tables."""
    size = len(rule.members)
    if isinstance(rule, WeightedVotes):
        return (
            sum(w for m, w in zip(rule.members, rule.weights, strict=True) if m in inside)
            >= rule.quota
        )
    if isinstance(rule, DoubleMajority):
        people = sum(p for m, p in zip(rule.members, rule.population, strict=True) if m in inside)
        share = Fraction(str(rule.population_share)) * sum(rule.population)
        enough = len(inside) >= Fraction(str(rule.member_share)) * size
        return enough and (people >= share or size - len(inside) < rule.blocking_members)
    return len(inside) == size


def subsets(members):
    return [set(c) for k in range(len(members) + 1) for c in combinations(members, k)]


@pytest.mark.parametrize("seed", range(6))
def test_rules_blocking_sets_and_indices_follow_their_definitions(seed: int) -> None:
    for rule in random_rules(seed):
        members, size = rule.members, len(rule.members)
        wins = {frozenset(s): carries(rule, s) for s in subsets(members)}
        codes = np.array([rule.code(tuple(s)) for s in wins])
        votes = np.array([[m in s for m in members] for s in wins])
        np.testing.assert_array_equal(rule.passes(codes), list(wins.values()))
        np.testing.assert_array_equal(rule.passes(votes), list(wins.values()))

        everyone = frozenset(members)
        blocks = {s: not wins[everyone - s] for s in wins}
        np.testing.assert_array_equal(rule.blocks(codes), list(blocks.values()))
        np.testing.assert_array_equal(rule.blocks(votes), list(blocks.values()))
        minimal = {s for s in blocks if blocks[s] and not any(blocks[s - {m}] for m in s)}
        found = minimal_blocking_sets(rule, at_most=1000)
        assert found.complete
        assert {frozenset(s) for s in found.sets} == minimal

        exact = power(rule)
        assert exact.winning == sum(wins.values())
        assert exact.blocking_coalitions == sum(blocks.values()) == len(wins) - exact.winning
        assert f"{exact.winning:,} of {len(wins):,} coalitions" in str(exact)
        share = 100 * exact.winning / len(wins)
        assert f"carry ({share:.2f} %)" in str(exact)
        for m, name in enumerate(members):
            swings = [s for s in wins if name in s and wins[s] and not wins[s - {name}]]
            assert exact.swings[m] == len(swings)
            assert exact.blocking[m] == sum(b for s, b in blocks.items() if name in s)
            weights = [factorial(len(s) - 1) * factorial(size - len(s)) for s in swings]
            assert exact.pivots[m] == sum(weights)
            others = sum(name not in s for s in wins)
            assert exact.banzhaf_absolute[m] == Fraction(len(swings), others)
            assert exact.prevent[m] == Fraction(len(swings), sum(wins.values()))
            assert exact.initiate[m] == Fraction(len(swings), len(wins) - sum(wins.values()))
            row = exact.table().rows[m]
            indices = (exact.banzhaf, exact.banzhaf_absolute, exact.shapley)
            assert row[:4] == (name, *(float(index[m]) for index in indices))
            assert row[4:6] == (float(exact.prevent[m]), float(exact.initiate[m]))
            assert row[6:] == (exact.swings[m], exact.pivots[m], exact.blocking[m])
        assert sum(exact.shapley) == 1


def test_pivots_count_orders_of_joining() -> None:
    rule = random_rules(1)[3]
    members, pivots = rule.members[:], dict.fromkeys(rule.members, 0)
    for order in permutations(members):
        k = next(k for k in range(len(order) + 1) if carries(rule, set(order[:k])))
        pivots[order[k - 1]] += 1
    assert power(rule).pivots == tuple(pivots.values())


def test_power_in_the_eec_of_1958() -> None:
    found = power(EEC)
    large, small = Fraction(5, 21), Fraction(3, 21)
    assert found.banzhaf == (large, large, large, small, small, 0)
    assert "Never decisive: LUX" in str(found)
    assert found.most_decisive == ("DEU", "FRA", "ITA")
    assert "Most often decisive, equally: DEU, FRA and ITA, 23.8 % each" in str(found)
    one = power(WeightedVotes(("A", "B", "C", "D"), (1, 3, 1, 1), 4))
    text = "Most often decisive: B (70.0 %), A (10.0 %) and C (10.0 %) of all decisive votes"
    assert text in str(one)
    alike = power(Unanimity(("A", "B", "C")))
    assert alike.most_decisive == alike.members
    assert "All members are equally decisive: 33.3 %" in str(alike)


def test_power_in_the_eu_equals_the_count_of_all_coalitions() -> None:
    rule = qualified_majority()
    counted = json.loads((ROOT / "tests/negotiation/eu27-counts.json").read_text("utf-8"))
    assert tuple(counted["members"]) == rule.members
    found = power(rule)
    assert found.winning == counted["winning"] == sum(counted["winning_by_size"])
    sizes = range(1, 28)
    for m in range(27):
        inside = counted["with_member_by_size"][m]
        outside = [a - b for a, b in zip(counted["winning_by_size"], inside, strict=True)]
        assert found.swings[m] == sum(inside) - sum(outside)
        assert found.pivots[m] == sum(
            (inside[s] - outside[s - 1]) * factorial(s - 1) * factorial(27 - s) for s in sizes
        )


#: 1 January 2017, by Eurostat (demo_gjan): in force in the Council in 2018.
POPULATION_2017 = {
    "AUT": 8772865, "BEL": 11351727, "BGR": 7101859, "HRV": 4154213, "CYP": 854802,
    "CZE": 10578820, "DNK": 5748769, "EST": 1315635, "FIN": 5503297, "FRA": 66989083,
    "DEU": 82521653, "GRC": 10768193, "HUN": 9797561, "IRL": 4784383, "ITA": 60589445,
    "LVA": 1950116, "LTU": 2847904, "LUX": 590667, "MLT": 460297, "NLD": 17081507,
    "POL": 37972964, "PRT": 10309573, "ROU": 19644350, "SVK": 5435343, "SVN": 2065895,
    "ESP": 46528966, "SWE": 9995153,
}  # fmt: skip


def test_power_in_the_eu_is_near_what_others_computed() -> None:
    # Published with earlier populations, so compared with those; to the last digit that they give.
    found = power(DoubleMajority(tuple(POPULATION_2017), tuple(POPULATION_2017.values())))
    at = {m: k for k, m in enumerate(found.members)}
    for member, banzhaf in {
        "DEU": 12.0, "FRA": 10.0, "ITA": 9.1, "ESP": 7.6, "POL": 6.4, "LTU": 2.0, "MLT": 1.7,
    }.items():  # fmt: skip
        assert 100 * float(found.banzhaf[at[member]]) == pytest.approx(banzhaf, abs=0.1)
    for member, shapley in {"DEU": 17.6, "MLT": 0.85}.items():
        assert 100 * float(found.shapley[at[member]]) == pytest.approx(shapley, abs=0.1)
    assert found.winning == pytest.approx(17.7e6, rel=1e-3)


def test_power_moves_with_the_populations_of_today() -> None:
    today = qualified_majority()
    then = power(DoubleMajority(tuple(POPULATION_2017), tuple(POPULATION_2017.values())))
    now, place = power(today), {m: k for k, m in enumerate(today.members)}
    share = {m: today.population[k] / sum(today.population) for m, k in place.items()}
    before = {m: n / sum(POPULATION_2017.values()) for m, n in POPULATION_2017.items()}
    # Banzhaf power follows the share of the population where that moved by more than half a point.
    for m, banzhaf in zip(then.members, then.banzhaf, strict=True):
        moved = float(now.banzhaf[place[m]] - banzhaf)
        if abs(share[m] - before[m]) > 0.005:
            assert moved * (share[m] - before[m]) > 0


@pytest.mark.parametrize(
    ("against", "passes"),
    [
        (("DEU", "FRA", "ITA"), True),  # 47 % of the population, but three members
        (("DEU", "FRA", "ITA", "MLT"), False),
        (("HUN", "SVK", "AUT", "BGR"), True),
    ],
)
def test_a_blocking_minority_of_the_council_needs_four_members(against, passes) -> None:
    rule = qualified_majority()
    gain = np.array([-1.0 if m in against else 1.0 for m in rule.members])
    found = blocking(rule, gain)
    assert found.passes == passes
    assert found.opponents == tuple(m for m in rule.members if m in against)
    assert rule.accepts(np.stack([gain, -gain])).tolist() == [passes, False]


def test_one_member_ends_under_unanimous_renewal_and_keeps_under_unanimous_repeal() -> None:
    all_27, majority = unanimity(), qualified_majority()
    gain = np.array([-1.0 if m == "HUN" else 0.0 if m == "SVK" else 2.0 for m in all_27.members])
    lapsing = who_can_block(Moments(majority, all_27, all_27, "lapses"), gain, "the ban")
    assert [v.in_force for v in lapsing.votes] == [True, False, True]
    assert lapsing.can_end_alone == ("HUN",)
    assert lapsing.can_keep_alone == ()  # it lapses, however many would block its repeal
    assert "HUN alone blocks. The ban ends." in str(lapsing)
    staying = who_can_block(Moments(majority, all_27, all_27, "stays"), -gain, "the ban")
    assert staying.can_end_alone == ()
    assert staying.can_keep_alone == ("HUN",)
    assert staying.repeal.in_force
    assert "stays in force without a renewal" in str(staying)
    one_of = who_can_block(Moments(all_27, all_27, all_27, "lapses", "D"), gain, "the ban")
    assert not one_of.renew.applies
    assert one_of.can_end_alone == ()
    assert "is renewed, or lapses, with all that one decision renews: D." in str(one_of)
    assert "By itself the ban ends by repeal only" in str(one_of)
    assert len(staying.table().rows) == 3
    by_moment = power_at(Moments(EEC, Unanimity(EEC.members), EEC))
    assert by_moment["renew"].shapley == (Fraction(1, 6),) * 6
    assert by_moment["adopt"].banzhaf == by_moment["repeal"].banzhaf != by_moment["renew"].banzhaf


@pytest.mark.parametrize(
    ("indifferent", "unanimous", "majority"),
    [("abstain", True, False), ("yes", True, True), ("no", False, False)],
)
def test_indifferent_members(indifferent, unanimous, majority) -> None:
    gain = [1.0, 0.05, -0.05]
    options = {"indifferent": indifferent, "tolerance": 0.1}
    assert Unanimity(("A", "B", "C")).accepts(gain, **options) == unanimous
    assert WeightedVotes(("A", "B", "C"), (1, 1, 1), 2).accepts(gain, **options) == majority


@pytest.mark.parametrize(("votes", "proposer"), [(14, Fraction(14, 27)), (27, Fraction(1, 27))])
def test_baron_and_ferejohn(votes: int, proposer: Fraction) -> None:
    found = proposer_share(27, votes)
    assert found.proposer == proposer
    assert found.proposer + (votes - 1) * found.partner == 1
    assert str(proposer) in str(found)


@pytest.mark.parametrize(
    ("ask", "parts"),
    [
        (lambda: WeightedVotes(("A", "B", "A"), (1, -2, 2), 99), ["A", "of B", "out of reach"]),
        (lambda: DoubleMajority(("A",), (1, 2), 1.5, 0.65, 0), ["1 member", "1.5", "blocking"]),
        (lambda: WeightedVotes(("A", "B"), (1, 1), 3), ["quota 3", "together are 2"]),
        (lambda: blocking(EEC, [1, 2, np.nan, 1, 1, np.inf]), ["ITA", "LUX"]),
        (lambda: EEC.code(("DEU", "FRAU")), ["'FRAU'", "Did you mean FRA?"]),
        (lambda: EEC.passes(64), ["outside 0 … 63"]),
        (lambda: EEC.passes([[True]]), ["6 members"]),
        (lambda: Moments(EEC, Unanimity(("A",)), Sovereign("B")), ["to renew", "to repeal"]),
        (lambda: power(Unanimity(tuple(map(str, range(40))))), ["40 members", "36"]),
        (lambda: proposer_share(3, 4, 2), ["out of reach", "patience"]),
    ],
)
def test_faults_are_told_together(ask, parts) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    for part in parts:
        assert part in str(raised.value)


def test_the_bundled_table_is_derived_and_has_its_source() -> None:
    sources = YAML(typ="safe").load((DATA / "sources.yaml").read_text("utf-8"))
    assert {p.name for p in DATA.glob("*.csv")} == set(sources)
    entry = sources["eu27-population-2024.csv"]
    text = (DATA / "eu27-population-2024.csv").read_bytes()
    assert hashlib.sha256(text).hexdigest() == entry["sha256"]
    raw = ROOT / "../shared/data/geo" / entry["raw_file"]
    if not raw.exists():
        pytest.skip(f"the raw table is not at {raw}")
    assert hashlib.sha256(raw.read_bytes()).hexdigest() == entry["raw_sha256"]
    import runpy

    assert runpy.run_path(str(ROOT / entry["built_by"]))["derive"](raw.parent).encode() == text


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: Sovereign(""), "has no name"),
        (lambda: DoubleMajority(("A", "B"), (1, 1), 0.0), "share 0.0 of members"),
        (lambda: DoubleMajority(("A", "B"), (1, 1), 0.5, 0.0), "share 0.0 of the population"),
        (lambda: DoubleMajority(("A", "B"), (1, 1), 0.5, 1.1), "share 1.1 of the population"),
        (lambda: DoubleMajority(("A",), (1,), blocking_members=0), "blocking_members is 0"),
        (lambda: DoubleMajority(("A",), (1,), blocking_members=True), "blocking_members is True"),
        (lambda: WeightedVotes(("A", "B"), (1, 1), 0), "lets every proposal pass"),
        (lambda: WeightedVotes(("A", "B"), (1, 1), True), "quota True is not a whole number"),
        (lambda: WeightedVotes(("A", "B"), (1, 0.5), 1), "weight of B is 0.5"),
        (lambda: WeightedVotes(("A", "B"), (2**53, 0), 1), "counts are exact"),
        (lambda: Unanimity(tuple(map(str, range(63)))), "63 members are too many"),
        (lambda: EEC.index("FR"), "'FR' is no member. Did you mean FRA?"),
        (lambda: EEC.passes([0.5]), "not float64"),
        (lambda: EEC.passes([-1, 5]), "outside 0 … 63"),
        (lambda: EEC.votes(1.0), "Gains of shape () do not fit 6 members"),
        (lambda: EEC.passes(np.bool_(True)), "Votes of shape () do not fit 6 members"),
        (lambda: minimal_blocking_sets(EEC, ["UK"]), "'UK' is no member"),
    ],
)
def test_each_fault_of_a_body_is_told_alone(ask, told: str) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    assert len(raised.value.faults) == 1
    assert told in str(raised.value)


def test_the_ends_of_what_is_allowed_are_allowed() -> None:
    all_of = DoubleMajority(("A", "B"), (1, 1), 1.0, 1.0, 1)
    assert all_of.passes([0, 1, 2, 3]).tolist() == [False, False, False, True]
    assert WeightedVotes(("A", "B"), (1, 1), 2).passes([1, 3]).tolist() == [False, True]
    # With fewer members than can block, a majority of members needs no share of the population.
    few = DoubleMajority(("A", "B"), (1, 3), 0.5, 0.75, 4)
    assert few.passes([0, 1, 2, 3]).tolist() == [False, True, True, True]
    heavy = WeightedVotes(("A", "B"), (2**53 - 1, 0), 2**53 - 1)
    assert heavy.passes([1, 2]).tolist() == [True, False]
    large = Unanimity(tuple(map(str, range(62))))
    assert large.passes([2**62 - 1, 2**62 - 2]).tolist() == [True, False]
    assert [EEC.index(m) for m in EEC.members] == list(range(6))


def test_bodies_of_more_members_than_a_table_of_sums_are_weighed() -> None:
    """Twenty members need two tables; weights are powers of two, so that each sum is its code."""
    rule = WeightedVotes(tuple(map(str, range(20))), tuple(2**k for k in range(20)), 700_001)
    codes = np.random.default_rng(0).integers(0, 2**20, 500)
    assert rule.passes(codes).tolist() == (codes >= 700_001).tolist()
    votes = codes[:, None] >> np.arange(20) & 1 == 1
    assert rule.passes(votes).tolist() == (codes >= 700_001).tolist()
    assert rule.passes(votes.reshape(50, 10, 20)).shape == (50, 10)


def test_minimal_blocking_sets_are_cut_where_asked() -> None:
    rule = WeightedVotes(tuple("ABCDEF"), (1,) * 6, 4)
    every = minimal_blocking_sets(rule)
    assert (len(every.sets), every.complete, every.size) == (20, True, 6)
    assert minimal_blocking_sets(rule, at_most=21).complete
    # With as many as asked the search ends, and does not know that there are no more.
    full = minimal_blocking_sets(rule, at_most=20)
    assert (full.sets, full.complete, full.size) == (every.sets, False, 3)
    cut = minimal_blocking_sets(rule, at_most=7)
    assert (cut.sets, cut.complete) == (every.sets[:7], False)
    # Four block by weight or three by number: sets of two sizes.
    mixed = WeightedVotes(tuple("ABCD"), (3, 1, 1, 1), 4)
    sets = minimal_blocking_sets(mixed).sets
    assert sets == (("A",), ("B", "C", "D"))
    cut = minimal_blocking_sets(mixed, at_most=1)
    assert (cut.sets, cut.complete, cut.size) == (sets[:1], False, 1)
    assert minimal_blocking_sets(mixed, ["B", "C"]).sets == ()
    each = minimal_blocking_sets(Unanimity(tuple("ABC")), at_most=2)
    assert (each.sets, each.complete, each.size) == ((("A",), ("B",)), False, 3)


def test_sentences_of_a_vote() -> None:
    rule = WeightedVotes(tuple("ABCDE"), (1,) * 5, 3)
    carried = blocking(rule, [1, 1, 1, -1, -1])
    assert str(carried) == (
        "By 3 of 5 votes: 3 of 5 members in favour; D and E cannot block; it would fail without "
        "A, B or C."
    )
    assert blocking(rule, [1] * 5).sentence() == "5 of 5 members in favour; nobody is opposed."
    assert blocking(rule, [1, 1, -1, -1, -1]).sentence() == (
        "2 of 5 members in favour; C, D and E block together; it would pass if C, D or E changed "
        "sides."
    )
    assert blocking(rule, [1, -1, -1, -1, -1]).sentence() == (
        "1 of 5 members in favour; B, C, D and E block together, 3 of them suffice, such as B, C "
        "and D."
    )
    all_of = Unanimity(tuple("ABC"))
    assert blocking(all_of, [0, 0.5, -1], tolerance=0.5).sentence() == (
        "2 of 3 members in favour or abstaining; C alone blocks."
    )
    assert blocking(all_of, [1, -1, -1]).sentence() == (
        "1 of 3 members in favour; B and C can each block alone."
    )
    assert blocking(all_of, [0, 0.5, -1], tolerance=0.5).indifferent == ("A", "B")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_smallest_bodies_have_their_power(size: int) -> None:
    found = power(Unanimity(tuple("ABC"[:size])))
    assert found.winning == 1
    assert found.shapley == (Fraction(1, size),) * size
    assert found.banzhaf_absolute == (Fraction(1, 2 ** (size - 1)),) * size
    alone = power(Sovereign("A"))
    assert (alone.winning, alone.swings, alone.pivots, alone.blocking) == (1, (1,), (1,), (1,))
    power(Unanimity(tuple(map(str, range(20)))))
    with pytest.raises(NegotiationError, match="37 members"):
        power(Unanimity(tuple(map(str, range(37)))))


def test_the_three_votes_in_words_and_rows() -> None:
    rule = WeightedVotes(tuple("ABC"), (1, 1, 1), 2)
    moments = Moments(rule, Unanimity(tuple("ABC")), rule, "lapses")
    found = who_can_block(moments, [2.0, 1.0, -1.0], "the ban")
    assert found.sentences() == (
        "At adoption (2 of 3 votes): 2 of 3 members in favour; C cannot block; it would fail "
        "without A or B. The ban enters into force.",
        "At renewal (unanimity of 3): 2 of 3 members in favour; C alone blocks. The ban ends.",
        "At repeal (2 of 3 votes): 1 of 3 members in favour; A and B block together; it would "
        "pass if A or B changed sides. The ban stays in force.",
        "C can end the ban alone, and nobody can keep it alone.",
    )
    assert found.table().rows == (
        ("adopt", "2 of 3 votes", True, True, True, "A, B", "C", "", ""),
        ("renew", "unanimity of 3", True, False, False, "A, B", "C", "C", "C"),
        ("repeal", "2 of 3 votes", True, False, True, "C", "A, B", "", "A+B"),
    )
    kept = who_can_block(Moments(rule, rule, rule, "stays"), [2.0, 1.0, 1.0], "the ban")
    assert kept.sentences()[-1] == "Nobody can end the ban alone, and nobody can keep it alone."
    ended = who_can_block(Moments(rule, rule, rule), [-2.0, -1.0, 1.0], "the ban")
    assert "The ban does not enter into force." in ended.sentences()[0]
    assert ended.sentences()[2].endswith("The ban ends.")
    with pytest.raises(NegotiationError, match="'never'"):
        Moments(rule, rule, rule, "never")


def test_a_proposer_in_words_and_rows() -> None:
    found = proposer_share(5, 3, Fraction(1, 2))
    assert (found.proposer, found.partner) == (Fraction(4, 5), Fraction(1, 10))
    assert found.table().rows == (
        ("proposer", 1, 0.8), ("partner", 2, 0.1), ("left out", 2, 0.0)
    )  # fmt: skip
    assert str(found) == (
        "With 3 of 5 votes needed, the proposer keeps 80.0 % (4/5) and pays 10.0 % to each of "
        "2 others."
    )
    assert proposer_share(1, 1, 0.3).proposer == 1
    for members, votes, patience in ((3, 0, 1), (3, 4, 1), (3, 2, 0), (3, 2, 1.1), (3, 2, np.nan)):
        with pytest.raises(NegotiationError) as raised:
            proposer_share(members, votes, patience)
        assert len(raised.value.faults) == 1
    with pytest.raises(NegotiationError, match="0 members"):
        proposer_share(0, 1)
