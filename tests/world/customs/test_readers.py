"""Files of each publisher, read, read in another order, and damaged."""

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from detente.world import WorldFileError
from detente.world.customs import CustomsFileError, read_customs

Write = Callable[..., Path]
#: What the figures of the files mean: seller, buyer, good, USD, tonnes and who declares.
MEANT = {
    "baci": [
        ("BRA", "USA", "010110", 7e3, 1.5, "both"),
        ("RUS", "DEU", "270900", 4e6, 9e3, "both"),
        ("RUS", "IND", "270900", 1_000_500, 2000.25, "both"),
        ("USA", "TWN", "271111", 50_250, None, "both"),
    ],
    "comtrade": [
        ("RUS", "IND", "270900", 1e6, 1900, "exporter"),
        ("RUS", "IND", "270900", 1.1e6, 2000, "importer"),
    ],
    "comtrade_old": [
        ("RUS", "IND", "270900", 1.1e6, 2000, "importer"),
        ("IND", "TWN", "271111", 77, 3, "exporter"),
    ],
    "wits": [
        ("RUS", "IND", "270900", 1.1e6, 2000, "importer"),
        ("ROU", "TWN", "271111", 77e3, None, "exporter"),
    ],
    "census_online": [
        ("CAN", "USA", "270900", 3000, None, "importer"),
        ("KOR", "USA", "270900", 5, None, "importer"),
    ],
    "census": [
        ("CAN", "USA", "270900", 1000, None, "importer"),
        ("CHN", "USA", "270900", 3, None, "importer"),
    ],
    "comext": [
        ("GRC", "USA", "270900", 60, 0.7, "exporter"),
        ("RUS", "DEU", "270900", 600, 11, "importer"),
    ],
    "comext_sdmx": [
        ("GRC", "USA", "270900", 60, None, "exporter"),
        ("RUS", "DEU", "270900", 600, 11, "importer"),
    ],
}
EURO = {"comext": 2.0, "comext_sdmx": 2.0}


def rows(path: Path, kind: str) -> list[tuple[object, ...]]:
    read = read_customs(path, usd_per_euro=EURO.get(kind))
    columns = ("exporter", "importer", "hs", "usd", "tonnes", "declared_by")
    return read.frame.select(columns).rows()


@pytest.mark.parametrize("kind", MEANT)
def test_each_layout_says_what_its_figures_mean(write: Write, kind: str) -> None:
    found = rows(write(kind), kind)
    assert len(found) == len(MEANT[kind])
    for row, meant in zip(found, MEANT[kind], strict=True):
        assert row == pytest.approx(meant) if None not in meant else row == meant


@pytest.mark.parametrize("kind", [kind for kind in MEANT if kind not in ("census", "comtrade")])
def test_order_of_rows_and_columns_and_the_separator_do_not_matter(write: Write, kind: str) -> None:
    import csv
    import io

    def shuffled(text: str) -> str:
        skip = 2 if kind == "census_online" else 0
        lines = list(csv.reader(io.StringIO(text)))
        head, table = lines[:skip], lines[skip:]
        order = list(range(len(table[0])))
        mixed = random.Random(1)
        mixed.shuffle(order)
        body = table[1:]
        mixed.shuffle(body)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerows([*head, *([line[k] for k in order] for line in [table[0], *body])])
        return out.getvalue()

    assert rows(write(kind, shuffled), kind) == rows(write(kind, name="plain.csv"), kind)


def test_a_list_of_countries_beside_the_file_goes_before_the_numbers_at_hand(
    write: Write, tmp_path: Path
) -> None:
    path = write("baci", lambda text: text.replace("2021,643,276", "2021,643,999"))
    with pytest.raises(CustomsFileError, match=r"V202501.csv:3: '999' is no known country"):
        read_customs(path)
    (tmp_path / "country_codes_V202501.csv").write_text(
        "country_code,country_name,country_iso2,country_iso3\n999,Nowhere,NW,XKX\n"
    )
    assert "XKX" in read_customs(path).frame["importer"].to_list()
    other = tmp_path / "list.csv"
    other.write_text("number,letters\n1,AAA\n")
    with pytest.raises(WorldFileError, match="not a list of countries"):
        read_customs(path, countries=other)


def test_months_are_added_up_and_missing_ones_named(write: Write) -> None:
    read = read_customs(write("census_online"))
    assert "Of 2021 the file has 2 months, not twelve." in read.notes
    mixed = write("census_online", lambda text: text.replace("January 2021", "2021"))
    with pytest.raises(CustomsFileError, match="2021 stands as a whole year and as single months"):
        read_customs(mixed)


def test_what_was_left_out_is_said(write: Write) -> None:
    notes = " ".join(read_customs(write("comtrade")).notes)
    assert "parts of others by motcode: 1." in notes
    assert "neither imports nor exports, as re-exports: 1." in notes
    assert "sums over finer codes: 1." in notes


def test_a_file_in_euros_needs_the_rate(write: Write) -> None:
    with pytest.raises(CustomsFileError, match=r"in euros\. Say what a euro was worth"):
        read_customs(write("comext"))
    with pytest.raises(CustomsFileError, match="usd_per_euro is 90"):
        read_customs(write("comext"), usd_per_euro=90)


DAMAGES: dict[str, tuple[str, Callable[[str], str], str]] = {
    "empty": ("baci", lambda text: " \n", ":1: the file is empty"),
    "no customs file": ("baci", lambda text: "a,b\n1,2\n", "of no known customs file"),
    "a column is gone": (
        "wits",
        lambda text: text.replace("PartnerISO3", "Other"),
        "like that of WITS, but lacks the column partneriso3",
    ),
    "a letter in a value": (
        "baci",
        lambda t: t.replace("4000,", "4O00,"),
        ":3: '4O00' is no value",
    ),
    "a negative value": ("wits", lambda t: t.replace(",1100,", ",-1100,"), ":2: .*negative value"),
    "a value out of all bounds": (
        "baci",
        lambda t: t.replace("4000,", "4e14,"),
        ":3: .*above USD 30,000 billion",
    ),
    "a negative weight": ("baci", lambda t: t.replace("9000", "-9"), ":3: .*negative weight"),
    "a weight in words": ("baci", lambda t: t.replace("9000", "much"), ":3: 'much' is no weight"),
    "a year in words": ("baci", lambda t: t.replace("2021,76", "last,76"), ":5: 'last' is no year"),
    "no code of a good": ("wits", lambda t: t.replace("271111", "gas"), ":4: 'gas' is no code"),
    "a line cut short": ("baci", lambda t: t[: t.index("7,1.5")] + "\n", ":5: is no value"),
    "an unknown country": ("comtrade", lambda t: t.replace("IND", "QQQ"), "'QQQ' is no known"),
    "only totals": (
        "comtrade_old",
        lambda t: "\n".join(t.splitlines()[:1] + t.splitlines()[2:4]),
        "all are totals",
    ),
    "a quotation mark": (
        "census_online",
        lambda t: t.replace('Korea, South"', "Korea"),
        "a quotation mark may not be closed",
    ),
    "JSON cut short": ("census", lambda t: t[:-40], "begins as JSON, but cannot be read"),
    "JSON of other rows": ("census", lambda t: t.replace(',"270900"],', "],", 1), "one length"),
    "no values": (
        "comext_sdmx",
        lambda t: t.replace("VALUE_IN_EUROS", "SUPPLEMENT"),
        "no row is a value",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_with_its_place(write: Write, damage: str) -> None:
    kind, change, message = DAMAGES[damage]
    with pytest.raises(CustomsFileError, match=message) as caught:
        read_customs(write(kind, change), usd_per_euro=EURO.get(kind))
    assert str(caught.value).rstrip().endswith(".")


def test_packed_and_binary_files_are_named(tmp_path: Path) -> None:
    for content, word in (
        (b"PK\x03\x04", "zip archive"),
        (b"\x1f\x8b\x08", "gz archive"),
        (b"PAR1", "Parquet"),
        (b"t,i\0j", "not a text file"),
    ):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        with pytest.raises(CustomsFileError, match=word):
            read_customs(path)
    with pytest.raises(CustomsFileError, match="cannot be opened"):
        read_customs(tmp_path / "absent.csv")


def test_all_faults_are_told_and_their_number_is_bounded(write: Write) -> None:
    many = "".join(f"2021,643,699,2709{k:02d},much,1\n" for k in range(50))
    path = write("baci", lambda text: text.replace("2021,76", "then,76") + many)
    with pytest.raises(CustomsFileError) as caught:
        read_customs(path)
    assert sum("is no value" in fault for fault in caught.value.faults) == 21
    assert any("30 more lines" in fault for fault in caught.value.faults)
    assert any("'then' is no year" in fault for fault in caught.value.faults)


def test_the_records_are_a_frame(write: Write) -> None:
    read = read_customs(write("baci"))
    assert read.years == (2021,)
    assert read.goods == ("010110", "270900", "271111")
    assert isinstance(read.to_frame(), pl.DataFrame)
    assert read.to_dict()["flows"][0]["exporter"] == "BRA"
    assert "BACI" in repr(read)
