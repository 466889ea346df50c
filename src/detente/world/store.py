"""Worlds on disk: the bundled ones by name, any other by path."""

from __future__ import annotations

import difflib
import functools
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente._files import write_file
from detente.world.elasticities import default_elasticities
from detente.world.errors import UnknownLabel, WorldError, WorldFileError
from detente.world.world import Array, World

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
_TEXTS = ("year", "unit", "source", "name", "notes")
#: The moment written on every member of the archive, so that equal worlds are equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def available_worlds() -> tuple[str, ...]:
    """Names of the bundled base years, for `load_world`."""
    return tuple(sorted(p.stem for p in DATA.glob("*.npz")))


def load_world(name_or_path: str | Path) -> World:
    """The base year of that name, or in that file.

    Args:
        name_or_path: a bundled name (see `available_worlds`), a `.npz` file of `save_world`, or
            a `.csv` file in the layout of the OECD's inter-country tables (see `read_icio`).

    Returns:
        World: checked; the same file is read once in a process for as long as it does not change.

    Raises:
        UnknownLabel: if there is neither such a name nor such a file; names near ones.
        WorldFileError: if the file cannot be read; lists every fault.

    Example:
        >>> from detente.world import load_world
        >>> load_world("oecd-2020").countries[6]
        'BLR'
    """
    if str(name_or_path) in available_worlds():
        return _bundled(str(name_or_path))
    path = Path(name_or_path)
    if path.is_file():
        stat = path.stat()
        return _of_file(path.resolve(), stat.st_mtime_ns, stat.st_size)
    near = difflib.get_close_matches(str(name_or_path).lower(), available_worlds(), 3, 0.4)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UnknownLabel(
        f"There is no world or file {str(name_or_path)!r}. {hint}Bundled worlds: "
        f"{', '.join(available_worlds())}; or give the path of a .npz or an ICIO .csv file."
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
    texts = {name: getattr(world, name) for name in _TEXTS}
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
    from detente.world.archive import read_archive

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
        return World(countries=countries, goods=goods, **arrays, **meta)
    except WorldError as error:
        raise WorldFileError([f"{where}: {fault}" for fault in error.faults]) from error
