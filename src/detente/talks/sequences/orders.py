"""Orders checked one by one: what each party has at every turn by going on and by deviating."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from detente.talks.sequences.steps import Exchange

Array: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]


@final
@dataclass(frozen=True)
class Checked:
    """Orders with their values and what holds them together.

    Attributes:
        order_nm: places of the steps in turn, (N, M).
        state_nt: states before each turn and at the end, (N, M + 1).
        value_ntp: present value of going on, (N, M + 1, P).
        withhold_ntp: what going on gains over withholding for the party to move; infinite for the
            others and at the end, (N, M + 1, P).
        roll_back_ntp: what going on gains over rolling back; infinite with nothing to take back.
    """

    order_nm: Codes = field(repr=False)
    state_nt: Codes = field(repr=False)
    value_ntp: Array = field(repr=False)
    withhold_ntp: Array = field(repr=False)
    roll_back_ntp: Array = field(repr=False)

    @cached_property
    def slack_nt(self) -> Array:
        """The least that anybody gains by going on, (N, M + 1)."""
        return np.asarray(np.minimum(self.withhold_ntp, self.roll_back_ntp).min(axis=2))


def check(exchange: Exchange, order_nm: Codes) -> Checked:
    """Values and temptations along orders, all at once.

    Args:
        exchange: the package.
        order_nm: places of the steps in turn, (N, M).
    """
    count, size = order_nm.shape
    parties = len(exchange.parties)
    state_nt = np.zeros((count, size + 1), dtype=np.int64)
    state_nt[:, 1:] = np.cumsum(1 << order_nm, axis=1)
    delta = exchange.delta_p
    value = np.empty((count, size + 1, parties))
    value[:, size] = exchange.payoff_sp[-1] / (1 - delta)
    for t in range(size - 1, -1, -1):
        paid = exchange.payoff_sp[state_nt[:, t + 1]] + exchange.once_jp[order_nm[:, t]]
        value[:, t] = paid + delta * value[:, t + 1]
    withhold = np.full(value.shape, np.inf)
    roll_back = np.full(value.shape, np.inf)
    moves_nt = exchange.owner_j[order_nm]
    for p in range(parties):
        other = exchange.alternatives(p, state_nt)
        gained = value[:, :, p] - other.withhold(delta[p])
        withhold[:, :size, p] = np.where(moves_nt == p, gained[:, :size], np.inf)
        roll_back[:, :, p] = value[:, :, p] - other.roll_back(delta[p])
    return Checked(order_nm, state_nt, value, withhold, roll_back)


def least_patience(exchange: Exchange, order_m: Codes, p: int) -> tuple[float, float] | None:
    """The lowest patience of one party at which it keeps to an order, and up to which it does.

    Times 1 − δ, each condition is a polynomial in the party's own δ, so that the bounds are roots.

    Returns:
        The first interval of δ within 0 to 1; None if there is none.
    """
    conditions = _conditions(exchange, order_m, p)
    marks = [0.0, 1.0]
    for polynomial in conditions:
        roots = np.roots(np.trim_zeros(polynomial[::-1], "f")) if polynomial.any() else np.zeros(0)
        real = roots.real[np.abs(roots.imag) < 1e-9]
        marks += [float(r) for r in real if 0 < r < 1]
    marks = sorted(set(marks))
    scale = max((float(np.abs(c).max()) for c in conditions), default=0.0)

    def holds(delta: float) -> bool:
        return all(np.polynomial.polynomial.polyval(delta, c) >= -1e-12 * scale for c in conditions)

    begun: float | None = None
    for low, high in pairwise(marks):
        if holds((low + high) / 2):
            begun = low if begun is None else begun
        elif begun is not None:
            return begun, low
    return None if begun is None else (begun, 1.0)


def _conditions(exchange: Exchange, order_m: Codes, p: int) -> list[Array]:
    """Coefficients, by power of δ, of what going on gains at each turn times 1 − δ."""
    size = len(order_m)
    state_t = np.concatenate([[0], np.cumsum(1 << order_m)])
    other = exchange.alternatives(p, state_t)
    paid = exchange.payoff_sp[state_t[1:], p] + exchange.once_jp[order_m, p]
    found = []
    for t in range(size + 1):
        going = np.zeros(size + 2)
        for k in range(t, size):
            going[k - t] += paid[k]
            going[k - t + 1] -= paid[k]
        going[size - t] += exchange.payoff_sp[-1, p]
        ways = []
        if t < size and exchange.owner_j[order_m[t]] == p:
            ways.append((other.now_withhold[t], other.then_withhold[t]))
        if other.can_roll_back[t]:
            ways.append((other.now_roll_back[t], other.then_roll_back[t]))
        for now, then in ways:
            gained = going.copy()
            gained[0] -= now
            gained[1] += now - then
            found.append(gained)
    return found
