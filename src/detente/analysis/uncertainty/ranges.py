"""Ranges: every parameter that is drawn, its distribution, and the points of all draws.

`Uncertain` is one such parameter and `uncertain_of` lists those of a case. `sample` and
`correlated` make the points. `ranged_elasticities` and `with_drawn` do the same for a world's trade
elasticities.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Array

if TYPE_CHECKING:
    from detente.cases import Case
    from detente.trade import Horizon
    from detente.world import World


HORIZON = "horizon."
#: Points nearer than this to 0 or 1 have no normal score of use.
_EDGE = 1e-12


@dataclass(frozen=True)
class Uncertain:
    """One parameter that is drawn.

    Attributes:
        name: of a parameter of the case, or `horizon.NAME` for one of the horizon's.
        value: the central value, the mode of its distribution.
        low: lowest value thought possible.
        high: highest.
    """

    name: str
    value: float
    low: float
    high: float

    def quantile(self, p: Array) -> Array:
        """Values of the triangular distribution from low over value to high, at probabilities."""
        width = self.high - self.low
        mode = min(max((self.value - self.low) / width, 0.0), 1.0)
        left = np.sqrt(p * mode)
        right = 1 - np.sqrt((1 - p) * (1 - mode))
        return np.asarray(self.low + width * np.where(p < mode, left, right))


def uncertain_of(case: Case, horizon: str | None = None) -> list[Uncertain]:
    """Every parameter with a range, of the case and of the horizons, in a fixed order.

    A number of the horizons is drawn once for all of them, at the same point of each one's range;
    it is listed as it is at this horizon, or where it has no range there, at the first that has.
    """
    out = [
        Uncertain(name, p.value, *p.range)
        for name, p in case.parameters.items()
        if p.range is not None and p.range[0] < p.range[1]
    ]
    return out + uncertain_horizons(horizon or case.horizon)


def uncertain_horizons(horizon: str) -> list[Uncertain]:
    """Every number of the horizons with a range, as it is at one; see `uncertain_of`."""
    return [r.get(horizon) or next(iter(r.values())) for r in _of_horizons().values()]


def _of_horizons() -> dict[str, dict[str, Uncertain]]:
    """Numbers of the horizons that have a range, by number and horizon."""
    from detente.trade import horizon_parameters

    out: dict[str, dict[str, Uncertain]] = {}
    for horizon, entries in horizon_parameters().items():
        for name, entry in entries.items():
            if isinstance(entry, dict) and "range" in entry:
                drawn = Uncertain(f"{HORIZON}{name}", entry["value"], *entry["range"])
                out.setdefault(drawn.name, {})[horizon] = drawn
    return out


def sample(parameters: int, draws: int, seed: int) -> Array:
    """Where in its range each parameter lies in each draw, as probabilities (draws, parameters)."""
    from scipy.stats import qmc

    if not parameters:
        return np.zeros((draws, 0))
    power = max(math.ceil(math.log2(max(draws, 1))), 0)
    sobol = qmc.Sobol(parameters, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(sobol.random_base2(power)[:draws])


def correlated(points: Array, uncertain: Sequence[Uncertain], case: Case) -> Array:
    """The points of all draws with the rank correlations that a case states.

    A Gaussian copula (Iman & Conover 1982 draw to the same end by rearranging): normal scores of
    the points are mixed by the Cholesky factor of their correlations, which are 2 sin(π ρ / 6) for
    Spearman's ρ. A parameter without a correlation keeps its points.

    Args:
        points: probabilities, (draws, parameters).
        uncertain: the parameters, in the order of the columns.
        case: whose `correlations` hold.
    """
    if not case.correlations:
        return points
    from scipy.special import ndtr, ndtri

    from detente.cases.economy import matrix_of

    named = {name for one in case.correlations for name in one.between}
    at = [k for k, u in enumerate(uncertain) if u.name in named]
    matrix = matrix_of([uncertain[k].name for k in at], case.correlations)
    score = ndtri(np.clip(points[:, at], _EDGE, 1 - _EDGE))
    out = points.copy()
    out[:, at] = ndtr(score @ np.linalg.cholesky(matrix).T)
    return out


def of_time(uncertain: Uncertain) -> bool:
    """Whether it is a number of the horizons rather than a parameter of the case."""
    return uncertain.name.startswith(HORIZON)


def spans(at: Mapping[str, float]) -> dict[str, Horizon]:
    """The horizons with their numbers drawn."""
    from detente.trade import horizon_named, horizon_parameters

    drawn: dict[str, dict[str, Any]] = {horizon: {} for horizon in horizon_parameters()}
    for name, ranged in _of_horizons().items():
        for horizon, uncertain in ranged.items():
            value = float(uncertain.quantile(np.asarray(at[name])))
            drawn[horizon][name.removeprefix(HORIZON)] = value
    return {h: replace(horizon_named(h), **values) for h, values in drawn.items()}


@dataclass(frozen=True)
class Ranged:
    """One trade elasticity on file with a range, and the goods of a world that have it.

    Attributes:
        uncertain: its value and its range.
        goods: names; an estimate or an assumption that serves several is drawn once for all.
    """

    uncertain: Uncertain
    goods: tuple[str, ...]


def ranged_elasticities(world: World, case: Case | None = None) -> tuple[Ranged, ...]:
    """The trade elasticities of a world that are those on file, with the ranges on file.

    Goods whose elasticity a case sets, itself or with a commodity, are the case's to draw. Where a
    world has another value than the file, from its own table or from an aggregation, no range is
    known and nothing is drawn.

    Args:
        world: the base year.
        case: whose elasticities are left out.
    """
    from detente.world.elasticities import default_elasticity, trade_elasticity

    own: set[str] = set()
    if case is not None:
        own = {c.name for c in case.commodities} | {
            e.good for e in case.elasticities if e.trade_elasticity is not None
        }
    found: dict[tuple[float, float, float, str], list[str]] = {}
    for good, theta in zip(world.goods, world.trade_elasticity_j.tolist(), strict=True):
        entry = trade_elasticity(good) or default_elasticity()
        if good in own or entry.low >= entry.high or abs(theta - entry.value) > 1e-9:
            continue
        key = (entry.value, entry.low, entry.high, entry.note)
        found.setdefault(key, []).append(good)
    return tuple(
        Ranged(Uncertain(f"trade_elasticity.{'+'.join(goods)}", *key[:3]), tuple(goods))
        for key, goods in found.items()
    )


def with_drawn(world: World, ranged: Sequence[Ranged], at: Iterable[float]) -> World:
    """A world with its elasticities at points of their ranges, given as probabilities."""
    if not ranged:
        return world
    theta = world.trade_elasticity_j.copy()
    for entry, p in zip(ranged, at, strict=True):
        theta[[world.good(g) for g in entry.goods]] = float(entry.uncertain.quantile(np.asarray(p)))
    return world.with_elasticities(
        trade_elasticity_j=theta, input_substitution_j=world.input_substitution_j
    )
