"""One matrix a shock over (good, market, origin), stored as what shocks share and what they add."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.trade.arrays import namespace
from detente.trade.economy import Array
from detente.trade.network import Index


@dataclass(frozen=True, eq=False)
class Product:
    """One (J, N, N) matrix a shock: what they share, and what single cells add to it.

    Without such cells the arrays may be of another library than NumPy.

    Attributes:
        shared_jni: the common matrix.
        shocks: B, how many shocks there are.
        cell: flat positions in (J, N, N) of what is added.
        shock: whose it is, ascending.
        added: how much.
    """

    shared_jni: Array
    shocks: int
    cell: Index
    shock: Index
    added: Array

    @cached_property
    def _ends(self) -> tuple[Index, Index]:
        """Where the cells lie in flat (J, N, B): by market, by origin."""
        N = self.shared_jni.shape[1]
        row, i = np.divmod(self.cell, N)
        return row * self.shocks + self.shock, ((row // N) * N + i) * self.shocks + self.shock

    def to_markets(self, x_jib: Array) -> Array:
        """Σ_i M[j,n,i] x[j,i], (J, N, B)."""
        out: Array = namespace(x_jib).matmul(self.shared_jni, x_jib)
        if self.cell.shape[0]:
            market, origin = self._ends
            _add(out, market, self.added * x_jib.ravel()[origin])
        return out

    def to_origins(self, x_jnb: Array) -> Array:
        """Σ_n M[j,n,i] x[j,n], (J, N, B)."""
        out: Array
        xp = namespace(x_jnb)
        if x_jnb.shape[2] == 1:
            out = xp.matmul(x_jnb[:, None, :, 0], self.shared_jni)[:, 0, :, None]
        else:
            out = xp.matmul(xp.matrix_transpose(self.shared_jni), x_jnb)
        if self.cell.shape[0]:
            market, origin = self._ends
            _add(out, origin, self.added * x_jnb.ravel()[market])
        return out

    def some(self, rows: Index) -> Product:
        """The matrices of some of the shocks."""
        if not len(self.cell):
            return Product(self.shared_jni, len(rows), self.cell, self.shock, self.added)
        first = np.searchsorted(self.shock, rows)
        many = np.searchsorted(self.shock, rows, side="right") - first
        shock = np.repeat(np.arange(len(rows)), many)
        # Counts up within each shock from where its cells begin.
        take = np.arange(len(shock)) + np.repeat(first - np.cumsum(many) + many, many)
        return Product(self.shared_jni, len(rows), self.cell[take], shock, self.added[take])

    def of_good(self, good: int) -> Product:
        """The matrices of one good, (1, N, N)."""
        size = self.shared_jni[0].size
        here = np.nonzero(self.cell // size == good)[0]
        return Product(
            self.shared_jni[good : good + 1],
            self.shocks,
            self.cell[here] % size,
            self.shock[here],
            self.added[here],
        )


def _add(out: Array, flat: Index, values: Array) -> None:
    """Add values at flat positions, which may repeat, in place."""
    out += np.bincount(flat, values, minlength=out.size).reshape(out.shape)
