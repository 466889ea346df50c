"""What shocks of one base year have in common, and what each adds to their products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.trade.differences import Wedges
from detente.trade.economy import Array, Economy
from detente.trade.network import Index
from detente.trade.product import Product

#: A and what becomes of it: landed, tariff and export-tax shares; None where no such tax is left.
Matrices = tuple[Array, Array, Array | None, Array | None]


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
    """

    common: Common
    matrices: Matrices
    taxed: tuple[bool, bool]
    route_cells: Index
    fixed_at: tuple[Index, Index]


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
    base = _matrices(economy.share_jni, None, economy.tariff_jni, economy.export_tax_jni, taxed)
    here = economy.share_jni.ravel()[alike.cell]
    new = _matrices(here, alike.carry, alike.tariff, alike.export_tax, taxed)
    carried, landed, tariff, export_tax = base
    if len(alike.cell) or len(route_cells):
        carried = _changed(carried, alike.cell, new[0], route_cells)
        landed = _changed(landed, alike.cell, new[1], route_cells)
        if tariff is not None and new[2] is not None:
            tariff = _changed(tariff, alike.cell, new[2], route_cells)
        if export_tax is not None and new[3] is not None:
            export_tax = _changed(export_tax, alike.cell, new[3], route_cells)
    at_n, at_j = np.nonzero((economy.fixed_nj > 0) & sold_ji(economy, wedges).T)
    return Shared(alike, (carried, landed, tariff, export_tax), taxed, route_cells, (at_n, at_j))


def products(
    economy: Economy, wedges: Sequence[Wedges], shared: Shared
) -> tuple[Product, Product, Product | None, Product | None]:
    """A, landed, tariff and export-tax shares under some shocks, without the flows with routes."""
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
    new = _matrices(here, phi[kept], t[kept], e[kept], shared.taxed)

    def product(whole: Array, changed: Array) -> Product:
        return Product(whole, len(wedges), flat, shock, changed - whole.ravel()[flat])

    carried, landed, tariff, export_tax = shared.matrices
    return (
        product(carried, new[0]),
        product(landed, new[1]),
        None if tariff is None or new[2] is None else product(tariff, new[2]),
        None if export_tax is None or new[3] is None else product(export_tax, new[3]),
    )


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


def _changed(matrix: Array, cell: Index, values: Array, empty: Index) -> Array:
    whole = matrix.copy()
    whole.ravel()[cell] = values
    whole.ravel()[empty] = 0.0
    return whole


def _matrices(
    share: Array, phi: Array | None, t: Array, e: Array, taxed: tuple[bool, bool]
) -> Matrices:
    carried = share if phi is None else share * phi
    net = carried / (1 + t) if taxed[0] else carried
    landed = net / (1 + e) if taxed[1] else net
    return carried, landed, net * t if taxed[0] else None, landed * e if taxed[1] else None
