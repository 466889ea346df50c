"""The parent's bilateral flows divided into the commodity's and the rest, totals held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.world.errors import WorldError
from detente.world.world import Array, World

#: Largest relative gap in a market's or producer's total after reallocation.
_CLOSED = 1e-12
_ACCEPTED = 1e-9
_ROUNDS = 20_000
#: Rounds in which the gap must fall by a tenth, or the totals cannot be met.
_PATIENCE = 500


@dataclass(frozen=True)
class Flows:
    """Flows of a parent and the commodity taken out of it, market n from origin i.

    Attributes:
        parent_ni: what remains of the parent, (N, N).
        sales_n: the commodity's sales of each origin, net of taxes, (N,).
        spending_n: the commodity's purchases of each market at purchaser values, (N,).
        extra_revenue_n: tariff and export tax that reallocated flows add in a market, (N,).
        notes: which cells were raised, and by how much.
    """

    parent_ni: Array
    sales_n: Array
    spending_n: Array
    extra_revenue_n: Array
    notes: tuple[str, ...]


def split_flows(world: World, name: str, p: int, flow_ni: Array, keep: float) -> Flows:
    """Take a commodity's flows out of its parent's, keeping every market's and producer's total.

    Where a cell of the parent is too small, it is raised to hold the commodity beside `keep` of
    what it was; the parent's flows are then scaled by row and column (RAS) to the old totals net
    of tariff. Where a market's tariffs differ between origins, its revenue moves with the flows,
    and its income and final use by as much.

    Args:
        world: the base year.
        name: the commodity.
        p: position of the parent.
        flow_ni: the commodity's flows, (N, N).
        keep: share of each of its cells that the parent keeps, at least.

    Raises:
        WorldError: if a producer sells, or a market buys, too little of the parent in total.
    """
    whole = world.trade_jni[p]
    wedge = (1 + world.export_tax_jni[p]) * (1 + world.tariff_jni[p])
    _room_for(world, name, p, whole, wedge, flow_ni, keep)
    rest = whole - flow_ni
    least = keep * whole
    raised = np.argwhere((rest < least) & (flow_ni > 0))
    notes: list[str] = []
    if len(raised):
        prior = np.maximum(rest, least)
        rest = _ras(prior, rest.sum(axis=1), rest.sum(axis=0), name, world)
        notes = _notes(world, name, p, whole, flow_ni, rest, raised.tolist())
    extra = ((rest + flow_ni - whole) * wedge).sum(axis=1) if raised.size else np.zeros(len(whole))
    short = np.nonzero(world.final_nj[:, p] + extra < 0)[0]
    if len(short):
        raise WorldError(
            f"{name}: with its flows, {world.countries[short[0]]} would pay less tariff on "
            f"{world.goods[p]} by USD million {-extra[short[0]]:.6g}, more than its final use. "
            "Lower its flows there or choose a larger parent."
        )
    return Flows(
        parent_ni=rest,
        sales_n=flow_ni.sum(axis=0),
        spending_n=(flow_ni * wedge).sum(axis=1),
        extra_revenue_n=extra,
        notes=tuple(notes),
    )


def _room_for(
    world: World, name: str, p: int, whole: Array, wedge: Array, flow: Array, keep: float
) -> None:
    faults = []
    good = world.goods[p]
    for axis, verb in ((0, "sells"), (1, "buys")):
        ask, have = flow.sum(axis=axis), whole.sum(axis=axis)
        ask_at, have_at = (flow * wedge).sum(axis=axis), (whole * wedge).sum(axis=axis)
        bad = np.nonzero((ask > (1 - keep) * have) | (ask_at > (1 - keep) * have_at))[0]
        faults += [
            f"{name}: {world.countries[n]} {verb} USD million {ask[n]:.6g} of it but only "
            f"{have[n]:.6g} of {good}, its parent. Lower the flow or choose a larger parent."
            for n in bad
        ]
    if faults:
        raise WorldError(faults)


def _ras(prior: Array, row: Array, column: Array, name: str, world: World) -> Array:
    """The matrix of the prior's pattern, rows and columns scaled, that has these totals."""
    r, c = np.ones_like(row), np.ones_like(column)
    floor = np.maximum(row, 1e-9 * row.sum())
    gap_n, earlier = np.full(len(row), np.inf), np.inf
    sold = prior @ c
    for step in range(_ROUNDS):
        r = np.divide(row, sold, out=r, where=sold > 0)
        bought = r @ prior
        c = np.divide(column, bought, out=c, where=bought > 0)
        sold = prior @ c
        gap_n = np.abs(r * sold - row) / floor
        gap = float(gap_n.max())
        if gap < _CLOSED:
            break
        if step % _PATIENCE == _PATIENCE - 1:
            if gap > 0.9 * earlier:
                break
            earlier = gap
    if gap_n.max() > _ACCEPTED:
        n = int(gap_n.argmax())
        raise WorldError(
            f"{name}: its flows cannot be fitted into the parent's totals; the largest gap, "
            f"{gap_n[n]:.1e}, is in {world.countries[n]}. Lower its flows there or choose a larger "
            "parent."
        )
    return r[:, None] * prior * c


def _notes(
    world: World,
    name: str,
    p: int,
    whole: Array,
    flow: Array,
    rest: Array,
    raised: list[list[int]],
) -> list[str]:
    now = rest + flow
    order = sorted(raised, key=lambda c: -(now[c[0], c[1]] - whole[c[0], c[1]]))
    cells = "; ".join(
        f"{world.countries[i]} to {world.countries[n]} {whole[n, i]:.5g} to {now[n, i]:.5g}"
        for n, i in order
    )
    change = np.abs(now - whole)
    change[tuple(np.transpose(raised))] = 0.0
    relative = np.divide(change, whole, out=np.zeros_like(change), where=whole > 1.0)
    n, i = np.unravel_index(int(relative.argmax()), relative.shape)
    return [
        f"{name}: {len(raised)} flow(s) exceed what {world.goods[p]} records between the two "
        f"countries; that cell was raised, USD million: {cells}.",
        f"{name}: to hold each country's totals, its other flows of {world.goods[p]} were scaled; "
        f"in all USD million {change.sum() / 2:.5g} moved, the largest change of a flow above 1 "
        f"million being {relative[n, i]:.2%} ({world.countries[i]} to {world.countries[n]}).",
    ]
