"""Names of countries: which code a name stands for, and which words begin with a capital."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

#: Built with the map that the pages draw, so that one list of names serves all.
_FILE = Path(__file__).with_name("data") / "names.json"
#: Other names in use, in lower case; groups by their own name are among them.
_OTHER = {
    "america": "USA",
    "britain": "GBR",
    "czech republic": "CZE",
    "eurasian economic union": "EAEU",
    "european union": "EU",
    "great britain": "GBR",
    "group of seven": "G7",
    "hong kong": "HKG",
    "ivory coast": "CIV",
    "korea": "KOR",
    "macedonia": "MKD",
    "north korea": "PRK",
    "russian federation": "RUS",
    "slovak republic": "SVK",
    "south korea": "KOR",
    "taiwan": "TWN",
    "turkey": "TUR",
    "uae": "ARE",
    "uk": "GBR",
    "united states of america": "USA",
    "us": "USA",
    "vietnam": "VNM",
}
#: Readable names of the goods of the bundled world; another world's goods stand for themselves.
GOODS = {
    "AGRI_MIN_FOOD": "agriculture, mining and food",
    "MANUF_EXFOOD": "manufacturing other than food",
    "TRADE": "wholesale and retail trade",
    "ACCOM_ICT": "accommodation, information and communication",
    "FIN_REALESTATE": "finance and real estate",
    "PROF_ADMIN_PUBADM": "professional and public services",
    "EDU_HEALTH": "education and health",
    "ARTS_OTHER": "arts and other services",
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
    """The name of a good for readers, in lower case."""
    return GOODS.get(good, good.replace("_", " ").lower())
