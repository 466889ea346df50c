"""A part of a brief: its heading, and its charts and tables in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from detente.brief.table import Chart

#: The charts of a section, and the section.
Part: TypeAlias = "tuple[list[Chart], Section]"


@dataclass(frozen=True)
class Section:
    """A part of the brief: its heading, and ids of its charts and tables in reading order.

    Attributes:
        id: its anchor.
        title: its heading.
        parts: `chart:ID` or `table:ID`.
        note: what all of it rests on, said under the heading.
    """

    id: str
    title: str
    parts: tuple[str, ...]
    note: str = ""


def refer(charts: list[Chart], *tables: str) -> tuple[str, ...]:
    """How a section names its charts and then its tables."""
    return (*(f"chart:{chart.id}" for chart in charts), *(f"table:{table}" for table in tables))
