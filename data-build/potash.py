"""Derive the bundled tables of potash flows of 2019-2021 from the raw tables; same bytes each run.

    .venv/bin/python data-build/potash.py [--raw ../shared/data/potash] [--check]

Steps (docs/cases/belarus.md explains why):
1. Start from the estimate of bilateral flows (RAS of FAOSTAT margins on a trade pattern).
2. Put countries without a row in the inter-country table into ROW; flows inside ROW become own use.
3. The United States from the USGS: exports, imports for consumption, the ratio of its three large
   sources, own supply. FAOSTAT books Canadian potash that is shipped through US ports as US
   imports and as US exports.
4. Belarus to the United States from customs; Belarus to Brazil, Belarus's shares in the EU's and in
   India's imports and Canada's in those of the United States from published figures.
5. RAS the rest to the totals of all other countries.
6. Own supply, tonnes of product: use less imports (FAOSTAT) where FAOSTAT knows any production.
   FAOSTAT counts use on fields only. Where less than half of a country's mine output is exported,
   output less exports is well determined and counts industry too; there it is taken if larger.
   Russia's comes from its largest producer. FAOSTAT's own production rows are not used, because
   some repeat one value from 2020 on.

Two tables come of it. In `potash-2020` the pattern of Belarus's row rests in part on 2022; in
`potash-2020-noprior` that row starts in proportion to what each country imports, so that nothing
of Belarus's later trade is in it. All totals and published figures put in are the same.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente._files import write_file
from detente.world import load_world, members

Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src/detente/cases/packaged/belarus/data"
TABLES = {"potash-2020.csv": True, "potash-2020-noprior.csv": False}  # with the later pattern?
RAW = ROOT / "../shared/data/potash"
MATRIX = "estimated_potash_matrix_2019_2021_mean.csv"
FAOSTAT = "faostat_potash_k2o_2000_2023.csv"

K2O_PER_TONNE = 0.60  # muriate of potash, as traded
YEARS = (2019, 2020, 2021)
SMALLEST = 1000.0  # tonnes; the raw estimate drops smaller flows too

# USGS, Mineral Commodity Summaries 2026, potash; thousand tonnes K2O in 2021.
US_PRODUCTION, US_IMPORTS, US_EXPORTS = 480.0, 6480.0, 112.0
# FAOSTAT has 8,243 and 2,022 for the same year: the surplus is much the same on both sides.
US_YEAR = 2021
# USGS, the same edition: where US imports came from, 2021-24, per cent. Only the ratio of the
# three is used: Belarus is inside the edition's "other".
US_SOURCES = {"CAN": 79.0, "RUS": 12.0, "ISR": 3.0}
# US customs, product tonnes, rounded, as noted with the raw tables beside the estimate of 1.23 Mt.
BLR_USA = 670_000.0
# European Parliament, question E-001273/2023: Belarus's share in EU potash imports, 2018-2020.
BLR_EU_SHARE = 0.27
# Canada's share in all US imports: between the 75 per cent of 2017-20 (USGS, edition 2022) and the
# 79 of 2021-24 (edition 2026). The three sources above keep their ratio to each other.
CAN_US_SHARE = 0.77
# Business Standard, 21 March 2022: 17.6 per cent of India's imports in 2021-22 were from Belarus,
# when transit was already hindered; Reuters, March 2022: a third from Belarus and Russia together.
BLR_IND_SHARE = 0.20
# Trade press, 3 May 2022: Brazil took 19 per cent of Belarusian shipments of some 13 Mt in 2021.
BLR_BRA = 0.19 * 13e6

# World Mining Data 2026 (BMF Austria): mine output in tonnes K2O, mean of 2019-2021, of the
# countries that export less than half of it by FAOSTAT (United States: USGS, above).
MINED = {"BRA": 238_925.0, "CHN": 5_748_867.0, "UZB": 202_000.0}
# Uralkali's sales in Russia: 2.4 million tonnes of product in 2023 after a fall by 5 per cent
# (TASS, 23 May 2024), which stands for the base years; it is not all that Russia uses.
RUS_OWN = 2_400_000.0

COUNTRIES = load_world("oecd28-2020").countries
EU = members("EU", "2020-12-31")
PLACE = {c: n for n, c in enumerate(COUNTRIES)}
BLR, BRA, CAN, IND, ROW, RUS, USA = (
    PLACE[c] for c in ("BLR", "BRA", "CAN", "IND", "ROW", "RUS", "USA")
)
EU_ROWS = np.array([PLACE[c] for c in EU])
US_ROWS = np.array([PLACE[c] for c in US_SOURCES])
US_RATIO = np.array(list(US_SOURCES.values())) / sum(US_SOURCES.values())


@dataclass(frozen=True)
class Balance:
    """FAOSTAT's means of 2019-2021 by country, tonnes K2O; missing years count as nothing."""

    use: dict[str, float]
    imports: dict[str, float]
    exports: dict[str, float]
    producers: frozenset[str]
    us_by_year: dict[int, tuple[float, float]]  # imports, exports


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, default=RAW)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    for name, later_pattern in TABLES.items():
        text, out = derive(arguments.raw, later_pattern), DATA / name
        digest = hashlib.sha256(text.encode()).hexdigest()
        if arguments.check and out.read_bytes() != text.encode():
            raise SystemExit(f"{out} differs from what the raw tables give ({digest})")
        if not arguments.check:
            write_file(out, text)
            print(f"{out.relative_to(ROOT)}: sha256 {digest}")
    for name in (MATRIX, FAOSTAT):
        print(f"{name}: sha256 {hashlib.sha256((arguments.raw / name).read_bytes()).hexdigest()}")


def derive(raw: Path, later_pattern: bool = True) -> str:
    """A bundled table as text, with or without the pattern of 2022 in Belarus's row."""
    balance = read_balance(raw / FAOSTAT)
    prior, inside_row = read_matrix(raw / MATRIX)
    pattern = prior if later_pattern else without_later_pattern(prior)
    flows = trade(prior, pattern, balance)
    own = own_supply(balance, inside_row)
    return table(flows, own)


def without_later_pattern(prior: Array) -> Array:
    """The estimate with Belarus's row in proportion to the imports of the others."""
    flows = prior.copy()
    size = prior.sum(axis=0)
    size[BLR] = 0.0
    flows[BLR] = prior[BLR].sum() * size / size.sum()
    return flows


def read_matrix(path: Path) -> tuple[Array, float]:
    """Estimated flows, origin by market, and what is traded inside ROW."""
    flows = np.zeros((len(COUNTRIES), len(COUNTRIES)))
    for row in _rows(path):
        origin, market = (PLACE.get(row[k], ROW) for k in ("exporter", "importer"))
        flows[origin, market] += float(row["mop_equiv_tonnes"])
    inside = float(flows[ROW, ROW])
    flows[ROW, ROW] = 0.0
    return flows, inside


def read_balance(path: Path) -> Balance:
    sums: dict[str, dict[str, float]] = {"use": {}, "imports": {}, "exports": {}}
    producers: set[str] = set()
    by_year: dict[int, tuple[float, float]] = {}
    for row in _rows(path):
        if int(row["year"]) not in YEARS or not row["iso3"]:
            continue
        for kind, held in sums.items():
            amount = float(row[f"{kind}_k2o_t"] or 0.0) / len(YEARS)
            held[row["iso3"]] = held.get(row["iso3"], 0.0) + amount
        if float(row["production_k2o_t"] or 0.0) > 0:
            producers.add(row["iso3"])
        if row["iso3"] == "USA":
            by_year[int(row["year"])] = float(row["imports_k2o_t"]), float(row["exports_k2o_t"])
    return Balance(sums["use"], sums["imports"], sums["exports"], frozenset(producers), by_year)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trade(prior: Array, pattern: Array, balance: Balance) -> Array:
    """Flows of a pattern with official figures put in and all other totals of the prior kept."""
    exports, imports = prior.sum(axis=1), prior.sum(axis=0)
    transit = (balance.us_by_year[US_YEAR][0] - US_IMPORTS * 1e3) / K2O_PER_TONNE
    exports[USA] = US_EXPORTS * 1e3 / K2O_PER_TONNE
    imports[USA] -= transit
    # What left by US ports was Canadian: the pattern of those shipments goes to Canada's row.
    pattern = pattern.copy()
    shipped = pattern[USA] * max(0.0, 1 - exports[USA] / pattern[USA].sum())
    shipped[CAN] = 0.0
    pattern[CAN] += shipped
    pattern[USA] -= shipped
    imports *= exports.sum() / imports.sum()
    return constrained_ras(pattern, exports, imports)


def constrained_ras(pattern: Array, exports: Array, imports: Array) -> Array:
    """RAS with two cells, three shares of a column, one cell's and one block's share held."""
    flows = pattern.copy()
    outside = np.setdiff1d(np.arange(len(COUNTRIES)), EU_ROWS)
    # The three large sources as a share of what the United States buy from all but Belarus.
    three = CAN_US_SHARE / US_RATIO[0] * imports[USA] / (imports[USA] - BLR_USA)
    for _ in range(5000):
        flows[BLR, USA] = flows[BLR, BRA] = 0.0
        fixed_out, fixed_in = np.zeros_like(exports), np.zeros_like(imports)
        fixed_in[USA], fixed_in[BRA] = BLR_USA, BLR_BRA
        fixed_out[BLR] = BLR_USA + BLR_BRA
        flows *= _ratio(exports - fixed_out, flows.sum(axis=1))[:, None]
        others = np.delete(flows[:, USA], US_ROWS).sum()
        flows[US_ROWS, USA] = US_RATIO * three / (1 - three) * others
        bought = flows[np.ix_(outside, EU_ROWS)].sum()
        block = flows[BLR, EU_ROWS].sum()
        rest = bought - block
        flows[BLR, EU_ROWS] *= BLR_EU_SHARE / (1 - BLR_EU_SHARE) * rest / block
        rest = np.delete(flows[:, IND], BLR).sum()
        flows[BLR, IND] = BLR_IND_SHARE / (1 - BLR_IND_SHARE) * rest
        flows *= _ratio(imports - fixed_in, flows.sum(axis=0))[None, :]
    flows[BLR, USA], flows[BLR, BRA] = BLR_USA, BLR_BRA
    gap = np.abs(flows.sum(axis=1) - exports).max() / exports.sum()
    if gap > 1e-9:
        raise SystemExit(f"the totals cannot all be met; the largest gap is {gap:.1e} of the total")
    return flows


def _ratio(target: Array, total: Array) -> Array:
    return np.divide(target, total, out=np.ones_like(total), where=total > 0)


def own_supply(balance: Balance, inside_row: float) -> Array:
    """What each country uses of its own potash, tonnes of product; see step 6."""
    own = np.zeros(len(COUNTRIES))
    for country in sorted(balance.producers & balance.use.keys()):
        kept = balance.use[country] - balance.imports.get(country, 0.0)
        if country in MINED:
            kept = max(kept, MINED[country] - balance.exports[country])
        own[PLACE.get(country, ROW)] += max(0.0, kept) / K2O_PER_TONNE
    own[RUS] = RUS_OWN
    own[USA] = (US_PRODUCTION - US_EXPORTS) * 1e3 / K2O_PER_TONNE
    own[ROW] += inside_row
    return own


NOTES = {
    ("BLR", "USA"): "customs figure in place of the estimate of 1.23 Mt",
    ("BLR", "BRA"): "19 per cent of some 13 Mt, trade press",
    ("BLR", "IND"): "a fifth of India's imports, published",
    ("CAN", "USA"): "77 per cent of US imports, between two editions of the USGS",
    ("CHN", "CHN"): "World Mining Data: mine output less exports, product tonnes",
    ("RUS", "RUS"): "sales of Uralkali in Russia",
    ("USA", "USA"): "USGS: production less exports, 2021",
    ("ROW", "ROW"): "flows between countries of ROW, and their own supply",
}


def table(flows: Array, own: Array) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("origin", "market", "tonnes", "kind", "note"))
    for i, origin in enumerate(COUNTRIES):
        for n, market in enumerate(COUNTRIES):
            kind = "own" if i == n else "export"
            tonnes = own[i] if i == n else flows[i, n]
            if tonnes >= SMALLEST:
                note = NOTES.get((origin, market), "")
                writer.writerow((origin, market, round(tonnes), kind, note))
    return out.getvalue()


if __name__ == "__main__":
    main()
