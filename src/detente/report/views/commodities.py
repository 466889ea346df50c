"""Views of one commodity: who sells what to whom, at which price, and who depends on whom.

`flows_table`, `producers_table` and `markets_table` hold quantities and prices; `shares_table` and
`dependence_table` hold suppliers' shares and who depends on them. Each table brings its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.figures.commodities import TRACE, Pair
from detente.analysis.findings import dependence_order, dependence_words
from detente.analysis.labels import in_sentence, name_of
from detente.report.table import Column, Table, figure_column, figure_table

if TYPE_CHECKING:
    from detente.analysis.figures.frame import Figures
    from detente.analysis.places import Place
    from detente.report.context import ViewContext


def _unmoved(pair: Pair) -> str:
    """The sentence of a table in which nothing changes."""
    return f"The measures in force change no flow of {pair.name} noticeably."


def flows_table(context: ViewContext, pair: Pair) -> Table:
    """Bilateral flows before and under the regime, those that change most first."""
    frame, figures = context.figures[f"{pair.good}-flows"], context.figures
    chosen = context.selection.flows[pair.good]
    tonnes, values = (
        [v for part in ("before", "under", "change") for v in frame.column(f"{kind}_{part}")]
        for kind in ("tonnes", "value")
    )
    return figure_table(
        frame,
        _flows_sentence(pair, chosen[0], figures) if pair.moves else _unmoved(pair),
        (
            Column("origin", "From"),
            Column("market", "To"),
            figure_column(frame, "tonnes_before", tonnes),
            figure_column(frame, "tonnes_under", tonnes),
            figure_column(frame, "tonnes_change", tonnes, signed=True),
            figure_column(frame, "value_before", values),
            figure_column(frame, "value_under", values),
            figure_column(frame, "value_change", values, signed=True),
        ),
        [(row, tuple(map(name_of, row))) for row in frame.rows],
        note=f"The {len(frame.rows)} flows that change most, in tonnes that arrive; home sales "
        "included.",
        lead=12,
    )


def _flows_sentence(pair: Pair, cell: tuple[int, int], figures: Figures) -> str:
    n, i = cell
    before, under = pair.before.tonnes_ni, pair.under.tonnes_ni
    band = figures.band(f"{pair.good}-flows", (pair.codes[i], pair.codes[n]), "tonnes_under")
    total = float(pair.under.tonnes_ni.sum() / pair.before.tonnes_ni.sum() - 1)
    whom = "at home" if n == i else f"to {in_sentence(pair.codes[n])}"
    old, new = float(before[n, i]), float(under[n, i])
    change = (
        f"sells {w.beside(new, band, w.rounded)} Mt {whom} instead of {w.rounded(old)} Mt"
        if new >= TRACE
        else f"no longer sells {whom} ({w.rounded(old)} Mt a year before)"
    )
    return (
        f"The largest change: {in_sentence(pair.codes[i])} {change}. All markets together receive "
        f"{w.percent(abs(total))} {'less' if total < 0 else 'more'} {pair.name} in tonnes."
    )


def producers_table(context: ViewContext, pair: Pair) -> Table:
    """Sales and prices received by seller, the largest first."""
    frame = context.figures[f"{pair.good}-producers"]
    tonnes, sales = frame.column("tonnes_before"), pair.before.sales_n
    changes = [v for key in ("sales_change", "price_change") for v in frame.column(key)]
    return figure_table(
        frame,
        _sales_sentence(pair, context.figures),
        (
            Column("seller", "Seller"),
            figure_column(frame, "tonnes_before", tonnes),
            figure_column(frame, "tonnes_under", tonnes),
            figure_column(frame, "sales_before", sales),
            figure_column(frame, "sales_under", sales),
            figure_column(frame, "sales_change", changes, signed=True),
            figure_column(frame, "price_before", decimals=0),
            figure_column(frame, "price_under", decimals=0),
            figure_column(frame, "price_change", changes, signed=True),
        ),
        [(row, (label,)) for row, label in zip(frame.rows, frame.labels, strict=True)],
        note="Prices at the seller's gate. A seller is the origin that trade records name, which "
        "may resell what others mined. Those of at least 0.05 Mt a year.",
        lead=12,
    )


def _sales_sentence(pair: Pair, figures: Figures) -> str:
    if not pair.moves:
        return _unmoved(pair)
    before, under = pair.before.sales_n, pair.under.sales_n
    change = under - before
    lost, won = int(np.argmin(change)), int(np.argmax(change))

    def now(seller: int) -> str:
        band = figures.band(f"{pair.good}-producers", pair.codes[seller], "sales_under")
        return f"{w.money(under[seller], band)} a year instead of {w.money(before[seller])}"

    part = w.percent(change[lost] / before[lost])
    part += _change_band(figures, f"{pair.good}-producers", pair.codes[lost], "sales_change")
    loser, winner = (in_sentence(pair.codes[i]) for i in (lost, won))
    return f"{w.sentence(loser)} sells for {now(lost)}, {part} less; {winner} for {now(won)}."


def markets_table(context: ViewContext, pair: Pair) -> Table:
    """Purchases and prices paid by market, the largest first."""
    frame, before = context.figures[f"{pair.good}-markets"], pair.before
    note = (
        "Tonnes that arrive. The price paid is the base price times the exact index of delivered "
        "prices, taxes included, not a mean per tonne: that would rise whenever a dearer supplier "
        "is let in."
    )
    known = before.price_paid_n[np.isfinite(before.price_paid_n)]
    if np.ptp(known) < 1e-6 * known.mean():
        note += (
            " The base year has one price for all flows, so only the changes tell markets apart."
        )
    return figure_table(
        frame,
        _markets_sentence(pair, context.markets(pair), context.figures),
        (
            Column("market", "Market"),
            figure_column(frame, "tonnes_before"),
            figure_column(frame, "tonnes_under", frame.column("tonnes_before")),
            figure_column(frame, "price_before", decimals=0),
            figure_column(frame, "price_under", decimals=0),
            figure_column(frame, "price_change", signed=True),
        ),
        [(row, (label,)) for row, label in zip(frame.rows, frame.labels, strict=True)],
        note=note,
    )


def _markets_sentence(pair: Pair, markets: Sequence[Place], figures: Figures) -> str:
    """Who pays most more in money, and whose price falls most."""
    if not pair.moves:
        return _unmoved(pair)
    changes = []
    for p in markets:
        first, second = (
            pair.before.mean_price_paid(p.members),
            pair.under.mean_price_paid(p.members),
        )
        tonnes = p.total(pair.before.tonnes_ni.sum(axis=1))
        if first > 0 and second > 0:
            changes.append((second / first - 1, (second - first) * tonnes, p))
    frame = f"{pair.good}-markets"
    most = max(changes, key=lambda c: c[1])
    least = min(changes, key=lambda c: c[0])
    text = (
        f"{w.sentence(most[2].prose)} pays {w.percent(most[0])}"
        f"{_change_band(figures, frame, most[2].key, 'price_change', most[0])} "
        f"{'more' if most[0] > 0 else 'less'} for a tonne of {pair.name} than before the measures"
    )
    if least[0] >= 0 or least[2] is most[2]:
        return f"{text}."
    band = _change_band(figures, frame, least[2].key, "price_change", least[0])
    return f"{text}; {least[2].prose} {w.percent(least[0])}{band} less."


def _change_band(figures: Figures, frame: str, row: str, column: str, sign: float = -1.0) -> str:
    """The band of a change in per cent, along the sign that the sentence says in words."""
    band = figures.band(frame, row, column)
    if band is None:
        return ""
    ends = sorted(end if sign > 0 else -end for end in band)
    return w.within((ends[0], ends[1]), w.rounded)


def shares_table(context: ViewContext, pair: Pair) -> Table:
    """Suppliers' shares of the main markets: before, under the regime, and after each option."""
    frame, markets = context.figures[f"{pair.good}-shares"], context.markets(pair)
    names = {p.key: p.name for p in markets}
    return figure_table(
        frame,
        _shares_sentence(pair, markets, context.figures),
        (
            Column("market", "Market", group=True),
            Column("supplier", "Supplier"),
            *(figure_column(frame, c.key, decimals=1) for c in frame.columns),
        ),
        [(row, (names[row[0]], name_of(row[1]))) for row in frame.rows],
        note="Shares of what a market spends on the commodity, its own output included. Suppliers "
        "of at least 1 % in one of the columns.",
        lead=14,
    )


def _shares_sentence(pair: Pair, markets: Sequence[Place], figures: Figures) -> str:
    """The shift of the largest value, unions left to their members' totals."""
    if not pair.moves:
        return _unmoved(pair)
    shifts = []
    for place in markets:
        before, under = (
            pair.before.supplier_share_i(place.members),
            pair.under.supplier_share_i(place.members),
        )
        i = int(np.argmax(np.abs(under - before)))
        moved = abs(under[i] - before[i]) * place.total(pair.before.tonnes_ni.sum(axis=1))
        shifts.append((moved, place, i, before[i], under[i]))
    _, place, i, before, under = max(shifts, key=lambda t: t[0])
    band = figures.band(f"{pair.good}-shares", (place.key, pair.codes[i]), "under")
    return (
        f"The largest shift: {in_sentence(pair.codes[i])}'s share of what {place.prose} buys goes "
        f"from {w.share(before)} to {w.share(under)}{w.within(band, _percent)}."
    )


def dependence_table(context: ViewContext, pair: Pair) -> Table:
    """How far each market depends on its largest supplier, and how concentrated supply is."""
    frame = context.figures[f"{pair.good}-dependence"]
    return figure_table(
        frame,
        dependence_words(pair, context.markets(pair), context.figures),
        (
            Column("market", "Market"),
            Column("largest_before", "Largest supplier before"),
            figure_column(frame, "share_before", decimals=1),
            Column("largest_under", "Under the regime"),
            figure_column(frame, "share_under", decimals=1),
            figure_column(frame, "herfindahl_before", [0.1]),
            figure_column(frame, "herfindahl_under", [0.1]),
        ),
        [
            (row, (frame.label(row), name_of(row[1]), name_of(row[2])))
            for row in dependence_order(context.figures, pair.good)
        ],
        note="The Herfindahl index is the sum of squared supplier shares: 1 is a single supplier. "
        "A market that digs its own counts as its own supplier.",
    )


def _percent(value: float) -> str:
    return f"{w.number(value)} %"
