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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.trade.economy import Array, Economy
from detente.trade.kernels import RouteFlow, route_flow
from detente.trade.network import Index, Routes
from detente.trade.product import Product
from detente.trade.routes import add_flow, crowding, steepness
from detente.trade.solution import Layout
from detente.trade.system import System

#: Derivatives need no more digits than this.
Single = NDArray[np.float32]
_TINY = 1e-300
_LARGEST_STEP = 1.0
_MOST_STEPS = 12
#: Gaps that are left, first and as parts of the residual of the whole system.
_LOOSEST, _CLOSER = 1e-2, 1e-2
#: A step that leaves more than this part of the gap asks for a new derivative.
_SLOW = 0.1


class Markets:
    """Settles the goods that are carried on ways with a capacity, to be passed to `anderson`."""

    def __init__(self, system: System, layout: Layout) -> None:
        self.goods = sorted({r.good for r in system.routes if (r.room_r >= 0).any()})
        self.layout, self.system, self.whole = layout, system, system
        self._markets: list[Market] | None = None

    def __call__(self, x: Array, rows: Index, residual: Array) -> Array:
        """Unknowns with these markets at rest, so exactly as the iteration has come so far."""
        if self._markets is None or len(rows) != len(self.system.wedges):
            # Rows only ever leave, so that equal numbers are equal rows.
            self.system = self.whole.some(rows)
            self._markets = [Market(self.system, self.layout, good) for good in self.goods]
        tolerance = np.minimum(_LOOSEST, _CLOSER * residual)
        for market in self._markets:
            x = market.settle(x, tolerance)
        return x


@dataclass(frozen=True, eq=False)
class _State:
    """The market at some rents and crowding; the first axis of K + Q is of these unknowns.

    Attributes:
        gap_ub: what each unknown leads to less what it is, in logs.
        log_price_nb: log P̂.
        log_spending_nb: log X'/X.
        fixed_kb: cost share of the fixed factor where it has a rent.
        pull_nb: ĉ to the power −θ.
        access_nb: P̂ to the power −θ.
        bid_nb: X' over it.
        sold_nb: what each origin sells, over its pull.
        flows: that have routes.
        nets: what they bring the producer, over its pull, (M, B) each.
        shipped_qb: on each way with a capacity, at base prices.
    """

    gap_ub: Array
    log_price_nb: Array
    log_spending_nb: Array
    fixed_kb: Array
    pull_nb: Array
    access_nb: Array
    bid_nb: Array
    sold_nb: Array
    flows: list[RouteFlow]
    nets: list[Array]
    shipped_qb: Array


class Market:
    """The market of one good under B shocks, of K producers with a rent and Q crowded ways.

    Args:
        system: the base year under the shocks.
        layout: of the unknowns.
        good: its position.
    """

    def __init__(self, system: System, layout: Layout, good: int) -> None:
        eco, (at_n, at_j) = system.economy, system.fixed_at
        J, N = eco.shape
        rents = np.nonzero(at_j == good)[0]
        self.system, self.good = system, good
        self.theta = float(eco.trade_elasticity_j[good])
        self.power = 1 - float(eco.input_substitution_j[good])
        self.slope_n = _slope_of_demand(eco, good)
        self.mine_k = at_n[rents]
        self.place = {int(n): k for k, n in enumerate(self.mine_k)}
        self.fixed_share_k = eco.fixed_share_nj[self.mine_k, good][:, None]
        self.fixed_supply_kb = system.fixed_supply_kb[rents]
        self.routes = [k for k, r in enumerate(system.routes) if r.good == good]
        rooms = np.arange(layout.crowded)
        self.filled_q = np.isin(
            rooms, np.concatenate([system.routes[k].room_r for k in self.routes])
        )
        self.price_from = N + layout.rents
        self.price_at = self.price_from + good * N + np.arange(N)
        self.spending_at = self.price_at + J * N
        self.unknown_at = np.concatenate([N + rents, self.price_from + 2 * J * N + rooms])
        self.carried, self.landed = (p.of_good(good) for p in (system.carried, system.landed))
        self._inverse: Single | None = None

    def settle(self, x: Array, tolerance: Array) -> Array:
        """Unknowns with this market at rest; those of a row where that fails stay as they were.

        Args:
            x: unknowns, (B, U).
            tolerance: largest gap of a rent or a crowding, in logs, (B,).
        """
        cost = self._other_cost(x)
        at = np.ascontiguousarray(x[:, self.price_at].T), x[:, self.spending_at].T
        u = x[:, self.unknown_at].T
        state = self._state(u, cost, *at)
        gap, before = np.abs(state.gap_ub).max(axis=0), np.inf
        for _ in range(_MOST_STEPS):
            if not (gap > tolerance).any():
                break
            if self._inverse is None or not gap.max() < _SLOW * before:
                self._inverse = np.linalg.inv(self._derivative(state))
            u = u + self._step(self._inverse, state)
            state = self._state(u, cost, *at)
            gap, before = np.abs(state.gap_ub).max(axis=0), gap.max()
        done = (gap <= tolerance)[:, None]
        out = x.copy()
        for where, value in (
            (self.unknown_at, u),
            (self.price_at, state.log_price_nb),
            (self.spending_at, state.log_spending_nb),
        ):
            out[:, where] = np.where(done, value.T, x[:, where])
        return out

    def _other_cost(self, x: Array) -> Array:
        """The part of unit costs that rents have no part in, as in `kernels.unit_costs`, (N, B)."""
        eco, p = self.system.economy, self.power
        J, N = eco.shape
        price = x[:, self.price_from : self.price_from + J * N].reshape(len(x), J, N)
        wage = x[:, :N]
        if p:
            price, wage = np.expm1(p * price), np.expm1(p * wage)
        cost = np.einsum("bkn,nk->bn", price, eco.input_share_nkj[:, :, self.good])
        cost += eco.labour_share_nj[:, self.good] * wage
        return np.ascontiguousarray(cost.T)

    def _state(self, u: Array, cost: Array, log_price: Array, log_spending: Array) -> _State:
        """One pass through costs, prices, spending and sales; see `kernels.evaluate`.

        Spending moves along its slope from where it is at `log_price`.
        """
        system, p, theta, K = self.system, self.power, self.theta, len(self.mine_k)
        rent, log_crowding = u[:K], u[K:]
        total = cost.copy()
        total[self.mine_k] += self.fixed_share_k * (np.expm1(p * rent) if p else rent)
        log_cost = np.log1p(np.maximum(total, -1 + 1e-15)) / p if p else total
        log_cost = log_cost - system.log_productivity_njb[:, self.good]
        pull = np.exp(-theta * log_cost)
        flows = [route_flow(system, k, log_crowding) for k in self.routes]

        access = self.carried.to_markets(pull[None])[0]
        for f in flows:
            access[f.routes.market_m] += f.carried * pull[f.routes.origin]
        access = np.maximum(access, _TINY)
        new_price = np.log(access) / -theta
        spending = log_spending + self.slope_n[:, None] * (new_price - log_price)
        bid = np.exp(spending) * system.economy.spending_jn[self.good][:, None] / access
        sold = self.landed.to_origins(bid[None])[0]
        shipped, nets = np.zeros_like(log_crowding), []
        for f in flows:
            r = f.routes
            net = f.carried * bid[r.market_m]
            net /= (1 + f.tariff) * (1 + f.choice.fee_mb) * (1 + f.export_tax)
            sold[r.origin] += net.sum(axis=0)
            nets.append(net)
            add_flow(r, f.choice.share_mrb, net * pull[r.origin] ** (1 + 1 / theta), shipped)

        sales = np.maximum((sold * pull)[self.mine_k], _TINY)
        fixed = np.broadcast_to(self.fixed_share_k, sales.shape)
        if p:
            fixed = fixed * np.exp(p * rent) / (1 + total[self.mine_k])
        gap_rent = np.log(fixed * sales / self.fixed_supply_kb) - rent
        gap_crowding = crowding(system.rooms, shipped) - log_crowding
        # The ways of other goods stay as they are.
        gap_crowding[~self.filled_q] = 0.0
        gap = np.concatenate([gap_rent, gap_crowding])
        return _State(
            gap, new_price, spending, fixed, pull, access, bid, sold, flows, nets, shipped
        )

    def _step(self, inverse: Single, state: _State) -> Array:
        step = -(inverse @ state.gap_ub.T[:, :, None])[:, :, 0].T
        size = np.maximum(np.abs(step).max(axis=0), _TINY)
        return np.asarray(step * np.minimum(1.0, _LARGEST_STEP / size))

    def _derivative(self, s: _State) -> Single:
        """Of the gaps by the unknowns, (B, U, U); what fees change is left out."""
        U, B = s.gap_ub.shape
        K, theta = len(self.mine_k), self.theta
        bid, sold = self._bids(s), self._sold(s)
        out = np.zeros((B, U, U), dtype=np.float32)
        out[:, :K] = sold.transpose(0, 2, 1) @ bid
        k, q = np.arange(K), np.arange(K, U)
        out[:, k, k] -= (theta + self.power) * s.fixed_kb.T + (1 - self.power)
        steep = steepness(self.system.rooms, s.shipped_qb).T
        for f, net in zip(s.flows, s.nets, strict=True):
            r, share = f.routes, f.choice.share_mrb.transpose(2, 0, 1)
            gate = (net * s.pull_nb[r.origin] ** (1 + 1 / theta)).T
            own = self.place.get(r.origin)
            for way, room in _limited(r):
                weight = gate * share[:, :, way] / np.maximum(s.shipped_qb[room], _TINY)[:, None]
                row = (weight.astype(np.float32)[:, None] @ bid[:, r.market_m])[:, 0]
                row[:, K + room] -= r.elasticity * weight.sum(axis=1)
                for other, place in _limited(r):
                    both = (weight * share[:, :, other]).sum(axis=1)
                    row[:, K + place] += (r.elasticity - theta) * both
                if own is not None:
                    row[:, own] -= (theta + 1) * s.fixed_kb[own] * weight.sum(axis=1)
                    moved = sold[:, r.market_m, own] * share[:, :, way]
                    out[:, own, K + room] -= theta * moved.sum(axis=1)
                out[:, K + room] += steep[:, [room]] * row
        out[:, q, q] -= 1
        return out

    def _bids(self, s: _State) -> Single:
        """Of the logs of bids, which are X' over P̂ to the power −θ, by the unknowns, (B, N, U)."""
        U, B = s.gap_ub.shape
        K, N = len(self.mine_k), len(self.slope_n)
        out = np.zeros((B, N, U), dtype=np.float32)
        # First of log prices: by how much each producer's and each way's cost counts in them.
        out[:, :, :K] = self._dense[0] / s.access_nb.T[:, :, None]
        out[:, :, :K] *= (s.pull_nb[self.mine_k] * s.fixed_kb).T[:, None]
        for f in s.flows:
            r = f.routes
            part = (f.carried * s.pull_nb[r.origin] / s.access_nb[r.market_m]).T
            own = self.place.get(r.origin)
            if own is not None:
                out[:, r.market_m, own] = part * s.fixed_kb[own][:, None]
            for way, room in _limited(r):
                out[:, r.market_m, K + room] += part * f.choice.share_mrb[:, way].T
        out *= (self.slope_n + self.theta).astype(np.float32)[:, None]
        return out

    def _sold(self, s: _State) -> Single:
        """What part of its sales each producer with a rent makes in each market, (B, N, K)."""
        sold = np.maximum(s.sold_nb, _TINY)
        out: Single = (self._dense[1] * s.bid_nb.T[:, :, None]).astype(np.float32)
        out /= sold[self.mine_k].T[:, None]
        for f, net in zip(s.flows, s.nets, strict=True):
            own = self.place.get(f.routes.origin)
            if own is not None:
                out[:, f.routes.market_m, own] = (net / sold[f.routes.origin]).T
        return out

    @cached_property
    def _dense(self) -> tuple[Single, Single]:
        """What is paid and landed, from producers with a rent, (B, N, K)."""
        return _columns(self.carried, self.mine_k), _columns(self.landed, self.mine_k)


def _columns(product: Product, origin_k: Index) -> Single:
    """The matrices of a single good at some origins, (B, N, K)."""
    N = product.shared_jni.shape[1]
    out = np.repeat(product.shared_jni[:, :, origin_k].astype(np.float32), product.shocks, axis=0)
    column = np.full(N, -1)
    column[origin_k] = np.arange(len(origin_k))
    n, i = np.divmod(product.cell, N)
    here = column[i] >= 0
    out[product.shock[here], n[here], column[i[here]]] += product.added[here]
    return out


def _limited(routes: Routes) -> list[tuple[int, int]]:
    """Ways with a capacity and which room each fills."""
    return [(way, int(q)) for way, q in enumerate(routes.room_r) if q >= 0]


def _slope_of_demand(economy: Economy, good: int) -> Array:
    """Elasticity of spending on a good to its price by the uses of the base year, (N,)."""
    used = economy.input_share_nkj[:, good] * economy.sales_jn.T
    spending = economy.spending_jn[good]
    final = spending - used.sum(axis=1)
    slope = used @ (1 - economy.input_substitution_j) + final * (1 - economy.final_substitution_n)
    return np.asarray(np.divide(slope, spending, out=np.zeros_like(slope), where=spending > 0))
