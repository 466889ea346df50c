"""Scalars of an equilibrium that a gradient can be taken of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from detente.trade.adjoint.pullback import Seeds, no_seeds
from detente.trade.errors import ShockError

if TYPE_CHECKING:
    from detente._types import Array
    from detente.trade.adjoint.saved_state import SavedState
    from detente.trade.equilibrium import Equilibrium


@dataclass(frozen=True, eq=False)
class Weights:
    """A scalar as a weighted sum of what an equilibrium holds; what is None does not count.

    Weights may have any shape that broadcasts to the one of what they weigh.

    Attributes:
        equivalent_variation_n: of each country, USD million.
        income_n: I', USD million.
        tariff_revenue_n: T', USD million.
        export_tax_revenue_n: of each origin, USD million.
        transit_revenue_n: fee income beyond the base year's, USD million.
        sales_jn: Y', USD million.
        spending_jn: X', USD million.
        log_wage_n: log ŵ.
        log_price_jn: log P̂, delivered.
        log_cost_jn: log ĉ, at the producer's gate.
        log_final_price_n: log P̂ᶠ.
        unit: of the sum.

    Example:
        >>> from detente.trade import Weights
        >>> tariffs_of_all = Weights(tariff_revenue_n=1.0)
    """

    equivalent_variation_n: ArrayLike | None = None
    income_n: ArrayLike | None = None
    tariff_revenue_n: ArrayLike | None = None
    export_tax_revenue_n: ArrayLike | None = None
    transit_revenue_n: ArrayLike | None = None
    sales_jn: ArrayLike | None = None
    spending_jn: ArrayLike | None = None
    log_wage_n: ArrayLike | None = None
    log_price_jn: ArrayLike | None = None
    log_cost_jn: ArrayLike | None = None
    log_final_price_n: ArrayLike | None = None
    unit: str = "USD million"


Target = str | Mapping[str, float] | Weights


def weights_of(equilibrium: Equilibrium, target: Target) -> tuple[str, Weights]:
    """What a target is called, and its weights.

    Raises:
        UnknownLabel: a country that the world does not have.
        ShockError: weights that do not fit the world.
    """
    world = equilibrium.world
    if isinstance(target, Weights):
        _check(equilibrium, target)
        return "weighted sum", target
    shares = {target: 1.0} if isinstance(target, str) else dict(target)
    weight_n = np.zeros(len(world.countries))
    for country, weight in shares.items():
        weight_n[world.country(country)] += weight
    name = ", ".join(shares)
    unit = f"{world.unit} a year"
    return f"equivalent variation of {name}", Weights(equivalent_variation_n=weight_n, unit=unit)


def _check(equilibrium: Equilibrium, weights: Weights) -> None:
    world = equilibrium.world
    lengths = {"j": len(world.goods), "n": len(world.countries)}
    for f in fields(weights):
        value = getattr(weights, f.name)
        if f.name == "unit" or value is None:
            continue
        shape = tuple(lengths[c] for c in f.name.rsplit("_", 1)[1])
        try:
            full = np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
            fits = bool(np.isfinite(full).all())
        except ValueError:
            fits = False
        if not fits:
            raise ShockError(
                f"The weights {f.name} have the shape {np.shape(value)}.",
                f"Give finite numbers that broadcast to {shape}.",
            )


def seeds_of(equilibrium: Equilibrium, saved_state: SavedState, targets: list[Weights]) -> Seeds:
    """The derivatives of every target by what one evaluation of the system returns."""
    J, N = saved_state.system.economy.shape
    seeds = no_seeds(saved_state.system, len(targets))

    def stacked(name: str) -> Array:
        shape = (N,) if name.endswith("_n") else (J, N)
        rows = [getattr(t, name) for t in targets]
        full = [np.broadcast_to(np.asarray(0.0 if r is None else r), shape) for r in rows]
        return np.stack(full, axis=-1)

    # d EV = I Î/P̂ᶠ (d log I' − d log P̂ᶠ), less what more work costs those who do it.
    real = (equilibrium.base_income_n * np.exp(equilibrium.log_real_income_n))[:, None]
    weight = stacked("equivalent_variation_n")
    worth = weight * real
    wage, price, employment = stacked("log_wage_n"), -worth, seeds.log_employment_mr
    effort = equilibrium.effort
    if effort is not None:
        wage = wage - weight * effort.by_log_real_wage_n[:, None]
        price = price + weight * effort.by_log_real_wage_n[:, None]
        employment = employment - weight * effort.by_log_employment_n[:, None]
    return replace(
        seeds,
        log_wage_nr=wage,
        log_employment_mr=employment,
        log_price_jnr=stacked("log_price_jn"),
        log_spending_jnr=stacked("spending_jn") * saved_state.x.spending_jnb,
        log_cost_jnr=stacked("log_cost_jn"),
        sales_jnr=stacked("sales_jn"),
        income_nr=stacked("income_n") + worth / saved_state.point.income_nb,
        tariff_revenue_nr=stacked("tariff_revenue_n"),
        export_tax_revenue_nr=stacked("export_tax_revenue_n"),
        transit_revenue_nr=stacked("transit_revenue_n"),
        log_final_price_nr=stacked("log_final_price_n") + price,
    )
