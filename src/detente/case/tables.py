"""Tables beside a case or bundled with the package: where they are, and what was observed later."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from detente.case.errors import CaseError, Fault, did_you_mean
from detente.case.rows import UnreadableRows, counted, csv_rows
from detente.case.values import EARLIEST, LATEST

BUNDLED = Path(__file__).parent / "data"
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
def _names() -> frozenset[str]:
    return frozenset(path.stem for path in BUNDLED.glob("*.csv"))


def find_table(name: str, folder: Path | None) -> Path | None:
    """A csv beside a case, or a bundled table by its name."""
    # A bundled table is a plain name: nothing else is looked up from it.
    candidates = [BUNDLED / f"{name}.csv"] if name in _names() else []
    if folder is not None:
        candidates.insert(0, folder / name)
    return next((c for c in candidates if c.is_file()), None)


def bundled(*columns: str) -> tuple[str, ...]:
    """Names of the bundled tables that begin with these columns."""
    return tuple(
        sorted(
            path.stem
            for path in BUNDLED.glob("*.csv")
            if path.read_text(encoding="utf-8").partition("\n")[0].startswith(",".join(columns))
        )
    )


def observed(name: str, folder: Path | None = None) -> tuple[Observation, ...]:
    """What was traded, year by year, from a bundled table or a csv in a folder.

    Raises:
        CaseError: if there is no such table, or a row of it cannot be read.

    Example:
        >>> from detente.case import observed
        >>> sorted({flow.year for flow in observed("potash-observed")})
        [2022, 2023, 2024]
    """
    return _read(
        name,
        folder,
        OBSERVED,
        lambda c: Observation(_year(c[0]), c[1], c[2], _amount(c[3]), _amount(c[4])),
    )


def observed_prices(name: str, folder: Path | None = None) -> tuple[YearPrice, ...]:
    """Yearly prices, from a bundled table or a csv in a folder.

    Raises:
        CaseError: if there is no such table, or a row of it cannot be read.
    """
    return _read(
        name, folder, PRICES, lambda c: YearPrice(_year(c[0]), _amount(c[1]), _months(c[2]), c[3])
    )


def implausible_origins(name: str, folder: Path | None = None) -> tuple[ImplausibleOrigin, ...]:
    """What a rule re-assigned among origins, from a bundled table or a csv in a folder.

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
            _amount(c[2]),
            _amount(c[3]),
            _amount(c[4]),
            _amount(c[5]),
            _amount(c[6]),
            c[7],
        ),
    )


def observed_ni(
    flows: Sequence[Observation], year: int, countries: Sequence[str]
) -> NDArray[np.float64]:
    """Tonnes of a year as an array, market by origin, (N, N); 0 where nothing was declared."""
    place = {c: n for n, c in enumerate(countries)}
    out = np.zeros((len(countries), len(countries)))
    for flow in flows:
        if flow.year == year:
            out[place[flow.market], place[flow.origin]] += flow.tonnes
    return out


def _amount(text: str) -> float:
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
        raise CaseError([Fault(error.line, "", message, "", path.name)], name) from None
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
