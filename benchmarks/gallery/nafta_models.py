"""Caliendo & Parro (2015, section 5.3): NAFTA in a model without materials."""

import numpy as np
from nafta import NAFTA

import worlds
from detente.trade import Equilibrium, Shock, first_order, solve
from detente.world import World


def imports(found: Equilibrium, country: str) -> float:
    """Growth of a member's imports from the other two, percent."""
    n = found.world.country(country)
    others = [found.world.country(c) for c in NAFTA if c != country]
    before, after = (t[:, n, others].sum() for t in (found.world.trade_jni, found.trade_jni))
    return float(100 * (after / before - 1))


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 11, the columns without materials, and imports in the benchmark."""
    reader = worlds.cp2015()
    raw = reader.load()
    benchmark, shock = reader.base_year(raw, deficits=False), Shock(tariff_jni=raw["tariff_2005"])
    trade, tariff = raw["trade"], raw["tariff_1993"]
    none = World.from_flows(
        benchmark.countries,
        benchmark.goods,
        trade,
        np.zeros_like(raw["intermediate"]),
        (trade * (1 + tariff)).sum(axis=2).T,
        trade.sum(axis=1).T,
        tariff,
        raw["theta"],
    )
    full = solve(benchmark, shock, tolerance=1e-11)
    bare = solve(none, shock, transfers="zero", tolerance=1e-11)
    welfare = first_order(bare).total
    rows = {c: [100 * float(welfare[c]), imports(bare, c), imports(full, c)] for c in NAFTA}
    return {"cp2015-11": rows}
