"""Scenarios side by side: the table and charts of the page, the terminal's tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from detente.analysis.labels import listing, quoted
from detente.negotiation.words import digits_beside, percent_change
from detente.report.departure import told_in_one
from detente.report.table import TWO_DIGITS, Cell, Chart, Column, Table

if TYPE_CHECKING:
    from detente.analysis.comparisons import Comparison, Figure, Values
    from detente.report.page_figures import PageFigure


#: Title, heads of columns, and rows of a table on the terminal.
Printed: TypeAlias = "tuple[str, list[str], list[list[str]]]"


def comparison_table(found: Comparison, listed: Sequence[PageFigure]) -> Table:
    """A row for each figure; a column for each scenario, then its difference from the first.

    Columns go by the labels of the scenarios, so that files name them too.

    Args:
        found: the comparison.
        listed: which of its figures are shown, in their order.
    """
    rows: list[tuple[Cell, ...]] = []
    for f in listed:
        of = (f.figure.key, f.side.id, f.figure.commodity)
        values = [f.shown(v) for v in found.of("level", *of).tolist()]
        differences = [f.shown(v) for v in found.of("difference", *of).tolist()[1:]]
        rows.append((f.group, f.label, f.unit, *values, *differences))
    labels = [s.label for s in found.states]
    less = [f"{label}, less {labels[0]}" for label in labels[1:]]
    keys = _unique(["group", "figure", "unit", *labels, *less])[3:]
    state, suffix = _states(found)
    columns = [
        Column("group", "Group", group=True),
        Column("figure", "Of"),
        Column("unit", "Unit"),
        *(
            Column(key, label, kind="number", decimals=TWO_DIGITS)
            for key, label in zip(keys, labels, strict=False)
        ),
        *(
            Column(key, label, "", "number", TWO_DIGITS, signed=True)
            for key, label in zip(keys[len(labels) :], less, strict=True)
        ),
    ]
    return Table(
        "comparison",
        "Scenarios side by side",
        found.sentences[0],
        tuple(columns),
        tuple(rows),
        note="Gains and losses are equivalent variation against the base year without the case's "
        "measures. Differences are from the first scenario.",
        state=state,
        suffix=suffix,
    )


def comparison_charts(found: Comparison, listed: Sequence[PageFigure], source: str) -> list[Chart]:
    """A chart for each group of figures: one row a country, one mark a scenario, one axis.

    Args:
        found: the comparison.
        listed: which of its figures are shown, in their order.
        source: where the numbers come from.
    """
    labels = [s.label for s in found.states]
    state, suffix = _states(found)
    charts = []
    for place, group in enumerate(dict.fromkeys(f.group for f in listed)):
        own = [f for f in listed if f.group == group]
        charts.append(
            Chart(
                f"compare-{place}",
                "compare",
                group,
                own[0].unit,
                source,
                f"{group}: one row for each country, one mark for each of the scenarios "
                f"{listing(map(quoted, labels))}. The table ‘Scenarios side by side’ holds the "
                "numbers.",
                "comparison",
                {
                    "scenarios": labels,
                    "decimals": own[0].decimals,
                    "rows": [{"label": f.label, "values": _values(found, f)} for f in own],
                },
                state,
                suffix,
            )
        )
    return charts


def _values(found: Comparison, f: PageFigure) -> list[float | None]:
    values = found.of("level", f.figure.key, f.side.id, f.figure.commodity).tolist()
    return [f.shown(v) if math.isfinite(v) else None for v in values]


def _states(found: Comparison) -> tuple[str, str]:
    """How the scenarios differ from the case's own state, and what names of files say of it."""
    return told_in_one((s.label, s.departure) for s in found.states)


def _unique(names: list[str]) -> list[str]:
    """Names as they are, those that stand already with a number."""
    out: list[str] = []
    for name in names:
        count, own = 2, name
        while own in out:
            own, count = f"{name} ({count})", count + 1
        out.append(own)
    return out


def printed(found: Comparison, *, details: bool = True) -> list[Printed]:
    """The tables of the terminal: one for each figure, a row for each scenario.

    Args:
        found: the comparison.
        details: every figure; without, the first, which is the gain.
    """
    out = []
    banded = "" if found.ensemble is None else ", with 5 to 95 % of the draws"
    for f, figure in enumerate(found.figures if details else found.figures[:1]):
        if figure.key == "transit_revenue" and not found.level[f].any():
            continue
        levels = _rows(found, f, "level")
        if figure.commodity is None and figure.key != "transit_revenue":
            label = figure.label if details or f else "Gain"
            title = f"{label}{_unit(figure)}, against the base year without measures"
        else:
            good = "" if figure.commodity is None else _label(found, figure.commodity)
            title = f"{good}{figure.label}{_unit(figure)}; then differences"
            levels = levels[:1]
        heads = ["", *(side.id for side in found.sides)]
        rows = [*levels, *_rows(found, f, "difference")]
        out.append((f"{title} ({found.states[0].day}){banded}", heads, rows))
    return out


def _rows(found: Comparison, f: int, which: Values) -> list[list[str]]:
    """A row for each scenario; of differences, for each but the first."""
    values = found.level if which == "level" else found.difference
    band = found.band(which)
    first = found.states[0]
    rows = []
    for k, state in enumerate(found.states):
        if which == "difference" and k == 0:
            continue
        label = state.label if which == "level" else state.less(first)
        cells = []
        for r in range(len(found.sides)):
            cell = _cell(found.figures[f], float(values[f, r, k]), which)
            if band is not None and cell:
                ends = [_cell(found.figures[f], float(end[f, r, k]), which) for end in band]
                cell += f" ({ends[0]} to {ends[1]})" if all(ends) and ends[0] != ends[1] else ""
            cells.append(cell)
        rows.append([label, *cells])
    return rows


def _cell(figure: Figure, value: float, which: Values) -> str:
    """A number in two digits; nothing where there is none."""
    if not math.isfinite(value):
        return ""
    if figure.key == "real_income_change":
        return percent_change(value)
    signed = which == "difference" or figure.key == "equivalent_variation"
    decimals = 1 if figure.is_share or figure.key in ("equivalent_variation", "price_paid") else 2
    return digits_beside(100 * value if figure.is_share else value, decimals, signed=signed)


def _unit(figure: Figure) -> str:
    if figure.key == "real_income_change":
        return ""
    return f", {'% (points)' if figure.is_share else figure.unit}"


def _label(found: Comparison, commodity: str) -> str:
    return f"{found.case.commodity(commodity).label}, "
