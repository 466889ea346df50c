"""Ignatenko et al. (2025), Table 2: partners retaliate."""

from liberation import calibrated, rows_of

from detente.trade import solve

SHOWN = ("USA", "CHN", "EU", "non-US (average)")
WELFARE_DEFICIT_EMPLOYMENT_PRICES = (0, 1, 4, 5)


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 2."""
    base = calibrated()
    optimal, answer = base.optimal(retaliated=True)
    cases = {
        "reciprocal": (base.tariff_n, base.tariff_n),
        "optimal": (base.tariff_n, answer),
        "both optimal": (optimal, answer),
    }
    rows = {}
    for case, rates in cases.items():
        found = solve(base.world(), base.tariffs(*rates))
        shown = rows_of(base, found, SHOWN, WELFARE_DEFICIT_EMPLOYMENT_PRICES)
        rows |= {f"{case}: {name}": row for name, row in shown.items()}
    return {"liberation-2": rows}
