"""Files of thousands of keys are refused at once, by ten of them and a count."""

from __future__ import annotations

import json
import time

import pytest

from detente._near import did_you_mean
from detente.cases import CaseError, load_case, read_case, read_files
from detente.cases.yaml_source import MOST_ITEMS, MOST_KEYS, NAMED, crowd_faults

MANY = 24_000
CROWDS = {
    "block": "".join(f"key{k}: 1\n" for k in range(MANY)),
    "quoted": "".join(f'"key{k}": 1\n' for k in range(MANY)),
    "flow": "{" + ", ".join(f"key{k}: 1" for k in range(MANY)) + "}",
    "json": json.dumps({f"key{k}": 1 for k in range(MANY)}),
    "nested": "schema: 2\nnegotiation:\n" + "".join(f"  key{k}: 1\n" for k in range(MANY)),
    "in a row": "schema: 2\nmeasures:\n" + "".join(f"- {{key{k}: 1}}\n" for k in range(MANY)),
}


@pytest.mark.parametrize("name", CROWDS)
def test_a_crowd_of_unknown_keys_is_refused_within_a_second(name: str) -> None:
    read_case_is_loaded()
    begun = time.process_time()
    with pytest.raises(CaseError) as caught:
        read_case(CROWDS[name])
    assert time.process_time() - begun < 1
    faults = caught.value.faults
    assert len(faults) == NAMED + 1
    (count,) = (f for f in faults if not f.key)
    assert f"{MANY:,} keys" in count.message or f"{MANY + 2:,} keys" in count.message
    assert f"first {NAMED}" in count.message
    first = next(f for f in faults if f.key == "key0")
    assert "'key0' is not a key of a case" in first.message
    assert first.line == CROWDS[name][: CROWDS[name].index("key0")].count("\n") + 1


ITEMS = 60_000
LISTS = {
    "block": ("schema: 2\nparties:\n" + "- 1\n" * ITEMS, MOST_ITEMS + 3),
    "block, empty": ("schema: 2\nparties:\n" + "-\n" * ITEMS, MOST_ITEMS + 3),
    "flow": ("schema: 2\nparties: [" + "1," * ITEMS + "]\n", 2),
    "flow, by lines": ("schema: 2\nparties: [" + "1,\n" * ITEMS + "]\n", MOST_ITEMS + 2),
    "json": (json.dumps({"schema": 1, "parties": [1] * ITEMS}), 1),
    "keys without a colon": ("? k\n" * ITEMS, MOST_ITEMS + 1),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_without_end_is_refused_within_a_second(name: str) -> None:
    read_case_is_loaded()
    text, line = LISTS[name]
    begun = time.process_time()
    with pytest.raises(CaseError) as caught:
        read_case(text)
    assert time.process_time() - begun < 1
    (fault,) = caught.value.faults
    assert f"a case may have {MOST_ITEMS:,}" in fault.message
    assert ".csv" in fault.remedy
    assert fault.line == line


def read_case_is_loaded() -> None:
    """What is imported on first use is not part of the time."""
    with pytest.raises(CaseError):
        read_case("schema: 2\n")


def test_many_unknown_keys_of_a_part_are_ten_and_a_count(write, small_text: str) -> None:
    more = ", ".join(f"key{k}: 1" for k in range(50))
    with pytest.raises(CaseError) as caught:
        load_case(write(small_text.replace("id: US, name", f"id: US, {more}, name")))
    keys = [f.key for f in caught.value.faults]
    assert keys == ["parties[0]", *sorted(f"parties[0].key{k}" for k in range(NAMED))]
    assert "has 50 keys that are not known here" in caught.value.faults[0].message


def test_large_cases_are_no_crowds() -> None:
    text = read_files("belarus").one_file()[0]
    assert crowd_faults(text, "x") == []
    parameters = "".join(
        f"  p{k}: {{value: 1, unit: share, date: 2020, source: analyst estimate}}\n"
        for k in range(MOST_KEYS // 6)
    )
    assert crowd_faults(f"schema: 2\nparameters:\n{parameters}", "x") == []
    flow = {"schema": 1, "parameters": {f"p{k}": {"note": "}"} for k in range(500)}}
    assert crowd_faults(json.dumps(flow), "x") == []


def test_a_near_name_is_found_among_many() -> None:
    names = [f"parameter_{k}" for k in range(3000)]
    begun = time.process_time()
    assert did_you_mean("us_potsh", [*names, "us_potash"]) == "Did you mean us_potash?"
    assert did_you_mean("x" * 100_000, names).startswith("Known: ")
    assert time.process_time() - begun < 1
