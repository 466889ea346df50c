"""Derive the product layer: flows of 75 goods, prices, production and sea distances.

    .venv/bin/python data-build/goods.py [--raw ../shared/data] [--check]

1. Flows of 2005 to 2024 of the 74 codes of six digits, from CEPII's BACI: one file a code, sorted
   by exporter, importer and year; tonnes and USD thousand in single precision; S19 becomes TWN. Of
   potash (HS 3104) there are 2022 to 2024, and of each year the 200 largest flows.
2. Monthly prices of the goods that the World Bank's Pink Sheet has.
3. Sea distances between ports, as they are at hand.
4. Production: single figures, kept by hand in `production.csv` with their source.

Reruns give the same bytes with the same polars.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import polars as pl

from detente._files import write_file
from detente.world.products.catalogue import DATA, products

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "../shared/data"
BACI = "commodity/baci_hs92_72products_1995_2024.parquet"
POTASH = "potash/baci_hs3104_bilateral_2022_2024_top200.csv"
PINK = "commodity/pinksheet_monthly_2026M05.xlsx"
SEA = "geo/searoute_distances_nm.csv"
FIRST = 2005
#: The source's code of 'other Asia, not elsewhere specified', which stands for Taiwan.
TAIWAN = {"S19": "TWN"}
#: Series of the Pink Sheet: the head of the column, and the unit.
SERIES = {
    "crude_average": ("Crude oil, average", "USD per barrel"),
    "crude_brent": ("Crude oil, Brent", "USD per barrel"),
    "crude_dubai": ("Crude oil, Dubai", "USD per barrel"),
    "coal_australia": ("Coal, Australian", "USD per tonne"),
    "gas_europe": ("Natural gas, Europe", "USD per million Btu"),
    "lng_japan": ("Liquefied natural gas, Japan", "USD per million Btu"),
    "phosphate_rock": ("Phosphate rock", "USD per tonne"),
    "potash": ("Potassium chloride **", "USD per tonne"),
    "aluminium": ("Aluminum", "USD per tonne"),
    "iron_ore": ("Iron ore, cfr spot", "USD per dry tonne"),
    "gold": ("Gold", "USD per troy ounce"),
    "platinum": ("Platinum", "USD per troy ounce"),
}
#: Ports of the distances as they are written, with their countries.
PORTS = {
    "Gdansk": ("Gdańsk", "POL"),
    "Klaipeda": ("Klaipėda", "LTU"),
    "Mumbai": ("Mumbai", "IND"),
    "Murmansk": ("Murmansk", "RUS"),
    "NewOrleans": ("New Orleans", "USA"),
    "Paranagua": ("Paranaguá", "BRA"),
    "PortKlang": ("Port Klang", "MYS"),
    "Qingdao": ("Qingdao", "CHN"),
    "Riga": ("Riga", "LVA"),
    "Santos": ("Santos", "BRA"),
    "StPetersburg": ("St Petersburg", "RUS"),
    "Ust-Luga": ("Ust-Luga", "RUS"),
    "Vladivostok": ("Vladivostok", "RUS"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, default=RAW)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    total = 0
    listed: list[str] = []
    for name, content in derived(arguments.raw):
        out = DATA / name
        digest = hashlib.sha256(content).hexdigest()
        listed.append(f"{digest}  {name}\n")
        total += len(content)
        if arguments.check and out.read_bytes() != content:
            raise SystemExit(f"{out} differs from what the raw tables give ({digest})")
        if not arguments.check:
            write_file(out, content)
    flows = "".join(sorted(line for line in listed if "flows/" in line)).encode()
    print(f"flows/*.parquet together: sha256 {hashlib.sha256(flows).hexdigest()}")
    print("".join(line for line in listed if "flows/" not in line), end="")
    for raw in (BACI, POTASH, PINK, SEA):
        print(f"{hashlib.sha256((arguments.raw / raw).read_bytes()).hexdigest()}  {raw}")
    print(f"{total / 1e6:.2f} MB in {len(listed)} files")


def derived(raw: Path) -> Iterator[tuple[str, bytes]]:
    """Every table with its bytes."""
    table = pl.read_parquet(raw / BACI).filter(pl.col("year") >= FIRST)
    potash = pl.read_csv(raw / POTASH).with_columns(pl.col("value_usd") / 1000)
    codes = [p.hs for p in products().values()]
    for hs in codes:
        if len(hs) == 6:
            flows = table.filter(pl.col("hs92") == int(hs))
        else:
            flows = potash.rename({"value_usd": "kusd"})
        yield f"flows/{hs}.parquet", parquet(of_product(flows))
    yield "prices.parquet", parquet(prices(raw / PINK))
    yield "sea-distances.csv", distances(raw / SEA).write_csv().encode()


def of_product(flows: pl.DataFrame) -> pl.DataFrame:
    """The flows of one code in the layout of the bundle."""
    return flows.select(
        pl.col("exporter").replace(TAIWAN),
        pl.col("importer").replace(TAIWAN),
        pl.col("year").cast(pl.Int16),
        pl.col("kusd").cast(pl.Float32),
        pl.col("tonnes").cast(pl.Float32),
    ).sort("exporter", "importer", "year")


def parquet(table: pl.DataFrame) -> bytes:
    """A table as it is bundled."""
    out = io.BytesIO()
    table.write_parquet(out, compression="zstd", compression_level=19)
    return out.getvalue()


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def prices(path: Path) -> pl.DataFrame:
    """Monthly prices from the sheet `Monthly Prices`, whose heads are in one row."""
    with zipfile.ZipFile(path) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(t.text or "" for t in s.iter(f"{_MAIN}t")) for s in shared]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet2.xml"))
    columns: dict[str, str] = {}
    rows = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells = dict(_cells(row, texts))
        if not columns:
            found = {text.strip(): letter for letter, text in cells.items()}
            if all(head in found for head, _ in SERIES.values()):
                columns = {name: found[head] for name, (head, _) in SERIES.items()}
            continue
        month = re.fullmatch(r"(\d{4})M(\d{2})", cells.get("A", ""))
        if month is None or int(month[1]) < FIRST:
            continue
        for name, letter in columns.items():
            with_price = re.fullmatch(r"\d+(\.\d+)?(E[+-]?\d+)?", cells.get(letter, ""))
            if with_price:
                rows.append((name, int(month[1]), int(month[2]), float(cells[letter])))
    schema = {"series": pl.String, "year": pl.Int16, "month": pl.Int8, "usd": pl.Float32}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("series", "year", "month")


def _cells(row: ElementTree.Element, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Each filled cell of a row: the letters of its column, and its text."""
    for cell in row:
        value = cell.find(f"{_MAIN}v")
        if value is not None and value.text:
            letters = re.sub(r"\d", "", cell.get("r", ""))
            yield letters, texts[int(value.text)] if cell.get("t") == "s" else value.text


def distances(path: Path) -> pl.DataFrame:
    """Sea distances with the names of ports in full and their countries."""
    raw = pl.read_csv(path)
    return pl.DataFrame(
        [
            (*PORTS[a], *PORTS[b], miles)
            for a, b, miles in raw.select("from", "to", "nautical_miles").iter_rows()
        ],
        schema=["port", "country", "other_port", "other_country", "nautical_miles"],
        orient="row",
    ).sort("port", "other_port")


if __name__ == "__main__":
    main()
