"""Thresholds of a search: at which value of a valuation another deal is found, solved exactly.

First come the values at which a package comes to be signed by all, or no longer is: crossings of
lines with zero. Between two of them the same packages compete, and the criterion changes its mind
only where two of their gains, shares, sums or products are equal: crossings of two lines again, as
one signatory's gain alone hangs on the valuation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente._types import Array, Codes
from detente.analysis.negotiation.conflict import Bargaining, weights
from detente.analysis.negotiation.deal_search import (
    CRITERIA,
    Criterion,
    CriterionId,
    may_change,
    owning,
)
from detente.analysis.negotiation.thresholds import (
    Side,
    Slope,
    Span,
    crossings,
    cuts_of,
    spans_of,
)
from detente.negotiation.bargaining.search import attained
from detente.negotiation.bargaining.solution_concepts import utilitarian

Finder = Callable[[Slope], tuple[Span[int | None], ...] | None]
_NONE = np.zeros(0)


def finder(
    setting: Bargaining,
    criterion: CriterionId = "fairest",
    without: Sequence[str] = (),
    signed_by: Sequence[str] | None = None,
) -> Finder:
    """What says over a valuation's range which deal a search picks; arguments as in `search_of`."""
    signing = owning(setting) if signed_by is None else tuple(signed_by)
    may = may_change(setting, without, signing, outside=signed_by is None)
    may[setting.status_quo] = False
    codes = np.flatnonzero(may)
    weight = weights(setting)
    weight_p = np.array([weight[setting.labels[p]] for p in signing])

    def found(slope: Slope) -> tuple[Span[int | None], ...] | None:
        sides = tuple(Side.of(slope, party, codes) for party in signing)
        contest = _Contest(slope, codes, sides, weight_p, CRITERIA[criterion]).ever()
        return None if len(contest.moving) > 1 else contest.spans()

    return found


@dataclass(frozen=True, eq=False)
class _Contest:
    """Packages that compete, and what each signatory makes of them, as lines in a valuation."""

    slope: Slope
    codes: Codes
    sides: tuple[Side, ...]
    weight_p: Array
    criterion: Criterion

    def only(self, places: Codes) -> _Contest:
        """Some of the packages."""
        sides = tuple(s.only(places) for s in self.sides)
        return replace(self, codes=self.codes[places], sides=sides)

    def ever(self) -> _Contest:
        """The packages that all might sign at some value: whoever may be for one anywhere is."""
        kept = np.arange(len(self.codes))
        valuation = self.slope.valuation
        for side in self.sides:
            rest = side.only(kept)
            ends = [rest.base_mk + rest.slope_mk * x for x in (valuation.low, valuation.high)]
            best = replace(rest, base_mk=np.maximum(*ends), slope_mk=np.zeros_like(rest.slope_mk))
            kept = kept[best.accepts(np.zeros(len(kept)))]
        return self.only(kept)

    @property
    def moving(self) -> list[int]:
        """Places of the signatories whose gain hangs on the valuation."""
        return [p for p, s in enumerate(self.sides) if s.total_slope_k.any()]

    def gains(self, value: float) -> Array:
        """What each signatory gains by each package, (K, P)."""
        return np.stack([s.total_k + s.total_slope_k * value for s in self.sides], axis=1)

    def signed(self, value: float) -> Codes:
        """Places of the packages that all sign."""
        at = np.full(len(self.codes), value)
        accepted = np.ones(len(at), dtype=np.bool_)
        for side in self.sides:
            accepted &= side.accepts(at)
        return np.flatnonzero(accepted)

    def spans(self) -> tuple[Span[int | None], ...]:
        """Which package is picked over the range."""
        low, high = self.slope.valuation.low, self.slope.valuation.high
        if not len(self.codes):
            return (Span(low, high, None),)
        cuts = cuts_of(low, high, self._entering())
        out: list[Span[int | None]] = []
        for start, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            rivals = self.only(self.signed((start + end) / 2))
            for span in rivals._within(start, end):
                if out and out[-1].answer == span.answer:
                    out[-1] = replace(out[-1], high=span.high)
                else:
                    out.append(span)
        return tuple(out)

    def _entering(self) -> Array:
        """Values at which a package comes to be signed, or leaves somebody below its reserve."""
        turns = [crossings(s.base_mk, s.slope_mk) for s in self.sides]
        turns += [crossings(s.total_k - s.reserve, s.total_slope_k) for s in self.sides]
        return np.concatenate(turns)

    def _within(self, low: float, high: float) -> tuple[Span[int | None], ...]:
        """The same between two values between which the same packages are signed."""
        if not len(self.codes):
            return (Span(low, high, None),)
        rivals = self._undominated(low, high)
        turns = np.concatenate([_NONE, *rivals._ties(low, high)])
        return spans_of(low, high, turns, rivals.picked)

    def picked(self, value: float) -> int | None:
        """The state that the criterion picks at a value."""
        gain_kp, criterion = self.gains(value), self.criterion
        reserve_p = np.array([s.reserve for s in self.sides])
        place = attained(criterion.point or "utilitarian", gain_kp, reserve_p, self.weight_p)
        if place is None or criterion.point:
            return None if place is None else int(self.codes[place])
        better = np.flatnonzero((gain_kp > self.sides[0].small).any(axis=1))
        moves = self._moves()[better]
        few = better[moves == moves.min()]
        best = utilitarian(gain_kp[few], np.ones(gain_kp.shape[1]))
        return int(self.codes[few[best[0]]])

    def _moves(self) -> Codes:
        return np.asarray(np.bitwise_count(self.codes ^ self.slope.setting.status_quo), np.int64)

    def _undominated(self, low: float, high: float) -> _Contest:
        """Without those that one other leaves behind for all at both ends, and so throughout."""
        if not self.criterion.point:
            return self
        both = np.hstack([self.gains(low), self.gains(high)])
        kept = [
            k
            for k, own in enumerate(both)
            if not ((both >= own).all(axis=1) & (both > own).any(axis=1)).any()
        ]
        return self.only(np.array(kept, dtype=np.int64))

    def _ties(self, low: float, high: float) -> Iterator[Array]:
        """Values at which two packages can be equal in what the criterion asks for."""
        if not self.moving:
            return
        (m,) = self.moving
        side = self.sides[m]
        base, step = side.total_k - side.reserve, side.total_slope_k
        apart = np.array([q for q in range(len(self.sides)) if q != m], dtype=np.int64)
        more_kq = self.gains(0.0)[:, apart] - [self.sides[q].reserve for q in apart]
        # One signatory's own gains, against each other and against none.
        yield _pairs(base, step)
        yield crossings(base, step)
        # The least gain, and ties of all sorts, which it settles.
        for level in np.unique(more_kq):
            yield crossings(base - level, step)
        if self.criterion.point in ("utilitarian", ""):
            weight_p = self.weight_p if self.criterion.point else np.ones(len(self.sides))
            rest = more_kq @ weight_p[apart]
            yield _pairs(weight_p[m] * base + rest, weight_p[m] * step)
        elif self.criterion.point == "Nash":
            yield from _products(base, step, more_kq, self.weight_p[apart] / self.weight_p[m])
        elif self.criterion.point == "Kalai-Smorodinsky":
            yield from _shares(base, step, more_kq, low, high)


def _pairs(base: Array, step: Array) -> Array:
    """Where two lines of some cross."""
    return crossings(base[:, None] - base, step[:, None] - step)


def _products(base: Array, step: Array, more_kq: Array, weight_q: Array) -> Iterator[Array]:
    """Where two products of gains are equal, one factor of each being a line."""
    gains = more_kq > 0
    logs = np.log(np.where(gains, more_kq, 1.0)) @ weight_q
    scale = np.exp(logs - logs.max(initial=0.0))
    yield _pairs(base * scale, step * scale)
    # Where one of the two has nothing of the line, its other factors stand alone.
    for other in np.unique(scale):
        yield crossings(base * scale - other, step * scale)


def _shares(base: Array, step: Array, more_kq: Array, low: float, high: float) -> Iterator[Array]:
    """Where a share of what one could gain at most equals a share of another's."""
    most_q = more_kq.max(axis=0)
    shares = np.unique(more_kq[:, most_q > 0] / most_q[most_q > 0])
    cuts = cuts_of(low, high, _pairs(base, step))
    middles = (cuts[:-1] + cuts[1:]) / 2
    for top in np.unique((base + np.outer(middles, step)).argmax(axis=1)):
        for share in shares:
            yield crossings(base - share * base[top], step - share * step[top])
