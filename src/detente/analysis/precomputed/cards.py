"""Packaged cards of the cases: the answer in a sentence and bars, for the list of cases."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.analysis.extent import DATE_ONLY
from detente.analysis.precomputed.store import cut, key_of, store, stored
from detente.analysis.scenarios import Scenarios

if TYPE_CHECKING:
    from detente.cases import Case


def packaged_card(case: Case) -> dict[str, Any] | None:
    """The card that is packaged for exactly this case; None where there is none.

    It is made by `data-build/cards.py`, from the same case, base year, date and horizon.

    Args:
        case: as its file has it, on its own date.
    """
    found = stored(_name(case), lambda: _key(case))
    return None if found is None else {k: v for k, v in found.items() if k != "key"}


def write_card(case: Case, card: dict[str, Any], folder: Path) -> Path:
    """Store a card for `packaged_card`.

    Args:
        case: whose it is.
        card: plain values, as `Overview.card` makes them.
        folder: where to write.
    """
    return store(folder, _name(case), _key(case), cut(card))


def _name(case: Case) -> str:
    return f"{case.name}-card"


def _key(case: Case) -> str:
    """A digest of what the card depends on; a case without trade has no base year."""
    if case.has_trade:
        return key_of(Scenarios(case), DATE_ONLY)
    parts = (case.substance, case.date.isoformat(), repr(sorted(case.changes.items())))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
