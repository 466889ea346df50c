"""A sound case: what it reads, resolves and keeps."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from detente.cases import CaseError, case_schema, cases, load_case
from detente.cases.schema import schema_texts
from detente.world import load_world

ROOT = Path(__file__).parents[2]


def test_published_schema_is_up_to_date():
    for path, text in schema_texts().items():
        assert path.read_text(encoding="utf-8") == text, "run python -m detente.cases.schema"
    held = case_schema()
    assert held["properties"]["schema"] == {
        "const": 2,
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
    example = re.search(r"```yaml title=\"example.yaml\"\n(.*?)```", text, re.S)
    assert example is not None
    assert example[1].count("\n") <= 20
    path = tmp_path / "example.yaml"
    path.write_text(example[1], encoding="utf-8")
    assert load_case(path).regime()


def test_packaged_cases_load_by_name():
    assert [c.name for c in cases()] == ["belarus", "elmira", "russia-coalition"]
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
        ("2023-12-31", ["ban", "duty"]),
        ("2024-01-01", ["ban", "duty", "stop"]),
        ("2024-03-02", ["ban", "duty", "stop"]),
        ("2024-03-03", ["duty", "stop"]),
        ("2025-03-02", ["duty", "stop"]),
        (dt.date(2025, 3, 3), ["ban", "duty", "stop"]),
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
    ("2022-02-27", ["us-potash", "us-finance", "eu-potash-2021", "lt-transit"]),
    ("2022-02-28", ["us-potash", "us-finance", "eu-potash-2021", "lt-transit", "ua-border"]),
    (
        "2022-03-03",
        ["us-potash", "us-finance", "eu-potash", "eu-transit", "lt-transit", "ua-border"],
    ),
    (
        "2025-09-10",
        [
            *("us-potash", "us-aviation", "us-finance"),
            *("eu-potash", "eu-transit", "lt-transit", "ua-border", "us-canada-2025"),
        ],
    ),
    (
        "2025-12-14",
        [
            *("us-potash", "us-finance", "eu-potash"),
            *("eu-transit", "lt-transit", "ua-border", "us-canada-2025"),
        ],
    ),
    (
        "2025-12-15",
        ["us-finance", "eu-potash", "eu-transit", "lt-transit", "ua-border", "us-canada-2025"],
    ),
    ("2026-03-25", ["us-finance", "eu-potash", "eu-transit", "lt-transit", "ua-border"]),
    ("2026-03-26", ["eu-potash", "eu-transit", "lt-transit", "ua-border"]),
]


@pytest.mark.parametrize(("day", "ids"), BELARUS)
def test_regime_of_the_belarus_case(day, ids):
    assert [m.id for m in load_case("belarus").regime(day)] == ids


@pytest.mark.parametrize("measure", load_case("belarus").measures, ids=lambda m: m.id)
def test_every_measure_of_the_belarus_case_begins_and_ends_on_its_days(measure):
    day = dt.timedelta(days=1)
    for period in measure.in_force:
        assert measure.in_force_on(period.start)
        assert not measure.in_force_on(period.start - day)
        if period.until is not None:
            assert measure.in_force_on(period.until - day)
            assert not measure.in_force_on(period.until)
    case = load_case("belarus")
    ends = [d for p in measure.in_force for d in (p.start, p.until) if d is not None]
    for end in ends:
        assert (measure in case.in_force(end)) == measure.in_force_on(end)


def test_no_period_of_a_measure_begins_before_the_acts_behind_it():
    measures = [m for n in ("belarus", "russia-coalition") for m in load_case(n).trade_measures]
    for measure in measures:
        assert measure.in_force[0].start >= min(act.date for act in measure.acts)


def test_belarus_names_a_source_or_an_estimate_beside_every_number():
    case = load_case("belarus")
    assert all(m.acts and m.source.startswith("https://") for m in case.trade_measures)
    assert all(p.range is not None and p.note for p in case.parameters.values())
    assert all(p.is_estimate or "http" in p.source for p in case.parameters.values())
    used = "\n".join(path.read_text(encoding="utf-8") for path in case.files)
    assert [p for p in case.parameters if len(re.findall(rf": {p}\b", used)) == 0] == []


def test_numbers_and_names_resolve(write):
    case = load_case(write())
    assert case.value("price") == case.number("price") == 241
    assert case.number(0.5) == 0.5
    assert case.users("POTASH") == {"AGRI_MIN_FOOD": 0.9, "MANUF_EXFOOD": pytest.approx(0.1)}
    iceberg = case.measure("ban").sets[1].iceberg
    assert iceberg is not None
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
    assert load_case(write(small_text + "# a remark\n")).digest == first
    assert load_case(write(small_text.replace("of everything", "of each"))).digest != first
    assert load_case(write(small_text, flows_text + "DEU,USA,1,export,\n")).digest != first


@pytest.mark.parametrize(
    ("day", "room"),
    [
        ("2021-12-31", 8),
        ("2022-01-01", 2),
        ("2022-12-31", 2),
        (dt.date(2023, 1, 1), 8),
        ("2030-01-01", 8),
        (None, 8),
    ],
)
def test_a_parameter_by_date_holds_from_its_first_day_on(write, day, room):
    case = load_case(write())
    assert case.value("room", day) == case.number("room", day) == room
    assert case.value("leak", day) == 0.02
    # What is asked for is the value of the case's date; other days keep their proportion to it.
    other = case.with_parameters({"room": 4}).with_parameters({"room": 16})
    assert other.value("room", day) == 2 * room
    assert other.changes == {"room": 16}
    assert case.value("room", day) == room


def test_a_leakage_of_other_days_is_cut_to_the_whole_and_comes_back():
    case = load_case("belarus")
    name, past = "eu_potash_leakage", "2022-03-10"
    now, then = case.value(name), case.value(name, past)
    assert then > 2 * now
    for asked in (0.6, 1.0):
        other = case.with_parameters({name: asked})
        assert (other.value(name), other.value(name, past)) == (asked, 1.0)
        again = other.with_parameters({name: 2 * now})
        assert again.value(name, past) == pytest.approx(2 * then)
    with pytest.raises(CaseError, match="between 0 and 1"):
        case.with_parameters({name: 1.2})


def test_other_flows_of_the_same_commodity(write, flows_text):
    path = write()
    (path.parent / "other.csv").write_text(flows_text.replace("7000000", "9000000"))
    case = load_case(path)
    other = case.with_flows("POTASH", "other.csv")
    assert {f.quantity for f in other.flows("POTASH")} - {
        f.quantity for f in case.flows("POTASH")
    } == {9_000_000}
    assert other.digest != case.digest
    assert other.commodity("POTASH").flows == "other.csv"
    (path.parent / "bad.csv").write_text(flows_text.replace("CAN", "CNA"))
    with pytest.raises(CaseError, match="'CNA' is not a country"):
        case.with_flows("POTASH", "bad.csv")
    with pytest.raises(CaseError, match="Did you mean potash-2020"):
        case.with_flows("POTASH", "potash-2002")
    (path.parent / "latin.csv").write_bytes(b"\xff" + flows_text.encode())
    with pytest.raises(CaseError, match="Save it as a UTF-8 csv"):
        case.with_flows("POTASH", "latin.csv")


def test_a_case_does_not_change(write):
    case = load_case(write())
    with pytest.raises(ValueError, match="frozen"):
        case.title = "Another"
