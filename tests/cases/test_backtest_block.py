"""The blocks `record` and `correlations`: what they name exists, and can hold."""

from __future__ import annotations

import pytest

from detente.cases import CaseError, load_case

BLOCK = """
record:
  exporter: {country: BLR, source: an example}
  buyers: {labels: [US, CHN], source: an example}
  price_market: {country: BRA, source: an example}
  calibration: {last_year: 2022, source: an example}
  parameters_in_view:
    leak: {seen: after none was seen, years: [2023], source: an example}
correlations:
  - {between: [price, leak], rank: 0.5, source: an example}
"""


def test_a_sound_block_is_read(write, small_text):
    case = load_case(write(small_text + BLOCK))
    assert case.record.calibration.last_year == 2022
    assert case.record.rival is None
    assert case.correlations[0].rank == 0.5


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("    leak: {seen", "    leek: {seen", "record.parameters_in_view.leek", "leak"),
        ("exporter: {country: BLR", "exporter: {country: BLX", "record.exporter", "BLR"),
        ("[US, CHN]", "[UX, CHN]", "record.buyers.labels", "UX"),
        ("last_year: 2022", "last_year: soon", "record.calibration.last_year", "integer"),
        ("years: [2023], ", "", "record.parameters_in_view.leak.years", "missing"),
        ("rank: 0.5", "rank: 1.5", "correlations[0].rank", "below 1"),
        ("[price, leak]", "[price, price]", "correlations[0].between", "twice"),
        ("[price, leak]", "[price, leek]", "correlations[0].between", "Did you mean leak"),
    ],
)
def test_a_fault_is_said_where_it_stands(write, small_text, old, new, key, words):
    assert BLOCK.count(old) == 1
    with pytest.raises(CaseError) as caught:
        load_case(write(small_text + BLOCK.replace(old, new)))
    found = [f for f in caught.value.faults if f.key.startswith(key) and words in str(f)]
    assert found, str(caught.value)
    assert all(f.line > small_text.count("\n") for f in found)


CORRECTED = """
  reassigned: {flows: potash-reassigned, origins: potash-origins, words: A rule., source: one}
  output: {contained: {2023: 6380000}, content: 0.6, source: one}
  shortfall: {label: A fall, country: RUS, year: 2022, left: 0.6, words: seen., source: one}
"""


def test_corrections_are_read(write, small_text):
    given = load_case(
        write(small_text + BLOCK.split("correlations", maxsplit=1)[0] + CORRECTED)
    ).record
    assert given.output.contained == {2023: 6380000}
    assert given.shortfall.left == 0.6
    assert given.reassigned.flows == "potash-reassigned"


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("flows: potash-reassigned", "flows: potash-reasigned", "record.reassigned.flows", "Did"),
        ("origins: potash-origins", "origins: potash-origin", "record.reassigned.origins", "Did"),
        ("country: RUS", "country: RUX", "record.shortfall.country", "RUS"),
        ("left: 0.6", "left: 1.2", "record.shortfall.left", "at most 1"),
        ("left: 0.6", "left: lack", "record.shortfall.left", "leak"),
        ("content: 0.6", "content: 0", "record.output.content", "greater than 0"),
        ("{2023: 6380000}", "{soon: 1}", "record.output.contained.soon", "integer"),
    ],
)
def test_a_fault_in_corrections_is_said_where_it_stands(write, small_text, old, new, key, words):
    text = small_text + BLOCK.split("correlations", maxsplit=1)[0] + CORRECTED
    assert text.count(old) == 1
    with pytest.raises(CaseError) as caught:
        load_case(write(text.replace(old, new)))
    found = [f for f in caught.value.faults if f.key.startswith(key) and words in str(f)]
    assert found, str(caught.value)


def test_correlations_must_hold_together(write, small_text):
    more = BLOCK + (
        "  - {between: [price, third], rank: 0.9, source: an example}\n"
        "  - {between: [leak, third], rank: -0.9, source: an example}\n"
    )
    third = "  third: {value: 1, range: [0, 2], unit: '1', date: 2020, source: analyst estimate}\n"
    text = small_text.replace("elasticities:\n", f"{third}elasticities:\n", 1)
    with pytest.raises(CaseError, match="cannot all hold together"):
        load_case(write(text + more))
    twice = BLOCK + "  - {between: [leak, price], rank: 0.4, source: an example}\n"
    with pytest.raises(CaseError, match=r"stand already at correlations\[0\]"):
        load_case(write(small_text + twice))
