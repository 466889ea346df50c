"""Base years from published shares, and deficits that do not sum to zero."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.trade import rebased
from detente.world import World, WorldError, synthetic


def published(world: World) -> dict[str, Any]:
    """What a paper would print of a world."""
    cost = world.intermediate_nkj.sum(axis=1) + world.value_added_nj
    return {
        "countries": world.countries,
        "goods": world.goods,
        "share_jni": world.share_jni,
        "input_share_nkj": world.intermediate_nkj / np.where(cost > 0, cost, 1)[:, None, :],
        "final_share_nj": world.final_nj / world.income_n[:, None],
        "value_added_n": world.value_added_nj.sum(axis=1),
        "tariff_jni": world.tariff_jni,
        "export_tax_jni": world.export_tax_jni,
        "deficit_n": world.transfer_n,
    }


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), tariff=st.sampled_from([0.0, 0.2]))
def test_a_world_comes_back_from_its_shares(seed: int, tariff: float) -> None:
    world = synthetic(5, 3, seed=seed, tariff=tariff)
    again = World.from_shares(**published(world))
    scale = world.sales_jn.sum()
    assert np.abs(again.trade_jni - world.trade_jni).max() < 1e-9 * scale
    assert np.abs(again.final_nj - world.final_nj).max() < 1e-9 * scale
    assert np.abs(again.transfer_n - world.transfer_n).max() < 1e-9 * scale


def test_inputs_that_sum_to_one_among_themselves_are_read_as_they_are() -> None:
    world = synthetic(4, 3, seed=1, zeros=0.0)
    given_ = published(world)
    inputs = given_["input_share_nkj"]
    share = 1 - inputs.sum(axis=1)
    given_["input_share_nkj"] = inputs / inputs.sum(axis=1, keepdims=True)
    again = World.from_shares(**given_, value_added_share_nj=share)
    np.testing.assert_allclose(again.intermediate_nkj, world.intermediate_nkj, rtol=1e-8)
    with pytest.raises(WorldError, match=r"needed, these do not|cost more than the output"):
        World.from_shares(**{**given_, "input_share_nkj": 2 * given_["input_share_nkj"]})


def test_rounded_shares_are_scaled_and_wrong_ones_refused() -> None:
    world = synthetic(4, 3, seed=1, zeros=0.0)
    given_ = published(world)
    given_["share_jni"] = given_["share_jni"].round(3)
    again = World.from_shares(**given_)
    assert "share_jni summed to 1 but for" in again.notes[0]
    assert "Incomes follow from the shares" in again.notes[-1]
    given_["share_jni"] = 100 * given_["share_jni"]
    with pytest.raises(WorldError, match=r"G01 in C001 \(.*fractions rather than percent"):
        World.from_shares(**given_)


def test_incomes_are_held_and_shares_move_where_that_is_asked() -> None:
    world = synthetic(4, 3, seed=1, zeros=0.0)
    income = world.value_added_nj.sum(axis=1) * np.array([1.2, 0.9, 1.0, 1.0])
    income *= world.value_added_nj.sum() / income.sum()
    given_ = {**published(world), "value_added_n": income}
    kept = World.from_shares(**given_)
    np.testing.assert_allclose(kept.share_jni, world.share_jni, atol=1e-12)
    moved = rebased(kept, value_added_n=income)
    assert np.abs(moved.share_jni - world.share_jni).max() > 1e-3
    # More labour in the first country is worth less a head, so that its income rises by less.
    rise = moved.value_added_nj.sum(axis=1) / world.value_added_nj.sum(axis=1)
    assert 1.0 < rise[0] < 1.2


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ROW", [3.0, -1.0, -2.0]),
        ("income", [3.0 - 1.0, -1.0 - 0.6, 0.0 - 0.4]),
        ("scaled", [2.0, -2.0, 0.0]),
    ],
)
def test_deficits_are_made_even_by_the_rule(rule: str, expected: list[float]) -> None:
    world = World.from_shares(
        ["AAA", "BBB", "ROW"],
        ["goods"],
        [[[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]]],
        np.full((3, 1, 1), 0.4),
        np.ones((3, 1)),
        [50, 30, 20],
        deficit_n=[3, -1, 0],
        unmatched=rule,
    )
    np.testing.assert_allclose(world.transfer_n, expected, atol=1e-9)
    assert "sum to 2 instead of zero" in world.notes[0]


def test_uneven_deficits_are_refused_with_the_rules_named() -> None:
    given_ = published(synthetic(3, 2, seed=1))
    given_["deficit_n"] = given_["deficit_n"] + 1e6
    with pytest.raises(WorldError, match=r"sum to .* instead of zero.*unmatched='ROW'"):
        World.from_shares(**given_)
    with pytest.raises(WorldError, match="no rule 'rest'"):
        World.from_shares(**given_, unmatched="rest")
    given_["deficit_n"] = given_["deficit_n"] * 1e3
    with pytest.raises(WorldError, match="spending would be negative"):
        World.from_shares(**given_, unmatched="C001")
