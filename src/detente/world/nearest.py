"""Numbers nearest to given ones that meet linear accounts, in one of three distances.

With `entropy` a number stays positive and moves by factors that belong to its accounts: that is RAS
where the accounts are sums of rows and columns (Bacharach 1970, *Biproportional Matrices*). With
`squares` the squared moves, each relative to its number, are least (Deming & Stephan 1940, *Annals
of Mathematical Statistics* 11(4)). With `share` a number stays between nothing and the whole that
it is a part of: the odds of the part move by factors that belong to its accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente._types import Array

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Distance = Literal["entropy", "squares", "share"]

#: Newton steps before the accounts are taken to contradict each other.
_ROUNDS = 100
#: No number moves by more than this factor's logarithm in one step: far steps overshoot.
_LONGEST = 2.0
#: Relative gap of the accounts that counts as none.
_CLOSED = 1e-12


@dataclass(frozen=True)
class Nearest:
    """The numbers, and how well the accounts hold.

    Attributes:
        value_c: the numbers, (C,).
        gap_a: what is missing in each account, relative to what it turns over, (A,).
    """

    value_c: Array
    gap_a: Array


def nearest(
    given_c: Array,
    accounts_ac: csr_array,
    total_a: Array,
    distance: Distance,
    whole_c: Array | None = None,
) -> Nearest:
    """Numbers near the given ones whose accounts come to given totals.

    The dual of the problem is solved by Newton's method, one unknown for each account, so that a
    table of millions of cells is a problem of thousands.

    Args:
        given_c: the numbers as they are, ≥ 0, (C,); zeros stay.
        accounts_ac: what a unit of each number adds to each account, (A, C).
        total_a: what each account must come to, (A,).
        distance: see the module.
        whole_c: what each number is a part of, for `share`, (C,); parts stay below it.

    Returns:
        Nearest: whose gaps are far above rounding where the accounts contradict each other.
    """
    across_ca = accounts_ac.T.tocsr()
    turnover_a = abs(accounts_ac) @ given_c + np.abs(total_a)
    floor_a = np.maximum(turnover_a, 1e-12 * turnover_a.max(initial=1e-300))
    price_a = np.zeros(len(total_a))
    value, slope = _at(given_c, across_ca @ price_a, distance, whole_c)
    gap = accounts_ac @ value - total_a
    for _ in range(_ROUNDS):
        if np.abs(gap / floor_a).max(initial=0.0) <= _CLOSED:
            break
        step_a = _newton(accounts_ac, across_ca, slope, gap)
        longest = float(np.abs(across_ca @ step_a).max(initial=0.0))
        if not np.isfinite(longest) or longest == 0:
            break
        far = 1.0 if distance == "squares" else min(1.0, _LONGEST / longest)
        price_a = price_a + far * step_a
        value, slope = _at(given_c, across_ca @ price_a, distance, whole_c)
        gap = accounts_ac @ value - total_a
    return Nearest(value, gap / floor_a)


def _at(given: Array, move: Array, distance: Distance, whole: Array | None) -> tuple[Array, Array]:
    """The numbers at given prices of their accounts, and how they fall as these rise."""
    if distance == "squares":
        return given * (1 - move), given
    if distance == "entropy" or whole is None:
        value = given * np.exp(-np.clip(move, -300, 300))
        return value, value
    pull = given * np.exp(-np.clip(move, -300, 300))
    value = np.divide(whole * pull, whole - given + pull, out=np.zeros_like(pull), where=whole > 0)
    return value, value * (1 - np.divide(value, whole, out=np.ones_like(value), where=whole > 0))


def _newton(accounts: csr_array, across: csr_array, slope: Array, gap: Array) -> Array:
    """The step of the accounts' prices that closes the gap to first order."""
    from scipy.sparse import dia_array
    from scipy.sparse.linalg import LinearOperator, cg

    size = len(gap)
    matrix = (accounts @ dia_array((slope[None, :], [0]), shape=(len(slope),) * 2) @ across).tocsr()
    own = matrix.diagonal()
    scale = 1 / np.sqrt(np.where(own > 0, own, 1.0))
    # Scaled from both sides, accounts of every size weigh the same.
    even = LinearOperator(
        (size, size), matvec=lambda x: scale * (matrix @ (scale * x)), dtype=float
    )
    step, _ = cg(even, scale * gap, rtol=1e-10, maxiter=5 * size)
    return np.asarray(scale * step)
