"""The head of a document: of which case it speaks, on which day, over which draws, in which unit.

`head` gives the entries that every document of `analysis` begins with. `data_entry` gives the
version of the data that it rests on, `draws_entry` the count of draws, and `banded` a number with
its band. Their keys are the same in all documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.cases.resolve import base_of
from detente.world.products.catalogue import product_digest

if TYPE_CHECKING:
    from detente.analysis.departure import Departure
    from detente.cases import Case
    from detente.world import World

#: The unit of gains, losses, costs and stakes.
UNIT = "USD million a year"


def head(
    case: str | None,
    departure: Departure,
    *,
    data: dict[str, Any],
    date: dt.date | None = None,
    horizon: str = "",
    transfers: str = "",
    draws: dict[str, Any] | None = None,
    sentences: Sequence[str] = (),
    notes: Sequence[str] = (),
    unit: str = UNIT,
) -> dict[str, Any]:
    """What a document begins with, after its version and kind.

    Args:
        case: its name; None for a bare base year.
        departure: how the state differs from the case.
        data: what it rests on, from `data_entry`.
        date: the day assessed; None where a document has none of its own.
        horizon: how far the economy adjusts; empty without trade.
        transfers: how trade deficits behave; empty without trade.
        draws: from `draws_entry`.
        sentences: the answer in words.
        notes: what was approximated or assumed.
        unit: of its money.
    """
    return {
        "case": case,
        "date": date,
        "horizon": horizon or None,
        "transfers": transfers or None,
        **departure.entries(),
        "data": data,
        "unit": unit,
        "draws": draws,
        "sentences": list(sentences),
        "notes": list(notes),
    }


def data_entry(case: Case | None, world: World | None = None) -> dict[str, Any]:
    """The version of the data that a document rests on.

    Args:
        case: with its digest; None for a bare base year.
        world: the bare base year; of a case its own, as it is on file.
    """
    from detente.cases.migration import PRESENT

    if case is not None:
        world = base_of(case) if case.has_trade else None
    goods = case is not None and bool(case.goods)
    return {
        "case_schema": None if case is None else PRESENT,
        "case_digest": None if case is None else case.digest,
        "world": None if world is None else world.name,
        "world_digest": None if world is None else world.digest,
        "products": product_digest() if goods else None,
    }


def draws_entry(
    asked: int, done: int, failed: int = 0, seed: int | None = None, why: str = ""
) -> dict[str, Any] | None:
    """The draws behind bands and chances; None where none were asked for.

    Args:
        asked: how many were to be made.
        done: how many were made, those that failed among them.
        failed: how many of these have no answer; they are in no band.
        seed: of the draws; None where it is not known any more.
        why: the reasons of the failures.
    """
    if not asked:
        return None
    return {"asked": asked, "done": done, "failed": failed, "seed": seed, "why_failed": why}


def by(names: Sequence[str], values: Sequence[Any] | None) -> dict[str, Any] | None:
    """Values by name; None where there are no values."""
    return None if values is None else dict(zip(names, values, strict=True))


def banded(key: str, value: Any, band: Sequence[float | None] | None) -> dict[str, Any]:
    """A number with the ends of its band beside it: `gain`, `gain_low` and `gain_high`.

    Args:
        key: what the number is called.
        value: at central values.
        band: its lower and upper end over draws; None without draws.
    """
    low, high = (None, None) if band is None else band
    return {key: value, f"{key}_low": low, f"{key}_high": high}


def banded_by(
    key: str,
    names: Sequence[str],
    values: Sequence[float],
    bands: Sequence[Sequence[float]] | None,
) -> dict[str, Any]:
    """Numbers by name with their bands: three maps, of which the ends are None without draws.

    Args:
        key: what the numbers are called.
        names: whose they are.
        values: at central values.
        bands: lower and upper end of each over draws; None without draws.
    """
    if bands is None:
        return banded(key, by(names, values), None)
    low, high = ([band[end] for band in bands] for end in (0, 1))
    return {
        key: by(names, values),
        f"{key}_low": by(names, low),
        f"{key}_high": by(names, high),
    }
