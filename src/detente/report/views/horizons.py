"""Short, medium and long run side by side: welfare, prices, and the elasticities behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.figures.effects import REGIME
from detente.analysis.findings import horizons_words
from detente.analysis.options import NEGLIGIBLE
from detente.report.table import GENERAL, Cell, Column, Table, figure_column, figure_table
from detente.report.views.basis import _range, linked
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.figures.commodities import Pair
    from detente.analysis.figures.frame import Key
    from detente.analysis.places import Place
    from detente.report.context import ViewContext


def horizons_table(context: ViewContext) -> Table:
    """What the regime does to each party, and lifting to its author and target, by horizon."""
    a, frame = context.assessment, context.figures["horizons"]
    parties = context.selection.parties
    rows: list[tuple[Key, tuple[Cell, ...]]] = [
        ((REGIME, p.key), ("Under the regime", p.name, "")) for p in parties
    ]
    for option in context.lifting:
        rows += [
            ((option.id, place.key), (option.label, place.name, role))
            for place, role in context.selection.concerned[option.id]
        ]
    every = frame.values.ravel()
    return figure_table(
        frame,
        horizons_words(a, context.runs, context.figures),
        (
            Column("change", "Change", group=True),
            Column("country", "Country"),
            Column("role", "Role"),
            *(figure_column(frame, h, every, signed=True, toned=True) for h in context.runs),
        ),
        rows,
        note="Equivalent variation: of the regime against the base year without measures, of "
        "lifting against the regime. Each run stands for an economy that has had about that time "
        "to adjust; demand, other shocks and stocks are as in the base year. Lines of lifting: "
        "those whose measure it is, and those whom it hits. A union includes its members.",
        lead=len(parties) + 8,
    )


def horizon_prices_table(context: ViewContext, pair: Pair) -> Table:
    """Prices paid in the main markets under the regime, by horizon."""
    frame, runs = context.figures[f"{pair.good}-horizon-prices"], context.runs
    changes = [v for h in runs for v in frame.column(f"{h}_change")]
    return figure_table(
        frame,
        _price_sentence(context, pair),
        (
            Column("market", "Market"),
            figure_column(frame, "before", decimals=0),
            *(figure_column(frame, h, decimals=0) for h in runs),
            *(figure_column(frame, f"{h}_change", changes, signed=True) for h in runs),
        ),
        [(row, (label,)) for row, label in zip(frame.rows, frame.labels, strict=True)],
        note="The base price times the exact index of delivered prices, taxes included, under the "
        "regime; on the right its change against the base year.",
    )


def _price_sentence(context: ViewContext, pair: Pair) -> str:
    """The market whose bill the regime changes most over any horizon."""
    frame, runs = context.figures[f"{pair.good}-horizon-prices"], context.runs
    bought = pair.before.tonnes_ni.sum(axis=1)

    def moved(p: Place) -> float:
        before = frame.value(p.key, "before")
        return p.total(bought) * max(abs(frame.value(p.key, h) - before) for h in runs)

    markets = context.markets(pair)
    sizes = [moved(p) for p in markets]
    if not sizes or max(sizes) < NEGLIGIBLE:
        return f"The regime changes no price of {pair.name} noticeably over any of these horizons."
    place = markets[max(range(len(markets)), key=lambda k: sizes[k])]

    def change(h: str) -> str:
        key = f"{h}_change"
        band = w.within(frame.band(place.key, key), lambda end: w.number(end, 1, signed=True))
        return f"{w.number(frame.value(place.key, key), 1, signed=True)} %{band} in the {h} run"

    return (
        f"Counted in money, the price of {pair.name} moves most in the market of {place.prose}: "
        f"{w.listing(map(change, runs))}."
    )


def horizon_parameters_table(a: AssessmentData, runs: Mapping[str, AssessmentData]) -> Table:
    """The elasticities behind each horizon, with range and source."""
    from detente.trade import horizon_parameters

    stored = horizon_parameters()
    rows: list[tuple[Cell, ...]] = []
    for h in (h for h in runs if h in stored):
        entry = stored[h]
        rows += [
            (
                str(entry["label"]),
                w.sentence(key.replace("_", " ")),
                float(p["value"]),
                _range(p.get("range")),
                p["unit"],
                linked(p["source"]),
                p.get("note", ""),
            )
            for key, p in entry.items()
            if isinstance(p, dict)
        ]
        factor = float(entry["trade_elasticity_factor"]["value"])
        rows += [
            (
                str(entry["label"]),
                f"Trade elasticity of {lower_first(c.label)}",
                factor * float(a.world.trade_elasticity_j[a.world.goods.index(c.name)]),
                "",
                "elasticity",
                linked("factor above times the long-run elasticity under Assumptions"),
                "",
            )
            for c in a.case.commodities
        ]
    return Table(
        "horizon-parameters",
        "What sets the horizons apart",
        f"{w.sentence(w.count(len({row[1] for row in rows}), 'number'))} set the horizons apart: "
        "how strongly trade answers to cost, how easily inputs replace each other, and how much "
        "capital stays in its sector.",
        (
            Column("horizon", "Horizon", group=True),
            Column("parameter", "Parameter"),
            Column("value", "Value", kind="number", decimals=GENERAL),
            Column("range", "Range"),
            Column("unit", "Unit"),
            Column("source", "Source", kind="links"),
            Column("note", "Note"),
        ),
        tuple(rows),
        note="All other parameters are those under Assumptions at every horizon.",
    )
