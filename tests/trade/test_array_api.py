"""Kernels on another array library that follows the Python array API, against NumPy."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import array_api_strict as strict
import numpy as np
import pytest

from detente.trade import Shock, embargo, solve, tariff
from detente.trade._economy import economy_of
from detente.trade._evaluation import (
    Unknowns,
    evaluate,
    factor_bills,
    final_demand,
    input_demand,
    transfers,
    unit_costs,
)
from detente.trade._shock_wedges import wedges
from detente.trade._solution import layout_of
from detente.trade._system import System, prepare
from detente.trade.horizons import Horizon
from detente.world import World, synthetic

NO_CAPITAL_FIXED = Horizon("own", "", 0.7, 2.0, 0.0)
SHORT = Horizon("own", "", 0.7, 2.0, 1.0)


def elsewhere(value: Any) -> Any:
    """The same with every array of numbers in the other library."""
    if isinstance(value, np.ndarray):
        return strict.asarray(value)
    if isinstance(value, tuple):
        return tuple(elsewhere(v) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"wedges", "network", "rooms", "goods"}
        changed = {
            f.name: elsewhere(getattr(value, f.name)) for f in fields(value) if f.name not in kept
        }
        return replace(value, **changed)
    return value


def same(found: Any, expected: np.ndarray) -> None:
    assert isinstance(found, type(strict.asarray(0.0)))
    # Sums may be taken in another order.
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-12, atol=1e-12)


def world_of(substitution: list[float], tariff_level: float = 0.0) -> World:
    world = synthetic(5, 4, 3, tariff=tariff_level, zeros=0.0, resource_share=0.0)
    sigma = np.array([1.0, 0.5, 1.0, 1.4, 1.0])
    return replace(world, input_substitution_j=np.array(substitution), final_substitution_n=sigma)


def system_of(world: World, shock: Shock, horizon: Horizon, rule: str = "fixed") -> System:
    economy = economy_of(world, horizon)
    component = solve(world, shock, horizon, rule).solution.system.component_n  # type: ignore[arg-type]
    # What all shocks change stands in the common products.
    change = wedges(world, economy, shock)
    return prepare(economy, [change, change], transfer_rule=rule, component_n=component)


def point_of(system: System) -> Unknowns:
    rng = np.random.default_rng(0)
    J, N = system.economy.shape
    return Unknowns(
        0.1 * rng.normal(size=(N, 2)),
        0.1 * rng.normal(size=(len(system.fixed_at[0]), 2)),
        0.1 * rng.normal(size=(J, N, 2)),
        system.economy.spending_jn[:, :, None] * np.exp(0.1 * rng.normal(size=(J, N, 2))),
        np.zeros((0, 2)),
        0.1 * rng.normal(size=(layout_of(system).employed, 2)),
        0.1 * rng.normal(size=(layout_of(system).scaled, 2)),
    )


EVERYTHING: dict[str, Any] = {
    "labour_supply_elasticity": 0.5,
    "scale_elasticity": 0.1,
    "mark_up": 1.1,
    "profits": "world",
    "marketing_share": 0.1,
    "market_size_elasticity": 0.1,
    "tariff_pass_through": 1.1,
    "revenue": "income_tax",
}
# Cobb-Douglas; side by side; interleaved.
SUBSTITUTION = [[1.0] * 4, [0.4, 0.4, 1.0, 1.0], [0.4, 1.0, 0.4, 1.0]]


@pytest.mark.parametrize("substitution", SUBSTITUTION)
@pytest.mark.parametrize("horizon", [NO_CAPITAL_FIXED, SHORT])
def test_behaviour_takes_the_library_of_its_arrays(
    substitution: list[float], horizon: Horizon
) -> None:
    shock = tariff("C001", "C002", rate=0.2)
    system = system_of(world_of(substitution), shock, horizon, "proportional")
    other, rng = elsewhere(system), np.random.default_rng(1)
    J, N = system.economy.shape
    x = point_of(system)
    rent = 0.1 * rng.normal(size=(N, J, 2)) * system.has_fixed
    sales, income = rng.uniform(1, 2, (J, N, 2)), rng.uniform(1, 2, (N, 2))
    cost, states = unit_costs(system, x.log_wage_nb, rent, x.log_price_jnb)
    there = elsewhere((x.log_wage_nb, rent, x.log_price_jnb))
    cost_there, states_there = unit_costs(other, *there)
    same(cost_there, cost)
    for found, expected in zip(
        factor_bills(other, elsewhere(sales), states_there),
        factor_bills(system, sales, states),
        strict=True,
    ):
        same(found, expected)
    same(input_demand(other, elsewhere(sales), states_there), input_demand(system, sales, states))
    for found, expected in zip(
        final_demand(other.economy, there[2], elsewhere(income)),
        final_demand(system.economy, x.log_price_jnb, income),
        strict=True,
    ):
        same(found, expected)
    same(transfers(other, elsewhere(income)), transfers(system, income))


@pytest.mark.parametrize("substitution", SUBSTITUTION)
@pytest.mark.parametrize("rule", ["fixed", "proportional", "zero"])
@pytest.mark.parametrize("taxed", [0.0, 0.1])
@pytest.mark.parametrize("specified", [False, True])
def test_an_evaluation_without_fixed_factors_and_routes_runs_in_the_other_library(
    substitution: list[float], rule: str, taxed: float, specified: bool
) -> None:
    shock = embargo("C001", "C002", leakage=0.1)
    if rule == "proportional":
        shock += embargo("C003", "*") + embargo("*", "C003")  # two numeraires
    world = world_of(substitution, taxed)
    if specified:
        world = world.specified(**EVERYTHING)
    system = system_of(world, shock, NO_CAPITAL_FIXED, rule)
    x = point_of(system)
    (new, point), (new_there, point_there) = (
        evaluate(system, x),
        evaluate(elsewhere(system), elsewhere(x)),
    )
    for expected, found in ((new, new_there), (point, point_there)):
        for f in fields(expected):
            if f.name == "choices" or getattr(expected, f.name) is None:
                assert bool(getattr(found, f.name)) is bool(getattr(expected, f.name))
            else:
                same(getattr(found, f.name), getattr(expected, f.name))
