"""A base year under a shock, with everything that the shock fixes computed once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.trade.economy import Array, Economy

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Wedges:
    """A shock as arrays: what changes, everything else staying as in the base year.

    Attributes:
        melt_jni: d̂ to the power −θ; exactly 0 for an embargo, the leakage where it leaks.
        tariff_jni: t', new levels.
        export_tax_jni: e', new levels.
        productivity_nj: Â.
        labour_n: L̂, change of the mobile factor.
        capacity_nj: V̂, change of the fixed factors.
        transfer_n: added to D, USD million.
    """

    melt_jni: Array
    tariff_jni: Array
    export_tax_jni: Array
    productivity_nj: Array
    labour_n: Array
    capacity_nj: Array
    transfer_n: Array


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
    """φ = (d̂ (1+t')(1+e') / ((1+t)(1+e)))^(−θ), exactly 0 where an embargo is, (J, N, N)."""
    before = (1 + economy.tariff_jni) * (1 + economy.export_tax_jni)
    after = (1 + wedges.tariff_jni) * (1 + wedges.export_tax_jni)
    changed = np.nonzero(after != before)
    if not len(changed[0]):
        return wedges.melt_jni
    phi = wedges.melt_jni.copy()
    theta = economy.trade_elasticity_j[changed[0]]
    phi[changed] *= (after[changed] / before[changed]) ** -theta
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
    """A base year under a shock, with every product precomputed.

    Attributes:
        economy: the base year.
        wedges: the shock.
        carried_jni: A = πφ.
        landed_jni: A/((1+t')(1+e')), what reaches the producer.
        tariff_share_jni: A t'/(1+t'), or None where no tariff is left.
        export_tax_share_jni: A e'/((1+t')(1+e')), or None.
        groups: producers by input substitution.
        fixed_at: (n, j) positions of fixed factors that have a buyer; without one, their rent is 0.
        log_productivity_nj: log Â.
        labour_supply_n: L̂ L at base wages, USD million.
        fixed_supply: V̂ F at `fixed_at`.
        factor_income_c: factor income of the base by trading component, the numeraire.
        transfer_rule: `fixed`, `proportional` or `zero`.
        component_n: which trading component a country belongs to. Prices in components that do
            not trade with each other have no common scale: each has its own numeraire.
    """

    economy: Economy
    wedges: Wedges
    carried_jni: Array
    landed_jni: Array
    tariff_share_jni: Array | None
    export_tax_share_jni: Array | None
    groups: tuple[SubstitutionGroup, ...]
    fixed_at: tuple[Index, Index]
    log_productivity_nj: Array
    labour_supply_n: Array
    fixed_supply: Array
    factor_income_c: Array
    transfer_rule: str
    component_n: Index


def prepare(
    economy: Economy,
    wedges: Wedges,
    *,
    transfer_rule: str = "fixed",
    component_n: Index | None = None,
) -> System:
    """Precompute what a shock fixes."""
    carried = economy.share_jni * carry(economy, wedges)
    t, e = wedges.tariff_jni, wedges.export_tax_jni
    taxed, export_taxed = bool(t.any()), bool(e.any())
    net = carried / (1 + t) if taxed else carried
    landed = net / (1 + e) if export_taxed else net
    wanted = (landed * (economy.spending_jn > 0)[:, :, None]).sum(axis=1).T > 0
    at_n, at_j = np.nonzero((economy.fixed_nj > 0) & wanted)
    component: Index = np.zeros(economy.shape[1], dtype=np.intp)
    if component_n is not None:
        component = component_n
    base_income = economy.labour_n + economy.fixed_nj.sum(axis=1)
    supply = wedges.labour_n * economy.labour_n
    fixed = (wedges.capacity_nj * economy.fixed_nj)[at_n, at_j]
    return System(
        economy=economy,
        wedges=wedges,
        carried_jni=carried,
        landed_jni=landed,
        tariff_share_jni=net * t if taxed else None,
        export_tax_share_jni=landed * e if export_taxed else None,
        groups=_groups(economy),
        fixed_at=(at_n, at_j),
        log_productivity_nj=np.log(wedges.productivity_nj),
        labour_supply_n=supply,
        fixed_supply=fixed,
        factor_income_c=np.asarray(np.bincount(component, base_income), dtype=np.float64),
        transfer_rule=transfer_rule,
        component_n=component,
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
