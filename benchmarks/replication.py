"""NAFTA as in Caliendo & Parro (2015): what they print, what comes out here, and the exact change.

    python benchmarks/replication.py                               prints the tables
    python benchmarks/replication.py --write docs/replication.md   writes them into the page
    python benchmarks/replication.py --gallery docs/gallery.md     writes the gallery of more papers

Three checks: the numbers that the paper and the R package cp2015 (P. Felipe, MIT licence) give for
Canada, Mexico and the United States; an independent nested loop (`textbook.py`) for all 31
countries; and the formulas of Arkolakis, Costinot & Rodríguez-Clare (2012, American Economic Review
102(1)) and of Caliendo & Parro (2015, eq. 15), which need domestic shares only.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import detente
import textbook
import worlds
from detente.trade import Equilibrium, Shock, embargo, exact, first_order, solve
from detente.world import World, synthetic
from measure import written

Array = NDArray[np.float64]
MEASURES = ("terms_of_trade", "volume_of_trade", "welfare", "real_wage")
NAMES = {
    "terms_of_trade": "terms of trade",
    "volume_of_trade": "volume of trade",
    "welfare": "welfare, printed formula",
    "real_wage": "real wage",
}
SHOWN = ("Canada", "Mexico", "USA")
_LOOP = replace(textbook.WARM, wage_step=0.4)


def main() -> None:
    """Compute the tables, print them, write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    parser.add_argument("--gallery", type=Path, help="the page of published results of more papers")
    given = parser.parse_args()
    reader = worlds.cp2015()
    parts = []
    if reader.DATA.exists():
        parts += nafta_tables(reader)
    else:
        parts.append(f"The NAFTA data are not at hand ({reader.DATA}); its tables are left out.")
    parts += ["### Domestic shares alone", sufficient_statistics()]
    text = "\n\n".join(parts)
    print(text)
    if given.write:
        if not reader.DATA.exists():
            raise SystemExit("Nothing is written without the NAFTA data.")
        written(given.write, text)
    if given.gallery:
        sys.path.insert(0, str(Path(__file__).parent / "gallery"))
        gallery = importlib.import_module("compare")
        absent = [why for table in gallery.published() if (why := gallery.missing(table))]
        if absent:
            raise SystemExit("The gallery is not written: " + " ".join(dict.fromkeys(absent)))
        written(given.gallery, gallery.page())


def nafta_tables(reader: object) -> list[str]:
    """The printed numbers, the independent loop, and the exact change."""
    raw = reader.load()  # type: ignore[attr-defined]
    results = {}
    for label, deficits in (("zero", False), ("deficit", True)):
        world = reader.base_year(raw, deficits=deficits)  # type: ignore[attr-defined]
        results[label] = solve(world, Shock(tariff_jni=raw["tariff_2005"]), tolerance=1e-12)
    return [
        "### Against the paper and the R package",
        printed_table(reader, results),
        "### All 31 countries against the nested loop",
        loop_table(results),
        "### The exact change beside the printed formula",
        exact_table(results),
    ]


def printed_table(reader: object, results: dict[str, Equilibrium]) -> str:
    """Three countries × four measures × two treatments of deficits, percent."""
    package = reader.published()  # type: ignore[attr-defined]
    with reader.TABLE.open(encoding="utf-8") as lines_of:  # type: ignore[attr-defined]
        paper = {
            (row["country"], row["measure_pct"]): row["published_CP2015_Table2"]
            for row in csv.DictReader(lines_of)
        }
    lines = [
        "| country | measure | Table 2 | R package, no deficits | détente "
        "| R package, deficits | détente |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    worst, rounding = 0.0, 0.0
    ours = {label: measures_of(result) for label, result in results.items()}
    for country in SHOWN:
        for measure in MEASURES:
            cells = [paper[country, measure]]
            for label, result in results.items():
                value = ours[label][measure][result.world.country(country)]
                theirs = package[country, measure, label]
                worst = max(worst, abs(value - theirs))
                cells += [f"{theirs:.6f}", f"{value:.6f}"]
            rounding = max(rounding, abs(float(cells[0]) - float(cells[2])))
            lines.append(f"| {country} | {NAMES[measure]} | " + " | ".join(cells) + " |")
    lines += [
        "",
        f"Largest difference to the R package: {worst:.1e} percentage points; to the paper, which "
        f"prints two digits: {rounding:.3f}.",
    ]
    return "\n".join(lines)


def measures_of(result: Equilibrium) -> dict[str, Array]:
    """The four measures of their Table 2, percent, (31,) each."""
    formula = first_order(result)
    return {
        "terms_of_trade": 100 * formula.terms_of_trade.values,
        "volume_of_trade": 100 * formula.volume_of_trade.values,
        "welfare": 100 * formula.total.values,
        "real_wage": 100 * result.real_wage_change.values,
    }


def loop_table(results: dict[str, Equilibrium]) -> str:
    """The largest difference to the independent loop over all countries, by measure."""
    lines = [
        "| measure | largest difference, no deficits | largest difference, deficits |",
        "|---|---:|---:|",
    ]
    gaps: dict[str, list[str]] = {m: [] for m in (*MEASURES, "exact")}
    for result in results.values():
        ours = measures_of(result) | {"exact": 100 * result.real_income_change.values}
        theirs = independent(result.world, result.shock)
        for measure, found in gaps.items():
            found.append(f"{np.abs(ours[measure] - theirs[measure]).max():.0e}")
    for measure, found in gaps.items():
        name = NAMES.get(measure, "real income, exact")
        lines.append(f"| {name} | " + " | ".join(found) + " |")
    lines += ["", "Percentage points; 31 countries in each cell."]
    return "\n".join(lines)


def independent(world: World, shock: Shock) -> dict[str, Array]:
    """The measures from the nested loop, by formulas written out here once more, percent."""
    problem, _ = worlds.as_textbook(world, shock)
    answer = textbook.nested_loop(problem, 1e-13, _LOOP)
    log_price, wage = np.log(answer.price_jn), answer.wage_n
    cost = np.exp(
        problem.labour_share_nj.T * np.log(wage)
        + np.einsum("nkj,kn->jn", problem.input_share_nkj, log_price)
    )
    theta = problem.trade_elasticity_j[:, None, None]
    share = problem.share_jni * (problem.wedge_jni * cost[:, None, :]) ** -theta
    share /= share.sum(axis=2, keepdims=True)
    flows = share * answer.spending_jn[:, :, None] / (1 + problem.tariff_jni)
    base, old_tariff = world.trade_jni, world.tariff_jni
    abroad = base * ~np.eye(len(world.countries), dtype=bool)
    income = world.income_n
    rise = cost - 1
    terms = (abroad.sum(axis=1) * rise).sum(axis=0)
    terms = (terms - (abroad * rise[:, None, :]).sum(axis=(0, 2))) / income
    growth = np.divide(flows, base, out=np.ones_like(base), where=base > 0) - 1
    volume = (old_tariff * abroad * (growth - rise[:, None, :])).sum(axis=(0, 2)) / income
    index = np.exp((problem.final_share_nj * log_price.T).sum(axis=1))
    revenue = (problem.tariff_jni * flows).sum(axis=(0, 2))
    new_income = wage * problem.labour_n + revenue + problem.transfer_n
    return {
        "terms_of_trade": 100 * terms,
        "volume_of_trade": 100 * volume,
        "welfare": 100 * (terms + volume),
        "real_wage": 100 * (wage / index - 1),
        "exact": 100 * (new_income / index / income - 1),
    }


def exact_table(results: dict[str, Equilibrium]) -> str:
    """Real income exactly, with its parts integrated along the path, percent."""
    lines = [
        "| country | deficits | printed formula | exact change "
        "| terms of trade | volume of trade |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for label, result in results.items():
        formula, parts = first_order(result).total, exact(result)
        for country in SHOWN:
            row = (
                formula[country],
                result.real_income_change[country],
                parts.terms_of_trade[country],
                parts.volume_of_trade[country],
            )
            cells = " | ".join(f"{100 * x:+.4f}" for x in row)
            kept = "none" if label == "zero" else "kept"
            lines.append(f"| {country} | {kept} | {cells} |")
    closure = max(float(np.abs(exact(r).closure.values).max()) for r in results.values())
    lines += ["", f"The parts miss the exact change by {100 * closure:.0e} percentage points."]
    return "\n".join(lines)


def sufficient_statistics() -> str:
    """Two formulas that need domestic shares only, against the solver."""
    one = solve(synthetic(20, 1, seed=3, zeros=0.0), transfers="zero", tolerance=1e-12).world
    without = replace_inputs(one)
    shock = embargo(one.countries[0], one.countries[1:6])
    result = solve(without, shock, transfers="zero", tolerance=1e-12)
    own = np.arange(len(one.countries))
    change = result.share_jni[0, own, own] / without.share_jni[0, own, own]
    acr = change ** (-1 / without.trade_elasticity_j[0])
    gap_acr = np.abs(acr - 1 - result.real_income_change.values).max()

    world = detente.load_world("oecd-2020")
    shock = embargo("RUS", ["EU", "G7"]) + embargo(["EU", "G7"], "RUS")
    many = solve(world, shock, tolerance=1e-12)
    formula = domestic_shares(many)
    gap_cp = np.abs(formula - many.real_wage_change.values).max()
    where = [world.country(c) for c in ("RUS", "DEU", "USA")]
    shown = ", ".join(
        f"{world.countries[n]} {100 * many.real_wage_change.values[n]:+.4f} %" for n in where
    )
    return "\n".join(
        [
            "| formula | problem | largest difference |",
            "|---|---|---:|",
            f"| Ŵ = λ̂^(−1/θ) (Arkolakis, Costinot & Rodríguez-Clare 2012) | one good, no inputs, "
            f"balanced trade, an embargo of 1 on 5 of 20 countries | {gap_acr:.0e} |",
            "| ŵ/P̂ᶠ = Π_j Π_k λ̂_k^(−α_j b_jk/θ_k) (Caliendo & Parro 2015, eq. 15) | `oecd-2020`, "
            f"11 goods, embargo of G7 and EU on Russia both ways | {gap_cp:.0e} |",
            "",
            f"λ̂ is the change of a country's share of spending on its own goods, b the Leontief "
            f"inverse of input shares; differences are fractions over all countries. Real wages in "
            f"the second: {shown}.",
        ]
    )


def replace_inputs(world: World) -> World:
    """The same flows of one good, without intermediate inputs."""
    N = len(world.countries)
    return World.from_flows(
        world.countries,
        world.goods,
        world.trade_jni,
        np.zeros((N, 1, 1)),
        world.spending_jn.T,
        world.sales_jn.T,
        trade_elasticity_j=world.trade_elasticity_j,
        name="one good",
    )


def domestic_shares(result: Equilibrium) -> Array:
    """ŵ/P̂ᶠ − 1 from the change of domestic shares, Cobb-Douglas, (N,)."""
    world = result.world
    own = np.arange(len(world.countries))
    before = world.share_jni[:, own, own]
    ratio = np.divide(
        result.share_jni[:, own, own], before, out=np.ones_like(before), where=before > 0
    )
    shift = np.log(ratio) / world.trade_elasticity_j[:, None]
    cost = world.intermediate_nkj.sum(axis=1) + world.value_added_nj
    gamma = world.intermediate_nkj / np.where(cost > 0, cost, 1.0)[:, None, :]
    inverse = np.linalg.inv(np.eye(len(world.goods)) - gamma.transpose(0, 2, 1))
    relative = np.einsum("njk,kn->nj", inverse, shift)
    share = world.final_nj / world.income_n[:, None]
    return np.expm1(-(share * relative).sum(axis=1))


if __name__ == "__main__":
    main()
