"""Anderson acceleration against its textbook form, one row after the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detente.trade._anderson import FixedPoints, anderson

Array = np.ndarray
U = 6


def curved(seed: int, slope: float = 0.8) -> Callable[[Array], Array]:
    """A contraction that bends: tanh of a linear map, and a constant."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(U, U)) * slope / np.sqrt(U)
    constant = rng.normal(size=U)
    return lambda x: np.tanh(matrix @ x) + constant


def linear(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(U, U)) * 0.4 / np.sqrt(U)
    return matrix, rng.normal(size=U)


def textbook(
    g: Callable[[int, Array], Array], start: Array, memory: int, count: int
) -> list[Array]:
    """Iterates of type II with a safeguard, by least squares over the kept differences."""
    x, damping, best = start, 1.0, np.inf
    best_x = best_f = start
    history: list[tuple[Array, Array]] = []
    seen = []
    for k in range(count):
        seen.append(x)
        f = g(k, x) - x
        size = np.abs(f).max()
        bad = size > 5 * best
        if size < best:
            best, best_x, best_f = size, x, f
            damping = min(1.0, 1.1 * damping)
        if bad:
            damping = max(0.5 * damping, 1 / 64)
            history = []
            best *= 2
            x = best_x + damping * best_f
            continue
        history = [*history, (x, f)][-memory - 1 :]
        step = damping * f
        if len(history) > 1:
            d_x = np.diff([h[0] for h in history], axis=0).T
            d_f = np.diff([h[1] for h in history], axis=0).T
            weight = np.linalg.lstsq(d_f, f, rcond=None)[0]
            step = step - (d_x + damping * d_f) @ weight
        x = x + step * min(1.0, 2.0 / np.abs(step).max())
    return seen


class Recorded:
    """Evaluates each row by its own function and keeps the iterates of each."""

    def __init__(self, *functions: Callable[[int, Array], Array]) -> None:
        self.functions = functions
        self.seen: list[list[Array]] = [[] for _ in functions]

    def __call__(self, x: Array, rows: Array) -> Array:
        out = np.empty_like(x)
        for k, (row, one) in enumerate(zip(rows.tolist(), x, strict=True)):
            self.seen[row].append(one.copy())
            out[k] = self.functions[row](len(self.seen[row]) - 1, one)
        return out


def plain(g: Callable[[Array], Array]) -> Callable[[int, Array], Array]:
    return lambda _, x: g(x)


def kicked(g: Callable[[Array], Array], *at: int) -> Callable[[int, Array], Array]:
    """Thrown far off at some evaluations, as where a price runs away."""
    return lambda k, x: g(x) + 30.0 * (k in at)


@pytest.mark.parametrize("memory", [2, 3, 10])
def test_iterates_are_those_of_the_textbook(memory: int) -> None:
    """Rows that are thrown off once, twice or never are iterated together, each on its own."""
    functions = [plain(curved(1)), kicked(curved(2), 3), kicked(curved(3), 2, 5), plain(curved(4))]
    start = np.random.default_rng(0).normal(size=(4, U))
    recorded = Recorded(*functions)
    found = anderson(recorded, start, tolerance=0.0, most_evaluations=8, memory=memory, double=True)
    for row, g in enumerate(functions):
        expected = textbook(g, start[row], memory, 8)
        np.testing.assert_allclose(recorded.seen[row], expected, rtol=1e-4, atol=1e-5)
    assert found.evaluations.tolist() == [8] * 4
    assert found.restarts.tolist() == [0, 1, 2, 0]


def test_a_linear_problem_takes_one_evaluation_for_each_dimension_and_two_more() -> None:
    """As GMRES does (Walker & Ni 2011), if all differences are kept."""
    matrix, constant = linear(1)
    found = anderson(
        lambda x, _: x @ matrix.T + constant, np.zeros((1, U)), tolerance=1e-9, double=True
    )
    assert found.evaluations[0] <= U + 2
    solution = np.linalg.solve(np.eye(U) - matrix, constant)
    np.testing.assert_allclose(found.x[0], solution, atol=1e-8)


def test_with_the_inverse_derivative_a_linear_problem_takes_two_evaluations() -> None:
    matrix, constant = linear(2)
    inverse = np.linalg.inv(np.eye(U) - matrix)
    found = anderson(
        lambda x, _: x @ matrix.T + constant,
        np.zeros((1, U)),
        tolerance=1e-12,
        precondition=lambda f: f @ inverse.T,
    )
    assert found.evaluations[0] == 2
    assert found.restarts[0] == 0


@pytest.mark.parametrize("double", [False, True])
def test_rows_are_solved_as_if_they_were_alone(double: bool) -> None:
    """Easy and hard rows leave one by one; nobody's path hangs on the others."""

    def g(x: Array, rows: Array) -> Array:
        return np.stack([functions[r](one) for r, one in zip(rows.tolist(), x, strict=True)])

    functions: list[Callable[[Array], Array]] = [curved(k, 0.1 + 0.12 * k) for k in range(7)]
    start = np.random.default_rng(1).normal(size=(7, U))
    start[2] = anderson(lambda x, _: g(x, np.array([2])), start[[2]], tolerance=1e-12).x[0]
    together = anderson(g, start, tolerance=1e-10, double=double)
    assert together.evaluations[2] == 1
    assert len(set(together.evaluations.tolist())) > 2
    for row in range(7):
        alone = anderson(
            lambda x, _, row=row: g(x, np.array([row])), start[[row]], tolerance=1e-10,
            double=double,
        )  # fmt: skip
        assert together.evaluations[row] == alone.evaluations[0]
        np.testing.assert_allclose(together.x[row], alone.x[0], atol=1e-9)
    holds(together, g, 1e-10)


def holds(found: FixedPoints, g: Callable[[Array, Array], Array], tolerance: float) -> None:
    rows = np.arange(len(found.x))
    image = g(found.x, rows)
    np.testing.assert_allclose(found.image, image, rtol=0, atol=1e-14)
    np.testing.assert_allclose(found.residual, np.abs(image - found.x).max(axis=1), atol=1e-14)
    assert (found.residual < tolerance).all()


def test_steps_are_bounded() -> None:
    """A constant far away is walked to in steps of 2, and the last is what is left."""
    recorded = Recorded(lambda _, x: np.array([21.0, -3.0]))
    found = anderson(recorded, np.zeros((1, 2)), tolerance=1e-9, double=True)
    walked = np.diff(np.array(recorded.seen[0])[:, 0])
    np.testing.assert_allclose(walked, [2.0] * 10 + [1.0], atol=1e-9)
    np.testing.assert_allclose(found.x[0], [21.0, -3.0], atol=1e-9)


def test_who_is_given_up_keeps_its_best_iterate() -> None:
    """One row jumps about for ever; the other is done."""

    def g(x: Array, rows: Array) -> Array:
        out = x.copy()
        for k, row in enumerate(rows.tolist()):
            out[k] = x[k] + 1.0 + np.abs(x[k] - 0.3) if row else 0.5 * x[k]
        return out

    found = anderson(g, np.ones((2, 1)), tolerance=1e-8, most_evaluations=30)
    assert found.residual[0] < 1e-8
    assert found.evaluations[1] == 30
    assert found.residual[1] >= 1.0
    image = g(found.x, np.arange(2))
    np.testing.assert_allclose(found.image, image, atol=1e-12)
    assert found.residual[1] == pytest.approx(abs(image[1, 0] - found.x[1, 0]))


def test_a_step_into_nothing_is_taken_back() -> None:
    """The logarithm of a negative number is no residual: back to the best, by half a step."""

    def g(x: Array, _: Array) -> Array:
        with np.errstate(invalid="ignore"):
            return x + 3 * np.log(1.2 - x)

    recorded = Recorded(lambda _, x: g(x, x))
    found = anderson(recorded, np.full((1, 1), -0.7), tolerance=1e-10)
    assert found.restarts[0] >= 1
    assert found.x[0, 0] == pytest.approx(0.2, abs=1e-9)
    seen = [s[0] for s in recorded.seen[0]]
    step = 3 * np.log(1.9)
    assert seen[1] == pytest.approx(-0.7 + step)
    assert seen[2] == pytest.approx(-0.7 + 0.5 * step)


def test_a_row_without_a_residual_at_its_start_ends_at_once() -> None:
    start = np.array([[np.nan], [1.0]])
    found = anderson(lambda x, _: 0.5 * x, start, tolerance=1e-6)
    assert found.evaluations[0] == 1
    assert found.residual[0] == np.inf
    assert found.residual[1] < 1e-6


def test_settled_rows_are_those_without_a_restart() -> None:
    """What settles is told the rows and the least residual of each; a kick ends it for a row."""
    asked: list[tuple[list[int], list[float]]] = []

    def settle(x: Array, rows: Array, residual: Array) -> Array:
        asked.append((rows.tolist(), residual.tolist()))
        return x + 1e-3

    functions = [plain(curved(1)), kicked(curved(2), 2)]
    recorded = Recorded(*functions)
    start = np.random.default_rng(3).normal(size=(2, U))
    anderson(recorded, start, tolerance=0.0, most_evaluations=6, settle=settle, double=True)
    assert asked[0] == ([0, 1], [np.inf, np.inf])
    first = np.abs(functions[0](0, recorded.seen[0][0]) - recorded.seen[0][0]).max()
    assert asked[1][1][0] == pytest.approx(first)
    np.testing.assert_allclose(recorded.seen[0][0], start[0] + 1e-3)
    # After its restart the second row goes on from its best iterate by a plain step, unsettled.
    seen = recorded.seen[1]
    residuals = [functions[1](k, s) - s for k, s in enumerate(seen[:2])]
    best = int(np.abs(residuals[1]).max() < np.abs(residuals[0]).max())
    np.testing.assert_allclose(seen[3], seen[best] + 0.5 * residuals[best], rtol=1e-12)
    alone = anderson(Recorded(functions[1]), start[[1]], tolerance=0.0, most_evaluations=3,
                     settle=lambda x, *_: x + 1e-3, double=True)  # fmt: skip
    assert alone.restarts[0] == 1
