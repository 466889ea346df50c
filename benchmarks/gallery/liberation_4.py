"""Ignatenko et al. (2025), Table 4: with inputs of the one good into its production."""

from liberation import calibrated, rows_of
from liberation_1 import SHOWN

from detente.trade import solve


def tables() -> dict[str, dict[str, list[float]]]:
    """Table 4, the tariffs announced, without and with reciprocal retaliation; by world GDP."""
    base = calibrated(inputs=True)
    rows = {}
    for case, answer in (("announced", 0.0), ("reciprocal", base.tariff_n)):
        found = solve(base.world(), base.tariffs(base.tariff_n, answer))
        shown = rows_of(base, found, SHOWN, range(6), weight=base.gdp_n, by_wages=True)
        rows |= {f"{case}: {name}": row for name, row in shown.items()}
    return {"liberation-4": rows}
