"""Two worlds beside each other: the same figures as in each of them alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.world import WorldError, compare_worlds, load_world, synthetic


def test_a_world_beside_itself_differs_in_nothing() -> None:
    world = load_world("oecd28-2019")
    found = compare_worlds(world, world)
    assert [row.label for row in found.sectors] == list(world.goods)
    assert all(row.traded.change == 0 for row in (*found.sectors, *found.countries))
    assert found.apart == ((), ())


@pytest.mark.parametrize(
    ("first", "second", "economies", "sectors"),
    [
        ("oecd28-2021", "oecd-2022", 81, 28),
        ("oecd-2022", "oecd-2020", 77, 11),
        ("oecd-2020", "oecd28-2020", 77, 3),
    ],
)
def test_totals_are_kept_where_sectors_and_economies_are_merged(
    first, second, economies, sectors
) -> None:
    worlds = load_world(first), load_world(second)
    found = compare_worlds(*worlds)
    assert (len(found.countries), len(found.sectors)) == (economies, sectors)
    for k, world in enumerate(worlds):
        side = ("first", "second")[k]
        sold = sum(getattr(row.sales, side) for row in found.sectors)
        assert sold == pytest.approx(world.sales_j.sum(), rel=1e-12)
        added = sum(getattr(row.sales, side) for row in found.countries)
        assert added == pytest.approx(world.value_added_nj.sum(), rel=1e-12)
    blr = next(row for row in found.countries if row.label == "BLR")
    n = worlds[0].country("BLR")
    sold = worlds[0].trade_jni[:, :, n].sum() - worlds[0].trade_jni[:, n, n].sum()
    assert blr.traded.first == pytest.approx(sold)


def test_only_one_has_angola_apart_and_sentences_say_so() -> None:
    found = compare_worlds(load_world("oecd-2020"), load_world("oecd-2022"))
    assert found.apart == ((), ("AGO", "ARE", "COD", "STP"))
    assert "Only oecd-2022 has AGO, ARE, COD, STP apart." in found.sentences
    frame = found.to_frame("countries")
    assert np.isclose(frame["exports_first"].sum(), sum(r.traded.first for r in found.countries))


def test_goods_that_are_in_no_sector_of_the_other_are_refused() -> None:
    world = synthetic(3, 2, seed=1)
    with pytest.raises(WorldError, match="is in no sector of the other"):
        compare_worlds(world, replace(world, goods=("TIN", world.goods[1])))
