"""Names of countries: which code a name stands for, and which words begin with a capital."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from detente.world.sectors import all_sectors

#: The bundled world of whoever names none, and of new cases.
DEFAULT_WORLD = "oecd-2022"
#: Built with the map that the pages draw, so that one list of names serves all.
_FILE = Path(__file__).with_name("data") / "names.json"
#: Other names in use, in lower case; groups by their own name are among them.
_OTHER = {
    "america": "USA",
    "association of southeast asian nations": "ASEAN",
    "britain": "GBR",
    "czech republic": "CZE",
    "eurasian economic union": "EAEU",
    "european union": "EU",
    "great britain": "GBR",
    "group of seven": "G7",
    "gulf cooperation council": "GCC",
    "hong kong": "HKG",
    "ivory coast": "CIV",
    "korea": "KOR",
    "macedonia": "MKD",
    "north korea": "PRK",
    "russian federation": "RUS",
    "slovak republic": "SVK",
    "south korea": "KOR",
    "southern common market": "Mercosur",
    "taiwan": "TWN",
    "turkey": "TUR",
    "uae": "ARE",
    "uk": "GBR",
    "united states of america": "USA",
    "us": "USA",
    "vietnam": "VNM",
}
_ADJECTIVES = (
    "african american arab argentine asian australian austrian baltic belarusian belavia belgian "
    "brazilian british bulgarian canadian chilean chinese croatian cypriot czech danish dutch "
    "estonian european finnish french georgian german greek hungarian icelandic indian indonesian "
    "iranian iraqi irish israeli italian japanese kazakh klaipeda korean latvian lithuanian "
    "maltese mexican moroccan murmansk norwegian pakistani persian peruvian polish portuguese "
    "romanian russian saudi serbian slovak slovenian spanish swedish swiss syrian thai tunisian "
    "turkish ukrainian uzbek venezuelan vietnamese"
)


@cache
def all_names() -> dict[str, str]:
    """Every short name by ISO3 code, and that of `ROW`."""
    names: dict[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))
    return names


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in all_names().items()} | _OTHER


def code_of(text: str) -> str | None:
    """The code of a country or group that is written by name or in small letters, or None.

    Example:
        >>> from detente.world.names import code_of
        >>> code_of("Hungary"), code_of("the Netherlands"), code_of("hun"), code_of("Narnia")
        ('HUN', 'NLD', 'HUN', None)
    """
    plain = " ".join(str(text).split()).casefold()
    found = _codes().get(plain) or _codes().get(plain.removeprefix("the "))
    return found or (plain.upper() if plain.upper() in all_names() else None)


@cache
def proper_words() -> frozenset[str]:
    """Words that begin with a capital wherever they stand, in lower case."""
    names = frozenset(name.lower() for name in (*all_names().values(), *_OTHER) if " " not in name)
    return names.union(_ADJECTIVES.split())


@cache
def _long_names() -> tuple[str, ...]:
    """Names of several words, as far as they do not begin with an article."""
    return tuple(n for n in all_names().values() if " " in n and n != all_names()["ROW"])


def lower_first(text: str) -> str:
    """A label inside a sentence: an abbreviation, a name or its adjective keeps its capital.

    Example:
        >>> from detente.world.names import lower_first
        >>> lower_first("EU import ban"), lower_first("Lithuanian stop"), lower_first("A ban")
        ('EU import ban', 'Lithuanian stop', 'a ban')
    """
    first = text.split(" ", 1)[0].strip("‘’'\"(),.:;")
    stem = first.split("-", 1)[0].split("’", 1)[0].split("'", 1)[0]
    abbreviated = sum(letter.isupper() for letter in stem) > 1 or any(c.isdigit() for c in stem)
    if abbreviated or stem.lower() in proper_words() or text.startswith(_long_names()):
        return text
    return text[:1].lower() + text[1:]


def good_name(good: str) -> str:
    """The name of a good for readers, in lower case; one that is not on file stands for itself."""
    sector = all_sectors().get(good)
    return sector.name if sector else good.replace("_", " ").lower()


#: Names that take an article inside a sentence.
_ARTICLE_CODES = "ARE BHS CAF COD COG DOM GBR GMB KOR MDV MHL NLD PHL SLB USA"
ARTICLE = frozenset(_ARTICLE_CODES.split())


def name_of(code: str) -> str:
    """The short name of an ISO3 code; an unknown code stands for itself."""
    return all_names().get(code, code)


def in_sentence(code: str) -> str:
    """The name as it stands inside a sentence: 'the United States'."""
    name = name_of(code)
    if code == "ROW":
        return "the rest of the world"
    return f"the {name}" if code in ARTICLE else name


def spelled(text: str, codes: Collection[str]) -> str:
    """A text with some countries by name instead of by code.

    Args:
        text: a sentence.
        codes: ISO3 codes of the countries to name; other words of three capitals stay.
    """
    return re.sub(r"\b[A-Z]{3}\b", lambda m: in_sentence(m[0]) if m[0] in codes else m[0], text)


_CODES = (
    "ae ar au bg br ca ch cn cy cz de dk dz ee eg es eu eur fi fr gb gbp gdp ge gr hk hr hs hu ie "
    "il ir jp kg kp kr kz lng lt lu lv ly md mx nl nz oecd om pk pl pt qa ro rs ru sa se sg si sk "
    "swift sy th tj tm tn tr tw ua uk un us usd uz ve vn wto za"
)
_ENGLISH = "and are ben can cod fin guy mar pan per sen som ton tun"
#: Abbreviations, and codes of countries and groups that are no English words (as `by` and `is`).
_CAPITALS = frozenset(_CODES.split())
#: ISO3 codes that are words.
_WORDS = frozenset(_ENGLISH.split())


def label_of(parameter: str) -> str:
    """A parameter's name for readers, as inside a sentence: `lt_transit_fee` is LT transit fee."""
    dotted = parameter.replace("horizon.", "horizon: ")
    return " ".join(_cased(word) for word in dotted.replace("_", " ").split())


def _cased(word: str) -> str:
    low = word.lower()
    if low in _CAPITALS or (low not in _WORDS and low.upper() in all_names()):
        return word.upper()
    return word[:1].upper() + word[1:] if low in proper_words() else word
