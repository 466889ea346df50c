"""Ignatenko et al. (2025), Table 9: other parameters, no retaliation."""

from liberation import calibrated, rows_of
from liberation_1 import SHOWN

from detente.trade import solve


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 9 but for the several sectors, whose data are not at hand."""
    base = calibrated()
    worlds = {
        "baseline": base.world(),
        "firms pass on a quarter": base.world(firms=0.25),
        "elasticity 8": base.world(elasticity=8.0),
        "Eaton-Kortum-Krugman": base.eaton_kortum(),
    }
    rows = {}
    for case, world in worlds.items():
        found = rows_of(base, solve(world, base.tariffs(base.tariff_n)), SHOWN, range(6))
        rows |= {f"{case}: {name}": row for name, row in found.items()}
    return {"liberation-9": rows}
