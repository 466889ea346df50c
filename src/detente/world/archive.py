"""What a world file holds, read without trust: nothing is unpacked before its size is known."""

from __future__ import annotations

import json
import lzma
import math
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.world.errors import WorldFileError

#: Bytes of all arrays of a world. A table of 200 economies and 200 sectors has a fifth of it.
MOST_BYTES = 512 * 2**20
#: Bytes of the labels, sources and notes.
MOST_META = 4 * 2**20
_AGAIN = "Write the file again with detente.world.save_world."
_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
_TEXTS = ("unit", "source", "name")


def read_archive(
    path: Path, names: Iterable[str]
) -> tuple[dict[str, NDArray[np.float64]], dict[str, Any]]:
    """The arrays of a world file, and its labels and texts.

    Args:
        path: a `.npz` file.
        names: of the arrays that are read; any other member is left alone.

    Raises:
        WorldFileError: which member is wrong, in what, and what to do.
    """
    file = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            members = {info.filename: info for info in archive.infolist()}
            wanted = [n for n in names if f"{n}.npy" in members]
            if "meta.npy" not in members:
                raise WorldFileError(f"{file}: the member meta.npy is missing. {_AGAIN}")
            meta = _meta(file, _array(archive, file, members["meta.npy"], "u1", MOST_META))
            left = MOST_BYTES
            held: dict[str, NDArray[np.float64]] = {}
            for name in wanted:
                value = _array(archive, file, members[f"{name}.npy"], "fiu", left)
                left -= value.nbytes
                held[name] = value.astype(np.float64)
    except WorldFileError:
        raise
    except _BROKEN as error:
        raise WorldFileError(
            f"{file}: not a world file, or cut short. Give a .npz file that "
            "detente.world.save_world wrote, or an ICIO .csv file."
        ) from error
    N, J = len(meta["countries"]), len(meta["goods"])
    if 8 * max(J * N * N, N * J * J) > MOST_BYTES:
        raise WorldFileError(
            f"{file}: {N:,} countries and {J:,} goods need more than {MOST_BYTES // 2**20} MiB, "
            "the most that a world may have. Merge countries or goods."
        )
    return held, meta


def _array(
    archive: zipfile.ZipFile, file: str, info: zipfile.ZipInfo, kinds: str, most: int
) -> NDArray[Any]:
    """One member, whose header says what it holds before any of that is unpacked."""
    member = f"{file}: the member {info.filename}"
    with archive.open(info) as handle:
        version = np.lib.format.read_magic(handle)
        if version == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(handle)
        elif version == (2, 0):
            shape, _, dtype = np.lib.format.read_array_header_2_0(handle)
        else:
            raise WorldFileError(f"{member} is of an unknown version. {_AGAIN}")
        begun = handle.tell()
    allowed = dtype == np.uint8 if kinds == "u1" else dtype.kind in kinds
    if dtype.hasobject or not allowed:
        what = "bytes of text" if kinds == "u1" else "numbers"
        raise WorldFileError(f"{member} holds {dtype}, not {what}. {_AGAIN}")
    size = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or max(size, info.file_size) > most:
        raise WorldFileError(
            f"{member} says that it has {max(size, info.file_size):,} bytes; {most:,} are the most "
            "that it may have. It is not read: merge countries or goods, or write the file again."
        )
    if begun + size > info.file_size:
        raise WorldFileError(f"{member} is cut short: {info.file_size:,} bytes. {_AGAIN}")
    with archive.open(info) as handle:
        return np.lib.format.read_array(handle, allow_pickle=False)


def _meta(file: str, content: NDArray[Any]) -> dict[str, Any]:
    """Labels and texts, each of its kind."""

    def wrong(what: str) -> WorldFileError:
        return WorldFileError(f"{file}: in the member meta.npy, {what}. {_AGAIN}")

    try:
        given = json.loads(content.tobytes())
    except (ValueError, RecursionError) as error:
        raise wrong("what stands is not JSON") from error
    if not isinstance(given, dict):
        raise wrong("what stands is not a mapping")
    meta: dict[str, Any] = {}
    for key in ("countries", "goods", "notes"):
        texts = given.get(key, [] if key == "notes" else None)
        if not isinstance(texts, list) or not all(isinstance(x, str) for x in texts):
            raise wrong(f"{key} is not a list of texts")
        meta[key] = tuple(texts)
    for key in _TEXTS:
        if key in given:
            if not isinstance(given[key], str):
                raise wrong(f"{key} is not a text")
            meta[key] = given[key]
    if "year" in given:
        if type(given["year"]) is not int or abs(given["year"]) > 9999:
            raise wrong("year is not a year")
        meta["year"] = given["year"]
    every = [*meta["countries"], *meta["goods"], *meta["notes"], *(meta.get(k, "") for k in _TEXTS)]
    if any("\ud800" <= letter <= "\udfff" for text in every for letter in text):
        raise wrong("a text holds half a character")
    return meta
