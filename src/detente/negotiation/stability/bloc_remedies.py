"""Remedies inside a bloc: what members would have to get for a state to last, at least cost.

`BlocRemedy` is the result and `bloc_remedy` finds it. A bloc leaves a state where its rules let a
change pass. It stays if, for every such change, nobody inside gains by it, or the rule to adopt or
repeal a part of it fails, and where that part lapses the rule to renew carries too. Every payment
makes changes less welcome, so that the cheapest set of payments is a mixed-integer programme over
who is turned against which change. `Intervals` are the values that one change has to lie in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, final

import numpy as np

from detente._types import Array, Codes, Mask
from detente.negotiation.acceptance import ROUNDING, bloc_carries, bundle_bits
from detente.negotiation.conflict import Conflict
from detente.negotiation.model import Measure
from detente.negotiation.voting.rules import NEVER, Rule

#: Closed intervals in ascending order, none touching the next.
Intervals: TypeAlias = tuple[tuple[float, float], ...]

EVERYTHING: Intervals = ((-math.inf, math.inf),)


def union(parts: Iterable[tuple[float, float]]) -> Intervals:
    """The numbers in any of some intervals; those whose ends are out of order are empty."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(p for p in parts if p[0] <= p[1]):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def common(one: Intervals, other: Intervals) -> Intervals:
    """The numbers in both."""
    return union((max(a, c), min(b, d)) for a, b in one for c, d in other)


def nearest_zero(numbers: Intervals) -> float:
    """The number of least size; NaN if there is none."""
    ends = [min(max(0.0, low), high) for low, high in numbers]
    return min(ends, key=abs, default=math.nan)


Row: TypeAlias = tuple[dict[int, float], float]
#: Weights are kept away from a quota by this share of all, for the tolerance of the solver.
_MARGIN = 3e-6


@final
@dataclass(frozen=True, eq=False)
class BlocRemedy:
    """The cheapest payments to members under which a bloc stays in a state (Nash).

    Attributes:
        party: label of the bloc.
        members: those who would have to be paid, the most first.
        payments: to each while the state lasts; a little more where it must vote against.
        turned_mt: which of these members each move turns on, (members, moves).
        moves: states that the bloc would move to without payments.
        gain_mt: what each of these members gains by each move, (members, moves).
    """

    party: str
    members: tuple[str, ...]
    payments: tuple[float, ...]
    turned_mt: Mask = field(repr=False)
    moves: Codes = field(repr=False)
    gain_mt: Array = field(repr=False)

    @property
    def total(self) -> float:
        """All of them together."""
        return sum(self.payments)


def bloc_remedy(conflict: Conflict, party: int, state: int) -> BlocRemedy:
    """The cheapest payments to members that stop every move of a bloc from a state.

    Args:
        conflict: the conflict.
        party: index of the bloc.
        state: the state that is to last.

    Raises:
        ArithmeticError: if the programme was not solved.
    """
    bloc, payoff_ms = conflict.parties[party], conflict.payoffs.members(party)
    moves = conflict.own_moves(state, party)
    gain_mt = payoff_ms[:, moves] - payoff_ms[:, [state]]
    tolerance = ROUNDING * float(np.abs(payoff_ms).max(initial=0.0))
    programme = _Programme(conflict, party, state, moves, gain_mt, tolerance)
    turned_mt = programme.solved()
    payment_m = np.where(turned_mt, gain_mt, 0.0).max(axis=1, initial=0.0)
    less = gain_mt - payment_m[:, None] - np.where(turned_mt, 1e-9 * np.abs(gain_mt).max(), 0.0)
    here = np.full_like(moves, state)
    if bloc_carries(conflict.space, party, bloc, less, here, moves, tolerance).any():
        raise ArithmeticError(f"The payments that would keep {bloc.label} in place were not found.")
    rows = [m for m in np.argsort(-payment_m, kind="stable") if turned_mt[m].any()]
    return BlocRemedy(
        bloc.label,
        tuple(bloc.members[m] for m in rows),
        tuple(float(payment_m[m]) for m in rows),
        turned_mt[rows],
        moves,
        gain_mt[rows],
    )


class _Programme:
    """Variables: a payment to each member, who is turned by which move, and a way to stop each."""

    def __init__(
        self,
        conflict: Conflict,
        party: int,
        state: int,
        moves: Codes,
        gain_mt: Array,
        tolerance: float,
    ) -> None:
        self.conflict, self.bloc = conflict, conflict.parties[party]
        self.gain_mt, self.tolerance = gain_mt, tolerance
        self.scale = float(np.abs(gain_mt).max(initial=0.0)) or 1.0
        self.size = gain_mt.size + len(gain_mt)
        self.rows: list[Row] = [
            ({m: -1.0, self._turned(m, t): gain_mt[m, t] / self.scale}, 0.0)
            for m, t in zip(*np.nonzero(gain_mt > tolerance), strict=True)
        ]
        low, count = conflict.space.span(party)
        measure_of = {b: m for m in conflict.space.measures for b in m.bits}
        together = bundle_bits(conflict.space)
        for t, to in enumerate(moves.tolist()):
            ways = [self._nobody_gains(t)]
            for b in (b for b in range(low, low + count) if (state ^ to) >> b & 1):
                measure = measure_of[conflict.space.bits[b]]
                up = bool(to >> b & 1)
                lapses = not up and measure.expiry == "lapses"
                lapses = lapses and not to & together.get(measure.name, 0)
                ways.append(self._one_part_fails(t, measure, up=up, lapses=lapses))
            self.rows.append((dict.fromkeys(ways, -1.0), -1.0))

    def solved(self) -> Mask:
        """Who is turned by which move, (M, T)."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array

        members = len(self.gain_mt)
        at = [(r, c, v) for r, (row, _) in enumerate(self.rows) for c, v in row.items()]
        row, column, value = (np.array(x) for x in zip(*at, strict=True))
        matrix = coo_array((value, (row, column)), shape=(len(self.rows), self.size)).tocsr()
        limit = np.array([b for _, b in self.rows])
        cost, whole = np.zeros(self.size), np.ones(self.size)
        # Nobody is turned without need: turning costs a trifle beside any payment.
        cost[:members], whole[:members] = 1.0, 0.0
        cost[members : members + self.gain_mt.size] = 1e-7
        # No member has to be paid more than the most that any gains, which is 1 by the scale.
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(np.zeros(self.size), np.ones(self.size)),
            constraints=LinearConstraint(matrix, -np.inf, limit),
            options={"mip_rel_gap": 1e-9},
        )
        if found.x is None:
            raise ArithmeticError(f"What would keep {self.bloc.label} in place: {found.message}")
        paid_m = found.x[:members] * self.scale + 1e-6 * self.scale
        turned = found.x[members : members + self.gain_mt.size].reshape(self.gain_mt.shape) > 0.5
        # Whoever is paid for one move is turned by every lesser one.
        covered = (self.gain_mt <= paid_m[:, None]) & turned.any(axis=1, keepdims=True)
        return np.asarray((turned | covered) & (self.gain_mt >= -self.tolerance))

    def _turned(self, member: int, move: int) -> int:
        return len(self.gain_mt) + member * int(self.gain_mt.shape[1]) + move

    def _new(self) -> int:
        self.size += 1
        return self.size - 1

    def _nobody_gains(self, t: int) -> int:
        way = self._new()
        for m in np.flatnonzero(self.gain_mt[:, t] > self.tolerance).tolist():
            self.rows.append(({way: 1.0, self._turned(m, t): -1.0}, 0.0))
        return way

    def _one_part_fails(self, t: int, measure: Measure, *, up: bool, lapses: bool) -> int:
        """The rule of one part does not carry; of what lapses, the renewal carries too."""
        own = self.bloc.rule
        assert own is not None, "blocs without a rule are refused when they are made"
        way = self._new()
        self._any_of(way, self._failing(t, (measure.adopt if up else measure.repeal) or own))
        if lapses:
            self._any_of(way, self._renewing(t, measure.renew or own))
        return way

    def _any_of(self, way: int, ways: Iterable[int]) -> None:
        self.rows.append(({way: 1.0} | dict.fromkeys(ways, -1.0), 0.0))

    def _failing(self, t: int, rule: Rule) -> Iterator[int]:
        """One for each number of members up to which the weight in favour may be too small."""
        gain_m = self._ordered(t, rule)
        yes = gain_m > self.tolerance if rule.abstention_prevents else gain_m >= -self.tolerance
        total = float(rule.weight_m.sum())
        for size, need in _steps(rule):
            if need > 0:
                yield from self._bounded(t, rule, yes, (size, min(need - 1, total)))

    def _renewing(self, t: int, rule: Rule) -> Iterator[int]:
        """One for each number of members from which the weight for keeping may be enough."""
        gain_m = self._ordered(t, rule)
        ends = gain_m >= -self.tolerance if rule.abstention_prevents else gain_m > self.tolerance
        total = float(rule.weight_m.sum())
        least: dict[int, int] = {}
        for size, need in enumerate(rule.need_s.tolist()):
            least.setdefault(need, size)
        for need, size in least.items():
            if need < NEVER:
                # What those who would end it may weigh at most, so that the others carry.
                yield from self._bounded(t, rule, ends, (len(ends) - size, total - need))

    def _bounded(
        self, t: int, rule: Rule, voting: Mask, room: tuple[float, float]
    ) -> Iterator[int]:
        """A way in which those of some voters who are not turned are few and light enough."""
        count, weight = room
        if weight < 0 or count < 0:
            return
        way, total = self._new(), max(float(rule.weight_m.sum()), 1.0)
        # Weights are whole numbers, which a solver reaches to a tolerance only.
        weight = weight + (0.25 if _MARGIN * total < 0.25 else -min(_MARGIN * total, weight))
        each = np.flatnonzero(voting).tolist()
        places = {k: self._turned(self.bloc.members.index(rule.members[k]), t) for k in each}
        share = rule.weight_m / total
        self.rows.append(({way: float(len(each))} | {places[k]: -1.0 for k in each}, float(count)))
        load = float(share[each].sum())
        self.rows.append(
            (
                {way: load} | {places[k]: -float(share[k]) for k in each},
                float(weight) / total,
            )
        )
        yield way

    def _ordered(self, t: int, rule: Rule) -> Array:
        return self.gain_mt[[self.bloc.members.index(m) for m in rule.members], t]


def _steps(rule: Rule) -> list[tuple[int, int]]:
    """The largest number of members at each height of the weight needed, which falls with it."""
    need = np.minimum.accumulate(rule.need_s)
    return [
        (s, int(need[s])) for s in range(len(need)) if s + 1 == len(need) or need[s + 1] < need[s]
    ]
