"""A shock as arrays that hold only what differs from the base year."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array, Index
from detente.trade._economy import Economy
from detente.trade._network import NO_ROOMS, Rooms, RouteGroup

if TYPE_CHECKING:
    from detente.trade.shocks import Change


@dataclass(frozen=True, eq=False)
class Limit:
    """A limit on the quantity of some flows together, as arrays.

    Attributes:
        change: as it was stated.
        at: positions of its flows among the cells of the shock, (C,).
        limit: what may pass in all, USD million a year at prices of the base year.
        most: log of 1 + the largest rate; `inf` where nothing passes beyond the limit.
    """

    change: Change
    at: Index
    limit: float
    most: float


@dataclass(frozen=True, eq=False)
class Wedges:
    """What a shock changes, everything else staying as in the base year.

    Cells of (good, market, origin) that a shock leaves alone are not stored: a shock of a few
    flows is small whatever the world. C is the number of cells that are.

    Attributes:
        economy: the base year.
        cell: flat positions in (J, N, N), ascending.
        melt: d̂ to the power −θ there, but for routes; exactly 0 for an embargo, the leakage where
            it leaks, (C,).
        tariff: t' there, new levels, (C,).
        export_tax: e' there, new levels, (C,).
        leak: the part of `melt` that is the leakage of an embargo, (C,).
        productivity_nj: Â.
        labour_n: L̂, change of the mobile factor.
        capacity_nj: V̂, change of the fixed factors.
        transfer_n: added to D, USD million.
        routes: routes, whose d̂ comes on top.
        rooms: their capacities.
        limits: on the quantity of flows, K of them.
        log_rate_k: log of 1 + the rate at which each is held; it is in `tariff` or `export_tax`
            already. Empty before they are found.
        statutory: tariffs and export taxes as they were set, (2, C), where tariffs are not passed
            through in full: `tariff` and `export_tax` then hold what exporters or importers bear.
    """

    economy: Economy
    cell: Index
    melt: Array
    tariff: Array
    export_tax: Array
    leak: Array
    productivity_nj: Array
    labour_n: Array
    capacity_nj: Array
    transfer_n: Array
    route_groups: tuple[RouteGroup, ...] = ()
    rooms: Rooms = NO_ROOMS
    limits: tuple[Limit, ...] = ()
    log_rate_k: tuple[float, ...] = ()
    statutory: Array | None = None

    @property
    def statutory_tariff_jni(self) -> Array:
        """The tariffs that were set, (J, N, N)."""
        if self.statutory is None:
            return self.tariff_jni
        return self._everywhere(self.economy.tariff_jni, self.statutory[0])

    @property
    def statutory_export_tax_jni(self) -> Array:
        """The export taxes that were set, (J, N, N)."""
        if self.statutory is None:
            return self.export_tax_jni
        return self._everywhere(self.economy.export_tax_jni, self.statutory[1])

    @property
    def melt_jni(self) -> Array:
        """d̂^(−θ) everywhere, (J, N, N)."""
        return self._everywhere(np.ones_like(self.economy.share_jni), self.melt)

    @property
    def tariff_jni(self) -> Array:
        """t' everywhere, (J, N, N)."""
        return self._everywhere(self.economy.tariff_jni, self.tariff)

    @property
    def export_tax_jni(self) -> Array:
        """e' everywhere, (J, N, N)."""
        return self._everywhere(self.economy.export_tax_jni, self.export_tax)

    @cached_property
    def carry(self) -> Array:
        """φ = (d̂ (1+t')(1+e') / ((1+t)(1+e)))^(−θ) at `cell` but for routes, (C,)."""
        eco = self.economy
        t0, e0 = eco.tariff_jni.ravel()[self.cell], eco.export_tax_jni.ravel()[self.cell]
        at = np.nonzero((self.tariff != t0) | (self.export_tax != e0))[0]
        if not len(at):
            return self.melt
        phi = self.melt.copy()
        theta = eco.trade_elasticity_j[self.cell[at] // eco.shape[1] ** 2]
        after = (1 + self.tariff[at]) * (1 + self.export_tax[at])
        phi[at] *= (after / ((1 + t0[at]) * (1 + e0[at]))) ** -theta
        return phi

    @cached_property
    def key(self) -> bytes:
        """What distinguishes this from other shocks of the same base year and routes, a digest."""
        parts = [self.cell, self.melt, self.tariff, self.export_tax, self.leak]
        parts += [self.productivity_nj, self.labour_n, self.capacity_nj, self.transfer_n]
        parts += [r.cost_rb for r in self.route_groups]
        parts += [self.rooms.capacity_qb]
        for one in self.limits:
            parts += [one.at, np.array([one.limit, one.most])]
        digest = hashlib.blake2b(digest_size=20)
        for part in parts:
            digest.update(np.ascontiguousarray(part).data)
        return digest.digest()

    def at(self, flat: Index) -> tuple[Array, Array, Array]:
        """φ but for routes, t' and e' at flat positions of (J, N, N)."""
        eco = self.economy
        found = (
            np.ones(len(flat)),
            eco.tariff_jni.ravel()[flat],
            eco.export_tax_jni.ravel()[flat],
        )
        if len(self.cell):
            place = np.minimum(np.searchsorted(self.cell, flat), len(self.cell) - 1)
            here = self.cell[place] == flat
            for old, new in zip(found, (self.carry, self.tariff, self.export_tax), strict=True):
                old[here] = new[place[here]]
        return found

    def good(self, j: int) -> tuple[Array, Array, Array]:
        """φ but for routes, t' and e' of one good by market and origin, (N, N)."""
        eco, first = self.economy, j * self.economy.shape[1] ** 2
        found = (
            np.ones_like(eco.share_jni[j]),
            eco.tariff_jni[j].copy(),
            eco.export_tax_jni[j].copy(),
        )
        here = slice(*np.searchsorted(self.cell, (first, first + found[0].size)))
        for old, new in zip(found, (self.carry, self.tariff, self.export_tax), strict=True):
            old.ravel()[self.cell[here] - first] = new[here]
        return found

    def arriving(self, j: int) -> Array:
        """1/d̂ of one good but for routes: the part of what is shipped that arrives, (N, N).

        A leakage is no cost: of the little that passes, all arrives.
        """
        first, size = j * self.economy.shape[1] ** 2, self.economy.share_jni[j].size
        here = slice(*np.searchsorted(self.cell, (first, first + size)))
        melt, leak = self.melt[here], self.leak[here]
        part = np.divide(melt, leak, out=np.zeros_like(melt), where=leak > 0)
        found: Array = np.ones_like(self.economy.share_jni[j])
        found.ravel()[self.cell[here] - first] = part ** (1 / self.economy.trade_elasticity_j[j])
        return found

    def partly(self, part: float) -> Wedges:
        """The point at `part` in [0, 1] of the straight path from no shock to this one.

        Straight in φ's iceberg part (so that an embargo is reached smoothly), in the like power of
        the cost of each route, in tax rates and in transfers; geometric in productivity and
        endowments.
        """
        t0 = self.economy.tariff_jni.ravel()[self.cell]
        e0 = self.economy.export_tax_jni.ravel()[self.cell]
        return replace(
            self,
            melt=1 + part * (self.melt - 1),
            tariff=t0 + part * (self.tariff - t0),
            export_tax=e0 + part * (self.export_tax - e0),
            productivity_nj=self.productivity_nj**part,
            labour_n=self.labour_n**part,
            capacity_nj=self.capacity_nj**part,
            transfer_n=part * self.transfer_n,
            statutory=None,
            route_groups=tuple(r.partly(part) for r in self.route_groups),
        )

    def _everywhere(self, base_jni: Array, values: Array) -> Array:
        if not len(self.cell):
            return base_jni
        out = base_jni.copy()
        out.ravel()[self.cell] = values
        return out


def unshocked(economy: Economy) -> Wedges:
    """The wedges of the base year itself."""
    J, N = economy.shape
    none = np.zeros(0)
    return Wedges(
        economy,
        np.zeros(0, dtype=np.intp),
        none,
        none,
        none,
        none,
        productivity_nj=np.ones((N, J)),
        labour_n=np.ones(N),
        capacity_nj=np.ones((N, J)),
        transfer_n=np.zeros(N),
    )


def carry(economy: Economy, wedges: Wedges) -> Array:
    """φ of every flow but for routes, 0 where an embargo is, (J, N, N)."""
    phi = np.ones_like(economy.share_jni)
    phi.ravel()[wedges.cell] = wedges.carry
    return phi
