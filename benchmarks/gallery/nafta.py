"""Caliendo & Parro (2015): NAFTA, world tariffs, and NAFTA given world tariffs."""

import sources

import worlds
from detente.trade import Equilibrium, Shock, first_order, solve

NAFTA = ("Mexico", "Canada", "USA")


def measures(found: Equilibrium, country: str) -> list[float]:
    """Welfare by their formula, its two parts and the real wage, percent."""
    parts = first_order(found)
    values = (parts.total, parts.terms_of_trade, parts.volume_of_trade, found.real_wage_change)
    return [100 * float(v[country]) for v in values]


def tables() -> dict[str, dict[str, list[float]]]:
    """Tables 2, 7 and 9."""
    reader = worlds.cp2015()
    raw = reader.load()
    world = reader.base_year(raw, deficits=False)
    members = [world.country(c) for c in NAFTA]
    of_2005 = sources.world_tariffs()
    without = of_2005.copy()
    for n in members:
        without[:, n, members] = world.tariff_jni[:, n, members]
    nafta, everything, rest = (
        solve(world, Shock(tariff_jni=t), tolerance=1e-11)
        for t in (raw["tariff_2005"], of_2005, without)
    )
    given = {}
    for c in NAFTA:
        pairs = zip(measures(everything, c), measures(rest, c), strict=True)
        given[c] = [100 * ((1 + a / 100) / (1 + b / 100) - 1) for a, b in pairs]
    return {
        "cp2015-2": {c: measures(nafta, c) for c in NAFTA},
        "cp2015-7": {c: measures(everything, c)[:3] for c in world.countries},
        "cp2015-9": given,
    }
