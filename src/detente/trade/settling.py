"""The market of one good brought to rest while everything else is held: nonlinear elimination.

What a shock does to most unknowns is small and nearly linear, so that the response of the base year
serves as Newton's derivative for them. Not so in a good whose ways of transport close or fill up:
the cost of a way rises steeply near its capacity, and rents of mines fall by half. Between two
evaluations of the whole system the market of such a good is therefore solved alone, by Newton's
method for the rents of its producers and the crowding of its ways; its prices and spending follow.
The outer iteration then meets a nearly linear system (Lanzkron, Rose & Wilkes 1996, SIAM Journal on
Scientific Computing 17(2)).

A solution of the whole system has its markets at rest, whatever slope of demand is assumed here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.trade.economy import Array
from detente.trade.market import Market, Single
from detente.trade.network import Index
from detente.trade.solution import Layout
from detente.trade.system import System

_LARGEST_STEP = 1.0
_MOST_STEPS = 12
#: Gaps that are left, first and as parts of the residual of the whole system.
_LOOSEST, _CLOSER = 1e-2, 3e-2
#: A step that leaves more than this part of the gap asks for a new derivative.
_SLOW = 0.1


class Markets:
    """Settles the goods that are carried on ways with a capacity, to be passed to `anderson`.

    Args:
        system: the base year under the shocks.
        layout: of the unknowns.
    """

    def __init__(self, system: System, layout: Layout) -> None:
        self.goods = sorted({r.good for r in system.routes if (r.room_r >= 0).any()})
        self._system, self._layout = system, layout
        self._rows: Index = np.arange(len(system.wedges))
        self._settling = [_begun(Market(system, layout, g)) for g in self.goods]

    def __call__(self, x: Array, rows: Index, residual: Array) -> Array:
        """Unknowns with these markets at rest, so exactly as the iteration has come so far.

        Args:
            x: unknowns, (B, U).
            rows: which of the shocks they belong to, ascending; ever fewer.
            residual: of each so far, (B,).
        """
        if len(rows) != len(self._rows):
            system, at = self._system.some(rows), np.searchsorted(self._rows, rows)
            self._settling = [
                _Settling(Market(system, self._layout, g), one.inverse[at], one.fresh[at])
                for g, one in zip(self.goods, self._settling, strict=True)
            ]
            self._rows = rows
        tolerance = np.minimum(_LOOSEST, _CLOSER * residual)
        for one in self._settling:
            x = one.settle(x, tolerance)
        return x


@dataclass(frozen=True, eq=False)
class _Settling:
    """Newton's method for one market; derivatives serve as long as their steps go far enough.

    Attributes:
        market: to be settled.
        inverse: inverse derivatives of its gaps, (B, U, U).
        fresh: which of them were taken, (B,).
    """

    market: Market
    inverse: Single
    fresh: NDArray[np.bool_]

    def settle(self, x: Array, tolerance: Array) -> Array:
        """Unknowns with this market at rest; those of a row where that fails stay as they were.

        Args:
            x: unknowns, (B, U).
            tolerance: largest gap of a rent or a crowding, in logs, (B,).
        """
        market = self.market
        held = (
            market.other_cost(x),
            np.ascontiguousarray(x[:, market.price_at].T),
            x[:, market.spending_at].T,
        )
        u = x[:, market.unknown_at].T
        state = market.state(u, *held)
        gap, before = np.abs(state.gap_ub).max(axis=0), np.inf
        for _ in range(_MOST_STEPS):
            left = gap > tolerance
            if not left.any():
                break
            stale = np.nonzero(left & ~(self.fresh & (gap < _SLOW * before)))[0]
            if len(stale):
                try:
                    self.inverse[stale] = np.linalg.inv(market.derivative(state.some(stale)))
                except np.linalg.LinAlgError:
                    break
                self.fresh[stale] = True
            u = u + self._step(state.gap_ub)
            state = market.state(u, *held)
            gap, before = np.abs(state.gap_ub).max(axis=0), gap
        done = (gap <= tolerance)[:, None]
        out = x.copy()
        for where, value in (
            (market.unknown_at, u),
            (market.price_at, state.log_price_nb),
            (market.spending_at, state.log_spending_nb),
        ):
            out[:, where] = np.where(done, value.T, x[:, where])
        return out

    def _step(self, gap_ub: Array) -> Array:
        step = -(self.inverse @ gap_ub.T[:, :, None])[:, :, 0].T
        size = np.abs(step).max(axis=0)
        return np.asarray(step / np.maximum(1.0, size / _LARGEST_STEP))


def _begun(market: Market) -> _Settling:
    B, U = len(market.system.wedges), len(market.unknown_at)
    return _Settling(market, np.zeros((B, U, U), dtype=np.float32), np.zeros(B, dtype=bool))
