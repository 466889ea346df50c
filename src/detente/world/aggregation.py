"""Countries or goods merged, with every total kept: sales, use, value added, tax revenue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from detente._near import did_you_mean
from detente._types import Array, Index
from detente.world.errors import UnknownLabel
from detente.world.world import World

Places = Index


def aggregate_countries(world: World, mapping: Mapping[str, str]) -> World:
    """The same world with countries merged.

    Trade between merged countries becomes domestic and keeps its tariff revenue, so that the
    tariff and export tax of each new flow are averages with trade as weights. Final substitution
    is averaged with final spending as weights. The accounts of a merged country are the sums.

    Args:
        world: the base year.
        mapping: from a country's code to the new one; countries not named stay as they are.

    Returns:
        World: countries in the order in which their first member stood.

    Raises:
        UnknownLabel: for every code that the world does not have.

    Example:
        >>> from detente.world import aggregate_countries, synthetic
        >>> aggregate_countries(synthetic(3, 2, seed=1), {"C001": "NEW", "C003": "NEW"}).countries
        ('NEW', 'C002')
    """
    labels, to = _merged(world.countries, mapping, "country", world.name)
    taxes = _taxes(
        _sum(_sum(world.trade_jni, to, 1), to, 2),
        *(
            _sum(_sum(a, to, 1), to, 2)
            for a in (world.trade_jni * (1 + world.export_tax_jni), world.purchaser_jni)
        ),
        *(_mean(_mean(a, to, 1), to, 2) for a in (world.export_tax_jni, world.tariff_jni)),
    )
    return replace(
        world,
        countries=labels,
        trade_jni=taxes.trade_jni,
        tariff_jni=taxes.tariff_jni,
        export_tax_jni=taxes.export_tax_jni,
        intermediate_nkj=_sum(world.intermediate_nkj, to, 0),
        final_nj=_sum(world.final_nj, to, 0),
        labour_nj=_sum(world.labour_nj, to, 0),
        capital_nj=_sum(world.capital_nj, to, 0),
        resource_nj=_sum(world.resource_nj, to, 0),
        final_substitution_n=_weighted(world.final_substitution_n, world.income_n, to),
        specification=world.specification.merged(countries=to),
        stand_ins=tuple(
            dict.fromkeys(
                new
                for c in world.stand_ins
                if (new := mapping.get(c, c)) not in world.countries or new in world.stand_ins
            )
        ),
        notes=(*world.notes, *_note(world.countries, to, labels, "Countries")),
    )


def aggregate_goods(world: World, mapping: Mapping[str, str]) -> World:
    """The same world with goods merged.

    The trade elasticity of a merged good is the average with cross-border trade as weights (its
    spending, if it is not traded); that is how trade answers to a cost common to its members.
    Input substitution is averaged with sales, tariffs and export taxes with trade as weights, so
    that their revenue is kept.

    Args:
        world: the base year.
        mapping: from a good's name to the new one; goods not named stay as they are.

    Returns:
        World: goods in the order in which their first member stood.

    Raises:
        UnknownLabel: for every name that the world does not have.
    """
    labels, to = _merged(world.goods, mapping, "good", world.name)
    taxes = _taxes(
        _sum(world.trade_jni, to, 0),
        _sum(world.trade_jni * (1 + world.export_tax_jni), to, 0),
        _sum(world.purchaser_jni, to, 0),
        _mean(world.export_tax_jni, to, 0),
        _mean(world.tariff_jni, to, 0),
    )
    own_j = np.trace(world.purchaser_jni, axis1=1, axis2=2)
    spent_j = world.spending_jn.sum(axis=1)
    abroad_j = np.maximum(spent_j - own_j, 0.0)
    traded = _sum(abroad_j, to, 0)[to] > 1e-12 * spent_j
    return replace(
        world,
        goods=labels,
        trade_jni=taxes.trade_jni,
        tariff_jni=taxes.tariff_jni,
        export_tax_jni=taxes.export_tax_jni,
        intermediate_nkj=_sum(_sum(world.intermediate_nkj, to, 1), to, 2),
        final_nj=_sum(world.final_nj, to, 1),
        labour_nj=_sum(world.labour_nj, to, 1),
        capital_nj=_sum(world.capital_nj, to, 1),
        resource_nj=_sum(world.resource_nj, to, 1),
        trade_elasticity_j=_weighted(
            world.trade_elasticity_j, np.where(traded, abroad_j, spent_j), to
        ),
        input_substitution_j=_weighted(world.input_substitution_j, world.sales_jn.sum(axis=1), to),
        specification=world.specification.merged(goods=to),
        notes=(*world.notes, *_note(world.goods, to, labels, "Goods")),
    )


@dataclass(frozen=True)
class _Taxed:
    """Merged flows with the taxes that raise the same revenue, each (J, N, N)."""

    trade_jni: Array
    export_tax_jni: Array
    tariff_jni: Array


def _taxes(
    trade: Array, with_export_tax: Array, purchaser: Array, plain_export_tax: Array, plain: Array
) -> _Taxed:
    """Ad-valorem rates from sums of values; without trade, the plain mean of the members'."""
    live = trade > 0
    export_tax = np.divide(with_export_tax, trade, out=1 + plain_export_tax, where=live) - 1
    tariff = np.divide(purchaser, with_export_tax, out=1 + plain, where=live) - 1
    # A tariff of less than a billionth below zero is rounding.
    return _Taxed(trade, export_tax, np.where(tariff < -1e-9, tariff, np.maximum(tariff, 0.0)))


def _merged(
    labels: tuple[str, ...], mapping: Mapping[str, str], what: str, world: str
) -> tuple[tuple[str, ...], Places]:
    """The new labels, and for each old position the new one."""
    unknown = []
    for label in mapping:
        if label not in labels:
            hint = did_you_mean(label, labels, "")
            text = f"The world {world or '(unnamed)'} has no {what} {label!r}. {hint}"
            unknown.append(text.rstrip())
    if unknown:
        raise UnknownLabel(unknown)
    after = [mapping.get(label, label) for label in labels]
    new = tuple(dict.fromkeys(after))
    return new, np.array([new.index(label) for label in after])


def _sum(value: Array, to: Places, axis: int) -> Array:
    """Sums over the members of each new label along one axis."""
    out = np.zeros((*value.shape[:axis], int(to.max()) + 1, *value.shape[axis + 1 :]))
    np.add.at(np.moveaxis(out, axis, 0), to, np.moveaxis(value, axis, 0))
    return out


def _mean(value: Array, to: Places, axis: int) -> Array:
    count = np.bincount(to).astype(np.float64)
    return _sum(value, to, axis) / count.reshape((-1, *[1] * (value.ndim - axis - 1)))


def _weighted(value: Array, weight: Array, to: Places) -> Array:
    total = _sum(weight, to, 0)
    mean = np.divide(_sum(value * weight, to, 0), total, out=_mean(value, to, 0), where=total > 0)
    single = np.bincount(to)[to] == 1
    mean[to[single]] = value[single]
    return mean


def _note(old: tuple[str, ...], to: Places, new: tuple[str, ...], what: str) -> list[str]:
    merged = []
    for position, label in enumerate(new):
        from_ = [old[m] for m in np.nonzero(to == position)[0]]
        if from_ != [label]:
            merged.append(f"{label} from {', '.join(from_)}")
    return [f"{what} merged: {'; '.join(merged)}."] if merged else []
