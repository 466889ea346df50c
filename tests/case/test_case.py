"""A sound case: what it reads, resolves and keeps."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from detente.case import CaseError, case_schema, cases, load_case
from detente.world import load_world

ROOT = Path(__file__).parents[2]


def test_published_schema_is_up_to_date():
    published = ROOT / "src/detente/case/case.schema.json"
    held = json.loads(published.read_text(encoding="utf-8"))
    assert held == case_schema(), "run python -m detente.case.publish"
    assert held["properties"]["schema"] == {
        "const": 1,
        "description": "The version of this layout.",
        "title": "Schema",
        "type": "integer",
    }
    assert all(d.get("additionalProperties") is False for d in held["$defs"].values())


def test_every_key_of_the_layout_is_documented():
    text = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    schema = case_schema()
    keys = {k for d in (schema, *schema["$defs"].values()) for k in d["properties"]}
    assert [k for k in sorted(keys) if f"`{k}`" not in text] == []


def test_the_documented_example_is_a_case(tmp_path):
    text = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.S)
    assert example is not None
    assert example[1].count("\n") <= 20
    path = tmp_path / "example.yaml"
    path.write_text(example[1], encoding="utf-8")
    assert load_case(path).regime()


def test_packaged_cases_load_by_name():
    assert [c.name for c in cases()] == ["belarus"]
    for summary in cases():
        case = load_case(summary.name)
        assert (case.name, case.title, case.summary) == (
            summary.name,
            summary.title,
            summary.summary,
        )


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        ("2021-12-31", []),
        ("2022-01-01", ["duty"]),
        ("2022-03-02", ["duty"]),
        ("2022-03-03", ["ban", "duty"]),
        ("2024-03-02", ["ban", "duty"]),
        ("2024-03-03", ["duty"]),
        ("2025-03-02", ["duty"]),
        (dt.date(2025, 3, 3), ["ban", "duty"]),
        (None, ["ban", "duty"]),
    ],
)
def test_regime_counts_the_first_day_and_not_the_day_after_the_last(write, day, ids):
    assert [m.id for m in load_case(write()).regime(day)] == ids


BELARUS = [
    ("2021-06-24", []),
    ("2021-06-25", ["eu-potash-2021"]),
    ("2021-12-08", ["us-potash", "us-finance", "eu-potash-2021"]),
    ("2022-02-01", ["us-potash", "us-finance", "eu-potash-2021", "lt-transit"]),
    ("2022-03-03", ["us-potash", "us-finance", "eu-potash", "eu-transit", "lt-transit"]),
    (
        "2025-09-10",
        [
            *("us-potash", "us-aviation", "us-finance"),
            *("eu-potash", "eu-transit", "lt-transit", "us-canada-2025"),
        ],
    ),
    (
        "2025-12-14",
        ["us-potash", "us-finance", "eu-potash", "eu-transit", "lt-transit", "us-canada-2025"],
    ),
    ("2025-12-15", ["us-finance", "eu-potash", "eu-transit", "lt-transit", "us-canada-2025"]),
    ("2026-03-19", ["eu-potash", "eu-transit", "lt-transit"]),
]


@pytest.mark.parametrize(("day", "ids"), BELARUS)
def test_regime_of_the_belarus_case(day, ids):
    assert [m.id for m in load_case("belarus").regime(day)] == ids


def test_belarus_names_a_source_or_an_estimate_beside_every_number():
    case = load_case("belarus")
    assert all(m.acts and m.source.startswith("https://") for m in case.measures)
    assert all(p.range is not None and p.note for p in case.parameters.values())
    assert all(p.is_estimate or "http" in p.source for p in case.parameters.values())
    used = (ROOT / "src/detente/case/cases/belarus.yaml").read_text(encoding="utf-8")
    assert [p for p in case.parameters if len(re.findall(rf": {p}\b", used)) == 0] == []


def test_numbers_and_names_resolve(write):
    case = load_case(write())
    assert case.value("price") == case.number("price") == 241
    assert case.number(0.5) == 0.5
    assert case.users("POTASH") == {"AGRI_MIN_FOOD": 0.9, "MANUF_EXFOOD": pytest.approx(0.1)}
    iceberg = case.measure("ban").sets[1].iceberg
    assert iceberg is not None
    assert iceberg.lock == "port"
    assert case.iceberg_factor(iceberg, "POTASH") == 1 + 25 / 241
    assert case.measure("ban").sets[0].kind == "embargo"
    assert case.commodity("POTASH").hs == "3104"
    with pytest.raises(CaseError, match=r"no parameter 'pric'. Did you mean price?"):
        case.value("pric")
    with pytest.raises(CaseError, match=r"no measure 'bann'. Did you mean ban?"):
        case.measure("bann")
    with pytest.raises(CaseError, match=r"no party 'USA'. Did you mean US?"):
        case.party("USA")


def test_other_parameters_give_another_case(write):
    case = load_case(write())
    other = case.with_parameters({"price": 300, "share": 0.5}).with_parameters({"share": 0.6})
    assert (case.value("price"), case.changes) == (241, {})
    assert other.changes == {"price": 300, "share": 0.6}
    assert other.users("POTASH")["MANUF_EXFOOD"] == pytest.approx(0.4)
    assert other.parameters["price"].source == "World Bank"
    assert (other.digest, other.flows("POTASH")) == (case.digest, case.flows("POTASH"))
    with pytest.raises(CaseError, match=r"Did you mean price?"):
        case.with_parameters({"prise": 1})
    with pytest.raises(CaseError, match="between 0 and 1"):
        case.with_parameters({"leak": 1.5})
    with pytest.raises(CaseError, match="nan"):
        case.with_parameters({"leak": float("nan")})


def test_countries_are_chosen_with_groups_of_the_day(write):
    case, world = load_case(write()), load_world("oecd-2020")
    assert case.members("US", world) == ("USA",)
    assert "GBR" in case.members("EU", world, "2020-01-31")
    assert "GBR" not in case.members("EU", world, "2023-01-01")
    iceberg = case.measure("ban").sets[1].iceberg
    assert iceberg is not None
    chosen = case.countries(iceberg.market, world)
    assert {"USA", "GBR", "BLR"} <= set(chosen)
    assert not {"RUS", "DEU"} & set(chosen)
    assert str(iceberg.market) == "all but EU, RUS"
    tariff = case.measure("duty").sets[0].tariff
    assert tariff is not None
    assert tariff.goods.goods((*world.goods, "POTASH")) == ("MANUF_EXFOOD", "POTASH")


def test_flows_with_overrides(write):
    case = load_case(write())
    flows = {(f.origin, f.market): f for f in case.flows("POTASH")}
    assert flows["BLR", "USA"].quantity == 670_000
    assert flows["BLR", "USA"].note == "customs"
    assert flows["BLR", "BLR"].note == "a note, quoted"
    tonnes = case.quantity_ni("POTASH", ("USA", "BLR", "CAN", "DEU"))
    assert tonnes[0, 1] == 670_000
    assert tonnes.sum() == 670_000 + 200_000 + 7_000_000 + 1_000_000 + 700_000


def test_digest_follows_file_and_flows(write, small_text, flows_text):
    first = load_case(write()).digest
    assert load_case(write()).digest == first
    assert len(first) == 64
    assert load_case(write(small_text + "# a remark\n")).digest != first
    assert load_case(write(small_text, flows_text + "DEU,USA,1,export,\n")).digest != first


def test_a_case_does_not_change(write):
    case = load_case(write())
    with pytest.raises(ValueError, match="frozen"):
        case.title = "Another"
