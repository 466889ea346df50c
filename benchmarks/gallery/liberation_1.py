"""Ignatenko et al. (2025), Table 1: the tariffs of 2 April 2025 without retaliation."""

from liberation import calibrated, rows_of

from detente.trade import solve

SHOWN = ("USA", "non-US (average)")


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 1."""
    base = calibrated()
    optimal, _ = base.optimal()
    cases = {
        "income tax relief": (base.world(), base.tariff_n),
        "lump-sum rebate": (base.world(revenue="lump_sum"), base.tariff_n),
        "optimal tariffs": (base.world(), optimal),
    }
    rows = {}
    for case, (world, rate) in cases.items():
        found = rows_of(base, solve(world, base.tariffs(rate)), SHOWN, range(6))
        rows |= {f"{case}: {name}": row for name, row in found.items()}
    return {"liberation-1": rows}
