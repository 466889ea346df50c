"""Routes as arrays: which flows choose among them, and how much room they have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente._types import Array, Index, Mask


@dataclass(frozen=True, eq=False)
class RouteGroup:
    """Routes that flows of one good from one origin can take, for one or many shocks.

    Attributes:
        good: position of the good.
        origin: position of the origin.
        market_m: positions of the markets, M of them.
        route_r: names of the routes, R of them.
        share_r: base shares, summing to 1; the same in every market, as costs and fees are.
        cost_rb: change of delivered cost of each route, inf where it is closed.
        fee_r: net income of the transit country per unit of value at the origin's border.
        transit_r: position of the country that earns it, −1 for none.
        elasticity: ρ, of substitution among routes.
        room_r: which of the `Rooms` each route fills, −1 for none.
    """

    good: int
    origin: int
    market_m: Index
    route_r: tuple[str, ...]
    share_r: Array
    cost_rb: Array
    fee_r: Array
    transit_r: Index
    elasticity: float
    room_r: Index

    @property
    def open_b(self) -> Mask:
        """Whether any route can be taken."""
        return np.asarray((np.isfinite(self.cost_rb) & (self.share_r[:, None] > 0)).any(axis=0))

    def flat(self, countries: int) -> Index:
        """Flat positions of the flows in (J, N, N)."""
        return (self.good * countries + self.market_m) * countries + self.origin

    def partly(self, part: float) -> RouteGroup:
        """The costs at `part` in [0, 1] of the way from the base year to these."""
        with np.errstate(divide="ignore"):
            weight = 1 + part * (self.cost_rb**-self.elasticity - 1)
            cost = np.where(weight > 0, weight ** (-1 / self.elasticity), np.inf)
        return replace(self, cost_rb=cost)

    def same_routes(self, other: RouteGroup) -> bool:
        """Whether the other differs in nothing but the costs of the routes."""
        return self is other or self._terms == other._terms

    @cached_property
    def _terms(self) -> tuple[object, ...]:
        arrays = (self.market_m, self.share_r, self.fee_r, self.transit_r, self.room_r)
        labels = (self.good, self.origin, self.route_r, self.elasticity)
        return *labels, *(a.tobytes() for a in arrays)


@dataclass(frozen=True, eq=False)
class Network:
    """Groups of routes side by side, so that one operation serves them all.

    G is the number of groups, M that of their flows and W that of their routes, group by group.

    Attributes:
        routes: the groups.
    """

    route_groups: tuple[RouteGroup, ...]

    def __bool__(self) -> bool:
        return bool(self.route_groups)

    @cached_property
    def good_g(self) -> Index:
        """Position of each group's good."""
        return np.array([r.good for r in self.route_groups], dtype=np.intp)

    @cached_property
    def origin_g(self) -> Index:
        """Position of each group's origin."""
        return np.array([r.origin for r in self.route_groups], dtype=np.intp)

    @cached_property
    def elasticity_g(self) -> Array:
        """ρ of each group."""
        return np.array([r.elasticity for r in self.route_groups])

    @cached_property
    def flows(self) -> tuple[slice, ...]:
        """Where each group's flows lie among all."""
        return _slices([len(r.market_m) for r in self.route_groups])

    @cached_property
    def routes(self) -> tuple[slice, ...]:
        """Where each group's routes lie among all."""
        return _slices([len(r.route_r) for r in self.route_groups])

    @cached_property
    def group_m(self) -> Index:
        """The group of each flow."""
        return np.repeat(
            np.arange(len(self.route_groups)), [len(r.market_m) for r in self.route_groups]
        )

    @cached_property
    def group_w(self) -> Index:
        """The group of each route."""
        return np.repeat(
            np.arange(len(self.route_groups)), [len(r.route_r) for r in self.route_groups]
        )

    @cached_property
    def market_m(self) -> Index:
        """Position of each flow's market."""
        return np.concatenate([r.market_m for r in self.route_groups])

    @cached_property
    def to_market(self) -> tuple[Index, Index]:
        """Positions (good, market) of each flow."""
        return self.good_g[self.group_m], self.market_m

    @cached_property
    def from_origin(self) -> tuple[Index, Index]:
        """Positions (good, origin) of each flow."""
        return self.good_g[self.group_m], self.origin_g[self.group_m]

    @cached_property
    def share_w(self) -> Array:
        """Base share of each route."""
        return np.concatenate([r.share_r for r in self.route_groups])

    @cached_property
    def fee_w(self) -> Array:
        """Fee on each route."""
        return np.concatenate([r.fee_r for r in self.route_groups])

    @cached_property
    def room_w(self) -> Index:
        """Which room each route fills, −1 for none."""
        return np.concatenate([r.room_r for r in self.route_groups])

    @cached_property
    def transit_w(self) -> Index:
        """Which country earns the fee on each route, −1 for none."""
        return np.concatenate([r.transit_r for r in self.route_groups])

    @cached_property
    def limited(self) -> Index:
        """Which of the routes have a capacity."""
        return np.nonzero(self.room_w >= 0)[0]

    @cached_property
    def earning(self) -> Index:
        """Which of the routes earn a country a fee."""
        return np.nonzero((self.transit_w >= 0) & (self.fee_w != 0))[0]

    @cached_property
    def weight_wb(self) -> Array:
        """Base share times cost to the power −ρ, by which routes are chosen but for crowding."""
        cost = np.concatenate([r.cost_rb for r in self.route_groups])
        weight: Array = self.share_w[:, None] * cost ** -self.elasticity_g[self.group_w, None]
        return weight

    def of_flows(self, value_mb: Array) -> Array:
        """Sums over the flows of each group, (G, B)."""
        return np.asarray(np.add.reduceat(value_mb, [s.start for s in self.flows], axis=0))

    def of_routes(self, value_wb: Array) -> Array:
        """Sums over the routes of each group, (G, B)."""
        return np.asarray(np.add.reduceat(value_wb, [s.start for s in self.routes], axis=0))

    def some(self, rows: Index) -> Network:
        """The network under some of the shocks."""
        return Network(tuple(replace(r, cost_rb=r.cost_rb[:, rows]) for r in self.route_groups))


def _slices(lengths: list[int]) -> tuple[slice, ...]:
    ends = np.cumsum(lengths).tolist()
    return tuple(slice(end - size, end) for end, size in zip(ends, lengths, strict=True))


@dataclass(frozen=True, eq=False)
class Rooms:
    """Capacities: a route of one good from one origin has one, whatever the market.

    The cost of a route is multiplied by 1 + level (flow/capacity)^power, against the base flow.

    Attributes:
        capacity_qb: USD million a year at base prices, for one or many shocks.
        level_q: a.
        power_q: b.
        flow_q: the base year's flow, USD million.
    """

    capacity_qb: Array
    level_q: Array
    power_q: Array
    flow_q: Array

    def same_terms(self, other: Rooms) -> bool:
        """Whether the other differs in nothing but the capacities."""
        return self is other or self._terms == other._terms

    @cached_property
    def _terms(self) -> tuple[bytes, ...]:
        return tuple(a.tobytes() for a in (self.level_q, self.power_q, self.flow_q))


NO_ROOMS = Rooms(np.zeros((0, 1)), *(np.zeros(0) for _ in range(3)))
