"""A base year under one or many shocks, with everything that the shocks fix computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.trade.economy import Array, Economy
from detente.trade.network import NO_ROOMS, Index, Rooms, Routes
from detente.trade.product import Product, stacked_product


@dataclass(frozen=True, eq=False)
class Wedges:
    """A shock as arrays: what changes, everything else staying as in the base year.

    Attributes:
        melt_jni: d̂ to the power −θ but for routes; exactly 0 for an embargo, the leakage where it
            leaks.
        tariff_jni: t', new levels.
        export_tax_jni: e', new levels.
        productivity_nj: Â.
        labour_n: L̂, change of the mobile factor.
        capacity_nj: V̂, change of the fixed factors.
        transfer_n: added to D, USD million.
        routes: ways of transport, whose d̂ comes on top.
        rooms: their capacities.
    """

    melt_jni: Array
    tariff_jni: Array
    export_tax_jni: Array
    productivity_nj: Array
    labour_n: Array
    capacity_nj: Array
    transfer_n: Array
    routes: tuple[Routes, ...] = ()
    rooms: Rooms = NO_ROOMS


def unshocked(economy: Economy) -> Wedges:
    """The wedges of the base year itself."""
    J, N = economy.shape
    return Wedges(
        melt_jni=np.ones((J, N, N)),
        tariff_jni=economy.tariff_jni,
        export_tax_jni=economy.export_tax_jni,
        productivity_nj=np.ones((N, J)),
        labour_n=np.ones(N),
        capacity_nj=np.ones((N, J)),
        transfer_n=np.zeros(N),
    )


def carry(economy: Economy, wedges: Wedges) -> Array:
    """φ = (d̂ (1+t')(1+e') / ((1+t)(1+e)))^(−θ) but for routes, 0 where an embargo is, (J, N, N)."""
    t, e = wedges.tariff_jni, wedges.export_tax_jni
    t0, e0 = economy.tariff_jni, economy.export_tax_jni
    if t is t0 and e is e0:
        return wedges.melt_jni
    changed = np.nonzero((t != t0) | (e != e0))
    phi = wedges.melt_jni.copy()
    before = (1 + t0[changed]) * (1 + e0[changed])
    after = (1 + t[changed]) * (1 + e[changed])
    phi[changed] *= (after / before) ** -economy.trade_elasticity_j[changed[0]]
    return phi


@dataclass(frozen=True, eq=False)
class SubstitutionGroup:
    """The producers that share one elasticity of input substitution, and their input shares."""

    elasticity: float
    goods: slice | Index
    input_share_nkj: Array
    labour_share_nj: Array
    fixed_share_nj: Array


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
        routes: flows with routes.
        rooms: capacities of their ways.
        route_carry: A of those flows at unchanged route costs, (M, B) a group.
        route_taxes: their tariff and export tax, (2, M, B) a group.
        groups: producers by input substitution.
        fixed_at: (n, j) positions of fixed factors that have a buyer; without one, their rent is 0.
        log_productivity_njb: log Â.
        labour_supply_nb: L̂ L at base wages, USD million.
        fixed_supply_kb: V̂ F at `fixed_at`.
        added_transfer_nb: USD million.
        factor_income_c: factor income of the base by trading component, the numeraire.
        transfer_rule: `fixed`, `proportional` or `zero`.
        component_n: which trading component a country belongs to. Prices in components that do
            not trade with each other have no common scale: each has its own numeraire.
    """

    economy: Economy
    wedges: tuple[Wedges, ...]
    carried: Product
    landed: Product
    tariff_share: Product | None
    export_tax_share: Product | None
    routes: tuple[Routes, ...]
    rooms: Rooms
    route_carry: tuple[Array, ...]
    route_taxes: tuple[Array, ...]
    groups: tuple[SubstitutionGroup, ...]
    fixed_at: tuple[Index, Index]
    log_productivity_njb: Array
    labour_supply_nb: Array
    fixed_supply_kb: Array
    added_transfer_nb: Array
    factor_income_c: Array
    transfer_rule: str
    component_n: Index

    def some(self, rows: Index) -> System:
        """The same base year under some of the shocks."""
        if len(rows) == len(self.wedges):
            return self
        place = np.full(len(self.wedges), -1)
        place[rows] = np.arange(len(rows))

        def left(product: Product | None) -> Product | None:
            if product is None or not len(product.added):
                return product
            j, n, i, b = product.cell
            kept = place[b] >= 0
            cell = (j[kept], n[kept], i[kept], place[b[kept]])
            return Product(product.shared_jni, cell, product.added[kept])

        carried, landed = left(self.carried), left(self.landed)
        assert carried is not None
        assert landed is not None
        return replace(
            self,
            wedges=tuple(self.wedges[b] for b in rows),
            carried=carried,
            landed=landed,
            tariff_share=left(self.tariff_share),
            export_tax_share=left(self.export_tax_share),
            routes=tuple(replace(r, cost_mrb=r.cost_mrb[:, :, rows]) for r in self.routes),
            route_carry=tuple(c[:, rows] for c in self.route_carry),
            route_taxes=tuple(t[:, :, rows] for t in self.route_taxes),
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
) -> System:
    """Precompute what the shocks fix.

    Args:
        economy: the base year.
        wedges: the shocks; they share the structure of their routes.
        transfer_rule: `fixed`, `proportional` or `zero`.
        component_n: trading components, the same under all shocks.
    """
    N = economy.shape[1]
    component: Index = np.zeros(N, dtype=np.intp) if component_n is None else component_n
    sold = np.zeros((economy.shape[0], N), dtype=bool)
    routes = _stacked_routes(wedges)
    matrices = [_matrices(economy, w) for w in wedges]
    route_carry = tuple(
        np.stack([m[0][r.good, r.market_m, r.origin] for m in matrices], axis=1) for r in routes
    )
    bought = (economy.spending_jn > 0)[:, :, None]
    for m in matrices:
        sold |= ((m[1] > 0) & bought).any(axis=1)
    at_n, at_j = np.nonzero((economy.fixed_nj > 0) & sold.T)
    base = matrices[0] if len(wedges) == 1 else _matrices(economy, unshocked(economy))
    carried, landed, tariff, export = (
        stacked_product(base[k], [m[k] for m in matrices], routes) for k in range(4)
    )
    assert carried is not None
    assert landed is not None
    base_income = economy.labour_n + economy.fixed_nj.sum(axis=1)
    capacity = np.stack([w.capacity_nj[at_n, at_j] for w in wedges], axis=1)
    return System(
        economy=economy,
        wedges=tuple(wedges),
        carried=carried,
        landed=landed,
        tariff_share=tariff,
        export_tax_share=export,
        routes=routes,
        rooms=wedges[0].rooms,
        route_carry=route_carry,
        route_taxes=tuple(_route_taxes(r, wedges) for r in routes),
        groups=_groups(economy),
        fixed_at=(at_n, at_j),
        log_productivity_njb=np.log(np.stack([w.productivity_nj for w in wedges], axis=2)),
        labour_supply_nb=np.stack([w.labour_n * economy.labour_n for w in wedges], axis=1),
        fixed_supply_kb=capacity * economy.fixed_nj[at_n, at_j][:, None],
        added_transfer_nb=np.stack([w.transfer_n for w in wedges], axis=1),
        factor_income_c=np.asarray(np.bincount(component, base_income), dtype=np.float64),
        transfer_rule=transfer_rule,
        component_n=component,
    )


def _route_taxes(r: Routes, wedges: Sequence[Wedges]) -> Array:
    cell = (r.good, r.market_m, r.origin)
    both = [(w.tariff_jni[cell], w.export_tax_jni[cell]) for w in wedges]
    return np.stack([np.stack(b) for b in both], axis=2)


def _matrices(economy: Economy, w: Wedges) -> tuple[Array, Array, Array | None, Array | None]:
    """A and what becomes of it: landed, tariff and export-tax shares."""
    carried = economy.share_jni * carry(economy, w)
    t, e = w.tariff_jni, w.export_tax_jni
    taxed, export_taxed = bool(t.any()), bool(e.any())
    net = carried / (1 + t) if taxed else carried
    landed = net / (1 + e) if export_taxed else net
    return carried, landed, net * t if taxed else None, landed * e if export_taxed else None


def _stacked_routes(wedges: Sequence[Wedges]) -> tuple[Routes, ...]:
    first = wedges[0].routes
    for w in wedges[1:]:
        same = len(w.routes) == len(first) and w.rooms.equal(wedges[0].rooms)
        if not same or not all(a.same_ways(b) for a, b in zip(first, w.routes, strict=True)):
            raise ValueError("Shocks that are solved together must share their routes.")
    return tuple(
        replace(r, cost_mrb=np.concatenate([w.routes[k].cost_mrb for w in wedges], axis=2))
        for k, r in enumerate(first)
    )


def _groups(economy: Economy) -> tuple[SubstitutionGroup, ...]:
    values = np.unique(economy.input_substitution_j)
    groups = []
    for value in values:
        goods: slice | Index = slice(None)
        if len(values) > 1:
            goods = np.asarray(np.nonzero(economy.input_substitution_j == value)[0])
        groups.append(
            SubstitutionGroup(
                elasticity=float(value),
                goods=goods,
                input_share_nkj=np.ascontiguousarray(economy.input_share_nkj[:, :, goods]),
                labour_share_nj=np.ascontiguousarray(economy.labour_share_nj[:, goods]),
                fixed_share_nj=np.ascontiguousarray(economy.fixed_share_nj[:, goods]),
            )
        )
    return tuple(groups)
