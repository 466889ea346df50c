"""Labels for readers: names of countries and goods, and numbers and lists in words.

`name_of` and `good_name` give UN short names, or those of the data's publisher. `number`, `money`,
`within`, `listing` and the other functions are what sentences are built of.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable

from detente.negotiation import words
from detente.negotiation.words import fixed, listed
from detente.world import names

MINUS, quoted = words.MINUS, words.quoted
general, two_digits, beside = words.general, words.two_digits, words.beside
significant = words.significant
ARTICLE = names.ARTICLE
name_of, in_sentence, spelled = names.name_of, names.in_sentence, names.spelled
label_of = names.label_of
NOTHING = "–"


def number(value: float | int | None, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with thousands commas and a true minus sign; a missing one as a dash."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return fixed(value, decimals, signed=signed)


def rounded(value: float) -> str:
    """A size to two or three digits, as people say it: 31, 4.7, 0.32, 1,240."""
    size = abs(value)
    if size >= 9.95:
        return number(size)
    if size >= 0.995:
        return number(size, 1).removesuffix(".0")
    if size == 0:
        return "0"
    return number(size, min(1 - math.floor(math.log10(size)), 6))


def money(value: float, band: tuple[float, float] | None = None) -> str:
    """A size in USD million as words: 'USD 31 million', 'USD 1.2 billion (0.98 to 1.5)'.

    All numbers have two digits, with a band or without one.

    Args:
        value: of which the size is said; its sign is said by the sentence around it.
        band: its ends, signed as the value is; an end of the other sign is written with a minus.

    Example:
        >>> from detente.analysis.labels import money
        >>> money(-443.9), money(24_300), money(0.03)
        ('USD 440 million', 'USD 24 billion', 'less than USD 0.1 million')
    """
    size = abs(two_digits(value))
    if size < 0.095 and band is None:
        return "less than USD 0.1 million"
    unit, scale = ("billion", 1000.0) if size >= 1000 else ("million", 1.0)

    def said(end: float) -> str:
        return significant(end / scale)

    if band is None:
        return f"USD {said(size).removesuffix('.0')} {unit}"
    text = f"USD {said(size)} {unit}"
    along = [said(end) for end in sorted(end if value >= 0 else -end for end in band)]
    return f"{text} ({along[0]} to {along[1]})" if along[0] != along[1] else text


def cell(value: float) -> str:
    """A gain or loss in USD million in a table, signed, in two digits: '+350', '0'.

    Args:
        value: the gain, below 0 if it is a loss.

    Example:
        >>> from detente.analysis.labels import cell
        >>> cell(353.8), cell(-6426.5), cell(-0.03)
        ('+350', '−6,400', '0')
    """
    return words.digits_beside(value, signed=True)


def within(band: tuple[float, float] | None, size: Callable[[float], str]) -> str:
    """' (24 to 40)' after a figure; nothing without a band, or where its ends read the same.

    Args:
        band: its ends, as signed as the figure is before its sign is said in words.
        size: writes one end.
    """
    if band is None:
        return ""
    ends = [size(two_digits(end)) for end in band]
    return f" ({ends[0]} to {ends[1]})" if ends[0] != ends[1] else ""


def sized(value: float, band: tuple[float, float] | None, unit: str = "") -> str:
    """A size whose sign is said in words, '0.83 % (0.66 to 1.1)'; without a band that holds 0.

    Args:
        value: of which the size is said.
        band: its ends, signed as the value is.
        unit: said after the size.
    """
    if band is None or band[0] * band[1] < 0:
        return f"{rounded(value)}{unit}"
    size, *ends = (two_digits(abs(v)) for v in (value, *band))
    return f"{rounded(size)}{unit}{within((min(ends), max(ends)), rounded)}"


def percent(fraction: float) -> str:
    """A size of a fraction as words: '1.3 %'."""
    return f"{rounded(100 * fraction)} %"


def scientific(value: float) -> str:
    """A number as a power of ten: '8.0 × 10⁻¹⁰'."""
    if value == 0:
        return "0"
    digits, power = f"{value:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} × 10{raised}"


def share(fraction: float) -> str:
    """A share as words, to whole per cent."""
    return f"{number(100 * fraction)} %"


def listing(words: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return listed([*words], none="")


def possessive(prose: str) -> str:
    """'Belarus's', 'the United States'': names with an article are plurals where they end in s."""
    plural = prose.startswith("the ") and prose.endswith("s")
    return f"{prose}'" if plural else f"{prose}'s"


def count(n: int, singular: str, plural: str = "") -> str:
    """'no measure', 'one measure', '12 measures'."""
    noun = singular if n == 1 or not singular else plural or f"{singular}s"
    return f"{words.number_word(n)} {noun}"


#: A text with a capital first letter; a date as readers write it, `15 December 2025`.
sentence, day = words.upper_first, words.day


def short_day(date: dt.date) -> str:
    """A date for a narrow column, `15 Dec 2025`."""
    return f"{date.day} {date:%b} {date.year}"
