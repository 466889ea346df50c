"""Safeguarded Anderson acceleration of many fixed points at once, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente._types import Array, Index, Mask

_GROWTH_ALLOWED = 5.0
_LARGEST_STEP = 2.0
_SINGULAR = 1e-12
#: Rows that are done are iterated on with the others until this share of them is left.
_WORTH_MOVING = 0.75


@dataclass(frozen=True, eq=False)
class FixedPoints:
    """Where the iterations ended, one row a problem.

    Attributes:
        x: the last iterates, (B, U).
        image: g(x) there, (B, U).
        residual: max |g(x) − x| there, (B,).
        evaluations: how often g was evaluated for each, (B,).
        restarts: how often the safeguard threw the history away, (B,).
    """

    x: Array
    image: Array
    residual: Array
    evaluations: NDArray[np.int64]
    restarts: NDArray[np.int64]


def anderson(
    g: Callable[[Array, Index], Array],
    start: Array,
    *,
    tolerance: float,
    most_evaluations: int = 1000,
    memory: int = 10,
    precondition: Callable[[Array], Array] | None = None,
    settle: Callable[[Array, Index, Array], Array] | None = None,
    double: bool = False,
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
        precondition: multiplies residuals (b, U) by an approximate inverse of I − g'. None is the
            identity.
        settle: brings iterates (b, U) of rows (b,) nearer before g is evaluated, given the least
            residual of each so far (b,); it leaves a solution where it is. A row whose safeguard
            had to act does without.
        double: keep the history in double precision, which stiff problems need in their last steps.

    Returns:
        FixedPoints: whose `residual` says which rows met the tolerance.
    """
    run = _Run(start, memory, np.dtype(np.float64 if double else np.float32))
    for count in range(1, most_evaluations + 1):
        if settle is not None:
            run.settle(settle)
        f = g(run.x, run.rows) - run.x
        run.judge(f, count, tolerance)
        if not run.open.any():
            break
        run.advance(precondition)
    return run.finish()


class _Run:
    """The state of all rows that are still iterated."""

    def __init__(self, start: Array, memory: int, kept: np.dtype[Any]) -> None:
        B, U = start.shape
        self.memory = memory
        self.rows = np.arange(B)
        self.open = np.ones(B, dtype=bool)
        self.x = start
        self.f = np.zeros_like(start)
        self.best_x, self.best_f = start, self.f
        self.best = np.full(B, np.inf)
        self.previous_x, self.previous_f = start, self.f
        # Differences of residuals f and of x + f; the axis after the row is a ring. What they
        # correct is a residual, so that single precision costs no digit of the solution.
        self.kept = kept
        self.changes = np.zeros((B, memory, U), dtype=kept)
        self.moves = np.zeros((B, memory, U), dtype=kept)
        self.gram = np.zeros((B, memory, memory))
        self.age = np.zeros(B, dtype=np.int64)
        self.damping = np.ones(B)
        self.again = np.zeros(B, dtype=bool)
        self.out_x, self.out_image = start.copy(), start.copy()
        self.out_residual = np.full(B, np.inf)
        self.out_evaluations = np.zeros(B, dtype=np.int64)
        self.out_restarts = np.zeros(B, dtype=np.int64)

    def settle(self, by: Callable[[Array, Index, Array], Array]) -> None:
        """Bring the iterates nearer; the history then holds differences of what came of it."""
        calm = self.out_restarts[self.rows] == 0
        if calm.all():
            self.x = by(self.x, self.rows, self.best)
        elif calm.any():
            self.x = np.where(calm[:, None], by(self.x, self.rows, self.best), self.x)

    def judge(self, f: Array, count: int, tolerance: float) -> None:
        """Take in the residuals: who is done, who restarts, whose best it is."""
        residual = np.maximum(f.max(axis=1), -f.min(axis=1))
        residual[~np.isfinite(residual)] = np.inf
        self.f = f
        self.again = residual > _GROWTH_ALLOWED * self.best
        self.again |= ~np.isfinite(residual)
        better = residual < self.best
        self.best[better] = residual[better]
        if better.all():
            self.best_x, self.best_f = self.x, f
        else:
            self.best_x = np.where(better[:, None], self.x, self.best_x)
            self.best_f = np.where(better[:, None], f, self.best_f)
        self.damping[better] = np.minimum(1.0, 1.1 * self.damping[better])
        self.out_evaluations[self.rows[self.open]] = count
        done = self.open & ((residual < tolerance) | ~np.isfinite(self.best))
        if done.any():
            where = self.rows[done]
            self.out_x[where], self.out_residual[where] = self.x[done], residual[done]
            self.out_image[where] = self.x[done] + f[done]
            self.open &= ~done
            if self.open.mean() <= _WORTH_MOVING:
                self._keep(self.open)

    def _keep(self, left: Mask) -> None:
        for name in (
            "rows",
            "open",
            "x",
            "f",
            "best_x",
            "best_f",
            "best",
            "previous_x",
            "previous_f",
            "changes",
            "moves",
            "gram",
            "age",
            "damping",
            "again",
        ):
            setattr(self, name, getattr(self, name)[left])

    def advance(self, precondition: Callable[[Array], Array] | None) -> None:
        """The next iterate of every row."""
        bad = self.again
        f = self.f if precondition is None else precondition(self.f)
        step = self.damping[:, None] * f
        held = int(min(self.age.max(initial=0), self.memory))
        if held:
            weights = self._weights(self._remember(f, held), held)
            step -= (weights @ self.moves[:, :held])[:, 0]
            damped = self.damping < 1
            if damped.any():
                less = (1 - self.damping[damped])[:, None, None] * weights[damped]
                step[damped] += (less @ self.changes[damped, :held])[:, 0]
        if bad.any():
            self.out_restarts[self.rows[bad & self.open]] += 1
            self.damping[bad] = np.maximum(0.5 * self.damping[bad], 1 / 64)
            self.age[bad] = 0
            self.gram[bad] = 0.0
            again = self.best_f[bad]
            again = again if precondition is None else precondition(again)
            step[bad] = self.damping[bad, None] * again + self.best_x[bad] - self.x[bad]
            # The best iterate is history now: an escape from it is judged anew.
            self.best[bad] *= 2.0
        size = np.maximum(step.max(axis=1), -step.min(axis=1))
        large = (size > _LARGEST_STEP) & ~bad
        step[large] *= (_LARGEST_STEP / size[large])[:, None]
        self.previous_x, self.previous_f = self.x, f
        self.x = self.x + step
        if bad.any():
            # After a restart there is no difference to remember.
            self.age[bad] = -1
        self.age += 1

    def _remember(self, f: Array, held: int) -> Array:
        """Put the newest differences in the slot of the oldest ones and update the Gram matrix.

        Returns the products of all held differences of residuals with the residual, (B, held).
        """
        fresh = (self.age > 0) & ~self.again
        newest = f - self.previous_f
        move = newest + (self.x - self.previous_x)
        slots = (self.age - 1) % self.memory
        if fresh.all() and (slots == slots[0]).all():
            # Indexing by rows would copy where a slice does not.
            self.changes[:, slots[0]], self.moves[:, slots[0]] = newest, move
        else:
            b = np.nonzero(fresh)[0]
            self.changes[b, slots[b]], self.moves[b, slots[b]] = newest[b], move[b]
        # Two passes of matrix times vector: as one product with two columns it would be copied.
        with_newest, with_f = (
            (self.changes[:, :held] @ v.astype(self.kept)[:, :, None])[:, :, 0].astype(np.float64)
            for v in (newest, f)
        )
        b = np.nonzero(fresh)[0]
        used = np.arange(held)[None, :] < np.minimum(self.age, self.memory)[:, None]
        gram = np.where(used, with_newest, 0.0)[b]
        self.gram[b, slots[b], :held] = gram
        self.gram[b, :held, slots[b]] = gram
        return np.asarray(with_f)

    def _weights(self, products: Array, held: int) -> NDArray[Any]:
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
        right = np.where(good, products, 0.0) / scale
        right[~np.isfinite(right)] = 0.0
        weights = np.linalg.solve(normal, right[:, :, None])[:, :, 0] / scale
        return np.asarray(np.where(good, weights, 0.0)[:, None, :], dtype=self.kept)

    def finish(self) -> FixedPoints:
        """What was reached, rows that are not done with their best iterate."""
        left = self.rows[self.open]
        best_x, best_f = self.best_x[self.open], self.best_f[self.open]
        self.out_x[left], self.out_image[left] = best_x, best_x + best_f
        # Not `best`, which a restart raises.
        self.out_residual[left] = np.abs(best_f).max(axis=1, initial=0.0)
        return FixedPoints(
            self.out_x,
            self.out_image,
            self.out_residual,
            self.out_evaluations,
            self.out_restarts,
        )
