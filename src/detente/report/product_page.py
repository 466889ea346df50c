"""Trade in a narrow good as the app's page shows it: a sentence, a picture, a paragraph, tables.

`product_page` makes a `ProductPage` from the flows. The sentence is the document's own. The
paragraph says the largest changes in words, and every number stands in the tables as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.labels import in_sentence, name_of
from detente.negotiation.words import digits_beside, upper_first
from detente.report.product_table import (
    MOST,
    known_sum,
    partner_values,
    scale_of,
    side_of,
    unit_values,
)
from detente.report.table import TWO_DIGITS, Cell, Chart, Column, Table, plain_parts
from detente.world.groups import available_groups, members
from detente.world.products.flows import PRICE_SOURCE, PRODUCTION_SOURCE

if TYPE_CHECKING:
    from detente.world.products import ProductTrade

#: Partners with a panel of their own, and those that a sentence names at most.
PANELS, NAMED = 7, 2
#: Partners without a flow in the last year are named from this part of the first year's trade on.
SIZEABLE = 0.05
#: Digits after the point at most, in picture, paragraph and tables.
DECIMALS = 2


@dataclass(frozen=True)
class ProductPage:
    """What a page says and shows of trade in one narrow good.

    Attributes:
        trade: the flows.
        sentence: what was traded, and at which price.
        paragraph: the largest changes in words, or the largest partners of a single year.
        chart: sales by partner over the years.
        tables: sales by partner, then totals and prices by year, then production where on file.
        notes: flows without tonnes, and known gaps of the data.
        sources: where all of it comes from.
    """

    trade: ProductTrade
    sentence: str
    paragraph: str
    chart: Chart
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        product = self.trade.product
        return {
            "hs": product.hs,
            "name": product.name,
            "years": self.trade.years,
            "sentence": self.sentence,
            "paragraph": self.paragraph,
            "notes": self.notes,
            "sources": self.sources,
            "views": plain_parts([*self.tables, self.chart]),
        }


@dataclass(frozen=True)
class _Sales:
    """Quantities by partner and year in one unit."""

    trade: ProductTrade
    buyers: bool
    values: dict[str, dict[int, float | None]]
    years: Sequence[int]
    size: float
    unit: str

    @property
    def order(self) -> list[str]:
        """Partners, the largest of all years first."""
        total = {c: known_sum(by.values()) or 0.0 for c, by in self.values.items()}
        return sorted(total, key=lambda c: (-total[c], c))

    def row(self, codes: Iterable[str]) -> list[float | None]:
        """What some partners have together, by year."""
        of = [*codes]
        sums = (known_sum(self.values[c].get(y) for c in of) for y in self.years)
        return [None if v is None else v / self.size for v in sums]

    def said(self, value: float) -> str:
        """A quantity in the unit, as it is written everywhere."""
        return digits_beside(value / self.size, DECIMALS)

    def amount(self, value: float) -> str:
        """The same with its unit: '92 million tonnes', 'USD 9.0 billion'."""
        if not self.unit.startswith("USD"):
            return f"{self.said(value)} {self.unit}"
        return f"USD {self.said(value)} {self.unit.removeprefix('USD')}".replace("  ", " ").rstrip()


def product_page(trade: ProductTrade) -> ProductPage:
    """What a page says and shows of trade in one narrow good.

    Buyers are compared where sellers are chosen, else sellers. Quantities are tonnes, or USD where
    no flow has tonnes.

    Args:
        trade: the flows, from `detente.commodity`.

    Example:
        >>> import detente
        >>> from detente.report.product_page import product_page
        >>> page = product_page(detente.commodity("270900", years="2021:2023", exporter="RUS"))
        >>> page.paragraph.split(", then")[0]
        'Sales to India grew most, from 2.4 in 2021 to 89 million tonnes in 2023'
    """
    side, _ = side_of(trade)
    usd = trade.flows["tonnes"].null_count() == len(trade.flows)
    values, years = partner_values(trade, side, "usd" if usd else "tonnes")
    totals = [known_sum(by.get(y) for by in values.values()) or 0.0 for y in years]
    size, unit = scale_of(max(totals), usd=usd)
    sales = _Sales(trade, side == "importer", values, years, size, unit)
    sentence, *more = (upper_first(words) for words in trade.sentences)
    first, last = trade.years
    told = _changes(sales) if first != last else _ranking(sales)
    paragraph = " ".join([*told, *_prices(trade)])
    tables = (_partner_table(sales), _year_table(sales), *_production(trade))
    sources = (
        trade.source,
        *([PRICE_SOURCE] if trade.product.price else []),
        *([PRODUCTION_SOURCE] if len(tables) > 2 else []),
    )
    return ProductPage(
        trade, sentence, paragraph, _chart(sales, paragraph), tables,
        (*more, *trade.notes), sources,
    )  # fmt: skip


def _span(trade: ProductTrade) -> str:
    first, last = trade.years
    return f"{first}" if first == last else f"{first} to {last}"


def _ends(trade: ProductTrade) -> str:
    """' from Russia to EU members' in words; many countries that are no group are counted."""
    return "".join(
        f" {word} {_countries(codes, of)}"
        for word, codes, of in (
            ("from", trade.exporters, "sellers"),
            ("to", trade.importers, "buyers"),
        )
        if codes
    )


def _countries(codes: Sequence[str], of: str) -> str:
    if len(codes) <= NAMED + 1:
        return w.listing(map(in_sentence, codes))
    same = (g for g in available_groups() if set(members(g)) == set(codes))
    group = next(same, "")
    return f"{group} members" if group else f"{len(codes)} {of}"


def _chart(sales: _Sales, paragraph: str) -> Chart:
    trade, order = sales.trade, sales.order
    shown = order[:PANELS]
    rest = order[len(shown) :]
    panels = [(code, name_of(code), sales.row([code])) for code in shown]
    if rest:
        panels.append(("others", w.count(len(rest), "other"), sales.row(rest)))
    whose = "bought" if sales.buyers else "sold"
    who = "buyer" if sales.buyers else "seller"
    return Chart(
        "goods-partners",
        "multiples",
        f"Who {whose} {trade.product.name}{_ends(trade)}, {_span(trade)}",
        sales.unit,
        trade.source,
        f"One panel for each of the largest {who}s, with a bar for each year on one scale. "
        f"{paragraph}",
        "goods-partners",
        {
            "amounts": True,
            "places": [str(y) for y in sales.years],
            "options": [{"id": c, "label": name, "values": row} for c, name, row in panels],
        },
    )


def _changes(sales: _Sales) -> list[str]:
    """What grew and what fell most between the first and the last year."""
    (first, last), values = sales.trade.years, sales.values
    before = {c: by.get(first, 0.0) for c, by in values.items()}
    moves = {
        c: (before[c], by[last])
        for c, by in values.items()
        if before[c] is not None and by.get(last) is not None
    }
    by_change = sorted(moves, key=lambda c: (moves[c][0] - moves[c][1], c))  # type: ignore[operator]
    moved = [c for c in by_change if sales.said(moves[c][0]) != sales.said(moves[c][1])]  # type: ignore[arg-type]
    grew = [c for c in moved if moves[c][1] > moves[c][0]]  # type: ignore[operator]
    fell = [c for c in reversed(moved) if moves[c][1] < moves[c][0]]  # type: ignore[operator]
    out = []
    for verb, codes in (("grew", grew), ("fell", fell)):
        if codes:
            out.append(_moved(sales, verb, codes[:NAMED], moves))  # type: ignore[arg-type]
    if not out:
        out.append(f"No change from {first} to {last} can be read off the trade on record.")
    whole = known_sum(before.values()) or 0.0
    gone = [c for c, by in values.items() if last not in by and (before[c] or 0.0) > 0]
    gone = [c for c in gone if (before[c] or 0.0) >= SIZEABLE * whole]
    gone.sort(key=lambda c: (-(before[c] or 0.0), c))
    if gone:
        to = "to" if sales.buyers else "by"
        said = [f"{in_sentence(c)} ({sales.said(before[c] or 0.0)} in {first})" for c in gone]
        out.append(
            f"For {last} no sales are on record {to} {w.listing(said[:NAMED])}, "
            "which the source may lack."
        )
    return out


def _moved(
    sales: _Sales, verb: str, codes: Sequence[str], moves: dict[str, tuple[float, float]]
) -> str:
    first, last = sales.trade.years
    to = "to" if sales.buyers else "by"

    def start(code: str) -> str:
        value = moves[code][0]
        return sales.said(value) if value > 0 else "none on record"

    one, *more = codes
    text = (
        f"Sales {to} {in_sentence(one)} {verb} most, from {start(one)} in {first} to "
        f"{sales.amount(moves[one][1])} in {last}"
    )
    text += "".join(
        f", then those {to} {in_sentence(c)}, from {start(c)} to {sales.said(moves[c][1])}"
        for c in more
    )
    return f"{text}."


def _ranking(sales: _Sales) -> list[str]:
    """The largest partners of a single year."""
    year, _ = sales.trade.years
    amounts = {c: sales.values[c].get(year) or 0.0 for c in sales.order}
    whole = sum(amounts.values())
    if whole <= 0:
        return []
    verb = "bought" if sales.buyers else "sold"
    one, *more = [c for c in sales.order if amounts[c] > 0][: NAMED + 1]
    text = (
        f"In {year} {in_sentence(one)} {verb} most: {sales.amount(amounts[one])}, "
        f"{w.share(amounts[one] / whole)} of all"
    )
    then = [f"{in_sentence(c)} with {sales.said(amounts[c])}" for c in more]
    come = "comes" if len(then) == 1 else "come"
    return [f"{text}.", *([f"Next {come} {w.listing(then)}."] if then else [])]


def _prices(trade: ProductTrade) -> list[str]:
    """What a tonne of these sales cost, and what the good cost in the world's markets."""
    first, last = trade.years
    ends = list(dict.fromkeys((first, last)))
    out = []
    costs = dict(zip(ends, unit_values(trade, ends), strict=True))
    known = [y for y in ends if costs[y] is not None]
    if known:
        said = [f"USD {digits_beside(costs[y] or 0.0, DECIMALS)} in {y}" for y in known]
        out.append(f"A tonne cost {w.listing(said)}.")
    price = {row["year"]: row["price"] for row in trade.prices.to_dicts()}
    said = [f"{digits_beside(price[y], DECIMALS)} in {y}" for y in ends if y in price]
    if said:
        out.append(f"The world price, in {trade.price_unit}, was {w.listing(said)}.")
    return out


def _partner_table(sales: _Sales) -> Table:
    trade, order = sales.trade, sales.order
    who = "Buyer" if sales.buyers else "Seller"
    years = [
        Column(f"y{y}", str(y), sales.unit, "number", decimals=TWO_DIGITS) for y in sales.years
    ]
    rows: list[tuple[Cell, ...]] = [("All", *sales.row(order))]
    rows += [(name_of(c), *sales.row([c])) for c in order]
    return Table(
        "goods-partners",
        f"{upper_first(trade.product.name)}{_ends(trade)} by {who.lower()}",
        f"{upper_first(w.count(len(order), who.lower()))}, the largest of all years first.",
        (Column("partner", who), *years),
        tuple(rows),
        "A dash is no flow on record, or one without tonnes.",
        lead=MOST + 1,
    )


def _year_table(sales: _Sales) -> Table:
    """Totals and prices by year."""
    trade = sales.trade
    usd = {y: float(trade.flows.filter(trade.flows["year"] == y)["usd"].sum()) for y in sales.years}
    size, unit = scale_of(max(usd.values()), usd=True)
    columns = [
        Column("year", "Year"),
        Column("usd", "Value", unit, "number", decimals=TWO_DIGITS),
    ]
    cells: list[list[Cell]] = [[str(y) for y in sales.years], [usd[y] / size for y in sales.years]]
    if not sales.unit.startswith("USD"):
        columns += [
            Column("tonnes", "Quantity", sales.unit, "number", decimals=TWO_DIGITS),
            Column("usd_per_tonne", "Cost of a tonne", "USD", "number", decimals=TWO_DIGITS),
        ]
        cells += [[*sales.row(sales.values)], [*unit_values(trade, sales.years)]]
    price = {row["year"]: row["price"] for row in trade.prices.to_dicts()}
    if price:
        columns.append(
            Column("price", "World price", trade.price_unit, "number", decimals=TWO_DIGITS)
        )
        cells.append([price.get(y) for y in sales.years])
    return Table(
        "goods-years",
        f"{upper_first(trade.product.name)}{_ends(trade)}: totals and prices",
        "What all of these sales came to, year by year.",
        tuple(columns),
        tuple(zip(*cells, strict=True)),
        "The cost of a tonne is over the flows of which tonnes are known.",
    )


def _production(trade: ProductTrade) -> list[Table]:
    """Output of single countries, where it is on file."""
    found = sorted(trade.production.to_dicts(), key=lambda r: (r["year"], -r["tonnes"]))
    if not found:
        return []
    size, unit = scale_of(max(r["tonnes"] for r in found), usd=False)
    return [
        Table(
            "goods-production",
            f"Production of {trade.product.name}",
            "Output of single countries and years, where a figure is on file.",
            (
                Column("country", "Country"),
                Column("year", "Year"),
                Column("output", "Output", unit, "number", decimals=TWO_DIGITS),
            ),
            tuple((name_of(r["country"]), str(r["year"]), r["tonnes"] / size) for r in found),
        )
    ]
