"""Customs declarations in one form, whoever published them.

`read_customs` reads a file of CEPII's BACI, UN Comtrade, WITS, the US Census or Eurostat's Comext.
`CustomsRecords` holds what it declares: seller, buyer, good, year, USD and tonnes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._shown import Framed, Small
from detente.world.customs.cells import CustomsCells, CustomsFileError, read_customs_cells
from detente.world.customs.codes import TOTAL, codes_of, read_code_list
from detente.world.customs.layouts import is_import

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CustomsFileError", "CustomsRecords", "read_customs"]

#: Faults of one kind that are named one by one; the rest are counted.
_SHOWN = 20
#: Years that a declaration may be of.
_YEARS = (1962, 2100)
#: A value above this, in USD, is more than the world trades of any good.
_MOST = 3e13
COLUMNS = ("year", "hs", "exporter", "importer", "usd", "tonnes", "declared_by")


@dataclass(frozen=True, eq=False, repr=False)
class CustomsRecords(Framed):
    """Declared trade, one row for each year, good, seller, buyer and declaring side.

    Attributes:
        frame: `year`, `hs` (six digits, or fewer where the file has no more), `exporter` and
            `importer` (ISO3), `usd`, `tonnes` (null where the file has none) and `declared_by`
            (`exporter`, `importer`, or `both` where the publisher reconciled the two).
        layout: whose file it is.
        publisher: who published it, and on what terms.
        file: its name.
        notes: what was left out or added up.
    """

    frame: pl.DataFrame = field(repr=False)
    layout: str
    publisher: str
    file: str
    notes: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it has."""
        return tuple(sorted(self.frame["year"].unique().to_list()))

    @property
    def goods(self) -> tuple[str, ...]:
        """The codes of goods that it has."""
        return tuple(sorted(self.frame["hs"].unique().to_list()))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it holds, and the notes."""
        first, last = self.years[0], self.years[-1]
        span = str(first) if first == last else f"{first} to {last}"
        goods = f"HS {self.goods[0]}" if len(self.goods) == 1 else f"{len(self.goods):,} goods"
        usd = float(self.frame["usd"].sum()) / 1e9
        return (
            f"{self.layout}: {self.frame.height:,} flows of {goods}, {span}, USD {usd:,.3g} "
            "billion as declared.",
            *self.notes,
        )

    def to_frame(self) -> pl.DataFrame:
        """The rows, as the attribute `frame` says."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return document(
            "customs_records",
            {
                "layout": self.layout,
                "publisher": self.publisher,
                "file": self.file,
                "notes": self.notes,
                "flows": self.frame.to_dicts(),
            },
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences

    def _small(self) -> Small:
        rows = [tuple(map(str, row)) for row in self.frame.head(8).rows()]
        return "", COLUMNS, rows


def read_customs(
    path: str | Path,
    *,
    countries: str | Path | None = None,
    usd_per_euro: float | None = None,
) -> CustomsRecords:
    """Read a customs file as its publisher gives it.

    The layout is told by the heading: CEPII's BACI (`BACI_HS92_Y2021_V….csv`), exports of UN
    Comtrade and WITS, the US Census (USA Trade Online, or the answer of its programming
    interface) and Eurostat's Comext (monthly files, or extracts of the data browser). Totals of
    countries, goods, customs procedures and ways of transport are left out, so that nothing counts
    twice. Months of a year are added up, and a year that lacks some is named in the notes.

    Args:
        path: the file, unpacked.
        countries: CEPII's `country_codes_V….csv`; None looks for it beside the file.
        usd_per_euro: USD that a euro was worth; needed for files in euros and only for them.

    Returns:
        CustomsRecords: USD at the prices of the declaring side (imports mostly with freight and
        insurance, exports without; BACI without), tonnes of net weight.

    Raises:
        CustomsFileError: every fault of the file as file:line, with what to do.
    """
    path = Path(path)
    cells = read_customs_cells(path)
    if cells.layout.unit is None and usd_per_euro is None:
        raise CustomsFileError(
            f"{cells.file}: its values are in euros.",
            "Say what a euro was worth, with usd_per_euro (at the command line --usd-per-euro).",
        )
    if usd_per_euro is not None and not 0.3 < usd_per_euro < 3:
        raise CustomsFileError(
            f"usd_per_euro is {usd_per_euro:g}.", "Give the USD that one euro buys, as 1.08."
        )
    listed = _code_list(path, cells, countries)
    table, notes = _parsed(cells, usd_per_euro or 1.0, listed)
    if cells.layout.unit is None:
        notes.append(f"Euros were counted as USD {usd_per_euro:g} each.")
    return CustomsRecords(table, cells.layout.name, cells.layout.publisher, path.name, tuple(notes))


def _code_list(
    path: Path, cells: CustomsCells, countries: str | Path | None
) -> dict[str, str] | None:
    if countries is not None:
        return read_code_list(Path(countries))
    if cells.layout.countries != "number":
        return None
    beside = sorted(path.parent.glob("country_codes_V*.csv"))
    return read_code_list(beside[-1]) if beside else None


def _parsed(
    cells: CustomsCells, usd_per_euro: float, listed: dict[str, str] | None
) -> tuple[pl.DataFrame, list[str]]:
    """The rows in one form, and notes."""
    import polars as pl

    layout = cells.layout
    frame, notes = _whole(cells)
    faults: list[str] = []
    period = str(cells.find(layout.year))
    product = str(cells.find(layout.product))
    if layout.measure:
        frame = _side_by_side(frame, cells)
        value, weight = "value", "weight"
    else:
        value, weight = str(cells.find(layout.value)), cells.find(layout.weight) or ""
    parsed = frame.select(
        "line",
        pl.col(period).alias("_period"),
        pl.col(product).alias("_product"),
        pl.col(value).alias("_value"),
        (_number(pl.col(value)) * (layout.unit or usd_per_euro)).alias("usd"),
        (pl.col(weight) if weight else pl.lit(None, pl.String)).alias("_weight"),
        (_number(pl.col(weight)) * layout.tonnes if weight else pl.lit(None, pl.Float64)).alias(
            "tonnes"
        ),
        *_sides(cells),
    )
    # A file has few periods and codes: each is parsed once, however many rows it has.
    of_period = parsed.select(pl.col("_period").unique()).with_columns(
        _year(pl.col("_period")).alias("year"), _month(pl.col("_period")).alias("month")
    )
    of_product = parsed.select(pl.col("_product").unique()).with_columns(
        _code(pl.col("_product")).alias("hs")
    )
    for known, column in ((of_period, "_period"), (of_product, "_product")):
        parsed = parsed.join(known, on=column, how="left", nulls_equal=True, maintain_order="left")
    faults += _unreadable(cells.file, parsed)
    neither = parsed.filter(pl.col("_is_import").is_null()).height
    if neither:
        notes.append(
            f"Rows left out, because they are neither imports nor exports, as re-exports: "
            f"{neither:,}."
        )
    parsed, unknown = _with_codes(parsed, cells, listed)
    faults += unknown
    if faults:
        raise CustomsFileError(faults)
    parsed = parsed.select("line", "month", *COLUMNS).filter(
        (pl.col("exporter") != TOTAL) & (pl.col("importer") != TOTAL) & (pl.col("hs") != "")
    )
    parsed, more = _deepest(parsed)
    notes += more
    if parsed.is_empty():
        raise CustomsFileError(
            f"{cells.file}: no row is trade in one good between two countries; all are totals.",
            "Ask the publisher for single partners and for goods of six digits.",
        )
    notes += _months(parsed)
    home = parsed.filter(pl.col("exporter") == pl.col("importer"))
    if home.height:
        notes.append(
            "Rows left out, because one country is on both sides (goods that came back): "
            f"{home.height:,}."
        )
    out = (
        parsed.filter(pl.col("exporter") != pl.col("importer"))
        .group_by("year", "hs", "exporter", "importer", "declared_by")
        .agg(
            pl.col("usd").sum(),
            pl.when(pl.col("tonnes").is_not_null().any())
            .then(pl.col("tonnes").sum())
            .alias("tonnes"),
        )
        .select(COLUMNS)
        .sort("year", "hs", "exporter", "importer", "declared_by")
    )
    return out, notes


def _whole(cells: CustomsCells) -> tuple[pl.DataFrame, list[str]]:
    """Rows without the parts of a whole: procedures, ways of transport, second partners."""
    import polars as pl

    frame, notes = cells.frame, []
    for heading, whole in cells.layout.keep.items():
        if heading not in cells.columns:
            continue
        cell = pl.col(heading).fill_null("").str.strip_chars().str.to_lowercase()
        kept = frame.filter(cell.is_in(whole))
        if kept.height < frame.height:
            # A file may have the parts alone; then they are added up.
            if kept.is_empty():
                continue
            notes.append(
                f"Rows left out, because they are parts of others by {heading}: "
                f"{frame.height - kept.height:,}."
            )
            frame = kept
    return frame, notes


def _side_by_side(frame: pl.DataFrame, cells: CustomsCells) -> pl.DataFrame:
    """Value and weight of a flow in one row, where the file has a row for each."""
    import polars as pl

    assert cells.layout.measure is not None
    column, value, weight = cells.layout.measure
    keys = [str(cells.find(k)) for k in cells.layout.needed if k[0] not in (column, "obs_value")]
    plain = pl.col(column).str.to_lowercase().str.split(":").list.first().str.strip_chars()
    parts = frame.with_columns(plain.alias("_what"))
    values = parts.filter(pl.col("_what") == value).select(
        "line", *keys, pl.col("obs_value").alias("value")
    )
    weights = parts.filter(pl.col("_what") == weight).select(
        *keys, pl.col("obs_value").alias("weight")
    )
    if values.is_empty():
        raise CustomsFileError(
            f"{cells.file}: no row is a value; {column} should be {value.upper()} in some.",
            "Ask for the value in euros and for the quantity in 100 kg.",
        )
    return values.join(weights, on=keys, how="left", nulls_equal=True)


def _sides(cells: CustomsCells) -> list[pl.Expr]:
    """Seller, buyer and declaring side as written."""
    import polars as pl

    layout = cells.layout
    if layout.sides:
        seller, buyer = (str(cells.find(side)) for side in layout.sides)
        return [
            pl.col(seller).alias("_exporter"),
            pl.col(buyer).alias("_importer"),
            pl.lit("both").alias("declared_by"),
            pl.lit(True).alias("_is_import"),
            pl.lit("").alias("_flow"),
        ]
    partner = pl.col(str(cells.find(layout.partner)))
    reporter = (
        pl.col(str(cells.find(layout.reporter))) if layout.reporter else pl.lit(layout.declarant)
    )
    flow = pl.col(str(cells.find(layout.flow))) if layout.flow else pl.lit("")
    inward = is_import(flow) if layout.imports is None else pl.lit(layout.imports)
    return [
        pl.when(inward).then(partner).otherwise(reporter).alias("_exporter"),
        pl.when(inward).then(reporter).otherwise(partner).alias("_importer"),
        pl.when(inward).then(pl.lit("importer")).otherwise(pl.lit("exporter")).alias("declared_by"),
        inward.alias("_is_import"),
        flow.alias("_flow"),
    ]


def _number(text: pl.Expr) -> pl.Expr:
    """A number as written: blanks around it and commas between thousands do not matter."""
    import polars as pl

    plain = text.str.strip_chars().str.replace_all(",", "")
    absent = plain.is_in(["", "NA", "N/A", ":", "-", "null", "NULL", "(s)", "c"])
    number = pl.when(absent).then(None).otherwise(plain).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def _year(text: pl.Expr) -> pl.Expr:
    """The year of a period: 2021, 202103, 2021-03 or 'January 2021'."""
    import polars as pl

    found = text.str.extract(r"(?:^|\D)((?:19|20)\d\d)(?:\d\d(?:\d\d)?)?(?:$|\D)").cast(pl.Int32)
    return pl.when(found.is_between(*_YEARS)).then(found)


def _month(text: pl.Expr) -> pl.Expr:
    """What of a period is not its year: a month, or nothing for a year."""
    plain = text.str.strip_chars().str.replace(r"(?:19|20)\d\d", "")
    # Comext counts the whole year as month 52.
    return plain.str.strip_chars("- ").str.replace("^52$", "")


def _code(text: pl.Expr) -> pl.Expr:
    """The digits that a code begins with, up to six; empty for totals."""
    import polars as pl

    plain = text.str.strip_chars().str.strip_chars("'\"").str.replace(r"^(?i)hs\s*", "")
    digits = plain.str.extract(r"^(\d{1,10})").fill_null("")
    # A code whose first zero was lost has five or seven digits, or one.
    odd = digits.str.len_chars() % 2 == 1
    full = pl.when(odd).then(pl.lit("0") + digits).otherwise(digits)
    return pl.when(plain.is_null()).then(None).otherwise(full)


def _deepest(parsed: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Rows without sums: a heading does not count beside its subheadings of the same flow."""
    import polars as pl

    flow = ["year", "month", "exporter", "importer", "declared_by"]
    depth = pl.col("hs").str.len_chars()
    kept = parsed
    for shallow in sorted(parsed["hs"].str.len_chars().unique().to_list())[:-1]:
        finer = parsed.filter(depth > shallow).select(*flow, pl.col("hs").str.slice(0, shallow))
        sums = parsed.filter(depth == shallow).join(finer.unique(), on=[*flow, "hs"], how="semi")
        kept = kept.join(sums.select("line"), on="line", how="anti")
    dropped = parsed.height - kept.height
    notes = [f"Rows left out, because they are sums over finer codes: {dropped:,}."]
    return kept.with_columns(pl.col("hs").str.slice(0, 6)), notes if dropped else []


def _months(parsed: pl.DataFrame) -> list[str]:
    """Years of which a file of months has not all twelve; whole years beside months are a fault."""
    import polars as pl

    by_year = parsed.group_by("year").agg(pl.col("month").unique()).sort("year")
    notes = []
    for year, months in by_year.rows():
        parts = [m for m in months if m]
        if not parts:
            continue
        if len(parts) < len(months):
            raise CustomsFileError(
                f"{year} stands as a whole year and as single months.",
                "Give a file that has one or the other.",
            )
        if len(parts) < 12:
            plural = "s" if len(parts) > 1 else ""
            notes.append(f"Of {year} the file has {len(parts)} month{plural}, not twelve.")
    return notes


def _unreadable(file: str, parsed: pl.DataFrame) -> list[str]:
    """Cells that are no year, code, number or direction; negative figures; absurd values."""
    import polars as pl

    totals = pl.col("_product").str.strip_chars().str.to_lowercase().is_in(["total", "ag6", "all"])
    row = pl.col("_exporter").is_not_null() & pl.col("_importer").is_not_null()
    # Re-exports, re-imports and other flows have a word of their own and are left out below.
    sentences: list[tuple[pl.Expr, str, str]] = [
        (pl.col("year").is_null(), "_period", "is no year or month"),
        (pl.col("_product").is_null(), "_product", "the code of the good is missing"),
        (
            (pl.col("hs") == "")
            & ~totals
            & pl.col("_product").is_not_null()
            & ~pl.col("_product").str.contains(r"(?i)total|all commod"),
            "_product",
            "is no code of a good",
        ),
        (pl.col("usd").is_null(), "_value", "is no value"),
        (pl.col("usd") < 0, "_value", "is a negative value"),
        (pl.col("usd") > _MOST, "_value", "is a value above USD 30,000 billion"),
        (pl.col("tonnes") < 0, "_weight", "is a negative weight"),
        (
            pl.col("tonnes").is_null()
            & ~pl.col("_weight").fill_null("").str.strip_chars().is_in(["", "NA", "N/A", ":", "-"]),
            "_weight",
            "is no weight",
        ),
        (~row, "_exporter", "a country is missing"),
    ]
    faults: list[str] = []
    for wrong, cell, words in sentences:
        found = parsed.filter(wrong).select("line", cell)
        for line, text in found.head(_SHOWN).rows():
            quoted = "" if text is None or "missing" in words else f"{str(text)[:40]!r} "
            faults.append(f"{file}:{line}: {quoted}{words}.")
        if found.height > _SHOWN:
            faults.append(f"{file}: {found.height - _SHOWN:,} more lines of which one {words}.")
    return [f"{fault} {_MEND}" for fault in faults]


_MEND = "Mend the line, or download the file again."


def _with_codes(
    parsed: pl.DataFrame, cells: CustomsCells, listed: dict[str, str] | None
) -> tuple[pl.DataFrame, list[str]]:
    """Both sides by ISO3 code; a country that nobody knows is a fault with its first line."""
    import polars as pl

    parsed = parsed.filter(pl.col("_is_import").is_not_null())
    faults: list[str] = []
    how = cells.layout.countries
    for side in ("exporter", "importer"):
        column = parsed[f"_{side}"]
        declared = {cells.layout.declarant} if cells.layout.declarant else set()
        written = [w for w in column.unique().to_list() if w is not None and w not in declared]
        code = codes_of(written, how, listed) | {d: d for d in declared}
        for text in sorted(w for w in written if code[w] is None)[:_SHOWN]:
            rows = parsed.filter(column == text)
            line, usd = rows["line"][0], float(rows["usd"].fill_null(0).sum())
            faults.append(
                f"{cells.file}:{line}: {text!r} is no known country ({rows.height:,} rows, USD "
                f"{usd:,.0f}). "
                + (
                    "Give CEPII's country_codes file with it."
                    if how == "number"
                    else "Correct it, or leave its rows out."
                )
            )
        parsed = parsed.with_columns(
            pl.col(f"_{side}")
            .replace_strict(code, default=None, return_dtype=pl.String)
            .alias(side)
        )
    return parsed, faults
