"""Worlds on disk: the bundled ones by name, any other by path.

`load_world` reads one, `save_world` and `write_npz` write one so that equal worlds are equal bytes.
`read_archive` trusts no file: nothing is unpacked before its size is known.
"""

from __future__ import annotations

import functools
import io
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

from detente._files import write_file
from detente._near import did_you_mean
from detente._types import Array
from detente.world.elasticities import default_elasticities
from detente.world.errors import UnknownLabel, WorldError, WorldFileError
from detente.world.names import DEFAULT_WORLD
from detente.world.specification import specification_read
from detente.world.world import World

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


def read_archive(path: Path, names: Iterable[str]) -> tuple[dict[str, Array], dict[str, Any]]:
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
                raise WorldFileError(f"{file}: the member meta.npy is missing.", _AGAIN)
            meta = _meta(file, _array(archive, file, members["meta.npy"], "u1", MOST_META))
            left = MOST_BYTES
            held: dict[str, Array] = {}
            for name in wanted:
                value = _array(archive, file, members[f"{name}.npy"], "fiu", left)
                left -= value.nbytes
                held[name] = value.astype(np.float64)
    except WorldFileError:
        raise
    except _BROKEN as error:
        raise WorldFileError(
            f"{file}: not a world file, or cut short.",
            "Give a .npz file that detente.world.save_world wrote, or an ICIO .csv file.",
        ) from error
    N, J = len(meta["countries"]), len(meta["goods"])
    if 8 * max(J * N * N, N * J * J) > MOST_BYTES:
        raise WorldFileError(
            f"{file}: {N:,} countries and {J:,} goods need more than {MOST_BYTES // 2**20} MiB, "
            "the most that a world may have.",
            "Merge countries or goods.",
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
            raise WorldFileError(f"{member} is of an unknown version.", _AGAIN)
        begun = handle.tell()
    allowed = dtype == np.uint8 if kinds == "u1" else dtype.kind in kinds
    if dtype.hasobject or not allowed:
        what = "bytes of text" if kinds == "u1" else "numbers"
        raise WorldFileError(f"{member} holds {dtype}, not {what}.", _AGAIN)
    size = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or max(size, info.file_size) > most:
        raise WorldFileError(
            f"{member} says that it has {max(size, info.file_size):,} bytes; {most:,} are the most "
            "that it may have. It is not read.",
            "Merge countries or goods, or write the file again.",
        )
    if begun + size > info.file_size:
        raise WorldFileError(f"{member} is cut short: {info.file_size:,} bytes.", _AGAIN)
    with archive.open(info) as handle:
        return np.lib.format.read_array(handle, allow_pickle=False)


def _meta(file: str, content: NDArray[Any]) -> dict[str, Any]:
    """Labels and texts, each of its kind."""

    def wrong(what: str) -> WorldFileError:
        return WorldFileError(f"{file}: in the member meta.npy, {what}.", _AGAIN)

    try:
        given = json.loads(content.tobytes())
    except (ValueError, RecursionError) as error:
        raise wrong("what stands is not JSON") from error
    if not isinstance(given, dict):
        raise wrong("what stands is not a mapping")
    meta: dict[str, Any] = {}
    for key in ("countries", "goods", "notes", "stand_ins"):
        texts = given.get(key, [] if key in ("notes", "stand_ins") else None)
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
    if "specification" in given:
        if not isinstance(given["specification"], dict):
            raise wrong("specification is not a mapping")
        meta["specification"] = given["specification"]
    lists = ("countries", "goods", "notes", "stand_ins")
    every = [*(text for key in lists for text in meta[key]), *(meta.get(k, "") for k in _TEXTS)]
    if any("\ud800" <= letter <= "\udfff" for text in every for letter in text):
        raise wrong("a text holds half a character")
    return meta


DATA = Path(__file__).parent / "data"

_ARRAYS = (
    "trade_jni",
    "tariff_jni",
    "export_tax_jni",
    "intermediate_nkj",
    "final_nj",
    "labour_nj",
    "capital_nj",
    "resource_nj",
    "trade_elasticity_j",
    "input_substitution_j",
    "final_substitution_n",
)
_WRITTEN = ("year", "unit", "source", "name", "notes")
#: The moment written on every member of the archive, so that equal worlds are equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def worlds() -> tuple[str, ...]:
    """Names of the bundled base years, for `load_world`.

    Returns:
        tuple: in alphabetical order.

    Example:
        >>> import detente
        >>> detente.worlds()[:3]
        ('oecd-2020', 'oecd-2022', 'oecd28-2011')
    """
    return tuple(sorted(p.stem for p in DATA.glob("*.npz")))


def load_world(name_or_path: str | Path = DEFAULT_WORLD) -> World:
    """The base year of that name, or in that file; the default world where none is named.

    Args:
        name_or_path: a bundled name (see `worlds`), a `.npz` file of `save_world`, or
            a `.csv` file in the layout of the OECD's inter-country tables (see `read_icio`).

    Returns:
        World: checked; the same file is read once in a process for as long as it does not change.

    Raises:
        UnknownLabel: if there is neither such a name nor such a file; names near ones.
        WorldFileError: if the file cannot be read; lists every fault.

    Example:
        >>> from detente.world import load_world
        >>> load_world("oecd-2020").countries[6], load_world().name
        ('BLR', 'oecd-2022')
    """
    if str(name_or_path) in worlds():
        return _bundled(str(name_or_path))
    path = Path(name_or_path)
    if path.is_file():
        stat = path.stat()
        return _of_file(path.resolve(), stat.st_mtime_ns, stat.st_size)
    hint = did_you_mean(name_or_path, worlds(), "")
    raise UnknownLabel(
        f"There is no world or file {str(name_or_path)!r}.",
        f"{hint} Bundled worlds: {', '.join(worlds())}; or give the path of a .npz or an ICIO .csv "
        "file.".strip(),
    )


@functools.cache
def _bundled(name: str) -> World:
    return _read_npz(DATA / f"{name}.npz")


@functools.lru_cache(maxsize=2)
def _of_file(path: Path, changed: int, size: int) -> World:
    if path.suffix.lower() == ".csv":
        from detente.world.icio import read_icio

        return read_icio(path)
    return _read_npz(path)


def save_world(world: World, path: str | Path) -> Path:
    """Write a base year to a `.npz` file; equal worlds give equal bytes on every machine.

    Args:
        world: the base year.
        path: where to; `.npz` is added if it is missing.

    Returns:
        Path: the file written.

    Raises:
        NotWritten: it could not be written; the file that was there before is as it was.
    """
    arrays = {name: getattr(world, name) for name in _ARRAYS}
    texts = {name: getattr(world, name) for name in _WRITTEN}
    if world.stand_ins:
        texts["stand_ins"] = world.stand_ins
    if not world.specification.plain:
        parts = world.specification.parts.items()
        texts["specification"] = {k: v if isinstance(v, str) else v.tolist() for k, v in parts}
    return write_npz(Path(path), world.countries, world.goods, arrays, texts)


def write_npz(
    path: Path,
    countries: tuple[str, ...],
    goods: tuple[str, ...],
    arrays: dict[str, Array],
    texts: dict[str, Any],
) -> Path:
    """Write labelled arrays as a world file: stored, not packed, with fixed times.

    An array whose cells are all equal is written as one number. `trade_elasticity_j` may be
    left out: then the elasticities of `elasticities.toml` apply on reading.
    """
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    meta = {"countries": list(countries), "goods": list(goods), **texts}
    meta["notes"] = list(meta.get("notes", ()))
    members: dict[str, NDArray[Any]] = {
        "meta": np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)
    }
    for name, value in arrays.items():
        constant = value.size > 0 and bool((value == value.flat[0]).all())
        members[name] = np.array(value.flat[0]) if constant else np.ascontiguousarray(value)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, value in members.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, value, version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            info.create_system = 3
            archive.writestr(info, buffer.getvalue())
    return write_file(path, packed.getvalue())


def _read_npz(path: Path) -> World:
    where = path.name
    held, meta = read_archive(path, _ARRAYS)
    countries, goods = meta.pop("countries"), meta.pop("goods")
    optional = {"trade_elasticity_j"}
    faults = [
        f"{where}: the array {name} is missing. Write the file again with detente.world.save_world."
        for name in _ARRAYS
        if name not in held and name not in optional
    ]
    if faults:
        raise WorldFileError(faults)
    size = {"j": len(goods), "k": len(goods), "n": len(countries), "i": len(countries)}
    arrays: dict[str, Any] = {}
    for name, value in held.items():
        shape = tuple(size[c] for c in name.rsplit("_", 1)[1])
        arrays[name] = np.broadcast_to(value, shape) if value.ndim == 0 else value
    if "trade_elasticity_j" not in arrays:
        arrays["trade_elasticity_j"] = default_elasticities(goods).value_j
    try:
        meta["specification"] = specification_read(countries, goods, meta.get("specification", {}))
        return World(countries=countries, goods=goods, **arrays, **meta)
    except WorldError as error:
        raise WorldFileError([f"{where}: {fault}" for fault in error.faults]) from error
