"""One matrix a shock over (good, market, origin), stored as what shocks share and what they add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.trade.economy import Array
from detente.trade.network import Index, Routes


@dataclass(frozen=True, eq=False)
class Product:
    """One (J, N, N) matrix a shock: what they share, and what single cells add to it.

    Attributes:
        shared_jni: the common matrix.
        cell: positions (good, market, origin, shock) of what is added.
        added: how much.
    """

    shared_jni: Array
    cell: tuple[Index, Index, Index, Index]
    added: Array

    def to_markets(self, x_jib: Array) -> Array:
        """Σ_i M[j,n,i] x[j,i], (J, N, B)."""
        out: Array = np.matmul(self.shared_jni, x_jib)
        if len(self.added):
            j, n, i, b = self.cell
            np.add.at(out, (j, n, b), self.added * x_jib[j, i, b])
        return out

    def to_origins(self, x_jnb: Array) -> Array:
        """Σ_n M[j,n,i] x[j,n], (J, N, B)."""
        out: Array
        if x_jnb.shape[2] == 1:
            out = np.matmul(x_jnb[:, None, :, 0], self.shared_jni)[:, 0, :, None]
        else:
            out = np.matmul(self.shared_jni.transpose(0, 2, 1), x_jnb)
        if len(self.added):
            j, n, i, b = self.cell
            np.add.at(out, (j, i, b), self.added * x_jnb[j, n, b])
        return out


def stacked_product(
    base: Array | None, matrices: list[Array | None], routes: tuple[Routes, ...]
) -> Product | None:
    """The matrices as what they share with the base, and their other cells."""
    given = [m for m in matrices if m is not None]
    if not given:
        return None
    zero = np.zeros_like(given[0])
    shared = (zero if base is None else base).copy()
    cells = [np.zeros((4, 0), dtype=np.intp)]
    added = [np.zeros(0)]
    for b, m in enumerate(matrices):
        matrix = zero if m is None else m
        if matrix is base:
            continue
        j, n, i = np.nonzero(matrix != shared)
        cells.append(np.stack([j, n, i, np.full(len(j), b)]))
        added.append((matrix - shared)[j, n, i])
    cell, value = np.concatenate(cells, axis=1), np.concatenate(added)
    for r in routes:
        shared[r.good, r.market_m, r.origin] = 0.0
        here = (cell[0] == r.good) & (cell[2] == r.origin) & np.isin(cell[1], r.market_m)
        cell, value = cell[:, ~here], value[~here]
    return Product(shared, (cell[0], cell[1], cell[2], cell[3]), value)
