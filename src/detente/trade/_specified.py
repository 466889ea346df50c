"""What a specification adds to an evaluation: labour supply, scale, profits, market size.

Each function leaves an economy without its part as it is, so that the plain model is computed as if
none of this existed. Arrays may be of another library, as in `detente.trade._evaluation`.
"""

from __future__ import annotations

from detente._types import Array
from detente.trade._economy import Economy, namespace
from detente.trade._system import System, by_component

_TINY = 1e-300


def labour_supply(system: System, log_employment_mb: Array) -> Array:
    """What the mobile factor offers at base wages, L̂ L times employment, (N, B), USD million."""
    if system.economy.labour_supply_elasticity_n is None:
        return system.labour_supply_nb
    xp = namespace(log_employment_mb)
    offered: Array = system.labour_supply_nb * xp.exp(log_employment_mb)
    return offered


def next_employment(
    economy: Economy, log_employment_mb: Array, log_real_wage_nb: Array, relief_nb: Array
) -> Array:
    """log L̂ at a real wage and its relief from a tax; as it was where the supply is given."""
    if economy.labour_supply_elasticity_n is None:
        return log_employment_mb
    out: Array = economy.labour_supply_elasticity_n[:, None] * (log_real_wage_nb + relief_nb)
    return out


def scale_of(system: System, log_scale_lb: Array) -> Array | None:
    """The log of the size of producers by good and country, (J, N, B); None where none counts."""
    eco = system.economy
    if eco.scale_elasticity_j is None:
        return None
    xp = namespace(log_scale_lb)
    out: Array = xp.reshape(log_scale_lb, (*eco.shape, log_scale_lb.shape[1]))
    return out


def size_of(system: System, spent_jnb: Array, marketing_jnb: Array | None) -> Array:
    """What producers use, at the prices of their inputs, as a ratio to the base year, (J, N, B).

    With marketing, production counts by the base share of the mobile factor in it, so that the
    ratio is that of payrolls as long as shares of costs stay.
    """
    if marketing_jnb is None:
        out: Array = spent_jnb / system.base_size_jn[:, :, None]
        return out
    xp = namespace(spent_jnb)
    labour = xp.permute_dims(system.economy.labour_share_nj, (1, 0))[:, :, None]
    both: Array = (labour * spent_jnb + marketing_jnb) / system.base_size_jn[:, :, None]
    return both


def next_scale(
    system: System,
    log_scale_lb: Array,
    log_cost_jnb: Array,
    spent_jnb: Array,
    marketing_jnb: Array | None,
) -> Array:
    """The log of the size of producers: what they spend over the price of what they buy."""
    eco, scale = system.economy, scale_of(system, log_scale_lb)
    if scale is None or eco.scale_elasticity_j is None:
        return log_scale_lb
    xp = namespace(log_cost_jnb)
    bundle = log_cost_jnb + system.log_productivity_jnb
    bundle = bundle + eco.scale_elasticity_j[:, None, None] * scale
    size = xp.log(xp.maximum(size_of(system, spent_jnb, marketing_jnb), _TINY)) - bundle
    size = xp.where(system.scaled_jn[:, :, None], size, xp.zeros_like(size))
    out: Array = xp.reshape(size, log_scale_lb.shape)
    return out


def costs_of(economy: Economy, sales_jnb: Array) -> Array:
    """The part of sales that pays for inputs and factors: all but profits, (J, N, B)."""
    if economy.profit_share_j is None:
        return sales_jnb
    out: Array = (1 - economy.profit_share_j)[:, None, None] * sales_jnb
    return out


def profits(system: System, sales_jnb: Array) -> Array:
    """What each country has of profits, from its own producers or from all, (N, B).

    A fund of all is one of each trading component: nothing is paid where nothing is traded.
    """
    share = system.economy.profit_share_j
    assert share is not None
    xp = namespace(sales_jnb)
    made: Array = xp.sum(share[:, None, None] * sales_jnb, axis=0)
    if system.profit_owner_n is None:
        return made
    pooled = xp.take(by_component(system, made), system.component_n, axis=0)
    out: Array = system.profit_owner_n[:, None] * pooled
    return out


def market_size(economy: Economy, spending_jnb: Array, log_wage_nb: Array) -> Array:
    """log X̂ − log ŵ, the change of a market's size in units of its labour, (J, N, B)."""
    xp, base = namespace(spending_jnb), economy.spending_jn[:, :, None]
    none = base <= 0
    ratio = spending_jnb / xp.where(none, xp.ones_like(base), base)
    size = xp.log(xp.maximum(ratio, _TINY)) - log_wage_nb[None, :, :]
    out: Array = xp.where(none, xp.zeros_like(size), size)
    return out


def wage_relief(economy: Economy, revenue_nb: Array, labour_nb: Array) -> Array:
    """By how much new revenue of trade taxes raises wages after tax, in logs, (N, B)."""
    if economy.tax_revenue_n is None:
        none: Array = namespace(labour_nb).zeros_like(labour_nb)
        return none
    before = (economy.tax_revenue_n / economy.labour_n)[:, None]
    out: Array = -namespace(labour_nb).log1p(before - revenue_nb / labour_nb)
    return out
