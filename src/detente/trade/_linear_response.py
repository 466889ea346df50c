"""How the system answers near a solution: what neighbouring problems are solved with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente._types import Array, Index, Single
from detente.trade._evaluation import evaluate
from detente.trade._solution import Solution, layout_of
from detente.trade._system import System

_STEP = 1e-6
_TOGETHER = 250
#: Of the part that joins countries; what is left out is smaller than the error of a neighbour's
#: derivative.
_RANK = 300


@dataclass(frozen=True, eq=False)
class Response:
    """(I − g′)⁻¹ at a solution, in single precision: what is within countries and what joins them.

    Countries answer each other through few channels: besides a block for each country the inverse
    is nearly of low rank, and a product costs a quarter of that with the whole matrix.

    Attributes:
        size: U, how many unknowns there are.
        at_nw: positions of each country's unknowns, U where it has fewer than others.
        within_nww: the block of each country, transposed.
        left_ur: of the rest, transposed.
        right_ru: likewise.
    """

    size: int
    at_nw: Index
    within_nww: Single
    left_ur: Single
    right_ru: Single

    def __call__(self, residual: Array) -> Array:
        """Newton's step for residuals (B, U), nearly; a direction need not be exact."""
        scale = np.abs(residual).max(axis=1, keepdims=True)
        scale[~((scale > 0) & np.isfinite(scale))] = 1.0
        f = np.zeros((len(residual), self.size + 1), dtype=np.float32)
        f[:, :-1] = residual / scale
        out: Single = np.empty_like(f)
        out[:, :-1] = (f[:, :-1] @ self.left_ur) @ self.right_ru
        own = f[:, self.at_nw].transpose(1, 0, 2) @ self.within_nww
        # Each unknown is one country's at most, so that nothing is added twice but the padding.
        out[:, self.at_nw] += own.transpose(1, 0, 2)
        return np.asarray(out[:, :-1] * scale)


def response(solution: Solution) -> Response:
    """How the system answers at a solution.

    Multiplying a residual by it is Newton's step with the derivative of a nearby problem; the
    accelerated iteration then needs a fraction of its evaluations. The derivative is taken by
    differences, many columns in one evaluation.

    Args:
        solution: of one shock.

    Returns:
        Response: to be passed to `solve_many` for problems with the same unknowns.
    """
    layout = layout_of(solution.system)
    x = solution.unknowns
    size = layout.size
    base = layout.pack(evaluate(solution.system, layout.unpack(x[None, :]))[0])[0]
    derivative = np.empty((size, size))
    for first in range(0, size, _TOGETHER):
        rows = np.arange(first, min(size, first + _TOGETHER))
        moved = np.repeat(x[None, :], len(rows), axis=0)
        moved[np.arange(len(rows)), rows] += _STEP
        copies = solution.system.some(np.zeros(len(rows), dtype=np.intp))
        image = layout.pack(evaluate(copies, layout.unpack(moved))[0])
        derivative[rows] = (image - base) / _STEP
    rest = (np.eye(size) - derivative).astype(np.float32)
    whole = np.asarray(np.linalg.inv(rest), dtype=np.float32)
    return _split(whole, _unknowns_by_country(solution.system, size))


def _unknowns_by_country(system: System, size: int) -> Index:
    """Positions of each country's unknowns, (N, W); `size` where a country has fewer."""
    J, N = system.economy.shape
    layout = layout_of(system)
    n = np.concatenate([np.arange(N), system.fixed_at[0], np.tile(np.arange(N), 2 * J)])
    after = np.concatenate([np.arange(layout.employed), np.tile(np.arange(N), layout.scaled // N)])
    place = np.concatenate([np.arange(len(n)), len(n) + layout.crowded + np.arange(len(after))])
    n = np.concatenate([n, after]).astype(np.intp)
    order = np.argsort(n, kind="stable")
    count = np.bincount(n)
    out = np.full((N, count.max()), size)
    out[n[order], np.arange(len(n)) - np.repeat(np.cumsum(count) - count, count)] = place[order]
    return out


def _split(whole: Single, at_nw: Index) -> Response:
    """The blocks of countries, and the rest by a randomised range finder.

    Halko, Martinsson & Tropp (2011), SIAM Review 53(2), algorithm 4.4 with one iteration.
    """
    size = len(whole)
    padded = np.zeros((size + 1, size + 1), dtype=np.float32)
    padded[:size, :size] = whole
    rows, columns = at_nw[:, :, None], at_nw[:, None, :]
    within = padded[rows, columns]
    padded[rows, columns] = 0
    rest = padded[:size, :size]
    probe = np.random.default_rng(0).standard_normal((size, min(_RANK, size)), dtype=np.float32)
    left, _ = np.linalg.qr(rest @ (rest.T @ (rest @ probe)))
    return Response(size, at_nw, within, left, left.T @ rest)
