"""Quotas: limits on the quantity of flows, held by the rate at which a licence to trade is scarce.

A limit is held exactly: its rate is 0 where the quantity stays below, and otherwise the one at
which the quantity is the limit (Anderson 1988, The Relative Inefficiency of Quotas, ch. 2). Under a
tariff-rate quota the rate goes no further than the duty beyond the limit. `within_limits` solves
this complementarity, and `Quota` is what came of one limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from detente.trade.errors import NotConverged

if TYPE_CHECKING:
    from detente._types import Array, Mask
    from detente.trade._wedges import Wedges
    from detente.trade.shocks import RentOwner


Solved = TypeVar("Solved")
#: Largest relative gap between a quantity and the limit that binds it.
_TOLERANCE = 1e-8
#: Equilibria that are solved for the rates of one shock, at most.
_MOST = 80
#: What the log of a quantity over its limit is where nothing passes.
_NOTHING = -50.0
#: Largest step of a log rate at once.
_STEP = 1.0


@dataclass(frozen=True)
class Quota:
    """What came of one limit.

    Attributes:
        goods: as stated.
        origin: as stated.
        market: as stated.
        limit: what may pass in all, USD million a year at prices of the base year.
        quantity: what arrives, in the same unit.
        rate: the ad-valorem rate at which the limit binds, a fraction; 0 where it does not.
        rent: what those earn who hold the licences, USD million a year.
        owner: whose the rent is: `market` or `origin`.
    """

    goods: tuple[str, ...]
    origin: tuple[str, ...]
    market: tuple[str, ...]
    limit: float
    quantity: float
    rate: float
    rent: float
    owner: RentOwner

    @property
    def binds(self) -> bool:
        """Whether less passes than would without the limit."""
        return self.rate > 0

    @property
    def sentence(self) -> str:
        """What the limit does."""
        flow = f"{', '.join(self.goods)} from {', '.join(self.origin)} to {', '.join(self.market)}"
        what = f"The quota of USD {self.limit:,.4g} million on {flow}"
        if not self.binds:
            return f"{what} does not bind: USD {self.quantity:,.4g} million arrive."
        return (
            f"{what} binds like a rate of {100 * self.rate:.3g} %; its rent of USD "
            f"{self.rent:,.4g} million a year goes to the {self.owner}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "goods": self.goods,
            "origin": self.origin,
            "market": self.market,
            "limit": self.limit,
            "quantity": self.quantity,
            "binds": self.binds,
            "rate": self.rate,
            "rent": self.rent,
            "owner": self.owner,
        }


def rated(wedges: Wedges, log_rate_k: Array) -> Wedges:
    """The wedges with the rates of their limits on top of tariffs and export taxes.

    Args:
        wedges: with limits.
        log_rate_k: log of 1 + the rate of each limit.
    """
    tariff, tax = wedges.tariff.copy(), wedges.export_tax.copy()
    for one, log_rate in zip(wedges.limits, log_rate_k, strict=True):
        side = tariff if one.change.rent == "market" else tax
        side[one.at] += np.expm1(log_rate)
    return replace(wedges, tariff=tariff, export_tax=tax, log_rate_k=tuple(log_rate_k.tolist()))


def within_limits(
    solve: Callable[[Wedges, Solved | None], Solved],
    passing: Callable[[Solved], Array],
    wedges: Wedges,
) -> Solved:
    """The equilibrium in which every limit holds, each at the lowest rate that holds it.

    Broyden's method on the limits that bind, each evaluation an equilibrium that starts from the
    last one; limits come in and go out as their rates reach an end.

    Args:
        solve: the equilibrium of wedges, from another one to start from.
        passing: what arrives under each limit in an equilibrium, USD million at base prices, (K,).
        wedges: of the shock, with limits and without their rates.

    Raises:
        NotConverged: the rates were not found.
    """
    limits = wedges.limits
    most = np.array([one.most for one in limits])
    goal = np.array([one.limit for one in limits])
    good = [wedges.cell[one.at] // wedges.economy.shape[1] ** 2 for one in limits]
    theta = wedges.economy.trade_elasticity_j
    slope = np.array([1 + float(theta[j].mean()) if len(j) else 1.0 for j in good])
    y = np.zeros(len(limits))

    def at(rates: Array, near: Solved | None) -> tuple[Solved, Array]:
        result = solve(rated(wedges, rates), near)
        with np.errstate(divide="ignore"):
            return result, np.maximum(np.log(passing(result) / goal), _NOTHING)

    found, gap = at(y, None)
    jacobian = -np.diag(slope)
    for _ in range(_MOST):
        if np.abs(y - np.clip(y + gap, 0.0, most)).max(initial=0.0) <= _TOLERANCE:
            return found
        free = ~(((y <= 0) & (gap <= 0)) | ((y >= most) & (gap >= 0)))
        step = _newton(jacobian, gap, free, slope)
        new = np.clip(y + np.clip(step, -_STEP, _STEP), 0.0, most)
        moved = new - y
        found, after = at(new, found)
        length = float(moved @ moved)
        if length > 0:
            jacobian += np.outer(after - gap - jacobian @ moved, moved) / length
        y, gap = new, after
    raise NotConverged(
        f"No rates were found at which the {len(limits)} quotas of the shock hold after {_MOST} "
        "equilibria.",
        "Take out quotas on the same flows, or write a tariff.",
    )


def _newton(jacobian: Array, gap: Array, free: Mask, slope: Array) -> Array:
    """The step of Newton's method for the limits that may move; by their own slope if it fails."""
    own = np.where(free, gap / slope, 0.0)
    part = jacobian[np.ix_(free, free)]
    try:
        solved = -np.linalg.solve(part, gap[free])
    except np.linalg.LinAlgError:
        return own
    # A quantity falls as its rate rises: a step to the other side is none.
    if not np.isfinite(solved).all() or float(solved @ gap[free]) <= 0:
        return own
    step = np.zeros_like(gap)
    step[free] = solved
    return step
