"""Safeguarded Anderson acceleration: a fixed point in few evaluations, or an honest 'stalled'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.trade.economy import Array

_GROWTH_ALLOWED = 5.0
_LARGEST_STEP = 2.0


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """Where the iteration ended.

    Attributes:
        x: the last iterate.
        residual: max |g(x) − x| there.
        evaluations: how often g was evaluated.
        restarts: how often the safeguard threw the history away.
    """

    x: Array
    residual: float
    evaluations: int
    restarts: int


def anderson(
    g: Callable[[Array], Array],
    start: Array,
    *,
    tolerance: float,
    most_evaluations: int = 1000,
    memory: int = 10,
) -> FixedPoint:
    """Find x = g(x) by Anderson acceleration of type II (Walker & Ni 2011) with restarts.

    The safeguard keeps the best iterate: when the residual grows to several times the best one,
    or is no longer finite, the history is dropped and the iteration goes on from the best iterate
    with a shorter plain step. Steps are bounded, unknowns being logarithms.

    Args:
        g: the map, on vectors.
        start: where to begin.
        tolerance: stop at max |g(x) − x| below it.
        most_evaluations: give up after so many.
        memory: how many differences are kept.

    Returns:
        FixedPoint: whose `residual` says whether the tolerance was met.
    """
    size = start.size
    steps = np.empty((memory, size))
    changes = np.empty((memory, size))
    gram = np.zeros((memory, memory))
    held = 0
    slot = 0
    damping = 1.0
    x = start.copy()
    best_x, best_f, best = x, np.zeros_like(x), np.inf
    previous_x = previous_f = x
    restarts = 0
    fresh = True
    for evaluation in range(1, most_evaluations + 1):
        f = g(x) - x
        residual = float(np.abs(f).max()) if np.isfinite(f).all() else np.inf
        if residual < tolerance:
            return FixedPoint(x, residual, evaluation, restarts)
        if residual > _GROWTH_ALLOWED * best or not np.isfinite(residual):
            restarts += 1
            damping = max(0.5 * damping, 1.0 / 64)
            held = slot = 0
            fresh = True
            if not np.isfinite(best):
                return FixedPoint(x, residual, evaluation, restarts)
            x = best_x + _bounded(damping * best_f)
            # The best iterate is history now: an escape from it is judged anew.
            best *= 2.0
            continue
        if residual < best:
            best, best_x, best_f = residual, x, f
            damping = min(1.0, 1.1 * damping)
        if not fresh:
            steps[slot] = x - previous_x
            changes[slot] = f - previous_f
            held = min(held + 1, memory)
            products = changes[:held] @ changes[slot]
            gram[slot, :held] = products
            gram[:held, slot] = products
            slot = (slot + 1) % memory
        previous_x, previous_f = x, f
        fresh = False
        if held:
            scale = np.sqrt(np.diag(gram)[:held])
            scale[scale == 0] = 1.0
            normal = gram[:held, :held] / scale[:, None] / scale[None, :]
            normal[np.diag_indices(held)] += 1e-14
            rhs = (changes[:held] @ f) / scale
            weights = np.linalg.lstsq(normal, rhs, rcond=1e-13)[0] / scale
            step = damping * (f - weights @ changes[:held]) - weights @ steps[:held]
        else:
            step = damping * f
        x = x + _bounded(step)
    return FixedPoint(best_x, best, most_evaluations, restarts)


def _bounded(step: Array) -> Array:
    largest = float(np.abs(step).max())
    return step if largest <= _LARGEST_STEP else step * (_LARGEST_STEP / largest)
