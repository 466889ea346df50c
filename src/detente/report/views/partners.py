"""Views of the trade of those whom the measures hit, where no commodity is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.figures.partners import BOUGHT, LEAST, SOLD
from detente.report.table import (
    Chart,
    Column,
    Part,
    Section,
    Table,
    figure_column,
    figure_table,
    refer,
)
from detente.report.views.countries import _short, source_of

if TYPE_CHECKING:
    from detente.analysis.figures.frame import Frame
    from detente.report.context import ViewContext


def partners_part(context: ViewContext) -> tuple[Table, Part] | None:
    """The table of the target's trade, and the section that shows it; None without such figures."""
    if "partners" not in context.figures or context.sides is None:
        return None
    frame = context.figures["partners"]
    target = named_sides_of(context.assessment, context.sides).target
    table = figure_table(
        frame,
        partners_sentence(context),
        (
            Column("trade", f"Trade of {target.prose}"),
            figure_column(frame, "value_before"),
            figure_column(frame, "value_under"),
            figure_column(frame, "value_change", signed=True),
        ),
        [(row, (label,)) for row, label in zip(frame.rows, frame.labels, strict=True)],
        note="Sales abroad net of taxes, in USD of the base year.",
    )
    chart = Chart(
        "partners",
        "dots",
        table.sentence.split(". ")[0].rstrip("."),
        "USD million a year",
        source_of(context.assessment),
        f"Pairs of dots, hollow before and filled under the regime. {table.sentence}",
        "partners",
        {
            "panels": [
                {"label": f"Sold by {target.prose}", "rows": _dots(context, frame, SOLD)},
                {"label": f"Bought by {target.prose}", "rows": _dots(context, frame, BOUGHT)},
            ]
        },
    )
    section = Section("partners", "Who buys and sells instead", refer([chart], "partners"))
    return table, ([chart], section)


def partners_sentence(context: ViewContext) -> str:
    """What the target sells abroad, before and under the regime, and who buys more of it."""
    assert context.sides is not None
    frame = context.figures["partners"]
    target = named_sides_of(context.assessment, context.sides).target.prose
    before, under = (frame.value((SOLD, "all"), f"value_{k}") for k in ("before", "under"))
    if abs(under - before) < LEAST:
        return f"What {target} sells abroad stays what it was."
    text = (
        f"{w.sentence(target)} sells abroad for {w.money(under)} a year instead of "
        f"{w.money(before)}."
    )
    more = sorted(
        ((frame.value(row, "value_change"), row[1]) for row in frame.rows if row[0] == SOLD),
        reverse=True,
    )
    names = {p.key: p.prose for p in context.selection.partners}
    told = [(value, key) for value, key in more if key in names and value >= LEAST][:2]
    if not told:
        return f"{text} Nobody buys more of it."
    verb = "buys" if len(told) == 1 else "buy"
    who, sizes = w.listing(names[k] for _, k in told), w.listing(w.money(v) for v, _ in told)
    return f"{text} {w.sentence(who)} {verb} {sizes} more."


def _dots(context: ViewContext, frame: Frame, direction: str) -> list[dict[str, object]]:
    return [
        {
            "label": p.name,
            "before": _short(frame.value((direction, p.key), "value_before")),
            "under": _short(frame.value((direction, p.key), "value_under")),
        }
        for p in context.selection.partners
    ]
