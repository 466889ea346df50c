"""Transport routes inside trade costs: which route a flow takes, what it costs, who earns the fee.

Fees of the base year are part of the exporter's cost, where its bills pay for them, and of the
transit country's income from its mobile factor. What earned them there does nothing else: of the
base year's income L₀ the part R₀ = V₀ s₀ fee belongs to it, V being the value at the origin's
border. After a shock it earns V′ s′ fee, and the rest of the factor, L₀ − R₀, earns the wage:

    ŵ (L₀ − R₀) = what producers pay − V′ s₀ fee
    I = ŵ (L₀ − R₀) + V′ s′ fee + …,    ΔR = V′ s′ fee − V₀ s₀ fee

V′ s₀ fee is inside what exporters pay for inputs; V′ (s′ − s₀) fee is a wedge on the flow that its
buyers pay. So money adds up: incomes are bills, wedges and taxes. Where a flow disappears, the
exporter saves the fee with its other costs and the transit country loses it, and so does the world,
as a fee is what is paid above what the service uses up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente._types import Array
from detente.trade._economy import Economy
from detente.trade._network import Network, Rooms
from detente.trade._wedges import Wedges, carry


@dataclass(frozen=True, eq=False)
class Choice:
    """How the flows of one group choose among its routes.

    Attributes:
        cost_b: d̂, change of delivered cost; inf where every route is closed.
        share_rb: new shares of the routes; 0 where all are closed.
        fee_b: fees beyond those of the base year, as a share of the value at the origin's border.
    """

    cost_b: Array
    share_rb: Array
    fee_b: Array

    @property
    def arriving_b(self) -> Array:
        """The part of what is shipped that arrives; what is a fee does not melt."""
        return _arriving(self.cost_b, self.fee_b)


@dataclass(frozen=True, eq=False)
class Choices:
    """How the flows of all groups choose, group by group.

    Attributes:
        network: the groups.
        cost_gb: d̂ of each group; inf where every route is closed.
        share_wb: new shares of the routes; 0 where all are closed.
        fee_gb: fees beyond those of the base year, as a share of the value at the origin's border.
    """

    network: Network
    cost_gb: Array
    share_wb: Array
    fee_gb: Array

    @property
    def arriving_gb(self) -> Array:
        """The part of what is shipped that arrives; what is a fee does not melt."""
        return _arriving(self.cost_gb, self.fee_gb)

    @property
    def groups(self) -> tuple[Choice, ...]:
        """Each group's own."""
        return tuple(
            Choice(self.cost_gb[k], self.share_wb[routes], self.fee_gb[k])
            for k, routes in enumerate(self.network.routes)
        )


def _arriving(cost: Array, fee: Array) -> Array:
    """Delivered cost is what melts and the fee: d̂ = (1 + fee) × melt."""
    return np.asarray((1 + fee) / cost)


def choose(network: Network, log_crowding_qb: Array) -> Choices:
    """Choose among routes: d̂ = (Σ s ĉ^(−ρ))^(−1/ρ), new shares s ĉ^(−ρ)/Σ.

    Args:
        network: base shares, cost changes and fees, of one group at least.
        log_crowding_qb: log of the congestion cost of each room against the base year.
    """
    net = network
    weight = net.weight_wb
    if len(net.limited):
        limited = net.limited
        rho = net.elasticity_g[net.group_w[limited], None]
        weight = weight.copy()
        weight[limited] *= np.exp(-rho * log_crowding_qb[net.room_w[limited]])
    total = net.of_routes(weight)
    power = -1 / net.elasticity_g[:, None]
    if total.min() > 0:
        share = weight / total[net.group_w]
        moved = share - net.share_w[:, None]
        return Choices(net, total**power, share, net.of_routes(moved * net.fee_w[:, None]))
    is_open = (total > 0)[net.group_w]
    share = np.divide(weight, total[net.group_w], out=np.zeros_like(weight), where=is_open)
    moved = np.where(is_open, share - net.share_w[:, None], 0.0)
    with np.errstate(divide="ignore"):
        cost = total**power
    return Choices(net, cost, share, net.of_routes(moved * net.fee_w[:, None]))


def congestion(rooms: Rooms, flow_qb: Array) -> Array:
    """Log of the congestion cost at a flow against that at the base flow, (Q, B)."""
    level, power = rooms.level_q[:, None], rooms.power_q[:, None]
    full = (flow_qb / rooms.capacity_qb) ** power
    full0 = (rooms.flow_q[:, None] / rooms.capacity_qb) ** power
    return np.asarray(np.log1p(level * full) - np.log1p(level * full0))


def relaxed(rooms: Rooms, log_crowding_qb: Array, flow_qb: Array, falls: float) -> Array:
    """The next log crowding: a Newton step on 'crowding = crowding(flow)' for falling demand.

    A convex cost near capacity overshoots under plain iteration; the step is divided by one plus
    the product of the cost's slope and `falls`, the elasticity of the flow to its cost.
    """
    target = congestion(rooms, flow_qb)
    steep = steepness(rooms, flow_qb)
    return np.asarray(log_crowding_qb + (target - log_crowding_qb) / (1 + steep * falls))


def steepness(rooms: Rooms, flow_qb: Array) -> Array:
    """Elasticity of the congestion cost to the flow, (Q, B)."""
    full = rooms.level_q[:, None] * (flow_qb / rooms.capacity_qb) ** rooms.power_q[:, None]
    return np.asarray(rooms.power_q[:, None] * full / (1 + full))


def arrived_on(network: Network, share_wb: Array, arrived_mb: Array, rooms: int) -> Array:
    """What is on each route with a capacity, (Q, B), from the quantity of each flow."""
    out = np.zeros((rooms, arrived_mb.shape[1]))
    some = network.limited
    if len(some):
        quantity = network.of_flows(arrived_mb)[network.group_w[some]]
        np.add.at(out, network.room_w[some], quantity * share_wb[some])
    return out


def base_fees(economy: Economy, network: Network) -> Array:
    """R₀, fee income of each country in the base year, (N,), USD million."""
    N = economy.shape[1]
    if not network:
        return np.zeros(N)
    value = base_values(economy, network)
    return fees(network, network.share_w[:, None], value[:, None], N)[:, 0]


def base_values(economy: Economy, network: Network) -> Array:
    """V₀, the value of each flow at the origin's border in the base year, (M,), USD million."""
    good, market = network.to_market
    flow = (good, market, network.from_origin[1])
    paid = economy.share_jni[flow] * economy.spending_jn[good, market]
    return np.asarray(paid / (1 + economy.tariff_jni[flow]))


def fees(network: Network, share_wb: Array, value_mb: Array, countries: int) -> Array:
    """Fee income of each country at these shares of the routes, (N, B), USD million.

    Args:
        network: fees and which country earns them.
        share_wb: shares of the routes, (W, B) or (W, 1), or differences of shares for differences
            of income.
        value_mb: value of each flow at the origin's border without fees, USD million.
        countries: N.
    """
    out = np.zeros((countries, value_mb.shape[1]))
    some = network.earning
    if len(some):
        value = network.of_flows(value_mb)[network.group_w[some]]
        earned = value * share_wb[some] * network.fee_w[some, None]
        np.add.at(out, network.transit_w[some], earned)
    return out


@dataclass(frozen=True, eq=False)
class Carriage:
    """What one shock does to every flow once its routes are chosen, (J, N, N) each.

    Attributes:
        carry_jni: φ with the routes' part.
        melt_jni: the part of φ that is delivered cost: d̂ to the power −θ.
        fee_jni: fees beyond the base year's, as a share of the value at the origin's border.
    """

    carry_jni: Array
    melt_jni: Array
    fee_jni: Array


def carriage(economy: Economy, wedges: Wedges, choices: tuple[Choice, ...]) -> Carriage:
    """Put the routes' costs and fees in their cells; the choices are those of one shock."""
    phi = carry(economy, wedges)
    if not wedges.route_groups:
        return Carriage(phi, wedges.melt_jni, np.zeros_like(phi))
    phi, melt, fee = phi.copy(), wedges.melt_jni.copy(), np.zeros_like(phi)
    for r, choice in zip(wedges.route_groups, choices, strict=True):
        cell = (r.good, r.market_m, r.origin)
        part = choice.cost_b[0] ** -economy.trade_elasticity_j[r.good]
        phi[cell] *= part
        melt[cell] *= part
        fee[cell] = choice.fee_b[0]
    return Carriage(phi, melt, fee)


def uncongested(wedges: Wedges) -> tuple[Choice, ...]:
    """The choices of one shock before any congestion."""
    if not wedges.route_groups:
        return ()
    return choose(Network(wedges.route_groups), np.zeros((len(wedges.rooms.level_q), 1))).groups
