"""Trade in one narrow good: who sold how much to whom, at which value, year by year.

`commodity` reads it and `ProductTrade` holds it: flows, shares, prices, production, sea distances,
known gaps and source.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._near import did_you_mean
from detente._shown import Framed, Small
from detente.world.customs import load_good
from detente.world.errors import UnknownLabel, WorldError
from detente.world.groups import available_groups, members
from detente.world.names import all_names, code_of, name_of
from detente.world.products.catalogue import (
    DATA,
    FIRST,
    LAST,
    SOURCE,
    Product,
    any_product,
    find_product,
)

if TYPE_CHECKING:
    import polars as pl

#: Units of the prices by series.
_PRICE_UNITS = {
    "crude_average": "USD per barrel",
    "coal_australia": "USD per tonne",
    "gas_europe": "USD per million Btu",
    "lng_japan": "USD per million Btu",
    "phosphate_rock": "USD per tonne",
    "potash": "USD per tonne",
    "aluminium": "USD per tonne",
    "iron_ore": "USD per dry tonne",
    "gold": "USD per troy ounce",
    "platinum": "USD per troy ounce",
}
PRICE_SOURCE = "World Bank, Commodity Markets (Pink Sheet, 2 June 2026), CC BY 4.0"
PRODUCTION_SOURCE = "World Mining Data (Austrian Federal Ministry of Finance), single figures"
DISTANCE_SOURCE = "searoute 1.6 (Apache-2.0), between ports, nautical miles"


@dataclass(frozen=True, eq=False, repr=False)
class ProductTrade(Framed):
    """Trade in one good of the product layer over some years.

    Attributes:
        product: the good.
        years: first and last year.
        exporters: ISO3 codes that flows are limited to; empty for all.
        importers: the same for buyers.
        flows: one row a flow: `year`, `exporter`, `importer`, `tonnes`, `usd` and `usd_per_tonne`;
            tonnes are null where the source has none.
        notes: known gaps of the data.
        source: where the flows come from.
    """

    product: Product
    years: tuple[int, int]
    exporters: tuple[str, ...]
    importers: tuple[str, ...]
    flows: pl.DataFrame = field(repr=False)
    source: str = SOURCE

    @property
    def notes(self) -> tuple[str, ...]:
        """Known gaps of the data."""
        return self.product.notes

    @property
    def tonnes(self) -> float:
        """All tonnes of these flows; flows without tonnes are not in it."""
        return float(self.flows["tonnes"].sum())

    @property
    def usd(self) -> float:
        """What these flows are worth, USD."""
        return float(self.flows["usd"].sum())

    @property
    def unit_value(self) -> float:
        """USD per tonne, over the flows of which tonnes are known; NaN where none are."""
        known = self.flows.drop_nulls("tonnes")
        tonnes = float(known["tonnes"].sum())
        return float(known["usd"].sum()) / tonnes if tonnes > 0 else float("nan")

    def by_exporter(self) -> pl.DataFrame:
        """One row a year and seller: tonnes, USD, USD per tonne and its share of all USD here."""
        return _totals(self.flows, "exporter")

    def by_importer(self) -> pl.DataFrame:
        """One row a year and buyer: tonnes, USD, USD per tonne and its share of all USD here."""
        return _totals(self.flows, "importer")

    @property
    def production(self) -> pl.DataFrame:
        """Output of single countries and years where a figure is on file, tonnes."""
        import polars as pl

        table = pl.read_csv(DATA / "production.csv", schema_overrides={"hs": pl.String})
        within = pl.col("year").is_between(*self.years)
        return table.filter((pl.col("hs") == self.product.hs) & within).drop("hs")

    @property
    def prices(self) -> pl.DataFrame:
        """Yearly means of the price: `year`, `price`, `unit`, `months` and `usd_per_tonne`.

        It has no rows for a good that the source has no series of.
        """
        import polars as pl

        per = self.product.per_tonne
        return (
            self.monthly_prices()
            .group_by("year", maintain_order=True)
            .agg(pl.col("price").mean(), pl.len().cast(pl.Int64).alias("months"))
            .with_columns(
                pl.lit(self.price_unit).alias("unit"),
                (pl.col("price") * (float("nan") if per is None else per))
                .fill_nan(None)
                .alias("usd_per_tonne"),
            )
            .select("year", "price", "unit", "months", "usd_per_tonne")
        )

    @property
    def price_unit(self) -> str:
        """The unit of the price; empty where there is none."""
        return _PRICE_UNITS.get(self.product.price, "")

    def monthly_prices(self) -> pl.DataFrame:
        """Monthly prices: `year`, `month` and `price`."""
        import polars as pl

        within = pl.col("year").is_between(*self.years)
        return (
            pl.read_parquet(DATA / "prices.parquet")
            .filter((pl.col("series") == self.product.price) & within)
            .select(
                pl.col("year").cast(pl.Int64),
                pl.col("month").cast(pl.Int64),
                pl.col("usd").cast(pl.Float64).alias("price"),
            )
        )

    @property
    def sea_distances(self) -> pl.DataFrame:
        """Nautical miles between ports of these sellers and buyers, as far as they are on file."""
        import polars as pl

        sellers, buyers = (set(self.flows[k]) for k in ("exporter", "importer"))
        table = pl.read_csv(DATA / "sea-distances.csv")
        return table.filter(
            pl.col("country").is_in(sellers) & pl.col("other_country").is_in(buyers)
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was traded, at which price, and what is missing."""
        first, last = self.years
        when = f"in {first}" if first == last else f"in {first} to {last}"
        ends = "".join(
            f" {word} {', '.join(map(name_of, codes[:4]))}{', …' if len(codes) > 4 else ''}"
            for word, codes in (("from", self.exporters), ("to", self.importers))
            if codes
        )
        missing = int(self.flows["tonnes"].null_count())
        if missing == len(self.flows):
            return (
                f"{self.product.name} (HS {self.product.hs}){ends} {when}: worth USD "
                f"{_digits(self.usd / 1e9)} billion; the source has no tonnes.",
            )
        out = [
            f"{self.product.name} (HS {self.product.hs}){ends} {when}: {_shown(self.tonnes)} worth "
            f"USD {_digits(self.usd / 1e9)} billion, {_digits(self.unit_value)} USD per tonne."
        ]
        if missing:
            out.append(
                f"{missing} of {len(self.flows):,} flows have a value and no tonnes; together they "
                f"are worth USD {_digits(self._unweighed / 1e9)} billion."
            )
        return tuple(out)

    @property
    def _unweighed(self) -> float:
        return float(self.flows.filter(self.flows["tonnes"].is_null())["usd"].sum())

    def to_frame(self) -> pl.DataFrame:
        """The flows, one row each; see `flows`."""
        return self.flows

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        return document(
            "commodity",
            {
                "hs": self.product.hs,
                "name": self.product.name,
                "goods_kind": self.product.kind,
                "isic": self.product.isic,
                "unit": self.product.unit,
                "years": self.years,
                "exporters": self.exporters,
                "importers": self.importers,
                "sentences": self.sentences,
                "notes": self.notes,
                "source": self.source,
                "flows": self.flows.to_dicts(),
                "prices": self.prices.to_dicts(),
                "price_source": PRICE_SOURCE if self.product.price else "",
                "production": self.production.to_dicts(),
                "production_source": PRODUCTION_SOURCE if len(self.production) else "",
            },
        )

    def _lines(self) -> Sequence[str]:
        return (*self.sentences, *self.notes[:1])

    def _small(self) -> Small:
        totals = self.by_exporter().filter(self.by_exporter()["year"] == self.years[1])
        rows = [
            (name_of(row["exporter"]), (row["tonnes"] or 0.0) / 1e6, row["usd"] / 1e6)
            for row in totals.head(6).to_dicts()
        ]
        return f"Sellers in {self.years[1]}", ("", "million t", "USD million"), rows


def _shown(tonnes: float) -> str:
    if tonnes >= 1e5:
        return f"{_digits(tonnes / 1e6)} million tonnes"
    return f"{_digits(tonnes)} tonnes"


def _digits(value: float) -> str:
    """A number with three digits that count, in plain figures."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _totals(flows: pl.DataFrame, side: str) -> pl.DataFrame:
    import polars as pl

    weighed = pl.col("usd").filter(pl.col("tonnes").is_not_null()).sum()
    return (
        flows.group_by("year", side)
        .agg(
            pl.when(pl.col("tonnes").count() > 0).then(pl.col("tonnes").sum()).alias("tonnes"),
            pl.col("usd").sum(),
            (weighed / pl.col("tonnes").sum()).fill_nan(None).alias("usd_per_tonne"),
        )
        .with_columns((pl.col("usd") / pl.col("usd").sum().over("year")).alias("share"))
        .sort(["year", "usd", side], descending=[False, True, False])
    )


def commodity(
    product: str | int | Product,
    year: int | None = None,
    *,
    years: str | tuple[int, int] | None = None,
    exporter: str | Iterable[str] = (),
    importer: str | Iterable[str] = (),
    data: str = "",
) -> ProductTrade:
    """Who sold how much of a narrow good to whom, with its value, prices and known gaps.

    Args:
        product: its code, such as `"270900"`, or its name, such as `"crude oil"`; see `goods`.
        year: one year; all years if neither this nor `years` is given.
        years: first and last year, as a pair or as the text `2019:2024`.
        exporter: sellers by code, name or group, such as `RUS`, `Russia` or `EU`; all if empty.
        importer: buyers, in the same way.
        data: a dataset of the user's library, whose flows are taken instead of the bundled ones;
            any code that it has can be asked for. See `detente.world.customs.add_data`.

    Returns:
        ProductTrade: with the flows in tonnes and USD.

    Raises:
        UnknownLabel: for a good, country or group that is not known, with the nearest names.
        WorldError: for years without data, with those that have them.
        DataError: for a dataset that the library does not have, or that has no such good.

    Example:
        >>> import detente
        >>> crude = detente.commodity("270900", years="2021:2023", exporter="RUS", importer="IND")
        >>> [round(tonnes / 1e6, 1) for tonnes in crude.flows["tonnes"]]
        [2.4, 37.0, 88.9]
    """
    import polars as pl

    if data:
        found = product if isinstance(product, Product) else any_product(product)
        dataset, held = load_good(data, found.hs)
        table = _with_unit_values(held)
        source = f"{dataset.publisher}; dataset {dataset.name}, read from {dataset.file}"
    else:
        found = product if isinstance(product, Product) else find_product(product)
        table, source = _table(found.hs), SOURCE
    first, last = _years(year, years, found, table)
    sellers, buyers = _countries(exporter), _countries(importer)
    keep = pl.col("year").is_between(first, last)
    for column, codes in (("exporter", sellers), ("importer", buyers)):
        if codes:
            keep &= pl.col(column).is_in(codes)
    flows = table.filter(keep)
    if flows.is_empty():
        raise WorldError(_no_flows(found, (first, last), sellers, buyers))
    return ProductTrade(found, (first, last), sellers, buyers, flows, source)


@functools.lru_cache(maxsize=16)
def _table(hs: str) -> pl.DataFrame:
    """All flows of a code, in USD and tonnes."""
    import polars as pl

    return _with_unit_values(
        pl.read_parquet(DATA / "flows" / f"{hs}.parquet").select(
            pl.col("year").cast(pl.Int64),
            "exporter",
            "importer",
            pl.col("tonnes").cast(pl.Float64),
            (pl.col("kusd").cast(pl.Float64) * 1000).alias("usd"),
        )
    )


def _with_unit_values(flows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    weighed = pl.when(pl.col("tonnes") > 0).then(pl.col("tonnes"))
    return (
        flows.with_columns((pl.col("usd") / weighed).alias("usd_per_tonne"))
        .select("year", "exporter", "importer", "tonnes", "usd", "usd_per_tonne")
        .sort("year", "exporter", "importer")
    )


def _years(
    year: int | None,
    years: str | tuple[int, int] | None,
    product: Product,
    table: pl.DataFrame,
) -> tuple[int, int]:
    """First and last year that are asked for, held against those that have data."""
    there = sorted(set(table["year"]))
    if year is not None:
        pair = (year, year)
    elif years is None:
        pair = (there[0], there[-1])
    elif isinstance(years, str):
        pair = years_in(years)
    else:
        pair = (int(years[0]), int(years[1]))
    if pair[0] > pair[1]:
        raise WorldError(f"The years {pair[0]} to {pair[1]} are reversed.", "Exchange the two.")
    if not any(pair[0] <= y <= pair[1] for y in there):
        said = f"{pair[0]}" if pair[0] == pair[1] else f"{pair[0]} to {pair[1]}"
        raise WorldError(
            f"There are no flows of {product.name} (HS {product.hs}) in {said}.",
            f"Its flows are of {there[0]} to {there[-1]}.",
        )
    return max(pair[0], there[0]), min(pair[1], there[-1])


def years_in(text: str) -> tuple[int, int]:
    """First and last year of a text such as `2021` or `2019:2024`.

    Raises:
        WorldError: it is no years.
    """
    match = re.fullmatch(r"\s*(\d{4})\s*(?:[:–-]\s*(\d{4})\s*)?", text)
    if match is None:
        raise WorldError(f"{text!r} is no years.", f"Write {LAST}, or {FIRST}:{LAST}.")
    return int(match[1]), int(match[2] or match[1])


def _countries(given: str | Iterable[str]) -> tuple[str, ...]:
    """Codes that names, codes and groups stand for."""
    out: dict[str, None] = {}
    for text in [given] if isinstance(given, str) else given:
        code = code_of(text)
        label = code or text.strip()
        if label in available_groups():
            out |= dict.fromkeys(members(label))
        elif code is not None and code in _codes():
            out[code] = None
        else:
            known = [*all_names().values(), *available_groups()]
            near = did_you_mean(text, known, "Write an ISO3 code, such as RUS.")
            raise UnknownLabel(f"There is no country or group {text!r}.", near)
    return tuple(out)


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(all_names()) - {"ROW"}


def _no_flows(
    product: Product, years: tuple[int, int], sellers: tuple[str, ...], buyers: tuple[str, ...]
) -> str:
    ends = "".join(
        f" {word} {', '.join(map(name_of, codes[:4]))}"
        for word, codes in (("from", sellers), ("to", buyers))
        if codes
    )
    when = f"{years[0]}" if years[0] == years[1] else f"{years[0]} to {years[1]}"
    return (
        f"The source has no {product.name} (HS {product.hs}){ends} in {when}. Leave an end out to "
        "see who traded it; the notes of the good name what is missing."
    )
