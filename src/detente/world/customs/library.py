"""The user's own library: customs files that were read once and are found by name afterwards.

Each dataset is a folder with `records.parquet` and `manifest.json` in the user's data folder;
`DETENTE_DATA` names another folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._files import write_file
from detente._near import did_you_mean
from detente.errors import DetenteError
from detente.world.customs.records import CustomsRecords, read_customs

if TYPE_CHECKING:
    import polars as pl

#: The version of the columns of `records.parquet` and of the keys of the manifest.
LAYOUT_VERSION = 1
_RECORDS, _MANIFEST = "records.parquet", "manifest.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class DataError(DetenteError, ValueError):
    """A dataset of the user's library that is not there, is there already, or is damaged."""


@dataclass(frozen=True)
class Dataset:
    """One dataset of the library.

    Attributes:
        name: by which it is asked for.
        publisher: who published the file, and on what terms.
        layout: whose file it is.
        file: its name.
        sha256: of the file as it was read.
        added: day on which it was read.
        years: first and last year.
        goods: how many codes of goods it has.
        rows: how many flows.
        notes: what was left out or added up.
        layout_version: of the stored columns.
    """

    name: str
    publisher: str
    layout: str
    file: str
    sha256: str
    added: str
    years: tuple[int, int]
    goods: int
    rows: int
    notes: tuple[str, ...]
    layout_version: int = LAYOUT_VERSION

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return data_folder() / self.name

    @property
    def sentence(self) -> str:
        """What it is, in one sentence."""
        first, last = self.years
        span = str(first) if first == last else f"{first} to {last}"
        goods = "one good" if self.goods == 1 else f"{self.goods:,} goods"
        return f"{self.name}: {self.layout}, {goods}, {span}, {self.rows:,} flows."


def data_folder() -> Path:
    """The folder of the library: `DETENTE_DATA`, or the user's data folder of the system."""
    import platformdirs

    given = os.environ.get("DETENTE_DATA", "").strip()
    return Path(given) if given else platformdirs.user_data_path("detente", appauthor=False)


def add_data(
    path: str | Path,
    name: str = "",
    *,
    countries: str | Path | None = None,
    usd_per_euro: float | None = None,
    replace: bool = False,
) -> Dataset:
    """Read a customs file and keep it in the library.

    Args:
        path: the file as its publisher gives it; see `read_customs`.
        name: under which it is kept; empty takes the file's name.
        countries: see `read_customs`.
        usd_per_euro: see `read_customs`.
        replace: whether a dataset of that name is replaced.

    Returns:
        Dataset: what is kept, with the file's publisher and hash.

    Raises:
        CustomsFileError: every fault of the file.
        DataError: if the name is taken or is none.
        NotWritten: if the folder cannot be written.
    """
    path = Path(path)
    chosen = _checked(name or _from_file(path))
    target = data_folder() / chosen
    if target.exists() and not replace:
        raise DataError(
            f"The library has {chosen} already.",
            f"Choose another name, replace it, or remove it with `detente data remove {chosen}`.",
        )
    records = read_customs(path, countries=countries, usd_per_euro=usd_per_euro)
    kept = _described(chosen, path, records)
    parquet = io.BytesIO()
    records.frame.write_parquet(parquet, compression="zstd")
    # A dataset exists once its manifest does; the manifest of what is replaced goes first.
    (target / _MANIFEST).unlink(missing_ok=True)
    write_file(target / _RECORDS, parquet.getvalue())
    write_file(target / _MANIFEST, json.dumps(asdict(kept), indent=2, ensure_ascii=False) + "\n")
    return kept


def list_data() -> tuple[Dataset, ...]:
    """The datasets of the library, by name; folders without a whole manifest are left out."""
    folder = data_folder()
    if not folder.is_dir():
        return ()
    found = (_read_manifest(manifest) for manifest in sorted(folder.glob(f"*/{_MANIFEST}")))
    return tuple(dataset for dataset in found if dataset)


def load_data(name: str) -> pl.DataFrame:
    """The flows of a dataset; `CustomsRecords.frame` says what the columns are.

    Raises:
        DataError: if there is none of that name, or its file is damaged.
    """
    import polars as pl

    _find(name)
    try:
        return pl.read_parquet(data_folder() / name / _RECORDS)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(
            f"The flows of {name} cannot be read.", "Add the file again, with --replace."
        ) from error


def load_good(name: str, hs: str) -> tuple[Dataset, pl.DataFrame]:
    """The flows of one good in a dataset, one row a year, seller and buyer.

    Where both sides declared a flow, the buyer's declaration counts: customs look harder at what
    comes in.

    Args:
        name: of the dataset.
        hs: digits of a code; all finer codes of the dataset are added up.

    Returns:
        The dataset, and `year`, `exporter`, `importer`, `tonnes` and `usd`.

    Raises:
        DataError: if there is no such dataset, it is damaged, or it has no such good.
    """
    import polars as pl

    dataset = _find(name)
    table = load_data(name).filter(pl.col("hs").str.starts_with(hs))
    if table.is_empty():
        raise DataError(
            f"The dataset {name} has no good with the code {hs}.",
            f"It was read from {dataset.file}; add a file that has it.",
        )
    flow = ["year", "hs", "exporter", "importer"]
    # "both" and "importer" come after "exporter" if sorted by whether the exporter declared.
    by_buyer = table.sort(pl.col("declared_by") == "exporter", maintain_order=True)
    once = by_buyer.unique(flow, keep="first", maintain_order=True)
    weighed = pl.col("tonnes").is_not_null().any()
    flows = once.group_by("year", "exporter", "importer").agg(
        pl.when(weighed).then(pl.col("tonnes").sum()).alias("tonnes"), pl.col("usd").sum()
    )
    return dataset, flows.with_columns(pl.col("year").cast(pl.Int64))


def remove_data(name: str) -> Dataset:
    """Remove a dataset from the library.

    Returns:
        Dataset: what was removed; the file that it was read from stays where it is.

    Raises:
        DataError: if there is none of that name, or it cannot be removed.
    """
    found = _find(name)
    folder = data_folder() / name
    try:
        (folder / _MANIFEST).unlink()
        shutil.rmtree(folder)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be removed ({error.strerror}).", "Remove the folder by hand."
        ) from error
    return found


def _find(name: str) -> Dataset:
    known = {dataset.name: dataset for dataset in list_data()}
    if name not in known:
        remedy = did_you_mean(name, known) or "Add one with `detente data add FILE`."
        raise DataError(f"The library has no dataset {name!r}.", remedy)
    return known[name]


def _from_file(path: Path) -> str:
    plain = re.sub(r"[^a-z0-9.]+", "-", path.stem.casefold()).strip("-.")
    return plain[:64] or "data"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise DataError(
            f"{name!r} is no name of a dataset.",
            "Use small letters, digits, dots and hyphens, 64 at most, as baci-2021.",
        )
    return name


def _described(name: str, path: Path, records: CustomsRecords) -> Dataset:
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    return Dataset(
        name=name,
        publisher=records.publisher,
        layout=records.layout,
        file=records.file,
        sha256=sha256,
        added=dt.date.today().isoformat(),
        years=(records.years[0], records.years[-1]),
        goods=len(records.goods),
        rows=records.frame.height,
        notes=records.notes,
    )


def _read_manifest(path: Path) -> Dataset | None:
    """What a manifest says, or None where it is cut short or of another version."""
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if held["layout_version"] != LAYOUT_VERSION:
            return None
        years: Sequence[int] = held.pop("years")
        notes: Sequence[str] = held.pop("notes")
        return Dataset(years=(years[0], years[1]), notes=tuple(notes), **held)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
