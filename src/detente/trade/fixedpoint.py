"""Safeguarded Anderson acceleration of many fixed points at once, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.trade.economy import Array

_GROWTH_ALLOWED = 5.0
_LARGEST_STEP = 2.0
_SINGULAR = 1e-12


@dataclass(frozen=True, eq=False)
class FixedPoints:
    """Where the iterations ended, one row a problem.

    Attributes:
        x: the last iterates, (B, U).
        residual: max |g(x) − x| there, (B,).
        evaluations: how often g was evaluated for each, (B,).
        restarts: how often the safeguard threw the history away, (B,).
    """

    x: Array
    residual: Array
    evaluations: NDArray[np.int64]
    restarts: NDArray[np.int64]


def anderson(
    g: Callable[[Array, NDArray[np.intp]], Array],
    start: Array,
    *,
    tolerance: float,
    most_evaluations: int = 1000,
    memory: int = 10,
    precondition: NDArray[np.float32] | None = None,
) -> FixedPoints:
    """Find x = g(x) for each row by Anderson acceleration of type II (Walker & Ni 2011).

    The safeguard keeps each row's best iterate: when its residual grows to several times the best
    one, or is no longer finite, its history is dropped and it goes on from the best iterate with a
    shorter plain step. Steps are bounded, unknowns being logarithms. Rows that are done leave.

    Args:
        g: takes iterates (b, U) and which rows they are (b,), returns their images.
        start: where to begin, (B, U).
        tolerance: a row is done at max |g(x) − x| below it.
        most_evaluations: give up after so many.
        memory: how many differences are kept.
        precondition: multiplies the residual from the right, (U, U): an approximate inverse of
            I − g', transposed. None is the identity.

    Returns:
        FixedPoints: whose `residual` says which rows met the tolerance.
    """
    run = _Run(start, memory)
    for count in range(1, most_evaluations + 1):
        f = g(run.x, run.rows) - run.x
        run.judge(f, count, tolerance)
        if not len(run.rows):
            break
        run.advance(precondition)
    return run.finish()


class _Run:
    """The state of all rows that are not done yet."""

    def __init__(self, start: Array, memory: int) -> None:
        B, U = start.shape
        self.memory = memory
        self.rows = np.arange(B)
        self.x = start.copy()
        self.f = np.zeros_like(start)
        self.best_x, self.best_f = start.copy(), np.zeros_like(start)
        self.best = np.full(B, np.inf)
        self.previous_x, self.previous_f = start.copy(), np.zeros_like(start)
        self.steps, self.changes = np.zeros((B, memory, U)), np.zeros((B, memory, U))
        self.gram = np.zeros((B, memory, memory))
        self.age = np.zeros(B, dtype=np.int64)
        self.damping = np.ones(B)
        self.again = np.zeros(B, dtype=bool)
        self.out_x = start.copy()
        self.out_residual = np.full(B, np.inf)
        self.out_evaluations = np.zeros(B, dtype=np.int64)
        self.out_restarts = np.zeros(B, dtype=np.int64)

    def judge(self, f: Array, count: int, tolerance: float) -> None:
        """Take in the residuals: who is done, who restarts, whose best it is."""
        residual = np.abs(f).max(axis=1)
        residual[~np.isfinite(residual)] = np.inf
        self.f = f
        self.again = residual > _GROWTH_ALLOWED * self.best
        self.again |= ~np.isfinite(residual)
        better = residual < self.best
        self.best[better] = residual[better]
        self.best_x[better], self.best_f[better] = self.x[better], f[better]
        self.damping[better] = np.minimum(1.0, 1.1 * self.damping[better])
        self.out_evaluations[self.rows] = count
        done = (residual < tolerance) | ~np.isfinite(self.best)
        if done.any():
            where = self.rows[done]
            self.out_x[where], self.out_residual[where] = self.x[done], residual[done]
            self._keep(~done)

    def _keep(self, left: NDArray[np.bool_]) -> None:
        for name in (
            "rows",
            "x",
            "f",
            "best_x",
            "best_f",
            "best",
            "previous_x",
            "previous_f",
            "steps",
            "changes",
            "gram",
            "age",
            "damping",
            "again",
        ):
            setattr(self, name, getattr(self, name)[left])

    def advance(self, precondition: NDArray[np.float32] | None) -> None:
        """The next iterate of every row."""
        bad = self.again
        f = self.f if precondition is None else _multiplied(self.f, precondition)
        self._remember(f)
        step = self.damping[:, None] * f
        held = int(min(self.age.max(initial=0), self.memory))
        if held:
            weights = self._weights(f, held)
            step -= (self.damping[:, None, None] * weights @ self.changes[:, :held])[:, 0]
            step -= (weights @ self.steps[:, :held])[:, 0]
        if bad.any():
            self.out_restarts[self.rows[bad]] += 1
            self.damping[bad] = np.maximum(0.5 * self.damping[bad], 1 / 64)
            self.age[bad] = 0
            again = self.best_f[bad]
            again = again if precondition is None else _multiplied(again, precondition)
            step[bad] = self.damping[bad, None] * again + self.best_x[bad] - self.x[bad]
            # The best iterate is history now: an escape from it is judged anew.
            self.best[bad] *= 2.0
        size = np.abs(step).max(axis=1, keepdims=True)
        bound = np.minimum(1.0, _LARGEST_STEP / np.maximum(size, 1e-300))
        self.previous_x, self.previous_f = self.x, f
        self.x = self.x + np.where(bad[:, None], step, step * bound)
        if bad.any():
            # After a restart there is no difference to remember.
            self.age[bad] = -1
        self.age += 1

    def _remember(self, f: Array) -> None:
        """Put the newest differences in the slot of the oldest ones and update the Gram matrix."""
        fresh = (self.age > 0) & ~self.again
        if not fresh.any():
            self.gram[self.age <= 0] = 0.0
            return
        b = np.arange(len(fresh)) if fresh.all() else np.nonzero(fresh)[0]
        slot = ((self.age - 1) % self.memory)[b]
        newest = f[b] - self.previous_f[b]
        self.steps[b, slot] = self.x[b] - self.previous_x[b]
        self.changes[b, slot] = newest
        # Indexing by all rows would copy the whole history.
        history = self.changes if len(b) == len(fresh) else self.changes[b]
        products = (history @ newest[:, :, None])[:, :, 0]
        used = np.arange(self.memory)[None, :] < np.minimum(self.age[b], self.memory)[:, None]
        products = np.where(used, products, 0.0)
        self.gram[b, slot, :] = products
        self.gram[b, :, slot] = products

    def _weights(self, f: Array, held: int) -> Array:
        """The combination of differences that brings the residual nearest to zero, (b, 1, held)."""
        used = np.arange(held)[None, :] < np.minimum(self.age, self.memory)[:, None]
        used &= ~self.again[:, None]
        gram = self.gram[:, :held, :held]
        size = np.diagonal(gram, axis1=1, axis2=2)
        good = used & (size > 0)
        scale = np.sqrt(np.where(good, size, 1.0))
        normal = np.where(good[:, :, None] & good[:, None, :], gram, 0.0)
        normal = normal / (scale[:, :, None] * scale[:, None, :])
        # Unused directions get a unit diagonal, used ones a trace of it against singularity.
        normal[:, np.arange(held), np.arange(held)] += np.where(good, _SINGULAR, 1.0)
        right = np.where(good, (self.changes[:, :held] @ f[:, :, None])[:, :, 0], 0.0) / scale
        right[~np.isfinite(right)] = 0.0
        weights = np.linalg.solve(normal, right[:, :, None])[:, :, 0] / scale
        return np.asarray(np.where(good, weights, 0.0)[:, None, :])

    def finish(self) -> FixedPoints:
        """What was reached, rows that are not done with their best iterate."""
        self.out_x[self.rows], self.out_residual[self.rows] = self.best_x, self.best
        return FixedPoints(self.out_x, self.out_residual, self.out_evaluations, self.out_restarts)


def _multiplied(f: Array, precondition: NDArray[np.float32]) -> Array:
    """The product in single precision, each row scaled: a direction need not be exact."""
    scale = np.abs(f).max(axis=1, keepdims=True)
    scale[~((scale > 0) & np.isfinite(scale))] = 1.0
    direction: Array = ((f / scale).astype(np.float32) @ precondition).astype(np.float64)
    return np.asarray(direction * scale)
