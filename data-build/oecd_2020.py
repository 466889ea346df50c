"""Derive the bundled world `oecd-2020` from the inter-country table; reruns give the same bytes.

Usage: python data-build/oecd_2020.py [RAW] [--out FILE]
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np

from detente.world.accounts import accounts_of
from detente.world.store import DATA, write_npz
from detente.world.world import World

RAW = Path("../shared/data/world/icio2020_77x11_tidy.npz")
#: The table has four decimals; rounding to them makes the bytes independent of summation order.
DECIMALS = 4
CAPITAL_SHARE = 1 / 3
FINAL_USES = {
    "C": "consumption",
    "I": "investment and inventories",
    "Cx": "direct purchases abroad",
}
SOURCE = (
    "OECD (2023), OECD Inter-Country Input-Output Tables, year 2020; an adaptation: combined to "
    "11 sectors and rearranged by the détente project"
)
NOTES = (
    "This is an adaptation of an original work by the OECD. The opinions expressed and arguments "
    "employed in it should not be reported as representing the official views of the OECD or of "
    "its member countries.",
    "Flows are at basic prices. Value added is sales less inputs: it includes net product taxes "
    "on inputs (2.9 % of value added). Net product taxes on final use stay with the household "
    "that pays them and are left out.",
    "The table has no tariffs and no export taxes: both are zero in the base year.",
    "Capital is given one third of value added in every sector: a convention, not data.",
    "2020 is a pandemic year: travel, transport and oil are below, medical goods above normal.",
)


def build(raw: Path, out: Path) -> str:
    """Write the bundle and return its SHA-256."""
    with np.load(raw) as table:
        countries = tuple(map(str, table["countries"]))
        goods = tuple(map(str, table["sectors"]))
        uses = tuple(FINAL_USES[str(f)] for f in table["fd"])
        N, J = len(countries), len(goods)
        z_ijnk = table["Z"].reshape(N, J, N, J)
        f_ijnf = table["F"].reshape(N, J, N, len(uses))
        year = int(table["year"])
    books = accounts_of(z_ijnk, f_ijnf, countries, goods, uses)
    trade, intermediate, final, value_added = (
        np.round(a, DECIMALS) + 0.0
        for a in (
            books.trade_jni,
            books.intermediate_nkj,
            books.final_nj,
            books.value_added_nj,
        )
    )
    world = World.from_flows(  # refuses the bundle if it does not balance
        countries, goods, trade, intermediate, final, value_added, capital_share_nj=CAPITAL_SHARE
    )
    arrays = {
        name: getattr(world, name)
        for name in (
            "trade_jni",
            "tariff_jni",
            "export_tax_jni",
            "intermediate_nkj",
            "final_nj",
            "labour_nj",
            "capital_nj",
            "resource_nj",
            "input_substitution_j",
            "final_substitution_n",
        )
    }
    texts = {
        "year": year,
        "unit": "USD million",
        "source": SOURCE,
        "name": "oecd-2020",
        "notes": [*NOTES, *books.notes],
    }
    write_npz(out, countries, goods, arrays, texts)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", nargs="?", type=Path, default=RAW)
    parser.add_argument("--out", type=Path, default=DATA / "oecd-2020.npz")
    given = parser.parse_args()
    digest = build(given.raw, given.out)
    print(f"{given.out}: {given.out.stat().st_size} bytes, sha256 {digest}")
    print(f"raw sha256 {hashlib.sha256(given.raw.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
