"""A case in a folder: its files are one case, and every fault names its own file."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.cases import (
    CaseError,
    cases,
    episodes,
    is_case,
    load_case,
    locate,
    read_case,
    read_files,
    read_marked,
)
from detente.cases.case_files import MOST_BYTES, MOST_FILES
from detente.cases.tables import bundled_tables
from detente.cases.yaml_source import MOST_KEYS

from .conftest import FLOWS

ROOT = Path(__file__).parents[2]
KEYS = {
    "parts/talks.yaml": ("interests", "valuations", "channels", "events", "negotiation"),
    "claims.yaml": ("claims", "published"),
}


def section(text: str, key: str) -> str:
    found = re.search(rf"(?ms)^{key}:.*?(?=^[a-z]|\Z)", text)
    assert found is not None, key
    return found[0]


@pytest.fixture
def folder(tmp_path, negotiation_text):
    """The small case with a negotiation, in three files and with its table in `data`."""
    place = tmp_path / "small"
    (place / "parts").mkdir(parents=True)
    (place / "data").mkdir()
    (place / "data" / "flows.csv").write_text(FLOWS, encoding="utf-8")
    text = negotiation_text
    for name, keys in KEYS.items():
        taken = [section(text, key) for key in keys]
        for part in taken:
            text = text.replace(part, "")
        (place / name).write_text("# A remark.\n" + "".join(taken), encoding="utf-8")
    include = f"include: [{', '.join(KEYS)}]\n"
    text = text.replace("schema: 2\n", f"schema: 2\n{include}# Of the case.\n")
    (place / "case.yaml").write_text(text, encoding="utf-8")
    return place


def edited(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), encoding="utf-8")


def faults(place: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        load_case(place)
    assert str(caught.value).startswith("small/case.yaml cannot be used: ")
    return [str(fault) for fault in caught.value.faults]


def line_of(file: Path, words: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(k for k, line in enumerate(lines, 1) if words in line)


def test_a_folder_is_the_case_of_its_files(folder, write, negotiation_text):
    single = load_case(write(negotiation_text))
    for place in (folder, str(folder), folder / "case.yaml"):
        case = load_case(place)
        keys = type(case).model_fields.keys() - {"include"}
        assert [k for k in keys if getattr(case, k) != getattr(single, k)] == []
        assert case.flows("POTASH") == single.flows("POTASH")
        assert case.digest == single.digest
    assert case.include == tuple(KEYS)
    assert case.files == (folder / "case.yaml", *(folder / name for name in KEYS))
    assert single.files == (single.path,)


def test_where_a_key_stands_and_what_is_said_of_it_change_no_digest(folder):
    digest = load_case(folder).digest
    claims = folder / "claims.yaml"
    edited(claims, "# A remark.\n", "# Another.\n\n")
    moved = section(claims.read_text(), "published")
    edited(claims, moved, "")
    with (folder / "case.yaml").open("a") as file:
        file.write(moved)
    assert load_case(folder).digest == digest
    edited(folder / "parts/talks.yaml", "step_years: 0.5", "step_years: 0.25")
    assert load_case(folder).digest != digest


def test_faults_of_all_files_come_at_once_each_with_its_own_file(folder):
    edited(folder / "case.yaml", "owner: US\n", "owner: USS\n")
    edited(folder / "parts/talks.yaml", "signatories: [BY, EU]", "signatories: [BY, EUU]")
    edited(folder / "claims.yaml", "commodity: POTASH", "commodity: POTASHES")
    found = faults(folder)
    for name, words, key in (
        ("case.yaml", "owner: USS", "measures[1].owner"),
        ("parts/talks.yaml", "EUU", "negotiation.signatories"),
        ("claims.yaml", "POTASHES", "claims[0].tests[0].commodity"),
    ):
        line = line_of(folder / name, words)
        assert any(f.startswith(f"{name}:{line}: {key}") for f in found), found


def test_a_key_in_two_files_names_both(folder):
    text = "title: Again\npublished: []\n"
    (folder / "parts/talks.yaml").write_text(
        (folder / "parts/talks.yaml").read_text() + text, encoding="utf-8"
    )
    title = line_of(folder / "case.yaml", "title:")
    assert [f for f in faults(folder) if "title" in f] == [
        f"parts/talks.yaml:{line_of(folder / 'parts/talks.yaml', 'title')}: title: stands in "
        f"case.yaml:{title}, too; a key of a case stands in one of its files. "
        "Write both under one of the two."
    ]
    published = line_of(folder / "parts/talks.yaml", "published")
    assert any(
        f.startswith("claims.yaml:") and f"stands in parts/talks.yaml:{published}, too" in f
        for f in faults(folder)
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("claims.yaml", "is not a list of files. Write a list"),
        ("[3]", "is not the name of a file"),
        ("['']", "is not the name of a file"),
        ('["a\\0"]', "is not the name of a file"),
        ("[/etc/passwd]", "'/etc/passwd' is not a path inside the folder"),
        ("['C:part.yaml']", "is not a path inside the folder"),
        ("['parts\\talks.yaml']", "with / between names"),
        ("[../claims.yaml]", "leads out of the folder of case.yaml. Move the file"),
        ("[parts/../claims.yaml]", "leads out of the folder"),
        ("[parts]", "'parts' is not a file"),
        ("[case.yaml]", "'case.yaml' is the case file itself"),
        ("[claims.yaml, ./claims.yaml]", "'./claims.yaml' stands twice"),
        ("[claim.yaml]", "there is no file 'claim.yaml' beside case.yaml. Did you mean claims.y"),
        (f"[{', '.join(f'f{k}.yaml' for k in range(MOST_FILES + 1))}]", "names 21 files"),
        ("[data/flows.csv]", "is not a mapping of keys to values"),
    ],
)
def test_what_cannot_be_included(folder, names, words):
    """One fault where the list stands, and none of those that the missing keys would raise."""
    edited(folder / "case.yaml", f"include: [{', '.join(KEYS)}]", f"include: {names}")
    (fault,) = faults(folder)
    assert words in fault
    if "mapping" not in words:
        assert fault.startswith("case.yaml:2: include"), fault


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path):
    outside = tmp_path / "outside.yaml"
    (folder / "claims.yaml").rename(outside)
    try:
        os.symlink(outside, folder / "claims.yaml")
    except OSError:
        pytest.skip("this system makes no links")
    (fault,) = faults(folder)
    assert "'claims.yaml' leads out of the folder" in fault


def test_only_the_case_file_includes(folder):
    part = folder / "claims.yaml"
    part.write_text("include: [parts/talks.yaml]\n" + part.read_text(), encoding="utf-8")
    (fault,) = faults(folder)
    assert fault == (
        "claims.yaml:1: include: only case.yaml includes files. "
        "Name them under `include` in case.yaml."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"claims: [", "claims.yaml:1: is not YAML"),
        (b"claims:\n  \xff\n", "claims.yaml:2: byte 0xff is not UTF-8"),
        (b"", "claims.yaml:1: is empty"),
        (b"# " + b"x" * MOST_BYTES, "'claims.yaml' has 4,096 KiB; a case may have 4,096 in all"),
    ],
)
def test_a_part_that_cannot_be_read(folder, content, words):
    (folder / "claims.yaml").write_bytes(content)
    (fault,) = faults(folder)
    assert words in fault


def test_files_that_are_no_crowd_alone_are_one_together(folder):
    entries = "".join(f"  p{k}: {{value: 1, unit: x, date: 1, source: y}}\n" for k in range(1500))
    assert 5 * 1500 < MOST_KEYS < 5 * 3000
    (folder / "claims.yaml").write_text(f"parameters:\n{entries}", encoding="utf-8")
    (folder / "parts/talks.yaml").write_text(f"elasticities:\n{entries}", encoding="utf-8")
    (fault,) = faults(folder)
    assert "with all its files, the case has 15," in fault


def test_lists_that_are_no_crowd_alone_are_one_together(folder):
    entries = "".join("  - x\n" for _ in range(12_000))
    (folder / "claims.yaml").write_text(f"claims:\n{entries}", encoding="utf-8")
    (folder / "parts/talks.yaml").write_text(f"events:\n{entries}", encoding="utf-8")
    (fault,) = faults(folder)
    assert "with all its files, the case has 24," in fault


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_random_damage_of_any_file_never_gives_another_error(folder, seed):
    dice = random.Random(seed)
    before = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}
    for path in dice.sample(sorted(before), 2):
        letters = list(before[path])
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(min(len(letters), dice.choice([60, len(letters)])))
            letters[place] = dice.choice(
                ["", "\n", ":", "[", "}", "'", "0", "-", " ", "&", "é", "/"]
            )
        path.write_text("".join(letters), encoding="utf-8")
    with contextlib.suppress(CaseError):
        load_case(folder)
    with contextlib.suppress(CaseError):
        read_files(folder).one_file()
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


def test_a_part_is_no_case(folder):
    with pytest.raises(CaseError) as caught:
        load_case(folder / "claims.yaml")
    assert str(caught.value) == (
        "claims.yaml: is a part of the case in small/case.yaml, not a case. "
        "Name the folder, or case.yaml in it."
    )


def test_a_folder_without_a_case_file_says_what_it_has(folder):
    (folder / "case.yaml").rename(folder / "wine.yaml")
    with pytest.raises(CaseError, match=r"give the path of a file in it: claims.yaml, wine.yaml\."):
        load_case(folder)
    assert load_case(folder / "wine.yaml").name == "small"


def test_text_alone_cannot_include(folder):
    with pytest.raises(CaseError, match=r"one file of a case, which needs parts/talks\.yaml, cl"):
        read_case((folder / "case.yaml").read_text())


def test_all_files_as_one_keep_comments_and_are_the_same_case(folder, flows_text):
    text, marked = read_files(folder).one_file()
    assert text.count("# A remark.") == 2
    assert "# Of the case." in text
    assert "include" not in text
    assert read_marked(text, "x").data == marked.data
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    assert load_case(folder / "one.yaml").digest == load_case(folder).digest


def test_anchors_of_the_same_name_do_not_meet_in_one_file(folder):
    """Each file has its own; the text is then written anew, without comments."""
    edited(folder / "parts/talks.yaml", "unit: person}", "unit: &one person}")
    edited(folder / "claims.yaml", "source: a newspaper", "source: &one a newspaper")
    text, _ = read_files(folder).one_file()
    assert "&one" not in text
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    assert load_case(folder / "one.yaml").digest == load_case(folder).digest


def test_braces_at_the_top_can_be_one_file_too(folder, negotiation_text):
    data = json.loads(json.dumps(read_marked(negotiation_text, "x").data, default=str))
    claims = {key: data.pop(key) for key in ("claims", "published")}
    (folder / "case.yaml").write_text(json.dumps({**data, "include": ["claims.yaml"]}))
    (folder / "claims.yaml").write_text(json.dumps(claims))
    text, _ = read_files(folder).one_file()
    assert read_marked(text, "x").data == {**data, **claims}


def test_a_file_that_was_forgotten_is_remarked(folder):
    assert load_case(folder).remarks == ()
    (folder / "more.yaml").write_text("scenarios: []\n")
    (folder / "other.yaml").write_text("schema: 2\nclaims: []\n")
    (folder / "notes.yaml").write_text("remember: this\n")
    (sentence,) = load_case(folder).remarks
    assert sentence == (
        "case.yaml:1: include: more.yaml holds `scenarios` and is not a part of the case. "
        "Add it under `include` in case.yaml, or move it away."
    )
    (folder / "more.yaml").write_text("talks: {}\n")
    (sentence,) = load_case(folder).remarks
    assert "more.yaml holds `talks`" in sentence


def test_faults_say_which_file_was_forgotten(folder):
    edited(folder / "case.yaml", f"include: [{', '.join(KEYS)}]", "include: [parts/talks.yaml]")
    edited(folder / "case.yaml", "owner: US\n", "owner: USS\n")
    (of_the_case, forgotten) = sorted(faults(folder), key=lambda f: "include" in f)
    assert "there is no party 'USS'" in of_the_case
    assert forgotten.startswith("case.yaml:1: include: claims.yaml holds `claims`")


def test_a_table_that_is_not_there_is_looked_for_in_the_folder(folder):
    (folder / "data" / "flows.csv").rename(folder / "data" / "flow.csv")
    (fault,) = faults(folder)
    assert fault.endswith(
        "there is no table 'flows.csv'. Put the csv beside the case file or into its folder data. "
        "Did you mean flow.csv?"
    )


@pytest.mark.parametrize("name", [c.name for c in cases()])
def test_packaged_cases_are_folders_that_name_themselves(name):
    case = load_case(name)
    assert case.path == locate.PACKAGED / name / "case.yaml"
    assert case.name == name
    assert case.remarks == ()
    assert len(case.files) > 1
    text, _ = read_files(name).one_file()
    assert read_case(text).digest == case.digest
    beside = [p.read_text(encoding="utf-8") for p in case.files]
    assert text.count("\n# ") + 1 == sum(len(re.findall(r"(?m)^# ", t)) for t in beside) - len(
        case.files[1:]
    ), "no comment of the case is lost but those for editors"


def test_tables_of_packaged_cases_have_names_of_their_own():
    found = [p.stem for p in locate.PACKAGED.glob("*/data/*.csv")]
    assert sorted(found) == sorted(bundled_tables())
    assert "potash-2020" in found


def test_an_episode_is_found_by_its_name(tmp_path, monkeypatch, small_text, flows_text):
    place = tmp_path / "episodes" / "winter"
    place.mkdir(parents=True)
    (place / "case.yaml").write_text(
        small_text.replace("schema: 2", "schema: 2\ninclude: [record.yaml]")
    )
    (place / "record.yaml").write_text(RECORD)
    (place / "flows.csv").write_text(flows_text)
    assert episodes() == ()
    monkeypatch.setattr(locate, "EPISODES", tmp_path / "episodes")
    (found,) = episodes()
    assert (found.name, found.title) == ("episodes/winter", "A small case")
    case = load_case("episodes/winter")
    assert case.record.calibration.last_year == 2022
    assert locate.short_name(case.path) == "episodes/winter"
    assert is_case("episodes/winter")
    assert not is_case("episodes/summer")
    with pytest.raises(CaseError, match="Did you mean episodes/winter"):
        load_case("episodes/winte")


RECORD = """\
record:
  exporter: {country: BLR, source: an example}
  buyers: {labels: [US, CHN], source: an example}
  price_market: {country: BRA, source: an example}
  calibration: {last_year: 2022, source: an example}
"""


def schema_1(text: str) -> str:
    return text.replace("schema: 2", "schema: 1")


def test_the_earlier_name_of_the_record_is_read_and_remarked(write, small_text):
    now = load_case(write(small_text + RECORD))
    before = load_case(write(schema_1(small_text) + RECORD.replace("record:", "backtest:")))
    assert before.record == now.record
    assert before.digest == now.digest
    with pytest.warns(DeprecationWarning, match=r"Case\.backtest is called Case\.record now"):
        assert now.backtest == now.record
    for earlier, today in (("talks", "negotiation"), ("routes", "route_choices")):
        with pytest.warns(
            DeprecationWarning, match=rf"Case\.{earlier} is called Case\.{today} now"
        ):
            assert getattr(now, earlier) == getattr(now, today)
    with pytest.warns(DeprecationWarning, match=r"Case\.idle_talks is called"):
        assert now.idle_talks() == now.idle_negotiation()
    line = small_text.count("\n") + 1
    assert now.remarks == ()
    assert before.remarks[1:2] == (
        f"small.yaml:{line}: backtest: is called `record` now. Rename the key.",
    )


def test_a_fault_under_the_earlier_name_stands_under_that_name(write, small_text):
    text = RECORD.replace("record:", "backtest:").replace("country: BLR", "country: BLX")
    with pytest.raises(CaseError) as caught:
        load_case(write(schema_1(small_text) + text))
    (fault,) = caught.value.faults
    assert (fault.key, fault.line) == ("backtest.exporter.country", small_text.count("\n") + 2)


def test_both_names_of_the_record_are_a_fault(write, small_text):
    text = schema_1(small_text) + RECORD + RECORD.replace("record:", "backtest:")
    with pytest.raises(CaseError) as caught:
        load_case(write(text))
    (fault,) = caught.value.faults
    assert fault.key == "backtest"
    assert fault.message == "is the earlier name of `record`, which stands in the case, too."
