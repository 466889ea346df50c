"""A base year under one or many shocks, with everything that the shocks fix computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.trade.differences import Wedges
from detente.trade.differences import carry as carry  # noqa: PLC0414
from detente.trade.economy import Array, Economy, SubstitutionGroup
from detente.trade.network import Index, Network, Rooms, Routes
from detente.trade.product import Product
from detente.trade.routes import base_fees
from detente.trade.stacking import Shared, products, share


@dataclass(frozen=True, eq=False)
class System:
    """A base year under B shocks, with every product precomputed.

    Attributes:
        economy: the base year.
        wedges: the shocks.
        carried: A = πφ, without the flows that have routes.
        landed: A/((1+t')(1+e')), what reaches the producer.
        tariff_share: A t'/(1+t'), or None where no tariff is left.
        export_tax_share: A e'/((1+t')(1+e')), or None.
        network: flows with routes.
        rooms: capacities of their ways.
        route_carry_mb: A of those flows at unchanged route costs.
        route_taxes: their tariff and export tax, (2, M, B).
        groups: producers by input substitution.
        fixed_at: (n, j) positions of fixed factors that have a buyer; without one, their rent is 0.
        log_productivity_njb: log Â.
        labour_supply_nb: L̂ L at base wages, USD million.
        fixed_supply_kb: V̂ F at `fixed_at`.
        added_transfer_nb: USD million.
        factor_income_c: factor income of the base by trading component, the numeraire.
        transfer_rule: `fixed`, `proportional` or `zero`.
        base_fee_n: R₀, what the base year's routes earn each transit country, USD million.
        component_n: which trading component a country belongs to. Prices in components that do
            not trade with each other have no common scale: each has its own numeraire.
    """

    economy: Economy
    wedges: tuple[Wedges, ...]
    carried: Product
    landed: Product
    tariff_share: Product | None
    export_tax_share: Product | None
    network: Network
    rooms: Rooms
    route_carry_mb: Array
    route_taxes: Array
    groups: tuple[SubstitutionGroup, ...]
    fixed_at: tuple[Index, Index]
    log_productivity_njb: Array
    labour_supply_nb: Array
    fixed_supply_kb: Array
    added_transfer_nb: Array
    factor_income_c: Array
    transfer_rule: str
    base_fee_n: Array
    component_n: Index

    @cached_property
    def waged_n(self) -> Array:
        """The part of each country's mobile factor that earns the wage: 1 − R₀/L₀."""
        labour = self.economy.labour_n
        part = np.divide(self.base_fee_n, labour, out=np.zeros_like(labour), where=labour > 0)
        return np.asarray(1 - part)

    @property
    def routes(self) -> tuple[Routes, ...]:
        """The groups of flows with routes."""
        return self.network.routes

    @property
    def has_fixed(self) -> bool:
        """Whether any factor is fixed and has a buyer."""
        return bool(self.fixed_at[0].shape[0])

    def some(self, rows: Index) -> System:
        """The same base year under some of the shocks."""
        if len(rows) == len(self.wedges):
            return self

        def left(product: Product | None) -> Product | None:
            return None if product is None else product.some(rows)

        return replace(
            self,
            wedges=tuple(self.wedges[b] for b in rows),
            carried=self.carried.some(rows),
            landed=self.landed.some(rows),
            tariff_share=left(self.tariff_share),
            export_tax_share=left(self.export_tax_share),
            network=self.network.some(rows),
            rooms=replace(self.rooms, capacity_qb=self.rooms.capacity_qb[:, rows]),
            route_carry_mb=self.route_carry_mb[:, rows],
            route_taxes=self.route_taxes[:, :, rows],
            log_productivity_njb=self.log_productivity_njb[:, :, rows],
            labour_supply_nb=self.labour_supply_nb[:, rows],
            fixed_supply_kb=self.fixed_supply_kb[:, rows],
            added_transfer_nb=self.added_transfer_nb[:, rows],
        )


def prepare(
    economy: Economy,
    wedges: Sequence[Wedges],
    *,
    transfer_rule: str = "fixed",
    component_n: Index | None = None,
    shared: Shared | None = None,
) -> System:
    """Precompute what the shocks fix.

    Args:
        economy: the base year.
        wedges: the shocks; they share the structure of their routes.
        transfer_rule: `fixed`, `proportional` or `zero`.
        component_n: trading components, the same under all shocks.
        shared: what these have in common with others, from `shared_by`; None to find out.
    """
    N = economy.shape[1]
    component: Index = np.zeros(N, dtype=np.intp) if component_n is None else component_n
    routes = _stacked_routes(wedges)
    network = Network(routes)
    flat = routes_at(routes, N)
    carry, *taxes = at_routes(wedges, flat)
    shared = share(economy, wedges, flat) if shared is None else shared
    at_n, at_j = shared.fixed_at
    carried, landed, tariff, export = products(economy, wedges, shared)
    base_income = economy.labour_n + economy.fixed_nj.sum(axis=1)
    capacity = np.stack([w.capacity_nj[at_n, at_j] for w in wedges], axis=1)
    return System(
        economy=economy,
        wedges=tuple(wedges),
        carried=carried,
        landed=landed,
        tariff_share=tariff,
        export_tax_share=export,
        network=network,
        rooms=replace(
            wedges[0].rooms,
            capacity_qb=np.concatenate([w.rooms.capacity_qb for w in wedges], axis=1),
        ),
        route_carry_mb=economy.share_jni.ravel()[flat][:, None] * carry,
        route_taxes=np.stack(taxes),
        groups=economy.groups,
        fixed_at=(at_n, at_j),
        log_productivity_njb=np.log(np.stack([w.productivity_nj for w in wedges], axis=2)),
        labour_supply_nb=np.stack([w.labour_n * economy.labour_n for w in wedges], axis=1),
        fixed_supply_kb=capacity * economy.fixed_nj[at_n, at_j][:, None],
        added_transfer_nb=np.stack([w.transfer_n for w in wedges], axis=1),
        factor_income_c=np.asarray(np.bincount(component, base_income), dtype=np.float64),
        transfer_rule=transfer_rule,
        base_fee_n=base_fees(economy, network),
        component_n=component,
    )


def shared_by(economy: Economy, wedges: Sequence[Wedges]) -> Shared:
    """What shocks with the same ways have in common, for `prepare` to take them in parts."""
    return share(economy, wedges, routes_at(wedges[0].routes, economy.shape[1]))


def routes_at(routes: Sequence[Routes], countries: int) -> Index:
    """Flat positions in (J, N, N) of the flows of all groups, (M,)."""
    return np.concatenate([np.zeros(0, dtype=np.intp), *(r.flat(countries) for r in routes)])


def at_routes(wedges: Sequence[Wedges], flat: Index) -> Array:
    """φ but for routes, t' and e' of flows at flat positions, (3, M, B)."""
    return np.stack([np.stack(w.at(flat)) for w in wedges], axis=2)


def _stacked_routes(wedges: Sequence[Wedges]) -> tuple[Routes, ...]:
    first = wedges[0].routes
    for w in wedges[1:]:
        same = len(w.routes) == len(first) and w.rooms.same_terms(wedges[0].rooms)
        if not same or not all(a.same_ways(b) for a, b in zip(first, w.routes, strict=True)):
            raise ValueError("Shocks that are solved together must share their routes.")
    return tuple(
        replace(r, cost_rb=np.concatenate([w.routes[k].cost_rb for w in wedges], axis=1))
        for k, r in enumerate(first)
    )
