"""A commodity taken out of a sector: the world still balances and nothing is lost."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from detente.world import UnknownLabel, World, WorldError, split_commodity, synthetic

COST: dict[str, Any] = {
    "labour_share": 0.15,
    "capital_share": 0.2,
    "resource_share": 0.3,
    "trade_elasticity": 8.0,
}


def conserved(before: World, after: World, parent: str, *, rel: float = 1e-9) -> None:
    """Parent and commodity together are what the parent was, by country."""
    p = before.good(parent)

    def same(x: np.ndarray, y: np.ndarray) -> None:
        assert np.allclose(x, y, rtol=rel, atol=rel * max(y.max(), 1.0))

    same(after.sales_jn[p] + after.sales_jn[-1], before.sales_jn[p])
    same(after.value_added_nj[:, p] + after.value_added_nj[:, -1], before.value_added_nj[:, p])
    same(after.transfer_n, before.transfer_n)
    use = after.intermediate_nkj
    joined = use[:, :-1, :-1].copy()
    joined[:, p] += use[:, -1, :-1]
    joined[:, :, p] += use[:, :-1, -1]
    joined[:, p, p] += use[:, -1, -1]
    same(joined, before.intermediate_nkj)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 8),
    st.integers(1, 5),
    st.integers(0, 999),
    st.floats(1e-5, 0.3),
    st.booleans(),
    st.booleans(),
)
def test_any_split_balances_and_conserves(
    N: int, J: int, seed: int, size: float, taxed: bool, own_inputs: bool
) -> None:
    world = synthetic(N, J, seed, tariff=0.2 if taxed else 0.0)
    rng = np.random.default_rng(seed)
    flow = world.trade_jni[0] * size * rng.uniform(0, 1, (N, N))
    flow[:, -1] = 0.0  # a country that sells none
    assume(flow.any())
    goods = world.goods
    after = split_commodity(
        world,
        "potash",
        goods[0],
        flow,
        users={goods[-1]: 0.7, "final": 0.3},
        inputs={goods[-1]: 1.0} if own_inputs else None,
        **COST,
    )
    assert after.goods == (*goods, "potash")
    assert np.array_equal(after.trade_jni[-1], flow)
    assert not after.value_added_nj[-1, -1]
    assert not after.intermediate_nkj[-1, :, -1].any()
    conserved(world, after, goods[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 9), st.integers(1, 4), st.integers(0, 999), st.floats(1.0, 3.0))
def test_flows_beyond_the_parent_s_are_kept_whatever_the_tariffs(
    N: int, J: int, seed: int, factor: float
) -> None:
    world = synthetic(N, J, seed, tariff=0.2)
    rng = np.random.default_rng(seed)
    flow = np.where(rng.random((N, N)) < 0.3, factor, 0.01) * world.trade_jni[0]
    np.fill_diagonal(flow, 0.0)
    for axis in (1, 0):
        most = flow.sum(axis=axis, keepdims=True)
        room = 0.4 * world.trade_jni[0].sum(axis=axis, keepdims=True)
        flow *= np.divide(room, most, out=np.ones_like(room), where=most > room)
    if not flow.any():
        return
    try:
        after = split_commodity(world, "potash", "G01", flow, users={"final": 1.0}, **COST)
    except WorldError as error:  # too much for so few countries: said, not solved
        event("refused")
        if "choose a larger parent" not in str(error):
            raise
        return
    assert np.array_equal(after.trade_jni[-1], flow)
    assert (after.trade_jni[0] >= 0).all()
    total = after.trade_jni[0] + after.trade_jni[-1]
    assert np.allclose(total.sum(axis=0), world.trade_jni[0].sum(axis=0), rtol=1e-9)
    assert np.allclose(total.sum(axis=1), world.trade_jni[0].sum(axis=1), rtol=1e-9)
    # Revenue moves with the flows that were reallocated, and income by as much: not transfers.
    assert np.allclose(after.transfer_n, world.transfer_n, atol=1e-9 * world.income_n.sum())


def test_a_market_that_uses_none_keeps_itself_as_supplier() -> None:
    world = synthetic(4, 2, seed=5, zeros=0)
    flow = 0.01 * world.trade_jni[0]
    flow[2] = 0.0
    after = split_commodity(world, "potash", "G01", flow, users={"final": 1.0}, **COST)
    assert after.share_jni[-1, 2].tolist() == [0.0, 0.0, 1.0, 0.0]


def test_a_flow_larger_than_the_table_records_is_kept(oecd: World) -> None:
    """Belarus to India: potash customs show more than the table's whole manufacturing cell."""
    world, p = oecd, oecd.good("MANUF_EXFOOD")
    blr, ind, phl = (world.country(c) for c in ("BLR", "IND", "PHL"))
    flow = np.zeros((77, 77))
    flow[ind, blr] = 1.16 * world.trade_jni[p, ind, blr]
    flow[phl, blr] = 8.4 * world.trade_jni[p, phl, blr]
    after = split_commodity(
        world, "potash", "MANUF_EXFOOD", flow, users={"AGRI_MIN_FOOD": 1.0}, **COST
    )
    assert np.array_equal(after.trade_jni[-1], flow)
    assert (after.trade_jni[p] >= 0).all()
    conserved(world, after, "MANUF_EXFOOD")
    notes = "\n".join(after.notes)
    assert "2 flow(s) exceed what MANUF_EXFOOD records" in notes
    assert "BLR to IND 250.99 to 303.6" in notes
    both = after.trade_jni[p] + after.trade_jni[-1]
    large = world.trade_jni[p] > 1.0
    large[[ind, phl], blr] = False
    # The price of keeping both flows: no other flow above 1 million moves by more than 1 %.
    assert (np.abs(both / np.where(large, world.trade_jni[p], 1) - 1)[large]).max() < 0.01


def test_costs_and_users_beyond_the_parent_go_elsewhere_and_are_named(oecd: World) -> None:
    p = oecd.good("MANUF_EXFOOD")
    blr = oecd.country("BLR")
    flow = np.zeros((77, 77))
    flow[:, blr] = 0.9 * oecd.trade_jni[p, :, blr]
    after = split_commodity(
        oecd,
        "most of it",
        "MANUF_EXFOOD",
        flow,
        users={"ARTS_OTHER": 1.0},
        labour_share=0.1,
        capital_share=0.1,
        resource_share=0.6,
        trade_elasticity=5.0,
        inputs={"UTILITIES": 1.0},
    )
    conserved(oecd, after, "MANUF_EXFOOD")
    text = "\n".join(after.notes)
    assert "the listed users buy too little" in text
    assert "the parent has too little of a cost" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "G01"}, "'G01' is taken"),
        ({"trade_ni": np.ones((2, 3))}, "shape (2, 3), expected (3, 3)"),
        ({"trade_ni": -np.ones((3, 3))}, "from C001 to C001 is -1.0"),
        ({"trade_ni": np.zeros((3, 3))}, "every flow is zero"),
        ({"trade_ni": np.full((3, 3), 1e9)}, "C002 sells USD million 3e+09"),
        ({"users": {"G2": 1.0}}, "Did you mean G02"),
        ({"users": {"G02": 0.5}}, "sum to 0.5, expected 1"),
        ({"users": {}}, "users is empty"),
        ({"inputs": {"G02": -1.0}}, "gives G02 -1.0"),
        ({"labour_share": 0.9}, "sum to at most 1"),
        ({"trade_elasticity": 0.0}, "must be above 0"),
        ({"input_substitution": -1.0}, "must be 0 or more"),
    ],
)
def test_a_wrong_request_is_refused(change: dict[str, Any], said: str) -> None:
    world = synthetic(3, 2, seed=1)
    request = {
        "name": "potash",
        "trade_ni": 0.01 * world.trade_jni[0],
        "users": {"final": 1.0},
        **COST,
        **change,
    }
    with pytest.raises(WorldError) as caught:
        split_commodity(world, parent="G01", **request)
    assert said in str(caught.value)


def test_an_unknown_parent_is_refused() -> None:
    world = synthetic(3, 2, seed=1)
    with pytest.raises(UnknownLabel, match="G01"):
        split_commodity(world, "x", "G1", world.trade_jni[0], users={"final": 1.0}, **COST)


def test_a_parent_short_of_value_added_exchanges_inputs_for_it_within_the_country() -> None:
    """The commodity keeps its rent, on which its supply curve rests."""
    world = synthetic(4, 6, seed=3)
    p = 0
    sold, paid = world.sales_jn[p], world.value_added_nj[:, p]
    # Most of the sector of the first country, and next to nothing of the others'.
    flow = world.trade_jni[p] * np.where(np.arange(4) == 0, 0.6, 1e-3)
    share = 1.02 * paid[0] / (0.6 * sold[0])
    assert share < 0.9
    after = split_commodity(
        world, "ore", world.goods[p], flow, users={"final": 1.0},
        labour_share=0.3 * share, capital_share=0.3 * share, resource_share=0.4 * share,
        trade_elasticity=8.0,
    )  # fmt: skip
    made = flow[:, 0].sum()
    assert after.resource_nj[0, -1] == pytest.approx(0.4 * share * made)
    assert after.labour_nj[0, -1] == pytest.approx(0.3 * share * made)
    (said,) = [note for note in after.notes if "exchanged" in note]
    assert world.countries[0] in said
    assert not any(country in said for country in world.countries[1:])
    added, before = after.value_added_nj[0], world.value_added_nj[0]
    assert added.sum() == pytest.approx(before.sum())
    assert added[p] + added[-1] > before[p]
    lost = 1 - added[1:-1] / before[1:]
    assert lost == pytest.approx(np.full(len(lost), lost[0]))
    assert 0 < lost[0] < 0.05
    used = after.intermediate_nkj[0].sum(axis=1)
    assert used[:-1] + np.eye(6)[p] * used[-1] == pytest.approx(
        world.intermediate_nkj[0].sum(axis=1)
    )
    assert after.sales_jn[1:-1] == pytest.approx(world.sales_jn[1:])


def test_nothing_is_exchanged_where_the_others_would_lose_too_much() -> None:
    world = synthetic(3, 2, seed=5)
    flow = 0.8 * world.trade_jni[0]
    after = split_commodity(
        world, "ore", world.goods[0], flow, users={"final": 1.0}, labour_share=0.45,
        capital_share=0.3, resource_share=0.2, trade_elasticity=8.0,
    )  # fmt: skip
    assert not any("exchanged" in note for note in after.notes)
    assert any("too little of a cost" in note for note in after.notes)
    conserved(world, after, world.goods[0])
