"""The world economy of a base year: labelled arrays, checks, bundled data, readers.

Names are imported on first use, so that `import detente.world` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.world.aggregation import aggregate_countries as aggregate_countries
    from detente.world.aggregation import aggregate_goods as aggregate_goods
    from detente.world.checks import Verdict as Verdict
    from detente.world.checks import WorldCheck as WorldCheck
    from detente.world.commodity_split import split_commodity as split_commodity
    from detente.world.comparison import WorldComparison as WorldComparison
    from detente.world.comparison import compare_worlds as compare_worlds
    from detente.world.competition import melitz_pareto as melitz_pareto
    from detente.world.competition import monopolistic_competition as monopolistic_competition
    from detente.world.country_goods import CountryGood as CountryGood
    from detente.world.country_split import split_country as split_country
    from detente.world.elasticities import Elasticity as Elasticity
    from detente.world.elasticities import default_elasticities as default_elasticities
    from detente.world.elasticities import trade_elasticity as trade_elasticity
    from detente.world.errors import UnknownLabel as UnknownLabel
    from detente.world.errors import WorldError as WorldError
    from detente.world.errors import WorldFileError as WorldFileError
    from detente.world.groups import available_groups as available_groups
    from detente.world.groups import expand as expand
    from detente.world.groups import members as members
    from detente.world.groups import not_separate as not_separate
    from detente.world.icio import read_icio as read_icio
    from detente.world.observations import check_world as check_world
    from detente.world.observations import verdicts as verdicts
    from detente.world.sectors import Sector as Sector
    from detente.world.sectors import all_sectors as all_sectors
    from detente.world.specification import Specification as Specification
    from detente.world.store import load_world as load_world
    from detente.world.store import save_world as save_world
    from detente.world.store import worlds as worlds
    from detente.world.synthesis import synthetic as synthetic
    from detente.world.world import World as World


_HOME = {
    "CountryGood": "country_goods",
    "Specification": "specification",
    "melitz_pareto": "competition",
    "monopolistic_competition": "competition",
    "Elasticity": "elasticities",
    "Sector": "sectors",
    "WorldComparison": "comparison",
    "UnknownLabel": "errors",
    "Verdict": "checks",
    "World": "world",
    "WorldCheck": "checks",
    "WorldError": "errors",
    "WorldFileError": "errors",
    "aggregate_countries": "aggregation",
    "aggregate_goods": "aggregation",
    "all_sectors": "sectors",
    "available_groups": "groups",
    "worlds": "store",
    "check_world": "observations",
    "compare_worlds": "comparison",
    "default_elasticities": "elasticities",
    "expand": "groups",
    "load_world": "store",
    "members": "groups",
    "not_separate": "groups",
    "read_icio": "icio",
    "save_world": "store",
    "split_commodity": "commodity_split",
    "split_country": "country_split",
    "synthetic": "synthesis",
    "trade_elasticity": "elasticities",
    "verdicts": "observations",
}

__all__ = [
    "CountryGood",
    "Elasticity",
    "Sector",
    "Specification",
    "UnknownLabel",
    "Verdict",
    "World",
    "WorldCheck",
    "WorldComparison",
    "WorldError",
    "WorldFileError",
    "aggregate_countries",
    "aggregate_goods",
    "all_sectors",
    "available_groups",
    "check_world",
    "compare_worlds",
    "default_elasticities",
    "expand",
    "load_world",
    "melitz_pareto",
    "members",
    "monopolistic_competition",
    "not_separate",
    "read_icio",
    "save_world",
    "split_commodity",
    "split_country",
    "synthetic",
    "trade_elasticity",
    "verdicts",
    "worlds",
]
__getattr__ = lazy(__name__, _HOME, renamed={"available_worlds": "worlds"})


def __dir__() -> list[str]:
    return sorted(__all__)
