"""What a base year refuses, what it remarks, and the treatment of raw tables."""

from dataclasses import replace

import numpy as np
import pytest

from detente.world import UnknownLabel, World, WorldError, synthetic, verdicts
from detente.world.accounts import accounts_of
from detente.world.checks import BALANCE_TOLERANCE


def bad(world: World, field: str, where: tuple[int, ...], value: float) -> dict[str, np.ndarray]:
    array = getattr(world, field).copy()
    array[where] = value
    return {field: array}


@pytest.mark.parametrize(
    ("field", "where", "value", "said"),
    [
        ("trade_jni", (0, 1, 2), -1.0, ["good G01, market C002, origin C003 (-1)"]),
        ("final_nj", (2, 1), -5.0, ["market C003, good G02 (-5)"]),
        ("final_nj", (2, 1), 1e9, ["markets", "G02 in C003", "residual"]),
        ("labour_nj", (0, 0), 1e9, ["producers", "G01 in C001", "residual"]),
        ("tariff_jni", (0, 0, 1), np.nan, ["not a finite number at good G01", "origin C002"]),
        ("trade_elasticity_j", (1,), 0.0, ["trade elasticity of G02 is 0"]),
        ("final_substitution_n", (1,), -1.0, ["final substitution of C002 is -1"]),
        ("export_tax_jni", (0, 0, 1), -1.0, ["subsidy of 100 %"]),
    ],
)
def test_a_fault_is_refused_by_country_and_good(
    field: str, where: tuple[int, ...], value: float, said: list[str]
) -> None:
    world = synthetic(3, 2, seed=3)
    with pytest.raises(WorldError) as caught:
        replace(world, **bad(world, field, where, value))
    for words in said:
        assert words in str(caught.value)


def test_a_market_without_a_supplier_is_refused() -> None:
    world = synthetic(3, 2, seed=3)
    trade = world.trade_jni.copy()
    trade[1, 2] = 0
    with pytest.raises(WorldError, match="a good that nobody sells them: G02 in C003"):
        replace(world, trade_jni=trade)


def test_deficits_that_do_not_sum_to_zero_are_refused() -> None:
    world = synthetic(3, 2, seed=3)
    # Every market is out by less than what its own account may be, all of them to one side.
    final = world.final_nj + 0.9 * BALANCE_TOLERANCE * world.spending_jn.T
    excess = (final.sum() - world.final_nj.sum()) / final.sum()
    assert excess > 1e-6
    with pytest.raises(WorldError) as caught:
        replace(world, final_nj=final)
    text = str(caught.value)
    assert f"transfers: sum over the world is {excess:.1e} of world income" in text
    assert "rebalance the flows" in text
    assert "markets" not in text
    assert "producers" not in text


def test_unknown_labels_offer_near_ones(oecd: World) -> None:
    with pytest.raises(UnknownLabel, match="Did you mean BLR"):
        oecd.country("BLRR")
    with pytest.raises(UnknownLabel, match="Did you mean MANUF_EXFOOD"):
        oecd.good("MANUF_FOOD")


def test_remarks_name_what_measures_cannot_touch() -> None:
    text = {v.check: v for v in verdicts(synthetic(1, 2)) if not v.passed}
    assert set(text) == {"countries without trade", "home markets", "tariffs"}
    assert all(v.level == "note" and v.remedy for v in text.values())
    assert any(not v.passed for v in verdicts(synthetic(60, 20, 1)) if v.check == "empty producers")


def test_a_raw_table_is_mended_and_says_so() -> None:
    rng = np.random.default_rng(0)
    use = rng.uniform(1, 2, (2, 2, 2, 2))
    final = rng.uniform(5, 9, (2, 2, 2, 2))
    use[0, 0, 1, 1] = -3.0  # a negative sale to a producer
    final[0, 0, 1, 1] = -1.0  # a running down of stocks, covered by the other use
    final[0, 1, 1] = [-5.0, 1.0]  # negative in total
    use[:, :, 1, 0] += 100.0  # inputs beyond sales
    use[1, 1], final[1, 1], use[:, :, 1, 1] = 0.0, 0.0, 0.0  # an empty producer
    books = accounts_of(use, final, ("AAA", "BBB"), ("X", "Y"), ("C", "INVNT"))
    world = World.from_flows(
        ("AAA", "BBB"),
        ("X", "Y"),
        books.trade_jni,
        books.intermediate_nkj,
        books.final_nj,
        books.value_added_nj,
    )
    assert (world.value_added_nj > 0).tolist() == [[True, True], [True, False]]
    text = "\n".join(books.notes)
    for words in (
        "X of AAA to BBB (INVNT) -1",
        "Y of AAA to BBB (all uses) -4",
        "Producers without sales or inputs: Y in BBB",
        "X in BBB (",
    ):
        assert words in text
    # The negative sale to producer Y of BBB was emptied with that producer before.
    assert "Negative sales" not in text
