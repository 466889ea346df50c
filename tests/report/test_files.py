"""Files are written whole or not at all, and no cell of a csv is run by a spreadsheet."""

from __future__ import annotations

import csv
import errno
import io
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from detente._files import NotWritten, write_file
from detente.analysis.precomputed.store import store
from detente.report import Column, Table, Views, make_brief, write_brief, write_csv, write_json
from detente.report.export import csv_of
from detente.world import save_world, synthetic

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MAIN = "from detente.cli import main; main()"


@pytest.fixture(scope="module")
def views() -> Views:
    return make_brief("elmira", draws=0)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


WRITERS: dict[str, Callable[[Views, Path, int], object]] = {
    "html": lambda views, folder, _: write_brief(views, folder / "brief.html", annex=True),
    "csv": lambda views, folder, _: write_csv(views, folder / "tables"),
    "json": lambda views, folder, _: write_json(views, folder / "brief.json"),
    "world": lambda _, folder, size: save_world(synthetic(size, 2), folder / "world.npz"),
    "kept": lambda _, folder, size: store(folder / "kept", "x", "key", {"size": size}),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_disk_that_fills_leaves_the_old_file_whole(
    tmp_path: Path,
    views: Views,
    write: Callable[[Views, Path, int], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(views, tmp_path, 3)
    before = files(tmp_path)
    assert before
    assert not [n for n in before if ".tmp" in n]

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left") as caught:
        write(replace(views, name="another"), tmp_path, 4)
    assert files(tmp_path) == before
    assert "as it was" in str(caught.value)


def test_a_benchmark_that_cannot_write_leaves_the_page_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import measure

    page = tmp_path / "page.md"
    page.write_text(f"above {measure.BEGIN} old {measure.END} below", "utf-8")
    measure.written(page, "new")
    assert page.read_text("utf-8") == f"above {measure.BEGIN}\n\nnew\n\n{measure.END} below"

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left"):
        measure.written(page, "newer")
    assert "newer" not in page.read_text("utf-8")


def test_a_file_that_may_not_grow_leaves_the_old_one_whole(tmp_path: Path) -> None:
    """A limit of the system in place of a full disk: the write itself fails, half way."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "brief.html"
    path.write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "brief", "elmira", "--draws", "0", "--out", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{path} cannot be written: File too large.")
    assert files(tmp_path) == {"brief.html": b"old"}


def test_half_a_character_leaves_the_old_file_whole(tmp_path: Path, views: Views) -> None:
    for write in WRITERS.values():
        write(views, tmp_path, 3)
    before = files(tmp_path)
    (key, table), *_ = views.tables.items()
    texts = [c.kind == "text" for c in table.columns]
    row = tuple("\ud800" if text else None for text in texts)
    broken = replace(
        views, tables={**views.tables, key: replace(table, rows=(row, *table.rows), bands=None)}
    )
    for kind in ("html", "csv", "json"):
        with pytest.raises(NotWritten, match="half a character"):
            WRITERS[kind](broken, tmp_path, 3)
    assert files(tmp_path) == before


def test_a_file_that_is_replaced_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    assert write_file(link, "new") == link
    assert (link.is_symlink(), real.read_text()) == (True, "new")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    fresh = write_file(tmp_path / "a" / "fresh.txt", b"\r\n")
    assert fresh.read_bytes() == b"\r\n"
    other = tmp_path / "other"
    other.write_text("")
    assert stat.S_IMODE(fresh.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)
    with pytest.raises(NotWritten, match="is a folder"):
        write_file(tmp_path, "x")
    assert write_file(tmp_path / ("n" * 250), "x").read_text() == "x"


def test_no_cell_of_a_csv_is_run() -> None:
    texts = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "-1.5", "+2e3", "plain", "", "a=b"]
    columns = (Column("=text", "Text", ""), Column("value", "Value", "USD", "number"))
    rows = tuple((t, -1.5) for t in texts)
    table = Table("t", "T", "", columns=columns, rows=rows)
    read = list(csv.reader(io.StringIO(csv_of(table), newline="")))
    assert read[0] == ["'=text", "value (USD)"]
    expected = ["'=1+1", "'+1+1", "'-1+1", "'@SUM(A1)", "'\tx", "'\rx", *texts[6:]]
    assert [row[0] for row in read[1:]] == expected
    assert {row[1] for row in read[1:]} == {"-1.5"}
