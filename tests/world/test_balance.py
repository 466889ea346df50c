"""Flows that do not add up: what is forgiven, what a rule mends, and what is refused."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.world import World, WorldError, synthetic


@dataclass
class Table:
    """The flows of a world, to be bent before they are read again."""

    world: World
    trade: np.ndarray = field(init=False)
    inputs: np.ndarray = field(init=False)
    final: np.ndarray = field(init=False)
    value_added: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.trade = self.world.trade_jni.copy()
        self.inputs = self.world.intermediate_nkj.copy()
        self.final = self.world.final_nj.copy()
        self.value_added = self.world.value_added_nj.copy()

    def read(self, **rules: Any) -> World:
        w = self.world
        flows = (self.trade, self.inputs, self.final, self.value_added)
        return World.from_flows(
            w.countries, w.goods, *flows, w.tariff_jni, w.trade_elasticity_j, **rules
        )


@pytest.fixture
def table() -> Table:
    return Table(synthetic(4, 3, seed=2, tariff=0.1, zeros=0.0))


def test_rounding_below_zero_is_forgiven_and_named(table: Table) -> None:
    table.inputs[0, 2] += table.final[0, 2] / 3
    table.value_added[0] -= table.final[0, 2] / 3
    table.final[0, 2] = -1e-16
    table.trade[1, 2, 3] = -5e-16
    short = table.world.trade_jni[1, 2, 3]
    table.final[2, 1] -= short * (1 + table.world.tariff_jni[1, 2, 3])
    table.value_added[3, 1] -= short
    world = table.read()
    assert world.final_nj.min() == world.trade_jni.min() == 0
    (note,) = world.notes
    for words in ("2 cell(s)", "-5.0e-16", "final use of G03 in C001", "G02 of C004 to C003"):
        assert words in note


def test_what_is_more_than_rounding_is_refused_with_the_rules_that_help(table: Table) -> None:
    table.value_added[1, 1] = -4.0
    table.final[0, 0] = -1e-5 * table.world.spending_jn[0, 0]
    with pytest.raises(WorldError) as caught:
        table.read()
    text = str(caught.value)
    for words in ("market C001, good G01", "negative_final='sales'", "balance='ras'", "C002"):
        assert words in text


@pytest.mark.parametrize("rule", ["sales", "inputs"])
def test_negative_final_use_is_taken_out_by_the_rule_and_accounts_still_close(
    table: Table, rule: str
) -> None:
    drawn = 0.1 * table.inputs[1, 2].sum()
    moved = drawn + table.final[1, 2]
    table.final[1, 2] = -drawn
    scale = 1 + moved / table.inputs[1, 2].sum()
    table.value_added[1] -= table.inputs[1, 2] * (scale - 1)
    table.inputs[1, 2] *= scale
    assert table.value_added.min() > 0
    with pytest.raises(WorldError, match="negative_final"):
        table.read()
    world = table.read(negative_final=rule)
    assert world.final_nj[1, 2] == 0
    sold, used = world.sales_jn.sum(), world.intermediate_nkj.sum()
    if rule == "sales":
        assert sold > table.trade.sum() * (1 + 1e-6)
        assert used == pytest.approx(table.inputs.sum(), rel=1e-12)
    else:
        assert sold == pytest.approx(table.trade.sum(), rel=1e-12)
        assert used == pytest.approx(table.inputs.sum() - drawn, rel=1e-9)
    assert f"{-drawn:.6g}" in world.notes[0]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    noise=st.floats(0.001, 0.05),
    method=st.sampled_from(["ras", "least_squares"]),
)
def test_noise_is_balanced_and_the_report_says_how_much_moved(
    seed: int, noise: float, method: str
) -> None:
    table = Table(synthetic(5, 3, seed=seed, tariff=0.1))
    rng = np.random.default_rng(seed)
    for block in (table.trade, table.inputs, table.final, table.value_added):
        np.multiply(block, 1 + noise * rng.uniform(-1, 1, block.shape), out=block)
    world = table.read(balance=method, most_moved=0.2)
    pairs = (
        (table.trade, world.trade_jni),
        (table.inputs, world.intermediate_nkj),
        (table.final, world.final_nj),
        (table.value_added, world.value_added_nj),
    )
    total = sum(old.sum() for old, _ in pairs)
    share = sum(np.abs(new - old).sum() for old, new in pairs) / total
    assert share < 2 * noise
    assert f"{share:.2%} of all flows" in world.notes[-1]
    assert all(((new > 0) == (old > 0)).all() for old, new in pairs)
    # Balanced flows are left alone.
    again = World.from_flows(
        world.countries,
        world.goods,
        *(new for _, new in pairs),
        world.tariff_jni,
        balance=method,  # type: ignore[arg-type]
    )
    np.testing.assert_allclose(again.trade_jni, world.trade_jni, rtol=1e-9)


def test_ras_of_a_table_with_given_margins_is_the_classical_one() -> None:
    """With trade, use and value added of one good free, cells keep their cross ratios."""
    table = Table(synthetic(3, 1, seed=4, zeros=0.0))
    table.final *= np.array([[1.04], [0.97], [1.0]])
    world = table.read(balance="ras")
    before, after = table.trade[0], world.trade_jni[0]
    ratio = after / before
    np.testing.assert_allclose(ratio[0, 0] * ratio[1, 1], ratio[0, 1] * ratio[1, 0], rtol=1e-10)
    assert not np.allclose(ratio, 1, atol=1e-3)


def test_too_much_is_refused_and_one_sided_accounts_are_named(table: Table) -> None:
    table.final *= 2
    with pytest.raises(WorldError, match=r"more than 5% of all flows: .*most_moved") as caught:
        table.read(balance="ras")
    assert str(caught.value).count(" to ") < 12
    table.final[0, 0], table.inputs[0, 0] = 0.0, 0.0
    table.value_added[2, 1], table.inputs[2, :, 1] = 0.0, 0.0
    with pytest.raises(WorldError) as caught:
        table.read(balance="ras")
    assert "G01 in C001 is bought and has no use" in str(caught.value)
    assert "G02 in C003 is sold and costs nothing" in str(caught.value)


def test_unknown_rules_are_named(table: Table) -> None:
    with pytest.raises(WorldError, match="no balance 'RAS'; there are refuse, ras, least_squares"):
        table.read(balance="RAS")
    with pytest.raises(WorldError, match="no negative_final 'cut'"):
        table.read(negative_final="cut")
