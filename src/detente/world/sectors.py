"""Sectors: what the goods of a world are called, what they hold, and which of them makes a product.

Names follow ISIC Rev. 4 as in the OECD's tables; `sectors.toml` has them with their headings of the
Harmonized System.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "sectors.toml"
#: A code of the OECD's tables: section, first division with a letter perhaps, last division.
_CODE = re.compile(r"^([A-U])(?:(\d+)([A-Z]?)(?:([T_])(\d+))?)?$")


@dataclass(frozen=True)
class Sector:
    """One sector of an inter-country table.

    Attributes:
        code: ISIC Rev. 4 as in the OECD's tables, or a name of several sectors together.
        name: for readers, as inside a sentence.
        holds: what it takes in.
        service: whether it sells services, so that a tariff on it would be an abstraction.
        hs: chapters, headings and products of the Harmonized System that it makes.
        isic: codes of the sectors that it joins; its own code for a single one.
    """

    code: str
    name: str
    holds: str
    service: bool
    hs: tuple[str, ...]
    isic: tuple[str, ...]


@functools.cache
def all_sectors() -> dict[str, Sector]:
    """Every sector on file by its code.

    Example:
        >>> from detente.world.sectors import all_sectors
        >>> all_sectors()["B06"].name, all_sectors()["B06"].hs
        ('crude oil and natural gas', ('2709', '2711'))
    """
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["sector"]
    return {
        row["code"]: Sector(
            row["code"],
            row["name"],
            row["holds"],
            row["service"],
            tuple(row.get("hs", ())),
            tuple(row.get("isic", (row["code"],))),
        )
        for row in rows
    }


def is_service(good: str) -> bool:
    """Whether a good of a world is a service; a good that is not on file is none."""
    return good in all_sectors() and all_sectors()[good].service


def makers(product: str, goods: Iterable[str]) -> tuple[str, ...]:
    """The goods of a world that hold a product of the Harmonized System.

    Args:
        product: digits of an HS chapter, heading or product, such as `27` or `2709`.
        goods: of the world, as ISIC codes of the OECD's tables or as sectors on file.

    Returns:
        tuple: the goods, in the world's order; several if the product spans sectors.

    Example:
        >>> from detente.world.sectors import makers
        >>> makers("2709", ("B06", "C19")), makers("2709", ("AGRI_MIN_FOOD", "MANUF_EXFOOD"))
        (('B06',), ('AGRI_MIN_FOOD',))
    """
    made = _single_makers(product)
    return tuple(good for good in goods if any(_holds(good, code) for code in made))


def holder(sector: str, goods: Iterable[str]) -> str | None:
    """The good of a world that holds all of a single sector; None where none does.

    Args:
        sector: its code, such as `B06`.
        goods: of the world.

    Example:
        >>> from detente.world.sectors import holder
        >>> holder("C19", ("AGRI_MIN_FOOD", "MANUF_EXFOOD")), holder("B06", ("B05", "B06"))
        ('MANUF_EXFOOD', 'B06')
    """
    return next((good for good in goods if _holds(good, sector)), None)


def overlap(one: str, other: str) -> bool:
    """Whether two goods of worlds have a division of ISIC in common.

    Example:
        >>> from detente.world.sectors import overlap
        >>> overlap("C20", "MANUF_EXFOOD"), overlap("C24", "C24A"), overlap("B06", "C19")
        (True, True, False)
    """
    whole, others = _whole(one), _whole(other)
    return any(a.startswith(b) or b.startswith(a) for a in whole for b in others)


@functools.cache
def _single_makers(product: str) -> frozenset[str]:
    """The single sectors that make a product, or parts of it."""
    by_code = {code: s.code for s in all_sectors().values() for code in s.hs}
    parts = {maker for code, maker in by_code.items() if code.startswith(product)}
    above = [code for code in by_code if product.startswith(code)]
    if above:
        parts.add(by_code[max(above, key=len)])
    return frozenset(parts)


def _holds(good: str, code: str) -> bool:
    """Whether a good takes in the single sector of that code."""
    own, whole = _divisions(code), _whole(good)
    return bool(own) and all(any(d.startswith(w) for w in whole) for d in own)


@functools.cache
def _whole(good: str) -> tuple[str, ...]:
    """Every division, or section, of a good."""
    joined = all_sectors()[good].isic if good in all_sectors() else (good,)
    return tuple(division for one in joined for division in _divisions(one))


@functools.cache
def _divisions(code: str) -> tuple[str, ...]:
    """What a code takes in: `C10T12` is C10, C11, C12; `C17_18` C17, C18; `D` is D."""
    found = _CODE.match(code)
    if found is None:
        return ()
    section, first, letter, joint, last = found.groups()
    if first is None:
        return (section,)
    if last is None:
        return (f"{section}{first}{letter}",)
    if joint == "_":
        return (f"{section}{first}", f"{section}{last}")
    return tuple(f"{section}{n:0{len(first)}d}" for n in range(int(first), int(last) + 1))
