"""A solution: the unknowns of a solved shock as one vector, its levels and its certificate.

`Solution` is the result and `finished` makes it from where iterations ended. `Levels` holds values
in USD million, and `Layout` says which part of the vector is what.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente._types import Array, Index, Mask
from detente.trade._anderson import FixedPoints
from detente.trade._economy import Economy
from detente.trade._evaluation import Point, Unknowns, evaluate
from detente.trade._system import System
from detente.trade._wedges import Wedges
from detente.trade.certificate import Certificate, all_violations, certify
from detente.trade.routes import Choice


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels that belong to a solution, one shock; USD million unless noted.

    Attributes:
        log_cost_jn: log ĉ.
        sales_jn: Y'.
        income_n: I'.
        tariff_revenue_n: T'.
        export_tax_revenue_n: of each origin.
        transit_revenue_n: ΔR, fee income less the base year's.
        transfer_n: D'.
        log_final_price_n: log of the final price index P̂ᶠ.
        choices: how each group of routes chooses (with a last axis of one).
        profit_n: what each country has of profits.
    """

    log_cost_jn: Array
    sales_jn: Array
    income_n: Array
    tariff_revenue_n: Array
    export_tax_revenue_n: Array
    transit_revenue_n: Array
    transfer_n: Array
    log_final_price_n: Array
    choices: tuple[Choice, ...]
    profit_n: Array


def levels_of(point: Point, b: int) -> Levels:
    """The levels of one of the shocks that were evaluated together."""
    return Levels(
        log_cost_jn=point.log_cost_jnb[:, :, b],
        sales_jn=point.sales_jnb[:, :, b],
        income_n=point.income_nb[:, b],
        tariff_revenue_n=point.tariff_revenue_nb[:, b],
        export_tax_revenue_n=point.export_tax_revenue_nb[:, b],
        transit_revenue_n=point.transit_revenue_nb[:, b],
        transfer_n=point.transfer_nb[:, b],
        log_final_price_n=point.log_final_price_nb[:, b],
        choices=tuple(
            Choice(c.cost_b[[b]], c.share_rb[:, [b]], c.fee_b[[b]]) for c in point.choices
        ),
        profit_n=np.zeros(len(point.income_nb))
        if point.profit_nb is None
        else point.profit_nb[:, b],
    )


@dataclass(frozen=True, eq=False)
class Solution:
    """Prices and levels at which every market clears, with the certificate.

    Attributes:
        log_wage_n: log ŵ.
        log_rent_nj: log r̂; 0 where nothing is fixed.
        log_price_jn: log P̂.
        spending_jn: X', USD million.
        log_congestion_q: log congestion cost of the routes with a capacity.
        log_employment_m: log change of the mobile factor's supply beyond its endowment, by country
            where it is elastic, else empty.
        log_scale_l: log change of the size of producers, (J N,) where it counts, else empty.
        point: the levels that belong to them.
        together: the base year under the shocks that were solved together.
        row: which of them this is.
        certificate: how exactly it holds.
        unknowns: the solver's vector, to start a neighbouring problem from.
    """

    log_wage_n: Array
    log_rent_nj: Array
    log_price_jn: Array
    spending_jn: Array
    log_congestion_q: Array
    log_employment_m: Array
    log_scale_l: Array
    point: Levels
    together: System
    row: int
    certificate: Certificate
    unknowns: Array

    @property
    def wedges(self) -> Wedges:
        """This shock as arrays."""
        return self.together.wedges[self.row]

    @cached_property
    def system(self) -> System:
        """The base year under this shock alone."""
        return self.together.some(np.array([self.row]))


@dataclass(frozen=True, eq=False)
class Layout:
    """How the unknowns lie in one vector: logs of ŵ, r̂, P̂, X'/X, crowding, employment, scale."""

    economy: Economy
    rents: int
    crowded: int

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        J, N = self.economy.shape
        return N + self.rents + 2 * J * N + self.crowded + self.employed + self.scaled

    @property
    def employed(self) -> int:
        """How many countries have a supply of the mobile factor of their own making."""
        elastic = self.economy.labour_supply_elasticity_n is not None
        return self.economy.shape[1] if elastic else 0

    @property
    def scaled(self) -> int:
        """How many sizes of producers are unknown."""
        J, N = self.economy.shape
        return 0 if self.economy.scale_elasticity_j is None else J * N

    @cached_property
    def _spent(self) -> tuple[Array, Mask]:
        """What changes of spending are relative to, (J, N, 1); where nothing is spent, (J, N)."""
        spent = self.economy.spending_jn
        return np.where(spent > 0, spent, 1.0)[:, :, None], spent <= 0

    def pack(self, x: Unknowns) -> Array:
        """Rows of vectors, (B, U)."""
        B = x.log_wage_nb.shape[1]
        divisor, nothing = self._spent
        ratio = x.spending_jnb / divisor
        if nothing.any():
            ratio[nothing] = 1.0
        change = np.log(np.maximum(ratio, 1e-300))
        parts = [
            x.log_wage_nb,
            x.log_rent_kb,
            x.log_price_jnb.reshape(-1, B),
            change.reshape(-1, B),
            x.log_crowding_qb,
            x.log_employment_mb,
            x.log_scale_lb,
        ]
        return np.concatenate(parts).T

    def unpack(self, rows: Array) -> Unknowns:
        """The unknowns with the shock as last axis."""
        J, N = self.economy.shape
        B = len(rows)
        a, b = N, N + self.rents
        c, d = b + J * N, b + 2 * J * N
        columns = np.ascontiguousarray(rows.T)
        return Unknowns(
            columns[:a],
            columns[a:b],
            columns[b:c].reshape(J, N, B),
            np.exp(columns[c:d].reshape(J, N, B)) * self.economy.spending_jn[:, :, None],
            columns[d : d + self.crowded],
            columns[d + self.crowded : d + self.crowded + self.employed],
            columns[d + self.crowded + self.employed :],
        )


def layout_of(system: System) -> Layout:
    """The layout of a system's unknowns."""
    return Layout(system.economy, len(system.fixed_at[0]), len(system.rooms.level_q))


def finished(
    system: System, layout: Layout, found: FixedPoints, tolerance: float, spent: Index
) -> list[Solution]:
    """The solutions, of what did not converge too: their certificates say which are good.

    Args:
        system: the shocks, B.
        layout: of their unknowns.
        found: where their iterations ended.
        tolerance: largest relative violation that a certificate may show.
        spent: evaluations before those of `found`, (B,).
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        new = layout.unpack(found.image)
        _, point = evaluate(system, new)
        B = len(found.image)
        rent = np.zeros((*system.economy.fixed_share_nj.shape, B))
        rent[system.fixed_at] = new.log_rent_kb
        parts = (
            new.log_wage_nb,
            rent,
            new.log_price_jnb,
            new.spending_jnb,
            new.log_crowding_qb,
            new.log_employment_mb,
            new.log_scale_lb,
        )
        gaps = {
            k: np.where(np.isfinite(v), v, np.inf)
            for k, v in all_violations(
                system, *parts[:5], point.log_final_price_nb, *parts[5:]
            ).items()
        }
    out = []
    for b in range(B):
        certificate = certify(
            {k: v[..., b] for k, v in gaps.items()},
            tolerance=tolerance,
            evaluations=int(spent[b] + found.evaluations[b]) + 1,
            restarts=int(found.restarts[b]),
        )
        levels = levels_of(point, b)
        wage, rents, price, spending, crowded, employed, scaled = (p[..., b] for p in parts)
        out.append(
            Solution(
                wage,
                rents,
                price,
                spending,
                crowded,
                employed,
                scaled,
                levels,
                system,
                b,
                certificate,
                found.image[b],
            )
        )
    return out
