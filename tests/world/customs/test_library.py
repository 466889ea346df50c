"""The user's own library of customs files: kept, found, replaced and removed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.world import UnknownLabel
from detente.world.customs import (
    CustomsFileError,
    add_data,
    data_folder,
    list_data,
    load_data,
    remove_data,
)
from detente.world.customs.library import DataError
from detente.world.products import commodity

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    monkeypatch.setenv("DETENTE_DATA", str(folder))
    return folder


def test_a_file_is_kept_with_its_publisher_and_hash(write: Write, library: Path) -> None:
    import hashlib

    path = write("baci")
    kept = add_data(path)
    assert kept.name == "baci-hs92-y2021-v202501"
    assert "Etalab" in kept.publisher
    assert kept.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list_data() == (kept,)
    assert load_data(kept.name).height == kept.rows == 4
    path.unlink()
    assert load_data(kept.name)["usd"].sum() == pytest.approx(5_057_750)
    assert remove_data(kept.name) == kept
    assert list_data() == ()
    assert not (library / kept.name).exists()


def test_what_is_there_stays_unless_it_is_replaced_by_a_whole_file(write: Write) -> None:
    first = add_data(write("baci"), "mine")
    with pytest.raises(DataError, match="has mine already"):
        add_data(write("wits"), "mine")
    broken = write("wits", lambda text: text.replace("1100", "much"))
    with pytest.raises(CustomsFileError):
        add_data(broken, "mine", replace=True)
    assert list_data() == (first,)
    assert load_data("mine").height == 4
    assert add_data(write("wits"), "mine", replace=True).layout == "WITS"
    assert load_data("mine").height == 2


def test_names_are_checked(write: Write) -> None:
    add_data(write("baci"), "baci-2021")
    with pytest.raises(DataError, match=r"Did you mean baci-2021\?"):
        remove_data("baci-2012")
    for wrong in ("../up", "A B", "", "x" * 65):
        if wrong:
            with pytest.raises(DataError, match="no name of a dataset"):
                add_data(write("wits"), wrong)
    with pytest.raises(DataError, match="no dataset 'nothing'"):
        load_data("nothing")


def test_a_damaged_dataset_is_told(write: Write, library: Path) -> None:
    add_data(write("baci"), "mine")
    (library / "mine" / "records.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="The flows of mine cannot be read"):
        load_data("mine")
    (library / "mine" / "manifest.json").write_text("{")
    assert list_data() == ()


def test_the_folder_is_that_of_the_system_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, library: Path
) -> None:
    assert data_folder() == library
    monkeypatch.delenv("DETENTE_DATA")
    assert data_folder().name == "detente"


def test_the_commands_add_list_and_remove(write: Write) -> None:
    run = CliRunner()
    assert "Nothing is kept" in run.invoke(app, ["data", "list"]).output
    added = run.invoke(app, ["data", "add", str(write("comext")), "--usd-per-euro", "2"])
    assert added.exit_code == 0
    assert "full202152" in added.output
    assert "Euros were counted as USD 2 each." in added.output
    assert "Eurostat" in run.invoke(app, ["data", "list"]).output
    assert '"name": "full202152"' in run.invoke(app, ["data", "list", "--json"]).output
    assert "Removed full202152" in run.invoke(app, ["data", "remove", "full202152"]).output


def test_a_good_of_the_library_is_traded_like_a_bundled_one(write: Write) -> None:
    add_data(write("comtrade"), "declared")
    trade = commodity("270900", data="declared")
    # Russia declares 1900 t, India 2000 t: the buyer's declaration counts.
    assert trade.flows.rows() == [(2021, "RUS", "IND", 2000.0, 1.1e6, 550.0)]
    assert "UN Comtrade" in trade.source
    add_data(write("baci"), "baci")
    assert commodity("0101", data="baci").product.name == "goods of HS 0101"
    assert commodity("LNG", data="baci").flows["tonnes"].to_list() == [None]
    with pytest.raises(DataError, match="no good with the code 870323"):
        commodity("870323", data="baci")
    with pytest.raises(UnknownLabel, match="--data"):
        commodity("870323")
    shown = CliRunner().invoke(app, ["goods", "crude oil", "--data", "declared"])
    assert shown.exit_code == 0
    assert "dataset declared" in shown.output.replace("\n", " ")
