"""Numbers and lists in sentences, and the nearest of known names."""

from __future__ import annotations

import numpy as np
import pytest

from detente.negotiation.errors import (
    NegotiationError,
    label_faults,
    near,
    no_number,
    place_of,
    require,
)
from detente.negotiation.words import (
    Table,
    figure,
    fixed,
    listed,
    number_word,
    percent,
    plural,
    some,
    times,
)


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (0.0, "0", "0"),
        (1234.6, "1,235", "+1,235"),
        (100.0, "100", "+100"),
        (99.96, "100", "+100"),
        (-12.345, "−12.3", "−12.3"),
        (1e-4, "0.0001", "+0.0001"),
        (9.9e-5, "9.9e-05", "+9.9e-05"),
    ],
)
def test_figures(value: float, plain: str, signed: str) -> None:
    assert figure(value) == plain
    assert figure(value, signed=True) == signed


def test_fixed_decimals_and_per_cent() -> None:
    assert fixed(-1234.5, 1) == "−1,234.5"
    assert fixed(0.04, 1, signed=True) == "0.0"
    assert fixed(-0.04, 1) == "0.0"
    assert fixed(0.06, 1, signed=True) == "+0.1"
    assert percent(0.1234) == "12.3 %"
    assert percent(-0.5, 0, signed=True) == "−50 %"


def test_lists_and_counts() -> None:
    assert [listed(list("ABC")[:k]) for k in range(4)] == ["nobody", "A", "A and B", "A, B and C"]
    assert listed(["A", "B"], "or") == "A or B"
    assert some(list("ABCDEFG")) == "A, B, C, D, E, F and G"
    assert some(list("ABCDEFGH")) == "A, B, C, D, E, F and 2 others"
    assert some(list("ABCD"), 2, "or") == "A, B or 2 others"
    assert plural(1, "party", "parties") == "1 party"
    assert plural(1200, "party", "parties") == "1,200 parties"
    assert plural(0, "step") == "0 steps"
    assert [number_word(k) for k in (0, 1, 10, 11)] == ["no", "one", "ten", "11"]
    assert [times(k) for k in (0, 1, 2, 3, 10, 11)] == [
        "no times", "once", "twice", "three times", "ten times", "11 times"
    ]  # fmt: skip
    assert Table(("a", "b"), ((1, 2), (3, 4))).column("b") == (2, 4)


def test_the_nearest_names() -> None:
    assert near("Germny", ["France", "Germany"]) == "Did you mean Germany?"
    assert near("GERMANY", ["germany"]) == "Did you mean germany?"
    assert near("xyz", list("ABCDEFGHIJKLM")) == "Known: A, B, C, D, E, F, G, H, I, J, K, L, …."
    assert near("xyz", list("ABCDEFGHIJKL")) == "Known: A, B, C, D, E, F, G, H, I, J, K, L."
    assert place_of("B", ["A", "B"]) == 1
    with pytest.raises(NegotiationError, match=r"'C' is no party\. Known: A, B"):
        place_of("C", ["A", "B"])


def test_faults_are_collected_once_each() -> None:
    require([])
    with pytest.raises(NegotiationError) as raised:
        require(["one", "two", "one"])
    assert raised.value.faults == ("one", "two")
    assert str(raised.value) == "one\ntwo"
    assert NegotiationError("alone").faults == ("alone",)
    assert list(label_faults(["A", "", "", "B", "B"], "party")) == [
        "A party has no name: give each one.",
        "Each party may stand once; more often: B.",
    ]
    assert list(label_faults([], "party")) == ["There is no party: name at least one."]
    assert list(label_faults(["A", "B"], "party")) == []


def test_what_is_no_number_is_found_at_its_place() -> None:
    assert no_number([[1, 2.5], [True, 3]]) is None
    assert no_number(np.zeros((2, 2))) is None
    assert no_number([[1, 2], [3, "x"]]) == ((1, 1), "'x'")
    assert no_number([1, None]) == ((1,), "None")
    assert no_number([[1], [1, 2]]) == ((), "rows of different length")
    assert no_number(np.array([1, 2], dtype=object)) is None
