"""Invented worlds balance, repeat, and are quick."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.world import WorldError, synthetic, verdicts


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(1, 8), st.integers(0, 9999), st.floats(0, 0.5))
def test_any_size_balances(N: int, J: int, seed: int, zeros: float) -> None:
    world = synthetic(N, J, seed, tariff=0.1, zeros=zeros, resource_share=0.5)
    assert world.trade_jni.shape == (J, N, N)
    # Construction allows 1e-6; an invented world must be better than data.
    assert abs(world.transfer_n.sum()) < 1e-12 * world.income_n.sum()
    assert all(v.passed for v in verdicts(world) if v.level == "error")
    assert world.digest == synthetic(N, J, seed, tariff=0.1, zeros=zeros, resource_share=0.5).digest


def test_a_large_world_is_realistic() -> None:
    world = synthetic(77, 45, seed=1)
    own = np.trace(world.trade_jni, axis1=1, axis2=2).sum() / world.trade_jni.sum()
    assert 0.6 < own < 0.95  # 0.89 in the OECD table at 11 sectors
    assert 0.05 < (world.trade_jni == 0).mean() < 0.3
    gap = np.abs(world.transfer_n) / world.income_n
    assert 0.001 < np.median(gap) < 0.1  # 0.04 in the OECD table
    assert world.digest != synthetic(77, 45, seed=2).digest


@pytest.mark.parametrize("arguments", [(0, 1), (1, 0)])
def test_a_size_of_nothing_is_refused(arguments: tuple[int, int]) -> None:
    with pytest.raises(WorldError):
        synthetic(*arguments)
