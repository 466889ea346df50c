"""How each publisher lays out its customs files: which column is what, and in which unit.

`LAYOUTS` lists the files that can be read. A file is told by its heading alone, whatever its name
and the order of its columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from detente.world.customs.codes import Written

if TYPE_CHECKING:
    import polars as pl

_EXPORTS = ("x", "export", "exports", "gross exp.", "gross export", "domestic exports", "2")
_IMPORTS = ("m", "import", "imports", "gross imp.", "gross import", "1")


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of customs file; each may have several headings.

    Attributes:
        name: of the kind of file.
        publisher: who publishes it.
        year: heading of the year, or of a period that begins with it.
        product: heading of the code of the good.
        value: heading of the value.
        unit: USD that one unit of the value is worth; None where the currency is the euro.
        weight: heading of the weight.
        tonnes: tonnes in one unit of the weight.
        reporter: heading of who declares; None where both sides stand as seller and buyer.
        partner: heading of the other side, or of the only side that is named.
        sides: headings of seller and buyer, where a file has them.
        flow: heading of whether it is an import or an export.
        declarant: who declares where no column says so.
        imports: whether all is imports; None where the flow says so.
        countries: how countries are written.
        keep: headings of further splits with the cell that stands for the whole.
        measure: heading of what the figure of a row is, where value and weight have rows apart,
            then the cells that mean value and weight.
    """

    name: str
    publisher: str
    year: tuple[str, ...]
    product: tuple[str, ...]
    value: tuple[str, ...]
    unit: float | None
    weight: tuple[str, ...]
    tonnes: float
    countries: Written
    reporter: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    sides: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    flow: tuple[str, ...] = ()
    declarant: str = ""
    imports: bool | None = None
    keep: dict[str, tuple[str, ...]] = field(default_factory=dict)
    measure: tuple[str, str, str] | None = None

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Columns without which a file is not of this kind; each by its possible headings."""
        sides = self.sides or ((self.reporter, self.partner) if self.reporter else (self.partner,))
        columns = (self.year, self.product, self.value, *sides, self.flow)
        measure = ((self.measure[0],),) if self.measure else ()
        return tuple(column for column in (*columns, *measure) if column)

    def fits(self, headings: Sequence[str]) -> bool:
        """Whether a heading has all that is needed."""
        plain = {plain_heading(h) for h in headings}
        return all(any(h in plain for h in column) for column in self.needed)


def plain_heading(text: str) -> str:
    """A heading without capitals, blanks around it and marks of the default view."""
    return " ".join(text.replace("(Default Member)", "").split()).strip('"\ufeff').casefold()


BACI = Layout(
    name="BACI",
    publisher="CEPII, BACI, Etalab Open Licence 2.0",
    year=("t",),
    product=("k",),
    value=("v",),
    unit=1e3,
    weight=("q",),
    tonnes=1.0,
    countries="number",
    sides=(("i",), ("j",)),
)
COMTRADE = Layout(
    name="UN Comtrade",
    publisher="United Nations, UN Comtrade; see its policy on use and re-dissemination",
    year=("period", "refyear"),
    product=("cmdcode",),
    value=("primaryvalue",),
    unit=1.0,
    weight=("netwgt",),
    tonnes=1e-3,
    countries="iso3",
    reporter=("reporteriso",),
    partner=("partneriso",),
    flow=("flowcode", "flowdesc"),
    keep={
        "partner2iso": ("w00", ""),
        "partner2code": ("0", ""),
        "customscode": ("c00", ""),
        "motcode": ("0", ""),
        "moscode": ("0", ""),
    },
)
COMTRADE_OLD = Layout(
    name="UN Comtrade (layout to 2022)",
    publisher=COMTRADE.publisher,
    year=("period", "year"),
    product=("commodity code",),
    value=("trade value (us$)", "tradevalueus"),
    unit=1.0,
    weight=("netweight (kg)", "netweightkg"),
    tonnes=1e-3,
    countries="iso3",
    reporter=("reporter iso",),
    partner=("partner iso",),
    flow=("trade flow", "tradeflow"),
    keep={"2nd partner iso": ("wld", ""), "customs proc. code": ("c00", "")},
)
WITS = Layout(
    name="WITS",
    publisher="World Bank, World Integrated Trade Solution (WITS)",
    year=("year",),
    product=("productcode",),
    value=("tradevalue in 1000 usd", "trade value in 1000 usd", "trade value 1000usd"),
    unit=1e3,
    weight=("netweight in kgm", "net weight in kgm"),
    tonnes=1e-3,
    countries="iso3",
    reporter=("reporteriso3",),
    partner=("partneriso3",),
    flow=("tradeflowname",),
)
CENSUS_ONLINE_IMPORTS = Layout(
    name="US Census, USA Trade Online (imports)",
    publisher="US Census Bureau, USA Trade Online, public domain",
    year=("time",),
    product=("commodity", "commodities"),
    value=("customs value (gen) ($us)", "customs import value (gen) ($us)"),
    unit=1.0,
    weight=(),
    tonnes=1.0,
    countries="name",
    partner=("country", "countries"),
    declarant="USA",
    imports=True,
)
CENSUS_ONLINE_EXPORTS = replace(
    CENSUS_ONLINE_IMPORTS,
    name="US Census, USA Trade Online (exports)",
    value=("value ($us)", "total exports value ($us)", "total value ($us)"),
    imports=False,
)
CENSUS_IMPORTS = replace(
    CENSUS_ONLINE_IMPORTS,
    name="US Census, programming interface (imports)",
    publisher="US Census Bureau, International Trade, public domain",
    year=("time", "year"),
    product=("i_commodity",),
    value=("gen_val_mo", "gen_val_yr"),
    partner=("cty_name",),
    keep={"summary_lvl": ("det", "")},
)
CENSUS_EXPORTS = replace(
    CENSUS_IMPORTS,
    name="US Census, programming interface (exports)",
    product=("e_commodity",),
    value=("all_val_mo", "all_val_yr"),
    imports=False,
)
COMEXT = Layout(
    name="Comext, monthly file",
    publisher="Eurostat, Comext; reuse with credit (Commission Decision 2011/833/EU)",
    year=("period",),
    product=("product_nc",),
    value=("value_in_euros", "value_eur"),
    unit=None,
    weight=("quantity_in_kg", "quantity_kg"),
    tonnes=1e-3,
    countries="iso2",
    reporter=("declarant_iso", "reporter"),
    partner=("partner_iso", "partner"),
    flow=("flow",),
)
COMEXT_SDMX = Layout(
    name="Comext, extract of the data browser",
    publisher=COMEXT.publisher,
    year=("time_period",),
    product=("product",),
    value=("obs_value",),
    unit=None,
    weight=(),
    tonnes=0.1,
    countries="iso2",
    reporter=("reporter",),
    partner=("partner",),
    flow=("flow",),
    measure=("indicators", "value_in_euros", "quantity_in_100kg"),
)
LAYOUTS = (
    COMTRADE,
    COMTRADE_OLD,
    WITS,
    COMEXT_SDMX,
    COMEXT,
    CENSUS_IMPORTS,
    CENSUS_EXPORTS,
    CENSUS_ONLINE_IMPORTS,
    CENSUS_ONLINE_EXPORTS,
    BACI,
)


def is_import(flow: pl.Expr) -> pl.Expr:
    """Whether a flow is an import; null where it is neither import nor export.

    Re-exports and re-imports are in the exports and imports of most publishers, and in no case a
    flow of their own here.
    """
    import polars as pl

    # The data browser writes a code and its words: "1: IMPORT".
    plain = flow.str.to_lowercase().str.strip_chars().str.split(":").list.first()
    return (
        pl.when(plain.is_in(_IMPORTS))
        .then(pl.lit(True))
        .when(plain.is_in(_EXPORTS))
        .then(pl.lit(False))
        .otherwise(None)
    )
