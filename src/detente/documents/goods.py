"""Documents of the product layer: the list of goods, and trade in one of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from detente.documents.base import Country, Day, Document, Part, Sentences

Kind = Annotated[
    Literal["energy", "ore", "metal", "crop", "fertiliser", "other"],
    Field(description="Of the good."),
]
HsCode = Annotated[str, Field(description="In the Harmonized System of 1992.")]


class Listed(Part):
    """A good of the product layer."""

    hs: HsCode
    name: str
    also: Annotated[list[str], Field(description="Other names under which it is found.")]
    goods_kind: Kind
    isic: Annotated[str, Field(description="The sector that makes it.")]
    unit: Annotated[str, Field(description="Of its quantities.")]
    price: Annotated[str, Field(description="Its series of prices; empty for none.")]
    notes: Annotated[list[str], Field(description="Known gaps of its data.")]


class Goods(Document):
    """The goods of the product layer."""

    kind: Literal["goods"]
    sentences: Sentences
    source: str
    goods: list[Listed]


class ProductFlow(Part):
    """What one country sold to another in a year."""

    year: int
    exporter: Country
    importer: Country
    tonnes: Annotated[float | None, Field(description="Null where the source has none.")]
    usd: float
    usd_per_tonne: float | None


class Price(Part):
    """The mean price of a year."""

    year: int
    price: float
    unit: str
    months: Annotated[int, Field(description="How many it is the mean of.")]
    usd_per_tonne: Annotated[float | None, Field(description="Null where it has no such form.")]


class Output(Part):
    """What a country produced in a year."""

    country: Country
    year: int
    tonnes: float


class Commodity(Document):
    """Trade in one good of the product layer."""

    kind: Literal["commodity"]
    hs: HsCode
    name: str
    goods_kind: Kind
    isic: str
    unit: str
    years: Annotated[list[int], Field(min_length=2, max_length=2, description="First and last.")]
    exporters: Annotated[list[Country], Field(description="Asked for; empty for all.")]
    importers: Annotated[list[Country], Field(description="Asked for; empty for all.")]
    sentences: Sentences
    notes: list[str]
    source: str
    flows: list[ProductFlow]
    prices: list[Price]
    price_source: str
    production: list[Output]
    production_source: str


class CustomsFlow(Part):
    """What one side declared that one country sold to another in a year."""

    year: int
    hs: Annotated[str, Field(description="As in the file, six digits at most.")]
    exporter: Country
    importer: Country
    usd: float
    tonnes: Annotated[float | None, Field(description="Null where the file has none.")]
    declared_by: Literal["exporter", "importer", "both"]


class CustomsRecords(Document):
    """A customs file as it was read."""

    kind: Literal["customs_records"]
    layout: Annotated[str, Field(description="Whose file it is.")]
    publisher: str
    file: str
    notes: Annotated[list[str], Field(description="What was left out or added up.")]
    flows: list[CustomsFlow]


class Kept(Part):
    """A customs file that is kept by name."""

    name: str
    publisher: str
    layout: Annotated[str, Field(description="Whose file it is.")]
    file: str
    sha256: Annotated[str, Field(description="Of the file as it was read.")]
    added: Day
    years: Annotated[list[int], Field(min_length=2, max_length=2, description="First and last.")]
    goods: Annotated[int, Field(description="How many codes it has.")]
    rows: Annotated[int, Field(description="How many flows.")]
    notes: Annotated[list[str], Field(description="What was left out or added up.")]
    layout_version: Annotated[int, Field(description="Of the stored columns.")]


class Datasets(Document):
    """The user's own customs files; one where it was just added."""

    kind: Literal["datasets"]
    folder: Annotated[str, Field(description="Where they lie.")]
    datasets: list[Kept]
