"""A base year under one or many shocks, with everything that the shocks fix computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.trade.differences import Wedges
from detente.trade.differences import carry as carry  # noqa: PLC0414
from detente.trade.economy import Array, Economy
from detente.trade.network import Index, Network, Rooms, Routes
from detente.trade.product import Product


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
    component_n: Index

    @property
    def routes(self) -> tuple[Routes, ...]:
        """The groups of flows with routes."""
        return self.network.routes

    @property
    def has_fixed(self) -> bool:
        """Whether any factor is fixed and has a buyer."""
        return len(self.fixed_at[0]) > 0

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
    routes = _stacked_routes(wedges)
    flat = routes_at(routes, N)
    carry, *taxes = at_routes(wedges, flat)
    at_n, at_j = np.nonzero((economy.fixed_nj > 0) & sold_ji(economy, wedges).T)
    carried, landed, tariff, export = _products(economy, wedges, flat)
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
        network=Network(routes),
        rooms=replace(
            wedges[0].rooms,
            capacity_qb=np.concatenate([w.rooms.capacity_qb for w in wedges], axis=1),
        ),
        route_carry_mb=economy.share_jni.ravel()[flat][:, None] * carry,
        route_taxes=np.stack(taxes),
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


def routes_at(routes: Sequence[Routes], countries: int) -> Index:
    """Flat positions in (J, N, N) of the flows of all groups, (M,)."""
    return np.concatenate([np.zeros(0, dtype=np.intp), *(r.flat(countries) for r in routes)])


def at_routes(wedges: Sequence[Wedges], flat: Index) -> Array:
    """φ but for routes, t' and e' of flows at flat positions, (3, M, B)."""
    return np.stack([np.stack(w.at(flat)) for w in wedges], axis=2)


def sold_ji(economy: Economy, wedges: Sequence[Wedges]) -> NDArray[np.bool_]:
    """Whether a producer has a buyer under some of the shocks but for routes, (J, N)."""
    N = economy.shape[1]
    buyers = economy.buyers_ji.ravel()
    sold = np.zeros(len(buyers), dtype=bool)
    for w in wedges:
        shut = w.cell[w.carry == 0]
        row, i = np.divmod(shut, N)
        shut_here = (economy.share_jni.ravel()[shut] > 0) & (economy.spending_jn.ravel()[row] > 0)
        at = (row // N * N + i)[shut_here]
        sold |= buyers > np.bincount(at, minlength=len(buyers))
        if sold.all():
            break
    return sold.reshape(economy.shape)


@dataclass(frozen=True, eq=False)
class Common:
    """Cells whose wedges all shocks share, and the other cells of each.

    Attributes:
        cell: flat positions that all shocks change alike.
        carry: φ there.
        tariff: t' there.
        export_tax: e' there.
        rest: per shock, which of its cells differ from that of some other shock.
    """

    cell: Index
    carry: Array
    tariff: Array
    export_tax: Array
    rest: tuple[Index, ...]


def common(wedges: Sequence[Wedges]) -> Common:
    """What shocks share: the cells that are the same in all of them."""
    first = wedges[0]
    same = np.ones(len(first.cell), dtype=bool)
    for w in wedges[1:]:
        if not same.any():
            break
        phi, t, e = w.at(first.cell)
        same &= (phi == first.carry) & (t == first.tariff) & (e == first.export_tax)
    cell = first.cell[same]
    rest = []
    for w in wedges:
        own = np.ones(len(w.cell), dtype=bool)
        if len(cell):
            own[np.searchsorted(w.cell, cell)] = False
        rest.append(np.nonzero(own)[0])
    return Common(cell, first.carry[same], first.tariff[same], first.export_tax[same], tuple(rest))


def _products(
    economy: Economy, wedges: Sequence[Wedges], route_cells: Index
) -> tuple[Product | None, ...]:
    """A, landed, tariff and export-tax shares under all shocks, without the flows with routes."""
    shared = common(wedges)
    cell = [w.cell[k] for w, k in zip(wedges, shared.rest, strict=True)]
    shock = np.repeat(np.arange(len(wedges)), [len(c) for c in cell])
    tax = [(w.tariff, w.export_tax) for w in wedges]
    taxed, export_taxed = (
        bool(base.any() or any(x[k].any() for x in tax))
        for k, base in enumerate((economy.tariff_jni, economy.export_tax_jni))
    )
    flat = np.concatenate(cell)
    kept = economy.share_jni.ravel()[flat] > 0
    kept &= ~np.isin(flat, route_cells)
    flat, shock = flat[kept], shock[kept]
    phi, t, e = (
        np.concatenate([x[k] for x, k in zip(part, shared.rest, strict=True)])[kept]
        for part in zip(*((w.carry, w.tariff, w.export_tax) for w in wedges), strict=True)
    )
    new = _matrices(economy.share_jni.ravel()[flat], phi, t, e, taxed, export_taxed)
    base = _matrices(
        economy.share_jni, None, economy.tariff_jni, economy.export_tax_jni, taxed, export_taxed
    )
    at_common = _matrices(
        economy.share_jni.ravel()[shared.cell],
        shared.carry,
        shared.tariff,
        shared.export_tax,
        taxed,
        export_taxed,
    )
    out: list[Product | None] = []
    for matrix, everywhere, own in zip(base, at_common, new, strict=True):
        if matrix is None or everywhere is None or own is None:
            out.append(None)
            continue
        whole = matrix
        if len(shared.cell) or len(route_cells):
            whole = matrix.copy()
            whole.ravel()[shared.cell] = everywhere
            whole.ravel()[route_cells] = 0.0
        out.append(Product(whole, len(wedges), flat, shock, own - whole.ravel()[flat]))
    return tuple(out)


def _matrices(
    share: Array, phi: Array | None, t: Array, e: Array, taxed: bool, export_taxed: bool
) -> tuple[Array, Array, Array | None, Array | None]:
    """A and what becomes of it: landed, tariff and export-tax shares."""
    carried = share if phi is None else share * phi
    net = carried / (1 + t) if taxed else carried
    landed = net / (1 + e) if export_taxed else net
    return carried, landed, net * t if taxed else None, landed * e if export_taxed else None


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
