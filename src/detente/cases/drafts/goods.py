"""Goods as people name them: by HS code, by everyday name, or by sector of the world.

Goods of a case are the sectors of its world, so that a narrower good stands for its whole sector.
`find_good` says which, and `Good.part` whether the sector holds more than what was asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente._near import did_you_mean
from detente.world.names import good_name
from detente.world.sectors import makers

#: Everyday names with the HS codes that they stand for, from the headings of the Harmonized System.
NAMES: dict[str, tuple[str, ...]] = {
    "aircraft": ("88",),
    "aluminium": ("76",),
    "chemicals": ("28", "29"),
    "clothing": ("61", "62"),
    "coal": ("2701",),
    "copper": ("74",),
    "crude oil": ("2709",),
    "electricity": ("2716",),
    "electronics": ("85",),
    "fertilisers": ("31",),
    "fish": ("03",),
    "iron and steel": ("72", "73"),
    "iron ore": ("2601",),
    "machinery": ("84",),
    "meat": ("02",),
    "medicines": ("30",),
    "metal": ("72", "73", "74", "75", "76", "78", "79", "80", "81", "82", "83"),
    "natural gas": ("271111", "271121"),
    "nickel": ("75",),
    "potash": ("3104",),
    "refined oil": ("2710",),
    "ships": ("89",),
    "steel": ("72", "73"),
    "vehicles": ("87",),
    "wheat": ("1001",),
    "wine": ("2204",),
    "wood": ("44",),
}
_EVERYTHING = ("everything", "all goods", "goods", "all")


@dataclass(frozen=True)
class Good:
    """What a good is in the world of a case.

    Attributes:
        asked: as it was asked for.
        sectors: goods of the world that hold it.
        codes: HS codes, if it was named by one or has a name on file.
        part: whether the sectors hold more than it.
    """

    asked: str
    sectors: tuple[str, ...]
    codes: tuple[str, ...] = ()
    part: bool = False

    @property
    def sector_words(self) -> str:
        """The sectors in words."""
        *first, last = (good_name(s) for s in self.sectors)
        return f"{', '.join(first)} and {last}" if first else last


def find_good(text: str, known: tuple[str, ...]) -> Good | None:
    """A good by name, HS code or sector; None where there is none.

    Args:
        text: such as `crude oil`, `2709`, `HS 72` or `manufacturing other than food`.
        known: goods of the world.

    Example:
        >>> from detente.cases.drafts.goods import find_good
        >>> found = find_good("HS 2709", ("AGRI_MIN_FOOD", "MANUF_EXFOOD"))
        >>> found.sectors, found.part
        (('AGRI_MIN_FOOD',), True)
    """
    plain = " ".join(text.split()).casefold()
    if plain in _EVERYTHING:
        return Good(text, ("*",))
    for good in known:
        if plain in (good.casefold(), good_name(good).casefold()):
            return Good(text, (good,))
    code = re.fullmatch(r"(?:hs\s*)?(\d{2,10})", plain)
    codes = (code[1],) if code else NAMES.get(plain) or NAMES.get(plain.removesuffix("s"), ())
    found = {sector for code in codes for sector in makers(code, known)}
    if not found:
        return None
    sectors = tuple(good for good in known if good in found)
    return Good(text, sectors, codes, part=True)


def near_goods(text: str, known: tuple[str, ...]) -> str:
    """What to write instead of a good that is not known."""
    names = [*NAMES, *(good_name(g) for g in known)]
    return did_you_mean(text, names, "Write a sector's name or an HS code, such as 2709.")


def choices(known: tuple[str, ...]) -> list[dict[str, str]]:
    """What may be named: sectors first, then goods with their HS codes and sectors."""
    rows = [{"id": g, "label": good_name(g), "hs": "", "sector": g} for g in known]
    for name, codes in NAMES.items():
        found = makers(codes[0], known)
        if found:
            rows.append({"id": name, "label": name, "hs": ", ".join(codes), "sector": found[0]})
    return rows
