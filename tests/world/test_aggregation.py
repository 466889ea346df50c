"""Merging conserves every total."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.world import UnknownLabel, World, aggregate_countries, aggregate_goods, synthetic

#: Sums of some thousand numbers in double precision.
EXACT = 1e-11


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 9), st.integers(2, 6), st.integers(0, 999), st.data())
def test_totals_are_conserved(N: int, J: int, seed: int, data: st.DataObject) -> None:
    world = synthetic(N, J, seed, tariff=0.15, resource_share=0.3)
    to = data.draw(st.lists(st.sampled_from("ABC"), min_size=N, max_size=N))
    by = data.draw(st.lists(st.sampled_from("XYZ"), min_size=J, max_size=J))
    merged = aggregate_goods(
        aggregate_countries(world, dict(zip(world.countries, to, strict=True))),
        dict(zip(world.goods, by, strict=True)),
    )
    for name in ("trade_jni", "purchaser_jni", "intermediate_nkj", "final_nj", "resource_nj"):
        assert getattr(merged, name).sum() == pytest.approx(getattr(world, name).sum(), rel=EXACT)
    for name in ("tariff_revenue_n", "transfer_n", "income_n"):
        now = dict(zip(merged.countries, getattr(merged, name), strict=True))
        for label in set(to):
            was = sum(x for x, t in zip(getattr(world, name), to, strict=True) if t == label)
            assert now[label] == pytest.approx(was, rel=1e-9, abs=EXACT * world.income_n.sum())
    low, high = world.trade_elasticity_j.min(), world.trade_elasticity_j.max()
    assert (merged.trade_elasticity_j >= low - EXACT).all()
    assert (merged.trade_elasticity_j <= high + EXACT).all()


def test_labels_not_named_stay_and_order_does_not_matter(oecd: World) -> None:
    world = aggregate_countries(oecd, {"EST": "BAL", "LTU": "BAL", "LVA": "BAL"})
    assert len(world.countries) == 75
    usa, brazil = world.country("USA"), world.country("BRA")
    assert np.array_equal(
        world.trade_jni[:, usa, brazil],
        oecd.trade_jni[:, oecd.country("USA"), oecd.country("BRA")],
    )
    assert "BAL from EST, LTU, LVA" in world.notes[-1]
    assert np.array_equal(world.trade_elasticity_j, oecd.trade_elasticity_j)
    joined = aggregate_countries(oecd, {"BEL": "LUX"})
    assert "BEL" not in joined.countries
    assert joined.notes[-1] == "Countries merged: LUX from BEL, LUX."


def test_nothing_named_changes_nothing(oecd: World) -> None:
    assert aggregate_goods(aggregate_countries(oecd, {}), {}).digest == oecd.digest


def test_every_unknown_label_is_named(oecd: World) -> None:
    with pytest.raises(UnknownLabel) as caught:
        aggregate_countries(oecd, {"LTV": "X", "BLRR": "X", "USA": "X"})
    assert len(caught.value.faults) == 2
    assert "Did you mean" in caught.value.faults[0]
