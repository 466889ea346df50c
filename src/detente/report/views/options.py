"""The table of lifting options side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.findings import everything_words, options_words
from detente.report.table import Column, Table, figure_column, figure_table

if TYPE_CHECKING:
    from detente.report.context import ViewContext


def options_table(context: ViewContext) -> Table:
    """What each way of lifting would bring whom: a column per option, a row per country."""
    frame, figures = context.figures["options"], context.figures
    options, places = context.lifting, context.places
    sentences = [
        *options_words(context.assessment, options, places, figures)[:1],
        *everything_words(options, places, figures),
    ]
    every = frame.values.ravel()
    return figure_table(
        frame,
        " ".join(sentences) or "No measure in force has an effect, so there is nothing to lift.",
        (
            Column("country", "Country"),
            *(figure_column(frame, c.key, every, signed=True, toned=True) for c in frame.columns),
        ),
        [(row, (label,)) for row, label in zip(frame.rows, frame.labels, strict=True)],
        note="Equivalent variation against the regime as it stands. Each option leaves the other "
        "measures in place; ‘lift everything’ lifts all of them, and ‘only together’ is what it "
        "does beyond the sum of the single steps. A union includes its members.",
    )
