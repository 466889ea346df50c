"""Splitting a commodity out of its sector, with its own flows, users, costs and fixed resource.

`split_commodity` returns a world in which the commodity is a good. `Request` is what was asked for,
and `checked` names every fault of it at once. `split_flows` divides the parent's bilateral flows
into the commodity's and the rest, with every total held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from detente._near import did_you_mean
from detente._types import Array
from detente.world.accounts import SHOWN
from detente.world.errors import WorldError
from detente.world.world import World

#: The name under which final use stands among a commodity's users.
FINAL = "final"


@dataclass(frozen=True)
class Request:
    """What is asked of a split, as arrays.

    Attributes:
        flow_ni: the commodity's flows, market n from origin i, (N, N).
        user_share_u: share of each user, final use last, sums to 1, (J + 1,).
        labour_n: labour's share of the commodity's sales, (N,).
        capital_n: capital's share, (N,).
        resource_n: the fixed resource's share, (N,).
        input_weight_k: relative weight of each input, (J,), or None for the parent's mix.
    """

    flow_ni: Array
    user_share_u: Array
    labour_n: Array
    capital_n: Array
    resource_n: Array
    input_weight_k: Array | None

    @property
    def factor_n(self) -> Array:
        """What labour, capital and the fixed resource get of the commodity's sales, (N,)."""
        return self.labour_n + self.capital_n + self.resource_n


def checked(
    world: World,
    name: str,
    trade_ni: ArrayLike,
    *,
    users: Mapping[str, float],
    factors: tuple[ArrayLike, ArrayLike, ArrayLike],
    inputs: Mapping[str, float] | None,
    elasticities: tuple[float, float],
) -> Request:
    """The request as arrays.

    Args:
        world: the base year.
        name: the new good.
        trade_ni: its flows.
        users: shares of its users.
        factors: shares of labour, capital and resource in its sales.
        inputs: weights of its inputs, or None.
        elasticities: its trade elasticity and input substitution.

    Raises:
        WorldError: every fault.
    """
    faults: list[str] = []
    N = len(world.countries)
    if not name or name in world.goods or name == FINAL:
        faults.append(f"The name {name!r} is taken; choose another for the new good.")
    flow = np.array(trade_ni, dtype=np.float64)
    if flow.shape != (N, N):
        faults.append(f"{name}: trade_ni has shape {flow.shape}, expected {(N, N)}.")
    elif not np.isfinite(flow).all() or (flow < 0).any():
        n, i = np.argwhere(~np.isfinite(flow) | (flow < 0))[0]
        faults.append(
            f"{name}: the flow from {world.countries[i]} to {world.countries[n]} is {flow[n, i]}; "
            "it must be a number of 0 or more."
        )
    elif not flow.any():
        faults.append(f"{name}: every flow is zero; give at least one.")
    labels = (*world.goods, FINAL)
    shares, wrong = _weights(name, "users", users, labels)
    if not wrong and abs(shares.sum() - 1) > 1e-6:
        wrong = [f"{name}: the shares of users sum to {shares.sum():g}, expected 1."]
    faults += wrong
    weight = None
    if inputs is not None:
        weight, wrong = _weights(name, "inputs", inputs, world.goods)
        faults += wrong
    labour, capital, resource = (
        np.broadcast_to(np.asarray(s, dtype=np.float64), (N,)) for s in factors
    )
    least = np.minimum(np.minimum(labour, capital), resource)
    if (least < 0).any() or (labour + capital + resource > 1 + 1e-12).any():
        faults.append(
            f"{name}: the shares of labour, capital and resource must be 0 or more and sum to at "
            "most 1."
        )
    theta, epsilon = elasticities
    if not theta > 0:
        faults.append(f"{name}: the trade elasticity is {theta}; it must be above 0.")
    if not epsilon >= 0:
        faults.append(f"{name}: the input substitution is {epsilon}; it must be 0 or more.")
    if faults:
        raise WorldError(faults)
    return Request(flow, shares / shares.sum(), labour, capital, resource, weight)


def _weights(
    name: str, what: str, given: Mapping[str, float], labels: tuple[str, ...]
) -> tuple[Array, list[str]]:
    out = np.zeros(len(labels))
    faults: list[str] = []
    for label, value in given.items():
        if label not in labels:
            hint = did_you_mean(label, labels, "")
            text = f"{name}: {what} names {label!r}, which is not a good here. {hint}"
            faults.append(text.rstrip())
        elif not value >= 0:
            faults.append(f"{name}: {what} gives {label} {value}; it must be 0 or more.")
        else:
            out[labels.index(label)] = value
    if not out.any() and not faults:
        faults.append(f"{name}: {what} is empty.")
    return out, faults


#: Largest relative gap in a market's or producer's total after reallocation.
_CLOSED = 1e-12
_ACCEPTED = 1e-9
#: Rounds of scaling by row and column; what they leave open, Newton's steps close.
_ROUNDS = 500
_STEPS = 50
#: Share of the value added of a country's other producers that a parent may get from them.
_MOST_EXCHANGED = 0.05


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
            f"{world.goods[p]} by USD million {-extra[short[0]]:.6g}, more than its final use.",
            "Lower its flows there or choose a larger parent.",
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
    gap_n = np.full(len(row), np.inf)
    sold = prior @ c
    for _ in range(_ROUNDS):
        r = np.divide(row, sold, out=r, where=sold > 0)
        bought = r @ prior
        c = np.divide(column, bought, out=c, where=bought > 0)
        sold = prior @ c
        gap_n = np.abs(r * sold - row) / floor
        if gap_n.max() < _CLOSED:
            break
    else:
        r, c, gap_n = _closed(prior, row, column, r, c, floor)
    if gap_n.max() > _ACCEPTED:
        n = int(gap_n.argmax())
        raise WorldError(
            f"{name}: its flows cannot be fitted into the parent's totals; the largest gap, "
            f"{gap_n[n]:.1e}, is in {world.countries[n]}.",
            "Lower its flows there or choose a larger parent.",
        )
    return r[:, None] * prior * c


def _closed(
    prior: Array, row: Array, column: Array, r: Array, c: Array, floor: Array
) -> tuple[Array, Array, Array]:
    """Scalings nearer to the totals by Newton's method, and the gap of each row.

    Scaling by turns closes a country that trades little with others only slowly. Its equations in
    the logarithms of the scalings are those of a convex problem, whose Hessian is exact here.
    """
    N = len(row)
    at_most = np.full(N, np.inf)
    best = r, c, at_most
    for _ in range(_STEPS):
        cells = r[:, None] * prior * c
        sold, bought = cells.sum(axis=1), cells.sum(axis=0)
        gap_n = np.abs(sold - row) / floor
        if not np.isfinite(cells).all() or gap_n.max() > at_most.max():
            break
        at_most, best = gap_n, (r.copy(), c.copy(), gap_n)
        if gap_n.max() < _CLOSED:
            break
        hessian = np.block([[np.diag(sold), cells], [cells.T, np.diag(bought)]])
        scale = 1 / np.sqrt(np.maximum(np.concatenate([sold, bought]), 1e-300))
        short = np.concatenate([row - sold, column - bought])
        step = scale * np.linalg.lstsq(scale[:, None] * hessian * scale, scale * short)[0]
        step = np.clip(step, -1.0, 1.0)
        r, c = r * np.exp(step[:N]), c * np.exp(step[N:])
    return best


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


#: What stays with the parent of each of its cells, at least.
KEEP = 0.05


def split_commodity(
    world: World,
    name: str,
    parent: str,
    trade_ni: ArrayLike,
    *,
    users: Mapping[str, float],
    labour_share: ArrayLike,
    capital_share: ArrayLike,
    resource_share: ArrayLike = 0.0,
    inputs: Mapping[str, float] | None = None,
    trade_elasticity: float,
    input_substitution: float = 1.0,
) -> World:
    """The same world with one commodity as a good of its own, taken out of its sector.

    Sales, costs and uses of parent and commodity together stay what they were, by country; what
    had to be moved to make room is in the notes. The commodity carries its parent's tariffs. A
    flow that the table's own cell cannot hold is kept, the cell is raised, and the parent's other
    flows are scaled (RAS) so that no market spends and no producer sells more in total. A parent
    with too little value added for the commodity's shares gets it from the country's other
    producers, which get inputs of the parent in exchange.

    Args:
        world: the base year.
        name: name of the new good, which becomes the last one.
        parent: the good that contains it.
        trade_ni: the commodity's sales, market n from origin i, own supply on the diagonal,
            USD million net of tariff, (N, N).
        users: share of each market's use that goes to producers of a good, or to `final`; sums
            to 1.
        labour_share: share of the commodity's sales that is paid to labour, broadcast to (N,).
        capital_share: the same for mobile capital.
        resource_share: the same for a factor that never moves, such as a deposit; this is the
            commodity's supply curve.
        inputs: relative weights of the inputs that fill the remaining cost; None takes the
            parent's own mix in each country.
        trade_elasticity: θ of the commodity.
        input_substitution: ε of its producers.

    Returns:
        World: with one more good, checked.

    Raises:
        UnknownLabel: if the parent is not a good of this world.
        WorldError: every fault of the request, by name.

    Example:
        >>> import numpy as np
        >>> from detente.world import split_commodity, synthetic
        >>> world = synthetic(3, 2, seed=1)
        >>> small = 0.01 * world.trade_jni[0]
        >>> split_commodity(world, "potash", world.goods[0], small, users={"final": 1.0},
        ...     labour_share=0.3, capital_share=0.3, trade_elasticity=8.0).goods[-1]
        'potash'
    """
    p = world.good(parent)
    ask = checked(
        world,
        name,
        trade_ni,
        users=users,
        factors=(labour_share, capital_share, resource_share),
        inputs=inputs,
        elasticities=(trade_elasticity, input_substitution),
    )
    flow_ni = ask.flow_ni
    notes: list[str] = [
        f"{name}: USD million {flow_ni.sum():.6g} of sales were taken out of {parent} "
        f"({flow_ni.sum() / world.trade_jni[p].sum():.2%} of it)."
    ]
    flows = split_flows(world, name, p, flow_ni, KEEP)
    notes += flows.notes
    world = _with_value_added(world, name, p, flows.sales_n * ask.factor_n, notes)
    intermediate, final = _split_uses(world, name, p, flows, ask.user_share_u, notes)
    costs = _split_costs(world, name, p, flows, intermediate, ask, notes)

    def grown(values: Array) -> Array:
        return np.concatenate([values, values[p : p + 1]])

    trade = np.concatenate([world.trade_jni, flow_ni[None]])
    trade[p] = flows.parent_ni
    return replace(
        world,
        goods=(*world.goods, name),
        trade_jni=trade,
        tariff_jni=grown(world.tariff_jni),
        export_tax_jni=grown(world.export_tax_jni),
        intermediate_nkj=costs.intermediate_nkj,
        final_nj=final,
        labour_nj=costs.labour_nj,
        capital_nj=costs.capital_nj,
        resource_nj=costs.resource_nj,
        trade_elasticity_j=np.append(world.trade_elasticity_j, trade_elasticity),
        input_substitution_j=np.append(world.input_substitution_j, input_substitution),
        specification=world.specification.split(goods=np.append(np.arange(len(world.goods)), p)),
        notes=(*world.notes, *notes),
    )


def allocate(want: Array, room: Array) -> Array:
    """Each row's wants fitted into its room: what does not fit goes to the row's other cells.

    First to the cells that were asked for, then to any, in proportion to the room left.

    Args:
        want: asked for, (..., M).
        room: the most that each cell can give, (..., M); each row must hold its wants in total.

    Returns:
        Array: at most `room`, with the row sums of `want`, (..., M).
    """
    total = want.sum(axis=-1, keepdims=True)
    take = np.minimum(want, room)
    for open_to in (want > 0, np.ones_like(want, dtype=bool)):
        left = np.where(open_to, room - take, 0.0)
        spare = left.sum(axis=-1, keepdims=True)
        short = np.maximum(total - take.sum(axis=-1, keepdims=True), 0.0)
        part = np.divide(short, spare, out=np.zeros_like(spare), where=spare > 0)
        take = take + left * np.minimum(part, 1.0)
    return take


def _with_value_added(world: World, name: str, p: int, want_n: Array, notes: list[str]) -> World:
    """The world with as much value added in the parent as the commodity pays to its factors.

    A parent with less exchanges inputs for value added with the country's other producers, each in
    proportion to its own. What every sector sells, what the country uses of every input and its
    value added stay as they are; only who has how much of both changes. Where the others would
    lose more than `_MOST_EXCHANGED` of theirs, nothing is exchanged.
    """
    mobile_nj = world.labour_nj + world.capital_nj
    lack_n = np.maximum(want_n - (1 - KEEP) * mobile_nj[:, p], 0.0) / (1 - KEEP)
    others_nj = mobile_nj.copy()
    others_nj[:, p] = 0.0
    lost_n = np.divide(lack_n, others_nj.sum(1), out=np.ones_like(lack_n), where=lack_n > 0)
    inputs_nk = world.intermediate_nkj[:, :, p]
    room_n = (1 - KEEP) * inputs_nk.sum(1)
    where = np.nonzero((lack_n > 1e-9 * want_n) & (lost_n <= _MOST_EXCHANGED) & (lack_n < room_n))[
        0
    ]
    if not len(where):
        return world
    intermediate, labour, capital = (
        a.copy() for a in (world.intermediate_nkj, world.labour_nj, world.capital_nj)
    )
    for n in where:
        given_k = lack_n[n] * inputs_nk[n] / inputs_nk[n].sum()
        intermediate[n] += given_k[:, None] * others_nj[n] / others_nj[n].sum()
        intermediate[n, :, p] -= given_k
        for factor in (labour, capital):
            part = factor[n, p] / mobile_nj[n, p] if mobile_nj[n, p] > 0 else 0.5
            factor[n] *= 1 - lost_n[n]
            factor[n, p] = factor[n, p] / (1 - lost_n[n]) + part * lack_n[n]
    shown = ", ".join(
        f"{world.countries[n]} {lack_n[n]:.4g} ({lost_n[n]:.1%} of theirs)" for n in where[:SHOWN]
    )
    notes.append(
        f"{name}: the value added of {world.goods[p]} is smaller than what the commodity pays to "
        "labour, capital and resource, so that it was exchanged for inputs with the country's "
        f"other producers, USD million: {shown}."
    )
    return replace(world, intermediate_nkj=intermediate, labour_nj=labour, capital_nj=capital)


def _split_uses(
    world: World, name: str, p: int, flows: Flows, share_u: Array, notes: list[str]
) -> tuple[Array, Array]:
    """Intermediate use (N, J+1, J) and final use (N, J+1), the commodity's row last."""
    # Tariffs on reallocated flows change what the market spends, and its revenue by as much.
    bought_n = world.final_nj[:, p] + flows.extra_revenue_n
    have = np.concatenate([world.intermediate_nkj[:, p, :], bought_n[:, None]], axis=1)
    spent_n = flows.spending_n
    want = spent_n[:, None] * share_u
    take = allocate(want, (1 - KEEP) * have)
    _note_moved(
        world, notes, want, take, (*world.goods, FINAL), f"{name}: the listed users buy too little"
    )
    intermediate = np.concatenate([world.intermediate_nkj, take[:, None, :-1]], axis=1)
    intermediate[:, p, :] -= take[:, :-1]
    final = np.concatenate([world.final_nj, take[:, -1:]], axis=1)
    final[:, p] = bought_n - take[:, -1]
    return intermediate, final


@dataclass(frozen=True)
class _Costs:
    """Costs with the commodity's producers last: (N, J+1, J+1) inputs, (N, J+1) factors."""

    intermediate_nkj: Array
    labour_nj: Array
    capital_nj: Array
    resource_nj: Array


def _split_costs(
    world: World,
    name: str,
    p: int,
    flows: Flows,
    intermediate_nkj: Array,
    ask: Request,
    notes: list[str],
) -> _Costs:
    """The parent's costs divided between the parent and the commodity, cell by cell."""
    sales_n = flows.sales_n
    mix = intermediate_nkj[:, :, p].copy()
    mix[:, -1] = 0.0
    if ask.input_weight_k is not None:
        mix[:] = np.append(ask.input_weight_k, 0.0)
    scale = mix.sum(axis=1, keepdims=True)
    mix = np.divide(mix, scale, out=np.zeros_like(mix), where=scale > 0)
    factor_n = ask.factor_n
    mobile_n = world.labour_nj[:, p] + world.capital_nj[:, p]
    have = np.concatenate([intermediate_nkj[:, :, p], mobile_n[:, None]], axis=1)
    want = sales_n[:, None] * np.concatenate(
        [(1 - factor_n)[:, None] * mix, factor_n[:, None]], axis=1
    )
    want[:, -1] += sales_n - want.sum(axis=1)  # no inputs at all: the rest is value added
    take = allocate(want, (1 - KEEP) * have)
    # The commodity's own row is closed to it unless nothing else is left.
    _note_moved(
        world,
        notes,
        want,
        take,
        (*world.goods, name, "value added"),
        f"{name}: the parent has too little of a cost",
    )
    short = np.argwhere(np.abs(take.sum(axis=1) - sales_n) > 1e-9 * sales_n)
    if len(short):
        raise WorldError(
            [
                f"{name}: {world.countries[n]} sells USD million {sales_n[n]:.6g} of it, more than "
                f"{1 - KEEP:.0%} of the costs of {world.goods[p]} without its fixed resource."
                for (n,) in short
            ],
            "Lower its sales or choose a larger parent.",
        )
    wide = np.concatenate([intermediate_nkj, take[:, :-1, None]], axis=2)
    wide[:, :, p] -= take[:, :-1]
    return _Costs(wide, *_split_factors(world, name, p, take[:, -1], ask, notes))


def _split_factors(
    world: World, name: str, p: int, paid_n: Array, ask: Request, notes: list[str]
) -> tuple[Array, Array, Array]:
    """Labour, capital and resource, (N, J+1) each, when the commodity's producers pay so much.

    Its resource is taken from the parent's capital, and from its labour where that is too small.
    """
    factor_n = ask.factor_n
    per_n = np.divide(paid_n, factor_n, out=np.zeros_like(paid_n), where=factor_n > 0)
    labour = np.where(factor_n > 0, per_n * ask.labour_n, paid_n)
    had_labour, had_capital = world.labour_nj[:, p], world.capital_nj[:, p]
    rest_n = had_labour + had_capital - paid_n
    kept = np.clip(
        had_labour - labour,
        KEEP * np.minimum(had_labour, rest_n),
        rest_n - KEEP * np.minimum(had_capital, rest_n),
    )
    moved = np.abs(had_labour - labour - kept)
    where = np.nonzero(moved > 1e-9 * np.maximum(had_labour, 1e-12))[0]
    if len(where):
        shown = ", ".join(f"{world.countries[n]} {moved[n]:.4g}" for n in where[:SHOWN])
        notes.append(
            f"{name}: labour and capital of {world.goods[p]} were divided anew, because one of "
            f"them is too small for the commodity's share, USD million: {shown}."
        )

    def grown(values_nj: Array, own_n: Array, parent_n: Array) -> Array:
        out = np.concatenate([values_nj, own_n[:, None]], axis=1)
        out[:, p] = parent_n
        return out

    return (
        grown(world.labour_nj, labour, kept),
        grown(world.capital_nj, per_n * ask.capital_n, rest_n - kept),
        grown(world.resource_nj, per_n * ask.resource_n, world.resource_nj[:, p]),
    )


def _note_moved(
    world: World, notes: list[str], want: Array, take: Array, labels: tuple[str, ...], why: str
) -> None:
    moved_n = np.abs(take - want).sum(axis=1) / 2
    where = np.nonzero(moved_n > 1e-9 * np.maximum(want.sum(axis=1), 1e-12))[0]
    if not len(where):
        return
    where = where[np.argsort(-moved_n[where], kind="stable")]
    shown = []
    for n in where[:SHOWN]:
        gap = take[n] - want[n]
        shown.append(
            f"{world.countries[n]} {moved_n[n]:.4g} from {labels[int(gap.argmin())]} "
            f"to {labels[int(gap.argmax())]}"
        )
    more = f"; and {len(where) - SHOWN} more" if len(where) > SHOWN else ""
    notes.append(f"{why}, so USD million were moved to others: {'; '.join(shown)}{more}.")
