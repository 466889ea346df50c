"""What a terminal says of talks: why parties move or hold, the best deal, who can block."""

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
        yield "Deals", _deals(found) if found is not None else _first(tables["talks-refusals"])
        if "talks-votes" in tables:
            yield "Blockers", _first(tables["talks-votes"])
    elif "talks-stable" in tables:
        yield "Stable", tables["talks-stable"].sentence
        yield "Ways", tables["talks-paths"].sentence


def _first(table: Table) -> str:
    return table.sentence.split(". ")[0].rstrip(".") + "."


def _stakes(table: Table) -> str:
    """'United States moved (+17 in money); European Union holds (moving: +97 in money)'."""
    money = [_float(v) for v in table.column("money")]
    decimals = min(decimals_for(money), 1)
    parts = []
    for party, behaviour, value in zip(
        table.column("party"), table.column("behaviour"), money, strict=True
    ):
        gain = w.number(value, decimals, signed=True)
        if not gain.strip("0."):
            continue
        moving = "" if behaviour == "moved" else "moving: "
        parts.append(f"{party} {behaviour} ({moving}{gain})")
    return f"{'; '.join(parts)}, USD million a year in money." if parts else _first(table)


def _deals(table: Table) -> str:
    """How many packages all would sign, and what each gains at the Nash point."""
    text = _first(table).rstrip(".")
    row = next((r for r in table.rows if "Nash" in str(r[1])), None)
    if row is None:
        return f"{text}."
    gains = {c.label.removesuffix(" gains"): _float(v) for c, v in zip(
        table.columns, row, strict=True) if c.kind == "number"}  # fmt: skip
    decimals = min(decimals_for(gains.values()), 1)
    said = (f"{p} {w.number(g, decimals, signed=True)}" for p, g in gains.items())
    return f"{text}; Nash point: {', '.join(said)}."


def _float(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
