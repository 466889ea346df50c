"""Invented worlds of any size that look like real ones, for tests and benchmarks."""

from __future__ import annotations

import numpy as np

from detente._types import Array
from detente.world.errors import WorldError
from detente.world.world import World

#: Final spending of the invented world, USD million.
_WORLD_SPENDING = 8e7
_ROUNDS, _LATER_ROUNDS = 40, 400
_EXACT = 1e-13


def synthetic(
    countries: int,
    goods: int,
    seed: int = 0,
    *,
    tariff: float = 0.0,
    zeros: float = 0.1,
    resource_share: float = 0.0,
) -> World:
    """An invented world whose accounts balance exactly.

    Sizes are log-normal, trade follows gravity with home bias, goods differ in how much they are
    traded, some producers are missing, deficits are of the order of a few per cent of income.

    Args:
        countries: how many, named C001, C002, ...
        goods: how many, named G01, G02, ...
        seed: equal seeds give equal worlds.
        tariff: mean ad-valorem tariff between countries; each is drawn between 0 and twice it.
        zeros: share of the flows between countries that are zero, in [0, 1].
        resource_share: share of value added of the first good that a fixed resource earns.

    Returns:
        World: checked, with tariffs and trade elasticities drawn between 3 and 9.

    Raises:
        WorldError: if a size is below 1 or a share is outside [0, 1].

    Example:
        >>> from detente.world import synthetic
        >>> synthetic(5, 3, seed=1).trade_jni.shape
        (3, 5, 5)
    """
    if countries < 1 or goods < 1 or min(tariff, zeros, resource_share) < 0:
        raise WorldError(
            "A number of synthetic is too low.",
            "Give 1 country and 1 good or more, and no negative share.",
        )
    if max(zeros, resource_share) > 1:
        raise WorldError(
            "zeros or resource_share of synthetic is above 1.", "Give shares of at most 1."
        )
    rng = np.random.default_rng(seed)
    N, J = countries, goods
    size_n = rng.lognormal(0.0, 1.3, N)
    size_n /= size_n.sum()
    share_jni = _shares(rng, size_n, J, zeros)
    tariff_jni = rng.uniform(0, 2 * tariff, (J, N, N))
    tariff_jni[:, np.arange(N), np.arange(N)] = 0.0
    input_nkj = rng.dirichlet(np.full(J, 0.8), (N, J)).transpose(0, 2, 1)
    input_nkj = input_nkj * rng.uniform(0.3, 0.65, (N, 1, J))
    final_nj = rng.dirichlet(np.full(J, 3.0), N)
    gap_n = rng.normal(0.0, 0.03, N) if N > 1 else np.zeros(N)

    spending_jn = _spending(share_jni, tariff_jni, input_nkj, final_nj, size_n, gap_n)
    trade = share_jni * spending_jn[:, :, None] / (1 + tariff_jni)
    sales_nj = trade.sum(axis=1).T
    intermediate = input_nkj * sales_nj[:, None, :]
    final = spending_jn.T - intermediate.sum(axis=2)
    resource = np.zeros(J)
    resource[0] = resource_share
    digits = (max(3, len(str(N))), max(2, len(str(J))))
    return World.from_flows(
        [f"C{n:0{digits[0]}d}" for n in range(1, N + 1)],
        [f"G{j:0{digits[1]}d}" for j in range(1, J + 1)],
        trade,
        intermediate,
        final,
        sales_nj - intermediate.sum(axis=1),
        tariff_jni,
        rng.uniform(3.0, 9.0, J),
        capital_share_nj=(1 - resource) / 3,
        resource_share_nj=resource,
        name=f"synthetic-{N}x{J}-{seed}",
        source="invented: not data",
        notes=("Every number of this world is invented.",),
    )


def _shares(rng: np.random.Generator, size_n: Array, J: int, zeros: float) -> Array:
    """π: gravity with home bias; a missing flow is exactly zero, (J, N, N)."""
    N = len(size_n)
    place = rng.normal(size=(N, 3))
    place /= np.linalg.norm(place, axis=1, keepdims=True)
    distance = np.arccos(np.clip(place @ place.T, -1, 1)) + 0.1
    skill_ij = rng.lognormal(0.0, 1.0, (N, J)) * size_n[:, None]
    pull = skill_ij.T[:, None, :] / distance * rng.lognormal(0.0, 0.5, (J, N, N))
    pull[rng.random((J, N, N)) < zeros] = 0.0
    if N > 4:
        pull *= rng.random((J, 1, N)) > 0.3 * zeros  # a country without that producer
    own = np.arange(N)
    # Who would sell nothing makes what it is best at.
    idle = np.flatnonzero(pull.sum(axis=(0, 1)) == 0)
    pull[skill_ij[idle].argmax(axis=1), idle, idle] = skill_ij[idle].max(axis=1)
    made = pull[:, own, own] > 0
    pull[:, own, own] = 0.0
    abroad = pull.sum(axis=2)
    open_jn = rng.beta(2, 7, (J, 1)) * (size_n / np.median(size_n)) ** -0.2
    home_jn = 1 - np.clip(open_jn * rng.uniform(0.5, 1.5, (J, N)), 0.005, 0.9)
    home_jn = np.where(abroad > 0, np.where(made, home_jn, 0.0), 1.0)
    share: Array = np.divide(
        pull, abroad[:, :, None], out=np.zeros_like(pull), where=abroad[:, :, None] > 0
    )
    share *= (1 - home_jn)[:, :, None]
    share[:, own, own] = home_jn
    return share


def _spending(
    share_jni: Array,
    tariff_jni: Array,
    input_nkj: Array,
    final_nj: Array,
    size_n: Array,
    gap_n: Array,
) -> Array:
    """X: the spending at which markets clear, with deficits near the gaps drawn, (J, N)."""
    net = share_jni / (1 + tariff_jni)
    duty_jn = (share_jni - net).sum(axis=2)
    cost_nj = input_nkj.sum(axis=1)
    income_n = _WORLD_SPENDING * size_n
    x: Array = (final_nj * income_n[:, None]).T
    for step in range(_ROUNDS + _LATER_ROUNDS):
        sales_nj = np.matmul(x[:, None, :], net)[:, 0, :].T
        if step < _ROUNDS:
            earned = (sales_nj * (1 - cost_nj)).sum(axis=1) + (duty_jn * x).sum(axis=0)
            income_n = earned * np.exp(gap_n)
            income_n *= _WORLD_SPENDING / income_n.sum()
        inputs_nk = np.matmul(input_nkj, sales_nj[:, :, None])[:, :, 0]
        new: Array = (inputs_nk + final_nj * income_n[:, None]).T
        if step >= _ROUNDS and np.abs(new - x).max() <= _EXACT * new.max():
            return new
        x = new
    return x
