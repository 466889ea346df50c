"""A converged equilibrium is a base year, whatever its final uses and its tolerance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from detente.trade import NotConverged, ShockError, embargo, solve, tariff
from detente.world import World, WorldError, synthetic


def nothing_bought(world: World, good: int, left: float) -> World:
    """The same flows with next to no final use of a good: producers use the rest."""
    inputs, final = world.intermediate_nkj.copy(), world.final_nj.copy()
    used = inputs[:, good].sum(axis=1)
    move = np.where(used > 0, final[:, good] - left * (final[:, good] > 0), 0.0)
    grown = np.divide(move, used, out=np.zeros_like(used), where=used > 0)
    more = inputs[:, good] * grown[:, None]
    inputs[:, good] += more
    final[:, good] -= move
    labour = world.labour_nj - more
    return replace(
        world,
        intermediate_nkj=inputs,
        final_nj=np.maximum(final, 0.0),
        labour_nj=np.maximum(labour, 0.0),
        capital_nj=world.capital_nj + np.minimum(labour, 0.0),
    )


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    left=st.sampled_from([0.0, 1e-16, 1e-9, 1e-3]),
    tolerance=st.sampled_from([1e-9, 1e-6, 1e-3]),
    horizon=st.sampled_from(["long", "short"]),
    transfers=st.sampled_from(["fixed", "proportional", "zero"]),
)
def test_a_converged_equilibrium_is_a_base_year(
    seed: int, left: float, tolerance: float, horizon: str, transfers: str
) -> None:
    world = synthetic(4, 3, seed=seed, zeros=0.2)
    try:
        world = nothing_bought(world, 2, left)
    except WorldError:
        reject()  # its producers cannot pay for so much of it
    shock = tariff("C002", ["C001", "C003"], rate=0.3) + embargo("C001", "C004", leakage=0.01)
    try:
        result = solve(world, shock, horizon, transfers, tolerance)  # type: ignore[arg-type]
    except (NotConverged, ShockError):
        reject()
    again = result.as_world()
    scale = float(again.spending_jn.sum())
    use = (again.intermediate_nkj.sum(axis=2) + again.final_nj).T
    assert np.abs(use - again.spending_jn).max() < 1e-11 * scale
    assert np.abs(again.spending_jn - result.solution.spending_jn).max() < 10 * tolerance * scale


@pytest.mark.parametrize("tolerance", [1e-9, 1e-4])
def test_nothing_moves_in_the_base_year_that_was_made(tolerance: float) -> None:
    result = solve(synthetic(5, 3, seed=3), tariff("C001", "C002", rate=0.2), tolerance=tolerance)
    still = solve(result.as_world(), tolerance=1e-12)
    assert np.abs(still.log_welfare_n).max() < 1e-9
