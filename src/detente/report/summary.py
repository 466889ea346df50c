"""The summary of a report for a terminal: four questions and the options in at most 24 lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.options import EVERYTHING
from detente.report.lines import DETAILS, table_lines, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from detente.report.contents import Views
    from detente.report.overview.options import OptionRow, OptionsTable

#: At most so many lines.
LINES = 24


def summary_lines(views: Views, path: str | Path | None = None) -> list[str]:
    """What a report says first, in at most 24 lines of 80 columns.

    The options give up rows where the sentences are long, and a line says so.

    Args:
        views: of a case answered.
        path: the HTML brief, named in the last line.

    Example:
        >>> from detente.report import make_brief
        >>> from detente.report.summary import summary_lines
        >>> summary_lines(make_brief("elmira"))[0]
        'The Elmira conflict, Ontario, 1991'
    """
    overview = views.overview
    head = [*wrapped(views.title), *wrapped(views.subject)]
    if views.departure.hypothetical:
        head += wrapped(views.departure.line)
    said = [f"{c.question} {c.sentence}" for c in overview.chapters]
    answers = [line for text in (*said, views.lacking) if text for line in wrapped(text)]
    last = _last(path)
    lifting = None if overview.options is None else overview.options.lifting
    rows = 0 if lifting is None else len(lifting.rows)
    for most in range(rows, -1, -1):
        options = [] if lifting is None else _options(lifting, most)
        blocks = [block for block in (head, answers, options, last) if block]
        close = [line for block in blocks for line in block]
        if len(close) + len(blocks) - 1 <= LINES:
            return [line for block in blocks for line in ("", *block)][1:]
        if len(close) <= LINES:
            break
    return close


def _options(options: OptionsTable, most: int) -> list[str]:
    """So many of the options in a table, those that move most and lifting everything."""
    rows = options.rows if most >= len(options.rows) else options.rows[: max(most - 1, 0)]
    if 0 < most < len(options.rows):
        rows = (*rows, options.rows[-1])
    left = options.left_out + len(options.rows) - len(rows)
    count = w.count(left, "more way", "more ways")
    more = [f"`{DETAILS}` shows {count} of lifting something."] if left else []
    if not rows:
        return more
    table = table_lines(
        "If lifted, USD million a year:",
        ["", *(place.name for place in options.places)],
        [[_lifted(row), *map(w.cell, row.gains)] for row in rows],
    )
    return table + more


def _lifted(row: OptionRow) -> str:
    """What is lifted, by the ids that `detente compare --lift` takes."""
    return "everything" if row.id == EVERYTHING else " + ".join(row.measures)


def _last(path: str | Path | None) -> list[str]:
    """Where there is more."""
    more = f"`{DETAILS}` prints more here."
    return wrapped(more if path is None else f"{more} The brief: {path}")
