"""How the system answers near a solution: what neighbouring problems are solved with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.trade.kernels import evaluate
from detente.trade.solution import Solution, layout_of

_STEP = 1e-6
_TOGETHER = 250


def response(solution: Solution) -> NDArray[np.float32]:
    """(I − g′)⁻¹ at a solution, transposed: by what the residual of a neighbour is multiplied.

    Multiplying a residual by it is Newton's step with the derivative of a nearby problem; the
    accelerated iteration then needs a fraction of its evaluations. The derivative is taken by
    differences, many columns in one evaluation.

    Args:
        solution: of one shock.

    Returns:
        Single precision, (U, U) for U unknowns, to be passed to `solve_many` for problems with
        the same unknowns.
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
    return np.asarray(np.linalg.inv(np.eye(size) - derivative), dtype=np.float32)
