"""Countries as customs files write them: which ISO3 code stands behind a number, code or name.

`codes_of` translates every code of a column at once. Totals, continents and unions are no
countries: they are left out, so that nothing counts twice.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

from detente.world.errors import WorldFileError
from detente.world.names import all_names, code_of

Written = Literal["number", "iso2", "iso3", "name"]

#: Marks what is no country: a total, a continent or a union.
TOTAL = ""
#: Codes of three letters that publishers use beside ISO 3166, or used before. S19 and OAS are
#: "Other Asia, not elsewhere specified", which for goods is Taiwan.
_ISO3 = {
    "S19": "TWN",
    "OAS": "TWN",
    "ROM": "ROU",
    "ZAR": "COD",
    "TMP": "TLS",
    "MNT": "MNE",
    "SUD": "SDN",
    "XKX": "XKX",
    "KSV": "XKX",
}
_TOTALS_ISO3 = frozenset(["W00", "WLD", "EUN", "EU27", "ALL", "_X", "X1", "XX", "X2"])
#: Numbers of UN Comtrade that differ from those of ISO 3166. 490 is "Other Asia, not elsewhere
#: specified"; 711 is the Southern African Customs Union, 58 Belgium with Luxembourg, to 1998.
_NUMBERS = {
    "58": "BEL",
    "251": "FRA",
    "490": "TWN",
    "579": "NOR",
    "699": "IND",
    "711": "ZAF",
    "736": "SDN",
    "757": "CHE",
    "842": "USA",
}
#: Codes of two letters of Eurostat that differ from those of ISO 3166.
_ISO2 = {"EL": "GRC", "UK": "GBR", "XI": "GBR", "XU": "GBR", "XK": "XKX", "XS": "SRB"}
#: Names of the US Census and of WITS that the list of names does not have.
_NAMES = {
    "burma": "MMR",
    "burma (myanmar)": "MMR",
    "cape verde": "CPV",
    "congo (brazzaville)": "COG",
    "congo (kinshasa)": "COD",
    "cote d'ivoire": "CIV",
    "côte d'ivoire": "CIV",
    "eswatini": "SWZ",
    "federal republic of germany": "DEU",
    "germany (federal republic of germany)": "DEU",
    "iran": "IRN",
    "korea, north": "PRK",
    "korea, south": "KOR",
    "laos (lao people's democratic republic)": "LAO",
    "macau": "MAC",
    "moldova": "MDA",
    "moldova (republic of moldova)": "MDA",
    "other asia, nes": "TWN",
    "syria": "SYR",
    "syria (syrian arab republic)": "SYR",
    "taiwan, china": "TWN",
    "tanzania": "TZA",
    "tanzania (united republic of tanzania)": "TZA",
    "venezuela": "VEN",
    "vietnam": "VNM",
    "yemen (republic of yemen)": "YEM",
}
_UNIONS = (
    "africa|all countries|apec|asean|asia|australia and oceania|cacm|cafta-dr|caricom|"
    "central america|euro area|europe|european union|european union - 27|lafta|nafta|nato|"
    "north america|oecd|opec|pacific rim countries|south america|south/central america|"
    "sub saharan africa|total for all countries|twenty latin american republics|usmca|"
    "usmca (nafta)|world|world total"
)
_TOTALS_NAMED = frozenset(_UNIONS.split("|"))
#: Headings of CEPII's list of countries, by edition: the number, and the code of three letters.
_LIST_NUMBER = ("country_code", "code", "i")
_LIST_ISO3 = ("country_iso3", "iso_3digit_alpha", "iso3", "iso_3")


def codes_of(
    written: Iterable[str], how: Written, listed: Mapping[str, str] | None = None
) -> dict[str, str | None]:
    """The ISO3 code of each country as written.

    Args:
        written: distinct cells of a column.
        how: whether they are numbers, codes of two or three letters, or names.
        listed: codes by number from a list that came with the file; they go before those here.

    Returns:
        dict: by cell, its ISO3 code; `TOTAL` for what is no country; None for what nobody knows.

    Example:
        >>> from detente.world.customs.codes import codes_of
        >>> codes_of(["842", "490", "9999"], "number")
        {'842': 'USA', '490': 'TWN', '9999': None}
        >>> codes_of(["KOREA, SOUTH", "World Total"], "name")
        {'KOREA, SOUTH': 'KOR', 'World Total': ''}
    """
    known: dict[Written, Callable[[str], str | None]] = {
        "number": lambda text: _by_number(text, listed or {}),
        "iso2": _by_iso2,
        "iso3": _by_iso3,
        "name": _by_name,
    }
    return {text: known[how](text) for text in written}


def read_code_list(path: Path) -> dict[str, str]:
    """CEPII's list of countries (`country_codes_V….csv`): ISO3 codes by number.

    Raises:
        WorldFileError: if it is no such list, with what it should have.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is not a text of commas"
        raise WorldFileError(
            f"{path}: the list of countries cannot be read ({reason}).", _GIVE_LIST
        ) from error
    heads = set(rows[0]) if rows else set()
    number = next((h for h in _LIST_NUMBER if h in heads), None)
    iso3 = next((h for h in _LIST_ISO3 if h in heads), None)
    if number is None or iso3 is None:
        raise WorldFileError(
            f"{path.name}:1: not a list of countries with the columns country_code and "
            "country_iso3.",
            _GIVE_LIST,
        )
    out = {}
    for row in rows:
        code, letters = (row[number] or "").strip().lstrip("0"), (row[iso3] or "").strip()
        if code and letters:
            out[code] = _ISO3.get(letters, letters)
    return out


_GIVE_LIST = "Give the country_codes file that CEPII publishes in the same archive."


def _by_number(text: str, listed: Mapping[str, str]) -> str | None:
    plain = text.strip().lstrip("0")
    if not plain:
        return TOTAL
    return listed.get(plain) or _NUMBERS.get(plain) or _iso().get(plain.zfill(3))


def _by_iso2(text: str) -> str | None:
    plain = text.strip().upper()
    if len(plain) != 2:
        return TOTAL if plain else None
    # Q and its neighbours stand for stores, high seas and secret partners, EU for the union.
    if plain == "EU" or (plain[0] == "Q" and plain != "QA"):
        return TOTAL
    return _ISO2.get(plain) or _iso().get(plain)


def _by_iso3(text: str) -> str | None:
    plain = text.strip().upper()
    if plain in _TOTALS_ISO3 or (len(plain) == 3 and plain[0] in "_X" and plain not in _ISO3):
        return TOTAL
    return _ISO3.get(plain) or (plain if plain in _iso() or plain in all_names() else None)


def _by_name(text: str) -> str | None:
    plain = " ".join(text.split()).casefold()
    if plain in _TOTALS_NAMED:
        return TOTAL
    return _NAMES.get(plain) or code_of(plain)


@functools.cache
def _iso() -> dict[str, str]:
    """ISO3 codes by the number, the two letters and the three letters of ISO 3166."""
    import iso3166

    return {
        key: country.alpha3
        for country in iso3166.countries
        for key in (country.numeric, country.alpha2, country.alpha3)
    }
