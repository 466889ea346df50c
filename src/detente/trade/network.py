"""Ways of transport as arrays: which flows choose among them, and how much room they have."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.trade.economy import Array

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Routes:
    """Ways that flows of one good from one origin can take, for one or many shocks.

    Attributes:
        good: position of the good.
        origin: position of the origin.
        market_m: positions of the markets, M of them.
        way_r: names of the ways, R of them.
        share_mr: base shares, summing to 1 over r.
        cost_mrb: change of delivered cost of each way, inf where it is closed.
        fee_mr: net income of the transit country per unit of value at the origin's border.
        transit_r: position of the country that earns it, −1 for none.
        elasticity: ρ, of substitution among ways.
        room_r: which of the `Rooms` each way fills, −1 for none.
    """

    good: int
    origin: int
    market_m: Index
    way_r: tuple[str, ...]
    share_mr: Array
    cost_mrb: Array
    fee_mr: Array
    transit_r: Index
    elasticity: float
    room_r: Index

    def flat(self, countries: int) -> Index:
        """Flat positions of the flows in (J, N, N)."""
        return (self.good * countries + self.market_m) * countries + self.origin

    def partly(self, part: float) -> Routes:
        """The costs at `part` in [0, 1] of the way from the base year to these."""
        with np.errstate(divide="ignore"):
            weight = 1 + part * (self.cost_mrb**-self.elasticity - 1)
            cost = np.where(weight > 0, weight ** (-1 / self.elasticity), np.inf)
        return replace(self, cost_mrb=cost)

    def same_ways(self, other: Routes) -> bool:
        """Whether the other differs in nothing but the costs of the ways."""
        if self is other:
            return True
        same = (self.good, self.origin, self.way_r, self.elasticity)
        return same == (other.good, other.origin, other.way_r, other.elasticity) and all(
            np.array_equal(getattr(self, k), getattr(other, k))
            for k in ("market_m", "share_mr", "fee_mr", "transit_r", "room_r")
        )


@dataclass(frozen=True, eq=False)
class Rooms:
    """Capacities: a way of one good from one origin has one, whatever the market.

    The cost of a way is multiplied by 1 + level (flow/capacity)^power, against the base flow.

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
        return all(
            np.array_equal(getattr(self, k), getattr(other, k))
            for k in ("level_q", "power_q", "flow_q")
        )


NO_ROOMS = Rooms(np.zeros((0, 1)), *(np.zeros(0) for _ in range(3)))
