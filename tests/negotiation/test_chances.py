"""Draws: reproducible, equal to single answers, and to a closed form."""

from __future__ import annotations

import numpy as np
import pytest
from invented import invented

from detente.negotiation import (
    Conflict,
    Interest,
    Measure,
    NegotiationError,
    Party,
    Range,
    Valuation,
    chances,
    lasting_chances,
    stable_states,
)
from detente.negotiation.uncertainty.chances import drawn, ranges_of


def one_party(low: float, high: float) -> Conflict:
    """A holds a ban that costs it 10 and is worth 2 honours to it."""
    return Conflict.of(
        [Party("A"), Party("B")],
        [Measure("ban", "A"), Measure("door", "B")],
        status_quo=["ban"],
        money={"A": [10, 0], "B": [0, 0]},
        trade=["ban"],
        interests=[Interest("honour", {"ban": 2.0})],
        valuations=[Valuation("A", "honour", (low + high) / 2, low, high)],
    )


def test_closed_form() -> None:
    found = lasting_chances(one_party(3, 7), draws=1024, concepts=("Nash",))
    here = found.conflict.status_quo
    # Stable where the honour is worth 5 or more, half of the symmetric range.
    assert found.stable_cs[0, here] == pytest.approx(0.5, abs=4e-3)  # Sobol error at 1024 draws
    assert found.accepted_s[0] == pytest.approx(0.5, abs=4e-3)
    assert found.turned_by(here, "Nash") == ("A: honour", pytest.approx(0.5, abs=0.05))
    assert "% of 1,024 draws; A: honour alone turns that answer" in str(found)
    assert lasting_chances(one_party(6, 7), draws=16).stable_cs[0, here] == 1.0


@pytest.mark.parametrize("kind", ["free", "masked", "blocs"])
def test_same_as_one_by_one(kind: str) -> None:
    rng = np.random.default_rng(4)
    conflict = invented(rng, kind)
    money = rng.integers(0, 9, (40, *conflict.payoffs.money_hq.shape)).astype(float)
    found = lasting_chances(conflict, draws=40, money_dhq=money, supplied="elasticities", alone=8)
    again = lasting_chances(conflict, draws=40, money_dhq=money, supplied="elasticities", alone=8)
    count = np.zeros_like(found.stable_cs)
    for each in money:
        held = stable_states(conflict.with_payoffs(conflict.payoffs.with_money(each))).stable_is
        count += np.stack([h.all(axis=0) for h in held.values()])
    assert (found.stable_cs == count / 40).all()
    assert (found.chances.chance_a == again.chances.chance_a).all()
    assert found.table().rows == again.table().rows
    assert found.chances.parameters == ("elasticities",)


def test_draws() -> None:
    ranges = [Range("a", 1.0, 0.0, 4.0), Range("b", 0.0, 0.0, 1.0)]
    few, many = drawn(ranges, 100, 3), drawn(ranges, 1000, 3)
    assert (many[:100] == few).all()
    assert (drawn(ranges, 100, 4) != few).any()
    assert many.mean(axis=0) == pytest.approx([5 / 3, 1 / 3], abs=0.01)  # (low + mode + high) / 3


def test_who_turns_an_answer() -> None:
    ranges = [Range("a", 0.2, 0.0, 1.0), Range("b", 0.5, 0.4, 0.6)]
    found = chances(lambda v, k: v > 0.45, ranges, draws=512, alone=512)
    assert found.turned_by(0)[0] == "a"
    assert found.turned_by(1)[0] == "b"
    none = chances(lambda v, k: v > 2, ranges, draws=16)
    assert none.turned_by(0) is None


def test_refused() -> None:
    with pytest.raises(NegotiationError, match="no draws"):
        lasting_chances(one_party(3, 7), draws=0)
    with pytest.raises(NegotiationError, match="not a number"):
        lasting_chances(one_party(3, 7), money_dhq=np.full((2, 2, 2), np.nan))
    with pytest.raises(NegotiationError, match="have shape"):
        lasting_chances(one_party(3, 7), money_dhq=np.zeros((2, 3, 2)))
    with pytest.raises(NegotiationError, match="range of a"):
        Range("a", 2.0, 0.0, 1.0)


def test_quantiles_of_a_triangle_by_hand() -> None:
    """Below the mode p = (x − a)²/((b − a)(c − a)); above it 1 − p is the like."""
    found = Range("a", 1.0, 0.0, 4.0)
    x = np.array([0.0, 0.5, 1.0, 2.0, 4.0])
    p = np.where(x < 1, x**2 / 4, 1 - (4 - x) ** 2 / 12)
    np.testing.assert_allclose(found.quantile(p), x, atol=1e-12)
    assert Range("a", 1.0, 1.0, 2.0).quantile(np.array([0.0, 1.0])).tolist() == [1.0, 2.0]
    assert Range("a", 2.0, 1.0, 2.0).quantile(np.array([0.0, 1.0])).tolist() == [1.0, 2.0]
    for value, low, high in ((1.0, 1.0, 1.0), (0.0, 1.0, 2.0), (3.0, 1.0, 2.0)):
        with pytest.raises(NegotiationError, match="has to hold its value and more"):
            Range("a", value, low, high)


def test_only_valuations_with_a_range_are_drawn() -> None:
    values = [
        Valuation("A", "x", 1.0),
        Valuation("A", "y", 1.0, 0.0, 2.0),
        Valuation("B", "x", 1.0, None, 3.0),
    ]
    assert [(k, r.name, r.low, r.high) for k, r in ranges_of(values)] == [
        (1, "A: y", 0.0, 2.0),
        (2, "B: x", 1.0, 3.0),
    ]


def test_counting_in_pieces_and_by_supplied_draws() -> None:
    """Every third supplied draw says yes, whatever the parameter is."""
    seen: list[int] = []

    def answers(values, index):
        seen.extend(index.tolist())
        return np.column_stack([index % 3 == 0, values[:, 0] > 0.5])

    found = chances(
        answers, [Range("a", 0.2, 0.0, 1.0)], draws=30, supplied="world", supplied_draws=3, alone=9,
        batch=4,
    )  # fmt: skip
    assert seen[:31] == [-1, *(k % 3 for k in range(30))]
    assert found.chance_a[0] == pytest.approx(1 / 3)
    assert found.central_a.tolist() == [False, False]
    assert found.parameters == ("a", "world")
    # The parameter alone never turns the first answer; the world does in three of nine.
    assert found.flip_qa[:, 0] == pytest.approx([0.0, 1 / 3])
    assert found.flip_qa[1, 1] == 0.0
    assert found.turned_by(0) == ("world", pytest.approx(1 / 3))
    assert found.turned_too(0) == ()
    alike = chances(lambda v, k: v.max(axis=1, keepdims=True) > 0.9,
                    [Range(n, 0.2, 0.0, 1.0) for n in "ab"], draws=1, alone=1)  # fmt: skip
    assert alike.turned_too(0) in ((), ("b",))
    for bad in ({"draws": 0}, {"alone": 0}, {"supplied": "x", "supplied_draws": 0}):
        with pytest.raises(NegotiationError, match="no draws"):
            chances(answers, [Range("a", 0.2, 0.0, 1.0)], **bad)
    assert drawn([], 5, 0).shape == (5, 0)


def test_chances_in_words_and_rows() -> None:
    found = lasting_chances(one_party(6, 7), draws=16, concepts=("Nash", "SEQ"))
    here = found.conflict.status_quo
    assert found.sentences[0] == (
        "The status quo, ‘ban’ in force, is stable for all (Nash) in 100.0 % of 16 draws; no "
        "parameter alone turns that answer."
    )
    assert found.table().columns == (
        "code", "state", "Nash", "SEQ", "accepted", "Nash turned by", "SEQ turned by",
        "accepted turned by",
    )  # fmt: skip
    assert found.table().rows[0] == (
        here, "‘ban’ in force", 1.0, 1.0, 1.0, None, None, None
    )  # fmt: skip
    assert found.accepted_s[here] == 1.0
    assert found.turned_by(here) is None
    turned = lasting_chances(one_party(3, 7), draws=64, concepts=("Nash",))
    assert turned.turned_by(0)[0] == "A: honour"
    rows = {row[0]: row for row in turned.table().rows}
    assert rows[0][4] == "A: honour"
    # Where the ban is lifted half of the draws; with the door open as often as without.
    assert sorted(rows) == [0, 1, 2, 3]
    assert rows[0][2] == pytest.approx(0.5, abs=0.02)
    assert rows[2][3] == 0.0
