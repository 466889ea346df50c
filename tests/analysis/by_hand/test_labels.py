"""Numbers and lists in words, at the edges where they change."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import pytest

from detente.analysis import labels
from detente.negotiation import words


def test_sizes_at_their_edges() -> None:
    assert [labels.rounded(v) for v in (0, 9.95, 9.949, 0.995, 0.9949, 1.0, -4.7, 1240.4)] == [
        "0", "10", "9.9", "1", "0.99", "1", "4.7", "1,240"
    ]  # fmt: skip
    assert [labels.rounded(v) for v in (0.0994, 0.05, 0.01234, 1e-7, 3.04, 2.0)] == [
        "0.099", "0.050", "0.012", "0.000000", "3", "2"
    ]  # fmt: skip
    assert labels.rounded(-0.5) == "0.50"
    assert [labels.number(v) for v in (None, math.nan, math.inf, 0, -0.4, 1234.5)] == [
        "–", "–", "–", "0", "0", "1,234"
    ]  # fmt: skip
    assert labels.number(1.25, 1, signed=True) == "+1.2"
    assert labels.number(-1.25, 2, signed=True) == "−1.25"


def test_money_at_its_edges() -> None:
    assert [labels.money(v) for v in (0.094, 0.095, -0.0951, 9.96, 31.4, 999.4, 999.5)] == [
        "less than USD 0.1 million", "USD 0.10 million", "USD 0.10 million", "USD 10 million",
        "USD 31 million", "USD 1 billion", "USD 1 billion",
    ]  # fmt: skip
    assert [labels.money(v) for v in (1240, 9994, 9995, 12345)] == [
        "USD 1.2 billion", "USD 10 billion", "USD 10 billion", "USD 12 billion"
    ]  # fmt: skip
    assert labels.money(31.4, (24.04, 40.6)) == "USD 31 million (24 to 41)"
    assert labels.money(-31.4, (-40.6, -24.04)) == "USD 31 million (24 to 41)"
    # An end of the other sign is written with a minus.
    assert labels.money(31.4, (-4.0, 40.6)) == "USD 31 million (−4.0 to 41)"
    assert labels.money(-31.4, (-40.6, 4.0)) == "USD 31 million (−4.0 to 41)"
    assert labels.money(0.0, (0.0, 5.0)) == "USD 0 million (0 to 5.0)"
    assert labels.money(31.4, (31.3, 31.4)) == "USD 31 million"
    assert labels.money(1240, (980, 1510)) == "USD 1.2 billion (0.98 to 1.5)"
    assert labels.money(0.05, (0.01, 0.2)) == "USD 0 million (0 to 0.20)"


def test_figures_with_and_without_bands() -> None:
    assert labels.within(None, labels.rounded) == ""
    assert labels.within((24.0, 40.4), labels.rounded) == " (24 to 40)"
    assert labels.within((0.1, 0.1), labels.rounded) == ""
    assert labels.sized(0.83, (0.66, 1.12)) == "0.83 (0.66 to 1.1)"
    assert labels.sized(-0.83, (-1.12, -0.66), " %") == "0.83 % (0.66 to 1.1)"
    # A band that holds zero is not told beside a size whose sign is said in words.
    assert labels.sized(0.834, (-0.1, 1.0)) == "0.83"
    assert labels.sized(0.834, None, " %") == "0.83 %"
    assert labels.sized(0.834, (0.0, 1.0)) == "0.83 (0 to 1)"
    assert labels.sized(-0.834, (-1.0, 0.0)) == "0.83 (0 to 1)"
    assert labels.sized(3.0, (2.0, 20.0)) == "3 (2 to 20)"


def test_small_words() -> None:
    assert (labels.percent(0.0134), labels.share(0.125), labels.share(0.5)) == (
        "1.3 %", "12 %", "50 %"
    )  # fmt: skip
    assert [labels.scientific(v) for v in (0, 8e-10, 1234.0, 1.25e-5)] == [
        "0", "8.0 × 10⁻¹⁰", "1.2 × 10³", "1.3 × 10⁻⁵"
    ]  # fmt: skip
    assert [labels.listing(x) for x in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "", "a", "a and b", "a, b and c"
    ]  # fmt: skip
    assert [labels.possessive(x) for x in ("Belarus", "the United States", "the Union")] == [
        "Belarus's", "the United States'", "the Union's"
    ]  # fmt: skip
    assert [labels.count(n, "measure") for n in (0, 1, 2, 10, 11, 1200)] == [
        "no measures", "one measure", "two measures", "ten measures", "11 measures",
        "1,200 measures",
    ]  # fmt: skip
    assert labels.count(2, "economy", "economies") == "two economies"
    assert labels.count(3, "") == "three "
    assert labels.short_day(dt.date(2025, 12, 1)) == "1 Dec 2025"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (99.96, "100"), (100.0, "100"), (1234.6, "1,235"), (-7.0, "−7"),
        (0.00012345, "0.000123"), (0.0001, "0.0001"), (0.00001, "1.0e-05"), (12.345, "12.3"),
    ],
)  # fmt: skip
def test_figures_to_three_digits(value: float, text: str) -> None:
    assert words.figure(value) == text
    sign = "+" if value > 0 else ""
    assert words.figure(value, signed=True) == words.signed(value) == sign + text


def test_numbers_of_negotiation_in_words() -> None:
    assert [words.money(v) for v in (0.049, 0.05, -0.05, 99.96, 100, -1234.4)] == [
        "0", "+0.1", "−0.1", "+100.0", "+100", "−1,234"
    ]  # fmt: skip
    assert [words.percent_change(v) for v in (4.9e-6, 5e-6, -0.0123456)] == [
        "0", "+0.001 %", "−1.235 %"
    ]  # fmt: skip
    assert (words.percent(0.1234), words.percent(-0.12, 0), words.percent(0.1, 0, signed=True)) == (
        "12.3 %", "−12 %", "+10 %"
    )  # fmt: skip
    assert (words.points(0.1234), words.points(0.1, 0, signed=False)) == ("+12.3", "10")
    assert [words.general(v) for v in (9999.0, 10000.0, -12345.6, 0.5, 1e15)] == [
        "9999", "10,000", "−12,346", "0.5", "1e+15"
    ]  # fmt: skip
    assert (words.billions(1234.0), words.billions(-2600.0)) == ("1", "−3")
    assert words.between((-3.44, 12.4)) == "−3.4 to +12.0"
    assert words.banded(3.44, (1.0, 12.4)) == "+3.4 (1.0 to 12.0)"
    assert words.banded(3.44, None) == "+3.4"
    assert [words.times(n) for n in (1, 2, 3, 11)] == ["once", "twice", "three times", "11 times"]
    assert [words.plural(n, "package") for n in (0, 1, 1200)] == [
        "0 packages", "1 package", "1,200 packages"
    ]  # fmt: skip
    assert words.plural(2, "economy", "economies") == "2 economies"
    assert [words.number_word(n) for n in (0, 10, 11)] == ["no", "ten", "11"]
    names = list("abcdefgh")
    assert words.some(names[:7]) == "a, b, c, d, e, f and g"
    assert words.some(names) == "a, b, c, d, e, f and 2 others"
    assert words.some(names, 2, "or") == "a, b or 6 others"
    assert words.some(names[:3], 2, "or") == "a, b or c"
    assert words.listed([]) == "nobody"
    assert words.listed([], none="none") == "none"
    assert (words.day(None), words.day(dt.date(2025, 12, 1))) == ("", "1 December 2025")
    assert [words.fixed(v, 1, signed=True) for v in (0.04, -0.04, 0.06, -1.0)] == [
        "0.0", "0.0", "+0.1", "−1.0"
    ]  # fmt: skip
    assert [words.two_digits(v) for v in (444.0, 0.8333, -1234.0)] == [440.0, 0.83, -1200.0]
    assert math.isnan(words.two_digits(math.nan))
    assert [words.significant(v) for v in (0.0949, 0.095, 0.994, 0.996, 9.94, 9.96, 444)] == [
        "0", "0.10", "0.99", "1.0", "9.9", "10", "440"
    ]  # fmt: skip


def test_tables_are_read_by_column() -> None:
    table = words.Table(("a", "b"), ((1, "x"), (2, "y")))
    assert table.column("b") == ("x", "y")
    with pytest.raises(ValueError, match="tuple"):
        table.column("c")


def test_two_digits_are_those_that_the_page_writes():
    kept = Path(__file__).parents[3] / "frontend" / "tests" / "two_digits.json"
    rows = json.loads(kept.read_text("utf-8"))
    assert {9.96, 99.6, 0.0499, -0.04, 0.0} <= {row[0] for row in rows}
    written = [words.digits_beside(v, decimals, signed=signed) for v, decimals, signed, _ in rows]
    assert written == [text for *_, text in rows]
