"""The tables of a brief as files: csv, one per table, or one JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.brief.table import Table
    from detente.brief.views import Views


def write_csv(views: Views, folder: str | Path) -> list[Path]:
    """Write every table as `ID.csv`, numbers unrounded, units in the headings.

    Files of a state that is not the case's own are named `ID-hypothetical.csv`, and their last
    column says how it differs.

    Args:
        views: of a case answered.
        folder: where to write; it is made if it does not exist.

    Returns:
        list[Path]: the files written, in the brief's order.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in views.tables.values():
        path = target / f"{views.departure.stem(table.id)}.csv"
        path.write_text(csv_of(table), encoding="utf-8", newline="")
        paths.append(path)
    return paths


def csv_of(table: Table) -> str:
    """One table as csv text."""
    headings = {c.key: f"{c.key} ({c.unit})" if c.unit else c.key for c in table.spread.columns}
    return table.to_frame().rename(headings).write_csv()


def write_json(views: Views, path: str | Path) -> Path:
    """Write all tables and charts with their sentences as one JSON file.

    Args:
        views: of a case answered.
        path: where to write.

    Returns:
        Path: the file written.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(views.to_json() + "\n", encoding="utf-8")
    return target
