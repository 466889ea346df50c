"""The system of equations: a base year under one or many shocks, all fixed parts computed once.

`System` is the result and `prepare` makes it. `Common` and `Shared` hold what shocks of one base
year have in common, and `Product` one matrix a shock over (good, market, origin): what shocks
share, and what each adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from detente._types import Array, Index, Mask
from detente.trade._economy import Economy, SubstitutionGroup, namespace
from detente.trade._network import Network, Rooms, RouteGroup
from detente.trade._wedges import Wedges
from detente.trade.routes import base_fees


@dataclass(frozen=True, eq=False)
class Product:
    """One (J, N, N) matrix a shock: what they share, and what single cells add to it.

    Without such cells the arrays may be of another library than NumPy.

    Attributes:
        shared_jni: the common matrix.
        shocks: B, how many shocks there are.
        cell: flat positions in (J, N, N) of what is added.
        shock: whose it is, ascending.
        added: how much.
    """

    shared_jni: Array
    shocks: int
    cell: Index
    shock: Index
    added: Array

    @cached_property
    def _ends(self) -> tuple[Index, Index]:
        """Where the cells lie in flat (J, N, B): by market, by origin."""
        N = self.shared_jni.shape[1]
        row, i = np.divmod(self.cell, N)
        return row * self.shocks + self.shock, ((row // N) * N + i) * self.shocks + self.shock

    def to_markets(self, x_jib: Array) -> Array:
        """Σ_i M[j,n,i] x[j,i], (J, N, B)."""
        out: Array = namespace(x_jib).matmul(self.shared_jni, x_jib)
        if self.cell.shape[0]:
            market, origin = self._ends
            _add(out, market, self.added * x_jib.ravel()[origin])
        return out

    def to_origins(self, x_jnb: Array) -> Array:
        """Σ_n M[j,n,i] x[j,n], (J, N, B)."""
        out: Array
        xp = namespace(x_jnb)
        if x_jnb.shape[2] == 1:
            out = xp.matmul(x_jnb[:, None, :, 0], self.shared_jni)[:, 0, :, None]
        else:
            out = xp.matmul(xp.matrix_transpose(self.shared_jni), x_jnb)
        if self.cell.shape[0]:
            market, origin = self._ends
            _add(out, origin, self.added * x_jnb.ravel()[market])
        return out

    def some(self, rows: Index) -> Product:
        """The matrices of some of the shocks."""
        if not len(self.cell):
            return Product(self.shared_jni, len(rows), self.cell, self.shock, self.added)
        first = np.searchsorted(self.shock, rows)
        many = np.searchsorted(self.shock, rows, side="right") - first
        shock = np.repeat(np.arange(len(rows)), many)
        # Counts up within each shock from where its cells begin.
        take = np.arange(len(shock)) + np.repeat(first - np.cumsum(many) + many, many)
        return Product(self.shared_jni, len(rows), self.cell[take], shock, self.added[take])

    def of_good(self, good: int) -> Product:
        """The matrices of one good, (1, N, N)."""
        size = self.shared_jni[0].size
        here = np.nonzero(self.cell // size == good)[0]
        return Product(
            self.shared_jni[good : good + 1],
            self.shocks,
            self.cell[here] % size,
            self.shock[here],
            self.added[here],
        )


def _add(out: Array, flat: Index, values: Array) -> None:
    """Add values at flat positions, which may repeat, in place."""
    out += np.bincount(flat, values, minlength=out.size).reshape(out.shape)


#: A and what becomes of it: landed, tariff, export-tax and marketing shares; None where nothing is.
Matrices: TypeAlias = "tuple[Array, Array, Array | None, Array | None, Array | None]"


@dataclass(frozen=True, eq=False)
class Common:
    """Cells whose wedges all shocks share.

    Attributes:
        cell: flat positions that all shocks change alike, ascending.
        carry: φ there.
        tariff: t' there.
        export_tax: e' there.
    """

    cell: Index
    carry: Array
    tariff: Array
    export_tax: Array

    def own(self, wedges: Wedges) -> Index:
        """Which of a shock's cells are not common to all."""
        own = np.ones(len(wedges.cell), dtype=bool)
        # A shock may leave a common cell out: where the others state what holds anyway.
        at = np.searchsorted(wedges.cell, self.cell)
        at = at[at < len(wedges.cell)]
        own[at[wedges.cell[at] == self.cell[: len(at)]]] = False
        return np.nonzero(own)[0]


def common(wedges: Sequence[Wedges]) -> Common:
    """What shocks share: the cells that are the same in all of them."""
    first = wedges[0]
    same = np.ones(len(first.cell), dtype=bool)
    for w in wedges[1:]:
        if not same.any():
            break
        phi, t, e = w.at(first.cell)
        same &= (phi == first.carry) & (t == first.tariff) & (e == first.export_tax)
    return Common(first.cell[same], first.carry[same], first.tariff[same], first.export_tax[same])


@dataclass(frozen=True, eq=False)
class Shared:
    """What is computed once for shocks that are then prepared a few at a time.

    Attributes:
        common: the cells that all of them change alike.
        matrices: A and what becomes of it under those, without the flows with routes.
        taxed: whether tariffs, and whether export taxes, are left anywhere.
        route_cells: flat positions of the flows with routes.
        fixed_at: (n, j) positions of fixed factors that have a buyer under some of the shocks.
        sold_ji: which producers have one.
    """

    common: Common
    matrices: Matrices
    taxed: tuple[bool, bool]
    route_cells: Index
    fixed_at: tuple[Index, Index]
    sold_ji: Mask


def share(economy: Economy, wedges: Sequence[Wedges], route_cells: Index) -> Shared:
    """What shocks have in common.

    Args:
        economy: the base year.
        wedges: the shocks.
        route_cells: flat positions of the flows with routes.
    """
    alike = common(wedges)
    taxed = (
        bool(economy.tariff_jni.any() or any(w.tariff.any() for w in wedges)),
        bool(economy.export_tax_jni.any() or any(w.export_tax.any() for w in wedges)),
    )
    nu = economy.marketing_share_jn
    everywhere = None if nu is None else nu[:, :, None]
    base = _matrices(
        economy.share_jni, None, economy.tariff_jni, economy.export_tax_jni, taxed, everywhere
    )
    here = economy.share_jni.ravel()[alike.cell]
    new = _matrices(
        here, alike.carry, alike.tariff, alike.export_tax, taxed, _marketing_at(economy, alike.cell)
    )
    carried, landed, tariff, export_tax, marketing = base
    if len(alike.cell) or len(route_cells):
        carried = _changed(carried, alike.cell, new[0], route_cells)
        landed = _changed(landed, alike.cell, new[1], route_cells)
        if tariff is not None and new[2] is not None:
            tariff = _changed(tariff, alike.cell, new[2], route_cells)
        if export_tax is not None and new[3] is not None:
            export_tax = _changed(export_tax, alike.cell, new[3], route_cells)
        if marketing is not None and new[4] is not None:
            marketing = _changed(marketing, alike.cell, new[4], route_cells)
    sold = sold_ji(economy, wedges)
    at_n, at_j = np.nonzero((economy.fixed_nj > 0) & sold.T)
    matrices = (carried, landed, tariff, export_tax, marketing)
    return Shared(alike, matrices, taxed, route_cells, (at_n, at_j), sold)


def _marketing_at(economy: Economy, flat: Index) -> Array | None:
    """ν of the markets of flows at flat positions; None where there is no marketing."""
    nu = economy.marketing_share_jn
    return None if nu is None else nu.ravel()[flat // economy.shape[1]]


def products(
    economy: Economy, wedges: Sequence[Wedges], shared: Shared
) -> tuple[Product, Product, Product | None, Product | None, Product | None]:
    """A, landed, tariff, export-tax and marketing shares, without the flows with routes."""
    own = [shared.common.own(w) for w in wedges]
    shock = np.repeat(np.arange(len(wedges)), [len(k) for k in own])
    flat, phi, t, e = (
        np.concatenate([getattr(w, name)[k] for w, k in zip(wedges, own, strict=True)])
        for name in ("cell", "carry", "tariff", "export_tax")
    )
    kept = economy.share_jni.ravel()[flat] > 0
    kept &= ~np.isin(flat, shared.route_cells)
    flat, shock = flat[kept], shock[kept]
    here = economy.share_jni.ravel()[flat]
    nu = _marketing_at(economy, flat)
    new = _matrices(here, phi[kept], t[kept], e[kept], shared.taxed, nu)

    def product(whole: Array, changed: Array) -> Product:
        return Product(whole, len(wedges), flat, shock, changed - whole.ravel()[flat])

    carried, landed, tariff, export_tax, marketing = shared.matrices
    return (
        product(carried, new[0]),
        product(landed, new[1]),
        None if tariff is None or new[2] is None else product(tariff, new[2]),
        None if export_tax is None or new[3] is None else product(export_tax, new[3]),
        None if marketing is None or new[4] is None else product(marketing, new[4]),
    )


def sold_ji(economy: Economy, wedges: Sequence[Wedges]) -> Mask:
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


def _changed(matrix: Array, cell: Index, values: Array, empty: Index) -> Array:
    whole = matrix.copy()
    whole.ravel()[cell] = values
    whole.ravel()[empty] = 0.0
    return whole


def _matrices(
    share: Array,
    phi: Array | None,
    t: Array,
    e: Array,
    taxed: tuple[bool, bool],
    nu: Array | None = None,
) -> Matrices:
    carried = share if phi is None else share * phi
    net = carried / (1 + t) if taxed[0] else carried
    landed = net / (1 + e) if taxed[1] else net
    tariff, export_tax = net * t if taxed[0] else None, landed * e if taxed[1] else None
    if nu is None:
        return carried, landed, tariff, export_tax, None
    return carried, landed * (1 - nu), tariff, export_tax, landed * nu


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
        marketing_share: A ν/((1+t')(1+e')), or None; `landed` is then without it.
        network: flows with routes.
        rooms: capacities of their routes.
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
        profit_owner_n: of its trading component's profits, what each country owns; None where they
            stay home.
        scaled_jn: where the size of producers counts.
        base_size_jn: what it is relative to, USD million, 1 where nothing is produced.
    """

    economy: Economy
    wedges: tuple[Wedges, ...]
    carried: Product
    landed: Product
    tariff_share: Product | None
    export_tax_share: Product | None
    marketing_share: Product | None
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
    profit_owner_n: Array | None
    scaled_jn: Mask
    base_size_jn: Array

    @cached_property
    def log_productivity_jnb(self) -> Array:
        """log Â by good and country."""
        xp = namespace(self.log_productivity_njb)
        out: Array = xp.permute_dims(self.log_productivity_njb, (1, 0, 2))
        return out

    @cached_property
    def waged_n(self) -> Array:
        """The part of each country's mobile factor that earns the wage: 1 − R₀/L₀."""
        labour = self.economy.labour_n
        part = np.divide(self.base_fee_n, labour, out=np.zeros_like(labour), where=labour > 0)
        return np.asarray(1 - part)

    @property
    def route_groups(self) -> tuple[RouteGroup, ...]:
        """The groups of flows with routes."""
        return self.network.route_groups

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
            marketing_share=left(self.marketing_share),
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
    route_groups = _stacked_routes(wedges)
    network = Network(route_groups)
    flat = routes_at(route_groups, N)
    carry, *taxes = at_routes(wedges, flat)
    shared = share(economy, wedges, flat) if shared is None else shared
    at_n, at_j = shared.fixed_at
    carried, landed, tariff, export, marketing = products(economy, wedges, shared)
    gamma = np.zeros(len(economy.sales_jn))
    if economy.scale_elasticity_j is not None:
        gamma = economy.scale_elasticity_j
    size = _base_size(economy)
    base_income = economy.labour_n + economy.fixed_nj.sum(axis=1)
    capacity = np.stack([w.capacity_nj[at_n, at_j] for w in wedges], axis=1)
    return System(
        economy=economy,
        wedges=tuple(wedges),
        carried=carried,
        landed=landed,
        tariff_share=tariff,
        export_tax_share=export,
        marketing_share=marketing,
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
        profit_owner_n=_owned_within(economy, component),
        scaled_jn=(gamma > 0)[:, None] & (size > 0) & shared.sold_ji,
        base_size_jn=np.where(size > 0, size, 1.0),
    )


def _owned_within(economy: Economy, component_n: Index) -> Array | None:
    """Shares of profits that sum to one within each trading component, (N,)."""
    owner = economy.profit_owner_n
    if owner is None:
        return None
    total = np.bincount(component_n, owner)
    return np.asarray(owner / np.where(total > 0, total, 1.0)[component_n])


def _base_size(economy: Economy) -> Array:
    """What the size of producers is relative to, (J, N), USD million; see `size_of`."""
    spent = economy.sales_jn
    if economy.profit_share_j is not None:
        spent = (1 - economy.profit_share_j)[:, None] * spent
    nu = economy.marketing_share_jn
    if nu is None:
        return spent
    net = economy.share_jni / ((1 + economy.tariff_jni) * (1 + economy.export_tax_jni))
    marketing = nu * net.sum(axis=2) * economy.spending_jn
    return np.asarray(economy.labour_share_nj.T * spent + marketing)


def shared_by(economy: Economy, wedges: Sequence[Wedges]) -> Shared:
    """What shocks with the same routes have in common, for `prepare` to take them in parts."""
    return share(economy, wedges, routes_at(wedges[0].route_groups, economy.shape[1]))


def routes_at(route_groups: Sequence[RouteGroup], countries: int) -> Index:
    """Flat positions in (J, N, N) of the flows of all groups, (M,)."""
    return np.concatenate([np.zeros(0, dtype=np.intp), *(r.flat(countries) for r in route_groups)])


def at_routes(wedges: Sequence[Wedges], flat: Index) -> Array:
    """φ but for routes, t' and e' of flows at flat positions, (3, M, B)."""
    return np.stack([np.stack(w.at(flat)) for w in wedges], axis=2)


def _stacked_routes(wedges: Sequence[Wedges]) -> tuple[RouteGroup, ...]:
    first = wedges[0].route_groups
    for w in wedges[1:]:
        same = len(w.route_groups) == len(first) and w.rooms.same_terms(wedges[0].rooms)
        if not same or not all(
            a.same_routes(b) for a, b in zip(first, w.route_groups, strict=True)
        ):
            raise ValueError("Shocks that are solved together must share their routes.")
    return tuple(
        replace(r, cost_rb=np.concatenate([w.route_groups[k].cost_rb for w in wedges], axis=1))
        for k, r in enumerate(first)
    )


def by_component(system: System, value_nb: Array) -> Array:
    """Sums over each trading component, (C, B)."""
    xp, components = namespace(value_nb), system.factor_income_c.shape[0]
    if components == 1:
        out: Array = xp.sum(value_nb, axis=0, keepdims=True)
        return out
    inside = xp.arange(components)[:, None] == system.component_n[None, :]
    sums: Array = xp.matmul(xp.asarray(inside, dtype=value_nb.dtype), value_nb)
    return sums
