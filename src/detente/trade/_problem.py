"""A shock checked against its world, and which of many can be solved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.trade import _feasibility as feasibility
from detente.trade._economy import economy_of
from detente.trade._shock_wedges import Places, wedges
from detente.trade._solver import TRANSFER_RULES
from detente.trade._system import common
from detente.trade.errors import ShockError
from detente.trade.horizons import Horizon, horizon_named
from detente.trade.shocks import Shock

if TYPE_CHECKING:
    from detente._types import Index
    from detente.trade._economy import Economy
    from detente.trade._wedges import Wedges
    from detente.world import World


@dataclass(frozen=True, eq=False)
class Problem:
    """A shock that fits its world, as the solver takes it.

    Attributes:
        shock: what changes.
        horizon: how much can adjust.
        economy: the base year.
        wedges: the shock as arrays.
        component_n: trading components.
    """

    shock: Shock
    horizon: Horizon
    economy: Economy
    wedges: Wedges
    component_n: Index


def problem_of(
    world: World,
    shock: Shock | None,
    horizon: str | Horizon,
    transfers: str,
    economy: Economy | None = None,
    places: Places | None = None,
) -> Problem:
    """A shock checked: it fits the world, and finite prices can meet it."""
    shock = Shock() if shock is None else shock
    span = horizon_named(horizon)
    economy = economy_of(world, span) if economy is None else economy
    change = wedges(world, economy, shock, places)
    component = feasibility.trading_components(
        economy, change, transfers, world.countries, world.goods
    )
    return Problem(shock, span, economy, change, component)


def check(transfers: str, tolerance: float) -> None:
    """Refuse a rule for transfers or a tolerance that do not exist."""
    if not isinstance(transfers, str) or transfers not in TRANSFER_RULES:
        given = repr(transfers) if isinstance(transfers, str) else type(transfers).__name__
        raise ShockError(
            f"There is no transfer rule {given}; there are {', '.join(TRANSFER_RULES)}.",
            "Amounts of your own, which are added to what the rule gives, go into "
            "Shock(transfer_n=...).",
        )
    if not (np.isfinite(tolerance) and 1e-13 <= tolerance < 1):
        raise ShockError(
            f"The tolerance is {tolerance!r}.", "Give one between 1e-13 and 1, as 1e-9."
        )


#: Above this share of changed cells, sparse additions cost more than a product of one's own.
_SPARSE = 0.05


def stackable(problems: dict[int, Problem]) -> list[int]:
    """Which of the problems can share the products of the first."""
    # The rates of quotas are found shock by shock.
    plain = [k for k, p in problems.items() if not p.wedges.limits]
    if not plain:
        return []
    first = problems[plain[0]]
    alike = [
        k
        for k in plain
        if not problems[k].component_n.any() and _same_routes(first.wedges, problems[k].wedges)
    ]
    if not alike:
        return []
    most = _SPARSE * first.economy.share_jni.size
    shared = common([problems[k].wedges for k in alike])
    return [k for k in alike if len(shared.own(problems[k].wedges)) < most]


def _same_routes(a: Wedges, b: Wedges) -> bool:
    return (
        len(a.route_groups) == len(b.route_groups)
        and all(x.same_routes(y) for x, y in zip(a.route_groups, b.route_groups, strict=True))
        and a.rooms.same_terms(b.rooms)
    )
