"""Derive the worlds `oecd-2022` (81 × 50) and `oecd28-2011` to `oecd28-2021` (81 × 28).

Usage: python data-build/oecd_2025.py [RAW] [--out FOLDER] [--only NAME ...]

Two tables of the OECD's 2025 edition are put together. One has the intermediate flows of 2022
between 80 economies by 50 sectors, without the rest of the world. The other has what every one of
81 economies sold to each other by 27 goods and all services together, every year. Reruns give the
same bytes, which `sources.yaml` names.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.world.store import DATA, load_world, write_npz
from detente.world.world import World

Array = NDArray[np.float64]

RAW = Path("../shared/data/world")
TABLE, YEARS = "icio2022_80x50_Z.npz", "icio_81x28_trade_tariff_2011_2022.npz"
ROW = "ROW"
#: Goods come first on both axes; services are the rest.
GOODS = 27
CAPITAL_SHARE = 1 / 3
#: Least value added, a share of sales, and least final use, a share of purchases, that are left.
LEAST_VALUE_ADDED, LEAST_FINAL = 0.08, 0.001
#: Flows below this many USD million are none, so that the files stay small.
SMALLEST = 1e-3
ROUNDS, CLOSE = 5000, 1e-9
SOURCE = (
    "OECD (2025), OECD Inter-Country Input-Output Tables, year {year}; an adaptation: rearranged, "
    "completed and balanced by the détente project"
)
ADAPTATION = (
    "This is an adaptation of an original work by the OECD. The opinions expressed and arguments "
    "employed in it should not be reported as representing the official views of the OECD or of "
    "its member countries."
)
COMMON = (
    "Flows are at basic prices. Value added is what remains of sales after inputs, so that it "
    "includes net product taxes on inputs; it is at least 8 % of sales.",
    "The table has no tariffs and no export taxes: both are zero in the base year.",
    "Capital is given one third of value added in every sector: a convention, not data.",
    "The rest of the world (ROW) publishes no inputs: its producers are assumed to use of each "
    "input, for a unit of sales, what those of the 80 economies use on average.",
    "What ROW sells to an economy is split into inputs and final use as that economy's imports of "
    "the same good from the 80 are.",
)


@dataclass(frozen=True)
class Table:
    """The table of 2022: goods j, inputs k, markets n, origins i; 80 economies."""

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    #: Intermediate sales of origin i's good j to market n, (J, N, N) as [j, i, n].
    inter_jin: Array
    #: Inputs k that producers of j in n buy from all origins, at home and abroad, (N, K, J).
    use_nkj: Array
    #: Of these, what comes from abroad.
    foreign_nkj: Array
    output_jn: Array
    final_ji: Array


@dataclass
class Report:
    """What was measured on the way, and what was moved."""

    lines: list[str]

    def measure(self, what: str, gaps: Array) -> None:
        """Keep the median and the largest of some relative gaps."""
        self.lines.append(f"{what}: median {np.median(gaps):.1e}, largest {np.max(gaps):.1e}")


def read_table(raw: Path, report: Report) -> Table:
    """The intermediate flows of 2022, checked."""
    with np.load(raw / TABLE) as file:
        countries, sectors = (tuple(map(str, file[k])) for k in ("countries", "sectors"))
        N, J = len(countries), len(sectors)
        flows = file["Z"].reshape(J, N, J, N)
        output, final = (
            file[k].reshape(J, N).astype(float) for k in ("output", "final_by_producer")
        )
    sold = flows.sum((2, 3), dtype=float) + final
    report.measure("2022, rows against output", np.abs(sold - output) / np.maximum(output, 1.0))
    use = flows.sum(1, dtype=float)
    home = np.stack([flows[:, n, :, n] for n in range(N)], axis=-1).astype(float)
    return Table(
        countries,
        sectors,
        flows.sum(2, dtype=float),
        use.transpose(2, 0, 1),
        (use - home).transpose(2, 0, 1),
        output,
        final,
    )


def read_year(raw: Path, year: int) -> tuple[tuple[str, ...], Array]:
    """The economies, and what each sold to each: [origin, 27 goods and services, market]."""
    with np.load(raw / YEARS) as file:
        years = file["years"].tolist()
        return tuple(map(str, file["countries"])), file["trade_musd"][years.index(year)].astype(
            float
        )


def fitted(seed: Array, rows: Array, columns: Array) -> Array:
    """A matrix in the likeness of a seed with given sums of rows and columns, by RAS.

    Sums of the two that differ are met half-way in proportion before; rows and columns of zeros
    stay zero.
    """
    columns = columns * (rows.sum() / max(columns.sum(), 1e-300))
    out = seed.copy()
    for _ in range(ROUNDS):
        out *= (rows / np.maximum(out.sum(1), 1e-300))[:, None]
        out *= (columns / np.maximum(out.sum(0), 1e-300))[None, :]
        gap = np.abs(out.sum(1) - rows).max() / max(float(rows.max()), 1e-300)
        if gap < CLOSE:
            break
    return out


def flows_2022(table: Table, sold_ikn: Array, report: Report) -> Array:
    """Sales by origin, of all 50 sectors, of 81 economies: [sector, origin, market]."""
    N, J = len(table.countries), len(table.sectors)
    out = np.zeros((J, N + 1, N + 1))
    out[:GOODS] = sold_ikn[:, :GOODS].transpose(1, 0, 2)
    given, goods = table.output_jn[:GOODS], out[:GOODS, :N].sum(2)
    report.measure(
        "2022, goods: two tables' output", np.abs(goods - given) / np.maximum(given, 1.0)
    )
    final = out[:GOODS, :N, :N] - table.inter_jin[:GOODS]
    report.lines.append(
        f"2022, goods: {np.sum(final < 0)} negative final uses, {final.min():.1f} at the least"
    )
    # Intermediates that exceed the total of their pair are cut to it with the inputs below.
    services = table.inter_jin[GOODS:]
    left = sold_ikn[:N, GOODS, :N] - services.sum(0)
    for i in range(N):
        to = np.append(np.maximum(left[i], 0.0), sold_ikn[i, GOODS, N])
        seed = np.zeros((J - GOODS, N + 1))
        seed[:, :N] = services[:, i]
        abroad = services[:, i].sum(1) - services[:, i, i]
        seed[:, N] = abroad
        # A service that nobody uses as an input is sold at home.
        seed[:, i] += np.where(services[:, i].sum(1) > 0, 0.0, table.final_ji[GOODS:, i])
        seed += 1e-9 * table.final_ji[GOODS:, i][:, None] * (to / max(to.sum(), 1e-300))[None, :]
        out[GOODS:, i] = fitted(seed, table.final_ji[GOODS:, i], to)
        out[GOODS:, i, :N] += services[:, i]
    given = table.output_jn[GOODS:]
    made = out[GOODS:, :N].sum(2)
    report.measure(
        "2022, services: output after RAS", np.abs(made - given) / np.maximum(given, 1.0)
    )
    # What the rest of the world sells of services has the mix of what the market buys abroad.
    for n in range(N + 1):
        others = [i for i in range(N) if i != n]
        mix = out[GOODS:, others, n].sum(1)
        out[GOODS:, N, n] = sold_ikn[N, GOODS, n] * mix / max(mix.sum(), 1e-300)
    at_home = np.einsum("jnn->j", out[GOODS:, :N, :N])
    out[GOODS:, N, N] = sold_ikn[N, GOODS, N] * at_home / at_home.sum()
    out[out < SMALLEST] = 0.0
    return out.astype(np.float32).astype(float)


def inputs_2022(table: Table, flows_jin: Array, report: Report) -> Array:
    """Inputs k of producers of j in each of 81 economies, (N, K, J)."""
    N = len(table.countries)
    bought_nj = flows_jin.sum(1).T
    sold_nj = flows_jin.sum(2).T
    out = np.zeros((N + 1, *table.use_nkj.shape[1:]))
    for n in range(N):
        use, foreign = table.use_nkj[n], table.foreign_nkj[n]
        abroad = flows_jin[:, :N, n].sum(1) - flows_jin[:, n, n]
        share = np.minimum(foreign.sum(1) / np.maximum(abroad, 1e-300), 1.0)
        mix = foreign / np.maximum(foreign.sum(1), 1e-300)[:, None]
        out[n] = use + (share * flows_jin[:, N, n])[:, None] * mix
    mean = out[:N].sum(0) / np.maximum(sold_nj[:N].sum(0), 1e-300)[None, :]
    out[N] = mean * sold_nj[N][None, :]
    return feasible(out, bought_nj, sold_nj, "2022", report)


def feasible(
    inputs_nkj: Array, bought_nj: Array, sold_nj: Array, what: str, report: Report
) -> Array:
    """The same inputs where value added and final use stay positive; else scaled down to that."""
    out = inputs_nkj.copy()
    for _ in range(ROUNDS):
        most = (1 - LEAST_VALUE_ADDED) * sold_nj
        out *= np.minimum(1.0, most / np.maximum(out.sum(1), 1e-300))[:, None, :]
        most = (1 - LEAST_FINAL) * bought_nj
        rows = np.minimum(1.0, most / np.maximum(out.sum(2), 1e-300))
        out *= rows[:, :, None]
        if rows.min() > 1 - 1e-12:
            break
    moved = np.abs(out - inputs_nkj).sum((1, 2)) / np.maximum(inputs_nkj.sum((1, 2)), 1e-300)
    report.measure(f"{what}, inputs moved so that value added and final use are positive", moved)
    return out


def coarse(inputs_nkj: Array) -> Array:
    """Inputs of 50 sectors as inputs of 27 goods and all services together."""
    to = np.zeros((GOODS + 1, inputs_nkj.shape[1]))
    to[:GOODS, :GOODS] = np.eye(GOODS)
    to[GOODS, GOODS:] = 1.0
    return np.asarray(np.einsum("ak,nkj,bj->nab", to, inputs_nkj, to, optimize=True))


def inputs_of_year(
    now_nkj: Array, bought: Array, sold: Array, bought_now: Array, sold_now: Array,
    what: str, report: Report,
) -> Array:  # fmt: skip
    """Inputs of another year: the shares of 2022 in purchases and in sales, fitted to the year."""
    out = np.zeros_like(now_nkj)
    changes = []
    for n, use in enumerate(now_nkj):
        rows = np.minimum(use.sum(1) / np.maximum(bought_now[n], 1e-300), 1.0) * bought[n]
        columns = np.minimum(use.sum(0) / np.maximum(sold_now[n], 1e-300), 1.0) * sold[n]
        columns *= rows.sum() / max(columns.sum(), 1e-300)
        made = fitted(use + 1e-9 * np.outer(rows, columns) / max(rows.sum(), 1e-300), rows, columns)
        before = use / np.maximum(sold_now[n], 1e-300)
        after = made / np.maximum(sold[n], 1e-300)
        changes.append(np.abs(after - before).sum() / max(before.sum(), 1e-300))
        out[n] = made
    report.measure(f"{what}, input coefficients against 2022", np.array(changes))
    return feasible(out, bought, sold, what, report)


def written(
    name: str, year: int, countries: tuple[str, ...], goods: tuple[str, ...],
    flows_jin: Array, inputs_nkj: Array, notes: tuple[str, ...], folder: Path,
) -> str:  # fmt: skip
    """Write a world that balances in the numbers that are kept; return a line about it."""
    trade = flows_jin.transpose(0, 2, 1)
    inputs = inputs_nkj.astype(np.float32).astype(float)
    final = rest(trade.transpose(1, 0, 2), inputs)
    value_added = rest(trade.transpose(2, 0, 1), inputs.transpose(0, 2, 1))
    world = World.from_flows(
        countries,
        goods,
        trade,
        inputs,
        final,
        value_added,
        capital_share_nj=CAPITAL_SHARE,
        year=year,
    )
    arrays: dict[str, Array] = {
        key: getattr(world, key)
        for key in (
            "tariff_jni", "export_tax_jni", "final_nj", "labour_nj", "capital_nj", "resource_nj",
            "input_substitution_j", "final_substitution_n",
        )
    }  # fmt: skip
    packed = {"trade_jni": trade, "intermediate_nkj": inputs}
    arrays |= {key: value.astype(np.float32) for key, value in packed.items()}  # type: ignore[misc]
    texts = {
        "year": year, "unit": "USD million", "source": SOURCE.format(year=year), "name": name,
        "notes": [ADAPTATION, *COMMON, *notes],
    }  # fmt: skip
    path = write_npz(folder / f"{name}.npz", countries, goods, arrays, texts)
    load_world(path)  # refuses what does not balance as it is written
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}"


def main() -> None:
    """Build the worlds, and print what was measured and moved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", nargs="?", type=Path, default=RAW)
    parser.add_argument("--out", type=Path, default=DATA)
    parser.add_argument("--only", nargs="*", default=None, help="names of worlds")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    report = Report([])
    table = read_table(given.raw, report)
    countries, sold = read_year(given.raw, 2022)
    if countries != (*table.countries, ROW):
        raise SystemExit("The two tables name other economies.")
    flows = flows_2022(table, sold, report)
    inputs = inputs_2022(table, flows, report)

    def wanted(name: str) -> bool:
        return given.only is None or name in given.only

    if wanted("oecd-2022"):
        notes = (
            "What is sold abroad to final users of each of 23 services is not published in this "
            "detail: totals by pair of economies are split in the likeness of the inputs (RAS).",
        )
        report.lines.append(
            written("oecd-2022", 2022, countries, table.sectors, flows, inputs, notes, given.out)
        )
    inputs28, bought, sold_now = coarse(inputs), *totals(sold.transpose(1, 0, 2))
    names = (*table.sectors[:GOODS], "SERVICES")
    for year in range(2011, 2022):
        name = f"oecd28-{year}"
        if not wanted(name):
            continue
        _, then = read_year(given.raw, year)
        made = then.transpose(1, 0, 2).copy()
        made[made < SMALLEST] = 0.0
        made = made.astype(np.float32).astype(float)
        fit = inputs_of_year(inputs28, *totals(made), bought, sold_now, str(year), report)
        notes = (
            f"Inputs of {year} are not published in this detail: those of 2022 are fitted to what "
            f"each economy bought and sold of each good in {year} (RAS).",
            f"Value added of {year} is therefore assumed: each producer starts from its share of "
            "value added in sales of 2022, and the fit moves it with what its economy bought.",
        )
        report.lines.append(written(name, year, countries, names, made, fit, notes, given.out))
    print("\n".join(report.lines))


def rest(flows_nji: Array, inputs_njk: Array) -> Array:
    """What remains of flows after inputs, (N, J), summed exactly, so that bytes are the same."""
    terms = np.concatenate([flows_nji, -inputs_njk], axis=2)
    return np.array([[math.fsum(row) for row in country] for country in terms.tolist()])


def totals(flows_jin: Array) -> tuple[Array, Array]:
    """What each economy buys and what it sells of each good, (N, J) each."""
    return flows_jin.sum(1).T, flows_jin.sum(2).T


if __name__ == "__main__":
    main()
