"""The market of one good while everything outside of it is held: its state, slopes and solution.

`Market` gives the state and its slopes at given unknowns; `Markets` brings several to rest.

What a shock does to most unknowns is small and nearly linear, so that the response of the base year
serves as Newton's derivative for them. Not so in a good whose routes close or fill up:
the cost of a route rises steeply near its capacity, and rents of mines fall by half. Between two
evaluations of the whole system the market of such a good is therefore solved alone, by Newton's
method for the rents of its producers and the crowding of its routes; its prices and spending
follow. The outer iteration then meets a nearly linear system (Lanzkron, Rose & Wilkes 1996, SIAM
Journal on Scientific Computing 17(2)).

A solution of the whole system has its markets at rest, whatever slope of demand is assumed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from detente._types import Array, Index, Mask, Single
from detente.trade._economy import Economy
from detente.trade._evaluation import flows_on
from detente.trade._network import Network, RouteGroup
from detente.trade._solution import Layout
from detente.trade._system import Product, System
from detente.trade.routes import arrived_on, congestion, steepness

#: Derivatives need no more digits than this.
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class State:
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
        carried_mb: A of the flows that have routes.
        share_wb: new shares of their routes.
        net_mb: what they bring the producer, over its pull.
        quantity_mb: what arrives of those flows, at base prices.
        arrived_qb: of that on each route with a capacity.
        steep_qb: elasticity of its cost to that.
        rows_b: which of the shocks these are.
    """

    gap_ub: Array
    log_price_nb: Array
    log_spending_nb: Array
    fixed_kb: Array
    pull_nb: Array
    access_nb: Array
    bid_nb: Array
    sold_nb: Array
    carried_mb: Array
    share_wb: Array
    net_mb: Array
    quantity_mb: Array
    arrived_qb: Array
    steep_qb: Array
    rows_b: Index

    def some(self, rows: Index) -> State:
        """The state of the market under some of the shocks."""
        return State(**{f.name: getattr(self, f.name)[..., rows] for f in fields(self)})


class Market:
    """The market of one good under B shocks, of K producers with a rent and Q crowded routes.

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
        mine = system.network.good_g == good
        flows = mine[system.network.group_m]
        self.network = Network(tuple(r for r in system.route_groups if r.good == good))
        self.carry_mb, self.taxes = system.route_carry_mb[flows], system.route_taxes[:, flows]
        rooms = np.arange(layout.crowded)
        self.filled_q = np.isin(rooms, self.network.room_w)
        self.price_from = N + layout.rents
        self.price_at = self.price_from + good * N + np.arange(N)
        self.spending_at = self.price_at + J * N
        self.unknown_at = np.concatenate([N + rents, self.price_from + 2 * J * N + rooms])
        self.scale_at = np.zeros(0, dtype=np.intp)
        self.scale, self.kept = 0.0, 1.0
        if eco.scale_elasticity_j is not None:
            self.scale = float(eco.scale_elasticity_j[good])
            self.scale_at = layout.size - layout.scaled + good * N + np.arange(N)
        if eco.profit_share_j is not None:
            self.kept = 1 - float(eco.profit_share_j[good])
        self.carried, self.landed = (p.of_good(good) for p in (system.carried, system.landed))

    def other_cost(self, x: Array) -> Array:
        """The part of unit costs without rents, as in `_evaluation.unit_costs`, (N, B)."""
        eco, p = self.system.economy, self.power
        J, N = eco.shape
        price = x[:, self.price_from : self.price_from + J * N].reshape(len(x), J, N)
        wage = x[:, :N]
        if p:
            price, wage = np.expm1(p * price), np.expm1(p * wage)
        cost = np.einsum("bkn,nk->bn", price, eco.input_share_nkj[:, :, self.good])
        cost += eco.labour_share_nj[:, self.good] * wage
        return np.ascontiguousarray(cost.T)

    def productivity(self, x: Array) -> Array:
        """log Â with what the size of producers adds, (N, B)."""
        own = self.system.log_productivity_njb[:, self.good]
        return own if not self.scale else own + self.scale * x[:, self.scale_at].T

    def state(
        self, u: Array, cost: Array, log_price: Array, log_spending: Array, log_productivity: Array
    ) -> State:
        """One pass through costs, prices, spending and sales; see `_evaluation.evaluate`.

        Spending moves along its slope from where it is at `log_price`.
        """
        system, p, theta, K = self.system, self.power, self.theta, len(self.mine_k)
        rent, log_crowding = u[:K], u[K:]
        total = cost.copy()
        total[self.mine_k] += self.fixed_share_k * (np.expm1(p * rent) if p else rent)
        log_cost = np.log1p(np.maximum(total, -1 + 1e-15)) / p if p else total
        log_cost = log_cost - log_productivity
        pull = np.exp(-theta * log_cost)
        net, theta_j = self.network, system.economy.trade_elasticity_j
        flows = flows_on(net, self.carry_mb, self.taxes, theta_j, log_crowding)
        gate = pull[net.from_origin[1]]

        access = self.carried.to_markets(pull[None])[0]
        np.add.at(access, net.market_m, flows.carried * gate)
        access = np.maximum(access, _TINY)
        new_price = np.log(access) / -theta
        spending = log_spending + self.slope_n[:, None] * (new_price - log_price)
        bid = np.exp(spending) * system.economy.spending_jn[self.good][:, None] / access
        sold = self.landed.to_origins(bid[None])[0]
        landed = flows.carried * bid[net.market_m]
        landed /= (1 + flows.tariff) * (1 + flows.fee) * (1 + flows.export_tax)
        np.add.at(sold, net.origin_g, net.of_flows(landed))
        share, quantity = flows.choices.share_wb, landed * gate ** (1 + 1 / theta) * flows.arriving
        arrived = arrived_on(net, share, quantity, len(log_crowding))

        sales = np.maximum(self.kept * (sold * pull)[self.mine_k], _TINY)
        fixed = np.broadcast_to(self.fixed_share_k, sales.shape)
        if p:
            fixed = fixed * np.exp(p * rent) / (1 + total[self.mine_k])
        gap_rent = np.log(fixed * sales / self.fixed_supply_kb) - rent
        gap_crowding = congestion(system.rooms, arrived) - log_crowding
        # The routes of other goods stay as they are.
        gap_crowding[~self.filled_q] = 0.0
        return State(
            gap_ub=np.concatenate([gap_rent, gap_crowding]),
            log_price_nb=new_price,
            log_spending_nb=spending,
            fixed_kb=fixed,
            pull_nb=pull,
            access_nb=access,
            bid_nb=bid,
            sold_nb=sold,
            carried_mb=flows.carried,
            share_wb=share,
            net_mb=landed,
            quantity_mb=quantity,
            arrived_qb=arrived,
            steep_qb=steepness(system.rooms, arrived),
            rows_b=np.arange(u.shape[1]),
        )

    def derivative(self, s: State) -> Single:
        """The derivative of the gaps by the unknowns, (B, U, U); what fees change is left out."""
        U, B = s.gap_ub.shape
        K, theta = len(self.mine_k), self.theta
        bid, sold = self._bids(s), self._sold(s)
        out = np.zeros((B, U, U), dtype=np.float32)
        out[:, :K] = sold.transpose(0, 2, 1) @ bid
        k, q = np.arange(K), np.arange(K, U)
        out[:, k, k] -= (theta + self.power) * s.fixed_kb.T + (1 - self.power)
        steep = s.steep_qb.T
        for r, at, routes in self._groups:
            share = s.share_wb[routes].T
            gate = s.quantity_mb[at].T
            own = self.place.get(r.origin)
            for route, room in _limited(r):
                weight = gate * share[:, [route]] / np.maximum(s.arrived_qb[room], _TINY)[:, None]
                row = (weight.astype(np.float32)[:, None] @ bid[:, r.market_m])[:, 0]
                row[:, K + room] -= r.elasticity * weight.sum(axis=1)
                for other, place in _limited(r):
                    both = (weight * share[:, [other]]).sum(axis=1)
                    row[:, K + place] += (r.elasticity - theta - 1) * both
                if own is not None:
                    row[:, own] -= (theta + 1) * s.fixed_kb[own] * weight.sum(axis=1)
                    moved = sold[:, r.market_m, own] * share[:, [route]]
                    out[:, own, K + room] -= theta * moved.sum(axis=1)
                out[:, K + room] += steep[:, [room]] * row
        out[:, q, q] -= 1
        return out

    def _bids(self, s: State) -> Single:
        """The derivative of log bids, X' over P̂ to the power −θ, by the unknowns, (B, N, U)."""
        U, B = s.gap_ub.shape
        K, N = len(self.mine_k), len(self.slope_n)
        out = np.zeros((B, N, U), dtype=np.float32)
        # First of log prices: by how much each producer's and each route's cost counts in them.
        out[:, :, :K] = self._dense[0][s.rows_b] / s.access_nb.T[:, :, None]
        out[:, :, :K] *= (s.pull_nb[self.mine_k] * s.fixed_kb).T[:, None]
        for r, at, routes in self._groups:
            part = (s.carried_mb[at] * s.pull_nb[r.origin] / s.access_nb[r.market_m]).T
            own = self.place.get(r.origin)
            if own is not None:
                out[:, r.market_m, own] = part * s.fixed_kb[own][:, None]
            for route, room in _limited(r):
                out[:, r.market_m, K + room] += part * s.share_wb[routes][route][:, None]
        out *= (self.slope_n + self.theta).astype(np.float32)[:, None]
        return out

    def _sold(self, s: State) -> Single:
        """What part of its sales each producer with a rent makes in each market, (B, N, K)."""
        sold = np.maximum(s.sold_nb, _TINY)
        out: Single = (self._dense[1][s.rows_b] * s.bid_nb.T[:, :, None]).astype(np.float32)
        out /= sold[self.mine_k].T[:, None]
        for r, at, _ in self._groups:
            own = self.place.get(r.origin)
            if own is not None:
                out[:, r.market_m, own] = (s.net_mb[at] / sold[r.origin]).T
        return out

    @property
    def _groups(self) -> Iterator[tuple[RouteGroup, slice, slice]]:
        """The groups of routes, and where their flows and routes lie."""
        return zip(self.network.route_groups, self.network.flows, self.network.routes, strict=True)

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


def _limited(group: RouteGroup) -> list[tuple[int, int]]:
    """Routes with a capacity and which room each fills."""
    return [(route, int(q)) for route, q in enumerate(group.room_r) if q >= 0]


def _slope_of_demand(economy: Economy, good: int) -> Array:
    """Elasticity of spending on a good to its price by the uses of the base year, (N,)."""
    used = economy.input_share_nkj[:, good] * economy.sales_jn.T
    spending = economy.spending_jn[good]
    final = spending - used.sum(axis=1)
    slope = used @ (1 - economy.input_substitution_j) + final * (1 - economy.final_substitution_n)
    return np.asarray(np.divide(slope, spending, out=np.zeros_like(slope), where=spending > 0))


_LARGEST_STEP = 1.0
_MOST_STEPS = 12
#: Gaps that are left, first and as parts of the residual of the whole system.
_LOOSEST, _CLOSER = 1e-2, 3e-2
#: A step that leaves more than this part of the gap asks for a new derivative.
_SLOW = 0.1


class Markets:
    """Settles the goods that are carried on routes with a capacity, to be passed to `anderson`.

    Args:
        system: the base year under the shocks.
        layout: of the unknowns.
    """

    def __init__(self, system: System, layout: Layout) -> None:
        self.goods = sorted({r.good for r in system.route_groups if (r.room_r >= 0).any()})
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
                _MarketClearing(Market(system, self._layout, g), one.inverse[at], one.fresh[at])
                for g, one in zip(self.goods, self._settling, strict=True)
            ]
            self._rows = rows
        tolerance = np.minimum(_LOOSEST, _CLOSER * residual)
        for one in self._settling:
            x = one.settle(x, tolerance)
        return x


@dataclass(frozen=True, eq=False)
class _MarketClearing:
    """Newton's method for one market; derivatives serve as long as their steps go far enough.

    Attributes:
        market: to be settled.
        inverse: inverse derivatives of its gaps, (B, U, U).
        fresh: which of them were taken, (B,).
    """

    market: Market
    inverse: Single
    fresh: Mask

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
            market.productivity(x),
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


def _begun(market: Market) -> _MarketClearing:
    B, U = len(market.system.wedges), len(market.unknown_at)
    return _MarketClearing(market, np.zeros((B, U, U), dtype=np.float32), np.zeros(B, dtype=bool))
