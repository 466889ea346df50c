"""Tables that were scrambled: each sum still comes out, but the figures stand in wrong places."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.world import World, WorldFileError, load_world, read_icio, save_world, verdicts
from detente.world.accounts import accounts_of

Change = Callable[[list[str], list[list[str]]], Any]


def place(rows: list[list[str]], label: str) -> int:
    return next(k for k, row in enumerate(rows) if row[0] == label)


def swapped_rows(one: str, other: str) -> Change:
    """The figures of two producers exchanged, with their OUT, as when labels are mixed up."""

    def change(header: list[str], rows: list[list[str]]) -> None:
        a, b = place(rows, one), place(rows, other)
        rows[a][1:], rows[b][1:] = rows[b][1:], rows[a][1:]

    return change


def swapped_columns(one: str, other: str) -> Change:
    def change(header: list[str], rows: list[list[str]]) -> None:
        a, b = header.index(one), header.index(other)
        for row in rows:
            row[a], row[b] = row[b], row[a]

    return change


def times(row: str, column: str, factor: float) -> Change:
    def change(header: list[str], rows: list[list[str]]) -> None:
        line, k = rows[place(rows, row)], header.index(column)
        line[k] = repr(float(line[k]) * factor)

    return change


def totals_made_to_fit(change: Change) -> Change:
    """What a careful editor does after a change: OUT is worked out again, value added with it."""

    def changed(header: list[str], rows: list[list[str]]) -> None:
        change(header, rows)
        out = header.index("OUT")
        for row in rows[: place(rows, "TLS")]:
            row[out] = repr(sum(float(x) for x in row[1:out]))
        for row in rows[: place(rows, "TLS")]:
            k = header.index(row[0])
            spent = sum(float(r[k]) for r in rows[: place(rows, "VA")])
            rows[place(rows, "VA")][k] = repr(float(row[out]) - spent)
            rows[place(rows, "OUT")][k] = row[out]

    return changed


def transposed(header: list[str], rows: list[list[str]]) -> None:
    turned = [list(line) for line in zip(header, *rows, strict=True)]
    header[:], rows[:] = turned[0], turned[1:]


def transposed_uses(header: list[str], rows: list[list[str]]) -> None:
    """Only the square of producers is turned, labels and totals stay."""
    last = place(rows, "TLS")
    square = [row[1 : 1 + last] for row in rows[:last]]
    for row, line in zip(rows[:last], zip(*square, strict=True), strict=True):
        row[1 : 1 + last] = line


SCRAMBLED: dict[str, tuple[Change, list[str]]] = {
    "rows of two countries": (
        swapped_rows("USA_D", "CHN_C20"),
        ["USA_D sells", "changed places with CHN_C20", "USD million", "apart"],
    ),
    "rows of one country": (swapped_rows("LTU_D", "LTU_F"), ["changed places with LTU_F"]),
    "columns of producers": (
        swapped_columns("USA_D", "CHN_C20"),
        ["CHN_C20 sells", "changed places with USA_D"],
    ),
    "columns of consumption": (
        swapped_columns("USA_HFCE", "CHN_HFCE"),
        ["of the final uses of USA, CHN provides", "changed places"],
    ),
    "an input times 1000": (
        times("LTU_D", "LTU_F", 1000),
        ["LTU_D to LTU_F is", "both its row and its column", "would be"],
    ),
    "consumption times 1000": (times("LTU_D", "LTU_HFCE", 1000), ["OUT of LTU_D is"]),
    "a small sale of a large producer times 1000": (
        times("USA_F", "BLR_D", 1e8),
        ["USA_F to BLR_D"],
    ),
    "an input times 1000, and totals made to fit": (
        totals_made_to_fit(times("LTU_D", "LTU_F", 1000)),
        ["the inputs of LTU_F cost", "out of proportion"],
    ),
    "negative consumption": (
        totals_made_to_fit(times("LTU_C20", "LTU_HFCE", -1)),
        ["LTU_C20 sells -", "to LTU_HFCE", "cannot be negative"],
    ),
    "negative stocks": (
        totals_made_to_fit(times("LTU_C20", "LTU_INVNT", 40)),
        ["LTU_C20 sells -", "to the final uses of LTU"],
    ),
    "negative input": (
        totals_made_to_fit(times("LTU_D", "LTU_C20", -1)),
        ["LTU_D sells -", "to LTU_C20"],
    ),
    "transposed": (transposed, [":1: the table is transposed", "Exchange rows and columns"]),
    "transposed uses": (transposed_uses, ["OUT of"]),
}


@pytest.mark.parametrize("name", SCRAMBLED)
def test_a_scrambled_table_is_refused_with_country_sector_and_size(
    write_icio: Callable[..., Path], name: str
) -> None:
    change, sentence = SCRAMBLED[name]
    path = write_icio(change)
    with pytest.raises(WorldFileError) as caught:
        read_icio(path)
    text = str(caught.value)
    assert [words for words in sentence if words not in text] == [], text
    assert all("2020_SML.csv" in fault for fault in caught.value.faults)
    assert len(caught.value.faults) < 30


def test_a_cell_that_was_changed_is_named_with_what_it_was(
    write_icio: Callable[..., Path],
) -> None:
    header: list[str] = []
    rows: list[list[str]] = []
    write_icio(lambda h, r: (header.extend(h), rows.extend(map(list, r))))
    was = float(rows[place(rows, "LTU_D")][header.index("LTU_F")])
    with pytest.raises(WorldFileError, match=f"without that it would be {was:.6g}"):
        read_icio(write_icio(times("LTU_D", "LTU_F", 1000)))


@pytest.mark.parametrize("digits", [0, 2])
def test_a_table_in_round_figures_is_no_scrambled_one(
    write_icio: Callable[..., Path], digits: int, small: World
) -> None:
    def rounded(header: list[str], rows: list[list[str]]) -> None:
        for row in rows:
            row[1:] = [f"{float(x):.{digits}f}" for x in row[1:]]

    world = read_icio(write_icio(rounded))
    assert world.income_n.sum() == pytest.approx(small.income_n.sum(), rel=1e-4)
    assert not any(note.startswith("Doubtful") for note in world.notes)


def test_a_total_that_is_off_by_little_raises_a_doubt(write_icio: Callable[..., Path]) -> None:
    world = read_icio(write_icio(times("USA_S", "USA_S", 1 + 1e-5)))
    (text,) = (v for v in verdicts(world) if v.check == "the table as it was read")
    assert not text.passed
    assert text.level == "note"
    assert "rows do not add up to OUT, by" in text.finding


def rectangle(share: float) -> Change:
    """A part of what two producers use of their own good, exchanged across: no sum moves."""

    def change(header: list[str], rows: list[list[str]]) -> None:
        one, other = "CHN_C20", "USA_S"
        a, b = rows[place(rows, one)], rows[place(rows, other)]
        m, n = header.index(one), header.index(other)
        moved = share * min(float(a[m]), float(b[n]))
        for line, column, by in ((a, m, -moved), (b, n, -moved), (a, n, moved), (b, m, moved)):
            line[column] = repr(float(line[column]) + by)

    return change


@pytest.mark.parametrize("share", [1.0, 0.1])
def test_a_rectangle_that_keeps_all_sums_is_doubted(
    write_icio: Callable[..., Path], share: float
) -> None:
    world = read_icio(write_icio(rectangle(share)))
    (text,) = (v for v in verdicts(world) if v.check == "the table as it was read")
    assert (text.passed, text.level) == (False, "note")
    assert "CHN_C20 sells" in text.finding
    assert "to S of USA" in text.finding
    assert "that user buys of C20, while the others in USA take" in text.finding
    assert sum(note.startswith("Doubtful: ") for note in world.notes) >= 2
    shown = CliRunner().invoke(app, ["world", "check", str(write_icio(rectangle(share)))])
    assert shown.exit_code == 0
    assert "CHN_C20 sells" in " ".join(shown.stdout.split())


def test_a_world_whose_flow_outgrows_both_countries_is_remarked(
    write_icio: Callable[..., Path], small: World
) -> None:
    """Told of the flows alone: a saved world has no single cells and need not have notes."""
    read = read_icio(write_icio(rectangle(1.0)))
    found = {v.check: v for v in verdicts(replace(read, notes=()))}
    text = found["flows beside incomes"]
    assert (text.passed, text.level) == (False, "note")
    assert "C20 of CHN to USA" in text.finding
    plain = {v.check: v for v in verdicts(small)}
    assert plain["flows beside incomes"].passed


def test_the_command_refuses_what_it_called_good(write_icio: Callable[..., Path]) -> None:
    good = CliRunner().invoke(app, ["world", "check", str(write_icio()), "--json"])
    assert good.exit_code == 0
    assert all(v["passed"] for v in json.loads(good.stdout)["verdicts"] if v["level"] == "error")
    scrambled = write_icio(swapped_rows("USA_D", "CHN_C20"), name="other.csv")
    bad = CliRunner().invoke(app, ["world", "check", str(scrambled)])
    assert isinstance(bad.exception, WorldFileError)


def test_a_saved_world_whose_flows_stand_in_wrong_places_is_remarked(
    tmp_path: Path, small: World
) -> None:
    """Its accounts balance: what the exchange moved was put into value added and final use."""
    use = np.einsum("jni,njk->ijnk", small.share_jni, small.intermediate_nkj)
    final = np.einsum("jni,nj->ijn", small.share_jni, small.final_nj)[..., None]
    one = small.country("USA"), small.good("D")
    other = small.country("CHN"), small.good("C20")
    for table in (use, final):
        table[one], table[other] = table[other].copy(), table[one].copy()
    books = accounts_of(use, final, small.countries, small.goods, ("C",))
    scrambled = World.from_flows(
        small.countries,
        small.goods,
        books.trade_jni,
        books.intermediate_nkj,
        books.final_nj,
        books.value_added_nj,
    )
    world = load_world(save_world(scrambled, tmp_path / "scrambled.npz"))
    found = {v.check: v for v in verdicts(world) if not v.passed}
    assert "D of USA to CHN" in found["flows out of proportion"].finding
    assert "C20 in CHN" in found["producers with next to no value added"].finding


def test_bundled_tables_have_nothing_out_of_proportion(oecd: World) -> None:
    checks = ("the table as it was read", "flows out of proportion", "flows beside incomes")
    text = {v.check: v.passed for v in verdicts(oecd)}
    assert all(text[c] for c in (*checks, "producers with next to no value added"))
    assert np.all(oecd.value_added_nj > 0)
