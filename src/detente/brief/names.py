"""Names of countries for readers: UN short names, or those of the data's publisher."""

from __future__ import annotations

import re
from collections.abc import Collection

from detente.world.names import all_names, proper_words

#: Names that take an article inside a sentence.
_ARTICLE_CODES = "ARE BHS CAF COD COG DOM GBR GMB KOR MDV MHL NLD PHL SLB USA"
ARTICLE = frozenset(_ARTICLE_CODES.split())

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


def good_name(good: str) -> str:
    """The name of a good for readers, in lower case."""
    return GOODS.get(good, good.replace("_", " ").lower())


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
