"""World files that are no world files: odd members, odd texts, and bombs."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.world import WorldFileError, load_world, save_world, synthetic

Members = dict[str, bytes]


def npy(value: Any) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asarray(value), allow_pickle=True)
    return out.getvalue()


def header(text: str, content: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + content


def member(name: str, content: bytes) -> Callable[[Members], object]:
    return lambda members: members.__setitem__(f"{name}.npy", content)


def meta(**changes: Any) -> Callable[[Members], object]:
    def change(members: Members) -> None:
        given = json.loads(np.load(io.BytesIO(members["meta.npy"])).tobytes())
        text = json.dumps({**given, **changes})
        members["meta.npy"] = npy(np.frombuffer(text.encode(), np.uint8))

    return change


def text(content: str) -> Callable[[Members], object]:
    return member("meta", npy(np.frombuffer(content.encode(), np.uint8)))


GREAT = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999), }"
ODD: dict[str, tuple[Callable[[Members], object], str]] = {
    "no meta": (lambda members: members.pop("meta.npy"), "meta.npy is missing"),
    "no array": (lambda members: members.pop("final_nj.npy"), "the array final_nj is missing"),
    "meta of objects": (member("meta", npy(np.array([{}], object))), "holds object, not bytes"),
    "meta of numbers": (member("meta", npy([1.0, 2.0])), "holds float64, not bytes of text"),
    "meta no JSON": (text("{"), "is not JSON"),
    "meta nested": (text("[" * 100_000), "is not JSON"),
    "meta a list": (text("[1]"), "is not a mapping"),
    "countries a text": (meta(countries="ABC"), "countries is not a list of texts"),
    "countries numbers": (meta(countries=[1, 2, 3]), "countries is not a list of texts"),
    "goods missing": (meta(goods=None), "goods is not a list of texts"),
    "notes nested": (meta(notes=[["a"]]), "notes is not a list of texts"),
    "name a list": (meta(name=["a"]), "name is not a text"),
    "year a text": (meta(year="2020"), "year is not a year"),
    "year of 300 digits": (meta(year=10**300), "year is not a year"),
    "half a character": (meta(source="\ud800"), "half a character"),
    "other labels": (meta(countries=["A", "B"]), "expected"),
    "labels twice": (meta(countries=["A", "A", "B"]), "named twice"),
    "pickle": (member("final_nj", npy(np.array([{}], object))), "holds object, not numbers"),
    "texts": (member("final_nj", npy(["a"])), "holds <U1, not numbers"),
    "complex": (member("final_nj", npy([1j])), "holds complex128, not numbers"),
    "records": (member("final_nj", npy(np.zeros(3, [("a", "f8")]))), "not numbers"),
    "no header": (member("final_nj", b"text"), "not a world file"),
    "cut header": (member("final_nj", header(GREAT)[:20]), "not a world file"),
    "not finite": (member("final_nj", npy(np.full((3, 2), np.inf))), "not a finite number"),
    "beyond all": (member("final_nj", npy(np.full((3, 2), 1e300))), "out of all proportion"),
    "other shape": (member("final_nj", npy(np.zeros((2, 3)))), "expected (3, 2)"),
    "great on paper": (member("trade_jni", header(GREAT)), "says that it has"),
    "cut short": (
        member("final_nj", header(GREAT.replace("99999999, 99999", "3, 2") + "\n")),
        "is cut short",
    ),
    "great by labels": (
        meta(countries=[f"C{k}" for k in range(9000)]),
        "need more than 512 MiB",
    ),
}


def written(path: Path, change: Callable[[Members], object], packed: int = 0) -> Path:
    save_world(synthetic(3, 2), path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ODD)
def test_an_odd_member_is_refused_by_file_and_member(tmp_path: Path, name: str) -> None:
    change, sentence = ODD[name]
    with pytest.raises(WorldFileError) as caught:
        load_world(written(tmp_path / "w.npz", change))
    assert sentence in str(caught.value)
    assert all(fault.startswith("w.npz: ") for fault in caught.value.faults)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """600 MiB of zeros in half a megabyte; what is declared is looked at before."""

    def bomb(members: Members) -> None:
        shape = (600 * 2**20 // 8,)
        content = header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}")
        members["trade_jni.npy"] = content + bytes(8 * shape[0])

    path = written(tmp_path / "w.npz", bomb, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    try:
        with pytest.raises(WorldFileError, match="the most that it may have"):
            load_world(path)
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    for content in (b"", npy([1.0]), b"PK\x03\x04", b"PK\x05\x06" + bytes(18)):
        path.write_bytes(content)
        with pytest.raises(WorldFileError, match=r"w.npz: .*(not a world file|is missing)"):
            load_world(path)


def test_a_member_that_no_world_has_is_left_alone(tmp_path: Path) -> None:
    change = member("more", npy(np.array([{}], object)))
    assert load_world(written(tmp_path / "w.npz", change)).digest == synthetic(3, 2).digest
