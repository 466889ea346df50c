"""The OECD's file layout: written from the bundled table, read back, and damaged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.world import World, WorldError, WorldFileError, load_world, read_icio

Table = tuple[list[str], list[list[str]]]
Change = Callable[[list[str], list[list[str]]], Any]


def same(read: World, written: World) -> None:
    """Equal but for rounding: the file holds the shortest text of each double."""
    assert read.countries == written.countries
    assert read.goods == written.goods
    for name in ("trade_jni", "intermediate_nkj", "final_nj", "value_added_nj"):
        x, y = getattr(read, name), getattr(written, name)
        assert np.allclose(x, y, rtol=1e-9, atol=1e-9 * y.max()), name


def find(rows: list[list[str]], label: str) -> list[str]:
    return next(row for row in rows if row[0] == label)


def test_a_file_in_the_layout_reads_back_to_the_table(
    write_icio: Callable[..., Path], small: World
) -> None:
    world = load_world(write_icio())
    same(world, small)
    assert (world.year, world.name) == (2020, "2020_SML")
    assert "adaptation" in world.source
    assert any("Negative final-use cells" in n and "(INVNT)" in n for n in world.notes)
    theta = dict(zip(world.goods, world.trade_elasticity_j.tolist(), strict=True))
    assert theta == {"A01_02": 8.11, "C20": 4.75, "D": 5, "F": 5, "G": 5, "H49": 5, "S": 5}
    given = read_icio(write_icio(), trade_elasticity={"C20": 9.0}, year=2019, capital_share=0.4)
    assert given.trade_elasticity_j[given.good("C20")] == 9.0
    assert given.year == 2019
    assert given.capital_nj.sum() / given.value_added_nj.sum() == pytest.approx(0.4)
    with pytest.raises(WorldError, match="C21, which the table does not have"):
        read_icio(write_icio(), trade_elasticity={"C21": 1.0})


def shuffled(header: list[str], rows: list[list[str]]) -> None:
    """Another order of rows and columns, and rows that other editions have."""
    rng = np.random.default_rng(1)
    order = [0, *(1 + rng.permutation(len(header) - 1)).tolist()]
    for line in (header, *rows):
        line[:] = [line[k] for k in order]
    rows[:] = [rows[k] for k in rng.permutation(len(rows))]
    rows.insert(0, ["BLR_TLS", *["0"] * (len(header) - 1)])
    rows.append(["MEMO", *["0"] * (len(header) - 1)])


def test_order_and_extra_rows_do_not_matter(write_icio: Callable[..., Path], small: World) -> None:
    world = read_icio(write_icio(shuffled))
    assert set(world.countries) == set(small.countries)
    for name in ("BLR", "USA"):
        x, y = world.country(name), small.country(name)
        assert world.income_n[x] == pytest.approx(small.income_n[y], rel=1e-9)
    assert any("left out: MEMO" in n for n in world.notes)


@pytest.mark.parametrize("keep", ["zeros", "nothing"])
def test_parts_of_a_country_are_added_up(
    write_icio: Callable[..., Path], small: World, keep: str
) -> None:
    def extended(header: list[str], rows: list[list[str]]) -> None:
        """China as CN1 and CN2, as in the extended tables; CHN stays, empty, or goes."""

        def share(cell: str, part: float) -> str:
            return repr(float(cell) * part)

        makers = [k for k, h in enumerate(header) if h.startswith("CHN_") and h[4:] in small.goods]
        for code, part in (("CN1", 0.4), ("CN2", 0.6)):
            for k in makers:
                header.append(f"{code}_{header[k][4:]}")
                for row in rows:
                    row.append(share(row[k], part))
        for k in makers:
            for row in rows:
                row[k] = "0"
        made = [row for row in rows if row[0].startswith("CHN_")]
        for code, part in (("CN1", 0.4), ("CN2", 0.6)):
            rows += [[f"{code}_{r[0][4:]}", *(share(x, part) for x in r[1:])] for r in made]
        for line in made:
            line[1:] = ["0"] * (len(line) - 1)
        if keep == "nothing":
            rows[:] = [row for row in rows if not row[0].startswith("CHN_")]
            for line in (header, *rows):
                line[:] = [x for k, x in enumerate(line) if k not in makers]

    world = read_icio(write_icio(extended))
    assert any("CN1 into CHN, CN2 into CHN" in n for n in world.notes)
    china, was = world.country("CHN"), small.country("CHN")
    assert world.income_n[china] == pytest.approx(small.income_n[was], rel=1e-9)
    assert world.sales_jn.sum() == pytest.approx(small.sales_jn.sum(), rel=1e-9)
    assert len(world.countries) == 6


def drop_column(label: str) -> Change:
    def change(header: list[str], rows: list[list[str]]) -> None:
        k = header.index(label)
        for line in (header, *rows):
            del line[k]

    return change


def set_cell(row: str, column: str, text: str) -> Change:
    def change(header: list[str], rows: list[list[str]]) -> None:
        find(rows, row)[header.index(column)] = text

    return change


def no_output(header: list[str], rows: list[list[str]]) -> None:
    for row in rows:
        if row[0].startswith("LTU_"):
            row[1:] = ["0"] * (len(row) - 1)


def china_twice(header: list[str], rows: list[list[str]]) -> None:
    makers = [k for k, h in enumerate(header) if h.startswith("CHN_C20") or h == "CHN_D"]
    for k in makers:
        header.append("CN1_" + header[k][4:])
        for row in rows:
            row.append("0")
        rows.append(["CN1_" + header[k][4:], *["0"] * (len(header) - 1)])
    for row in rows:
        row.extend(["0"] * (len(header) - len(row)))


DAMAGED: dict[str, tuple[Change, list[str]]] = {
    "missing buyer column": (
        drop_column("USA_C20"),
        [":1: the column USA_C20 is missing", "Download the file again"],
    ),
    "missing final use": (drop_column("LTU_INVNT"), [":1: the column LTU_INVNT is missing"]),
    "missing OUT": (drop_column("OUT"), [":1: the column OUT is missing"]),
    "text in a cell": (
        set_cell("BLR_D", "USA_C20", "n.a."),
        ["2020_SML.csv:11:USA_C20: 'n.a.' is not a number (row BLR_D)", "or 0 if there is no flow"],
    ),
    "empty cell": (set_cell("BLR_D", "USA_HFCE", ""), [":11:USA_HFCE: the cell is empty"]),
    "not finite": (set_cell("BLR_D", "USA_HFCE", "inf"), [":11:USA_HFCE: 'inf' is not a number"]),
    "altered cell": (
        set_cell("USA_S", "USA_HFCE", "1e9"),
        [":OUT: OUT of USA_S is", "compare it with the published file"],
    ),
    "country without output": (no_output, ["LTU has no output in any sector", "Take its rows"]),
    "country and parts": (china_twice, ["CHN has output of its own beside its parts CN1"]),
    "truncated rows": (
        lambda header, rows: rows.__delitem__(slice(30, None)),
        ["rows MEX_D, MEX_F", "the row OUT is missing", "not the whole table"],
    ),
    "missing VA": (
        lambda header, rows: rows.remove(find(rows, "VA")),
        ["the row VA is missing"],
    ),
    "missing TLS": (
        lambda header, rows: rows.remove(find(rows, "TLS")),
        ["the row TLS is missing"],
    ),
    "row without column": (
        lambda header, rows: rows.insert(0, ["USA_C99", *rows[0][1:]]),
        [":2: the row USA_C99 has no column"],
    ),
    "row twice": (
        lambda header, rows: rows.insert(3, list(rows[1])),
        [":5: the row", "stands twice (also at 2020_SML.csv:3)"],
    ),
    "column twice": (
        lambda header, rows: header.__setitem__(5, header[2]),
        [":1: the column", "stands twice (columns 3, 6)", "is missing"],
    ),
    "short line": (
        lambda header, rows: rows[7].__delitem__(slice(20, None)),
        [":9: 20 cell(s), the header has", "the line is broken"],
    ),
    "no labels": (
        lambda header, rows: header.__setitem__(slice(1, None), map(str, range(len(header) - 1))),
        ["no column is called like ARG_A01_02"],
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_by_line_and_column(
    write_icio: Callable[..., Path], name: str
) -> None:
    change, text = DAMAGED[name]
    with pytest.raises(WorldFileError) as caught:
        read_icio(write_icio(change))
    for words in text:
        assert words in str(caught.value)
    assert all("2020_SML.csv" in fault for fault in caught.value.faults)


def test_all_faults_are_listed_at_once(write_icio: Callable[..., Path]) -> None:
    def change(header: list[str], rows: list[list[str]]) -> None:
        set_cell("BLR_D", "USA_C20", "n.a.")(header, rows)
        set_cell("ROW_S", "USA_HFCE", "-")(header, rows)
        drop_column("LTU_INVNT")(header, rows)
        rows.remove(find(rows, "CHN_D"))

    with pytest.raises(WorldFileError) as caught:
        read_icio(write_icio(change))
    assert len(caught.value.faults) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"V1,ARG_A,OUT\n", "no row under the header"),
        (b"PK\x03\x04 zip", "Unpack it"),
        (b"\xff\xfe\x00binary", "not a text file"),
        (b"V1;ARG_A;ARG_HFCE;OUT\nARG_A;1;2;3\n", "separated by ';'"),
        (b"V1,ARG_A,OUT\rARG_A,1,2\rVA,1,2\r", "carriage return alone"),
        (b"V1," + b"x" * 200_000 + b",OUT\nARG_A,1,2\n", "not a header of a table"),
        (b"just some words\nand more\n", "not a table separated by commas"),
        (b'V1,ARG_A,OUT\n"ARG_A,1,2\nVA,1,2\n', "2020.csv"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "2020.csv"
    path.write_bytes(content)
    with pytest.raises(WorldFileError, match=said.replace("(", r"\(")):
        load_world(path)


def test_a_file_cut_anywhere_is_refused(write_icio: Callable[..., Path]) -> None:
    path = write_icio()
    whole = path.read_bytes()
    for share in (0.001, 0.1, 0.5, 0.9, 0.999):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(WorldFileError):
            read_icio(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorldFileError, match="cannot be opened"):
        read_icio(tmp_path / "2020_SML.csv")


def test_a_header_that_does_not_fit_is_told_in_words_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "2020_SML.csv"
    path.write_text("V1," + "AAA_D," * 1000 + "OUT\nAAA_D,1\nAAA_D,1,2\n", "utf-8")
    with pytest.raises(WorldFileError) as caught:
        read_icio(path)
    assert [fault.split(". ")[0] for fault in caught.value.faults] == [
        "2020_SML.csv:2: 2 cell(s), the header has 1002; the line is broken",
        "2020_SML.csv:3: 3 cell(s), the header has 1002; the file is cut short",
    ]
    path.write_text("V1," + "AAA_D," * 1000 + "OUT\nAAA_D" + ",1" * 1001 + "\n", "utf-8")
    with pytest.raises(WorldFileError) as caught:
        read_icio(path)
    assert "stands twice (columns 2, 3, 4, 5, 6 and 995 more)" in str(caught.value)
    path.write_text("V1," + "AAA_D," * 100_000 + "OUT\nAAA_D,1\n", "utf-8")
    with pytest.raises(WorldFileError) as caught:
        read_icio(path)
    (fault,) = caught.value.faults
    assert fault.startswith("2020_SML.csv:1: the header has 100,002 columns")
