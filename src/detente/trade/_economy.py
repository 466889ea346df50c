"""The economy as the solver sees it: shares and levels of the base year at one horizon.

`Economy` is the result and `economy_of` makes it, of arrays only. `namespace` lets an array library
other than NumPy serve: an array that follows the Python array API says which namespace its
functions stand in (https://data-apis.org/array-api).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Array, Index, Mask

if TYPE_CHECKING:
    from detente.trade.horizons import Horizon
    from detente.world import World


def namespace(array: Any) -> Any:
    """The library of an array; NumPy for its own."""
    return array.__array_namespace__()


def packed(array: Any) -> Any:
    """The array laid out along its axes, as products of NumPy ask for."""
    return np.ascontiguousarray(array) if isinstance(array, np.ndarray) else array


def of_goods(array: Any, group: SubstitutionGroup, axis: int) -> Any:
    """The goods of a group along an axis."""
    if isinstance(group.goods, slice):
        return array[(slice(None),) * axis + (group.goods, ...)]
    xp = namespace(array)
    return xp.take(array, xp.asarray(group.goods), axis=axis)


def all_goods(parts: Sequence[Any], groups: Sequence[SubstitutionGroup], axis: int) -> Any:
    """What groups of goods have along an axis, in the order of the goods, packed."""
    if len(parts) == 1:
        return packed(parts[0])
    shape = list(parts[0].shape)
    shape[axis] = size = sum(part.shape[axis] for part in parts)
    if isinstance(parts[0], np.ndarray):
        # Written to their places once; to concatenate and sort them would be two copies more.
        out = np.empty(shape)
        for part, group in zip(parts, groups, strict=True):
            out[(slice(None),) * axis + (group.goods,)] = part
        return out
    xp = namespace(parts[0])
    order = np.argsort(np.concatenate([np.arange(size)[group.goods] for group in groups]))
    return xp.take(xp.concat(parts, axis=axis), xp.asarray(order), axis=axis)


@dataclass(frozen=True, eq=False)
class SubstitutionGroup:
    """The producers that share one elasticity of input substitution, and their input shares.

    Attributes:
        elasticity: ε.
        goods: what they make; a slice where that stands side by side.
        input_share_nkj: γ.
        labour_share_nj: β.
        fixed_share_nj: f.
    """

    elasticity: float
    goods: slice | Index
    input_share_nkj: Array
    labour_share_nj: Array
    fixed_share_nj: Array


@dataclass(frozen=True, eq=False)
class Economy:
    """Shares and levels of the base year, in the notation of Caliendo & Parro (2015).

    Attributes:
        share_jni: π, spending shares by origin at purchaser prices; sums to 1 over i.
        tariff_jni: t, ad valorem.
        export_tax_jni: e, ad valorem.
        input_share_nkj: γ, cost share of input k in n's good j.
        labour_share_nj: β, cost share of the factor that moves between sectors.
        fixed_share_nj: f, cost share of the factor that is fixed in its sector; γ, β, f sum to 1.
        final_share_nj: α; sums to 1 over j.
        trade_elasticity_j: θ.
        input_substitution_j: ε.
        final_substitution_n: σ.
        labour_n: L, income of the mobile factor, USD million.
        fixed_nj: F, income of the fixed factors, USD million.
        transfer_n: D, USD million.
        spending_jn: X, USD million.
        sales_jn: Y, USD million.
        labour_supply_elasticity_n: κ; this and what follows is None where the base year's
            specification leaves it out, and nothing is then computed for it.
        scale_elasticity_j: γ.
        profit_share_j: 1 − 1/μ, of producers' receipts.
        profit_owner_n: of the world's profits, what each country owns; None where they stay home.
        marketing_share_jn: ν; `labour_n` holds what marketing pays, the cost shares do not.
        market_size_elasticity_jn: η.
        tariff_pass_through_jn: b.
        absorption: who bears what tariffs do not pass through.
        tax_revenue_n: revenue of trade taxes in the base year, USD million, where what comes on
            top of it lowers a tax on wages.
    """

    share_jni: Array
    tariff_jni: Array
    export_tax_jni: Array
    input_share_nkj: Array
    labour_share_nj: Array
    fixed_share_nj: Array
    final_share_nj: Array
    trade_elasticity_j: Array
    input_substitution_j: Array
    final_substitution_n: Array
    labour_n: Array
    fixed_nj: Array
    transfer_n: Array
    spending_jn: Array
    sales_jn: Array
    labour_supply_elasticity_n: Array | None = None
    scale_elasticity_j: Array | None = None
    profit_share_j: Array | None = None
    profit_owner_n: Array | None = None
    marketing_share_jn: Array | None = None
    market_size_elasticity_jn: Array | None = None
    tariff_pass_through_jn: Array | None = None
    absorption: str = "exporter"
    tax_revenue_n: Array | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(J, N): the number of goods and of countries."""
        return self.spending_jn.shape[0], self.spending_jn.shape[1]

    @cached_property
    def groups(self) -> tuple[SubstitutionGroup, ...]:
        """Producers by input substitution, in the order of their first goods."""
        found = [
            np.nonzero(self.input_substitution_j == value)[0]
            for value in np.unique(self.input_substitution_j)
        ]
        return tuple(self._group(goods) for goods in sorted(found, key=lambda goods: goods[0]))

    def _group(self, at: Index) -> SubstitutionGroup:
        together = at[-1] - at[0] + 1 == len(at)
        goods = slice(int(at[0]), int(at[-1]) + 1) if together else at
        return SubstitutionGroup(
            elasticity=float(self.input_substitution_j[at[0]]),
            goods=goods,
            input_share_nkj=np.ascontiguousarray(self.input_share_nkj[:, :, goods]),
            labour_share_nj=np.ascontiguousarray(self.labour_share_nj[:, goods]),
            fixed_share_nj=np.ascontiguousarray(self.fixed_share_nj[:, goods]),
        )

    @cached_property
    def _flows_jni(self) -> Mask:
        return np.asarray((self.share_jni > 0) & (self.spending_jn > 0)[:, :, None])

    @cached_property
    def buyers_ji(self) -> Index:
        """How many markets buy each good of each origin, (J, N)."""
        return np.asarray(self._flows_jni.sum(axis=1), dtype=np.intp)

    @cached_property
    def sellers_jn(self) -> Index:
        """From how many origins each market buys each good, (J, N)."""
        return np.asarray(self._flows_jni.sum(axis=2), dtype=np.intp)

    @cached_property
    def flows_ni(self) -> Index:
        """How many goods each market buys from each origin, (N, N)."""
        return np.asarray(self._flows_jni.sum(axis=0), dtype=np.intp)

    @cached_property
    def linked(self) -> bool:
        """Whether every country sells to every other, directly or through others' purchases."""
        return bool(reach_of(self.flows_ni > 0).all())


def reach_of(links: Mask) -> Mask:
    """reach[i, n]: a chain of links leads from i to n.

    Squaring a matrix of a hundred countries takes microseconds; scipy's graph routines take a
    second to import, which a brief would wait for.
    """
    reach = links | np.eye(len(links), dtype=bool)
    while True:
        further = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
        if (further == reach).all():
            return reach
        reach = further


def economy_of(world: World, horizon: Horizon) -> Economy:
    """What the solver needs of a base year when capital is as mobile as the horizon says.

    A resource is fixed at every horizon; of capital the horizon's share is fixed in its sector and
    the rest moves with labour.
    """
    fixed = world.resource_nj + horizon.fixed_capital_share * world.capital_nj
    mobile = world.value_added_nj - fixed
    cost = world.intermediate_nkj.sum(axis=1) + world.value_added_nj
    given = world.specification
    marketing, profit = world.marketing_jn.T, np.zeros(1)
    if given.marketing_share_jn is not None:
        mobile, cost = mobile - marketing, cost - marketing
    if given.mark_up_j is not None:
        profit = (1 - 1 / given.mark_up_j) * (world.receipts_jn.T - marketing)
        added = mobile + fixed
        kept = np.where(added > 0, 1 - profit / np.where(added > 0, added, 1.0), 1.0)
        mobile, fixed, cost = kept * mobile, kept * fixed, cost - profit
    produced = cost > 0
    safe = np.where(produced, cost, 1.0)
    final_total = world.income_n[:, None]
    return Economy(
        share_jni=world.share_jni,
        tariff_jni=world.tariff_jni,
        export_tax_jni=world.export_tax_jni,
        input_share_nkj=world.intermediate_nkj / safe[:, None, :],
        # An idle producer costs what labour costs: nothing depends on it until it sells.
        labour_share_nj=np.where(produced, mobile / safe, 1.0),
        fixed_share_nj=fixed / safe,
        final_share_nj=world.final_nj / np.where(final_total > 0, final_total, 1.0),
        trade_elasticity_j=world.trade_elasticity_j * horizon.trade_elasticity_factor,
        input_substitution_j=np.minimum(world.input_substitution_j, horizon.input_substitution),
        final_substitution_n=world.final_substitution_n,
        labour_n=_labour(mobile, world),
        fixed_nj=fixed,
        transfer_n=world.transfer_n,
        spending_jn=world.spending_jn,
        sales_jn=_production(world),
        labour_supply_elasticity_n=given.labour_supply_elasticity_n,
        scale_elasticity_j=given.scale_elasticity_j,
        profit_share_j=None if given.mark_up_j is None else 1 - 1 / given.mark_up_j,
        profit_owner_n=_owners(profit.sum(axis=-1)) if given.profits == "world" else None,
        marketing_share_jn=given.marketing_share_jn,
        market_size_elasticity_jn=given.market_size_elasticity_jn,
        tariff_pass_through_jn=given.tariff_pass_through_jn,
        absorption=given.absorption,
        tax_revenue_n=world.tariff_revenue_n + world.export_tax_revenue_n
        if given.revenue == "income_tax" and given.labour_supply_elasticity_n is not None
        else None,
    )


def _labour(mobile_nj: Array, world: World) -> Array:
    """What the mobile factor earns in production and by marketing, (N,)."""
    total: Array = mobile_nj.sum(axis=1)
    if world.specification.marketing_share_jn is not None:
        total = total + world.marketing_jn.sum(axis=0)
    return total


def _production(world: World) -> Array:
    """What producers receive, without what markets pay their own labour, (J, N)."""
    if world.specification.marketing_share_jn is None:
        return world.sales_jn
    return np.asarray(world.receipts_jn - world.marketing_jn)


def _owners(profit_n: Array) -> Array | None:
    """Which part of the world's profits each country has in the base year, (N,)."""
    total = profit_n.sum()
    return None if profit_n.ndim == 0 or total <= 0 else np.asarray(profit_n / total)
