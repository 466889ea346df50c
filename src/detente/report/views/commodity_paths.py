"""The path of one commodity over time as steps, and the table of its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.figures.commodities import PER_TONNE, main_suppliers
from detente.analysis.figures.paths import TONNES, path_of
from detente.analysis.labels import name_of
from detente.report.table import Chart, Column, Table, figure_column, figure_table
from detente.report.views.commodity_charts import headline
from detente.report.views.countries import _short
from detente.report.views.regimes import change_words

if TYPE_CHECKING:
    from detente.analysis.figures.commodities import Pair
    from detente.analysis.figures.paths import CommodityPath
    from detente.report.context import ViewContext


def path_parts(context: ViewContext, pair: Pair) -> tuple[Chart, Table] | None:
    """A commodity over the regimes of the case; None where these are not known or only one."""
    if context.timeline is None:
        return None
    path = path_of(pair, context.markets(pair), context.timeline)
    if path is None:
        return None
    table = _table(path)
    return _chart(context, path, table), table


def _table(path: CommodityPath) -> Table:
    frame, regimes = path.frame, path.timeline.regimes
    sold = path.sold_rs.ravel()
    columns = [
        figure_column(frame, c.key, sold, decimals=None)
        if c.key.startswith("sold")
        else figure_column(frame, c.key, decimals=0)
        for c in frame.columns
    ]
    return figure_table(
        frame,
        path.sentence,
        (Column("from", "From", kind="date"), Column("changed", "What changed"), *columns),
        [
            (
                (r.start.isoformat(),),
                (r.start.isoformat(), change_words(path.timeline, r) or None),
            )
            for r in regimes
        ],
        note="Each regime is an equilibrium of the same base year, as if it lasted long enough for "
        f"the {path.timeline.horizon} run. Sales include those at home. The price paid is the "
        "exact index of a market, the price received is at the gate. Without bands.",
        lead=12,
    )


def _chart(context: ViewContext, path: CommodityPath, table: Table) -> Chart:
    a, frame, regimes = context.assessment, path.frame, path.timeline.regimes
    codes = path.pair.codes
    # Countries have the colours that they have among the sellers.
    order = {name_of(codes[i]): k for k, i in enumerate(main_suppliers(path.pair))}
    names = [(name_of(codes[i]), codes[i]) for i in path.sellers]
    sold = [(name, name, f"sold_{code}") for name, code in names]
    first, code = names[0]
    prices = [
        (first, f"{first} receives", f"received_{code}"),
        *((p.name, f"{p.name} pays", f"paid_{p.key}") for p in path.markets),
    ]
    panels = [
        {
            "label": label,
            "plain": True,
            "series": [
                {
                    "label": words,
                    "colour": order.get(name),
                    "values": [_short(v) for v in frame.column(key)],
                }
                for name, words, key in named
                if np.isfinite(frame.column(key)).all()
            ],
        }
        for label, named in ((f"Sold, {TONNES}", sold), (f"Price, {PER_TONNE}", prices))
    ]
    return Chart(
        frame.id,
        "steps",
        headline(table),
        "each regime as of its first day",
        f"détente, case ‘{a.case.name}’, {path.timeline.horizon} run of each regime; "
        f"{a.world.source}",
        f"Step lines by date, sales above and prices below. {table.sentence}",
        table.id,
        {
            "dates": [r.start.isoformat() for r in regimes],
            "changes": [change_words(path.timeline, r) for r in regimes],
            "assessed": a.date.isoformat(),
            "panels": [panel for panel in panels if panel["series"]],
        },
    )
