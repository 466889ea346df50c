"""How strongly trade answers to trade costs, by good: values with source and range, from data."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente._types import Array

_FILE = Path(__file__).parent / "data" / "elasticities.toml"
#: A code of the ISIC Rev. 4 industries in the OECD's tables: a section, then perhaps divisions.
_ISIC = re.compile(r"^[A-U](\d\w*)?$")


@dataclass(frozen=True)
class Elasticity:
    """One trade elasticity with its evidence.

    Attributes:
        value: θ, the percentage fall of trade with one per cent more trade cost.
        low: lower end of the range to try.
        high: upper end of the range to try.
        date: year of the publication.
        source: who estimated it.
        note: why this value for this good.
    """

    value: float
    low: float
    high: float
    date: int
    source: str
    note: str = ""


@dataclass(frozen=True)
class Elasticities:
    """The trade elasticities of a list of goods.

    Attributes:
        value_j: θ, (J,).
        notes: what a user of them should know, one sentence each.
    """

    value_j: Array
    notes: tuple[str, ...]


def trade_elasticity(good: str) -> Elasticity | None:
    """The long-run trade elasticity on file for a good, or None.

    A good is looked up by its name, then, if the name is an ISIC Rev. 4 code as in the OECD's
    tables (`C24`, `A01_02`), by the longest code that it begins with.

    Args:
        good: a name, or an ISIC Rev. 4 code.

    Returns:
        Elasticity: θ with its range and source, or None where none is on file.
    """
    named, coded = _on_file()
    if good in named:
        return named[good]
    if _ISIC.match(good):
        for length in range(len(good), 0, -1):
            if good[:length] in coded:
                return coded[good[:length]]
    return None


def default_elasticity() -> Elasticity:
    """The value for a good that the file does not know."""
    return _on_file()[0]["*"]


def default_elasticities(goods: Iterable[str]) -> Elasticities:
    """The long-run trade elasticity of each good, with the sources as notes.

    Args:
        goods: names of goods or ISIC Rev. 4 codes.

    Returns:
        Elasticities: `value_j`, (J,), and notes.
    """
    goods = tuple(goods)
    found = {g: trade_elasticity(g) for g in goods}
    unknown = [g for g, e in found.items() if e is None]
    default = default_elasticity()
    used = [found[g] or default for g in goods]
    notes = [f"Trade elasticities: {'; '.join(dict.fromkeys(e.source for e in used))}."]
    if unknown:
        notes.append(
            f"No trade elasticity is on file for {', '.join(unknown)}: {default.value:g} was used "
            f"({default.source})."
        )
    return Elasticities(np.array([e.value for e in used]), tuple(notes))


@functools.cache
def _on_file() -> tuple[dict[str, Elasticity], dict[str, Elasticity]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    sources = table["source"]
    named: dict[str, Elasticity] = {}
    coded: dict[str, Elasticity] = {}
    for row in table["elasticity"]:
        source = sources[row["source"]]
        entry = Elasticity(
            value=row["value"],
            low=row["low"],
            high=row["high"],
            date=source["date"],
            source=source["title"],
            note=row.get("note", ""),
        )
        named.update(dict.fromkeys(row.get("goods", ()), entry))
        coded.update(dict.fromkeys(row.get("isic", ()), entry))
    return named, coded
