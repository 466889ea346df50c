"""Tables beside a case or bundled with the package, read with every bad row named.

`read_flows` reads who sells how much of a commodity to whom. `observed` and `observed_prices` read
what was seen later, and `implausible_origins` what was declared wrongly. `csv_rows` reads the rows
of a csv file, whatever program wrote it.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from detente._near import did_you_mean
from detente._types import Array
from detente.cases.errors import CaseError, Complaint, Fault, KeyPath
from detente.cases.fields import EARLIEST, LATEST
from detente.cases.labels import missing
from detente.cases.locate import PACKAGED
from detente.errors import DetenteError

#: Faults of one file that are named one by one; the rest are counted.
SHOWN = 100


class UnreadableRows(DetenteError, ValueError):
    """A text that is no csv: the line and the reason."""

    remedy = "Close every quotation mark, and save it as a csv again."

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


def csv_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a text that are not blank, each with the line that it ends in, from 1.

    Lines may end as Windows, Unix or old Macintosh programs write them.

    Raises:
        UnreadableRows: a quotation mark is not closed, or a cell is too long.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(plain, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableRows(max(reader.line_num, 1), str(error)) from error


def counted(faults: Sequence[Fault], file: str) -> list[Fault]:
    """The first faults of a file, and how many there are if there are many."""
    if len(faults) <= SHOWN:
        return list(faults)
    message = f"has {len(faults):,} faults; the first {SHOWN} are named."
    return [*faults[:SHOWN], Fault(1, "", message, "Correct these first.", file)]


KINDS = ("export", "own")
QUANTITY = ("quantity", "tonnes")
REQUIRED = ("origin", "market")


@dataclass(frozen=True)
class Flow:
    """One flow of a commodity in a year.

    Attributes:
        origin: who sells, ISO3.
        market: who buys, ISO3.
        quantity: in the commodity's unit.
        kind: `export`, or `own` for what stays at home.
        note: what is special about it.
    """

    origin: str
    market: str
    quantity: float
    kind: str
    note: str = ""


def read_flows(
    text: str, file: str, countries: Iterable[str] | None
) -> tuple[tuple[Flow, ...], list[Fault]]:
    """The flows of a csv and every fault in it, by line.

    Args:
        text: the file's text, with a header line.
        file: its name, for messages.
        countries: the world's countries, or None when they are not known.
    """
    faults: list[Fault] = []
    try:
        rows = csv_rows(text)
    except UnreadableRows as error:
        return (), [Fault(error.line, "", f"cannot be read: {error}.", _LAYOUT, file)]
    if not rows:
        return (), [Fault(1, "", "is empty.", _LAYOUT, file)]
    header = [cell.strip().lower() for cell in rows[0][1]]
    missing = [c for c in REQUIRED if c not in header]
    amount = next((c for c in QUANTITY if c in header), None)
    missing += [] if amount else ["tonnes"]
    if missing or amount is None:
        return (), [Fault(1, "", f"has no column {', '.join(missing)}.", _LAYOUT, file)]
    known = None if countries is None else frozenset(countries)
    flows: dict[tuple[str, str], Flow] = {}
    for line, row in rows[1:]:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if len(row) != len(header):
            message = f"has {len(row)} cells, the header has {len(header)}."
            faults.append(Fault(line, "", message, "Quote cells that hold a comma.", file))
            continue
        flow = Flow(
            cells["origin"],
            cells["market"],
            _amount(cells[amount]),
            cells.get("kind") or ("own" if cells["origin"] == cells["market"] else "export"),
            cells.get("note", ""),
        )
        faults += _row_faults(flow, line, file, cells[amount], known)
        pair = flow.origin, flow.market
        if pair in flows:
            faults.append(
                Fault(
                    line, "", f"{pair[0]} to {pair[1]} stands twice.", "Add the two rows up.", file
                )
            )
        flows[pair] = flow
    if len(rows) == 1:
        faults.append(Fault(1, "", "has a header but no flow.", _LAYOUT, file))
    return tuple(flows.values()), counted(faults, file)


def _amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _row_faults(
    flow: Flow, line: int, file: str, amount: str, known: frozenset[str] | None
) -> list[Fault]:
    out = []
    for column, code in (("origin", flow.origin), ("market", flow.market)):
        if known is not None and code not in known:
            message, remedy = missing("country", code, tuple(known))
            inside = "inside ROW" in message
            text = f": {message}" if inside else " is not a country of the world."
            out.append(Fault(line, "", f"{column} {code!r}{text}", remedy, file))
    if not (math.isfinite(flow.quantity) and flow.quantity >= 0):
        out.append(
            Fault(line, "", f"quantity {amount!r} is not a number of 0 or more.", _PLAIN, file)
        )
    if flow.kind not in KINDS:
        out.append(
            Fault(
                line, "", f"kind {flow.kind!r} is not known.", did_you_mean(flow.kind, KINDS), file
            )
        )
    elif (flow.kind == "own") != (flow.origin == flow.market):
        out.append(
            Fault(
                line,
                "",
                f"kind {flow.kind} does not fit {flow.origin} to {flow.market}.",
                "A flow is own when a country buys from itself, else export.",
                file,
            )
        )
    return out


_LAYOUT = "Write a csv with the columns origin, market, tonnes, kind (export or own), note."
_PLAIN = "Write plain figures with a decimal point and without separators."


#: The folder of a case that holds its tables.
FOLDER = "data"
OBSERVED = ("year", "origin", "market", "tonnes", "usd")
PRICES = ("year", "usd_per_tonne", "months", "note")
ORIGINS = ("year", "origin", "declared", "mined", "imported", "errors", "reassigned", "to")

_R = TypeVar("_R")


@dataclass(frozen=True)
class Observation:
    """One flow as declared to customs.

    Attributes:
        year: calendar year.
        origin: who sells, ISO3.
        market: who buys, ISO3.
        tonnes: product tonnes.
        usd: value, USD.
    """

    year: int
    origin: str
    market: str
    tonnes: float
    usd: float


@dataclass(frozen=True)
class YearPrice:
    """One year's mean price.

    Attributes:
        year: calendar year.
        usd_per_tonne: mean over its months.
        months: how many there are.
        note: what kind of price it is; where this changes, the series breaks.
    """

    year: int
    usd_per_tonne: float
    months: int
    note: str


@dataclass(frozen=True)
class ImplausibleOrigin:
    """An origin whose declared exports of a year exceed what it can have sold; product tonnes.

    Attributes:
        year: calendar year.
        origin: who is said to have sold, ISO3; it need not be a country of the world.
        declared: its exports as importers declared them.
        mined: its mine output.
        imported: its imports as declared.
        errors: taken off as errors of quantity, by their unit value.
        reassigned: given to another origin.
        to: which; empty for none.
    """

    year: int
    origin: str
    declared: float
    mined: float
    imported: float
    errors: float
    reassigned: float
    to: str


@cache
def bundled_tables() -> dict[str, Path]:
    """The tables of all packaged cases, by the names that any case may use."""
    found = sorted(PACKAGED.glob(f"*/{FOLDER}/*.csv"))
    return {path.stem: path for path in found}


def find_table(name: str, folder: Path | None) -> Path | None:
    """A csv beside a case or in its folder `data`, or a bundled table by its name."""
    if folder is not None:
        for path in (folder / name, folder / FOLDER / name):
            if path.is_file():
                return path
    # A bundled table is a plain name: nothing else is looked up from it.
    return bundled_tables().get(name)


def bundled(*columns: str) -> tuple[str, ...]:
    """Names of the bundled tables that begin with these columns."""
    return tuple(
        sorted(
            name
            for name, path in bundled_tables().items()
            if path.read_text(encoding="utf-8").partition("\n")[0].startswith(",".join(columns))
        )
    )


def no_table(steps: KeyPath, name: str, folder: Path | None, *columns: str) -> Complaint:
    """The complaint of a table that is neither bundled nor beside the case file."""
    places = () if folder is None else (folder, folder / FOLDER)
    own = {path.name for place in places for path in place.glob("*.csv")}
    near = did_you_mean(name, (*bundled(*columns), *own))
    remedy = f"Put the csv beside the case file or into its folder {FOLDER}. {near}"
    return steps, f"there is no table {name!r}.", remedy.rstrip()


@dataclass(frozen=True)
class FlowsFile:
    """A csv of flows as it is on file: its name, its bytes and its text."""

    name: str
    raw: bytes
    text: str


def flows_file(steps: KeyPath, name: str, folder: Path | None) -> FlowsFile | Complaint:
    """The csv of a commodity's flows, or what is wrong where it cannot be read.

    Args:
        steps: where the case names it.
        name: of a csv beside the case, or of a bundled table.
        folder: of the case; None for text.
    """
    table = find_table(name, folder)
    if table is None:
        return no_table(steps, name, folder, *REQUIRED)
    try:
        raw = table.read_bytes()
        return FlowsFile(table.name, raw, raw.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return steps, f"{name!r} cannot be read: {error}.", "Save it as a UTF-8 csv."


def observed(name: str, folder: Path | None = None) -> tuple[Observation, ...]:
    """What was traded, year by year, from a bundled table or a csv in a folder.

    Args:
        name: of a bundled table, or of a csv.
        folder: of the csv; only bundled tables are read if None.

    Returns:
        tuple: an `Observation` for each row.

    Raises:
        CaseError: if there is no such table, or a row of it cannot be read.

    Example:
        >>> from detente.cases import observed
        >>> sorted({flow.year for flow in observed("potash-observed")})
        [2022, 2023, 2024]
    """
    return _read(
        name,
        folder,
        OBSERVED,
        lambda c: Observation(_year(c[0]), c[1], c[2], _quantity(c[3]), _quantity(c[4])),
    )


def observed_prices(name: str, folder: Path | None = None) -> tuple[YearPrice, ...]:
    """Yearly prices, from a bundled table or a csv in a folder.

    Args:
        name: of a bundled table, or of a csv.
        folder: of the csv; only bundled tables are read if None.

    Returns:
        tuple: a `YearPrice` for each row.

    Raises:
        CaseError: if there is no such table, or a row of it cannot be read.
    """
    return _read(
        name,
        folder,
        PRICES,
        lambda c: YearPrice(_year(c[0]), _quantity(c[1]), _months(c[2]), c[3]),
    )


def implausible_origins(name: str, folder: Path | None = None) -> tuple[ImplausibleOrigin, ...]:
    """What a rule re-assigned among origins, from a bundled table or a csv in a folder.

    Args:
        name: of a bundled table, or of a csv.
        folder: of the csv; only bundled tables are read if None.

    Returns:
        tuple: an `ImplausibleOrigin` for each row.

    Raises:
        CaseError: if there is no such table, or a row of it cannot be read.
    """
    return _read(
        name,
        folder,
        ORIGINS,
        lambda c: ImplausibleOrigin(
            int(c[0]),
            c[1],
            _quantity(c[2]),
            _quantity(c[3]),
            _quantity(c[4]),
            _quantity(c[5]),
            _quantity(c[6]),
            c[7],
        ),
    )


def observed_ni(flows: Sequence[Observation], year: int, countries: Sequence[str]) -> Array:
    """Tonnes of a year as an array, market by origin, (N, N); 0 where nothing was declared.

    Args:
        flows: what was traded.
        year: of the tonnes.
        countries: ISO3 codes in the order of the axes, N.

    Returns:
        numpy.ndarray: tonnes by market and origin, (N, N).
    """
    place = {c: n for n, c in enumerate(countries)}
    out = np.zeros((len(countries), len(countries)))
    for flow in flows:
        if flow.year == year:
            out[place[flow.market], place[flow.origin]] += flow.tonnes
    return out


def _quantity(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(text)
    return number


def _year(text: str) -> int:
    year = int(text)
    if not EARLIEST.year <= year <= LATEST.year:
        raise ValueError(text)
    return year


def _months(text: str) -> int:
    months = int(text)
    if not 0 <= months <= 12:
        raise ValueError(text)
    return months


def _read(
    name: str, folder: Path | None, columns: tuple[str, ...], row: Callable[[list[str]], _R]
) -> tuple[_R, ...]:
    path = find_table(name, folder)
    if path is None:
        near = did_you_mean(name, bundled(*columns))
        raise CaseError([Fault(1, "", f"there is no table {name!r}.", near)], name)
    try:
        rows = csv_rows(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(1, "", f"cannot be read: {error}.", "Save it as a UTF-8 csv.", path.name)
        raise CaseError([fault], name) from None
    except UnreadableRows as error:
        message = f"cannot be read: {error}."
        fault = Fault(error.line, "", message, error.remedy, path.name)
        raise CaseError([fault], name) from None
    if not rows or tuple(rows[0][1]) != columns:
        message = f"needs the columns {', '.join(columns)}."
        raise CaseError([Fault(1, "", message, "Write them in the first line.", path.name)], name)
    out: list[_R] = []
    faults: list[Fault] = []
    for line, cells in rows[1:]:
        try:
            out.append(row(cells))
        except (ValueError, IndexError):
            message = f"{','.join(cells)[:80]!r} cannot be read."
            faults.append(Fault(line, "", message, f"Write {', '.join(columns)}.", path.name))
    if faults:
        raise CaseError(counted(faults, path.name), name)
    return tuple(out)
