"""A specification goes with a world that is split or merged."""

from typing import Any

import numpy as np
import pytest

from detente.world import (
    World,
    WorldError,
    aggregate_countries,
    aggregate_goods,
    load_world,
    melitz_pareto,
    split_commodity,
    split_country,
    synthetic,
)

#: How a commodity is made and bought.
COST: dict[str, Any] = {
    "users": {"final": 1.0},
    "labour_share": 0.3,
    "capital_share": 0.2,
    "trade_elasticity": 5.0,
}


@pytest.fixture(scope="module")
def world() -> World:
    return load_world("oecd28-2021")


def test_a_country_and_a_good_that_are_split_off_take_the_values_of_the_rest(world: World) -> None:
    labour = {"ROW": 0.5, "BLR": 0.25}
    pass_through = np.full((len(world.goods), len(world.countries)), 0.8)
    rest = world.country("ROW")
    pass_through[:, rest] = 0.6
    given = world.specified(labour_supply_elasticity=labour, tariff_pass_through=pass_through)
    split = split_country(given, "IRN").specification
    codes = split_country(given, "IRN").countries
    assert split.labour_supply_elasticity_n is not None
    assert split.tariff_pass_through_jn is not None
    values = dict(zip(codes, split.labour_supply_elasticity_n.tolist(), strict=True))
    assert (values["IRN"], values["ROW"], values["BLR"], values["DEU"]) == (0.5, 0.5, 0.25, 0.0)
    assert (split.tariff_pass_through_jn[:, codes.index("IRN")] == 0.6).all()


def test_a_good_takes_the_values_of_its_sector() -> None:
    base = synthetic(4, 3, seed=2)
    given = base.specified(scale_elasticity={base.goods[1]: 0.1}, mark_up={base.goods[1]: 1.2})
    flows = given.trade_jni[1] * 0.2
    split = split_commodity(given, "NEW", base.goods[1], flows, **COST)
    assert split.specification.scale_elasticity_j is not None
    assert split.specification.scale_elasticity_j.tolist() == [0, 0.1, 0, 0.1]


def test_only_what_is_alike_is_merged() -> None:
    base = synthetic(4, 3, seed=2)
    a, b, *_ = base.countries
    alike = base.specified(labour_supply_elasticity={a: 0.4, b: 0.4})
    merged = aggregate_countries(alike, {a: "NEW", b: "NEW"})
    assert merged.specification.labour_supply_elasticity_n is not None
    assert merged.specification.labour_supply_elasticity_n.tolist() == [0.4, 0, 0]
    with pytest.raises(WorldError, match=r"differs in its labour supply elasticity\. Merge first"):
        aggregate_countries(base.specified(labour_supply_elasticity={a: 0.4}), {a: "N", b: "N"})
    x, y, _ = base.goods
    with pytest.raises(WorldError, match="differs in its scale elasticity"):
        aggregate_goods(base.specified(scale_elasticity={x: 0.1}), {x: "N", y: "N"})
    assert aggregate_goods(base, {x: "N", y: "N"}).specification.plain


def test_a_world_with_marketing_shares_is_not_split() -> None:
    base = synthetic(4, 3, seed=2)
    base = melitz_pareto(base, 1 + 0.7 * base.trade_elasticity_j)
    flows = base.trade_jni[1] * 0.2
    with pytest.raises(WorldError, match="Split it first, then specify"):
        split_commodity(base, "NEW", base.goods[1], flows, **COST)
