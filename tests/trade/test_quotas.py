"""Quotas and licences: limits that hold exactly, and rates that are the price of a limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.trade import ShockError, embargo, export_tax, licence, quota, solve, solve_many, tariff

GOOD = "MANUF_EXFOOD"
#: The gap that the search for rates may leave, in logs, and as much for the equilibrium's own.
CLOSE = 2e-8


@pytest.fixture(scope="module")
def world():
    return detente.load_world("oecd-2020")


@pytest.fixture(scope="module")
def flow(world):
    return float(world.trade_jni[world.good(GOOD), world.country("USA"), world.country("CHN")])


@pytest.mark.parametrize("rent", ["market", "origin"])
@pytest.mark.parametrize("part", [0.9, 0.5, 0.05])
def test_a_quota_is_the_tax_at_which_it_binds(world, flow, part, rent) -> None:
    """Bhagwati (1965): under perfect competition a quota and its rate are one."""
    found = solve(world, quota("CHN", "USA", GOOD, limit=part * flow, rent=rent))
    (held,) = found.quotas
    assert held.binds
    assert held.quantity == pytest.approx(part * flow, rel=CLOSE)
    taxed = tariff if rent == "market" else export_tax
    same = solve(world, taxed("CHN", "USA", GOOD, rate=held.rate, added=True))
    assert found.equivalent_variation.values == pytest.approx(
        same.equivalent_variation.values, abs=1e-2, rel=1e-6
    )
    assert held.rent > 0


def test_whose_the_rent_is_decides_who_gains(world, flow) -> None:
    ours, theirs = (
        solve(world, quota("CHN", "USA", GOOD, limit=0.5 * flow, rent=rent))
        for rent in ("market", "origin")
    )
    assert ours.equivalent_variation["USA"] > theirs.equivalent_variation["USA"]
    assert ours.equivalent_variation["CHN"] < 0 < theirs.equivalent_variation["CHN"]


def test_a_quota_that_is_not_reached_changes_nothing(world, flow) -> None:
    found = solve(world, quota("CHN", "USA", GOOD, limit=1.01 * flow))
    (held,) = found.quotas
    assert (held.binds, held.rate, held.rent) == (False, 0.0, 0.0)
    assert held.quantity == pytest.approx(flow, rel=1e-8)
    assert np.abs(found.equivalent_variation.values).max() < 1e-2


def test_beyond_a_tariff_rate_quota_the_duty_holds_and_below_it_none(world, flow) -> None:
    def rate(limit: float) -> float:
        return solve(world, quota("CHN", "USA", GOOD, limit=limit, beyond=0.1)).quotas[0].rate

    assert rate(1.2 * flow) == 0
    assert rate(0.2 * flow) == pytest.approx(0.1, rel=1e-12)
    assert 0 < rate(0.9 * flow) < 0.1
    tight = solve(world, quota("CHN", "USA", GOOD, limit=0.2 * flow, beyond=0.1))
    (held,) = tight.quotas
    assert held.quantity > 0.2 * flow
    duty = solve(world, tariff("CHN", "USA", GOOD, rate=0.1, added=True))
    assert tight.equivalent_variation.values == pytest.approx(duty.equivalent_variation.values)
    # Those who hold licences earn the duty on what is within the limit.
    levied = duty.trade_value[GOOD, "USA", "CHN"]
    assert held.rent == pytest.approx(0.1 * levied * 0.2 * flow / held.quantity, rel=1e-6)


def test_a_licence_lets_its_volume_through_an_embargo_and_is_nothing_without_one(world) -> None:
    ban = embargo("RUS", "EU", GOOD, leakage=0.02)
    found = solve(world, ban + licence("RUS", "HUN", GOOD, limit=300.0))
    (held,) = found.quotas
    assert held.quantity == pytest.approx(300.0, rel=CLOSE)
    j, russia = world.good(GOOD), world.country("RUS")
    base = world.trade_jni[j, world.country("DEU"), russia]
    assert found.trade_jni[j, world.country("DEU"), russia] < 0.1 * base
    alone = solve(world, licence("RUS", "HUN", GOOD, limit=300.0))
    assert np.abs(alone.equivalent_variation.values).max() < 1e-2
    assert not alone.quotas[0].binds


def test_several_limits_hold_together_and_in_company(world, flow) -> None:
    whole = quota("CHN", ("USA", "CAN"), "*", limit=0.5 * flow) + quota(
        "JPN", "USA", "*", limit=0.3 * flow
    )
    batch = solve_many(world, [whole, tariff("CHN", "USA", rate=0.1), whole])
    for found in (batch[0], batch[2], solve(world, whole)):
        for held in found.quotas:
            assert held.quantity <= held.limit * (1 + CLOSE)
            assert held.binds == (held.quantity > held.limit * (1 - CLOSE))
    assert batch[1].quotas == ()


@settings(max_examples=15, deadline=None)
@given(
    parts=st.lists(st.floats(0.05, 1.5), min_size=1, max_size=3),
    beyond=st.sampled_from([float("inf"), 0.05, 0.5]),
)
def test_every_limit_is_kept_or_costs_all_it_may(parts, beyond) -> None:
    world = detente.load_world("oecd-2020")
    pairs = [("CHN", "USA"), ("DEU", "FRA"), ("MEX", "USA")][: len(parts)]
    shock = sum(
        (
            quota(a, b, GOOD, limit=part * float(
                world.trade_jni[world.good(GOOD), world.country(b), world.country(a)]
            ), beyond=beyond)
            for (a, b), part in zip(pairs, parts, strict=True)
        ),
        start=detente.Shock(),
    )  # fmt: skip
    for held in solve(world, shock).quotas:
        gap = np.log(held.quantity / held.limit)
        if held.rate == 0:
            assert gap <= CLOSE
        elif held.rate < beyond * (1 - 1e-9):
            assert abs(gap) <= CLOSE
        else:
            assert held.rate == pytest.approx(beyond)
            assert gap >= -CLOSE


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: quota("CHN", "USA", limit=0.0), "an embargo"),
        (lambda: quota("CHN", "USA", limit=float("nan")), "USD million a year above 0"),
        (lambda: quota("CHN", "USA", limit=1.0, rent="nobody"), "who earns it"),
        (lambda: quota("CHN", "USA", limit=1.0, beyond=-0.1), "points above 0"),
        (lambda: quota("CHN", "USA", limit=1.0, beyond=0.1, rent="origin"), "leave `beyond` out"),
        (lambda: licence("CHN", "USA", limit=-1.0), "above 0"),
    ],
)
def test_limits_that_make_no_sense_are_refused(world, make, words) -> None:
    with pytest.raises(ShockError, match=words):
        solve(world, make())


def test_derivatives_are_refused_where_a_quota_binds(world, flow) -> None:
    binding = solve(world, quota("CHN", "USA", GOOD, limit=0.5 * flow))
    with pytest.raises(ShockError, match="instead of the quantity"):
        detente.gradient(binding, "USA")
    loose = solve(world, quota("CHN", "USA", GOOD, limit=2 * flow))
    assert detente.gradient(loose, "USA").residual < 1e-6


def test_the_document_says_what_came_of_each_limit(world, flow) -> None:
    found = solve(world, quota("CHN", "USA", GOOD, limit=0.5 * flow))
    (row,) = found.to_dict()["quotas"]
    assert row["binds"]
    assert row["owner"] == "market"
    assert any("binds like a rate of" in text for text in found.sentences)
