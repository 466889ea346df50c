"""A plain table: what every result of the talks gives for files and screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | float | int | bool | None


@dataclass(frozen=True)
class Table:
    """Columns with labels and rows of plain cells.

    Attributes:
        columns: names of the columns.
        rows: one tuple of cells for each row, as long as `columns`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of one column."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)
