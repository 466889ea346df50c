"""The base year of a case: the world with its commodities split out and its elasticities set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.case import world_path
from detente.world import load_world, split_commodity

if TYPE_CHECKING:
    from detente.case import Case, Commodity
    from detente.world import World


def base_of(case: Case) -> World:
    """The base year that a case names, as it is on file: its digest is the same on every machine.

    What `world_of` derives from it is not, in the last digits of the commodities' split.
    """
    folder = case.path.parent if case.path else None
    return load_world(world_path(case.world, folder))


def world_of(case: Case) -> World:
    """The base year that a case is about.

    Commodities are valued at their base price: a flow of q units is q × price. The elasticities of
    the case replace those of the world after the split.

    Raises:
        WorldError: a commodity that cannot be split out, or a world that does not balance.
    """
    world = base_of(case)
    for commodity in case.commodities:
        price = case.number(commodity.price)
        quantity_ni = case.quantity_ni(commodity.name, world.countries)
        world = split_commodity(
            world,
            commodity.name,
            commodity.parent,
            quantity_ni * price / 1e6,
            users=case.users(commodity.name),
            labour_share=case.number(commodity.labour_share),
            capital_share=case.number(commodity.capital_share),
            resource_share=_resource_share_n(case, commodity, world.countries),
            inputs={k: case.number(v) for k, v in commodity.inputs.items()} or None,
            trade_elasticity=case.number(commodity.trade_elasticity),
            input_substitution=case.number(commodity.input_substitution),
        )
    return _with_elasticities(case, world)


def _resource_share_n(case: Case, commodity: Commodity, countries: tuple[str, ...]) -> list[float]:
    """The deposit's share of sales in each country."""
    given = commodity.resource_shares
    return [case.number(given.get(c, commodity.resource_share)) for c in countries]


def _with_elasticities(case: Case, world: World) -> World:
    theta = world.trade_elasticity_j.copy()
    epsilon = world.input_substitution_j.copy()
    for entry in case.elasticities:
        j = world.good(entry.good)
        if entry.trade_elasticity is not None:
            theta[j] = case.number(entry.trade_elasticity)
        if entry.input_substitution is not None:
            epsilon[j] = case.number(entry.input_substitution)
    return world.with_elasticities(trade_elasticity_j=theta, input_substitution_j=epsilon)
