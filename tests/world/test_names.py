"""Names of countries in questions, and labels inside sentences."""

from __future__ import annotations

import pytest

from detente.world.names import all_names, code_of, lower_first


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("EU import ban", "EU import ban"),
        ("US-style duty", "US-style duty"),
        ("G7 price cap", "G7 price cap"),
        ("LNG", "LNG"),
        ("Ukrainian closure of the border", "Ukrainian closure of the border"),
        ("Lithuania’s stop", "Lithuania’s stop"),
        ("United States tariff", "United States tariff"),
        ("New Zealand lamb", "New Zealand lamb"),
        ("New ban", "new ban"),
        ("The Netherlands", "the Netherlands"),
        ("Potash", "potash"),
        ("A ban", "a ban"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_the_capitals_of_names(label: str, inside: str) -> None:
    assert lower_first(label) == inside


def test_every_short_name_leads_to_its_code() -> None:
    assert {code: code_of(name) for code, name in all_names().items()} == {
        code: code for code in all_names()
    }
    assert [code_of(x) for x in ("the Netherlands", "South  Korea", "hun", "European Union")] == [
        "NLD",
        "KOR",
        "HUN",
        "EU",
    ]
    assert code_of("Atlantis") is None
