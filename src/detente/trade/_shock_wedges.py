"""The wedges of a shock: from labels to the arrays that the solver takes, checked on the way.

`wedges` turns a shock into arrays against its world. `route_groups_of` does the same for labelled
routes of transport, with their shares, costs and room.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Index
from detente.trade._network import Network, Rooms, RouteGroup
from detente.trade._shock_arrays import MOST_CARRY, Arrays, given
from detente.trade._wedges import Limit, Wedges, unshocked
from detente.trade.errors import ShockError
from detente.trade.routes import base_fees

if TYPE_CHECKING:
    from detente._types import Array
    from detente.trade._economy import Economy
    from detente.trade.shocks import Change, RouteChoice, Shock
    from detente.world import World


_SUM = 1e-6


def route_groups_of(
    world: World, shock: Shock, countries: Callable[[tuple[str, ...]], Index]
) -> tuple[tuple[RouteGroup, ...], Rooms]:
    """The groups of routes of a shock, and the capacities of their routes, as arrays.

    A route that stands in several entries for one good and origin is one route with one capacity.

    Args:
        world: the base year.
        shock: whose routes are meant.
        countries: from labels of countries and groups to positions.

    Raises:
        ShockError: shares that do not sum to one, a cost or fee out of bounds, a market named
            twice, a route with two capacities.
        UnknownLabel: a country, group or good that the world does not have.
    """
    taken: set[tuple[str, str, int]] = set()
    rooms: dict[tuple[str, str, str], list[float]] = {}
    out = []
    for choice in shock.route_choices:
        _check(choice)
        markets = _markets(world, choice, countries)
        for n in markets.tolist():
            key = (choice.good, choice.origin, n)
            if key in taken:
                raise ShockError(
                    f"Routes for {choice.good} from {choice.origin} to {world.countries[n]} are "
                    f"given twice.",
                    "Leave the market out of one of them.",
                )
            taken.add(key)
        if len(markets):
            flow = world.trade_jni[world.good(choice.good), markets, world.country(choice.origin)]
            _fill(rooms, choice, float(flow.sum()))
            out.append(_one(world, choice, markets, list(rooms)))
    filled = np.array(list(rooms.values())).reshape(-1, 4).T
    return tuple(out), Rooms(filled[0][:, None], filled[1], filled[2], filled[3])


def _markets(
    world: World, choice: RouteChoice, countries: Callable[[tuple[str, ...]], Index]
) -> Index:
    i = world.country(choice.origin)
    n = countries(choice.markets)
    # A market that buys nothing has no route to choose.
    return np.asarray(n[(n != i) & (world.trade_jni[world.good(choice.good), n, i] > 0)])


def _fill(rooms: dict[tuple[str, str, str], list[float]], choice: RouteChoice, flow: float) -> None:
    for route in choice.routes:
        if not math.isfinite(route.capacity):
            continue
        key = (choice.good, choice.origin, route.name)
        room = rooms.setdefault(key, [route.capacity, choice.level, choice.power, 0.0])
        if room[:3] != [route.capacity, choice.level, choice.power]:
            raise ShockError(
                f"The route {route.name} of {choice.good} from {choice.origin} has two capacities: "
                f"{room[0]:g} and {route.capacity:g}.",
                "Give it the same in every entry.",
            )
        room[3] += route.share * flow


def _one(
    world: World, choice: RouteChoice, markets: Index, rooms: list[tuple[str, str, str]]
) -> RouteGroup:
    routes = choice.routes
    share = np.array([w.share for w in routes])
    keys = [(choice.good, choice.origin, w.name) for w in routes]
    return RouteGroup(
        good=world.good(choice.good),
        origin=world.country(choice.origin),
        market_m=markets,
        route_r=tuple(w.name for w in routes),
        share_r=share / share.sum(),
        cost_rb=np.array([[w.cost] for w in routes]),
        fee_r=np.array([w.fee for w in routes]),
        transit_r=np.array(
            [world.country(w.transit) if w.transit else -1 for w in routes], dtype=np.intp
        ),
        elasticity=choice.elasticity,
        room_r=np.array([rooms.index(k) if k in rooms else -1 for k in keys], dtype=np.intp),
    )


def _check(choice: RouteChoice) -> None:
    where = f"Routes for {choice.good} from {choice.origin}"
    faults = []
    names = [w.name for w in choice.routes]
    if len(set(names)) < len(names) or not names:
        faults.append("routes need different names, one at least")
    total = sum(w.share for w in choice.routes)
    if abs(total - 1) > _SUM:
        faults.append(f"base shares sum to {total:g}, not to 1")
    for w in choice.routes:
        if not 0 <= w.share <= 1:
            faults.append(f"the base share of {w.name} is {w.share!r}, not within 0 and 1")
        if not w.cost > 0:
            faults.append(f"the cost factor of {w.name} is {w.cost!r}, not above 0")
        elif -choice.elasticity * math.log(w.cost) > math.log(MOST_CARRY):
            faults.append(f"the cost factor of {w.name} is {w.cost!r}, so small that it is free")
        if not 0 <= w.fee < 1:
            faults.append(f"the fee on {w.name} is {w.fee!r}, not within 0 and 1")
        if w.fee > 0 and not w.transit:
            faults.append(f"the fee on {w.name} has no transit country that earns it")
        if not w.capacity > 0:
            faults.append(f"the capacity of {w.name} is {w.capacity!r}, not above 0")
    for name in ("elasticity", "level", "power"):
        value = getattr(choice, name)
        if not (math.isfinite(value) and value > 0):
            faults.append(f"the {name} is {value!r}, not a finite number above 0")
    if faults:
        raise ShockError(f"{where}: {'; '.join(faults)}.", "Correct these entries of the routes.")


class Places:
    """Where labels lie in a world; what was looked up once for one shock serves the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._countries: dict[tuple[tuple[str, ...], dt.date | None], Index] = {}
        self._cells: dict[tuple[object, ...], tuple[Index, Index]] = {}
        # By identity, as comparing labels takes longer; what is kept here keeps its identity.
        self._routes: dict[tuple[int, ...], tuple[Shock, tuple[tuple[RouteGroup, ...], Rooms]]] = {}

    def countries(self, labels: tuple[str, ...], date: dt.date | None = None) -> Index:
        """Positions of countries and of the members of groups."""
        key = (labels, date)
        if key not in self._countries:
            from detente.world import expand

            found = [self.world.country(code) for code in expand(labels, self.world, date)]
            self._countries[key] = np.array(found, dtype=np.intp)
        return self._countries[key]

    def goods(self, labels: tuple[str, ...]) -> Index:
        """Positions of goods; '*' is all."""
        if "*" in labels:
            return np.arange(len(self.world.goods))
        return np.array([self.world.good(g) for g in labels], dtype=np.intp)

    def cells(self, change: Change) -> tuple[Index, Index]:
        """Flat positions in (J, N, N) of the flows that a change concerns, and their goods.

        Domestic sales are never among them.
        """
        key = (change.goods, change.market, change.origin, change.date)
        if key not in self._cells:
            N = len(self.world.countries)
            n = self.countries(change.market, change.date)
            i = self.countries(change.origin, change.date)
            pair = (n[:, None] * N + i)[n[:, None] != i]
            goods = self.goods(change.goods)
            cells = (goods[:, None] * (N * N) + pair).ravel()
            self._cells[key] = cells, np.repeat(goods, len(pair))
        return self._cells[key]

    def route_groups(self, shock: Shock) -> tuple[tuple[RouteGroup, ...], Rooms]:
        """The groups of routes of a shock, and the capacities of their routes."""
        key = tuple(map(id, shock.route_choices))
        if key not in self._routes:
            self._routes[key] = shock, route_groups_of(self.world, shock, self.countries)
        return self._routes[key][1]


def wedges(world: World, economy: Economy, shock: Shock, places: Places | None = None) -> Wedges:
    """A shock as the arrays that the solver takes, checked against the world.

    Args:
        world: the base year.
        economy: the world as the solver sees it.
        shock: what changes.
        places: of an earlier shock of this world, to look up labels once.

    Raises:
        ShockError: an array of a wrong shape or sign, with its place.
        UnknownLabel: a country, group or good that the world does not have.
    """
    base = unshocked(economy)
    places = Places(world) if places is None else places
    a = given(world, "productivity_nj", shock.productivity_nj, base.productivity_nj, above=0.0)
    supply = given(world, "labour_n", shock.labour_n, base.labour_n, above=0.0)
    v = given(world, "capacity_nj", shock.capacity_nj, base.capacity_nj, above=0.0)
    d = given(world, "transfer_n", shock.transfer_n, base.transfer_n)
    # `unshocked` made these anew, so they may be changed in place.
    flows: list[tuple[Change, Index, Index]] = []
    for change in shock.changes:
        if change.kind != "embargo":
            _checked(change)
        if change.kind in ("productivity", "labour", "capacity"):
            n = places.countries(change.origin, change.date)
            if change.kind == "labour":
                supply[n] *= change.value
            else:
                (a if change.kind == "productivity" else v)[
                    np.ix_(n, places.goods(change.goods))
                ] *= change.value
        elif change.kind == "transfer":
            d[world.country(change.origin[0])] -= change.value
            d[world.country(change.market[0])] += change.value
        else:
            flows.append((change, *places.cells(change)))
    _balanced(d)
    whole = Arrays.of(world, economy, shock)
    cell = np.unique(np.concatenate([whole.cell, *(c for _, c, _ in flows)]))
    melt, t, e, leak = whole.at(economy, cell)
    for change, cells, _ in flows:
        if change.kind in ("iceberg", *_LIMITED):
            continue
        at = np.searchsorted(cell, cells)
        if change.kind == "embargo":
            leak[at] = np.minimum(leak[at], change.leakage)
        else:
            rate = t if change.kind == "tariff" else e
            rate[at] = change.value + (rate[at] if change.added else 0.0)
    _melt(melt, cell, [flow for flow in flows if flow[0].kind == "iceberg"], economy)
    _levels(world, cell, t, e)
    limits = tuple(_limits(cell, leak, [flow for flow in flows if flow[0].kind in _LIMITED]))
    route_groups, rooms = places.route_groups(shock)
    _fees_have_earners(world, economy, route_groups)
    _markets_without_routes(economy, route_groups)
    set_rates = None
    if economy.tariff_pass_through_jn is not None:
        set_rates = np.stack([t, e])
        melt, t, e = _passed_through(economy, cell, melt, t, e)
    return Wedges(
        economy,
        cell,
        melt * leak,
        t,
        e,
        leak,
        a,
        supply,
        v,
        d,
        route_groups,
        rooms,
        limits,
        (),
        set_rates,
    )


def _passed_through(
    economy: Economy, cell: Index, melt: Array, t: Array, e: Array
) -> tuple[Array, Array, Array]:
    """d̂^(−θ), t' and e' as buyers and sellers meet them, where a tariff is not passed on in full.

    Buyers' prices change by ((1+t')/(1+t))^b. The rest, a = ((1+t')/(1+t))^(b−1), is a subsidy of
    the exporter's country (or a tax, for b > 1), a rebate of the importer's, or nobody's.
    """
    assert economy.tariff_pass_through_jn is not None
    N = economy.shape[1]
    part = economy.tariff_pass_through_jn.ravel()[cell // N]
    rest = ((1 + t) / (1 + economy.tariff_jni.ravel()[cell])) ** (part - 1)
    if economy.absorption == "exporter":
        return melt, t, (1 + e) * rest - 1
    if economy.absorption == "importer":
        return melt, (1 + t) * rest - 1, e
    return melt * rest ** -economy.trade_elasticity_j[cell // N**2], t, e


def _markets_without_routes(economy: Economy, route_groups: tuple[RouteGroup, ...]) -> None:
    """Refuse routes where markets pay for marketing or their size counts."""
    given = (economy.marketing_share_jn, economy.market_size_elasticity_jn)
    if route_groups and any(x is not None for x in given):
        raise ShockError(
            "Flows cannot choose among routes where the base year has marketing shares or market "
            "size elasticities.",
            "Leave the routes out, or solve them in a base year without these.",
        )


_LIMITED = ("quota", "licence")


def _limits(cell: Index, leak: Array, flows: list[tuple[Change, Index, Index]]) -> Iterator[Limit]:
    """The limits of quotas and licences; a licence opens in place what an embargo closes."""
    for change, cells, _ in flows:
        at = np.searchsorted(cell, cells)
        if change.kind == "licence":
            at = at[leak[at] < 1]
            leak[at] = 1.0
        yield Limit(change, at, change.value, float(np.log1p(change.beyond)))


def _melt(
    melt: Array, cell: Index, flows: list[tuple[Change, Index, Index]], economy: Economy
) -> None:
    """Multiply d̂^(−θ) at flat positions by what changes of delivered cost come to, in place."""
    if not flows:
        return
    factor = np.repeat([c.value for c, _, _ in flows], [len(cells) for _, cells, _ in flows])
    theta = economy.trade_elasticity_j[np.concatenate([goods for _, _, goods in flows])]
    at = np.searchsorted(cell, np.concatenate([cells for _, cells, _ in flows]))
    with np.errstate(over="ignore"):
        np.multiply.at(melt, at, factor**-theta)
    if not melt.max(initial=0.0) <= MOST_CARRY:
        change = min((c for c, _, _ in flows), key=lambda c: c.value)
        raise ShockError(
            f"Icebergs of {', '.join(change.origin)} to {', '.join(change.market)} make delivery "
            f"all but free: the factor {change.value:g} to the power of minus the trade elasticity "
            f"is above {MOST_CARRY:g}.",
            "Give a larger factor (1 is no change).",
        )


def _levels(world: World, cell: Index, t: Array, e: Array) -> None:
    for name, level, bad, asked in (
        ("tariff", t, t <= -1, "above -1"),
        ("export tax", e, e <= -1, "above -1"),
    ):
        if bad.any():
            k = int(np.argmax(bad))
            row, i = divmod(int(cell[k]), len(world.countries))
            j, n = divmod(row, len(world.countries))
            raise ShockError(
                f"The {name} on {world.goods[j]} from {world.countries[i]} in "
                f"{world.countries[n]} would be {level[k]:g}.",
                f"Give a rate {asked} as a fraction (0.25 is 25 %).",
            )


def _balanced(d: Array) -> None:
    if abs(d.sum()) > 1e-9 * max(float(np.abs(d).sum()), 1.0):
        raise ShockError(
            f"The added transfers sum to {d.sum():g}, not to zero: what one receives another pays.",
            "Add who pays, or who receives, the rest.",
        )


def _fees_have_earners(
    world: World, economy: Economy, route_groups: tuple[RouteGroup, ...]
) -> None:
    """Refuse fees of the base year that a country's mobile factor cannot have earned."""
    if not route_groups:
        return
    fee_n = base_fees(economy, Network(route_groups))
    wrong = (fee_n > 0) & (fee_n >= economy.labour_n)
    if wrong.any():
        n = int(np.argmax(wrong))
        raise ShockError(
            f"The fees on routes through {world.countries[n]} would have earned it {fee_n[n]:,.4g} "
            f"USD million in the base year, and its mobile factor earned "
            f"{economy.labour_n[n]:,.4g} in all.",
            "Give lower fees.",
        )


_RATE = "as a fraction (0.25 is 25 %)"
#: What each builder calls its value, and what to give.
_ASKED = {
    "tariff": ("rate", f"a finite rate above -1, {_RATE}"),
    "export_tax": ("rate", f"a finite rate above -1, {_RATE}"),
    "transfer": ("amount", "a finite amount in USD million a year"),
    "iceberg": ("factor", "a factor above 0 (1 is no change, inf an embargo)"),
    "quota": ("limit", "USD million a year above 0; where nothing may pass, an embargo"),
    "licence": ("limit", "USD million a year above 0"),
}


def _checked(change: Change) -> None:
    """Refuse a value that is no number, or a factor that is not above 0."""
    name, asked = _ASKED.get(change.kind, ("factor", "a finite factor above 0 (1 is no change)"))
    if np.isfinite(change.value) and (change.value > 0 or name not in ("factor", "limit")):
        return
    ends = [", ".join(labels) for labels in (change.origin, change.market) if labels]
    raise ShockError(
        f"The {name} of {change.kind} for {' to '.join(ends)} is {float(change.value)!r}.",
        f"Give {asked}.",
    )
