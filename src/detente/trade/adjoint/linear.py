"""The transposed linear system: (I − ∂g/∂x)ᵀ λ = b for several right-hand sides.

`solve_transposed` returns a `LinearSolution`: directly where the system is small, else by GMRES.
`rows_of` and `with_rows` bring derivatives into rows of one matrix, in the order of `Layout`, and
back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from detente._types import Array
from detente.trade.adjoint.pullback import Pulled, Seeds
from detente.trade.adjoint.saved_state import SavedState


def rows_of(pulled: Pulled) -> Array:
    """The derivatives by the unknowns as rows, in the order of `Layout`, (R, U)."""
    R = pulled.log_wage_nr.shape[1]
    parts = (
        pulled.log_wage_nr,
        pulled.log_rent_kr,
        pulled.log_price_jnr.reshape(-1, R),
        pulled.log_spending_jnr.reshape(-1, R),
        pulled.log_crowding_qr,
        pulled.log_employment_mr,
        pulled.log_scale_lr,
    )
    return np.ascontiguousarray(np.concatenate(parts).T)


def with_rows(saved_state: SavedState, seeds: Seeds, rows: Array) -> Seeds:
    """Seeds to which rows over the unknowns that come out are added."""
    J, N = saved_state.system.economy.shape
    K = len(saved_state.system.fixed_at[0])
    columns = np.ascontiguousarray(rows.T)
    Q, M = len(seeds.log_crowding_qr), len(seeds.log_employment_mr)
    wage, rent, price, spending, congestion, employment, scale = np.split(
        columns, np.cumsum([N, K, J * N, J * N, Q, M]), axis=0
    )
    R = len(rows)
    return replace(
        seeds,
        log_wage_nr=seeds.log_wage_nr + wage,
        log_rent_kr=seeds.log_rent_kr + rent,
        log_price_jnr=seeds.log_price_jnr + price.reshape(J, N, R),
        log_spending_jnr=seeds.log_spending_jnr + spending.reshape(J, N, R),
        log_crowding_qr=seeds.log_crowding_qr + congestion,
        log_employment_mr=seeds.log_employment_mr + employment,
        log_scale_lr=seeds.log_scale_lr + scale,
    )


#: Up to as many unknowns the matrix is written out, or up to as many per right-hand side, which
#: is what the Krylov spaces would cost, while it fits in memory.
_SMALL = 150
_PER_ROW = 60
_DENSE = 4000
_TOGETHER = 128
_BASIS = 120


@dataclass(frozen=True, eq=False)
class LinearSolution:
    """What was found.

    Attributes:
        rows: λ, one row a right-hand side, (R, U).
        residual: largest Euclidean norm of what is left, relative to its right-hand side.
        products: how often the transposed derivative was multiplied by vectors.
    """

    rows: Array
    residual: float
    products: int


def solve_transposed(
    transposed: Callable[[Array], Array], right: Array, *, tolerance: float, most: int = 480
) -> LinearSolution:
    """Solve λ − Tλ = b for every row b of `right`.

    Args:
        transposed: multiplies rows by T = (∂g/∂x)ᵀ, (R, U) → (R, U).
        right: right-hand sides, (R, U).
        tolerance: of the residual, relative to the right-hand side.
        most: products before giving up.
    """
    size = np.linalg.norm(right, axis=1, keepdims=True)
    scale = np.where(size > 0, size, 1.0).astype(np.float64)
    b = np.asarray(right / scale, dtype=np.float64)
    R, U = right.shape
    if max(_SMALL, min(_PER_ROW * R, _DENSE)) >= U:
        columns = np.split(np.eye(U), range(_TOGETHER, U, _TOGETHER))
        matrix = np.eye(U) - np.concatenate([transposed(c) for c in columns]).T
        direct = np.asarray(np.linalg.solve(matrix, b.T).T, dtype=np.float64)
        return LinearSolution(direct * scale, _left(transposed, direct, b), len(columns) + 1)
    found, left, products = np.zeros(b.shape), b, 0
    while products < most:
        step, used = _gmres(transposed, left, tolerance)
        found = found + step
        left = b - (found - transposed(found))
        products += used + 1
        if float(np.linalg.norm(left, axis=1).max()) <= tolerance:
            break
    return LinearSolution(found * scale, float(np.linalg.norm(left, axis=1).max()), products)


def _left(transposed: Callable[[Array], Array], found: Array, b: Array) -> float:
    return float(np.linalg.norm(b - (found - transposed(found)), axis=1).max())


def _gmres(transposed: Callable[[Array], Array], b: Array, tolerance: float) -> tuple[Array, int]:
    """GMRES from zero (Saad & Schultz 1986), a Krylov space for each row."""
    R, U = b.shape
    size = np.linalg.norm(b, axis=1)
    basis = np.zeros((R, _BASIS + 1, U))
    basis[:, 0] = b / np.where(size > 0, size, 1.0)[:, None]
    hessenberg = np.zeros((R, _BASIS + 1, _BASIS))
    target = np.zeros((R, _BASIS + 1))
    target[:, 0] = size
    weights = np.zeros((R, 0))
    for k in range(_BASIS):
        new = basis[:, k] - transposed(basis[:, k])
        for _ in range(2):
            # Once more for the digits that cancelled.
            along = (basis[:, : k + 1] @ new[:, :, None])[:, :, 0]
            new = new - (along[:, None] @ basis[:, : k + 1])[:, 0]
            hessenberg[:, : k + 1, k] += along
        length = np.linalg.norm(new, axis=1)
        hessenberg[:, k + 1, k] = length
        basis[:, k + 1] = new / np.where(length > 0, length, 1.0)[:, None]
        if k % 4 == 3 or k == _BASIS - 1 or not length.any():
            weights, left = _least(hessenberg[:, : k + 2, : k + 1], target[:, : k + 2])
            if left <= tolerance or not length.any():
                break
    step = (weights[:, None] @ basis[:, : weights.shape[1]])[:, 0]
    return step, k + 1


def _least(hessenberg: Array, target: Array) -> tuple[Array, float]:
    """The combination with the least residual, and the largest residual of any row."""
    weights = np.stack(
        [np.linalg.lstsq(h, t, rcond=None)[0] for h, t in zip(hessenberg, target, strict=True)]
    )
    left = target - (hessenberg @ weights[:, :, None])[:, :, 0]
    return weights, float(np.linalg.norm(left, axis=1).max())
