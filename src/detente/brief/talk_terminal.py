"""What a terminal says of talks: why parties move or hold, what all would sign, who can block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.table import Cell, decimals_for

if TYPE_CHECKING:
    from detente.brief.table import Table


def talk_lines(tables: Mapping[str, Table]) -> list[str]:
    """One line for each question that the tables answer, with its heading; none without talks."""
    from rich.markup import escape

    return [f"[bold]{head:<11}[/bold]{escape(text)}" for head, text in _lines(tables)]


def _lines(tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    if "talks-stakes" in tables:
        yield "Who moves", _stakes(tables["talks-stakes"])
        found = tables.get("talks-packages")
        yield (
            "Deals",
            _first(tables["talks-refusals"]) if found is None else _sentences(found, 2),
        )
        if "talks-votes" in tables:
            yield "Blockers", _first(tables["talks-votes"])
    elif "talks-stable" in tables:
        yield "Stable", tables["talks-stable"].sentence
        yield "Ways", tables["talks-paths"].sentence


def _first(table: Table) -> str:
    return _sentences(table, 1)


def _sentences(table: Table, count: int) -> str:
    """The first sentences of a table."""
    return ". ".join(table.sentence.split(". ")[:count]).rstrip(".") + "."


def _stakes(table: Table) -> str:
    """'United States moved: +20 (12…33); European Union holds, moving: +95 (75…135)'."""
    money = [_float(v) for v in table.column("money")]
    bound = next(c for c in table.columns if c.key == "bound")
    ends = [table.band(r, bound) for r in range(len(money))]
    decimals = min(decimals_for([*money, *(e for pair in ends if pair for e in pair)]), 1)
    parts = []
    for row, (party, behaviour, value) in enumerate(
        zip(table.column("party"), table.column("behaviour"), money, strict=True)
    ):
        gain = w.number(value, decimals, signed=True)
        if not gain.strip("0."):
            continue
        if value == table.column("bound")[row]:
            gain += _between(ends[row], decimals)
        moving = "" if behaviour == "moved" else ", moving"
        parts.append(f"{party} {behaviour}{moving}: {gain}")
    return f"{'; '.join(parts)}, USD million a year in money." if parts else _first(table)


def _between(ends: tuple[float, float] | None, decimals: int) -> str:
    """A band after its figure, ' (12…33)'; nothing without one."""
    if ends is None:
        return ""
    low, high = (w.number(end, decimals) for end in ends)
    return f" ({low}…{high})"


def _float(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
