"""Which sector makes what a customs code names: the Harmonized System and ISIC Rev. 4.

`isic_of` is the sector of a code, and `sector_of` the good of a world that holds this sector.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence

from detente.world.products.catalogue import DATA, products

#: Goods of the world of 11 sectors, by the first letters of the sectors that they hold.
_COARSE = {
    "AGRI_MIN_FOOD": ("A", "B", "C10T12"),
    "MANUF_EXFOOD": ("C",),
    "UTILITIES": ("D", "E"),
}
#: Where services are one good, what is no good of trade stands there.
_SERVICES = "SERVICES"


@functools.cache
def _codes() -> dict[str, str]:
    table = tomllib.loads((DATA / "concordance.toml").read_text(encoding="utf-8"))
    listed = {code: isic for isic, codes in table["sectors"].items() for code in codes}
    return listed | {p.hs: p.isic for p in products().values()}


def isic_of(hs: str) -> str | None:
    """The sector that makes what a code names; None for a code that is none.

    Of a chapter with goods of several sectors it is that of the largest; see the bundled
    concordance.

    Args:
        hs: two to ten digits.

    Example:
        >>> from detente.world.products import isic_of
        >>> isic_of("2709"), isic_of("2710"), isic_of("270112"), isic_of("99")
        ('B06', 'C19', 'B05', None)
    """
    known = _codes()
    return next((known[hs[:n]] for n in range(len(hs), 1, -1) if hs[:n] in known), None)


def sector_of(isic: str, goods: Sequence[str]) -> str | None:
    """The good of a world that holds a sector; None where no good of it does.

    Args:
        isic: a sector of the world of 50 sectors, as `B06`.
        goods: of the world.

    Example:
        >>> from detente.world.products import sector_of
        >>> sector_of("B06", ("AGRI_MIN_FOOD", "MANUF_EXFOOD"))
        'AGRI_MIN_FOOD'
    """
    if isic in goods:
        return isic
    for good, begins in _COARSE.items():
        if good in goods and isic.startswith(begins):
            return good
    if isic[:1] > "C" and _SERVICES in goods:
        return _SERVICES
    return None
