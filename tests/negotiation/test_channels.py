"""Channels: what can be signed, Myerson values, paths and messages, against definitions."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest

from detente.negotiation import (
    Channels,
    Link,
    NegotiationError,
    believable_messages,
    channel_worth,
    coalition_worths,
    myerson,
)
from detente.negotiation.communication.worth import restricted

LINE = Channels(("USA", "BLR", "RUS", "EU"), (Link("USA", "BLR", 0.9), Link("BLR", "RUS", 0.5)))


def random_channels(seed: int, size: int) -> Channels:
    rng = np.random.default_rng(seed)
    names = tuple("ABCDEFG"[:size])
    links = [
        Link(a, b, float(rng.uniform(0.2, 1)))
        for a, b in combinations(names, 2)
        if rng.random() < 0.45
    ]
    return Channels(names, tuple(links))


def parts(channels: Channels, inside: frozenset[str]) -> set[frozenset[str]]:
    """Connected parts by joining what is linked until nothing changes."""
    groups = {frozenset([p]) for p in inside}
    for link in channels.links:
        if {link.one, link.other} <= inside:
            joined = [g for g in groups if link.one in g or link.other in g]
            groups = (groups - set(joined)) | {frozenset().union(*joined)}
    return groups


@pytest.mark.parametrize("seed", range(8))
def test_myerson_values_are_mean_contributions_over_all_orders(seed: int) -> None:
    size = 3 + seed % 3
    channels = random_channels(seed, size)
    worth = np.random.default_rng(seed).normal(0, 1, 2**size)
    worth[0] = 0

    def restricted(inside: frozenset[str]) -> float:
        return sum(worth[channels.code(part)] for part in parts(channels, inside))

    values = dict.fromkeys(channels.parties, 0.0)
    orders = list(permutations(channels.parties))
    for order in orders:
        for k, party in enumerate(order):
            before = frozenset(order[:k])
            values[party] += restricted(before | {party}) - restricted(before)
    found = myerson(channels, worth)
    expected = [v / len(orders) for v in values.values()]
    np.testing.assert_allclose(found.value, expected, atol=1e-12)
    assert found.total == pytest.approx(restricted(frozenset(channels.parties)), abs=1e-12)
    for one, other in combinations(channels.parties, 2):
        added = channel_worth(channels, worth, one, other)
        gain = dict(zip(channels.parties, added.gain, strict=True))
        # Myerson's fairness: both ends gain the same.
        assert gain[one] == pytest.approx(gain[other], abs=1e-12)
        assert added.exists == any({x.one, x.other} == {one, other} for x in channels.links)
    codes = np.arange(1, 2**size)
    expected_connected = [
        len(parts(channels, frozenset(p for i, p in enumerate(channels.parties) if c >> i & 1)))
        == 1
        for c in codes
    ]
    assert channels.connected(codes).tolist() == expected_connected


def test_an_intermediary_is_worth_as_much_as_the_ends() -> None:
    """Only the three together reach 6; each link is then indispensable."""
    line = Channels(("USA", "BLR", "RUS"), (Link("USA", "BLR"), Link("BLR", "RUS")))
    worth = np.zeros(8)
    worth[5] = worth[7] = 6.0  # USA and RUS, with or without BLR
    assert myerson(line, worth).value == pytest.approx((2, 2, 2), abs=1e-12)
    direct = channel_worth(line, worth, "USA", "RUS")
    assert direct.having.value == pytest.approx((3, 0, 3), abs=1e-12)
    assert direct.total == pytest.approx(0, abs=1e-12)
    assert "Opening the channel USA–RUS adds 0" in str(direct)
    lost = channel_worth(line, worth, "RUS", "BLR")
    assert lost.total == pytest.approx(6)
    assert "Losing the channel BLR–RUS costs 6" in str(lost)


@pytest.mark.parametrize("seed", range(6))
def test_a_signal_takes_the_best_of_all_paths(seed: int) -> None:
    channels = random_channels(20 + seed, 5)
    fidelity = {frozenset((x.one, x.other)): x.fidelity for x in channels.links}
    for sender, receiver in combinations(channels.parties, 2):
        others = [p for p in channels.parties if p not in (sender, receiver)]
        best = 0.0
        for k in range(len(others) + 1):
            for via in permutations(others, k):
                line = (sender, *via, receiver)
                hops = [fidelity.get(frozenset(h), 0.0) for h in pairwise(line)]
                best = max(best, float(np.prod(hops)))
        found = channels.path(sender, receiver)
        assert found.fidelity == pytest.approx(best, rel=1e-12)
        if found.line:
            hops = pairwise(found.line)
            product = np.prod([fidelity[frozenset(h)] for h in hops])
            assert product == pytest.approx(best, rel=1e-12)
        else:
            assert best == 0


def test_who_can_sign_and_through_whom() -> None:
    assert LINE.can_sign(("USA", "BLR")).direct
    apart = LINE.can_sign(("USA", "RUS"))
    assert (apart.possible, apart.groups) == (False, (("USA",), ("RUS",)))
    assert "no channel between USA and RUS" in str(apart)
    carried = LINE.can_sign(("USA", "RUS"), through=("BLR",))
    assert carried.possible
    assert not carried.direct
    assert not LINE.can_sign(("USA", "EU"), through=LINE.parties).possible
    assert LINE.path("USA", "RUS").intermediaries == ("BLR",)
    assert "through BLR with 45.0 %" in str(LINE.path("USA", "RUS"))
    assert "No signal of USA reaches EU" in str(LINE.path("USA", "EU"))
    assert len(LINE.paths().rows) == 6


def test_what_coalitions_reach_by_their_own_measures() -> None:
    gain = np.array([[0, 0], [-1, 4], [3, -2], [2, 2]], float)
    worth = coalition_worths(gain, [0, 1, 2, 3], owned=(1, 2))
    assert worth.tolist() == [0, 0, 0, 4]
    assert coalition_worths(gain, [0, 1, 2, 3], (1, 2), [1, 1, 1, 0]).tolist() == [0, 0, 0, 3]


@pytest.mark.parametrize(
    ("bias", "count"), [(0.1, 2), (0.05, 3), (0.02, 5), (0.25, 1), (0.24, 2), (2, 1)]
)
def test_crawford_and_sobel(bias: float, count: int) -> None:
    found = believable_messages(bias)
    assert found.count == count
    borders = np.array(found.borders)
    assert (borders[0], borders[-1]) == (0, 1)
    assert (np.diff(borders) > 0).all()
    # At a border the sender likes both messages the same: a + b is midway between the two acts.
    acts = (borders[1:] + borders[:-1]) / 2
    np.testing.assert_allclose(borders[1:-1] + bias, (acts[1:] + acts[:-1]) / 2, atol=1e-12)


@pytest.mark.parametrize(
    ("ask", "parts_told"),
    [
        (
            lambda: Channels(("A", "B"), (Link("A", "C", 0), Link("A", "A"), Link("A", "A"))),
            ["'C'", "fidelity of A–C is 0", "leads back", "stands twice"],
        ),
        (lambda: Channels(tuple(map(str, range(20)))), ["20 parties", "up to 16"]),
        (lambda: LINE.path("USA", "RU"), ["'RU' is no party", "Did you mean RUS?"]),
        (lambda: LINE.can_sign(("US", "EU")), ["'US'"]),
        (lambda: myerson(LINE, np.ones(16)), ["Nobody together is worth 1"]),
        (lambda: myerson(LINE, [0, np.nan]), ["(16,)"]),
        (lambda: coalition_worths([[np.inf]], [0, 1], (1, 2)), ["(1, 1)", "finite"]),
        (lambda: believable_messages(0), ["above 0"]),
    ],
)
def test_faults_are_told_together(ask, parts_told) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    for part in parts_told:
        assert part in str(raised.value)


def test_values_below_zero_are_explained_and_rounding_is_not_told() -> None:
    """Each of two ends a measure that harms the third by all that they win, and a little rounding.

    What the two can do counts in full without the third and not at all with it.
    """
    complete = Channels(("A", "B", "C"), (Link("A", "B"), Link("B", "C"), Link("A", "C")))
    worth = np.array([0, 0.1, 0.2, 0.3, 0, 0, 0, 4e-17])
    found = myerson(complete, worth, "million a year")
    assert found.total == 0
    assert found.value[2] < 0
    assert str(found).startswith("Given the channels, 0 million a year can be reached: A ")
    assert "A value below zero (C)" in str(found)
    assert "below zero" not in str(myerson(complete, np.arange(8.0)))


def test_parts_of_a_network_by_hand() -> None:
    """Two pairs without a link between them, and one party alone."""
    apart = Channels(tuple("ABCDE"), (Link("A", "C"), Link("B", "D")))
    codes = np.array([0b00101, 0b11111, 0b01010, 0b11010, 0b10000, 0b00011, 0])
    expected = [0b00101, 0b00101, 0b01010, 0b01010, 0b10000, 0b00001, 0]
    assert apart.first_part(codes).tolist() == expected
    assert apart.first_part(codes.reshape(7, 1)).shape == (7, 1)
    worth = np.bitwise_count(np.arange(32)).astype(float) ** 2
    # A coalition is worth the squares of the sizes of its parts.
    assert restricted(apart, worth)[codes].tolist() == [4, 9, 4, 5, 1, 2, 0]
    assert "Not all can talk: A–C and B–D." in str(apart)
    assert apart.table().rows == (("A", "C", 1.0), ("B", "D", 1.0))
    signing = apart.can_sign(tuple("ABCD"))
    assert signing.groups == (("A", "C"), ("B", "D"))
    assert signing.table().rows == (("A", 1), ("C", 1), ("B", 2), ("D", 2))
    assert str(signing) == (
        "A, B, C and D cannot sign: there is no channel between these groups: A and C; B and D."
    )
    assert str(apart.can_sign(("A", "C"))) == "A and C can sign: they talk directly."
    through = LINE.can_sign(("USA", "RUS"), through=("BLR",))
    assert str(through) == "USA and RUS can sign only through others, of whom BLR may carry."
    assert through.table().rows == (("USA", 1), ("RUS", 1))
    everybody = Channels(("A", "B"), (Link("A", "B"),))
    assert str(everybody) == "All can talk to each other: A–B."


def test_paths_of_signals_in_words_and_rows() -> None:
    rows = {row[:2]: row[2:] for row in LINE.paths().rows}
    assert rows["USA", "BLR"] == (0.9, "")
    assert rows["USA", "RUS"] == (0.45, "BLR")
    assert rows["USA", "EU"] == (0.0, "")
    assert LINE.path("USA", "RUS").table().rows == ((0, "USA"), (1, "BLR"), (2, "RUS"))
    assert str(LINE.path("USA", "BLR")) == (
        "A signal of USA reaches BLR directly with 90.0 % of what is meant."
    )
    with pytest.raises(NegotiationError, match="'US' is no party"):
        LINE.path("US", "EU")
    better = LINE.with_link(Link("RUS", "USA", 0.5))
    assert better.path("USA", "RUS").line == ("USA", "RUS")
    assert len(LINE.with_link(Link("BLR", "USA", 0.2)).links) == 2


def test_words_and_rows_of_myerson_values() -> None:
    complete = Channels(("A", "B"), (Link("A", "B"),))
    values = myerson(complete, [0, 1, 0, 4], "million")
    assert values.value == pytest.approx((2.5, 1.5))
    assert str(values) == "Given the channels, 4 million can be reached: A 2.5 and B 1.5."
    assert values.table().rows == (("A", values.value[0]), ("B", values.value[1]))
    lost = channel_worth(complete, [0, 1, 0, 4], "A", "B", unit="million")
    assert str(lost) == (
        "Losing the channel A–B costs 3 million in all; the channel is worth: A +1.5 and B +1.5."
    )
    assert lost.table().rows == (("A", 1.0, 2.5, 1.5), ("B", 0.0, 1.5, 1.5))
    useless = channel_worth(Channels(("A", "B")), [0, 1, 2, 3], "A", "B", 0.5)
    assert useless.link.fidelity == 0.5
    assert str(useless) == "Opening the channel A–B adds 0 in all; nobody would notice."
    # Rounding is told by the size of the values, so that small units are not taken for it.
    small = channel_worth(complete, np.array([0, 1, 0, 4]) * 1e-3, "A", "B")
    assert small.total == pytest.approx(3e-3)


def test_words_and_rows_of_messages() -> None:
    none = believable_messages(0.25)
    assert str(none) == "At a difference of interests of 0.25, nothing said is believed."
    assert none.table().rows == ((1, 0.0, 1.0),)
    two = believable_messages(0.1)
    assert str(two) == (
        "At a difference of interests of 0.1, 2 different messages can be believed."
    )
    assert two.table().rows == ((1, 0.0, pytest.approx(0.3)), (2, pytest.approx(0.3), 1.0))


@pytest.mark.parametrize("count", range(1, 40))
def test_the_number_of_messages_is_the_largest_that_holds(count: int) -> None:
    """2N(N − 1)b < 1 strictly: from b = 1/(2N(N + 1)) on there are N, and below it one more."""
    border = 1 / (2 * count * (count + 1))
    assert believable_messages(border * (1 - 1e-9)).count == count + 1
    assert believable_messages(border * (1 + 1e-9)).count == count


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: Channels(("A", "A", "B")), "Each party may stand once; more often: A."),
        (lambda: Channels(()), "There is no party"),
        (lambda: Channels(("A", "B"), (Link("A", "B", 1.5),)), "fidelity of A–B is 1.5"),
        (lambda: Channels(tuple(map(str, range(17)))), "17 parties"),
        (lambda: myerson(LINE, [0.0] * 15 + [np.inf]), "finite numbers"),
        (lambda: believable_messages(np.inf), "bias is inf"),
        (lambda: coalition_worths(np.zeros((2, 2)), [0, 1], (1, 2), [1]), "Feasibility has shape"),
        (lambda: LINE.code(["US"]), "'US' is no party"),
    ],
)
def test_each_fault_is_told_alone(ask, told: str) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    assert len(raised.value.faults) == 1
    assert told in str(raised.value)
    Channels(tuple(map(str, range(16))))
