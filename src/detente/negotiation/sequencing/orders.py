"""Orders of steps: what each party has at every turn by going on and by deviating.

`check` takes one order and returns `Checked`. `Lattice` searches all orders of a package at once,
on the subsets of its steps, and `best_order` picks among those that enforce themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import comb
from typing import final

import numpy as np
from numpy.typing import NDArray

from detente._types import Array, Codes, Mask
from detente.negotiation.sequencing.steps import Exchange


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


#: Shortfalls below this share of the largest value are rounding.
ROUNDING = 1e-12
_PIECE = 2**14


@dataclass(frozen=True)
class Lattice:
    """The continuation that was followed from each subset.

    Attributes:
        found: whether it enforces itself, (2^M,).
        next_s: the step it takes first; −1 at the end and where none was found.
        value_sp: its present value; minus infinity where none was found, (2^M, P).
    """

    found: Mask
    next_s: NDArray[np.int8]
    value_sp: Array

    def order(self) -> tuple[int, ...]:
        """The order that was followed from nothing; empty if none was found."""
        if not self.found[0]:
            return ()
        code, steps = 0, []
        while self.next_s[code] >= 0:
            steps.append(int(self.next_s[code]))
            code |= 1 << steps[-1]
        return tuple(steps)


def sweep(exchange: Exchange, weight_p: Array) -> Lattice:
    """Follow, from every subset, the self-enforcing step with the largest Σ w_i(1 − δ_i)V_i.

    One pass over subsets by falling size. What it finds enforces itself; as a continuation that is
    worse in sum may give one party more, finding none proves nothing (see `possible`).
    """
    states = 2 ** len(exchange.steps)
    ahead = _Ahead(exchange)
    judge_p = weight_p * (1 - exchange.delta_p)
    next_s = np.full(states, -1, dtype=np.int8)
    for codes in ahead.layers():
        best = np.full(len(codes), -np.inf)
        step = np.full(len(codes), -1, dtype=np.int8)
        value = [np.full(len(codes), -np.inf) for _ in judge_p]
        for j in range(len(exchange.steps)):
            going, good = ahead.taken(j)
            judged = sum(w * g for w, g in zip(judge_p, going, strict=True))
            good &= judged > best
            np.copyto(best, judged, where=good)
            np.copyto(step, j, where=good)
            for kept, g in zip(value, going, strict=True):
                np.copyto(kept, g, where=good)
        ahead.settle(value)
        next_s[codes] = step
    return Lattice(np.isfinite(ahead.value_ps[0]), next_s, ahead.value_ps.T)


def possible(exchange: Exchange) -> Mask:
    """From which subsets an order that enforces itself is not ruled out, (2^M,).

    Every party is given its own best continuation, whatever the others get; where that falls
    short for one of them, no order from there enforces itself.
    """
    ahead = _Ahead(exchange)
    for codes in ahead.layers():
        bound = [np.full(len(codes), -np.inf) for _ in exchange.parties]
        for j in range(len(exchange.steps)):
            going, good = ahead.taken(j)
            for kept, g in zip(bound, going, strict=True):
                np.maximum(kept, g, out=kept, where=good)
        ahead.settle(bound)
    return np.asarray(np.isfinite(ahead.value_ps[0]))


class _Ahead:
    """Values of the subsets that are settled, and what a step to them gives.

    A subset that is not settled has minus infinity, so that no step leads there; a step that is in
    a subset already leads to that subset itself and drops out in the same way.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        states = len(exchange.payoff_sp)
        quit_sp, move_sp = temptations(exchange)
        slack_p = rounding(exchange)
        self.quit_ps = np.ascontiguousarray((quit_sp - slack_p).T)
        self.move_ps = np.ascontiguousarray((move_sp - slack_p).T)
        self.payoff_ps = np.ascontiguousarray(exchange.payoff_sp.T)
        self.value_ps = np.full((len(exchange.parties), states), -np.inf)
        self.next_ps = np.full((len(exchange.parties), states), -np.inf)
        self.codes = np.array([states - 1])
        end = exchange.payoff_sp[-1] / (1 - exchange.delta_p)
        if (end >= self.quit_ps[:, -1]).all():
            self.settle(list(end[:, None]))

    def layers(self) -> Iterator[Codes]:
        """Subsets by falling size, in pieces that stay in the cache."""
        size = len(self.exchange.steps)
        every = np.argsort(np.bitwise_count(np.arange(2**size)), kind="stable")
        ends = np.cumsum([comb(size, k) for k in range(size + 1)])
        for layer in range(size - 1, -1, -1):
            codes = every[ends[layer] - comb(size, layer) : ends[layer]]
            for k in range(0, len(codes), _PIECE):
                self.codes = codes[k : k + _PIECE]
                self.quit_pk = self.quit_ps[:, self.codes]
                self.need_pk = np.maximum(self.quit_pk, self.move_ps[:, self.codes])
                yield self.codes

    def taken(self, j: int) -> tuple[list[Array], Mask]:
        """What step j gives each party from each subset of the piece, and where all take part."""
        there = self.codes | 1 << j
        mover = int(self.exchange.owner_j[j])
        going = []
        good = np.ones(len(there), dtype=bool)
        for p, once in enumerate(self.exchange.once_jp[j].tolist()):
            g = self.next_ps[p].take(there)
            if once:
                g += once
            good &= g >= (self.need_pk if p == mover else self.quit_pk)[p]
            going.append(g)
        good &= going[mover] > -np.inf
        return going, good

    def settle(self, value: list[Array]) -> None:
        """Note the values of the piece."""
        for p, v in enumerate(value):
            self.value_ps[p, self.codes] = v
            there = v > -np.inf
            ahead = self.payoff_ps[p, self.codes] + self.exchange.patience[p] * np.where(
                there, v, 0
            )
            self.next_ps[p, self.codes] = np.where(there, ahead, -np.inf)


def rounding(exchange: Exchange) -> Array:
    """Shortfalls of each party that are rounding, (P,)."""
    scale = float(np.abs(exchange.payoff_sp).max() + np.abs(exchange.once_jp).max())
    return np.asarray(ROUNDING * scale / (1 - exchange.delta_p))


def temptations(exchange: Exchange) -> tuple[Array, Array]:
    """Present values of rolling back, and of withholding, in every subset, (2^M, P) each."""
    codes = np.arange(len(exchange.payoff_sp))
    quits = np.empty(exchange.payoff_sp.shape)
    moves = np.empty(exchange.payoff_sp.shape)
    for p, delta in enumerate(exchange.patience):
        other = exchange.alternatives(p, codes)
        quits[:, p] = other.roll_back(delta)
        moves[:, p] = other.withhold(delta)
    return quits, moves


def best_order(exchange: Exchange, weight_p: Array, may: Mask, most: int) -> Found:
    """The best self-enforcing order, keeping every continuation that no other beats for all.

    A step's conditions ask each party for enough, so that a continuation that gives nobody more
    than another can be dropped; what is left decides exactly.

    Args:
        exchange: the package.
        weight_p: weights of the parties in what is best.
        may: subsets that are not ruled out, from `possible`.
        most: continuations to keep in all, after which the search stops.
    """
    size = len(exchange.steps)
    quit_sp, move_sp = temptations(exchange)
    slack_p = rounding(exchange)
    states = np.flatnonzero(may)
    states = states[np.argsort(-np.bitwise_count(states).astype(int), kind="stable")]
    kept: dict[int, tuple[Array, list[tuple[int, ...]]]] = {}
    whole = 2**size - 1
    kept[whole] = (exchange.payoff_sp[-1][None, :] / (1 - exchange.delta_p), [()])
    total = 1
    for code in states.tolist():
        if code == whole:
            continue
        rows, orders = _continuations(exchange, kept, code, quit_sp, move_sp, slack_p)
        if len(rows):
            kept[code] = _undominated(rows, orders)
            total += len(kept[code][1])
        if total > most:
            return Found((), False)
    if 0 not in kept:
        return Found((), True)
    rows, orders = kept[0]
    judged = rows @ (weight_p * (1 - exchange.delta_p))
    return Found(orders[int(np.argmax(judged))], True)


@dataclass(frozen=True)
class Found:
    """The best order of a search, empty if there is none; `exact` if the search was complete."""

    order: tuple[int, ...]
    exact: bool


def _continuations(
    exchange: Exchange,
    kept: dict[int, tuple[Array, list[tuple[int, ...]]]],
    code: int,
    quit_sp: Array,
    move_sp: Array,
    slack_p: Array,
) -> tuple[Array, list[tuple[int, ...]]]:
    rows, orders = [], []
    for j in range(len(exchange.steps)):
        after = kept.get(code | 1 << j)
        if code >> j & 1 or after is None:
            continue
        going = exchange.payoff_sp[code | 1 << j] + exchange.once_jp[j]
        going = going + exchange.delta_p * after[0]
        need = quit_sp[code] - slack_p
        mover = int(exchange.owner_j[j])
        need[mover] = max(need[mover], move_sp[code, mover] - slack_p[mover])
        good = (going >= need).all(axis=1)
        rows.append(going[good])
        orders += [(j, *o) for o, g in zip(after[1], good.tolist(), strict=True) if g]
    empty = np.zeros((0, len(exchange.parties)))
    return (np.concatenate(rows) if rows else empty), orders


def _undominated(rows: Array, orders: list[tuple[int, ...]]) -> tuple[Array, list[tuple[int, ...]]]:
    from detente.negotiation.bargaining.pareto import pareto_front

    unique = np.sort(np.unique(rows, axis=0, return_index=True)[1])
    places = unique[pareto_front(rows[unique])]
    return rows[places], [orders[k] for k in places]
