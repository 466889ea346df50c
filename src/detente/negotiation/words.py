"""Words and plain tables of results: what every answer gives for sentences, files and screens.

`Table` is labelled columns of plain cells. `listed`, `figure`, `percent`, `plural` and the other
functions write lists and numbers inside sentences.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | float | int | bool | None


@dataclass(frozen=True)
class Table:
    """Columns with labels and rows of plain cells.

    Attributes:
        columns: names of the columns.
        rows: one tuple of cells for each row, as long as `columns`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of one column."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)


MINUS = "\u2212"


def listed(names: Sequence[str], last: str = "and", none: str = "nobody") -> str:
    """Names as a list in a sentence: 'A, B and C'; 'nobody' where there is none."""
    if not names:
        return none
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def some(names: Sequence[str], most: int = 6, last: str = "and") -> str:
    """Names as a list, cut after `most` with the count of the rest."""
    if len(names) <= most + 1:
        return listed(names, last)
    return f"{', '.join(names[:most])} {last} {len(names) - most} others"


def figure(value: float, *, signed: bool = False) -> str:
    """A number to three digits or to the unit, with thousands commas and a true minus sign."""
    size = abs(value)
    if size >= 100 or size == 0:
        text = f"{size:,.0f}"
    else:
        text = f"{size:.3g}" if size >= 1e-4 else f"{size:.1e}"
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return sign + text


def signed(value: float) -> str:
    """A number with its sign, as `figure` writes it."""
    return figure(value, signed=True)


def two_digits(value: float) -> float:
    """A number to two significant digits, as it stands beside a band: 444 is 440, 0.833 is 0.83."""
    return float(f"{value:.1e}") if math.isfinite(value) else value


def significant(value: float) -> str:
    """A number with two significant digits, 440, 4.0 or 0.40; what is below 0.095 is 0."""
    value, size = two_digits(value), abs(value)
    if size < 0.095:
        return "0"
    return fixed(value, 0 if size >= 9.95 else 1 if size >= 0.995 else 2)


def digits_beside(value: float, decimals: int = 1, *, signed: bool = False) -> str:
    """A number of a table that stands beside a band: two digits, and no more decimals than given.

    Args:
        value: the number.
        decimals: the most digits after the point; one is allowed in any case.
        signed: whether a gain has a plus.

    Example:
        >>> from detente.negotiation.words import digits_beside
        >>> digits_beside(443.9), digits_beside(2.47), digits_beside(0.124), digits_beside(-0.03)
        ('440', '2.5', '0.1', '0')
    """
    most = max(decimals, 1)
    if not math.isfinite(value) or abs(value) < 0.5 * 10**-most:
        return "0"
    needed = max(1 - math.floor(math.log10(abs(two_digits(value)))), 0)
    if needed > most:
        return fixed(value, most, signed=signed)
    return fixed(two_digits(value), needed, signed=signed)


def beside(
    value: float,
    band: Sequence[float] | None,
    write: Callable[[float], str] = figure,
) -> str:
    """A figure with its band, all to two digits: '440 (360 to 600)'; as it is without a band.

    Args:
        value: the figure.
        band: its ends; None where there is none.
        write: writes a number.
    """
    if band is None or band[0] == band[1]:
        return write(value)
    text, *ends = (write(two_digits(v)) for v in (value, *band))
    low, high = (end.removeprefix("+") for end in ends)
    return f"{text} ({low} to {high})" if low != high else write(value)


def fixed(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with so many decimals, thousands commas and a true minus sign; zero has no sign."""
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0.,"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def percent(fraction: float, decimals: int = 1, *, signed: bool = False) -> str:
    """A fraction in per cent."""
    return f"{fixed(100 * fraction, decimals, signed=signed)} %"


def percent_change(fraction: float) -> str:
    """A change in per cent with a sign and three decimals."""
    return "0" if abs(fraction) < 5e-6 else percent(fraction, 3, signed=True)


def money(value: float) -> str:
    """USD million with a sign and as many digits as it deserves."""
    if abs(value) < 0.05:
        return "0"
    return fixed(value, 0 if abs(value) >= 100 else 1, signed=True)


def points(fraction: float, decimals: int = 1, *, signed: bool = True) -> str:
    """A fraction in points of a hundred, without a unit."""
    return fixed(100 * fraction, decimals, signed=signed)


def quoted(label: str) -> str:
    """A measure's label inside a sentence: one thing, however many its words name."""
    return f"‘{label}’"


def general(value: float) -> str:
    """A number as it was given: digits as needed, large ones in thousands."""
    text = f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:g}"
    return text.replace("-", MINUS)


def billions(millions: float) -> str:
    """Money in millions, said in billions."""
    return fixed(millions / 1e3)


def between(ends: Sequence[float]) -> str:
    """Both ends of a band of money: '−3.4 to +12'."""
    low, high = (money(two_digits(end)) for end in ends)
    return f"{low} to {high}"


def banded(value: float, band: Sequence[float] | None) -> str:
    """Money with its band in brackets, as far as there is one that is seen."""
    return beside(value, band, money)


def day(date: dt.date | None) -> str:
    """A date as readers write it, '15 December 2025'; nothing without one."""
    return f"{date.day} {date:%B %Y}" if date else ""


def upper_first(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: '1 package', '12 packages'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number_word(count: int) -> str:
    """A count in words up to ten, in figures beyond."""
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def times(count: int) -> str:
    """How often, in words as far as there are short ones: 'once', 'three times', '14 times'."""
    if count in (1, 2):
        return ("once", "twice")[count - 1]
    return f"{number_word(count)} times"


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
