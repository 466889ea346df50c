"""Goods as people name them: by HS code, by everyday name, or by sector of the world.

Goods of a case are the sectors of its world, and narrow goods of the product layer that are split
out of them. `find_good` says which; `Good.part` says whether the sectors hold more than what was
asked for, and `Good.split` puts narrow goods in their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from detente._near import did_you_mean
from detente.world.errors import UnknownLabel
from detente.world.names import good_name
from detente.world.products.catalogue import Product, find_product, products
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
        products: narrow goods of the product layer that are the same, if there are such.
        beside: narrow goods that others split out of these sectors and that it means as well.
    """

    asked: str
    sectors: tuple[str, ...]
    codes: tuple[str, ...] = ()
    part: bool = False
    products: tuple[Product, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def sector_words(self) -> str:
        """The sectors in words, or the narrow goods in their place."""
        narrow = self.products and not self.part
        names = [p.name for p in self.products] if narrow else list(map(good_name, self.sectors))
        *first, last = names
        return f"{', '.join(first)} and {last}" if first else last

    def split(self, ids: Mapping[str, str]) -> Good:
        """The narrow goods in place of the sectors, where each of them is split out.

        Args:
            ids: what the case calls each narrow good that is split out, by its code.
        """
        found = tuple(ids[p.hs] for p in self.products if p.hs in ids)
        if not found or len(found) < len(self.products):
            return self
        return replace(self, sectors=found, part=False)


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
    narrow = tuple(p for c in codes if (p := _product(c)) is not None)
    if not codes:
        try:
            narrow = (find_product(text),)
        except UnknownLabel:
            return None
        codes = (narrow[0].hs,)
    found = {sector for code in codes for sector in makers(code, known)}
    if not found:
        return None
    sectors = tuple(good for good in known if good in found)
    return Good(text, sectors, codes, True, narrow if len(narrow) == len(codes) else ())


def _product(code: str) -> Product | None:
    """The narrow good that is all of a code; None where the layer has none, or only a part."""
    return products().get(code) or products().get(f"{code}00" if len(code) == 4 else code)


def near_goods(text: str, known: tuple[str, ...]) -> str:
    """What to write instead of a good that is not known."""
    narrow = [p.name for p in products().values()]
    names = [*NAMES, *(good_name(g) for g in known), *narrow]
    return did_you_mean(text, names, "Write a sector's name or an HS code, such as 2709.")


def choices(known: tuple[str, ...]) -> list[dict[str, Any]]:
    """What may be named: sectors first, then goods with HS codes, sectors and known gaps."""
    rows: list[dict[str, Any]] = [
        {"id": g, "label": good_name(g), "hs": "", "sector": g, "notes": ()} for g in known
    ]

    def put(identifier: str, name: str, codes: tuple[str, ...], notes: tuple[str, ...]) -> None:
        found = makers(codes[0], known)
        if found:
            hs = ", ".join(codes)
            row = {"id": identifier, "label": name, "hs": hs, "sector": found[0], "notes": notes}
            rows.append(row)

    for name, codes in NAMES.items():
        narrow = [p for c in codes if (p := _product(c)) is not None]
        gaps = dict.fromkeys(note for p in narrow for note in p.notes)
        put(name, name, codes, tuple(gaps))
    for p in products().values():
        if p.name not in NAMES:
            put(p.hs, p.name, (p.hs,), p.notes)
    return rows
