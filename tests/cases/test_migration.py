"""Cases of schema 1: read as they were meant, and rewritten into the present schema."""

from __future__ import annotations

import shutil

import pytest
from typer.testing import CliRunner

import detente
from detente.cases import CaseError, load_case, read_case
from detente.cases.case_migration import migration_of
from detente.cases.locate import PACKAGED
from detente.cases.migration import migrated
from detente.cli import app


def earlier(text: str) -> str:
    """A case as schema 1 wrote it."""
    for now, before in (
        ("schema: 2\n", "schema: 1\n"),
        ("\nroute_choices:", "\nroutes:"),
        ("\n    routes:\n", "\n    ways:\n"),
        ("origin: BLR, routes: ", "origin: BLR, way: "),
        ("\nnegotiation:", "\ntalks:"),
        ("'* except EU, RUS, CHN'", "{except: [EU, RUS, CHN]}"),
        ("'* except EU, RUS'", "{except: [EU, RUS]}"),
        ("'* except EU, BLR, RUS, KAZ, UKR, CHN'", "{except: [EU, BLR, RUS, KAZ, UKR, CHN]}"),
        ("'* except BLR'", "{except: BLR}"),
        ("'* except FIN_REALESTATE, POTASH'", "{except: [FIN_REALESTATE, POTASH]}"),
    ):
        text = text.replace(now, before)
    return text


@pytest.fixture
def folders(tmp_path):
    """The packaged case of Belarus, and the same as schema 1 wrote it."""
    own = PACKAGED / "belarus"
    old = tmp_path / "belarus"
    shutil.copytree(own, old)
    for path in old.glob("*.yaml"):
        path.write_text(earlier(path.read_text(encoding="utf-8")), encoding="utf-8")
    return own, old


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_a_case_of_schema_1_is_the_same_case_and_told_the_command(folders) -> None:
    own, old = (load_case(folder) for folder in folders)
    assert old.digest == own.digest
    assert old.measures == own.measures
    assert old.negotiation == own.negotiation
    said = "\n".join(old.remarks)
    assert "`detente migrate belarus/case.yaml`" in said
    for now in ("route_choices", "routes", "negotiation"):
        assert f"is called `{now}` now" in said
    assert "is the whole world but EU, BLR, RUS, KAZ, UKR, CHN" in said
    assert not own.remarks


def test_migration_of_a_folder_gives_the_files_of_today_letter_for_letter(folders) -> None:
    own, old = folders
    done = run("migrate", str(old))
    assert done.exit_code == 0, done.output
    assert "Rewritten in schema 2: case.yaml" in done.output
    for path in own.glob("*.yaml"):
        assert (old / path.name).read_text("utf-8") == path.read_text("utf-8")
    again = run("migrate", str(old))
    assert "in schema 2 already" in again.output
    assert load_case(old).digest == load_case(own).digest


def test_comments_order_and_layout_stay(small_text) -> None:
    text = earlier(small_text).replace("schema: 1\n", "# head\nschema:   1   # of before\n")
    text = text.replace("markets: {", "markets:   {").replace(
        "[EU, RUS, CHN]}", "[EU, RUS, CHN]}  #"
    )
    found = migrated(text, "small.yaml")
    assert found.left == ()
    assert found.text.startswith("# head\nschema:   2   # of before\n")
    assert "markets:   '* except EU, RUS, CHN'  #\n" in found.text
    assert len(found.text.splitlines()) == len(text.splitlines())
    keys = {fault.key for fault in found.done}
    assert {"schema", "routes", "measures[0].sets[1].iceberg.market"} <= keys


def test_a_choice_in_blocks_is_rewritten_too() -> None:
    text = (
        "schema: 1\nmeasures:\n  - sets:\n      - embargo:\n          origin: RUS\n"
        "          market:\n            except:\n              - HUN\n              - SVK\n"
        "          goods: '*'\n"
    )
    found = migrated(text, "x.yaml")
    assert "          market: '* except HUN, SVK'\n          goods: '*'\n" in found.text


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (("{except: [EU, RUS, CHN]}", "\n      except:  # why\n        - EU\n"), "", "comment"),
        (("{except: [EU, RUS, CHN]}", "&out {except: [EU, RUS, CHN]}"), "", "anchor"),
        (("talks:", "negotiation: {}\ntalks:"), "talks", "stands there, too"),
    ],
)  # fmt: skip
def test_what_cannot_be_rewritten_is_said_and_nothing_is_written(
    tmp_path, small_text, change, key, words
) -> None:
    path = tmp_path / "small.yaml"
    text = earlier(small_text) + "talks: {moves: [ban], signatories: [EU]}\n"
    assert change[0] in text
    before = text.replace(*change, 1)
    path.write_text(before, encoding="utf-8")
    shutil.copy(PACKAGED / "belarus" / "case.yaml", tmp_path / "other.yaml")
    done = run("migrate", str(path))
    if key == "talks":
        # Both names of one key are a fault of the file itself.
        assert words in done.output or "stands there, too" in str(done.exception or done.output)
    else:
        assert words in done.output
    assert done.exit_code == 1
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: x\n", "schema: is missing"),
        ("schema: 9\n", "is 9, which is not known"),
        ("schema: [1\n", "is not YAML"),
    ],
)
def test_a_file_that_cannot_be_migrated_says_why(tmp_path, text, words) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=words):
        migration_of(path)
    assert path.read_text("utf-8") == text


def test_a_packaged_case_is_not_rewritten() -> None:
    with pytest.raises(CaseError, match="packaged case"):
        migration_of("belarus")


def test_every_command_tells_of_an_earlier_schema(tmp_path, small_text) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(earlier(small_text), encoding="utf-8")
    done = run("check", str(path))
    assert f"`detente migrate {path}`" in done.stderr


def test_a_fault_below_an_earlier_key_stands_under_that_key(folders) -> None:
    _, old = folders
    path = next(p for p in old.glob("*.yaml") if "\n    ways:\n" in p.read_text("utf-8"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("fee: ", "fee: -", 1), encoding="utf-8")
    with pytest.raises(CaseError, match=r"routes\[\d+\]\.ways\[\d+\]\.fee"):
        load_case(old)


@pytest.mark.parametrize(
    ("before", "now"),
    [("talk", "negotiate"), ("Way", "Route"), ("NoTalks", "NoNegotiation"),
     ("TalksError", "NegotiationError")],
)  # fmt: skip
def test_public_names_of_before_work_with_a_warning(before, now) -> None:
    with pytest.warns(DeprecationWarning, match=rf"detente\.{now}"):
        assert getattr(detente, before) is getattr(detente, now)


def test_an_unknown_key_is_still_unknown_and_earlier_ones_are_in_the_present_schema() -> None:
    with pytest.raises(CaseError, match="wayz"):
        read_case("schema: 1\nroute_choices:\n  - wayz: []\n")
    with pytest.raises(CaseError, match="'talks' is not a key here"):
        read_case("schema: 2\ntalks: {}\n")
