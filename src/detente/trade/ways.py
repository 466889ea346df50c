"""From labelled ways of transport to the arrays of the solver, checked against the world."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from detente.trade.errors import ShockError
from detente.trade.given import MOST_CARRY
from detente.trade.network import Index, Rooms, Routes

if TYPE_CHECKING:
    from detente.trade.shock import RouteChoice, Shock
    from detente.world import World

_SUM = 1e-6


def routes_of(
    world: World, shock: Shock, countries: Callable[[tuple[str, ...]], Index]
) -> tuple[tuple[Routes, ...], Rooms]:
    """The routes of a shock and the capacities of their ways, as arrays.

    A way that stands in several entries for one good and origin is one way with one capacity.

    Args:
        world: the base year.
        shock: whose routes are meant.
        countries: from labels of countries and groups to positions.

    Raises:
        ShockError: shares that do not sum to one, a cost or fee out of bounds, a market named
            twice, a way with two capacities.
        UnknownLabel: a country, group or good that the world does not have.
    """
    taken: set[tuple[str, str, int]] = set()
    rooms: dict[tuple[str, str, str], list[float]] = {}
    out = []
    for choice in shock.routes:
        _check(choice)
        markets = _markets(world, choice, countries)
        for n in markets.tolist():
            key = (choice.good, choice.origin, n)
            if key in taken:
                raise ShockError(
                    f"Routes for {choice.good} from {choice.origin} to {world.countries[n]} are "
                    f"given twice. Leave the market out of one of them."
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
    for way in choice.ways:
        if not math.isfinite(way.capacity):
            continue
        key = (choice.good, choice.origin, way.name)
        room = rooms.setdefault(key, [way.capacity, choice.level, choice.power, 0.0])
        if room[:3] != [way.capacity, choice.level, choice.power]:
            raise ShockError(
                f"The way {way.name} of {choice.good} from {choice.origin} has two capacities: "
                f"{room[0]:g} and {way.capacity:g}. Give it the same in every entry."
            )
        room[3] += way.share * flow


def _one(
    world: World, choice: RouteChoice, markets: Index, rooms: list[tuple[str, str, str]]
) -> Routes:
    ways = choice.ways
    share = np.array([w.share for w in ways])
    keys = [(choice.good, choice.origin, w.name) for w in ways]
    return Routes(
        good=world.good(choice.good),
        origin=world.country(choice.origin),
        market_m=markets,
        way_r=tuple(w.name for w in ways),
        share_r=share / share.sum(),
        cost_rb=np.array([[w.cost] for w in ways]),
        fee_r=np.array([w.fee for w in ways]),
        transit_r=np.array(
            [world.country(w.transit) if w.transit else -1 for w in ways], dtype=np.intp
        ),
        elasticity=choice.elasticity,
        room_r=np.array([rooms.index(k) if k in rooms else -1 for k in keys], dtype=np.intp),
    )


def _check(choice: RouteChoice) -> None:
    where = f"Routes for {choice.good} from {choice.origin}"
    faults = []
    names = [w.name for w in choice.ways]
    if len(set(names)) < len(names) or not names:
        faults.append("ways need different names, one at least")
    total = sum(w.share for w in choice.ways)
    if abs(total - 1) > _SUM:
        faults.append(f"base shares sum to {total:g}, not to 1")
    for w in choice.ways:
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
        raise ShockError(f"{where}: {'; '.join(faults)}.")
