"""Trade in a narrow good as a table of partners by year, and as bars of letters.

`table_of` lays flows out by partner and year, and `bars_of` draws what changed most. What both rest
on, `partner_values` and `unit_values`, serves the app's page of goods as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.world.names import name_of

if TYPE_CHECKING:
    import polars as pl

    from detente.world.products import ProductTrade

#: Partners that are shown by name.
MOST = 12
#: Partners in the picture, and letters of its longest bar.
DRAWN, LONGEST = 6, 44


@dataclass(frozen=True)
class ProductTable:
    """A table of partners by year.

    Attributes:
        title: above it: what is counted, and in which unit.
        columns: their headings.
        rows: cells as they are written.
        more: how many partners are joined in one row.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


def number(value: float | None) -> str:
    """A quantity with two digits that count, or one decimal; a dash where there is none.

    Example:
        >>> from detente.report.product_table import number
        >>> number(88.92), number(0.0212), number(1234.5), number(None)
        ('88.9', '0.021', '1,234', '–')
    """
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 or value == 0 else f"{value:.2g}"


def scale_of(largest: float, *, usd: bool) -> tuple[float, str]:
    """The unit in which quantities up to the largest are written: its size and its name."""
    steps = [(1e9, "billion"), (1e6, "million"), (1e3, "thousand")] if usd else [
        (1e6, "million"), (1e3, "thousand")]  # fmt: skip
    size, word = next(((s, w) for s, w in steps if largest >= s), (1.0, ""))
    unit = f"USD {word}" if usd else f"{word} tonnes"
    return size, unit.strip()


def side_of(trade: ProductTrade) -> tuple[str, str]:
    """Whose rows a table has: the column of the flows, and the word for them."""
    return ("importer", "Buyer") if trade.exporters else ("exporter", "Seller")


def table_of(trade: ProductTrade, *, usd: bool = False) -> ProductTable:
    """Partners by year, the largest of all years first, then what all others have.

    Args:
        trade: the flows.
        usd: in USD instead of tonnes.
    """
    side, word = side_of(trade)
    values, years = partner_values(trade, side, "usd" if usd else "tonnes")
    order = sorted(values, key=lambda c: (-sum(v or 0.0 for v in values[c].values()), c))
    shown, others = order[:MOST], order[MOST:]
    totals = {y: known_sum(values[c].get(y) for c in values) for y in years}
    size, unit = scale_of(max((v or 0.0 for v in totals.values()), default=0.0), usd=usd)

    def row(name: str, given: dict[int, float | None]) -> tuple[str, ...]:
        cells = (given.get(y) for y in years)
        return (name, *(number(None if v is None else v / size) for v in cells))

    rows = [row(name_of(c), values[c]) for c in shown]
    if others:
        rest = {y: known_sum(values[c].get(y) for c in others) for y in years}
        rows.append(row(f"{len(others)} others", rest))
    rows.append(row("All", totals))
    rows.append(("USD per tonne", *map(number, unit_values(trade, years))))
    price = {r["year"]: r["price"] for r in trade.prices.to_dicts()}
    if price:
        rows.append((f"Price, {trade.price_unit}", *(number(price.get(y)) for y in years)))
    title = f"{trade.product.name}, {unit}"
    return ProductTable(title, (word, *map(str, years)), tuple(rows), len(others))


def bars_of(trade: ProductTrade, *, usd: bool = False) -> list[str]:
    """What changed most between the first and the last year, or the largest of a single year.

    Each line has a partner, a year, a bar and its number.
    """
    side, _ = side_of(trade)
    values, _ = partner_values(trade, side, "usd" if usd else "tonnes")
    first, last = trade.years
    ends = list(dict.fromkeys((first, last)))

    def moved(code: str) -> float:
        by = values[code]
        now = by.get(last) or 0.0
        return abs(now - (by.get(first) or 0.0)) if first != last else now

    drawn = sorted(values, key=lambda c: (-moved(c), c))[:DRAWN]
    largest = max((values[c].get(y) or 0.0 for c in drawn for y in ends), default=0.0)
    if largest <= 0:
        return []
    size, unit = scale_of(largest, usd=usd)
    wide = max(len(name_of(c)) for c in drawn)
    what = f"Largest changes, {first} to {last}" if first != last else f"Largest in {last}"
    lines = [f"{what}, {unit}"]
    for code in drawn:
        for k, year in enumerate(ends):
            value = values[code].get(year)
            bar = "█" * round(LONGEST * (value or 0.0) / largest)
            name = name_of(code) if k == 0 else ""
            said = number(None if value is None else value / size)
            lines.append(f"{name.ljust(wide)}  {year}  {bar}{' ' * bool(bar)}{said}")
    return lines


def partner_values(
    trade: ProductTrade, side: str, column: str
) -> tuple[dict[str, dict[int, float | None]], Sequence[int]]:
    """Each partner's quantity by year, and the years.

    A year is missing where there is no flow, and None where the source has a flow without tonnes.

    Args:
        trade: the flows.
        side: whose: `exporter` or `importer`.
        column: `tonnes` or `usd`.
    """
    totals: pl.DataFrame = trade.by_importer() if side == "importer" else trade.by_exporter()
    values: dict[str, dict[int, float | None]] = {}
    for row in totals.to_dicts():
        values.setdefault(row[side], {})[row["year"]] = row[column]
    return values, range(trade.years[0], trade.years[1] + 1)


def unit_values(trade: ProductTrade, years: Sequence[int]) -> list[float | None]:
    """USD per tonne of each year, over the flows of which tonnes are known; None where none are."""
    out = []
    for year in years:
        known = trade.flows.filter(trade.flows["year"] == year).drop_nulls("tonnes")
        tonnes = float(known["tonnes"].sum())
        out.append(float(known["usd"].sum()) / tonnes if tonnes > 0 else None)
    return out


def known_sum(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    found = [v for v in values if v is not None]
    return sum(found) if found else None
