"""The game among senders: coalitions as bits, their values, Shapley's and sampled contributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from detente.trade import InfeasibleShock, NotConverged

if TYPE_CHECKING:
    from detente._types import Array


#: Coalitions solved between two reports of progress.
_CHUNK = 32

#: From coalitions, as whole numbers whose bits are members, to the welfare of every country.
Solve = Callable[[Sequence[int]], list["Array"]]


@dataclass(frozen=True, eq=False)
class Game:
    """Coalitions solved so far: bit m of a coalition's number is member m.

    Attributes:
        members: how many.
        variation: by coalition, the equivalent variation of every country against the base year,
            USD million a year, (N,).
        orders: permutations whose every prefix was solved, one a row; empty where the value of
            every coalition is known.
        failed: by coalition, why it has no equilibrium or none was found.
        cut_short: whether it was cancelled before all that was asked for was solved.
    """

    members: int
    variation: Mapping[int, Array] = field(repr=False)
    orders: tuple[tuple[int, ...], ...] = field(default=(), repr=False)
    failed: Mapping[int, str] = field(default_factory=dict, repr=False)
    cut_short: bool = False

    @property
    def grand(self) -> int:
        """The coalition of all."""
        return (1 << self.members) - 1

    @property
    def complete(self) -> bool:
        """Whether every coalition was solved."""
        return len(self.variation) == 1 << self.members

    def loss(self, coalition: int, at: Sequence[int]) -> float:
        """What countries at these positions lose to a coalition, against nobody acting."""
        gone = self.variation[0] - self.variation[coalition]
        return float(gone[list(at)].sum())


def play(
    members: int,
    solve: Solve,
    *,
    permutations: int = 0,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Game:
    """Solve every coalition, or those along sampled orders of joining.

    What matters most comes first, so that a cancellation (Ctrl-C) leaves an answer: nobody, all,
    all but one, each alone. Sampled orders come in pairs, an order and its reverse, which lowers
    the error (Castro, Gómez & Tejada 2009; antithetic pairs as in Mitchell et al. 2022, Journal of
    Machine Learning Research 23(43)).

    Args:
        members: how many.
        solve: from coalitions to the variation of every country.
        permutations: orders to sample; 0 solves every coalition.
        seed: of the orders.
        progress: called with the number of coalitions solved so far.

    Raises:
        InfeasibleShock: nobody acting, or all, leave a country without a supplier. Other coalitions
            that do are left out and listed.
        NotConverged: the same, where no equilibrium was found.
    """
    grand = (1 << members) - 1
    first = [
        0,
        grand,
        *(grand ^ (1 << m) for m in range(members)),
        *(1 << m for m in range(members)),
    ]
    orders = _orders(members, permutations, seed)
    rest = (
        [c for order in orders for c in prefixes(order)]
        if permutations
        else sorted(range(grand + 1), key=lambda c: (c.bit_count(), c))
    )
    wanted = list(dict.fromkeys([*first, *rest]))
    known: dict[int, Array] = {}
    failed: dict[int, str] = {}
    cut_short = False
    try:
        for k in range(0, len(wanted), _CHUNK):
            chunk = wanted[k : k + _CHUNK]
            _solve_some(chunk, solve, known, failed)
            if progress is not None:
                progress(len(known) + len(failed))
    except KeyboardInterrupt:
        if not known:
            raise
        cut_short = True
    kept = tuple(o for o in orders if all(c in known for c in prefixes(o)))
    return Game(members, known, kept, failed, cut_short)


def _solve_some(
    chunk: Sequence[int], solve: Solve, known: dict[int, Array], failed: dict[int, str]
) -> None:
    """Solve coalitions together; one by one where one of them cannot be solved.

    Raises:
        ShockError: nobody acting, or all, have no equilibrium: without them nothing can be said.
        NotConverged: the same, where none was found.
    """
    try:
        known.update(zip(chunk, solve(chunk), strict=True))
        return
    except (InfeasibleShock, NotConverged):
        pass
    for number in chunk:
        try:
            (known[number],) = solve([number])
        except (InfeasibleShock, NotConverged) as error:
            # The first two of all: nobody, and all.
            if len(known) < 2:
                raise
            failed[number] = str(error)


def cost_of(members: int, permutations: int = 0) -> int:
    """How many equilibria a game takes, at most where orders are sampled."""
    return 2**members if not permutations else 2 + 2 * members + permutations * (members - 1)


def prefixes(order: Sequence[int]) -> list[int]:
    """The coalitions along an order of joining, nobody and all among them."""
    out = [0]
    for m in order:
        out.append(out[-1] | (1 << m))
    return out


def _orders(members: int, permutations: int, seed: int) -> list[tuple[int, ...]]:
    rng = np.random.default_rng(seed)
    out: list[tuple[int, ...]] = []
    while len(out) < permutations:
        order = tuple(int(m) for m in rng.permutation(members))
        out += [order, order[::-1]]
    return out[:permutations]


def shapley(members: int, value: Mapping[int, float]) -> Array:
    """Shapley's value: each member's contribution averaged over all orders of joining (1953).

    Args:
        members: how many, M.
        value: of each of the 2^M coalitions.

    Returns:
        Contributions, which sum to the value of all less that of nobody, (M,).

    Example:
        >>> from detente.analysis.coalitions import shapley
        >>> shapley(2, {0: 0.0, 1: 1.0, 2: 2.0, 3: 5.0}).tolist()
        [2.0, 3.0]
    """
    values = np.array([value[c] for c in range(1 << members)])
    size = np.array([c.bit_count() for c in range(1 << members)])
    weight = np.array(
        [factorial(s) * factorial(members - s - 1) / factorial(members) for s in range(members)]
    )
    everyone = np.arange(1 << members)
    out = np.zeros(members)
    for m in range(members):
        without = everyone[(everyone >> m) & 1 == 0]
        gain = values[without | (1 << m)] - values[without]
        out[m] = (weight[size[without]] * gain).sum()
    return out


def sampled_shapley(
    members: int, value: Mapping[int, float], orders: Sequence[Sequence[int]]
) -> tuple[Array, Array]:
    """Shapley's value estimated from orders of joining, with its standard error.

    Orders that follow each other are taken as pairs, which are independent of other pairs.

    Returns:
        Means, whose sum is exact for every sample, and standard errors, (M,) each; the error is
        NaN below two pairs.
    """
    gain = np.zeros((len(orders), members))
    for k, order in enumerate(orders):
        before = 0
        for m in order:
            gain[k, m] = value[before | (1 << m)] - value[before]
            before |= 1 << m
    mean = gain.mean(axis=0)
    pairs = gain[: len(gain) // 2 * 2].reshape(-1, 2, members).mean(axis=1)
    if len(pairs) < 2:
        return mean, np.full(members, np.nan)
    return mean, pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
