"""Arkolakis, Costinot & Rodríguez-Clare (2012): what trade is worth to the United States."""

import numpy as np

from detente.trade import embargo, solve
from detente.world import World

IMPORT_SHARE = 0.07


def tables() -> dict[str, dict[str, list[float]]]:
    """The loss of real income by autarky, percent, at two trade elasticities."""
    rows = {}
    for elasticity in (10.0, 5.0):
        home, abroad = 1 - IMPORT_SHARE, IMPORT_SHARE
        world = World.from_flows(
            ["USA", "ROW"],
            ["ALL"],
            np.array([[[home, abroad], [abroad, home]]]),
            np.zeros((2, 1, 1)),
            np.ones((2, 1)),
            np.ones((2, 1)),
            trade_elasticity_j=elasticity,
        )
        autarky = solve(world, embargo("*", "*"), transfers="zero")
        rows[f"elasticity {elasticity:g}"] = [-100 * float(autarky.real_income_change["USA"])]
    return {"acr": rows}
